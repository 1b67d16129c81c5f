"""``safehands scan FILE``: closed cases from a table, through the integrity rules of a live case."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from safehands.cli import output
from safehands.cli.output import Json
from safehands.cli.replay import Bars
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.scanning.scan import Summary
    from safehands.scanning.shapes import Told

#: How many cases are shown on the screen; all are in the report.
SHOWN: Final = 10


def scan(
    file: Annotated[Path | None, typer.Argument(help="The table: .csv (UTF-8) or .xlsx. See --template.")] = None,
    *,
    template: Annotated[
        bool, typer.Option("--template", help="Print an empty table with its columns, and stop.")
    ] = False,
    columns: Annotated[bool, typer.Option("--columns", help="Say what each column means, and stop.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="CSV", help="Every case's result; default FILE.report.csv.")
    ] = None,
    refused: Annotated[
        Path | None, typer.Option("--refused", metavar="CSV", help="Rows with faults; default FILE.refused.csv.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look through closed cases for decisions that rested on a copy whose original nobody looked for.

    The table needs no register and no other agency. It is read, and nothing of it is stored. A case with a fault in any
    of its rows is refused whole, and its rows are written out with every fault.
    """
    if template or columns:
        _explain(template=template)
        return
    if file is None:
        raise BadInput(["Name the table to scan, or ask for an empty one with --template."])
    from datetime import UTC

    from safehands.rulebook.integrity import INTEGRITY
    from safehands.scanning.meanings import MEANINGS
    from safehands.scanning.scan import scan as scan_table
    from safehands.service.clock import SystemClock

    report = report or file.with_name(f"{file.stem}.report.csv")
    refused = refused or file.with_name(f"{file.stem}.refused.csv")
    shown = _Worst()
    start = perf_counter()
    with ExitStack() as bars:
        summary = scan_table(
            file,
            INTEGRITY,
            today=SystemClock().now().astimezone(UTC).toordinal(),
            report=report,
            refused=refused,
            meaning=MEANINGS,
            progress=partial(Bars(bars), f"Scanning {file.name}"),
            worst=shown.take,
        )
    speed = round(summary.cases / max(perf_counter() - start, 1e-9))
    if as_json:
        output.emit(record(summary, speed))
        _note(summary, report, refused)
    else:
        _say(summary, speed, shown, report, refused)


def record(summary: Summary, speed: int) -> dict[str, Any]:
    """The answer for a script: cases that were scanned, rows that were refused, concerns by rule and grade."""
    return {
        "cases": summary.cases,
        "refused": summary.refused,
        "concerns": summary.by_rule(),
        "cases_per_second": speed,
    }


class _Worst:
    """The first cases of the worst grade met so far."""

    def __init__(self) -> None:
        self.cases: list[tuple[int, str, Sequence[Told]]] = []

    def take(self, case: str, told: Sequence[Told]) -> None:
        grade = told[0].grade
        if len(self.cases) < SHOWN or grade < self.cases[-1][0]:
            self.cases = sorted([*self.cases, (grade, case, told)], key=lambda each: each[0])[:SHOWN]


def _explain(*, template: bool) -> None:
    from safehands.scanning import columns

    if template:
        sys.stdout.write(columns.template())
        return
    rows = [
        (each.name, each.about, ", ".join(each.values) or ("a day" if each.day else "")) for each in columns.COLUMNS
    ]
    output.table("The columns of a table of closed cases", ("column", "what it says", "what may stand in it"), rows)


def _note(summary: Summary, report: Path, refused: Path) -> None:
    """What a person beside the script should know, on standard error."""
    for fault in summary.faults:
        output.note(fault)
    if summary.columns_missing:
        output.note(f"The table has no column {', '.join(summary.columns_missing)}.")
    output.note(f"Every case is in {report}." + (f" The refused rows are in {refused}." if summary.refused else ""))


def _say(summary: Summary, speed: int, shown: _Worst, report: Path, refused: Path) -> None:
    from safehands.scanning.writing import GRADES

    output.say(
        f"{summary.cases:,} cases were scanned ({speed:,} a second); {summary.concerned:,} have a concern. "
        f"{summary.refused:,} of {summary.rows:,} rows were refused."
    )
    if summary.concerned:
        counted = [
            (rule, *(counts.get(name, 0) for name in GRADES.values())) for rule, counts in summary.by_rule().items()
        ]
        output.table("Concerns by rule and grade", ("rule", *GRADES.values()), counted)
        rows = [
            (case, "; ".join(f"{each.rule}{each.letter} {each.decision}".strip() for each in told), GRADES[grade])
            for grade, case, told in shown.cases
        ]
        output.table("The first of the worst", ("case", "what is true of it", "worst"), rows)
    for fault in summary.faults:
        output.note(fault)
    if summary.columns_missing:
        output.say(
            f"The table has no column {', '.join(summary.columns_missing)}: what these would show was not looked for."
        )
    output.say(f"Every case is in {report}.")
    if summary.refused:
        output.say(f"The refused rows are in {refused}, each with every fault: mend them there and scan that file.")
    output.say("A concern says what to look at, not that a decision was wrong. A case without one is not proved whole.")
