"""From a stream as the store loads it to the case that it folds to."""

from __future__ import annotations

from safehands import codec
from safehands.core.case import Case
from safehands.core.evolve import fold
from safehands.store.ports import Loaded


def folded(loaded: Loaded) -> Case:
    """The case of a loaded stream: its snapshot where that can be read, and every later entry folded in."""
    snapshot = codec.decode_case(loaded.snapshot) if loaded.snapshot is not None else None
    entries = (codec.decode(each.entry) for each in loaded.entries if each.entry is not None)
    return fold(entries, snapshot)
