"""``safehands serve``: the desk of an installation, for browsers, until Ctrl-C.

The desk is another layer above this one, so it is started as a program of its own that takes this one's place.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from safehands.cli import home


def serve(*, port: Annotated[int, typer.Option("--port", help="The port on this machine.")] = 8000) -> None:
    """Run the desk: pages for people, with the timers beside them. Needs nothing else running.

    It listens on this machine only. SAFEHANDS_HOSTS and SAFEHANDS_TLS say how people reach it from elsewhere, through a
    server in front that ends TLS; SAFEHANDS_OIDC names the identity providers of agencies.
    """
    become_desk(["--home", str(home.home_of()), "--port", str(port)])


def administrator(
    account: Annotated[str, typer.Argument(help="The account: a pseudonym, it goes into the ledger. lead.pol")],
    *,
    agency: Annotated[str, typer.Option("--agency", help="The agency's code: its role, then a name. POL, AMB-east")],
    name: Annotated[str, typer.Option("--name", help="What the agency is called, where it is new here.")] = "",
) -> None:
    """Name an administrator of an agency, the first one or another. Everybody else gets a seat from them, on the desk.

    It shows a code that sets their password, once. A lost administrator is helped the same way: name them again.
    """
    asked = ["--home", str(home.home_of()), "--agency", agency, "--name", name, "--account", account]
    sys.stdout.flush()
    raise typer.Exit(subprocess.run([sys.executable, "-m", "safehands.site.first", *asked], check=False).returncode)


def become_desk(arguments: Sequence[str]) -> NoReturn:
    """This process becomes the desk: its signals and its exit code are the desk's."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, _desk(arguments))  # noqa: S606 - our own program, and no shell between


def desk_answers(place: Path) -> bool:
    """Start the demonstration's desk in ``place``, ask for its pages as a browser would, stop it; whether all
    answered."""
    return subprocess.run(_desk(["--home", str(place), "--demo", "--check"]), check=False, timeout=300).returncode == 0


def _desk(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "safehands.site", *arguments]
