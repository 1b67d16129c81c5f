"""Sampling decisions for quality review (sheet metric 11, failure 34): which ones, and nobody can choose them.

A decision is in the sample if a hash of its id and the period's seed falls below the rate. The seed is drawn after the
period and written down, so that nobody can know beforehand which of their decisions will be read, and everybody can
check it afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def in_sample(decision: str, seed: str, rate: float) -> bool:
    """Whether ``decision`` is in the sample of ``rate`` (0 to 1) under ``seed``."""
    if not 0 <= rate <= 1:
        raise ValueError("a rate lies between 0 and 1")
    drawn = int.from_bytes(hashlib.sha256(f"{seed}\n{decision}".encode()).digest()[:8])
    return drawn < rate * 2**64


def sample(decisions: Iterable[str], seed: str, rate: float) -> tuple[str, ...]:
    """The decisions in the sample, in the order given."""
    return tuple(decision for decision in decisions if in_sample(decision, seed, rate))
