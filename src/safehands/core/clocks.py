"""Clock arithmetic: when a declared clock that starts now falls due, and at which instants its ladder steps come.

Elapsed clocks count real hours (a clock change adds or removes nothing); day and month clocks count days of a named
calendar and run to the end of that local day. Outside a calendar's known days the due instant is None: unknown, never
guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from safehands.core.calendar import (
    Calendar,
    add_civil_days,
    add_months,
    add_working_days,
    working_days_between,
)
from safehands.core.events import StepDue
from safehands.core.pathway import ClockSpec, Unit

#: The name of every ladder's last step.
BREACH: Final = "breach"

#: The step at which a pause ends by itself.
RESUME: Final = "resume"


def sized(spec: ClockSpec, inputs: Mapping[str, str]) -> ClockSpec:
    """The clock with the length that holds for what is known: the first of ``lengths`` whose conditions hold, else its
    own."""
    for each in spec.lengths:
        if all(inputs.get(name) in codes for name, codes in each.when.items()):
            return replace(spec, days=each.days)
    return spec


def due(spec: ClockSpec, start: datetime, calendars: Mapping[str, Calendar]) -> datetime | None:
    """When a clock of this kind that starts at ``start`` runs out; None where its calendar cannot say."""
    if spec.unit is Unit.ELAPSED:
        return start + spec.length
    calendar = calendars.get(spec.calendar)
    if calendar is None:
        return None
    match spec.unit:
        case Unit.CIVIL_DAYS:
            return add_civil_days(calendar, start, spec.days, beginning_with=spec.beginning_with)
        case Unit.WORKING_DAYS:
            return add_working_days(calendar, start, spec.days, beginning_with=spec.beginning_with)
        case Unit.MONTHS:
            return add_months(calendar, start, spec.months, beginning_with=spec.beginning_with)
        case _ as never:
            assert_never(never)


def later(
    spec: ClockSpec, due_at: datetime | None, paused: datetime, resumed: datetime, calendars: Mapping[str, Calendar]
) -> datetime | None:
    """When a clock runs out that stood still from ``paused`` to ``resumed``: days for days, hours for hours."""
    if due_at is None or spec.unit is Unit.ELAPSED:
        return due_at + (resumed - paused) if due_at is not None else None
    calendar = calendars.get(spec.calendar)
    if calendar is None:
        return None
    last = due_at - timedelta(microseconds=1)
    if spec.unit is Unit.WORKING_DAYS:
        stood = working_days_between(calendar, paused, resumed)
        return add_working_days(calendar, last, stood) if stood is not None else None
    return add_civil_days(calendar, last, (calendar.local_day(resumed) - calendar.local_day(paused)).days)


def ladder(spec: ClockSpec, start: datetime, due_at: datetime | None) -> tuple[StepDue, ...]:
    """The steps of the ladder as instants, in order; the last is the breach, where it is known."""
    steps = tuple(
        StepDue(step.name, start + step.after, int(step.every.total_seconds()) if step.every is not None else None)
        for step in spec.steps
    )
    return steps if due_at is None or spec.idle else (*steps, StepDue(BREACH, due_at))
