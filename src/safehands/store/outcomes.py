"""What both stores answer in the same words: stale beliefs, two holders, stubs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from safehands.errors import LedgerFault, Stale
from safehands.store.ports import Cell, Stub


def stale(stream: str, expected: int, version: int) -> Stale:
    """The caller folded version ``expected`` and the stream is at ``version`` (0: it does not exist)."""
    if expected == 0:
        return Stale(
            f"{stream} exists already, at version {version}.", stream=stream, expected=expected, version=version
        )
    if version == 0:
        return Stale(f"{stream} does not exist.", stream=stream, expected=expected, version=version)
    return Stale(
        f"{stream} has changed since you read it: it was at version {expected} and is now at version {version}.",
        stream=stream,
        expected=expected,
        version=version,
    )


def two_holders() -> LedgerFault:
    """A projection wrote two holders of one case at one time: a fault of the program, never of the person."""
    return LedgerFault("Two agencies would hold one case at one time. Nothing was written.")


def reference_taken() -> Stale:
    """Two cases were given one reference. (The database does not say which: row-level security hides it.)"""
    return Stale("The reference belongs to another case. Try again with a new one.")


def stub_of(row: Mapping[str, Cell], matched: Iterable[str]) -> Stub:
    """The stub of a case from its ``case_picture`` row."""
    opened, last = row["opened_at"], row["last_at"]
    if not isinstance(opened, datetime):
        raise LedgerFault(f"The picture of case {row['case_id']} does not say when it was opened.")
    return Stub(
        case_id=str(row["case_id"]),
        reference=str(row["reference"]),
        matched=tuple(sorted(matched)),
        status=str(row["status"]),
        holder=str(row["holder"]),
        opened_at=opened,
        last_at=last if isinstance(last, datetime) else opened,
    )
