"""What a measure is, and how its units become results.

A measure is declared with its number, what it counts among what, its version and its sources. Its parts are figures of
a shape: a share, a count, a quantile, a total. A part names its *units* by an expression over the facts, one row each:

- ``case_id`` and ``day`` (the civil day in London on which it counts),
- ``hit`` (1, 0, or empty where nobody knows), where a part asks whether something is so,
- ``amount`` (a number, or empty where nobody knows), where it asks how much,
- ``category``, where it is shown by one.

Cutting only groups the same units, so the parts of a cut always add up to the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

import ibis.expr.types as ir

from safehands.errors import BadInput
from safehands.stats.frame import CUTS, Engine, cases, histogram
from safehands.stats.intervals import nearest_rank, rounded, wilson

#: Decimal places of a published share, amount and interval.
PLACES: Final = 4
AMOUNT_PLACES: Final = 1


class Shape(StrEnum):
    """What a part makes of its units."""

    SHARE = "share"
    COUNT = "count"
    TOTAL = "total"
    QUANTILE = "quantile"
    MIX = "mix"


@dataclass(frozen=True, slots=True)
class Vintage:
    """Up to where the ledger was read: entries under the checkpoint, and its root in hexadecimal (None: not sealed)."""

    entries: int
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Civil days in London, both included; None is without bound."""

    first: str | None = None
    last: str | None = None

    def __post_init__(self) -> None:
        """Raises ``BadInput`` where the last day lies before the first."""
        if self.first is not None and self.last is not None and self.last < self.first:
            raise BadInput([f"The period ends on {self.last}, before it begins on {self.first}."])


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a measure. ``quantile`` is the share of a quantile; ``unit`` what the value is counted in."""

    id: str
    label: str
    shape: Shape
    unit: str
    units: Callable[[], ir.Table]
    quantile: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as declared. ``inputs`` names the external series that it needs besides the ledger."""

    number: int
    title: str
    definition: str
    numerator: str
    base: str
    sources: str
    parts: tuple[Part, ...] = ()
    inputs: tuple[str, ...] = ()
    version: str = "1"
    cuts: tuple[str, ...] = CUTS


@dataclass(frozen=True, slots=True)
class Result:
    """One published number with all that it must carry (law 8).

    ``value`` is None where there is nothing to divide by. ``interval`` is a 95 % Wilson interval of a share; where
    units are unknown it runs from "none of them" to "all of them", so it covers both chance and what nobody knows.
    ``unknown`` counts units of the base that nobody could place. ``note`` says in words what the number is not.
    """

    measure: int
    part: str
    label: str
    unit: str
    value: Decimal | None
    numerator: Decimal | None
    base: int | None
    vintage: Vintage
    definition_version: str
    interval: tuple[Decimal, Decimal] | None = None
    unknown: int = 0
    category: str | None = None
    cut: str | None = None
    cut_value: str | None = None
    note: str = ""
    inputs: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a measure: over which facts, up to where, of which pathway and days, and cut by what."""

    engine: Engine
    vintage: Vintage
    pathway: str
    period: Period
    cut: str | None = None


def compute(measure: Measure, asked: Asked) -> Iterator[Result]:
    """Every result of a measure that comes from the ledger. Raises ``BadInput`` for a cut that it does not have."""
    if asked.cut is not None and asked.cut not in measure.cuts:
        has = ", ".join(measure.cuts) or "no cuts"
        raise BadInput([f"Measure {measure.number} cannot be cut by {asked.cut}. It has: {has}."])
    for part in measure.parts:
        yield from _of_part(measure, part, asked)


def scoped(units: ir.Table, pathway: str, period: Period) -> ir.Table:
    """Units of cases of the pathway within the period, with the case's cuts beside them."""
    if period.first is not None:
        units = units.filter(units.day >= period.first)
    if period.last is not None:
        units = units.filter(units.day <= period.last)
    beside = cases(pathway)
    return units.inner_join(beside, "case_id")


