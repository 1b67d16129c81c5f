"""Clocks of a case: started and stopped by what happens, due by themselves, each with a fail-safe that leads towards
help (law 4).

Besides the clocks that a pathway declares, every open offer, open dispute, planned booking, request for material and
task with a deadline has one. Accepting does not stop a clock: only what a clock waits for does, in time or late.
``follow`` is run after every command over the entries it made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from safehands.core.case import Clock, ClockStatus, OfferStatus, TaskStatus
from safehands.core.clocks import BREACH, due, ladder, sized
from safehands.core.commands import ClockDue
from safehands.core.decide import challenges, decisions, handover, pauses, triage
from safehands.core.decide.challenges import CHALLENGE_CLOCK
from safehands.core.decide.draft import Draft
from safehands.core.events import (
    AnswerCorrected,
    AnswersRecorded,
    BookingPlanned,
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CasesLinked,
    ChallengeEscalated,
    ChallengeRaised,
    ClockAdjusted,
    ClockBreached,
    ClockStarted,
    ClockStepReached,
    ClockStopped,
    HandoverOffered,
    StepDue,
    TaskAdded,
)
from safehands.core.pathway import ClockSpec, FailSafe, Pathway, Trigger
from safehands.core.records.answering import is_answered
from safehands.core.records.events import MaterialRequested, StandingRecorded
from safehands.core.rules import refuse
from safehands.core.vocabulary import SYSTEM_ROLE, Ground, role_of
from safehands.core.wire import NAME_OF, wire_name

#: Clocks that the kernel itself keeps, for every pathway.
OFFER_CLOCK: Final = "offer"
TASK_CLOCK: Final = "task"
BOOKING_CLOCK: Final = "booking"
REQUEST_CLOCK: Final = "request"

#: What a pathway calls the input that says whether a victim has enhanced rights and so shorter times.
ENHANCED: Final = "enhanced"


@dataclass(frozen=True, slots=True)
class Watch:
    """A clock, and those of its triggers that name one class of event."""

    spec: ClockSpec
    starts: tuple[Trigger, ...]
    stops: tuple[Trigger, ...]


#: What each pathway's clocks wait for, by digest; the clocks beside it show that the digest still means the same
#: clocks.
_watches: dict[str, tuple[tuple[ClockSpec, ...], Mapping[type, tuple[Watch, ...]]]] = {}


def follow(draft: Draft, events: tuple[CaseEvent, ...]) -> None:
    """Start and stop clocks as ``events`` demand; at the end of a case, stop them all."""
    for event in events:
        _stop_kernel_clocks(draft)
        for watch in watches(draft.pathway).get(type(event), ()):
            _follow_one(draft, watch, event)
        match event:
            case HandoverOffered():
                _start_deadline(draft, OFFER_CLOCK, event.offer, event.due_at, FailSafe.LAPSE)
            case TaskAdded(due_at=due_at) if due_at is not None:
                _start_deadline(draft, TASK_CLOCK, event.task, due_at, FailSafe.CONCERN)
            case BookingPlanned():
                _start_deadline(draft, BOOKING_CLOCK, event.booking, event.at, FailSafe.CONCERN)
            case ChallengeRaised() | ChallengeEscalated():
                _start_deadline(draft, CHALLENGE_CLOCK, event.challenge, event.due_at, FailSafe.ESCALATE)
            case AnswersRecorded() | AnswerCorrected() | CasesLinked() | StandingRecorded():
                _measure_again(draft)
            case MaterialRequested():
                _start_deadline(draft, REQUEST_CLOCK, event.request, event.due_at, FailSafe.CONCERN)
            case CaseClosed():
                for clock in _waiting(draft):
                    draft.add(ClockStopped(clock.clock, "the case was closed"))
            case _:
                pass


def watches(pathway: Pathway) -> Mapping[type, tuple[Watch, ...]]:
    """Every class of event that a clock of the pathway waits for, with those clocks in their declared order. Worked out
    once."""
    clocks, found = _watches.get(pathway.ref.digest, ((), {}))
    if clocks is not pathway.clocks:
        found = {event: tuple(_watching(pathway.clocks, name)) for event, name in NAME_OF.items()}
        _watches[pathway.ref.digest] = (pathway.clocks, found)
    return found


def _watching(clocks: tuple[ClockSpec, ...], event: str) -> Iterator[Watch]:
    for spec in clocks:
        starts = tuple(trigger for trigger in spec.starts if trigger.event == event)
        stops = tuple(trigger for trigger in spec.stops if trigger.event == event)
        if starts or stops:
            yield Watch(spec, starts, stops)


def _follow_one(draft: Draft, watch: Watch, event: CaseEvent) -> None:
    spec = watch.spec
    name = _name_of(spec, event)
    if any(matches(trigger, event) for trigger in watch.stops):
        for clock in _waiting(draft):
            if clock.spec == spec.id and name in (None, clock.clock):
                draft.add(ClockStopped(clock.clock, wire_name(type(event))))
    trigger = next((trigger for trigger in watch.starts if matches(trigger, event)), None)
    if not draft.case.is_open or trigger is None or name is None:
        return
    waits = any(clock.clock == name for clock in _waiting(draft))
    if waits and not spec.restarts:
        return  # one that ran out still waits: another start gives no new time (sheet K4)
    start = _start_of(draft, trigger, event)
    if spec.lengths:
        spec = sized(spec, _known(draft))
    due_at = due(spec, start, draft.given.calendars)
    draft.add(
        ClockStarted(
            clock=name,
            spec=spec.id,
            about=name.removeprefix(f"{spec.id}/") if spec.each else "case",
            due_at=due_at,
            steps=ladder(spec, start, due_at),
            fail_safe=spec.fail_safe,
            raise_to=spec.raise_to,
            restarted=waits,
            started_at=start if trigger.counts_from else None,
        )
    )


def _name_of(spec: ClockSpec, event: CaseEvent) -> str | None:
    """The clock that this event starts or stops; None where there is one for each of something and it names none."""
    if not spec.each:
        return spec.id
    subject: str | None = getattr(event, spec.each, None)
    return f"{spec.id}/{subject}" if subject else None


def _start_of(draft: Draft, trigger: Trigger, event: CaseEvent) -> datetime:
    """A case's first clocks run from its first second, not from when somebody wrote it down; others from the instant
    that their trigger names."""
    if trigger.counts_from:
        named: datetime | None = getattr(event, trigger.counts_from)
        return named if named is not None else draft.at
    return event.received_at if isinstance(event, CaseOpened) else draft.at


def _known(draft: Draft) -> dict[str, str]:
    """The inputs that a clock's length depends on. That somebody has enhanced rights is known by an answer or by what
    was recorded of a person's standing, and no answer takes back what was recorded of any one of them."""
    inputs = triage.inputs_of(draft.pathway, draft.case)
    if ENHANCED in inputs and draft.knows_material:
        standing = (facts[-1].event for facts in draft.material.standing.values())
        if any(each.enhanced for each in standing):
            inputs[ENHANCED] = "yes"
    return inputs


