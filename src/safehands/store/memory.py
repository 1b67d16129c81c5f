"""The memory store: plain dictionaries, obviously right, slow where that is simpler. The oracle for PostgreSQL.

It keeps salts, commits and grows the same tree, and signs it with a key of its own. Nothing is encrypted and nothing
survives.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock

from safehands.errors import LedgerFault, NotFound
from safehands.ledger.commitment import SALT_BYTES, leaf_data, opens
from safehands.ledger.note import KeyType, Signer
from safehands.store.checks import (
    case_of,
    check_appends,
    check_erasure,
    check_reaches,
    check_rows,
    check_stream,
    check_where,
    check_within,
)
from safehands.store.memory_log import MemoryLog
from safehands.store.memory_pictures import MemoryPictures, instant, lies, order
from safehands.store.outcomes import stale, stub_of
from safehands.store.ports import (
    FACT_COLUMNS,
    RECENT,
    Append,
    Cell,
    DueClock,
    Head,
    Loaded,
    Looked,
    PictureRow,
    Receipt,
    Signed,
    StoredEntry,
    Stub,
    Token,
    Told,
    Within,
)


@dataclass(slots=True)
class _Stream:
    """Positions of a stream's entries in order of version, and what is kept beside them."""

    positions: list[int] = field(default_factory=list)
    snapshot: tuple[int, bytes] | None = None
    erased: bool = False


