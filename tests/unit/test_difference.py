"""What a change to the tables does to people: exactly which combinations, before and after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plain_triage import column, pathway, row, without
from safehands.core.difference import Side, difference, difference_in_words
from safehands.core.pathway import Hit, Pathway, Table
from safehands.pathways.load import load

LIFE = column("life", "none", "unknown", "act")
HARM = column("harm", "no", "unknown", "yes")
BEFORE = pathway(
    [LIFE, HARM], [Table("a", Hit.HIGHEST, (row("A1", 4, life="act"), row("A2", 2, harm="yes"), row("A3", 1)))]
)


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


def test_nothing_changed(right_care: Pathway) -> None:
    found = difference(right_care, right_care)
    assert (found.changes, found.vectors, found.of, found.notes) == ((), 0, 15_116_544_000, ())


def test_somebody_quietly_removes_a_row() -> None:
    found = difference(BEFORE, without(BEFORE, "A1"))
    assert [(change.before, change.after, change.boxes, change.vectors) for change in found.changes] == [
        (Side(4, "A1", "POL"), Side(1, "A3", "POL"), ({"life": ("act",), "harm": ("no", "unknown")},), 2),
        (Side(4, "A1", "POL"), Side(2, "A2", "POL"), ({"life": ("act",), "harm": ("yes",)},), 1),
    ]
    assert difference_in_words(BEFORE, found)[:3] == (
        "3 of 9 combinations change.",
        "class 4 by A1 (holder POL) becomes class 1 by A3 (holder POL) (lower, 2 combinations), where",
        (
            '  Q-life "What about life?": life is act [life = act]; '
            'Q-harm "What about harm?": harm is no or not known, declined or not asked [harm = no or unknown]'
        ),
    )


def test_the_last_row_removed_leaves_no_answer() -> None:
    found = difference(BEFORE, without(BEFORE, "A3"))
    assert [(change.after, change.step) for change in found.changes] == [(None, -2)]
    assert "becomes no answer (lower" in difference_in_words(BEFORE, found)[1]
    assert difference(without(BEFORE, "A3"), BEFORE).changes[0].before is None


def test_another_holder_is_a_change_and_so_is_another_row() -> None:
    table = BEFORE.tables[0]
    other = replace(BEFORE, tables=(replace(table, rows=(*table.rows[:2], replace(table.rows[2], holder="AMB"))),))
    found = difference(BEFORE, other)
    assert [(change.step, change.vectors) for change in found.changes] == [(0, 4)]
    assert "(same class, 4 combinations)" in difference_in_words(BEFORE, found)[1]
    named = replace(BEFORE, tables=(replace(table, rows=(*table.rows[:2], replace(table.rows[2], id="A4"))),))
    assert difference(BEFORE, named).vectors == 4


def test_a_version_with_another_input_or_code() -> None:
    wider = replace(LIFE, domain=("none", "unknown", "act", "worse"))
    extra = column("extra", "no", "unknown", "yes")
    after = pathway(
        [wider, HARM, extra], [Table("a", Hit.HIGHEST, (*BEFORE.tables[0].rows, row("A9", 4, extra="yes")))]
    )
    found = difference(BEFORE, after)
    assert found.notes == (
        "Only the version after has the code worse of input life: it is not compared.",
        "Only the version after has the input extra.",
    )
    assert found.of == 27
    assert {change.after for change in found.changes} == {Side(4, "A9", "POL")}
    assert found.vectors == 6  # where A1 does not decide already
    assert difference(after, BEFORE).notes[-1] == "Only the version before has the input extra."


def test_a_guard_of_right_care_removed_names_exactly_the_combinations_it_held(right_care: Pathway) -> None:
    found = difference(right_care, without(right_care, "A10.6"))
    assert found.vectors == 432
    lowered = [change for change in found.changes if change.step < 0]
    assert [(change.before, change.after, change.vectors) for change in lowered] == [
        (Side(3, "A10.6", "receiver"), Side(2, "B5", "ASC"), 408)
    ]
    assert all(box["resp"] == ("none",) and box["ooc"] == ("unknown",) for box in lowered[0].boxes)
