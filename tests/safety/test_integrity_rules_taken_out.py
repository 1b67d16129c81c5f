"""Each integrity rule makes the difference in its own story: without it, what went wrong goes unsaid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from material_builder import CALENDARS
from property.random_registers import Register
from safehands.core.records.material import absorb_all
from safehands.rulebook.integrity import RULES, IntegrityRules
from spec.replay_steps import STEPS
from spec.test_evidence_replay import played

#: The rules whose story the replay tells; the others are told by the registers that chance makes.
TOLD = {"R01", "R02", "R03", "R04", "R05", "R06", "R08", "R10", "R11", "R12", "R14", "R15", "R17", "R19"}


def said(rule: str, without: str | None) -> bool:
    """Whether a rule says anything at any step of the replay, or on any of some random registers."""
    rules = IntegrityRules(each for each in RULES if each.id != without)
    if rule in TOLD:
        return any(_replayed(rules, rule, timeline, number) for timeline in "AB" for number in (2, 7, 13))
    for seed in range(60):
        register = Register(seed)
        facts = [register.step() for _ in range(50)]
        at = register.now + timedelta(days=30)
        if any(each.rule == rule for each in rules.evaluate(absorb_all(facts), at, CALENDARS).values()):
            return True
    return False


def _replayed(rules: IntegrityRules, rule: str, timeline: str, number: int) -> bool:
    book, steps = played(timeline, number)
    at = steps[-1][2].at
    assert STEPS[number - 1].number == number
    return any(each.rule == rule for each in rules.evaluate(book.material, at, CALENDARS).values())


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_with_it_the_story_is_told_and_without_it_it_is_not(rule: str) -> None:
    assert said(rule, None)
    assert not said(rule, rule)
