"""The command line in this process, over a store in memory: fast, and the same code but for the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from safehands.cli import home
from safehands.cli.main import app
from safehands.store.memory import MemoryStore

#: Six calls, for what needs a day but not the whole of the demonstration's.
SHORT_DAY = Path(__file__).with_name("short_day.toml")


@dataclass(frozen=True)
class Ran:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON object that it must be."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MemoryStore:
    """One store for every command of the test, as one installation has one database."""
    kept = MemoryStore()

    @contextmanager
    def in_memory(place: Path, environ: Mapping[str, str]) -> Iterator[MemoryStore]:
        place.mkdir(parents=True, exist_ok=True)
        yield kept

    monkeypatch.setattr(home, "store_of", in_memory)
    monkeypatch.setenv("SAFEHANDS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return kept


@pytest.fixture
def run(store: MemoryStore) -> Run:
    """Run a command: ``run("decide", "right-care", "Q6=intent")``."""

    def ran(*arguments: str, given: str | bytes | None = None) -> Ran:
        result = CliRunner().invoke(app, list(arguments), input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return ran
