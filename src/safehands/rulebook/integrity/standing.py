"""What the rules say of a material, kept so that one more fact costs what it touches: findings, and when to look again.

Both are persistent: the answer before a fact stays what it was, and shares what the fact left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from safehands.core.records.findings import Finding
from safehands.core.records.persistent import PersistentMap, changed
from safehands.rulebook.integrity.cells import Judged, Parts, cause

#: A rule and one of its cells.
Place = tuple[str, Parts]
#: A leftist heap: rank, the earliest moment with its place, and what else there is.
_Heap = tuple[int, tuple[datetime, Place], object, object]
_NO_FINDINGS: Final[PersistentMap[Finding]] = PersistentMap()
_NO_DUES: Final[PersistentMap[datetime]] = PersistentMap()


class Standing(Mapping[str, Finding]):
    """What was true of a material at ``at``, by the id of the concern; and what may change by time alone."""

    __slots__ = ("_due", "_findings", "_waiting", "at")

    def __init__(
        self,
        at: datetime,
        findings: PersistentMap[Finding] = _NO_FINDINGS,
        due: PersistentMap[datetime] = _NO_DUES,
        waiting: object = None,
    ) -> None:
        self.at = at
        self._findings = findings
        self._due = due
        self._waiting = waiting

    def __getitem__(self, key: str) -> Finding:
        return self._findings[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._findings)

    def __len__(self) -> int:
        return len(self._findings)

    def judged(self, place: Place, verdict: Judged) -> Standing:
        """The same with what was found of one cell."""
        key = concern(place)
        findings, due, waiting = self._findings, self._due, self._waiting
        if verdict.finding is not None:
            if findings.get(key) != verdict.finding:
                findings = findings.put(key, verdict.finding)
        elif key in findings:
            findings = findings.without(key)
        was = due.get(key)
        if verdict.until is None:
            due = due.without(key) if was is not None else due
        elif was != verdict.until:
            due = due.put(key, verdict.until)
            waiting = _merged(waiting, (1, (verdict.until, place), None, None))
        return Standing(self.at, findings, due, waiting)

    def passed(self, at: datetime) -> tuple[Standing, tuple[Place, ...]]:
        """The same at a later moment, and the cells of which something else may be true by then."""
        places: dict[Place, None] = {}
        waiting = self._waiting
        while isinstance(waiting, tuple) and waiting[1][0] <= at:
            until, place = waiting[1]
            if self._due.get(concern(place)) == until:
                places[place] = None
            waiting = _merged(waiting[2], waiting[3])
        return Standing(at, self._findings, self._due, waiting), tuple(places)

    def changed_since(self, before: Standing) -> tuple[str, ...]:
        """The concerns of which something else is true than ``before``, in the time of what changed."""
        return changed(before._findings, self._findings)


def concern(place: Place) -> str:
    """The id of the concern that a cell raises."""
    return f"{place[0]}/{cause(place[1])}"


def _merged(one: object, other: object) -> object:
    """Two heaps as one."""
    if not isinstance(one, tuple):
        return other
    if not isinstance(other, tuple):
        return one
    first, second = (one, other) if one[1] <= other[1] else (other, one)
    left, right = first[2], _merged(first[3], second)
    if _rank(left) < _rank(right):
        left, right = right, left
    return (_rank(right) + 1, first[1], left, right)


def _rank(heap: object) -> int:
    return heap[0] if isinstance(heap, tuple) else 0
