"""From the database's errors to ours: each one that a caller can meet is a sentence, every other passes as it is."""

from __future__ import annotations

import psycopg
import pytest

from safehands.errors import LedgerFault, SafehandsError, Stale
from safehands.store.postgres.faults import OtherMaster, translated


@pytest.mark.parametrize(
    ("raised_as", "error", "said"),
    [
        (("SH001", ""), Stale, "Keys of the vault"),
        (("SH002", ""), LedgerFault, "The database refused: said"),
        (("SH003", ""), OtherMaster, "master key"),
        (("23P01", ""), LedgerFault, "Two agencies"),
        (("23505", "command_pkey"), Stale, "same command"),
        (("23505", "case_picture_reference_key"), Stale, "reference"),
        (("23505", "entry_pkey"), LedgerFault, "Nothing was written"),
        (("23514", ""), LedgerFault, "Nothing was written"),
        (("40001", ""), Stale, "same moment"),
        (("40P01", ""), Stale, "same moment"),
    ],
)
def test_what_the_database_says(pg_place, raised_as: tuple[str, str], error: type, said: str) -> None:
    code, constraint = raised_as
    statement = f"do $$ begin raise 'said' using errcode = '{code}', constraint = '{constraint}'; end $$"
    pg_place.open().close()
    with pg_place.connect("worker") as connection, pytest.raises(error, match=said), translated():
        connection.execute(statement)


def test_what_is_nobodys_belief_passes(pg_place) -> None:
    pg_place.open().close()
    with pg_place.connect("worker") as connection, pytest.raises(psycopg.Error) as raised, translated():
        connection.execute("select 1/0")
    assert not isinstance(raised.value, SafehandsError)
