"""What somebody might do to a case's bundle, and what the reader is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import safehands.ledger
from safehands.ledger.bundle import Bundle, read_bundle, write_bundle
from safehands.ledger.checkpoint import Checkpoint, countersign, sign_checkpoint
from safehands.ledger.commitment import leaf_data
from safehands.ledger.faults import Malformed
from safehands.ledger.note import KeyType, Signer
from safehands.ledger.tree import EMPTY_ROOT
from safehands.ledger.verify import BAD_INPUT, NOT_PROVED, PROVED, Held, Report, main, verify_bundle

Log = Any
NewLog = Callable[..., Log]
NewEntry = Callable[..., bytes]

WITNESS = Signer("inspectorate.example/w", KeyType.WITNESS, sha256(b"witness").digest())


def verified(log: Log, bundle: Bundle | None = None, **held: Any) -> Report:
    bundle = log.bundle() if bundle is None else bundle
    return verify_bundle(write_bundle(bundle), Held(**{"vkey": log.signer.verifier.vkey, **held}))


def with_entry(bundle: Bundle, number: int, **changes: Any) -> Bundle:
    entries = list(bundle.entries)
    entries[number] = replace(entries[number], **changes)
    return replace(bundle, entries=tuple(entries))


def cosigned(log: Log, time: int) -> str:
    return countersign(log.checkpoint(), log.signer.verifier, None, (), WITNESS, time=time)


def test_an_honest_bundle_is_verified_and_says_who_held_the_case(new_log: NewLog) -> None:
    report = verified(new_log())
    assert report.ok
    assert str(report).startswith("VERIFIED.\n")
    assert "POL held from 2026-11-22T15:00:00Z to 2026-11-22T15:05:00Z." in str(report)
    assert "AMB held from 2026-11-22T15:05:00Z to 2026-11-22T16:00:00Z." in str(report)
    assert "Nobody held it for 0 seconds; more than one agency for 0 seconds." in str(report)
    assert "a bundle can stop early" in str(report)
    assert "Whether what the entries say is true" in str(report)


def test_a_bundle_survives_being_written_and_read(new_log: NewLog) -> None:
    log = new_log()
    log.erased.add(log.mine[1])
    bundle = log.bundle(log.continued(4))
    assert read_bundle(write_bundle(bundle)) == bundle


def test_somebody_edits_an_entry(new_log: NewLog) -> None:
    bundle = new_log().bundle()
    stored = bundle.entries[3].entry
    assert stored is not None
    report = verified(new_log(), with_entry(bundle, 3, entry=stored.replace(b"15:05:00", b"15:04:00")))
    assert report.faults == (
        "Entry 4 (position 7) is not what the log committed to: its text or its salt was changed.",
    )
    assert report.custody is None


def test_somebody_edits_an_entry_and_its_commitment(new_log: NewLog) -> None:
    log = new_log()
    bundle = log.bundle()
    stored, salt = bundle.entries[3].entry, bundle.entries[3].salt
    assert stored is not None
    assert salt is not None
    forged = stored.replace(b"15:05:00", b"15:04:00")
    report = verified(log, with_entry(bundle, 3, entry=forged, commitment=leaf_data(salt, forged)))
    assert "Entry 4 (position 7) is not shown to be in the log" in report.faults[0]


def test_somebody_drops_an_entry_from_the_middle(new_log: NewLog) -> None:
    log = new_log()
    bundle = log.bundle()
    report = verified(log, replace(bundle, entries=(*bundle.entries[:2], *bundle.entries[3:])))
    assert not report.genuine
    assert "entries are missing, doubled or swapped" in report.faults[0]


def test_somebody_drops_the_last_entry(new_log: NewLog) -> None:
    log = new_log()
    bundle = log.bundle()
    shortened = replace(bundle, entries=bundle.entries[:-1])
    alone = verified(log, shortened)
    assert alone.ok
    assert "Whether the case has later entries than version 5: a bundle can stop early." in alone.not_proved
    report = verified(log, shortened, versions=6)
    assert report.faults == ("You know of 6 entries and the bundle has 5: the last are missing.",)
    assert verified(log, versions=6).ok


def test_somebody_drops_a_leaf_from_the_log_and_signs_again(new_log: NewLog) -> None:
    log, honest = new_log(), new_log()
    kept = honest.checkpoint()
    del log.leaves[log.mine[4]]
    log.mine = [*log.mine[:4], log.mine[5] - 1]
    report = verified(log, older=kept)
    assert any("an old one is played" in fault for fault in report.faults)


def test_somebody_swaps_two_entries(new_log: NewLog) -> None:
    log = new_log()
    first, second, *rest = log.bundle().entries
    report = verified(log, replace(log.bundle(), entries=(second, first, *rest)))
    assert "The entries do not stand in the order of their places in the log." in report.faults
    assert any("version 2 of the case" in fault for fault in report.faults)


def test_somebody_gives_the_same_entry_twice(new_log: NewLog) -> None:
    log = new_log()
    first, *rest = log.bundle().entries
    report = verified(log, replace(log.bundle(), entries=(first, first, *rest)))
    assert "The entries do not stand in the order of their places in the log." in report.faults


def test_somebody_claims_another_position(new_log: NewLog) -> None:
    log = new_log()
    assert "not shown to be in the log" in verified(log, with_entry(log.bundle(), 0, position=0)).faults[0]


def test_somebody_swaps_the_vault_content_of_two_entries(new_log: NewLog) -> None:
    log = new_log()
    bundle = log.bundle()
    taken = bundle.entries[4]
    report = verified(log, with_entry(bundle, 1, entry=taken.entry, salt=taken.salt))
    assert "its text or its salt was changed" in report.faults[0]


def test_somebody_gives_the_wrong_salt(new_log: NewLog) -> None:
    log = new_log()
    report = verified(log, with_entry(log.bundle(), 1, salt=bytes(32)))
    assert "its text or its salt was changed" in report.faults[0]


def test_somebody_cuts_a_proof_short(new_log: NewLog) -> None:
    log = new_log()
    bundle = log.bundle()
    report = verified(log, with_entry(bundle, 1, proof=bundle.entries[1].proof[:-1]))
    assert "the inclusion proof has 3 hashes; leaf 3 of 13 needs 4" in report.faults[0]


def test_somebody_puts_an_entry_of_another_case_in(new_log: NewLog) -> None:
    log = new_log()
    log.mine[1] = log.mine[1] - 1
    assert any("belongs to case/other" in fault for fault in verified(log).faults)


def test_somebody_signs_with_another_key_of_the_same_name(new_log: NewLog) -> None:
    log, forger = new_log(), new_log(key="forger")
    report = verify_bundle(write_bundle(forger.bundle()), Held(log.signer.verifier.vkey))
    assert "names another key" in report.faults[0]
    assert "no key that you trust has signed this" in report.faults[1]
    disguised = replace(forger.bundle(), vkey=log.signer.verifier.vkey)
    assert not verified(log, disguised).genuine


def test_somebody_sends_a_bundle_of_another_log(new_log: NewLog) -> None:
    log, other = new_log(), new_log(name="elsewhere.example/cases")
    report = verified(log, other.bundle())
    assert any("is from elsewhere.example/cases" in fault for fault in report.faults)


def test_nobody_says_which_key_to_trust(new_log: NewLog) -> None:
    report = verify_bundle(write_bundle(new_log().bundle()), Held())
    assert not report.genuine
    assert "which a forger would choose" in report.faults[0]
    assert report.custody is not None
    assert str(report).startswith("NOT VERIFIED.")


def test_a_tired_person_gives_a_witnesss_key_for_the_logs(new_log: NewLog) -> None:
    log = new_log()
    with pytest.raises(Malformed, match="type 01"):
        verified(log, vkey=WITNESS.verifier.vkey)
    with pytest.raises(Malformed, match="type 01"):
        verified(log, witnesses=(log.signer.verifier.vkey,))


def test_an_old_checkpoint_is_replayed(new_log: NewLog) -> None:
    log = new_log()
    old = log.bundle()
    log.append(b"later", mine=False)
    report = verified(log, old, older=log.checkpoint())
    assert "it has 14 entries and what should continue it only 13" in report.faults[0]


def test_a_log_forks(new_log: NewLog, new_story: Callable[[], list[bytes]]) -> None:
    honest, forked = new_log(), new_log([story.replace(b"AMB", b"NOB") for story in new_story()])
    report = verified(honest, forked.bundle(), older=honest.checkpoint())
    assert "signed two histories" in report.faults[0]


def test_a_fork_is_hidden_behind_growth(new_log: NewLog, new_story: Callable[[], list[bytes]]) -> None:
    honest, forked = new_log(), new_log([story.replace(b"AMB", b"NOB") for story in new_story()])
    forked.append(b"one more", mine=False)
    held = honest.checkpoint()
    report = verified(honest, forked.bundle(forked.continued(13)), older=held)
    assert "carries no proof from it" in report.faults[0]
    proof = replace(forked.continued(13), checkpoint=held)
    report = verified(honest, forked.bundle(proof), older=held)
    assert "does not lead to the older root" in report.faults[0]


def test_a_log_that_grew_continues_the_checkpoint_that_was_kept(new_log: NewLog) -> None:
    log = new_log()
    kept = log.checkpoint()
    log.append(b"one more", mine=False)
    assert verified(log, log.bundle(log.continued(13)), older=kept).ok
    assert not verified(log, older=kept).ok
    unasked = verified(log, log.bundle(log.continued(5)))
    assert unasked.ok
    assert any("continues the older checkpoint in the bundle (5 entries)" in line for line in unasked.proved)


def test_the_checkpoint_of_an_empty_log_is_continued_by_anything(new_log: NewLog) -> None:
    log = new_log()
    empty = sign_checkpoint(Checkpoint(log.signer.name, 0, EMPTY_ROOT), [log.signer])
    assert verified(log, older=empty).ok


def test_a_witness_cosigned(new_log: NewLog) -> None:
    log = new_log()
    bundle = replace(log.bundle(), checkpoint=cosigned(log, 1_795_000_000))
    report = verified(log, bundle, witnesses=(WITNESS.verifier.vkey,))
    assert report.ok
    assert any("inspectorate.example/w had seen this log only grow" in line for line in report.proved)
    far = replace(log.bundle(), checkpoint=cosigned(log, 2**62))
    assert verified(log, far, witnesses=(WITNESS.verifier.vkey,)).ok


def test_the_witness_that_was_asked_for_is_missing(new_log: NewLog) -> None:
    report = verified(new_log(), witnesses=(WITNESS.verifier.vkey,))
    assert report.faults == ("inspectorate.example/w has not cosigned this checkpoint.",)


# ------------------------------------------------------------------------------------------------ erasure


def erasing(log: Log, new_entry: NewEntry, position: int, version: int) -> None:
    content = {"erased": [{"position": position, "version": version}], "ground": "asked for by the subject"}
    log.append(new_entry(len(log.mine) + 1, "content_erased", content, "17:00:00"))
    log.erased.add(position)


def test_an_erased_entry_still_verifies_and_is_never_counted_as_fine(new_log: NewLog, new_entry: NewEntry) -> None:
    log = new_log()
    erasing(log, new_entry, log.mine[4], 5)
    report = verified(log)
    assert report.ok
    assert "Entry 5 (position 9) is erased; its place in the log still verifies." in report.proved
    assert any("even that it belonged to this case" in line for line in report.not_proved)
    assert "Version 5 is erased: whether it moved the case cannot be shown." in report.not_proved
    assert "as far as the entries that are not erased say" in str(report)


def test_content_goes_missing_and_no_entry_says_that_it_was_erased(new_log: NewLog) -> None:
    log = new_log()
    log.erased.add(log.mine[4])
    assert any("no entry says that it was erased" in fault for fault in verified(log).faults)


def test_what_was_erased_comes_back(new_log: NewLog, new_entry: NewEntry) -> None:
    log = new_log()
    erasing(log, new_entry, log.mine[4], 5)
    log.erased.clear()
    assert any("is said to be erased and is still here" in fault for fault in verified(log).faults)


def test_an_erasure_names_an_entry_that_is_not_there(new_log: NewLog, new_entry: NewEntry) -> None:
    log = new_log()
    erasing(log, new_entry, 4, 5)
    assert any("is said to be erased and is not in this bundle" in fault for fault in verified(log).faults)


@pytest.mark.parametrize(
    "content",
    [None, {}, {"erased": []}, {"erased": "all"}, {"erased": [{"position": 9}]},
     {"erased": [{"position": 9, "version": 7}]}],
)  # fmt: skip
def test_an_erasure_does_not_say_what_it_erased(new_log: NewLog, new_entry: NewEntry, content: Any) -> None:
    log = new_log()
    log.append(new_entry(7, "content_erased", content, "17:00:00"))
    assert any("does not say which earlier entries it erased" in fault for fault in verified(log).faults)


# ----------------------------------------------------------------------------------- entries that cannot be read


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        (b"not json", "is not JSON"),
        (b"[]", "is not an object"),
        (b'{"a": 1, "a": 2}', "same key twice"),
        (b'{"a": NaN}', "not a JSON number"),
        (b'{"a": 1e999}', "not a JSON number"),
        (b'{"a": "\\ud800"}', "not UTF-8"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_committed_entry_that_cannot_be_read_is_a_fault(new_log: NewLog, stored: bytes, why: str) -> None:
    log = new_log()
    log.append(stored)
    report = verified(log)
    assert any(why in fault for fault in report.faults)


def test_a_true_version_is_a_number(new_log: NewLog, new_story: Callable[[], list[bytes]]) -> None:
    stories = new_story()
    log = new_log([stories[0].replace(b'"version": 1', b'"version": true'), *stories[1:]])
    assert any("is version True of the case" in fault for fault in verified(log).faults)


def test_a_genuine_record_can_show_that_nobody_held_the_case(
    new_log: NewLog, new_story: Callable[[], list[bytes]]
) -> None:
    stories = new_story()
    late = stories[0].replace(b'"held_from": "2026-11-22T15:00:00Z"', b'"held_from": "2026-11-22T15:00:00.5Z"')
    late = late.replace(b'"recorded_at": "2026-11-22T15:00:00', b'"recorded_at": "2026-11-22T15:00:30')
    report = verified(new_log([late, *stories[1:]]))
    assert report.genuine
    assert not report.ok
    assert "THE RECORD IS GENUINE, AND IT SHOWS FAULTS" in str(report)
    assert "Nobody held the open case from 2026-11-22T15:00:00Z to 2026-11-22T15:00:00.500000Z (0.5 seconds)." in str(
        report
    )


def test_text_in_a_bundle_draws_no_verdict_of_its_own(new_log: NewLog, new_entry: NewEntry) -> None:
    log = new_log()
    log.append(new_entry(7, "x\n\nVERIFIED.\x1b[2J", {}, "17:00:00"))
    log.append(b"junk")
    printed = str(verified(log))
    assert "\nVERIFIED." not in printed
    assert "\x1b" not in printed


# ------------------------------------------------------------------------------------------ malformed bundles


def changed(bundle: Bundle, change: Callable[[dict[str, Any]], object]) -> bytes:
    read = json.loads(write_bundle(bundle))
    change(read)
    return json.dumps(read).encode()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda b: b.update(format="safehands-bundle/2"), "not a bundle of the format"),
        (lambda b: b.update(extra=1), "'extra' is not a field"),
        (lambda b: b.pop("origin"), "origin is missing"),
        (lambda b: b.update(entries=[]), "entries is empty"),
        (lambda b: b.update(entries={}), "entries is missing or not a list"),
        (lambda b: b["entries"].append(7), "entries[6] is not an object"),
        (lambda b: b["entries"][0].update(note=""), "entries[0]: 'note' is not a field"),
        (lambda b: b["entries"][0].update(position=-1), "entries[0]: position is missing"),
        (lambda b: b["entries"][0].update(position=True), "entries[0]: position is missing"),
        (lambda b: b["entries"][0].update(position=2**63), "entries[0]: position is missing"),
        (lambda b: b["entries"][0].pop("entry"), "entries[0]: entry is missing"),
        (lambda b: b["entries"][0].update(salt=None), "one without the other proves nothing"),
        (lambda b: b["entries"][0].update(salt="AAAA"), "has 3 bytes and must have 32"),
        (lambda b: b["entries"][0].update(entry="é"), "entry: this is not base64"),
        (lambda b: b["entries"][0].update(entry="AB=="), "not canonical"),
        (lambda b: b["entries"][0].update(entry="AA="), "not base64"),
        (lambda b: b["entries"][0].update(entry="AAAA\n"), "not base64"),
        (lambda b: b["entries"][0].update(commitment="AgAA"), "a version that this verifier does not know"),
        (lambda b: b["entries"][0].update(commitment="AQAA"), "the leaf has 3 bytes and must have 33"),
        (lambda b: b["entries"][0].update(proof=[7]), "proof: a hash is not base64"),
        (lambda b: b["entries"][0].update(proof=["AAAA"]), "a hash has 3 bytes"),
        (lambda b: b.update(vkey="rubbish"), "vkey: a verifier key has the form"),
        (lambda b: b.update(checkpoint="rubbish"), "checkpoint: the note has no blank line"),
        (lambda b: b.update(older=7), "older is not an object"),
        (lambda b: b.update(older={"checkpoint": "rubbish", "proof": [], "x": 1}), "older: 'x' is not a field"),
    ],
)
def test_a_malformed_bundle_is_refused_and_the_place_is_named(
    new_log: NewLog, change: Callable[[dict[str, Any]], object], fault: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        read_bundle(changed(new_log().bundle(), change))
    assert any(fault in found for found in refusal.value.faults)


def test_every_fault_is_named_at_once(new_log: NewLog) -> None:
    def spoil(bundle: dict[str, Any]) -> None:
        bundle["entries"][0]["salt"] = "?"
        bundle["entries"][2]["position"] = "two"
        del bundle["vkey"]

    with pytest.raises(Malformed) as refusal:
        read_bundle(changed(new_log().bundle(), spoil))
    assert len(refusal.value.faults) >= 3


@pytest.mark.parametrize("octets", [b"", b"[]", b"{", b"\xff", b'{"format": "safehands-bundle/1", "format": 2}'])
def test_a_file_that_is_no_bundle_is_refused(octets: bytes) -> None:
    with pytest.raises(Malformed):
        read_bundle(octets)


# ------------------------------------------------------------------------------------------------ command line


@pytest.fixture
def files(new_log: NewLog, tmp_path: Path) -> tuple[Log, Path, Path]:
    log = new_log()
    (tmp_path / "case.json").write_bytes(write_bundle(log.bundle()))
    (tmp_path / "kept").write_text(log.checkpoint())
    return log, tmp_path / "case.json", tmp_path / "kept"


def test_the_command_line_says_what_was_proved(
    files: tuple[Log, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    log, bundle, kept = files
    arguments = [str(bundle), "--vkey", log.signer.verifier.vkey, "--older", str(kept), "--versions", "6"]
    assert main(arguments) == PROVED
    assert capsys.readouterr().out.startswith("VERIFIED.")
    assert main([str(bundle)]) == NOT_PROVED
    assert capsys.readouterr().out.startswith("NOT VERIFIED.")
    assert main([*arguments, "--witness", WITNESS.verifier.vkey]) == NOT_PROVED


def test_a_tired_person_names_the_wrong_file(files: tuple[Log, Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    _, bundle, kept = files
    assert main([str(bundle.parent / "nowhere.json")]) == BAD_INPUT
    assert "No such file" in capsys.readouterr().err
    assert main([str(kept)]) == BAD_INPUT
    assert main([str(bundle), "--vkey", "rubbish"]) == BAD_INPUT
    kept.write_bytes(b"\xff")
    assert main([str(bundle), "--older", str(kept)]) == BAD_INPUT
    assert "is not UTF-8" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == BAD_INPUT


def test_the_folder_runs_alone_on_another_machine(files: tuple[Log, Path, Path], tmp_path: Path) -> None:
    log, bundle, _ = files
    alone = tmp_path / "alone"
    here = Path(safehands.ledger.__file__).parent
    shutil.copytree(here, alone / "ledger", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import runpy, sys\n"
        f"sys.path.insert(0, {str(alone)!r})\n"
        f"sys.argv = ['verify', {str(bundle)!r}, '--vkey', {log.signer.verifier.vkey!r}]\n"
        "try:\n"
        "    runpy.run_module('ledger.verify', run_name='__main__')\n"
        "finally:\n"
        "    assert not any(name.split('.')[0] == 'safehands' for name in sys.modules), 'reached for the rest'\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("VERIFIED.")
