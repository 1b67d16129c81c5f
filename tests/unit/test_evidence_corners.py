"""A bundle about evidence is made by somebody who would rather that nobody reads it closely."""

from __future__ import annotations

from safehands.ledger.checkpoint import Checkpoint
from safehands.ledger.commitment import leaf_data
from safehands.ledger.evidence import BundledEntry, Checked, Evidence, Related, check_evidence
from safehands.ledger.tree import stream_root

SALT = b"s" * 32
REGISTER = "register/POL-northshire"


def checked(stored: bytes) -> Checked:
    """The check of a bundle with one related entry, which the log did commit to and which the case names."""
    commitment = leaf_data(SALT, stored)
    size, root = stream_root([commitment])
    related = Related(REGISTER, 1, BundledEntry(0, stored, SALT, commitment, ()))
    note = {"type": "material_noted", "content": {"register": REGISTER, "version": 1}}
    return check_evidence(Evidence(related=(related,)), Checkpoint("log.example", size, root), (), (note,), "")


def test_an_entry_that_was_committed_to_as_no_json_is_a_fault_and_not_a_crash() -> None:
    found = checked(b"%PDF-1.7 not an entry at all")
    assert found.faults == [f"Entry 1 of {REGISTER} cannot be read: it is not JSON."]
    assert found.proved == []


def test_an_entry_with_two_stories_under_one_key_proves_neither() -> None:
    found = checked(b'{"stream":"register/POL-northshire","version":1,"type":"a","type":"b"}')
    assert found.faults == [f"Entry 1 of {REGISTER} cannot be read: it has the same key twice in one object."]
    assert found.proved == []


def test_a_bundle_without_pages_does_not_speak_of_pages() -> None:
    found = checked(b'{"stream":"register/POL-northshire","version":1,"type":"record_registered"}')
    assert found.proved == [f"Entry 1 of {REGISTER} is in the log, unchanged: record_registered."]
    assert (found.faults, found.not_proved) == ([], [])
