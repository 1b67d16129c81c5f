"""Concerns: integrity rules that can be true of a case now. One concern per rule and cause; none is ever silently
closed.

The conditions are registered here; a pathway declares which of them it watches, with grade and sentence.

``current(case, pathway)`` is a pure function of the folded case. After every command the difference between what is
true and what stands open becomes ``ConcernRaised`` and ``ConcernCleared`` entries. Grades run from 1 (worst) to 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from safehands.core.case import Case, ClockStatus, OfferStatus, TaskStatus
from safehands.core.events import ConcernCleared, ConcernRaised, ConcernRegraded
from safehands.core.pathway import Pathway
from safehands.core.records.findings import Finding, Findings
from safehands.core.records.material import Material
from safehands.core.vocabulary import NOT_ASKED, OfferKind, role_of

#: Milestones that show a person was seen, or found where somebody verified it (right-care sheet 8.12, failure 24).
SEEN: Final = ("person_seen", "whereabouts_confirmed")


def _promise_without_task(case: Case, _: Pathway) -> Iterator[str]:
    for promise in case.promises.values():
        if case.tasks[promise.task].status is TaskStatus.CANCELLED and case.believed(promise):
            yield promise.promise


def _word_unconfirmed(case: Case, _: Pathway) -> Iterator[str]:
    for offer in case.offers.values():
        arrived = any(presence.agency == offer.to_agency for presence in case.presences.values())
        if offer.status is OfferStatus.ACCEPTED and not offer.confirmed and not arrived:
            yield offer.offer


def _decision_below_conclusion(case: Case, _: Pathway) -> Iterator[str]:
    if case.decided is None or case.conclusion is None or not case.is_open:
        return
    if case.decided.outcome < case.conclusion.outcome and not case.lowered:
        yield case.conclusion.row


def _offer_unanswered(case: Case, _: Pathway) -> Iterator[str]:
    """A transfer that lapsed or was declined, with nothing since: no other offer open, no other holder, not closed."""
    if not case.is_open or case.open_offers():
        return
    moved_at = case.holdings[-1].since
    for offer in case.offers.values():
        failed = offer.status in (OfferStatus.LAPSED, OfferStatus.DECLINED) and offer.kind is not OfferKind.RETURN
        answered_since = any(
            other.status is OfferStatus.ACCEPTED and other.offered_at >= offer.offered_at and other.kind is offer.kind
            for other in case.offers.values()
        )
        if failed and (offer.settled_at or offer.offered_at) >= moved_at and not answered_since:
            yield offer.offer


def _clock_breached(case: Case, _: Pathway) -> Iterator[str]:
    if case.is_open:
        yield from (clock.clock for clock in case.clocks.values() if clock.status is ClockStatus.BREACHED)


def _delay_unexplained(case: Case, _: Pathway) -> Iterator[str]:
    """A deadline has passed, and nobody has said why, or what was said has not come true (sheet failure 21)."""
    for clock in case.clocks.values():
        expected = case.delays.get(clock.clock)
        if case.is_open and clock.status is ClockStatus.BREACHED and (expected is None or expected <= case.last_at):
            yield clock.clock


def _due_unknown(case: Case, _: Pathway) -> Iterator[str]:
    yield from (clock.clock for clock in case.running_clocks() if clock.due_at is None)


def _call_back_owed(case: Case, _: Pathway) -> Iterator[str]:
    for name, state in case.contacts.items():
        if state.dropped_at is not None and not state.called_back:
            yield name


def _nobody_was_seen(case: Case, pathway: Pathway) -> Iterator[str]:
    """Closed where help was due, and no sighting is on record (an export or a late entry may say so; a live closing
    cannot).
    """
    concluded = case.conclusion.outcome if case.conclusion is not None and not case.lowered else 0
    decided = case.decided.outcome if case.decided is not None else 0
    due = max(concluded, decided) >= pathway.guarded_class
    if not case.is_open and due and not case.reached(*SEEN):
        yield "closing"


def _caller_not_told(case: Case, _: Pathway) -> Iterator[str]:
    """Somebody decided not to go, and a caller does not know it: each contact believes what it was told last (failure
    12).
    """
    if case.decided is None or case.decided.deploys:
        return
    told = {each.contact: each.attending for each in case.last_told()}
    yield from (name for name in case.contacts if told.get(name) != "no")


def _caller_did_not_understand(case: Case, _: Pathway) -> Iterator[str]:
    if case.is_open:
        yield from (told.contact for told in case.last_told() if told.attending == "no" and told.understood == "no")


def _silence(case: Case, pathway: Pathway) -> Iterator[str]:
    """A clock of silence has reached a step and no person has acted since (sheet failure 6)."""
    running = case.running_clocks()
    idle = {spec.id for spec in pathway.clocks if spec.idle} if running else frozenset()
    for clock in running:
        first = clock.steps[0] if clock.steps else None
        if clock.spec in idle and first is not None and clock.next_at != first.at and case.last_person_at < first.at:
            yield clock.clock


def _entry_without_assignee(case: Case, pathway: Pathway) -> Iterator[str]:
    """Somebody has to get in; no agency has, had or is being offered that task."""
    if not case.is_open or case.decided is None or case.reached(*SEEN, "entry_made"):
        return
    has_task = any(
        task.kind == "entry"
        and task.status is not TaskStatus.CANCELLED
        and pathway.able("entry", role_of(task.assignee))
        for task in case.tasks.values()
    )
    offered = any(offer.task_kind == "entry" for offer in case.open_offers())
    if _entry_wanted(case, pathway) and not has_task and not offered:
        yield "entry"


def _entry_wanted(case: Case, pathway: Pathway) -> bool:
    """Whether a row asks for somebody who can get in, or a contact says that entry would have to be forced."""
    if case.conclusion is not None and "entry_capability" in case.conclusion.flags:
        return True
    ids = {question.id for question in pathway.questions if question.name == "entry"}
    return any(
        name in ids and answer.value == "forced"
        for answers in case.answers.values()
        for name, answer in answers.items()
    )


def _view_not_asked(case: Case, pathway: Pathway) -> Iterator[str]:
    """The tables were asked before the reporter's own view was (sheet Q12)."""
    if not case.is_open or case.conclusion is None:
        return
    for question in pathway.questions:
        if question.name == "view" and not any(
            question.id in answers and answers[question.id].value != NOT_ASKED
            for source, answers in case.answers.items()
            if source in case.contacts
        ):
            yield question.id


