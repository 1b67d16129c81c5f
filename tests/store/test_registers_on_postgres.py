"""Registers and material on PostgreSQL: the same story, the same material, erasure and row-level security with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evidence import CPS, NSP, Matter
from safehands.core.records.vocabulary import Mode, RecordKind
from safehands.service.material import Materials, material_at
from safehands.service.rebuild import rebuild
from safehands.service.register_erasure import erase_entries
from safehands.store.embedded import EmbeddedServer
from safehands.store.opening import attach
from scenario import person


def test_a_record_is_registered_shared_decided_on_and_erased(pg_server: EmbeddedServer, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    store = attach(pg_server, keys, "registers", most=3)
    try:
        matter = Matter(store)
        matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
        matter.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
        matter.derives("AB1A", "AB1")
        matter.shares("AB1A")
        matter.decides("D1", ("AB1A", Mode.READ_FULL), shown=("AB1A",))
        assert matter.concerns() == {"R01/D1:AB1": ("a", 1)}
        made = matter.material.decisions["D1"].event
        assert 0 < made.size <= store.head().sealed
        assert set(material_at(store, matter.id, size=made.size).records) == {"AB1", "AB1A"}
        assert store.entries("register/POL-northshire", agency=CPS.agency) == ()
        assert len(store.entries("register/POL-northshire", agency=NSP.agency)) == 3
        by = person(NSP.agency, "supervisor")
        erase_entries(matter.service, NSP.agency, (1,), reason="wrongly named", authority="the DPO, 7", by=by)
        store.seal(at=matter.story.now)
        assert store.check_tree() == store.head().size
        cold = replace(matter.service, materials=Materials()).known(matter.stream)
        assert cold.material.records["AB1"].event.description == ""
        assert dict(cold.findings) == dict(matter.service.known(matter.stream).findings)
        assert rebuild(store).differences == ()
    finally:
        store.close()
