"""Evidence without a browser: ``register``, ``concerns``, ``asof``, ``export`` and ``bundle --evidence``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.conftest import Run
from evidence import BODY, CPS, NSP, Matter
from safehands.core.records import commands as r
from safehands.core.records.vocabulary import (
    ClaimCode,
    Form,
    LetterClaim,
    Mode,
    RecordKind,
    RegisterStatus,
    ScheduleItem,
    Sensitivity,
    Store,
)
from safehands.store.memory import MemoryStore

POLICE, PROSECUTORS = NSP.agency, CPS.agency
SECRET = "an informant's account of the evening"


@pytest.fixture
def matter(store: MemoryStore) -> Matter:
    """A transcript is shared and decided on; the tape and two records that the prosecutors may not read come later."""
    found = Matter(store)
    searched = datetime(2026, 1, 5, tzinfo=UTC)
    found.enters(
        NSP,
        r.DeclareRegister(
            RegisterStatus.LIVE, (Store("property store", searched), Store("paper store", None, "it moved"))
        ),
    )
    found.registers("AB1A", RecordKind.RECORD_OF_INTERVIEW)
    found.shares("AB1A")
    found.decides("D1", ("AB1A", Mode.READ_FULL), legacy=True, reasons="")
    found.does(
        NSP,
        r.LogLetter(
            True, POLICE, "the family", "post", BODY, "../L1", claims=(LetterClaim(ClaimCode.NOT_HELD, record="AB1A"),),
            legacy=True,
        ),
    )  # fmt: skip
    found.story.at("12:00")
    found.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    found.derives("AB1A", "AB1")
    found.enters(
        NSP,
        r.RegisterRecord(
            "S1", "S1", RecordKind.POLICY_LOG, SECRET, found.material.records["AB1"].event.created,
            sensitivity=Sensitivity.SENSITIVE, sensitivity_reason="source", cases=(found.stream,),
        ),
    )  # fmt: skip
    found.enters(
        NSP,
        r.RegisterRecord(
            "S2", "S2", RecordKind.POLICY_LOG, "kept elsewhere", found.material.records["AB1"].event.created,
            sensitivity=Sensitivity.HIGHLY_SENSITIVE, sensitivity_reason="source", cases=(found.stream,),
        ),
    )  # fmt: skip
    return found


# --- register


def test_a_register_is_listed_with_what_it_never_searched(run: Run, matter: Matter) -> None:
    told = run("register", "list", POLICE, "--json").json
    assert [each["record"] for each in told["records"]] == ["AB1A", "AB1", "S1", "S2"]
    shown = run("register", "list", POLICE, "--kind", "video_interview")
    assert "AB1 " in shown.out
    assert "S1" not in shown.out
    assert "Never searched: paper store (it moved)" in shown.out
    assert run("register", "list", POLICE, "--agency", POLICE, "--json").json == told


def test_coverage_tells_searched_from_never_searched(run: Run, matter: Matter) -> None:
    reach = run("register", "coverage", POLICE, "--json").json
    assert reach["status"] == "live"
    assert list(reach["searched"]) == ["property store"]
    assert reach["never_searched"] == {"paper store": "it moved"}
    assert reach["records"] == 4
    assert "4 records" in run("register", "coverage", POLICE).out


def test_a_record_is_told_with_its_corrections(run: Run, matter: Matter) -> None:
    matter.enters(NSP, r.DescribeRecord("AB1", "the label was read again", "video of the interview, 47 minutes"))
    shown = run("register", "show", POLICE, "AB1")
    assert "47 minutes" in shown.out
    told = run("register", "show", POLICE, "AB1", "--json").json
    assert len(told["lines"]) == 3
    assert told["records"][0]["description"] == "video of the interview, 47 minutes"


def test_another_agency_reads_no_register(run: Run, matter: Matter) -> None:
    for command in (("list", POLICE), ("show", POLICE, "AB1"), ("coverage", POLICE)):
        ran = run("register", *command, "--agency", PROSECUTORS, "--json")
        assert (ran.code, ran.json["error"]["kind"]) == (4, "NotPermitted")


def test_what_is_not_there_is_said_so(run: Run, matter: Matter) -> None:
    assert run("register", "list", "POL-nowhere").code == 5
    assert run("register", "show", POLICE, "AB9").code == 5


# --- concerns


def test_concerns_come_worst_first_with_what_makes_them_true(run: Run, matter: Matter) -> None:
    told = run("concerns", matter.id, "--json").json
    grades = ["critical", "high", "medium", "recorded"]
    found = [grades.index(each["grade"]) for each in told["concerns"]]
    assert found == sorted(found)
    (unseen,) = [each for each in told["concerns"] if each["rule"] == "R01"]
    assert unseen["decision"] == "D1"
    assert not unseen["knowable_then"]
    assert all(each["sentence"] for each in unseen["because"])
    assert told["coverage"][0]["never_searched"] == {"paper store": "it moved"}
    shown = run("concerns", matter.id).out
    assert "It could not be known then from this register." in shown
    assert "Never searched: paper store" in shown


def test_no_concern_in_an_empty_register_proves_nothing(run: Run, store: MemoryStore) -> None:
    empty = Matter(store)
    shown = run("concerns", empty.id)
    assert "0 concerns" in shown.out
    assert "the rules had nothing to look at" in shown.out


def test_a_concern_about_what_may_not_be_named_is_counted(run: Run, matter: Matter) -> None:
    matter.enters(
        NSP,
        r.RegisterRecord(
            "S3", "S3", RecordKind.SUMMARY, "kept elsewhere", matter.material.records["AB1"].event.created,
            sensitivity=Sensitivity.HIGHLY_SENSITIVE, sensitivity_reason="source", cases=(matter.stream,),
        ),
    )  # fmt: skip
    own = run("concerns", matter.id, "--json").json
    assert any("S3" in each["records"] for each in own["concerns"])
    told = run("concerns", matter.id, "--agency", PROSECUTORS, "--json")
    assert told.json["withheld"] >= 1
    assert not any("S3" in each["cause"] for each in told.json["concerns"])
    assert "the number only" in run("concerns", matter.id, "--agency", PROSECUTORS).out


def test_an_agency_without_a_part_reads_nothing(run: Run, matter: Matter) -> None:
    for command in (("concerns",), ("asof", "--size", "3"), ("export", "--prov", "out")):
        assert run(command[0], matter.id, *command[1:], "--agency", "HEA-elsewhere").code == 5
    assert not Path("out").exists()


# --- then and now


def test_then_and_now_are_two_answers(run: Run, matter: Matter) -> None:
    size = next(
        each.position
        for each in matter.service.store.entries(matter.stream, agency=None)
        if b'"AB1"' in (each.entry or b"")
    )
    told = run("asof", matter.id, "--size", str(size), "--json").json
    assert [each["record"] for each in told["then"]["records"]] == ["AB1A"]
    assert told["learned_since"] == ["AB1", "S1", "S2"]
    assert not any(name.startswith("R01") for name in told["then"]["concerns"])
    assert any(name.startswith("R01") for name in told["now"]["concerns"])
    shown = run("asof", matter.id, "--size", str(size))
    assert "Learned since: AB1, S1, S2." in shown.out


def test_before_the_case_nothing_was_known(run: Run, matter: Matter) -> None:
    told = run("asof", matter.id, "--at", "2001-01-01", "--json").json
    assert told["then"]["records"] == []
    assert told["then"]["concerns"] == {}
    assert told["now"]["records"]


def test_of_what_is_not_yours_to_read_you_know_that_it_is_there(run: Run, matter: Matter) -> None:
    told = run("asof", matter.id, "--at", "2001-01-01", "--agency", PROSECUTORS, "--json").json["now"]
    stubs = {each["record"]: each["exhibit_ref"] for each in told["records"] if each["stub"]}
    assert stubs == {"AB1": None, "S1": None}
    assert told["hidden"] == {POLICE: 1}
    assert "not yours to read" in run("asof", matter.id, "--at", "2001-01-01", "--agency", PROSECUTORS).out


@pytest.mark.parametrize("when", [(), ("--at", "2019-06-10", "--size", "3"), ("--at", "yesterday"), ("--size", "-1")])
def test_a_moment_that_is_none_is_refused(run: Run, matter: Matter, when: tuple[str, ...]) -> None:
    ran = run("asof", matter.id, *when, "--json")
    assert (ran.code, ran.json["error"]["kind"]) == (2, "BadInput")


# --- export


def test_an_export_leaves_out_nothing_but_content(run: Run, matter: Matter, tmp_path: Path) -> None:
    item = ScheduleItem(1, "AB1A", "written record of an interview")
    matter.does(NSP, r.ServeSchedule(Form.MG6C, (item,), schedule="m1", with_certificate=True))
    own, theirs = tmp_path / "own", tmp_path / "theirs"
    wanted = [("--case-uco", own), ("--prov", own), ("--schedules", own / "schedules")]
    told = run("export", matter.id, *(str(word) for pair in wanted for word in pair), "--json").json
    assert {Path(each).suffix for each in told["files"]} == {".jsonld", ".rq", ".json", ".csv", ".pdf"}
    assert all(Path(each).stat().st_mode & 0o077 == 0 for each in told["files"])
    assert told["stubs"] == []
    ran = run("export", matter.id, "--case-uco", str(theirs), "--prov", str(theirs), "--agency", PROSECUTORS, "--json")
    assert set(ran.json["stubs"]) == {"AB1", "S1"}
    assert ran.json["hidden"] == {POLICE: 1}
    whole = "".join(Path(each).read_text("utf-8") for each in ran.json["files"])
    assert "video_interview AB1" not in whole
    assert SECRET not in whole
    assert '"S2"' not in whole
    assert "AB1" in whole
    json.loads(Path(ran.json["files"][0]).read_text("utf-8"))
    said = run("export", matter.id, "--prov", str(tmp_path / "again"), "--agency", PROSECUTORS).out
    assert f"2 records are not {PROSECUTORS}'s to read" in said
    assert "1 more are so sensitive" in said


def test_an_export_overwrites_nothing_and_says_what_it_needs(run: Run, matter: Matter, tmp_path: Path) -> None:
    assert run("export", matter.id).code == 2
    assert run("export", matter.id, "--prov", str(tmp_path / "out")).code == 0
    ran = run("export", matter.id, "--prov", str(tmp_path / "out"))
    assert ran.code == 2
    assert "is there already" in ran.err
    (tmp_path / "file").write_text("")
    assert run("export", matter.id, "--prov", str(tmp_path / "file")).code == 2
    assert "No schedule was served" in run("export", matter.id, "--schedules", str(tmp_path / "none")).out


# --- the bundle


def test_the_evidence_bundle_is_checked_offline_with_a_proof_for_each_letter(
    run: Run, matter: Matter, tmp_path: Path
) -> None:
    file, proofs = tmp_path / "bundle.json", tmp_path / "proofs"
    made = run("bundle", matter.id, "--evidence", "--proofs", str(proofs), "--out", str(file), "--json")
    assert made.code == 0
    checked = run("verify", str(file), "--vkey", made.json["vkey"], "--json").json
    assert checked["verified"]
    # A letter's id is no file's name: this one would climb out of the folder.
    assert sorted(each.name for each in proofs.iterdir()) == ["letter-1.tlog-proof", "letters.txt"]
    assert (proofs / "letters.txt").read_text("utf-8") == '"../L1" letter-1.tlog-proof\n'
    assert not (tmp_path / "L1").exists()
    assert (proofs / "letter-1.tlog-proof").read_text("utf-8").startswith("c2sp.org/tlog-proof")


def test_a_bundle_changed_on_the_way_is_not_genuine(run: Run, matter: Matter, tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    vkey = run("bundle", matter.id, "--evidence", "--out", str(file), "--json").json["vkey"]
    told = json.loads(file.read_text("utf-8"))
    told["evidence"]["related"].pop()
    file.write_text(json.dumps(told))
    ran = run("verify", str(file), "--vkey", vkey, "--json")
    assert ran.code == 1
    assert any("is named by the case and not here" in fault for fault in ran.json["faults"])


def test_proofs_go_with_evidence_and_the_answer_with_a_file(run: Run, matter: Matter, tmp_path: Path) -> None:
    assert run("bundle", matter.id, "--proofs", str(tmp_path / "p")).code == 2
    assert run("bundle", matter.id, "--evidence", "--out", "-", "--json").code == 2
    (tmp_path / "in_the_way").write_text("")
    taken = run(
        "bundle", matter.id, "--evidence", "--proofs", str(tmp_path / "in_the_way"), "--out", str(tmp_path / "b")
    )
    assert taken.code == 2


def test_a_bundle_for_an_agency_holds_no_word_that_it_may_not_read(run: Run, matter: Matter, tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    made = run("bundle", matter.id, "--evidence", "--agency", PROSECUTORS, "--out", str(file), "--json").json
    assert SECRET not in file.read_text("utf-8")
    assert run("verify", str(file), "--vkey", made["vkey"]).code == 0


# --- figures


def test_the_figures_of_evidence_and_review(run: Run, matter: Matter) -> None:
    told = run("measures", "evidence-review", "--json").json
    assert told["pathway"] == "evidence-review"
    assert told["vintage"]["root"]
    assert {each["measure"] for each in told["results"]} == {101, 102, 103, 104}
    assert "102. Derivatives without a source" in run("measures", "evidence-review", "102").out
    assert "three words" in run("measures", "define", "103").out
    assert run("measures", "evidence-review", "9").code == 2
    assert run("measures", "define", "99").code == 5
