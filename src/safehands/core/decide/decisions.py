"""Decisions: a named person decides; raising is one command, lowering takes a second person and a reason (law 10).

The floor is the higher of what the tables concluded and what stands decided. Deciding at or above the floor is free.
Below it, one person proposes and a supervising person of the same agency confirms; if the tables conclude higher, or
anybody decides or raises in between, the proposal falls. The guarded class is a supervisor's to decide: anybody else
decides above it, or waits for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safehands.core.case import Case
from safehands.core.commands import (
    ConfirmLowering,
    Decide,
    DeclineLowering,
    Given,
    ProposeLowering,
    Raise,
    ReviewDecision,
)
from safehands.core.decide.draft import Draft
from safehands.core.decide.handover import assume_case
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import (
    DecisionLowered,
    DecisionMade,
    DecisionRaised,
    DecisionReviewed,
    LoweringDeclined,
    LoweringProposed,
)
from safehands.core.pathway import OutcomeClass, Pathway
from safehands.core.rules import refuse, stale
from safehands.core.vocabulary import NOT_ASKED, SYSTEM_ROLE, Actor, Ground, HappenedSource
from safehands.errors import BadInput

#: Roles that may confirm a lowering (right-care sheet 2.3: "lowering needs a supervisor + reason").
SUPERVISING_ROLES: Final = frozenset({"supervisor", "inspector", "duty_manager", "clinical_lead"})

#: What a decision says it was shown as advice, where the tables only ran in shadow.
NO_ADVICE: Final = -1

#: The field that names the policy under which somebody decides while this pathway is not switched on.
OTHER_POLICY: Final = "other_policy"


def decide_class(draft: Draft, command: Decide) -> None:
    """A named person decides at or above the floor. A decision to deploy by the receiver is also its taking (sheet
    2.5).
    """
    case = draft.case
    check_open(case)
    check_can_decide(case, draft.given.by)
    advice, row = (case.conclusion.outcome, case.conclusion.row) if case.conclusion is not None else (NO_ADVICE, "")
    if command.believes != advice:
        stale(f"The tables now say class {advice}, not {command.believes}.", concluded=advice)
    outcome = outcome_class(draft.pathway, command.outcome)
    floor = floor_of(case)
    if command.outcome < floor:
        refuse("decision.lower", outcome=command.outcome, floor=floor)
    check_may_guard(draft.pathway, command.outcome, draft.given.by)
    check_form(draft.pathway, case, command.outcome, command.form)
    if not outcome.deploys:
        check_history(case, draft.given, command.history_shown)
    draft.add(
        DecisionMade(
            decision=draft.new_id(),
            outcome=command.outcome,
            deploys=outcome.deploys,
            concluded=advice,
            row=row,
            form=command.form,
            history_shown=command.history_shown,
            rests_on=command.rests_on,
        )
    )
    _drop_lowering(draft, "somebody decided anew")
    if outcome.deploys and draft.given.by.agency == case.receiver:
        take_by_deploying(draft)


def check_can_decide(case: Case, by: Actor) -> None:
    """The receiver or the holder decides, a person, and not before the tables were asked."""
    if by.agency not in (case.receiver, case.holder):
        refuse("decision.not_yours", receiver=case.receiver, holder=case.holder)
    if by.role == SYSTEM_ROLE:
        refuse("decision.named_person")
    if case.conclusion is None and case.shadow is None:
        refuse("decision.not_concluded")


def check_may_guard(pathway: Pathway, outcome: int, by: Actor) -> None:
    """The guarded class waits for a supervisor; deciding it is theirs (sheet 2.3: "supervisor decides")."""
    if outcome == pathway.guarded_class and by.role not in SUPERVISING_ROLES:
        refuse("decision.supervisor", outcome=outcome, roles=", ".join(sorted(SUPERVISING_ROLES)))


def floor_of(case: Case) -> int:
    """The class below which nobody goes alone: the higher of the conclusion and what stands decided.

    Where two people agreed to less than the tables concluded, what they agreed to, until the tables say something new.
    """
    concluded = case.conclusion.outcome if case.conclusion is not None else 0
    if case.decided is None:
        return concluded
    return case.decided.outcome if case.lowered else max(concluded, case.decided.outcome)


def check_form(pathway: Pathway, case: Case, outcome: int, form: Mapping[str, str]) -> None:
    """Everything the decision form demands of this class, and every question that may not be skipped: all faults at
    once.
    """
    if not outcome_class(pathway, outcome).deploys:
        check_must_ask(pathway, case)
        if case.conclusion is None and not form.get(OTHER_POLICY, "").strip():
            refuse("decision.shadow", field=OTHER_POLICY)
    known = {field.id for field in pathway.decision_form} | {OTHER_POLICY}
    faults = [f"The decision form has no field {name}." for name in sorted(set(form) - known)]
    faults += [
        f"The decision form needs: {field.label} ({field.id})."
        for field in pathway.decision_form
        if field.required_below is not None and outcome < field.required_below and not form.get(field.id, "").strip()
    ]
    if faults:
        raise BadInput(faults)


def history(case: Case) -> tuple[str, ...]:
    """What there is to show of earlier: the linked cases and every contact before the last."""
    return (*case.links, *tuple(case.contacts)[:-1])


def check_history(case: Case, given: Given, shown: tuple[str, ...]) -> None:
    """Nobody decides not to go without what was known before on the screen ("ought to have known": sheet 1.2, failure
    1).

    An export's decision is a fact of the past: what was shown then, nobody can say now.
    """
    missing = tuple(each for each in history(case) if each not in shown)
    if missing and given.source is not HappenedSource.EXPORT:
        refuse("decision.history", history=", ".join(missing))


def check_must_ask(pathway: Pathway, case: Case) -> None:
    """Some questions have to be asked before anybody decides not to go (sheet Q12: the reporter's own view)."""
    skipped = tuple(
        f"{question.id} {question.text}"
        for question in pathway.questions
        if question.must_ask and not _asked(case, question.id)
    )
    if skipped:
        refuse("decision.must_ask", questions="; ".join(skipped))


def _asked(case: Case, question: str) -> bool:
    return any(
        question in answers and answers[question].value != NOT_ASKED
        for source, answers in case.answers.items()
        if source in case.contacts
    )


def raise_class(draft: Draft, command: Raise) -> None:
    """More help than stands: one command, by anybody with standing, to a class that is at least guarded.

    What is below that is a decision not to go, which carries its form; and nothing is raised to less than the tables
    concluded.
    """
    case = draft.case
    check_open(case)
    outcome = outcome_class(draft.pathway, command.outcome)
    standing = standing_class(case)
    if command.outcome <= standing:
        refuse("decision.not_higher", outcome=command.outcome, floor=standing)
    least = max(draft.pathway.guarded_class, 0 if case.lowered else floor_of(case))
    if command.outcome < least:
        refuse("decision.raise_to", outcome=command.outcome, least=least)
    draft.add(DecisionRaised(command.outcome, max(standing, 0), outcome.deploys, command.reason))
    _drop_lowering(draft, "somebody raised the class")
    if outcome.deploys and draft.given.by.agency == case.receiver:
        take_by_deploying(draft)


def raise_by_clock(draft: Draft, outcome: int, clock: str, reason: str) -> None:
    """Silence fails towards help: the class rises by itself, and a receiver that only triaged takes the case.

    Never to less than the tables concluded: who needs more does not get less for waiting (law 6).
    """
    case = draft.case
    outcome = max(outcome, floor_of(case))
    standing = standing_class(case)
    if outcome <= standing:
        return
    deploys = outcome_class(draft.pathway, outcome).deploys
    draft.add(DecisionRaised(outcome, max(standing, 0), deploys, reason, clock))
    _drop_lowering(draft, "nobody decided in time")
    if deploys:
        take_by_deploying(draft)


def standing_class(case: Case) -> int:
    """The class that stands decided; -1 where nobody has decided."""
    return case.decided.outcome if case.decided is not None else -1


def take_by_deploying(draft: Draft) -> None:
    """Deploying is the receiver's own taking, where a reporter's agency has held the case from its first second.

    An agency that took the case itself keeps it: others who go as well support it (sheet 2.5).
    """
    case = draft.case
    if case.holder != case.receiver and case.holds_by_opening():
        assume_case(draft, case.receiver, Ground.DEPLOYED, "decided to go")


def propose_lowering(draft: Draft, command: ProposeLowering) -> None:
    """Less help than stands: the first of two people, with a reason and the whole form."""
    case = draft.case
    check_open(case)
    check_can_decide(case, draft.given.by)
    outcome = outcome_class(draft.pathway, command.outcome)
    floor = floor_of(case)
    if command.outcome >= floor:
        refuse("decision.not_lower", outcome=command.outcome, floor=floor)
    check_said(reason=command.reason)
    check_form(draft.pathway, case, command.outcome, command.form)
    if not outcome.deploys:
        check_history(case, draft.given, command.history_shown)
    if case.lowering is not None:
        draft.add(LoweringDeclined(case.lowering.proposal, "another proposal takes its place"))
    draft.add(
        LoweringProposed(
            proposal=draft.new_id(),
            outcome=command.outcome,
            previous=floor,
            deploys=outcome.deploys,
            reason=command.reason,
            form=command.form,
            history_shown=command.history_shown,
        )
    )


def confirm_lowering(draft: Draft, command: ConfirmLowering) -> None:
    """The second person agrees: another person, of the same agency, in a supervising role."""
    case = draft.case
    check_open(case)
    proposal, first = check_can_confirm(case, draft.given.by, command.proposal)
    draft.add(
        DecisionLowered(
            proposal=proposal.proposal,
            outcome=proposal.outcome,
            previous=proposal.previous,
            deploys=proposal.deploys,
            reason=proposal.reason,
            proposed_by=first.actor,
            form=proposal.form,
            history_shown=proposal.history_shown,
        )
    )


def check_can_confirm(case: Case, by: Actor, proposal_id: str) -> tuple[LoweringProposed, Actor]:
    """Who may be the second person: another one, of the same agency, in a supervising role. Gives the proposal and the
    first.
    """
    proposal, first = _waiting(case, proposal_id)
    if by.actor == first.actor:
        refuse("lowering.second_person")
    if by.role not in SUPERVISING_ROLES:
        refuse("lowering.supervisor", roles=", ".join(sorted(SUPERVISING_ROLES)))
    if by.agency != first.agency:
        refuse("lowering.same_agency", agency=first.agency)
    check_can_decide(case, by)
    return proposal, first


def decline_lowering(draft: Draft, command: DeclineLowering) -> None:
    """The second person does not agree, or the first takes it back."""
    case = draft.case
    check_open(case)
    proposal, first = _waiting(case, command.proposal)
    if draft.given.by.agency not in (first.agency, case.holder):
        refuse("lowering.same_agency", agency=first.agency)
    check_said(reason=command.reason)
    draft.add(LoweringDeclined(proposal.proposal, command.reason))


def risk_rose(draft: Draft) -> None:
    """The tables concluded higher: a proposal that was waiting falls."""
    _drop_lowering(draft, "risk rose")


def _drop_lowering(draft: Draft, reason: str) -> None:
    if draft.case.lowering is not None:
        draft.add(LoweringDeclined(draft.case.lowering.proposal, reason))


def _waiting(case: Case, proposal_id: str) -> tuple[LoweringProposed, Actor]:
    if case.lowering is None or case.lowering_by is None or case.lowering.proposal != proposal_id:
        refuse("lowering.none")
    return case.lowering, case.lowering_by


def outcome_class(pathway: Pathway, number: int) -> OutcomeClass:
    """The pathway's class of this number."""
    for each in pathway.classes:
        if each.number == number:
            return each
    refuse("decision.no_class", outcome=number)


def review(draft: Draft, command: ReviewDecision) -> None:
    """A sampled decision is reviewed for quality, by somebody else than who made it (sheet metric 11, failure 34)."""
    case = draft.case
    check_may_review(case, draft.given.by, command.decision)
    if command.result not in ("pass", "fail"):
        refuse("review.result")
    check_said(notes=command.notes)
    draft.add(DecisionReviewed(command.decision, command.result, command.notes))


def check_may_review(case: Case, by: Actor, decision: str) -> None:
    """Somebody else than who decided, and once."""
    if decision not in case.deciders:
        refuse("review.decision")
    if decision in case.reviewed:
        refuse("review.done")
    if case.deciders[decision] == by.actor:
        refuse("review.own")