def _dispute_exhausted(case: Case, _: Pathway) -> Iterator[str]:
    if case.is_open:
        yield from (each.challenge for each in case.challenges.values() if each.state == "exhausted")


def _booking_not_go(case: Case, _: Pathway) -> Iterator[str]:
    """Its time has come, by any entry of this case, and a party is still missing."""
    for booking in case.bookings.values():
        if booking.state == "planning" and booking.missing and case.last_at >= booking.at:
            yield booking.booking


def _children_not_referred(case: Case, _: Pathway) -> Iterator[str]:
    """The tables ask for children's social care, and nobody has asked them (sheet 1.4, A7)."""
    if case.conclusion is None or "children_referral" not in (*case.conclusion.routes, *case.conclusion.flags):
        return
    if case.is_open and not any(role_of(offer.to_agency) == "CSC" for offer in case.offers.values()):
        yield case.conclusion.row


Condition = Callable[[Case, Pathway], Iterator[str]]

#: Every registered condition by the id under which a pathway declares its grade and sentence; worst first.
CONDITIONS: Final[Mapping[str, Condition]] = {
    "silence_after_acceptance": _silence,
    "promise_without_task": _promise_without_task,
    "decision_below_conclusion": _decision_below_conclusion,
    "entry_without_assignee": _entry_without_assignee,
    "call_back_owed": _call_back_owed,
    "person_not_seen": _nobody_was_seen,
    "clock_breached": _clock_breached,
    "taken_by_word": _word_unconfirmed,
    "offer_unanswered": _offer_unanswered,
    "caller_not_told": _caller_not_told,
    "caller_did_not_understand": _caller_did_not_understand,
    "view_not_asked": _view_not_asked,
    "due_unknown": _due_unknown,
    "delay_unexplained": _delay_unexplained,
    "dispute_exhausted": _dispute_exhausted,
    "booking_not_go": _booking_not_go,
    "children_not_referred": _children_not_referred,
}


