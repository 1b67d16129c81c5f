"""The table of facts as the measures see it: an Ibis expression that any engine answers, and an engine in memory.

Ibis writes the query and the engine runs it; nothing passes through a data frame library. Counting and comparing happen
in the engine, ratios and rounding afterwards in ``decimal`` (a division is a float on every engine).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, Protocol

import duckdb
import ibis
import ibis.expr.types as ir
import msgspec

from safehands.store.ports import FACT_COLUMNS, Cell

#: How each kind of column is called by Ibis and by DuckDB. Instants are kept in UTC without a zone: no engine's own
#: setting can then move them.
_TYPES: Final = {
    "text": ("string", "VARCHAR"),
    "integer": ("int64", "BIGINT"),
    "number": ("float64", "DOUBLE"),
    "instant": ("timestamp", "TIMESTAMP"),
}

_COLUMNS: Final[Mapping[str, str]] = {"position": "integer", **FACT_COLUMNS}

#: The facts, unbound: ``Engine.rows`` binds them.
FACTS: Final[ir.Table] = ibis.table({name: _TYPES[kind][0] for name, kind in _COLUMNS.items()}, name="fact")

#: The cuts that every measure can be shown by (right-care sheet 4). ``agency`` is the agency that took the first
#: contact: for calls to the police, the force.
CUTS: Final = ("agency", "stream", "hour", "age_band", "sex", "ethnicity", "disability")

#: What a case counts as in a cut where nobody asked (law 5).
NOT_ASKED: Final = "not_asked"

_ROWS_AT_A_TIME: Final = 5000

#: The form of the rows that DuckDB reads out of one text, and how.
_ROW: Final = msgspec.json.encode([{name: _TYPES[kind][1] for name, kind in _COLUMNS.items()}]).decode()
_INSERT: Final = "INSERT INTO fact SELECT unnest(from_json(?, ?), recursive := true)"


class Engine(Protocol):
    """Whatever can answer an expression over ``FACTS``."""

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of ``expression``, by column name."""
        ...


class InMemory:
    """Facts in a DuckDB database in memory: for one machine, and for tests."""

    def __init__(self, facts: Iterable[Mapping[str, Cell]]) -> None:
        """Copy ``facts`` (rows as ``Store.facts`` gives them; a missing column is empty)."""
        self._connection = duckdb.connect()
        columns = ", ".join(f"{name} {_TYPES[kind][1]}" for name, kind in _COLUMNS.items())
        self._connection.execute(f"CREATE TABLE fact ({columns})")
        rows = iter(facts)
        while chunk := list(islice(rows, _ROWS_AT_A_TIME)):
            self._insert(chunk)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of ``expression``, by column name."""
        cursor = self._connection.execute(ibis.to_sql(expression, dialect="duckdb"))
        names = [each[0] for each in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _insert(self, rows: list[Mapping[str, Cell]]) -> None:
        """One text of JSON for many rows: values one by one cost a hundred times as much."""
        whole = [{name: _cell(row.get(name)) for name in _COLUMNS} for row in rows]
        self._connection.execute(_INSERT, [msgspec.json.encode(whole).decode(), _ROW])


#: The facts as ``FACTS`` has them, out of the kernel's own table: ids as text, instants in UTC without a zone.
_ON_POSTGRES: Final = {
    "case_id": "case_id::text",
    "happened_at": "happened_at at time zone 'UTC'",
    "seconds": "seconds::double precision",
}


class Connection(Protocol):
    """What is needed of a connection of psycopg."""

    def execute(self, query: Any, params: Any = None, /) -> Any:
        """A cursor over the answer."""


class OnPostgres:
    """The facts where they lie, in PostgreSQL: those that the connection may read. What row-level security hides from
    it is in no figure.
    """

    def __init__(self, connection: Connection) -> None:
        """A connection of psycopg as the application (in a transaction in which its agency is set), worker or
        auditor."""
        self._connection = connection
        columns = ", ".join(f'{_ON_POSTGRES.get(name, name)} as "{name}"' for name in _COLUMNS)
        # Every name in it is one of ours.
        self._facts = f"select {columns} from safehands.fact"  # noqa: S608

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of ``expression``, by column name."""
        asked = ibis.to_sql(expression, dialect="postgres")
        # Both halves are ours: a query that Ibis wrote, and the facts that it calls "fact".
        whole = f"with fact as ({self._facts}) select * from ({asked}) as asked"  # noqa: S608
        cursor = self._connection.execute(whole)
        names = [each.name for each in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _cell(value: Cell) -> Cell:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def of_kind(*kinds: str) -> ir.Table:
    """The facts of these kinds."""
    return FACTS.filter(FACTS.kind.isin(kinds))


def cases(pathway: str) -> ir.Table:
    """One row a case of ``pathway``: ``case_id``, ``opened_day`` and a column for each of ``CUTS``, never empty."""
    opened = of_kind("opened").filter(lambda t: t.name == pathway)
    base = opened.select(
        "case_id",
        opened_day=opened.day,
        opened_at=opened.happened_at,
        agency=opened.other_agency.fill_null("unknown"),
        hour=opened.hour.cast("string").fill_null("unknown"),
    )
    asked = [cut for cut in CUTS if cut not in ("agency", "hour")]
    known = latest_known(*asked)
    joined = base.left_join(known, "case_id").drop("case_id_right")
    return joined.mutate(**{cut: joined[cut].fill_null(NOT_ASKED) for cut in asked})


def latest_known(*names: str) -> ir.Table:
    """One row a case: what is known now of each of these cuts, empty where nobody ever answered."""
    known = of_kind("known").filter(lambda t: t.name.isin(names))
    newest = ibis.window(group_by=[known.case_id, known.name], order_by=known.position.desc())
    last = known.mutate(nth=ibis.row_number().over(newest)).filter(lambda t: t.nth == 0)
    return last.group_by("case_id").aggregate(**{name: last.code.max(where=last.name == name) for name in names})


def histogram(engine: Engine, units: ir.Table, keys: Iterable[str]) -> Iterator[tuple[dict[str, Any], int]]:
    """How many units there are of each combination of ``keys``."""
    columns = list(keys)
    counted = units.group_by(columns).aggregate(n=units.count()) if columns else units.aggregate(n=units.count())
    for row in engine.rows(counted):
        yield {name: row[name] for name in columns}, row["n"]
