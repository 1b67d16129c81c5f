"""Handovers of three kinds, taking without an offer, keepers, tasks and promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safehands.core import commands as c
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Ground, HappenedSource
from safehands.errors import BadInput, Stale
from scenario import CALM, PACK, Story, alone, instant, names, person, refused, right_care, transfer_taken

POL, SERGEANT = person("POL"), person("POL", "supervisor")
AMB, MHT, FRS, CLINIC = (
    person("AMB", "dispatcher"),
    person("MHT", "desk"),
    person("FRS", "desk"),
    person("REP-clinic", "desk"),
)


def begun(**said: object) -> Story:
    story = alone().at("10:00").opens(POL, said={**CALM, **said})
    story.does(POL, c.Conclude())
    return story


def returned(pathway: Pathway | None = None) -> Story:
    """The clinic's own patient: the police offer the case back, naming what is missing."""
    said = {**CALM, "prof": "health", "enq": ["incomplete"]}
    story = alone(pathway).at("10:00").opens(POL, said=said, about_own=True, reporter_agency="REP-clinic")
    story.does(POL, c.Conclude())
    story.offers(POL, "REP-clinic", "return", asks="go to the door, ring the sister")
    return story


def test_acceptance_moves_the_case_and_nothing_before_it_does() -> None:
    story = begun()
    story.offers(POL, "MHT", "crisis_line", pack=PACK)
    story.does(MHT, c.AcknowledgeOffer(story.offer("MHT").offer))
    story.does(MHT, c.QuestionOffer(story.offer("MHT").offer, "is she alone?"))
    assert story.holder == "POL"
    assert story.clock("offer").status == "running"
    assert story.clock("warm_transfer").status == "running"
    story.at("10:01").accepts(MHT)
    assert story.holder == "MHT"
    assert [holding.agency for holding in story.case.holdings] == ["POL", "MHT"]
    assert story.clock("offer").status == "stopped"
    story.check_sound()


def test_taken_from_an_agency_that_no_longer_holds() -> None:
    story = begun()
    story.offers(POL, "MHT", "crisis_line", pack=PACK)
    with pytest.raises(Stale, match="from POL"):
        story.accepts(MHT, believes_from="AMB")
    story.at("10:03")
    story.does(AMB, c.AssumeCase("POL", Ground.DEPLOYED, "on scene"))
    with pytest.raises(Stale, match="no longer holds"):
        story.accepts(MHT)


def test_an_acceptance_overtakes_the_other_offers_of_the_case_and_leaves_the_tasks() -> None:
    story = begun()
    story.offers(POL, "MHT", "crisis_line", pack=PACK)
    story.offers(POL, "FRS", "entry", task="entry")
    transfer_taken(story, POL, AMB, "ambulance")
    assert story.offer("MHT").status == "withdrawn"
    assert story.offer("FRS").status == "open"
    story.accepts(FRS)
    assert story.task("entry").assignee == "FRS"
    assert story.holder == "AMB"
    story.check_sound()


def test_the_new_holder_takes_back_an_offer_that_the_old_one_made() -> None:
    story = begun()
    story.offers(POL, "FRS", "entry", task="entry")
    transfer_taken(story, POL, AMB, "ambulance")
    story.does(AMB, c.WithdrawOffer(story.offer("FRS").offer, "the door is open"))
    assert story.offer("FRS").status == "withdrawn"


def test_an_answer_after_the_deadline_while_the_giver_still_holds() -> None:
    story = begun()
    story.offers(POL, "MHT", "crisis_line", pack=PACK)
    story.at("10:04")
    assert story.offer("MHT").status == "lapsed"
    assert "offer_unanswered" in story.concerns()
    story.accepts(MHT)
    assert story.offer("MHT").late
    assert story.holder == "MHT"
    assert "offer_unanswered" not in story.concerns()


