"""Real exports, replayed whole, and counted a second time by a few lines that share no code with the replay.

Sets that may not be packaged are found through ``SAFEHANDS_DATA``; without it those tests are not run.
"""

from __future__ import annotations

import csv
import gzip
import os
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.sim.replay import replay
from safehands.sim.report import ReplayReport
from safehands.store.memory import MemoryStore
from safehands.store.postgres.store import PostgresStore

DATA = os.environ.get("SAFEHANDS_DATA")
needs_data = pytest.mark.skipif(DATA is None, reason="SAFEHANDS_DATA is not set: this set may not be packaged")


def export(name: str) -> Path:
    """A file of the real input."""
    return Path(DATA or "") / "calls" / name


def rows(path: Path) -> list[dict[str, str]]:
    """The rows, as the standard library reads them."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def whole(report: ReplayReport) -> tuple[int, int, int]:
    """What must hold of every replay; rows, refused, contacts."""
    assert len(report.refused) + report.contacts == report.rows
    assert (report.unowned_seconds, report.custody.two_holders, report.custody.faults) == (0, 0, ())
    assert report.custody.entries == report.tally.entries
    assert report.custody.transfers == report.tally.accepted
    return report.rows, len(report.refused), report.contacts


def test_the_packaged_day_has_one_agency_and_no_handovers() -> None:
    store = MemoryStore()
    file = resources.files("safehands.sim").joinpath("data", "seattle-911-2016-03-25.csv.gz")
    with resources.as_file(file) as path:
        report = replay(path, "seattle-911", Service(store, Catalogue(store), SystemClock()))
        held = sum(
            (_seattle(row["Event Clearance Date"]) - _seattle(row["At Scene Time"])).total_seconds()
            for row in rows(path)
            if row["At Scene Time"]
        )
    assert whole(report) == (706, 0, 706)
    record = report.record()
    assert (record["handovers"], record["holder_seconds"]) == (0, {"POL": held})
    assert report.tally.offered == 0
    assert record["in_scope"] == 70


def _seattle(written: str) -> datetime:
    return datetime.strptime(written, "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - lengths within one day


@needs_data
@pytest.mark.slow
def test_a_countys_mobile_crisis_service() -> None:
    path = export("mobile-crisis-2024-2025.csv.gz")
    store = MemoryStore()
    report = replay(path, "mobile-crisis", Service(store, Catalogue(store), SystemClock()))
    believable = taken = 0
    for row in rows(path):
        written = [text for name, text in row.items() if name.endswith("Date & Time")]
        times = [datetime.strptime(text, "%m/%d/%Y %H:%M") for text in written if text]  # noqa: DTZ007 - only their order counts
        in_order = times == sorted(times) and times[-1] - times[0] <= timedelta(hours=24) if times else False
        tells_a_time = any(time.time() != datetime.min.time() for time in times)
        if written[0] and in_order and tells_a_time:
            believable += 1
            taken += bool(written[1])
    assert whole(report) == (3139, 3139 - believable, believable)
    assert report.tally.accepted == taken
    assert all(row.faults and row.line > 1 for row in report.refused)


@needs_data
@pytest.mark.slow
def test_a_citys_dispatch_centre_on_postgresql(postgres_store: PostgresStore) -> None:
    path = export("dispatch-centre-2025.csv.gz")
    service = Service(postgres_store, Catalogue(postgres_store), SystemClock())
    report = replay(path, "dispatch-centre", service)
    whole(report)
    acknowledged = sum(bool(row["TimeFirstUnitDispatchAcknowledged"]) for row in rows(path))
    assert report.rows == 17148
    # Every acknowledged dispatch is a handover, save those of refused rows and those that the row itself contradicts.
    settled = sum(each.command in {"AcceptOffer", "OfferHandover"} for each in report.refused_commands)
    assert acknowledged - len(report.refused) - settled <= report.tally.accepted <= acknowledged
    assert report.refused_by_reason() == {"runs_backwards": len(report.refused)}
    assert sum(report.tally.conclusions.values()) >= report.in_scope > 0
    assert postgres_store.check_tree() == postgres_store.head().size


@needs_data
def test_times_in_the_hour_when_the_clocks_went_back_are_found(tmp_path: Path) -> None:
    path = export("dispatch-centre-2025.csv.gz")
    there = [row for row in rows(path) if row["Incident_Start_Time"].startswith("2025-11-02 01:")]
    (tmp_path / "hour.csv").write_text(
        "\n".join(
            ",".join(f'"{cell}"' for cell in cells) for cells in [there[0].keys(), *(row.values() for row in there)]
        )
    )
    store = MemoryStore()
    report = replay(tmp_path / "hour.csv", "dispatch-centre", Service(store, Catalogue(store), SystemClock()))
    backwards = [row for row in there if row["Incident_Dispatch_Time"] < row["Incident_Start_Time"]]
    assert {row["Incident"] for row in backwards} <= {row.id for row in report.refused}
    assert report.refused
    assert any("clocks went back" in remark for remark in report.remarks)
