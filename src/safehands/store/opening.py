"""Opening the store of a home: its server, its keys, its roles, its schema.

``home/keys`` holds what must not lie in the database (``keys``), and ``database.json``: the database and its roles'
passwords.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psycopg
from psycopg import Connection, errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from safehands.store.embedded import Server, resolve
from safehands.store.keys import KeyFault, Keys, read_private, write_private
from safehands.store.migrate import migrate, pending, shipped
from safehands.store.postgres.connections import MOST, Connections
from safehands.store.postgres.store import PostgresStore
from safehands.store.roles import create_roles, new_passwords, role_names
from safehands.store.vault import new_blind_key

DATABASE = "safehands"
#: The name of a log that nobody has named: a schemeless URL (C2SP tlog-checkpoint).
ORIGIN = "safehands.example/ledger"


class Access(msgspec.Struct, frozen=True):
    """What ``database.json`` holds: the name of the database, and the password of each role that logs in."""

    database: str
    passwords: dict[str, str]


@contextmanager
def open_store(home: Path, environ: Mapping[str, str], *, origin: str = ORIGIN) -> Iterator[PostgresStore]:
    """The store of ``home`` while the block lasts, made at its first opening.

    The server is the one that ``DATABASE_URL`` in ``environ`` names, or the embedded one. ``origin`` names the log; it
    counts only when the keys are made. Raises ``KeyFault``, ``ServerUnavailable``, ``BadInput`` or ``LedgerFault`` with
    what to do.
    """
    url = environ.get("DATABASE_URL", "")
    database = str(conninfo_to_dict(url).get("dbname") or DATABASE) if url else DATABASE
    with resolve(home, environ) as server:
        store = attach(server, home, database, origin=origin)
        try:
            yield store
        finally:
            store.close()


def attach(server: Server, home: Path, database: str, *, origin: str = ORIGIN, most: int = MOST) -> PostgresStore:
    """The store in one database of a running server. Sets up what is missing: database, roles, schema, keys."""
    folder = home / "keys"
    with _alone(home):
        if not folder.exists():
            _check_no_keys_lost(server, database)
        keys = Keys.create(folder, origin) if not folder.exists() else Keys(folder)
        access = _access(folder, database)
        if not _is_ready(server, access):
            _set_up(server, access, keys)
    names = role_names(access.database)
    connections = Connections(
        server.conninfo(names["application"], access.passwords["application"], access.database),
        server.conninfo(names["worker"], access.passwords["worker"], access.database),
        most=most,
    )
    try:
        return PostgresStore(connections, keys)
    except BaseException:
        connections.close()
        keys.close()
        raise


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time sets a home up."""
    handle = os.open(home / "opening.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _access(folder: Path, database: str) -> Access:
    path = folder / "database.json"
    try:
        return msgspec.json.decode(read_private(path), type=Access)
    except FileNotFoundError:
        access = Access(database, new_passwords())
        write_private(path, msgspec.json.encode(access))
        return access
    except msgspec.MsgspecError:
        raise KeyFault(f"{path} cannot be read. Delete it: new passwords are made at the next start") from None


def _is_ready(server: Server, access: Access) -> bool:
    """Whether the worker can log in and finds every migration applied."""
    worker = role_names(access.database)["worker"]
    try:
        with psycopg.connect(server.conninfo(worker, access.passwords["worker"], access.database)) as connection:
            rows = connection.execute("select number, digest from safehands.migration").fetchall()
    except (psycopg.OperationalError, errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        return False
    return not pending(shipped(), {int(number): str(digest) for number, digest in rows})


def _set_up(server: Server, access: Access, keys: Keys) -> None:
    with psycopg.connect(server.superuser_conninfo, autocommit=True) as first:
        if first.execute("select from pg_database where datname = %s", (access.database,)).fetchone() is None:
            first.execute(sql.SQL("create database {}").format(sql.Identifier(access.database)))
    with _administrator(server, access.database) as connection:
        create_roles(connection, access.database, access.passwords)
        names = role_names(access.database)
        migrate(connection, names)
        with connection.transaction():
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(names["owner"])))
            connection.execute(
                "insert into safehands.vault_master (master, blind) values (%s, %s) on conflict (one) do nothing",
                (keys.master_id, new_blind_key(keys)),
            )


def _check_no_keys_lost(server: Server, database: str) -> None:
    """Raise ``KeyFault`` where the database was written with keys that are not here any more."""
    try:
        with _administrator(server, database) as connection, connection.transaction():
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role_names(database)["owner"])))
            found = connection.execute("select master from safehands.vault_master").fetchone()
    except (psycopg.OperationalError, errors.UndefinedTable, errors.InvalidSchemaName, errors.InvalidParameterValue):
        return  # no such database, no schema, or no such role: nothing was ever written
    if found is not None:
        raise KeyFault(
            f"the folder of keys is gone, and the database {database} was written with master key {found[0]}: "
            "put the folder back from its mirror. Content cannot be read without it; proofs still verify"
        )


def _administrator(server: Server, database: str) -> Connection:
    return psycopg.connect(make_conninfo(server.superuser_conninfo, dbname=database), autocommit=True)
