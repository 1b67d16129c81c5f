"""``story``, ``bundle``, ``verify``, ``rebuild``, ``erase``, ``status``: the invented day, then what a person does with
it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.conftest import SHORT_DAY, Run
from safehands.cli import demo_day, home
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.service.rebuild import rebuild
from safehands.store.memory import MemoryStore
from safehands.store.ports import PictureRow


@pytest.fixture
def day(store: MemoryStore) -> dict[str, str]:
    """The invented day, played; ids of its cases by name."""
    service = Service(store, Catalogue(store), SystemClock())
    home.ensure_adopted(service, home.FIRST_PATHWAY)
    return demo_day.play(
        service, demo_day.read_day(SHORT_DAY.read_text("utf-8"), SHORT_DAY.name), lambda at, sentence: None
    )


def reference(store: MemoryStore, case_id: str) -> str:
    return str(store.pictures("case_picture", agency=None, where={"case_id": case_id})[0]["reference"])


def test_the_day_has_one_of_each(store: MemoryStore, day: dict[str, str]) -> None:
    offers = store.pictures("offer_picture", agency=None)
    assert {"accepted", "declined", "lapsed"} == {offer["status"] for offer in offers}
    assert sum(bool(offer["by_word"]) for offer in offers) == 1
    assert store.facts(kind="lowered")
    assert [fact["code"] for fact in store.facts(kind="opened")].count("opening.own_patient") == 1
    assert {fact["code"] for fact in store.facts(kind="raised")} == {"by_clock", "by_person"}
    assert {row["status"] for row in store.pictures("case_picture", agency=None)} == {"closed"}


def test_a_case_is_found_by_reference_in_any_case_by_id_and_by_its_beginning(
    run: Run, store: MemoryStore, day: dict[str, str]
) -> None:
    case_id = day["river"]
    told = run("story", case_id, "--json").json
    for name in (reference(store, case_id), reference(store, case_id).lower(), f"case/{case_id}", case_id[:12]):
        assert run("story", name, "--json").json == told
    assert told["lines"][0]["sentence"].startswith(f"Case {told['reference']} was opened. POL holds it")


def test_a_beginning_that_several_cases_share(run: Run, store: MemoryStore, day: dict[str, str]) -> None:
    ran = run("story", "")
    assert ran.code == 5
    shared = "0123456789abcdef"
    several = next((each for each in shared if sum(case_id.startswith(each) for case_id in day.values()) > 1), None)
    if several is not None:
        assert run("story", several).code == 2


def test_a_story_for_people_names_who_and_when(run: Run, day: dict[str, str]) -> None:
    said = run("story", day["river"]).out
    assert "Tuesday 3 March 2026" in said
    assert "09:15:20  handler.ade (handler, POL)" in said
    assert "MHT-north took the case from POL" in " ".join(said.split())
    assert "_offered" not in said


def test_an_agency_without_standing_is_told_nothing(run: Run, day: dict[str, str]) -> None:
    assert run("story", day["river"], "--agency", "ASC").code == 5
    assert run("story", day["mill"], "--agency", "ASC").code == 0
    assert run("bundle", day["river"], "--agency", "ASC").code == 5


def test_a_bundle_verifies_here_and_with_the_key_alone(run: Run, day: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "river.json"
    made = run("bundle", day["river"], "--out", str(file), "--json").json
    assert file.stat().st_mode & 0o077 == 0
    assert run("verify", str(file), "--json").json["verified"] is True
    (tmp_path / "home" / home.VKEY_FILE).unlink()
    checked = run("verify", str(file), "--vkey", made["vkey"], "--versions", str(made["entries"]), "--json").json
    assert (checked["verified"], checked["unowned_seconds"], checked["two_holders"]) == (True, 0, 0)
    without_key = run("verify", str(file), "--json")
    assert without_key.code == 1
    assert "You gave no key" in without_key.json["faults"][0]


def test_one_letter_changed_in_a_bundle(run: Run, day: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "river.json"
    run("bundle", day["river"], "--out", str(file))
    bundle = json.loads(file.read_text())
    salt = bundle["entries"][3]["salt"]
    bundle["entries"][3]["salt"] = ("A" if salt[0] != "A" else "B") + salt[1:]
    file.write_text(json.dumps(bundle))
    ran = run("verify", str(file))
    assert ran.code == 1
    assert "NOT VERIFIED" in ran.out
    file.write_text("{}")
    assert run("verify", str(file)).code == 2
    assert run("verify", "nowhere.json").code == 2


def test_a_bundle_goes_on_from_the_checkpoint_that_the_reader_kept(
    run: Run, store: MemoryStore, day: dict[str, str], tmp_path: Path
) -> None:
    run("bundle", day["lane"], "--out", "first.json")
    kept = tmp_path / "kept.note"
    kept.write_text(json.loads((tmp_path / "first.json").read_text())["checkpoint"])
    run("erase", day["mill"], "--reason", "asked for", "--authority", "DPO 7", "--yes")
    run("bundle", day["lane"], "--out", "second.json", "--older", str(kept))
    checked = run("verify", "second.json", "--older", str(kept), "--json").json
    assert checked["verified"] is True
    assert any("continues the older checkpoint" in each for each in checked["proved"])
    (tmp_path / "bad.note").write_text("no note")
    assert run("bundle", day["lane"], "--out", "third.json", "--older", "bad.note").code == 2


def test_a_bundle_on_standard_output_cannot_share_it(run: Run, day: dict[str, str]) -> None:
    assert json.loads(run("bundle", day["lane"], "--out", "-").out)["format"] == "safehands-bundle/1"
    assert run("bundle", day["lane"], "--out", "-", "--json").code == 2
    assert run("bundle", day["lane"], "--out", "no/such/folder/file.json").code == 2
    assert "safehands verify" in run("bundle", day["lane"]).out


def test_the_whole_ledger_verifies(run: Run, day: dict[str, str]) -> None:
    checked = run("verify", "--json").json
    assert (checked["verified"], checked["cases"], checked["unowned_seconds"], checked["two_holders"]) == (
        True,
        6,
        0,
        0,
    )
    assert run("verify").out.startswith("VERIFIED.")


def test_an_edited_entry_is_found(run: Run, store: MemoryStore, day: dict[str, str]) -> None:
    run("verify")
    entry = store._entries[20]
    assert entry.entry is not None
    store._entries[20] = replace(entry, entry=entry.entry.replace(b"2026", b"2025"))
    ran = run("verify", "--json")
    assert ran.code == 1
    assert "is not what the ledger committed to" in ran.json["faults"][0]
    assert "NOT VERIFIED" in run("verify").out


def test_a_dropped_entry_is_found(
    run: Run, store: MemoryStore, day: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("verify")
    left = [each for each in store._entries if each.position != 30]
    monkeypatch.setattr(store, "all_entries", lambda start=0: iter(left[start:]))
    faults = " ".join(run("verify", "--json").json["faults"])
    assert "an entry is missing or doubled" in faults
    assert "one is missing or stands there twice" in faults
    assert "stored nodes of the tree" in faults
    assert "do not lead to the root" in faults


def test_the_live_tables_are_what_the_ledger_says_until_somebody_edits_one(
    run: Run, store: MemoryStore, day: dict[str, str]
) -> None:
    rebuilt = run("rebuild", "--check", "--json")
    assert (rebuilt.code, rebuilt.json["same"], rebuilt.json["cases"]) == (0, True, 6)
    rows = {place: {**row} for place, row in rebuild(store).rows.items()}
    rows["case_picture", (day["river"],)]["holder"] = "POL"
    store.rebuild_pictures(PictureRow(table, key, row) for (table, key), row in rows.items())
    ran = run("rebuild", "--check", "--json")
    assert ran.code == 1
    assert ran.json["differences"] == [f"case_picture {day['river']}: holder differ from what the ledger says"]
    assert "put right" in run("rebuild").out
    assert run("rebuild", "--check").code == 0


def test_a_fact_or_a_snapshot_that_was_edited(run: Run, store: MemoryStore, day: dict[str, str]) -> None:
    store._facts[3] = {**store._facts[3], "count": 2}
    stream = store._streams[f"case/{day['lane']}"]
    assert stream.snapshot is not None
    stream.snapshot = (stream.snapshot[0], stream.snapshot[1].replace(b'"MHT-north"', b'"MHT-south"'))
    differences = " ".join(run("rebuild", "--check", "--json").json["differences"])
    assert "the facts of the entry at position" in differences
    assert "the snapshot at version" in differences


def test_erasing_leaves_custody_and_proofs(run: Run, store: MemoryStore, day: dict[str, str], tmp_path: Path) -> None:
    case_id = day["river"]
    gone = run("erase", case_id, "--reason", "asked for", "--authority", "DPO, case 7", "--yes", "--json").json[
        "erased"
    ]
    assert gone
    told = run("story", case_id, "--json").json["lines"]
    assert all("was erased. Its place" in told[version - 1]["sentence"] for version in gone)
    assert "erased by authority of DPO, case 7" in told[-1]["sentence"]
    assert "took the case from POL" in run("story", case_id).out
    assert b"Rowan" not in b"".join(each.entry or b"" for each in store.entries(f"case/{case_id}", agency=None))
    loaded = store.load(f"case/{case_id}", agency=None)
    assert loaded is not None
    assert loaded.snapshot is not None
    assert b"bridge" not in loaded.snapshot
    assert b"goodbye" not in loaded.snapshot
    assert run("verify", "--json").json["erased"] == len(gone)
    rebuilt = run("rebuild", "--check", "--json").json
    assert (rebuilt["same"], rebuilt["from_snapshot"]) == (True, 1)
    assert "rest on their snapshot" in run("rebuild", "--check").out
    run("bundle", case_id, "--out", "after.json")
    assert run("verify", "after.json", "--json").json["genuine"] is True


def test_erasing_an_identity_alone_keeps_the_fold_whole(run: Run, day: dict[str, str]) -> None:
    erased = run("erase", day["river"], "--version", "4", "--reason", "r", "--authority", "a", "--yes", "--json")
    assert erased.json["erased"] == [4]
    assert run("rebuild", "--check", "--json").json["from_snapshot"] == 0
    again = run("erase", day["river"], "--version", "4", "--reason", "r", "--authority", "a", "--yes", "--json")
    assert again.json["error"]["faults"] == ["Entry 4 was erased already."]
    more = run("erase", day["river"], "--reason", "r", "--authority", "a", "--yes", "--json").json["erased"]
    assert len(more) > 1
    assert run("rebuild", "--check", "--json").json["same"] is True
    nothing = run("erase", day["river"], "--reason", "r", "--authority", "a", "--yes", "--json")
    assert nothing.code == 2


def test_erasing_asks_first_and_names_every_fault(run: Run, day: dict[str, str]) -> None:
    asked = run("erase", day["river"], "--reason", "r", "--authority", "a", given="n\n")
    assert asked.code == 1
    assert "for good?" in asked.err
    faults = run(
        "erase", day["river"], "--version", "1", "--version", "999", "--reason", "r", "--authority", "a", "-y", "--json"
    )
    assert len(faults.json["error"]["faults"]) == 2
    unsaid = run("erase", day["river"], "--reason", " ", "--authority", "", "-y", "--json")
    assert unsaid.json["error"]["faults"] == ["Say why it is erased.", "Say who ordered it."]


def test_status_counts(run: Run, day: dict[str, str]) -> None:
    told = run("status", "--json").json
    assert (told["cases"], told["open"], told["clocks_due"]) == (6, 0, 0)
    assert "Pathway right-care version 1 is in force." in run("status").out


def test_an_empty_home_is_made_by_whatever_comes_first(run: Run) -> None:
    assert run("story", "nothing").code == 5
    made = run("init", "--json").json
    assert made["purpose"] == "live"
    assert made["pathways"][0]["pathway"] == "right-care"
    assert made["vkey"] in run("init").out


def test_help_tells_a_newcomer_what_to_do_next(run: Run) -> None:
    for command in (
        "init",
        "status",
        "demo",
        "decide",
        "replay",
        "story",
        "bundle",
        "verify",
        "rebuild",
        "erase",
        "bench",
    ):
        assert "Next:" in run(command, "--help").out
    for command in ("list", "show", "check", "diff", "try", "adopt"):
        assert "Next:" in run("pathway", command, "--help").out
    assert "safehands demo" in run().out + run("--help").out
    assert run("--version").out.startswith("safehands 0.")


def test_an_account_without_a_name_can_still_run_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert home.operator().startswith("user-")
    assert run("init").code == 0
