"""The tree: every size to 100, proofs cut short, and input that makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from safehands.ledger.faults import NotProved
from safehands.ledger.tree import (
    EMPTY,
    EMPTY_ROOT,
    Growth,
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
    stream_root,
)

LEAVES = [f"leaf {number}".encode() for number in range(100)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
STORED: dict[Node, bytes] = dict(grow(0, (), HASHES).nodes())


def look_up(nodes: Sequence[Node]) -> list[bytes]:
    return [STORED[node] for node in nodes]


def root(size: int) -> bytes:
    return root_from(look_up(root_nodes(size)))


@pytest.mark.parametrize("size", range(1, 101))
def test_every_leaf_of_every_size_is_proved(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(index, size, look_up(inclusion_nodes(index, size)))
        check_inclusion(HASHES[index], index, size, proof, root(size))
        for other in {0, size - 1, index ^ 1} - {index}:
            with pytest.raises(NotProved):
                check_inclusion(HASHES[index], other, size, proof, root(size))


@pytest.mark.parametrize("size", range(1, 101))
def test_every_size_continues_every_smaller_one(size: int) -> None:
    for old in range(1, size + 1):
        proof = consistency_proof(old, size, look_up(consistency_nodes(old, size)))
        check_consistency(old, root(old), size, root(size), proof)
        if old != size:
            with pytest.raises(NotProved, match="root"):
                check_consistency(old, HASHES[99], size, root(size), proof)
            with pytest.raises(NotProved, match="root"):
                check_consistency(old, root(old), size, HASHES[99], proof)


@pytest.mark.parametrize("size", range(1, 101))
def test_a_proof_cut_short_or_padded_is_refused(size: int) -> None:
    index = size // 2
    proof = inclusion_proof(index, size, look_up(inclusion_nodes(index, size)))
    for forged in (proof[:-1], (*proof, HASHES[0]), (HASHES[0], *proof), (*proof[:-1], b"short")):
        if forged != proof:
            with pytest.raises(NotProved):
                check_inclusion(HASHES[index], index, size, forged, root(size))
    old = index + 1
    proof = consistency_proof(old, size, look_up(consistency_nodes(old, size)))
    for forged in (proof[:-1], (*proof, HASHES[0]), (HASHES[0], *proof), (*proof[:-1], b"short")):
        if forged != proof:
            with pytest.raises(NotProved):
                check_consistency(old, root(old), size, root(size), forged)


def test_leaves_added_one_by_one_or_all_at_once_grow_the_same_tree() -> None:
    tree: Growth = EMPTY
    nodes: dict[Node, bytes] = {}
    for number, hashed in enumerate(HASHES, 1):
        tree = grow(tree.size, tree.frontier, [hashed])
        fresh = dict(tree.nodes())
        assert not fresh.keys() & nodes.keys()
        nodes |= fresh
        assert tree.root == root(number) == stream_root(LEAVES[:number])[1]
        assert tree.frontier == tuple(look_up(root_nodes(number)))
    assert nodes == STORED


def test_nothing_added_changes_nothing() -> None:
    tree = grow(0, (), HASHES[:7])
    assert grow(7, tree.frontier, []) == Growth(7, tree.frontier, ())
    assert stream_root([]) == (0, EMPTY_ROOT)
    assert root_nodes(0) == ()


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: root_nodes(-1),
        lambda: root_nodes(2**63),
        lambda: root_from([b"short"]),
        lambda: grow(-1, (), []),
        lambda: grow(3, HASHES[:1], []),
        lambda: grow(2**63 - 1, HASHES[:63], HASHES[:1]),
        lambda: grow(1, [b"short"], []),
        lambda: grow(0, (), [b"short"]),
        lambda: inclusion_nodes(5, 5),
        lambda: inclusion_nodes(-1, 5),
        lambda: inclusion_proof(0, 8, HASHES[:2]),
        lambda: consistency_nodes(0, 5),
        lambda: consistency_nodes(6, 5),
        lambda: consistency_proof(3, 5, HASHES[:40]),
    ],
)
def test_arithmetic_that_makes_no_sense_is_the_callers_mistake(impossible: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="cannot|needed|must|can be"):
        impossible()


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, 2**63)])
def test_a_leaf_outside_the_tree_proves_nothing(index: int, size: int) -> None:
    with pytest.raises(NotProved, match="can be in a tree"):
        check_inclusion(HASHES[0], index, size, [], HASHES[0])


def test_a_leaf_hash_of_the_wrong_length_proves_nothing() -> None:
    with pytest.raises(NotProved, match="not 32 bytes"):
        check_inclusion(b"short", 0, 1, [], b"short")


def test_an_empty_log_is_no_anchor() -> None:
    with pytest.raises(NotProved, match="cannot be shown to continue"):
        check_consistency(0, EMPTY_ROOT, 5, root(5), [])
