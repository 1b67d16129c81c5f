"""Facts: insert-only rows of one event each. Statistics count them; nothing decides on them.

Each fact has a ``kind`` and coded columns (``store.ports.FACT_COLUMNS``); durations are in seconds, worked out here
from the case as it stood when the event was written. ``day`` and ``hour`` are civil time in London, the time in which
the figures of England and Wales are published. No column holds free text: a responder's place, for one, may be an
address, and is left out.

======================= ============ ========================================================================="""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from safehands.core.case import Case, Offer, Presence
from safehands.core.events import (
    AgencyStoodDown,
    AnswerCorrected,
    AnswersRecorded,
    CallBackMade,
    CallerTold,
    CaseAssumed,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ChallengeEscalated,
    ChallengeExhausted,
    ChallengeRaised,
    ChallengeSettled,
    ClockAdjusted,
    ClockBreached,
    ComplaintLinked,
    ContactDropped,
    ContactReceived,
    DecisionLowered,
    DecisionMade,
    DecisionRaised,
    DecisionReviewed,
    Entry,
    Event,
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    HandoverWithdrawn,
    MilestoneRecorded,
    OutcomeRecorded,
    ResponderArrived,
    ResponderReleased,
    StatusBegan,
    StatusEnded,
    StatusMoved,
    TriageConcluded,
)
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import OfferKind
from safehands.projections import cuts
from safehands.projections.facts_material import of_material
from safehands.store.ports import FACT_COLUMNS, Cell, FactRow

_LONDON: Final = ZoneInfo("Europe/London")

#: Milestones that say that a detained person has come to a place of safety (right-care sheet 3.1, K5).
ARRIVALS: Final = ("arrival_at_place_of_safety", "arrival_at_hospital", "decision_to_keep")

_Row = dict[str, Cell]


def of(entries: tuple[Entry, ...], after: Case, pathway: Pathway) -> tuple[FactRow, ...]:
    """The facts of one command's entries; ``after`` is the case with all of them folded in, on ``pathway``."""
    return tuple(
        FactRow(ordinal, _whole(row, entry, after))
        for ordinal, entry in enumerate(entries)
        for row in _of(entry, after, pathway)
    )


def _whole(row: _Row, entry: Entry, case: Case) -> _Row:
    whole = dict.fromkeys(FACT_COLUMNS) | {
        "case_id": case.case_id,
        "happened_at": entry.envelope.happened_at,
        "count": 1,
    }
    whole |= row
    happened_at = whole["happened_at"]
    assert isinstance(happened_at, datetime), "every fact happened at some time"
    local = happened_at.astimezone(_LONDON)
    return whole | {"day": local.date().isoformat(), "hour": local.hour}


def _of(entry: Entry, case: Case, pathway: Pathway) -> Iterator[_Row]:
    event, by = entry.event, entry.envelope.by.agency
    yield from _of_contact(entry, case, pathway)
    yield from _of_decision(event, case, by)
    yield from _of_handover(event, case, entry.envelope.happened_at)
    yield from _of_detention(event, case, entry.envelope.happened_at)
    yield from _of_dispute(event, case)
    yield from _of_review(event, by)
    yield from of_material(event, case, entry.envelope.happened_at)
    match event:
        case CaseOpened():
            yield {
                "kind": "opened",
                "agency": event.holder,
                "other_agency": event.receiver,
                "code": event.rule,
                "name": event.pathway.pathway,
            }
        case CaseClosed():
            yield {"kind": "closed", "agency": event.holder, "code": event.outcome}
        case CaseReopened():
            yield {"kind": "reopened", "agency": event.holder}
        case ClockBreached():
            yield {"kind": "breached", "agency": case.holder, "code": case.clocks[event.clock].spec}
        case _:
            return


