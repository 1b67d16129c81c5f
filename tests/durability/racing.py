"""Two real processes that do something to the same case at the same moment, each as the application role.

``run`` is what a racer's process runs: it opens the store of a test's database and then, race after race, waits until
the other is there too and does its part. What it is to do comes as ``Part``s; what came of each goes back as an
``Outcome``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier

from safehands.errors import Refused, Stale
from safehands.service import timers
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Request, Service
from safehands.store.embedded import EmbeddedServer
from safehands.store.opening import attach
from safehands.store.ports import DueClock

#: How far apart two racers begin, at most, so that neither always comes first. A command takes several times as long.
JITTER_SECONDS = 0.0015

#: How long a racer waits for the other before it says that something is wrong.
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """What one racer does in one race: a person's request, or a timer's step, at ``at``."""

    at: datetime
    does: Request | DueClock


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a part. ``first`` and ``count`` say where in the log it is, ``said`` is the sentence that refused
    it."""

    done: bool
    repeated: bool = False
    first: int = 0
    count: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the race takes place: enough for a process of its own to get there."""

    server: EmbeddedServer
    home: Path
    database: str


def run(ground: Ground, parts: Sequence[Part], seed: int, start: Barrier, report: Connection) -> None:
    """Do every part, each at the same moment as the other racer; report the database role, then all outcomes."""
    chance = random.Random(seed)
    store = attach(ground.server, ground.home, ground.database, most=2)
    with store._connections.transaction("POL") as connection:
        report.send(connection.execute("select session_user::text").fetchone())
    clock = SetClock(parts[0].at, learned_too=True)
    catalogue = Catalogue(store)
    catalogue.current("right-care")
    service = Service(store, catalogue, clock)
    outcomes = []
    for part in parts:
        clock.move_to(part.at)
        start.wait(PATIENCE_SECONDS)
        time.sleep(chance.uniform(0, JITTER_SECONDS))
        outcomes.append(_do(service, part.does))
    report.send(outcomes)
    store.close()


def _do(service: Service, what: Request | DueClock) -> Outcome:
    if isinstance(what, DueClock):
        return Outcome(done=timers.send(service, what))
    try:
        handled = service.handle(what)
    except Refused as refused:
        return Outcome(done=False, said=refused.sentence)
    except Stale as stale:
        return Outcome(done=False, said=stale.changed)
    return Outcome(True, handled.repeated, handled.receipt.first, handled.receipt.count)
