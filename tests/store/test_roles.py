"""What each role of the database may do: nobody who can log in may write but through the functions."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from safehands.store.postgres.store import PostgresStore
from store.given import opening

FOR_THE_WORKER = ("clear_pictures", "due", "put_pictures", "rewrap", "told")


def tables(connection: psycopg.Connection) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "select relname from pg_class where relnamespace = 'safehands'::regnamespace and relkind = 'r'"
        ).fetchall()
    ]


@pytest.mark.parametrize("role", ["application", "worker"])
def test_these_tests_run_as_roles_that_cannot_bypass_anything(
    postgres_store: PostgresStore, pg_place, role: str
) -> None:
    """A superuser, the owner, or a role that bypasses row-level security would pass every test that follows."""
    with postgres_store._connections.lent("POL" if role == "application" else None) as connection:
        found = connection.execute(
            "select current_user, session_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, "
            "pg_has_role(current_user, %s, 'member') from pg_roles where rolname = current_user",
            (f"{pg_place.database}_owner",),
        ).fetchone()
    name = f"{pg_place.database}_{role}"
    assert found == (name, name, False, False, False, False, False)


def test_the_owner_cannot_log_in(postgres_store: PostgresStore, pg_place) -> None:
    with pg_place.connect("superuser") as connection:
        query = "select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = %s"
        assert connection.execute(query, (f"{pg_place.database}_owner",)).fetchone() == (False, False, False)


def test_row_level_security_is_forced_on_every_table(postgres_store: PostgresStore, pg_place) -> None:
    with pg_place.connect("superuser") as connection:
        open_tables = connection.execute(
            "select relname from pg_class where relnamespace = 'safehands'::regnamespace and relkind = 'r' "
            "and not (relrowsecurity and relforcerowsecurity)"
        ).fetchall()
    assert open_tables == []


@pytest.mark.parametrize("role", ["application", "worker", "auditor"])
def test_nobody_writes_to_a_table(postgres_store: PostgresStore, pg_place, role: str) -> None:
    postgres_store.append(opening(1))
    with pg_place.connect(role) as connection:
        for table in tables(connection):
            for statement in (
                f"insert into safehands.{table} default values",
                f"delete from safehands.{table}",
                f"truncate safehands.{table}",
                f"drop table safehands.{table}",
                f"alter table safehands.{table} disable row level security",
            ):
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)
            column = connection.execute(
                "select attname from pg_attribute where attrelid = ('safehands.' || %s)::regclass and attnum = 2",
                (table,),
            ).fetchone()
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"update safehands.{table} set {column[0]} = {column[0]}")


@pytest.mark.parametrize("role", ["application", "worker", "auditor"])
def test_nobody_makes_things_in_the_schema(postgres_store: PostgresStore, pg_place, role: str) -> None:
    with pg_place.connect(role) as connection:
        for statement in (
            "create table safehands.mine ()",
            "create function safehands.load(text) returns text language sql return 'mine'",
            "create schema mine",
            f"set role {pg_place.database}_owner",
            "select setval('safehands.slot', 0)",
            "select nextval('safehands.slot')",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(("role", "allowed"), [("application", False), ("worker", True), ("auditor", False)])
def test_functions_for_the_worker(postgres_store: PostgresStore, pg_place, role: str, allowed: bool) -> None:
    with pg_place.connect(role) as connection:
        for function in FOR_THE_WORKER:
            found = connection.execute(
                "select has_function_privilege(p.oid, 'execute') from pg_proc p "
                "where p.pronamespace = 'safehands'::regnamespace and p.proname = %s",
                (function,),
            ).fetchall()
            assert found == [(allowed,)], function


def test_the_auditor_calls_nothing_and_reads_no_keys(postgres_store: PostgresStore, pg_place) -> None:
    postgres_store.append(opening(1))
    with pg_place.connect("auditor") as connection:
        assert connection.execute("select count(*) from safehands.entry").fetchone() == (1,)
        for table in ("vault_key", "vault_master"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"select * from safehands.{table}")
        callable_ = connection.execute(
            "select proname from pg_proc p where p.pronamespace = 'safehands'::regnamespace "
            "and has_function_privilege(p.oid, 'execute')"
        ).fetchall()
    assert callable_ == []


def test_every_function_of_the_owner_keeps_to_its_own_schema(postgres_store: PostgresStore, pg_place) -> None:
    """A definer function that looks names up where its caller says would run the caller's code as the owner."""
    with pg_place.connect("superuser") as connection:
        loose = connection.execute(
            "select proname from pg_proc where pronamespace = 'safehands'::regnamespace and prosecdef "
            "and not coalesce(proconfig, '{}') @> array['search_path=safehands, pg_temp']"
        ).fetchall()
        public = connection.execute(
            "select proname from pg_proc where pronamespace = 'safehands'::regnamespace "
            "and has_function_privilege('public', oid, 'execute')"
        ).fetchall()
    assert (loose, public) == ([], [])


def test_the_application_reads_neither_keys_of_others_nor_the_blind_index(
    postgres_store: PostgresStore, pg_place
) -> None:
    with pg_place.connect("application") as connection:
        for table in (
            "blind_index",
            "look",
            "outbox",
            "outbox_told",
            "shred",
            "due_lease",
            "vault_master",
            "migration",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"select * from safehands.{table}")
