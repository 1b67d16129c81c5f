"""The worked scenarios of the project's source sheet, as far as the parts that are built reach: the class and the row
that the tables give, who holds the case, and which clock runs until when. Times are the scenario's own. They play
through ``service.handle``.
"""

from __future__ import annotations

import pytest

from safehands.core import commands as c
from safehands.core.events import ClockStepReached
from safehands.core.vocabulary import HappenedSource
from safehands.errors import Refused, Stale
from safehands.service.permissions import check_may_log_off, may_log_off
from scenario import CALM, FORM, PACK, Story, in_use, instant, person, refused

POL, SERGEANT, DISPATCHER = person("POL"), person("POL", "supervisor"), person("POL", "dispatcher")
AMB, MHT, FRS, CLINIC = (
    person("AMB", "dispatcher"),
    person("MHT", "desk"),
    person("FRS", "desk"),
    person("REP-clinic", "desk"),
)

#: What only our own records know; left out where they are looked up.
LOOKED_UP = ("duty", "repeat")


def unasked(*names: str, **said: object) -> dict[str, object]:
    """A calm call, but for what is ``said`` and for the questions that nobody asked."""
    return {name: value for name, value in {**CALM, **said}.items() if name not in names}


def expect(story: Story, outcome: int, row: str, holder: str) -> None:
    """The class, the row and the holder; and that the case was always in one agency's hands."""
    assert (story.concluded, story.row, story.holder) == (outcome, row, holder)
    report = story.custody()
    assert (report.unowned_microseconds, report.doubly_held_microseconds, report.faults) == (0, 0, ())


def pack(story: Story, name: str, **said: str) -> dict[str, str]:
    """A pack with every field said, but for what is given."""
    fields = next(each.fields for each in story.pathway.packs if each.id == name)
    return {field.id: "said" for field in fields} | said


def test_1_four_calls_are_one_case_with_the_union_of_their_risks() -> None:
    signs = ["missed_never_missed_event", "unattended", "prior_attempt_12m"]
    first = unasked("view", *LOOKED_UP, resp="none", ind=signs, prof="social_care", enq=["phoned"])
    story = in_use().at("15:46").opens(POL, said=first, phone="07700900001", channel="agency_line")
    story.does(POL, c.Conclude())
    expect(story, 4, "A10.1", "POL")
    with refused("decision.lower"):
        story.decides(POL, 1)
    story.says(POL, view="yes", ooc="yes")
    expect(story, 5, "A9.1", "POL")
    assert "entry_capability" in story.case.conclusion.flags  # type: ignore[union-attr]  # it was concluded above
    story.decides(POL, 5)
    assert story.clock("imm").due_at == instant("16:01")
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    story.accepts(AMB)
    story.offers(POL, "FRS", "entry", task="entry")
    story.accepts(FRS)
    story.at("16:38").joins(
        POL, "mother", said={"prof": "family_friend", "ind": ["overdose_access"]}, phone="07700900001"
    )
    story.at("16:57").joins(POL, "mother again", said={}, phone="07700900001")
    assert len(story.case.contacts) == 3
    expect(story, 5, "A9.1", "POL")


def test_1_the_second_and_third_call_after_a_refusal() -> None:
    story = in_use().at("15:46").opens(POL, said=unasked(*LOOKED_UP, resp="none", ooc="yes"), phone="1")
    story.does(POL, c.Conclude())
    expect(story, 3, "A10.2", "POL")
    story.at("15:48").decides(SERGEANT, 3)
    story.at("16:38").joins(POL, "second", phone="1")
    assert "A11.1" in story.case.conclusion.rows  # type: ignore[union-attr]  # it was concluded above
    story.at("16:57").joins(POL, "third", phone="1")
    expect(story, 4, "A11.2", "POL")


def test_2_the_view_is_yes() -> None:
    story = in_use().at("20:31").opens(POL, said={**CALM, "resp": "none", "ooc": "yes", "view": "yes"})
    story.does(POL, c.Conclude())
    expect(story, 5, "A9.1", "POL")
    story.decides(POL, 5)
    story.offers(POL, "AMB", "ambulance_support", task="treatment", asks="they say two hours")
    story.accepts(AMB)
    story.tells(POL, attending="yes", text="police come now and an ambulance as well; reference SH-case")
    assert len(story.case.told) == 1


def test_2_the_view_is_refused() -> None:
    story = in_use().at("20:31").opens(POL, said={**CALM, "resp": "none", "ooc": "yes", "view": "declined"})
    story.does(POL, c.Conclude())
    expect(story, 3, "A10.2", "POL")
    assert "A17.5" in story.case.conclusion.rows  # type: ignore[union-attr]  # it was concluded above
    assert story.clock("guarded").due_at == instant("20:36")
    story.at("20:36")
    assert story.decided == 4
    assert story.clock("pri").due_at == instant("21:36")


