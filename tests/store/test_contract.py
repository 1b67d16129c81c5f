"""The contract, on both stores."""

from __future__ import annotations

import pytest

from safehands.store.memory import MemoryStore
from safehands.store.ports import Store
from safehands.store.postgres.store import PostgresStore
from store.contract import StoreContract


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestPostgres(StoreContract):
    @pytest.fixture
    def store(self, postgres_store: PostgresStore) -> Store:
        return postgres_store
