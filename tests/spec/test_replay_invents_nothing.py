"""A replay invents nothing: no handover without an acceptance in the file, no answer that the row does not give, no
decision.

All exports here are made up.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

from rich.console import Console

from safehands import codec
from safehands.core.events import AnswersRecorded, CaseOpened, DecisionMade, Event, HandoverAccepted, TriageConcluded
from safehands.core.vocabulary import HappenedSource, Provenance
from safehands.ledger.custody import audit
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.sim import maps
from safehands.sim.replay import replay
from safehands.sim.report import ReplayReport, tables
from safehands.store.memory import MemoryStore

MAP = """
map = "fictional"
title = "A fictional export"
pathway = "right-care"
other_pathway = "other-incident"
receiver = "CTR"
zone = "UTC"
formats = ["iso"]

[row]
id = "Id"
channel = "How"

[agency]
column = "Who"
codes = { police = "POL", ambulance = "AMB" }

[instants]
received = "Asked"
offered = "Sent"
accepted = "Taken"
arrived = "There"
seen = "Seen"
released = "Free"
first_closed = "Ended"
reopened = "Again"
closed = "Finally"

[[only_where]]
instant = "seen"
column = "Found"
is = ["yes"]

[matter]
columns = ["What"]
words_go_to = "QN"

[[matter.says]]
like = ["OVERDOSE"]
answers = { Q6 = "act" }

