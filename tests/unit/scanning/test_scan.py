"""Tables of closed cases as tired people make them: nothing lost, every fault named, half a case never judged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from safehands.errors import BadInput
from safehands.exports.cells import as_written, neutral
from safehands.rulebook.integrity import INTEGRITY
from safehands.scanning import scan as scanning
from safehands.scanning.closed import Fault, read_case
from safehands.scanning.columns import COLUMNS, NAMES, template
from safehands.scanning.days import UNKNOWN_DAY, instant, ordinal
from safehands.scanning.meanings import MEANINGS
from safehands.scanning.scan import Summary, scan
from safehands.scanning.shapes import Shapes, Told

TODAY = ordinal("2026-11-22")
RECORDING = {
    "case_ref": "C1",
    "record_ref": "AB/1",
    "record_kind": "video_interview",
    "record_date": "2005-01-20",
    "held_by": "POL-x",
}
WRITTEN = {
    "case_ref": "C1",
    "record_ref": "AB/1A",
    "record_kind": "record_of_interview",
    "record_date": "27/01/2005",
    "source_ref": "AB/1",
    "decision_ref": "D1",
    "decision_kind": "nfa_cps",
    "decision_date": "2019-06-10",
    "decider": "P1",
    "seen": "read_full",
}
ORPHAN = {"case_ref": "C1", "record_ref": "T", "record_kind": "transcript_full"}


def table(*rows: Mapping[str, str], header: tuple[str, ...] = NAMES) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


Scanned = Callable[..., tuple[Summary, list[dict[str, str]], list[dict[str, str]]]]


@pytest.fixture
def scanned(tmp_path: Path) -> Scanned:
    """The summary, the report's lines and the refused rows."""

    def ran(content: str | bytes, name: str = "t.csv") -> tuple[Summary, list[dict[str, str]], list[dict[str, str]]]:
        file, report, refused = tmp_path / name, tmp_path / "report.csv", tmp_path / "refused.csv"
        for each in (report, refused):
            each.unlink(missing_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        summary = scan(file, INTEGRITY, today=TODAY, report=report, refused=refused, meaning=MEANINGS)
        lines = [_rows(each) for each in (report, refused)]
        return summary, lines[0], lines[1]

    return ran


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as text:
        return list(csv.DictReader(text))


def faults(*rows: Mapping[str, str]) -> list[str]:
    read = read_case([tuple(row.get(name, "") for name in NAMES) for row in rows], today=TODAY)
    return [each.sentence for each in read] if isinstance(read, tuple) else []


def test_a_decision_on_a_copy_is_told_and_so_is_a_case_without_a_concern(scanned: Scanned) -> None:
    witness = {"case_ref": "C2", "record_ref": "W", "record_kind": "witness_statement"}
    summary, report, refused = scanned(table(RECORDING, WRITTEN, witness))
    assert (summary.cases, summary.refused, summary.concerned, refused) == (2, 0, 1, [])
    assert {(line["rule"], line["letter"], line["grade"]) for line in report if line["case_ref"] == "C1"} >= {
        ("R01", "a", "critical")
    }
    assert all(line["what_it_means"] for line in report)
    assert [line["rule"] for line in report if line["case_ref"] == "C2"] == [""]


def test_a_transcript_alone_asks_where_the_recording_is(scanned: Scanned) -> None:
    summary, report, _ = scanned(table(ORPHAN))
    assert summary.by_rule()["R02"] == {"high": 1}
    assert report[0]["because"] == "T is a transcript full"


def test_the_template_is_a_table_that_scans(scanned: Scanned) -> None:
    summary, _, refused = scanned(template())
    assert (summary.cases, refused) == (1, [])
    assert summary.by_rule()["R01"] == {"critical": 2}


def test_one_wrong_row_refuses_its_case_whole_and_no_other(scanned: Scanned) -> None:
    other = ORPHAN | {"case_ref": "C2"}
    summary, report, refused = scanned(table(RECORDING, WRITTEN | {"seen": "red_full"}, other))
    assert (summary.cases, summary.refused, summary.refused_cases) == (1, 2, 1)
    assert [line["case_ref"] for line in report] == ["C2"]
    assert [line["refused_line"] for line in refused] == ["2", "3"]
    assert refused[0]["refused_because"] == "refused with the rest of case C1; see line 3"
    assert refused[1]["refused_because"].startswith("seen is 'red_full': write viewed_full, ")
    assert summary.faults[0].startswith("line 3: seen is")


def test_refused_rows_are_mended_and_scanned_as_they_lie(scanned: Scanned, tmp_path: Path) -> None:
    scanned(table(RECORDING | {"notes": "=HYPERLINK(1)"}, WRITTEN | {"seen": "red_full"}))
    mended = (tmp_path / "refused.csv").read_text(encoding="utf-8").replace("red_full", "read_full")
    assert "'=HYPERLINK(1)" in mended
    summary, _, refused = scanned(mended)
    assert (summary.cases, refused) == (1, [])


def test_nothing_is_lost(scanned: Scanned) -> None:
    rows = [ORPHAN | {"case_ref": f"C{number}", "record_kind": "" if number % 3 else "summary"} for number in range(60)]
    summary, report, refused = scanned(table(*rows))
    assert len({line["case_ref"] for line in report} | {line["case_ref"] for line in refused}) == 60
    assert summary.rows == 60
    assert (summary.cases, summary.refused) == (20, 40)
    assert len(summary.faults) == scanning.NAMED


def test_rows_of_one_case_in_two_places_are_not_judged_apart(scanned: Scanned) -> None:
    summary, _, refused = scanned(table(RECORDING, ORPHAN | {"case_ref": "C2"}, WRITTEN))
    assert (summary.cases, summary.refused) == (2, 1)
    assert "stand in two places" in refused[0]["refused_because"]


def test_a_slipped_column_does_not_fill_the_memory(scanned: Scanned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "LONGEST_CASE", 5)
    summary, _, refused = scanned(table(*[ORPHAN | {"record_ref": f"T{number}"} for number in range(12)]))
    assert (summary.cases, summary.refused) == (0, 12)
    assert all("is a column slipped?" in line["refused_because"] for line in refused)


def test_rows_that_are_torn_not_utf8_or_of_no_case_are_refused_one_by_one(scanned: Scanned) -> None:
    head = b"case_ref,record_ref,record_kind\n"
    body = b"C1,T,transcript_full\n,T,summary\nC2,T\nC3,caf\xe9,summary\n\n  ,,\nC4\x07,T,summary\nC5,T,summary\n"
    summary, report, refused = scanned(head + body)
    assert [line["case_ref"] for line in report] == ["C1", "C5"]
    assert [line["refused_line"] for line in refused] == ["3", "4", "5", "8"]
    assert "UTF-8" in refused[2]["refused_because"]
    assert (summary.refused, summary.refused_cases) == (4, 0)


def test_an_open_quotation_mark_does_not_swallow_the_rest_unnoticed(scanned: Scanned) -> None:
    body = 'case_ref,record_ref,record_kind\nC1,"T,summary\n' + "C2,T,summary\n" * 12_000
    summary, _, refused = scanned(body)
    assert summary.refused >= 1
    assert "cannot be taken apart" in refused[0]["refused_because"] or "cells" in refused[0]["refused_because"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has no column case_ref"),
        ("record_ref\n", "has no column case_ref"),
        ("case_ref,record_knd\n", "Did you mean record_kind?"),
        ("case_ref,case_ref\n", "is there twice"),
        ("case_ref,\n", "column 2 has no name"),
        ("case_ref;record_ref\n", "semicolons"),
    ],
)
def test_a_header_that_cannot_be_understood_stops_before_anything_is_written(
    scanned: Scanned, tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(BadInput, match=r".*") as refused:
        scanned(content)
    assert any(said in fault for fault in refused.value.faults), refused.value.faults
    assert not (tmp_path / "report.csv").exists()


def test_columns_of_ones_own_are_not_read(scanned: Scanned) -> None:
    header = (*NAMES, "x_box")
    summary, _, refused = scanned(table(ORPHAN | {"x_box": "12"}, header=header))
    assert (summary.cases, refused) == (1, [])


def test_a_report_that_is_there_is_not_written_over(scanned: Scanned, tmp_path: Path) -> None:
    for name in ("report.csv", "refused.csv"):
        mine = tmp_path / name
        file = tmp_path / "t.csv"
        file.write_text(table(ORPHAN), encoding="utf-8")
        mine.write_text("mine", encoding="utf-8")
        with pytest.raises(BadInput, match="there already"):
            scan(
                file,
                INTEGRITY,
                today=TODAY,
                report=tmp_path / "report.csv",
                refused=tmp_path / "refused.csv",
                meaning={},
            )
        assert mine.read_text(encoding="utf-8") == "mine"
        mine.unlink()
        (tmp_path / "report.csv").unlink(missing_ok=True)


@pytest.mark.parametrize("name", ["t.xls", "t.ods", "t"])
def test_what_is_no_table_is_refused(scanned: Scanned, name: str) -> None:
    with pytest.raises(BadInput, match="Save the table as"):
        scanned("case_ref\n", name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for name in ("no.csv", "no.xlsx"):
        with pytest.raises(BadInput, match="No such file"):
            scan(tmp_path / name, INTEGRITY, today=TODAY, report=tmp_path / "r", refused=tmp_path / "x", meaning={})


def workbook(*rows: Mapping[str, Any], header: tuple[Any, ...] = NAMES) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*header, None])
    for row in rows:
        sheet.append([row.get(str(name)) for name in header])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_says_what_the_same_csv_says(scanned: Scanned) -> None:
    dated: dict[str, Any] = dict(WRITTEN)
    dated |= {"record_date": date(2005, 1, 27), "basis_known": True}
    dated["decision_date"] = datetime(2019, 6, 10, 15, 0)  # noqa: DTZ001 - a workbook knows no zones
    from_book = scanned(workbook(RECORDING | {"notes": 3.0}, dated), "t.xlsx")
    from_csv = scanned(table(RECORDING, WRITTEN))
    assert from_book[1] == from_csv[1]
    assert from_book[0].concerns == from_csv[0].concerns
    assert from_book[2] == []


