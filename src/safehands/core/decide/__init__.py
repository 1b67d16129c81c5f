"""``decide(command, case, pathway, given)``: the one function through which anything changes.

It dispatches to one small module a subject, then lets clocks and concerns follow what happened, and answers with the
entries to write and the case after them. It queries nothing: the command and ``Given`` carry all it may know besides
the case.

Subjects: ``contact`` · ``triage`` · ``decisions`` · ``offering`` · ``handover`` · ``tasks`` · ``entry`` · ``people`` ·
``progress`` · ``material`` (records) · ``closing`` · ``statuses`` · ``adjustments`` · ``bookings`` · ``challenges`` ·
``outcomes`` ·
``timekeeping`` (clocks) · ``time`` (checks about time) · ``draft`` (the entries in the making).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never, cast

from safehands.core import commands as c
from safehands.core import concerns
from safehands.core.case import Case
from safehands.core.commands import CaseCommand, Command, Given
from safehands.core.decide import (
    adjustments,
    bookings,
    challenges,
    closing,
    contact,
    decisions,
    handover,
    material,
    offering,
    outcomes,
    own_pages,
    pauses,
    people,
    progress,
    statuses,
    tasks,
    timekeeping,
    triage,
)
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import after_what_is_there, check_time
from safehands.core.events import CaseEvent, Entry
from safehands.core.pathway import Pathway
from safehands.core.records.commands import MaterialCommand
from safehands.core.records.findings import Findings
from safehands.core.records.material import EMPTY, Material
from safehands.core.rules import refuse
from safehands.core.vocabulary import HappenedSource
from safehands.core.wire import wire_name


@dataclass(frozen=True, slots=True)
class Decided:
    """What a command comes to: the entries to write, in order, the case after them, and the pathway version that it
    runs under. ``material`` is the case's material after them (None where nobody brought it along), ``findings`` what
    the integrity rules find in it."""

    entries: tuple[Entry, ...]
    case: Case
    pathway: Pathway
    material: Material | None = None
    findings: Findings = field(default_factory=dict)


def decide(command: Command, stream: str, case: Case | None, pathway: Pathway, given: Given) -> Decided:
    """The entries that ``command`` comes to on ``case`` (None before it is opened), or ``Refused``, ``Stale``,
    ``BadInput``.

    ``pathway`` is the version under which the case runs; ``stream`` the case's own. Pure: same arguments, same answer.
    """
    given = after_what_is_there(case, given)
    check_time(case, given)
    if isinstance(command, c.TakeContact):
        if case is not None:
            refuse("case.exists")
    elif case is None:
        raise ValueError("only TakeContact opens a case; the service says NotFound before it asks")
    elif case.pathway != pathway.ref:
        refuse("case.pathway", pathway=f"{case.pathway.pathway} {case.pathway.version}", other=pathway.ref.pathway)
    draft = Draft(stream, case, pathway, given)
    if isinstance(command, MaterialCommand):
        material.dispatch(draft, command)
    else:
        _dispatch(draft, command)
    findings = _settle(draft)
    known = draft.material if draft.knows_material else None
    return Decided(tuple(draft.entries), draft.case, pathway, known, findings)


def _settle(draft: Draft) -> Findings:
    """Let clocks follow what happened, and what the clocks did, until nothing more follows; then concerns, and the
    clocks that concerns start and stop.

    Answers with what the integrity rules find.
    """
    by = wire_name(type(draft.entries[0].event)) if draft.entries else "nothing"
    seen = _clocks(draft, 0)
    for change in concerns.changes(draft.case, draft.pathway, by):
        draft.add(change)
    findings = _integrity(draft, by)
    while seen < len(draft.entries):
        seen = _clocks(draft, seen)
        for change in concerns.changes(draft.case, draft.pathway, by):
            draft.add(change)
    return findings


def _clocks(draft: Draft, seen: int) -> int:
    """Let clocks follow the entries after the first ``seen``, and those of clocks; answers with how many there are."""
    while seen < len(draft.entries):
        fresh = tuple(cast("CaseEvent", entry.event) for entry in draft.entries[seen:])
        seen = len(draft.entries)
        timekeeping.follow(draft, fresh)
    return seen


def _integrity(draft: Draft, by: str) -> Findings:
    """What the rules about material find now becomes concerns; a live act that a rule blocks is refused."""
    given = draft.given
    if given.integrity is None or not draft.knows_material or draft.case.records == 0:
        return given.standing
    before = given.material if given.material is not None else EMPTY
    findings = given.integrity.advance(
        given.standing, before, draft.material, draft.facts, at=given.now, calendars=given.calendars
    )
    blocking = [each for name, each in sorted(findings.items()) if each.blocks and name not in given.standing]
    if blocking and given.source is HappenedSource.LIVE:
        refuse("disposal.stopped", record=", ".join(blocking[0].records), why=blocking[0].note or blocking[0].rule)
    for change in concerns.of_material(draft.case, draft.material, findings, by):
        draft.add(change)
    return findings


def _dispatch(draft: Draft, command: CaseCommand) -> None:
    match command:
        case c.TakeContact():
            contact.take(draft, command)
        case c.JoinContact():
            contact.join(draft, command)
        case c.DropContact():
            contact.drop(draft, command)
        case c.MakeCallBack():
            contact.call_back(draft, command)
        case c.IdentifyParty():
            people.identify(draft, command)
        case c.RecordAnswers():
            contact.record_answers(draft, command)
        case c.CorrectAnswer():
            contact.correct_answer(draft, command)
        case c.CorrectEntry():
            contact.correct_entry(draft, command)
        case c.LinkCase():
            contact.link(draft, command)
        case c.Conclude():
            triage.command(draft, command)
        case c.Decide():
            decisions.decide_class(draft, command)
        case c.Raise():
            decisions.raise_class(draft, command)
        case c.ProposeLowering():
            decisions.propose_lowering(draft, command)
        case c.ConfirmLowering():
            decisions.confirm_lowering(draft, command)
        case c.DeclineLowering():
            decisions.decline_lowering(draft, command)
        case c.OfferHandover():
            offering.offer(draft, command)
        case c.CompletePack():
            handover.complete_pack(draft, command)
        case c.AcknowledgeOffer():
            handover.acknowledge(draft, command)
        case c.QuestionOffer():
            handover.question(draft, command)
        case c.AcceptOffer():
            handover.accept(draft, command)
        case c.AcceptByWord():
            handover.accept_by_word(draft, command)
        case c.ConfirmWord():
            handover.confirm_word(draft, command)
        case c.DeclineOffer():
            handover.decline(draft, command)
        case c.WithdrawOffer():
            handover.withdraw(draft, command)
        case c.AssumeCase():
            handover.assume(draft, command)
        case c.SetKeeper():
            handover.set_keeper(draft, command)
        case c.AddTask():
            tasks.add(draft, command)
        case c.TakeTask():
            tasks.take(draft, command)
        case c.HandBackTask():
            tasks.hand_back(draft, command)
        case c.CompleteTask():
            tasks.complete(draft, command)
        case c.CancelTask():
            tasks.cancel(draft, command)
        case c.TellCaller():
            people.tell(draft, command)
        case c.Signpost():
            people.signpost(draft, command)
        case c.RecordMilestone():
            progress.milestone(draft, command)
        case c.ExplainDelay():
            progress.explain_delay(draft, command)
        case c.RecordArrival():
            progress.arrival(draft, command)
        case c.RecordRelease():
            progress.release(draft, command)
        case c.CloseCase():
            closing.close(draft, command)
        case c.ReopenCase():
            closing.reopen(draft, command)
        case c.BeginStatus():
            statuses.begin(draft, command)
        case c.MoveStatus():
            statuses.move(draft, command)
        case c.EndStatus():
            statuses.end(draft, command)
        case c.PauseClock():
            pauses.pause(draft, command)
        case c.ResumeClock():
            pauses.resume(draft, command)
        case c.ExtendClock():
            adjustments.extend(draft, command)
        case c.ProposeMilestoneCorrection():
            adjustments.propose_correction(draft, command)
        case c.ConfirmMilestoneCorrection():
            adjustments.confirm_correction(draft, command)
        case c.PlanBooking():
            bookings.plan(draft, command)
        case c.ConfirmBooking():
            bookings.confirm(draft, command)
        case c.WithdrawFromBooking():
            bookings.withdraw(draft, command)
        case c.StartBooking():
            bookings.start(draft, command)
        case c.CancelBooking():
            bookings.cancel(draft, command)
        case c.RaiseChallenge():
            challenges.raise_challenge(draft, command)
        case c.AnswerChallenge():
            challenges.answer(draft, command)
        case c.EscalateChallenge():
            challenges.escalate(draft, command)
        case c.SettleChallenge():
            challenges.settle(draft, command)
        case c.GiveOwnPage():
            own_pages.give(draft, command)
        case c.WithdrawOwnPage():
            own_pages.withdraw(draft, command)
        case c.StandDown():
            people.stand_down(draft, command)
        case c.ReviewDecision():
            decisions.review(draft, command)
        case c.RecordOutcome():
            outcomes.record(draft, command)
        case c.LinkComplaint():
            outcomes.link_complaint(draft, command)
        case c.ClockDue():
            timekeeping.fall_due(draft, command)
        case _ as never:
            assert_never(never)
