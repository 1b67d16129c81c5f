"""The ports of the store: what the service may ask of it, and the values that cross.

Two stores implement ``Store``: ``store.memory`` (the oracle, plain dictionaries) and ``store.postgres``. One contract
test class runs on both. The store knows nothing of what a case means: it keeps entries as bytes, numbers them, encrypts
them in the vault, writes the rows that projections computed, and grows the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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

#: How long after its last event a closed case of another agency still shows as a stub. [our default]
RECENT = timedelta(days=365)

#: The columns of the one table of facts: insert-only rows, each of one event, each with the event's position. ``about``
# is what
#: the fact is about within its case (a decision, an offer, a responder), ``name`` a second code beside ``code``,
# ``day`` and
#: ``hour`` the civil day (ISO) and hour in London of ``happened_at``. Which kind of fact fills what:
# ``projections.facts``.
FACT_COLUMNS: Mapping[str, Literal["text", "integer", "number", "instant"]] = {
    "case_id": "text",
    "kind": "text",
    "happened_at": "instant",
    "day": "text",
    "hour": "integer",
    "about": "text",
    "agency": "text",
    "other_agency": "text",
    "code": "text",
    "name": "text",
    "provenance": "text",
    "row_id": "text",
    "outcome": "integer",
    "seconds": "number",
    "count": "integer",
}


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written: its stream, its version in that stream (dense from 1), and its bytes as they will be
    hashed."""

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
    """A keyed blind index of something a person must be found by: kind (``phone``, ``address``, ``nhs_number``,
    ``name``, ``subject``, ``place``) and the normalised plain value. The store keys and hashes it; the plain value is
    never stored."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something that must be told outside after the commit: to whom, on which channel, and a reference (no personal
    content)."""

    channel: str
    to: str
    about: str
    body: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Append:
    """What one command writes to one stream, all or nothing.

    ``expected`` is the version the caller folded (0 = the stream must not exist). ``command`` is the idempotency key: a
    second append with the same command id writes nothing and answers the first receipt. ``snapshot`` is the folded
    state after these entries (encrypted by the store; a cache).
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
    """What was written: the position of the first entry and how many; ``repeated`` when the command had been done
    before."""

    command: str
    stream: str
    first: int
    count: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as read back. ``entry`` and ``salt`` are None once the content was erased; the commitment always
    stays."""

    position: int
    stream: str
    version: int
    entry: bytes | None
    salt: bytes | None
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream ready to fold: the snapshot (version, bytes) if there is one, and the entries after it, in order of
    version.

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
    """What one agency may know of another's open or recent case about the same person or place: that it exists,
    coded."""

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
    """The state of the log: entries written, entries sealed into the tree, root at ``sealed`` (bytes), latest
    checkpoint text."""

    size: int
    sealed: int
    root: bytes
    checkpoint: str | None


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint that was kept: how many entries it covers, the signed note as it was published, and when it was
    signed."""

    size: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the outbox with its number: numbers rise in the order of commits. ``told`` says it was delivered."""

    number: int
    position: int
    message: OutboxMessage
    told: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """One line of the log of looking: who asked, for which agency and why, and the cases whose stubs they were
    shown."""

    at: datetime
    actor: str
    agency: str
    reason: str
    kinds: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Rows whose instant in ``column`` is at or after ``since`` and before ``until``; None is no bound. A row without
    that instant lies within no bound."""

    column: str
    since: datetime | None = None
    until: datetime | None = None


class Unit(Protocol):
    """What one command may read and write, as one agency.

    ``append`` is a unit's last act: it writes everything and commits, in one round trip, or writes nothing and raises.
    After it the unit can do no more (``RuntimeError``). A unit that is left without ``append`` has written nothing but
    the log of looking, which is kept: whoever has looked has looked.
    """

    def done(self, command: str) -> Receipt | None:
        """What this command wrote, if it was done before (of several streams: the first)."""

    def load(self, stream: str) -> Loaded | None:
        """The stream ready to fold; None where it does not exist or the agency may not know of it."""

    def take(self, stream: str, command: str) -> tuple[Loaded | None, Receipt | None]:
        """``load`` and ``done`` together, in one round trip."""

    def lock(self, tokens: Sequence[Token]) -> None:
        """Wait for, and keep until the end of the unit, the lock on each of these keys of a person or place.

        Comes before ``take`` and ``stubs``: what was read before the lock may have changed.
        """

    def stubs(self, tokens: Sequence[Token], *, actor: str, agency: str, reason: str, at: datetime) -> tuple[Stub, ...]:
        """Cases of any agency found by these tokens: open ones, and those with an event since ``at`` less ``RECENT``.

        The newest first. Writes the log of looking, and commits it at once.
        """

    def append(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """Write all of ``appends``, or nothing; a receipt for each, in order.

        An append whose command was done on that stream before is passed over; its receipt says ``repeated``. Raises
        ``Stale`` where a stream is not at the expected version, ``BadInput`` with every fault of form, ``LedgerFault``
        where two agencies would hold one case at one time.
        """


class Store(Protocol):
    """Everything the service may ask of a store. ``agency`` None reads as the system: everything.

    ``vkey`` is the verifier key of the log, in the form of C2SP signed-note; it names the log's origin.
    """

    @property
    def vkey(self) -> str: ...

    def unit(self, *, agency: str | None) -> AbstractContextManager[Unit]: ...
    def load(self, stream: str, *, agency: str | None) -> Loaded | None: ...
    def append(self, append: Append) -> Receipt: ...
    def append_all(self, appends: Sequence[Append]) -> tuple[Receipt, ...]: ...
    def entries(
        self, stream: str, *, agency: str | None, after: int = 0, versions: Sequence[int] | None = None
    ) -> tuple[StoredEntry, ...]:
        """The entries of a stream above version ``after``, or those of ``versions`` alone, in order of version; none
        where it does not exist or the agency may not know of it."""

    def all_entries(self, *, start: int = 0) -> Iterator[StoredEntry]: ...
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
        """Rows of a picture that equal ``where`` and lie ``within``, ordered by the columns ``by`` (nothing comes last)
        and then by their key; at most ``limit`` of them."""

    def count_pictures(
        self, table: str, *, agency: str | None, where: Mapping[str, Cell] | None = None, within: Within | None = None
    ) -> int:
        """How many rows ``pictures`` would give without a limit."""

    def facts(self, *, kind: str | None = None, agency: str | None = None) -> list[dict[str, Cell]]:
        """Facts in the order of their entries, each with its ``position``: of the cases in which ``agency`` has
        standing, or of all."""

    def find(self, reference: str, *, agency: str | None) -> str | None: ...
    def due(self, now: datetime, *, limit: int = 100, lease: timedelta = timedelta(0)) -> tuple[DueClock, ...]:
        """Clocks whose next step has come, the longest waiting first. With a ``lease`` they are taken in hand: other
        calls with a lease pass over them until ``now + lease``, so that several workers share the work and a dead one
        loses nothing."""

    def outbox(self, *, after: int = 0, limit: int = 100) -> tuple[Told, ...]:
        """Messages with a number above ``after``, in order."""

    def told(self, numbers: Sequence[int], *, at: datetime) -> None:
        """Note that these messages were delivered."""

    def looked(self) -> tuple[Looked, ...]:
        """The log of looking, oldest first."""

    def head(self) -> Head: ...
    def seal(self, *, at: datetime) -> Head:
        """Sign what was written: grow the tree and keep a checkpoint. Does nothing where nothing is new."""

    def checkpoints(self, *, limit: int = 100) -> tuple[Signed, ...]:
        """The checkpoints that were signed, the newest first."""

    def commitments(self, start: int, end: int) -> tuple[bytes, ...]:
        """The leaves of the sealed entries from ``start`` to before ``end``. Raises ``NotFound`` where the sealed log
        does not reach so far."""

    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]: ...
    def check_tree(self) -> int:
        """Work the whole tree out again from the entries' commitments and compare it with the last signed checkpoint;
        the number of entries that were checked. Raises ``LedgerFault`` where they differ."""

    def erase(self, stream: str, versions: Sequence[int], append: Append) -> Receipt:
        """Erase the content of ``versions`` for good and write ``append`` (the entry that says so) to the same
        stream."""

    def rebuild_pictures(self, rows: Iterator[PictureRow]) -> None:
        """Replace all pictures by ``rows``, in one transaction."""

    def close(self) -> None: ...
