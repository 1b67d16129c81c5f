"""The replay of the evidence-review sheet, section 4, on the integrity rules: what is said at each dated step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from material_builder import CALENDARS, CPS, POL, Book, day
from safehands.core.events import ConcernRaised
from safehands.core.records.findings import Finding
from safehands.core.records.ladder import rung
from safehands.core.records.material import EMPTY, absorb_all
from safehands.core.records.reading import as_of, now
from safehands.core.records.vocabulary import Rung
from safehands.rulebook.integrity import INTEGRITY
from safehands.rulebook.integrity.standing import Standing
from spec.replay_steps import COLUMN_RULES, STEPS, Step

GOLDEN = Path(__file__).parent.parent / "golden" / "integrity-replay.txt"
each_timeline = pytest.mark.parametrize("timeline", ["A", "B"])


@cache
def played(timeline: str, until: int = 18) -> tuple[Book, tuple[tuple[Step, Standing, Standing], ...]]:
    """A timeline up to a step, by ``advance`` alone: the facts, and of each step what was true before and after."""
    book, material, standing = Book(), EMPTY, INTEGRITY.evaluate(EMPTY, day("2005-01-01"), CALENDARS)
    steps = []
    for step in STEPS[:until]:
        book.on(step.on)
        facts = [book.add(told.event, happened=told.happened, agency=told.agency) for told in step.told(timeline)]
        before, material = material, absorb_all(facts, material)
        after = INTEGRITY.advance(standing, before, material, facts, at=day(step.on), calendars=CALENDARS)
        steps.append((step, standing, after))
        standing = after
    return book, tuple(steps)


def after(timeline: str, number: int) -> Standing:
    return played(timeline)[1][number - 1][2]


def changes(
    before: Mapping[str, Finding | ConcernRaised], now_: Mapping[str, Finding | ConcernRaised]
) -> Iterator[str]:
    """What a step changed, in the column's words."""

    def grade(finding: Finding | ConcernRaised) -> str:
        return f"{finding.letter}{finding.grade}{'' if finding.knowable_then else '*'}"

    for name in sorted({*before, *now_}):
        was, is_ = before.get(name), now_.get(name)
        words = name.replace("/", " ", 1)
        if is_ is None:
            yield f"closed {words}"
        elif was is None:
            yield f"raised {words} {grade(is_)}"
        elif grade(was) != grade(is_):
            yield f"regraded {words} {grade(is_)}"


def rule_of(line: str) -> str:
    return line.split()[1]


@each_timeline
@pytest.mark.parametrize("number", range(1, 19))
def test_each_step_says_exactly_what_the_column_says(timeline: str, number: int) -> None:
    step, before, now_ = played(timeline)[1][number - 1]
    said = [line for line in changes(before, now_) if rule_of(line) in COLUMN_RULES]
    assert sorted(said) == sorted(step.says(timeline))


@each_timeline
def test_what_the_other_rules_add_is_on_file_with_a_reason(timeline: str) -> None:
    lines = [line for line in GOLDEN.read_text().splitlines() if line and not line.startswith("#")]
    reasons = dict(re.split(r" +\| +", line, maxsplit=1) for line in lines if line.startswith(timeline))
    added = [
        f"{timeline} {step.number:02} {line}"
        for step, before, now_ in played(timeline)[1]
        for line in changes(before, now_)
        if rule_of(line) not in COLUMN_RULES
    ]
    assert added == list(reasons)
    assert all(len(reason) > 20 for reason in reasons.values())


@each_timeline
@pytest.mark.parametrize("number", range(1, 19))
def test_step_by_step_is_what_the_whole_says(timeline: str, number: int) -> None:
    book, _ = played(timeline)
    known = [fact for fact in book.facts if fact.recorded_at <= day(STEPS[number - 1].on)]
    whole = INTEGRITY.evaluate(absorb_all(known), day(STEPS[number - 1].on), CALENDARS)
    # Steps 17 and 18 are of one day.
    assert dict(after(timeline, 18 if number == 17 else number)) == dict(whole)


def test_acceptance_1_the_missing_recording_is_asked_for_with_no_feed_from_the_police() -> None:
    finding = after("A", 2)["R02/AB1A"]
    assert finding.letter == "a"
    assert finding.note == "where is the source?"
    assert "AB1" not in played("A", 2)[0].material.records


