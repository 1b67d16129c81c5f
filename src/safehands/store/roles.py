"""The four roles of the database, and their passwords.

====================  ================================================================================================
owner                 owns the schema and every function; cannot log in
application           reads as one agency under row-level security; writes only through the owner's functions
worker                reads everything; writes through the same functions; takes due clocks, rebuilds pictures
auditor               reads everything but keys; writes nothing
====================  ================================================================================================

They are called after the database (``safehands_owner`` in the database ``safehands``).
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe

from psycopg import Connection, errors, sql

from safehands.errors import BadInput
from safehands.store.migrate import ROLES

LOGINS = ("application", "worker", "auditor")


def role_names(database: str) -> dict[str, str]:
    """The four roles' real names in this database."""
    return {role: f"{database}_{role}" for role in ROLES}


def new_passwords() -> dict[str, str]:
    """A random password for each role that logs in."""
    return {role: token_urlsafe(32) for role in LOGINS}


def create_roles(connection: Connection, database: str, passwords: Mapping[str, str]) -> None:
    """Make the roles and the empty schema, or bring passwords and rights of those that exist back to what they should
    be.

    ``connection`` is an administrator's (superuser, or with ``CREATEROLE`` and the right to create in the database).
    Raises ``BadInput`` where it may not.
    """
    names = role_names(database)
    try:
        with connection.transaction():
            connection.execute("select pg_advisory_xact_lock(hashtextextended('safehands.migrate', 0))")
            for role, name in names.items():
                found = connection.execute("select from pg_roles where rolname = %s", (name,)).fetchone()
                verb = sql.SQL("alter role" if found is not None else "create role")
                rights = sql.SQL("nologin noinherit") if role == "owner" else sql.SQL("login noinherit password {}")
                password = sql.Literal(passwords.get(role, ""))
                connection.execute(sql.SQL("{} {} {}").format(verb, sql.Identifier(name), rights.format(password)))
            owner = sql.Identifier(names["owner"])
            connection.execute(sql.SQL("grant {} to current_user").format(owner))
            connection.execute(sql.SQL("revoke create on database {} from public").format(sql.Identifier(database)))
            connection.execute(sql.SQL("create schema if not exists safehands authorization {}").format(owner))
    except errors.InsufficientPrivilege as fault:
        said = fault.diag.message_primary
        raise BadInput(
            [f"DATABASE_URL must name a user who may create roles and a schema in {database}: {said}"]
        ) from fault
