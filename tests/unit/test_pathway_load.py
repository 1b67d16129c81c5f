"""A policy lead edits pathway.toml and makes every mistake there is; the loader names file, table and row of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safehands.core.pathway import Unit
from safehands.errors import NotFound, PathwayFault
from safehands.pathways.check import faults_of
from safehands.pathways.durations import duration, written
from safehands.pathways.load import digest_of, examples_of, load, parse, parse_and_prove, prove_once, shipped

SMALL = """
pathway = "small"
version = "3"
title = "A small pathway"
guarded_class = "guarded"
reopen_within = "72 h"
receiver = "POL"
milestones = ["arrival"]

[roles]
POL = "Police"

[[class]]
number = 1
code = "keep"
label = "Keep"

[[class]]
number = 3
code = "guarded"
label = "Guarded"
deploys = true

[[question]]
id = "Q1"
name = "life"
text = "Is life at risk?"
kind = "choice"
choices = [{ code = "no", label = "No" }, { code = "yes", label = "Yes", aliases = ["1"] }]

[[question]]
id = "Q2"
name = "count"
text = "How many?"
kind = "number"

[[input]]
name = "life"
question = "Q1"
ascending_risk = ["no", "unknown", "yes"]

[[input]]
name = "count"
question = "Q2"
codes = ["few", "many", "unknown"]
bands = [{ code = "few", from = 0, to = 3 }, { code = "many", from = 4 }]

[[table]]
name = "response"
hit = "highest"

[[table.row]]
id = "A1"
when = { life = ["yes", "unknown"] }
outcome = "guarded"
says = "Go."
policy = "test"
holder = "POL"
clocks = ["go"]
routes = ["there"]

[[table.row]]
id = "A2"
when = {}
outcome = "keep"
says = "Stay."
policy = "test"
holder = "receiver"

[[clock]]
id = "go"
label = "Go"
length = "60 min"
steps = [{ name = "half", after = "30 min" }, { name = "soon", after = "45 min", every = "5 min" }]
starts = [{ event = "triage_concluded", outcome = 3, shadow = false, row = ["A1"] }]
stops = [{ event = "milestone_recorded", milestone = "arrival" }]

[[route]]
id = "there"
label = "There"
to = "POL"
due = "5 min"
pack = "bag"

[[pack]]
id = "bag"
label = "Bag"
fields = [{ id = "risk", label = "Risk" }]

[[form]]
id = "reason"
label = "Reason"
required_below = "guarded"