[[matter.says]]
like = ["WORRIED NEIGHBOUR"]
"""

COLUMNS = (
    "Id", "How", "Who", "What", "Found", "Asked", "Sent", "Taken", "There", "Seen", "Free", "Ended", "Again", "Finally",
)  # fmt: skip


def at(clock: str) -> str:
    """A time of one fictional day."""
    return f"2026-03-02 {clock}:00"


def row(**cells: str) -> str:
    """A row; a cell that is not named is empty, times are given as hours and minutes."""
    cells = {"Id": "1", "How": "Phone", "Who": "ambulance", "What": "OVERDOSE"} | cells
    return ",".join(at(cells[name]) if ":" in cells.get(name, "") else cells.get(name, "") for name in COLUMNS)


def play(folder: Path, *rows: str) -> tuple[ReplayReport, list[Event], MemoryStore]:
    """Replay these rows; the report, every event of a case in order, and the store."""
    export = folder / "export.csv"
    export.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    store = MemoryStore()
    report = replay(export, maps.parse(MAP, "fictional.toml"), Service(store, Catalogue(store), SystemClock()))
    events = [
        codec.decode(stored.entry).event
        for stored in store.all_entries()
        if stored.entry is not None and stored.stream.startswith("case/")
    ]
    return report, events, store


WHOLE = row(Asked="10:00", Sent="10:01", Taken="10:03", There="10:10", Free="10:40", Finally="10:45")


def test_dispatch_is_the_offer_and_the_acknowledgement_the_acceptance(tmp_path: Path) -> None:
    report, events, _ = play(tmp_path, WHOLE)
    assert report.record()["offers"] == {
        "offered": 1, "accepted": 1, "accepted_late": 0, "declined": 0, "lapsed": 0, "withdrawn": 0
    }  # fmt: skip
    assert report.tally.waits == [120.0]
    assert report.record()["holder_seconds"] == {"AMB": 42 * 60, "CTR": 3 * 60}
    assert report.record()["responder_seconds"] == {"AMB": 30 * 60}
    assert (report.custody.unowned_microseconds, report.custody.two_holders, report.custody.faults) == (0, 0, ())
    assert [type(event).__name__ for event in events].count("CaseClosed") == 1


def test_no_acceptance_in_the_file_is_no_handover_in_the_report(tmp_path: Path) -> None:
    report, events, _ = play(tmp_path, row(Asked="10:00", Sent="10:01", There="10:10", Finally="10:45"))
    assert report.record()["handovers"] == 0
    assert report.tally.lapsed == 1
    assert not any(isinstance(event, HandoverAccepted) for event in events)
    assert report.record()["holder_seconds"] == {"CTR": 45 * 60}


def test_an_offer_that_the_closing_finds_open_is_withdrawn(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, row(Asked="10:00", Sent="10:01", Finally="10:05"))
    assert (report.tally.withdrawn, report.tally.lapsed) == (1, 0)


def test_an_acceptance_after_the_offer_lapsed_is_marked_late(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, row(Asked="10:00", Sent="10:01", Taken="10:30", Finally="10:45"))
    assert (report.tally.lapsed, report.tally.accepted, report.tally.accepted_late) == (1, 1, 1)


def test_an_acceptance_at_the_very_instant_of_the_deadline_is_in_time(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, row(Asked="10:00", Sent="10:01", Taken="10:11", Finally="10:45"))
    assert (report.tally.lapsed, report.tally.accepted, report.tally.accepted_late) == (0, 1, 0)


def test_what_the_row_says_is_an_answer_from_a_register_and_all_else_is_unknown(tmp_path: Path) -> None:
    report, events, _ = play(tmp_path, WHOLE)
    (answers,) = [event.answers for event in events if isinstance(event, AnswersRecorded)]
    assert {answer.question: answer.value for answer in answers} == {"QN": "unknown", "Q6": "act"}
    assert {answer.provenance for answer in answers} == {Provenance.REGISTER}
    assert {answer.verbatim for answer in answers} == {"OVERDOSE"}
    (concluded,) = [event for event in events if isinstance(event, TriageConcluded)]
    assert (concluded.outcome, concluded.row) == (6, "A3")
    assert "Q4" in concluded.unknown
    assert report.record()["conclusions"] == [{"class": 6, "row": "A3", "cases": 1}]


def test_a_wording_that_says_nothing_the_tables_ask_leaves_everything_unknown(tmp_path: Path) -> None:
    _, events, _ = play(tmp_path, row(What="WORRIED NEIGHBOUR", Asked="10:00", Finally="10:45"))
    (concluded,) = [event for event in events if isinstance(event, TriageConcluded)]
    assert concluded.outcome >= 3
    assert set(concluded.inputs.values()) <= {"unknown", "0", "no"}  # repeats and duties come from the case itself


def test_nobody_is_said_to_have_decided(tmp_path: Path) -> None:
    _, events, _ = play(tmp_path, WHOLE, row(Id="2", Asked="10:00", Finally="13:00"))
    assert not any(isinstance(event, DecisionMade) for event in events)


def test_what_is_no_health_or_welfare_matter_is_held_closed_and_counted_apart(tmp_path: Path) -> None:
    report, events, _ = play(
        tmp_path, row(What="BARKING DOG", Who="police", Asked="10:00", Sent="10:01", Taken="10:02", Finally="13:00")
    )
    record = report.record()
    assert (record["in_scope"], record["out_of_scope"], record["handovers"]) == (0, 1, 1)
    assert record["holder_seconds"] == {"CTR": 2 * 60, "POL": 178 * 60}
    (opened,) = [event for event in events if isinstance(event, CaseOpened)]
    assert opened.pathway.pathway == "other-incident"
    assert not any(isinstance(event, TriageConcluded) for event in events)
    assert record["breaches"] == {}


def test_a_time_of_seeing_somebody_counts_only_where_the_row_says_that_they_were_found(tmp_path: Path) -> None:
    times = {"Asked": "10:00", "There": "10:10", "Seen": "10:12", "Finally": "10:45"}
    found, _, _ = play(tmp_path, row(Found="yes", **times))
    not_found, _, _ = play(tmp_path, row(Found="no", **times))
    assert found.tally.concerns["person_not_seen"] == 0
    assert not_found.tally.concerns["person_not_seen"] == 1


def test_another_units_clearing_before_the_arrival_is_not_used_and_said_so(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, row(Asked="10:00", There="10:10", Free="10:05", Finally="10:45"))
    assert report.record()["responder_seconds"] == {"AMB": 35 * 60}
    assert [remark for remark in report.remarks if "another unit" in remark]


def test_a_clearing_after_the_closing_ends_with_the_closing_and_is_said_so(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, row(Asked="10:00", There="10:10", Free="10:50", Finally="10:45"))
    assert report.record()["responder_seconds"] == {"AMB": 35 * 60}
    assert [remark for remark in report.remarks if "after the closing" in remark]


def test_an_incident_that_was_reopened_is_closed_reopened_and_closed_without_a_gap_in_between(tmp_path: Path) -> None:
    report, events, _ = play(
        tmp_path, row(What="BARKING DOG", Asked="10:00", Ended="10:30", Again="11:00", Finally="11:30")
    )
    kinds = Counter(type(event).__name__ for event in events)
    assert (kinds["CaseClosed"], kinds["CaseReopened"]) == (2, 1)
    assert report.record()["holder_seconds"] == {"CTR": 60 * 60}
    assert report.custody.unowned_microseconds == 0


def test_reopened_and_never_closed_again_stays_open(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, row(What="BARKING DOG", Asked="10:00", Ended="10:30", Again="11:00"))
    assert report.record()["still_held"] == {"CTR": 1}


def test_a_row_without_a_closing_leaves_its_case_open_and_deadlines_stop_a_day_after_its_last_word(
    tmp_path: Path,
) -> None:
    later = row(Id="2", What="BARKING DOG", Asked="10:00", Finally="10:01").replace("2026-03-02", "2026-05-02")
    report, events, _ = play(tmp_path, row(Asked="10:00", Sent="10:01", Taken="10:03"), later)
    assert report.record()["still_held"] == {"AMB": 1}
    assert Counter(type(event).__name__ for event in events)["ClockStepReached"] < 24 * 4 + 5
    assert [remark for remark in report.remarks if "does not say that it was closed" in remark]


def test_a_command_that_a_rule_refuses_is_reported_with_its_line_and_the_row_goes_on(tmp_path: Path) -> None:
    report, _, _ = play(
        tmp_path, row(Asked="10:00", Sent="10:50", Taken="10:55", Finally="10:45"), WHOLE.replace("1,", "2,", 1)
    )
    assert [(each.line, each.command, each.rule) for each in report.refused_commands] == [
        (2, "OfferHandover", "case.closed"),
        (2, "AcceptOffer", "case.closed"),
    ]
    assert (report.contacts, report.tally.accepted) == (2, 1)


def test_entries_carry_the_files_time_and_that_it_comes_from_an_export(tmp_path: Path) -> None:
    _, _, store = play(tmp_path, WHOLE)
    entries = [codec.decode(stored.entry) for stored in store.all_entries() if stored.entry is not None]
    said = [entry.envelope for entry in entries if entry.envelope.stream.startswith("case/")]
    assert {envelope.happened_source for envelope in said} == {HappenedSource.EXPORT, HappenedSource.TIMER}
    assert {envelope.happened_at.date().isoformat() for envelope in said} == {"2026-03-02"}
    assert all(envelope.recorded_at > envelope.happened_at for envelope in said)


def test_unowned_time_comes_from_the_stored_entries_and_a_planted_gap_is_found(tmp_path: Path) -> None:
    _, _, store = play(tmp_path, WHOLE)
    stored = [json.loads(each.entry) for each in store.all_entries() if each.entry and each.stream.startswith("case/")]
    accepted = next(entry for entry in stored if entry["type"] == "handover_accepted")
    assert audit(stored).unowned_microseconds == 0
    accepted["content"]["held_from"] = "2026-03-02T10:03:01Z"
    assert audit(stored).faults == ()
    opened = next(entry for entry in stored if entry["type"] == "case_opened")
    opened["content"]["held_from"] = "2026-03-02T10:00:02Z"
    assert audit(stored).unowned_microseconds == 2_000_000


def test_the_same_export_can_be_replayed_twice_into_one_ledger(tmp_path: Path) -> None:
    _, _, store = play(tmp_path, WHOLE)
    service = Service(store, Catalogue(store), SystemClock())
    again = replay(tmp_path / "export.csv", maps.parse(MAP, "fictional.toml"), service)
    assert (again.contacts, again.custody.cases) == (1, 1)
    assert len(store.pictures("case_picture", agency=None)) == 2


def test_people_and_scripts_read_the_same_numbers(tmp_path: Path) -> None:
    report, _, _ = play(tmp_path, WHOLE, WHOLE)
    record = json.loads(json.dumps(report.record()))
    for key in ("rows", "refused", "contacts", "handovers", "unowned_seconds", "two_holders", "entries"):
        assert isinstance(record[key], int), key
    assert record["refused"] + record["contacts"] == record["rows"] == 2
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(tables(report))
    console.print(tables(play(tmp_path, row(What="BARKING DOG", Asked="10:00"))[0]))
    text = console.export_text()
    assert "export.csv:3: it is line 2 once more" in text
    assert "Offer to acceptance, median" in text


def test_progress_is_told_stage_by_stage(tmp_path: Path) -> None:
    play(tmp_path, WHOLE)
    told: list[tuple[str, int, int | None]] = []
    store = MemoryStore()
    service = Service(store, Catalogue(store), SystemClock())
    replay(tmp_path / "export.csv", maps.parse(MAP, "fictional.toml"), service, lambda *said: told.append(said))
    assert [stage for stage, _, _ in told] == ["read", "replay", "replay", "audit"]
