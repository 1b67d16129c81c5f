"""Concerns: integrity rules that can be true of a case now. One concern per rule and cause; none is ever silently closed.

``current(case, pathway)`` is a pure function of the folded case. After every command the difference between what is true and what
stands open becomes ``ConcernRaised`` and ``ConcernCleared`` entries. Grades run from 1 (worst) to 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from safehands.core.case import Case, ClockStatus, OfferStatus, TaskStatus
from safehands.core.events import ConcernCleared, ConcernRaised
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import OfferKind

#: Milestones that show a person was seen or found.
_SEEN: Final = ("person_seen", "location_verified")


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered condition: its id, default grade, the sentence people read, and the causes for which it is true now."""

    id: str
    grade: int
    says: str
    causes: Callable[[Case, Pathway], Iterator[str]]


def _promise_without_task(case: Case, _: Pathway) -> Iterator[str]:
    for promise in case.promises.values():
        if case.tasks[promise.task].status is TaskStatus.CANCELLED:
            yield promise.promise


def _word_unconfirmed(case: Case, _: Pathway) -> Iterator[str]:
    for offer in case.offers.values():
        arrived = any(presence.agency == offer.to_agency for presence in case.presences.values())
        if offer.status is OfferStatus.ACCEPTED and not offer.confirmed and not arrived:
            yield offer.offer


def _decision_below_conclusion(case: Case, _: Pathway) -> Iterator[str]:
    if case.decided is None or case.conclusion is None or case.concluded_at is None or not case.is_open:
        return
    if case.decided.outcome < case.conclusion.outcome and case.decided.at < case.concluded_at:
        yield case.conclusion.row


def _offer_unanswered(case: Case, _: Pathway) -> Iterator[str]:
    """A transfer that lapsed or was declined, with nothing since: no other offer open, no other holder, not closed."""
    if not case.is_open or case.open_offers():
        return
    moved_at = case.holdings[-1].since
    for offer in case.offers.values():
        failed = offer.status in (OfferStatus.LAPSED, OfferStatus.DECLINED) and offer.kind is not OfferKind.RETURN
        settled_at = offer.settled_at if offer.settled_at is not None else offer.offered_at
        answered_since = any(
            other.status is OfferStatus.ACCEPTED and other.offered_at >= offer.offered_at and other.kind is offer.kind
            for other in case.offers.values()
        )
        if failed and settled_at >= moved_at and not answered_since:
            yield offer.offer


def _clock_breached(case: Case, _: Pathway) -> Iterator[str]:
    if case.is_open:
        yield from (clock.clock for clock in case.clocks.values() if clock.status is ClockStatus.BREACHED)


def _due_unknown(case: Case, _: Pathway) -> Iterator[str]:
    yield from (clock.clock for clock in case.running_clocks() if clock.due_at is None)


def _call_back_owed(case: Case, _: Pathway) -> Iterator[str]:
    for name, state in case.contacts.items():
        if state.dropped_at is not None and not state.called_back:
            yield name


def _nobody_was_seen(case: Case, pathway: Pathway) -> Iterator[str]:
    """Closed where help was due, and no sighting is on record (an export or a late entry may say so; a live closing cannot)."""
    due = case.conclusion is not None and case.conclusion.outcome >= pathway.guarded_class
    if not case.is_open and due and not any(case.reached(name) for name in _SEEN):
        yield "closing"


def _caller_not_told(case: Case, _: Pathway) -> Iterator[str]:
    """Somebody decided not to go, and nobody told the caller (sheet failure 12)."""
    if case.decided is not None and not case.decided.deploys and not case.told:
        yield case.decided.decision


def _caller_did_not_understand(case: Case, _: Pathway) -> Iterator[str]:
    if case.is_open and case.told and case.told[-1].attending == "no" and case.told[-1].understood == "no":
        yield case.told[-1].contact


def _silence(case: Case, pathway: Pathway) -> Iterator[str]:
    """A clock of silence has reached a step and no person has acted since (sheet failure 6)."""
    idle = {spec.id for spec in pathway.clocks if spec.idle}
    for clock in case.running_clocks():
        first = clock.steps[0] if clock.steps else None
        if clock.spec in idle and first is not None and clock.next_at != first.at and case.last_person_at < first.at:
            yield clock.clock


#: Every registered rule, in the order in which they are shown.
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "promise_without_task",
        1,
        "Somebody was promised this, and the task that would do it was cancelled.",
        _promise_without_task,
    ),
    Rule(
        "decision_below_conclusion",
        1,
        "New information raised the class above what was decided.",
        _decision_below_conclusion,
    ),
    Rule("silence", 1, "Nobody has acted on this case since it was taken.", _silence),
    Rule("clock_breached", 1, "A deadline has passed.", _clock_breached),
    Rule("call_back_owed", 1, "The line was lost and nobody has reached the reporter since.", _call_back_owed),
    Rule(
        "nobody_was_seen", 1, "The case was closed, and nobody is recorded to have seen the person.", _nobody_was_seen
    ),
    Rule(
        "offer_unanswered",
        2,
        "A handover lapsed or was declined, and nothing has been offered since.",
        _offer_unanswered,
    ),
    Rule(
        "word_unconfirmed", 2, "The holder took this case by word only, and nobody has confirmed it.", _word_unconfirmed
    ),
    Rule("caller_not_told", 2, "Somebody decided not to go, and the caller has not been told.", _caller_not_told),
    Rule(
        "caller_did_not_understand",
        2,
        "The caller did not understand that nobody is coming.",
        _caller_did_not_understand,
    ),
    Rule("due_unknown", 3, "A deadline cannot be worked out, because its calendar ends before it.", _due_unknown),
)

RULE_BY_ID: Final = {rule.id: rule for rule in RULES}


def current(case: Case, pathway: Pathway) -> dict[str, ConcernRaised]:
    """Every concern that is true now, by its id (rule and cause)."""
    grades = {spec.id: spec.grade for spec in pathway.concerns}
    return {
        f"{rule.id}/{cause}": ConcernRaised(f"{rule.id}/{cause}", rule.id, grades.get(rule.id, rule.grade), cause)
        for rule in RULES
        for cause in rule.causes(case, pathway)
    }


def changes(case: Case, pathway: Pathway, by: str) -> tuple[ConcernRaised | ConcernCleared, ...]:
    """What to write so that the open concerns of ``case`` are those that are true of it. ``by`` names what ended a concern."""
    true_now = current(case, pathway)
    standing = {concern.concern for concern in case.open_concerns()}
    raised = tuple(concern for name, concern in true_now.items() if name not in standing)
    cleared = tuple(ConcernCleared(name, by) for name in standing if name not in true_now)
    return (*raised, *sorted(cleared, key=lambda each: each.concern))