def current(case: Case, pathway: Pathway) -> dict[str, ConcernRaised]:
    """Every declared concern of the case itself that is true now, by its id (rule and cause).

    A pathway also declares rules about material (R01 to R20); those come from the rulebook: ``of_material``.
    """
    return {
        f"{spec.id}/{cause}": ConcernRaised(f"{spec.id}/{cause}", spec.id, spec.grade, cause)
        for spec in pathway.concerns
        if spec.id in CONDITIONS
        for cause in CONDITIONS[spec.id](case, pathway)
    }


def changes(case: Case, pathway: Pathway, by: str) -> tuple[ConcernRaised | ConcernCleared, ...]:
    """What to write so that the open concerns of ``case`` are those that are true of it. ``by`` names what ended a
    concern. Concerns about material are not touched.
    """
    true_now = current(case, pathway)
    standing = {concern.concern for concern in case.open_concerns() if concern.rule in CONDITIONS}
    raised = tuple(concern for name, concern in true_now.items() if name not in standing)
    cleared = tuple(ConcernCleared(name, by) for name in standing if name not in true_now)
    return (*raised, *sorted(cleared, key=lambda each: each.concern))


def of_material(
    case: Case, material: Material, findings: Findings, by: str
) -> tuple[ConcernRaised | ConcernRegraded | ConcernCleared, ...]:
    """What to write so that the open concerns about material are ``findings``, in the order of their ids.

    A finding whose letter or grade changed is regraded, never closed and raised again; one that is no longer true is
    cleared by a name. What two people set aside stays as they left it.
    """
    standing = {each.concern: each for each in case.open_concerns() if each.rule not in CONDITIONS}
    written: list[ConcernRaised | ConcernRegraded | ConcernCleared] = []
    for name, finding in sorted(findings.items()):
        was = standing.get(name)
        if was is None:
            written.append(_raised(name, finding, material))
        elif (was.letter, was.grade) != (finding.letter, finding.grade) and not was.set_aside:
            written.append(
                ConcernRegraded(name, finding.grade, finding.letter, by, finding.because, finding.knowable_then)
            )
    written += [ConcernCleared(name, by) for name in sorted(standing.keys() - findings.keys())]
    return tuple(written)


def _raised(name: str, finding: Finding, material: Material) -> ConcernRaised:
    return ConcernRaised(
        name,
        finding.rule,
        finding.grade,
        finding.cause,
        finding.letter,
        finding.because,
        finding.first_true_at,
        finding.knowable_then,
        about_agency(finding, material),
    )


def about_agency(finding: Finding, material: Material) -> str:
    """Whose act or record a finding is about: the decider's, else the agency of what its cause names first.

    Empty where nothing that is known here says so.
    """
    if finding.decision is not None and finding.decision in material.decisions:
        return material.decisions[finding.decision].event.decider_agency
    for name in (*_parts(finding.cause), *finding.records):
        if name in material.requests:
            return material.requests[name].event.to_agency
        if name in material.attestations:
            return material.attestations[name].event.agency
        if name in material.letters:
            return material.letters[name].event.sender
        if name in material.shares:
            return material.shares[name].event.from_agency
        if name in material.records:
            return material.records[name].event.agency
    return ""


def _parts(cause: str) -> tuple[str, ...]:
    return (cause, *cause.replace(">", ":").split(":"))
