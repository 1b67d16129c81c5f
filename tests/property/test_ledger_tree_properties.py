"""The fast tree against the slow definition of RFC 6962 section 2.1, written out as it stands there."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from safehands.ledger.tiles import Tile, TileReader, new_tiles, read_path, tile_nodes, tiles_of, write_entries
from safehands.ledger.tree import (
    EMPTY,
    Node,
    consistency_nodes,
    consistency_proof,
    grow,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    root_nodes,
    stream_root,
)


def split(count: int) -> int:
    largest = 1
    while largest * 2 < count:
        largest *= 2
    return largest


def slow_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*slow_path(index, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(index - k, leaves[k:]), slow_root(leaves[:k])]


def slow_subproof(old: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*slow_subproof(old, leaves[:k], whole), slow_root(leaves[k:])]
    return [*slow_subproof(old - k, leaves[k:], whole=False), slow_root(leaves[:k])]


def leaves_of(size: int) -> list[bytes]:
    return [f"{number}".encode() for number in range(size)]


SIZES = st.integers(1, 300)


@settings(deadline=None)
@given(SIZES, st.data())
def test_proofs_are_those_of_the_definition(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    stored: dict[Node, bytes] = dict(grow(0, (), [leaf_hash(leaf) for leaf in leaves]).nodes())
    assert stream_root(leaves) == (size, slow_root(leaves))
    index = data.draw(st.integers(0, size - 1))
    found = inclusion_proof(index, size, [stored[node] for node in inclusion_nodes(index, size)])
    assert list(found) == slow_path(index, leaves)
    old = data.draw(st.integers(1, size))
    found = consistency_proof(old, size, [stored[node] for node in consistency_nodes(old, size)])
    assert list(found) == slow_subproof(old, leaves, whole=True)


@settings(deadline=None)
@given(st.lists(st.integers(0, 90), max_size=8))
def test_batches_of_any_size_grow_the_same_tree(batches: list[int]) -> None:
    leaves = leaves_of(sum(batches))
    tree, rest = EMPTY, list(map(leaf_hash, leaves))
    nodes: dict[Node, bytes] = {}
    for batch in batches:
        tree = grow(tree.size, tree.frontier, rest[:batch])
        del rest[:batch]
        nodes.update(tree.nodes())
    assert tree.root == slow_root(leaves)
    assert nodes == dict(grow(0, (), list(map(leaf_hash, leaves))).nodes())


@settings(deadline=None)
@given(st.integers(0, 2**63 - 1))
def test_a_root_needs_one_node_for_each_bit_of_the_size(size: int) -> None:
    nodes = root_nodes(size)
    assert sum(1 << node.level for node in nodes) == size
    assert [node.level for node in nodes] == sorted({node.level for node in nodes}, reverse=True)


@settings(deadline=None)
@given(st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_a_tiles_path_names_that_tile_and_no_other(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert read_path(tile.path) == (tile, False)
    entries = Tile(0, index, width)
    assert read_path(entries.entries_path) == (entries, True)


@settings(deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_the_tiles_of_a_log_are_the_old_ones_and_the_new_ones(one: int, other: int) -> None:
    old, size = sorted((one, other))
    before, after = set(tiles_of(old)), set(tiles_of(size))
    assert set(new_tiles(old, size)) == after - before
    if old == size:
        assert not list(new_tiles(old, size))


@settings(deadline=None)
@given(st.sampled_from([1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000]), st.data())
def test_a_reader_of_tiles_finds_the_hashes_that_are_stored(size: int, data: st.DataObject) -> None:
    served, stored, root = log_of(size)
    reader = TileReader(size, root, served.__getitem__)
    index = data.draw(st.integers(0, size - 1))
    nodes = inclusion_nodes(index, size)
    assert reader.hashes(nodes) == tuple(stored[node] for node in nodes)
    entries = reader.entries(index // 256)
    assert entries[index % 256] == f"{index}".encode()


LOGS: dict[int, tuple[dict[str, bytes], dict[Node, bytes], bytes]] = {}


def log_of(size: int) -> tuple[dict[str, bytes], dict[Node, bytes], bytes]:
    """What a log of this size serves (path to bytes), its stored nodes, its root. Kept: sizes come again."""
    if size not in LOGS:
        leaves = leaves_of(size)
        growth = grow(0, (), [leaf_hash(leaf) for leaf in leaves])
        stored: dict[Node, bytes] = dict(growth.nodes())
        served = {tile.path: b"".join(stored[node] for node in tile_nodes(tile)) for tile in tiles_of(size)}
        for tile in tiles_of(size):
            if tile.level == 0:
                served[tile.entries_path] = write_entries(leaves[tile.index * 256 :][: tile.width])
        LOGS[size] = served, stored, growth.root
    return LOGS[size]
