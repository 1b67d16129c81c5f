"""``safehands verify`` and ``safehands rebuild``: does the record hold, and are the live tables what it says?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from safehands.cli import home, output
from safehands.cli.errors import DOES_NOT_HOLD
from safehands.cli.output import Json
from safehands.cli.pathway import read_text
from safehands.errors import BadInput
from safehands.ledger.faults import Malformed


def verify(
    bundle: Annotated[
        Path | None,
        typer.Argument(help="The bundle of a case. Without it, this installation's whole ledger is checked."),
    ] = None,
    *,
    vkey: Annotated[
        str | None,
        typer.Option(
            "--vkey", help="The ledger's key, from somewhere else than the bundle. Default: this installation's own."
        ),
    ] = None,
    older: Annotated[Path | None, typer.Option("--older", help="A checkpoint that you kept from earlier.")] = None,
    versions: Annotated[
        int | None, typer.Option("--versions", help="How many entries you know the case to have.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a bundle offline, or this installation's whole ledger. Exit code 1 where something does not hold."""
    holds = _verify_ledger(as_json) if bundle is None else _verify_bundle(bundle, vkey, older, versions, as_json)
    if not holds:
        raise typer.Exit(DOES_NOT_HOLD)


def _verify_bundle(bundle: Path, vkey: str | None, older: Path | None, versions: int | None, as_json: bool) -> bool:
    from safehands.ledger.verify import Held, verify_bundle

    trusted = vkey if vkey is not None else home.own_vkey(home.home_of())
    try:
        octets = bundle.read_bytes()
        report = verify_bundle(octets, Held(trusted, read_text(older) if older else None, (), versions))
    except OSError as fault:
        raise BadInput([f"{bundle}: {fault.strerror}"]) from None
    except Malformed as malformed:
        raise BadInput(malformed.faults) from None
    if as_json:
        custody = report.custody
        output.emit(
            {
                "verified": report.ok,
                "genuine": report.genuine,
                "vkey": trusted,
                "proved": list(report.proved),
                "faults": [*report.faults, *(custody.faults if custody is not None else ())],
                "not_proved": list(report.not_proved),
                "unowned_seconds": custody.unowned_microseconds / 1_000_000 if custody is not None else None,
                "two_holders": len(custody.doubly_held) if custody is not None else None,
            }
        )
    else:
        output.say(str(report).rstrip())
        if vkey is None and trusted is not None:
            output.say()
            output.say(f"Checked against the key of the installation in {home.home_of()}.")
    return report.ok


def _verify_ledger(as_json: bool) -> bool:
    from safehands.service.verification import verify_ledger

    with home.opened() as service:
        head = service.store.seal(at=service.clock.now())
        with output.progress("checking the ledger", head.size) as advance:
            report = verify_ledger(service.store, advance)
    if as_json:
        output.emit({"verified": report.ok, **asdict(report)})
        return report.ok
    output.say("VERIFIED." if report.ok else "NOT VERIFIED. Stop writing and call whoever runs this installation.")
    output.say(
        f"{report.entries} entries in {report.streams} streams, {report.sealed} of them under a signed checkpoint; "
        f"{report.erased} erased."
    )
    output.say(
        f"{report.cases} cases: nobody held for {report.unowned_seconds:g} seconds in all, and in {report.two_holders} "
        "of them more than one agency held at some time."
    )
    for fault in report.faults:
        output.say(f"WRONG  {fault}")
    for told in report.notes:
        output.say(f"Note: {told}")
    return report.ok


def rebuild(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare, and end with exit code 1 where they differ.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fold every case again from the ledger, compare with the live tables, and put the live pictures right."""
    from safehands.service import rebuild as again

    with home.opened() as service:
        with output.progress("folding the ledger", service.store.head().size) as advance:
            found = again.rebuild(service.store, advance)
        if not check:
            again.write(service.store, found)
    if as_json:
        output.emit(
            {
                "same": found.same,
                "cases": found.cases,
                "entries": found.entries,
                "pictures": found.pictures,
                "facts": found.facts,
                "from_snapshot": found.from_snapshot,
                "differences": list(found.differences),
                "written": not check,
            }
        )
    else:
        output.say(
            f"{found.cases} cases folded from {found.entries} entries give {found.pictures} picture rows and "
            f"{found.facts} facts."
        )
        if found.from_snapshot:
            output.say(f"{found.from_snapshot} cases rest on their snapshot, because content was erased from them.")
        for difference in found.differences:
            output.say(f"DIFFERS  {difference}")
        same = "The live tables are what the ledger says."
        output.say(same if found.same else "The live pictures were put right." if not check else "They differ.")
    if check and not found.same:
        raise typer.Exit(DOES_NOT_HOLD)
