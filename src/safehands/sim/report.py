"""What a replay found: whole numbers for scripts, tables for people.

``ReplayReport.record`` is one JSON object. Unowned time and double holding come from the ledger's own auditor;
everything else is counted from the facts of the entries. A class and row here is what the tables would have advised: no
row of an export names a person who decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from safehands.sim.audit import Custody
from safehands.sim.export import RefusedRow
from safehands.sim.maps import ReplayMap
from safehands.sim.tally import RefusedCommand, Tally, quantile

#: How many refused rows people are shown for each reason; scripts get all of them.
SHOWN = 3

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """Everything that a replay found. ``seconds`` is the time from opening the file to the sealed ledger, auditing not
    counted."""

    file: str
    chart: ReplayMap
    rows: int
    refused: tuple[RefusedRow, ...]
    contacts: int
    in_scope: int
    tally: Tally
    refused_commands: tuple[RefusedCommand, ...]
    custody: Custody
    remarks: Mapping[str, int]
    seconds: float

    @property
    def entries_per_second(self) -> float:
        """Entries written and sealed in a second, reading the file included."""
        return round(self.tally.entries / self.seconds, 1) if self.seconds > 0 else 0.0

    @property
    def unowned_seconds(self) -> int:
        """Seconds in which an open case had no holder, any part of a second counted as one."""
        return -(-self.custody.unowned_microseconds // _MICROSECONDS)

    def refused_by_reason(self) -> dict[str, int]:
        """Rows by reason; a row with two faults counts under both."""
        return _falling(
            Counter(reason for row in self.refused for reason in {fault.reason.value for fault in row.faults})
        )

    def record(self) -> dict[str, object]:
        """One JSON object. Times are in seconds; ``refused_rows`` names every refused row by line."""
        tally = self.tally
        return {
            "file": self.file,
            "map": self.chart.name,
            "rows": self.rows,
            "refused": len(self.refused),
            "contacts": self.contacts,
            "handovers": tally.accepted,
            "unowned_seconds": self.unowned_seconds,
            "two_holders": self.custody.two_holders,
            "entries": tally.entries,
            "entries_per_second": self.entries_per_second,
            "in_scope": self.in_scope,
            "out_of_scope": self.contacts - self.in_scope,
            "conclusions": [
                {"class": outcome, "row": row, "cases": count}
                for (outcome, row), count in sorted(tally.conclusions.items())
            ],
            "offers": {
                "offered": tally.offered,
                "accepted": tally.accepted,
                "accepted_late": tally.accepted_late,
                "declined": tally.declined,
                "lapsed": tally.lapsed,
                "withdrawn": tally.withdrawn,
            },
            "offer_to_acceptance_seconds": {"median": quantile(tally.waits, 0.5), "p95": quantile(tally.waits, 0.95)},
            "holder_seconds": {
                agency: held // _MICROSECONDS for agency, held in sorted(self.custody.holder_microseconds.items())
            },
            "still_held": dict(sorted(self.custody.still_held.items())),
            "responder_seconds": {agency: round(spent) for agency, spent in sorted(tally.responder_seconds.items())},
            "raised_by_clock": tally.raised_by_clock,
            "breaches": _falling(tally.breaches),
            "concerns": _falling(tally.concerns),
            "custody_faults": list(self.custody.faults),
            "refused_by_reason": self.refused_by_reason(),
            "refused_rows": [
                {
                    "line": row.line,
                    "id": row.id,
                    "reasons": [fault.reason.value for fault in row.faults],
                    "says": _says(row),
                }
                for row in self.refused
            ],
            "refused_commands": [
                {"line": each.line, "command": each.command, "rule": each.rule, "says": each.sentence}
                for each in self.refused_commands
            ],
            "remarks": dict(self.remarks),
            "seconds": round(self.seconds, 3),
        }


def _says(row: RefusedRow) -> str:
    return "; ".join(fault.sentence for fault in row.faults)


def _falling(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def tables(report: ReplayReport) -> RenderableType:
    """The report for people."""
    return Group(
        _pairs(f"Replay of {report.file} by the map {report.chart.name}", _whole(report)),
        _pairs("Handovers", _handovers(report)),
        _conclusions(report),
        _pairs(
            "Time held, by agency, in intervals that have ended",
            _hours(report.custody.holder_microseconds, _MICROSECONDS),
        ),
        _pairs("Cases still open, by holder", _counts(report.custody.still_held)),
        _pairs(
            "Responder time, by agency (one responder a row: the first unit)", _hours(report.tally.responder_seconds, 1)
        ),
        _pairs("Deadlines passed, by clock", _counts(report.tally.breaches)),
        _pairs(
            "No row names a person who decided, so deadlines for a decision pass",
            _counts({"raised by a clock": report.tally.raised_by_clock}),
        ),
        _pairs("Concerns raised", _counts(report.tally.concerns)),
        _pairs("Remarks on how rows were read", _counts(report.remarks)),
        _refused_rows(report),
        _pairs("Commands refused by a rule (their rows go on)", _counts(_rules(report))),
        *(Text(f"  {fault}", style="red") for fault in report.custody.faults),
    )


def _whole(report: ReplayReport) -> list[tuple[str, str]]:
    return [
        ("Data rows in the file", f"{report.rows:,}"),
        ("Rows refused", f"{len(report.refused):,}"),
        ("Contacts", f"{report.contacts:,}"),
        ("  of them about somebody's health or welfare", f"{report.in_scope:,}"),
        ("  of them not: held, closed, counted apart", f"{report.contacts - report.in_scope:,}"),
        ("Seconds in which nobody held an open case", f"{report.unowned_seconds:,}"),
        ("Times at which two held one case", f"{report.custody.two_holders:,}"),
        ("Entries written and sealed", f"{report.tally.entries:,}"),
        ("Entries a second", f"{report.entries_per_second:,.0f} ({report.seconds:.1f} s in all)"),
    ]


def _handovers(report: ReplayReport) -> list[tuple[str, str]]:
    tally = report.tally
    return [
        ("Offered", f"{tally.offered:,}"),
        ("Accepted", f"{tally.accepted:,}"),
        ("  of them after the offer had lapsed", f"{tally.accepted_late:,}"),
        ("Declined", f"{tally.declined:,}"),
        ("Lapsed", f"{tally.lapsed:,}"),
        ("Withdrawn at the closing", f"{tally.withdrawn:,}"),
        ("Offer to acceptance, median", _seconds(quantile(tally.waits, 0.5))),
        ("Offer to acceptance, 95th percentile", _seconds(quantile(tally.waits, 0.95))),
    ]


def _conclusions(report: ReplayReport) -> RenderableType:
    table = Table(title="What the tables would have advised", title_justify="left", show_header=True)
    table.add_column("Class", justify="right")
    table.add_column("Row")
    table.add_column("Times concluded", justify="right")
    for (outcome, row), count in sorted(report.tally.conclusions.items(), reverse=True):
        table.add_row(str(outcome), row, f"{count:,}")
    return table if report.tally.conclusions else Text("No contact was put to the tables.")


def _refused_rows(report: ReplayReport) -> RenderableType:
    table = Table(title="Rows refused, by reason (none was repaired)", title_justify="left")
    table.add_column("Reason")
    table.add_column("Rows", justify="right")
    table.add_column("For example")
    for reason, count in report.refused_by_reason().items():
        examples = [
            f"{report.file}:{row.line}: {fault.sentence}"
            for row in report.refused
            for fault in row.faults
            if fault.reason.value == reason
        ]
        table.add_row(reason.replace("_", " "), f"{count:,}", "\n".join(examples[:SHOWN]))
    return table if report.refused else Text("No row was refused.")


def _rules(report: ReplayReport) -> Counter[str]:
    return Counter(f"{each.command}: {each.rule}" for each in report.refused_commands)


def _pairs(title: str, pairs: Iterable[tuple[str, str]]) -> RenderableType:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in pairs:
        table.add_row(name, value)
    return table if table.row_count else Text(f"{title}: none")


def _hours(held: Mapping[str, float], unit: int) -> list[tuple[str, str]]:
    return [(agency, f"{amount / unit / 3600:,.1f} h") for agency, amount in sorted(held.items())]


def _counts(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), f"{count:,}") for name, count in _falling(counts).items()]


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value:,.0f} s"
