"""What a request asks for and what has to be said to it: the answer sheet, made from the answering agency's own
register (evidence-review sheet 0.6, 1.7, R04, R05a)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from safehands.core.records.events import MaterialRequested, RecordRegistered
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import in_scope
from safehands.core.records.vocabulary import HoldingStatus, RecordKind, Relevance, ReplyCode, Scope

#: What the newest assertion about a record suggests as the answer to a line; the officer says it.
_SUGGESTED: Final = {
    HoldingStatus.DESTROYED: ReplyCode.DESTROYED,
    HoldingStatus.NEVER_HELD: ReplyCode.NOT_HELD,
    HoldingStatus.TRANSFERRED: ReplyCode.NOT_HELD,
    HoldingStatus.RETURNED_TO_OWNER: ReplyCode.NOT_HELD,
    HoldingStatus.MISSING: ReplyCode.NOT_SEARCHED,
    HoldingStatus.NOT_SEARCHED: ReplyCode.NOT_SEARCHED,
}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of an answer sheet before the officer answers it.

    ``suggests`` is what the register bears out (None: the officer chooses), ``share`` the share by which the asking
    agency has it already.
    """

    record: str
    kind: RecordKind
    exhibit_ref: str
    suggests: ReplyCode | None
    share: str | None = None


def of_register(own: Material, agency: str, scope: Scope, case: str) -> Iterator[Fact[RecordRegistered]]:
    """The agency's own records in scope: those tied to ``case``, and those of the persons whom the scope names."""
    for record, fact in own.records.items():
        tied = case in own.tied.get(record, ())
        named = not set(scope.persons).isdisjoint(fact.event.persons)
        if fact.event.agency == agency and (tied or named) and in_scope(fact, scope):
            yield fact


def relevance_at(material: Material, record: str, seq: int | None = None) -> Relevance:
    """The relevance of a record as it was last said, up to entry ``seq`` where one is given."""
    said = material.records[record].event.relevance
    for fact in material.classified.get(record, ()):
        if fact.event.relevance is not None and (seq is None or fact.seq <= seq):
            said = fact.event.relevance
    return said


def prefilled(own: Material, request: MaterialRequested, case: str, material: Material) -> tuple[SheetLine, ...]:
    """The answer sheet of ``request``, made from the answering agency's own register; every line waits for an answer.

    ``material`` is the case's: it says what the asking agency was given before.
    """
    return tuple(
        SheetLine(
            fact.event.record,
            fact.event.kind,
            fact.event.exhibit_ref,
            *_suggestion(own, fact.event, request, material),
        )
        for fact in sorted(of_register(own, request.to_agency, request.scope, case), key=lambda fact: fact.seq)
    )


def _suggestion(
    own: Material, record: RecordRegistered, request: MaterialRequested, material: Material
) -> tuple[ReplyCode | None, str | None]:
    for share in material.shares_of.get(record.record, ()):
        if material.shares[share].event.to_agency == request.from_agency and share not in material.revoked:
            return ReplyCode.ALREADY_SUPPLIED, share
    holdings = own.holdings.get(record.record, ())
    return (_SUGGESTED.get(holdings[-1].event.status) if holdings else None), None


def unanswered(own: Material, request: MaterialRequested, case: str, answered: frozenset[str]) -> tuple[str, ...]:
    """The records in scope on the own register for which there is no line, in the order of their registering (R04).

    What was found not relevant before the request was made needs none.
    """
    left = [
        fact
        for fact in of_register(own, request.to_agency, request.scope, case)
        if fact.event.record not in answered and not _not_relevant_before(own, fact.event.record, request.asked_at)
    ]
    return tuple(fact.event.record for fact in sorted(left, key=lambda fact: fact.seq))


def _not_relevant_before(own: Material, record: str, at: datetime) -> bool:
    fact = own.records[record]
    said = fact.event.relevance if fact.recorded_at < at else Relevance.UNASSESSED
    for change in own.classified.get(record, ()):
        if change.event.relevance is not None and change.recorded_at < at:
            said = change.event.relevance
    return said is Relevance.NOT_RELEVANT


def is_answered(material: Material, request: str) -> bool:
    """Whether a request waits no longer: it was withdrawn, or its last answer was complete."""
    replies = material.replies.get(request, ())
    return request in material.withdrawn or bool(replies and replies[-1].event.complete)


def open_requests(material: Material, agency: str) -> tuple[str, ...]:
    """The agency's own requests that wait for an answer or for the rest of one, oldest first."""
    found = [
        fact
        for request, fact in material.requests.items()
        if fact.event.from_agency == agency and not is_answered(material, request)
    ]
    return tuple(fact.event.request for fact in sorted(found, key=lambda fact: fact.seq))
