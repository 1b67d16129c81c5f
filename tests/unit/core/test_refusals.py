"""Every rule that can refuse a command, provoked: given a story, when somebody does this, then the refusal has this id.

One function for each rule, under the rule's id. A rule without one fails the last test.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

import refusals_outcomes  # noqa: F401 - registers its rules
import refusals_own_pages  # noqa: F401 - registers its rules
import refusals_records  # noqa: F401 - registers its rules
import refusals_right_care  # noqa: F401 - registers its rules
from refusals import REFUSALS, refusal
from safehands.core import commands as c
from safehands.core.rules import RULES, may, refuse
from safehands.core.vocabulary import SYSTEM_ROLE, Actor, Answer, Ground, Provenance
from safehands.errors import BadInput, NotPermitted, Stale
from scenario import CALM, FORM, PACK, Story, alone, instant, person, refused, transfer_taken, without

POL, POL2, SERGEANT = person("POL"), person("POL", n=2), person("POL", "supervisor")
AMB, MHT, FRS, REP = (
    person("AMB", "dispatcher"),
    person("MHT", "desk"),
    person("FRS", "desk"),
    person("REP-clinic", "desk"),
)


def begun(story: Story, **said: object) -> Story:
    """The police take a calm call, but for what is ``said``, and ask the tables."""
    story.at("10:00").opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


def own_patient(story: Story) -> Story:
    """A clinic rings about its own patient and holds the case."""
    said = {**CALM, "prof": "health", "enq": ["incomplete"]}
    story.at("10:00").opens(POL, said=said, about_own=True, reporter_agency="REP-clinic")
    story.does(POL, c.Conclude())
    return story


def closed(story: Story) -> Story:
    """Advised and closed."""
    begun(story).decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL)
    return story


def offered(story: Story) -> str:
    """The case is offered to the ambulance service."""
    return begun(story).offers(POL, "AMB", "ambulance", pack=PACK).offer


@refusal("case.closed")
def _(story: Story) -> object:
    return closed(story).says(POL, view="yes")


@refusal("case.open")
def _(story: Story) -> object:
    return begun(story).does(POL, c.ReopenCase("again"))


@refusal("case.exists")
def _(story: Story) -> object:
    return begun(story).opens(POL)


@refusal("case.pathway")
def _(story: Story) -> object:
    begun(story).engine.pathway = without(story.pathway, "A2")  # type: ignore[attr-defined]  # the core alone has one
    return story.does(POL, c.Conclude())


@refusal("time.future")
def _(story: Story) -> object:
    return begun(story).does(POL, c.Conclude(), happened="10:01")


@refusal("time.before_opening")
def _(story: Story) -> object:
    return begun(story).does(POL, c.Conclude(), happened="09:59")


@refusal("time.before_boundary")
def _(story: Story) -> object:
    begun(story).at("10:20").does(AMB, c.AssumeCase("POL", Ground.PROFESSIONAL_JUDGEMENT, "we are there"))
    return story.does(MHT, c.AssumeCase("AMB", Ground.PROFESSIONAL_JUDGEMENT, "ours"), happened="10:10")


@refusal("contact.known")
def _(story: Story) -> object:
    return begun(story).joins(POL, "caller")


@refusal("contact.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.DropContact("nobody"))


@refusal("contact.not_yours")
def _(story: Story) -> object:
    story.at("10:00")
    return story.does(POL, c.TakeContact("SH-1", story.contact(AMB)))


@refusal("contact.not_your_line")
def _(story: Story) -> object:
    return begun(story).does(AMB, c.DropContact("case-caller"))


@refusal("contact.dropped_already")
def _(story: Story) -> object:
    begun(story).does(POL, c.DropContact("case-caller"))
    return story.does(POL, c.DropContact("case-caller"))


@refusal("contact.before_opening")
def _(story: Story) -> object:
    return begun(story).joins(POL, "earlier", received_at=instant("09:00"))


@refusal("contact.too_late_to_reopen")
def _(story: Story) -> object:
    return closed(story).at("+4 10:00").joins(POL, "again")


@refusal("answers.none")
def _(story: Story) -> object:
    return begun(story).does(POL, c.RecordAnswers("case-caller", ()))


@refusal("answers.less_risky")
def _(story: Story) -> object:
    return begun(story, view="yes").says(POL, view="no")


@refusal("answer.never_given")
def _(story: Story) -> object:
    story.at("10:00").opens(POL)
    return story.does(POL, c.CorrectAnswer("case-caller", story.answers(POL, {"view": "no"})[0], "misheard"))


@refusal("entry.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.CorrectEntry(99, "reference", "a", "b", "typed wrongly"))


@refusal("link.self")
def _(story: Story) -> object:
    return begun(story).does(POL, c.LinkCase(story.case.stream, ("phone",), "the same"))


@refusal("link.known")
def _(story: Story) -> object:
    begun(story).in_case("other").opens(POL)
    stream = story.case.stream
    story.in_case("case").does(POL, c.LinkCase(stream, ("phone",), "the same person"))
    return story.does(POL, c.LinkCase(stream, ("phone",), "the same person"))


@refusal("triage.nothing_asked")
def _(story: Story) -> object:
    return story.at("10:00").opens(POL).does(POL, c.Conclude())


@refusal("decision.not_yours")
def _(story: Story) -> object:
    return begun(story).decides(AMB, 0)


@refusal("decision.not_concluded")
def _(story: Story) -> object:
    return story.at("10:00").opens(POL, said=CALM).decides(POL, 0)


@refusal("decision.named_person")
def _(story: Story) -> object:
    return begun(story).decides(Actor("system", SYSTEM_ROLE, "POL"), 0)


@refusal("decision.must_ask")
def _(story: Story) -> object:
    said = {name: value for name, value in CALM.items() if name != "view"}
    story.at("10:00").opens(POL, said=said).does(POL, c.Conclude())
    return story.decides(SERGEANT, 3)


@refusal("decision.lower")
def _(story: Story) -> object:
    return begun(story, life="intent").decides(SERGEANT, 0)


@refusal("decision.supervisor")
def _(story: Story) -> object:
    return begun(story, view="yes").decides(POL, 3)


@refusal("decision.not_higher")
def _(story: Story) -> object:
    begun(story).decides(POL, 4)
    return story.does(POL, c.Raise(4, "worse"))


@refusal("decision.raise_to")
def _(story: Story) -> object:
    return begun(story).does(POL, c.Raise(1, "round the form"))


@refusal("decision.not_lower")
def _(story: Story) -> object:
    return begun(story).does(POL, c.ProposeLowering(2, "no need", FORM))


@refusal("decision.no_class")
def _(story: Story) -> object:
    return begun(story).does(POL, c.Raise(9, "worse"))


@refusal("lowering.none")
def _(story: Story) -> object:
    return begun(story).does(SERGEANT, c.ConfirmLowering("nothing"))


def proposed(story: Story) -> str:
    """Somebody of the police wants to lower a class 5."""
    begun(story, life="intent").does(POL, c.ProposeLowering(2, "the mother is there", FORM))
    assert story.case.lowering is not None
    return story.case.lowering.proposal


@refusal("lowering.second_person")
def _(story: Story) -> object:
    proposal = proposed(story)
    return story.does(POL, c.ConfirmLowering(proposal))


@refusal("lowering.supervisor")
def _(story: Story) -> object:
    proposal = proposed(story)
    return story.does(POL2, c.ConfirmLowering(proposal))


@refusal("lowering.same_agency")
def _(story: Story) -> object:
    proposal = proposed(story)
    return story.does(person("AMB", "supervisor"), c.ConfirmLowering(proposal))


@refusal("offer.route")
def _(story: Story) -> object:
    return begun(story).offers(POL, "AMB", "taxi")


@refusal("offer.role")
def _(story: Story) -> object:
    return begun(story).offers(POL, "FRS", "ambulance")


@refusal("offer.to_self")
def _(story: Story) -> object:
    return begun(story).offers(POL, "POL", "search")


@refusal("offer.not_holder")
def _(story: Story) -> object:
    return begun(story).offers(AMB, "MHT", "crisis_line")


@refusal("offer.return_to_holder")
def _(story: Story) -> object:
    return own_patient(story).offers(POL, "REP-other", "return")


@refusal("offer.return_own")
def _(story: Story) -> object:
    return begun(story).offers(POL, "REP-clinic", "return")


@refusal("offer.open_already")
def _(story: Story) -> object:
    offered(story)
    return story.offers(POL, "AMB", "ambulance", pack=PACK)


@refusal("offer.due_past")
def _(story: Story) -> object:
    return begun(story).offers(POL, "AMB", "ambulance", due_at=instant("09:59"))


@refusal("offer.due_too_far")
def _(story: Story) -> object:
    return begun(story).offers(POL, "AMB", "ambulance", due_at=instant("+1 09:00"))


@refusal("offer.unknown")
def _(story: Story) -> object:
    return begun(story).does(AMB, c.AcceptOffer("nothing", "POL"))


@refusal("offer.not_yours")
def _(story: Story) -> object:
    offer = offered(story)
    return story.does(MHT, c.AcceptOffer(offer, "POL"))


@refusal("offer.not_giver")
def _(story: Story) -> object:
    offer = offered(story)
    return story.does(MHT, c.WithdrawOffer(offer, "not needed"))


@refusal("offer.settled")
def _(story: Story) -> object:
    offer = offered(story)
    story.does(AMB, c.DeclineOffer(offer, "no crew"))
    return story.accepts(AMB)


@refusal("offer.acknowledged")
def _(story: Story) -> object:
    offer = offered(story)
    story.does(AMB, c.AcknowledgeOffer(offer))
    return story.does(AMB, c.AcknowledgeOffer(offer))


@refusal("offer.too_early")
def _(story: Story) -> object:
    begun(story).at("10:03").offers(POL, "AMB", "ambulance", pack=PACK)
    return story.accepts(AMB, happened="10:01")


@refusal("offer.pack_holes")
def _(story: Story) -> object:
    begun(story).offers(POL, "AMB", "ambulance", pack={**PACK, "told": "asked_unknown"})
    return story.accepts(AMB)


@refusal("offer.pack_unknown_field")
def _(story: Story) -> object:
    return begun(story).offers(POL, "AMB", "ambulance", pack={"gossip": "none"})


@refusal("offer.support_task")
def _(story: Story) -> object:
    return begun(story).offers(POL, "FRS", "entry")


@refusal("offer.no_word")
def _(story: Story) -> object:
    offer = offered(story)
    return story.does(POL, c.ConfirmWord(offer, "by mail"))


@refusal("assume.own")
def _(story: Story) -> object:
    return begun(story).does(POL, c.AssumeCase("POL", Ground.DEPLOYED, "ours"))


@refusal("keeper.not_holder")
def _(story: Story) -> object:
    return begun(story).does(AMB, c.SetKeeper("amb-dispatcher-1"))


@refusal("keeper.same")
def _(story: Story) -> object:
    begun(story).does(POL, c.SetKeeper("desk-7"))
    return story.does(POL, c.SetKeeper("desk-7"))


def with_task(story: Story) -> str:
    """The police have work of their own in the case."""
    begun(story).does(POL, c.AddTask("enquiry", "ring the hospital"))
    return story.task("enquiry").task


@refusal("task.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.CompleteTask("nothing", "done"))


@refusal("task.settled")
def _(story: Story) -> object:
    task = with_task(story)
    story.does(POL, c.CompleteTask(task, "not there"))
    return story.does(POL, c.CompleteTask(task, "not there"))


@refusal("task.not_assignee")
def _(story: Story) -> object:
    task = with_task(story)
    return story.does(AMB, c.CompleteTask(task, "done"))


@refusal("task.not_holder")
def _(story: Story) -> object:
    task = with_task(story)
    return story.does(AMB, c.CancelTask(task, "no need"))


@refusal("task.promised")
def _(story: Story) -> object:
    task = with_task(story)
    story.tells(POL, attending="not_said", promise="we ring the hospital", promise_task=task)
    return story.does(POL, c.CancelTask(task, "no need"))


@refusal("task.call_back")
def _(story: Story) -> object:
    begun(story).does(POL, c.DropContact("case-caller"))
    return story.does(POL, c.CancelTask(story.task("call_back").task, "they will ring again"))


@refusal("task.own_already")
def _(story: Story) -> object:
    task = with_task(story)
    return story.does(POL, c.TakeTask(task, "POL", "mine"))


@refusal("task.holder_cannot_hand_back")
def _(story: Story) -> object:
    task = with_task(story)
    return story.does(POL, c.HandBackTask(task, "too busy"))


@refusal("told.attending")
def _(story: Story) -> object:
    return begun(story).tells(POL, attending="maybe")


@refusal("told.understood")
def _(story: Story) -> object:
    return begun(story).tells(POL, attending="no", understood="sort of")


@refusal("told.nobody_accepted")
def _(story: Story) -> object:
    offered(story)
    return story.tells(POL, attending="yes")


@refusal("told.if_worse")
def _(story: Story) -> object:
    return begun(story).tells(POL, attending="no", if_worse=" ")


@refusal("told.promise_task")
def _(story: Story) -> object:
    return begun(story).tells(POL, attending="not_said", promise="somebody rings", promise_task="nothing")


@refusal("milestone.unknown")
def _(story: Story) -> object:
    return begun(story).does(POL, c.RecordMilestone("moon_landing"))


@refusal("milestone.who_saw")
def _(story: Story) -> object:
    return begun(story).sees(POL, note="")


@refusal("responder.there")
def _(story: Story) -> object:
    begun(story).does(POL, c.RecordArrival("unit-1", "POL"))
    return story.does(POL, c.RecordArrival("unit-1", "POL"))


@refusal("responder.not_there")
def _(story: Story) -> object:
    return begun(story).does(POL, c.RecordRelease("unit-1"))


@refusal("close.not_holder")
def _(story: Story) -> object:
    return begun(story).closes(AMB)


@refusal("close.offers_open")
def _(story: Story) -> object:
    offered(story)
    return story.closes(POL)


@refusal("close.tasks_open")
def _(story: Story) -> object:
    with_task(story)
    return story.closes(POL)


@refusal("close.call_back_owed")
def _(story: Story) -> object:
    begun(story).does(POL, c.DropContact("case-caller"))
    return story.closes(POL)


@refusal("close.responders_there")
def _(story: Story) -> object:
    begun(story).does(POL, c.RecordArrival("unit-1", "POL"))
    return story.closes(POL)


@refusal("close.told_attending")
def _(story: Story) -> object:
    begun(story).decides(POL, 4)
    story.tells(POL, attending="yes")
    return story.closes(POL)


@refusal("close.nobody_seen")
def _(story: Story) -> object:
    begun(story).decides(POL, 4)
    return story.closes(POL, reason="no reply at the door")


@refusal("close.decision_below")
def _(story: Story) -> object:
    begun(story).decides(POL, 0)
    story.says(POL, view="yes")
    return story.closes(POL)


@refusal("close.nobody_took")
def _(story: Story) -> object:
    begun(story).decides(POL, 2)
    return story.closes(POL)


@refusal("close.before_last_act")
def _(story: Story) -> object:
    begun(story).at("10:10").decides(POL, 0)
    return story.closes(POL, happened="10:05")


@refusal("close.unanswered")
def _(story: Story) -> object:
    begun(story, life="unknown").lowers(POL, 0, SERGEANT)
    return story.closes(POL)


@refusal("close.lowering_waits")
def _(story: Story) -> object:
    proposed(story)
    return story.closes(POL)


@refusal("reopen.not_yours")
def _(story: Story) -> object:
    return closed(story).does(AMB, c.ReopenCase("we were asked again"))


@refusal("timer.not_due")
def _(story: Story) -> object:
    begun(story, view="yes")
    return story.falls_due(story.now, "case", "guarded", "breach")


@refusal("timer.system_only")
def _(story: Story) -> object:
    begun(story, view="yes")
    return story.does(POL, c.ClockDue("guarded", "breach", story.now))


@pytest.mark.parametrize("rule", sorted(REFUSALS))
def test_it_is_refused_by_this_rule(rule: str) -> None:
    with refused(rule):
        REFUSALS[rule](alone())


def test_a_rule_that_nobody_ever_provoked() -> None:
    assert set(REFUSALS) == set(RULES)


def test_a_button_and_its_action_never_disagree() -> None:
    def stale() -> None:
        raise Stale("AMB holds it now.")

    def not_permitted() -> None:
        raise NotPermitted("You read cases.")

    assert may(lambda: None)
    assert not may(refuse, "offer.support_task")
    assert not may(stale)
    assert not may(not_permitted)


# Further ways into the same refusals: each is another path through the rules above.


def test_an_offer_that_was_withdrawn_is_acknowledged() -> None:
    story = alone()
    offer = offered(story)
    story.does(POL, c.WithdrawOffer(offer, "not needed"))
    with refused("offer.settled"):
        story.does(AMB, c.AcknowledgeOffer(offer))


def test_a_stranger_fills_a_pack_and_writes_down_words_of_others() -> None:
    story = alone()
    offer = offered(story)
    with refused("offer.not_giver"):
        story.does(MHT, c.CompletePack(offer, {"risk": "none"}))
    with refused("offer.pack_unknown_field"):
        story.does(POL, c.CompletePack(offer, {"gossip": "none"}))
    with refused("offer.not_giver"):
        story.does(MHT, c.AcceptByWord(offer, "the duty manager", "duty manager", "R1"))
    with refused("offer.not_giver"):
        story.does(MHT, c.ConfirmWord(offer, "by mail"))
    with refused("offer.not_yours"):
        story.does(MHT, c.DeclineOffer(offer, "busy"))


def test_a_reopening_is_dated_before_the_closing() -> None:
    story = begun(alone())
    story.decides(POL, 0)
    story.at("10:20").closes(POL)
    with refused("time.before_boundary"):
        story.does(POL, c.ReopenCase("again"), happened="10:10")


def test_a_contact_from_the_future_is_taken() -> None:
    story = alone().at("10:00")
    with refused("time.future"):
        story.opens(POL, received_at=story.now + timedelta(minutes=1))


def test_a_second_person_is_of_another_agency_by_now() -> None:
    story = alone()
    proposal = proposed(story)
    transfer_taken(story, POL, AMB, "ambulance")
    with refused("lowering.same_agency"):
        story.does(MHT, c.DeclineLowering(proposal, "no"))
    story.does(SERGEANT, c.ConfirmLowering(proposal))
    assert story.decided == 2


def test_an_answer_that_fits_no_question() -> None:
    story = begun(alone())
    odd = Answer("Q99", "yes", Provenance.ASKED, story.now, "x")
    spelled = Answer("Q12", "YES!", Provenance.ASKED, story.now, "x")
    alias = Answer("Q4", "120", Provenance.ASKED, story.now, "x")
    with pytest.raises(BadInput) as said:
        story.does(POL, c.RecordAnswers("case-caller", (odd, spelled, alias)))
    assert len(said.value.faults) == 3