def test_a_workbook_that_is_none_is_refused(scanned: Scanned) -> None:
    with pytest.raises(BadInput, match="not a workbook"):
        scanned(b"case_ref\n", "t.xlsx")


def test_the_whole_is_told_while_it_goes_on(tmp_path: Path) -> None:
    heard: list[tuple[int, int | None]] = []
    for name, content in (("t.csv", table(ORPHAN).encode()), ("t.xlsx", workbook(ORPHAN))):
        file = tmp_path / name
        file.write_bytes(content)
        scan(
            file,
            INTEGRITY,
            today=TODAY,
            report=tmp_path / f"{name}.r",
            refused=tmp_path / f"{name}.x",
            meaning={},
            progress=lambda done, total: heard.append((done, total)),
        )
        assert heard[-1][0] == heard[-1][1]


# --- every fault of a case


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{}], "the row names no record_ref, decision_ref or letter_ref"),
        ([ORPHAN | {"record_date": "2005-13-01"}], "write a day as"),
        ([ORPHAN | {"record_date": "0101-01-01"}], "write a day as"),
        ([ORPHAN | {"record_date": "2027-01-01"}], "which has not come yet"),
        ([ORPHAN | {"made_by": "x" * 201}], "made_by is longer than 200"),
        ([ORPHAN | {"record_kind": ""}], "T has no record_kind"),
        ([{"decision_ref": "D1"}], "D1 has no decision_date"),
        (
            [
                {
                    "record_kind": "summary",
                    "decision_ref": "D1",
                    "decision_kind": "charge",
                    "decision_date": "2020-01-01",
                }
            ],
            "of which is it true",
        ),
        ([ORPHAN, ORPHAN | {"record_kind": "summary"}], "record_kind of T is 'summary' here and 'transcript_full'"),
        ([ORPHAN | {"source_ref": "T"}], "source_ref of T is T itself"),
        ([ORPHAN | {"source_ref": "X"}], "has no row of its own: add one, or leave it empty and fill source_claim"),
        ([ORPHAN | {"same_event": "X"}], "same_event of T is X, which has no row of its own"),
        ([{"record_ref": "S", "record_kind": "cctv"}, ORPHAN | {"source_ref": "S"}], "S has no held_by"),
        ([ORPHAN | {"verified_by": "x"}], "verified_by of T is filled and its source_ref is empty"),
        ([RECORDING, {"record_ref": "X", "record_kind": "letter", "source_ref": "AB/1"}], "write in method how"),
        ([RECORDING, WRITTEN | {"verified_by": "x"}], "needs verified_on, verified_by and verified_result together"),
        ([ORPHAN | {"source_claim": "destroyed"}], "write in claim_detail how and when it was destroyed"),
        ([RECORDING, WRITTEN | {"source_claim": "not_asked"}], "a source_ref and a source_claim"),
        ([ORPHAN | {"recorded_too": "yes"}], "name the recording in same_event"),
        ([ORPHAN | {"recorded_too": "no"}], "write in claim_detail why not"),
        ([RECORDING | {"destroyed_on": "2004-01-01"}], "destroyed before it was made"),
        ([RECORDING, WRITTEN | {"reviews": "D0"}], "D1 reviews D0, which has no row"),
        ([RECORDING, WRITTEN | {"reviews": "D1"}], "D1 reviews itself"),
        (
            [
                RECORDING,
                WRITTEN,
                {"decision_ref": "D2", "decision_kind": "confirm", "decision_date": "2018-01-01", "reviews": "D1"},
            ],
            "which was made after it",
        ),
        ([RECORDING | {"told": "yes"}], "told is filled: it needs a record_ref and a decision_ref"),
        ([RECORDING, WRITTEN | {"seen": ""}], "how far was AB/1A seen for D1?"),
        ([RECORDING, WRITTEN, WRITTEN], "AB/1A in D1 stands in an earlier row already"),
        ([RECORDING, WRITTEN | {"unseen_reason": "awaiting"}], "unseen_reason is filled and AB/1A was seen"),
        ([RECORDING | {"letter_ref": "L", "letter_date": "2019-01-01"}], "filled together or not at all"),
        ([RECORDING | {"letter_ref": "L", "letter_says": "not_held"}], "L has no letter_date"),
        ([{"letter_ref": "L", "letter_date": "2019-01-01", "letter_says": "not_held"}], "needs the record_ref"),
        (
            [{"letter_ref": "L", "letter_date": "2019-01-01", "letter_says": "all_material_considered"}],
            "needs the decision_ref",
        ),
    ],
)
def test_each_fault_is_named(rows: list[dict[str, str]], said: str) -> None:
    assert any(said in each for each in faults(*rows)), faults(*rows)


