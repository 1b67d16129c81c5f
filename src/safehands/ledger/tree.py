"""The Merkle tree of RFC 6962 section 2.1 (the same tree as RFC 9162), SHA-256.

For each proof there are three functions: which stored nodes it needs, build it from their hashes, check it. Reading
from a store happens once, in between; everything here is arithmetic.

The store keeps one hash for each *complete* subtree: ``Node(level, number)`` covers the leaves from
``number * 2**level`` to before ``(number + 1) * 2**level``, level 0 is a leaf hash. Such a node never changes once
written. A range of leaves that is not complete is put together from complete ones when it is needed.

``grow`` adds leaves and says which nodes came to be; ``stream_root`` does the same and keeps none.
Numbers that make no sense are a ``ValueError``; a proof that does not prove is ``NotProved``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from .encoding import LARGEST
from .faults import NotProved

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962 section 2.1)."""

_CHUNK = 4096
"""Leaves that ``stream_root`` hashes at a time: a power of two keeps the rows even, 4,096 keeps them small."""


class Node(NamedTuple):
    """A complete subtree: the one with this ``number``, counted from nought, among those of ``2**level`` leaves."""

    level: int
    number: int


class _Range(NamedTuple):
    """Leaves from ``start`` to before ``stop``; ``start`` is a multiple of the largest power of two in its length."""

    start: int
    stop: int


class _Step(NamedTuple):
    """One step from a leaf towards the root: the sibling to hash with, and on which side it lies."""

    sibling: _Range
    sibling_is_left: bool


# ---------------------------------------------------------------------------------------------------- hashes


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of a nought byte and the leaf's data."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of a one byte and two hashes of 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


# ------------------------------------------------------------------------------------------------------ root


def root_nodes(size: int) -> tuple[Node, ...]:
    """The complete subtrees that make up a tree of ``size`` leaves, widest first: one for each bit of ``size``."""
    _check_size(size)
    return _nodes_of(_Range(0, size))


def root_from(hashes: Sequence[bytes]) -> bytes:
    """The root, from the hashes of ``root_nodes(size)`` in that order (32 bytes each)."""
    _check_hashes(hashes, len(hashes))
    return _fold(hashes) if hashes else EMPTY_ROOT


# ---------------------------------------------------------------------------------------------------- growth


class Row(NamedTuple):
    """New nodes of one level, side by side: their numbers run on from ``first_number``."""

    level: int
    first_number: int
    hashes: list[bytes]


@dataclass(frozen=True, slots=True)
class Growth:
    """A tree after leaves were added. ``frontier`` holds the hashes of ``root_nodes(size)``, ``rows`` what is new."""

    size: int
    frontier: tuple[bytes, ...]
    rows: tuple[Row, ...]

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return root_from(self.frontier)

    def nodes(self) -> Iterator[tuple[Node, bytes]]:
        """Every node that came to be, with its hash, level by level."""
        for level, first_number, hashes in self.rows:
            for number, hashed in enumerate(hashes, first_number):
                yield Node(level, number), hashed


EMPTY = Growth(0, (), ())
"""The tree before its first leaf."""


def grow(size: int, frontier: Sequence[bytes], leaf_hashes: Sequence[bytes]) -> Growth:
    """Add ``leaf_hashes`` (32 bytes each) to a tree of ``size`` leaves whose ``root_nodes`` hash to ``frontier``.

    Works in whole rows, so that adding thousands of leaves costs little more than the hashing itself.
    """
    _check_size(size)
    _check_size(size + len(leaf_hashes))
    _check_hashes(frontier, size.bit_count())
    _check_hashes(leaf_hashes, len(leaf_hashes))
    waiting = list(frontier)  # narrowest last: where a level has an odd node, it is the next to pop
    kept: list[bytes] = []
    rows: list[Row] = []
    level, count, new = 0, size, list(leaf_hashes)
    while new:
        rows.append(Row(level, count, new))
        row = [waiting.pop(), *new] if count & 1 else new
        if len(row) & 1:
            kept.append(row[-1])
        new = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)]
        level, count = level + 1, count >> 1
    # When a level brings nothing new, the wider subtrees still waiting are untouched.
    return Growth(size + len(leaf_hashes), (*waiting, *reversed(kept)), tuple(rows))


