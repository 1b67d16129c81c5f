"""The desk's own tables (accounts, sessions, cache, who looked) in the kernel's database: schema ``desk``, role
``…_desk``.

The role owns its schema and can touch nothing of the kernel's: not one right in the schema ``safehands``. Its
password and
the desk's secret key lie in ``home/keys/desk.json``.
"""

from __future__ import annotations

from pathlib import Path
from secrets import token_urlsafe

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from safehands.store.embedded import Server
from safehands.store.keys import KeyFault, read_private, write_private

SCHEMA = "desk"


class Secrets(msgspec.Struct, frozen=True):
    """What ``desk.json`` holds: the role's password, and the key that signs cookies."""

    password: str
    secret_key: str


def secrets_of(home: Path) -> Secrets:
    """The desk's secrets, made at the first opening. Raises ``KeyFault`` where the file cannot be read."""
    path = home / "keys" / "desk.json"
    try:
        return msgspec.json.decode(read_private(path), type=Secrets)
    except FileNotFoundError:
        made = Secrets(token_urlsafe(32), token_urlsafe(48))
        write_private(path, msgspec.json.encode(made))
        return made
    except msgspec.MsgspecError:
        raise KeyFault(f"{path} cannot be read. Delete it: everybody is signed out, and it is made again") from None


def connection_of(server: Server, database: str, secrets: Secrets) -> dict[str, str]:
    """What Django needs to connect as the desk's role. Makes the role and its empty schema, or puts them right."""
    role = f"{database}_desk"
    name, schema = sql.Identifier(role), sql.Identifier(SCHEMA)
    administrator = make_conninfo(server.superuser_conninfo, dbname=database)
    with psycopg.connect(administrator) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtextextended('safehands.desk', 0))")
        found = connection.execute("select from pg_roles where rolname = %s", (role,)).fetchone()
        verb = sql.SQL("alter role" if found is not None else "create role")
        rights = sql.SQL("login noinherit nosuperuser password {}").format(sql.Literal(secrets.password))
        connection.execute(sql.SQL("{} {} {}").format(verb, name, rights))
        connection.execute(sql.SQL("grant {} to current_user").format(name))
        connection.execute(sql.SQL("create schema if not exists {} authorization {}").format(schema, name))
    return {
        key: str(value)
        for key, value in conninfo_to_dict(server.conninfo(role, secrets.password, database)).items()
        if value is not None
    }
