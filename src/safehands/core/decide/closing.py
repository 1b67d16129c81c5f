"""Closing and reopening. A case closes when nobody believes that somebody is coming, and somebody has seen the person.

An export or a late entry that says "closed" is a fact about the past, not a wish: it is recorded with whatever concern it leaves.
"""

from __future__ import annotations

from safehands.core.case import Case, Status
from safehands.core.commands import CloseCase, ReopenCase
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_boundary, check_open
from safehands.core.events import CaseClosed, CaseReopened, HandoverWithdrawn, ResponderReleased
from safehands.core.pathway import Pathway
from safehands.core.rules import refuse, stale
from safehands.core.vocabulary import HappenedSource

#: A closing as what the case was never about: nobody asked anything and nothing was decided.
OUT_OF_SCOPE = "out_of_scope"

#: Milestones that show that a person was found: seen, or their place verified with them in it (right-care sheet 8.12).
SEEN = ("person_seen", "location_verified")


def close(draft: Draft, command: CloseCase) -> None:
    """The holder closes, and its time as holder ends here."""
    case = draft.case
    check_open(case)
    if draft.given.by.agency != case.holder:
        refuse("close.not_holder", holder=case.holder)
    if command.believes_holder != case.holder:
        stale(f"{case.holder} holds this case now, not {command.believes_holder}.", holder=case.holder)
    check_boundary(case, draft.given)
    if draft.given.source is HappenedSource.EXPORT:
        _settle_for_export(draft)
    else:
        check_can_close(case, draft.pathway, command.outcome)
    draft.add(CaseClosed(case.holder, draft.at, command.reason, command.outcome))


def check_can_close(case: Case, pathway: Pathway, outcome: str) -> None:
    """Nothing in flight, nobody expected, the person seen or rightly advised, and no answer missing that it rests on."""
    check_nothing_in_flight(case)
    check_nobody_expected(case)
    if outcome == OUT_OF_SCOPE and case.conclusion is None and case.decided is None:
        return
    if any(case.reached(name) for name in SEEN):
        return
    if not rightly_advised(case, pathway):
        refuse("close.nobody_seen")
    unanswered = case.conclusion.unknown if case.conclusion is not None else ()
    if closes_on_unknown(case, pathway):
        refuse("close.unanswered", questions=", ".join(unanswered))


def check_nothing_in_flight(case: Case) -> None:
    """No open offer, dispute, detention or task, no waiting lowering, no responder still there, no call back owed."""
    if case.open_challenges():
        refuse("close.challenge_open")
    if any(state.ended_at is None for state in case.statuses.values()):
        refuse("close.status_running")
    offers = case.open_offers()
    if offers:
        refuse("close.offers_open", offers=", ".join(f"{offer.kind} to {offer.to_agency}" for offer in offers))
    if case.lowering is not None:
        refuse("close.lowering_waits")
    if any(state.dropped_at is not None and not state.called_back for state in case.contacts.values()):
        refuse("close.call_back_owed")
    tasks = case.open_tasks()
    if tasks:
        refuse("close.tasks_open", tasks=", ".join(f"{task.kind} by {task.assignee}" for task in tasks))
    there = [presence.responder for presence in case.presences.values() if presence.released_at is None]
    if there:
        refuse("close.responders_there", responders=", ".join(there))


def check_nobody_expected(case: Case) -> None:
    """A caller who was told that somebody is coming still believes it until somebody arrives or tells them otherwise."""
    if case.told and case.told[-1].attending == "yes" and not (case.presences or _arrived(case)):
        refuse("close.told_attending")


def rightly_advised(case: Case, pathway: Pathway) -> bool:
    """Whether a person decided a class that closes without anybody going, and that class stands."""
    if case.decided is None:
        return False
    outcome = case.decided.outcome
    return (
        any(each.number == outcome and not each.deploys for each in pathway.classes) and outcome < pathway.guarded_class
    )


def closes_on_unknown(case: Case, pathway: Pathway) -> bool:
    """Whether the standing class closes the case while an answer it needs was never given (law 5)."""
    if case.conclusion is None:
        return True
    closing = {each.number for each in pathway.classes if each.closes}
    return (
        case.conclusion.outcome not in closing
        and case.decided is not None
        and case.decided.outcome in closing
        and bool(case.conclusion.unknown)
    )


def _arrived(case: Case) -> bool:
    return case.reached("arrival") or any(case.reached(name) for name in SEEN)


def _settle_for_export(draft: Draft) -> None:
    """What an export leaves open at its closing ends here, as entries of their own."""
    for offer in draft.case.open_offers():
        draft.add(HandoverWithdrawn(offer.offer, "closed in the export"))
    for presence in draft.case.presences.values():
        if presence.released_at is None:
            draft.add(ResponderReleased(presence.responder))


def reopen(draft: Draft, command: ReopenCase) -> None:
    """Open a closed case again, and hold it: an act of an agency that has held it before."""
    case = draft.case
    if case.status is Status.OPEN:
        refuse("case.open", holder=case.holder)
    agency = draft.given.by.agency
    if all(holding.agency != agency for holding in case.holdings):
        refuse("reopen.not_yours")
    check_after_closing(case, draft)
    draft.add(CaseReopened(agency, draft.at, command.reason))


def check_after_closing(case: Case, draft: Draft) -> None:
    """A reopening cannot be claimed for a time before the closing."""
    closed_at = case.closed_at
    if closed_at is not None and draft.at < closed_at:
        refuse(
            "time.before_boundary", holder=case.holder, since=closed_at.isoformat(), happened_at=draft.at.isoformat()
        )
