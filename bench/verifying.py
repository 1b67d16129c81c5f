"""(e) Verifying the whole ledger out of PostgreSQL, and one inclusion proof out of PostgreSQL at a million entries.

The entries are bulk-made: random commitments, since the tree cannot tell what they commit to. Verifying works the
whole tree out again from the stored commitments and compares it with the signed checkpoint; the peer is hashlib
called as often as the same tree needs, on inputs of the same size, with nothing around it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from hashlib import sha256
from statistics import median

from bench.ground import Ground, check_durable, ground
from bench.measure import Result, compare, duration, timed, times
from safehands.ledger.tree import check_inclusion, inclusion_nodes, inclusion_proof, leaf_hash

BAR_TREE = 5
BAR_PROOF = 1e-3


def bulk_entries(place: Ground, count: int) -> int:
    """Add entries with random commitments to the ledger, to streams of two hundred each; how many it has then."""
    with place.administrator() as connection, connection.transaction(), connection.cursor() as cursor:
        ((start,),) = cursor.execute("select size from safehands.head for update").fetchall()
        with cursor.copy(
            "copy safehands.entry (position, stream, version, commitment) from stdin (format binary)"
        ) as copy:
            copy.set_types(["int8", "text", "int4", "bytea"])
            for number in range(count):
                row = (start + number, f"bulk/{number // 200}", number % 200 + 1, b"\1" + os.urandom(32))
                copy.write_row(row)
        cursor.execute(
            "insert into safehands.stream (name, version) "
            "select stream, max(version) from safehands.entry where stream like 'bulk/%' group by stream"
        )
        cursor.execute("update safehands.head set size = %s", (start + count,))
    with place.administrator() as connection:
        connection.execute("vacuum analyze safehands.entry")
    place.store.seal(at=place.service.clock.now())
    with place.administrator() as connection:
        connection.execute("vacuum analyze safehands.node")
    return int(start + count)


def bare_hashing(entries: int) -> None:
    """As many calls of hashlib as a tree of ``entries`` leaves needs: one a leaf, one an inner node."""
    leaf, node = b"\0" + os.urandom(33), b"\1" + os.urandom(64)
    for _ in range(entries):
        sha256(leaf).digest()
    for _ in range(entries - 1):
        sha256(node).digest()


def proofs(place: Ground, size: int, count: int) -> Iterator[float]:
    """Seconds for each of ``count`` inclusion proofs of random entries: which nodes, out of the database, put
    together."""
    chance, store = random.Random(5), place.store
    administrator = place.administrator()
    root = store.head().root
    for _ in range(count):
        number = chance.randrange(size)
        proof: list[bytes] = []

        def prove(number: int = number, proof: list[bytes] = proof) -> None:
            wanted = inclusion_nodes(number, size)
            hashes = store.nodes(wanted)
            proof += inclusion_proof(number, size, [hashes[node] for node in wanted])

        yield timed(prove)
        ((commitment,),) = administrator.execute(
            "select commitment from safehands.entry where position = %s", (number,)
        ).fetchall()
        check_inclusion(leaf_hash(commitment), number, size, proof, root)


def measure(*, quick: bool) -> list[Result]:
    """Two lines: the whole tree, one proof."""
    count, rounds, asked = (20_000, 3, 50) if quick else (1_000_000, 5, 500)
    with ground() as place:
        check_durable(place.server)
        size = bulk_entries(place, count)
        place.store.check_tree()
        whole = compare(
            lambda: timed(lambda: bare_hashing(size), size),
            lambda: timed(place.store.check_tree, size),
            rounds=rounds,
        )
        took = sorted(proofs(place, size, asked))[: asked * 99 // 100]
    return [
        Result(
            measure="e",
            what=f"verifying a whole ledger of {size:,} entries out of PostgreSQL, an entry",
            peer="hashlib, the same leaf and node hashes",
            peer_figure=duration(whole.peer),
            our_figure=duration(whole.ours),
            ratio=f"{times(1 / whole.ratio)} its time",
            spread=f"{1 / whole.highest:.2f} to {times(1 / whole.lowest)}, {rounds} rounds",
            bar=f"at most {BAR_TREE} times its time",
            met=1 / whole.ratio <= BAR_TREE,
        ),
        Result(
            measure="e",
            what=f"an inclusion proof out of PostgreSQL at {size:,} entries",
            peer="none",
            peer_figure="",
            our_figure=f"{duration(median(took))} (99 of 100 within {duration(took[-1])})",
            ratio="-",
            spread=f"{asked} random entries, each proof checked",
            bar=f"under {duration(BAR_PROOF)}",
            met=median(took) < BAR_PROOF,
        ),
    ]
