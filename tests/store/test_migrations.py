"""The schema: applied once, never edited, and the same by migrations and by the text that is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

import psycopg
import pytest

from safehands.errors import BadInput, LedgerFault
from safehands.store.catalogue import describe
from safehands.store.migrate import Migration, migrate, pending, run_script, shipped
from safehands.store.ports import FACT_COLUMNS, PICTURE_COLUMNS, PICTURE_KEYS
from safehands.store.roles import create_roles, new_passwords, role_names

TYPES = {
    "text": {"text", "uuid"},
    "integer": {"bigint"},
    "number": {"double precision"},
    "boolean": {"boolean"},
    "instant": {"timestamp with time zone"},
}


@pytest.fixture
def empty(pg_place) -> Iterator[psycopg.Connection]:
    """A superuser's connection to an empty database with the four roles."""
    with psycopg.connect(pg_place.server.superuser_conninfo, autocommit=True) as first:
        first.execute(f"create database {pg_place.database}")
    with pg_place.connect("superuser") as connection:
        create_roles(connection, pg_place.database, new_passwords())
        yield connection


def test_migrations_lead_to_the_schema_that_is_written_down(pg_place, empty) -> None:
    names = role_names(pg_place.database)
    assert migrate(empty, names) == shipped()
    written = (files("safehands.store") / "schema" / "schema.sql").read_text("utf-8").partition("\n")[2]
    assert describe(empty, names) == written, "run scripts/describe_schema.py"


def test_the_schema_that_is_written_down_makes_the_same_schema(pg_place, empty) -> None:
    names = role_names(pg_place.database)
    written = (files("safehands.store") / "schema" / "schema.sql").read_text("utf-8").partition("\n")[2]
    empty.execute(f"set role {names['owner']}")
    empty.execute("set check_function_bodies = off")
    run_script(empty, written, names)
    assert describe(empty, names) == written


def test_a_second_start_finds_nothing_to_do(pg_place, empty) -> None:
    names = role_names(pg_place.database)
    migrate(empty, names)
    assert migrate(empty, names) == ()


def test_an_edited_migration_is_refused_and_changes_nothing(pg_place, empty) -> None:
    names = role_names(pg_place.database)
    migrate(empty, names)
    first, *others = shipped()
    edited = [replace(first, text=first.text + "-- harmless"), *others, Migration(5, "more", "create table x ()")]
    with pytest.raises(LedgerFault, match="migration 1 .tables. was edited"):
        migrate(empty, names, edited)
    assert empty.execute("select count(*) from safehands.migration").fetchone() == (4,)


def test_a_migration_that_fails_leaves_nothing_behind(pg_place, empty) -> None:
    names = role_names(pg_place.database)
    broken = [*shipped(), Migration(5, "broken", "create table safehands.half (); select 1/0")]
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty, names, broken)
    assert empty.execute("select to_regclass('safehands.half'), to_regclass('safehands.entry')").fetchone() == (
        None,
        None,
    )


def test_every_fault_of_the_numbering_is_named() -> None:
    one, two = Migration(1, "one", "x"), Migration(2, "two", "y")
    assert pending([one, two], {}) == (one, two)
    assert pending([one, two], {1: one.digest}) == (two,)
    with pytest.raises(LedgerFault, match="newer version of the program"):
        pending([one], {1: one.digest, 2: two.digest})
    with pytest.raises(LedgerFault, match="in the middle"):
        pending([one, two], {2: two.digest})
    with pytest.raises(LedgerFault, match="without gaps"):
        pending([two], {})


@pytest.mark.parametrize("table", [*PICTURE_COLUMNS, "fact"])
def test_the_tables_have_the_columns_that_the_port_names(pg_place, empty, table: str) -> None:
    migrate(empty, role_names(pg_place.database))
    columns = PICTURE_COLUMNS.get(table, FACT_COLUMNS)
    found = dict(
        empty.execute(
            "select attname::text, format_type(atttypid, null) from pg_attribute "
            "where attrelid = ('safehands.' || %s)::regclass and attnum > 0",
            (table,),
        ).fetchall()
    )
    ours = {"position", "n"} if table == "fact" else {"case_no", "during"} if table == "holding_picture" else set()
    assert set(found) - ours == set(columns)
    assert all(found[name] in TYPES[kind] for name, kind in columns.items())
    if table in PICTURE_KEYS:
        key = empty.execute(
            "select array_agg(attname::text order by array_position(conkey, attnum)) from pg_constraint "
            "join pg_attribute on attrelid = conrelid and attnum = any (conkey) "
            "where conrelid = ('safehands.' || %s)::regclass and contype = 'p'",
            (table,),
        ).fetchone()
        assert key == (list(PICTURE_KEYS[table]),)


def test_a_user_who_may_not_create_roles_is_told_so(pg_place, empty) -> None:
    empty.execute("create role nobody_much login password 'x'")
    try:
        conninfo = pg_place.server.conninfo("nobody_much", "x", pg_place.database)
        with psycopg.connect(conninfo, autocommit=True) as weak, pytest.raises(BadInput, match="may create roles"):
            create_roles(weak, pg_place.database, new_passwords())
    finally:
        empty.execute("drop role nobody_much")


def test_roles_made_twice_keep_the_newest_passwords(pg_place, empty) -> None:
    passwords = new_passwords()
    create_roles(empty, pg_place.database, passwords)
    name = role_names(pg_place.database)["worker"]
    psycopg.connect(pg_place.server.conninfo(name, passwords["worker"], pg_place.database)).close()
