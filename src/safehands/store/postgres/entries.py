"""Reading entries, pictures, facts and messages back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from safehands.errors import LedgerFault
from safehands.store.checks import check_where, check_within
from safehands.store.ports import FACT_COLUMNS, PICTURE_COLUMNS, PICTURE_KEYS, Cell, StoredEntry, Within
from safehands.store.postgres.batch import numbers
from safehands.store.postgres.connections import ask
from safehands.store.vault import Kept, StreamKey, Vault

#: Entries fetched at a time when all are read.
AT_A_TIME = 2000

_ENTRY_COLUMNS = (
    "select e.stream, k.slot, k.wrapped, s.erased, e.position, e.version, e.commitment, v.nonce, v.ciphertext "
    "from safehands.entry e left join safehands.vault v on v.position = e.position "
    "left join safehands.vault_key k on k.stream = e.stream left join safehands.stream s on s.name = e.stream "
)
_OF_STREAM = _ENTRY_COLUMNS + "where e.stream = %b::text and e.version > %b::integer order by e.version"
_OF_VERSIONS = (
    _ENTRY_COLUMNS
    + "where e.stream = %b::text and e.version > %b::integer and e.version = any(%b::integer[]) order by e.version"
)
_FROM_POSITION = _ENTRY_COLUMNS + "where e.position >= %b::bigint order by e.position limit %b::integer"
_CASES = ("case_id", "other_case")


def read_entry(vault: Vault, key: StreamKey | None, stream: str, erased: bool, row: Sequence[Any]) -> StoredEntry:
    """One entry from (position, version, commitment, nonce, ciphertext); without content where that, or its key, was
    erased.

    ``erased`` says whether content of the stream ever was. Raises ``LedgerFault`` where content is missing and was not.
    """
    position, version, commitment, nonce, ciphertext = row
    if ciphertext is None and not erased:
        raise LedgerFault(f"{stream} version {version}: the content is missing, and nobody erased it")
    if key is None or ciphertext is None:
        return StoredEntry(position, stream, version, None, None, commitment)
    opened = vault.open(key, stream, version, Kept(commitment, nonce, ciphertext))
    return StoredEntry(position, stream, version, opened.entry, opened.salt, commitment)


def entries_of(
    connection: Connection, vault: Vault, stream: str, after: int = 0, versions: Sequence[int] | None = None
) -> tuple[StoredEntry, ...]:
    """The entries of a stream above version ``after``, or those of ``versions`` alone, in order of version."""
    if versions is None:
        rows = ask(connection, _OF_STREAM, (stream, str(after)))
    else:
        rows = ask(connection, _OF_VERSIONS, (stream, str(after), numbers(versions)))
    return tuple(_read(vault, row) for row in rows)


def entries_from(connection: Connection, vault: Vault, start: int) -> Iterator[StoredEntry]:
    """Every entry from position ``start`` on, fetched ``AT_A_TIME``; positions have no gaps."""
    while rows := ask(connection, _FROM_POSITION, (start, AT_A_TIME)):
        for row in rows:
            yield _read(vault, row)
        start = rows[-1][4] + 1


def pictures(
    connection: Connection,
    table: str,
    where: Mapping[str, Cell],
    *,
    by: Sequence[str] = (),
    limit: int | None = None,
    within: Within | None = None,
) -> list[dict[str, Cell]]:
    """Rows of one picture that equal ``where`` and lie ``within``, in the order of ``by`` and then of their key; at
    most ``limit``."""
    check_where(table, {**dict.fromkeys(by), **where})
    check_within(table, within)
    columns = PICTURE_COLUMNS[table]
    order = (*(f"{name} nulls last" for name in by), *PICTURE_KEYS[table])
    chosen = _chosen(table, ", ".join(map(_column, columns)), where, within)
    query = f"{chosen} order by {', '.join(order)} limit %b::bigint"
    rows = ask(connection, query, [*_given(where, within), limit])
    return [dict(zip(columns, row, strict=True)) for row in rows]


def count_pictures(connection: Connection, table: str, where: Mapping[str, Cell], within: Within | None = None) -> int:
    """How many rows of one picture equal ``where`` and lie ``within``."""
    check_where(table, where)
    check_within(table, within)
    ((count,),) = ask(connection, _chosen(table, "count(*)", where, within), _given(where, within))
    return int(count)


def _chosen(table: str, what: str, where: Mapping[str, Cell], within: Within | None) -> str:
    conditions = [_condition(name, PICTURE_COLUMNS[table][name], value) for name, value in where.items()]
    conditions += [f"{within.column} {sign} %b::timestamptz" for sign, _ in _bounds(within)] if within else []
    # Names are the port's own, checked by the caller; values travel as parameters.
    query = f"select {what} from safehands.{table}"  # noqa: S608 - the names were checked, see above
    return query + (" where " + " and ".join(conditions) if conditions else "")


def _given(where: Mapping[str, Cell], within: Within | None) -> list[Cell]:
    bounds = [at for _, at in _bounds(within)] if within else []
    return [*(value for value in where.values() if value is not None), *bounds]


def _bounds(within: Within) -> list[tuple[str, Cell]]:
    named: list[tuple[str, datetime | None]] = [(">=", within.since), ("<", within.until)]
    return [(sign, at) for sign, at in named if at is not None]


def facts(connection: Connection, kind: str | None) -> list[dict[str, Cell]]:
    """Facts in the order of their entries, those that the connection may read."""
    names = ("position", *FACT_COLUMNS)
    rows = ask(
        connection,
        # Names are the port's own.
        f"select {', '.join(map(_column, names))} from safehands.fact "  # noqa: S608
        "where %b::text is null or kind = %b::text order by position, n",
        (kind, kind),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _read(vault: Vault, row: Sequence[Any]) -> StoredEntry:
    stream, slot, wrapped, erased, *entry = row
    if slot is None:
        raise LedgerFault(f"{stream}: the stream's key is missing")
    return read_entry(vault, vault.key(stream, slot, wrapped), stream, erased, entry)


def _column(name: str) -> str:
    return f"{name}::text" if name in _CASES else name


_SQL_TYPES = {"text": "text", "integer": "bigint", "boolean": "boolean", "instant": "timestamptz"}


def _condition(name: str, kind: str, value: Cell) -> str:
    if value is None:
        return f"{name} is null"
    return f"{name} = %b::{'uuid' if name in _CASES else _SQL_TYPES[kind]}"
