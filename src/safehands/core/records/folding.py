"""From entries to facts: a case's own, and a register's entry as a case learns it through its note."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from safehands.core.events import Entry, Envelope, ErasedEntry
from safehands.core.records.events import MaterialNoted, RecordRegistered
from safehands.core.records.material import Fact
from safehands.core.records.vocabulary import Precision, RecordKind, When
from safehands.core.wire import wire_name

#: The wire name of the entry that registers a record.
REGISTERS = wire_name(RecordRegistered)


def fact_of(entry: Entry) -> Fact[Any]:
    """An entry of a case's own stream, or of a register's, as the fact that this stream learned with it."""
    envelope = entry.envelope
    return Fact(
        entry.event,
        envelope.happened_at,
        envelope.recorded_at,
        envelope.version,
        envelope.by.actor,
        envelope.by.agency,
    )


def noted_fact(note: Envelope, fact: Fact[Any]) -> Fact[Any]:
    """A register's ``fact`` as a case learns it: in the order and at the time of the case's own note."""
    return replace(fact, seq=note.version, recorded_at=note.recorded_at, known_at=fact.recorded_at)


def stub_of_note(note: Envelope, noted: MaterialNoted) -> Fact[Any] | None:
    """What stays of a record whose own entry was erased: that it exists, of which kind, where. None for other
    entries."""
    if noted.what != REGISTERS:
        return None
    agency = noted.register.partition("/")[2]
    return Fact(
        _stub(noted.record, agency, noted.kind, note.happened_at),
        note.happened_at,
        note.recorded_at,
        note.version,
        note.by.actor,
        agency,
    )


def stub_of_erased(entry: Entry, erased: ErasedEntry) -> Fact[Any] | None:
    """The same in the register itself: the erasing entry says which record the erased one registered."""
    if erased.type != REGISTERS:
        return None
    fact = fact_of(entry)
    agency = entry.envelope.stream.partition("/")[2]
    return replace(fact, event=_stub(erased.record, agency, erased.kind, fact.happened_at), agency=agency)


def _stub(record: str, agency: str, kind: str, at: datetime) -> RecordRegistered:
    return RecordRegistered(record, agency, "", RecordKind(kind), "", When(at, Precision.UNKNOWN))
