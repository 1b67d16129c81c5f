"""From what an export shows to parameters that a person can read and edit.

For each agency: arrivals by hour of the week, how long calls are held, travelled to and worked on (for each of up
to four levels), how long an acceptance takes, and how many crews were out at once. What an export cannot show (who
would have been free, who would have declined) stays a default and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.agencies import Desk
from safehands.sim.arrivals import HOURS_OF_WEEK, Arrivals, fit_arrivals
from safehands.sim.distributions import Distribution, fit_lognormal, fit_quantiles
from safehands.sim.layout import LEVELS
from safehands.sim.observations import Observations
from safehands.sim.parameters import Parameters

#: Fewer times than this are fitted with one lognormal: their quantiles would be the noise of a few calls.
ENOUGH: Final = 60

_HOUR: Final = 60.0


@dataclass(frozen=True, slots=True)
class AgencyFit:
    """What an export shows of one agency. ``shares`` of calls by level; ``level_of`` the wordings of each call type."""

    agency: str
    arrivals: Arrivals
    shares: tuple[float, ...]
    level_of: dict[str, int]
    crews: Desk
    accepted: Distribution | None
    calls: int
    weeks: int

    @property
    def says(self) -> str:
        """What this rests on, for ``provenance``."""
        return f"fitted from {self.calls} calls of {self.agency} in {self.weeks} whole weeks of a replayed export"


def fit_agency(seen: Observations, agency: str, weeks: int) -> AgencyFit:
    """What the first ``weeks`` whole weeks show of one agency. Raises ``BadInput`` where they show too little."""
    own = seen.of_weeks(0, weeks)
    own = own.only(own.agency == agency)
    if len(own) < ENOUGH or not np.isfinite(own.reach).any():
        raise BadInput([f"{agency}: {len(own)} calls in {weeks} weeks are too few to fit anything to"])
    level_of = fit_levels(own)
    levels = levels_by_call(own, level_of)
    crews = Desk(
        label=agency,
        places=fit_places(own),
        before=_by_level(own.held, levels),
        reach=_by_level(own.reach, levels),
        work=_by_level(own.work, levels),
    )
    return AgencyFit(
        agency=agency,
        arrivals=fit_arrivals(own.received, first_hour=0, weeks=weeks),
        shares=tuple(float((levels == level).mean()) for level in range(LEVELS)),
        level_of=level_of,
        crews=crews,
        accepted=fit_times(own.accepted) if np.isfinite(own.accepted).any() else None,
        calls=len(own),
        weeks=weeks,
    )


def fit_levels(seen: Observations) -> dict[str, int]:
    """Which level each wording belongs to: wordings in four parts of about as many calls, by how long they are held.

    An export's own priority means something else in each control room; how long a wording waits says what it is worth.
    """
    held = {}
    for word in np.unique(seen.words):
        times = seen.held[seen.words == word]
        times = times[np.isfinite(times)]
        if len(times):
            held[str(word)] = (float(np.median(times)), len(times))
    total, before, level_of = sum(count for _, count in held.values()), 0, {}
    for word, (_, count) in sorted(held.items(), key=lambda item: (item[1], item[0])):
        level_of[word] = min(LEVELS - 1, int(LEVELS * (before + count / 2) / total))
        before += count
    return level_of


def levels_by_call(seen: Observations, level_of: dict[str, int]) -> npt.NDArray[np.int64]:
    """The level of each call; a wording that was never seen before counts as routine."""
    return np.array([level_of.get(str(word), 2) for word in seen.words], dtype=np.int64)


def fit_places(seen: Observations) -> tuple[int, ...]:
    """Crews by hour of the week: the most that were out at once in that hour of any week, or in the hour beside it.

    A lower bound of who was there: idle crews leave no trace in an export.
    """
    known = np.isfinite(seen.held) & np.isfinite(seen.out)
    start = (seen.received + seen.held)[known]
    end = start + seen.out[known]
    hours = int(end.max() // _HOUR) + 1
    # Out at once in an hour: those out when it begins, and each that goes in it.
    change = np.zeros(hours + 2, dtype=np.int64)
    np.add.at(change, np.clip((start // _HOUR).astype(np.int64), 0, hours), 1)
    np.add.at(change, np.clip((end // _HOUR).astype(np.int64) + 1, 0, hours + 1), -1)
    out = np.cumsum(change)[:hours]
    by_week = np.zeros(HOURS_OF_WEEK, dtype=np.int64)
    np.maximum.at(by_week, np.arange(hours) % HOURS_OF_WEEK, out)
    beside = np.maximum(by_week, np.maximum(np.roll(by_week, 1), np.roll(by_week, -1)))
    return tuple(int(max(1, places)) for places in beside)


def fit_times(minutes: npt.NDArray[np.float64]) -> Distribution:
    """Quantiles as counted, or one lognormal where there are few."""
    known = minutes[np.isfinite(minutes)]
    return fit_quantiles(known) if len(known) >= ENOUGH else fit_lognormal(known, parts=1)


def _by_level(minutes: npt.NDArray[np.float64], levels: npt.NDArray[np.int64]) -> tuple[Distribution | None, ...]:
    """For each level what its calls took; where it has none, what all took."""
    everything = np.isfinite(minutes)
    if not everything.any():
        return (None,) * LEVELS
    chosen = [minutes[(levels == level) & everything] for level in range(LEVELS)]
    return tuple(fit_times(own if len(own) else minutes[everything]) for own in chosen)


def fit_area(base: Parameters, seen: Observations, *, police: str, partners: tuple[str, ...] = ()) -> Parameters:
    """``base`` with everything that the export shows put in its place; what it does not show stays, and says so.

    Only health and welfare calls are taken: the model knows no others. Crews are then those that such calls kept busy.

    ``police`` is the agency whose crews go; ``partners`` take offers at a desk: their time to answer is the
    export's time from offer to acceptance, their work what their crews did.
    """
    weeks = seen.weeks
    seen = seen.only(seen.matter)
    fitted = fit_agency(seen, police, weeks)
    inside = seen.of_weeks(0, weeks)
    provenance = dict(base.provenance)
    provenance["arrivals"] = (
        f"fitted from {len(inside)} health and welfare calls in {weeks} whole weeks of a replayed export"
    )
    provenance["crews"] = f"{fitted.says}, health and welfare alone; places are the most that these kept out at once"
    desks = dict(base.partners)
    for role in partners:
        try:
            theirs = fit_agency(seen, role, weeks)
        except BadInput as few:
            provenance[f"partner.{role}"] = f"default: {few}"
            continue
        known = desks.get(role, theirs.crews)
        desks[role] = replace(
            known,
            places=theirs.crews.places,
            reach=known.reach if theirs.accepted is None else (theirs.accepted,),
            work=(fit_times(inside.out[inside.agency == role]),),
        )
        provenance[f"partner.{role}"] = f"{theirs.says}; accepts and attends stay as they were: it shows no refusals"
    crews = replace(fitted.crews, label=base.crews.label, people=base.crews.people)
    arrivals = fit_arrivals(inside.received, first_hour=0, weeks=weeks)
    title = f"Fitted to {weeks} whole weeks of a replayed export; the rest: {base.title}"
    return replace(base, title=title, arrivals=arrivals, crews=crews, partners=desks, provenance=provenance)


def first_weeks(seen: Observations, share: float) -> int:
    """How many whole weeks are the earlier ``share`` of an export. Raises ``BadInput`` where nothing is left to
    predict.
    """
    weeks = int(seen.weeks * share)
    if weeks < 3 or weeks >= seen.weeks:
        raise BadInput([f"{seen.weeks} whole weeks are too few to fit on {share:.0%} and predict the rest"])
    return weeks
