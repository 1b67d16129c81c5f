"""A program of its own for one side of a comparison: Django is set up once in a process, and two sides are two Djangos.

The child prints one line of JSON when it is ready, and one for each line that it is given: how long each of what was
asked for took, in seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any


class Child:
    """The running program, seen from the parent."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.ready: dict[str, Any] = self._line()

    def ask(self, what: str, times: int) -> list[float]:
        """Seconds that each of ``times`` requests of this kind took."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what} {times}\n")
        self._process.stdin.flush()
        seconds: list[float] = self._line()["seconds"]
        return seconds

    def told(self, what: str) -> dict[str, Any]:
        """What it tells when asked for ``what`` once."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what} 1\n")
        self._process.stdin.flush()
        answer = self._line()
        self._line()
        return answer

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def child(module: str, *arguments: str) -> Iterator[Child]:
    """``python -m module arguments`` while the block lasts; its input's end is its end."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Child(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


def tell(**told: Any) -> None:
    """One line to the parent."""
    print(json.dumps(told), flush=True)


def serve(kinds: Mapping[str, Callable[[], object]]) -> None:
    """In the child: do what the parent asks for, until it has no more."""
    for line in sys.stdin:
        what, times = line.split()
        seconds = []
        for _ in range(int(times)):
            start = perf_counter()
            kinds[what]()
            seconds.append(perf_counter() - start)
        tell(seconds=seconds)


def percentile(seconds: list[float], share: float = 0.95) -> float:
    """The smallest of them that ``share`` of them do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]
