"""When people ring: a Poisson process whose rate changes with the hour of the week, and from week to week.

Sampled by thinning (Lewis and Shedler 1979): candidates at the highest rate, each kept with the chance that its
hour has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.compiled import compiled
from safehands.sim.draws import uniform

HOURS_OF_WEEK: Final = 168
_HOUR: Final = 60.0
_WEEK: Final = HOURS_OF_WEEK * _HOUR


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Contacts an hour for each hour of the week, Monday 00:00 first (civil time; a change of the clocks is not
    modelled).

    ``week_spread`` is the standard deviation of the logarithm of a whole week's level: 0 where weeks differ by chance
    alone.
    """

    hourly: tuple[float, ...]
    week_spread: float = 0.0

    def __post_init__(self) -> None:
        faults = []
        if len(self.hourly) != HOURS_OF_WEEK:
            faults.append(f"arrivals need {HOURS_OF_WEEK} hourly rates, seven days of 24, not {len(self.hourly)}")
        if any(not 0 <= rate < float("inf") for rate in self.hourly) or not sum(self.hourly):
            faults.append("hourly rates must be 0 or more, and one of them above 0")
        if not 0 <= self.week_spread < 2:
            faults.append(f"the spread between weeks must be from 0 to 2, not {self.week_spread}")
        if faults:
            raise BadInput(faults)

    @property
    def per_week(self) -> float:
        """Contacts in an average week."""
        return sum(self.hourly)

    def scaled_to(self, per_year: float) -> Arrivals:
        """The same shape with this many contacts in 365 days."""
        factor = per_year / (self.per_week * 365 / 7)
        return Arrivals(tuple(rate * factor for rate in self.hourly), self.week_spread)


@compiled
def _thinned(
    hourly: npt.NDArray[np.float64],
    levels: npt.NDArray[np.float64],
    first_hour: int,
    horizon: float,
    key: np.uint64,
) -> npt.NDArray[np.float64]:
    highest = hourly.max() * levels.max() / _HOUR
    room = int(highest * horizon + 8 * np.sqrt(highest * horizon) + 64)
    times = np.empty(room)
    kept, place, now = 0, 0, 0.0
    while True:
        now -= np.log(uniform(key, place)) / highest
        if now >= horizon:
            return times[:kept].copy()
        rate = hourly[(int(now // _HOUR) + first_hour) % len(hourly)] * levels[int(now // _WEEK)] / _HOUR
        if uniform(key, place + 1) * highest < rate:
            if kept == len(times):
                times = np.concatenate((times, np.empty(room)))
            times[kept] = now
            kept += 1
        place += 2


def draw_arrivals(
    arrivals: Arrivals,
    horizon: float,
    key: np.uint64,
    *,
    first_hour: int = 0,
    levels: Sequence[float] | npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.float64]:
    """Times in minutes, ascending, below ``horizon``.

    ``levels`` multiplies the rates of each week of the run; without it every week has its own level, drawn with
    ``week_spread`` around a mean of one.
    """
    weeks = int(horizon // _WEEK) + 1
    if levels is None:
        spread = arrivals.week_spread
        chance = np.random.default_rng(int(key) ^ 0x57EE4)
        levels = np.exp(spread * chance.standard_normal(weeks) - spread**2 / 2)
    level = np.asarray(levels, dtype=np.float64)
    if len(level) < weeks or not (level >= 0).all():
        raise BadInput([f"{weeks} weeks need {weeks} levels of 0 or more, not {len(level)}"])
    return _thinned(np.asarray(arrivals.hourly), level, first_hour, horizon, key)


def fit_arrivals(received: npt.NDArray[np.float64], *, first_hour: int, weeks: int) -> Arrivals:
    """Hourly rates from ``weeks`` whole weeks of arrivals (minutes since the start of the first).

    Each hour's rate is smoothed with its neighbours (1:2:1), since a few weeks hold few calls of an hour. The spread
    between weeks is what is left of the variance of weekly counts after chance is taken off (method of moments).
    """
    if weeks < 2:
        raise BadInput([f"arrivals need at least 2 whole weeks to be fitted, not {weeks}"])
    inside = received[(received >= 0) & (received < weeks * _WEEK)]
    hours = ((inside // _HOUR).astype(np.int64) + first_hour) % HOURS_OF_WEEK
    counts = np.bincount(hours, minlength=HOURS_OF_WEEK) / weeks
    smooth = (np.roll(counts, 1) + 2 * counts + np.roll(counts, -1)) / 4
    weekly = np.bincount((inside // _WEEK).astype(np.int64), minlength=weeks)
    mean = float(weekly.mean())
    excess = max(0.0, float(weekly.var(ddof=1)) - mean) / mean**2
    return Arrivals(tuple(float(rate) for rate in smooth), float(np.sqrt(np.log1p(excess))))
