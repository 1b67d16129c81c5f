"""Failures between agencies: a case let go of, taken and forgotten, handed over with holes, closed on a belief."""

from __future__ import annotations

from safehands.core import commands as c
from safehands.core.case import Case
from safehands.core.events import ClockStepReached, LoweringProposed
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Actor
from safehands.service.permissions import check_may_log_off
from safehands.store.ports import Token
from safety.failures import failure
from scenario import CALM, FORM, PACK, Story, in_use, person, refused, transfer_taken

POL, SERGEANT, AMB, MHT = person("POL"), person("POL", "supervisor"), person("AMB", "dispatcher"), person("MHT", "desk")


def begun(pathway: Pathway, **said: object) -> Story:
    """The police take a call and ask the tables."""
    story = in_use(pathway).at("13:04").opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


def pack_of(pathway: Pathway, name: str) -> dict[str, str]:
    """A pack with every field said."""
    return {field.id: "said" for pack in pathway.packs if pack.id == name for field in pack.fields}


def steps_of(story: Story) -> list[tuple[str, str]]:
    """The steps of clocks that were reached and told, in order."""
    events = [entry.event for entry in story.engine.entries(story.name)]
    return [(event.clock, event.step) for event in events if isinstance(event, ClockStepReached)]


def hole_blocks(story: Story, giver: Actor, to: str, route: str, field: str) -> None:
    """An offer along a route with this field of its pack left empty cannot be accepted; filled, it can."""
    pack = next(each.pack for each in story.pathway.routes if each.id == route)
    said = {name: text for name, text in pack_of(story.pathway, pack or "").items() if name != field}
    story.offers(giver, to, route, pack=said)
    with refused("offer.pack_holes"):
        story.accepts(person(to, "desk"))
    story.does(giver, c.CompletePack(story.offer(to).offer, {field: "said"}))
    story.accepts(person(to, "desk"))
    assert story.holder == to


@failure(6, rows=("silence",))
def accepted_and_then_nothing_for_eighteen_hours(pathway: Pathway) -> None:
    """Failure 6: a dispatcher accepted the log and went on a break; nothing happened until the next morning."""
    story = begun(pathway)
    story.at("13:31")
    transfer_taken(story, POL, AMB, "ambulance")
    story.at("13:47")
    assert "silence_after_acceptance" in story.concerns()
    assert ("silence", "silence") in steps_of(story)
    story.at("+1 06:18")
    assert story.holder == "AMB"
    assert "silence_after_acceptance" in story.concerns()


@failure(6, rules=("safety.in_others_hands.check_may_log_off",))
def the_dispatcher_left_and_kept_the_case(pathway: Pathway) -> None:
    """Failure 6: who keeps a case cannot log off before somebody else keeps it."""
    story = begun(pathway)
    dispatcher = person("POL", "dispatcher")
    story.does(POL, c.SetKeeper(dispatcher.actor))
    with refused("logoff.keeps_cases"):
        check_may_log_off(dispatcher, (story.case,))
    story.does(POL, c.SetKeeper("pol-desk-4"))
    check_may_log_off(dispatcher, (story.case,))


@failure(7, rows=("pri",))
def the_response_was_hours_late_and_nothing_rang(pathway: Pathway) -> None:
    """Failure 7: delays of seventeen hours and more, unnoticed."""
    story = begun(pathway, prof="health", view="yes")
    story.decides(POL, 4)
    story.at("14:05")
    assert story.clock("pri").status == "breached"
    assert "clock_breached" in story.concerns()


def the_same_person(case: Case, _: Actor, __: str) -> tuple[LoweringProposed | None, Actor | None]:
    """The check of who may confirm, without the second person."""
    return case.lowering, case.lowering_by


