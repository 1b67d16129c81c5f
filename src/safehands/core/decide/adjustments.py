"""More time for a running clock, and corrected starts: both written as new due instants, neither ever by one person's
backdating.

An extension is what its declaration allows and nothing else (right-care sheet 3.1 K3): once, before the clock runs
out, no longer than declared, for a declared reason, with the evidence demanded. A milestone's time is corrected by two
people; the clocks that began there are worked out again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from safehands.core.case import Case, Clock, ClockStatus
from safehands.core.clocks import BREACH, due, ladder
from safehands.core.commands import ConfirmMilestoneCorrection, ExtendClock, ProposeMilestoneCorrection
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import (
    ClockAdjusted,
    MilestoneCorrected,
    MilestoneCorrectionProposed,
    StepDue,
)
from safehands.core.pathway import ClockSpec, Extension, Pathway
from safehands.core.rules import refuse


def extend(draft: Draft, command: ExtendClock) -> None:
    """Give a clock more time, as its declaration allows."""
    case = draft.case
    check_open(case)
    clock = case.clocks.get(command.clock)
    if clock is None or clock.status in (ClockStatus.STOPPED, ClockStatus.PAUSED) or clock.due_at is None:
        refuse("extension.not_running", clock=command.clock)
    check_can_extend(draft.pathway, case, clock, command, draft.given.now)
    due_at = clock.due_at + command.by
    steps = (*(step for step in clock.steps if step.name != BREACH), StepDue(BREACH, due_at))
    extended = clock.extended_seconds + int(command.by.total_seconds())
    draft.add(ClockAdjusted(clock.clock, due_at, steps, command.reason, command.evidence, extended_seconds=extended))


def check_can_extend(pathway: Pathway, case: Case, clock: Clock, command: ExtendClock, now: datetime) -> None:
    """Every condition of the declaration, each with its own sentence. An extension entered after the time ran out
    comes too late, whenever it says that it was given."""
    spec = _spec(pathway, clock)
    extension = spec.extension if spec is not None else None
    if extension is None:
        refuse("extension.none", clock=clock.clock)
    if clock.extended_seconds:
        refuse("extension.once", clock=clock.clock)
    if clock.due_at is not None and now >= clock.due_at:
        refuse("extension.too_late", due_at=clock.due_at.isoformat())
    check_reason(extension, command.reason)
    if not timedelta(0) < command.by <= extension.longest:
        refuse("extension.too_long", longest=extension.longest)
    missing = tuple(name for name in extension.evidence if not command.evidence.get(name, "").strip())
    if missing:
        refuse("extension.evidence", evidence=", ".join(missing))
    at_place = any(state.ended_at is None and state.place in extension.approval_at for state in case.statuses.values())
    if at_place and not command.evidence.get("approved_by", "").strip():
        refuse("extension.approval")


def check_reason(extension: Extension, reason: str) -> None:
    """Only the person's condition, or whatever else the declaration names; never a missing bed or professional."""
    if reason not in extension.reasons:
        refuse("extension.reason", reasons=", ".join(extension.reasons))


def propose_correction(draft: Draft, command: ProposeMilestoneCorrection) -> None:
    """The first person says that a milestone was at another time. Nothing changes yet."""
    case = draft.case
    check_open(case)
    if not any((each.milestone, each.at) == (command.milestone, command.was) for each in case.milestones):
        refuse("correction.no_milestone", milestone=command.milestone, was=command.was.isoformat())
    if command.now > draft.given.now:
        refuse("time.future", happened_at=command.now.isoformat())
    if command.now < case.opened_at:
        refuse("time.before_opening", happened_at=command.now.isoformat(), opened_at=case.opened_at.isoformat())
    check_said(reason=command.reason)
    draft.add(MilestoneCorrectionProposed(draft.new_id(), command.milestone, command.was, command.now, command.reason))


def confirm_correction(draft: Draft, command: ConfirmMilestoneCorrection) -> None:
    """The second person agrees: the milestone moves, and every running clock that it started is worked out again."""
    case = draft.case
    check_open(case)
    waiting = case.corrections.get(command.correction)
    if waiting is None:
        refuse("correction.none")
    if waiting.proposed_by == draft.given.by.actor:
        refuse("correction.second_person")
    draft.add(MilestoneCorrected(command.correction, waiting.milestone, waiting.was, waiting.now, waiting.proposed_by))
    for clock in started_by(draft.pathway, draft.case, waiting.milestone, waiting.was):
        _work_out_again(draft, clock, waiting.was, waiting.now)


def started_by(pathway: Pathway, case: Case, milestone: str, at: datetime) -> tuple[Clock, ...]:
    """The clocks that this milestone at this time started and that still wait for their end, in time or late."""
    started = []
    for clock in case.clocks.values():
        spec = _spec(pathway, clock)
        triggers = spec.starts if spec is not None else ()
        names = {name for trigger in triggers for name in trigger.where.get("milestone", frozenset())}
        if milestone in names and clock.started_at == at and clock.status is not ClockStatus.STOPPED:
            started.append(clock)
    return tuple(started)


def _work_out_again(draft: Draft, clock: Clock, was: datetime, now: datetime) -> None:
    spec = _spec(draft.pathway, clock)
    assert spec is not None, "a clock that a milestone starts is declared"
    due_at = due(spec, now, draft.given.calendars)
    due_at = due_at + timedelta(seconds=clock.extended_seconds) if due_at is not None else None
    draft.add(
        ClockAdjusted(
            clock=clock.clock,
            due_at=due_at,
            steps=ladder(spec, now, due_at),
            reason=f"it began at {now.isoformat()}, not at {was.isoformat()}",
            started_at=now,
            extended_seconds=clock.extended_seconds,
        )
    )


def _spec(pathway: Pathway, clock: Clock) -> ClockSpec | None:
    return next((spec for spec in pathway.clocks if spec.id == clock.spec), None)