def stream_root(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Number of leaves and root of a tree over leaf *data*, in constant memory."""
    tree = EMPTY
    remaining = iter(leaves)
    while chunk := [sha256(b"\x00" + leaf).digest() for leaf in islice(remaining, _CHUNK)]:
        tree = grow(tree.size, tree.frontier, chunk)
    return tree.size, tree.root


# ------------------------------------------------------------------------------------------------- inclusion


def inclusion_nodes(index: int, size: int) -> tuple[Node, ...]:
    """The stored nodes that ``inclusion_proof`` needs, in the order in which it wants their hashes."""
    _check_index(index, size)
    return tuple(node for step in _steps(index, size) for node in _nodes_of(step.sibling))


def inclusion_proof(index: int, size: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """The audit path of RFC 6962 section 2.1.1 from leaf to root, from the hashes of ``inclusion_nodes``."""
    _check_index(index, size)
    return _build([step.sibling for step in _steps(index, size)], hashes)


def check_inclusion(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ``NotProved`` unless ``proof`` leads from the leaf hash at ``index`` to ``root`` of ``size`` leaves."""
    if not 0 <= index < size <= LARGEST:
        raise NotProved(f"no leaf {index} can be in a tree of {size} leaves")
    if any(len(hashed) != HASH_BYTES for hashed in (hashed_leaf, root, *proof)):
        raise NotProved("a hash in the inclusion proof is not 32 bytes long")
    steps = _steps(index, size)
    if len(proof) != len(steps):
        raise NotProved(f"the inclusion proof has {len(proof)} hashes; leaf {index} of {size} needs {len(steps)}")
    reached = hashed_leaf
    for (_, sibling_is_left), sibling in zip(steps, proof, strict=True):
        reached = node_hash(sibling, reached) if sibling_is_left else node_hash(reached, sibling)
    if reached != root:
        raise NotProved(f"the inclusion proof of leaf {index} does not lead to the root of the {size} leaves")


# ----------------------------------------------------------------------------------------------- consistency


def consistency_nodes(old_size: int, size: int) -> tuple[Node, ...]:
    """The stored nodes that ``consistency_proof`` needs, in the order in which it wants their hashes."""
    _check_sizes(old_size, size)
    return tuple(node for span in _consistency_ranges(old_size, size) for node in _nodes_of(span))


def consistency_proof(old_size: int, size: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """The proof of RFC 6962 section 2.1.2 that the first ``old_size`` leaves are still there, from stored hashes."""
    _check_sizes(old_size, size)
    return _build(_consistency_ranges(old_size, size), hashes)


def check_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ``NotProved`` unless the tree of ``size`` leaves begins with the tree of ``old_size`` leaves.

    ``old_size`` is at least 1: everything begins with nothing, so a proof from an empty tree proves nothing.
    """
    if not 1 <= old_size <= size <= LARGEST:
        raise NotProved(f"a tree of {size} leaves cannot be shown to continue one of {old_size}")
    # Equal sizes need equal roots, whatever they look like: a published vector has a placeholder there.
    if old_size != size and any(len(hashed) != HASH_BYTES for hashed in (old_root, root, *proof)):
        raise NotProved("a hash in the consistency proof is not 32 bytes long")
    steps, seed = _consistency_steps(old_size, size)
    needed = len(steps) + (seed is not None)
    if len(proof) != needed:
        raise NotProved(f"the consistency proof has {len(proof)} hashes; from {old_size} to {size} it needs {needed}")
    rest = iter(proof)
    old_reached = reached = old_root if seed is None else next(rest)
    for (_, sibling_is_left), sibling in zip(steps, rest, strict=True):
        if sibling_is_left:
            old_reached = node_hash(sibling, old_reached)
            reached = node_hash(sibling, reached)
        else:
            reached = node_hash(reached, sibling)
    if old_reached != old_root:
        raise NotProved(f"the consistency proof does not lead to the older root of {old_size} leaves")
    if reached != root:
        raise NotProved(f"the consistency proof does not lead to the newer root of {size} leaves")


# ------------------------------------------------------------------------------------------------- the shape


def _split(width: int) -> int:
    """The largest power of two smaller than ``width`` (which is at least 2): where RFC 6962 divides a tree."""
    return 1 << ((width - 1).bit_length() - 1)


def _nodes_of(span: _Range) -> tuple[Node, ...]:
    """The complete subtrees that make up a range, widest first."""
    nodes = []
    start = span.start
    while start < span.stop:
        level = (span.stop - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return tuple(nodes)


def _steps(index: int, size: int) -> list[_Step]:
    """The way from leaf ``index`` up to the root of ``size`` leaves."""
    down = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            down.append(_Step(_Range(middle, stop), sibling_is_left=False))
            stop = middle
        else:
            down.append(_Step(_Range(start, middle), sibling_is_left=True))
            start = middle
    return down[::-1]


def _consistency_steps(old_size: int, size: int) -> tuple[list[_Step], _Range | None]:
    """The way from the narrowest subtree that both trees share up to the root, and that subtree.

    The subtree is ``None`` where it is the whole older tree: its hash is the older root, which the checker has.
    """
    down = []
    start, stop = 0, size
    while stop != old_size:
        middle = start + _split(stop - start)
        if old_size <= middle:
            down.append(_Step(_Range(middle, stop), sibling_is_left=False))
            stop = middle
        else:
            down.append(_Step(_Range(start, middle), sibling_is_left=True))
            start = middle
    return down[::-1], (None if start == 0 else _Range(start, stop))


def _consistency_ranges(old_size: int, size: int) -> list[_Range]:
    steps, seed = _consistency_steps(old_size, size)
    return ([] if seed is None else [seed]) + [step.sibling for step in steps]


def _build(ranges: Sequence[_Range], hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """One hash for each range, from the hashes of the complete subtrees in it."""
    counts = [len(_nodes_of(span)) for span in ranges]
    _check_hashes(hashes, sum(counts))
    rest = iter(hashes)
    return tuple(_fold(list(islice(rest, count))) for count in counts)


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Hash neighbouring subtrees into one, narrowest first: only the last of them is not complete."""
    reached = hashes[-1]
    for left in reversed(hashes[:-1]):
        reached = node_hash(left, reached)
    return reached


# ------------------------------------------------------------------------------------------- impossible input


def _check_size(size: int) -> None:
    if not 0 <= size <= LARGEST:
        raise ValueError(f"a tree cannot have {size} leaves")


def _check_index(index: int, size: int) -> None:
    _check_size(size)
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} can be in a tree of {size} leaves")


def _check_sizes(old_size: int, size: int) -> None:
    _check_size(size)
    if not 1 <= old_size <= size:
        raise ValueError(f"a tree of {size} leaves cannot continue one of {old_size}")


def _check_hashes(hashes: Sequence[bytes], count: int) -> None:
    if len(hashes) != count:
        raise ValueError(f"{count} hashes are needed, {len(hashes)} were given")
    if any(len(hashed) != HASH_BYTES for hashed in hashes):
        raise ValueError("a hash must be 32 bytes long")
