"""The material of cases and registers in use: folded from the ledger, kept in a bounded cache, brought up to date by
what was written since.

A material is never stored: it is the fold of a stream, and a process that has it needs the stream's tail only. What a
command decides on is checked twice: the case's version is the one that was folded (else it is folded on and decided
anew), and the append carries that version. See ADR 171.

``seen_by`` says what an agency may read of it (law 7), ``material_at`` what it was at an earlier moment.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any, Final

from safehands import codec
from safehands.core.calendar import Calendar
from safehands.core.events import ContentErased, Entry
from safehands.core.records.events import MATERIAL_CLASSES, REGISTER_CLASSES, MaterialNoted, RecordRegistered
from safehands.core.records.findings import Findings, Integrity
from safehands.core.records.folding import fact_of, noted_fact, stub_of_erased, stub_of_note
from safehands.core.records.knowing import listed_to, sensitivity_of
from safehands.core.records.material import EMPTY, Fact, Material, absorb_all
from safehands.core.records.vocabulary import RecordKind, Sensitivity, When, WithheldFor
from safehands.store.ports import Store, StoredEntry

#: How many streams a process keeps folded. A material of 10,000 records takes some tens of megabytes.
KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Known:
    """A material at a version of its stream, and what the integrity rules found in it."""

    version: int = 0
    material: Material = EMPTY
    findings: Findings = field(default_factory=dict)


class Materials:
    """The bounded cache: the streams used last, newest last. Any thread may use it."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: str) -> Known:
        """What is kept of a stream; nothing of it where nothing is."""
        with self._lock:
            known = self._known.get(stream)
            if known is None:
                return Known()
            self._known.move_to_end(stream)
            return known

    def keep(self, stream: str, known: Known) -> None:
        """Keep ``known``, unless something newer is kept."""
        with self._lock:
            if self._known.get(stream, Known()).version <= known.version:
                self._known[stream] = known
                self._known.move_to_end(stream)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)

    def forget(self, stream: str) -> None:
        """Keep nothing of a stream: its content was erased."""
        with self._lock:
            self._known.pop(stream, None)

    def register(self, store: Store, stream: str) -> Known:
        """A register as it stands in the store."""
        known = self.get(stream)
        tail = store.entries(stream, agency=None, after=known.version)
        if not tail:
            return known
        if _erases(tail) and known.version:
            self.forget(stream)
            return self.register(store, stream)
        fresh = Known(tail[-1].version, absorb_all(_of_register(tail), known.material))
        self.keep(stream, fresh)
        return fresh

    def case(
        self,
        store: Store,
        stream: str,
        integrity: Integrity | None,
        at: datetime,
        calendars: Mapping[str, Calendar],
    ) -> Known:
        """A case's material as it stands in the store, with everything that the rules find in it at ``at``."""
        known = self.get(stream)
        tail = store.entries(stream, agency=None, after=known.version)
        if not tail:
            return known
        facts = of_case(store, tail)
        if facts is None and known.version:
            self.forget(stream)
            return self.case(store, stream, integrity, at, calendars)
        material = absorb_all(facts or (), known.material)
        findings = known.findings
        if integrity is not None and known.version:
            findings = integrity.advance(findings, known.material, material, facts or (), at=at, calendars=calendars)
        elif integrity is not None:
            findings = integrity.evaluate(material, at, calendars)
        fresh = Known(tail[-1].version, material, findings)
        self.keep(stream, fresh)
        return fresh


def _erases(tail: Sequence[StoredEntry]) -> bool:
    return any(each.entry is not None and isinstance(codec.decode(each.entry).event, ContentErased) for each in tail)


def _of_register(tail: Sequence[StoredEntry]) -> list[Fact[Any]]:
    """The facts of a register's entries; of an erased registration its stub, at the place of the erasing entry."""
    facts: list[Fact[Any]] = []
    for entry in _decoded(tail):
        if isinstance(entry.event, REGISTER_CLASSES):
            facts.append(fact_of(entry))
        elif isinstance(entry.event, ContentErased):
            stubs = (stub_of_erased(entry, each) for each in entry.event.erased)
            facts += [stub for stub in stubs if stub is not None]
    return facts


def _decoded(stored: Sequence[StoredEntry]) -> list[Entry]:
    return [codec.decode(each.entry) for each in stored if each.entry is not None]


