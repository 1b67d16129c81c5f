"""Timing two sides against each other.

Absolute times say more about the machine than about the program, and on a shared machine they wander. So the peer and
Safehands take turns in short rounds inside one run, each round gives one ratio of neighbours, and the median of the
ratios is the result. The spread (lowest and highest ratio) is told beside it. Below 1.5 times is noise.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

#: A ratio nearer to 1 than this says nothing on a machine that others use too.
NOISE = 1.5


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides after their rounds: seconds for one item (medians), and the ratio peer / ours with its spread."""

    peer: float
    ours: float
    ratio: float
    lowest: float
    highest: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. ``ratio`` and ``bar`` are in the bar's words; ``met`` is None where nothing was
    measured."""

    measure: str
    what: str
    peer: str
    peer_figure: str
    our_figure: str
    ratio: str
    spread: str
    bar: str
    met: bool | None
    note: str = ""


def timed(work: Callable[[], object], items: int = 1) -> float:
    """Seconds that ``work`` takes for one of its ``items``, without collecting garbage meanwhile."""
    gc.disable()
    try:
        start = perf_counter()
        work()
        return (perf_counter() - start) / items
    finally:
        gc.enable()


def compare(peer: Callable[[], float], ours: Callable[[], float], *, rounds: int) -> Compared:
    """Let both sides take turns: one round each to warm up, then ``rounds`` that count.

    Each side prepares its round, times it itself (``timed``) and gives the seconds for one item.
    """
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        gc.collect()
        if number % 2:
            our_time = ours()
            pairs.append((peer(), our_time))
        else:
            peer_time = peer()
            pairs.append((peer_time, ours()))
    del pairs[0]
    ratios = [peer_time / our_time for peer_time, our_time in pairs]
    return Compared(
        peer=median(pair[0] for pair in pairs),
        ours=median(pair[1] for pair in pairs),
        ratio=median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        rounds=rounds,
    )


def duration(seconds: float) -> str:
    """Seconds in a unit that a person reads."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def rate(seconds: float) -> str:
    """Items a second, from seconds for one."""
    return f"{1 / seconds:,.0f}/s"


def times(ratio: float) -> str:
    """A ratio in words."""
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.2f} times"


def spread(compared: Compared) -> str:
    """The lowest and highest ratio of the rounds."""
    return f"{times(compared.lowest).removesuffix(' times')} to {times(compared.highest)}, {compared.rounds} rounds"
