"""Each row of the tables of evidence and review, taken out: the worked case that it decides then fails, or nobody could
tell why the row is there.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Final

import pytest

from safehands.core.difference import difference
from safehands.core.pathway import Pathway
from safehands.pathways.examples import run_examples
from safehands.pathways.load import load

EVIDENCE: Final = load("evidence-review")
TEXT: Final = (files("safehands.pathways") / "evidence_review" / "examples.toml").read_text("utf-8")
WHOLE: Final = {each.example.id: each.faults for each in run_examples(EVIDENCE, TEXT)}
ROWS: Final = tuple(row.id for table in EVIDENCE.tables for row in table.rows)


def without(row: str) -> Pathway:
    """The pathway with one row cut out of its table."""
    tables = tuple(
        replace(table, rows=tuple(each for each in table.rows if each.id != row)) for table in EVIDENCE.tables
    )
    return replace(EVIDENCE, tables=tables, ref=replace(EVIDENCE.ref, digest=f"without {row}"))


def test_with_every_row_every_worked_case_holds() -> None:
    assert WHOLE
    assert not any(WHOLE.values()), WHOLE


@pytest.mark.parametrize("row", ROWS)
def test_a_worked_case_fails_without_the_row(row: str) -> None:
    failing = [each.example.id for each in run_examples(without(row), TEXT) if each.faults]
    assert failing, f"no worked case needs row {row}"


@pytest.mark.parametrize("row", ROWS)
def test_what_changes_without_the_row_is_what_it_decided(row: str) -> None:
    found = difference(EVIDENCE, without(row))
    assert found.changes
    assert {change.before.row for change in found.changes if change.before is not None} == {row}
