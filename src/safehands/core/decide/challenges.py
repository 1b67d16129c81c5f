"""Challenges: a dispute between agencies, with declared levels and times (right-care sheet 2.6).

The holder stays throughout. A level that passes in silence escalates by itself, and fails towards help: where the
challenger says that life is at risk, somebody is sent meanwhile. The review itself must not cost the response: a
challenge that asserts risk raises the class provisionally at once where the reporter's own view says so too (sheet
2.6, failure 1).
"""

from __future__ import annotations

from typing import Final

from safehands.core.case import Case, Challenge
from safehands.core.commands import AnswerChallenge, EscalateChallenge, RaiseChallenge, SettleChallenge
from safehands.core.decide import decisions, triage
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import (
    ChallengeAnswered,
    ChallengeEscalated,
    ChallengeExhausted,
    ChallengeRaised,
    ChallengeSettled,
)
from safehands.core.pathway import ChallengeLevel, Pathway
from safehands.core.rules import refuse

#: The kernel's clock for a challenge at its level.
CHALLENGE_CLOCK: Final = "challenge"

RESULTS: Final = ("upheld", "changed", "withdrawn")


def raise_challenge(draft: Draft, command: RaiseChallenge) -> None:
    """Dispute, at the first level that has a time: supervisors of both agencies."""
    case = draft.case
    check_open(case)
    by = draft.given.by.agency
    if command.against == by:
        refuse("challenge.self")
    for side in (command.against, by):
        if side not in case.standing():
            refuse("challenge.stranger", against=side)
    if any({each.by_agency, each.against} == {by, command.against} for each in case.open_challenges()):
        refuse("challenge.open_already", against=command.against)
    level = _first(draft.pathway)
    check_said(position=command.position)
    draft.add(
        ChallengeRaised(
            challenge=draft.new_id(),
            by_agency=by,
            against=command.against,
            level=level.level,
            asserts_risk=command.asserts_risk,
            position=command.position,
            due_at=draft.at + level.within,
        )
    )
    if command.asserts_risk and triage.inputs_of(draft.pathway, case).get("view") == "yes":
        provisional = _provisional(draft.pathway)
        if provisional is not None:
            decisions.raise_by_clock(
                draft, provisional, CHALLENGE_CLOCK, "provisional, while the dispute is talked over"
            )


def answer(draft: Draft, command: AnswerChallenge) -> None:
    """The other side states its position."""
    challenge = _open(draft.case, command.challenge)
    _check_side(challenge, draft.given.by.agency)
    check_said(position=command.position)
    draft.add(ChallengeAnswered(command.challenge, command.position))


def escalate(draft: Draft, command: EscalateChallenge) -> None:
    """One level up, by either side."""
    challenge = _open(draft.case, command.challenge)
    _check_side(challenge, draft.given.by.agency)
    following = _next(draft.pathway, challenge)
    if following is None:
        refuse("challenge.last_level", holder=draft.case.holder)
    draft.add(ChallengeEscalated(challenge.challenge, following.level, draft.at + following.within, by_clock=False))


def settle(draft: Draft, command: SettleChallenge) -> None:
    """Agreed. ``withdrawn`` is the challenger's; ``upheld`` and ``changed`` are the other side's answer."""
    challenge = _open(draft.case, command.challenge)
    by = draft.given.by.agency
    _check_side(challenge, by)
    if command.result not in RESULTS:
        refuse("challenge.result", results=", ".join(RESULTS))
    mine = by == challenge.by_agency
    if mine != (command.result == "withdrawn"):
        refuse("challenge.whose_answer", by=challenge.by_agency, against=challenge.against)
    check_said(reason=command.reason)
    draft.add(ChallengeSettled(challenge.challenge, command.result, command.reason))


def expire(draft: Draft, challenge_id: str) -> None:
    """The level's time has passed: up one level, with somebody sent meanwhile where life was said to be at risk."""
    challenge = draft.case.challenges[challenge_id]
    passed = next(each for each in draft.pathway.challenge_levels if each.level == challenge.level)
    send_meanwhile(draft, challenge, passed)
    following = _next(draft.pathway, challenge)
    if following is None:
        draft.add(ChallengeExhausted(challenge_id))
        return
    draft.add(ChallengeEscalated(challenge_id, following.level, draft.at + following.within, by_clock=True))


def send_meanwhile(draft: Draft, challenge: Challenge, passed: ChallengeLevel) -> None:
    """Where life is said to be at risk, a level that says so sends somebody when its time has passed (sheet 2.6,
    L3).
    """
    if challenge.asserts_risk and passed.raise_to is not None:
        decisions.raise_by_clock(draft, passed.raise_to, CHALLENGE_CLOCK, "nobody settled the dispute in time")


def _open(case: Case, challenge_id: str) -> Challenge:
    check_open(case)
    challenge = case.challenges.get(challenge_id)
    if challenge is None:
        refuse("challenge.unknown")
    if challenge.state != "open":
        refuse("challenge.settled", state=challenge.state)
    return challenge


def _check_side(challenge: Challenge, agency: str) -> None:
    if agency not in (challenge.by_agency, challenge.against):
        refuse("challenge.not_a_side", by=challenge.by_agency, against=challenge.against)


def _first(pathway: Pathway) -> ChallengeLevel:
    if not pathway.challenge_levels:
        refuse("challenge.none_declared")
    return min(pathway.challenge_levels, key=lambda level: level.level)


def _next(pathway: Pathway, challenge: Challenge) -> ChallengeLevel | None:
    higher = [level for level in pathway.challenge_levels if level.level > challenge.level]
    return min(higher, key=lambda level: level.level, default=None)


def _provisional(pathway: Pathway) -> int | None:
    deploying = [each.number for each in pathway.classes if each.deploys]
    return min(deploying, default=None)
