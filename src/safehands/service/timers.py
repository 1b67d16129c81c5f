"""The timers: whatever has fallen due goes through ``handle`` like every other command, so that silence fails towards
help.

Any number of workers may run this at once. The command's id is made from the clock, its step and its instant, so that
two workers who take the same step do it once; a step that another worker, or a person, has settled in between is passed
over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from safehands.core.commands import ClockDue
from safehands.core.vocabulary import SYSTEM_ROLE, Actor, HappenedSource
from safehands.errors import NotFound, Refused, Stale
from safehands.service.handle import Request, Service
from safehands.store.ports import DueClock

#: How many due clocks are taken at a time.
AT_A_TIME: Final = 100


def run_due(service: Service, *, lease: timedelta = timedelta(0)) -> int:
    """Send every clock that is due now; how many steps were done here.

    With a ``lease`` other workers pass over the clocks that this one has taken. A step that repeats is sent as often as
    it came due.
    """
    done = 0
    seen: set[DueClock] = set()
    while fresh := [
        due for due in service.store.due(service.clock.now(), limit=AT_A_TIME, lease=lease) if due not in seen
    ]:
        seen.update(fresh)
        done += sum(send(service, due) for due in fresh)
    return done


def send(service: Service, due: DueClock) -> bool:
    """Send one due step; False where somebody else has done or settled it."""
    try:
        return not service.handle(request_of(service, due)).repeated
    except (Refused, Stale, NotFound):
        return False


def request_of(service: Service, due: DueClock, *, happened_at: datetime | None = None) -> Request:
    """The request of one due step. The system acts for the agency that holds."""
    holder = service.case(due.case_id, agency=None).holder
    return Request(
        command_id=f"due/{due.case_id}/{due.clock}/{due.step}/{due.at.isoformat()}",
        case_id=due.case_id,
        command=ClockDue(due.clock, due.step, due.at),
        by=Actor("system", SYSTEM_ROLE, holder),
        happened_at=happened_at,
        source=HappenedSource.TIMER,
    )
