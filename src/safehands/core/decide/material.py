"""Commands about a case's material: who may give them, and which module decides each.

``noting`` (registers, flags, stages, standing) · ``requests`` · ``replies`` · ``shares`` · ``schedules`` ·
``material_decisions`` · ``reviews`` · ``letters`` · ``acknowledging`` (concerns).
"""

from __future__ import annotations

from typing import Final, assert_never

from safehands.core.decide import (
    acknowledging,
    letters,
    material_decisions,
    noting,
    replies,
    requests,
    reviews,
    schedules,
    shares,
)
from safehands.core.decide.draft import Draft
from safehands.core.records import commands as c
from safehands.core.records.commands import MaterialCommand
from safehands.core.rules import refuse

#: The one role that acts on cases in which its agency has no part: it sees concerns, and that is all.
AUDITOR: Final = "auditor"


def dispatch(draft: Draft, command: MaterialCommand) -> None:  # noqa: C901 - one flat table: a command, its function
    """Add what ``command`` comes to."""
    by = draft.given.by
    if by.agency not in draft.case.standing() and by.role != AUDITOR:
        refuse("records.stranger", holder=draft.case.holder)
    match command:
        case c.NoteMaterial():
            noting.note(draft, command)
        case c.FlagCase():
            noting.flag(draft, command)
        case c.GiveReferences():
            noting.refer(draft, command)
        case c.ReachStage():
            noting.stage(draft, command)
        case c.RecordStanding():
            noting.standing(draft, command)
        case c.ShareRecord():
            shares.share(draft, command)
        case c.ReceiveShare():
            shares.receive(draft, command)
        case c.OpenShare():
            shares.open_share(draft, command)
        case c.RevokeShare():
            shares.revoke(draft, command)
        case c.RequestMaterial():
            requests.ask(draft, command)
        case c.WithdrawRequest():
            requests.withdraw(draft, command)
        case c.AnswerRequest():
            replies.answer(draft, command)
        case c.AttestNothingFurther():
            replies.attest(draft, command)
        case c.ServeSchedule():
            schedules.serve(draft, command)
        case c.DecideScheduleItem():
            schedules.decide_item(draft, command)
        case c.DecideOnMaterial():
            material_decisions.decide_on(draft, command)
        case c.AssessEffect():
            material_decisions.assess(draft, command)
        case c.OpenReview():
            reviews.open_review(draft, command)
        case c.ConcludeReview():
            reviews.conclude(draft, command)
        case c.RequestVictimReview():
            reviews.victim_asks(draft, command)
        case c.MoveVictimReview():
            reviews.move(draft, command)
        case c.ProposeLetter():
            letters.propose(draft, command)
        case c.LogLetter():
            letters.log(draft, command)
        case c.DisputeClaim():
            letters.dispute(draft, command)
        case c.AcknowledgeConcern():
            acknowledging.acknowledge(draft, command)
        case c.ProposeSettingAside():
            acknowledging.propose(draft, command)
        case c.ConfirmSettingAside():
            acknowledging.confirm(draft, command)
        case _ as never:
            assert_never(never)
