"""What one command reads and writes: one round trip to take a stream, one to append and commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection

from safehands.errors import LedgerFault, Stale
from safehands.store.checks import check_appends, check_stream
from safehands.store.outcomes import stub_of
from safehands.store.ports import RECENT, Append, Loaded, Receipt, Stub, Token
from safehands.store.postgres.batch import APPEND, new_streams, parameters
from safehands.store.postgres.connections import Connections, Rows, ask
from safehands.store.postgres.entries import read_entry
from safehands.store.postgres.faults import OtherMaster, translated
from safehands.store.postgres.streamkeys import StreamKeys
from safehands.store.vault import Vault

_LOAD = "select * from safehands.load(%b::text, %b::text, %b::text)"
_STUBS = (
    "select case_id::text, reference, matched, status, holder, opened_at, last_at "
    "from safehands.stubs(%b::text[], %b::bytea[], %b::text, %b::text, %b::text, %b::timestamptz, %b::timestamptz)"
)


class PostgresUnit:
    """See ``ports.Unit``. Takes a connection when it first needs one; begins a transaction only for ``lock``."""

    def __init__(
        self,
        connections: Connections,
        vault: Vault,
        stream_keys: StreamKeys,
        agency: str | None,
        check_writable: Callable[[], None],
    ) -> None:
        self._connections, self._vault, self._stream_keys = connections, vault, stream_keys
        self._agency, self._check_writable = agency, check_writable
        self._held: Connection | None = None
        self._in_transaction = self._ended = False

    def take(self, stream: str, command: str) -> tuple[Loaded | None, Receipt | None]:
        """See ``ports.Unit``."""
        check_stream(stream)
        return self._load(stream, command)

    def load(self, stream: str) -> Loaded | None:
        """See ``ports.Unit``."""
        return self.take(stream, "")[0]

    def done(self, command: str) -> Receipt | None:
        """See ``ports.Unit``."""
        return self._load("", command)[1]

    def lock(self, tokens: Sequence[Token]) -> None:
        """See ``ports.Unit``."""
        connection = self._connection()
        with connection.pipeline():
            if not self._in_transaction:
                connection.execute("begin")
                self._in_transaction = True
            connection.execute("select safehands.lock_tokens(%b::bytea[])", (self._vault.tokens(tokens),))

    def stubs(self, tokens: Sequence[Token], *, actor: str, agency: str, reason: str, at: datetime) -> tuple[Stub, ...]:
        """See ``ports.Unit``."""
        self._check_writable()
        kinds = [token.kind for token in tokens]
        found = ask(
            self._connection(),
            _STUBS,
            (kinds, self._vault.tokens(tokens), actor, agency, reason, at, at - RECENT),
        )
        names = ("case_id", "reference", "matched", "status", "holder", "opened_at", "last_at")
        return tuple(stub_of(dict(zip(names, row, strict=True)), row[2]) for row in found)

    def append(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """See ``ports.Unit``."""
        connection = self._connection()
        try:
            self._check_writable()
            check_appends(appends)
            return self._append(connection, appends)
        finally:
            self.close()

    def close(self) -> None:
        """End the unit. Only the log of looking can be left to commit."""
        self._ended = True
        if self._held is None:
            return
        connection, self._held = self._held, None
        try:
            if self._in_transaction and not connection.broken:
                connection.execute("commit")
        finally:
            self._connections.give_back(self._agency, connection)

    # ---------------------------------------------------------------------------------------------- underneath

    def _connection(self) -> Connection:
        if self._ended:
            raise RuntimeError("this unit has ended: its append was its last act")
        if self._held is None:
            self._held = self._connections.take(self._agency)
        return self._held

    def _load(self, stream: str, command: str) -> tuple[Loaded | None, Receipt | None]:
        ((*found, done_stream, first, count),) = ask(self._connection(), _LOAD, (self._agency, stream, command))
        done = None if done_stream is None else Receipt(command, done_stream, first, count, repeated=True)
        return self._loaded(stream, found), done

    def _loaded(self, stream: str, found: Sequence[Any]) -> Loaded | None:
        version, erased, slot, wrapped, snapshot_version, snapshot_nonce, snapshot, *arrays = found
        if version is None:
            return None
        if slot is None:
            raise LedgerFault(f"{stream}: the stream's key is missing")
        key = self._vault.key(stream, slot, wrapped)
        if key is None or snapshot is None:
            after, state = snapshot_version or 0, None
        else:
            after = snapshot_version
            state = self._vault.open_snapshot(key, stream, after, snapshot_nonce, snapshot)
        rows = zip(*(array or () for array in arrays), strict=True)
        entries = tuple(read_entry(self._vault, key, stream, erased, row) for row in rows)
        return Loaded(stream, version, after, state, entries, erased or key is None)

    def _append(self, connection: Connection, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """Append what was not done before. A command that another process does at this moment is looked up again."""
        receipts: dict[tuple[str, str], Receipt] = {}
        waiting = list(appends)
        while waiting:
            try:
                written = self._write(connection, waiting)
            except Stale:
                written = self._done_meanwhile(connection, waiting)
                if not written:
                    raise
            receipts |= {(receipt.command, receipt.stream): receipt for receipt in written}
            waiting = [append for append in waiting if (append.command, append.stream) not in receipts]
        return tuple(receipts[append.command, append.stream] for append in appends)

    def _write(self, connection: Connection, appends: Sequence[Append]) -> list[Receipt]:
        begun, gone_on = new_streams(appends)
        expected = {append.stream: append.expected for append in reversed(appends)}
        held = connection if self._agency is None else None
        fresh = self._stream_keys.new(begun, held)
        keys = fresh | self._stream_keys.present({stream: expected[stream] for stream in gone_on}, held)
        packed = parameters(appends, keys, self._vault)
        try:
            with translated(expected):
                rows = self._run(connection, packed)
        except OtherMaster:
            self._stream_keys.follow_master(held)
            raise
        except (LedgerFault, Stale):
            self._stream_keys.forget(gone_on)
            raise
        if not rows[0][-1]:
            self._stream_keys.remember(fresh.items())
        return [Receipt(*row) for row in rows]

    def _run(self, connection: Connection, packed: Sequence[object]) -> Rows:
        """One round trip: append, and commit. After a failure the transaction is over, with the log of looking kept."""
        if not self._in_transaction:
            return ask(connection, APPEND, packed)
        self._in_transaction = False
        try:
            with connection.pipeline(), connection.cursor(binary=True) as cursor:
                connection.execute("savepoint looked")
                cursor.execute(APPEND, packed)
                connection.execute("commit")
                return cursor.fetchall()
        except psycopg.Error:
            if not connection.broken:
                connection.execute("rollback to savepoint looked")
                connection.execute("commit")
            raise

    def _done_meanwhile(self, connection: Connection, appends: Sequence[Append]) -> list[Receipt]:
        """Receipts of these appends if another process has just done all of them; otherwise none."""
        with self._connections.worker(connection if self._agency is None else None) as worker:
            rows = ask(
                worker,
                "select c.command, c.stream, c.first, c.count, true "
                "from unnest(%b::text[], %b::text[]) a (command, stream) "
                "join safehands.command c on c.command = a.command and c.stream = a.stream",
                ([append.command for append in appends], [append.stream for append in appends]),
            )
        return [Receipt(*row) for row in rows] if len(rows) == len(appends) else []
