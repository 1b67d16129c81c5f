"""The contact book and the dates of streams on PostgreSQL: what the memory store says, and anybody may hear it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from safehands.core.events import AgencyDescribed, StreamSwitched
from safehands.service import agencies
from safehands.service.clock import SetClock
from safehands.store.memory import MemoryStore
from safehands.store.ports import Store
from safehands.store.postgres.store import PostgresStore
from scenario import person

NOW = datetime(2026, 2, 3, 10, tzinfo=UTC)
PAGE = AgencyDescribed("ASC-hill", "Hill Council", False, "020 7946 0100", "immediate risk only", 180)


def told(store: Store) -> list[object]:
    """What a store tells after some entries."""
    clock, by = SetClock(NOW, learned_too=True), person("POL", "supervisor")
    said: list[object] = [agencies.page_of_outside(store, "ASC-hill")]
    agencies.describe(store, clock, by, PAGE)
    said.append(agencies.page_of_outside(store, "ASC-hill"))
    for hours in (1, 2):
        switched = StreamSwitched("right-care", "CFW", "POL", NOW + timedelta(hours=hours), "the chief")
        agencies.switch(store, clock, by, switched)
        said.append(agencies.shadow_streams(store, "POL", "right-care", NOW + timedelta(minutes=90)))
    return said


def test_both_stores_tell_the_same(postgres_store: PostgresStore) -> None:
    assert told(postgres_store) == told(MemoryStore())
