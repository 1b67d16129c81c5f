"""The demonstration at a terminal: it ends at a running desk, where the day plays at the chosen speed and the board
moves by itself."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

import safehands

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-m", "safehands.cli.main"]
GENEROUS = 120


def environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return ours | {"SAFEHANDS_HOME": str(home), "PYTHONPATH": str(Path(safehands.__file__).parents[1])}


@contextmanager
def demonstration(home: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``safehands demo`` with a terminal for its output: its desk's address, and the program."""
    here, there = pty.openpty()
    said = home / "said"
    with said.open("wb") as errors:
        program = subprocess.Popen(
            [*PROGRAM, "demo", "--port", "0", *arguments],
            stdin=there,
            stdout=there,
            stderr=errors,
            env=environment(home),
            cwd=home,
        )
    os.close(there)
    os.set_blocking(here, False)
    try:
        until = time.monotonic() + GENEROUS
        while (found := re.search(rb"The desk is at (\S+)", said.read_bytes())) is None:
            assert program.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            _drain(here)
            time.sleep(0.1)
        yield found[1].decode(), program
    finally:
        program.send_signal(signal.SIGINT)
        try:
            program.wait(GENEROUS)
        finally:
            program.kill()
            os.close(here)


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # nothing more to read now
        pass


def supervisor(address: str) -> Callable[[str], str]:
    """A browser that sat down at the board of the police."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def read(path: str, form: dict[str, str] | None = None) -> str:
        sent = urlencode(form).encode() if form is not None else None
        with browser.open(address + path, sent, timeout=60) as answer:
            return str(answer.read().decode())

    entrance = read("entrance/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', entrance)
    seat = re.search(r'action="/(entrance/\d+/)"(?:(?!</form>).)*Supervisor, POL', entrance, flags=re.DOTALL)
    assert token is not None
    assert seat is not None
    read(seat[1], {"csrfmiddlewaretoken": token[1]})
    return read


def test_the_day_plays_at_the_chosen_speed_and_the_board_moves(home: Path) -> None:
    with demonstration(home, "--speed", "600") as (address, program):
        read = supervisor(address)
        assert 'data-pace="600' in read("board/")
        boards, until = set(), time.monotonic() + GENEROUS
        while len(boards) < 4:  # cases come, are offered, and change hands
            assert time.monotonic() < until, "the board does not move"
            board = read("board/live/")
            boards.add(tuple(re.findall(r"/case/([0-9a-f-]+)/", board)) + tuple(re.findall(r"<strong>(\d+)", board)))
            time.sleep(0.25)
        assert any(boards)
    assert program.returncode == 0


def test_a_speed_that_nobody_could_follow_is_refused(home: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "demo", "--speed", "0"], capture_output=True, text=True, check=False, timeout=GENEROUS,
        env=environment(home), cwd=home,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--speed" in done.stderr
