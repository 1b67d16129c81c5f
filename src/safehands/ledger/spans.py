"""Half-open spans of time in whole microseconds, and the three questions the auditor asks of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """From ``start`` to before ``end``, in microseconds since 1970. A span that ends before it starts is empty."""

    start: int
    end: int


def covered(spans: Iterable[Span], times: int = 1) -> list[Span]:
    """Where at least ``times`` of the spans lie on top of each other, in order and joined where they touch."""
    edges = sorted(edge for span in spans if span.start < span.end for edge in ((span.start, 1), (span.end, -1)))
    found: list[Span] = []
    depth = 0
    # At one instant ends sort before starts: spans that only touch do not overlap.
    for instant, step in edges:
        depth += step
        if step == 1 and depth == times:
            if found and found[-1].end == instant:
                found[-1] = Span(found[-1].start, instant)
            else:
                found.append(Span(instant, instant))
        elif step == -1 and depth == times - 1:
            found[-1] = Span(found[-1].start, instant)
    return found


def uncovered(wanted: Iterable[Span], spans: Iterable[Span]) -> list[Span]:
    """The parts of ``wanted`` on which no span lies."""
    cover = covered(spans)
    left = []
    for first, end in covered(wanted):
        start = first
        for span in cover:
            if span.end > start and span.start < end:
                if span.start > start:
                    left.append(Span(start, span.start))
                start = span.end
        if start < end:
            left.append(Span(start, end))
    return left


def total(spans: Iterable[Span]) -> int:
    """Microseconds in spans that do not overlap."""
    return sum(span.end - span.start for span in spans)
