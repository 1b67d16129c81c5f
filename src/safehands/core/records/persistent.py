"""A map that is never changed: ``put`` gives a new one that shares all but a few small nodes with the old.

A case of ten thousand records must cost one event what it touches, so the state of a case's material cannot be copied
at each event. This is a hash trie of sixteen branches a level; keys are strings, and their place comes from a hash that
is the same in every process, so that the order of a walk is too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Final, Generic, TypeVar, cast

V = TypeVar("V")

_BITS: Final = 4
_WIDTH: Final = 1 << _BITS
_DEEPEST: Final = 16

#: A node is a tuple of sixteen children; a leaf a dict of the few keys that share a prefix of their hashes.
_Node = tuple[object, ...]
_EMPTY: Final[_Node] = (None,) * _WIDTH
#: A leaf grows to this many keys before it becomes a node.
_FULL: Final = 8
_NOTHING: Final = object()


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")


class PersistentMap(Mapping[str, V], Generic[V]):
    """An immutable mapping from strings; ``put`` and ``without`` answer a new one in constant time, nearly."""

    __slots__ = ("_root", "_size")

    def __init__(self, items: Iterable[tuple[str, V]] = ()) -> None:
        root: object = None
        size = 0
        for key, value in items:
            size += not _has(root, key, _hash(key))
            root = _put(root, key, value, _hash(key), 0)
        self._root = root
        self._size = size

    def __getitem__(self, key: str) -> V:
        node, place = self._root, _hash(key)
        while isinstance(node, tuple):
            node, place = node[place % _WIDTH], place >> _BITS
        if node is None:
            raise KeyError(key)
        return cast("dict[str, V]", node)[key]

    def __iter__(self) -> Iterator[str]:
        return _keys(self._root)

    def __len__(self) -> int:
        return self._size

    def put(self, key: str, value: V) -> PersistentMap[V]:
        """The map with ``value`` under ``key``, new or instead of what was there."""
        return self._of(_put(self._root, key, value, _hash(key), 0), self._size + (key not in self))

    def without(self, key: str) -> PersistentMap[V]:
        """The map without ``key``; raises ``KeyError`` where it was not there."""
        if key not in self:
            raise KeyError(key)
        return self._of(_without(self._root, key, _hash(key)), self._size - 1)

    @classmethod
    def _of(cls, root: object, size: int) -> PersistentMap[V]:
        made: PersistentMap[V] = cls()
        made._root = root
        made._size = size
        return made


def changed(before: PersistentMap[V], after: PersistentMap[V]) -> tuple[str, ...]:
    """The keys under which two maps differ, in the time of what differs where one was made from the other."""
    return tuple(dict.fromkeys(_changed(before._root, after._root)))  # noqa: SLF001 - this module's own nodes


def _changed(one: object, other: object) -> Iterator[str]:
    if one is other:
        return
    if isinstance(one, tuple) and isinstance(other, tuple):
        for mine, theirs in zip(one, other, strict=True):
            yield from _changed(mine, theirs)
        return
    was, now = dict(_items(one)), dict(_items(other))
    yield from (key for key in {**was, **now} if was.get(key, _NOTHING) != now.get(key, _NOTHING))


def _items(node: object) -> Iterator[tuple[str, object]]:
    if isinstance(node, tuple):
        for child in node:
            yield from _items(child)
    elif node is not None:
        yield from cast("dict[str, object]", node).items()


def _keys(node: object) -> Iterator[str]:
    if isinstance(node, tuple):
        for child in node:
            yield from _keys(child)
    elif node is not None:
        yield from cast("dict[str, object]", node)


def _has(node: object, key: str, place: int) -> bool:
    while isinstance(node, tuple):
        node, place = node[place % _WIDTH], place >> _BITS
    return node is not None and key in cast("dict[str, object]", node)


def _put(node: object, key: str, value: object, place: int, depth: int) -> object:
    if isinstance(node, tuple):
        at = place % _WIDTH
        return (*node[:at], _put(node[at], key, value, place >> _BITS, depth + 1), *node[at + 1 :])
    leaf = {**cast("dict[str, object]", node or {}), key: value}
    if len(leaf) <= _FULL or depth >= _DEEPEST:
        return leaf
    split: object = _EMPTY
    for each, held in leaf.items():
        split = _put(split, each, held, _hash(each) >> (_BITS * depth), depth)
    return split


def _without(node: object, key: str, place: int) -> object:
    if isinstance(node, tuple):
        at = place % _WIDTH
        return (*node[:at], _without(node[at], key, place >> _BITS), *node[at + 1 :])
    return {each: held for each, held in cast("dict[str, object]", node).items() if each != key}
