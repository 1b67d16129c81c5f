"""How long things take: distributions that a person can read and edit, and the tables that the event loop draws from.

Three ways to say it, all in minutes: a mean (exponential), lognormal parts with a share, a median and a spread (the
standard deviation of the logarithm), or quantiles at even steps of probability, as they were counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.special import normal_at, normal_below

#: Points of a table. Above the last but one step a table knows only its greatest value: one draw in 2,048.
POINTS: Final = 2049

_QUANTILES: Final = 101
_ROUNDS: Final = 60
_LEAST: Final = 1 / 60  # a second, where a logarithm needs a positive time


@dataclass(frozen=True, slots=True)
class Part:
    """A lognormal part of a mixture: its share, its median in minutes, its spread."""

    share: float
    median: float
    spread: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Exactly one of ``mean``, ``parts`` and ``quantiles`` is given. Raises ``BadInput`` naming what is wrong."""

    mean: float | None = None
    parts: tuple[Part, ...] = ()
    quantiles: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        faults: list[str] = []
        if (self.mean is not None) + bool(self.parts) + bool(self.quantiles) != 1:
            faults.append("a distribution has exactly one of mean, lognormal parts and quantiles")
        if self.mean is not None and not self.mean > 0:
            faults.append(f"a mean must be above 0 minutes, not {self.mean}")
        if any(not (p.share > 0 and p.median > 0 and p.spread >= 0) for p in self.parts):
            faults.append("a lognormal part needs a share and a median above 0 and a spread of 0 or more")
        steps = list(self.quantiles)
        if steps and (len(steps) < 2 or steps[0] < 0 or steps != sorted(steps)):
            faults.append("quantiles must be two or more, none negative, in ascending order")
        if faults:
            raise BadInput(faults)

    def table(self) -> npt.NDArray[np.float64]:
        """``POINTS`` values for the event loop. -1 first means: exponential, with the second value as its mean."""
        if self.mean is not None:
            table = np.zeros(POINTS)
            table[:2] = -1.0, self.mean
            return table
        at = np.linspace(0, 1, POINTS)
        if self.quantiles:
            return np.interp(at, np.linspace(0, 1, len(self.quantiles)), self.quantiles)
        # The ends of a lognormal are 0 and infinity: the outermost values stand a quarter of a step inside.
        at[0], at[-1] = at[1] / 4, 1 - at[1] / 4
        return _mixture_values(self.parts, at)

    def value(self, probability: float) -> float:
        """The time that this share does not exceed."""
        if self.mean is not None:
            return -math.log1p(-probability) * self.mean
        return float(np.interp(probability, np.linspace(0, 1, POINTS), self.table()))


def lognormal(median: float, spread: float) -> Distribution:
    """One lognormal part."""
    return Distribution(parts=(Part(1.0, median, spread),))


def _mixture_values(parts: tuple[Part, ...], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    shares = np.array([part.share for part in parts])
    centres = np.log([part.median for part in parts])
    spreads = np.array([max(part.spread, 1e-9) for part in parts])
    if len(parts) == 1:
        values: npt.NDArray[np.float64] = np.exp(centres[0] + spreads[0] * normal_at(at))
        return values
    # The mixture's distribution function on a fine grid of logarithms, turned round.
    grid = np.linspace((centres - 6 * spreads).min(), (centres + 6 * spreads).max(), 8192)
    reached = (normal_below((grid[:, None] - centres) / spreads) * shares).sum(axis=1) / shares.sum()
    return np.exp(np.interp(at, reached, grid))


def fit_quantiles(minutes: Sequence[float] | npt.NDArray[np.float64]) -> Distribution:
    """The quantiles of the times as they were counted. Raises ``BadInput`` if there are none."""
    counted = _counted(minutes)
    return Distribution(quantiles=tuple(float(q) for q in np.quantile(counted, np.linspace(0, 1, _QUANTILES))))


def fit_lognormal(minutes: Sequence[float] | npt.NDArray[np.float64], parts: int = 2) -> Distribution:
    """A mixture of lognormal parts by expectation and maximisation (Dempster, Laird and Rubin 1977)."""
    logs = np.log(np.maximum(_counted(minutes), _LEAST))
    centres = np.quantile(logs, (np.arange(parts) + 0.5) / parts)
    spreads = np.full(parts, max(float(logs.std()), 0.05))
    shares = np.full(parts, 1 / parts)
    for _ in range(_ROUNDS):
        weight = np.log(shares / spreads) - 0.5 * ((logs[:, None] - centres) / spreads) ** 2
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        total = weight.sum(axis=0) + 1e-9
        shares = total / total.sum()
        centres = (weight * logs[:, None]).sum(axis=0) / total
        spreads = np.sqrt((weight * (logs[:, None] - centres) ** 2).sum(axis=0) / total + 1e-4)
    order = np.argsort(centres)
    return Distribution(
        parts=tuple(Part(float(shares[i]), float(np.exp(centres[i])), float(spreads[i])) for i in order)
    )


def _counted(minutes: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    counted = np.asarray(minutes, dtype=np.float64)
    counted = counted[np.isfinite(counted) & (counted >= 0)]
    if not len(counted):
        raise BadInput(["there is no time to fit a distribution to"])
    return counted
