"""Rows of a table, one after the other and never all at once: a CSV file in UTF-8 or the first sheet of a workbook."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from safehands.errors import BadInput
from safehands.exports.cells import as_written
from safehands.scanning.columns import NAMES, NEEDED

#: Columns that our own file of refused rows puts before the rest, and a column of one's own: not read.
NOT_READ: Final = ("refused_line", "refused_because")
OF_ONES_OWN: Final = "x_"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be taken apart, and why."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is open. ``rows`` gives each row's line number and its cells as they stand, or why it cannot be
    read; ``total`` and ``done`` say how far it is, in units of their own."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str] | Unreadable]]
    total: int | None
    done: Callable[[], int]


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """The table in ``path``. Raises ``BadInput`` where it is no table, or its header cannot be understood."""
    match path.suffix.lower():
        case ".csv":
            opening = _csv(path)
        case ".xlsx":
            opening = _workbook(path)
        case other:
            ending = other or "nothing"
            raise BadInput(
                [f"{path.name}: what ends in {ending} is not read. Save the table as .csv (UTF-8) or .xlsx."]
            )
    with opening as table:
        yield table


def check_header(header: tuple[str, ...], name: str) -> None:
    """Raise ``BadInput`` naming every column that is unknown, doubled or missing."""
    faults = [f"{name}: the first row has no column {needed}" for needed in NEEDED if needed not in header]
    for number, column in enumerate(header, 1):
        if not column:
            faults.append(f"{name}: column {number} has no name in the first row")
        elif header.index(column) != number - 1:
            faults.append(f"{name}: the column {column} is there twice")
        elif column not in NAMES and column not in NOT_READ and not column.startswith(OF_ONES_OWN):
            near = get_close_matches(column, NAMES, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            faults.append(
                f"{name}: there is no column {column!r}.{meant} "
                f"A column of your own begins with {OF_ONES_OWN} and is not read."
            )
    if faults:
        raise BadInput(faults)


@contextmanager
def _csv(path: Path) -> Iterator[Table]:
    try:
        with (
            path.open("rb") as octets,
            TextIOWrapper(octets, encoding="utf-8-sig", newline="", errors="surrogateescape") as text,
        ):
            reader = csv.reader(text)
            first = next(reader, [])
            if len(first) == 1 and ";" in first[0]:
                raise BadInput([f"{path.name}: the columns are parted by semicolons. Save the table with commas."])
            header = tuple(each.strip() for each in first)
            check_header(header, path.name)
            yield Table(header, _csv_rows(reader), path.stat().st_size, octets.tell)
    except OSError as fault:
        raise BadInput([f"{path}: {fault.strerror}"]) from None
    except csv.Error as fault:
        raise BadInput([f"{path.name}: the first row cannot be read: {fault}"]) from None


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[str] | Unreadable]]:
    while True:
        try:
            for row in reader:
                yield reader.line_num, row
        except csv.Error as fault:
            yield reader.line_num, Unreadable(str(fault))
        else:
            return


@contextmanager
def _workbook(path: Path) -> Iterator[Table]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except OSError as fault:
        raise BadInput([f"{path}: {fault.strerror or 'it is no workbook'}"]) from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as fault:
        raise BadInput([f"{path.name}: this is not a workbook that can be read ({fault})"]) from None
    try:
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(values_only=True)
        header = tuple(_cell(each).strip() for each in next(lines, ()))
        while header and not header[-1]:
            header = header[:-1]
        check_header(header, path.name)
        count = _Counted(_workbook_rows(lines, len(header)))
        yield Table(header, count, sheet.max_row, lambda: count.done)
    finally:
        book.close()


class _Counted(Iterator[tuple[int, "list[str] | Unreadable"]]):
    """Rows, and how many of them were taken."""

    def __init__(self, rows: Iterator[tuple[int, list[str] | Unreadable]]) -> None:
        self._rows = rows
        self.done = 1

    def __next__(self) -> tuple[int, list[str] | Unreadable]:
        row = next(self._rows)
        self.done = row[0]
        return row


def _workbook_rows(lines: Iterator[tuple[Any, ...]], width: int) -> Iterator[tuple[int, list[str] | Unreadable]]:
    for number, line in enumerate(lines, 2):
        cells = [_cell(value) for value in line]
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield number, cells + [""] * (width - len(cells))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def plain_cells(cells: list[str]) -> list[str]:
    """Cells without the apostrophe that keeps a spreadsheet from running them."""
    return [as_written(each) for each in cells]
