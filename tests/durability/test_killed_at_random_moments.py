"""A real process that writes as fast as it can is killed fifty times at a random moment, some times together with the
database server: every command that it had acknowledged is there afterwards, whole, and the ledger holds.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from safehands import codec
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.rebuild import rebuild
from safehands.service.verification import verify_ledger
from safehands.store.embedded import running, watchdog
from safehands.store.opening import attach
from safehands.store.postgres.store import PostgresStore
from safehands.store.proofs import consistency
from scenario import person, right_care

pytestmark = pytest.mark.slow

SEED = 4242
DATABASE = "safehands"
KILLS = 50
ALONE_KILLS = 14
"""How many of them hit a program that is the only user of the server, which then has to go and to come again."""
REBUILD_EVERY = 10
WORK_SECONDS = 0.5
"""The longest time that a program works before it is killed."""
START_SECONDS = 1.0
"""A program that is killed while it starts is killed within this time."""


@dataclass(slots=True)
class Worker:
    """A program at work, in a process group of its own, and what it had said when it ended."""

    process: subprocess.Popen[bytes]
    done: list[tuple[str, int, int]] = field(default_factory=list)
    sealed: int = 0
    ready: bool = False

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line == b"ready\n", (line, self.process.communicate()[1].decode())
        self.ready = True

    def listen(self) -> None:
        """What it said before it was killed: whole lines only."""
        said, wrong = self.process.communicate(timeout=30)
        assert self.process.returncode == -signal.SIGKILL, wrong.decode()
        for line in said.decode().splitlines():
            match line.split():
                case ["done", command, first, count]:
                    self.done.append((command, int(first), int(count)))
                case ["sealed", size]:
                    self.sealed = int(size)
                case _:
                    assert line == "ready", line


def worker(home: Path, name: str) -> Worker:
    """A program begins to work in ``home``."""
    search = os.pathsep.join(path for path in sys.path if path)
    return Worker(
        subprocess.Popen(
            [sys.executable, "-m", "durability.working", str(home), DATABASE, name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # what is read ahead with the first line would be lost to `communicate`
            start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": search},
        )
    )


def kill(worker: Worker, home: Path, *, server: bool, watch: bool) -> None:
    """SIGKILL: to the program's whole group; to each process of the server; to the watchdog that should end it."""
    victims = (watchdogs(home) if watch else []) + (server_processes(home) if server else [])
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    os.killpg(worker.process.pid, signal.SIGKILL)


def server_processes(home: Path) -> list[int]:
    """The postmaster of the home and its children, as far as it runs."""
    data = home / "postgres"
    if not data.exists():
        return []
    found = watchdog.postmaster(watchdog.Cluster(folder=home / "server", data=data, uid=data.stat().st_uid))
    if found is None:
        return []
    children = Path(f"/proc/{found}/task/{found}/children")
    with suppress(OSError):
        return [found, *map(int, children.read_text().split())]
    return [found]


def watchdogs(home: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if os.fsencode(watchdog.__file__) in words and os.fsencode(home / "server") in words:
                found.append(int(process.name))
    return found


def test_fifty_kills_lose_nothing_that_was_acknowledged(home: Path) -> None:
    chance = random.Random(SEED)
    print(f"\nseed {SEED}")
    with running(home) as server:
        store = attach(server, home, DATABASE)
        Catalogue(store).adopt(right_care(), SystemClock(), person("POL", "owner", 8), person("POL", "owner", 9))
        store.close()
    tally: Counter[str] = Counter()
    for kills, keeping in ((KILLS - ALONE_KILLS, running(home)), (ALONE_KILLS, nullcontext())):
        killed_again_and_again(home, kills, keeping, chance, tally)
    print(dict(tally))
    assert tally["commands"] > KILLS, "hardly anything was under way when the kills came"
    assert tally["cut short"], "no kill came while a command was under way"


def killed_again_and_again(
    home: Path, kills: int, keeping: AbstractContextManager[object], chance: random.Random, tally: Counter[str]
) -> None:
    """So many rounds; ``keeping`` is another user of the same server, or nobody."""
    with keeping:
        for n in range(kills):
            size, sealed = look(home)
            at_work = worker(home, f"w{tally['kills']}")
            if chance.random() < 0.15:
                time.sleep(chance.uniform(0, START_SECONDS))
            else:
                at_work.wait_until_ready()
                time.sleep(chance.uniform(0, WORK_SECONDS))
            server = chance.random() < 0.3
            kill(at_work, home, server=server, watch=server and chance.random() < 0.5)
            at_work.listen()
            tally.update({"kills": 1, "with the server": server, "commands": len(at_work.done)})
            with running(home) as again:
                store = attach(again, home, DATABASE, most=2)
                try:
                    tally["cut short"] += check_all_there(store, at_work, size, max(sealed, at_work.sealed))
                    check_holds(store, thoroughly=n % REBUILD_EVERY == 0 or n == kills - 1)
                finally:
                    store.close()


def look(home: Path) -> tuple[int, int]:
    """Entries and sealed entries before a round."""
    with running(home) as server:
        store = attach(server, home, DATABASE, most=2)
        head = store.head()
        store.close()
    return head.size, head.sealed


def check_all_there(store: PostgresStore, worker: Worker, size: int, sealed: int) -> int:
    """Each acknowledged command is where its receipt says; how many commands were written and not acknowledged."""
    new = {stored.position: codec.decode(stored.entry or b"") for stored in store.all_entries(start=size)}
    assert list(new) == list(range(size, size + len(new)))
    for command, first, count in worker.done:
        assert [new[position].envelope.because for position in range(first, first + count)] == [command] * count
    head = store.head()
    assert head.sealed >= sealed, "a checkpoint that was acknowledged is gone"
    if sealed:
        consistency(store, sealed, head)
    written = {entry.envelope.because for entry in new.values()}
    silent = {command for command in written if not command.startswith("due/")} - {
        command for command, *_ in worker.done
    }
    assert len(silent) <= 1, "a program has one command under way at a time"
    return len(silent)


def check_holds(store: PostgresStore, *, thoroughly: bool) -> None:
    """The ledger verifies as it was found; writing goes on; the live tables are what the ledger says."""
    assert verify_ledger(store).faults == ()
    store.seal(at=SystemClock().now())
    if thoroughly:
        report = verify_ledger(store)
        assert report.faults == ()
        assert (report.sealed, report.unowned_seconds, report.two_holders) == (report.entries, 0, 0)
        assert rebuild(store).differences == ()