def test_a_word_given_in_time_and_written_down_after_the_lapse_is_not_late() -> None:
    story = begun()
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.at("10:08")
    word = c.AcceptByWord(story.offer("AMB").offer, "the duty manager", "duty manager", "R-17")
    story.does(POL, word, happened="10:03", source=HappenedSource.LATE)
    assert not story.offer("AMB").late
    assert story.case.holdings[-1].since == instant("10:03")
    assert "taken_by_word" in story.concerns()
    story.check_sound()
    story.does(AMB, c.ConfirmWord(story.offer("AMB").offer, "their control room wrote"))
    assert "taken_by_word" not in story.concerns()


def test_an_arrival_keeps_the_word_and_the_giver_may_close_for_who_is_not_on_the_system() -> None:
    story = begun()
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    story.does(POL, c.AcceptByWord(story.offer("AMB").offer, "the duty manager", "duty manager", "R-17"))
    story.at("10:20").does(POL, c.RecordArrival("crew-1", "AMB"))
    assert "taken_by_word" not in story.concerns()
    story.does(POL, c.RecordRelease("crew-1"))
    story.sees(POL, "the crew's control room: treated and at home")
    story.closes(POL)
    assert not story.case.is_open
    story.check_sound()


def test_a_word_of_nobody_in_particular() -> None:
    story = begun()
    story.offers(POL, "AMB", "ambulance", pack=PACK)
    with pytest.raises(BadInput) as said:
        story.does(POL, c.AcceptByWord(story.offer("AMB").offer, "", " ", ""))
    assert len(said.value.faults) == 3


def test_holes_in_a_pack_are_named_and_filled_by_who_asked() -> None:
    story = begun()
    story.offers(POL, "AMB", "ambulance", pack={"summary": "asked_unknown", "risk": "asked_unknown"})
    with refused("offer.pack_holes"):
        story.accepts(AMB)
    story.at("10:06")
    story.does(AMB, c.CompletePack(story.offer("AMB").offer, {**PACK, "risk": "asked_unknown"}))
    story.accepts(AMB)
    assert story.holder == "AMB"


def test_a_support_offer_gives_a_task_and_the_first_to_say_yes_has_it() -> None:
    story = begun()
    story.offers(POL, "FRS", "entry", task="entry")
    story.offers(POL, "FRS-north", "entry", task="entry")
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    north = person("FRS-north", "desk")
    story.accepts(north)
    assert story.offer("FRS").status == "withdrawn"
    assert story.offer("AMB").status == "open"
    assert [task.assignee for task in story.case.open_tasks()] == ["FRS-north"]
    assert story.holder == "POL"
    assert story.task("entry").due_at == instant("11:00")


def test_a_late_yes_to_a_task_that_somebody_has_by_now() -> None:
    story = begun()
    story.offers(POL, "FRS", "entry", task="entry")
    story.at("10:06").offers(POL, "FRS-north", "entry", task="entry")
    story.accepts(person("FRS-north", "desk"))
    with pytest.raises(Stale, match="FRS-north has this task"):
        story.accepts(FRS)


def test_a_late_yes_to_a_task_that_nobody_else_has() -> None:
    story = begun()
    story.does(POL, c.AddTask("entry", "look for a key"))
    story.offers(POL, "FRS", "entry", task="entry")
    story.at("10:06")
    story.accepts(FRS)
    assert story.task("entry").assignee == "FRS"


def test_a_return_is_confirmed_and_moves_nothing() -> None:
    story = returned()
    story.accepts(CLINIC)
    assert story.holder == "REP-clinic"
    assert story.case.holdings[0].until is None
    with refused("told.nobody_accepted"):
        story.tells(POL, attending="yes")


def test_a_return_is_refused_or_left_without_an_answer() -> None:
    refusing = returned()
    refusing.does(CLINIC, c.DeclineOffer(refusing.offer("REP-clinic").offer, "we have nobody"))
    assert refusing.holder == "POL"
    silent = returned().at("10:06")
    assert silent.holder == "POL"
    assert silent.case.holdings[-1].since == instant("10:05")
    with pytest.raises(Stale, match="nothing left to confirm"):
        silent.accepts(CLINIC)
    refusing.check_sound()
    silent.check_sound()


def test_a_return_overtaken_by_a_transfer() -> None:
    story = returned()
    story.offers(CLINIC, "AMB", "ambulance", pack=PACK)
    story.accepts(AMB)
    assert story.offer("REP-clinic").status == "withdrawn"
    with refused("offer.settled"):
        story.accepts(CLINIC)


