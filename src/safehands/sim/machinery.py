"""The event loop's parts that know nothing of contacts: the events to come, luck, times, occupied places. Compiled."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from safehands.sim.compiled import within
from safehands.sim.draws import PURPOSES, uniform
from safehands.sim.layout import HOURS_OF_WEEK, Floats

#: An event is its kind and a contact in one number.
SHIFT: Final = 40
SPAN: Final = 1 << SHIFT


class World(NamedTuple):
    """All memory of a running replication; see ``layout``."""

    contacts: npt.NDArray[np.void]
    pools: npt.NDArray[np.void]
    programs: npt.NDArray[np.void]
    rules: npt.NDArray[np.void]
    tables: Floats
    heap: npt.NDArray[np.void]


@within
def push(w: World, when: float, kind: int, who: int) -> None:
    """Put an event in its place among those to come."""
    heap, rules = w.heap, w.rules[0]
    place = rules.heap
    rules.heap += 1
    while place > 0:
        above = (place - 1) >> 1
        if heap[above].when <= when:
            break
        heap[place].when, heap[place].what = heap[above].when, heap[above].what
        place = above
    heap[place].when, heap[place].what = when, kind * SPAN + who


@within
def pop(w: World) -> int:
    """Take out the next event: its kind and contact in one number."""
    heap, rules = w.heap, w.rules[0]
    first = heap[0].what
    rules.heap -= 1
    size = rules.heap
    when, what = heap[size].when, heap[size].what
    # Down along the sooner children to the end, then up again with what stood last: fewer comparisons go either way, so
    # the processor guesses right more often.
    place, below = 0, 1
    while below + 1 < size:
        below += int(heap[below + 1].when < heap[below].when)
        heap[place].when, heap[place].what = heap[below].when, heap[below].what
        place, below = below, 2 * below + 1
    if below < size:
        heap[place].when, heap[place].what = heap[below].when, heap[below].what
        place = below
    while place > 0:
        above = (place - 1) >> 1
        if heap[above].when <= when:
            break
        heap[place].when, heap[place].what = heap[above].when, heap[above].what
        place = above
    heap[place].when, heap[place].what = when, what
    return int(first)


@within
def luck(w: World, who: int, purpose: int) -> float:
    """The number between 0 and 1 that belongs to a contact and a purpose."""
    return uniform(w.rules[0].key, who * PURPOSES + purpose)


@within
def draw(w: World, which: int, who: int, purpose: int) -> float:
    """A time in minutes from distribution ``which``; none for -1."""
    if which < 0:
        return 0.0
    chance = luck(w, who, purpose)
    table = w.tables[which]
    if table[0] < 0.0:
        return float(-np.log(chance) * table[1])
    step = chance * (len(table) - 1)
    low = int(step)
    return float(table[low] + (step - low) * (table[low + 1] - table[low]))


@within
def occupy(w: World, pool: int, since: float, until: float) -> None:
    """Add an occupied place to the pool's hours of the week, as far as it lies in the measured window."""
    rules = w.rules[0]
    busy = w.pools[pool].busy
    at, end = max(since, rules.warm_up), min(until, rules.horizon)
    if at >= end:
        return
    hour = int(at / 60.0)
    slot = (hour + rules.first_hour) % HOURS_OF_WEEK
    turn = (hour + 1) * 60.0
    while turn < end:
        busy[slot] += turn - at
        at = turn
        turn += 60.0
        slot = slot + 1 if slot + 1 < HOURS_OF_WEEK else 0
    busy[slot] += end - at
