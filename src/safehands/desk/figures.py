"""Published figures as people read them: shares as percentages with their base, times in minutes, charts, rows of a CSV
file. No figure is worked out here."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from safehands.stats.charts import Bar, bars
from safehands.stats.intervals import rounded
from safehands.stats.measures.declared import Measure, Period, Result

#: The columns of the file to download: everything that a figure has to carry (law 8).
COLUMNS: Final = (
    "measure", "title", "definition_version", "part", "label", "cut", "cut_value", "category", "value", "counted",
    "base", "unknown", "interval_low", "interval_high", "unit", "first_day", "last_day", "agency", "entries", "root",
    "note",
)  # fmt: skip

#: What a spreadsheet would take for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: the figure and how it is written."""

    result: Result
    what: str
    value: str
    counted: str
    interval: str


@dataclass(frozen=True, slots=True)
class Block:
    """Figures of one unit: a chart and the table that says the same."""

    unit: str
    chart: SafeString
    lines: tuple[Line, ...]
    cut: bool
    unknown: bool


def blocks(measure: Measure, found: Iterable[Result]) -> tuple[Block, ...]:
    """The results of one measure by unit, in their order."""
    by_unit: dict[str, list[Result]] = defaultdict(list)
    for each in found:
        by_unit[each.unit].append(each)
    return tuple(_block(measure, unit, rows) for unit, rows in by_unit.items())


def is_share(unit: str) -> bool:
    """Whether values of this unit lie from nought to one."""
    return unit.startswith("share")


def written(value: Decimal | None, unit: str) -> str:
    """A value as people read it: ``33.3 %``, ``4.5 minutes``, ``12``."""
    if value is None:
        return _("no value")
    if is_share(unit):
        return f"{rounded(value * 100, 1)} %"
    if unit.endswith("seconds"):
        return _in_time(value)
    return f"{value.normalize():,f}"


def _in_time(seconds: Decimal) -> str:
    if seconds < 120:
        return _("%(n)s seconds") % {"n": f"{seconds.normalize():f}"}
    if seconds < 7200:
        return _("%(n)s minutes") % {"n": rounded(seconds / 60, 1)}
    return _("%(n)s hours") % {"n": rounded(seconds / 3600, 1)}


def _block(measure: Measure, unit: str, found: Sequence[Result]) -> Block:
    lines = tuple(_line(each) for each in found)
    drawn = [Bar(line.what, line.result.value, line.value, *(line.result.interval or (None, None))) for line in lines]
    title = _("%(title)s: %(unit)s") % {"title": measure.title, "unit": unit}
    told = "; ".join(
        _("%(what)s %(value)s") % {"what": line.what, "value": line.value}
        + (f" ({line.interval})" if line.interval else "")
        for line in lines
    )
    chart = bars(title, told, drawn, shares=is_share(unit))
    return Block(
        unit=unit,
        # Our own writer escapes every text that it is given; where there is no value there is nothing to draw.
        chart=mark_safe(chart if any(each.value is not None for each in drawn) else ""),  # noqa: S308 - see above
        lines=lines,
        cut=any(line.result.cut_value is not None for line in lines),
        unknown=any(line.result.unknown for line in lines),
    )


def _line(result: Result) -> Line:
    parts = [result.label, *(each.replace("_", " ") for each in (result.category, result.cut_value) if each)]
    counted = ""
    if result.base is not None:
        counted = str(result.base)
        if result.numerator is not None:
            counted = _("%(n)s of %(base)s") % {"n": f"{result.numerator.normalize():,f}", "base": result.base}
    interval = ""
    if result.interval is not None:
        low, high = (written(end, result.unit) for end in result.interval)
        interval = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return Line(result, ", ".join(parts), written(result.value, result.unit), counted, interval)


def as_csv(found: Iterable[Result], titles: dict[int, str], period: Period, agency: str) -> str:
    """The figures as a file. Numbers are written as they were published, not as the page rounds them."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in found:
        writer.writerow([_cell(cell) for cell in _cells(each, titles[each.measure], period, agency)])
    return out.getvalue()


def _cells(each: Result, title: str, period: Period, agency: str) -> Iterator[object]:
    low, high = each.interval or (None, None)
    yield from (each.measure, title, each.definition_version, each.part, each.label, each.cut, each.cut_value)
    yield from (each.category, each.value, each.numerator, each.base, each.unknown, low, high, each.unit)
    yield from (period.first, period.last, agency, each.vintage.entries, each.vintage.root, each.note)


def _cell(value: object) -> str:
    shown = "" if value is None else str(value)
    return f"'{shown}" if isinstance(value, str) and shown.startswith(_FORMULA) else shown
