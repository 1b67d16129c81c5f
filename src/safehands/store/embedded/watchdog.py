"""Locks, the end of a server, and the small process that waits for its last user to go.

A map: ``Cluster`` says what there is to stop; ``held`` and ``try_hold`` take the locks; ``lives``, ``postmaster``,
``stop`` and ``finish`` look at a server and end it; ``trim_log`` bounds its log; ``detach`` starts a process that
outlives us; ``main`` is the watchdog itself.

This file is also run by its path, ``python -I watchdog.py …``, so that the watchdog starts in a few milliseconds and
does not depend on how the program found its modules. It therefore imports the standard library only, nothing of ours.

The locks are ``flock`` locks: they belong to an open file, are inherited by children, and go when the last holder
has gone, however it ended. There are four, all in the home's folder ``server``:

``starting``  held alone by whoever looks at the server, starts it or stops it by hand;
``users``     shared by every program that uses the server, held alone by whoever stops it because nobody is left;
``alive``     inherited by every process of the server: free means that all of them are gone, whatever a pid file says;
``watchdog``  inherited by the watchdog: free means that there is none.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

RUN = "run.json"
STARTING, USERS, ALIVE, WATCHDOG = "starting.lock", "users.lock", "alive.lock", "watchdog.lock"

LOG_BYTES = 5_000_000
"""The log is cut when it is longer than this; one older part is kept."""

TRIM_SECONDS = 30.0
"""How often the watchdog looks at the length of the log."""

FAST_SECONDS, IMMEDIATE_SECONDS = 60.0, 20.0
"""How long a fast and then an immediate shutdown may take before we give up."""

PAUSE_SECONDS = 0.02

PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
"""What the server's processes see: nothing of the program's own environment, which may hold secrets."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory, whose it is, and the folder with our locks and log (absolute paths; ``uid`` of the server)."""

    folder: Path
    data: Path
    uid: int

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"


def try_hold(lock: Path, *, alone: bool, create: bool = True) -> int | None:
    """Take the lock and give its file descriptor, or None if somebody is in the way. Closing it lets go."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_CREAT if create else 0)
    descriptor = os.open(lock, flags, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def wait_hold(lock: Path, *, alone: bool, seconds: float) -> int:
    """Take the lock, waiting at most ``seconds``; TimeoutError if it stays taken."""
    until = time.monotonic() + seconds
    while (descriptor := try_hold(lock, alone=alone)) is None:
        if time.monotonic() > until:
            raise TimeoutError(f"{lock} has been held by another program for {seconds:.0f} seconds")
        time.sleep(PAUSE_SECONDS)
    return descriptor


@contextmanager
def held(lock: Path, *, alone: bool, seconds: float) -> Iterator[None]:
    """Hold the lock for a block; waits at most ``seconds``, then TimeoutError."""
    descriptor = wait_hold(lock, alone=alone, seconds=seconds)
    try:
        yield
    finally:
        os.close(descriptor)


def lives(cluster: Cluster) -> bool:
    """Whether any process of the server that we started is left, including one that outlived its postmaster."""
    try:
        descriptor = try_hold(cluster.folder / ALIVE, alone=True, create=False)
    except FileNotFoundError:
        return False
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def pid_file(cluster: Cluster) -> tuple[str, ...]:
    """The lines of ``postmaster.pid``, none if there is no such file.

    The folder belongs to the server's user, whom root does not trust: no link is followed, no pipe waited for.
    """
    try:
        descriptor = os.open(cluster.data / "postmaster.pid", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ()
    try:
        return tuple(line.strip() for line in os.read(descriptor, 4096).decode(errors="replace").splitlines())
    finally:
        os.close(descriptor)


def postmaster(cluster: Cluster) -> int | None:
    """The process id of the running postmaster, or None.

    A number in a file is not a process: ids are used again, soonest after a container restarts. It counts only if the
    process belongs to the server's user and was started on this data directory.
    """
    lines = pid_file(cluster)
    if not lines or not lines[0].isascii() or not lines[0].isdigit():
        return None
    process = Path("/proc") / lines[0]
    try:
        owner, arguments = process.stat().st_uid, (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return int(lines[0]) if owner == cluster.uid and os.fsencode(cluster.data) in arguments else None


def stop(cluster: Cluster, *, fast: float = FAST_SECONDS, immediate: float = IMMEDIATE_SECONDS) -> None:
    """End the server, however it is: fast (clients are cut off, a checkpoint is written), then immediately.

    Returns when all its processes are gone; at once if there are none. TimeoutError if it will not go.
    """
    for order, seconds in ((signal.SIGINT, fast), (signal.SIGQUIT, immediate)):
        until, again = time.monotonic() + seconds, 0.0
        while lives(cluster):
            now = time.monotonic()
            if now > until:
                break
            if now >= again and (process := postmaster(cluster)) is not None:
                # Sent again every second: a server that was only just starting may have missed the first.
                with suppress(ProcessLookupError):
                    os.kill(process, order)
                again = now + 1.0
            time.sleep(PAUSE_SECONDS)
        else:
            return
    raise TimeoutError(f"the PostgreSQL server on {cluster.data} did not stop in {fast + immediate:.0f} seconds")


def finish(cluster: Cluster) -> None:
    """Stop the server and remove the folder of its socket, whose name is in the run's record."""
    stop(cluster)
    with suppress(OSError, ValueError, KeyError, TypeError):
        Path(json.loads((cluster.folder / RUN).read_text())["socket"]).rmdir()