def _measure_again(draft: Draft) -> None:
    """What is known now may give a running clock another length: it counts from where it began."""
    specs = {spec.id: spec for spec in draft.pathway.clocks if spec.lengths}
    running = [clock for clock in draft.case.running_clocks() if clock.spec in specs and not clock.extended_seconds]
    inputs = _known(draft) if running else {}
    for clock in running:
        spec = sized(specs[clock.spec], inputs)
        due_at = due(spec, clock.started_at, draft.given.calendars)
        if clock.status is ClockStatus.RUNNING and due_at != clock.due_at:
            draft.add(
                ClockAdjusted(
                    clock=clock.clock,
                    due_at=due_at,
                    steps=ladder(spec, clock.started_at, due_at),
                    reason="what is known now gives it another length",
                )
            )


def matches(trigger: Trigger, event: CaseEvent) -> bool:
    """Whether an event of the kind that a trigger names is so in every field that it names. Agencies are matched by
    their role.
    """
    return all(_seen(event, name) in allowed for name, allowed in trigger.where.items())


def _seen(event: CaseEvent, name: str) -> object:
    value: object = getattr(event, name)
    return role_of(value) if name in ("to_agency", "from_agency") and isinstance(value, str) else value


def _start_deadline(draft: Draft, spec: str, about: str, due_at: datetime | None, fail_safe: FailSafe) -> None:
    """A clock of the kernel's own. A deadline that no calendar knows gives a clock without one, and a concern."""
    steps = (StepDue(BREACH, due_at),) if due_at is not None else ()
    draft.add(ClockStarted(f"{spec}/{about}", spec, about, due_at, steps, fail_safe))