class MemoryStore:
    """A store in memory. ``signer`` signs its checkpoints; without one it makes its own."""

    def __init__(self, signer: Signer | None = None) -> None:
        self.signer = signer or Signer("memory.safehands.example", KeyType.LOG, os.urandom(32))
        self.lock = RLock()
        self._entries: list[StoredEntry] = []
        self._streams: dict[str, _Stream] = {}
        self._receipts: dict[tuple[str, str], Receipt] = {}
        self._pictures = MemoryPictures()
        self._facts: list[dict[str, Cell]] = []
        self._tokens: list[tuple[Token, str, range]] = []
        self._outbox: list[Told] = []
        self._looked: list[Looked] = []
        self._leases: dict[tuple[str, str], datetime] = {}
        self._log = MemoryLog(self.signer)

    # ------------------------------------------------------------------------------------------------ writing

    @contextmanager
    def unit(self, *, agency: str | None) -> Iterator[MemoryUnit]:
        """See ``ports.Store``."""
        unit = MemoryUnit(self, agency)
        try:
            yield unit
        finally:
            unit.close()

    def append(self, append: Append) -> Receipt:
        """See ``ports.Unit.append``."""
        return self.append_all([append])[0]

    def append_all(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """See ``ports.Unit.append``."""
        check_appends(appends)
        with self.lock:
            new = [append for append in appends if (append.command, append.stream) not in self._receipts]
            self._check_versions(new)
            self._pictures.write(row for append in new for row in append.pictures)
            written = {(append.command, append.stream): self._write(append) for append in new}
            return tuple(
                written.get((append.command, append.stream))
                or replace(self._receipts[append.command, append.stream], repeated=True)
                for append in appends
            )

    def _check_versions(self, appends: Sequence[Append]) -> None:
        versions: dict[str, int] = {}
        for append in appends:
            version = versions.get(append.stream, self._version(append.stream))
            if append.expected != version:
                raise stale(append.stream, append.expected, version)
            versions[append.stream] = version + len(append.entries)

    def _version(self, stream: str) -> int:
        return len(self._streams[stream].positions) if stream in self._streams else 0

    def _write(self, append: Append) -> Receipt:
        first = len(self._entries)
        stream = self._streams.setdefault(append.stream, _Stream())
        for new in append.entries:
            salt = os.urandom(SALT_BYTES)
            stream.positions.append(len(self._entries))
            self._entries.append(
                StoredEntry(len(self._entries), new.stream, new.version, new.entry, salt, leaf_data(salt, new.entry))
            )
        if append.snapshot is not None:
            stream.snapshot = (len(stream.positions), append.snapshot)
        versions = range(append.expected + 1, len(stream.positions) + 1)
        self._tokens += [(token, append.stream, versions) for token in append.tokens]
        for fact in sorted(append.facts, key=lambda fact: fact.ordinal):
            row = {name: fact.row.get(name) for name in FACT_COLUMNS}
            self._facts.append({"position": first + fact.ordinal} | row)
        for message in append.outbox:
            self._outbox.append(Told(len(self._outbox) + 1, first, message))
        receipt = Receipt(append.command, append.stream, first, len(append.entries))
        self._receipts[append.command, append.stream] = receipt
        return receipt

    def erase(self, stream: str, versions: Sequence[int], append: Append) -> Receipt:
        """See ``ports.Store``."""
        check_erasure(stream, versions, append)
        with self.lock:
            done = self._receipts.get((append.command, append.stream))
            if done is not None:
                return replace(done, repeated=True)
            if stream not in self._streams:
                raise NotFound(f"There is no {stream}.")
            self._check_versions([append])
            receipt = self.append_all([append])
            for version in versions:
                position = self._streams[stream].positions[version - 1]
                self._entries[position] = replace(self._entries[position], entry=None, salt=None)
            self._streams[stream].erased = True
            if append.snapshot is None:
                self._streams[stream].snapshot = None
            gone = set(versions)
            self._tokens = [held for held in self._tokens if held[1] != stream or gone.isdisjoint(held[2])]
            return receipt[0]

    def rebuild_pictures(self, rows: Iterator[PictureRow]) -> None:
        """See ``ports.Store``."""
        listed = [row for row in rows if row.row is not None]
        check_rows(listed)
        anew = MemoryPictures()
        anew.write(listed)
        with self.lock:
            self._pictures = anew

    # ------------------------------------------------------------------------------------------------ reading

    def load(self, stream: str, *, agency: str | None) -> Loaded | None:
        """See ``ports.Unit.load``."""
        check_stream(stream)
        if stream not in self._streams or not self._visible(stream, agency):
            return None
        kept = self._streams[stream]
        after, snapshot = kept.snapshot or (0, None)
        entries = tuple(self._entries[position] for position in kept.positions[after:])
        return Loaded(stream, len(kept.positions), after, snapshot, entries, kept.erased)

    def done(self, command: str, *, agency: str | None) -> Receipt | None:
        """See ``ports.Unit.done``."""
        found = [
            receipt
            for receipt in self._receipts.values()
            if receipt.command == command and self._visible(receipt.stream, agency)
        ]
        return replace(min(found, key=lambda receipt: receipt.first), repeated=True) if found else None

    def entries(
        self, stream: str, *, agency: str | None, after: int = 0, versions: Sequence[int] | None = None
    ) -> tuple[StoredEntry, ...]:
        """See ``ports.Store``."""
        check_stream(stream)
        if stream not in self._streams or not self._visible(stream, agency):
            return ()
        positions = self._streams[stream].positions
        if versions is None:
            return tuple(self._entries[position] for position in positions[after:])
        wanted = sorted(version for version in set(versions) if after < version <= len(positions))
        return tuple(self._entries[positions[version - 1]] for version in wanted)

    def all_entries(self, *, start: int = 0) -> Iterator[StoredEntry]:
        """Every entry from position ``start`` on, in order."""
        return iter(self._entries[start:])

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
        wanted = dict(where or {})
        check_where(table, {**dict.fromkeys(by), **wanted})
        check_within(table, within)
        found = [
            (key, dict(row))
            for case, rows in self._pictures.cases()
            if self._visible(f"case/{case}", agency)
            for (name, key), row in rows.items()
            if name == table and all(row[column] == value for column, value in wanted.items()) and lies(row, within)
        ]
        found.sort(key=lambda pair: (*_in_order(pair[1], by), *map(order, pair[0])))
        return [row for _, row in found[:limit]]

    def count_pictures(
        self, table: str, *, agency: str | None, where: Mapping[str, Cell] | None = None, within: Within | None = None
    ) -> int:
        """See ``ports.Store``."""
        return len(self.pictures(table, agency=agency, where=where, within=within))

    def facts(self, *, kind: str | None = None, agency: str | None = None) -> list[dict[str, Cell]]:
        """See ``ports.Store``."""
        return [
            dict(row)
            for row in self._facts
            if (kind is None or row["kind"] == kind) and self._stands_in(row.get("case_id"), agency)
        ]

    def find(self, reference: str, *, agency: str | None) -> str | None:
        """The case with this reference."""
        case = self._pictures.case_with(reference)
        return case if case is not None and self._visible(f"case/{case}", agency) else None

    def stubs(self, tokens: Sequence[Token], *, actor: str, agency: str, reason: str, at: datetime) -> tuple[Stub, ...]:
        """See ``ports.Unit.stubs``."""
        matched: dict[str, set[str]] = {}
        for token, stream, _ in self._tokens:
            case = case_of(stream)
            if token in tokens and case is not None:
                matched.setdefault(case, set()).add(token.kind)
        rows = {case: self._pictures.of_case(case).get(("case_picture", (case,))) for case in matched}
        found = [
            stub_of(row, matched[case])
            for case, row in rows.items()
            if row is not None and (row["closed_at"] is None or instant(row["last_at"]) >= at - RECENT)
        ]
        found.sort(key=lambda stub: stub.case_id)
        found.sort(key=lambda stub: stub.last_at, reverse=True)
        kinds = tuple(sorted({token.kind for token in tokens}))
        self._looked.append(Looked(at, actor, agency, reason, kinds, tuple(sorted(stub.case_id for stub in found))))
        return tuple(found)

    def due(self, now: datetime, *, limit: int = 100, lease: timedelta = timedelta(0)) -> tuple[DueClock, ...]:
        """See ``ports.Store``."""
        found = []
        for row in self.pictures("clock_picture", agency=None):
            case, clock, at = str(row["case_id"]), str(row["clock"]), row["next_at"]
            leased = lease and self._leases.get((case, clock), now) > now
            if isinstance(at, datetime) and at <= now and not leased:
                found.append(DueClock(case, clock, str(row["next_step"]), at))
        found = sorted(found, key=lambda due: (due.at, due.case_id, due.clock))[:limit]
        if lease:
            self._leases.update({(due.case_id, due.clock): now + lease for due in found})
        return tuple(found)

    def outbox(self, *, after: int = 0, limit: int = 100) -> tuple[Told, ...]:
        """See ``ports.Store``."""
        return tuple(self._outbox[max(after, 0) :][:limit])

    def told(self, numbers: Sequence[int], *, at: datetime) -> None:  # noqa: ARG002  # the port's: kept as yes or no
        """See ``ports.Store``."""
        self._outbox = [replace(told, told=told.told or told.number in numbers) for told in self._outbox]

    def looked(self) -> tuple[Looked, ...]:
        """See ``ports.Store``."""
        return tuple(self._looked)

    def _stands_in(self, case: Cell, agency: str | None) -> bool:
        return agency is None or (case is not None and self._visible(f"case/{case}", agency))

    def _visible(self, stream: str, agency: str | None) -> bool:
        """Whether an agency may know of a stream: a case in which it has standing, a pathway, the node, its own
        streams and its own register."""
        if agency is None:
            return True
        case = case_of(stream)
        if case is not None:
            return ("standing_picture", (case, agency)) in self._pictures.of_case(case)
        own = f"agency/{agency}"
        alone = ("node", own, f"register/{agency}")
        return agency != "" and (stream in alone or stream.startswith(("pathway/", f"{own}/")))

    # -------------------------------------------------------------------------------------------------- the log

    def head(self) -> Head:
        """How long the log is, and what of it is signed."""
        return self._log.head(len(self._entries))

    def seal(self, *, at: datetime) -> Head:
        """See ``ports.Store``."""
        with self.lock:
            self._log.seal([entry.commitment for entry in self._entries[self._log.size :]], at=at)
        return self.head()

    def checkpoints(self, *, limit: int = 100) -> tuple[Signed, ...]:
        """See ``ports.Store``."""
        return self._log.checkpoints(limit)

    def commitments(self, start: int, end: int) -> tuple[bytes, ...]:
        """See ``ports.Store``."""
        check_reaches(start, end, self._log.size)
        return tuple(entry.commitment for entry in self._entries[start:end])

    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The hashes of complete subtrees (level, index) as far as they are sealed."""
        return self._log.nodes(wanted)

    def check_tree(self) -> int:
        """See ``ports.Store``."""
        size = self._log.check(entry.commitment for entry in self._entries[: self._log.size])
        for entry in self._entries:
            if entry.entry is not None and not opens(entry.commitment, entry.salt or b"", entry.entry):
                raise LedgerFault(f"{entry.stream} version {entry.version} is not what the ledger committed to")
        return size

    @property
    def vkey(self) -> str:
        """See ``ports.Store``."""
        return self.signer.verifier.vkey

    def close(self) -> None:
        """Nothing to let go of."""


class MemoryUnit:
    """See ``ports.Unit``. ``lock`` takes the one lock of the whole store."""

    def __init__(self, store: MemoryStore, agency: str | None) -> None:
        self._store, self._agency = store, agency
        self._locked = self._ended = False

    def done(self, command: str) -> Receipt | None:
        """See ``ports.Unit``."""
        return self._open().done(command, agency=self._agency)

    def load(self, stream: str) -> Loaded | None:
        """See ``ports.Unit``."""
        return self._open().load(stream, agency=self._agency)

    def take(self, stream: str, command: str) -> tuple[Loaded | None, Receipt | None]:
        """See ``ports.Unit``."""
        return self.load(stream), self.done(command)

    def lock(self, tokens: Sequence[Token]) -> None:  # noqa: ARG002  # the port's: one lock does for all
        """See ``ports.Unit``."""
        self._open()
        if not self._locked:
            self._store.lock.acquire()
            self._locked = True

    def stubs(self, tokens: Sequence[Token], *, actor: str, agency: str, reason: str, at: datetime) -> tuple[Stub, ...]:
        """See ``ports.Unit``."""
        return self._open().stubs(tokens, actor=actor, agency=agency, reason=reason, at=at)

    def append(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """See ``ports.Unit``."""
        store = self._open()
        try:
            return store.append_all(appends)
        finally:
            self.close()

    def close(self) -> None:
        """End the unit and let go of its lock."""
        self._ended = True
        if self._locked:
            self._locked = False
            self._store.lock.release()

    def _open(self) -> MemoryStore:
        if self._ended:
            raise RuntimeError("this unit has ended: its append was its last act")
        return self._store


def _in_order(row: Mapping[str, Cell], by: Sequence[str]) -> Iterator[tuple[bool, tuple[int, str]]]:
    """What a row is sorted by: nothing comes last."""
    for column in by:
        yield row[column] is None, order(row[column])
