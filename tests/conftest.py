"""A PostgreSQL server for every test that needs one (``pg_server``, one for the whole run), and on it a database and a
store of each test's own (``pg_place``, ``postgres_store``)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from safehands.store.embedded import EmbeddedServer, running, stop_now
from safehands.store.migrate import ROLES
from safehands.store.opening import attach
from safehands.store.postgres.store import PostgresStore


@pytest.fixture(scope="session")
def pg_server() -> Iterator[EmbeddedServer]:
    """An embedded server in a home of its own, without protection against power cuts (fast). Shared by all tests:
    make your own database and roles, and drop them."""
    home = Path(tempfile.mkdtemp(prefix="safehands-test-"))
    home.chmod(0o711)
    try:
        with running(home, durable=False) as server:
            yield server
    finally:
        shutil.rmtree(home)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home that the server's user can pass through (pytest's own temporary folders are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix="safehands-test-"))
    folder.chmod(0o711)
    yield folder
    stop_now(folder)
    shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one test's database and keys are."""

    server: EmbeddedServer
    home: Path
    database: str

    def open(self, *, most: int = 4) -> PostgresStore:
        """The store there; close it."""
        return attach(self.server, self.home, self.database, most=most)

    def connect(self, role: str) -> psycopg.Connection:
        """A connection as one of the roles that log in, or as the ``superuser``."""
        if role == "superuser":
            return psycopg.connect(make_conninfo(self.server.superuser_conninfo, dbname=self.database), autocommit=True)
        access = msgspec.json.decode((self.home / "keys" / "database.json").read_bytes())
        name = f"{self.database}_{role}"
        return psycopg.connect(self.server.conninfo(name, access["passwords"][role], self.database), autocommit=True)


@pytest.fixture
def pg_place(pg_server: EmbeddedServer) -> Iterator[Place]:
    """A home and a database of this test's own, dropped afterwards."""
    home = Path(tempfile.mkdtemp(prefix="safehands-keys-"))
    place = Place(pg_server, home, f"t{home.name[-8:].lower()}")
    yield place
    with psycopg.connect(pg_server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(f"drop database if exists {place.database} with (force)")
        for role in ROLES:
            connection.execute(f"drop role if exists {place.database}_{role}")
    shutil.rmtree(home)


@pytest.fixture
def postgres_store(pg_place: Place) -> Iterator[PostgresStore]:
    """An empty store on PostgreSQL."""
    store = pg_place.open()
    yield store
    store.close()


@pytest.fixture(scope="session")
def desk(pg_server: EmbeddedServer) -> Iterator[Any]:
    """The kernel of an installation whose desk answers, in demonstration mode, with its seeded people."""
    from django.conf import settings

    from safehands.cli import home as homes
    from safehands.service import node
    from safehands.service.catalogue import Catalogue
    from safehands.service.clock import SystemClock
    from safehands.service.handle import Service
    from safehands.site.configuration import Configuration
    from safehands.site.demonstration import seed
    from safehands.site.installation import set_up

    home = Path(tempfile.mkdtemp(prefix="safehands-desk-"))
    database = "desk_tests"
    store = attach(pg_server, home, database, most=10)
    service = Service(store, Catalogue(store), SystemClock())
    node.open_once(store, service.clock, "test")
    homes.ensure_adopted(service, homes.FIRST_PATHWAY)
    set_up(Configuration(home, hosts=("localhost", "testserver"), demo=True), pg_server, database)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from safehands.desk.apps import give

    give(service)
    seed()
    yield service
    from django.db import connections

    connections.close_all()
    give(None)
    store.close()
    shutil.rmtree(home)
