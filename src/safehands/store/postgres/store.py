"""``PostgresStore``: the port on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from safehands.store.checks import check_erasure, check_reaches, check_rows, check_stream
from safehands.store.keys import Keys
from safehands.store.ports import (
    Append,
    Cell,
    DueClock,
    Head,
    Loaded,
    Looked,
    OutboxMessage,
    PictureRow,
    Receipt,
    Signed,
    StoredEntry,
    Told,
    Within,
)
from safehands.store.postgres import entries, erasing, log
from safehands.store.postgres.batch import numbers, rows_by_table
from safehands.store.postgres.connections import Connections, ask
from safehands.store.postgres.faults import translated
from safehands.store.postgres.streamkeys import StreamKeys
from safehands.store.postgres.unit import PostgresUnit
from safehands.store.sealing import RestoredLedger
from safehands.store.vault import Vault, open_blind_key

#: Picture rows written at a time when all are rebuilt.
ROWS_AT_A_TIME = 2000


class PostgresStore:
    """See ``ports.Store``. ``restored`` is the fault that keeps this store from writing, if there is one."""

    def __init__(self, connections: Connections, keys: Keys) -> None:
        """Finishes what a crash interrupted, and compares the database with the last checkpoint that was signed.

        Raises ``KeyFault`` where the keys are not those the database was written with, ``LedgerFault`` where it
        contradicts itself. A restored database opens, for reading only.
        """
        self._connections, self._keys = connections, keys
        self.restored: RestoredLedger | None = None
        with connections.lent(None) as worker:
            ((master, blind),) = ask(worker, "select master, blind from safehands.vault_master")
            keys.settle_rotation(master)
            self._vault = Vault(keys, open_blind_key(keys.derive("safehands blind index"), blind))
            erasing.shred_noted(worker, keys, None)
            try:
                log.check_goes_on(worker, keys)
            except RestoredLedger as fault:
                self.restored = fault
        self._stream_keys = StreamKeys(connections, keys, self._vault)

    # ------------------------------------------------------------------------------------------------ writing

    @contextmanager
    def unit(self, *, agency: str | None) -> Iterator[PostgresUnit]:
        """See ``ports.Unit``."""
        unit = PostgresUnit(self._connections, self._vault, self._stream_keys, agency, self.check_writable)
        try:
            yield unit
        finally:
            unit.close()

    def append(self, append: Append) -> Receipt:
        """See ``ports.Unit.append``."""
        return self.append_all([append])[0]

    def append_all(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """See ``ports.Unit.append``."""
        with self.unit(agency=None) as unit:
            return unit.append(appends)

    def erase(self, stream: str, versions: Sequence[int], append: Append) -> Receipt:
        """See ``ports.Store`` and ``erasing``."""
        self.check_writable()
        check_erasure(stream, versions, append)
        receipt = erasing.erase(self._connections, self._vault, self._stream_keys, versions, append)
        with self._connections.lent(None) as worker:
            erasing.shred_noted(worker, self._keys, None)
        return receipt

    def change_master_key(self) -> tuple[str, str]:
        """Wrap every key under a new master key; the ids of the old and the new one. The caller writes the entry."""
        self.check_writable()
        with self._connections.lent(None) as worker:
            return erasing.change_master(worker, self._keys, self._vault)

    def rebuild_pictures(self, rows: Iterator[PictureRow]) -> None:
        """See ``ports.Store``."""
        with self._connections.transaction(None) as worker, translated():
            ask(worker, "select safehands.clear_pictures()")
            while some := list(islice(rows, ROWS_AT_A_TIME)):
                check_rows(some)
                last = {(row.table, row.key): row.row for row in some if row.row is not None}
                packed = rows_by_table((table, row) for (table, _), row in last.items())
                ask(worker, "select safehands.put_pictures(%b::jsonb, '{}')", (packed,))

    def told(self, numbers_told: Sequence[int], *, at: datetime) -> None:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            ask(worker, "select safehands.told(%b::bigint[], %b::timestamptz)", (numbers(numbers_told), at))

    def check_writable(self) -> None:
        """Raise ``RestoredLedger`` where this store may only be read."""
        if self.restored is not None:
            raise self.restored

    # ------------------------------------------------------------------------------------------------ reading

    def load(self, stream: str, *, agency: str | None) -> Loaded | None:
        """See ``ports.Unit.load``."""
        with self.unit(agency=agency) as unit:
            return unit.load(stream)

    def entries(
        self, stream: str, *, agency: str | None, after: int = 0, versions: Sequence[int] | None = None
    ) -> tuple[StoredEntry, ...]:
        """See ``ports.Store``."""
        check_stream(stream)
        with self._connections.transaction(agency) as connection:
            return entries.entries_of(connection, self._vault, stream, after, versions)

    def all_entries(self, *, start: int = 0) -> Iterator[StoredEntry]:
        """Every entry from position ``start`` on, in order."""
        with self._connections.lent(None) as worker:
            yield from entries.entries_from(worker, self._vault, start)

    def pictures(
        self,
        table: str,
        *,
        agency: str | None,
        where: Mapping[str, Cell] | None = None,
        by: Sequence[str] = (),
        limit: int | None = None,
        within: Within | None = None,
    ) -> list[dict[str, Cell]]:
        """See ``ports.Store``."""
        with self._connections.transaction(agency) as connection:
            return entries.pictures(connection, table, where or {}, by=by, limit=limit, within=within)

    def count_pictures(
        self, table: str, *, agency: str | None, where: Mapping[str, Cell] | None = None, within: Within | None = None
    ) -> int:
        """See ``ports.Store``."""
        with self._connections.transaction(agency) as connection:
            return entries.count_pictures(connection, table, where or {}, within)

    def facts(self, *, kind: str | None = None, agency: str | None = None) -> list[dict[str, Cell]]:
        """See ``ports.Store``."""
        with self._connections.transaction(agency) as connection:
            return entries.facts(connection, kind)

    def find(self, reference: str, *, agency: str | None) -> str | None:
        """The case with this reference."""
        found = self.pictures("case_picture", agency=agency, where={"reference": reference})
        return str(found[0]["case_id"]) if found else None

    def due(self, now: datetime, *, limit: int = 100, lease: timedelta = timedelta(0)) -> tuple[DueClock, ...]:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            rows = ask(
                worker,
                "select case_id::text, clock, next_step, next_at "
                "from safehands.due(%b::timestamptz, %b::integer, %b::interval)",
                (now, limit, lease),
            )
        return tuple(DueClock(*row) for row in rows)

    def outbox(self, *, after: int = 0, limit: int = 100) -> tuple[Told, ...]:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            rows = ask(
                worker,
                "select o.number, o.position, o.channel, o.recipient, o.about, o.body, t.number is not null "
                "from safehands.outbox o left join safehands.outbox_told t on t.number = o.number "
                "where o.number > %b::bigint order by o.number limit %b::integer",
                (after, limit),
            )
        return tuple(Told(number, position, OutboxMessage(*message), told) for number, position, *message, told in rows)

    def looked(self) -> tuple[Looked, ...]:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            rows = ask(
                worker, "select at, actor, agency, reason, kinds, shown::text[] from safehands.look order by number"
            )
        return tuple(
            Looked(at, actor, agency, reason, tuple(kinds), tuple(sorted(shown)))
            for at, actor, agency, reason, kinds, shown in rows
        )

    # ------------------------------------------------------------------------------------------------- the log

    def head(self) -> Head:
        """How long the log is, and what of it is signed."""
        with self._connections.lent(None) as worker:
            return log.head(worker)

    def seal(self, *, at: datetime) -> Head:
        """See ``ports.Store``."""
        self.check_writable()
        with self._connections.lent(None) as worker:
            try:
                while log.seal_some(worker, self._keys, at):
                    pass
            except RestoredLedger as fault:
                self.restored = fault
                raise
            return log.head(worker)

    def checkpoints(self, *, limit: int = 100) -> tuple[Signed, ...]:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            return log.checkpoints(worker, limit)

    def commitments(self, start: int, end: int) -> tuple[bytes, ...]:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            check_reaches(start, end, log.head(worker).sealed)
            return tuple(log.commitments(worker, start, end))

    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The hashes of complete subtrees (level, index) as far as they are sealed."""
        with self._connections.lent(None) as worker:
            return log.nodes(worker, wanted)

    def check_tree(self) -> int:
        """See ``ports.Store``."""
        with self._connections.lent(None) as worker:
            return log.check_tree(worker, self._keys)

    @property
    def vkey(self) -> str:
        """See ``ports.Store``."""
        return self._keys.signer.verifier.vkey

    def close(self) -> None:
        """Close every connection and let go of the keys."""
        self._connections.close()
        self._keys.close()
