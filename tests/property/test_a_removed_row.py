"""``pathway diff`` between the shipped version and one without a row names exactly the combinations that the row
decided: every row.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from safehands.core.difference import difference, difference_in_words
from safehands.core.pathway import Pathway, Row
from safehands.core.tables import deciding_rows
from scenario import right_care

ROWS = tuple(row for table in right_care().tables for row in table.rows)


def without_row(pathway: Pathway, row_id: str) -> Pathway:
    """The pathway with one row cut out of its table."""
    tables = tuple(replace(table, rows=tuple(r for r in table.rows if r.id != row_id)) for table in pathway.tables)
    return replace(pathway, tables=tables, ref=replace(pathway.ref, digest=f"without {row_id}"))


def fits(row: Row, vector: Mapping[str, str]) -> bool:
    return all(vector[name] in codes for name, codes in row.when.items())


def decides(pathway: Pathway, vector: Mapping[str, str]) -> str:
    """The deciding row of a combination, by reading the rows one after the other."""
    return next((row.id for _, row in deciding_rows(pathway) if fits(row, vector)), "nobody")


def vectors(row: Row, drawn: random.Random, count: int) -> list[dict[str, str]]:
    """Combinations at random, every other one of them such that the row fits."""
    found = []
    for n in range(count):
        vector = {column.name: drawn.choice(column.domain) for column in right_care().inputs}
        if n % 2:
            vector |= {name: drawn.choice(sorted(codes)) for name, codes in row.when.items()}
        if n % 4 == 3:  # nothing else wrong, so that the row has a chance to decide
            vector = {c.name: (c.risk[0] if c.risk else vector[c.name]) if c.name not in row.when else vector[c.name]
                      for c in right_care().inputs}  # fmt: skip
        found.append(vector)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_taken_out(row: Row) -> None:
    before, after = right_care(), without_row(right_care(), row.id)
    found = difference(before, after)
    assert found.changes, "no row of the shipped tables can go unnoticed"
    assert {change.before.row for change in found.changes if change.before is not None} == {row.id}
    assert all(change.before is not None for change in found.changes)
    assert found.vectors == sum(change.vectors for change in found.changes)
    assert any(row.id in line for line in difference_in_words(before, found))
    drawn = random.Random(row.id)
    for vector in vectors(row, drawn, 240):
        named = [
            change
            for change in found.changes
            if any(all(vector[name] in codes for name, codes in box.items()) for box in change.boxes)
        ]
        if decides(before, vector) == row.id:
            assert [change.after.row if change.after else "nobody" for change in named] == [decides(after, vector)]
        else:
            assert named == []