def trim_log(log: Path, limit: int = LOG_BYTES) -> None:
    """If the log is longer than ``limit`` bytes, keep its last ``limit`` bytes as ``….1`` and begin it anew.

    The server holds the file open, so it is emptied, not replaced. A line written in between may be lost.
    """
    with suppress(FileNotFoundError), log.open("r+b") as current:
        length = current.seek(0, os.SEEK_END)
        if length <= limit:
            return
        current.seek(length - limit)
        older = log.with_name(log.name + ".1")
        older.unlink(missing_ok=True)
        with open(os.open(older, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
            kept.write(current.read(limit))
        current.truncate(0)


def detach(
    arguments: Sequence[str | Path],
    *,
    keep: Iterable[int] = (),
    output: int = subprocess.DEVNULL,
    account: tuple[int, int] | None = None,
) -> None:
    """Start a process that is nobody's child and in no terminal's session, as ``account`` (uid, gid) if one is given.

    ``keep`` are file descriptors that it inherits, ``output`` takes what it prints. A shell puts it in the background
    and goes: init adopts it, so no program that uses the server is left with a dead child to bury.
    """
    uid, gid = account or (None, None)
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=tuple(keep),
        user=uid,
        group=gid,
        extra_groups=None if account is None else (),
        cwd="/",
        env=PLAIN_ENVIRONMENT,
        start_new_session=True,
        check=True,
    )


def guard(cluster: Cluster) -> None:
    """Make sure that a watchdog waits for the last user to go. Call it holding ``starting`` and sharing ``users``."""
    descriptor = try_hold(cluster.folder / WATCHDOG, alone=True)
    if descriptor is None:
        return
    try:
        if not sys.executable:
            raise OSError("Python does not know where its own program lies, so the watchdog cannot be started")
        inherited, uid = str(descriptor), str(cluster.uid)
        detach([sys.executable, "-I", __file__, inherited, cluster.folder, cluster.data, uid], keep=[descriptor])
    finally:
        os.close(descriptor)


def main(arguments: list[str]) -> None:
    """Wait until nobody uses the server, then stop it. Arguments: inherited ``watchdog`` lock, folder, data, uid.

    The ``watchdog`` lock goes before ``users``: whoever shares ``users`` next must see that there is no watchdog.
    """
    cluster = Cluster(folder=Path(arguments[1]), data=Path(arguments[2]), uid=int(arguments[3]))
    signal.signal(signal.SIGALRM, lambda _signal, _frame: trim_log(cluster.log))
    signal.setitimer(signal.ITIMER_REAL, TRIM_SECONDS, TRIM_SECONDS)
    users = os.open(cluster.folder / USERS, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    fcntl.flock(users, fcntl.LOCK_EX)
    signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        finish(cluster)
    finally:
        os.close(int(arguments[0]))
        os.close(users)


if __name__ == "__main__":
    main(sys.argv[1:])
