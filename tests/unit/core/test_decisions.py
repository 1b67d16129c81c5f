"""Decisions: named people, the floor under them, raising at will, lowering by two, and the clock that decides when
nobody does.
"""

from __future__ import annotations

import pytest

from safehands.core import commands as c
from safehands.core.vocabulary import Ground
from safehands.errors import BadInput, Stale
from scenario import CALM, FORM, Story, alone, instant, names, person, refused, transfer_taken

POL, POL2, SERGEANT = person("POL"), person("POL", n=2), person("POL", "supervisor")
AMB = person("AMB", "dispatcher")


def begun(**said: object) -> Story:
    story = alone().at("10:00").opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


def test_every_field_of_the_form_is_demanded_at_once() -> None:
    story = begun()
    with pytest.raises(BadInput) as said:
        story.decides(POL, 0, form={"gossip": "none"})
    assert len(said.value.faults) == 1 + len(FORM)


def test_going_needs_no_form() -> None:
    assert names(begun().decides(POL, 4, form={}))[0] == "decision_made"


def test_a_class_decided_on_an_old_screen() -> None:
    story = begun()
    story.says(POL, view="yes")
    with pytest.raises(Stale, match="class 3"):
        story.does(POL, c.Decide(4, believes=0))


def test_raising_is_one_command_and_never_to_less_than_the_tables_say() -> None:
    story = begun(life="intent")
    with refused("decision.raise_to"):
        story.does(POL, c.Raise(4, "going"))
    story.does(POL, c.Raise(6, ""))
    assert story.decided == 6


def test_raising_beside_the_form_to_close() -> None:
    story = begun()
    with refused("decision.raise_to"):
        story.does(POL, c.Raise(0, ""))
    story.does(POL, c.Raise(3, "something is not right"))
    assert story.clock("guarded").status == "running"
    story.at("10:06")
    assert story.decided == 4


def test_two_people_lower_and_one_raises_again() -> None:
    story = begun(life="intent").lowers(POL, 2, SERGEANT)
    assert story.decided == 2
    assert "decision_below_conclusion" not in story.concerns()
    assert "caller_not_told" in story.concerns()
    story.does(POL, c.Raise(3, "second thoughts"))
    assert story.decided == 3
    story.at("10:01").decides(POL, 4)
    assert story.decided == 4


def test_the_tables_speak_after_a_lowering_and_the_floor_is_theirs_again() -> None:
    story = begun(life="intent").lowers(POL, 2, SERGEANT)
    story.says(POL, harm="yes")
    assert "decision_below_conclusion" in story.concerns()
    with refused("decision.lower"):
        story.decides(POL, 2)


def test_a_lowering_waits_while_risk_rises_or_somebody_decides_or_raises() -> None:
    for between in ("risk", "decide", "raise", "another"):
        story = begun(view="yes")
        story.does(POL, c.ProposeLowering(0, "calm again", FORM))
        first = story.case.lowering
        assert first is not None
        if between == "risk":
            story.says(POL, life="intent")
        elif between == "decide":
            story.decides(POL2, 4)
        elif between == "raise":
            story.does(POL2, c.Raise(5, "worse"))
        else:
            story.does(POL2, c.ProposeLowering(1, "calm again", FORM))
        with refused("lowering.none"):
            story.does(SERGEANT, c.ConfirmLowering(first.proposal))


def test_a_lowering_falls_when_nobody_decides_in_time() -> None:
    story = begun(view="yes")
    story.does(POL, c.ProposeLowering(0, "calm again", FORM))
    story.at("10:06")
    assert story.case.lowering is None
    assert story.decided == 4


def test_the_second_person_says_no() -> None:
    story = begun(view="yes")
    story.does(POL, c.ProposeLowering(0, "calm again", FORM))
    assert story.case.lowering is not None
    story.does(SERGEANT, c.DeclineLowering(story.case.lowering.proposal, "not yet"))
    assert story.case.lowering is None


def test_lowering_without_a_word() -> None:
    with pytest.raises(BadInput):
        begun(view="yes").does(POL, c.ProposeLowering(0, " ", FORM))


def test_silence_in_any_class_fails_towards_help() -> None:
    for said, later, decided in (
        ({}, "10:31", 3), ({}, "10:36", 4), ({"view": "yes"}, "10:06", 4), ({"life": "intent"}, "10:06", 5),
        ({"life": "act"}, "10:06", 6), ({"need": "mh"}, "10:36", 4),
    ):  # fmt: skip
        story = begun(**said).at(later)
        assert story.decided == decided, said
        story.check_sound()


def test_a_receiver_that_goes_takes_the_case_from_the_reporters_agency_only() -> None:
    clinic = person("REP-clinic", "desk")
    about = {"about_own": True, "reporter_agency": "REP-clinic"}
    story = alone().at("10:00").opens(POL, said={**CALM, "prof": "health", "enq": ["incomplete"]}, **about)
    story.does(POL, c.Conclude())
    story.offers(POL, "REP-clinic", "return")
    story.does(clinic, c.AcceptOffer(story.offer("REP-clinic").offer, "POL"))
    assert story.holder == "REP-clinic"
    story.says(POL, view="yes", resp="none", ooc="yes")
    story.decides(clinic, 5)
    assert story.holder == "REP-clinic"  # the holder's own decision gives nobody the case
    story.does(POL, c.Raise(6, "we go"))
    assert story.holder == "POL"


def test_the_receiver_goes_as_well_and_leaves_the_case_with_who_took_it() -> None:
    story = transfer_taken(begun(), POL, AMB, "ambulance")
    story.decides(POL, 5)
    assert story.holder == "AMB"
    assumed = begun()
    assumed.does(AMB, c.AssumeCase("POL", Ground.PROFESSIONAL_JUDGEMENT, "with them"))
    assumed.decides(POL, 4)
    assert assumed.holder == "AMB"


def test_the_clock_takes_a_professionals_case_to_the_receiver() -> None:
    about = {"about_own": True, "reporter_agency": "REP-clinic"}
    story = alone().at("10:00").opens(POL, said={**CALM, "view": "yes"}, **about)
    story.does(POL, c.Conclude())
    story.at("10:06")
    assert story.holder == "POL"
    assert story.case.holdings[0].until == instant("10:05")
    story.check_sound()


def test_a_promise_makes_a_duty_and_the_tables_are_asked_again() -> None:
    story = begun()
    story.decides(POL, 4)
    story.tells(POL, attending="yes")
    assert (story.concluded, story.row) == (4, "A8")
    assert story.clock("pri").status == "running"


def test_a_breach_after_somebody_decided_raises_nothing() -> None:
    story = begun(view="yes")
    story.decides(POL, 5)
    assert story.clock("guarded").status == "stopped"
    story.at("10:16")
    assert "clock_breached" in story.concerns()
    assert story.decided == 5
    story.does(POL, c.RecordArrival("unit-1", "POL"))
    assert "clock_breached" not in story.concerns()