def test_4_a_knife_comes_before_every_route_to_health() -> None:
    story = in_use().at("06:00").opens(POL, said={**CALM, "weapon": "yes", "need": "mh", "prof": "self"})
    story.does(POL, c.Conclude())
    expect(story, 5, "A1.2", "POL")
    assert "crisis_line" not in story.case.conclusion.routes  # type: ignore[union-attr]  # it was concluded above
    story.decides(POL, 5)
    story.offers(POL, "MHT", "crisis_support", task="advice")
    story.accepts(MHT)
    assert story.clock("imm").due_at == instant("06:15")
    assert story.holder == "POL"


def test_5_an_overdose_behind_a_locked_door() -> None:
    story = in_use().at("10:00").opens(POL, said={**CALM, "life": "act", "resp": "none", "entry": "forced"})
    story.does(POL, c.Conclude())
    expect(story, 6, "A3", "POL")
    story.decides(POL, 6)
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.offers(POL, "FRS", "entry", task="entry")
    story.does(POL, c.AddTask("safety", "officers go as well"))
    story.at("10:00:40").accepts(AMB)
    assert story.holder == "AMB"
    assert story.case.holdings[-1].since == instant("10:00:40")
    story.accepts(FRS)
    assert [task.assignee for task in story.case.open_tasks() if task.kind == "entry"] == ["FRS"]
    assert story.task("safety").status == "open"
    expect(story, 6, "A3", "AMB")


def test_7_an_absent_patient_with_two_recent_attempts() -> None:
    said = {**CALM, "stream": "AWOL", "mha": "03", "ind": ["prior_attempt_12m", "goodbye_message"], "prof": "health"}
    story = in_use().at("12:00").opens(POL, said=said, about_own=True, reporter_agency="MHT")
    story.does(POL, c.Conclude())
    expect(story, 5, "A13.1", "MHT")
    story.does(MHT, c.AddTask("enquiry", "ring his friends"))
    story.offers(MHT, "POL", "search", pack=pack(story, "awol", recent_attempts="", suicide_risk=""))
    with pytest.raises(Refused, match="recent_attempts, suicide_risk"):
        story.accepts(POL)
    story.does(
        MHT, c.CompletePack(story.offer("POL").offer, {"recent_attempts": "two this month", "suicide_risk": "high"})
    )
    story.at("12:04").accepts(POL)
    expect(story, 5, "A13.1", "POL")
    assert story.task("enquiry").assignee == "MHT"
    story.decides(POL, 5)
    story.does(POL, c.ProposeLowering(3, "he rang his mother", FORM))
    story.at("12:14")
    assert (story.holder, story.decided) == ("POL", 5)


def test_9_one_hour_at_the_place_of_safety() -> None:
    story = in_use().at("+1 01:00").opens(POL, said={**CALM, "life": "intent"}, channel="officer_on_scene")
    story.does(POL, c.Conclude())
    story.decides(POL, 5)
    story.at("+1 01:10")
    for officer in ("officer-1", "officer-2"):
        story.does(POL, c.RecordArrival(officer, "POL", "the suite"), happened="+1 01:10")
    story.at("+1 02:00").does(POL, c.RecordMilestone("arrival_at_place_of_safety"))
    assert story.clock("handover_hour").due_at == instant("+1 03:00")
    story.offers(POL, "MHT", "place_of_safety", pack=pack(story, "s136", next_of_kin=""))
    story.at("+1 02:05").does(MHT, c.AcknowledgeOffer(story.offer("MHT").offer))
    assert story.holder == "POL"
    story.at("+1 02:46")
    steps = [entry.event for entry in story.engine.entries("case") if isinstance(entry.event, ClockStepReached)]
    assert ("handover_hour", "soon", instant("+1 02:45")) in [(step.clock, step.step, step.due_at) for step in steps]
    story.at("+1 03:00")
    assert "clock_breached" in story.concerns()
    assert story.offer("MHT").status == "lapsed"
    story.at("+1 03:20")
    with refused("offer.pack_holes"):
        story.accepts(MHT)
    story.does(MHT, c.CompletePack(story.offer("MHT").offer, {"next_of_kin": "asked_unknown"}))
    story.accepts(MHT)
    assert story.offer("MHT").late
    assert story.case.holdings[0].until == story.case.holdings[1].since == instant("+1 03:20")
    expect(story, 5, "A4", "MHT")
    for officer in ("officer-1", "officer-2"):
        story.does(POL, c.RecordRelease(officer))
    there = [
        presence.released_at - presence.arrived_at for presence in story.case.presences.values() if presence.released_at
    ]
    assert [round(time.total_seconds() / 60) for time in there] == [130, 130]


