"""``safehands demo``: a real day replayed, an invented one played, one case told, and the ledger checked. In a home of
its own."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from safehands.cli import home, output
from safehands.cli.errors import DOES_NOT_HOLD
from safehands.cli.output import Json
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.cli.demo_day import Day
    from safehands.service.handle import Service
    from safehands.service.verification import LedgerReport
    from safehands.sim.report import ReplayReport

#: The public-domain day: calls to the dispatch centre of Seattle on 25 March 2016.
REAL_DAY: Final = "seattle-911-2016-03-25.csv.gz"
REAL_MAP: Final = "seattle-911"


def demo(
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Play the day at once, tell it, and end: no desk to sit down at.")
    ] = False,
    speed: Annotated[
        float, typer.Option("--speed", min=1, max=1000, help="At the desk: how many times as fast the day plays.")
    ] = 60.0,
    port: Annotated[int, typer.Option("--port", help="The desk's port on this machine.")] = 8000,
    as_json: Json = False,
) -> None:
    """Play Safehands from the first call to the checked ledger. Needs nothing, and leaves your own installation alone.

    On a terminal it ends at a running desk, where the day plays and you may sit down in any role. Elsewhere it plays
    the
    day, checks that the desk's pages answer, tells one case and ends. It works in a folder of its own inside
    SAFEHANDS_HOME, made anew each time. Everybody in the invented day is invented.
    """
    from safehands.cli import demo_day
    from safehands.cli.serve import become_desk, desk_answers
    from safehands.service.verification import verify_ledger

    at_a_desk = sys.stdout.isatty() and not quick and not as_json
    place = fresh(home.home_of() / "demo")
    day = demo_day.whole_day()
    with home.opened(place, purpose="demonstration", environ={}) as service:
        if not as_json:
            output.say("Safehands: every case, always in someone's hands.\n")
        report = _replay(service, aloud=not as_json)
        cases = _play(service, day, aloud=not as_json) if not at_a_desk else {}
        service.store.seal(at=service.clock.now())
        checked = verify_ledger(service.store)
        answers = at_a_desk or desk_answers(place)
        references = {name: service.case(case_id, agency=None).reference for name, case_id in cases.items()}
        if as_json:
            output.emit(_told(service, report, references, checked) | {"desk_answers": answers})
        elif not at_a_desk:
            _say_story(service, day, cases)
            _say_end(place, references[day.story], checked)
    if not (checked.ok and answers):
        raise typer.Exit(DOES_NOT_HOLD)
    if at_a_desk:
        output.say("Now a day that never was, invented from end to end. Sit down at any desk and take part.")
        become_desk(["--home", str(place), "--demo", "--speed", str(speed), "--port", str(port)])


def fresh(place: Path) -> Path:
    """An empty folder for the demonstration: what an earlier one left is removed, its database included.

    Raises ``BadInput`` where something lies there that no demonstration made.
    """
    from safehands.store.embedded import stop_now
    from safehands.store.embedded.places import place as placed

    if place.exists() and any(place.iterdir()):
        if not (place / home.VKEY_FILE).exists() and not (place / "server").is_dir():
            raise BadInput(
                [f"{place} holds something that no demonstration made. Move it, or choose another SAFEHANDS_HOME."]
            )
        stop_now(place)
        data = placed(place.resolve()).data
        for folder in (data, place):
            shutil.rmtree(folder, ignore_errors=True)
    return place


def _replay(service: Service, *, aloud: bool) -> ReplayReport:
    """The real day: one agency, so nothing is handed over, and nothing is invented."""
    from safehands.cli.replay import replayed

    if aloud:
        output.say(
            "A real day first: every call to the dispatch centre of Seattle on 25 March 2016 (public domain), each"
        )
        output.say("through the same decisions and the same ledger as a live call.")
    with resources.as_file(resources.files("safehands.sim").joinpath("data", REAL_DAY)) as file:
        report = replayed(file, REAL_MAP, service)
    record = report.record()
    if aloud:
        output.say(
            f"  {record['contacts']} calls, {record['in_scope']} of them about somebody's health or welfare; "
            f"{record['refused']} rows refused; {record['entries']} entries, {record['entries_per_second']:,.0f} a "
            "second."
        )
        output.say(
            f"  Seconds in which nobody held a case: {record['unowned_seconds']}. Cases held by two at once: "
            f"{record['two_holders']}. The file names one agency, so there are no handovers to report.\n"
        )
    return report


def _play(service: Service, day: Day, *, aloud: bool) -> dict[str, str]:
    from safehands.cli import demo_day

    def tell(at: datetime, sentence: str) -> None:
        if aloud:
            output.say(f"  {at:%H:%M}  {sentence}")

    if aloud:
        output.say(
            "Now a day that never was: forty calls, and every way a handover can end. Everybody in it is invented."
        )
    cases = demo_day.play(service, day, tell)
    if aloud:
        counts = Counter(str(row["status"]) for row in service.store.pictures("offer_picture", agency=None))
        output.say("  Offers: " + ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) + ".\n")
    return cases


def _say_story(service: Service, day: Day, cases: dict[str, str]) -> None:
    from safehands.cli.case import lines_of
    from safehands.service.story import text

    output.say("The case of the bridge, as the ledger tells it to anybody who may read it. All times are UTC.")
    for paragraph in text(lines_of(service, cases[day.story])):
        output.say(paragraph)
    output.say()


def _say_end(place: Path, reference: str, checked: LedgerReport) -> None:
    output.say(
        f"{'VERIFIED' if checked.ok else 'NOT VERIFIED'}: {checked.entries} entries of {checked.cases} cases, from the "
        "stored bytes up to the signed checkpoint."
    )
    output.say(
        f"Nobody held a case for {checked.unowned_seconds:g} seconds; two at once in {checked.two_holders} cases."
    )
    for fault in checked.faults:
        output.say(f"WRONG  {fault}")
    output.say("\nWhat to do next:")
    if shutil.which("safehands") is None:
        output.say('  export PATH="$PWD/.venv/bin:$PATH"')
    output.say(f"  export SAFEHANDS_HOME={place}")
    output.say(f"  safehands bundle {reference} --out bridge.json    the case as a file that proves itself")
    output.say("  safehands verify bridge.json                  check it, here or on another machine")
    output.say("  safehands pathway show right-care             every question and every row behind the advice")
    output.say("  safehands decide right-care life=intent       ask the tables yourself")
    output.say("This is decision support. It needs clinical and legal sign-off before anybody uses it on real calls.")


def _told(service: Service, report: ReplayReport, references: dict[str, str], checked: LedgerReport) -> dict[str, Any]:
    offers = Counter(str(row["status"]) for row in service.store.pictures("offer_picture", agency=None))
    kept = (
        "rows",
        "refused",
        "contacts",
        "handovers",
        "unowned_seconds",
        "two_holders",
        "entries",
        "entries_per_second",
    )
    record = report.record()
    return {
        "replay": {key: record[key] for key in kept},
        "cases": references,
        "offers": dict(sorted(offers.items())),
        "verified": checked.ok,
        "entries": checked.entries,
        "unowned_seconds": checked.unowned_seconds,
        "two_holders": checked.two_holders,
        "faults": list(checked.faults),
    }
