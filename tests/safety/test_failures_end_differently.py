"""Each real failure ends differently here, and a second test takes out what makes the difference and sees the first one
fail.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safety import in_others_hands, on_the_call, over_time  # they register their scenarios
from safety.failures import FAILURES, Failure
from scenario import right_care, without

each = pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)


@each
def test_it_ends_differently(failure: Failure) -> None:
    failure.play(right_care())


@each
def test_without_what_makes_the_difference_it_does_not(failure: Failure, monkeypatch: pytest.MonkeyPatch) -> None:
    pathway = without(right_care(), *failure.rows) if failure.rows else right_care()
    for rule, instead in failure.instead.items():
        monkeypatch.setattr(rule, instead)
    with pytest.raises(AssertionError):
        failure.play(pathway)


def test_every_failure_is_played() -> None:
    assert {failure.number for failure in FAILURES} == set(range(1, 36))
    modules = {module.__name__ for module in (on_the_call, in_others_hands, over_time)}
    assert modules == {failure.play.__module__ for failure in FAILURES}


def test_the_hazard_log_knows_every_failure_and_names_only_scenarios_that_are_played() -> None:
    text = (Path(__file__).parents[2] / "docs" / "safety" / "hazard-log.md").read_text()
    first_cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    numbers = {int(n) for cell in first_cells for n in cell.split(",") if n.strip().isdigit()}
    assert numbers == set(range(1, 36))
    scenarios = {failure.play.__name__ for failure in FAILURES}
    assert scenarios == {name for name in re.findall(r"`([a-z_]+)`", text) if name in scenarios or name.count("_") > 3}
    assert f"{len(scenarios)} scenarios play all 35 failures" in text