def test_11a_a_return_is_confirmed_and_then_the_risk_is_told() -> None:
    said = {**CALM, "prof": "health", "resp": "none", "enq": ["phoned"]}
    story = in_use().at("09:30").opens(POL, said=said, about_own=True, reporter_agency="REP-clinic")
    story.does(POL, c.Conclude())
    expect(story, 1, "B6", "REP-clinic")
    story.offers(POL, "REP-clinic", "return", asks="go to the home")
    assert story.clock("recontact").due_at == instant("10:00")
    story.accepts(CLINIC)
    expect(story, 1, "B6", "REP-clinic")
    story.at("09:50").says(POL, ind=["med_dependency"])
    expect(story, 3, "A10.3", "REP-clinic")
    story.says(POL, view="yes")
    expect(story, 5, "A9.2", "REP-clinic")
    story.decides(POL, 5)
    expect(story, 5, "A9.2", "POL")


def test_11a_a_return_is_refused() -> None:
    said = {**CALM, "prof": "health", "resp": "none", "enq": ["phoned"]}
    story = in_use().at("09:30").opens(POL, said=said, about_own=True, reporter_agency="REP-clinic")
    story.does(POL, c.Conclude())
    story.offers(POL, "REP-clinic", "return")
    story.at("09:33").does(CLINIC, c.DeclineOffer(story.offer("REP-clinic").offer, "nobody here can go"))
    expect(story, 1, "B6", "POL")


def test_11b_a_referral_that_nobody_takes_and_copies_of_a_message() -> None:
    story = in_use().at("17:00").opens(POL, said={**CALM, "need": "social"})
    story.does(POL, c.Conclude())
    expect(story, 2, "B5", "POL")
    story.decides(POL, 2)
    story.offers(POL, "ASC", "adult_social_care", pack=PACK)
    again = c.OfferHandover("ASC", "adult_social_care", "the same", PACK)
    with refused("offer.open_already"):
        story.does(POL, again)
    story.at("18:01")
    assert story.offer("ASC").status == "lapsed"
    assert "offer_unanswered" in story.concerns()
    expect(story, 2, "B5", "POL")
    with refused("close.nobody_took"):
        story.closes(POL)


def test_11b_the_same_command_sent_three_times_is_done_once() -> None:
    story = in_use().at("17:00").opens(POL, said={**CALM, "need": "social"})
    story.does(POL, c.Conclude())
    story.offers(POL, "ASC", "adult_social_care", pack=PACK)
    social = person("ASC", "desk")
    assert story.accepts(social)
    for _ in range(2):
        story._sent -= 1
        assert story.does(social, c.AcceptOffer(story.offer("ASC").offer, "POL")) == ()
    expect(story, 2, "B5", "ASC")
    with pytest.raises(Stale, match="ASC holds this case now"):
        story.does(social, c.CloseCase("POL", "done", "helped"))


def test_11b_a_partner_whose_clock_is_ninety_seconds_ahead_or_behind() -> None:
    story = in_use().at("17:00").opens(POL, said={**CALM, "need": "social"})
    story.does(POL, c.Conclude())
    story.at("17:01:30").offers(POL, "ASC", "adult_social_care", pack=PACK)
    word = c.AcceptByWord(story.offer("ASC").offer, "the duty worker", "duty worker", "ASC-7")
    with refused("time.future"):
        story.does(POL, word, happened="17:03", source=HappenedSource.LATE)
    with refused("offer.too_early"):
        story.does(POL, word, happened="17:00", source=HappenedSource.LATE)
    story.at("17:02").does(POL, word, happened="17:01:45", source=HappenedSource.LATE)
    assert story.case.holdings[-1].since == instant("17:01:45")
    expect(story, 2, "B5", "ASC")


def test_12_accepted_and_then_silence_over_a_change_of_shift() -> None:
    story = in_use().at("13:04").opens(POL, said={**CALM, "prof": "health", "view": "yes"})
    story.does(POL, c.Conclude())
    expect(story, 4, "A12.1", "POL")
    story.decides(POL, 4)
    assert story.clock("pri").due_at == instant("14:04")
    story.at("13:31").does(DISPATCHER, c.SetKeeper(DISPATCHER.actor))
    assert not may_log_off(DISPATCHER, (story.case,))
    story.at("13:40")
    with refused("logoff.keeps_cases"):
        check_may_log_off(DISPATCHER, (story.case,))
    story.does(SERGEANT, c.SetKeeper("pol-desk-2"))
    assert may_log_off(DISPATCHER, (story.case,))
    story.at("13:56")
    assert "silence_after_acceptance" in story.concerns()
    story.at("14:04")
    assert "clock_breached" in story.concerns()
    with refused("close.nobody_seen"):
        story.closes(POL, reason="no reply at the door")
    expect(story, 4, "A12.1", "POL")
