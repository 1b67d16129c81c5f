"""Distribution functions from scipy, with types."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]


def student(probability: float, freedom: int) -> float:
    """The value that Student's t with so many degrees of freedom does not exceed with this probability."""
    return float(special.stdtrit(freedom, probability))


def binomial(successes: int, trials: int, chance: float) -> float:
    """The probability of so many successes at most."""
    return float(special.bdtr(successes, trials, chance))


def normal_below(values: Floats) -> Floats:
    """The share of a standard normal distribution below each value."""
    return np.asarray(special.ndtr(values), dtype=np.float64)


def normal_at(probabilities: Floats) -> Floats:
    """The values below which a standard normal distribution has these shares."""
    return np.asarray(special.ndtri(probabilities), dtype=np.float64)