@failure(7, instead={"safehands.core.decide.decisions.check_can_confirm": the_same_person})
def one_person_lowered_the_class_alone(pathway: Pathway) -> None:
    """Failure 7: a response was downgraded within a quarter of an hour, by one person, and took three days."""
    story = begun(pathway, prof="health", view="yes")
    story.decides(POL, 4)
    story.at("13:15").does(SERGEANT, c.ProposeLowering(1, "sounds calm now", FORM))
    assert story.case.lowering is not None
    with refused("lowering.second_person"):
        story.does(SERGEANT, c.ConfirmLowering(story.case.lowering.proposal))
    assert story.decided == 4


@failure(9, rows=("next_of_kin",))
def next_of_kin_were_lost_at_a_shift_change(pathway: Pathway) -> None:
    """Failure 9: next of kin were not passed to the place of safety across a change of shift."""
    hole_blocks(begun(pathway), POL, "MHT", "place_of_safety", "next_of_kin")


@failure(10, rules=("safehands.core.decide.closing.check_nobody_expected",))
def closed_while_somebody_believed_that_help_was_coming(pathway: Pathway) -> None:
    """Failure 10: the log was closed without anybody going; each agency thought that the other one was."""
    story = begun(pathway)
    story.decides(POL, 4)
    story.at("13:05").joins(POL, "ambulance control", channel="agency_line", reporter_agency="AMB")
    story.tells(POL, attending="yes")
    story.tells(POL, "ambulance control", attending="yes")
    story.lowers(POL, 0, SERGEANT)
    story.tells(POL, attending="no")
    with refused("close.told_attending"):
        story.closes(POL)
    story.tells(POL, "ambulance control", attending="no")
    story.closes(POL)


@failure(11, rows=("A15",))
def declined_by_one_and_hours_away_for_the_other(pathway: Pathway) -> None:
    """Failure 11: a request was declined although it was known that the ambulance would take two hours or more."""
    story = begun(pathway, need="medical", stream="MEDICAL")
    assert (story.concluded, story.row) == (3, "A15")
    assert "ambulance" in story.case.conclusion.routes  # type: ignore[union-attr]  # it was concluded above
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(AMB, c.DeclineOffer(story.offer("AMB").offer, "no crew for two hours"))
    assert story.holder == "POL"
    assert "offer_unanswered" in story.concerns()
    story.at("13:10")
    assert story.decided == 4


@failure(13, rows=("threats_verbatim",))
def what_one_agency_knew_never_reached_the_other(pathway: Pathway) -> None:
    """Failure 13: police held a message from the family that the assessors never saw."""
    hole_blocks(begun(pathway), POL, "MHT", "place_of_safety", "threats_verbatim")


def absent(pathway: Pathway) -> Story:
    """A ward reports an absent patient of its own and holds the case."""
    said = {**CALM, "stream": "AWOL", "prof": "health", "ind": ["prior_attempt_12m", "goodbye_message"]}
    story = in_use(pathway).at("12:00").opens(POL, said=said, about_own=True, reporter_agency="MHT")
    story.does(POL, c.Conclude())
    return story


@failure(15, rows=("police_threshold_shown",))
def the_ward_did_not_know_what_the_police_needed(pathway: Pathway) -> None:
    """Failure 15: nineteen hours to high risk; the ward did not know which information would have led to a search."""
    hole_blocks(absent(pathway), MHT, "POL", "search", "police_threshold_shown")


@failure(16, rows=("recent_attempts",))
def two_recent_attempts_were_not_told(pathway: Pathway) -> None:
    """Failure 16: no set form; two recent attempts untold, which would have meant a high risk."""
    hole_blocks(absent(pathway), MHT, "POL", "search", "recent_attempts")


@failure(18, rows=("legal_basis",))
def a_concern_was_refused_for_confidentiality(pathway: Pathway) -> None:
    """Failure 18: three agencies unsure of their roles; a third party's concern was refused "for confidentiality"."""
    hole_blocks(begun(pathway), POL, "AMB", "ambulance", "legal_basis")


@failure(19, rows=("imm",))
def nobody_was_sent_for_twenty_minutes_and_nobody_noticed(pathway: Pathway) -> None:
    """Failure 19: unallocated at twenty minutes and not escalated."""
    story = begun(pathway, life="intent")
    story.decides(POL, 5)
    story.at("13:10")
    assert steps_of(story) == [("imm", "unallocated")]
    story.at("13:20")
    assert "clock_breached" in story.concerns()


