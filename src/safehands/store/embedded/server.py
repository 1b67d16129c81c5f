"""Using the server: the way in for everybody else.

A map: ``Server`` is what callers hold; ``running`` keeps the embedded server of a home running for a block;
``stop_now`` stops it whoever uses it; ``resolve`` chooses between it and the server that DATABASE_URL names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from safehands.errors import BadInput
from safehands.store.embedded import cluster, watchdog
from safehands.store.embedded.binaries import programs_for
from safehands.store.embedded.faults import ServerUnavailable, in_plain_words
from safehands.store.embedded.places import PORT, Place, open_home, place, read, socket_folder, write_privately

OLDEST = 15
"""The oldest PostgreSQL that DATABASE_URL may name."""

TURN_SECONDS = 150.0
"""How long we wait for another program that is starting or stopping the same server; longer than either may take."""

CONNECT_SECONDS = 10


class Server(Protocol):
    """A PostgreSQL server that can be worked with while the block that gave it lasts."""

    @property
    def superuser_conninfo(self) -> str:
        """How to connect as the one who sets the database up: the superuser, or the user that DATABASE_URL names."""

    def conninfo(self, user: str, password: str, dbname: str) -> str:
        """How to connect as ``user``; a libpq connection string, which holds the password."""


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """Our own server, on a Unix socket only."""

    data_directory: Path
    socket_directory: Path
    log_file: Path
    runs_as: str
    password: str = field(repr=False)

    @property
    def superuser_conninfo(self) -> str:
        """How to connect as the superuser, to the database ``postgres``."""
        return self.conninfo(cluster.SUPERUSER, self.password, "postgres")

    def conninfo(self, user: str, password: str, dbname: str) -> str:
        """How to connect as ``user``. The password goes only to a server of the right user that proves to know it."""
        return make_conninfo(
            host=str(self.socket_directory),
            port=PORT,
            user=user,
            password=password,
            dbname=dbname,
            require_auth="scram-sha-256",
            requirepeer=self.runs_as,
        )


@dataclass(frozen=True, slots=True)
class NamedServer:
    """The server that DATABASE_URL names."""

    url: str = field(repr=False)
    version: int
    """Major version."""

    @property
    def superuser_conninfo(self) -> str:
        """How to connect as the user, and to the database, that DATABASE_URL names."""
        return make_conninfo(self.url)

    def conninfo(self, user: str, password: str, dbname: str) -> str:
        """How to connect as ``user`` to another database of the same server."""
        return make_conninfo(self.url, user=user, password=password, dbname=dbname)


@contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[EmbeddedServer]:
    """Keep the server of ``home`` running for this block, starting it (and making its data) if need be.

    Any number of programs, and threads, may do so at once; the last to leave stops the server, and if it was killed the
    watchdog does. ``durable=False`` is for tests that do not measure durability: a power cut may destroy the data.

    Raises ServerUnavailable with what to do next.
    """
    with in_plain_words(home):
        home = open_home(home)
        users, spot, server = _attach(home, durable)
    try:
        yield server
    finally:
        with in_plain_words(home):
            _leave(users, spot)


def _attach(home: Path, durable: bool) -> tuple[int, Place, EmbeddedServer]:
    folder = home / "server"
    with watchdog.held(folder / watchdog.STARTING, alone=True, seconds=TURN_SECONDS):
        users = watchdog.wait_hold(folder / watchdog.USERS, alone=False, seconds=TURN_SECONDS)
        try:
            spot = place(home)
            # The watchdog first: a start that is cut off half way still finds somebody to end it.
            watchdog.guard(spot.cluster)
            sockets = _ready(spot, durable)
            password = spot.password_file.read_text()
        except BaseException:
            os.close(users)
            raise
    return users, spot, EmbeddedServer(spot.data, sockets, spot.cluster.log, spot.account.name, password)


def _ready(spot: Place, durable: bool) -> Path:
    """Make sure that the server runs, and give the folder of its socket."""
    run = read(spot.run_file)
    socket = run.get("socket")
    before = Path(socket) if isinstance(socket, str) else None
    if before is not None and cluster.settles(spot, before):
        if run.get("durable") is not durable:
            raise ServerUnavailable(
                f"The server in {spot.home} runs {'with' if run.get('durable') else 'without'} protection against "
                "power cuts, and this program asked for the other. Stop the programs that use it first."
            )
        return before
    programs = programs_for(spot.account)
    if not spot.data.exists():
        cluster.create(spot, programs)
    cluster.check_version(spot)
    cluster.clear(spot, before)
    sockets = socket_folder(spot.account, before)
    try:
        write_privately(spot.run_file, json.dumps({"socket": str(sockets), "durable": durable}))
    except OSError:
        sockets.rmdir()
        raise
    cluster.start(spot, programs, sockets, durable=durable)
    return sockets


def _leave(users: int, spot: Place) -> None:
    """Stop using the server and, if we were the last, stop it. If the watchdog was quicker, wait until it is done."""
    os.close(users)
    lock = spot.folder / watchdog.USERS
    if not lock.exists():
        return
    alone = watchdog.try_hold(lock, alone=True)
    if alone is not None:
        try:
            watchdog.finish(spot.cluster)
        finally:
            os.close(alone)
        return
    # Shared with another user: it goes on without us. Held alone by the watchdog: this waits until it is done.
    os.close(watchdog.wait_hold(lock, alone=False, seconds=TURN_SECONDS))


def stop_now(home: Path) -> None:
    """Stop the server of ``home`` whoever uses it; their connections break. Nothing happens if it does not run."""
    if not (home / "server" / watchdog.RUN).exists():
        return
    with in_plain_words(home):
        home = open_home(home)
        with watchdog.held(home / "server" / watchdog.STARTING, alone=True, seconds=TURN_SECONDS):
            watchdog.finish(place(home).cluster)


@contextmanager
def resolve(home: Path, environ: Mapping[str, str]) -> Iterator[Server]:
    """The server to work with: the one that ``DATABASE_URL`` in ``environ`` names, or the embedded one of ``home``.

    Raises BadInput if DATABASE_URL cannot be read, ServerUnavailable if its server cannot be reached or is too old.
    """
    url = environ.get("DATABASE_URL", "")
    if url:
        yield named(url)
    else:
        with running(home) as server:
            yield server


def named(url: str) -> NamedServer:
    """The server at ``url``, reached once to learn its version. Errors as in ``resolve``; none quotes the password."""
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise BadInput(
            ["DATABASE_URL cannot be read. It should look like postgresql://user:password@host:5432/database"]
        ) from None
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as fault:
        raise ServerUnavailable(f"The server that DATABASE_URL names cannot be reached: {fault}") from fault
    if version < OLDEST:
        raise ServerUnavailable(
            f"The server that DATABASE_URL names is PostgreSQL {version}. Safehands needs {OLDEST} or newer. Upgrade "
            "it, or unset DATABASE_URL to use the embedded one."
        )
    return NamedServer(url, version)
