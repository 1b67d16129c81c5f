"""Erasing content of an agency's register by authority of a named person: the entry's content, salt and key go; its
place in the log, every proof, and each case's own note stay.

What stays of a record is coded: that it was registered, by whom, and of which kind (law 7). The cases it concerns are
told that an entry was erased, so that no process goes on with what it had folded before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from safehands import codec
from safehands.core.decide import decide
from safehands.core.events import ContentErased, Entry, Envelope, ErasedEntry
from safehands.core.records.commands import Noted, NoteMaterial
from safehands.core.records.events import RecordRegistered, RegisterEvent
from safehands.core.records.folding import fact_of
from safehands.core.records.material import Material
from safehands.core.records.telling import records_of, stream_of
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.core.wire import wire_name
from safehands.errors import BadInput, NotFound
from safehands.service.handle import Request, Service, given, prepare
from safehands.service.loading import folded
from safehands.store.ports import Append, NewEntry, Receipt

#: Entries without which a register could not be read: they say nothing of a person.
STAYS: Final = frozenset({"register_declared", "record_tied", "content_erased"})


def erase_entries(
    service: Service, agency: str, versions: Sequence[int], *, reason: str, authority: str, by: Actor
) -> Receipt:
    """Erase the content of ``versions`` of an agency's register.

    ``authority`` is who ordered it (a named person's office and reference), ``reason`` why. Raises ``NotFound``, or
    ``BadInput`` naming every version that cannot be erased.
    """
    stream = stream_of(agency)
    stored = service.store.entries(stream, agency=None)
    if not stored:
        raise NotFound(f"{agency} has no register here.")
    entries = {each.version: codec.decode(each.entry) for each in stored if each.entry is not None}
    faults = [f"Say {what}." for what, said in (("why", reason), ("who ordered it", authority)) if not said.strip()]
    for version in versions:
        if version not in entries:
            faults.append(f"There is no entry {version} that could be erased.")
        elif wire_name(type(entries[version].event)) in STAYS:
            faults.append(f"Entry {version} holds no personal content and stays.")
    if faults or not versions:
        raise BadInput(faults or ["Say which entries."])
    own = service.materials.register(service.store, stream).material
    listed = tuple(
        _listed(stored[version - 1].position, version, entries[version].event, own) for version in sorted(set(versions))
    )
    command, at = service.clock.new_id(), service.clock.now()
    envelope = Envelope(
        stream, len(stored) + 1, service.clock.recorded_at(), at, HappenedSource.LIVE, by, None, command
    )
    entry = Entry(envelope, ContentErased(listed, authority, reason))
    append = Append(command, stream, len(stored), (NewEntry(stream, len(stored) + 1, codec.encode(entry)),))
    receipt = service.store.erase(stream, tuple(each.version for each in listed), append)
    service.materials.forget(stream)
    for case, record in _concerned(own, listed).items():
        service.materials.forget(case)
        _tell(service, case, Noted(stream, len(stored) + 1, record, fact_of(entry)), by, command)
    return receipt


def _listed(position: int, version: int, event: object, own: Material) -> ErasedEntry:
    assert isinstance(event, RegisterEvent), "a register holds entries of registers, and those that say what was erased"
    record = next(iter(records_of(event, own)), "")
    kind = event.kind.value if isinstance(event, RecordRegistered) else ""
    return ErasedEntry(position, version, wire_name(type(event)), record, kind)


def _concerned(own: Material, listed: Sequence[ErasedEntry]) -> Mapping[str, str]:
    """Each case that is told, with one of the records that it is about."""
    return {case: each.record for each in listed for case in own.tied.get(each.record, ())}


def _tell(service: Service, stream: str, note: Noted, by: Actor, command: str) -> None:
    """A note of the erasing entry itself, in the name of the agency whose register it is."""
    of_agency = replace(by, agency=note.register.partition("/")[2])
    with service.store.unit(agency=None) as unit:
        loaded = unit.load(stream)
        assert loaded is not None, "a record is tied to cases that are there"
        case = folded(loaded)
        request = Request(command, case.case_id, NoteMaterial((note,)), of_agency)
        about = given(request, service.clock, {}, service.calendars)
        decided = decide(request.command, stream, case, service.catalogue.by_ref(case.pathway), about)
        unit.append((prepare(request, case, decided),))
