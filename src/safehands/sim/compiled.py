"""The one place that sets numba's options: loops that are compiled on first use and kept on disk afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])

# Everywhere the machine's own floating point rules are kept: same seed, same digits.


def compiled(function: F) -> F:
    """``function`` compiled to machine code."""
    return cast("F", numba.njit(cache=True, fastmath=False, error_model="numpy")(function))


def compiled_without_allocation(function: F) -> F:
    """The same for a function that makes no arrays of its own; one that does fails to compile.

    Nothing is counted in and out of memory then, which for small functions that pass many arrays on is most of the
    work: see docs/adr/0100.
    """
    # numba's types do not know the option, which its compiler has had since version 0.17.
    options = cast("Callable[..., Callable[[F], F]]", numba.njit)
    return options(_nrt=False, cache=True, fastmath=False, error_model="numpy")(function)


def within(function: F) -> F:
    """The same for a small function, put into those that call it: handing many arrays on costs more than its work."""
    options = cast("Callable[..., Callable[[F], F]]", numba.njit)
    return options(_nrt=False, forceinline=True, cache=True, fastmath=False, error_model="numpy")(function)


def inlined(function: F) -> F:
    """The same for a few lines that are called from the innermost loop."""
    return cast("F", numba.njit(inline="always", fastmath=False, error_model="numpy")(function))
