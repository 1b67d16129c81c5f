"""The tutorial works as it stands: its commands are run, in their order, by a shell, with the embedded database."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import safehands

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "first-handover.md"


@pytest.mark.slow
def test_every_command_of_the_tutorial_works(home: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 7
    program = f"{shlex.quote(sys.executable)} -m safehands.cli.main"
    script = f'set -e\nsafehands() {{ {program} "$@"; }}\n'
    for number, block in enumerate(blocks):
        if number == 4:  # the reader takes the reference from the end of the demonstration
            script += "CASE=$(cat case)\n"
        script += f"echo '== {number}'\n{block}"
        if number == 0:
            script += "ls first/demo/keys >/dev/null\n"
        if number == 1:
            script += f"{shlex.quote(sys.executable)} {shlex.quote(str(Path(__file__)))} > case\n"
    environ = os.environ | {"PYTHONPATH": str(Path(safehands.__file__).parents[1])}
    done = subprocess.run(
        ["sh", "-c", script], cwd=home, env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "found" in done.stdout.splitlines()
    assert done.stdout.count("VERIFIED.") >= 3
    assert "The live tables are what the ledger says." in done.stdout


def bridge() -> str:
    """The reference of the case of the bridge: the only one here with a place of safety."""
    from safehands.cli import home as homes

    with homes.opened() as service:
        wanted = [
            str(row["case_id"])
            for row in service.store.pictures("clock_picture", agency=None)
            if row["clock"] == "handover_hour"
        ]
        return str(service.case(wanted[0], agency=None).reference)


if __name__ == "__main__":
    print(bridge())
