"""Opening the store of a home: the first time, again, by two programs at once, and against a named server."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from safehands.errors import LedgerFault
from safehands.store import migrate
from safehands.store import opening as opening_module
from safehands.store.embedded import stop_now
from safehands.store.keys import KeyFault, write_private
from safehands.store.migrate import ROLES
from safehands.store.opening import open_store
from safehands.store.roles import create_roles, new_passwords, role_names
from store.given import NOW, opening, stream


def test_a_home_is_made_at_its_first_opening_and_found_again(home: Path) -> None:
    with open_store(home, {}, origin="log.police.example") as store:
        store.append(opening(1))
        signed = store.seal(at=NOW).checkpoint
        assert signed is not None
        assert signed.startswith("log.police.example\n1\n")
    with open_store(home, {}, origin="another name changes nothing") as store:
        assert store.load(stream(1), agency="POL") is not None
        assert store.head().checkpoint == signed
    stop_now(home)


def test_database_url_names_a_server(pg_server, tmp_path: Path) -> None:
    """The administrator that the URL names may be no superuser: creating roles is enough."""
    with psycopg.connect(pg_server.superuser_conninfo, autocommit=True) as connection:
        connection.execute("create role url_admin login createrole password 'x'")
        connection.execute("create database url_test owner url_admin")
    url = pg_server.conninfo("url_admin", "x", "url_test")
    try:
        for _ in range(2):
            with open_store(tmp_path, {"DATABASE_URL": url}) as store:
                store.append(opening(1))
                assert store.head().size == 1
    finally:
        with psycopg.connect(pg_server.superuser_conninfo, autocommit=True) as connection:
            connection.execute("drop database url_test with (force)")
            for name in (*(f"url_test_{role}" for role in ROLES), "url_admin"):
                connection.execute(f"drop role if exists {name}")


def test_several_programs_open_a_new_home_at_once(pg_place) -> None:
    start = threading.Barrier(4)

    def begin(_: int) -> str:
        start.wait()
        store = pg_place.open(most=2)
        try:
            return store._keys.master_id
        finally:
            store.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(begin, range(4)))) == 1


def test_passwords_that_were_lost_are_made_anew(pg_place) -> None:
    pg_place.open().close()
    access = pg_place.home / "keys" / "database.json"
    access.unlink()
    store = pg_place.open()
    store.append(opening(1))
    store.close()
    write_private(access, b"{")
    with pytest.raises(KeyFault, match="cannot be read. Delete it"):
        pg_place.open()


def test_a_setup_cut_short_before_its_keys_were_noted(pg_place) -> None:
    """The schema is there and no master key was ever in force: nothing is lost, and the home is made."""
    with psycopg.connect(pg_place.server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(f"create database {pg_place.database}")
    with pg_place.connect("superuser") as connection:
        create_roles(connection, pg_place.database, new_passwords())
        migrate.migrate(connection, role_names(pg_place.database))
    store = pg_place.open()
    store.append(opening(1))
    store.close()


def test_a_database_of_a_newer_program_is_left_alone(pg_place) -> None:
    pg_place.open().close()
    with pg_place.connect("superuser") as connection:
        connection.execute("insert into safehands.migration values (99, 'later', 'x', now())")
    with pytest.raises(LedgerFault, match="newer version of the program"):
        pg_place.open()


def test_a_schema_that_lacks_a_migration_is_brought_up_to_date(pg_place, monkeypatch: pytest.MonkeyPatch) -> None:
    one = migrate.shipped()
    pg_place.open().close()
    more = (*one, migrate.Migration(len(one) + 1, "more", "create table safehands.later (x text)"))
    monkeypatch.setattr(opening_module, "shipped", lambda: more)
    monkeypatch.setattr(migrate, "shipped", lambda: more)
    pg_place.open().close()
    with pg_place.connect("superuser") as connection:
        assert connection.execute("select count(*) from safehands.migration").fetchone() == (len(more),)
