"""What an append must look like before any store takes it: one list of faults, the same for both stores."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, assert_never

from safehands.errors import BadInput, NotFound
from safehands.store.ports import (
    FACT_COLUMNS,
    PICTURE_COLUMNS,
    PICTURE_KEYS,
    Append,
    Cell,
    FactRow,
    OutboxMessage,
    PictureRow,
    Within,
)

Kind = Literal["text", "integer", "number", "boolean", "instant"]

_STREAM = re.compile(r"[a-z]{1,40}(/[A-Za-z0-9._~-]{1,120}){0,3}\Z")
_CASE = re.compile(r"case/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_LARGEST_VERSION = 2**31 - 1

#: Columns that hold a case's UUID, and columns besides the key that are never empty.
_CASES = frozenset({"case_id", "other_case"})
_NEVER_EMPTY: Mapping[str, frozenset[str]] = {
    table: frozenset({"case_id", *key, *(("agency", "held_from") if table == "holding_picture" else ())})
    for table, key in PICTURE_KEYS.items()
}


def case_of(stream: str) -> str | None:
    """The case whose stream this is (its UUID as text); None for any other stream."""
    return stream[5:] if stream.startswith("case/") else None


def check_stream(stream: str) -> None:
    """Raise ``BadInput`` unless this can be the name of a stream: ``case/<uuid>``, ``pathway/<name>``, ``node`` ..."""
    if not _is_stream(stream):
        raise BadInput([_not_a_stream(stream)])


def check_appends(appends: Sequence[Append]) -> None:
    """Raise ``BadInput`` naming every fault in a batch. Several appends to one stream must follow on from each
    other."""
    faults: list[str] = []
    versions: dict[str, int] = {}
    receipts: set[tuple[str, str]] = set()
    for append in appends:
        faults.extend(f"{append.stream[:60]}: {fault}" for fault in _faults_of(append))
        before = versions.get(append.stream)
        if before is not None and append.expected != before:
            faults.append(f"{append.stream}: this batch has brought it to version {before}, not {append.expected}")
        versions[append.stream] = append.expected + len(append.entries)
        if (append.command, append.stream) in receipts:
            faults.append(f"{append.stream}: the command {append.command} stands twice in this batch")
        receipts.add((append.command, append.stream))
    if faults:
        raise BadInput(faults)


def check_rows(rows: Sequence[PictureRow]) -> None:
    """Raise ``BadInput`` naming every fault in picture rows of any cases."""
    faults = [fault for row in rows for fault in _picture_faults(row, None)]
    if faults:
        raise BadInput(faults)


def check_erasure(stream: str, versions: Sequence[int], append: Append) -> None:
    """Raise ``BadInput`` unless ``append`` can be the entry that says these versions of ``stream`` were erased."""
    check_appends([append])
    faults = []
    if append.stream != stream:
        faults.append(f"an erasure in {stream} is written to {stream}, not to {append.stream}")
    faults += [f"{stream} has no version {version}" for version in versions if not 1 <= version <= append.expected]
    if not versions:
        faults.append("an erasure names at least one version")
    if faults:
        raise BadInput(faults)


def check_where(table: str, where: Mapping[str, Cell]) -> None:
    """Raise ``BadInput`` unless the table is one of pictures and has these columns."""
    if table not in PICTURE_COLUMNS:
        raise BadInput([f"there is no picture {table!r}"])
    columns = PICTURE_COLUMNS[table]
    faults = [f"{table} has no column {name!r}" for name in where if name not in columns]
    faults += [
        f"{table}.{name} cannot be {value!r}"
        for name, value in where.items()
        if name in columns and value is not None and not _fits(columns[name], name, value)
    ]
    if faults:
        raise BadInput(faults)


def check_within(table: str, within: Within | None) -> None:
    """Raise ``BadInput`` unless ``within`` names an instant of this picture and its bounds are instants."""
    if within is None:
        return
    faults = []
    if PICTURE_COLUMNS[table].get(within.column) != "instant":
        faults.append(f"{table} has no instant {within.column!r}")
    bounds = (each for each in (within.since, within.until) if each is not None)
    faults += [f"{table}.{within.column} has no bound {each!r}" for each in bounds if not _fits("instant", "", each)]
    if faults:
        raise BadInput(faults)


def _faults_of(append: Append) -> Iterator[str]:
    if not _is_stream(append.stream):
        yield _not_a_stream(append.stream)
    if not append.command or not _is_text(append.command):
        yield "a command has an id"
    yield from _entry_faults(append)
    case = case_of(append.stream)
    if append.pictures and case is None:
        yield "only a case has pictures"
    for row in append.pictures:
        yield from _picture_faults(row, case)
    for fact in append.facts:
        yield from _fact_faults(fact, len(append.entries))
    for token in append.tokens:
        if not token.kind or not token.value or not _is_text(token.kind) or not _is_text(token.value):
            yield "a token has a kind and a value"
    for message in append.outbox:
        yield from _message_faults(message)


def _entry_faults(append: Append) -> Iterator[str]:
    if not 0 <= append.expected <= _LARGEST_VERSION - len(append.entries):
        yield f"no stream can be at version {append.expected}"
    if not append.entries:
        yield "an append writes at least one entry"
    for version, entry in enumerate(append.entries, append.expected + 1):
        if entry.stream != append.stream:
            yield f"an entry of {entry.stream[:60]} cannot be written to it"
        if entry.version != version:
            yield f"the entry after version {version - 1} is {version}, not {entry.version}"
        if not entry.entry:
            yield f"entry {version} is empty"


def _message_faults(message: OutboxMessage) -> Iterator[str]:
    if not all(map(_is_text, (message.channel, message.to, message.about))):
        yield "a message's channel, recipient and matter are text"
    for name, value in message.body.items():
        if not _is_text(name) or not _is_cell(value):
            yield f"a message cannot carry {name!r}"


def _picture_faults(row: PictureRow, case: str | None) -> Iterator[str]:
    """``case`` is the case that the row must belong to; None where any will do."""
    if row.table not in PICTURE_KEYS:
        yield f"there is no picture {row.table!r}"
        return
    key, columns = PICTURE_KEYS[row.table], PICTURE_COLUMNS[row.table]
    if len(row.key) != len(key) or not all(
        value is not None and _fits(columns[name], name, value) for name, value in zip(key, row.key, strict=True)
    ):
        yield f"{row.table}: {row.key!r} is not a key ({', '.join(key)})"
        return
    if row.row is not None:
        yield from _row_faults(row.table, row.key, row.row, case)


def _row_faults(table: str, key: tuple[Cell, ...], row: Mapping[str, Cell], case: str | None) -> Iterator[str]:
    columns = PICTURE_COLUMNS[table]
    if row.keys() != columns.keys():
        missing, strange = columns.keys() - row.keys(), row.keys() - columns.keys()
        yield f"{table}: columns missing {sorted(missing)}, not known {sorted(strange)}"
        return
    never_empty = _NEVER_EMPTY[table]
    for name, value in row.items():
        if value is None:
            if name in never_empty:
                yield f"{table}.{name} is empty"
        elif not _fits(columns[name], name, value):
            yield f"{table}.{name} cannot be {value!r}"
    if tuple(row[name] for name in PICTURE_KEYS[table]) != key:
        yield f"{table}: the key {key!r} is not the row's own"
    if case is not None and row["case_id"] != case:
        yield f"{table}: a row of another case"
    if table == "holding_picture" and _ends_before_it_begins(row["held_from"], row["held_until"]):
        yield "holding_picture: a holding ends before it begins"


def _ends_before_it_begins(start: Cell, end: Cell) -> bool:
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return False
    return start.tzinfo is not None and end.tzinfo is not None and end < start


def _fact_faults(fact: FactRow, entries: int) -> Iterator[str]:
    if not 0 <= fact.ordinal < entries:
        yield f"a fact of entry {fact.ordinal} among {entries}"
    for name, value in fact.row.items():
        if name not in FACT_COLUMNS:
            yield f"fact has no column {name!r}"
        elif value is not None and not _fits(FACT_COLUMNS[name], name, value):
            yield f"fact.{name} cannot be {value!r}"
    if fact.row.get("kind") is None:
        yield "a fact has a kind"


def _fits(kind: Kind, name: str, value: Cell) -> bool:
    match kind:
        case "text":
            return isinstance(value, str) and _is_text(value) and (name not in _CASES or bool(_UUID.match(value)))
        case "integer":
            return type(value) is int and _SMALLEST <= value <= _LARGEST
        case "number":
            return (type(value) is int and _SMALLEST <= value <= _LARGEST) or (
                isinstance(value, float) and math.isfinite(value)
            )
        case "boolean":
            return isinstance(value, bool)
        case "instant":
            return isinstance(value, datetime) and value.tzinfo is not None
        case _:
            assert_never(kind)


def _is_cell(value: Cell) -> bool:
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return not isinstance(value, float) or math.isfinite(value)


def _is_text(value: str) -> bool:
    """PostgreSQL keeps no NUL, and nothing that is not Unicode (half of a surrogate pair)."""
    return "\0" not in value and (value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value))


def _is_stream(stream: str) -> bool:
    return bool(_CASE.match(stream) if stream.startswith("case") else _STREAM.match(stream))


def _not_a_stream(stream: str) -> str:
    return f"{stream[:60]!r} cannot name a stream: it is case/ and a UUID in small letters, or words between slashes"


def check_reaches(start: int, end: int, sealed: int) -> None:
    """Raise ``NotFound`` unless positions ``start`` to before ``end`` are there and sealed."""
    if not 0 <= start <= end <= sealed:
        raise NotFound(f"Of the entries {start} to {end - 1}, the sealed log has {sealed}.")
