"""Closing and reopening. A case closes when nobody believes that somebody is coming, and somebody has seen the person.

An export that says "closed" is a fact about the past, not a wish: it is recorded, with whatever concern it leaves.
"""

from __future__ import annotations

from safehands.core.case import Case, Status
from safehands.core.commands import CloseCase, ReopenCase
from safehands.core.concerns import SEEN
from safehands.core.decide import decisions, triage
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_not_before, check_open, check_said
from safehands.core.events import (
    CaseClosed,
    CaseReopened,
    HandoverWithdrawn,
    LoweringDeclined,
    ResponderReleased,
    TaskCancelled,
)
from safehands.core.pathway import Pathway
from safehands.core.rules import refuse, stale
from safehands.core.vocabulary import HappenedSource

#: A closing as what the case was never about: nobody answered anything and nothing was decided.
OUT_OF_SCOPE = "out_of_scope"

#: What an export leaves open ends with this reason.
_BY_EXPORT = "closed in the export"


def close(draft: Draft, command: CloseCase) -> None:
    """The holder closes, and its time as holder ends here."""
    case = draft.case
    check_open(case)
    check_may_close(case, draft.given.by.agency)
    if command.believes_holder != case.holder:
        stale(f"{case.holder} holds this case now, not {command.believes_holder}.", holder=case.holder)
    check_not_before(max(case.last_person_at, case.holdings[-1].since), draft.at)
    if draft.given.source is HappenedSource.EXPORT:
        _settle_for_export(draft)
    else:
        check_said(reason=command.reason)
        check_can_close(case, draft.pathway, command.outcome)
    draft.add(CaseClosed(case.holder, draft.at, command.reason, command.outcome))


def check_may_close(case: Case, agency: str) -> None:
    """The holder; or, where it is not on the system and took by word, the agency that wrote its word down."""
    if agency not in (case.holder, case.held_by_word_to()):
        refuse("close.not_holder", holder=case.holder)


def check_can_close(case: Case, pathway: Pathway, outcome: str) -> None:
    """Nothing in flight, nobody expected, and the person seen, rightly advised, or with who took the case."""
    check_nothing_in_flight(case)
    check_nobody_expected(case)
    never_asked = not case.answers and case.conclusion is None and case.decided is None
    check_everybody_seen(case)
    if case.reached(*SEEN) or (outcome == OUT_OF_SCOPE and never_asked):
        return
    check_decided_not_to_go(case, pathway)
    check_answered(case, pathway)


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
    """Whoever was told that somebody is coming believes it until somebody arrives or tells them otherwise: each of
    them.
    """
    believed = any(told.attending == "yes" for told in case.last_told())
    if believed and not (case.presences or case.reached("arrival", *SEEN)):
        refuse("close.told_attending")


def check_everybody_seen(case: Case) -> None:
    """Who was seen closes their own matter and nobody else's: a case that is about several closes when each was seen
    (failure 22).
    """
    unseen = case.unreached(*SEEN)
    if case.reached(*SEEN) and unseen:
        refuse("close.subject_not_seen", parties=", ".join(unseen))


def check_decided_not_to_go(case: Case, pathway: Pathway) -> None:
    """Nobody saw the person: then a person decided that nobody has to, not below what the tables say, and not to
    nobody's care.
    """
    if case.decided is None or case.decided.outcome >= pathway.guarded_class:
        refuse("close.nobody_seen")
    floor = decisions.floor_of(case)
    if case.decided.outcome < floor:
        refuse("close.decision_below", decided=case.decided.outcome, concluded=floor)
    closes = decisions.outcome_class(pathway, case.decided.outcome).closes
    if not closes and case.holder == case.receiver:
        refuse("close.nobody_took", outcome=case.decided.outcome)


def check_answered(case: Case, pathway: Pathway) -> None:
    """A closing below what the tables concluded rests on no answer that nobody gave (law 5)."""
    if case.conclusion is None or case.decided is None or case.decided.outcome >= case.conclusion.outcome:
        return
    needed = {column.question for column in pathway.inputs if column.name in pathway.closing_needs}
    unanswered = tuple(question for question in case.conclusion.unknown if question in needed)
    if unanswered:
        refuse("close.unanswered", questions=", ".join(unanswered))


def _settle_for_export(draft: Draft) -> None:
    """What an export leaves open at its closing ends here, as entries of their own."""
    case = draft.case
    for offer in case.open_offers():
        draft.add(HandoverWithdrawn(offer.offer, _BY_EXPORT))
    if case.lowering is not None:
        draft.add(LoweringDeclined(case.lowering.proposal, _BY_EXPORT))
    for task in case.open_tasks():
        draft.add(TaskCancelled(task.task, _BY_EXPORT))
    for presence in case.presences.values():
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
    check_said(reason=command.reason)
    draft.add(CaseReopened(agency, draft.at, command.reason))
    triage.anew(draft)


def check_after_closing(case: Case, draft: Draft) -> None:
    """A reopening cannot be claimed for a time before the closing."""
    closed_at = case.closed_at
    if closed_at is not None and draft.at < closed_at:
        refuse(
            "time.before_boundary", holder=case.holder, since=closed_at.isoformat(), happened_at=draft.at.isoformat()
        )
