"""Whatever anybody does and whenever the log is sealed in between: each checkpoint that was ever signed is consistent
with the log as it stands, every sealed entry is proved to be in it, and the whole ledger verifies.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from safehands.ledger.checkpoint import Checkpoint, check_continues, open_checkpoint
from safehands.ledger.note import read_vkey
from safehands.service.verification import verify_ledger
from safehands.store.embedded import EmbeddedServer
from safehands.store.opening import attach
from safehands.store.ports import Store
from safehands.store.proofs import consistency, inclusion
from scenario import InUse
from stateful.test_any_agency_does_anything import FAST, Handovers


class Sealed(Handovers):
    """The machine, with somebody who seals now and then and keeps every checkpoint."""

    def stores(self) -> list[Store]:
        """The stores that the stories play on."""
        return [story.engine.store for story in getattr(self, "stories", ()) if isinstance(story.engine, InUse)]

    @rule()
    def somebody_seals(self) -> None:
        """And keeps what was signed."""
        for n, store in enumerate(self.stores()):
            head = store.seal(at=self.stories[0].now)
            assert head.sealed == head.size
            assert head.checkpoint is not None
            self.kept(n).append(open_checkpoint(head.checkpoint, read_vkey(store.vkey)).checkpoint)

    def kept(self, n: int) -> list[Checkpoint]:
        """The checkpoints of the ``n``-th store so far."""
        if not hasattr(self, "_kept"):
            self._kept: dict[int, list[Checkpoint]] = {}
        return self._kept.setdefault(n, [])

    @invariant()
    def every_checkpoint_is_continued(self) -> None:
        """By the log as it is sealed now; what was written since moves no root."""
        for n, store in enumerate(self.stores()):
            head = store.head()
            now = Checkpoint(store.vkey.partition("+")[0], head.sealed, head.root)
            for older in self.kept(n):
                check_continues(older, now, consistency(store, older.size, head))

    def teardown(self) -> None:
        """The whole log once more, from its entries up; then let go."""
        if self.stores():
            self.somebody_seals()
            self.every_checkpoint_is_continued()
        for store in self.stores():
            head = store.head()
            for position in range(head.sealed):
                inclusion(store, position, head)
            report = verify_ledger(store)
            assert report.faults == ()
            assert (report.sealed, report.unowned_seconds, report.two_holders) == (head.size, 0, 0)
        super().teardown()


@pytest.mark.slow
def test_earlier_checkpoints_hold_in_memory() -> None:
    run_state_machine_as_test(Sealed, settings=settings(FAST, max_examples=12))


@pytest.mark.slow
def test_earlier_checkpoints_hold_on_postgresql_too(pg_server: EmbeddedServer) -> None:
    """Fewer examples, as of the machine itself: each has a database of its own."""
    homes: list[Path] = []

    def fresh() -> Store:
        homes.append(Path(tempfile.mkdtemp(prefix="safehands-keys-")))
        return attach(pg_server, homes[-1], f"s{homes[-1].name[-8:].lower()}", most=2)

    machine = type("SealedOnPostgreSQL", (Sealed,), {"store": staticmethod(fresh)})
    try:
        run_state_machine_as_test(machine, settings=settings(FAST, max_examples=4, stateful_step_count=25))
    finally:
        for home in homes:
            shutil.rmtree(home)
