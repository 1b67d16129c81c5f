"""Corners of right care: what is left when the usual ways have been walked in tests/spec."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refusals_right_care import begun, disputed, entry_offered
from safehands.core import commands as c
from safehands.core.decide.entry import talked_over
from safehands.errors import BadInput, Stale
from scenario import CALM, FORM, PACK, Alone, alone, instant, person, refused, right_care

POL, SERGEANT, AMB, FRS = person("POL"), person("POL", "supervisor"), person("AMB", "dispatcher"), person("FRS", "desk")
ASC = person("ASC", "desk")


def test_a_lowering_from_one_response_to_a_smaller_one_still_sends_somebody_and_asks_for_no_history() -> None:
    story = begun(alone(), life="intent")
    story.at("10:05").joins(POL, "mother", {"view": "no"})
    story.decides(POL, 5)
    story.does(POL, c.ProposeLowering(4, "he is with his mother", FORM))
    assert story.case.lowering is not None
    assert story.case.lowering.history_shown == ()


def test_a_pathway_without_classes_that_send_anybody_sends_nobody_in_a_dispute() -> None:
    nobody = tuple(replace(each, deploys=False) for each in right_care().classes)
    story = begun(alone(), view="yes")
    story.lowers(POL, 1, SERGEANT)
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    assert isinstance(story.engine, Alone)
    story.engine.pathway = replace(right_care(), classes=nobody)
    story.does(AMB, c.RaiseChallenge("POL", "this is yours", asserts_risk=True))
    assert story.decided == 1


def test_a_pathway_without_a_ladder_asks_for_no_talk() -> None:
    story = begun(alone(), life="act", entry="forced")
    assert not talked_over(story.pathway, story.case, "FRS")
    assert talked_over(replace(story.pathway, challenge_levels=()), story.case, "FRS")


def test_a_dispute_that_went_above_the_supervisors_was_talked_over() -> None:
    story = alone()
    offer = entry_offered(story)
    story.does(FRS, c.RaiseChallenge("POL", "no pump", asserts_risk=False))
    story.does(FRS, c.EscalateChallenge(next(iter(story.case.challenges))))
    story.does(FRS, c.DeclineOffer(offer, "no pump"))
    assert story.offer("FRS").status == "declined"


def test_two_are_asked_and_one_says_no() -> None:
    story = alone()
    offer = entry_offered(story)
    story.offers(POL, "FRS-north", "entry", task="entry")
    story.does(FRS, c.DeclineOffer(offer, "FRS-north is nearer"))


def test_the_withdrawn_dispute_was_no_talk() -> None:
    story = alone()
    offer = entry_offered(story)
    story.does(FRS, c.RaiseChallenge("POL", "no pump", asserts_risk=False))
    story.does(FRS, c.SettleChallenge(next(iter(story.case.challenges)), "withdrawn", "a mistake"))
    with refused("offer.last_entry"):
        story.does(FRS, c.DeclineOffer(offer, "no pump"))


def test_somebody_decided_that_nobody_has_to_go() -> None:
    story = alone()
    offer = entry_offered(story)
    story.lowers(POL, 0, SERGEANT)
    story.does(FRS, c.DeclineOffer(offer, "not needed"))


def test_a_late_yes_to_help_that_somebody_else_gives_by_now() -> None:
    story = begun(alone())
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    story.at("10:06").offers(POL, "AMB-east", "ambulance_support", task="treatment")
    story.accepts(person("AMB-east"))
    with pytest.raises(Stale, match="AMB-east has this task now"):
        story.accepts(AMB)


def test_other_offers_stay_when_somebody_gets_in_by_themselves() -> None:
    story = begun(alone(), life="act", entry="forced")
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(POL, c.AddTask("entry", "we are there"))
    assert story.offer("AMB").status == "open"


def test_the_only_person_of_a_case_need_not_be_named_to_have_been_seen() -> None:
    story = begun(alone())
    story.does(POL, c.IdentifyParty("he", "subject"))
    story.sees(POL)
    assert story.case.unreached("person_seen") == ()
    story.closes(POL)


def test_nobody_was_seen_of_two_and_nobody_has_to_be() -> None:
    story = begun(alone())
    for who in ("one", "other"):
        story.does(POL, c.IdentifyParty(who, "subject"))
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL, "advised")


def test_a_person_identified_after_the_end_is_tied_and_asks_nobody() -> None:
    story = begun(alone())
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL, "advised")
    story.does(POL, c.IdentifyParty("she", "subject", phone="07700 900777"))
    assert not story.case.is_open


@pytest.mark.parametrize(
    "command",
    [
        c.RaiseChallenge("POL", " ", asserts_risk=False),
        c.StandDown("POL", " ", "seen"),
    ],
)
def test_words_that_may_not_be_left_out(command: c.Command) -> None:
    story = begun(alone())
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    with pytest.raises(BadInput):
        story.does(person("AMB", "supervisor"), command)


def test_the_holder_of_a_dispute_is_the_holder_of_before() -> None:
    story = alone()
    disputed(story)
    story.at("11:00")
    assert story.holder == "POL"
    assert next(iter(story.case.challenges.values())).state == "exhausted"


def test_a_detention_ends_by_saying_how() -> None:
    story = alone()
    story.at("10:00").opens(ASC, said=CALM)
    story.does(ASC, c.BeginStatus("s135_1", "on_the_way"))
    with pytest.raises(BadInput):
        story.does(ASC, c.EndStatus(next(iter(story.case.statuses)), " "))
    with pytest.raises(BadInput):
        story.does(ASC, c.MoveStatus(next(iter(story.case.statuses)), "mental_health_suite", " "))
    story.does(ASC, c.PlanBooking("warrant_s135", instant("12:00"), ("POL", "AMB", "DOCTOR", "BED", "BED")))
    assert next(iter(story.case.bookings.values())).parties == ("POL", "AMB", "DOCTOR", "BED")
