"""PROV-JSON that another library reads, with the derivations and uses that the material has."""

from __future__ import annotations

import json

import pytest

from safehands.exports.provenance import prov_json
from unit.exports.replay import replay

prov = pytest.importorskip("prov.model", reason="PROV-JSON is read with the library prov: install the group test")


def test_another_library_reads_it_and_writes_it_again() -> None:
    octets = prov_json(replay(registered_when_made=True), "NS/2004/0417")
    document = prov.ProvDocument.deserialize(content=octets.decode(), format="json")
    kinds = {type(each).__name__ for each in document.get_records()}
    assert {"ProvEntity", "ProvActivity", "ProvAgent", "ProvDerivation", "ProvUsage", "ProvGeneration"} <= kinds
    assert prov.ProvDocument.deserialize(content=document.serialize(format="json"), format="json") == document


def test_what_a_decision_rests_on_is_used_and_nothing_else() -> None:
    said = json.loads(prov_json(replay(registered_when_made=True), "NS/2004/0417"))
    labels = {key: each.get("prov:label") for key, each in {**said["entity"], **said["activity"]}.items()}
    used = {(labels[each["prov:activity"]], labels[each["prov:entity"]]) for each in said["used"].values()}
    assert {pair for pair in used if pair[0] in ("D1", "D2", "D3")} == {
        ("D1", "AB/1A"),
        ("D2", "AB/1A"),
        ("D3", "AB/1A"),
        ("D3", "AB/1D"),
    }


def test_the_same_material_gives_the_same_bytes() -> None:
    one, other = (prov_json(replay(registered_when_made=False), "NS/2004/0417") for _ in range(2))
    assert one == other
