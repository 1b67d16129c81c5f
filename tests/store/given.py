"""Appends and rows that tests of the store write: short to say, complete as the port wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from safehands.store.ports import PICTURE_COLUMNS, PICTURE_KEYS, Append, Cell, FactRow, NewEntry, PictureRow

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
POLICE, AMBULANCE, CRISIS_LINE = "POL", "AMB", "CRI"


def at(minutes: float) -> datetime:
    """So many minutes after three in the morning."""
    return NOW + timedelta(minutes=minutes)


def case(number: int) -> str:
    """The id of a case."""
    return str(UUID(int=number + (1 << 120)))


def stream(number: int) -> str:
    """The stream of a case."""
    return f"case/{case(number)}"


def append(
    to: str,
    *said: str,
    expected: int = 0,
    command: str | None = None,
    pictures: Sequence[PictureRow] = (),
    facts: Sequence[FactRow] = (),
    **more: object,
) -> Append:
    """An append of one entry for each thing said."""
    entries = tuple(NewEntry(to, version, text.encode()) for version, text in enumerate(said, expected + 1))
    return Append(
        command or f"command {to} {expected}",
        to,
        expected,
        entries,
        pictures=tuple(pictures),
        facts=tuple(facts),
        **more,  # type: ignore[arg-type]  # passed on as they are: the tests' own shorthand
    )


def picture(table: str, **cells: Cell) -> PictureRow:
    """A whole row: columns that are not named are empty."""
    row: Mapping[str, Cell] = dict.fromkeys(PICTURE_COLUMNS[table]) | cells
    return PictureRow(table, tuple(row[name] for name in PICTURE_KEYS[table]), row)


def no_picture(table: str, *key: Cell) -> PictureRow:
    """The removal of a row."""
    return PictureRow(table, key, None)


def standing(number: int, *agencies: str) -> list[PictureRow]:
    """Rows that let agencies read a case."""
    return [picture("standing_picture", case_id=case(number), agency=agency, since=NOW) for agency in agencies]


def held(number: int, n: int, agency: str, start: datetime, end: datetime | None = None) -> PictureRow:
    """An agency held a case."""
    return picture("holding_picture", case_id=case(number), n=n, agency=agency, held_from=start, held_until=end)


def summary(number: int, **cells: Cell) -> PictureRow:
    """The ``case_picture`` of an open case held by the police."""
    usual: dict[str, Cell] = {
        "case_id": case(number),
        "reference": f"SH-{number:04}",
        "status": "open",
        "holder": POLICE,
        "opened_at": NOW,
        "last_at": NOW,
    }
    return picture("case_picture", **(usual | cells))


def opening(number: int, *agencies: str, **more: object) -> Append:
    """A case opened and held by the police, which these agencies (and the police) may read."""
    rows = [summary(number), held(number, 1, POLICE, NOW), *standing(number, POLICE, *agencies)]
    # The tests' own shorthand: whatever else an append carries is passed on.
    return append(stream(number), f"opened {number}", pictures=rows, **more)  # type: ignore[arg-type]  # see above
