"""The memory store's pictures: rows by case, and the two things that no append may bring about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise

from safehands.store.outcomes import reference_taken, two_holders
from safehands.store.ports import PICTURE_KEYS, Cell, PictureRow, Within

Rows = dict[tuple[str, tuple[Cell, ...]], Mapping[str, Cell]]
"""The rows of one case: (table, key) to row."""


class MemoryPictures:
    """Every picture row there is, by case."""

    def __init__(self) -> None:
        self._cases: dict[str, Rows] = {}

    def cases(self) -> Iterator[tuple[str, Rows]]:
        """Each case with its rows."""
        return iter(self._cases.items())

    def of_case(self, case: str) -> Rows:
        """The rows of one case; none where there is no such case."""
        return self._cases.get(case, {})

    def write(self, rows: Iterable[PictureRow]) -> None:
        """Write all of ``rows``, removals first, or nothing: raises ``LedgerFault`` for two holders of one case at one
        time and ``Stale`` for one reference of two cases."""
        self._cases.update(self._after(rows))

    def case_with(self, reference: Cell) -> str | None:
        """The case with this reference."""
        for case, rows in self._cases.items():
            row = rows.get(("case_picture", (case,)))
            if row is not None and row["reference"] == reference:
                return case
        return None

    def _after(self, rows: Iterable[PictureRow]) -> dict[str, Rows]:
        """The rows of every case touched, as they will be: all removals of an append before its rows."""
        changed: dict[str, Rows] = {}
        last = {(row.table, row.key): row for row in rows}  # of two writes of one row the later one counts
        for removal in (True, False):
            for (table, key), row in last.items():
                if (row.row is None) is not removal:
                    continue
                case = self._case_of_row(row)
                if case is None:
                    continue  # a row that is not there needs no removal
                after = changed.setdefault(case, dict(self._cases.get(case, {})))
                if row.row is None:
                    after.pop((table, key), None)
                else:
                    after[table, key] = dict(row.row)
        self._check_pictures(changed)
        return changed

    def _case_of_row(self, row: PictureRow) -> str | None:
        if row.row is not None:
            return str(row.row["case_id"])
        if PICTURE_KEYS[row.table][0] == "case_id":
            return str(row.key[0])
        return next((case for case, rows in self._cases.items() if (row.table, row.key) in rows), None)

    def _check_pictures(self, changed: Mapping[str, Rows]) -> None:
        for case, rows in changed.items():
            for (table, _), row in rows.items():
                taken = table == "case_picture" and row["reference"] is not None and self.case_with(row["reference"])
                if taken and taken != case:
                    raise reference_taken()
            held = sorted(_span(row) for (table, _), row in rows.items() if table == "holding_picture")
            held = [(start, end) for start, end in held if start < end]
            if any(later < end for (_, end), (later, _) in pairwise(held)):
                raise two_holders()


def instant(value: Cell) -> datetime:
    """The instant in a cell; an empty one lies before all others."""
    return value if isinstance(value, datetime) else datetime.min.replace(tzinfo=UTC)


def _span(row: Mapping[str, Cell]) -> tuple[datetime, datetime]:
    """From when until when a row of ``holding_picture`` says that an agency held."""
    until = row["held_until"]
    return instant(row["held_from"]), until if isinstance(until, datetime) else datetime.max.replace(tzinfo=UTC)


def order(cell: Cell) -> tuple[int, str]:
    """Whole numbers by size, everything else by its letters, as the database sorts keys."""
    return (cell, "") if isinstance(cell, int) else (0, str(cell))


def lies(row: Mapping[str, Cell], within: Within | None) -> bool:
    """Whether a row lies within the bounds asked for."""
    if within is None:
        return True
    at = row[within.column]
    if not isinstance(at, datetime):
        return within.since is None and within.until is None
    return (within.since is None or at >= within.since) and (within.until is None or at < within.until)
