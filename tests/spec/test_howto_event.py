"""The how-to about adding an event names places and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safehands import codec
from safehands.core import events
from safehands.service import erasure, rebuild

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-an-event.md").read_text("utf-8")
PLACES = sorted(set(re.findall(r"`((?:src|tests|docs)/[\w./-]+|CHANGELOG\.md)`", PAGE)))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_named_is_there(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("src/safehands/core/events.py", "CaseEvent ="),
        ("src/safehands/core/commands.py", "Command ="),
        ("src/safehands/core/evolve.py", "assert_never"),
        ("src/safehands/core/decide/__init__.py", "assert_never"),
        ("src/safehands/service/story.py", "assert_never"),
        ("tests/unit/test_story.py", "TOLD"),
        ("tests/stateful/test_any_agency_does_anything.py", "def commands("),
        ("tests/refusals.py", "REFUSALS"),
    ],
)
def test_a_word_that_the_page_relies_on_is_in_its_file(file: str, word: str) -> None:
    assert word in (ROOT / file).read_text("utf-8")


def test_the_names_in_the_code_are_those_on_the_page() -> None:
    assert {"CODED", "UNFOLDED", "VERSIONS", "UPCASTERS", "redact", "CaseEvent"} <= set(re.findall(r"`(\w+)`", PAGE))
    assert erasure.CODED
    assert rebuild.UNFOLDED
    assert isinstance(codec.VERSIONS, dict)
    assert isinstance(codec.UPCASTERS, dict)


def test_the_event_on_the_page_is_not_there_yet() -> None:
    """The example stays an example: if it is ever added, the page needs another."""
    (example,) = re.findall(r"(?m)^class (\w+):$", PAGE)
    assert not hasattr(events, example)