def _of_contact(entry: Entry, case: Case, pathway: Pathway) -> Iterator[_Row]:
    event, at = entry.event, entry.envelope.happened_at
    match event:
        case ContactReceived():
            contact = event.contact
            yield {
                "kind": "contact",
                "happened_at": contact.received_at,
                "about": contact.contact,
                "agency": contact.taken_by,
                "other_agency": contact.reporter_agency,
                "code": contact.channel,
                "name": contact.reporter_type,
            }
        case ContactDropped():
            contact = case.contacts[event.contact].contact
            waited = _since(contact.received_at, at)
            yield {"kind": "dropped", "about": event.contact, "agency": contact.taken_by, "seconds": waited}
        case CallBackMade():
            taker = case.contacts[event.contact].contact.taken_by
            reached = "reached" if event.reached else "not_reached"
            yield {"kind": "called_back", "about": event.contact, "agency": taker, "code": reached}
        case AnswersRecorded():
            asked = cuts.asked(event.answers)
            if asked:
                yield {
                    "kind": "asked",
                    "about": event.source,
                    "agency": entry.envelope.by.agency,
                    "code": " ".join(asked),
                    "count": len(asked),
                }
            yield from _known(cuts.touched(pathway, event.answers, event.source, case), case)
        case AnswerCorrected():
            yield from _known(cuts.touched(pathway, (event.answer,), event.source, case), case)
        case CallerTold():
            yield {
                "kind": "told",
                "about": event.contact,
                "agency": entry.envelope.by.agency,
                "code": event.attending,
                "name": event.understood,
            }
        case _:
            return


def _known(found: tuple[cuts.Known, ...], case: Case) -> Iterator[_Row]:
    for known in found:
        yield {
            "kind": "known",
            "agency": case.receiver,
            "code": known.code,
            "name": known.cut,
            "provenance": known.provenance,
        }


def _of_decision(event: Event, case: Case, by: str) -> Iterator[_Row]:
    match event:
        case TriageConcluded():
            kind = "shadow" if event.shadow else "concluded"
            yield {"kind": kind, "agency": event.holder, "row_id": event.row, "outcome": event.outcome}
        case DecisionMade():
            yield {
                "kind": "decided",
                "about": event.decision,
                "agency": by,
                "code": _advice(event),
                "name": _deploys(event.deploys),
                "row_id": event.row,
                "outcome": event.outcome,
            }
            history = _history(event, case)
            if history is not None:
                yield {"kind": "history", "about": event.decision, "agency": by, "code": history}
        case DecisionRaised():
            yield {
                "kind": "raised",
                "agency": case.holder if event.by_clock is not None else by,
                "code": "by_clock" if event.by_clock is not None else "by_person",
                "name": _deploys(event.deploys),
                "outcome": event.outcome,
            }
        case DecisionLowered():
            yield {
                "kind": "lowered",
                "about": event.proposal,
                "agency": by,
                "code": "by_person",
                "name": _deploys(event.deploys),
                "outcome": event.outcome,
            }
        case _:
            return


def _deploys(deploys: bool) -> str:
    return "deploys" if deploys else "not_deploys"


def _advice(decision: DecisionMade) -> str:
    """Whether a supervisor or adviser was asked; a form that does not say is ``not_said`` (law 5)."""
    words = decision.form.get("advice_from", "").strip().lower()
    if words in ("", "unknown"):
        return "not_said"
    return "advice_not_sought" if words in ("none", "no", "nobody") else "advice_sought"


def _history(decision: DecisionMade, case: Case) -> str | None:
    """What a decision did with earlier contacts and linked cases; None where there were none."""
    if not case.links and len(case.contacts) < 2:
        return None
    if not decision.history_shown:
        return "not_shown"
    rests = set(decision.rests_on) & set(decision.history_shown)
    return "used" if rests or any(source not in case.contacts for source in case.answers) else "shown"


def _of_handover(event: Event, case: Case, at: datetime) -> Iterator[_Row]:
    match event:
        case HandoverOffered():
            yield _handover("offered", case.offers[event.offer], None)
        case HandoverAccepted():
            offer = case.offers[event.offer]
            yield _handover("accepted", offer, at) | {
                "name": "late" if event.late else "in_time",
                "provenance": "by_word" if event.by_word is not None else "on_system",
            }
            yield from _handed_over(event, case, at)
        case HandoverDeclined():
            yield _handover("declined", case.offers[event.offer], at)
        case HandoverLapsed():
            yield _handover("lapsed", case.offers[event.offer], at)
        case HandoverWithdrawn():
            name = "taken_back" if event.overtaken_by is None else "overtaken"
            yield _handover("withdrawn", case.offers[event.offer], at) | {"name": name}
        case CaseAssumed():
            yield {
                "kind": "assumed",
                "agency": event.to_agency,
                "other_agency": event.from_agency,
                "code": event.ground.value,
            }
        case _:
            return


def _handover(kind: str, offer: Offer, at: datetime | None) -> _Row:
    return {
        "kind": kind,
        "about": offer.offer,
        "agency": offer.from_agency,
        "other_agency": offer.to_agency,
        "code": offer.kind.value,
        "seconds": _since(offer.offered_at, at) if at is not None else None,
    }


