"""Each real failure ends differently here, and a second test takes out what makes the difference and sees the first one fail."""

from __future__ import annotations

import pytest
from scenario import right_care, without

from safety import in_others_hands, on_the_call  # they register their scenarios
from safety.failures import FAILURES, Failure
from safety.later import LATER

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


def test_every_failure_is_prevented_or_has_its_part_named() -> None:
    played = {failure.number for failure in FAILURES}
    assert played | set(LATER) == set(range(1, 36))
    assert played.isdisjoint(LATER)
    assert {module.__name__ for module in (on_the_call, in_others_hands)} == {"safety.on_the_call", "safety.in_others_hands"}
