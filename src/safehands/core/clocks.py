"""Clock arithmetic: when a declared clock that starts now falls due, and at which instants its ladder steps come.

Elapsed clocks count real hours (a clock change adds or removes nothing); day clocks count civil or working days of a
named calendar and run to the end of that local day. Beyond a calendar's last known day the due instant is None:
unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from safehands.core.calendar import Calendar, add_civil_days, add_working_days
from safehands.core.events import StepDue
from safehands.core.pathway import ClockSpec, Unit

#: The name of every ladder's last step.
BREACH: Final = "breach"


def due(spec: ClockSpec, start: datetime, calendars: Mapping[str, Calendar]) -> datetime | None:
    """When a clock of this kind that starts at ``start`` runs out; None where its calendar cannot say."""
    if spec.unit is Unit.ELAPSED:
        return start + spec.length
    calendar = calendars.get(spec.calendar)
    if calendar is None:
        return None
    if spec.unit is Unit.CIVIL_DAYS:
        return add_civil_days(calendar, start, spec.days)
    return add_working_days(calendar, start, spec.days)


def ladder(spec: ClockSpec, start: datetime, due_at: datetime | None) -> tuple[StepDue, ...]:
    """The steps of the ladder as instants, in order; the last is the breach, where it is known."""
    steps = tuple(
        StepDue(step.name, start + step.after, int(step.every.total_seconds()) if step.every is not None else None)
        for step in spec.steps
    )
    return steps if due_at is None or spec.idle else (*steps, StepDue(BREACH, due_at))
