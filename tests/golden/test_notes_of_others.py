"""Notes that other implementations wrote and ours must read, and our own golden log, which Go's verifier has read."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest

from safehands.ledger.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from safehands.ledger.note import KeyType, Signer, read_note, read_vkey, verify_note
from safehands.ledger.tree import stream_root

# The example of https://c2sp.org/signed-note, section "Verifier keys".
C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The example in the documentation of Go's golang.org/x/mod/sumdb/note, with its private key.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
# The example of https://c2sp.org/tlog-cosignature: its keys are not published, its form is.
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)

ORIGIN = "safehands.example/case-register"
OUR_SIGNER = Signer(ORIGIN, KeyType.LOG, sha256(b"demo log key").digest())
OUR_VKEY = "safehands.example/case-register+b890f559+AUU9zP+mY6t/L1ps4JaouUzW37dk+JKds+jmmAzGFdTD"
ROOT_AT_300 = "2DuYYkj0DThpkVJf7IrIzoLyR5Yh1v4ptze52nL+Hyo="
ROOT_AT_70_000 = "ObAgKengS4T7LWVjWjlg4YVIQjR2upqBwBzVO1W83wI="
LINE_AT_300 = f"— {ORIGIN} uJD1WbsCVjhwiHCiUNUrLuqfdsY7P9tdJKbXWuMJbecJWFItKpHfJtLFs3TykYuoILgRZGuiv8xLR6uVkrlW2pgYNgY="


def golden_entry(number: int) -> bytes:
    return json.dumps({"note": "x" * (number % 50), "seq": number, "type": "custody"}, separators=(",", ":")).encode()


@pytest.mark.parametrize(("vkey", "note"), [(C2SP_VKEY, C2SP_NOTE), (GO_VKEY, f"{GO_TEXT}\n{GO_LINE}\n")])
def test_a_published_note_verifies(vkey: str, note: str) -> None:
    read = read_note(note)
    assert len(verify_note(read, [read_vkey(vkey)])) == 1
    assert str(read) == note
    assert read_vkey(vkey).vkey == vkey


def test_signing_as_go_signs_gives_the_same_bytes() -> None:
    signer = Signer("PeterNeumann", KeyType.LOG, GO_SEED)
    assert signer.verifier.vkey == GO_VKEY
    assert signer.sign(GO_TEXT).line == GO_LINE


def test_the_published_cosigned_checkpoint_is_read_and_written_as_it_stands() -> None:
    checkpoint, note = read_checkpoint(COSIGNED)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert [signature.name for signature in note.signatures] == [checkpoint.origin, "witness.example.com/w1"]
    assert int.from_bytes(note.signatures[1].signature[:8]) == 1679315147
    assert str(note) == COSIGNED


@pytest.mark.parametrize(("size", "root"), [(300, ROOT_AT_300), (70_000, ROOT_AT_70_000)])
def test_the_golden_log_has_the_roots_that_go_has_verified(size: int, root: str) -> None:
    count, found = stream_root(golden_entry(number) for number in range(size))
    assert (count, b64encode(found).decode()) == (size, root)


def test_the_golden_log_is_signed_as_it_was() -> None:
    size, root = stream_root(golden_entry(number) for number in range(300))
    signed = sign_checkpoint(Checkpoint(ORIGIN, size, root), [OUR_SIGNER])
    assert signed == f"{ORIGIN}\n300\n{ROOT_AT_300}\n\n{LINE_AT_300}\n"
    assert OUR_SIGNER.verifier.vkey == OUR_VKEY
    assert open_checkpoint(signed, read_vkey(OUR_VKEY)).checkpoint.size == 300
