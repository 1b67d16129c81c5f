"""A table of closed cases from end to end: each case read or refused, asked about, and told. One case at a time is in
memory.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from safehands.core.records.findings import Integrity
from safehands.scanning.closed import Fault
from safehands.scanning.columns import NAMES
from safehands.scanning.shapes import SCANNED, Shapes, Told
from safehands.scanning.sheets import Table, Unreadable, opened, plain_cells
from safehands.scanning.writing import GRADES, Files, files

#: A case with more rows than this is refused: nobody types so many about one matter, and a slipped column does.
LONGEST_CASE: Final = 2_000
#: How many refused rows a summary names; all of them are in the file.
NAMED: Final = 20
#: After how many cases the caller hears how far it is.
_EVERY: Final = 2_000


@dataclass(slots=True)
class Summary:
    """What a scan found. ``concerns`` counts findings by rule and grade, ``concerned`` the cases that have one.

    ``refused`` counts rows: all rows of a case with a fault in any of them. ``faults`` names the first of them.
    ``shapes`` says how often the rulebook was asked.
    """

    rows: int = 0
    cases: int = 0
    concerned: int = 0
    refused: int = 0
    refused_cases: int = 0
    concerns: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    shapes: int = 0
    columns_missing: tuple[str, ...] = ()

    def by_rule(self) -> dict[str, dict[str, int]]:
        """``{"R02": {"critical": 3}}``, for every scanned rule; a rule without findings has an empty count."""
        return {
            rule: {name: self.concerns[rule, grade] for grade, name in GRADES.items() if self.concerns[rule, grade]}
            for rule in SCANNED
        }


class _Once:
    """Which references were there before: eight bytes each in one block of memory, not an object each.

    Two references count as one where 64 bits of their hash are equal; of a million, that is one chance in thirty
    million, and then a case is refused by name and not lost.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._held = 0

    def add(self, ref: str) -> bool:
        """Whether ``ref`` is here for the first time."""
        octets = blake2b(ref.encode("utf-8", "surrogateescape"), digest_size=8).digest()
        new = self._put(int.from_bytes(octets, "big") or 1)
        if new and self._held * 2 > len(self._slots):
            self._grow()
        return new

    def _put(self, key: int) -> bool:
        slots, mask = self._slots, len(self._slots) - 1
        place = key & mask
        while slots[place]:
            if slots[place] == key:
                return False
            place = (place + 1) & mask
        slots[place] = key
        self._held += 1
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots, self._held = array("Q", bytes(16 * len(old))), 0
        for key in old:
            if key:
                self._put(key)


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one case that stand together: line numbers, cells in the order of the template, cells as they are."""

    ref: str
    numbers: list[int]
    rows: list[Sequence[str]]
    raw: list[list[str]]


def scan(
    path: Path,
    integrity: Integrity,
    *,
    today: int,
    report: Path,
    refused: Path,
    meaning: Mapping[str, str],
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
    worst: Callable[[str, Sequence[Told]], None] = lambda _case, _told: None,
) -> Summary:
    """Scan the table in ``path`` and write its report and refused rows.

    ``today`` is the day's ordinal, ``meaning`` a sentence for each rule (or rule and letter). ``progress`` is called
    with how far it is and the whole; ``worst`` with each case of which something is true. Raises ``BadInput`` where
    the file is no table or its columns cannot be understood; nothing is written then.
    """
    with opened(path) as table, files(report, refused, table.header, meaning) as written:
        scanning = _Scanning(Shapes(integrity, today=today), written, worst)
        missing = tuple(name for name in NAMES if name not in table.header)
        scanning.summary.columns_missing = missing
        for number, group in enumerate(_groups(table, scanning.refuse)):
            scanning.take(group)
            if not number % _EVERY:
                progress(table.done(), table.total)
        progress(table.done(), table.total)
        scanning.summary.shapes = scanning.shapes.asked
        return scanning.summary


class _Scanning:
    def __init__(self, shapes: Shapes, written: Files, worst: Callable[[str, Sequence[Told]], None]) -> None:
        self.shapes = shapes
        self.summary = Summary()
        self._written = written
        self._worst = worst
        self._once = _Once()
        self._long = ""

    def take(self, group: _Group) -> None:
        """Ask about one case and write down what is true of it, or refuse its rows."""
        summary = self.summary
        if len(group.rows) >= LONGEST_CASE or group.ref == self._long:
            self._long = group.ref
            self._once.add(group.ref)
            long = f"case {group.ref} has {LONGEST_CASE} rows or more: is a column slipped?"
            self._refuse_all(group, {number: [long] for number in range(len(group.rows))})
            return
        if not self._once.add(group.ref):
            apart = (
                f"rows of case {group.ref} stand in two places, and these were not scanned with the first: "
                "sort the table by case_ref"
            )
            self._refuse_all(group, {number: [apart] for number in range(len(group.rows))})
            return
        told = self.shapes.told(group.rows)
        if told and isinstance(told[0], Fault):
            faults: dict[int, list[str]] = {}
            for fault in told:
                assert isinstance(fault, Fault)
                faults.setdefault(fault.row, []).append(fault.sentence)
            self._refuse_all(group, faults)
            return
        found = tuple(each for each in told if isinstance(each, Told))
        summary.rows += len(group.rows)
        summary.cases += 1
        self._written.tell(group.ref, found)
        if found:
            summary.concerned += 1
            for each in found:
                summary.concerns[each.rule, each.grade] += 1
            self._worst(group.ref, found)

    def refuse(self, number: int, cells: Sequence[str], faults: Sequence[str]) -> None:
        """Refuse one row."""
        summary = self.summary
        summary.rows += 1
        summary.refused += 1
        summary.faults += [f"line {number}: {fault}" for fault in faults[: NAMED - len(summary.faults)]]
        self._written.refuse(number, cells, faults)

    def _refuse_all(self, group: _Group, faults: Mapping[int, list[str]]) -> None:
        self.summary.refused_cases += 1
        wrong = ", ".join(str(group.numbers[number]) for number in sorted(faults))
        for number, raw in enumerate(group.raw):
            beside = [f"refused with the rest of case {group.ref}; see line {wrong}"]
            sentences = faults.get(number)
            if sentences is None:
                self.summary.rows += 1
                self.summary.refused += 1
                self._written.refuse(group.numbers[number], raw, beside)
            else:
                self.refuse(group.numbers[number], raw, sentences)


def _groups(table: Table, refuse: Callable[[int, Sequence[str], Sequence[str]], None]) -> Iterator[_Group]:
    """The rows of one case after the other, in the columns of the template; rows of no case are refused."""
    width = len(table.header)
    order = [table.header.index(name) if name in table.header else width for name in NAMES]
    pick: Any = itemgetter(*order)
    group: _Group | None = None
    for number, raw in table.rows:
        if isinstance(raw, Unreadable):
            refuse(number, (), [f"the row cannot be taken apart ({raw.sentence}); open the file and look at this line"])
            continue
        joined = "".join(raw)
        if not joined or joined.isspace():
            continue
        if len(raw) != width:
            refuse(number, raw, [f"the row has {len(raw)} cells and the first row names {width} columns"])
            continue
        cells = plain_cells(raw) if "'" in joined else raw
        row = tuple(map(str.strip, pick([*cells, ""])))
        ref = row[0]
        fault = _unreadable(ref, joined)
        if fault is not None:
            refuse(number, cells, [fault])
            continue
        if group is None or group.ref != ref or len(group.rows) >= LONGEST_CASE:
            if group is not None:
                yield group
            group = _Group(ref, [], [], [])
        group.numbers.append(number)
        group.rows.append(row)
        group.raw.append(cells)
    if group is not None:
        yield group


def _unreadable(ref: str, joined: str) -> str | None:
    if not joined.isascii() and any("\udc80" <= letter <= "\udcff" for letter in joined):
        return "the row is not UTF-8: save the table as CSV UTF-8"
    if not ref:
        return "case_ref is empty: of which case is the row?"
    if len(ref) > 200 or not ref.isprintable():
        return "case_ref is longer than 200 letters or cannot be printed"
    return None
