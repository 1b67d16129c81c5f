"""Maps: a declaration that is wrong is refused with every fault at once, and a wording means only what its map says."""

from __future__ import annotations

from pathlib import Path

import pytest

from safehands.errors import BadInput, NotFound
from safehands.pathways.load import load as load_pathway
from safehands.sim import maps
from safehands.sim.replay import check_answers

GOOD = """
map = "fictional"
title = "A fictional export"
pathway = "right-care"
receiver = "CTR"
zone = "Europe/London"
formats = ["iso"]
order = ["received <= offered <= accepted"]

[row]
id = "Case"

[agency]
is = "AMB"

[instants]
received = "Asked"
offered = ["Sent", "Asked"]
accepted = "Taken"

[matter]
columns = ["What"]
words_go_to = "QN"

[[matter.says]]
like = ["OVERDOSE*"]
answers = { Q6 = "act" }

[[matter.says]]
like = ["*PERSON*"]
"""


def test_a_good_map_reads_as_it_is_written() -> None:
    chart = maps.parse(GOOD, "fictional.toml")
    assert chart.columns == ("Case", "Asked", "Sent", "Taken", "What")
    assert chart.order == (("received", "offered"), ("offered", "accepted"))
    assert chart.pathways == ("right-care",)


def test_a_wording_means_only_what_the_map_says() -> None:
    chart = maps.parse(GOOD, "fictional.toml")
    assert chart.meaning(("overdose, at home",)) == {"Q6": "act"}
    assert chart.meaning(("drunk person",)) == {}
    assert chart.meaning(("barking dog",)) is None
    assert chart.meaning(("",)) is None


def test_where_two_wordings_answer_one_question_the_first_counts() -> None:
    text = GOOD.replace('["*PERSON*"]', '["*PERSON*"]\nanswers = { Q6 = "none", Q4 = "adult" }')
    chart = maps.parse(text, "fictional.toml")
    assert chart.meaning(("OVERDOSE", "A PERSON")) == {"Q6": "act", "Q4": "adult"}


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('received = "Asked"', "", "received is missing"),
        ('offered = ["Sent", "Asked"]', "", "accepted needs offered"),
        ('is = "AMB"', "", "offered needs an agency"),
        ('is = "AMB"', 'is = "AMB"\ncolumn = "Who"\ncodes = { A = "AMB" }', "not both"),
        ('is = "AMB"', 'column = "Who"', "a column needs codes"),
        ('accepted = "Taken"', 'accepted = "Taken"\nreopened = "Again"', "reopened needs first_closed"),
        ("received <= offered <= accepted", "received <= nowhere", "no instant 'nowhere'"),
        ("received <= offered <= accepted", "received", "write 'received' as"),
        ('zone = "Europe/London"', 'zone = "Europe/Nowhere"', "no time zone 'Europe/Nowhere'"),
        ('columns = ["What"]', "", "name the columns that say what an incident is about"),
        ('formats = ["iso"]', "", "formats is missing"),
        ('formats = ["iso"]', "formats = []", "at least one format"),
        ("Q6", "Q6 = 1.5, Q7", "must be a text, a whole number or a list"),
        ('title = "A fictional export"', 'title = "A fictional export"\ncolour = "red"', "colour means nothing here"),
        ('title = "A fictional export"', "title = ", "this is not TOML"),
    ],
)
def test_a_wrong_map_is_refused_in_words(was: str, becomes: str, says: str) -> None:
    assert was in GOOD
    with pytest.raises(BadInput, match=says):
        maps.parse(GOOD.replace(was, becomes, 1), "fictional.toml")


def test_every_fault_is_named_at_once() -> None:
    text = GOOD.replace('receiver = "CTR"', "").replace('id = "Case"', "").replace('is = "AMB"', "is = 3")
    with pytest.raises(BadInput) as refused:
        maps.parse(text, "fictional.toml")
    assert len(refused.value.faults) == 3


def test_an_answer_that_the_pathway_has_no_code_for_is_refused_before_anything_is_written() -> None:
    text = GOOD.replace('Q6 = "act"', 'Q6 = "jumped", Q99 = "yes"').replace('words_go_to = "QN"', 'words_go_to = "QX"')
    with pytest.raises(BadInput) as refused:
        check_answers(maps.parse(text, "fictional.toml"), load_pathway("right-care"))
    assert len(refused.value.faults) == 3
    assert all(fault.startswith("map fictional: ") for fault in refused.value.faults)


def test_somebody_names_a_map_that_is_not_there() -> None:
    with pytest.raises(NotFound, match=r"dispatch-centre, mobile-crisis, seattle-911"):
        maps.load("dispatch-center")


def test_a_map_of_ones_own_is_read_from_its_path(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    assert maps.load(tmp_path / "mine.toml").name == "fictional"


@pytest.mark.parametrize("name", maps.shipped())
def test_the_shipped_maps_say_nothing_that_right_care_cannot_hear(name: str) -> None:
    chart = maps.load(name)
    assert chart.name == name
    check_answers(chart, load_pathway(chart.pathway))
