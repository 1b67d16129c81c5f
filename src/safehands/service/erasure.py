"""Erasing personal content by authority of a named person: content, salt and key go; the place in the ledger stays and
verifies.

Without versions named, everything that says something about a person goes: what was said, asked, told, promised,
decided and why. What stays is coded: who held the case from when to when, its clocks, its concerns. A case is made of
what its entries say, so while it is open only entries that nothing is decided on can go. The snapshot of a closed case
is folded anew from redacted entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from safehands import codec
from safehands.core.case import Case
from safehands.core.events import ContentErased, Entry, Envelope, ErasedEntry, Event, HandoverAccepted, WordOf
from safehands.core.evolve import evolve, fold
from safehands.core.vocabulary import UNKNOWN, Actor, Answer, Contact, HappenedSource
from safehands.core.wire import wire_name
from safehands.errors import BadInput, NotFound, Refused
from safehands.projections import facts, pictures
from safehands.service import outbox
from safehands.service.handle import Service
from safehands.service.rebuild import UNFOLDED
from safehands.store.ports import Append, NewEntry, Receipt, StoredEntry

#: Entries that hold no more than codes, agencies and times. They stay unless somebody names them.
CODED: Final = frozenset(
    [
        "case_opened",
        "contact_dropped",
        "call_back_made",
        "handover_acknowledged",
        "handover_accepted",
        "handover_lapsed",
        "case_assumed",
        "keeper_set",
        "responder_released",
        "clock_started",
        "clock_stopped",
        "clock_step_reached",
        "clock_breached",
        "concern_raised",
        "concern_cleared",
        "case_closed",
        "case_reopened",
        "content_erased",
        "concern_regraded",
        "material_noted",
        "case_flagged",
        "stage_reached",
        "share_received",
        "share_opened",
    ]
)

#: Fields of events that hold free text or what a person said, in the snapshot as well.
_FREE_TEXT: Final = frozenset(
    [
        "reason",
        "text",
        "asks",
        "note",
        "result",
        "how",
        "if_worse",
        "was",
        "now",
        "place",
        "name",
        "phone",
        "address",
        "nhs_number",
        "date_of_birth",
        # of records
        "description",
        "exhibit_ref",
        "relevance_reason",
        "sensitivity_reason",
        "medium_note",
        "label",
        "location",
        "conditions",
        "wording",
        "why",
        "basis",
        "reasons",
    ]
)
_FREE_MAPPINGS: Final = frozenset({"pack", "form", "inputs"})
_FREE_LISTS: Final = frozenset({"history_shown", "rests_on", "unknown"})


def erase(
    service: Service, case_id: str, *, versions: Sequence[int] = (), reason: str, authority: str, by: Actor
) -> Receipt:
    """Erase the content of ``versions`` of a case, or of everything personal in it.

    ``authority`` is who ordered it (a named person's office and reference), ``reason`` why. Raises ``NotFound``,
    ``BadInput`` naming every version that cannot be erased, ``Refused`` where the case is open and more than identities
    is asked for.
    """
    stream = f"case/{case_id}"
    stored = service.store.entries(stream, agency=None)
    if not stored:
        raise NotFound("There is no such case, or your agency has no standing in it.")
    needed = {"why it is erased": reason, "who ordered it": authority}
    faults = [f"Say {what}." for what, said in needed.items() if not said.strip()]
    if faults:
        raise BadInput(faults)
    entries = {each.version: codec.decode(each.entry) for each in stored if each.entry is not None}
    gone = _chosen(stored, entries, versions)
    before = service.case(case_id, agency=None)
    _check_open(before, gone, entries)
    listed = tuple(
        ErasedEntry(stored[version - 1].position, version, wire_name(type(entries[version].event))) for version in gone
    )
    command, at = service.clock.new_id(), service.clock.now()
    envelope = Envelope(
        stream, len(stored) + 1, service.clock.recorded_at(), at, HappenedSource.LIVE, by, before.pathway, command
    )
    entry = Entry(envelope, ContentErased(listed, authority, reason))
    after = evolve(_redacted(before, entries, frozenset(gone)), entry)
    append = Append(
        command=command,
        stream=stream,
        expected=len(stored),
        entries=(NewEntry(stream, len(stored) + 1, codec.encode(entry)),),
        pictures=pictures.changed(before, after),
        facts=facts.of((entry,), after, service.catalogue.by_ref(before.pathway)),
        snapshot=codec.encode_case(after),
        outbox=outbox.of((entry,), after),
    )
    return service.store.erase(stream, gone, append)


def _chosen(stored: Sequence[StoredEntry], entries: Mapping[int, Entry], versions: Sequence[int]) -> tuple[int, ...]:
    """The versions to erase: those named, or everything personal that is still there."""
    if not versions:
        chosen = tuple(version for version, entry in entries.items() if is_personal(entry.event))
        if not chosen:
            raise BadInput(["Nothing personal is left in this case."])
        return chosen
    faults = [f"This case has no entry {version}." for version in versions if not 1 <= version <= len(stored)]
    faults += [
        f"Entry {each.version} was erased already."
        for each in stored
        if each.entry is None and each.version in versions
    ]
    faults += [
        f"Entry {version} opens the case, or says what was erased: it holds no personal content and stays."
        for version in versions
        if version in entries and wire_name(type(entries[version].event)) in ("case_opened", "content_erased")
    ]
    if faults:
        raise BadInput(faults)
    return tuple(sorted(set(versions)))


def is_personal(event: Event) -> bool:
    """Whether an event says something about a person beyond codes, agencies and times."""
    if isinstance(event, HandoverAccepted):
        return event.by_word is not None
    return wire_name(type(event)) not in CODED


def _check_open(case: Case, gone: Sequence[int], entries: Mapping[int, Entry]) -> None:
    needed = [version for version in gone if wire_name(type(entries[version].event)) not in UNFOLDED]
    if case.is_open and needed:
        raise Refused(
            "erase.open",
            f"This case is open and people act on entries {', '.join(map(str, needed))}. Close it first, or name only "
            "entries that identify somebody.",
            versions=tuple(needed),
        )


def _redacted(before: Case, entries: Mapping[int, Entry], gone: frozenset[int]) -> Case:
    """The case folded anew without what is erased now; from the snapshot's own state where more was erased before."""
    if before.erased:
        return _without_content(before)
    return fold(
        replace(entry, event=redact(entry.event)) if version in gone else entry for version, entry in entries.items()
    )


def _without_content(case: Case) -> Case:
    """A case some of whose entries are gone already: everything free in its state goes, since nobody can tell which."""
    return replace(
        case,
        answers={},
        decisions=tuple(redact(each) for each in case.decisions),
        conclusion=redact(case.conclusion) if case.conclusion is not None else None,
        offers={name: redact(each) for name, each in case.offers.items()},
        tasks={name: redact(each) for name, each in case.tasks.items()},
        promises={name: redact(each) for name, each in case.promises.items()},
        presences={name: redact(each) for name, each in case.presences.items()},
        told=tuple(redact(each) for each in case.told),
        milestones=tuple(redact(each) for each in case.milestones),
        contacts={name: redact(each) for name, each in case.contacts.items()},
        lowering=redact(case.lowering) if case.lowering is not None else None,
    )


def redact(event: Any) -> Any:  # Any: one rule for every dataclass of the core, by the names of its fields
    """The same value with free text, packs, forms and answers emptied; codes, agencies and times stay."""
    changed: dict[str, object] = {}
    for each in fields(event):
        value = getattr(event, each.name)
        if each.name in _FREE_TEXT and isinstance(value, str):
            changed[each.name] = ""
        elif each.name in _FREE_MAPPINGS:
            changed[each.name] = {}
        elif each.name in _FREE_LISTS:
            changed[each.name] = ()
        elif isinstance(value, WordOf):
            changed[each.name] = WordOf("", "", "")
        elif isinstance(value, Contact):
            changed[each.name] = replace(value, reference=None)
        elif each.name == "answers":
            changed[each.name] = tuple(_unanswered(answer) for answer in value)
        elif isinstance(value, Answer):
            changed[each.name] = _unanswered(value)
    return replace(event, **changed)


def _unanswered(answer: Answer) -> Answer:
    return replace(answer, value=UNKNOWN, verbatim=None)
