"""Rows that make no sense are refused one by one, with file, line and reason. The rest goes on; none is repaired.

All exports here are made up.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from safehands.errors import BadInput, NotFound
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.sim import maps
from safehands.sim.replay import replay
from safehands.sim.report import ReplayReport
from safehands.store.memory import MemoryStore

MAP = """
map = "fictional"
title = "A fictional export"
pathway = "right-care"
other_pathway = "other-incident"
receiver = "CTR"
zone = "Europe/London"
formats = ["iso", "%d/%m/%Y %H:%M"]
placeholder = "00:00:00"
order = ["received <= offered <= accepted", "received <= closed"]

[[too_long]]
from = "received"
to = "closed"
length = "24 h"

[row]
id = ["Year", "Number"]

[agency]
column = "Who"
codes = { police = "POL", ambulance = "AMB" }

[instants]
received = "Asked"
offered = "Sent"
accepted = "Taken"
closed = "Ended"

[matter]
columns = ["What"]
words_go_to = "QN"

[[matter.says]]
like = ["OVERDOSE"]
answers = { Q6 = "act" }
"""

HEADER = "Year,Number,Who,What,Asked,Sent,Taken,Ended"
GOOD = "2026,1,ambulance,OVERDOSE,2026-03-02 10:00:00,2026-03-02 10:01:00,2026-03-02 10:02:00,2026-03-02 11:00:00"


def play(folder: Path, *rows: str, header: str = HEADER, chart: str = MAP) -> ReplayReport:
    """Replay these rows into an empty store."""
    export = folder / "export.csv"
    export.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    store = MemoryStore()
    return replay(export, maps.parse(chart, "fictional.toml"), Service(store, Catalogue(store), SystemClock()))


@pytest.mark.parametrize(
    ("row", "reason", "says"),
    [
        (GOOD.replace("2026,1", "2026,"), "no_id", "Year and Number: there is no id"),
        (
            GOOD.replace("ambulance", "lifeboat"),
            "unknown_agency",
            "Who: the map does not say which agency 'lifeboat' is",
        ),
        (GOOD.replace("2026-03-02 10:00:00", ""), "no_first_second", "Asked: nothing says when it began"),
        (GOOD.replace("2026-03-02 10:01:00", "soon"), "unreadable_time", "Sent: 'soon' is not a time"),
        (GOOD.replace("2026-03-02 10:01:00", "2026-02-30 10:01:00"), "unreadable_time", "Sent: '2026-02-30"),
        (GOOD.replace("2026-03-02", "2026-03-29").replace("10:0", "01:3"), "no_such_time", "clocks went forward past"),
        (GOOD.replace("2026-03-02 11:00:00", "9999-03-02 11:00:00"), "in_the_future", "has not come yet"),
        (GOOD.replace("10:02:00", "10:00:30"), "runs_backwards", "Taken lies 30 s before Sent"),
        (GOOD.replace("2026-03-02 11:00", "2026-03-02 09:00"), "runs_backwards", "Ended lies 60 min before Asked"),
        (GOOD.replace("2026-03-02 11:00", "2026-03-03 11:00"), "too_long", "Asked to Ended is 25.0 h, more than 1 day"),
        (GOOD + ",more", "shape", "it has 9 fields and the header has 8"),
        ("2026,1,police,ALARM,2026-03-02 00:00:00,,,2026-03-02 00:00:00", "no_times", "every time ends in '00:00:00'"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_its_line_and_the_rest_goes_on(
    tmp_path: Path, row: str, reason: str, says: str
) -> None:
    report = play(tmp_path, row, GOOD.replace("2026,1", "2026,2"))
    assert (report.rows, len(report.refused), report.contacts) == (2, 1, 1)
    refused = report.refused[0]
    assert refused.line == 2
    assert reason in {fault.reason.value for fault in refused.faults}
    assert any(says in fault.sentence for fault in refused.faults)


def test_the_same_row_twice_is_told_from_the_same_id_with_other_content(tmp_path: Path) -> None:
    report = play(tmp_path, GOOD, GOOD, GOOD.replace("OVERDOSE", "ALARM"))
    assert [(row.line, row.faults[0].reason.value, row.faults[0].sentence) for row in report.refused] == [
        (3, "repeated_row", "it is line 2 once more"),
        (4, "repeated_id", "line 2 has the id 2026/1 already, with other content"),
    ]
    assert report.contacts == 1


def test_everything_that_is_wrong_with_a_row_is_named_at_once(tmp_path: Path) -> None:
    report = play(tmp_path, "2026,,lifeboat,OVERDOSE,,soon,,")
    assert [fault.reason.value for fault in report.refused[0].faults] == [
        "no_id",
        "unknown_agency",
        "unreadable_time",
        "no_first_second",
    ]
    assert report.refused_by_reason() == {"no_first_second": 1, "no_id": 1, "unknown_agency": 1, "unreadable_time": 1}


def test_a_time_in_the_hour_that_comes_twice_is_read_as_the_first_and_remarked_on(tmp_path: Path) -> None:
    row = "2026,1,police,ALARM,2025-10-26 00:50:00,2025-10-26 01:05:00,2025-10-26 01:06:00,2025-10-26 04:00:00"
    report = play(tmp_path, row)
    assert not report.refused
    assert any("the hour that came twice" in remark for remark in report.remarks)


def test_a_row_across_that_hour_that_seems_to_run_backwards_is_refused_not_repaired(tmp_path: Path) -> None:
    row = "2026,1,police,ALARM,2025-10-26 01:50:00,2025-10-26 01:05:00,,2025-10-26 04:00:00"
    assert play(tmp_path, row).refused_by_reason() == {"runs_backwards": 1}


def test_times_that_carry_a_zone_keep_it(tmp_path: Path) -> None:
    report = play(tmp_path, GOOD.replace("2026-03-02 10:00:00", "2026-03-02T12:00:00+02:00"))
    assert not report.refused


def test_line_numbers_are_those_of_the_file_when_a_field_runs_over_lines_and_lines_are_blank(tmp_path: Path) -> None:
    report = play(tmp_path, GOOD.replace("OVERDOSE", '"OVERDOSE\nor not"'), "", GOOD)
    assert (report.rows, [row.line for row in report.refused]) == (2, [5])


def test_every_row_is_refused_or_a_contact_and_an_export_of_nothing_replays_to_nothing(tmp_path: Path) -> None:
    report = play(tmp_path)
    assert (report.rows, len(report.refused), report.contacts, report.tally.entries) == (0, 0, 0, 0)


def test_a_column_that_the_map_reads_is_not_there_or_there_twice(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        play(tmp_path, header="Year,Number,What,What,Asked,Sent,Taken,Ended")
    assert refused.value.faults == (
        "export.csv: there is no column 'Who', which the map fictional reads",
        "export.csv: the column 'What' stands there twice",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (gzip.compress(b"Year,Number\n" * 500)[:-30], "damaged or not whole"),
        (b"\x1f\x8b\x08\x00nonsense that is not gzip", "damaged or not whole"),
        (b"Year,Number\n2026,caf\xe9\n", "not text in UTF-8"),
        (b'Year,Number\n2026,"never ends\n', "this is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "export.csv.gz").write_bytes(content)
    store = MemoryStore()
    with pytest.raises(BadInput, match=says):
        replay(tmp_path / "export.csv.gz", "seattle-911", Service(store, Catalogue(store), SystemClock()))
    assert store.head().size == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    store = MemoryStore()
    with pytest.raises(NotFound, match="There is no file"):
        replay(tmp_path / "gone.csv", "seattle-911", Service(store, Catalogue(store), SystemClock()))
