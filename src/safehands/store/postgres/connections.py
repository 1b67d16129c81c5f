"""Connections by role: small pools of ``psycopg_pool``, every statement prepared at its first use, everything in UTC.

Connections are in autocommit: one statement is one transaction and one round trip. Whatever needs more begins it by
name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

#: As many as one process of a web server has threads. [our default]
MOST = 8

Rows = list[tuple[Any, ...]]
"""What a query answers: the columns' types are those of the SQL beside it."""


class Connections:
    """The pools of one process: the application's and the worker's."""

    def __init__(self, application: str, worker: str, *, most: int = MOST) -> None:
        """``application`` and ``worker`` are connection strings with password. Connects when first asked."""
        self._pools = {
            "application": _pool("safehands application", application, most),
            "worker": _pool("safehands worker", worker, most),
        }

    def take(self, agency: str | None) -> Connection:
        """A connection to give back with ``give_back``: the worker's where no agency reads."""
        return self._pool(agency).getconn()

    def give_back(self, agency: str | None, connection: Connection) -> None:
        """Give a connection back; one that is broken or inside a transaction is put right or thrown away."""
        self._pool(agency).putconn(connection)

    @contextmanager
    def lent(self, agency: str | None) -> Iterator[Connection]:
        """A connection for one block."""
        connection = self.take(agency)
        try:
            yield connection
        finally:
            self.give_back(agency, connection)

    @contextmanager
    def worker(self, held: Connection | None) -> Iterator[Connection]:
        """The worker's connection that the caller holds already, or else one for this block.

        Whoever holds one of the worker's never waits for a second: as many threads as there are connections would wait
        for each other.
        """
        if held is not None:
            yield held
        else:
            with self.lent(None) as connection:
                yield connection

    @contextmanager
    def transaction(self, agency: str | None) -> Iterator[Connection]:
        """A connection inside a transaction in which ``agency`` (None: the worker) is the one that reads."""
        with self.lent(agency) as connection, connection.transaction():
            if agency is not None:
                connection.execute("select set_config('safehands.agency', %b, true)", (agency,))
            yield connection

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, agency: str | None) -> ConnectionPool[Connection]:
        return self._pools["worker" if agency is None else "application"]


def ask(connection: Connection, query: str, parameters: Sequence[object] = ()) -> Rows:
    """Run one statement of ours and fetch everything, in binary."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(query.encode(), parameters)
        return cursor.fetchall()


def _pool(name: str, conninfo: str, most: int) -> ConnectionPool[Connection[TupleRow]]:
    return ConnectionPool(
        make_conninfo(conninfo, options="-c timezone=UTC", application_name=name),
        min_size=0,
        max_size=most,
        open=True,
        name=name,
        kwargs={"autocommit": True, "prepare_threshold": 0},
    )
