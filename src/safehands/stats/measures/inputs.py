"""Figures that do not lie in the ledger: declared by a person, row by row, each with its source and definition.

A CSV file with the columns of ``COLUMNS``. Every series is declared in ``SERIES``; a row of any other is a fault.
Nothing is built in: without a row a measure says which series it lacks.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Final

from safehands.errors import BadInput
from safehands.stats.measures.declared import Period

COLUMNS: Final = ("series", "agency", "first_day", "last_day", "category", "value", "source", "definition")

#: Every series that a measure can ask for: what one row of it holds.
SERIES: Final[Mapping[str, str]] = {
    "population": "people who live in the area",
    "baseline_deployments": "police deployments of these streams in one whole calendar month before the policy",
    "baseline_hours_per_deployment": "officer hours of one deployment before the policy",
    "all_calls": "all calls for service to the force",
    "calls_999_answered": "999 calls answered by police",
    "calls_999_within_10s": "999 calls answered within 10 seconds",
    "calls_999_from_60s": "999 calls answered after 60 seconds or more",
    "calls_999_answer_seconds": "seconds until the answer, of all answered 999 calls together",
    "calls_101_offered": "101 calls offered",
    "calls_101_abandoned": "101 calls abandoned",
    "calls_101_answered": "101 calls answered",
    "calls_101_wait_seconds": "seconds waited, of all answered 101 calls together",
    "option2_offered": "calls offered to the mental health option of 111",
    "option2_abandoned": "calls to it that were abandoned",
    "option2_answered": "calls to it that were answered",
    "option2_answer_seconds": "seconds until the answer, of all answered calls to it together",
    "option2_p95_seconds": "95th percentile of the time to answer, as published",
    "crisis_line_contacts": "contacts with a crisis line",
    "hours_reinvested": "officer hours given to something else; category says to what",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One declared figure, of an agency and of whole civil days, both ends included."""

    series: str
    agency: str
    first_day: str
    last_day: str
    category: str
    value: Decimal
    source: str
    definition: str

    @property
    def month(self) -> str | None:
        """The calendar month (``2026-02``) that this row covers exactly; None where it covers anything else."""
        month, last = self.first_day[:7], date.fromisoformat(self.last_day)
        days = monthrange(last.year, last.month)[1]
        return month if (self.first_day, self.last_day) == (f"{month}-01", f"{month}-{days}") else None


@dataclass(frozen=True, slots=True)
class Inputs:
    """All declared figures."""

    rows: tuple[Row, ...] = ()

    def of(self, series: str, period: Period, agency: str | None = None) -> tuple[Row, ...]:
        """The rows of a series that lie wholly within the period."""
        return tuple(
            row
            for row in self.rows
            if row.series == series
            and (agency is None or row.agency == agency)
            and (period.first is None or row.first_day >= period.first)
            and (period.last is None or row.last_day <= period.last)
        )

    def agencies(self, series: Iterable[str]) -> tuple[str, ...]:
        """The agencies that have a row of one of these series."""
        wanted = set(series)
        return tuple(sorted({row.agency for row in self.rows if row.series in wanted}))


def read_inputs(text: str, name: str = "inputs") -> Inputs:
    """The figures of a CSV text. Raises ``BadInput`` naming every bad line at once."""
    reader = csv.DictReader(StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            [f"{name}: the columns {', '.join(missing)} are missing. A template: safehands measures template"]
        )
    rows: list[Row] = []
    faults: list[str] = []
    for line, cells in enumerate(reader, start=2):
        row = {column: (cells[column] or "").strip() for column in COLUMNS}
        wrong = tuple(_faults_of(row))
        faults += [f"{name}, line {line}: {each}" for each in wrong]
        if not wrong:
            rows.append(_row(row))
    if faults:
        raise BadInput(faults)
    return Inputs(tuple(rows))


def template() -> str:
    """A CSV file with the header and, as comments are not CSV, one empty row for each series with what it must hold."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for series, holds in SERIES.items():
        writer.writerow((series, "", "", "", "", "", "", holds))
    return out.getvalue()


def _row(cells: Mapping[str, str]) -> Row:
    return Row(
        cells["series"],
        cells["agency"],
        cells["first_day"],
        cells["last_day"],
        cells["category"],
        Decimal(cells["value"]),
        cells["source"],
        cells["definition"],
    )


def _faults_of(row: Mapping[str, str]) -> Iterable[str]:
    if row["series"] not in SERIES:
        yield f"there is no series {row['series']!r}"
    for column in ("agency", "source"):
        if not row[column]:
            yield f"the {column} is missing"
    days = [_day(row[column]) for column in ("first_day", "last_day")]
    if None in days:
        yield "first_day and last_day must be days, as 2026-02-28"
    elif row["last_day"] < row["first_day"]:
        yield "the last day lies before the first"
    value = _number(row["value"])
    if value is None or value < 0:
        yield f"the value must be a number that is not negative, not {row['value']!r}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-02-28") else None
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
