"""Closing and reopening, clocks and their ladders, concerns that come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from safehands.core import commands as c
from safehands.core.calendar import Calendar
from safehands.core.case import Clock, ClockStatus
from safehands.core.clocks import due, ladder
from safehands.core.events import StepDue
from safehands.core.evolve import after_step
from safehands.core.pathway import ClockSpec, FailSafe, Pathway, Trigger, Unit
from safehands.core.vocabulary import Ground, HappenedSource
from safehands.errors import BadInput, Stale
from scenario import CALM, FORM, PACK, Story, alone, instant, person, refused, right_care, transfer_taken, without

POL, SERGEANT, AMB, MHT = person("POL"), person("POL", "supervisor"), person("AMB", "dispatcher"), person("MHT", "desk")


def begun(pathway: Pathway | None = None, **said: object) -> Story:
    story = alone(pathway).at("10:00").opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


# ---- closing


def test_two_callers_and_only_one_is_told_that_nobody_comes_after_all() -> None:
    story = begun()
    story.at("10:01").joins(POL, "mother")
    story.decides(POL, 4)
    story.tells(POL, attending="yes")
    story.tells(POL, "mother", attending="yes")
    story.at("10:02").lowers(POL, 0, SERGEANT)
    story.tells(POL, attending="no")
    assert "caller_not_told" in story.concerns()
    with refused("close.told_attending"):
        story.closes(POL)
    story.tells(POL, "mother", attending="no")
    assert "caller_not_told" not in story.concerns()
    story.closes(POL)


def test_the_holder_closes_on_an_old_screen() -> None:
    story = transfer_taken(begun(), POL, AMB, "ambulance")
    with pytest.raises(Stale):
        story.does(AMB, c.CloseCase("POL", "done", "helped"))


def test_closed_without_a_word() -> None:
    story = begun()
    story.sees(POL)
    with pytest.raises(BadInput):
        story.closes(POL, reason="")


def test_who_took_a_transfer_closes_what_nobody_had_to_see() -> None:
    story = begun(need="mh")
    story.decides(POL, 2)
    transfer_taken(story, POL, MHT, "crisis_line")
    story.closes(MHT, reason="spoke for an hour; a plan is agreed")
    assert not story.case.is_open


def test_a_sighting_from_before_the_reopening_is_no_sighting_now() -> None:
    story = begun(view="yes")
    story.decides(POL, 4)
    story.sees(POL)
    story.closes(POL)
    story.tells(POL, attending="not_said", text="it is closed")
    story.at("11:00").does(POL, c.ReopenCase("the mother rang the front desk"))
    assert story.concluded == 3
    with refused("close.nobody_seen"):
        story.closes(POL)


def test_a_case_that_was_asked_about_is_not_out_of_scope() -> None:
    with refused("close.nobody_seen"):
        begun().closes(POL, "out_of_scope")


def test_an_export_says_closed_while_much_is_open() -> None:
    story = begun(view="yes")
    story.does(POL, c.AddTask("enquiry", "ring the hospital"))
    story.offers(POL, "AMB", "ambulance")
    story.does(POL, c.RecordArrival("unit-1", "POL"))
    story.does(POL, c.RecordArrival("unit-2", "POL"))
    story.does(POL, c.RecordRelease("unit-2"))
    story.does(POL, c.ProposeLowering(0, "calm", FORM))
    story.closes(POL, source=HappenedSource.EXPORT)
    assert story.case.open_tasks() == ()
    assert story.case.lowering is None
    assert story.concerns() >= {"person_not_seen"}
    story.check_sound()
    again = begun()
    again.closes(POL, source=HappenedSource.EXPORT)
    assert not again.case.is_open


def test_who_closes_when_the_word_was_another_ones() -> None:
    story = transfer_taken(begun(), POL, AMB, "ambulance")
    assert story.case.held_by_word_to() is None
    story.does(MHT, c.AssumeCase("AMB", Ground.DETAINED, "at the ward"))
    with refused("close.not_holder"):
        story.closes(POL)


# ---- clocks


def spec(**changed: object) -> ClockSpec:
    plain = ClockSpec("x", "X", Unit.ELAPSED, timedelta(hours=24), (Trigger("case_opened"),), (Trigger("case_closed"),))
    return replace(plain, **changed)  # type: ignore[arg-type]  # the tests' own shorthand


LONDON = Calendar("england", "Europe/London", frozenset({date(2026, 12, 25), date(2026, 12, 28)}), date(2026, 12, 31))
CALENDARS = {"england": LONDON}


def test_a_clock_change_adds_no_hour_and_takes_none() -> None:
    before = datetime(2026, 10, 24, 22, 40, tzinfo=UTC)
    assert due(spec(), before, {}) == before + timedelta(hours=24)
    spring = datetime(2026, 3, 28, 22, 40, tzinfo=UTC)
    assert due(spec(), spring, {}) == spring + timedelta(hours=24)


def test_civil_days_run_to_the_end_of_the_local_day() -> None:
    days = spec(unit=Unit.CIVIL_DAYS, days=1, calendar="england")
    assert due(days, datetime(2026, 10, 24, 12, tzinfo=UTC), CALENDARS) == datetime(2026, 10, 26, 0, tzinfo=UTC)
    assert due(days, datetime(2026, 3, 28, 12, tzinfo=UTC), CALENDARS) == datetime(2026, 3, 29, 23, tzinfo=UTC)


def test_working_days_and_the_end_of_the_calendar() -> None:
    days = spec(unit=Unit.WORKING_DAYS, days=2, calendar="england")
    assert due(days, datetime(2026, 12, 23, 12, tzinfo=UTC), CALENDARS) == datetime(2026, 12, 30, 0, tzinfo=UTC)
    assert due(days, datetime(2026, 12, 30, 12, tzinfo=UTC), CALENDARS) is None
    assert due(days, datetime(2026, 12, 23, 12, tzinfo=UTC), {}) is None
    assert ladder(days, datetime(2026, 12, 30, 12, tzinfo=UTC), None) == ()


def test_a_deadline_beyond_the_calendar_is_a_concern_and_the_command_goes_through() -> None:
    pathway = right_care()
    clocks = (*pathway.clocks, spec(id="letter", unit=Unit.WORKING_DAYS, days=10, calendar="england"))
    story = begun(replace(pathway, clocks=clocks))
    assert story.clock("letter").due_at is None
    assert "due_unknown" in story.concerns()
    story.does(POL, c.AddTask("enquiry", "ring"))


def test_a_repeating_step_gives_way_to_the_next_and_goes_on_after_the_last() -> None:
    start = datetime(2026, 2, 3, 12, tzinfo=UTC)

    def step(name: str, minutes: int, every: int | None = None) -> StepDue:
        return StepDue(name, start + timedelta(minutes=minutes), every * 60 if every else None)

    steps = (step("first", 10, 10), step("second", 25), step("breach", 60))
    clock = Clock("x", "x", "case", ClockStatus.RUNNING, start, None, steps, "concern", None, "first", steps[0].at)
    again = after_step(clock, "first", steps[0].at)
    assert (again.next_step, again.next_at) == ("first", start + timedelta(minutes=20))
    on = after_step(again, "first", start + timedelta(minutes=20))
    assert (on.next_step, on.next_at) == ("second", steps[1].at)
    assert after_step(on, "second", steps[1].at).next_step == "breach"
    assert after_step(on, "breach", steps[2].at).next_step is None


def test_half_time_is_a_step_and_the_clock_goes_on() -> None:
    story = begun()
    story.decides(POL, 4)
    story.at("10:31")
    assert story.clock("pri").next_step == "breach"
    story.at("11:01")
    assert story.clock("pri").status == "breached"
    story.sees(POL)
    assert story.clock("pri").status == "stopped"


def test_silence_is_asked_about_again_and_again_until_somebody_acts() -> None:
    story = transfer_taken(begun(), POL, AMB, "ambulance")
    story.at("10:10").does(AMB, c.RecordMilestone("dispatched"))
    story.at("10:16")
    assert "silence_after_acceptance" not in story.concerns()  # the clock counts from the last act of a person
    story.at("10:26")
    assert "silence_after_acceptance" in story.concerns()
    story.at("10:41")
    assert story.clock("silence").next_at == instant("10:55")
    story.does(AMB, c.TellCaller("case-caller", "we are late", "not_said"))
    assert "silence_after_acceptance" not in story.concerns()
    story.at("11:00")
    assert story.clock("silence").status == "running"


def test_a_clock_that_starts_again_with_each_start() -> None:
    pathway = right_care()
    loud = spec(id="loud", restarts=True, starts=(Trigger("answers_recorded"),))
    story = begun(replace(pathway, clocks=(loud,)))
    story.at("10:05").says(POL, view="unsure")
    assert story.clock("loud").started_at == instant("10:05")


def test_the_fail_safe_that_names_no_class() -> None:
    pathway = right_care()
    bare = spec(id="bare", length=timedelta(minutes=10), fail_safe=FailSafe.RAISE)
    story = begun(replace(pathway, clocks=(bare,))).at("10:11")
    assert story.decided == pathway.guarded_class


def test_the_fail_safe_of_a_lost_line_leaves_a_case_with_who_took_it() -> None:
    story = transfer_taken(begun(), POL, AMB, "ambulance")
    story.does(POL, c.DropContact("case-caller"))
    story.at("10:31")
    assert story.clock("callback").status == "breached"
    assert story.holder == "AMB"
    pathway = right_care()
    late = spec(id="late", length=timedelta(minutes=10), fail_safe=FailSafe.ASSUME)
    own = alone(replace(pathway, clocks=(late,))).at("10:00").opens(POL, about_own=True, reporter_agency="REP-clinic")
    own.at("10:11")
    assert own.holder == "POL"
    own.check_sound()


def test_a_timer_comes_too_late_for_a_stopped_clock() -> None:
    story = begun(view="yes")
    at = story.clock("guarded").next_at
    story.decides(SERGEANT, 3)
    assert at is not None
    with refused("timer.not_due"):
        story.falls_due(at, "case", "guarded", "breach")
    with refused("timer.not_due"):
        story.falls_due(at, "case", "nothing", "breach")


def test_a_fail_safe_that_comes_to_what_stands_already() -> None:
    bare = spec(id="bare", length=timedelta(minutes=10), fail_safe=FailSafe.RAISE)
    story = begun(replace(right_care(), clocks=(bare,)))
    story.decides(POL, 4)
    story.at("10:11")
    assert story.decided == 4
    assert story.clock("bare").status == "breached"


def test_a_clock_that_nothing_stops_ends_with_the_case() -> None:
    bare = spec(id="bare", stops=(Trigger("case_reopened"),))
    story = begun(replace(right_care(), clocks=(bare,)))
    story.decides(POL, 0)
    story.closes(POL)
    assert story.clock("bare").status == "stopped"


# ---- concerns


def test_nobody_asked_the_reporter() -> None:
    said = {name: value for name, value in CALM.items() if name != "view"}
    story = alone().at("10:00").opens(POL, said=said)
    story.does(POL, c.Conclude())
    assert "view_not_asked" in story.concerns()
    story.says(POL, view="unknown")
    assert "view_not_asked" not in story.concerns()


def test_the_caller_did_not_understand() -> None:
    story = begun()
    story.decides(POL, 0)
    story.tells(POL, attending="no", understood="no")
    assert "caller_did_not_understand" in story.concerns()
    story.tells(POL, attending="no", understood="yes")
    assert "caller_did_not_understand" not in story.concerns()


def test_somebody_has_to_get_in_and_nobody_has_the_task() -> None:
    story = begun(life="act", entry="forced")
    assert "entry_without_assignee" not in story.concerns()
    story.decides(POL, 6)
    assert "entry_without_assignee" in story.concerns()
    story.offers(POL, "FRS", "entry", task="entry")
    assert "entry_without_assignee" not in story.concerns()
    story.accepts(person("FRS", "desk"))
    story.does(POL, c.RecordMilestone("entry_made"))
    assert "entry_without_assignee" not in story.concerns()


def test_a_declined_offer_is_a_concern_until_something_else_happens() -> None:
    story = begun()
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(AMB, c.DeclineOffer(story.offer("AMB").offer, "no crew"))
    assert "offer_unanswered" in story.concerns()
    story.at("10:01").offers(POL, "MHT", "crisis_line", pack=PACK)
    assert "offer_unanswered" not in story.concerns()
    story.accepts(MHT)
    assert "offer_unanswered" not in story.concerns()


def test_a_concern_that_a_pathway_does_not_watch() -> None:
    story = begun(without(right_care(), "caller_not_told"))
    story.decides(POL, 0)
    assert "caller_not_told" not in story.concerns()


def test_a_task_of_the_kernel_without_a_promise() -> None:
    story = begun()
    story.does(POL, c.AddTask("enquiry", "ring"))
    task = story.task("enquiry").task
    story.tells(POL, attending="not_said", promise="we ring", promise_task=task)
    story.closes(POL, source=HappenedSource.EXPORT)
    assert "promise_without_task" in story.concerns()