def _waiting(draft: Draft) -> tuple[Clock, ...]:
    """Clocks whose event has not come: those that run, and those that ran out and still wait for it."""
    return tuple(clock for clock in draft.case.clocks.values() if clock.status is not ClockStatus.STOPPED)


def _stop_kernel_clocks(draft: Draft) -> None:
    case = draft.case
    for clock in _waiting(draft):
        if clock.spec == OFFER_CLOCK and case.offers[clock.about].status is not OfferStatus.OPEN:
            draft.add(ClockStopped(clock.clock, f"the offer was {case.offers[clock.about].status}"))
        elif clock.spec == CHALLENGE_CLOCK and case.challenges[clock.about].state != "open":
            draft.add(ClockStopped(clock.clock, f"the dispute was {case.challenges[clock.about].state}"))
        elif clock.spec == BOOKING_CLOCK and case.bookings[clock.about].state != "planning":
            draft.add(ClockStopped(clock.clock, f"the booking was {case.bookings[clock.about].state}"))
        elif clock.spec == REQUEST_CLOCK and draft.knows_material and is_answered(draft.material, clock.about):
            draft.add(ClockStopped(clock.clock, "the request waits no longer"))
        elif clock.spec == TASK_CLOCK and case.tasks[clock.about].status is not TaskStatus.OPEN:
            draft.add(ClockStopped(clock.clock, f"the task was {case.tasks[clock.about].status}"))


def fall_due(draft: Draft, command: ClockDue) -> None:
    """A step has come: tell somebody, or at the last step, do what the fail-safe says."""
    clock = check_due(draft, command)
    if clock.status is ClockStatus.PAUSED:
        pauses.run_on(draft, clock, command.at, "the pause ended by itself")
        return
    silence = _silence(draft, clock)
    if silence is not None:
        _restart_silence(draft, clock, silence)
        return
    if command.step != BREACH:
        draft.add(ClockStepReached(clock.clock, command.step, command.at))
        return
    if clock.fail_safe == FailSafe.LAPSE:
        handover.lapse(draft, clock.about)
        return
    if clock.fail_safe == FailSafe.ESCALATE:
        challenges.expire(draft, clock.about)
        return
    draft.add(ClockBreached(clock.clock, command.at))
    _fail_safe(draft, clock)


def check_due(draft: Draft, command: ClockDue) -> Clock:
    """Only the timers say so, only of a running clock, only of its next step, and not before its time."""
    if draft.given.by.role != SYSTEM_ROLE:
        refuse("timer.system_only")
    clock = draft.case.clocks.get(command.clock)
    if (
        clock is None
        or not clock.counts
        or (clock.next_step, clock.next_at) != (command.step, command.at)
        or command.at > draft.given.now
    ):
        refuse("timer.not_due")
    return clock


def _fail_safe(draft: Draft, clock: Clock) -> None:
    match FailSafe(clock.fail_safe):
        case FailSafe.RAISE:
            outcome = clock.raise_to if clock.raise_to is not None else draft.pathway.guarded_class
            decisions.raise_by_clock(draft, outcome, clock.clock, "nobody decided in time")
        case FailSafe.TRIAGE:
            triage.conclude(draft)  # what nobody answered is unknown, and unknown is not no
        case FailSafe.ASSUME:
            if draft.case.holder != draft.case.receiver and draft.case.holds_by_opening():
                handover.assume_case(draft, draft.case.receiver, Ground.PROFESSIONAL_JUDGEMENT, "nobody acted in time")
        case FailSafe.CONCERN | FailSafe.LAPSE | FailSafe.ESCALATE:
            pass  # the breached clock itself is the concern
        case _ as never:
            assert_never(never)


def _silence(draft: Draft, clock: Clock) -> ClockSpec | None:
    """The declaration of a clock of silence whose quiet an act of a person has broken since; None for every other
    clock.
    """
    spec = next((spec for spec in draft.pathway.clocks if spec.id == clock.spec and spec.idle), None)
    broken = spec is not None and draft.case.last_person_at + spec.steps[0].after > draft.given.now
    return spec if broken else None


def _restart_silence(draft: Draft, clock: Clock, spec: ClockSpec) -> None:
    start = draft.case.last_person_at
    due_at = due(spec, start, draft.given.calendars)
    steps = ladder(spec, start, due_at)
    draft.add(
        ClockStarted(clock.clock, spec.id, clock.about, due_at, steps, spec.fail_safe, spec.raise_to, restarted=True)
    )
