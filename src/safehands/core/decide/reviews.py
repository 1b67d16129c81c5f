"""Reviews of decisions, and victims' requests for one (evidence-review sheet 1.11, 3.2).

A review is somebody else's fresh look. Whether a victim's request qualifies follows from who decided, when and what;
where it does not, the entry says which way is open instead: never that there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said, claimed
from safehands.core.records.commands import ConcludeReview, MoveVictimReview, OpenReview, RequestVictimReview
from safehands.core.records.events import (
    MaterialDecided,
    ReviewConcluded,
    ReviewOpened,
    VictimReviewMoved,
    VictimReviewRequested,
)
from safehands.core.records.knowing import deciders_before
from safehands.core.records.vocabulary import POLICE_RANKS, DecisionKind, Scheme, Standing
from safehands.core.rules import Fault, refuse, refuse_all
from safehands.core.vocabulary import role_of

#: From which day on a scheme covers decisions (sheet 3.2).
COVERED_FROM: Final = {Scheme.CPS: date(2013, 6, 5), Scheme.POLICE: date(2015, 4, 1)}

#: The decisions not to go on that a scheme covers (sheet 1.11).
COVERED: Final = {
    Scheme.CPS: frozenset({DecisionKind.NFA_CPS, DecisionKind.DISCONTINUE, DecisionKind.OFFER_NO_EVIDENCE}),
    Scheme.POLICE: frozenset({DecisionKind.NFA_POLICE}),
}

#: Whose decisions a scheme is for.
_ROLE: Final = {Scheme.CPS: "CPS", Scheme.POLICE: "POL"}

#: To where a victim's request can be moved; the last one ends it.
STAGES: Final = ("acknowledged", "local_resolution", "independent_review", "closed")


def open_review(draft: Draft, command: OpenReview) -> None:
    """Look at a decision again, by somebody who made neither it nor those before it."""
    check_open(draft.case)
    by = draft.given.by
    made = _decision(draft, command.decision)
    review, reviewer = command.review or draft.new_id(), command.reviewer or by.actor
    faults: list[Fault] = []
    if review in draft.material.reviews:
        faults.append(("records.id_known", {"what": "review", "id": review}))
    if reviewer in deciders_before(draft.material, command.decision):
        faults.append(("review.own_decision", {"reviewer": reviewer}))
    if role_of(made.decider_agency) == role_of(by.agency) == _ROLE[Scheme.POLICE]:
        faults += _rank_faults(made, command.grade)
    refuse_all(faults)
    draft.add(ReviewOpened(review, command.decision, command.trigger, reviewer, by.agency, command.grade))


def _rank_faults(made: MaterialDecided, grade: str) -> Iterator[Fault]:
    """The reviewer's rank is a rank, and higher than the decider's where anybody said what that was."""
    rank, was = (POLICE_RANKS.get(each.strip().lower().replace(" ", "_")) for each in (grade, made.grade))
    if rank is None:
        yield "review.rank", {"ranks": ", ".join(POLICE_RANKS).replace("_", " ")}
    elif was is not None and rank <= was:
        yield "review.rank_not_higher", {"decision": made.decision, "grade": made.grade}


def conclude(draft: Draft, command: ConcludeReview) -> None:
    """Say what came of it; where a decision says so, it is one that reviews the same decision."""
    check_said(reasons=command.reasons)
    if command.review not in draft.material.reviews:
        refuse("records.unknown", what="review", id=command.review)
    review = draft.material.reviews[command.review].event
    if review.reviewer_agency != draft.given.by.agency:
        refuse("review.not_yours", agency=review.reviewer_agency)
    if command.review in draft.material.reviewed:
        refuse("review.concluded")
    if command.by_decision is not None and _decision(draft, command.by_decision).reviews != review.decision:
        refuse("review.decision_of", decision=command.by_decision, reviewed=review.decision)
    draft.add(ReviewConcluded(command.review, command.outcome, command.reasons, command.by_decision))


def victim_asks(draft: Draft, command: RequestVictimReview) -> None:
    """Enter a victim's request. Whether it qualifies is worked out, and the other way named where it does not."""
    check_said(party=command.party)
    made = _decision(draft, command.decision)
    name = command.victim_review or draft.new_id()
    if name in draft.material.victim_reviews:
        refuse("records.id_known", what="victim's request", id=name)
    if role_of(made.decider_agency) != _ROLE[command.scheme]:
        refuse("victim_review.scheme", decision=command.decision, agency=made.decider_agency)
    at = claimed(draft.given, command.received_at)
    why_not = _why_not(draft, command, made)
    reason = " ".join(filter(None, (why_not, command.reason)))
    draft.add(VictimReviewRequested(name, command.decision, command.scheme, command.party, at, not why_not, reason))


def _why_not(draft: Draft, command: RequestVictimReview, made: MaterialDecided) -> str:
    """Why a request does not qualify, with the way that is open; empty where it does."""
    start = COVERED_FROM[command.scheme]
    standing = draft.material.standing.get(command.party, ())
    last = standing[-1].event if standing else None
    if made.made_at.date() < start:
        return f"Decided before the scheme began ({start.isoformat()}). Ask for the decision to be reconsidered."
    if made.kind not in COVERED[command.scheme]:
        return "Not a decision that the scheme covers. Ask for the decision to be reconsidered."
    if last is None:
        return "Nobody has said by what this person may be told. Record that, or decide at discretion."
    if last.standing is Standing.FAMILY_NO_STANDING and not last.discretionary:
        return "The scheme gives this person no right of their own. It may be reviewed at discretion."
    return ""


def move(draft: Draft, command: MoveVictimReview) -> None:
    """Acknowledge it, or move it on."""
    if command.victim_review not in draft.material.victim_reviews:
        refuse("records.unknown", what="victim's request", id=command.victim_review)
    if command.stage not in STAGES:
        refuse("victim_review.stage", stages=", ".join(STAGES))
    moves = draft.material.victim_moves.get(command.victim_review, ())
    if moves and moves[-1].event.stage == STAGES[-1]:
        refuse("victim_review.closed")
    draft.add(VictimReviewMoved(command.victim_review, command.stage, command.reason))


def _decision(draft: Draft, decision: str) -> MaterialDecided:
    if decision not in draft.material.decisions:
        refuse("records.unknown", what="decision", id=decision)
    return draft.material.decisions[decision].event
