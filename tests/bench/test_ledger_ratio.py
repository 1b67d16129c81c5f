"""The tree costs little more than the hashing that RFC 6962 asks for: a ratio within one run, never a time."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from time import perf_counter

from safehands.ledger.tree import grow, stream_root

COUNT = 20_000
LEAVES = [b"\x01" + sha256(str(number).encode()).digest() for number in range(COUNT)]


def raw_hashing() -> None:
    """As many calls of hashlib as the tree needs: one a leaf, one an inner node."""
    for leaf in LEAVES:
        sha256(b"\x00" + leaf).digest()
    left = right = bytes(32)
    for _ in range(COUNT - 1):
        sha256(b"\x01" + left + right).digest()


def growing() -> None:
    grow(0, (), [sha256(b"\x00" + leaf).digest() for leaf in LEAVES])


def best_of_five(work: Callable[[], object]) -> float:
    def once() -> float:
        started = perf_counter()
        work()
        return perf_counter() - started

    return min(once() for _ in range(5))


def test_a_root_over_a_stream_of_leaves_costs_at_most_five_times_the_hashing() -> None:
    assert best_of_five(lambda: stream_root(LEAVES)) < 5 * best_of_five(raw_hashing)


def test_growing_by_thousands_of_leaves_costs_at_most_five_times_the_hashing() -> None:
    assert best_of_five(growing) < 5 * best_of_five(raw_hashing)
