"""Concerns as a page tells them: the rule's sentence, the events that make it true, its basis, what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from safehands import codec
from safehands.core.case import Case, Concern
from safehands.core.records.events import DerivationRecorded, MaterialNoted, SameEventRecorded
from safehands.core.records.findings import Finding
from safehands.core.records.material import Material
from safehands.core.vocabulary import Actor
from safehands.desk.apps import kernel
from safehands.desk.forms import Form
from safehands.desk.subjects.evidence.concerns import forms_for
from safehands.desk.telling import marked
from safehands.rulebook.integrity.catalogue import ENTRIES
from safehands.service.moments import moments_written
from safehands.service.story import sentence

#: What a register says of two records that tells nothing of what stands in them.
_NO_CONTENT: Final = (DerivationRecorded, SameEventRecorded)


@dataclass(frozen=True, slots=True)
class Because:
    """One of the events that make a concern true: what it says, when it was learned, and where it stands."""

    version: int
    says: str
    learned: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """A concern as a person reads it."""

    case: Case
    concern: Concern
    reference: str
    url: str
    name: str
    says: str
    note: str
    basis: str
    cost: str
    unless: tuple[str, ...]
    because: tuple[Because, ...]
    knowable_then: bool
    pages_people: bool
    about: str
    decision: str
    acknowledged: tuple[str, ...]
    forms: tuple[Form, ...]

    @property
    def grade(self) -> int:
        """From 1 (critical) to 4 (recorded, no alarm)."""
        return self.concern.grade


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads concerns: how a decision and an agency are called for them, as whom the ledger is read, and which
    records they may read. Of every other record they are told that it exists, never what it says."""

    by: Actor
    agency: str | None
    decisions: Mapping[str, str]
    names: Mapping[str, str]
    readable: frozenset[str]


def told(
    case: Case, material: Material, findings: Mapping[str, Finding], concerns: Sequence[Concern], reader: Reader
) -> tuple[Told, ...]:
    """``concerns`` of a case in words, in their order."""
    wanted = {seq for each in concerns if each.concern in findings for seq in findings[each.concern].because}
    events = dict(_events(case, wanted, reader))
    return tuple(_told(case, material, findings.get(each.concern), each, events, reader) for each in concerns)


def _told(  # noqa: PLR0917 - all of what a concern is told by
    case: Case,
    material: Material,
    finding: Finding | None,
    concern: Concern,
    events: Mapping[int, Because],
    reader: Reader,
) -> Told:
    entry = ENTRIES[concern.rule]
    letter = finding.letter if finding is not None else concern.letter
    decision = (finding.decision if finding is not None else None) or ""
    return Told(
        case=case,
        concern=concern,
        reference=case.reference,
        url=reverse("case_section", args=[case.case_id, "concerns"]),
        name=entry.name,
        says=entry.says.get(letter, ""),
        note=finding.note if finding is not None else "",
        basis=entry.basis,
        cost=entry.cost,
        unless=entry.unless,
        because=tuple(events[seq] for seq in (finding.because if finding is not None else ()) if seq in events),
        knowable_then=finding.knowable_then if finding is not None else True,
        pages_people=letter in entry.pages,
        about=reader.names.get(concern.about_agency, concern.about_agency),
        decision=reader.decisions.get(decision, ""),
        acknowledged=tuple(
            f"{fact.actor} ({fact.agency}): {fact.event.reason}"
            for fact in material.acknowledged.get(concern.concern, ())
        ),
        forms=tuple(forms_for(case, concern, reader.by)),
    )


def _events(case: Case, versions: Iterable[int], reader: Reader) -> Iterator[tuple[int, Because]]:
    """The entries of a case by version, in words; what a register says of a record stands for the note of it where the
    reader may read that record."""
    store = kernel().store
    wanted = sorted(versions)
    if not wanted:
        return
    url = reverse("case_section", args=[case.case_id, "record"])
    for stored in store.entries(case.stream, agency=reader.agency, versions=wanted):
        if stored.entry is None:
            continue
        entry = codec.decode(stored.entry)
        event = entry.event
        if isinstance(event, MaterialNoted):
            found = store.entries(event.register, agency=None, versions=[event.version])
            if found and found[0].entry is not None:
                named = codec.decode(found[0].entry).event
                if event.record in reader.readable or isinstance(named, _NO_CONTENT):
                    event = named
        with moments_written(marked):
            says = sentence(event)
        yield (
            stored.version,
            Because(stored.version, says, entry.envelope.recorded_at, f"{url}#entry-{stored.version}"),
        )


def without_words(material: Material) -> tuple[int, int]:
    """How often a concern was acknowledged, and how often with fewer than three words: a rule that is waved through
    needs another look itself (evidence-review sheet 2, alarm hygiene 6)."""
    said = [fact.event.reason for facts in material.acknowledged.values() for fact in facts]
    return len(said), sum(len(each.split()) < 3 for each in said)