def test_a_ring_of_sources_is_told_of_each_and_ends() -> None:
    ring = [
        {"record_ref": name, "record_kind": "summary", "source_ref": source, "held_by": "x"}
        for name, source in (("A", "B"), ("B", "C"), ("C", "A"))
    ]
    beside = {"record_ref": "D", "record_kind": "summary", "source_ref": "A"}
    assert [each for each in faults(*ring, beside) if "made from itself" in each] == [
        "A is made from itself, by way of B, C",
        "B is made from itself, by way of A, C",
        "C is made from itself, by way of A, B",
    ]


def test_every_fault_is_named_at_once() -> None:
    assert len(faults(ORPHAN | {"record_kind": "tape", "record_date": "soon", "told": "yes"})) == 3


def test_one_day_written_two_ways_is_one_day() -> None:
    assert faults(RECORDING, WRITTEN, {"record_ref": "AB/1A", "record_date": "2005-01-27"}) == []


def test_a_letter_about_a_record_and_a_decision_is_no_use_of_it() -> None:
    letter = {"letter_ref": "L", "letter_date": "2019-07-01", "letter_says": "considered", "record_ref": "AB/1"}
    assert faults(RECORDING, WRITTEN, letter | {"decision_ref": "D1"}) == []


def test_two_deciders_whom_nobody_knows_are_not_one_person(scanned: Scanned) -> None:
    second = {
        "case_ref": "C1",
        "decision_ref": "D2",
        "decision_kind": "confirm",
        "decision_date": "2023-01-01",
        "reviews": "D1",
    }
    viewed = {"case_ref": "C1", "record_ref": "AB/1", "decision_ref": "D2", "seen": "viewed_full"}
    for nobody in ("", "unknown"):
        rows = [RECORDING, WRITTEN | {"decider": nobody}, second | {"decider": nobody}, viewed]
        assert scanned(table(*rows))[0].by_rule()["R12"] == {}


