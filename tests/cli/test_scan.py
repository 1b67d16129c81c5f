"""``safehands scan`` as it is typed."""

from __future__ import annotations

import csv
from pathlib import Path

from cli.conftest import Run
from safehands.scanning.columns import NAMES


def test_the_template_is_scanned_with_one_answer_for_scripts(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "closed.csv"
    table.write_text(run("scan", "--template").out, encoding="utf-8")
    answer = run("scan", str(table), "--json").json
    assert (answer["cases"], answer["refused"], answer["refused_rows"]) == (1, 0, None)
    assert answer["concerns"]["R01"] == {"critical": 2}
    assert answer["cases_per_second"] > 0
    with Path(answer["report"]).open(encoding="utf-8") as text:
        assert {line["case_ref"] for line in csv.DictReader(text)} == {"EX/2004/0001"}


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
    assert ran.code != 0
    assert "--template" in ran.err
