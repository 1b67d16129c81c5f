"""Planted faults in triage tables: each kind is found, and said in the words of the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from plain_triage import column, pathway, row, without
from safehands.core.diagram import Diagrams
from safehands.core.pathway import Hit, Pathway, Row, Table
from safehands.core.prove import Fault, prove
from safehands.core.words import box_in_words, example_in_words
from safehands.pathways.load import load

LIFE = column("life", "none", "unknown", "act")
HARM = column("harm", "no", "unknown", "yes")
KNOWN = {"life": "none", "harm": "no"}


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


def faults(*tables: Table, needs: tuple[str, ...] = ()) -> list[Fault]:
    return list(prove(pathway([LIFE, HARM], tables, needs)).faults)


def test_a_combination_that_nobody_thought_of() -> None:
    found = faults(
        Table("a", Hit.HIGHEST, (row("A1", 3, life=["act", "unknown"]), row("A2", 3, harm=["yes", "unknown"])))
    )
    assert [fault.kind for fault in found] == ["gap"]
    assert found[0].example == {"life": "none", "harm": "no"}
    assert found[0].sentence == (
        "no row answers 1 of 9 combinations, for example "
        'Q-life "What about life?": life is none [life = none]; Q-harm "What about harm?": harm is no [harm = no]'
    )


def test_a_pathway_without_tables_answers_nothing() -> None:
    found = faults()
    assert [(fault.kind, fault.example) for fault in found] == [("gap", {})]
    assert "for example any answers" in found[0].sentence


def test_two_rows_where_one_answer_is_meant() -> None:
    found = faults(Table("a", Hit.UNIQUE, (row("A1", 3, life="act"), row("A2", 3, harm="yes"), row("A3", 3, **KNOWN))))
    assert ("ambiguous", "a", "A1") in {(fault.kind, fault.table, fault.row) for fault in found}
    ambiguous = next(fault for fault in found if fault.kind == "ambiguous")
    assert ambiguous.example == {"life": "act", "harm": "yes"}
    assert ambiguous.sentence.startswith("table a: rows A1 and A2 both match Q-life")


def test_two_rows_that_an_earlier_table_keeps_apart_are_no_fault() -> None:
    first = Table("a", Hit.HIGHEST, (row("A1", 4, life="act"),))
    second = Table("b", Hit.UNIQUE, (row("B1", 3, life=["act", "none"]), row("B2", 3, life=["act", "unknown"])))
    assert faults(first, second) == []


def test_a_row_behind_a_wall() -> None:
    found = faults(
        Table("a", Hit.FIRST, (row("A1", 3), row("A2", 4, life="act"))), Table("b", Hit.HIGHEST, (row("B1", 4),))
    )
    assert [(fault.kind, fault.row, fault.sentence) for fault in found] == [
        ("dead", "A2", "table a: row A2: it is never reached: rows before it always answer first"),
        ("dead", "B1", "table b: row B1: it can never fire: an earlier table always answers first"),
    ]


def test_a_row_whose_condition_is_empty() -> None:
    found = faults(Table("a", Hit.HIGHEST, (row("A1", 3, life=[]), row("A2", 3))))
    assert [fault.sentence for fault in found] == ["table a: row A1: it can never fire: a condition lists no code"]


def test_a_row_that_fires_and_never_decides_is_a_note() -> None:
    proof = prove(pathway([LIFE, HARM], [Table("a", Hit.HIGHEST, (row("A1", 3), row("A2", 2, life="act")))]))
    assert proof.holds
    assert proof.notes == ("table a: row A2 can fire but never decides: another always outranks it",)


def test_more_risk_that_lowers_the_class() -> None:
    rows = (row("A1", 4, life="unknown", harm="yes"), row("A2", 3))
    found = faults(Table("a", Hit.HIGHEST, rows))
    assert [(fault.kind, fault.table, fault.row, fault.example) for fault in found] == [
        ("falls", "a", "A2", {"life": "act", "harm": "yes"})
    ]
    assert found[0].sentence == (
        'input life: more risk lowers the class from class 4 at Q-life "What about life?": not known, declined or not '
        'asked [life = unknown] to class 3 at Q-life "What about life?": life is act [life = act], '
        'with Q-harm "What about harm?": harm is yes [harm = yes]'
    )


def test_more_risk_into_no_answer_at_all() -> None:
    found = faults(Table("a", Hit.FIRST, (row("A1", 3, life=["none", "unknown"]),)))
    assert {fault.kind for fault in found} == {"gap", "falls"}
    assert "to no answer" in next(fault.sentence for fault in found if fault.kind == "falls")


def test_an_answer_that_nobody_gave() -> None:
    """Unknown read as no: the class without the answer is 1, with it the guarded class or more."""
    rows = (row("A1", 4, life="act"), row("A2", 1))
    found = faults(Table("a", Hit.HIGHEST, rows))
    assert [(fault.kind, fault.row, fault.example) for fault in found] == [("unknown", "A2", {"life": "unknown"})]
    assert found[0].sentence == (
        "an answer that nobody gave lowers the class (law 5) in 3 combinations. For example "
        'Q-life "What about life?": not known, declined or not asked [life = unknown]: '
        "this ends in class 1, and known answers could make it class 2 or more"
    )


def test_an_answer_that_nobody_gave_below_the_guarded_class() -> None:
    found = faults(Table("a", Hit.HIGHEST, (row("A1", 1, life="act"), row("A2", 0))), needs=("harm",))
    unknown = next(fault for fault in found if fault.kind == "unknown")
    assert unknown.sentence.endswith("this ends in class 0, and known answers could make it class 1")


def test_a_case_that_closes_on_silence() -> None:
    open_row = row("A2", 0, life=["none", "unknown"])
    found = faults(Table("a", Hit.FIRST, (row("A1", 4, life="act"), open_row)), needs=("life", "harm"))
    closing = [fault for fault in found if fault.kind == "closes"]
    assert [fault.sentence.partition(": Q-")[0] for fault in closing] == [
        "table a: row A2: it closes a case although life may be unknown (law 5)",
        "table a: row A2: it closes a case without a condition on harm (law 5)",
        "a case closes although life is unknown (law 5)",
        "a case closes although harm is unknown (law 5)",
    ]
    assert closing[3].example == {"life": "none", "harm": "unknown"} or closing[3].example["harm"] == "unknown"


def test_closing_without_saying_what_must_be_known() -> None:
    found = faults(Table("a", Hit.FIRST, (row("A1", 0, **KNOWN), row("A2", 3))))
    assert [fault.sentence for fault in found] == [
        "table a: row A1: it closes a case, and the pathway does not say in closing_needs what must be known before"
    ]


def test_an_input_that_can_never_be_unknown() -> None:
    always = column("always", "no", "yes")
    tables = [Table("a", Hit.FIRST, (row("A1", 0, always="no"), row("A2", 3)))]
    assert prove(pathway([always], tables, ("always",))).holds


def changed(whole: Pathway, name: str, change: Callable[[Row], Row]) -> Pathway:
    tables = tuple(
        replace(t, rows=tuple(change(one) if one.id == name else one for one in t.rows)) for t in whole.tables
    )
    return replace(whole, tables=tables)


@pytest.mark.parametrize(
    "guard", ["A17.7", "A17.8", "A7.7", "A8.1", "A11.3", "A13.6", "A14.5", "A15.1", "A10.5", "A10.6", "A10.7"]
)
def test_each_guard_of_law_5_taken_out_of_right_care(right_care: Pathway, guard: str) -> None:
    found = prove(without(right_care, guard)).faults
    assert "unknown" in {fault.kind for fault in found}, [fault.sentence for fault in found]


def test_a_weaker_first_table_lets_added_risk_fall_into_a_weaker_rule(right_care: Pathway) -> None:
    """The fault that an earlier draft of the sheet had: one ordered list instead of the highest class."""
    response, routing = right_care.tables
    ordered = replace(right_care, tables=(replace(response, hit=Hit.FIRST), routing))
    found = prove(ordered).faults
    assert "crime" in {fault.sentence.split()[1].rstrip(":") for fault in found if fault.kind == "falls"}


def test_a_child_whose_threat_to_life_is_unknown(right_care: Pathway) -> None:
    """The other fault that an earlier draft of the sheet had."""
    found = prove(
        changed(right_care, "A7.4", lambda one: replace(one, when={**one.when, "life": frozenset({"ideation"})}))
    )
    falling = [fault for fault in found.faults if fault.kind == "falls"]
    assert falling
    assert falling[0].example["life"] == "unknown"
    assert "more risk lowers the class from class 4" in falling[0].sentence


def test_the_last_row_taken_out_of_right_care(right_care: Pathway) -> None:
    found = prove(without(right_care, "B8")).faults
    assert {fault.kind for fault in found} >= {"gap"}
    assert found[0].sentence.startswith("no row answers 73920 of 15116544000 combinations, for example Q")


def test_words_for_codes_that_no_choice_carries(right_care: Pathway) -> None:
    assert example_in_words(right_care, {"ind": "2"}).endswith(": Two signs or more [ind = 2]")
    assert box_in_words(right_care, {"crime": ("no", "past")}).endswith(
        "No crime or A crime has happened [crime = no or past]"
    )
    bare = replace(pathway([LIFE], []), inputs=(replace(LIFE, domain=("none", "odd")),))
    assert example_in_words(bare, {"life": "odd"}) == 'Q-life "What about life?": odd [life = odd]'


def test_only_numbers_can_be_compared() -> None:
    diagrams = Diagrams([2])
    with pytest.raises(TypeError, match="must be whole numbers"):
        diagrams.comparer()(diagrams.leaf("high"), diagrams.leaf("low"))
