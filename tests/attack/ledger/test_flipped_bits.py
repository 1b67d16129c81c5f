"""For every size to 100 a proof of each kind, and every bit of it flipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from safehands.ledger.faults import NotProved
from safehands.ledger.tree import (
    Node,
    check_consistency,
    check_inclusion,
    consistency_nodes,
    consistency_proof,
    grow,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    root_from,
    root_nodes,
)

HASHES = [leaf_hash(f"leaf {number}".encode()) for number in range(100)]
STORED: dict[Node, bytes] = dict(grow(0, (), HASHES).nodes())


def look_up(nodes: Sequence[Node]) -> list[bytes]:
    return [STORED[node] for node in nodes]


def refused(check: Callable[[tuple[bytes, ...]], None], proof: tuple[bytes, ...]) -> bool:
    try:
        check(proof)
    except NotProved:
        return True
    return False


def one_bit_flipped(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """The proof with one bit flipped, in each hash and each of its 256 bits."""
    flipped = []
    for number, hashed in enumerate(proof):
        as_number = int.from_bytes(hashed)
        for bit in range(256):
            forged = (as_number ^ (1 << bit)).to_bytes(32)
            flipped.append((*proof[:number], forged, *proof[number + 1 :]))
    return flipped


@pytest.mark.parametrize("size", range(1, 101))
def test_a_proof_with_any_one_bit_flipped_is_refused(size: int) -> None:
    index = size * size // 7 % size  # wanders over the tree as the size grows
    root = root_from(look_up(root_nodes(size)))
    inclusion = inclusion_proof(index, size, look_up(inclusion_nodes(index, size)))
    old = index + 1
    old_root = root_from(look_up(root_nodes(old)))
    consistency = consistency_proof(old, size, look_up(consistency_nodes(old, size)))

    def includes(forged: tuple[bytes, ...]) -> None:
        check_inclusion(HASHES[index], index, size, forged, root)

    def continues(forged: tuple[bytes, ...]) -> None:
        check_consistency(old, old_root, size, root, forged)

    assert not refused(includes, inclusion)
    assert not refused(continues, consistency)
    assert all(refused(includes, forged) for forged in one_bit_flipped(inclusion))
    assert all(refused(continues, forged) for forged in one_bit_flipped(consistency))
