"""The program ``safehands``: every command, registered. Errors become exit codes in ``errors``."""

from __future__ import annotations

from typing import Annotated

import typer

from safehands import __version__
from safehands.cli import (
    bench,
    cards,
    case,
    decide,
    demo,
    evidence,
    export,
    ledger,
    measures,
    output,
    pathway,
    register,
    replay,
    sample,
    scan,
    serve,
    simulate,
    start,
)
from safehands.cli.errors import Command

app = typer.Typer(
    name="safehands",
    help="Every case, always in someone's hands: triage, handovers on a clock, and a ledger that others can verify.",
    epilog="New here? Run: safehands demo. It needs nothing and leaves your own installation alone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        output.say(f"safehands {__version__}")
        raise typer.Exit


@app.callback()
def program(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Every case, always in someone's hands."""


app.command("init", cls=Command, epilog="Next: safehands status, or safehands replay FILE --map NAME.")(start.init)
app.command("status", cls=Command, epilog="Next: safehands story CASE tells one case in plain English.")(start.status)
app.command("demo", cls=Command, epilog="Next: safehands pathway show right-care.")(demo.demo)
app.command("serve", cls=Command, epilog="Next: safehands demo shows the desk with a day that plays by itself.")(
    serve.serve
)
app.command("administrator", cls=Command, epilog="Next: safehands serve, then Administration on the desk.")(
    serve.administrator
)
app.add_typer(pathway.app, name="pathway")
pathway.app.command("card", cls=Command, epilog="Next: print it, and keep it where the system may fail.")(cards.card)
app.command("decide", cls=Command, epilog="Next: safehands pathway show right-care lists the questions.")(decide.decide)
app.command("replay", cls=Command, epilog="Next: safehands status, safehands story CASE, safehands verify.")(
    replay.replay
)
app.command("simulate", cls=Command, epilog="Next: edit the parameters and run it again.")(simulate.simulate)
app.command("scan", cls=Command, epilog="Next: open the report, the worst cases first.")(scan.scan)
app.add_typer(register.app, name="register")
app.command("concerns", cls=Command, epilog="Next: safehands asof CASE --at DAY says what could be known then.")(
    evidence.concerns
)
app.command("asof", cls=Command, epilog="Next: safehands bundle CASE --evidence proves it to others.")(evidence.asof)
app.command("export", cls=Command, epilog="Next: safehands bundle CASE --evidence holds the proofs.")(export.export)
app.add_typer(measures.app, name="measures")
app.add_typer(sample.app, name="sample")
app.command("story", cls=Command, epilog="Next: safehands bundle CASE makes a proof that others can check.")(case.story)
app.command("bundle", cls=Command, epilog="Next: safehands verify FILE, here or on another machine.")(case.bundle)
app.command("verify", cls=Command, epilog="Next: where something is wrong, stop writing and call a person.")(
    ledger.verify
)
app.command("rebuild", cls=Command, epilog="Next: safehands verify checks the ledger itself.")(ledger.rebuild)
app.command("erase", cls=Command, epilog="Next: safehands story CASE shows what is left.")(case.erase)
app.command("bench", cls=Command, epilog="Next: bench/RESULTS.md compares with other software.")(bench.bench)

if __name__ == "__main__":
    app()
