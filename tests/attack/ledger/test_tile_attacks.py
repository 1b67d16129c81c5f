"""A log served by somebody who is not trusted: tiles and entries that were bent, cut or swapped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safehands.ledger.faults import Malformed, NotProved
from safehands.ledger.tiles import (
    Tile,
    TileReader,
    new_tiles,
    read_entries,
    read_path,
    tile_nodes,
    tiles_of,
    write_entries,
)
from safehands.ledger.tree import Node, grow, leaf_hash

SIZE = 70_000
LEAVES = [f"{number}".encode() for number in range(SIZE)]
TREE = grow(0, (), [leaf_hash(leaf) for leaf in LEAVES])
STORED: dict[Node, bytes] = dict(TREE.nodes())


def honest(path: str) -> bytes:
    tile, entries = read_path(path)
    if entries:
        return write_entries(LEAVES[tile.index * 256 :][: tile.width])
    return b"".join(STORED[node] for node in tile_nodes(tile))


def bent(victim: str, change: Callable[[bytes], bytes]) -> TileReader:
    """A reader of a server that is honest but for one path."""
    return TileReader(SIZE, TREE.root, lambda path: change(honest(path)) if path == victim else honest(path))


def flip(octets: bytes) -> bytes:
    return octets[:40] + bytes([octets[40] ^ 4]) + octets[41:]


def test_the_tiles_of_seventy_thousand_leaves_are_those_of_the_specification() -> None:
    tiles = list(tiles_of(SIZE))
    assert [sum(tile.level == level for tile in tiles) for level in range(4)] == [274, 2, 1, 0]
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_a_growing_log_writes_only_what_is_new() -> None:
    assert list(new_tiles(255, 257)) == [Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1)]
    assert list(new_tiles(256, 257)) == [Tile(0, 1, 1)]
    with pytest.raises(ValueError, match="cannot continue"):
        list(new_tiles(2, 1))


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 69_887, 69_999])
def test_an_honest_server_is_believed(index: int) -> None:
    fetched: list[str] = []

    def fetch(path: str) -> bytes:
        fetched.append(path)
        return honest(path)

    reader = TileReader(SIZE, TREE.root, fetch)
    assert reader.hashes([Node(0, index)]) == (leaf_hash(LEAVES[index]),)
    assert reader.entries(index // 256)[index % 256] == LEAVES[index]
    assert len(fetched) == len(set(fetched))


@pytest.mark.parametrize(
    "victim", ["tile/0/000", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/0/273.p/112"]
)
def test_one_flipped_bit_in_a_tile_is_noticed(victim: str) -> None:
    reader = bent(victim, flip if victim != "tile/2/000.p/1" else lambda octets: bytes([octets[0] ^ 1]) + octets[1:])
    with pytest.raises(NotProved, match=victim):
        reader.hashes([Node(0, 0), Node(0, SIZE - 1)])
    with pytest.raises(NotProved):  # nothing that was refused is remembered as good
        reader.hashes([Node(0, 0), Node(0, SIZE - 1)])


@pytest.mark.parametrize("victim", ["tile/0/000", "tile/0/273.p/112"])
def test_a_tile_cut_short_or_padded_is_noticed(victim: str) -> None:
    for change in (lambda octets: octets[:-1], lambda octets: octets + b"x", lambda _: b""):
        with pytest.raises(NotProved, match="bytes and must have"):
            bent(victim, change).hashes([Node(0, 0)])


def test_a_server_gives_one_tile_for_another() -> None:
    with pytest.raises(NotProved, match="tile/0/001 does not belong"):
        bent("tile/0/001", lambda _: honest("tile/0/002")).hashes([Node(3, 40)])


def test_a_server_gives_the_entries_of_another_tile() -> None:
    for change in (lambda _: honest("tile/entries/002"), lambda octets: octets[:-1] + b"x"):
        with pytest.raises(NotProved, match="tile/entries/001 does not hold"):
            bent("tile/entries/001", change).entries(1)


def test_a_server_gives_a_broken_entry_bundle() -> None:
    for change in (lambda octets: octets[:-1], lambda octets: octets + b"\x00", lambda octets: octets + b"\x00\x05x"):
        with pytest.raises(Malformed, match="breaks off"):
            bent("tile/entries/001", change).entries(1)


@pytest.mark.parametrize("node", [Node(0, SIZE), Node(17, 0), Node(0, -1)])
def test_nothing_beyond_the_checkpoint_is_read(node: Node) -> None:
    with pytest.raises(ValueError, match="beyond"):
        bent("", flip).hashes([node])
    with pytest.raises(ValueError, match="no tile"):
        bent("", flip).entries(274)


@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/0", "tile/0/0", "tile/0/0000", "/tile/0/000", "tile/0/000/", "tile/00/000", "tile/64/000",
        "tile/-1/000", "tile/0/001/067", "tile/0/x000/001", "tile/0/x001/x234", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/257", "tile/0/000.p/01", "tile/0/000.p/", "tile/entries/000.p/256", "tile/8/0/000",
        "tile/0/٠٠٠", "tile/0/000\n", "tile/0/../000", "tile/0/" + "x999/" * 7 + "999",
    ],
)  # fmt: skip
def test_a_path_that_names_no_tile_or_names_it_otherwise_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        read_path(path)


def test_paths_are_spelled_as_the_specification_spells_them() -> None:
    assert Tile(0, 1234067, 8).path == "tile/0/x001/x234/067.p/8"
    assert Tile(0, 1234067).entries_path == "tile/entries/x001/x234/067"
    with pytest.raises(ValueError, match="level 0"):
        _ = Tile(1, 0).entries_path


@pytest.mark.parametrize(("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_that_cannot_be_is_the_callers_mistake(level: int, index: int, width: int) -> None:
    with pytest.raises(ValueError, match="there is no tile"):
        Tile(level, index, width)


def test_entry_bundles_have_their_limits() -> None:
    longest = [bytes(65_535)]
    assert read_entries(write_entries(longest)) == tuple(longest)
    assert read_entries(write_entries([b"", b"a"])) == (b"", b"a")
    for entries in ([], [b""] * 257, [bytes(65_536)]):
        with pytest.raises(ValueError, match="bundle"):
            write_entries(entries)
    for octets in (b"", bytes(2 * 257)):
        with pytest.raises(Malformed, match="1 to 256"):
            read_entries(octets)
