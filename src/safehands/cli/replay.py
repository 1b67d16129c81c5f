"""``safehands replay``: a real dispatch export through the same decisions and the same append as a live call."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safehands.cli import home, output
from safehands.cli.output import Json

if TYPE_CHECKING:
    from safehands.service.handle import Service
    from safehands.sim.report import ReplayReport


def replay(
    file: Annotated[Path, typer.Argument(help="The export: .csv or .csv.gz.")],
    *,
    chart: Annotated[
        str,
        typer.Option(
            "--map", metavar="NAME", help="dispatch-centre, mobile-crisis, seattle-911, or the path of a map of yours."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Replay a dispatch export at its real recorded times into this installation.

    Nothing is invented: no acceptance in the file, no handover in the report. Rows that make no sense are refused one
    by one, with line and reason; the rest goes on.
    """
    with home.opened(purpose="replay") as service:
        report = replayed(file, chart, service)
    if as_json:
        output.emit(report.record())
        return
    show(report)


def replayed(file: Path, chart: str, service: Service) -> ReplayReport:
    """The report of one replay, with a bar for each of its stages on standard error."""
    from safehands.sim.replay import replay as play

    with ExitStack() as bars:
        return play(file, chart, service, Bars(bars))


def show(report: ReplayReport) -> None:
    """The report as tables on standard output."""
    from safehands.sim.report import tables

    output.console(stderr=False).print(tables(report))


class Bars:
    """One bar a stage; a stage's bar goes when the next begins."""

    def __init__(self, bars: ExitStack) -> None:
        self._bars = bars
        self._stage = ""
        self._done = 0
        self._advance: Callable[[int], None] = lambda _: None

    def __call__(self, stage: str, done: int, of: int | None) -> None:
        if not sys.stderr.isatty():
            return
        if stage != self._stage:
            self._bars.close()
            self._stage, self._done = stage, 0
            self._advance = self._bars.enter_context(output.progress(stage, of))
        self._advance(done - self._done)
        self._done = done
