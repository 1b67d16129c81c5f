"""One evaluation for all cases that differ only in names and days.

The rules are the rulebook's; there is no second copy of them here. But a million closed cases have few *shapes*: the
rules that are scanned for compare names for equality and order, and days for order, and nothing else about them
matters. So a case is written with its names replaced by their places among its own names in order, and its days by
their places among its own days; that is its shape. The rulebook is asked once for each shape, about a case that is
built from it, and what it answered is told of every case of that shape in the case's own names. A property test holds
every answer equal to the rulebook's about the case itself. Rules that measure a time between two days are not among
``SCANNED``: for these a shape would say too little.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from safehands.core.calendar import Calendar
from safehands.core.records import events as e
from safehands.core.records.findings import Finding, Integrity
from safehands.core.records.material import Fact, Material
from safehands.scanning.closed import LONGEST, ClosedCase, Fault, Row, read_case
from safehands.scanning.columns import CODED, COLUMNS, DAYS, FREE, PLACE, REFERENCES, UNKNOWN
from safehands.scanning.days import instant, ordinal
from safehands.scanning.material import material_of

#: The rules that the columns of a table can bear out or not, and that compare days by order only.
SCANNED: Final = ("R01", "R02", "R08", "R10", "R12", "R17")

#: How many shapes are kept. A shape takes a few kilobytes.
KEPT: Final = 16_384

_NO_CALENDARS: Final[Mapping[str, Calendar]] = {}
_coded: Final = itemgetter(*CODED)
_references: Final = itemgetter(*REFERENCES)
_days: Final = itemgetter(*DAYS)
#: Of what is written freely only this matters, and only whether it is filled.
_detail: Final = itemgetter(PLACE["claim_detail"])
_FIRST_DAY: Final = date(2000, 1, 1).toordinal()
_WIDTH: Final = 6
#: The place of the one name that means something: nobody knows who.
_NOBODY: Final = -1
_NAME: Final = re.compile(rf"n\d{{{_WIDTH}}}")
#: Keeps the texts of one template apart. No text of ours holds it, and no name that can be printed.
_APART: Final = "\x1f"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_GAP: Final = re.compile(rf"({_NAME.pattern}|{_DATE.pattern})")

_Shape = tuple[tuple[tuple[str, ...], ...], tuple[int, ...], tuple[int, ...], tuple[bool, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding about one case, in the case's own names. ``because`` tells the facts that make it true."""

    rule: str
    letter: str
    grade: int
    decision: str
    records: tuple[str, ...]
    cause: str
    first_true: date | None
    because: tuple[str, ...]


class Shapes:
    """Asks ``integrity`` about cases, once for each shape. One instance serves one scan."""

    def __init__(self, integrity: Integrity, *, today: int, rules: Sequence[str] = SCANNED) -> None:
        self._integrity = integrity
        self._today = today
        self._rules = frozenset(rules)
        self._patterns_of = lru_cache(maxsize=KEPT)(self._ask)

    @property
    def asked(self) -> int:
        """How often the rulebook was asked."""
        return self._patterns_of.cache_info().misses

    def told(self, rows: Sequence[Row]) -> tuple[Told, ...] | tuple[Fault, ...]:
        """What is true of the case that ``rows`` tell, or every fault in them."""
        names: list[str] = []
        days: list[int] = []
        for row in rows:
            names += _references(row)
            days += map(ordinal, _days(row))
        unreadable = not "".join(names).isprintable() or max(map(len, names)) > LONGEST
        if unreadable or min(days) < 0 or max(days) > self._today:
            return self._plainly(rows)
        in_order = sorted({"", *names})
        all_days = sorted({0, *days})
        place = {name: number for number, name in enumerate(in_order)}
        if UNKNOWN in place:
            place[UNKNOWN] = _NOBODY
        when = {day: number for number, day in enumerate(all_days)}
        patterns = self._patterns_of(
            (
                tuple(map(_coded, rows)),
                tuple(map(place.__getitem__, names)),
                tuple(map(when.__getitem__, days)),
                tuple([bool(_detail(row)) for row in rows]),
            )
        )
        if patterns is None:
            return self._plainly(rows)
        return patterns.filled(in_order, all_days)

    def plainly(self, case: ClosedCase) -> tuple[Told, ...]:
        """What the rulebook says of this very case: the slow way, which the quick way must equal."""
        material = material_of(case)
        at = instant(self._today)
        findings = self._integrity.evaluate(material, at, _NO_CALENDARS)
        chosen = sorted(
            (each for each in findings.values() if each.rule in self._rules),
            key=lambda each: (each.grade, each.rule, each.cause),
        )
        facts = _by_seq(material, {seq for each in chosen for seq in each.because})
        return tuple(_told(each, facts) for each in chosen)

    def _plainly(self, rows: Sequence[Row]) -> tuple[Told, ...] | tuple[Fault, ...]:
        read = read_case(rows, today=self._today)
        return self.plainly(read) if isinstance(read, ClosedCase) else read

    def _ask(self, shape: _Shape) -> _Patterns | None:
        """What is true of every case of this shape; None where the rows have faults, which only the case's own words
        can name."""
        read = read_case(_rows_of(shape), today=self._today)
        return _patterns(self.plainly(read)) if isinstance(read, ClosedCase) else None


