"""A case worked on paper while the screen was gone, entered two hours later (docs/how-to/work-from-paper.md)."""

from __future__ import annotations

from datetime import timedelta

from safehands.core import commands as c
from safehands.core.events import ClockBreached
from safehands.core.vocabulary import HappenedSource
from scenario import CALM, FORM, PACK, Story, in_use, instant, person, refused

POL, AMB = person("POL"), person("AMB", "dispatcher")
LATE = HappenedSource.LATE


def typed() -> Story:
    """The screen is back at 12:00; the card says 10:00."""
    story = in_use().at("12:00")
    contact = story.contact(POL, received_at=instant("10:00"))
    story.does(POL, c.TakeContact("SH-paper", contact, story.answers(POL, CALM)), happened="10:00", source=LATE)
    story.does(POL, c.Conclude(), happened="10:02", source=LATE)
    story.does(POL, c.Decide(0, 0, FORM), happened="10:04", source=LATE)
    return story


def test_each_line_keeps_its_own_time_and_says_that_it_came_late() -> None:
    story = typed()
    entries = story.engine.entries("case")
    late = [each.envelope for each in entries if each.envelope.happened_source is LATE]
    assert len(late) == len(entries)
    assert {each.recorded_at for each in late} == {instant("12:00")}
    assert [each.happened_at for each in late] == sorted(each.happened_at for each in late)
    assert story.case.opened_at == instant("10:00")


def test_the_agency_held_it_from_the_first_second_on_paper() -> None:
    story = typed()
    assert story.case.holdings[0].since == instant("10:00")
    assert story.custody().unowned_microseconds == 0


def test_an_acceptance_by_telephone_is_entered_by_word() -> None:
    story = typed()
    story.does(POL, c.OfferHandover("AMB", "ambulance", "please take this", PACK), happened="10:05", source=LATE)
    offer = story.offer("AMB")
    command = c.AcceptByWord(offer.offer, "duty manager 4", "duty manager", "CAD 17")
    story.does(POL, command, happened="10:09", source=LATE)
    assert story.case.holder == "AMB"
    assert story.case.holdings[-1].since == instant("10:09")
    assert "word_unconfirmed" in story.concerns() or not story.offer("AMB").confirmed


def test_a_clock_that_ran_out_on_paper_shows_when_it_ran_out() -> None:
    story = in_use().at("12:00")
    contact = story.contact(POL, received_at=instant("10:00"))
    story.does(POL, c.TakeContact("SH-paper", contact, story.answers(POL, CALM)), happened="10:00", source=LATE)
    story.at("12:01")
    reached = [each for each in story.engine.entries("case") if each.envelope.happened_source is HappenedSource.TIMER]
    assert reached[0].envelope.happened_at == instant("10:00") + timedelta(minutes=5)
    assert isinstance(reached[0].event, ClockBreached)


def test_a_line_from_before_the_case_began() -> None:
    with refused("time.before_opening"):
        typed().does(POL, c.RecordMilestone("person_seen", "seen"), happened="09:59", source=LATE)
