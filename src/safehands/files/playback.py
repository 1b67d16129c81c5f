"""What of a recording was played: beats of a player, merged into spans, and what share of the whole they are.

A player says every few seconds where it is. Two beats count as played what lies between them where the time that went
by is enough to have played it; a jump forward counts as nothing. Positions and times are whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from safehands.core.records.vocabulary import Coverage, Mode

#: Speech played faster than this cannot be followed, so that it does not count as heard [an engineering judgement].
FASTEST: Final = 2.0

#: What a player's clock may be off by between two beats, and a recording's stated length from its real one.
SLACK: Final = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a recording from ``start`` to before ``end``, in milliseconds."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Beat:
    """Where a player was (``position``) at a moment of its own clock (``at``)."""

    at: int
    position: int


def played(beats: Sequence[Beat], *, fastest: float = FASTEST) -> tuple[Span, ...]:
    """The spans that were played, merged. ``beats`` stand in the order in which they were sent."""
    spans = []
    for before, after in pairwise(beats):
        went, passed = after.position - before.position, after.at - before.at
        if 0 < went <= passed * fastest + SLACK and passed > 0:
            spans.append(Span(before.position, after.position))
    return merged(spans)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same stretches, in order, none touching another; empty ones and those before the beginning are left out."""
    found: list[Span] = []
    for span in sorted(Span(max(each.start, 0), each.end) for each in spans):
        if span.end <= span.start:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def percent(spans: Iterable[Span], length: int) -> int:
    """How much of a recording of ``length`` the spans are, rounded down: 100 is said only of all of it, but for
    ``SLACK`` in all, and 0 only of nothing that was played."""
    if length <= 0:
        return 0
    total = sum(span.end - span.start for span in merged(Span(span.start, min(span.end, length)) for span in spans))
    if total == 0:
        return 0
    # A recording that is shorter than the slack would be whole after a single moment.
    if length - total <= min(SLACK, length // 20):
        return 100
    return min(max(1, total * 100 // length), 99)


def coverage(spans: Iterable[Span], length: int) -> Coverage | None:
    """The spans as a custody or share event keeps them, in whole seconds; None where nothing was played."""
    within = merged(Span(span.start, min(span.end, length)) for span in spans)
    if not within:
        return None
    return Coverage(within[0].start // 1000, -(-within[-1].end // 1000), percent(within, length))


def mode_of(covered: Coverage | None, *, sound_only: bool = False) -> Mode:
    """How far a person took in a recording of which they played so much. A person may say less of themselves than
    this, never more."""
    if covered is None or covered.percent == 0:
        return Mode.NOT_SEEN
    if covered.percent == 100:
        return Mode.LISTENED_FULL if sound_only else Mode.VIEWED_FULL
    return Mode.VIEWED_PART
