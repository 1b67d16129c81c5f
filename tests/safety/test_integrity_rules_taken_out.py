"""Each integrity rule makes the difference in its own story: without it, what went wrong goes unsaid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from material_builder import CALENDARS
from safehands.core.records.findings import RULES as IDS
from safehands.rulebook.integrity import RULES, IntegrityRules
from safety.integrity_stories import STORIES
from spec.replay_steps import STEPS
from spec.test_evidence_replay import played

#: The rules whose story the replay tells too.
REPLAYED = {"R01", "R02", "R03", "R04", "R05", "R06", "R08", "R10", "R11", "R12", "R14", "R15", "R17", "R19"}


def told(rule: str, without: str | None = None) -> set[str]:
    """What a rule says at the end of its own story: letter and grade; with one rule taken out of the book of rules."""
    book = STORIES[rule][0]()
    rules = IntegrityRules(each for each in RULES if each.id != without)
    found = rules.evaluate(book.material, book.today + timedelta(minutes=1), CALENDARS).values()
    return {f"{each.letter}{each.grade}" for each in found if each.rule == rule}


def replayed(rule: str, without: str | None = None) -> bool:
    """Whether a rule says anything at three steps of the replay, in either of its timelines."""
    rules = IntegrityRules(each for each in RULES if each.id != without)
    return any(_replayed(rules, rule, timeline, number) for timeline in "AB" for number in (2, 7, 13))


def _replayed(rules: IntegrityRules, rule: str, timeline: str, number: int) -> bool:
    book, steps = played(timeline, number)
    at = steps[-1][2].at
    assert STEPS[number - 1].number == number
    return any(each.rule == rule for each in rules.evaluate(book.material, at, CALENDARS).values())


def test_each_rule_has_a_story_but_the_clocks_own() -> None:
    assert {*STORIES, "R16"} == set(IDS)
    assert set(STORIES) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", STORIES)
def test_with_it_the_story_is_told_and_without_it_it_is_not(rule: str) -> None:
    assert told(rule) == {STORIES[rule][1]}
    assert told(rule, without=rule) == set()


@pytest.mark.parametrize("rule", STORIES)
def test_no_other_rule_is_needed_for_it(rule: str) -> None:
    for other in STORIES:
        assert other == rule or told(rule, without=other) == told(rule), other


@pytest.mark.parametrize("rule", sorted(REPLAYED))
def test_in_the_replay_too(rule: str) -> None:
    assert replayed(rule)
    assert not replayed(rule, without=rule)