@failure(20, rules=("safehands.core.decide.closing.check_decided_not_to_go",))
def an_officer_left_before_anybody_else_had_taken_it(pathway: Pathway) -> None:
    """Failure 20: an officer decided again that it was for the ambulance service, and was sent elsewhere before the
    review.
    """
    story = begun(pathway, prof="health", view="yes")
    story.decides(POL, 4)
    story.does(POL, c.RecordArrival("unit-1", "POL", "outside"))
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(POL, c.RecordRelease("unit-1"))
    assert story.holder == "POL"
    story.at("13:12")
    assert story.offer("AMB").status == "lapsed"
    assert "offer_unanswered" in story.concerns()
    with refused("close.nobody_seen"):
        story.closes(POL, reason="for the ambulance service")


@failure(24, rules=("safehands.core.decide.progress.SEEN",))
def a_search_was_stood_down_on_hearsay(pathway: Pathway) -> None:
    """Failure 24: a search ended on information that nobody had verified."""
    story = begun(pathway, missing="yes")
    story.decides(POL, 4)
    with refused("milestone.who_saw"):
        story.does(POL, c.RecordMilestone("whereabouts_confirmed"))
    story.does(POL, c.RecordMilestone("whereabouts_confirmed", "her sister's doctor has her with him: spoke to both"))
    story.closes(POL)


@failure(28, rules=("safehands.core.decide.handover._assume_refused_return",))
def told_to_deal_with_it_themselves_and_left(pathway: Pathway) -> None:
    """Failure 28: a health team raised it, police said that the team should deal; nobody agreed to and nobody did."""
    said = {**CALM, "prof": "health", "enq": ["incomplete"]}
    story = in_use(pathway).at("13:04").opens(POL, said=said, about_own=True, reporter_agency="REP-clinic")
    story.does(POL, c.Conclude())
    assert story.row == "B6"
    story.offers(POL, "REP-clinic", "return", asks="go to the door; ring the sister")
    story.at("13:10")
    assert story.holder == "POL"
    assert story.custody().unowned_microseconds == 0


@failure(30, rows=("guarded",))
def each_waited_for_the_other_to_go(pathway: Pathway) -> None:
    """Failure 30: a call below both services' thresholds; neither went."""
    story = begun(pathway, resp="none")
    assert (story.concluded, story.row) == (3, "B8")
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(AMB, c.DeclineOffer(story.offer("AMB").offer, "below our threshold"))
    story.at("13:10")
    assert story.holder == "POL"
    assert story.decided == 4


@failure(31, rules=("safehands.core.decide.handover.ASKED_UNKNOWN",))
def the_caller_was_bounced_for_want_of_an_address(pathway: Pathway) -> None:
    """Failure 31: a caller was sent from service to service because nobody knew the address; that is a task, not a
    redial.
    """
    story = begun(pathway)
    story.offers(POL, "AMB", "ambulance", pack={**PACK, "location": "asked_unknown"})
    story.accepts(AMB)
    story.does(AMB, c.AddTask("locate", "ask the network where the telephone is"))
    assert story.holder == "AMB"
    with refused("offer.pack_holes"):
        story.offers(AMB, "MHT", "crisis_line", pack={**PACK, "summary": "asked_unknown"})
        story.accepts(MHT)


@failure(35, rules=("safehands.core.decide.contact.check_own_taking",))
def nobody_could_say_whose_it_was(pathway: Pathway) -> None:
    """Failure 35: responsibility was unclear; a case was written down as another agency's without that agency's own
    act.
    """
    story = in_use(pathway).at("13:04")
    with refused("contact.not_yours"):
        story.does(MHT, c.TakeContact("SH-1", story.contact(POL)), tokens=(Token("phone", "1"),))
    story.opens(MHT)
    assert story.holder == "MHT"
    assert story.custody().unowned_microseconds == 0