def _handed_over(event: HandoverAccepted, case: Case, at: datetime) -> Iterator[_Row]:
    """A detained person's case was taken at the place of safety: how long after they arrived (sheet 3.1, K5)."""
    running = [state for state in case.statuses.values() if state.began_at <= at and state.ended_at is None]
    arrived = [each.at for each in case.milestones if each.milestone in ARRIVALS and each.at <= at]
    if event.kind is not OfferKind.TRANSFER or not running:
        return
    yield {
        "kind": "handed_over",
        "about": running[-1].status,
        "agency": event.from_agency,
        "other_agency": event.to_agency,
        "code": running[-1].kind,
        "name": running[-1].place,
        "seconds": _since(max(arrived), at) if arrived else None,
    }


def _of_detention(event: Event, case: Case, at: datetime) -> Iterator[_Row]:
    match event:
        case StatusBegan():
            yield _status("status_began", event.status, event.kind, event.place) | {"agency": case.holder}
        case StatusMoved():
            kind = case.statuses[event.status].kind
            yield _status("status_moved", event.status, kind, event.place) | {"agency": case.holder}
        case StatusEnded():
            state = case.statuses[event.status]
            yield _status("status_ended", event.status, event.kind, state.place) | {
                "agency": case.holder,
                "seconds": _since(state.began_at, at),
            }
        case ClockAdjusted() if event.evidence:  # without evidence it is a corrected start, not more time
            clock = case.clocks[event.clock]
            yield _status("extended", event.clock, clock.spec, event.reason) | {"agency": case.holder}
        case MilestoneRecorded():
            yield {
                "kind": "milestone",
                "happened_at": event.at,
                "agency": case.holder,
                "code": event.milestone,
                "seconds": _since(case.opened_at, event.at),
            }
        case ResponderArrived():
            yield {"kind": "arrived", "about": event.responder, "agency": event.agency}
        case ResponderReleased():
            presence = case.presences[event.responder]
            yield {
                "kind": "presence",
                "about": event.responder,
                "agency": presence.agency,
                "name": _power_during(presence, case, at),
                "seconds": _since(presence.arrived_at, at),
            }
        case AgencyStoodDown():
            yield {"kind": "stood_down", "agency": event.agency}
        case _:
            return


def _status(kind: str, about: str, code: str, name: str) -> _Row:
    return {"kind": kind, "about": about, "code": code, "name": name}


def _power_during(presence: Presence, case: Case, until: datetime) -> str | None:
    """The power under which the person was held while this responder was there, if there was one."""
    during = [
        state.kind
        for state in case.statuses.values()
        if state.began_at <= until and (state.ended_at is None or state.ended_at > presence.arrived_at)
    ]
    return during[-1] if during else None


def _of_dispute(event: Event, case: Case) -> Iterator[_Row]:
    match event:
        case ChallengeRaised():
            code = "asserts_risk" if event.asserts_risk else "no_risk"
            yield _dispute("challenged", event.challenge, case, code)
        case ChallengeEscalated():
            yield _dispute("challenge_escalated", event.challenge, case, "by_clock" if event.by_clock else "by_person")
        case ChallengeSettled():
            yield _dispute("challenge_settled", event.challenge, case, event.result)
        case ChallengeExhausted():
            yield _dispute("challenge_exhausted", event.challenge, case, "by_clock")
        case _:
            return


def _dispute(kind: str, challenge_id: str, case: Case, code: str) -> _Row:
    challenge = case.challenges[challenge_id]
    return {
        "kind": kind,
        "about": challenge_id,
        "agency": challenge.by_agency,
        "other_agency": challenge.against,
        "code": code,
        "outcome": challenge.level,
    }


def _of_review(event: Event, by: str) -> Iterator[_Row]:
    match event:
        case DecisionReviewed():
            yield {"kind": "reviewed", "about": event.decision, "agency": by, "code": event.result}
        case OutcomeRecorded():
            yield {
                "kind": "outcome",
                "happened_at": event.at,
                "about": event.outcome,
                "agency": by,
                "code": event.kind,
                "name": event.severity,
            }
        case ComplaintLinked():
            yield {"kind": "complaint", "happened_at": event.received_at, "about": event.decision, "agency": by}
        case _:
            return


def _since(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()