def _of_part(measure: Measure, part: Part, asked: Asked) -> Iterator[Result]:
    units, cut = scoped(part.units(), asked.pathway, asked.period), asked.cut
    keys = [name for name in (cut, "category", "hit", "amount") if name is not None and name in units.columns]
    groups: dict[tuple[str | None, str | None], list[tuple[Mapping[str, Any], int]]] = defaultdict(list)
    for row, n in histogram(asked.engine, units, keys):
        category = None if part.shape is Shape.MIX else row.get("category")
        groups[row[cut] if cut is not None else None, category].append((row, n))
    if not groups and cut is None:
        groups[None, None] = []
    for (cut_value, category), rows in sorted(groups.items(), key=lambda item: tuple(map(str, item[0]))):
        for made in made_of(part, rows):
            yield Result(
                measure=measure.number,
                part=part.id,
                label=part.label,
                unit=part.unit,
                value=made.value,
                numerator=made.numerator,
                base=made.base,
                vintage=asked.vintage,
                definition_version=measure.version,
                interval=made.interval,
                unknown=made.unknown,
                category=made.category if made.category is not None else category,
                cut=cut,
                cut_value=cut_value,
            )


@dataclass(frozen=True, slots=True)
class Made:
    """A figure without its declaration."""

    value: Decimal | None
    numerator: Decimal | None
    base: int
    interval: tuple[Decimal, Decimal] | None = None
    unknown: int = 0
    category: str | None = None


def made_of(part: Part, rows: list[tuple[Mapping[str, Any], int]]) -> Iterator[Made]:
    """The figures of a histogram of units: how often each combination of ``hit``, ``amount``, ``category`` came."""
    match part.shape:
        case Shape.SHARE:
            hits = sum(n for row, n in rows if row["hit"] == 1)
            unknown = sum(n for row, n in rows if row["hit"] is None)
            yield share_of(hits, sum(n for _, n in rows), unknown)
        case Shape.COUNT:
            total = sum(n for row, n in rows if row.get("hit", 1) == 1)
            unknown = sum(n for row, n in rows if row.get("hit", 1) is None)
            yield Made(Decimal(total), Decimal(total), sum(n for _, n in rows), None, unknown)
        case Shape.TOTAL:
            amount = sum((Decimal(str(row["amount"])) * n for row, n in rows if row["amount"] is not None), Decimal(0))
            unknown = sum(n for row, n in rows if row["amount"] is None)
            yield Made(rounded(amount, AMOUNT_PLACES), amount, sum(n for _, n in rows), None, unknown)
        case Shape.QUANTILE:
            yield _quantile(part, rows)
        case Shape.MIX:
            yield from _mix(rows)


def share_of(hits: int, base: int, unknown: int = 0) -> Made:
    """A share with its interval; with nothing to divide by it has no value."""
    if base == 0:
        return Made(None, Decimal(hits), 0, None, unknown)
    low, high = wilson(hits, base)[0], wilson(hits + unknown, base)[1]
    value = rounded(Fraction(hits, base), PLACES)
    return Made(value, Decimal(hits), base, (rounded(low, PLACES), rounded(high, PLACES)), unknown)


def _quantile(part: Part, rows: list[tuple[Mapping[str, Any], int]]) -> Made:
    assert part.quantile is not None, "a quantile says which"
    amounts: dict[Decimal, int] = defaultdict(int)
    for row, n in rows:
        if row["amount"] is not None:
            amounts[Decimal(str(row["amount"]))] += n
    base = sum(n for _, n in rows)
    known = sum(amounts.values())
    value = rounded(nearest_rank(amounts, part.quantile), AMOUNT_PLACES) if known else None
    return Made(value, None, base, None, base - known)


def _mix(rows: list[tuple[Mapping[str, Any], int]]) -> Iterator[Made]:
    """The share of each category among all units, those of no known category among them."""
    counts: dict[str, int] = defaultdict(int)
    for row, n in rows:
        counts[row["category"] if row["category"] is not None else "unknown"] += n
    base = sum(counts.values())
    for category in sorted(counts):
        made = share_of(counts[category], base)
        yield Made(made.value, made.numerator, base, made.interval, 0, category)


def period_of(first: str | None, last: str | None) -> Period:
    """The period between two days as people write them. Raises ``BadInput`` naming every day that is none."""
    faults = [
        f"{day!r} is not a day. Write it as 2026-02-28."
        for day in (first, last)
        if day is not None and not _is_day(day)
    ]
    if faults:
        raise BadInput(faults)
    return Period(first, last)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
