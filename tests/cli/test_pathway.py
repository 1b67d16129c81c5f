"""``safehands pathway …``: what a policy lead does before a version is adopted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run
from safehands.pathways.load import load
from safehands.store.memory import MemoryStore

TEXT = load("right-care").text


@pytest.fixture
def without_a4(tmp_path: Path) -> Path:
    """A draft without the row that sends help on a stated intent to die."""
    before, _, after = TEXT.partition('[[table.row]]\nid = "A4"')
    assert after, "the row A4 begins so"
    file = tmp_path / "edited.toml"
    file.write_text(before + after[after.index("[[table.row]]") :])
    return file


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """The next version, with another title."""
    file = tmp_path / "next.toml"
    file.write_text(TEXT.replace('version = "1"', 'version = "2"', 1).replace('title = "', 'title = "Next: ', 1))
    return file


def test_list_names_every_shipped_pathway(run: Run) -> None:
    assert "right-care" in [each["pathway"] for each in run("pathway", "list", "--json").json["pathways"]]
    assert "right-care" in run("pathway", "list").out


def test_show_leaves_out_no_question_and_no_row(run: Run) -> None:
    pathway = load("right-care")
    shown = run("pathway", "show", "right-care", "--json").json
    assert [each["id"] for each in shown["questions"]] == [each.id for each in pathway.questions]
    assert [row["id"] for table in shown["tables"] for row in table["rows"]] == [
        row.id for table in pathway.tables for row in table.rows
    ]
    life = next(each for each in shown["questions"] if each["name"] == "life")
    assert life["ascending_risk"][0] == "none"
    assert life["ascending_risk"][-1] == "act"
    said = run("pathway", "show", "right-care").out
    assert "A17.1" in said
    assert "None of these means no" in said


def test_check_proves_and_runs_the_examples(run: Run) -> None:
    checked = run("pathway", "check", "right-care", "--json").json
    assert checked["proved"] is True
    assert checked["combinations"] > 10**9
    assert checked["wrong"] == []
    assert "proved for all" in run("pathway", "check", "right-care").out


def test_a_row_taken_out_is_found_by_diff_though_the_draft_does_not_hold(run: Run, without_a4: Path) -> None:
    assert run("pathway", "show", str(without_a4)).code == 7
    ran = run("pathway", "diff", "right-care", str(without_a4), "--json")
    assert ran.code == 0
    assert "does not hold" in ran.err
    found = ran.json
    assert found["changed"] > 0
    assert {each["before"]["row"] for each in found["changes"]} == {"A4"}
    assert "A4" in run("pathway", "diff", "right-care", str(without_a4)).out
    assert run("pathway", "diff", "right-care", "right-care", "--json").json["changed"] == 0


def test_a_pathway_with_a_gap_cannot_be_shown_decided_or_adopted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "gap.toml"
    file.write_text(
        TEXT.replace('resp = ["speaking", "text", "seen", "none"', 'resp = ["speaking", "spoken"', 1)
        + "\nnonsense = 1\n"
    )
    for command in (
        ("show", str(file)),
        ("check", str(file)),
        ("adopt", str(file), "--proposed-by", "a", "--confirmed-by", "b"),
    ):
        ran = run("pathway", *command, "--json")
        assert ran.code == 7, ran
        assert ran.json["error"]["kind"] == "PathwayFault"


def test_try_says_which_worked_case_is_wrong(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    case = '[[example]]\nid = "{}"\ntitle = "t"\nanswers = {{ life = "intent", child = "adult" }}\noutcome = {}\n'
    rest = 'row = "A4"\nholder = "POL"\nclocks = ["imm"]\nwhy = "w"\n'
    file.write_text(case.format("good", 5) + rest)
    assert run("pathway", "try", "right-care", str(file), "--json").json == {"examples": 1, "right": 1, "wrong": []}
    file.write_text(case.format("good", 5) + rest + case.format("bad", 4) + rest)
    ran = run("pathway", "try", "right-care", str(file), "--json")
    assert ran.code == 1
    assert [each["id"] for each in ran.json["wrong"]] == ["bad"]
    assert "WRONG" in run("pathway", "try", "right-care", str(file)).out


def test_try_with_a_file_that_is_not_there_or_not_text(run: Run, tmp_path: Path) -> None:
    assert run("pathway", "try", "right-care", "nowhere.toml").code == 2
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    assert run("pathway", "try", "right-care", "bytes.toml").code == 2


def test_adopting_takes_two_people_and_a_new_version(run: Run, store: MemoryStore, edited: Path) -> None:
    alone = run("pathway", "adopt", str(edited), "--proposed-by", "bo", "--confirmed-by", "bo", "--json")
    assert (alone.code, alone.json["error"]["rule"]) == (3, "pathway.two_people")
    again = run("pathway", "adopt", "right-care", "--proposed-by", "bo", "--confirmed-by", "cy", "--json")
    assert (again.code, again.json["error"]["rule"]) == (3, "pathway.adopted")
    adopted = run("pathway", "adopt", str(edited), "--proposed-by", "bo", "--confirmed-by", "cy", "--json").json
    assert adopted["version"] == "2"
    assert len(store.entries("pathway/right-care", agency=None)) == 2