def test_acceptance_2_the_answer_that_leaves_out_the_recording_is_seen_as_it_is_given() -> None:
    said = after("B", 6)
    assert said["R04/Q1:AB1"].knowable_then
    assert said["R05/T1:AB1"].grade == 1


def test_acceptance_3_at_its_late_registration_exactly_the_eleven_and_the_late_entry() -> None:
    _, before, now_ = played("A")[1][12]
    raised = [line for line in changes(before, now_) if line.startswith("raised")]
    assert len([line for line in raised if rule_of(line) in COLUMN_RULES]) == 11
    assert [line for line in raised if rule_of(line) == "R19"] == ["raised R19 AB1 a4*"]
    assert now_["R19/AB1"].note == "7501 days"


@each_timeline
def test_acceptance_4_nothing_disappears_when_the_recording_is_seen_at_last(timeline: str) -> None:
    for step, before, now_ in played(timeline)[1][14:16]:
        assert set(before) <= set(now_), step.title


def test_acceptance_5_what_did_the_register_say_on_the_day_of_the_first_review() -> None:
    whole = played("A")[0].material
    on_that_day = dict(after("A", 7))
    at_its_root = as_of(whole, seq=whole.decisions["D1"].seq)
    assert dict(INTEGRITY.evaluate_as_of(at_its_root, day("2019-06-10"), CALENDARS)) == on_that_day
    by_the_clock = as_of(whole, instant=day("2019-06-10"))
    assert dict(INTEGRITY.evaluate_as_of(by_the_clock, day("2019-06-10"), CALENDARS)) == on_that_day


def test_the_question_stayed_open_for_7494_days() -> None:
    asked = after("A", 2)["R02/AB1A"].first_true_at
    assert (day("2023-02-06") - asked).days == 6584
    assert (day("2025-08-04") - asked).days == 7494
    assert "R02/AB1A" in after("A", 12)


def test_the_second_review_stands_on_the_same_orphan() -> None:
    material = played("A")[0].material
    both = {material.decisions["D1"].seq, material.decisions["D2"].seq}
    assert both <= set(after("A", 12)["R02/AB1A"].because)


@pytest.mark.parametrize(("open_from", "request_", "step"), [("2019-03-19", "Q1", 5), ("2023-02-21", "Q2", 10)])
def test_an_unanswered_request_is_told_by_the_day_alone(open_from: str, request_: str, step: int) -> None:
    book, steps = played("A", step)
    standing = steps[-1][2]

    def told(at: datetime) -> bool:
        moved = INTEGRITY.advance(standing, book.material, book.material, [], at=at, calendars=CALENDARS)
        return f"R06/{request_}" in moved

    midnight = day(f"{open_from} 00:00")
    assert not told(replace_second(midnight))
    assert told(midnight)


def replace_second(moment: datetime) -> datetime:
    """A second earlier."""
    return datetime.fromtimestamp(moment.timestamp() - 1, moment.tzinfo)


def test_available_and_not_shared_are_both_true() -> None:
    def at(timeline: str, on: str, record: str, agency: str = CPS, person: str = "") -> Rung:
        return rung(now(played(timeline)[0].material), record, agency, day(on), person=person)

    assert at("B", "2005-02-03", "AB1A") is Rung.DELIVERED
    assert at("B", "2019-06-10", "AB1", POL) is Rung.DELIVERED
    assert at("B", "2019-06-10", "AB1") is Rung.UNKNOWN
    assert at("B", "2025-08-14", "AB1") is Rung.DELIVERED
    assert at("B", "2025-09-05", "AB1", person="P3") is Rung.VIEWED_FULL
    assert at("B", "2025-09-05", "AB1", person="P2") is Rung.UNKNOWN


def test_a_letter_that_says_the_first_review_saw_it_is_contradicted() -> None:
    book = Book()
    book.facts = list(played("A")[0].facts)
    last = book.facts[-1]
    book.facts[-1] = replace(last, event=replace(last.event, decision="D1"))
    assert book.says("R08", "2025-09-09")["L3:AB1"] == "c1"