def test_a_second_case_of_the_same_shape_does_not_ask_the_rulebook_again() -> None:
    shapes = Shapes(INTEGRITY, today=TODAY)
    for number in range(5):
        row = ORPHAN | {"record_ref": f"X/{number}", "record_date": f"200{number}-01-01"}
        (told,) = shapes.told([tuple(row.get(name, "") for name in NAMES)])
        assert not isinstance(told, Fault)
        assert told.records == (f"X/{number}",)
        assert told.first_true == date(2000 + number, 1, 1)
    assert shapes.asked == 1


# --- cells, days, columns


@given(st.text(alphabet="'=+-@\t\r\n |%A1", max_size=6) | st.text(max_size=6))
def test_a_cell_comes_back_as_it_was_and_no_spreadsheet_runs_it(cell: str) -> None:
    out = neutral(cell)
    assert as_written(out) == cell
    assert not out.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "%"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10/06/2019", "2019-06-10"),
        ("1/2/2019", "2019-02-01"),
        ("2019-06-10T15:00:00", "2019-06-10"),
        ("2019-06-10 15:00", "2019-06-10"),
    ],
)
def test_days_are_british_or_iso(text: str, day: str) -> None:
    assert ordinal(text) == date.fromisoformat(day).toordinal()


@pytest.mark.parametrize("text", ["06/13/2019", "10.06.2019", "2019", "١٠/٠٦/٢٠١٩", "2019-02-30", "1849-12-31"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert ordinal(text) == -1


def test_a_day_that_nobody_knows_comes_first() -> None:
    assert (ordinal(""), instant(0)) == (0, UNKNOWN_DAY)


def test_every_column_says_what_it_is() -> None:
    assert all(column.about.endswith((".", "?")) for column in COLUMNS)
    assert len(set(NAMES)) == len(NAMES)


def test_a_million_references_are_told_apart_without_a_million_objects() -> None:
    once = scanning._Once()
    assert all(once.add(f"case {number}") for number in range(5_000))
    assert not any(once.add(f"case {number}") for number in range(5_000))


def test_a_name_with_the_mark_that_keeps_texts_apart_is_refused_by_name() -> None:
    shapes = Shapes(INTEGRITY, today=TODAY)

    def told(record: str) -> tuple[object, ...]:
        row = [""] * len(NAMES)
        for column, value in {"case_ref": "C1", "record_ref": record, "record_kind": "transcript_full"}.items():
            row[NAMES.index(column)] = value
        return shapes.told([row])

    # The shape is known by then: what cannot be printed, or is a page long, is refused all the same.
    (plain,), (signs,), (marked,), (long,) = told("AB/1A"), told("AB 100%s"), told("AB\x1f1A"), told("x" * 201)
    assert isinstance(plain, Told)
    assert isinstance(signs, Told)
    assert (plain.records, signs.records) == (("AB/1A",), ("AB 100%s",))
    for refused in (marked, long):
        assert isinstance(refused, Fault)
        assert "longer than 200 letters or cannot be printed" in refused.sentence
