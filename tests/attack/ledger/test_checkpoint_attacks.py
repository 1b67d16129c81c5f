"""Forged, bent and badly written notes, checkpoints, keys, cosignatures and proofs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from safehands.ledger.checkpoint import (
    Checkpoint,
    Cosigned,
    check_continues,
    countersign,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from safehands.ledger.commitment import check_leaf, leaf_data, opens
from safehands.ledger.faults import Malformed, NotProved
from safehands.ledger.note import KeyType, Signature, Signer, Verifier, read_note, read_vkey, sign_note, verify_note
from safehands.ledger.tlog_proof import TlogProof, check_tlog_proof, read_tlog_proof
from safehands.ledger.tree import (
    consistency_nodes,
    consistency_proof,
    grow,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
)

ORIGIN = "police.example/cases"


def seed(name: str) -> bytes:
    return sha256(name.encode()).digest()


LOG = Signer(ORIGIN, KeyType.LOG, seed("log"))
OTHER = Signer(ORIGIN, KeyType.LOG, seed("another key of the same name"))
WITNESS = Signer("witness.example/w1", KeyType.WITNESS, seed("witness"))
LEAVES = [f"leaf {number}".encode() for number in range(11)]
TREE = grow(0, (), [leaf_hash(leaf) for leaf in LEAVES])
STORED = dict(TREE.nodes())
HEAD = Checkpoint(ORIGIN, 11, TREE.root)
SIGNED = sign_checkpoint(HEAD, [LOG])
COSIGNED = countersign(SIGNED, LOG.verifier, None, (), WITNESS, time=1_795_000_000)


# ----------------------------------------------------------------------------------------------- signatures


def test_the_logs_signature_and_the_witnesss_time_are_read() -> None:
    opened = open_checkpoint(COSIGNED, LOG.verifier, [WITNESS.verifier])
    assert opened.checkpoint == HEAD
    assert opened.cosigned == (Cosigned("witness.example/w1", 1_795_000_000),)
    assert open_checkpoint(COSIGNED, LOG.verifier).cosigned == ()


def test_a_witness_that_signs_again_replaces_its_earlier_cosignature() -> None:
    again = countersign(COSIGNED, LOG.verifier, HEAD, (), WITNESS, time=1_795_000_060)
    assert len(read_note(again).signatures) == 2
    assert open_checkpoint(again, LOG.verifier, [WITNESS.verifier]).cosigned[0].time == 1_795_000_060


def head(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(ORIGIN, size, grow(0, (), [leaf_hash(leaf) for leaf in leaves[:size]]).root)


def test_a_witness_countersigns_only_what_continues_what_it_saw_last() -> None:
    proof = consistency_proof(6, 11, [STORED[node] for node in consistency_nodes(6, 11)])
    assert "witness.example/w1" in countersign(SIGNED, LOG.verifier, head(6), proof, WITNESS, time=1)
    assert "witness.example/w1" in countersign(SIGNED, LOG.verifier, head(0), (), WITNESS, time=1)
    forked = head(6, [b"another", *LEAVES[1:]])
    for last, given in ((head(6), ()), (head(6), proof[1:]), (forked, proof)):
        with pytest.raises(NotProved):
            countersign(SIGNED, LOG.verifier, last, given, WITNESS, time=1)
    with pytest.raises(NotProved, match="no key that you trust"):
        countersign(SIGNED, OTHER.verifier, head(6), proof, WITNESS, time=1)


def test_a_log_may_not_sign_what_does_not_continue_what_it_signed() -> None:
    with pytest.raises(NotProved, match="an old one is played"):
        check_continues(head(11), head(6), ())
    with pytest.raises(NotProved, match="signed two histories"):
        check_continues(head(11), head(11, [b"another", *LEAVES[1:]]), ())
    with pytest.raises(NotProved, match="the other of 'elsewhere.example'"):
        check_continues(head(6), replace(head(6), origin="elsewhere.example"), ())


def test_a_log_changes_its_key_and_signs_with_both() -> None:
    both = sign_checkpoint(HEAD, [LOG, OTHER])
    for key in (LOG, OTHER):
        assert open_checkpoint(both, key.verifier).checkpoint == HEAD


@pytest.mark.parametrize("change", [("11\n", "12\n"), (ORIGIN + "\n", "police.example/other\n")])
def test_a_changed_checkpoint_is_not_what_was_signed(change: tuple[str, str]) -> None:
    with pytest.raises(NotProved):
        open_checkpoint(SIGNED.replace(*change, 1), LOG.verifier)


def test_every_bit_of_the_signature_flipped_is_refused() -> None:
    note = read_note(SIGNED)
    (signature,) = note.signatures
    for bit in range(512):
        forged = (int.from_bytes(signature.signature) ^ (1 << bit)).to_bytes(64)
        bent = replace(note, signatures=(replace(signature, signature=forged),))
        with pytest.raises(NotProved, match="does not fit"):
            verify_note(bent, [LOG.verifier])


def test_a_stranger_signs_under_the_logs_name() -> None:
    with pytest.raises(NotProved, match="no key that you trust"):
        open_checkpoint(sign_checkpoint(HEAD, [OTHER]), LOG.verifier)


def test_a_stranger_borrows_the_logs_key_id() -> None:
    stolen = replace(OTHER.sign(HEAD.text), key_id=LOG.verifier.key_id)
    with pytest.raises(NotProved, match="does not fit"):
        open_checkpoint(str(sign_note(HEAD.text, [stolen])), LOG.verifier)


def test_a_log_signs_a_checkpoint_in_another_logs_name() -> None:
    borrowed = replace(HEAD, origin="elsewhere.example/cases")
    with pytest.raises(NotProved, match="is of the log 'elsewhere.example/cases'"):
        open_checkpoint(str(sign_note(borrowed.text, [LOG.sign(borrowed.text)])), LOG.verifier)


def test_only_the_witness_signed() -> None:
    alone = str(sign_note(HEAD.text, [WITNESS.sign(HEAD.text, 1)]))
    with pytest.raises(NotProved, match="has not signed this checkpoint"):
        open_checkpoint(alone, LOG.verifier, [WITNESS.verifier])


def test_a_witnesss_wrong_signature_condemns_the_checkpoint() -> None:
    elsewhere = WITNESS.sign(replace(HEAD, size=12).text, 1)
    bent = str(sign_note(HEAD.text, [LOG.sign(HEAD.text), elsewhere]))
    with pytest.raises(NotProved, match="witness.example/w1 does not fit"):
        open_checkpoint(bent, LOG.verifier, [WITNESS.verifier])


def test_somebody_moves_the_time_of_a_cosignature() -> None:
    note = read_note(COSIGNED)
    cosignature = note.signatures[1]
    later = (1_795_999_999).to_bytes(8) + cosignature.signature[8:]
    bent = str(replace(note, signatures=(note.signatures[0], replace(cosignature, signature=later))))
    with pytest.raises(NotProved, match="does not fit"):
        open_checkpoint(bent, LOG.verifier, [WITNESS.verifier])


@pytest.mark.parametrize("signature", [b"", b"short", bytes(64), bytes(71), bytes(73), b"\xff" * 72])
def test_a_cosignature_of_another_length_or_beyond_all_time(signature: bytes) -> None:
    with pytest.raises(NotProved, match="length or this time"):
        WITNESS.verifier.check(HEAD.text, signature)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), bytes(72)])
def test_a_signature_of_another_length(signature: bytes) -> None:
    with pytest.raises(NotProved, match="length or this time"):
        LOG.verifier.check(HEAD.text, signature)


def test_a_logs_signature_passed_off_as_a_cosignature() -> None:
    twin = Signer(WITNESS.name, KeyType.LOG, WITNESS.seed)
    plain = Signature(WITNESS.name, WITNESS.verifier.key_id, bytes(8) + twin.sign(HEAD.text).signature)
    with pytest.raises(NotProved, match="does not fit"):
        WITNESS.verifier.check(HEAD.text, plain.signature)


def test_a_public_key_that_is_no_point_on_the_curve_verifies_nothing() -> None:
    with pytest.raises(NotProved, match="does not fit"):
        Verifier(ORIGIN, KeyType.LOG, b"\x02" + bytes(31)).check(HEAD.text, LOG.sign(HEAD.text).signature)


def test_a_repeated_signature_counts_once() -> None:
    twice = sign_note(HEAD.text, [LOG.sign(HEAD.text), LOG.sign(HEAD.text)])
    assert len(verify_note(twice, [LOG.verifier])) == 1


@pytest.mark.parametrize(("signer", "time"), [(LOG, 1), (WITNESS, None), (WITNESS, -1), (WITNESS, 2**63)])
def test_a_signature_with_a_time_where_none_belongs_or_without_where_one_does(signer: Signer, time: int | None) -> None:
    with pytest.raises(ValueError, match="time"):
        signer.sign(HEAD.text, time)


@pytest.mark.parametrize("signers", [[], [WITNESS], [Signer("elsewhere.example", KeyType.LOG, seed("x"))]])
def test_a_checkpoint_is_signed_by_the_logs_own_keys(signers: list[Signer]) -> None:
    with pytest.raises(ValueError, match="signed by keys of that name"):
        sign_checkpoint(HEAD, signers)


def test_keys_of_the_wrong_type_are_refused() -> None:
    for log, witnesses in ((WITNESS.verifier, []), (LOG.verifier, [OTHER.verifier])):
        with pytest.raises(Malformed, match="type 01"):
            open_checkpoint(SIGNED, log, witnesses)


def test_a_private_key_is_never_shown() -> None:
    assert LOG.seed.hex() not in repr(LOG)
    assert str(LOG.seed) not in repr(LOG)


# ------------------------------------------------------------------------------------------------------ form


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        ("", "no blank line"),
        ("text\n", "no blank line"),
        ("\n\n— a AAAAAAA=\n", "no blank line"),
        ("text\n\n", "does not end with a signature line"),
        ("text\n\n— a AAAAAAA=", "does not end with a signature line"),
        ("text\n\n- a AAAAAAA=\n", "does not have the form"),
        ("text\n\n— a\n", "does not have the form"),
        ("text\n\n— AAAAAAA=\n", "does not have the form"),
        ("text\n\n—  AAAAAAA=\n", "cannot be the name"),
        ("text\n\n— a+b AAAAAAA=\n", "cannot be the name"),
        ("text\n\n— a\u00a0b AAAAAAA=\n", "cannot be the name"),
        ("text\n\n— a AAAAAAA= \n", "not base64"),
        ("text\n\n— a AAAAAAB=\n", "not canonical"),
        ("text\n\n— a AAAA\n", "too short"),
        ("text\r\n\n— a AAAAAAA=\n", "control characters"),
        ("text\t\n\n— a AAAAAAA=\n", "control characters"),
        ("text\x00\n\n— a AAAAAAA=\n", "control characters"),
        ("text\udcff\n\n— a AAAAAAA=\n", "not UTF-8"),
        ("text\n\n— \udcff AAAAAAA=\n", "not UTF-8"),
        ("text\n\n" + "— a AAAAAAA=\n" * 101, "more than 100"),
    ],
)
def test_a_malformed_note_is_refused_by_name(note: str, fault: str) -> None:
    with pytest.raises(Malformed, match=fault):
        read_note(note)


def test_every_fault_of_a_note_is_named() -> None:
    with pytest.raises(Malformed) as refusal:
        read_note("text\n\n— a\n— b AAAA\n")
    assert len(refusal.value.faults) == 2


def test_the_last_blank_line_divides_text_from_signatures() -> None:
    note = read_note("one\n\ntwo\n\n— a AAAAAAA=\n")
    assert note.text == "one\n\ntwo\n"
    assert read_note("text\n\n" + "— a AAAAAAA=\n" * 100).signatures[99].name == "a"


@pytest.mark.parametrize("text", ["no newline", "tab\t\n", "text\n\n"])
def test_a_text_that_could_not_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(Malformed):
        sign_note(text, [Signature("a", b"1234", b"5")] if text != "text\n\n" else [])


def b64(octets: bytes) -> str:
    return b64encode(octets).decode()


@pytest.mark.parametrize(
    ("vkey", "fault"),
    [
        ("name", "has the form"),
        ("name+id", "has the form"),
        ("name+00000000+?", "not base64"),
        ("name+00000000+", "not of type"),
        (f"name+00000000+{b64(bytes([6]) + bytes(32))}", "not of type"),
        (f"name+00000000+{b64(bytes([1]) + bytes(31))}", "31 bytes"),
        (f"na me+00000000+{b64(bytes([1]) + bytes(32))}", "cannot be the name"),
        (f"\udcff+00000000+{b64(bytes([1]) + bytes(32))}", "cannot be the name"),
        (f"+00000000+{b64(bytes([1]) + bytes(32))}", "cannot be the name"),
        (f"name+00000000+{b64(bytes([1]) + bytes(32))}", "does not fit"),
        (f"name+0000000+{b64(bytes([1]) + bytes(32))}", "8 small hexadecimal"),
        (LOG.verifier.vkey.replace(LOG.verifier.key_id.hex(), LOG.verifier.key_id.hex().upper()), "8 small"),
    ],
)
def test_a_malformed_key_is_refused_by_name(vkey: str, fault: str) -> None:
    with pytest.raises(Malformed, match=fault):
        read_vkey(vkey)


def test_keys_survive_being_written_and_read() -> None:
    for signer in (LOG, WITNESS):
        assert read_vkey(signer.verifier.vkey) == signer.verifier


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(Malformed, match="31 bytes"):
        Signer(ORIGIN, KeyType.LOG, bytes(31))


ROOT = b64(TREE.root)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("origin\n11\n", "at least three lines"),
        (f"\n11\n{ROOT}\n", "one line that is not empty"),
        (f"origin\n011\n{ROOT}\n", "plain decimal"),
        (f"origin\n+11\n{ROOT}\n", "plain decimal"),
        (f"origin\n-1\n{ROOT}\n", "plain decimal"),
        (f"origin\n\n{ROOT}\n", "plain decimal"),
        (f"origin\n1 1\n{ROOT}\n", "plain decimal"),
        (f"origin\n١١\n{ROOT}\n", "plain decimal"),
        (f"origin\n{2**63}\n{ROOT}\n", "plain decimal"),
        (f"origin\n{'1' * 5000}\n{ROOT}\n", "plain decimal"),
        ("origin\n11\nAAAA\n", "3 bytes"),
        (f"origin\n11\n{ROOT[:-1]}\n", "not base64"),
        (f"origin\n11\n{ROOT[:-2]}B=\n", "not canonical"),
        (f"origin\n0\n{ROOT}\n", "root of the empty tree"),
        (f"origin\n11\n{ROOT}\n\nextension\n", "not empty"),
    ],
)
def test_a_malformed_checkpoint_is_refused_by_name(body: str, fault: str) -> None:
    with pytest.raises(Malformed, match=fault):
        read_checkpoint(body + "\n— a AAAAAAA=\n")


def test_extension_lines_are_carried_and_signed() -> None:
    extended = replace(HEAD, extensions=("one", "two"))
    assert open_checkpoint(sign_checkpoint(extended, [LOG]), LOG.verifier).checkpoint == extended


@pytest.mark.parametrize("size", [-1, 2**63])
def test_a_checkpoint_of_an_impossible_size_cannot_be_made(size: int) -> None:
    with pytest.raises(Malformed) as refusal:
        Checkpoint("two\nlines", size, b"short")
    assert len(refusal.value.faults) == 3


# --------------------------------------------------------------------------------------------- .tlog-proof


PROOF = TlogProof(7, inclusion_proof(7, 11, [STORED[node] for node in inclusion_nodes(7, 11)]), COSIGNED, b"salt")


def test_a_proof_on_paper_is_read_back_and_holds() -> None:
    for proof in (PROOF, replace(PROOF, extra=None), replace(PROOF, extra=b"")):
        read = read_tlog_proof(str(proof))
        assert read == proof
        assert check_tlog_proof(read, LEAVES[7], LOG.verifier, [WITNESS.verifier]).checkpoint == HEAD


def test_a_proof_is_passed_off_for_another_letter() -> None:
    for proof, leaf in ((PROOF, LEAVES[6]), (replace(PROOF, index=6), LEAVES[7])):
        with pytest.raises(NotProved):
            check_tlog_proof(proof, leaf, LOG.verifier)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace("@v1", "@v2"), "begins with the line"),
        (lambda text: text.replace("\n\n", "\n"), "begins with the line"),
        (lambda text: text.replace("index 7\n", ""), "does not say the index"),
        (lambda _: "c2sp.org/tlog-proof@v1\n\nx", "does not say the index"),
        (lambda text: text.replace("index 7", "index 07"), "plain decimal"),
        (lambda text: text.replace("extra ", "extra ?"), "extra data of the proof is not base64"),
        (lambda text: text.replace("index 7\n", "index 7\nAAAA\n"), "hash 1 of the proof has 3 bytes"),
        (lambda text: text.replace("\n11\n", "\n"), "at least three lines"),
    ],
)
def test_a_malformed_proof_is_refused_by_name(change: Callable[[str], str], fault: str) -> None:
    with pytest.raises(Malformed, match=fault):
        read_tlog_proof(change(str(PROOF)))


# -------------------------------------------------------------------------------------------- commitments


def test_a_leaf_shows_nothing_and_opens_only_with_its_own_salt_and_bytes() -> None:
    salt, stored = seed("salt"), b'{"type":"case_opened"}'
    leaf = leaf_data(salt, stored)
    assert len(leaf) == 33
    check_leaf(leaf)
    assert opens(leaf, salt, stored)
    assert not opens(leaf, seed("another"), stored)
    assert not opens(leaf, salt, stored + b" ")
    assert not opens(leaf, salt[:31], salt[31:] + stored)
    assert b64decode("AQ==") == leaf[:1]
    with pytest.raises(ValueError, match="a salt has 32 bytes"):
        leaf_data(b"short", stored)


def test_a_fault_without_a_sentence_cannot_be_raised() -> None:
    with pytest.raises(ValueError, match="at least one fault"):
        Malformed([])
