"""Facts: insert-only rows of one event each. Statistics count them; nothing decides on them.

Each fact has a ``kind`` and coded columns (see ``store.ports.FACT_COLUMNS``); durations are in seconds, worked out
here from the case as it stood when the event was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from safehands.core.case import Case
from safehands.core.events import (
    CaseAssumed,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ClockBreached,
    ConcernRaised,
    ContactReceived,
    DecisionLowered,
    DecisionMade,
    DecisionRaised,
    Entry,
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    ResponderReleased,
    TriageConcluded,
)
from safehands.store.ports import Cell, FactRow


def of(entries: tuple[Entry, ...], after: Case) -> tuple[FactRow, ...]:
    """The facts of one command's entries; ``after`` is the case with all of them folded in."""
    return tuple(
        FactRow(ordinal, _whole(row, entry, after))
        for ordinal, entry in enumerate(entries)
        for row in _of(entry, after)
    )


def _whole(row: dict[str, Cell], entry: Entry, case: Case) -> dict[str, Cell]:
    empty: dict[str, Cell] = {
        "case_id": case.case_id,
        "kind": None,
        "happened_at": entry.envelope.happened_at,
        "agency": None,
        "other_agency": None,
        "code": None,
        "row_id": None,
        "outcome": None,
        "seconds": None,
        "count": 1,
    }
    return {**empty, **row}


def _of(entry: Entry, case: Case) -> Iterator[dict[str, Cell]]:
    event, at = entry.event, entry.envelope.happened_at
    match event:
        case CaseOpened():
            yield {"kind": "opened", "agency": event.holder, "other_agency": event.receiver, "code": event.rule}
        case ContactReceived():
            contact = event.contact
            yield {"kind": "contact", "agency": contact.taken_by, "code": contact.channel}
        case TriageConcluded():
            kind = "shadow" if event.shadow else "concluded"
            yield {"kind": kind, "agency": event.holder, "row_id": event.row, "outcome": event.outcome}
        case DecisionMade():
            yield {"kind": "decided", "agency": entry.envelope.by.agency, "row_id": event.row, "outcome": event.outcome}
        case DecisionRaised():
            code = "by_clock" if event.by_clock is not None else "by_person"
            yield {"kind": "raised", "agency": entry.envelope.by.agency, "code": code, "outcome": event.outcome}
        case DecisionLowered():
            yield {"kind": "lowered", "agency": entry.envelope.by.agency, "outcome": event.outcome}
        case HandoverOffered():
            yield _handover("offered", event.kind, event.from_agency, event.to_agency, None)
        case HandoverAccepted():
            seconds = _since(case.offers[event.offer].offered_at, at)
            yield _handover("accepted", event.kind, event.from_agency, event.to_agency, seconds)
        case HandoverDeclined():
            offer = case.offers[event.offer]
            yield _handover("declined", offer.kind, offer.from_agency, offer.to_agency, _since(offer.offered_at, at))
        case HandoverLapsed():
            offer = case.offers[event.offer]
            yield _handover("lapsed", offer.kind, offer.from_agency, offer.to_agency, _since(offer.offered_at, at))
        case CaseAssumed():
            yield {
                "kind": "assumed",
                "agency": event.to_agency,
                "other_agency": event.from_agency,
                "code": event.ground.value,
            }
        case CaseClosed():
            yield {"kind": "closed", "agency": event.holder, "code": event.outcome}
        case CaseReopened():
            yield {"kind": "reopened", "agency": event.holder}
        case ClockBreached():
            yield {"kind": "breached", "agency": case.holder, "code": case.clocks[event.clock].spec}
        case ConcernRaised():
            yield {"kind": "concern", "agency": case.holder, "code": event.rule, "outcome": event.grade}
        case ResponderReleased():
            presence = case.presences[event.responder]
            yield {"kind": "presence", "agency": presence.agency, "seconds": _since(presence.arrived_at, at)}
        case _:
            return


def _handover(kind: str, code: str, giver: str, taker: str, seconds: float | None) -> dict[str, Cell]:
    return {"kind": kind, "agency": giver, "other_agency": taker, "code": str(code), "seconds": seconds}


def _since(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()
