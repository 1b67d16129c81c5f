"""What the rules say of a material, kept so that one more fact costs what it touches: findings, and when to look again.

Both are persistent: the answer before a fact stays what it was, and shares what the fact left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from safehands.core.records.findings import Finding
from safehands.core.records.persistent import PersistentMap, changed
from safehands.rulebook.integrity.cells import Judged, Part, Parts, cause

#: A rule and one of its cells.
Place = tuple[str, Parts]
#: A leftist heap: rank, the least of what lies in it, and what else there is.
_Heap = tuple[int, tuple[Any, Any], object, object]
_NO_FINDINGS: Final[PersistentMap[Finding]] = PersistentMap()
_NO_DUES: Final[PersistentMap[datetime]] = PersistentMap()


@dataclass(frozen=True, slots=True)
class _Whole:
    """The parts that are told as one: what was found of each, a heap of those that are or were true, and how many were
    known then."""

    parts: PersistentMap[tuple[Finding | None, Part]] = field(default_factory=PersistentMap)
    waiting: object = None
    known_then: int = 0

    def first(self) -> Finding | None:
        """The finding that speaks for all."""
        if not isinstance(self.waiting, tuple):
            return None
        finding, _ = self.parts[self.waiting[1][1]]
        return replace(finding, knowable_then=self.known_then > 0) if finding is not None else None


_NOTHING: Final = _Whole()
_NO_WHOLES: Final[PersistentMap[_Whole]] = PersistentMap()


class Standing(Mapping[str, Finding]):
    """What was true of a material at ``at``, by the id of the concern; and what may change by time alone."""

    __slots__ = ("_due", "_findings", "_waiting", "_wholes", "at")

    def __init__(
        self,
        at: datetime,
        findings: PersistentMap[Finding] = _NO_FINDINGS,
        due: PersistentMap[datetime] = _NO_DUES,
        waiting: object = None,
        wholes: PersistentMap[_Whole] = _NO_WHOLES,
    ) -> None:
        self.at = at
        self._findings = findings
        self._due = due
        self._waiting = waiting
        self._wholes = wholes

    def __getitem__(self, key: str) -> Finding:
        return self._findings[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._findings)

    def __len__(self) -> int:
        return len(self._findings)

    def judged(self, place: Place, verdict: Judged) -> Standing:
        """The same with what was found of one cell."""
        if verdict.part is not None:
            return self._with_part(place, verdict.finding, verdict.part)
        key = concern(place)
        due, waiting = self._due, self._waiting
        was = due.get(key)
        if verdict.until is None:
            due = due.without(key) if was is not None else due
        elif was != verdict.until:
            due = due.put(key, verdict.until)
            waiting = _merged(waiting, (1, (verdict.until, place), None, None))
        return Standing(self.at, self._with(key, verdict.finding), due, waiting, self._wholes)

    def _with(self, key: str, finding: Finding | None) -> PersistentMap[Finding]:
        was = self._findings.get(key)
        if was == finding:
            return self._findings
        return self._findings.put(key, finding) if finding is not None else self._findings.without(key)

    def _with_part(self, place: Place, finding: Finding | None, part: Part) -> Standing:
        """The same with what was found of a cell that is told with others as one."""
        key, name = concern((place[0], part.of)), cause(place[1])
        whole = self._wholes.get(key, _NOTHING)
        was = whole.parts.get(name)
        counts = finding is not None or part.known_then
        if was == ((finding, part) if counts else None):
            return self
        parts = whole.parts.put(name, (finding, part)) if counts else whole.parts.without(name)
        waiting = whole.waiting
        if finding is not None:
            waiting = _merged(waiting, (1, (part.order, name), None, None))
        while isinstance(waiting, tuple) and not _speaks(parts, *waiting[1]):
            waiting = _merged(waiting[2], waiting[3])
        known = whole.known_then + part.known_then - (was is not None and was[1].known_then)
        whole = _Whole(parts, waiting, known)
        wholes = self._wholes.put(key, whole)
        return Standing(self.at, self._with(key, whole.first()), self._due, self._waiting, wholes)

    def passed(self, at: datetime) -> tuple[Standing, tuple[Place, ...]]:
        """The same at a later moment, and the cells of which something else may be true by then."""
        places: dict[Place, None] = {}
        waiting = self._waiting
        while isinstance(waiting, tuple) and waiting[1][0] <= at:
            until, place = waiting[1]
            if self._due.get(concern(place)) == until:
                places[place] = None
            waiting = _merged(waiting[2], waiting[3])
        return Standing(at, self._findings, self._due, waiting, self._wholes), tuple(places)

    def changed_since(self, before: Standing) -> tuple[str, ...]:
        """The concerns of which something else is true than ``before``, in the time of what changed."""
        return changed(before._findings, self._findings)


def concern(place: Place) -> str:
    """The id of the concern that a cell raises."""
    return f"{place[0]}/{cause(place[1])}"


def _speaks(parts: PersistentMap[tuple[Finding | None, Part]], order: tuple[int, str], name: str) -> bool:
    """Whether a part that lies in the heap is still true, at that place."""
    finding, part = parts.get(name, (None, None))
    return finding is not None and part is not None and part.order == order


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
