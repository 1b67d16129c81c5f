"""The program as a process, with the embedded database: empty homes, exit codes, Ctrl-C, and nothing left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import safehands

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-m", "safehands.cli.main"]


def environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return ours | {"SAFEHANDS_HOME": str(home), "PYTHONPATH": str(Path(safehands.__file__).parents[1])}


def run(home: Path, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(home), input=given, capture_output=True, text=True, check=False, timeout=120, cwd=home,
    )  # fmt: skip


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    return json.loads(done.stdout)


def server_runs(home: Path) -> bool:
    """Whether a server works on the data of this home, wherever that lies."""
    return any(
        str(home).encode() in (each / "cmdline").read_bytes() and b"postgres" in (each / "cmdline").read_bytes()
        for each in Path("/proc").iterdir()
        if each.name.isdigit() and (each / "cmdline").exists()
    )


def test_the_demonstration_without_a_terminal(home: Path) -> None:
    started = time.monotonic()
    done = run(home, "demo")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - started < 60
    assert "The desk's pages answer." in done.stderr
    assert "VERIFIED" in done.stdout
    assert "took the case from POL" in " ".join(done.stdout.split())
    assert not server_runs(home)
    again = answer(run(home, "demo", "--json"))
    assert again["verified"] is True
    assert again["replay"]["rows"] == again["replay"]["contacts"] + again["replay"]["refused"]
    assert set(again["offers"]) == {"accepted", "declined", "lapsed"}


def test_a_folder_that_no_demonstration_made_is_left_alone(home: Path) -> None:
    (home / "demo").mkdir()
    (home / "demo" / "thesis.txt").write_text("three years of work")
    done = run(home, "demo", "--json")
    assert done.returncode == 2
    assert answer(done)["error"]["kind"] == "BadInput"
    assert (home / "demo" / "thesis.txt").exists()


def test_each_command_makes_what_it_lacks_and_stops_it(home: Path) -> None:
    export = home / "calls.csv"
    done = run(home, "replay", str(export), "--map", "seattle-911", "--json")
    assert done.returncode != 0
    assert answer(done)["error"]
    assert answer(run(home, "status", "--json"))["pathways"][0]["pathway"] == "right-care"
    assert answer(run(home, "verify", "--json"))["verified"] is True
    assert run(home, "rebuild", "--check").returncode == 0
    assert not server_runs(home)


def test_commands_that_need_no_database_make_no_home(home: Path) -> None:
    empty = home / "nothing"
    environ = environment(empty)
    for arguments in (["pathway", "list"], ["decide", "right-care", "life=act"], ["pathway", "check", "right-care"]):
        assert subprocess.run([*PROGRAM, *arguments], env=environ, capture_output=True, check=False).returncode == 0
    assert not empty.exists()


def test_ctrl_c_stops_what_was_started(home: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "bench", "--seconds", "60"],
        env={**environment(home), "TMPDIR": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # Whoever runs these tests in the background may have told them to ignore what Ctrl-C sends.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    ) as process:  # fmt: skip
        for _ in range(200):
            if server_runs(home):
                break
            time.sleep(0.1)
        assert server_runs(home)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Stopped" in said
    assert not server_runs(home)


def test_whoever_read_our_output_goes_away(home: Path) -> None:
    lines = "".join(f'{{"id": {n}, "answers": {{}}}}\n' for n in range(20_000))
    (home / "calls.jsonl").write_text(lines)
    done = subprocess.run(
        f"{sys.executable} -m safehands.cli.main decide right-care --batch calls.jsonl | head -1",
        shell=True, env=environment(home), cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout)["id"] == 0
    assert "Traceback" not in done.stderr
