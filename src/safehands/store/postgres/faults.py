"""From the database's errors to ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from safehands.errors import LedgerFault, Stale
from safehands.store.outcomes import reference_taken, stale, two_holders

#: Raised by the functions of ``schema/0003_writing.sql``.
STALE, INCONSISTENT, OTHER_MASTER = "SH001", "SH002", "SH003"


class OtherMaster(Stale):
    """Another process has changed the master key: nothing was written; load again."""


@contextmanager
def translated(expected: Mapping[str, int] | None = None) -> Iterator[None]:
    """Turn what the functions and constraints say into ``Stale`` and ``LedgerFault``; other errors pass.

    ``expected`` is the version of each stream that the caller believed in.
    """
    try:
        yield
    except psycopg.Error as error:
        known = _translation(error, expected or {})
        if known is None:
            raise
        raise known from error


def _translation(error: psycopg.Error, expected: Mapping[str, int]) -> Stale | LedgerFault | None:
    diag = error.diag
    match error.sqlstate, diag.constraint_name:
        case (code, _) if code == STALE:
            return _stale(diag.message_detail or "", expected)
        case (code, _) if code == INCONSISTENT:
            return LedgerFault(f"The database refused: {diag.message_primary}. Nothing was written.")
        case (code, _) if code == OTHER_MASTER:
            return OtherMaster("The master key of the vault was changed at the same moment. Load again.")
        case "23P01", _:
            return two_holders()
        case "23505", "command_pkey":
            return Stale("The same command is being done at this moment. Load the case again.")
        case "23505", "case_picture_reference_key":
            return reference_taken()
        case (("40001" | "40P01"), _):
            return Stale("Somebody else wrote to the same case at the same moment. Load it again.")
        case (("23502" | "23505" | "23514"), _):
            return LedgerFault(f"The database refused: {diag.message_primary}. Nothing was written.")
        case _:
            return None


def _stale(detail: str, expected: Mapping[str, int]) -> Stale:
    for line in detail.splitlines():
        stream, _, version = line.partition("\t")
        if stream in expected and expected[stream] != int(version):
            return stale(stream, expected[stream], int(version))
    return Stale("Keys of the vault were changed at the same moment. Load again.")
