"""Failures of waiting, planning and looking back: delays without a reason, warrants nobody could plan, matters closed
for another's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from refusals_right_care import EVIDENCE, GROUNDS
from safehands.core import commands as c
from safehands.core.events import AgencyDescribed
from safehands.core.pathway import Pathway
from safehands.service import agencies
from safehands.service.sampling import sample
from safety.failures import failure
from safety.in_others_hands import SERGEANT, begun
from scenario import CALM, FORM, PACK, InUse, in_use, instant, person, refused

POL, AMB, MHT, FRS = person("POL"), person("AMB", "dispatcher"), person("MHT", "desk"), person("FRS", "desk")
ASC = person("ASC", "desk")
DOCTOR = person("MHT", "clinical_lead")


@failure(21, rows=("delay_unexplained",))
def fourteen_delays_and_hardly_a_reason(pathway: Pathway) -> None:
    """Failure 21: fourteen delays on one log, most of them without a reason."""
    story = begun(pathway, prof="health", view="yes")
    story.decides(POL, 4)
    story.at("14:05")
    assert "delay_unexplained" in story.concerns()
    story.does(SERGEANT, c.ExplainDelay("pri", "all units at a fire", story.now + timedelta(minutes=20)))
    assert "delay_unexplained" not in story.concerns()
    story.at("14:30").does(POL, c.SetKeeper("pol-desk-2"))
    assert "delay_unexplained" in story.concerns(), "what was said has not come true"


@failure(22, rules=("safehands.core.decide.closing.check_everybody_seen",))
def opened_for_one_person_and_closed_for_another(pathway: Pathway) -> None:
    """Failure 22: opened as a concern for one person, closed as another matter; the first was never seen."""
    story = begun(pathway)
    for who in ("the woman they rang about", "her partner"):
        story.does(POL, c.IdentifyParty(who, "subject"))
    story.does(POL, c.RecordMilestone("person_seen", "two officers", "her partner"))
    with refused("close.subject_not_seen"):
        story.closes(POL, "domestic")
    story.does(POL, c.RecordMilestone("person_seen", "two officers", "the woman they rang about"))
    story.closes(POL)


@failure(24, rules=("safehands.core.decide.people.check_can_stand_down",))
def a_search_was_called_off_because_somebody_had_heard_something(pathway: Pathway) -> None:
    """Failure 24: those who were searching were stood down on information that nobody had verified."""
    story = begun(pathway)
    story.offers(POL, "AMB", "ambulance_support", task="search")
    story.accepts(AMB)
    with refused("stand_down.supervisor"):
        story.does(POL, c.StandDown("AMB", "found", "seen by unit 4"))
    with refused("stand_down.unverified"):
        story.does(SERGEANT, c.StandDown("AMB", "a friend thinks he is at home", " "))
    story.does(SERGEANT, c.StandDown("AMB", "found", "seen by unit 4 at his sister's"))


@failure(25, rules=("safehands.core.decide.bookings.check_go",))
def an_ambulance_could_not_be_had_beforehand(pathway: Pathway) -> None:
    """Failure 25: there was no way to book an ambulance for a warrant, and it went ahead without one."""
    story = in_use(pathway).at("09:00").opens(ASC, said=CALM)
    story.does(ASC, c.PlanBooking("warrant_s135", instant("14:00"), ("POL", "AMB", "DOCTOR", "BED")))
    booking = next(iter(story.case.bookings))
    story.does(POL, c.ConfirmBooking(booking, "POL"))
    for party in ("DOCTOR", "BED"):
        story.does(ASC, c.ConfirmBooking(booking, party, "somebody", "a role", "R1"))
    with refused("booking.not_go"):
        story.does(ASC, c.StartBooking(booking))
    story.does(AMB, c.ConfirmBooking(booking, "AMB"))
    story.does(ASC, c.StartBooking(booking))
    assert story.holder == "ASC"


@failure(26, rules=("safehands.core.decide.offering.check_shown",))
def nobody_knew_how_long_the_others_take(pathway: Pathway) -> None:
    """Failure 26: dispatchers did not know each other's thresholds and response times."""
    story = begun(pathway, need="social")
    engine = story.engine
    assert isinstance(engine, InUse)
    page = AgencyDescribed("ASC-hill", "Hill Council", False, "020 7946 0100", "immediate risk only", 60)
    agencies.describe(engine.store, engine.clock, SERGEANT, page)
    seen = agencies.shown_of(page)
    agencies.describe(engine.store, engine.clock, SERGEANT, replace(page, response_minutes=240))
    with refused("offer.book_not_shown"):
        story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK, shown=seen)
    story.offers(POL, "ASC-hill", "adult_social_care", pack=PACK, shown={**seen, "response_minutes": "240"})


