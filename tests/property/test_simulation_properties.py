"""The event loop against a plain queue that anybody can read, on whatever comes."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from safehands.sim.agencies import Desk, Tables, always, pools_of
from safehands.sim.distributions import Distribution, Part
from safehands.sim.draws import key_of, uniform
from safehands.sim.kernel import run
from safehands.sim.layout import CREW_CAME, PROGRAM, RULES, Model, took_place

minutes = st.floats(0.0, 500.0, allow_nan=False).map(lambda value: round(value, 3))


def crews_only(desk: Desk, levels: int) -> Model:
    tables = Tables()
    pools = pools_of([desk], tables)
    programs = np.zeros((2, levels), dtype=PROGRAM)
    programs["partner"], programs["chance"], programs["level"] = -1, 1.0, np.arange(levels)
    rules = np.zeros(1, dtype=RULES)
    rules["control_room"] = rules["supervisors"] = -1
    rules["switch"], rules["horizon"] = np.inf, 10_080.0
    return Model(pools, programs, rules, tables.stacked())


def plain_queue(arrivals: list[float], levels: list[int], places: int, takes: float) -> list[float]:
    """When each is served: by urgency, then in turn. Slow and obvious."""
    free = [0.0] * places
    starts = [0.0] * len(arrivals)
    waiting: list[tuple[int, int]] = []
    coming = list(enumerate(arrivals))
    while coming or waiting:
        soonest = min(free)
        if not waiting or (coming and coming[0][1] <= soonest):
            who, at = coming.pop(0)
            if not waiting and soonest <= at:
                starts[who] = at
                free[free.index(soonest)] = at + takes
            else:
                heapq.heappush(waiting, (levels[who], who))
            continue
        _, who = heapq.heappop(waiting)
        starts[who] = max(soonest, arrivals[who])
        free[free.index(soonest)] = starts[who] + takes
    return starts


@settings(max_examples=150, deadline=None)
@given(
    calls=st.lists(st.tuples(minutes, st.integers(0, 3)), min_size=1, max_size=40),
    places=st.integers(1, 4),
    takes=st.sampled_from([0.5, 7.0, 33.0, 240.0]),
)
def test_crews_go_as_in_a_plain_queue(calls: list[tuple[float, int]], places: int, takes: float) -> None:
    calls = sorted({at + number * 1e-3: level for number, (at, level) in enumerate(calls)}.items())
    arrivals, levels = [at for at, _ in calls], [level for _, level in calls]
    desk = Desk("crews", always(places), (Distribution(quantiles=(takes, takes)),))
    rows = np.broadcast_to(np.array(levels, dtype=np.uint16), (2, 3, len(levels))).copy()
    result = run(crews_only(desk, 4), np.array(arrivals), rows, key_of(1))
    assert np.allclose(result.contacts["crew_sent"][: len(calls)], plain_queue(arrivals, levels, places, takes))


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.integers(0, 3), min_size=168, max_size=168).filter(any),
    count=st.integers(1, 60),
    seed=st.integers(0, 2**32),
)
def test_everybody_is_served_once_and_no_more_crews_go_than_there_are(places: list[int], count: int, seed: int) -> None:
    desk = Desk("crews", tuple(places), (Distribution(mean=4.0),), work=(Distribution(mean=9.0),))
    arrivals = np.sort(np.array([uniform(key_of(seed), n) for n in range(count)])) * 3_000
    rows = np.zeros((2, 3, count), dtype=np.uint16)
    result = run(crews_only(desk, 1), arrivals, rows, key_of(seed))
    assert took_place(result).sum() == count
    served = result.contacts[:count]
    assert (served["marks"] & CREW_CAME != 0).all()
    assert (served["crew_sent"] >= served["arrived"]).all()
    assert (served["crew_free"] >= served["crew_there"]).all()
    for now in served["crew_sent"]:
        out = ((served["crew_sent"] <= now) & (served["crew_free"] > now)).sum()
        # Crews already out when a shift ends stay out; a new one goes only into a place that there is now.
        assert out <= max(places)


@given(st.lists(st.tuples(st.floats(0.05, 1.0), st.floats(0.1, 500.0), st.floats(0.0, 1.5)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_table_of_times_never_falls(parts: list[tuple[float, float, float]]) -> None:
    table = Distribution(parts=tuple(Part(*part) for part in parts)).table()
    assert (np.diff(table) >= 0).all()
    assert table[0] > 0
    assert np.isfinite(table).all()


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 100), max_size=3))
@settings(max_examples=100, deadline=None)
def test_streams_of_luck_lie_strictly_between_none_and_all(seed: int, path: list[int]) -> None:
    values = [uniform(key_of(seed, *path), place) for place in range(50)]
    assert all(0.0 < value < 1.0 for value in values)
    assert len(set(values)) == 50
