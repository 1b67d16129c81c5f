"""Migrations: numbered SQL files, applied in order as the owner, each recorded with its digest, never edited
afterwards.

A file may name the four roles as ``:"owner"``, ``:"application"``, ``:"worker"`` and ``:"auditor"``; they are called
after the database, so that two databases on one server do not share passwords.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final, cast

from psycopg import Connection, sql

from safehands.errors import LedgerFault

ROLES: Final = ("owner", "application", "worker", "auditor")
_FILE = re.compile(r"(\d{4})_([a-z_]+)\.sql\Z")
_ROLE = re.compile(r':"([a-z]+)"')


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name, its text as it lies there."""

    number: int
    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """The migrations of this version of the program, in order, numbered from 1 without gaps."""
    folder = files("safehands.store") / "schema"
    found = sorted(
        (int(match[1]), match[2], entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if (match := _FILE.match(entry.name))
    )
    return tuple(Migration(*each) for each in found)


def pending(migrations: Sequence[Migration], applied: Mapping[int, str]) -> tuple[Migration, ...]:
    """Those still to apply. ``applied`` is number to digest.

    Raises ``LedgerFault`` naming every one that was edited, is not known, or is missing in the middle.
    """
    faults = []
    known = {migration.number: migration for migration in migrations}
    if sorted(known) != list(range(1, len(known) + 1)):
        faults.append("the migrations are not numbered from 1 without gaps")
    for number, digest in sorted(applied.items()):
        if number not in known:
            faults.append(f"migration {number} was applied by a newer version of the program: update it")
        elif known[number].digest != digest:
            faults.append(f"migration {number} ({known[number].name}) was edited after it had been applied")
    if sorted(applied) != list(range(1, len(applied) + 1)):
        faults.append("a migration in the middle was never applied")
    if faults:
        raise LedgerFault("; ".join(faults))
    return tuple(migration for migration in migrations if migration.number not in applied)


def migrate(
    connection: Connection, roles: Mapping[str, str], migrations: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """Bring the schema ``safehands`` up to date in one transaction; what was applied.

    ``connection`` may act as the owner (``set role``). ``roles`` gives the four roles' real names. Two processes at
    once: one waits and finds nothing to do.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended('safehands.migrate', 0))")
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(roles["owner"])))
        connection.execute("set local search_path = pg_catalog")
        connection.execute(
            "create table if not exists safehands.migration ("
            "number integer primary key, name text not null, digest text not null, applied_at timestamptz not null)"
        )
        applied = dict(
            cast(
                "list[tuple[int, str]]", connection.execute("select number, digest from safehands.migration").fetchall()
            )
        )
        todo = pending(shipped() if migrations is None else migrations, applied)
        for migration in todo:
            run_script(connection, migration.text, roles)
            connection.execute(
                "insert into safehands.migration values (%s, %s, %s, transaction_timestamp())",
                (migration.number, migration.name, migration.digest),
            )
    return todo


def run_script(connection: Connection, text: str, roles: Mapping[str, str]) -> None:
    """Run a file of SQL with the roles' names filled in."""
    filled = _ROLE.sub(lambda found: sql.Identifier(roles[found[1]]).as_string(), text)
    connection.execute(filled.encode())
