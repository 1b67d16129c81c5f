"""What an agency was told of in a case, and what a decider has to give account of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from safehands.core.records.answering import relevance_at
from safehands.core.records.material import Material
from safehands.core.records.reading import now
from safehands.core.records.vocabulary import (
    DERIVED_BY_NATURE,
    RecordKind,
    Relevance,
    ReplyCode,
    Sensitivity,
    SourceClaim,
)

#: Kinds that say something about the case's handling and are no evidence of the matter itself.
ADMINISTRATIVE: Final = frozenset(
    {
        RecordKind.SCHEDULE,
        RecordKind.INDEX,
        RecordKind.DECISION_RECORD,
        RecordKind.POLICY_LOG,
        RecordKind.LETTER,
        RecordKind.EMAIL,
        RecordKind.REQUEST,
        RecordKind.RESPONSE,
        RecordKind.CERTIFICATE,
    }
)

#: Answers by which the asking agency learned that a record is, or was, there.
_TELLS: Final = frozenset(ReplyCode) - {ReplyCode.NOT_HELD}

#: Claims that account for a source that nobody registered; the others leave it open (R02).
ACCOUNTED: Final = frozenset({SourceClaim.DESTROYED, SourceClaim.NEVER_EXISTED, SourceClaim.SEARCHED_NOT_FOUND})


#: Answers with which the asking agency is given more than a record's existence.
_DESCRIBES: Final = frozenset({ReplyCode.SUPPLIED, ReplyCode.ALREADY_SUPPLIED, ReplyCode.LISTED_NOT_SUPPLIED})


def listed_to(material: Material, agency: str) -> frozenset[str]:
    """The records whose description ``agency`` may read: shared with it, listed in an answer to it, or on a schedule
    that another agency served."""
    shared = {share.event.record for share in material.shares.values() if share.event.to_agency == agency}
    listed = {
        item.record
        for request in material.requests.values()
        if request.event.from_agency == agency
        for reply in material.replies.get(request.event.request, ())
        for item in reply.event.items
        if item.answer in _DESCRIBES
    }
    scheduled = {item.record for schedule in material.schedules.values() for item in schedule.event.items}
    return frozenset(shared | listed | scheduled)


def told_to(material: Material, agency: str) -> frozenset[str]:
    """The records that ``agency`` was told of: its own, those shared with it, listed to it, or on a schedule."""
    return frozenset(_told(material, agency))


def _told(material: Material, agency: str) -> Iterator[str]:
    for record, fact in material.records.items():
        if fact.event.agency == agency:
            yield record
    for share in material.shares.values():
        if share.event.to_agency == agency:
            yield share.event.record
    for request in material.requests.values():
        if request.event.from_agency == agency:
            for reply in material.replies.get(request.event.request, ()):
                yield from (item.record for item in reply.event.items if item.answer in _TELLS)
    for schedule in material.schedules.values():
        yield from (item.record for item in schedule.event.items)
    for attestation in material.attestations.values():
        yield from attestation.event.listed


def to_account_for(material: Material, agency: str) -> tuple[str, ...]:
    """The records that a decider of ``agency`` has to have seen, or to sign why not, in the order of their learning.

    What was found not relevant, what is about the handling of the case, and what this system holds as a stub only, is
    not among them.
    """
    found = [
        material.records[record]
        for record in told_to(material, agency)
        if record in material.records
        and material.records[record].event.kind not in ADMINISTRATIVE
        and relevance_at(material, record) is not Relevance.NOT_RELEVANT
        and sensitivity_of(material, record) is not Sensitivity.HIGHLY_SENSITIVE
    ]
    return tuple(fact.event.record for fact in sorted(found, key=lambda fact: fact.seq))


def sensitivity_of(material: Material, record: str) -> Sensitivity:
    """The sensitivity of a record as it was last said."""
    said = material.records[record].event.sensitivity
    for fact in material.classified.get(record, ()):
        said = fact.event.sensitivity if fact.event.sensitivity is not None else said
    return said


def same_content(material: Material, records: Iterable[str]) -> frozenset[str]:
    """``records`` and all that verified lossless copying joins to them: who saw one has seen all (sheet 1.4)."""
    reading = now(material)
    return frozenset(member for record in records for member in reading.content_class(record))


def is_orphan(material: Material, record: str) -> bool:
    """Whether a record is derived by its nature, from a source that nobody registered and nobody accounted for
    (R02)."""
    if record not in material.records or material.records[record].event.kind not in DERIVED_BY_NATURE:
        return False
    if any(material.derivations[edge].event.source in material.records for edge in material.made_from.get(record, ())):
        return False
    claims = material.claimed.get(record, ())
    return not claims or claims[-1].event.claim not in ACCOUNTED


def deciders_before(material: Material, decision: str) -> frozenset[str]:
    """Who made this decision and those that it reviews."""
    found: set[str] = set()
    seen: set[str] = set()
    while decision in material.decisions and decision not in seen:
        seen.add(decision)
        made = material.decisions[decision].event
        found.add(made.decider)
        decision = made.reviews or ""
    return frozenset(found)
