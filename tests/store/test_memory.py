"""What only the memory store can show: its own entries changed under its hands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safehands.errors import LedgerFault
from safehands.store.memory import MemoryStore
from store.given import NOW, opening


def test_it_works_its_tree_out_again_before_anything_is_sealed() -> None:
    assert MemoryStore().check_tree() == 0


def test_content_or_commitment_changed_is_found() -> None:
    store = MemoryStore()
    store.append(opening(1))
    store.seal(at=NOW)
    store._entries[0] = replace(store._entries[0], entry=b"another past")
    with pytest.raises(LedgerFault, match="not what the ledger committed to"):
        store.check_tree()
    store._entries[0] = replace(store._entries[0], commitment=bytes(33))
    with pytest.raises(LedgerFault, match="do not lead to the root"):
        store.check_tree()


def test_closing_it_loses_nothing() -> None:
    store = MemoryStore()
    store.append(opening(1))
    store.close()
    assert store.head().size == 1
