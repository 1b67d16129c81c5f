"""The log in the database: its head, sealing, the nodes of the tree, and working the whole tree out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from psycopg import Connection

from safehands.errors import LedgerFault
from safehands.ledger.checkpoint import Checkpoint
from safehands.ledger.commitment import LEAF_BYTES
from safehands.ledger.tree import EMPTY_ROOT, root_from, root_nodes, stream_root
from safehands.store.keys import Keys
from safehands.store.ports import Head, Signed
from safehands.store.postgres.batch import numbers
from safehands.store.postgres.connections import ask
from safehands.store.postgres.faults import translated
from safehands.store.sealing import (
    Sealed,
    check_begins_with,
    check_not_restored,
    check_sealed,
    next_seal,
    read_signed,
)

#: Entries sealed in one transaction, and read at a time when the tree is worked out again.
AT_A_TIME = 1 << 16

_HEAD = (
    "select h.size, coalesce(c.size, 0), c.root, c.signed from safehands.head h "
    "left join lateral (select * from safehands.checkpoint order by size desc limit 1) c on true"
)
_NODES = (
    "select n.level, n.idx, n.hash from unnest(%b::smallint[], %b::bigint[]) w (level, idx) "
    "join safehands.node n on n.level = w.level and n.idx = w.idx"
)
_COMMITMENTS = (
    "select count(*), min(position), max(position), bool_and(octet_length(commitment) = 33), "
    "string_agg(commitment, ''::bytea order by position) "
    "from safehands.entry where position >= %b::bigint and position < %b::bigint"
)
_SEAL = (
    "select safehands.seal(%b::bigint, %b::bigint, %b::smallint[], %b::bigint[], %b::bytea[], "
    "%b::bytea, %b::text, %b::timestamptz)"
)


def head(connection: Connection) -> Head:
    """How long the log is, and its latest checkpoint."""
    ((size, sealed, root, signed),) = ask(connection, _HEAD)
    return Head(size, sealed, EMPTY_ROOT if root is None else root, signed)


def checkpoints(connection: Connection, limit: int) -> tuple[Signed, ...]:
    """The signed checkpoints, the newest first."""
    rows = ask(
        connection,
        "select size, signed, sealed_at from safehands.checkpoint order by size desc limit %b::integer",
        (limit,),
    )
    return tuple(Signed(*row) for row in rows)


def nodes(connection: Connection, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Hashes of complete subtrees, in one query; those that are not stored are left out."""
    levels, indexes = numbers(level for level, _ in wanted), numbers(index for _, index in wanted)
    return {(level, index): hashed for level, index, hashed in ask(connection, _NODES, (levels, indexes))}


def seal_some(connection: Connection, keys: Keys, at: datetime) -> bool:
    """Seal up to ``AT_A_TIME`` entries, in one transaction; whether there were any.

    The checkpoint is kept outside before the database has it (``sealing``, rule 2). Raises ``LedgerFault``.
    """
    with connection.transaction(), translated():
        connection.execute("select pg_advisory_xact_lock(hashtextextended('safehands.seal', 0))")
        found = head(connection)
        outside = last_signed(keys)
        check_not_restored(outside, found.size)
        end = max(found.sealed + AT_A_TIME, 0 if outside is None else outside.size)
        new = list(commitments(connection, found.sealed, min(found.size, end)))
        for step in next_seal(_sealed(connection, found), new, outside, keys.signer):
            keys.keep_checkpoint(step.signed)
            ask(
                connection,
                _SEAL,
                (
                    step.before,
                    step.sealed.size,
                    numbers(row.level for row in step.rows),
                    numbers(row.first_number for row in step.rows),
                    [b"".join(row.hashes) for row in step.rows],
                    step.sealed.root,
                    step.signed,
                    at,
                ),
            )
    return bool(new)


def check_goes_on(connection: Connection, keys: Keys) -> None:
    """Raise ``LedgerFault`` unless the database goes on from the last checkpoint that was signed.

    ``RestoredLedger`` where entries are missing or others stand in their place.
    """
    found = head(connection)
    sealed = _sealed(connection, found)
    check_sealed(sealed, keys.signer.verifier)
    outside = last_signed(keys)
    if outside is None:
        return
    check_not_restored(outside, found.size)
    if outside.size <= sealed.size:
        check_begins_with(outside, root_from(_frontier(connection, outside.size)))
    else:
        # A crash came between signing and the database: the next seal will come out the same, or not at all.
        next_seal(sealed, list(commitments(connection, sealed.size, outside.size)), outside, keys.signer)


def check_tree(connection: Connection, keys: Keys) -> int:
    """Work the tree out again from every sealed entry's commitment. See ``ports.Store.check_tree``."""
    check_goes_on(connection, keys)
    found = head(connection)
    outside = last_signed(keys)
    if outside is not None and outside.size > found.sealed:
        raise LedgerFault(
            f"a checkpoint of {outside.size} entries was signed and the database's last is of {found.sealed}. Seal, "
            "and check again: if this stays, a checkpoint was taken out"
        )
    size, root = stream_root(commitments(connection, 0, found.sealed))
    if root != found.root:
        raise LedgerFault(f"the first {size} entries do not lead to the root that was signed")
    ((entries, last),) = ask(connection, "select count(*), coalesce(max(position), -1) from safehands.entry")
    if not entries == last + 1 == found.size:
        raise LedgerFault(f"the head counts {found.size} entries; there are {entries}, and the last is {last}")
    return size


def commitments(connection: Connection, start: int, end: int) -> Iterator[bytes]:
    """The leaves of positions ``start`` to before ``end``. Raises ``LedgerFault`` where one is missing."""
    for first in range(start, end, AT_A_TIME):
        stop = min(first + AT_A_TIME, end)
        ((count, lowest, highest, whole, joined),) = ask(connection, _COMMITMENTS, (first, stop))
        if (count, lowest, highest, whole) != (stop - first, first, stop - 1, True):
            raise LedgerFault(
                f"of the entries {first} to {stop - 1}, {stop - first} in number, the database has {count}"
            )
        yield from [joined[at : at + LEAF_BYTES] for at in range(0, len(joined), LEAF_BYTES)]


def last_signed(keys: Keys) -> Checkpoint | None:
    """The checkpoint kept outside the database. Raises ``LedgerFault`` where our key has not signed it."""
    signed = keys.last_checkpoint()
    return None if signed is None else read_signed(signed, keys.signer.verifier)


def _sealed(connection: Connection, found: Head) -> Sealed:
    return Sealed(found.sealed, found.root, found.checkpoint, _frontier(connection, found.sealed))


def _frontier(connection: Connection, size: int) -> tuple[bytes, ...]:
    wanted = root_nodes(size)
    hashes = nodes(connection, wanted)
    missing = [node for node in wanted if node not in hashes]
    if missing:
        raise LedgerFault(f"nodes of the tree of {size} entries are missing: {missing}")
    return tuple(hashes[node] for node in wanted)
