"""A PostgreSQL server for every test that needs one: ``pg_server``, one for the whole run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from safehands.store.embedded import EmbeddedServer, running, stop_now


@pytest.fixture(scope="session")
def pg_server() -> Iterator[EmbeddedServer]:
    """An embedded server in a home of its own, without protection against power cuts (fast). Shared by all tests:
    make your own database and roles, and drop them."""
    home = Path(tempfile.mkdtemp(prefix="safehands-test-"))
    home.chmod(0o711)
    try:
        with running(home, durable=False) as server:
            yield server
    finally:
        shutil.rmtree(home)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home that the server's user can pass through (pytest's own temporary folders are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix="safehands-test-"))
    folder.chmod(0o711)
    yield folder
    stop_now(folder)
    shutil.rmtree(folder)
