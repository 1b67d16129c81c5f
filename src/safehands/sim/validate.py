"""Does it predict what it has not seen? Fitted on the earlier weeks of an export, the simulation states intervals
for the later ones before it looks at them.

For each agency, for each of three waits (held in the queue, offer to arrival, arrival to release), the median and
the 90th percentile of a week. The centre and the chance inside a week come from simulated weeks. A real week
differs from the next by more than that chance: the spread of the fitted weeks around each other says by how much,
and is itself known from a few weeks only. So an interval is that of a new week from the same source (Student's, on
logarithms):

    centre * exp(± t(n - 1) * s * sqrt(1 + 1 / n)) ± 1 second

with ``s`` the larger of the spread of the ``n`` fitted weeks and that of simulated ones.

``pointwise`` is meant for each figure by itself: one in twenty may miss. ``together`` is meant for all figures of a
table at once (Bonferroni): none should.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.sim.agencies import Tables, pools_of
from safehands.sim.arrivals import draw_arrivals
from safehands.sim.draws import key_of
from safehands.sim.fit import AgencyFit, first_weeks, fit_agency
from safehands.sim.kernel import run
from safehands.sim.layout import CONTACTS, CREW_CAME, PROGRAM, RULES, Floats, Model, Result
from safehands.sim.observations import WEEK_MINUTES, Observations
from safehands.sim.special import binomial, student

MEASURES: Final = ("held", "reach", "work")
STATISTICS: Final = {"median": 0.5, "p90": 0.9}
_CONFIDENCE: Final = 0.95
_SECOND: Final = 1 / 60  # shorter waits are not told apart: a logarithm needs a positive time
_WARM_UP: Final = 1


@dataclass(frozen=True, slots=True)
class Prediction:
    """One figure of one held-out week: what was stated, and what came. Minutes."""

    agency: str
    measure: str
    statistic: str
    week: int
    centre: float
    pointwise: tuple[float, float]
    together: tuple[float, float]
    observed: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the interval that was stated for this figure alone."""
        return self.pointwise[0] <= self.observed <= self.pointwise[1]

    @property
    def inside_together(self) -> bool:
        """Whether it lies in the interval that was stated for all figures at once."""
        return self.together[0] <= self.observed <= self.together[1]


@dataclass(frozen=True, slots=True)
class Validation:
    """All predictions of one export. ``fitted`` and ``held_out`` are numbers of weeks."""

    fitted: int
    held_out: int
    predictions: tuple[Prediction, ...]

    @property
    def inside(self) -> int:
        """How many figures lie in their own interval."""
        return sum(each.inside for each in self.predictions)

    @property
    def outside_together(self) -> tuple[Prediction, ...]:
        """The figures that lie outside even the intervals for all at once. There should be none."""
        return tuple(each for each in self.predictions if not each.inside_together)

    @property
    def least_inside(self) -> int:
        """The fewest that may lie inside before intervals of 95 % are hard to believe (1 % chance, figures
        independent).
        """
        count = len(self.predictions)
        return next(k for k in range(count + 1) if binomial(k, count, _CONFIDENCE) > 0.01)


def weekly(times: Floats, received: Floats, week: int, probability: float) -> float:
    """A quantile of one week's times, of calls received in it; a second at least. ``nan`` where there are none."""
    chosen = times[(received >= week * WEEK_MINUTES) & (received < (week + 1) * WEEK_MINUTES)]
    chosen = chosen[np.isfinite(chosen)]
    return max(float(np.quantile(chosen, probability)), _SECOND) if len(chosen) else math.nan


def agency_model(fitted: AgencyFit, weeks: int) -> Model:
    """The event loop's model of one agency alone: every call goes to its crews, at its level."""
    tables = Tables()
    pools = pools_of([fitted.crews], tables)
    programs = np.zeros((2, len(fitted.shares)), dtype=PROGRAM)
    programs["partner"], programs["chance"] = -1, 1.0
    programs["level"] = np.arange(len(fitted.shares))
    rules = np.zeros(1, dtype=RULES)
    rules["control_room"] = rules["supervisors"] = -1
    rules["switch"], rules["warm_up"] = np.inf, _WARM_UP * WEEK_MINUTES
    rules["horizon"] = (weeks + _WARM_UP) * WEEK_MINUTES
    return Model(pools, programs, rules, tables.stacked())


