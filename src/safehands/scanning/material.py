"""A closed case as the material that the integrity rules speak of.

Every fact is taken as learned when it happened: the table says what was so, not when a register heard of it. What the
columns do not hold is not made up: no copy is registered beyond one a record, no share beyond ``supplied_on``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.material import Fact, Material, absorb
from safehands.core.records.vocabulary import (
    Channel,
    Considered,
    CopyRole,
    CustodyType,
    HoldingStatus,
    HowKnown,
    KnownUnseen,
    LetterClaim,
    Medium,
    Mode,
    Precision,
    RecordedToo,
    SourceClaim,
    Stage,
    Test,
    When,
)
from safehands.scanning.closed import ClosedCase, ClosedDecision, ClosedLetter, ClosedRecord, Use
from safehands.scanning.columns import UNKNOWN
from safehands.scanning.days import instant

#: The side that decided, where the table has no column for it.
DECIDER: Final = "the decider's agency"
#: A holder of whom the table says nothing.
NOBODY_NAMED: Final = "an agency that the table does not name"

#: Of facts of one day: what there is comes before what is done with it.
_FIRST, _THEN, _LATER, _LAST = range(4)


def material_of(case: ClosedCase) -> Material:
    """The material: registrations and holdings, what was made from what, checks, supplies, decisions, letters."""
    dated = sorted(_facts(case), key=lambda each: each[:2])
    material = Material()
    for seq, (day, _order, event, actor) in enumerate(dated, 1):
        at = instant(day)
        material = absorb(material, Fact(event, at, at, seq, actor, _agency_of(event)))
    return material


def _agency_of(event: Any) -> str:
    return str(getattr(event, "decider_agency", None) or getattr(event, "agency", ""))


def _facts(case: ClosedCase) -> Iterator[tuple[int, int, Any, str]]:
    """(day, order within the day, event, who did it), in the order of the rows."""
    for record in case.records:
        yield from _of_record(record)
    for record in case.records:
        yield from _edges(record)
    for decision in case.decisions:
        uses = [use for use in case.uses if use.decision == decision.ref]
        yield from _supplies(decision, uses)
        yield decision.made, _LATER, _decided(decision, uses), decision.decider
    yield from _letters(case.letters)


def _of_record(record: ClosedRecord) -> Iterator[tuple[int, int, Any, str]]:
    holder = "" if record.held_by == UNKNOWN else record.held_by
    agency = holder or NOBODY_NAMED
    made = When(instant(record.made), Precision.DAY if record.made else Precision.UNKNOWN)
    registered = e.RecordRegistered(
        record.ref, agency, record.ref, record.kind, record.ref, made, created_by=record.made_by, legacy=True
    )
    yield record.made, _FIRST, registered, record.made_by
    copied = e.CopyRegistered(_copy(record.ref), record.ref, CopyRole.MASTER, Medium.PHYSICAL, held_by=holder or None)
    yield record.made, _FIRST, copied, ""
    if holder:
        yield record.made, _FIRST, _held(record, holder, HoldingStatus.HELD, record.made), ""
    elif record.held_by:
        yield record.made, _FIRST, _held(record, agency, HoldingStatus.UNKNOWN, record.made), ""
    if record.destroyed:
        at = instant(record.destroyed)
        yield record.destroyed, _LAST, _held(record, agency, HoldingStatus.DESTROYED, record.destroyed), ""
        yield (
            record.destroyed,
            _LAST,
            e.CustodyRecorded(f"{record.ref}/destroyed", _copy(record.ref), CustodyType.DESTROYED, at, agency),
            "",
        )


def _held(record: ClosedRecord, agency: str, status: HoldingStatus, day: int) -> e.HoldingAsserted:
    return e.HoldingAsserted(
        record.ref,
        agency,
        status,
        instant(day),
        HowKnown.SYSTEM_RECORD,
        copy=_copy(record.ref),
        note="as the table says",
    )


def _copy(record: str) -> str:
    return f"{record}/copy"


def _edges(record: ClosedRecord) -> Iterator[tuple[int, int, Any, str]]:
    made = When(instant(record.made), Precision.DAY if record.made else Precision.UNKNOWN)
    if record.method is not None:
        edge = f"{record.ref}/made"
        derived = e.DerivationRecorded(edge, record.ref, record.source, record.method, made, record.made_by)
        yield record.made, _THEN, derived, record.made_by
        if record.result is not None:
            yield (
                record.verified,
                _THEN,
                e.DerivativeVerified(
                    f"{record.ref}/verified",
                    edge,
                    _copy(record.source),
                    record.verified_by,
                    record.result,
                    instant(record.verified),
                ),
                record.verified_by,
            )
    if record.same_event:
        yield record.made, _THEN, e.SameEventRecorded(record.ref, record.same_event), ""
    if record.claim is not None:
        claimed = e.SourceClaimed(
            record.ref,
            record.claim,
            record.held_by or NOBODY_NAMED,
            held_by=record.detail if record.claim is SourceClaim.HELD_BY else None,
            event=record.detail if record.claim is SourceClaim.DESTROYED else None,
            scope=record.detail if record.claim is SourceClaim.SEARCHED_NOT_FOUND else "",
            reason=record.detail if record.claim is SourceClaim.NEVER_EXISTED else "",
        )
        yield record.made, _THEN, claimed, ""
    if record.recorded_too is not None:
        asked = e.TwinAsked(
            record.ref,
            record.recorded_too,
            ref=record.same_event or None,
            reason=record.detail if record.recorded_too is RecordedToo.NO else "",
        )
        yield record.made, _THEN, asked, ""


def _supplies(decision: ClosedDecision, uses: list[Use]) -> Iterator[tuple[int, int, Any, str]]:
    for use in uses:
        if use.supplied:
            share, at = f"{use.record}/for/{decision.ref}", instant(use.supplied)
            sent = e.RecordShared(
                share,
                use.record,
                NOBODY_NAMED,
                DECIDER,
                Channel.POST,
                at,
                copy=_copy(use.record),
                to_person=decision.decider,
            )
            yield use.supplied, _THEN, sent, ""
            yield use.supplied, _THEN, e.ShareReceived(share, at, decision.decider), decision.decider


def _decided(decision: ClosedDecision, uses: list[Use]) -> e.MaterialDecided:
    made = instant(decision.made)
    return e.MaterialDecided(
        decision.ref,
        decision.kind,
        Test.NONE,
        Stage.NONE,
        outcome="",
        reasons="",
        made_at=made,
        # Two deciders of whom nobody knows the name are not the same person.
        decider=decision.decider if decision.decider not in ("", UNKNOWN) else f"unknown, of {decision.ref}",
        decider_agency=DECIDER,
        reviews=decision.reviews or None,
        basis_known=decision.basis_known,
        considered=tuple(
            Considered(use.record, use.seen, copy=_copy(use.record), at=made)
            for use in uses
            if use.seen is not Mode.NOT_SEEN
        ),
        known_unseen=tuple(KnownUnseen(use.record, use.unseen, signed=True) for use in uses if use.unseen is not None),
        shown=tuple(use.record for use in uses if use.told or use.unseen is not None or use.seen is not Mode.NOT_SEEN),
        procedural_only=decision.procedural_only,
        legacy=True,
    )


def _letters(letters: tuple[ClosedLetter, ...]) -> Iterator[tuple[int, int, Any, str]]:
    for ref in dict.fromkeys(letter.ref for letter in letters):
        lines = [letter for letter in letters if letter.ref == ref]
        claims = tuple(LetterClaim(line.says, record=line.record or None) for line in lines)
        decisions = [line.decision for line in lines if line.decision]
        yield (
            lines[0].sent,
            _LAST,
            e.LetterLogged(
                ref,
                outgoing=True,
                sender=NOBODY_NAMED,
                recipient="the family",
                channel="post",
                sent_at=instant(lines[0].sent),
                body_sha256="",
                claims=claims,
                decision=decisions[0] if decisions else None,
                legacy=True,
            ),
            "",
        )
