"""A case's evidence as one agency may read it: what it may not read stays as a stub (law 7), what is highly sensitive
is counted and left out.

Only what registers say is narrowed. What lies in the case's own stream (requests, answers, shares, decisions, letters)
every agency with a part in the case reads already. The concerns are those that the rules find in everything: an agency
is told that a source was not seen, whether or not it may read the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from safehands import codec
from safehands.core.records import events as e
from safehands.core.records.findings import Finding, Findings
from safehands.core.records.material import EMPTY, Fact, Material, absorb_all
from safehands.core.records.telling import records_of
from safehands.errors import BadInput
from safehands.service.handle import Service
from safehands.service.material import of_case, seen_by
from safehands.store.ports import StoredEntry

#: What keeps its place without its words: these say that something exists, where it is, what it was made from.
_STRUCTURE: Final = (
    e.RecordRegistered,
    e.RecordReclassified,
    e.CopyRegistered,
    e.CustodyRecorded,
    e.HoldingAsserted,
    e.DerivationRecorded,
    e.SameEventRecorded,
    e.SourceClaimed,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A case's material for one reader (None: the installation itself), with what the rules find in all of it.

    ``stubs`` are the records that it may know to exist and not read; ``hidden`` counts by holder those of which it is
    told their number only; ``size`` is how many entries of the case were read.
    """

    case_id: str
    reference: str
    material: Material
    findings: Findings
    stubs: frozenset[str] = frozenset()
    hidden: Mapping[str, int] = field(default_factory=dict)
    size: int = 0
    withheld_findings: int = 0


def evidence_of(
    service: Service, case_id: str, *, agency: str | None, size: int | None = None, at: datetime | None = None
) -> Evidence:
    """The evidence of a case as it stands, or as it stood: at the ledger's ``size``, or by what was learned up to
    ``at``. What may be read is judged by the rights of today.

    Raises ``NotFound`` where the agency has no standing in the case.
    """
    case = service.case(case_id, agency=agency)
    stored = service.store.entries(case.stream, agency=None)
    whole = of_case(service.store, stored) or []
    read = _until(stored, size, at)
    facts = whole if len(read) == len(stored) else (of_case(service.store, read) or [] if read else [])
    material = absorb_all(facts, EMPTY)
    asked_at = service.clock.now() if len(read) == len(stored) else at or _last(read) or case.opened_at
    rules = service.integrity
    findings = {} if rules is None else rules.evaluate(material, asked_at, service.calendars)
    if agency is None:
        return Evidence(case_id, case.reference, material, findings, size=len(read))
    today = absorb_all(whole, EMPTY)
    seen = seen_by(today, agency)
    readable = {fact.event.record for fact in seen.records}
    stubs = frozenset(stub.record for stub in seen.stubs)
    hidden = frozenset(today.records) - readable - stubs
    shown = absorb_all(narrowed(facts, today, readable=readable, hidden=hidden), EMPTY)
    told = {name: each for name, each in findings.items() if not hidden & set(_names(each))}
    return Evidence(
        case_id,
        case.reference,
        shown,
        told,
        stubs & frozenset(material.records),
        {} if not hidden & frozenset(material.records) else seen.hidden,
        len(read),
        len(findings) - len(told),
    )


def narrowed(
    facts: Iterable[Fact[Any]], material: Material, *, readable: Iterable[str], hidden: Iterable[str]
) -> Iterator[Fact[Any]]:
    """``facts`` with those of registers cut down to what a reader of the ``readable`` records may know; nothing of the
    ``hidden`` ones is left."""
    may_read, gone = frozenset(readable), frozenset(hidden)
    for fact in facts:
        event: Any = fact.event
        if not isinstance(event, e.REGISTER_CLASSES) or isinstance(event, e.RegisterDeclared):
            yield fact
            continue
        records = set(records_of(fact.event, material))
        if records & gone:
            continue
        if records <= may_read:
            yield fact
        elif isinstance(fact.event, _STRUCTURE):
            yield replace(fact, event=_stub(fact.event))


def _stub(event: Any) -> Any:
    match event:
        case e.RecordRegistered():
            kept = e.RecordRegistered(event.record, event.agency, "", event.kind, "", event.created)
            return replace(kept, sensitivity=event.sensitivity, for_defence=event.for_defence, legacy=event.legacy)
        case e.RecordReclassified():
            return replace(event, reason="", authority="")
        case e.CopyRegistered():
            return e.CopyRegistered(event.copy, event.record, event.role, event.medium, held_by=event.held_by)
        case e.CustodyRecorded():
            return e.CustodyRecorded(
                event.custody,
                event.copy,
                event.type,
                event.at,
                event.agency,
                medium_only=event.medium_only,
                supersedes=event.supersedes,
            )
        case e.HoldingAsserted():
            return replace(event, location="", system="", asserted_by="", authority="", method="", note="")
        case e.DerivationRecorded():
            return replace(event, made_by="", extent="", tool="")
        case e.SourceClaimed():
            return replace(event, scope="", reason="")
        case _:
            return event


def _names(finding: Finding) -> tuple[str, ...]:
    return (*finding.records, *finding.cause.split(":"))


def _until(stored: tuple[StoredEntry, ...], size: int | None, at: datetime | None) -> tuple[StoredEntry, ...]:
    if size is not None and at is not None:
        raise BadInput(["Ask by a day or by a size of the ledger, not by both."])
    if size is not None:
        return tuple(each for each in stored if each.position < size)
    if at is not None:
        return tuple(each for each in stored if each.entry is None or _learned(each.entry) <= at)
    return stored


def _last(stored: Iterable[StoredEntry]) -> datetime | None:
    return max((_learned(each.entry) for each in stored if each.entry is not None), default=None)


def _learned(entry: bytes) -> datetime:
    return codec.decode(entry).envelope.recorded_at
