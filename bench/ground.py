"""Where the measurements with a database run: a home of their own that is thrown away, its server, its store, a
service.

The server is the embedded one unless ``DATABASE_URL`` names another; either way fsync stays on.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from safehands.core.vocabulary import Actor
from safehands.pathways.load import load
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.store.embedded import Server, resolve
from safehands.store.opening import attach
from safehands.store.postgres.store import PostgresStore

DATABASE = "safehands_bench"
_ADOPTERS = (Actor("bench-one", "supervisor", "SETUP"), Actor("bench-two", "supervisor", "SETUP"))


@dataclass(frozen=True, slots=True)
class Ground:
    """A running server, a store in it, and the service on that store with right-care adopted."""

    home: Path
    server: Server
    database: str
    store: PostgresStore
    service: Service

    def administrator(self) -> psycopg.Connection:
        """A connection past every rule, for bulk-made rows and for looking at what was written."""
        return psycopg.connect(make_conninfo(self.server.superuser_conninfo, dbname=self.database), autocommit=True)


@contextmanager
def ground(beside: Ground | None = None) -> Iterator[Ground]:
    """A fresh home for one measurement, with a database on a server of its own or on that of the one ``beside``."""
    home = Path(tempfile.mkdtemp(prefix="safehands-bench-"))
    home.chmod(0o711)
    database = DATABASE if beside is None else f"{beside.database}_2"
    try:
        with resolve(home, os.environ) if beside is None else nullcontext(beside.server) as server:
            _drop(server, database)
            store = attach(server, home, database)
            try:
                catalogue = Catalogue(store)
                catalogue.adopt(load("right-care"), SystemClock(), *_ADOPTERS)
                yield Ground(home, server, database, store, Service(store, catalogue, SystemClock()))
            finally:
                store.close()
                _drop(server, database)
    finally:
        shutil.rmtree(home)


def fresh_database(server: Server, name: str) -> str:
    """An empty database of this name; its connection string for the superuser."""
    _drop(server, name)
    with psycopg.connect(server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(f'create database "{name}"'.encode())
    return make_conninfo(server.superuser_conninfo, dbname=name)


def _drop(server: Server, name: str) -> None:
    with psycopg.connect(server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())


def check_durable(server: Server) -> None:
    """Raise where the server would lose what it said was committed: then nothing here would be a measurement."""
    with psycopg.connect(server.superuser_conninfo) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            (value,) = connection.execute(f"show {setting}".encode()).fetchone() or ("off",)
            if value != "on":
                raise RuntimeError(f"{setting} is {value}: what is measured here must be durable")
