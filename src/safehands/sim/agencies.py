"""Who is there: desks and crews with so many places in each hour of the week, how long they take, what they accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.distributions import POINTS, Distribution
from safehands.sim.layout import HOURS_OF_WEEK, LEVELS, POOL

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: The queues of a pool by name, the most urgent first.
LEVEL_NAMES: Final = ("immediate", "priority", "routine", "low")

#: A time for every level, or one for each.
ByLevel = tuple[Distribution | None, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """A pool of places of one agency: call handlers, supervisors, crews, a partner's desk.

    ``places`` by hour of the week, Monday 00:00 first. Times by level, in minutes: ``before`` passes before anybody
    queues (a decision to hold a call back, say), ``reach`` is travel, handling or the time to an answer, ``work`` is at
    the scene or on an accepted matter. ``accepts`` is the chance that an offer is accepted, ``attends`` that an
    accepted one leads to somebody seeing the person. ``people`` sit in one crew.
    """

    label: str
    places: tuple[int, ...]
    reach: ByLevel
    work: ByLevel = (None,)
    before: ByLevel = (None,)
    accepts: float = 1.0
    attends: float = 1.0
    people: float = 1.0

    def __post_init__(self) -> None:
        faults = []
        if len(self.places) != HOURS_OF_WEEK or min(self.places, default=-1) < 0:
            faults.append(f"{self.label}: places are {HOURS_OF_WEEK} whole numbers of 0 or more, 24 for each day")
        if not all(0 <= chance <= 1 for chance in (self.accepts, self.attends)):
            faults.append(f"{self.label}: chances lie from 0 to 1")
        if any(len(times) not in {1, LEVELS} for times in (self.reach, self.work, self.before)):
            faults.append(f"{self.label}: times are given once, or for each of {LEVELS} levels")
        if faults:
            raise BadInput(faults)

    def open_minutes(self) -> npt.NDArray[np.float64]:
        """Minutes of places by hour of the week, in one week."""
        return np.asarray(self.places, dtype=np.float64) * 60.0


@dataclass(slots=True)
class Tables:
    """Collects distributions and hands out their numbers."""

    _numbers: dict[Distribution, int] = field(default_factory=dict)

    def number(self, times: Distribution | None) -> int:
        """The distribution's number; -1 for no time at all."""
        return -1 if times is None else self._numbers.setdefault(times, len(self._numbers))

    def by_level(self, times: ByLevel) -> list[int]:
        """The numbers for all levels."""
        return [self.number(each) for each in (times * LEVELS if len(times) == 1 else times)]

    def stacked(self) -> npt.NDArray[np.float64]:
        """All tables, one a line."""
        return np.array([times.table() for times in self._numbers] or [np.zeros(POINTS)])


def pools_of(desks: Sequence[Desk], tables: Tables) -> npt.NDArray[np.void]:
    """The desks as the event loop wants them. A desk without a time to reach takes no time."""
    pools = np.zeros(len(desks), dtype=POOL)
    for pool, desk in zip(pools, desks, strict=True):
        pool["places"] = desk.places
        pool["before"] = tables.by_level(desk.before)
        pool["reach"] = tables.by_level(desk.reach)
        pool["work"] = tables.by_level(desk.work)
        pool["accepts"], pool["attends"] = desk.accepts, desk.attends
    return pools


def places_of(shifts: Sequence[Mapping[str, object]]) -> tuple[int, ...]:
    """Places by hour of the week from shifts: ``{days, from, to, places}``, whole hours, ``to`` exclusive; they add up.

    ``days`` is ``all``, ``weekdays``, ``weekend`` or a list of ``mon`` to ``sun``; ``to`` before ``from`` runs past
    midnight. Raises ``BadInput`` naming every fault.
    """
    places = [0] * HOURS_OF_WEEK
    faults: list[str] = []
    chosen: tuple[str, ...]
    named = {"all": DAYS, "weekdays": DAYS[:5], "weekend": DAYS[5:]}
    for number, shift in enumerate(shifts, 1):
        match {"days": "all", "from": 0, "to": 24, **shift}:
            case {"days": days, "from": int(since), "to": int(until), "places": int(count), **rest} if not rest:
                chosen = named.get(days, ()) if isinstance(days, str) else _listed(days)
            case _:
                chosen, since, until, count = (), 0, 0, 0
        if not chosen or not set(chosen) <= set(DAYS) or not (0 <= since < 24 and 0 <= until <= 24 and count >= 0):
            faults.append(f"shift {number}: it needs days (all, weekdays, weekend or a list), from, to and places")
            continue
        for day in chosen:
            for hour in range(since, until if since < until else until + 24):
                places[(DAYS.index(day) * 24 + hour) % HOURS_OF_WEEK] += count
    if faults:
        raise BadInput(faults)
    return tuple(places)


def _listed(days: object) -> tuple[str, ...]:
    return tuple(str(day) for day in days) if isinstance(days, list | tuple) else ()


def always(places: int) -> tuple[int, ...]:
    """The same number of places in every hour."""
    return (places,) * HOURS_OF_WEEK
