"""Other people's vectors: transparency-dev's 196 proofs, its hasher values, Certificate Transparency's eight leaves."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from safehands.ledger.faults import NotProved
from safehands.ledger.tree import (
    EMPTY,
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    grow,
    leaf_hash,
    node_hash,
    stream_root,
)

VECTORS = json.loads(gzip.decompress((Path(__file__).parent / "merkle-vectors.json.gz").read_bytes()))

# github.com/google/certificate-transparency reference data, carried on by transparency-dev/merkle testonly
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def octets(text: str) -> bytes:
    return b64decode(text)


def proof(vector: dict[str, Any]) -> list[bytes]:
    return [octets(hashed) for hashed in vector["proof"] or []]


def test_there_are_as_many_vectors_as_were_published() -> None:
    assert {kind: len(vectors) for kind, vectors in VECTORS.items()} == {"inclusion": 98, "consistency": 98}


@pytest.mark.parametrize("name", VECTORS["inclusion"])
def test_published_inclusion_vector(name: str) -> None:
    vector = VECTORS["inclusion"][name]
    arguments = (
        octets(vector["leafHash"]), vector["leafIdx"], vector["treeSize"], proof(vector), octets(vector["root"]),
    )  # fmt: skip
    if vector["wantErr"]:
        with pytest.raises(NotProved):
            check_inclusion(*arguments)
    else:
        check_inclusion(*arguments)


@pytest.mark.parametrize("name", VECTORS["consistency"])
def test_published_consistency_vector(name: str) -> None:
    vector = VECTORS["consistency"][name]
    arguments = (
        vector["size1"], octets(vector["root1"]), vector["size2"], octets(vector["root2"]), proof(vector),
    )  # fmt: skip
    if vector["wantErr"]:
        with pytest.raises(NotProved):
            check_consistency(*arguments)
    else:
        check_consistency(*arguments)


def test_hasher_values_of_transparency_dev_merkle_rfc6962() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_the_eight_leaves_of_certificate_transparency() -> None:
    for size, root in enumerate(CT_ROOTS, 1):
        assert stream_root(CT_LEAVES[:size]) == (size, bytes.fromhex(root))
        assert grow(0, EMPTY.frontier, [leaf_hash(leaf) for leaf in CT_LEAVES[:size]]).root.hex() == root
