"""Decision diagrams: a function of all inputs of a pathway, held exactly and compared exactly.

The inputs of a pathway multiply to more than 10^9 combinations, so nothing here enumerates them. A node asks one input
and has a child for each of its codes; equal nodes are one node, and a node whose children are all the same is that
child. Two functions are therefore equal exactly if their roots are the same number, and each question below is a walk
over nodes rather than over combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

#: A node, numbered by the diagram that made it.
Node: TypeAlias = int

#: Codes by level, as indices into that input's domain. A level that is absent may have any code.
Partial: TypeAlias = Mapping[int, int]

#: A box: for some levels the set of codes allowed, as indices. A level that is absent may have any code.
Box: TypeAlias = Mapping[int, frozenset[int]]


class Diagrams:
    """The nodes of many functions over the same inputs. ``sizes`` gives the number of codes of each input, in order of
    asking.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self.bottom = len(self.sizes)
        self._levels: list[int] = []
        self._children: list[tuple[Node, ...]] = []
        self._values: dict[Node, Hashable] = {}
        self._node_of: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._leaf_of: dict[Hashable, Node] = {}

    def __len__(self) -> int:
        return len(self._levels)

    def leaf(self, value: Hashable) -> Node:
        """The function that is ``value`` everywhere."""
        found = self._leaf_of.get(value)
        if found is None:
            found = self._leaf_of[value] = self._add(self.bottom, ())
            self._values[found] = value
        return found

    def node(self, level: int, children: tuple[Node, ...]) -> Node:
        """The function that asks input ``level`` and goes on with the child of its code."""
        first = children[0]
        if all(child == first for child in children):
            return first
        found = self._node_of.get((level, children))
        if found is None:
            found = self._node_of[level, children] = self._add(level, children)
        return found

    def level(self, node: Node) -> int:
        """The input that ``node`` asks; the number of inputs for a leaf."""
        return self._levels[node]

    def children(self, node: Node) -> tuple[Node, ...]:
        """The children of ``node``, one for each code."""
        return self._children[node]

    def at(self, node: Node, level: int) -> tuple[Node, ...]:
        """The children of ``node`` as if it asked input ``level``, which must not lie below the one it asks."""
        return self._children[node] if self._levels[node] == level else (node,) * self.sizes[level]

    def first_match(self, boxes: Sequence[Box], values: Sequence[Hashable]) -> Node:
        """The value of the first box that holds the combination, ``None`` where none does.

        Works by splitting: what is left to decide after some inputs depends only on the boxes still standing, and of
        those only on the ones before the first that can no longer fail.
        """
        masks = [[0] * size for size in self.sizes]
        asked = [0] * (self.bottom + 1)  # asked[level]: boxes with a condition at this level or below
        for bit, box in enumerate(boxes):
            for level in range(self.bottom):
                for code in range(self.sizes[level]):
                    if level not in box or code in box[level]:
                        masks[level][code] |= 1 << bit
        for level in reversed(range(self.bottom)):
            named = sum(1 << bit for bit, box in enumerate(boxes) if level in box)
            asked[level] = asked[level + 1] | named
        here = [
            asked[level] & sum(1 << bit for bit, box in enumerate(boxes) if level in box)
            for level in range(self.bottom)
        ]
        memo: dict[tuple[int, int], Node] = {}

        def split(level: int, standing: int) -> Node:
            settled = standing & ~asked[level]
            if settled:
                standing &= ((settled & -settled) << 1) - 1
            if not standing:
                return self.leaf(None)
            first = standing & -standing
            if first & settled:
                return self.leaf(values[first.bit_length() - 1])
            while not standing & here[level]:
                level += 1
            found = memo.get((level, standing))
            if found is None:
                found = self.node(level, tuple(split(level + 1, standing & mask) for mask in masks[level]))
                memo[level, standing] = found
            return found

        return split(0, (1 << len(boxes)) - 1)

    def mapped(self, root: Node, change: Callable[[Hashable], Hashable]) -> Node:
        """``change`` after the function."""
        memo: dict[Node, Node] = {}

        def walk(node: Node) -> Node:
            found = memo.get(node)
            if found is None:
                if self._levels[node] == self.bottom:
                    found = self.leaf(change(self._values[node]))
                else:
                    found = self.node(self._levels[node], tuple(walk(child) for child in self._children[node]))
                memo[node] = found
            return found

        return walk(root)

    def combined(self, one: Node, other: Node, join: Callable[[Hashable, Hashable], Hashable]) -> Node:
        """``join`` of the two functions' values, combination by combination."""
        return self.combiner(join)(one, other)

    def combiner(self, join: Callable[[Hashable, Hashable], Hashable]) -> Callable[[Node, Node], Node]:
        """The same for many pairs, remembering what was worked out."""
        memo: dict[tuple[Node, Node], Node] = {}

        def walk(a: Node, b: Node) -> Node:
            found = memo.get((a, b))
            if found is None:
                level = min(self._levels[a], self._levels[b])
                if level == self.bottom:
                    found = self.leaf(join(self._values[a], self._values[b]))
                else:
                    pairs = zip(self.at(a, level), self.at(b, level), strict=True)
                    found = self.node(level, tuple(walk(x, y) for x, y in pairs))
                memo[a, b] = found
            return found

        return walk

    def restricted(self, root: Node, level: int, code: int) -> Node:
        """The function with the input ``level`` held at ``code``."""
        memo: dict[Node, Node] = {}

        def walk(node: Node) -> Node:
            here = self._levels[node]
            if here > level:
                return node
            found = memo.get(node)
            if found is None:
                kids = self._children[node]
                found = kids[code] if here == level else self.node(here, tuple(walk(child) for child in kids))
                memo[node] = found
            return found

        return walk(root)

    def nodes(self, root: Node) -> Iterator[Node]:
        """Every node of the function, the root first."""
        seen, waiting = {root}, [root]
        while waiting:
            node = waiting.pop()
            yield node
            for child in self._children[node]:
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)

    def values(self, root: Node) -> set[Hashable]:
        """Every value that the function takes."""
        return {self._values[node] for node in self.nodes(root) if self._levels[node] == self.bottom}

    def count(self, root: Node, wanted: Callable[[Hashable], bool]) -> int:
        """For how many combinations the value is ``wanted``."""
        below = [1] * (self.bottom + 1)
        for level in reversed(range(self.bottom)):
            below[level] = below[level + 1] * self.sizes[level]
        memo: dict[Node, int] = {}

        def walk(node: Node, level: int) -> int:
            here = self._levels[node]
            found = memo.get(node)
            if found is None:
                if here == self.bottom:
                    found = int(wanted(self._values[node]))
                else:
                    found = sum(walk(child, here + 1) for child in self._children[node])
                memo[node] = found
            return found * (below[level] // below[here])

        return walk(root, 0)

    def find(self, root: Node, wanted: Callable[[Hashable], bool], within: Box | None = None) -> dict[int, int] | None:
        """The codes along a shortest way to a ``wanted`` value inside a box: few inputs named, the rest free. ``None``
        if none.
        """
        box = within or {}
        memo: dict[Node, tuple[int, int] | None] = {}  # node -> (inputs still to name, code to take)

        def walk(node: Node) -> tuple[int, int] | None:
            if node in memo:
                return memo[node]
            level = self._levels[node]
            best: tuple[int, int] | None = None
            if level == self.bottom:
                best = (0, -1) if wanted(self._values[node]) else None
            else:
                allowed = box.get(level, range(self.sizes[level]))
                for code in sorted(allowed):
                    below = walk(self._children[node][code])
                    if below is not None and (best is None or below[0] + 1 < best[0]):
                        best = (below[0] + 1, code)
            memo[node] = best
            return best

        if walk(root) is None:
            return None
        path: dict[int, int] = {}
        node = root
        while (step := memo[node]) is not None and step[1] >= 0:
            path[self._levels[node]] = step[1]
            node = self._children[node][step[1]]
        return path

    def holds_within(self, root: Node, wanted: Callable[[Hashable], bool], box: Box) -> bool:
        """Whether the value is ``wanted`` for every combination in ``box``."""
        seen: set[Node] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            level = self._levels[node]
            if level == self.bottom:
                if not wanted(self._values[node]):
                    return False
            else:
                kids = self._children[node]
                waiting.extend(kids[code] for code in box[level]) if level in box else waiting.extend(kids)
        return True

    def smallest_example(self, root: Node, wanted: Callable[[Hashable], bool]) -> dict[int, int] | None:
        """Codes of as few inputs as reasonable, such that every combination with these codes is ``wanted``; ``None`` if
        none is.
        """
        path = self.find(root, wanted)
        if path is None:
            return None
        for level in sorted(path):
            without = {lv: frozenset([code]) for lv, code in path.items() if lv != level}
            if self.holds_within(root, wanted, without):
                del path[level]
        return path

    def falls(self, root: Node, level: int, order: Sequence[int]) -> tuple[int, int] | None:
        """The first two neighbours of ``order`` at input ``level`` between which the function's value falls somewhere,
        or ``None``.

        Values must be ordered (classes). Only nodes that ask this input can fall along it.
        """
        at_most = self.comparer()
        for node in self.nodes(root):
            if self._levels[node] == level:
                kids = self._children[node]
                for low, high in pairwise(order):
                    if not at_most(kids[low], kids[high]):
                        return low, high
        return None

    def comparer(self) -> Callable[[Node, Node], bool]:
        """Whether one function is nowhere above another, remembering what was worked out. Values are whole numbers."""
        memo: dict[tuple[Node, Node], bool] = {}

        def walk(a: Node, b: Node) -> bool:
            if a == b:
                return True
            found = memo.get((a, b))
            if found is None:
                level = min(self._levels[a], self._levels[b])
                if level == self.bottom:
                    found = _number(self._values[a]) <= _number(self._values[b])
                else:
                    found = all(walk(x, y) for x, y in zip(self.at(a, level), self.at(b, level), strict=True))
                memo[a, b] = found
            return found

        return walk

    def _add(self, level: int, children: tuple[Node, ...]) -> Node:
        self._levels.append(level)
        self._children.append(children)
        return len(self._levels) - 1


def _number(value: Hashable) -> int:
    if isinstance(value, int):
        return value
    raise TypeError(
        f"values that are compared must be whole numbers, not {value!r}"
    )  # a fault of ours, not of a pathway
