"""Random numbers that do not depend on who asks first.

A number is a function of a key (seed and replication), of the contact and of what it is for. So two policies that
treat a contact differently still meet the same caller with the same luck: common random numbers by construction,
whatever the order of events.

The function is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014),
read at a place instead of in sequence.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from safehands.sim.compiled import inlined

#: Room for this many different uses for each contact.
PURPOSES: Final = 64

_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11))
_UNIT: Final = 1.0 / 9007199254740992.0  # 2 ** -53
_MASK: Final = 2**64 - 1


def key_of(seed: int, *path: int) -> np.uint64:
    """The key of a stream: ``seed`` and any whole numbers that name the stream (replication, what is drawn)."""
    state = seed & _MASK
    for part in (*path, len(path)):
        state = _mix_plain((state + (part + 1) * int(_GAMMA)) & _MASK)
    return np.uint64(state)


def _mix_plain(z: int) -> int:
    z = ((z ^ (z >> 30)) * int(_FIRST)) & _MASK
    z = ((z ^ (z >> 27)) * int(_SECOND)) & _MASK
    return z ^ (z >> 31)


@inlined
def uniform(key: np.uint64, place: int) -> float:
    """A number strictly between 0 and 1: the one at ``place`` of the stream ``key``."""
    z = key + np.uint64(place + 1) * _GAMMA
    z = (z ^ (z >> _SHIFTS[0])) * _FIRST
    z = (z ^ (z >> _SHIFTS[1])) * _SECOND
    z ^= z >> _SHIFTS[2]
    return (float(z >> _SHIFTS[3]) + 0.5) * _UNIT