[[concern]]
id = "clock_breached"
grade = 2
says = "A clock ran out."
"""


def faults_after(*changes: tuple[str, str]) -> list[str]:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(PathwayFault) as caught:
        parse_and_prove(text, "small.toml")
    return list(caught.value.faults)


def test_a_small_pathway_is_read_as_it_is_written() -> None:
    small = parse_and_prove(SMALL)
    assert (small.ref.pathway, small.ref.version, small.ref.digest) == ("small", "3", digest_of(SMALL))
    assert small.text == SMALL
    assert small.guarded_class == 3
    assert small.tables[0].rows[0].when == {"life": frozenset({"yes", "unknown"})}
    assert small.clocks[0].steps[1].every == timedelta(minutes=5)
    assert small.clocks[0].starts[0].where["shadow"] == frozenset({False})
    assert small.routes[0].pack == "bag"
    assert small.decision_form[0].required_below == 3
    assert small.role_labels == {"POL": "Police"}


def test_a_proof_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    small = parse_and_prove(SMALL)
    monkeypatch.setattr("safehands.pathways.load.prove", None)
    assert prove_once(small).holds


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "A small pathway"', "", "small.toml: title is missing"),
        ('title = "A small pathway"', 'title = ""', "small.toml: title must be text in quotes, not ''"),
        ('title = "A small pathway"', "title = 5", "small.toml: title must be text in quotes, not 5"),
        ('version = "3"', 'version = "3"\ncolour = "red"', "small.toml: colour means nothing here"),
        ('guarded_class = "guarded"', 'guarded_class = "guard"', "no class 'guard'; the classes are keep, guarded"),
        ('"72 h"', '"72 hours"', "reopen_within: '72 hours' is not a length of time; write it as '120 s'"),
        ('"72 h"', "72", "reopen_within: '72' is not a length of time"),
        ('milestones = ["arrival"]', "milestones = 5", "milestones must be a list of texts, not 5"),
        ('milestones = ["arrival"]', 'milestones = ["arrival", "arrival"]', "milestones names arrival twice"),
        ("deploys = true", "deploys = 1", "small.toml: class guarded: deploys must be true or false, not 1"),
        ("number = 1", 'number = "1"', "class keep: number must be a whole number, not '1'"),
        ("number = 1", "", "class keep: number is missing"),
        ("number = 1", "number = 4", "class: numbers must ascend"),
        ('POL = "Police"', "POL = 5", "roles must be a table of texts"),
        ('receiver = "POL"', 'receiver = "POX"', "receiver: there is no role POX"),
        ('receiver = "POL"', "", "row A2: holder: the pathway does not say which role its receiver has"),
        ('kind = "number"', 'kind = "numeral"', "Q2: kind must be one of choice, multi, number, instant, text"),
        ('kind = "number"', 'kind = "text"', "question Q2 is of kind text, which no table can read"),
        ('kind = "number"', 'kind = "choice"', "question Q2: it has no choices"),
        ('kind = "choice"\n', 'kind = "text"\n', "question Q1: a question of kind text has no choices"),
        ('aliases = ["1"]', 'aliases = ["no"]', "question Q1: 'no' is a way to write two of its choices"),
        ('aliases = ["1"]', 'aliases = ["unknown"]', "'unknown' is always possible and can't be a choice"),
        ("choices = [{", "choices = 5 #", "question Q1: choices must be a list of tables, not 5"),
        ('name = "count"\ntext', 'name = "life"\ntext', "question life: named more than once"),
        ('id = "Q2"', 'id = "Q1"', "question Q1: named more than once"),
        ('question = "Q2"', 'question = "Q1"', "question that feeds two inputs: Q1: named more than once"),
        ('question = "Q2"', 'question = "Q9"', "input count: there is no question Q9"),
        ('codes = ["few"', 'ascending_risk = ["few"]\ncodes = ["few"', "not both"),
        ('codes = ["few", "many", "unknown"]\n', "", "input count: give either ascending_risk"),
        ('"many", "unknown"]', '"many"]', "input count: its codes must include unknown"),
        ('"many", "unknown"]', '"many", "most", "unknown"]', "input count: no answer ever gives the code most"),
        ('"no", "unknown", "yes"]', '"no", "unknown"]', "input life: choice yes of Q1 has no code here"),
        ('code = "many", from', 'code = "most", from', "input count: most is not among its codes"),
        ("from = 4 }", "from = 3 }", "input count: the bands few and many overlap"),
        ("from = 4 }", "from = 6 }", "input count: no band holds the numbers between few and many"),
        ("from = 0, to", "from = 1, to", "input count: the bands must hold every count from 0 to 0"),
        ('bands = [{ code = "few", from = 0, to = 3 }, { code = "many", from = 4 }]', "", "count: it needs bands"),
        ('question = "Q1"', 'question = "Q1"\nmapping = { may = "yes" }', "input life: question Q1 has no choice may"),
        ('"highest"', '"collect"', "table response: hit must be one of highest, first, unique, not 'collect'"),
        ("when = {}", "", "table response: row A2: when is missing"),
        ("when = {}", "when = 5", "table response: row A2: when must be a table, not 5"),
        ("when = {}", 'when = { lief = "no" }', "table response: row A2: there is no input lief"),
        ("when = {}", 'when = { life = "dead" }', "row A2: life has no code dead; it has no, unknown, yes"),
        ("when = {}", "when = { life = [] }", "row A2: life lists no code, so the row can never fire"),
        ("when = {}", 'when = { life = ["no", "no"] }', "row A2: when: life names no twice"),
        ('id = "A2"', 'id = "A1"', "row A1: named more than once"),
        ('outcome = "keep"', 'outcome = "kept"', "row A2: outcome: there is no class 'kept'"),
        ('holder = "POL"', 'holder = "PAL"', "row A1: holder: there is no role PAL"),
        ('clocks = ["go"]', 'clocks = ["gone"]', "row A1: there is no clock gone"),
        ('routes = ["there"]', 'routes = ["here"]', "row A1: there is no route here"),
        ('length = "60 min"', "", "clock go: length is missing"),
        ('after = "45 min"', 'after = "30 min"', "clock go: its steps must follow each other in time"),
        ('after = "45 min"', 'after = "60 min"', "clock go: its steps must come before its length"),
        ('[{ event = "triage_concluded", outcome = 3, shadow = false, row = ["A1"] }]', "[]", "go: nothing starts it"),
        ('stops = [{ event = "milestone_recorded", milestone = "arrival" }]', "", "clock go: nothing stops it"),
        ('"triage_concluded"', '"triaged"', "clock go: there is no event triaged"),
        ("outcome = 3,", "outcome = 9,", "clock go: event triage_concluded: there is no outcome 9"),
        ('row = ["A1"]', 'row = ["A7"]', "clock go: event triage_concluded: there is no row A7"),
        ("shadow = false", "shade = false", "clock go: event triage_concluded has no field shade"),
        ("shadow = false", "shadow = 1.5", "shadow must be a text, a number, true or false, or a list of them"),
        ('milestone = "arrival"', 'milestone = "landing"', "there is no milestone landing"),
        ('length = "60 min"', 'length = "60 min"\nfail_safe = "raise"', "its fail-safe raises, so it needs raise_to"),
        ('to = "POL"\ndue', 'to = "PAX"\ndue', "route there: there is no role PAX"),
        ('pack = "bag"', 'pack = "box"', "route there: there is no pack box"),
        ('{ id = "risk",', '{ id = "risk", label = "R" }, { id = "risk",', "pack bag: field risk"),
        ("grade = 2", "grade = 5", "concern clock_breached: grade must be from 1 (worst) to 4"),
        ('id = "clock_breached"', 'id = "bad_luck"', "no condition of this name is registered"),
        ('version = "3"', 'version = "3"\nclosing_needs = ["breath"]', "closing_needs: there is no input breath"),
        ("when = {}", 'when = { life = "no", count = "few" }', "no row answers 2 of 9 combinations, for example Q1"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(old: str, new: str, said: str) -> None:
    assert any(said in fault and fault.startswith("small.toml: ") for fault in faults_after((old, new)))


def test_all_faults_are_named_at_once() -> None:
    found = faults_after(
        ('clocks = ["go"]', 'clocks = ["gone"]'), ('pack = "bag"', 'pack = "box"'), ("grade = 2", "grade = 7")
    )
    assert found == [
        "small.toml: table response: row A1: there is no clock gone",
        "small.toml: route there: there is no pack box",
        "small.toml: concern clock_breached: grade must be from 1 (worst) to 4",
    ]


def test_a_row_of_a_class_that_is_not_there() -> None:
    """Possible only for a pathway that was not read from a file: there a class goes by its code."""
    small = parse(SMALL)
    assert "table response: row A1: there is no class 3" in faults_of(replace(small, classes=small.classes[:1]))


def test_something_that_is_no_toml() -> None:
    with pytest.raises(PathwayFault, match=r"^pathway\.toml: this is not TOML: "):
        parse("pathway = ")


def test_clocks_of_days() -> None:
    by_days = 'id = "go"\nunit = "working_days"\ndays = 5\ncalendar = "england"'
    small = parse(SMALL.replace('id = "go"', by_days, 1).replace('length = "60 min"\n', ""))
    assert (small.clocks[0].unit, small.clocks[0].days, small.clocks[0].calendar) == (Unit.WORKING_DAYS, 5, "england")
    found = faults_after(('id = "go"', 'id = "go"\nunit = "civil_days"'), ('length = "60 min"\n', ""))
    assert found == ["small.toml: clock go: days is missing", "small.toml: clock go: calendar is missing"]
    months = 'id = "go"\nunit = "months"\nmonths = 3\nbeginning_with = true\ncalendar = "england"'
    small = parse(SMALL.replace('id = "go"', months, 1).replace('length = "60 min"\n', ""))
    assert (small.clocks[0].unit, small.clocks[0].months, small.clocks[0].beginning_with) == (Unit.MONTHS, 3, True)


DAYS = 'unit = "working_days"\ndays = 5\ncalendar = "england"\n'


def go(added: str, length: str = DAYS) -> tuple[str, ...]:
    """What is wrong with the clock once these lines are added and its length is this."""
    text = SMALL.replace('id = "go"', f'id = "go"\n{added}', 1).replace('length = "60 min"\n', length, 1)
    try:
        parse(text)
    except PathwayFault as wrong:
        return wrong.faults
    return ()


def lengths(*written: str) -> str:
    """Other lengths, each as ``conditions:days``."""
    each = (one.split(":") for one in written)
    return f"lengths = [{', '.join(f'{{ when = {{ {when} }}, days = {days} }}' for when, days in each)}]"


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (lengths('life = "yes":1', 'life = "unknown":1'), ""),
        (lengths('life = ["yes", "unknown"]:1'), ""),
        (lengths('life = "yes":1'), "life = unknown gives 5 days, and an answer could give 1"),
        (lengths('life = "perhaps":1'), "life has no code perhaps"),
        (lengths('colour = "red":1'), "there is no input colour"),
        ('pause = { longest = "1 h", reasons = ["x"] }', ""),
        (lengths('life = ["yes", "unknown"]:1') + '\npause = { longest = "1 h", reasons = ["x"] }', "cannot be paused"),
        ('idle = true\npause = { longest = "1 h", reasons = ["x"] }', "a clock of silence cannot be paused"),
        ('each = "task"', "there is one for each task, and event triage_concluded has no field task"),
        ('each = "row"', ""),
    ],
)
def test_clocks_of_several_lengths_and_of_several_things(added: str, said: str) -> None:
    found = go(added)
    assert any(said in fault for fault in found) if said else found == (), found


def test_other_lengths_are_for_clocks_that_count_days() -> None:
    found = go(lengths('life = ["yes", "unknown"]:1'), 'length = "60 min"\n')
    assert any("only a clock that counts days" in fault for fault in found)


def test_where_a_clock_counts_from() -> None:
    found = faults_after(("outcome = 3, shadow", 'counts_from = "made_at", outcome = 3, shadow'))
    assert found == ["small.toml: clock go: event triage_concluded has no field made_at to count from"]
    found = faults_after(('milestone = "arrival" }]', 'milestone = "arrival", counts_from = "at" }]'))
    assert found == ["small.toml: clock go: event milestone_recorded stops it, and nothing is counted from there"]


def test_shipped_pathways_load_by_name_by_folder_and_by_file(tmp_path: Path) -> None:
    assert "right-care" in shipped()
    whole = load("right-care")
    (tmp_path / "pathway.toml").write_bytes(whole.text.encode())
    (tmp_path / "examples.toml").write_text("a = 1")
    assert load(tmp_path) == load(str(tmp_path / "pathway.toml")) == whole
    assert examples_of(tmp_path) == examples_of(tmp_path / "pathway.toml") == "a = 1"
    assert "[[example]]" in examples_of("right-care")


def test_a_pathway_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        NotFound, match="There is no pathway.toml for 'wrong-care'. The shipped pathways are .*right-care"
    ):
        load("wrong-care")
    with pytest.raises(NotFound, match=r"There is no examples\.toml"):
        examples_of(tmp_path)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "pathway.toml").write_bytes("title = 'Hilfe für alle'".encode("latin-1"))
    with pytest.raises(PathwayFault, match="this is not text in UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize(("text", "length"), [
    ("120 s", timedelta(minutes=2)), ("5min", timedelta(minutes=5)), (" 72 h ", timedelta(days=3)),
    ("1 day", timedelta(days=1)), ("10 days", timedelta(days=10)),
])  # fmt: skip
def test_lengths_of_time(text: str, length: timedelta) -> None:
    assert duration(text) == length
    assert duration(written(length)) == length


@pytest.mark.parametrize("text", ["0 min", "5 m", "-5 min", "five minutes", "1.5 h", ""])
def test_lengths_that_nobody_can_read(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        duration(text)


def test_lengths_are_written_in_the_largest_unit() -> None:
    assert [written(timedelta(seconds=n)) for n in (1, 60, 5400, 86_400, 864_000)] == [
        "1 s",
        "1 min",
        "90 min",
        "1 day",
        "10 days",
    ]
    with pytest.raises(ValueError, match="not a whole number of seconds"):
        written(timedelta(microseconds=1))
