"""A clock that stands still: only where its declaration says so, for a declared reason, and never without an end.

A pause ends by itself at the time that was named for it (law 4). What stood still comes after: days for days.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from safehands.core.case import Clock, ClockStatus
from safehands.core.clocks import BREACH, later
from safehands.core.commands import PauseClock, ResumeClock
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import ClockPaused, ClockResumed, StepDue
from safehands.core.rules import refuse


def pause(draft: Draft, command: PauseClock) -> None:
    """Let a running clock stand still."""
    check_open(draft.case)
    clock = draft.case.clocks.get(command.clock)
    if clock is None or clock.status is not ClockStatus.RUNNING:
        refuse("pause.not_running", clock=command.clock)
    rule = next((spec.pause for spec in draft.pathway.clocks if spec.id == clock.spec), None)
    if rule is None:
        refuse("pause.none", clock=clock.clock)
    if clock.due_at is not None and draft.at >= clock.due_at:
        refuse("pause.too_late", due_at=clock.due_at.isoformat())
    if command.reason not in rule.reasons:
        refuse("pause.reason", reasons=", ".join(rule.reasons))
    if not timedelta(0) < command.until - draft.at <= rule.longest:
        refuse("pause.too_long", longest=rule.longest)
    draft.add(ClockPaused(clock.clock, command.reason, command.until))


def resume(draft: Draft, command: ResumeClock) -> None:
    """A person ends a pause before its time."""
    check_open(draft.case)
    clock = draft.case.clocks.get(command.clock)
    if clock is None or clock.status is not ClockStatus.PAUSED:
        refuse("pause.not_paused", clock=command.clock)
    check_said(reason=command.reason)
    run_on(draft, clock, draft.at, command.reason)


def run_on(draft: Draft, clock: Clock, at: datetime, reason: str) -> None:
    """The clock runs on from ``at``, with what it had left."""
    paused = clock.paused_at if clock.paused_at is not None else at
    spec = next(spec for spec in draft.pathway.clocks if spec.id == clock.spec)
    due_at = later(spec, clock.due_at, paused, at, draft.given.calendars)
    steps = tuple(
        StepDue(step.name, step.at + (at - paused), step.every_seconds) if step.at > paused else step
        for step in clock.steps
        if step.name != BREACH
    )
    end = (StepDue(BREACH, due_at),) if due_at is not None else ()
    draft.add(ClockResumed(clock.clock, due_at, (*steps, *end), reason))
