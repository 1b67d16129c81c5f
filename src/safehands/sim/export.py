"""Reading an export: rows with their line numbers, and what makes a row unbelievable. Nothing is repaired.

``read_rows`` gives the rows of a ``.csv`` or ``.csv.gz`` file as they stand there. ``read_incident`` turns one row into
an ``Incident``, or into every reason why it cannot be one.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from safehands.core.vocabulary import Value
from safehands.errors import BadInput, NotFound
from safehands.pathways.durations import written
from safehands.sim.maps import ISO, OFFERED, RECEIVED, ReplayMap

_GZIP: Final = b"\x1f\x8b"


class Reason(StrEnum):
    """Why a row is refused."""

    SHAPE = "shape"
    NO_ID = "no_id"
    REPEATED_ROW = "repeated_row"
    REPEATED_ID = "repeated_id"
    UNKNOWN_AGENCY = "unknown_agency"
    NO_FIRST_SECOND = "no_first_second"
    NO_TIMES = "no_times"
    UNREADABLE_TIME = "unreadable_time"
    NO_SUCH_TIME = "no_such_time"
    IN_THE_FUTURE = "in_the_future"
    RUNS_BACKWARDS = "runs_backwards"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a row: which kind, and a sentence that names columns and values."""

    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that makes no sense, with everything that is wrong with it."""

    line: int
    id: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A data row: the line where it begins (the header is line 1), and its fields in order."""

    line: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """A file's header and data rows."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """A row that can be played: its instants in UTC by name, the agency that goes, and what it says about a person.

    ``answers`` is None where it is no health or welfare matter. ``repeated_hour`` says that one of its times lies in
    the hour that comes twice when clocks go back; such a time is read as the first of the two.
    """

    line: int
    id: str
    agency: str | None
    channel: str
    words: str
    answers: Mapping[str, Value] | None
    instants: Mapping[str, datetime]
    repeated_hour: bool


def read_rows(path: Path) -> Export:
    """The header and rows of a file, plain or gzipped. Blank lines are no rows.

    Raises ``NotFound``, or ``BadInput`` where it is not text in UTF-8, not whole, or has no header.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    raw = path.read_bytes()
    try:
        text = (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("utf-8-sig")
    except (EOFError, OSError, zlib.error) as bad:
        raise BadInput([f"{path.name}: this gzip file is damaged or not whole: {bad}"]) from None
    except UnicodeDecodeError as bad:
        raise BadInput([f"{path.name}: byte {bad.start} is not text in UTF-8. Save the export as UTF-8."]) from None
    try:
        lines = list(_numbered(text))
    except csv.Error as bad:
        raise BadInput([f"{path.name}: this is not CSV: {bad}"]) from None
    if not lines:
        raise BadInput([f"{path.name}: the file is empty. Its first line must name the columns."])
    return Export(lines[0].fields, tuple(lines[1:]))


def _numbered(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for fields in reader:
        if fields:
            yield Row(line, tuple(fields))
        line = reader.line_num + 1


def check_columns(export: Export, chart: ReplayMap, file: str) -> None:
    """Raise ``BadInput`` that names every column which the map reads and the file lacks, or has twice."""
    missing = [column for column in chart.columns if column not in export.header]
    twice = sorted({column for column in chart.columns if export.header.count(column) > 1})
    faults = [f"{file}: there is no column {column!r}, which the map {chart.name} reads" for column in missing]
    faults += [f"{file}: the column {column!r} stands there twice" for column in twice]
    if faults:
        raise BadInput(faults)


class Reader:
    """Reads the rows of one export by one map. Remembers ids, so that the second row with an id is seen."""

    def __init__(self, chart: ReplayMap, header: tuple[str, ...], now: datetime) -> None:
        self._chart = chart
        self._header = header
        self._now = now
        self._place = {column: header.index(column) for column in chart.columns}
        self._seen: dict[str, Row] = {}

    def read(self, row: Row) -> Incident | RefusedRow:
        """The incident, or every reason why this row is none."""
        if len(row.fields) != len(self._header):
            sentence = f"it has {len(row.fields)} fields and the header has {len(self._header)}"
            return RefusedRow(row.line, "", (Fault(Reason.SHAPE, sentence),))
        chart, faults = self._chart, list[Fault]()
        id_ = self._id(row, faults)
        agency = self._agency(row, faults)
        instants, repeated_hour = self._instants(row, faults)
        if not any(self._field(row, column) for column in chart.instants[RECEIVED]):
            columns = " and ".join(chart.instants[RECEIVED])
            faults.append(Fault(Reason.NO_FIRST_SECOND, f"{columns}: nothing says when it began"))
        faults.extend(_impossible(chart, instants))
        faults.extend(self._no_times(row))
        if faults:
            return RefusedRow(row.line, id_, tuple(faults))
        wordings = tuple(self._field(row, column) for column in chart.matter_columns)
        return Incident(
            line=row.line,
            id=id_,
            agency=agency,
            channel=self._field(row, chart.channel_column).lower() if chart.channel_column is not None else "",
            words="; ".join(wording for wording in wordings if wording),
            answers=chart.meaning(wordings),
            instants={name: at for name, at in instants.items() if self._believed(row, name)},
            repeated_hour=repeated_hour,
        )

    def _field(self, row: Row, column: str) -> str:
        return row.fields[self._place[column]].strip()

    def _believed(self, row: Row, instant: str) -> bool:
        condition = self._chart.only_where.get(instant)
        return condition is None or self._field(row, condition.column) in condition.values

    def _no_times(self, row: Row) -> Iterator[Fault]:
        """Every time of the row stands where nobody recorded one."""
        placeholder = self._chart.placeholder
        if placeholder is None:
            return
        times = [self._field(row, column) for columns in self._chart.instants.values() for column in columns]
        there = [time for time in times if time]
        if there and all(time.endswith(placeholder) for time in there):
            yield Fault(
                Reason.NO_TIMES, f"every time ends in {placeholder!r}, which stands there where nobody recorded one"
            )

    def _id(self, row: Row, faults: list[Fault]) -> str:
        parts = [self._field(row, column) for column in self._chart.id_columns]
        if not all(parts):
            faults.append(Fault(Reason.NO_ID, f"{' and '.join(self._chart.id_columns)}: there is no id"))
            return ""
        id_ = "/".join(parts)
        first = self._seen.setdefault(id_, row)
        if first is not row and first.fields == row.fields:
            faults.append(Fault(Reason.REPEATED_ROW, f"it is line {first.line} once more"))
        elif first is not row:
            faults.append(Fault(Reason.REPEATED_ID, f"line {first.line} has the id {id_} already, with other content"))
        return id_

    def _agency(self, row: Row, faults: list[Fault]) -> str | None:
        chart = self._chart
        if chart.agency_column is None:
            return chart.agency
        value = self._field(row, chart.agency_column)
        if value not in chart.agencies:
            sentence = f"{chart.agency_column}: the map does not say which agency {value!r} is"
            faults.append(Fault(Reason.UNKNOWN_AGENCY, sentence))
        return chart.agencies.get(value)

    def _instants(self, row: Row, faults: list[Fault]) -> tuple[dict[str, datetime], bool]:
        """Every instant that is there, in UTC; whether one of them lies in a repeated hour. Faults are noted."""
        found: dict[str, datetime] = {}
        repeated = False
        for name, columns in self._chart.instants.items():
            column = next((each for each in columns if self._field(row, each)), None)
            if column is None:
                continue
            value = self._field(row, column)
            local = read_time(value, self._chart.formats)
            if local is None:
                faults.append(Fault(Reason.UNREADABLE_TIME, f"{column}: {value!r} is not a time as the map writes it"))
                continue
            at, doubtful = self._in_utc(local)
            if at is None:
                faults.append(Fault(Reason.NO_SUCH_TIME, f"{column}: clocks went forward past {value!r}"))
                continue
            if at > self._now:
                faults.append(Fault(Reason.IN_THE_FUTURE, f"{column}: {value!r} has not come yet"))
            found[name] = at
            repeated = repeated or doubtful
        return found, repeated

    def _in_utc(self, local: datetime) -> tuple[datetime | None, bool]:
        """The instant behind a local time (None where clocks skipped it), and whether that local time came twice."""
        if local.tzinfo is not None:
            return local.astimezone(UTC), False
        zoned = local.replace(tzinfo=self._chart.zone)
        first, second = zoned.utcoffset(), zoned.replace(fold=1).utcoffset()
        at = zoned.astimezone(UTC)
        if first == second:
            return at, False
        skipped = first is not None and second is not None and first < second
        return (None if skipped else at), not skipped


def read_time(value: str, formats: tuple[str, ...]) -> datetime | None:
    """A time as one of the formats writes it; None where none of them does."""
    for pattern in formats:
        try:
            # A time without a zone is given the map's own by the caller.
            return datetime.fromisoformat(value) if pattern == ISO else datetime.strptime(value, pattern)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _impossible(chart: ReplayMap, instants: Mapping[str, datetime]) -> Iterator[Fault]:
    for before, after in chart.order:
        if before in instants and after in instants and instants[after] < instants[before]:
            apart = instants[before] - instants[after]
            names = f"{_column(chart, after)} lies {_length(apart)} before {_column(chart, before)}"
            yield Fault(Reason.RUNS_BACKWARDS, names)
    for limit in chart.too_long:
        if limit.start in instants and limit.end in instants:
            apart = instants[limit.end] - instants[limit.start]
            if apart > limit.length:
                names = f"{_column(chart, limit.start)} to {_column(chart, limit.end)}"
                yield Fault(Reason.TOO_LONG, f"{names} is {_length(apart)}, more than {written(limit.length)}")


def _column(chart: ReplayMap, instant: str) -> str:
    return " or ".join(chart.instants[instant])


def _length(apart: timedelta) -> str:
    """A length of time in words: seconds under two minutes, minutes under two hours, else hours."""
    seconds = apart.total_seconds()
    if seconds < 120:
        return f"{seconds:.3f}".rstrip("0").rstrip(".") + " s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def offers(incident: Incident, receiver: str) -> bool:
    """Whether the row offers the case to another agency than the one that took it."""
    return OFFERED in incident.instants and incident.agency not in (None, receiver)