def test_a_return_along_two_routes_and_one_answer_settles_both() -> None:
    pathway = right_care()
    back = next(route for route in pathway.routes if route.id == "return")
    story = returned(replace(pathway, routes=(*pathway.routes, replace(back, id="return_by_mail"))))
    story.offers(POL, "REP-clinic", "return_by_mail")
    story.offers(CLINIC, "AMB", "ambulance", pack=PACK)
    first, second, third = story.case.offers
    story.does(CLINIC, c.AcceptOffer(first, "POL"))
    assert story.case.offers[second].status == "withdrawn"
    assert story.case.offers[third].status == "open"


def test_lapsing_of_a_return_that_meant_nothing_any_more() -> None:
    story = returned()
    story.does(AMB, c.AssumeCase("REP-clinic", Ground.DETAINED, "sectioned at the scene"))
    assert story.offer("REP-clinic").status == "withdrawn"
    assert story.holder == "AMB"


def test_assuming_a_case_that_has_moved_on() -> None:
    story = transfer_taken(begun(), POL, AMB, "ambulance")
    with pytest.raises(Stale, match="AMB holds this case now"):
        story.does(MHT, c.AssumeCase("POL", Ground.DETAINED, "ours"))
    with pytest.raises(BadInput):
        story.does(MHT, c.AssumeCase("AMB", Ground.DETAINED, ""))


def test_the_keeper_is_of_the_holder_and_goes_with_it() -> None:
    story = begun()
    story.does(POL, c.SetKeeper("pol-dispatcher-3"))
    assert story.case.keeper == "pol-dispatcher-3"
    transfer_taken(story, POL, AMB, "ambulance")
    assert story.case.keeper is None


def test_a_task_moves_only_by_taking_or_back_to_the_holder() -> None:
    story = begun()
    story.offers(POL, "AMB", "ambulance_support", task="treatment")
    story.accepts(AMB)
    task = story.task("treatment").task
    with pytest.raises(Stale, match="AMB has this task now"):
        story.does(MHT, c.TakeTask(task, "POL", "we are nearer"))
    story.does(MHT, c.TakeTask(task, "AMB", "we are nearer"))
    assert story.task("treatment").assignee == "MHT"
    story.does(MHT, c.HandBackTask(task, "no staff"))
    assert story.task("treatment").assignee == "POL"
    story.does(POL, c.CancelTask(task, "she is well"))
    assert story.task("treatment").status == "cancelled"
    assert story.clock("task").status == "stopped"


def test_a_task_with_a_deadline_of_its_own_runs_out_and_is_done_late() -> None:
    story = begun(need="mh")
    story.does(POL, c.AddTask("enquiry", "ring the hospital", instant("10:10")))
    story.at("10:11")
    assert story.clock("task").status == "breached"
    assert "clock_breached" in story.concerns()
    story.does(POL, c.CompleteTask(story.task("enquiry").task, "not there"))
    assert story.clock("task").status == "stopped"
    assert "clock_breached" not in story.concerns()


def test_a_promise_can_only_be_dropped_after_the_person_was_told() -> None:
    story = begun()
    story.decides(POL, 4)
    story.does(POL, c.AddTask("visit", "go and look"))
    visit = story.task("visit").task
    story.tells(POL, attending="yes", promise="a unit looks in by eleven", promise_task=visit)
    with refused("task.promised"):
        story.does(POL, c.CancelTask(visit, "no unit"))
    story.tells(POL, attending="yes", text="the ambulance comes instead")
    story.does(POL, c.CancelTask(visit, "the ambulance goes"))
    assert "promise_without_task" not in story.concerns()


def test_an_export_names_its_own_deadlines() -> None:
    story = begun()
    story.does(POL, c.AddTask("enquiry", ""), source=HappenedSource.EXPORT)
    assert story.task("enquiry").due_at is None
    assert names(story.does(POL, c.Signpost("the crisis line's number", "asked for it"))) == ["person_signposted"]
    assert SERGEANT.role == "supervisor"
