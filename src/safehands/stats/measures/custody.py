"""Measure 26: seconds in which nobody held an open case, worked out by the auditor and not by the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from safehands.ledger.custody import CustodyReport
from safehands.ledger.spans import Span, covered, total
from safehands.stats.intervals import rounded
from safehands.stats.measures.declared import Measure, Result, Vintage

_SECOND: Final = 1_000_000

MEASURE: Final = Measure(
    26,
    "Unowned seconds",
    "Open-case time in which no agency held, from the entries alone (ledger.custody, which shares no code with the "
    "kernel). It must be 0. It counts the whole ledger, whatever the period. Cases with erased entries whose holder "
    "cannot be shown are unknown.",
    "seconds without a holder",
    "seconds in which cases were open",
    "sheet 4, measure 26",
    cuts=(),
)


def unowned(reports: Iterable[CustodyReport], vintage: Vintage) -> Iterator[Result]:
    """Both figures of the measure: seconds without a holder, and with more than one."""
    nobody = several = open_time = cases = unknown = 0
    for report in reports:
        cases += 1
        unknown += bool(report.not_provable)
        nobody += report.unowned_microseconds
        several += report.doubly_held_microseconds
        spans = [Span(hold.start, report.through if hold.end is None else hold.end) for hold in report.holds]
        open_time += total(covered(spans, times=1)) + report.unowned_microseconds
    note = f"{cases} cases, open for {rounded(Fraction(open_time, _SECOND), 0)} seconds in all."
    for part, label, found in (
        ("26", "Seconds without a holder", nobody),
        ("26.double", "Seconds with more than one holder", several),
    ):
        yield Result(
            measure=26,
            part=part,
            label=label,
            unit="seconds",
            value=rounded(Fraction(found, _SECOND), 6),
            numerator=Decimal(found) / _SECOND,
            base=int(rounded(Fraction(open_time, _SECOND), 0)),
            vintage=vintage,
            definition_version=MEASURE.version,
            unknown=unknown,
            note=note,
        )
