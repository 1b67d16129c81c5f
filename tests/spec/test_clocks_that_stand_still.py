"""A clock that stands still: never without an end, and what stood still comes after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from refusals_right_care import begun, pausable
from safehands.core import commands as c
from safehands.core.case import ClockStatus
from safehands.errors import Refused
from safehands.pathways.calendars import shipped_calendars
from safehands.pathways.load import load, parse
from scenario import Story, alone, instant, names, person

POL = person("POL")


@pytest.fixture
def story() -> Story:
    return pausable(alone())


def test_a_pause_that_nobody_ended_ends_by_itself(story: Story) -> None:
    story.at("10:10").does(POL, c.PauseClock("pri", "road closed", instant("10:30")))
    still = story.case.clocks["pri"]
    assert (still.status, still.next_step, still.next_at) == (ClockStatus.PAUSED, "resume", instant("10:30"))
    story.at("10:30")
    runs = story.case.clocks["pri"]
    assert (runs.status, runs.due_at, runs.paused_at) == (ClockStatus.RUNNING, instant("11:20"), None)
    assert (runs.next_step, runs.next_at) == ("half_time", instant("10:50"))
    story.at("11:20")
    assert story.case.clocks["pri"].status is ClockStatus.BREACHED


def test_a_person_ends_a_pause_and_says_why(story: Story) -> None:
    story.at("10:40").does(POL, c.PauseClock("pri", "road closed", instant("11:00")))
    assert names(story.at("10:45").does(POL, c.ResumeClock("pri", "the road is open"))) == ["clock_resumed"]
    assert story.case.clocks["pri"].due_at == instant("11:05")
    with pytest.raises(Refused):
        story.does(POL, c.ResumeClock("pri", "again"))


def test_what_a_clock_waited_for_may_come_while_it_stands_still(story: Story) -> None:
    story.at("10:10").does(POL, c.PauseClock("pri", "road closed", instant("10:30")))
    story.at("10:20").does(POL, c.RecordArrival("unit-1", "POL", "at the door"))
    assert story.case.clocks["pri"].status is ClockStatus.STOPPED
    story.at("10:31")
    assert story.case.clocks["pri"].status is ClockStatus.STOPPED


def test_a_clock_that_stands_still_gets_no_more_time_besides(story: Story) -> None:
    story.at("10:10").does(POL, c.PauseClock("pri", "road closed", instant("10:30")))
    with pytest.raises(Refused, match="does not run"):
        story.does(POL, c.ExtendClock("pri", timedelta(minutes=5), "x"))


@pytest.mark.parametrize("calendars", [False, True])
def test_a_day_clock_beyond_its_calendar_is_unknown_and_the_command_goes_through(calendars: bool) -> None:
    label = 'id = "pri"\nlabel = "Priority response"\n'
    source = f'{label}length = "60 min"\nsteps = [{{ name = "half_time", after = "30 min" }}]\n'
    counted = (
        f'{label}unit = "working_days"\ndays = 1\ncalendar = "england-and-wales"\n'
        'pause = { longest = "24 h", reasons = ["road closed"] }\n'
    )
    text = load("right-care").text
    assert source in text
    pathway = parse(text.replace(source, counted))
    told = alone(pathway, calendars=shipped_calendars() if calendars else {})
    begun(told).decides(POL, 4)
    clock = told.case.clocks["pri"]
    assert (clock.due_at is not None) == calendars
    assert any(each.rule == "due_unknown" for each in told.case.open_concerns()) != calendars
    told.does(POL, c.PauseClock("pri", "road closed", told.now + timedelta(hours=24)))
    told.at(told.now + timedelta(hours=24))
    moved = told.case.clocks["pri"]
    assert moved.status is ClockStatus.RUNNING
    assert (moved.due_at is not None) == calendars
    if clock.due_at is not None and moved.due_at is not None:
        assert moved.due_at >= clock.due_at