@failure(27, rows=("children_not_referred",))
def a_childs_risk_stayed_in_one_control_room(pathway: Pathway) -> None:
    """Failure 27: a child at risk, and no other agency was brought in."""
    story = begun(pathway, child=15, life="ideation")
    assert "children_not_referred" in story.concerns()
    story.offers(POL, "CSC", "children_referral", task="safeguarding", pack=PACK)
    assert "children_not_referred" not in story.concerns()


@failure(30, rules=("safehands.core.decide.challenges.send_meanwhile",))
def two_control_rooms_disagreed_and_the_clock_stood_still(pathway: Pathway) -> None:
    """Failure 30: each said that it was the other's, nobody had to settle it, and nobody went meanwhile."""
    story = begun(pathway)
    story.decides(POL, 0)
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    story.does(AMB, c.RaiseChallenge("POL", "he has a weapon; this is yours", asserts_risk=True))
    story.at("13:09")
    assert next(iter(story.case.challenges.values())).level == 3
    story.at("13:24")
    assert story.decided == 4


@failure(34, rules=("safehands.core.decide.decisions.check_may_review",))
def nobody_looked_at_how_decisions_were_made(pathway: Pathway) -> None:
    """Failure 34: recording and oversight differed from desk to desk; nobody checked, or everybody checked their
    own.
    """
    story = begun(pathway)
    story.decides(POL, 0)
    decision = story.case.decisions[-1].decision
    assert sample([decision], "drawn after the month", 1.0) == (decision,)
    with refused("review.own"):
        story.does(POL, c.ReviewDecision(decision, "pass", "I was right"))
    story.does(SERGEANT, c.ReviewDecision(decision, "fail", "nobody asked who is with him"))
    assert story.case.reviewed == (decision,)


@failure(3, rules=("safehands.core.decide.handover.check_not_last",))
def the_last_who_could_get_in_said_no(pathway: Pathway) -> None:
    """Failure 3: forced entry was declined, and nobody else was there to do it."""
    story = begun(pathway, life="act", entry="forced")
    offer = story.offers(POL, "FRS", "entry", task="entry").offer
    with refused("offer.last_entry"):
        story.does(FRS, c.DeclineOffer(offer, "all out"))


@failure(1, rules=("safehands.core.decide.offering.check_task",))
def those_who_were_sent_could_not_open_the_door(pathway: Pathway) -> None:
    """Failure 1: the call was pointed to a crisis team, which has no power to force a door."""
    story = begun(pathway, resp="none", entry="forced")
    with refused("offer.task_route"):
        story.offers(POL, "MHT", "crisis_support", task="entry")


@failure(1, rules=("safehands.core.decide.decisions.check_history",))
def the_earlier_calls_were_not_on_the_screen(pathway: Pathway) -> None:
    """Failure 1: each decision was made without the calls before it."""
    story = begun(pathway)
    story.at("13:30").joins(POL, "mother", {"view": "no"})
    with refused("decision.history"):
        story.does(POL, c.Decide(story.concluded, story.concluded, FORM))
    assert story.case.decided is None


@failure(9, rules=("safehands.core.decide.adjustments.check_reason",))
def the_time_was_stretched_because_nobody_was_free(pathway: Pathway) -> None:
    """Failure 9: at a place of safety, time runs against the patient; a missing professional is no reason for more of
    it.
    """
    story = begun(pathway)
    story.offers(POL, "MHT", "crisis_support", task="advice")
    story.does(POL, c.BeginStatus("s136_removed", "on_the_way", GROUNDS))
    story.does(POL, c.RecordMilestone("arrival_at_place_of_safety"))
    with refused("extension.reason"):
        story.does(DOCTOR, c.ExtendClock("detention", timedelta(hours=12), "no bed", EVIDENCE))