def of_case(store: Store, stored: Sequence[StoredEntry]) -> list[Fact[Any]] | None:
    """The facts of a case's entries, each note standing for the register's entry that it names.

    Where that was erased, what stays of it: a record's existence, kind and place. None where an entry says that content
    was erased and ``stored`` does not begin the stream: what was folded before may hold what is gone.
    """
    entries = _decoded(stored)
    wanted: dict[str, list[int]] = {}
    for entry in entries:
        if isinstance(entry.event, MaterialNoted):
            wanted.setdefault(entry.event.register, []).append(entry.event.version)
    registered = {
        (register, entry.envelope.version): entry
        for register, versions in wanted.items()
        for entry in _decoded(store.entries(register, agency=None, versions=versions))
    }
    facts: list[Fact[Any]] = []
    begins = stored[0].version == 1
    for entry in entries:
        event = entry.event
        if isinstance(event, MaterialNoted):
            named = registered.get((event.register, event.version))
            if named is not None and isinstance(named.event, REGISTER_CLASSES):
                facts.append(noted_fact(entry.envelope, fact_of(named)))
            elif named is not None and not begins:
                return None
            elif stub := stub_of_note(entry.envelope, event):
                facts.append(stub)
        elif isinstance(event, MATERIAL_CLASSES):
            facts.append(fact_of(entry))
        elif isinstance(event, ContentErased) and not begins:
            return None
    return facts


def material_at(store: Store, case_id: str, *, size: int | None = None, at: datetime | None = None) -> Material:
    """What the case's register said at an earlier moment: by the ledger's ``size`` that a decision quotes, or by what
    had been learned by an instant. Content that was erased since is not brought back.
    """
    stored = [each for each in store.entries(f"case/{case_id}", agency=None) if size is None or each.position < size]
    if at is not None:
        learned = [each for each in stored if each.entry is None or codec.decode(each.entry).envelope.recorded_at <= at]
        stored = learned
    return absorb_all(of_case(store, stored) or ()) if stored else EMPTY


# --- who may read what ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stub:
    """What an agency with a part in the case may know of a record that it may not read: existence, not content."""

    record: str
    kind: RecordKind
    created: When
    holder: str
    sensitivity: Sensitivity
    withheld_for: WithheldFor | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The material as one agency sees it: ``records`` in full, ``stubs`` of the rest, and by holder how many records
    are so sensitive that even a stub is too much."""

    records: tuple[Fact[RecordRegistered], ...]
    stubs: tuple[Stub, ...]
    hidden: Mapping[str, int]

    @property
    def all(self) -> int:
        """How many records there are, seen or not."""
        return len(self.records) + len(self.stubs) + sum(self.hidden.values())


def seen_by(material: Material, agency: str) -> Seen:
    """What ``agency`` may read: its own records and those shared with it or listed to it in full, every other one as a
    stub (law 7). The order is that of learning.
    """
    entitled = listed_to(material, agency)
    withheld = _withheld(material, agency)
    full: list[Fact[RecordRegistered]] = []
    stubs: list[Stub] = []
    hidden: dict[str, int] = {}
    for fact in sorted(material.records.values(), key=lambda fact: fact.seq):
        record = fact.event
        sensitivity = sensitivity_of(material, record.record)
        if record.agency == agency or (record.record in entitled and record.record not in withheld):
            others = fact.event.cases if record.agency == agency else ()
            full.append(replace(fact, event=replace(record, cases=others)))
        elif sensitivity is Sensitivity.HIGHLY_SENSITIVE:
            hidden[record.agency] = hidden.get(record.agency, 0) + 1
        else:
            reason = withheld.get(record.record)
            stubs.append(Stub(record.record, record.kind, record.created, record.agency, sensitivity, reason))
    return Seen(tuple(full), tuple(stubs), hidden)


def _withheld(material: Material, agency: str) -> dict[str, WithheldFor]:
    """The records that were withheld from an agency by the last answer about them, and on what ground."""
    found: dict[str, WithheldFor] = {}
    facts = [
        fact
        for request in material.requests.values()
        if request.event.from_agency == agency
        for fact in material.replies.get(request.event.request, ())
    ]
    for fact in sorted(facts, key=lambda fact: fact.seq):
        for item in fact.event.items:
            found.pop(item.record, None)
            if item.withheld_for is not None:
                found[item.record] = item.withheld_for
    return found
