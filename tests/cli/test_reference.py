"""The reference pages: made from the code, complete, and not stale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import safehands
from safehands.cli import reference
from safehands.cli.settings import SETTINGS
from safehands.core.rules import RULES
from safehands.core.wire import NAME_OF


def test_no_page_is_stale() -> None:
    assert reference.main(["--check"]) == 0, "run: make reference"


def test_a_stale_page_is_named_and_then_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "PAGES", tmp_path / "pages")
    assert reference.main(["--check"]) == 1
    assert "docs/reference/rules.md is stale" in capsys.readouterr().err
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0


def test_every_event_and_every_rule_has_its_place() -> None:
    events, rules = reference.events(), reference.rules()
    assert all(f"## {name} " in events for name in NAME_OF.values())
    assert all(f"`{rule}`" in rules for rule in RULES)


def test_every_environment_variable_that_the_code_reads_is_told() -> None:
    source = "".join(file.read_text() for file in Path(safehands.__file__).parent.rglob("*.py"))
    read = set(re.findall(r"""environ(?:\.get\(|\[)"([A-Z_]+)\"""", source))
    assert read
    assert read <= set(SETTINGS)