def simulate_agency(fitted: AgencyFit, *, weeks: int, seed: int) -> tuple[Floats, dict[str, Floats]]:
    """``weeks`` weeks after a warm-up: when calls came (minutes from the end of the warm-up), and each measure."""
    model = agency_model(fitted, weeks)
    horizon = float(model.rules["horizon"][0])
    calls = draw_arrivals(fitted.arrivals, horizon, key_of(seed, 0, 1))
    chance = np.random.default_rng(int(key_of(seed, 0, 2)))
    levels = chance.choice(len(fitted.shares), size=len(calls), p=np.array(fitted.shares) / sum(fitted.shares))
    rows = np.broadcast_to(levels.astype(np.uint16), (2, CONTACTS, len(calls))).copy()
    result: Result = run(model, calls, rows, key_of(seed, 0, 3))
    first = result.contacts[: len(calls)]
    came = first[(first["marks"] & CREW_CAME) != 0]
    return came["arrived"] - _WARM_UP * WEEK_MINUTES, {
        "held": came["crew_sent"] - came["arrived"],
        "reach": came["crew_there"] - came["crew_sent"],
        "work": came["crew_free"] - came["crew_there"],
    }


def validate(
    seen: Observations, *, share: float = 0.7, seed: int = 1, simulated_weeks: int = 200, fitted: int | None = None
) -> Validation:
    """Fit on the earlier ``share`` of whole weeks (or on ``fitted`` of them), predict the rest.

    Nothing of the held-out weeks reaches the fit. Raises ``BadInput`` where the export is too short.
    """
    weeks = first_weeks(seen, share) if fitted is None else fitted
    agencies = sorted({str(agency) for agency in seen.agency})
    stated = [
        (agency, measure, statistic, centre, spread)
        for agency in agencies
        for measure, statistic, centre, spread in _stated(seen, agency, weeks, seed, simulated_weeks)
    ]
    held_out = range(weeks, seen.weeks)
    count = len(stated) * len(held_out)
    width = math.sqrt(1 + 1 / weeks)
    alone = student(0.5 + _CONFIDENCE / 2, weeks - 1) * width
    jointly = student(1 - (1 - _CONFIDENCE) / 2 / count, weeks - 1) * width
    predictions = []
    for agency, measure, statistic, centre, spread in stated:
        own = seen.only(seen.agency == agency)
        for week in held_out:
            observed = weekly(getattr(own, measure), own.received, week, STATISTICS[statistic])
            if not math.isnan(observed):
                predictions.append(
                    Prediction(
                        agency,
                        measure,
                        statistic,
                        week,
                        math.exp(centre),
                        _around(centre, alone * spread),
                        _around(centre, jointly * spread),
                        observed,
                    )
                )
    return Validation(weeks, len(held_out), tuple(predictions))


def _stated(
    seen: Observations, agency: str, weeks: int, seed: int, simulated: int
) -> list[tuple[str, str, float, float]]:
    """For each measure and statistic: centre and spread on logarithms, from the fitted weeks and simulated ones."""
    fitted = fit_agency(seen, agency, weeks)
    received, measures = simulate_agency(fitted, weeks=simulated, seed=seed)
    past = seen.only(seen.agency == agency).of_weeks(0, weeks)
    stated = []
    for measure in MEASURES:
        for statistic, probability in STATISTICS.items():
            ours = _logs(measures[measure], received, simulated, probability)
            theirs = _logs(getattr(past, measure), past.received, weeks, probability)
            spread = max(float(ours.std(ddof=1)), float(theirs.std(ddof=1)))
            stated.append((measure, statistic, float(ours.mean()), spread))
    return stated


def _logs(times: Floats, received: Floats, weeks: int, probability: float) -> npt.NDArray[np.float64]:
    values = np.array([weekly(times, received, week, probability) for week in range(weeks)])
    logs: npt.NDArray[np.float64] = np.log(values[np.isfinite(values)])
    return logs


def _around(centre: float, half: float) -> tuple[float, float]:
    """The interval, a second wider on both sides: exports note times to the second."""
    return math.exp(centre - half) - _SECOND, math.exp(centre + half) + _SECOND
