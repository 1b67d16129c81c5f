"""Asking the tables: ties, twice-answered questions, silence, and records that cannot be read."""

from __future__ import annotations

import pytest

from plain_triage import column, pathway, row
from safehands.core.batch import decide_record
from safehands.core.pathway import Hit, Pathway, Table
from safehands.core.tables import compile_tables, resolve_holder
from safehands.errors import BadInput, PathwayFault
from safehands.pathways.load import load

LIFE = column("life", "none", "unknown", "act")
HARM = column("harm", "no", "unknown", "yes")


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


def test_of_two_rows_with_one_class_the_first_decides_and_both_are_told() -> None:
    whole = pathway([LIFE, HARM], [Table("a", Hit.HIGHEST, (row("A1", 2, life="act"), row("A2", 2, harm="yes")))])
    said = compile_tables(whole).conclude({"life": "act", "harm": "yes"})
    assert (said.row, said.rows) == ("A1", ("A1", "A2"))


def test_routes_and_flags_of_every_row_that_fired_but_clocks_of_the_one_that_decides(right_care: Pathway) -> None:
    said = compile_tables(right_care).conclude({"life": "intent", "child": 12, "missing": "yes"})
    assert (said.row, said.clocks, said.holder) == ("A4", ("imm",), "POL")
    assert {"crisis_support", "children_referral"} <= set(said.routes)
    assert {"missing_person_policy", "notify_mental_health_trust"} <= set(said.flags)
    assert said.inputs["child"] == "child"
    assert said.inputs["stream"] == "unknown"


def test_the_second_table_is_not_asked_where_the_first_answers() -> None:
    tables = [Table("a", Hit.HIGHEST, (row("A1", 1, life="act"),)), Table("b", Hit.FIRST, (row("B1", 4), row("B2", 3)))]
    triage = compile_tables(pathway([LIFE, HARM], tables))
    assert triage.conclude({"life": "act"}).row == "A1"
    said = triage.conclude({"life": "none"})
    assert (said.row, said.rows, said.table) == ("B1", ("B1",), "b")


def test_tables_that_were_never_proved_say_so_where_no_row_answers() -> None:
    triage = compile_tables(pathway([LIFE, HARM], [Table("a", Hit.UNIQUE, (row("A1", 1, life="act"),))]))
    with pytest.raises(PathwayFault, match="the tables were not proved"):
        triage.decide({"life": "none"})


def test_one_question_answered_by_id_and_by_name(right_care: Pathway) -> None:
    """Two answers that contradict each other could leave no row standing: neither is believed."""
    with pytest.raises(BadInput, match="answered twice"):
        compile_tables(right_care).decide({"Q6": "none", "life": "act"})


def test_what_nobody_answered_is_named(right_care: Pathway) -> None:
    answers = {"Q6": "declined", "Q1": "999", "Q2": "other", "stream": "CFW"}
    decided = decide_record(compile_tables(right_care), {"id": 7, "answers": answers})
    assert "Q6" in decided["unknown"]
    assert not {"Q1", "Q2", "QS"} & set(decided["unknown"])
    assert decided["id"] == 7
    assert decided["class"] == 4


def test_an_empty_record_ends_in_help(right_care: Pathway) -> None:
    decided = decide_record(compile_tables(right_care), {"answers": {}})
    assert (decided["class"], decided["row"], decided["clocks"]) == (4, "A7.4", ["pri"])


def test_a_record_that_cannot_be_read_names_itself_and_every_fault(right_care: Pathway) -> None:
    triage = compile_tables(right_care)
    with pytest.raises(BadInput, match="record 'a': it needs answers"):
        decide_record(triage, {"id": "a", "answers": ["Q6"]})
    with pytest.raises(BadInput) as caught:
        decide_record(triage, {"id": "b", "answers": {"Q6": "x", "Q7": {}, "Q11": [["pet"]], "Q12": ["a", {}]}})
    assert len(caught.value.faults) == 4
    assert all(fault.startswith("record 'b': ") for fault in caught.value.faults)


def test_several_codes_large_numbers_and_truth_values_go_the_careful_way(right_care: Pathway) -> None:
    triage = compile_tables(right_care)
    for _ in range(2):  # the second time a list of codes is remembered
        assert triage.conclude({"Q11": ["dementia", "goodbye_message"]}).inputs["ind"] == "2"
        assert triage.conclude({"Q11": ("dementia",)}).inputs["ind"] == "1"
    assert triage.conclude({"Q20": 5000}).inputs["repeat"] == "2"
    assert triage.conclude({"Q4": 1}).inputs["child"] == "child"
    assert triage.decide({"weapon": False, "Q1": None})[0].row
    with pytest.raises(BadInput, match="Q4"):
        triage.decide({"child": True})


def test_memory_stays_bounded_whatever_is_sent(right_care: Pathway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safehands.core.tables._REMEMBERED", 0)
    triage = compile_tables(right_care)
    asked = {"Q6": "act", "Q11": ["dementia", "goodbye_message", "disability"]}
    assert triage.decide(asked)[0].row == triage.decide(asked)[0].row == "A3"
    assert triage.conclude(asked).inputs["ind"] == "2"
    assert triage._verdicts == triage._by_unknown_bits == {}


def test_who_holds(right_care: Pathway) -> None:
    assert [resolve_holder(right_care, who) for who in ("receiver", "reporter", "MHT")] == ["POL", "REP", "MHT"]
