"""Queues that theory can work out: the check of everything else, and the yardstick of speed.

M/M/c: contacts arrive at random at ``rate`` an hour, each of ``servers`` takes a random time of mean ``1 /
service_rate``, first come, first served. Erlang's formulas are exact; the event loop must agree with them inside
its own interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.compiled import compiled
from safehands.sim.draws import key_of, uniform
from safehands.sim.special import student


@dataclass(frozen=True, slots=True)
class Erlang:
    """What theory says of M/M/c. Times are in the unit of the rates; ``waits`` is the chance that a contact waits
    at all.
    """

    waits: float
    mean_wait: float
    load: float
    excess_rate: float

    def quantile(self, probability: float) -> float:
        """The wait that this share of contacts does not exceed."""
        if probability <= 1 - self.waits:
            return 0.0
        return math.log(self.waits / (1 - probability)) / self.excess_rate


def erlang_c(rate: float, service_rate: float, servers: int) -> Erlang:
    """Erlang's C formula (A. K. Erlang, 1917). Raises ``BadInput`` where the queue would grow for ever."""
    offered = rate / service_rate
    if servers < 1 or offered >= servers:
        raise BadInput([f"{servers} servers cannot carry {offered:g} servers' work: the queue grows for ever"])
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = offered * blocked / (k + offered * blocked)
    waits = blocked / (1 - offered / servers * (1 - blocked))
    excess = servers * service_rate - rate
    return Erlang(waits=waits, mean_wait=waits / excess, load=offered / servers, excess_rate=excess)


@compiled
def _run(contacts: int, rate: float, service_rate: float, servers: int, key: np.uint64) -> npt.NDArray[np.float64]:
    waits = np.empty(contacts)
    arrived = np.empty(contacts)
    leaving = np.full(servers + 1, np.inf)  # a heap of the times at which busy servers are free again
    busy = started = seen = 0
    coming = -np.log(uniform(key, 0)) / rate
    while started < contacts:
        if seen < contacts and coming <= leaving[0]:
            now = coming
            arrived[seen] = now
            seen += 1
            coming = now - np.log(uniform(key, 2 * seen)) / rate
            if busy < servers:
                free = now - np.log(uniform(key, 2 * started + 1)) / service_rate
                waits[started] = 0.0
                started += 1
                place = busy
                busy += 1
                while place > 0:
                    above = (place - 1) >> 1
                    if leaving[above] <= free:
                        break
                    leaving[place] = leaving[above]
                    place = above
                leaving[place] = free
            continue
        now = leaving[0]
        if started < seen:
            waits[started] = now - arrived[started]
            free = now - np.log(uniform(key, 2 * started + 1)) / service_rate
            started += 1
        else:
            busy -= 1
            free = leaving[busy]
            leaving[busy] = np.inf
            if busy == 0:
                continue
        place = 0
        while True:
            below = 2 * place + 1
            if below >= busy:
                break
            if below + 1 < busy and leaving[below + 1] < leaving[below]:
                below += 1
            if leaving[below] >= free:
                break
            leaving[place] = leaving[below]
            place = below
        leaving[place] = free
    return waits


def simulate_mmc(
    contacts: int, rate: float, service_rate: float, servers: int, *, seed: int
) -> npt.NDArray[np.float64]:
    """The waits of ``contacts`` contacts in turn, from an empty queue on: an event is an arrival or a departure."""
    return _run(contacts, rate, service_rate, servers, key_of(seed))


def batch_means(values: npt.NDArray[np.float64], *, warm_up: int, batches: int = 30) -> tuple[float, float]:
    """Mean and half width of its 95 % interval, by batch means: neighbours in a queue wait together, far batches
    hardly do.
    """
    size = (len(values) - warm_up) // batches
    if size < 1:
        raise BadInput([f"{len(values)} values are too few for a warm-up of {warm_up} and {batches} batches"])
    means = values[warm_up : warm_up + size * batches].reshape(batches, size).mean(axis=1)
    half = student(0.975, batches - 1) * float(means.std(ddof=1)) / math.sqrt(batches)
    return float(means.mean()), half
