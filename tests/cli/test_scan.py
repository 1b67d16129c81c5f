"""``safehands scan`` as it is typed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cli.conftest import Run
from safehands.scanning.columns import NAMES


def test_the_template_is_scanned_with_one_answer_for_scripts(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "closed.csv"
    table.write_text(run("scan", "--template").out, encoding="utf-8")
    ran = run("scan", str(table), "--json")
    answer = ran.json
    assert list(answer) == ["cases", "refused", "concerns", "cases_per_second"]
    assert (answer["cases"], answer["refused"]) == (1, 0)
    assert answer["concerns"]["R01"] == {"critical": 2}
    assert answer["cases_per_second"] > 0
    report = tmp_path / "closed.report.csv"
    assert str(report) in ran.err
    with report.open(encoding="utf-8") as text:
        assert {line["case_ref"] for line in csv.DictReader(text)} == {"EX/2004/0001"}
    assert not (tmp_path / "closed.refused.csv").exists()


def test_refused_rows_are_counted_and_kept_where_they_were_asked_to_be(run: Run, tmp_path: Path) -> None:
    table, report, refused = tmp_path / "closed.csv", tmp_path / "r.csv", tmp_path / "x.csv"
    table.write_text(run("scan", "--template").out + "X,A,tape\n", encoding="utf-8")
    ran = run("scan", str(table), "--report", str(report), "--refused", str(refused), "--json")
    assert ran.code == 0
    assert (ran.json["cases"], ran.json["refused"]) == (1, 1)
    assert "line 5: the row has 3 cells" in ran.err
    assert str(refused) in ran.err
    assert report.exists()
    with refused.open(encoding="utf-8") as text:
        assert [line["case_ref"] for line in csv.DictReader(text)] == ["X"]
    again = run("scan", str(table), "--report", str(tmp_path / "r2.csv"), "--refused", str(refused), "--json")
    assert (again.code, again.json["error"]["kind"]) == (2, "BadInput")


def test_a_table_without_a_column_says_what_was_not_looked_for(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "closed.csv"
    table.write_text("case_ref,record_ref,record_kind\nC1,T,transcript_full\n", encoding="utf-8")
    assert "The table has no column" in run("scan", str(table), "--json").err
    (tmp_path / "closed.report.csv").unlink()
    said = run("scan", str(table))
    assert "what these would show was not looked for" in said.out
    assert "a concern says what to look at" in said.out.lower()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("latin.csv", "case_ref,record_ref\nC1,caf\u00e9\n".encode("latin-1")),
        ("other.csv", b"name,age\nx,3\n"),
        ("twice.csv", b"case_ref,case_ref\nC1,C1\n"),
        ("broken.xlsx", b"this is no workbook"),
        ("table.pdf", b"%PDF-1.7"),
    ],
)
def test_a_broken_file_is_refused_by_name_or_row_by_row(run: Run, tmp_path: Path, name: str, content: bytes) -> None:
    table = tmp_path / name
    table.write_bytes(content)
    ran = run("scan", str(table), "--json")
    if ran.code == 0:  # the header can be read: its bad rows are refused one by one
        assert (ran.json["cases"], ran.json["refused"]) == (0, 1)
    else:
        assert (ran.code, ran.json["error"]["kind"]) == (2, "BadInput")
        assert name in ran.json["error"]["sentence"]


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    ran = run("scan", str(tmp_path / "gone.csv"), "--json")
    assert (ran.code, ran.json["error"]["kind"]) == (2, "BadInput")


def test_people_read_the_worst_first_and_where_the_rest_is(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "closed.csv"
    table.write_text(run("scan", "--template").out + "X,A,tape\n", encoding="utf-8")
    ran = run("scan", str(table))
    assert ran.code == 0
    assert "1 cases were scanned" in ran.out
    assert "closed.report.csv" in ran.out
    assert "closed.refused.csv" in ran.out
    assert "line 5: the row has 3 cells" in ran.err


def test_every_column_is_explained(run: Run) -> None:
    said = run("scan", "--columns").out
    assert all(name[:6] in said for name in NAMES)


def test_without_a_file_it_says_what_to_do(run: Run) -> None:
    ran = run("scan")
    assert ran.code == 2
    assert "--template" in ran.err
