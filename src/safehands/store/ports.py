"""The ports of the store: what the service may ask of it, and the values that cross.

Two stores implement ``Store``: ``store.memory`` (the oracle, plain dictionaries) and ``store.postgres``. One contract test class
runs on both. The store knows nothing of what a case means: it keeps entries as bytes, numbers them, encrypts them in the vault,
writes the rows that projections computed, and grows the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

#: A cell of a picture or a fact: coded values and references only, never free personal content.
Cell = str | int | float | bool | datetime | None

#: The tables of pictures with their primary keys. A picture row is a function of one case's folded state.
PICTURE_KEYS: Mapping[str, tuple[str, ...]] = {
    "case_picture": ("case_id",),
    "holding_picture": ("case_id", "n"),
    "offer_picture": ("offer_id",),
    "task_picture": ("task_id",),
    "clock_picture": ("case_id", "clock"),
    "concern_picture": ("case_id", "concern"),
    "standing_picture": ("case_id", "agency"),
    "contact_picture": ("contact_id",),
    "link_picture": ("case_id", "other_case"),
    "presence_picture": ("case_id", "responder"),
}

#: The columns of each picture, in order, with their type: text, integer, boolean, instant.
PICTURE_COLUMNS: Mapping[str, Mapping[str, Literal["text", "integer", "boolean", "instant"]]] = {
    "case_picture": {
        "case_id": "text",
        "reference": "text",
        "pathway": "text",
        "status": "text",
        "holder": "text",
        "keeper": "text",
        "receiver": "text",
        "concluded": "integer",
        "row_id": "text",
        "decided": "integer",
        "opened_at": "instant",
        "closed_at": "instant",
        "last_at": "instant",
        "next_due_at": "instant",
        "next_clock": "text",
        "offers_open": "integer",
        "concerns_open": "integer",
        "worst_concern": "integer",
        "version": "integer",
    },
    "holding_picture": {
        "case_id": "text",
        "n": "integer",
        "agency": "text",
        "held_from": "instant",
        "held_until": "instant",
    },
    "offer_picture": {
        "offer_id": "text",
        "case_id": "text",
        "kind": "text",
        "from_agency": "text",
        "to_agency": "text",
        "desk": "text",
        "status": "text",
        "offered_at": "instant",
        "due_at": "instant",
        "acknowledged_at": "instant",
        "settled_at": "instant",
        "by_word": "boolean",
        "confirmed": "boolean",
        "late": "boolean",
    },
    "task_picture": {
        "task_id": "text",
        "case_id": "text",
        "kind": "text",
        "assignee": "text",
        "status": "text",
        "added_at": "instant",
        "due_at": "instant",
        "settled_at": "instant",
    },
    "clock_picture": {
        "case_id": "text",
        "clock": "text",
        "spec": "text",
        "status": "text",
        "started_at": "instant",
        "due_at": "instant",
        "next_step": "text",
        "next_at": "instant",
    },
    "concern_picture": {
        "case_id": "text",
        "concern": "text",
        "rule": "text",
        "grade": "integer",
        "raised_at": "instant",
        "cleared_at": "instant",
    },
    "standing_picture": {"case_id": "text", "agency": "text", "since": "instant"},
    "contact_picture": {
        "contact_id": "text",
        "case_id": "text",
        "channel": "text",
        "reporter_type": "text",
        "taken_by": "text",
        "received_at": "instant",
        "dropped_at": "instant",
    },
    "link_picture": {"case_id": "text", "other_case": "text", "linked_at": "instant"},
    "presence_picture": {
        "case_id": "text",
        "responder": "text",
        "agency": "text",
        "arrived_at": "instant",
        "released_at": "instant",
    },
}

#: The columns of the one table of facts: insert-only rows, each of one event, each with the event's position.
FACT_COLUMNS: Mapping[str, Literal["text", "integer", "number", "instant"]] = {
    "case_id": "text",
    "kind": "text",
    "happened_at": "instant",
    "agency": "text",
    "other_agency": "text",
    "code": "text",
    "row_id": "text",
    "outcome": "integer",
    "seconds": "number",
    "count": "integer",
}


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written: its stream, its version in that stream (dense from 1), and its bytes as they will be hashed."""

    stream: str
    version: int
    entry: bytes


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture row to write (``row`` holds every column) or to remove (``row`` is None; ``key`` says which)."""

    table: str
    key: tuple[Cell, ...]
    row: Mapping[str, Cell] | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact of the entry at ``ordinal`` (0-based within its append)."""

    ordinal: int
    row: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Token:
    """A keyed blind index of something a person must be found by: kind (``phone``, ``address``, ``nhs_number``, ``name``,
    ``subject``, ``place``) and the normalised plain value. The store keys and hashes it; the plain value is never stored."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something that must be told outside after the commit: to whom, on which channel, and a reference (no personal content)."""

    channel: str
    to: str
    about: str
    body: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Append:
    """What one command writes to one stream, all or nothing.

    ``expected`` is the version the caller folded (0 = the stream must not exist). ``command`` is the idempotency key: a second
    append with the same command id writes nothing and answers the first receipt. ``snapshot`` is the folded state after these
    entries (encrypted by the store; a cache).
    """

    command: str
    stream: str
    expected: int
    entries: tuple[NewEntry, ...]
    pictures: tuple[PictureRow, ...] = ()
    facts: tuple[FactRow, ...] = ()
    tokens: tuple[Token, ...] = ()
    outbox: tuple[OutboxMessage, ...] = ()
    snapshot: bytes | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was written: the position of the first entry and how many; ``repeated`` when the command had been done before."""

    command: str
    stream: str
    first: int
    count: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as read back. ``entry`` and ``salt`` are None once the content was erased; the commitment always stays."""

    position: int
    stream: str
    version: int
    entry: bytes | None
    salt: bytes | None
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream ready to fold: the snapshot (version, bytes) if there is one, and the entries after it, in order of version.

    ``version`` is the stream's last version. ``erased`` says that content of this stream was erased.
    """

    stream: str
    version: int
    snapshot_version: int
    snapshot: bytes | None
    entries: tuple[StoredEntry, ...]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Stub:
    """What one agency may know of another's open or recent case about the same person or place: that it exists, coded."""

    case_id: str
    reference: str
    matched: tuple[str, ...]
    status: str
    holder: str
    opened_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DueClock:
    """A running clock whose next step has come."""

    case_id: str
    clock: str
    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The state of the log: entries written, entries sealed into the tree, root at ``sealed`` (bytes), latest checkpoint text."""

    size: int
    sealed: int
    root: bytes
    checkpoint: str | None


class Unit(Protocol):
    """One transaction. Leaving the context normally commits; an exception rolls everything back."""

    def done(self, command: str) -> Receipt | None: ...
    def load(self, stream: str) -> Loaded | None: ...
    def lock(self, tokens: Sequence[Token]) -> None: ...
    def stubs(
        self, tokens: Sequence[Token], *, actor: str, agency: str, reason: str, at: datetime
    ) -> tuple[Stub, ...]: ...
    def append(self, appends: Sequence[Append]) -> tuple[Receipt, ...]: ...


class Store(Protocol):
    """Everything the service may ask of a store."""

    def unit(self, *, agency: str | None) -> AbstractContextManager[Unit]: ...
    def load(self, stream: str, *, agency: str | None) -> Loaded | None: ...
    def append(self, append: Append) -> Receipt: ...
    def entries(self, stream: str, *, agency: str | None) -> tuple[StoredEntry, ...]: ...
    def all_entries(self, *, start: int = 0) -> Iterator[StoredEntry]: ...
    def pictures(
        self, table: str, *, agency: str | None, where: Mapping[str, Cell] | None = None
    ) -> list[dict[str, Cell]]: ...
    def facts(self, *, kind: str | None = None) -> list[dict[str, Cell]]: ...
    def find(self, reference: str, *, agency: str | None) -> str | None: ...
    def due(self, now: datetime, *, limit: int = 100) -> tuple[DueClock, ...]: ...
    def head(self) -> Head: ...
    def seal(self, *, at: datetime) -> Head: ...
    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]: ...
    def erase(self, stream: str, versions: Sequence[int], append: Append) -> Receipt: ...
    def rebuild_pictures(self, rows: Iterator[PictureRow]) -> None: ...
    def close(self) -> None: ...
