"""C2SP tiled logs (https://c2sp.org/tlog-tiles): the tree as files of 256 hashes that anybody can serve and cache.

A tile at level ``L`` holds up to 256 neighbouring hashes of complete subtrees of ``256**L`` leaves each. Writing:
``tiles_of`` or ``new_tiles`` says which files there must be, ``tile_nodes`` which stored nodes go into one. Reading:
``TileReader`` fetches what it needs from anybody and believes only what leads to the root of a checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from .encoding import LARGEST
from .faults import Malformed, NotProved
from .tree import HASH_BYTES, Node, leaf_hash, node_hash, root_from, root_nodes

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes in a full tile: 256 of them, 8,192 bytes."""
MAX_LEVEL = 63
MAX_ENTRY_BYTES = 65_535
"""Entry bundles carry lengths as big-endian uint16."""

_LENGTH_BYTES = 2
_PATH = re.compile(
    r"tile/(?P<level>0|[1-9][0-9]?|entries)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes: ``width`` of 256 (fewer in a partial tile). ``level`` is 0 to 63."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (0 <= self.level <= MAX_LEVEL and 0 <= self.index <= LARGEST and 1 <= self.width <= WIDTH):
            raise ValueError(f"there is no tile of level {self.level}, index {self.index} and width {self.width}")

    @property
    def path(self) -> str:
        """The path under the log's address, such as ``tile/0/x001/x234/067.p/8``."""
        return f"tile/{self.level}/{_spell(self.index)}{_suffix(self.width)}"

    @property
    def entries_path(self) -> str:
        """The path of the entries whose hashes a tile of level 0 holds."""
        if self.level != 0:
            raise ValueError("only a tile of level 0 has entries")
        return f"tile/entries/{_spell(self.index)}{_suffix(self.width)}"


def read_path(path: str) -> tuple[Tile, bool]:
    """The tile that a path names, and whether the path asks for its entries. Raises ``Malformed``."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed([f"{path[:80]!r} is not the path of a tile"])
    entries = match["level"] == "entries"
    try:
        tile = Tile(
            0 if entries else int(match["level"]),
            int(match["index"].replace("x", "").replace("/", "")),
            int(match["width"] or WIDTH),
        )
    except ValueError:
        raise Malformed([f"{path[:80]!r} names a tile that cannot be"]) from None
    # A full tile spelled as partial, or an index with groups of noughts before it, would be a second name.
    if path != (tile.entries_path if entries else tile.path):
        raise Malformed([f"{path[:80]!r} is not how the path of that tile is spelled"])
    return tile, entries


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a log of ``size`` leaves, lowest level first; the last of each level may be partial."""
    return new_tiles(0, size)


def new_tiles(old_size: int, size: int) -> Iterator[Tile]:
    """The tiles that a log of ``size`` leaves has and the same log of ``old_size`` leaves had not, or had narrower."""
    if not 0 <= old_size <= size <= LARGEST:
        raise ValueError(f"a log of {size} leaves cannot continue one of {old_size}")
    level = 0
    while size:
        if old_size != size:
            for index in range(old_size // WIDTH, -(-size // WIDTH)):
                yield Tile(level, index, min(WIDTH, size - index * WIDTH))
        level, old_size, size = level + 1, old_size // WIDTH, size // WIDTH


def tile_nodes(tile: Tile) -> tuple[Node, ...]:
    """The stored nodes whose hashes, one after the other, are the bytes of the tile."""
    first = tile.index * WIDTH
    return tuple(Node(HEIGHT * tile.level, first + offset) for offset in range(tile.width))


def write_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length as a big-endian uint16. At most 256 entries of 65,535 bytes."""
    if not 1 <= len(entries) <= WIDTH:
        raise ValueError(f"an entry bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise ValueError(f"an entry in a bundle has at most {MAX_ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES) + entry for entry in entries)


def read_entries(bundle: bytes) -> tuple[bytes, ...]:
    """The entries in an entry bundle. Raises ``Malformed`` where it is cut short or too long."""
    entries = []
    at = 0
    while at < len(bundle):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(bundle[at:start])
        if start > len(bundle) or at > len(bundle):
            raise Malformed(["the entry bundle breaks off in the middle of an entry"])
        entries.append(bundle[start:at])
    if not 1 <= len(entries) <= WIDTH:
        raise Malformed([f"an entry bundle holds 1 to {WIDTH} entries, this one {len(entries)}"])
    return tuple(entries)


Fetch = Callable[[str], bytes]
"""Gets the bytes at a path, from a folder, an address, a colleague: it need not be trusted."""


@dataclass(frozen=True, slots=True, eq=False)
class TileReader:
    """Reads hashes and entries of the log that a verified checkpoint speaks of (``size`` leaves, ``root``).

    The partial tiles hold exactly the subtrees that the root is made of, so the root vouches for them; each full tile
    hashes to one hash in a tile a level above. Whatever does not fit is ``NotProved`` and names the path.
    """

    size: int
    root: bytes
    fetch: Fetch
    _believed: dict[Tile, bytes] = field(default_factory=dict, repr=False)

    def hashes(self, nodes: Sequence[Node]) -> tuple[bytes, ...]:
        """The hashes of complete subtrees, each proved to be in the tree."""
        if any(not 0 < (node.number + 1) << node.level <= self.size for node in nodes):
            raise ValueError(f"a subtree reaches beyond the {self.size} leaves")
        return tuple(self._hash(node) for node in nodes)

    def entries(self, index: int) -> tuple[bytes, ...]:
        """The entries of the level 0 tile ``index`` (256 of them, fewer in the last), each proved to be in the tree."""
        tile = self._tile(0, index)
        hashes = self._believe(tile)
        entries = read_entries(self.fetch(tile.entries_path))
        if [*map(leaf_hash, entries)] != _hashes_in(hashes):
            raise NotProved(f"{tile.entries_path} does not hold the entries that the log has there")
        return entries

    def _tile(self, level: int, index: int) -> Tile:
        return Tile(level, index, min(WIDTH, (self.size >> HEIGHT * level) - index * WIDTH))

    def _hash(self, node: Node) -> bytes:
        level, index = _place(node)
        return _hash_within(self._believe(self._tile(level, index)), node)

    def _believe(self, tile: Tile) -> bytes:
        """The bytes of a tile, from memory, or fetched and compared with the root or with the hash a level above."""
        if tile not in self._believed:
            if tile.width < WIDTH:
                self._believed.update(self._partial_tiles())
            else:
                octets = self._fetch(tile)
                if _subtree(_hashes_in(octets)) != self._hash(Node(HEIGHT * (tile.level + 1), tile.index)):
                    raise NotProved(f"{tile.path} does not belong to the tree of {self.size} leaves")
                self._believed[tile] = octets
        return self._believed[tile]

    def _partial_tiles(self) -> dict[Tile, bytes]:
        """The last tile of each level where it is partial, compared with the root all together."""
        nodes = root_nodes(self.size)
        tiles = dict.fromkeys(self._tile(*_place(node)) for node in nodes)
        octets = {tile: self._fetch(tile) for tile in tiles}
        if root_from([_hash_within(octets[self._tile(*_place(node))], node) for node in nodes]) != self.root:
            paths = ", ".join(tile.path for tile in tiles)
            raise NotProved(f"{paths} do not lead to the root of the {self.size} leaves")
        return octets

    def _fetch(self, tile: Tile) -> bytes:
        octets = self.fetch(tile.path)
        if len(octets) != tile.width * HASH_BYTES:
            raise NotProved(f"{tile.path} has {len(octets)} bytes and must have {tile.width * HASH_BYTES}")
        return octets


def _place(node: Node) -> tuple[int, int]:
    """Level and index of the tile from which the hash of a node is worked out."""
    level, above = divmod(node.level, HEIGHT)
    return level, (node.number << above) // WIDTH


def _hash_within(tile: bytes, node: Node) -> bytes:
    """The hash of a node, from the bytes of the tile that ``_place`` names."""
    above = node.level % HEIGHT
    start = (node.number << above) % WIDTH * HASH_BYTES
    return _subtree(_hashes_in(tile[start : start + (HASH_BYTES << above)]))


def _subtree(hashes: Sequence[bytes]) -> bytes:
    """The hash over a whole number of complete neighbours (their number is a power of two)."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def _hashes_in(octets: bytes) -> list[bytes]:
    return [octets[at : at + HASH_BYTES] for at in range(0, len(octets), HASH_BYTES)]


def _spell(index: int) -> str:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def _suffix(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
