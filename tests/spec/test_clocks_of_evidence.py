"""The clocks and tables of evidence-review, in use: who is told by when, and what stands still until somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safehands.core import commands as c
from safehands.core.case import Clock
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.pathways.calendars import ENGLAND_AND_WALES, shipped_calendars
from safehands.pathways.load import load
from scenario import Story, alone, in_use, person

POL, CPS = person("POL-northshire", "investigator"), person("CPS-midshire", "prosecutor")
CALENDAR = shipped_calendars()[ENGLAND_AND_WALES]
#: A case in which nothing is waited for but a decision.
PLAIN: dict[str, object] = {
    "matter": "question", "category": "green", "target": "twenty_eight", "account": "yes", "source": "seen",
    "ends": "no", "open": "no", "new": "no", "disposal": "no", "contradiction": "no", "review": "none",
    "enhanced": "no", "standing": "victim", "finished": "no",
}  # fmt: skip


@pytest.fixture
def story() -> Story:
    return alone(load("evidence-review"), calendars=shipped_calendars())


def begun(story: Story, **said: object) -> Story:
    """The police have a case in which this is so, on Tuesday 3 February 2026."""
    story.at("10:00").opens(POL, said={**PLAIN, **said})
    return story


def last_day(clock: Clock) -> str:
    assert clock.due_at is not None
    return CALENDAR.last_day(clock.due_at).isoformat()


def test_a_victim_with_enhanced_rights_is_told_within_one_working_day(story: Story) -> None:
    begun(story, enhanced="yes").does(POL, c.RecordMilestone("arrested"))
    assert last_day(story.case.clocks["code_step"]) == "2026-02-04"
    story.does(POL, c.RecordMilestone("victim_told"))
    assert not story.case.clocks["code_step"].counts


def test_until_somebody_asks_the_shorter_time_counts_and_then_the_right_one(story: Story) -> None:
    begun(story, enhanced="not_asked").does(POL, c.RecordMilestone("arrested"))
    assert last_day(story.case.clocks["code_step"]) == "2026-02-04"
    story.at("11:00").says(POL, enhanced="no", conclude=False)
    assert last_day(story.case.clocks["code_step"]) == "2026-02-10"
    story.says(POL, category="red", conclude=False)
    assert last_day(story.case.clocks["code_step"]) == "2026-02-10"


def test_a_charging_target_that_nobody_set_is_the_shortest(story: Story) -> None:
    begun(story, target="unknown").does(POL, c.RecordMilestone("file_submitted"))
    assert last_day(story.case.clocks["charging"]) == "2026-02-08"


@pytest.mark.parametrize(
    ("milestone", "clock", "last"),
    [
        ("prosecutor_complied_crown", "defence_crown", "2026-03-02"),
        ("prosecutor_complied_magistrates", "defence_magistrates", "2026-02-16"),
        ("bail_granted", "bail", "2026-05-02"),
        ("pilot_review_asked", "review_pilot", "2026-03-03"),
        ("reported", "support", "2026-02-05"),
    ],
)
def test_when_each_period_ends(story: Story, milestone: str, clock: str, last: str) -> None:
    begun(story).does(POL, c.RecordMilestone(milestone))
    assert last_day(story.case.clocks[clock]) == last


def test_continuing_disclosure_is_looked_at_again_until_the_case_ends(story: Story) -> None:
    begun(story).does(POL, c.RecordMilestone("prosecutor_complied_crown"))
    story.at("+7 10:00").does(POL, c.RecordMilestone("disclosure_looked_at_again"))
    assert last_day(story.case.clocks["continuing_disclosure"]) == "2026-03-10"
    story.does(POL, c.RecordMilestone("acquitted"))
    assert not story.case.clocks["continuing_disclosure"].counts


def test_the_tables_stop_before_a_case_is_ended_on_a_copy_alone(story: Story) -> None:
    begun(story, ends="yes", source="not_told").does(POL, c.Conclude())
    assert story.case.conclusion is not None
    assert (story.case.conclusion.outcome, story.case.conclusion.row) == (4, "S3")


def test_beyond_the_last_bank_holiday_the_end_is_unknown_a_concern_and_the_command_goes_through() -> None:
    story = alone(load("evidence-review"), calendars=shipped_calendars())
    story.now = datetime(2028, 12, 22, 10, tzinfo=UTC)
    story.opens(POL, said=PLAIN)
    story.does(POL, c.RecordMilestone("arrested"))
    assert story.case.clocks["code_step"].due_at is None
    assert "due_unknown" in {each.rule for each in story.case.open_concerns()}


def in_service(**asked: Any) -> Story:
    """The prosecutors have a case; a decision of ten days before is entered late, and a victim asks for a review."""
    story = in_use(load("evidence-review")).at("10:00").opens(CPS, said=PLAIN)
    made = story.now - timedelta(days=10)
    kinds: dict[str, Any] = {"kind": v.DecisionKind.NFA_CPS, "made_at": made} | asked
    story.does(
        CPS,
        r.DecideOnMaterial(
            decision="D1", test=v.Test.FULL_CODE, stage=v.Stage.EVIDENTIAL, outcome="no further action",
            reasons="as the letter says", decider="P1", basis_known=False, legacy=True, **kinds,
        ),
    )  # fmt: skip
    story.does(CPS, r.RecordStanding("party-1", v.Standing.VICTIM, "the victim"))
    story.does(CPS, r.RequestVictimReview("D1", v.Scheme.CPS, "party-1", "vr1", story.now))
    return story


def test_a_victims_review_has_a_clock_of_its_own_that_may_stand_still_for_a_reason() -> None:
    story = in_service()
    assert last_day(story.case.clocks["review_ack_cps/vr1"]) == "2026-02-17"
    assert last_day(story.case.clocks["review_outcome_cps/vr1"]) == "2026-03-17"
    story.does(CPS, r.MoveVictimReview("vr1", "acknowledged"))
    assert not story.case.clocks["review_ack_cps/vr1"].counts
    until = story.now + timedelta(days=7)
    story.does(CPS, c.PauseClock("review_outcome_cps/vr1", "waiting_for_material", until))
    story.at("+7 10:00")
    assert last_day(story.case.clocks["review_outcome_cps/vr1"]) == "2026-03-24"
    story.does(CPS, r.MoveVictimReview("vr1", "closed"))
    assert not story.case.clocks["review_outcome_cps/vr1"].counts


def test_a_decision_too_old_for_the_scheme_still_has_somebody_told_which_way_is_open() -> None:
    story = in_service(made_at=datetime(2005, 9, 12, tzinfo=UTC))
    assert {name for name, clock in story.case.clocks.items() if name.endswith("/vr1") and clock.counts} == {
        "review_other_way/vr1"
    }
    assert last_day(story.case.clocks["review_other_way/vr1"]) == "2026-02-17"
