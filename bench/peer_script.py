"""A hand-written psycopg script as the peer of a lifecycle: for each command it reads the stream and writes the same
rows.

What it writes is taken from one lifecycle that went through ``handle``: after each command all rows of the case are
looked at, and what came or changed is what the script writes for its own cases, ids put in their place. It decides
nothing, checks nothing, encrypts nothing, and connects as the superuser, whom no policy stops.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

#: What one command can write, with the columns of each key and how the rows of one case are found.
TABLES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "stream": (("name",), "name = %(stream)s"),
    "vault_key": (("stream",), "stream = %(stream)s"),
    "snapshot": (("stream",), "stream = %(stream)s"),
    "entry": (("position",), "stream = %(stream)s"),
    "vault": (("position",), "position in (select position from safehands.entry where stream = %(stream)s)"),
    "command": (("command", "stream"), "stream = %(stream)s"),
    "case_picture": (("case_id",), "case_id = %(case)s"),
    "holding_picture": (("case_id", "n"), "case_id = %(case)s"),
    "offer_picture": (("offer_id",), "case_id = %(case)s"),
    "clock_picture": (("case_id", "clock"), "case_id = %(case)s"),
    "standing_picture": (("case_id", "agency"), "case_id = %(case)s"),
    "contact_picture": (("contact_id",), "case_id = %(case)s"),
    "fact": (("position", "n"), "case_id = %(case)s"),
    "outbox": (("number",), "position in (select position from safehands.entry where stream = %(stream)s)"),
}
_MADE_BY_THE_SERVER = {"stream": ("number", "case_id"), "holding_picture": ("during",), "outbox": ("number",)}
_READ = (
    "select s.version, k.wrapped, n.version, n.ciphertext, e.version, v.ciphertext from safehands.stream s "
    "join safehands.vault_key k on k.stream = s.name left join safehands.snapshot n on n.stream = s.name "
    "left join safehands.entry e on e.stream = s.name and e.version > coalesce(n.version, 0) "
    "left join safehands.vault v on v.position = e.position where s.name = %s"
)

Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]


@dataclass(frozen=True, slots=True)
class Written:
    """What one command wrote to one table: the rows, and the position that its first entry had."""

    table: str
    rows: tuple[Row, ...]


def rows_of(connection: Connection, case: str) -> Rows:
    """Every row of a case, by table and key."""
    found: Rows = {}
    for table, (key, where) in TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"select * from safehands.{table} where {where}".encode(), {"case": case, "stream": f"case/{case}"}
            )
            names = [column.name for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor]
        found[table] = {tuple(row[name] for name in key): row for row in rows}
    return found


def difference(before: Rows, after: Rows) -> tuple[Written, ...]:
    """What came or changed between two looks at a case."""
    return tuple(
        Written(table, changed)
        for table in TABLES
        if (changed := tuple(row for key, row in after[table].items() if before.get(table, {}).get(key) != row))
    )


class Script:
    """The script for one lifecycle. ``pipelined`` sends a command's statements together instead of one after the
    other."""

    def __init__(
        self, connection: Connection, steps: Sequence[Sequence[Written]], case: str, *, pipelined: bool
    ) -> None:
        self._connection, self._pipelined = connection, pipelined
        self._case = case
        self._steps = [[(_statement(written), written) for written in step] for step in steps]
        self._ids = sorted({each for step in steps for each in _ids_in(step, case)}, key=len, reverse=True)

    def check(self) -> None:
        """That one lifecycle of the script leaves as many rows in each table as the one through ``handle``."""
        case = self.lifecycle()
        ours, theirs = (rows_of(self._connection, each) for each in (self._case, case))
        if {table: len(rows) for table, rows in ours.items()} != {table: len(rows) for table, rows in theirs.items()}:
            raise AssertionError(f"the script's rows are not those of handle: {theirs}, not {ours}")

    def lifecycle(self) -> str:
        """All commands of one new case, each in a transaction of its own; the case's id."""
        case = str(uuid4())
        ids = {each: f"{uuid4()}" for each in self._ids} | {self._case: case}
        for step in self._steps:
            self._connection.execute(_READ, (f"case/{case}",)).fetchall()
            with self._connection.transaction(), self._together():
                entries = next((len(written.rows) for _, written in step if written.table == "entry"), 0)
                self._connection.execute(
                    "select from safehands.stream where name = %s for update", (f"case/{case}",), prepare=True
                )
                self._connection.execute("update safehands.head set size = size + %s", (entries,), prepare=True)
                first = min(row["position"] for _, w in step if w.table == "entry" for row in w.rows)
                for statement, written in step:
                    self._connection.execute(
                        statement, [*self._values(written, ids, entries, first, case)], prepare=True
                    )
        return case

    def _together(self) -> AbstractContextManager[Any]:
        return self._connection.pipeline() if self._pipelined else nullcontext()

    def _values(self, written: Written, ids: Mapping[str, str], entries: int, first: int, case: str) -> Iterator[Any]:
        for row in written.rows:
            for name, value in row.items():
                if name in _MADE_BY_THE_SERVER.get(written.table, ()):
                    continue
                if name == "position" or (name, written.table) == ("first", "command"):
                    yield entries - (value - first)
                elif name == "case_no":
                    yield f"case/{case}"
                elif name in ("commitment", "nonce"):
                    yield os.urandom(len(value))
                else:
                    yield _renamed(value, ids)


def _ids_in(step: Sequence[Written], case: str) -> Iterator[str]:
    """The ids of a step besides the case's: what must be unique and is given by those who ask."""
    for written in step:
        for row in written.rows:
            for name in ("contact_id", "command", "reference"):
                if isinstance(row.get(name), str) and row[name] != case:
                    yield row[name]


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """The value with every id of the lifecycle that was looked at put in its new form."""
    if isinstance(value, UUID):
        return UUID(ids.get(str(value), str(value)))
    if isinstance(value, str):
        for old, new in ids.items():
            if old in value:
                value = value.replace(old, new)
        return value
    return Jsonb(value) if isinstance(value, dict) else value


def _statement(written: Written) -> sql.Composed:
    """One insert for the rows of one table, the later values winning where a row is there already."""
    made = _MADE_BY_THE_SERVER.get(written.table, ())
    names = [name for name in written.rows[0] if name not in made]
    key, _ = TABLES[written.table]
    cells = {
        "position": sql.SQL("(select size from safehands.head) - %s"),
        "case_no": sql.SQL("(select number from safehands.stream where name = %s)"),
    }
    cell = {
        name: cells["position"]
        if name == "position" or (name, written.table) == ("first", "command")
        else cells.get(name, sql.SQL("%s"))
        for name in names
    }
    line = sql.SQL("({})").format(sql.SQL(", ").join(cell[name] for name in names))
    changed = [name for name in names if name not in key]
    update = sql.SQL("on conflict ({}) do update set ({}) = row({})").format(
        sql.SQL(", ").join(map(sql.Identifier, key)),
        sql.SQL(", ").join(map(sql.Identifier, changed)),
        sql.SQL(", ").join(sql.SQL("excluded.{}").format(sql.Identifier(name)) for name in changed),
    )
    fixed = written.table in ("entry", "vault", "fact", "outbox", "command", "vault_key")
    table = written.table
    conflict = sql.SQL("") if fixed else update
    if table == "holding_picture":
        conflict = sql.SQL("on conflict (case_id, n) do update set held_until = excluded.held_until")
    return sql.SQL("insert into safehands.{} ({}) values {} {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([line] * len(written.rows)),
        conflict,
    )