def _rows_of(shape: _Shape) -> list[Row]:
    """A case of this shape."""
    coded, names, days, detailed = shape
    rows: list[Row] = []
    for number, (codes, filled) in enumerate(zip(coded, detailed, strict=True)):
        row = ["x"] * len(COLUMNS)
        for place, code in zip(CODED, codes, strict=True):
            row[place] = code
        for offset, place in enumerate(REFERENCES):
            name = names[number * len(REFERENCES) + offset]
            row[place] = UNKNOWN if name == _NOBODY else f"n{name:0{_WIDTH}}" if name else ""
        for offset, place in enumerate(DAYS):
            day = days[number * len(DAYS) + offset]
            row[place] = date.fromordinal(_FIRST_DAY + day).isoformat() if day else ""
        for place in FREE:
            row[place] = ""
        row[PLACE["claim_detail"]] = "x" if filled else ""
        rows.append(row)
    return rows


@lru_cache(maxsize=20_000)
def _day(number: int) -> str:
    return date.fromordinal(number).isoformat() if number else ""


_date = lru_cache(maxsize=20_000)(date.fromordinal)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A finding about every case of one shape: its code, and where its texts stand among those of the shape.

    ``parts[decision]``, ``parts[decision + 1 : cause]`` (the records), ``parts[cause]``, ``parts[cause + 1 : end]``
    (the facts that make it true); ``first_true`` is a day's place, 0 where none is known.
    """

    rule: str
    letter: str
    grade: int
    decision: int
    cause: int
    end: int
    first_true: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Every finding about the cases of one shape. All their texts are one template, filled at once: a name's place
    counts from 0 on, a day's from the end (-1 is the first)."""

    findings: tuple[_Pattern, ...]
    template: str
    places: tuple[int, ...]

    def filled(self, names: Sequence[str], days: Sequence[int]) -> tuple[Told, ...]:
        """The findings in the names and days of one case."""
        if not self.findings:
            return ()
        values = [*names, *map(_day, reversed(days))]
        parts = (self.template % tuple([values[place] for place in self.places])).split(_APART)
        return tuple(
            [
                Told(
                    each.rule,
                    each.letter,
                    each.grade,
                    parts[each.decision],
                    tuple(parts[each.decision + 1 : each.cause]),
                    parts[each.cause],
                    _date(days[each.first_true]) if each.first_true else None,
                    tuple(parts[each.cause + 1 : each.end]),
                )
                for each in self.findings
            ]
        )


def _patterns(told: Sequence[Told]) -> _Patterns:
    findings: list[_Pattern] = []
    texts: list[str] = []
    for each in told:
        decision = len(texts)
        texts += (each.decision, *each.records, each.cause, *each.because)
        cause = decision + 1 + len(each.records)
        first = 0 if each.first_true is None else each.first_true.toordinal() - _FIRST_DAY
        findings.append(_Pattern(each.rule, each.letter, each.grade, decision, cause, len(texts), first))
    template: list[str] = []
    places: list[int] = []
    for piece in _GAP.split(_APART.join(texts)):
        if _NAME.fullmatch(piece):
            places.append(int(piece[1:]))
            template.append("%s")
        elif _DATE.fullmatch(piece):
            places.append(_FIRST_DAY - date.fromisoformat(piece).toordinal() - 1)
            template.append("%s")
        else:
            template.append(piece.replace("%", "%%"))
    return _Patterns(tuple(findings), "".join(template), tuple(places))


def _told(finding: Finding, facts: Mapping[int, Fact[Any]]) -> Told:
    first = finding.first_true_at.astimezone(UTC).date()
    return Told(
        finding.rule,
        finding.letter,
        finding.grade,
        finding.decision or "",
        finding.records,
        finding.cause,
        first if first.toordinal() > 1 else None,
        tuple(_in_words(facts[seq]) for seq in finding.because if seq in facts),
    )


def _by_seq(material: Material, wanted: set[int]) -> dict[int, Fact[Any]]:
    """The facts of these places in the order of learning."""
    found: dict[int, Fact[Any]] = {}
    if not wanted:
        return found
    kept = (
        material.records,
        material.copies,
        material.derivations,
        material.decisions,
        material.shares,
        material.letters,
    )
    for singles in kept:
        found |= {fact.seq: fact for fact in singles.values() if fact.seq in wanted}
    histories = (
        material.holdings,
        material.claimed,
        material.twins,
        material.same_event,
        material.verified,
        material.custody,
    )
    for each in histories:
        found |= {fact.seq: fact for facts in each.values() for fact in facts if fact.seq in wanted}
    return found


def _in_words(fact: Fact[Any]) -> str:
    said = _said(fact.event)
    when: datetime = fact.happened_at
    return f"{said} ({when.date().isoformat()})" if when.toordinal() > 1 else said


def _said(event: Any) -> str:
    match event:
        case e.RecordRegistered():
            return f"{event.record} is a {_words(event.kind)}"
        case e.CopyRegistered():
            return f"{event.record} exists"
        case e.HoldingAsserted():
            return f"{event.record} is {_words(event.status)}, says {event.agency}"
        case e.DerivationRecorded():
            return f"{event.derived} was made from {event.source} ({_words(event.method)})"
        case e.SameEventRecorded():
            return f"{event.one} and {event.other} are records of one event"
        case e.SourceClaimed():
            return f"of the source of {event.record} it is said: {_words(event.claim)}"
        case e.TwinAsked():
            return f"whether {event.record} was also recorded: {_words(event.recorded_too)}"
        case e.DerivativeVerified():
            return f"{event.verified_by} checked {event.derivation.removesuffix('/made')}: {_words(event.result)}"
        case e.CustodyRecorded():
            return f"{event.copy.removesuffix('/copy')} was {_words(event.type)}"
        case e.RecordShared():
            return f"{event.record} was supplied to the decider"
        case e.MaterialDecided():
            return f"{event.decision} was decided: {_words(event.kind)}"
        case _:
            return f"letter {event.letter} was sent"


def _words(code: str) -> str:
    return str(code).replace("_", " ")
