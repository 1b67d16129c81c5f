"""Acceptance scenarios about calls (right-care sheet section 8: 1, 2, 4, 5, 7, 11, 12), with class, row, holder and
clock.

Each is a story: given these calls, when people do this, then the tables say, the clock runs to, the case is held by.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from safehands.core import commands as c
from safehands.core.case import OfferStatus
from safehands.errors import Stale
from safehands.service.permissions import check_may_log_off
from scenario import CALM, FORM, PACK, Story, instant, names, person, refused
from spec.watched import pack_of, watched

POL, SERGEANT, INSPECTOR = person("POL"), person("POL", "supervisor"), person("POL", "inspector")
AMB, MHT, FRS = person("AMB", "dispatcher"), person("MHT", "desk"), person("FRS", "desk")
ASC, REP = person("ASC", "desk"), person("REP-daycentre", "desk")

#: A call about somebody who does not answer; the rest was asked and is not worrying.
SILENT = {**CALM, "resp": "none", "prof": "social_care"}


def silent(*without: str, **said: object) -> dict[str, object]:
    """``SILENT`` with what is ``said`` and without some answers."""
    return {name: value for name, value in {**SILENT, **said}.items() if name not in without}


class TestScenario1FourCallsAboutOneWoman:
    """A social worker at 15:46: missed a family meal that she never misses, a dog inside, phone off, tried before, no
    key.
    """

    def story(self) -> Story:
        said = silent(
            "view", "repeat", "duty", ooc="yes", ind=["missed_never_missed_event", "unattended", "prior_attempt_12m"]
        )
        story = watched().at("15:46").opens(POL, said=said, phone="07700 900101", about_own=True, reporter_agency="ASC")
        story.does(POL, c.Conclude())
        return story

    def test_before_the_view_is_asked_it_is_a_priority_response_already(self) -> None:
        story = self.story()
        assert (story.concluded, story.row) == (4, "A10.1")
        assert story.holder == "ASC"

    def test_the_view_has_to_be_asked_and_yes_means_somebody_goes_now(self) -> None:
        story = self.story()
        with refused("decision.lower"):
            story.decides(POL, 1)
        story.says(POL, view="yes")
        assert (story.concluded, story.row) == (5, "A9.1")
        assert {"ambulance_support", "entry"} <= set(story.case.conclusion.routes)  # type: ignore[union-attr]  # it was concluded above
        assert "entry_capability" in story.case.conclusion.flags  # type: ignore[union-attr]  # it was concluded above
        assert story.clock("imm").due_at == instant("16:01")
        story.decides(POL, 5)
        assert story.holder == "POL"

    def test_nobody_declines_it(self) -> None:
        story = self.story()
        story.says(POL, view="yes")
        for outcome in range(5):
            with refused("decision.lower"):
                story.decides(POL, outcome)
        story.at("15:51")
        assert story.decided == 5, "silence fails towards help: nobody decided for five minutes"
        assert story.holder == "POL"

    def test_the_mothers_call_joins_and_every_risk_counts(self) -> None:
        story = self.story()
        story.says(POL, view="unsure")
        story.lowers(POL, 1, SERGEANT)
        story.at("16:38").joins(
            POL, "mother", silent("view", "repeat", "duty", prof="family_friend"), phone="07700 900101"
        )
        story.says(POL, "mother", view="unsure")
        assert {"A10.1", "A11.1"} <= set(story.case.conclusion.rows)  # type: ignore[union-attr]  # it was concluded above
        assert story.case.decided is not None
        assert "decision_below_conclusion" in story.concerns()
        story.at("16:40").lowers(POL, 1, SERGEANT)
        story.at("16:57").joins(POL, "mother again", silent("view", "repeat", "duty"), phone="07700 900101")
        assert "A11.2" in story.case.conclusion.rows  # type: ignore[union-attr]  # it was concluded above
        assert len(story.case.contacts) == 3

    def test_two_control_rooms_take_the_second_call_in_the_same_second(self) -> None:
        """One case each: both are tied to each other, both are asked again, and each counts the other's risks (A11)."""
        story = self.story()
        story.says(POL, view="unsure")
        story.lowers(POL, 1, SERGEANT)
        story.at("16:38")
        for name in ("mother", "sister"):
            said = silent("view", "repeat", "duty", prof="family_friend", ind=["goodbye_message"])
            story.in_case(name).opens(POL, said=said, phone="07700 900101")
            story.does(POL, c.Conclude())
        streams = {story.engine.case(name).stream for name in ("case", "mother", "sister")}
        for name in ("case", "mother", "sister"):
            case = story.engine.case(name)
            assert {case.stream, *case.links} == streams
            assert case.conclusion is not None
            assert case.conclusion.outcome >= 4
        assert "A11.1" in story.in_case("sister").case.conclusion.rows  # type: ignore[union-attr]  # it was concluded above

    def test_nobody_decides_without_the_earlier_calls_on_the_screen(self) -> None:
        story = (
            watched()
            .at("15:46")
            .opens(POL, said=silent("repeat", "duty", ind=["none"], resp="seen"), phone="07700 900101")
        )
        story.at("16:38").in_case("mother").opens(POL, said=silent("repeat", "duty", resp="seen"), phone="07700 900101")
        story.does(POL, c.Conclude())
        with refused("decision.history"):
            story.decides(SERGEANT, story.concluded, history_shown=())
        story.decides(SERGEANT, story.concluded, history_shown=story.case.links)
        assert story.case.decisions[-1].history_shown == (story.engine.case("case").stream,)


class TestScenario2HouseboundDaughter:
    """20:31: a housebound daughter does not answer, the nightly call was missed, second floor, no key."""

    SAID = silent(prof="family_friend", ooc="yes", ind=["missed_never_missed_event"], entry="forced")

    def test_the_mother_says_that_life_is_at_risk(self) -> None:
        story = watched().at("20:31").opens(POL, said={**self.SAID, "view": "yes"})
        story.does(POL, c.Conclude())
        assert (story.concluded, story.row) == (5, "A9.1")
        story.decides(POL, 5)
        assert story.holder == "POL"
        story.offers(POL, "AMB", "ambulance_support", task="treatment", asks="category 3, two hours")
        story.accepts(AMB)
        assert story.task("treatment").assignee == "AMB"
        assert story.holder == "POL"
        story.tells(POL, attending="yes", text="Officers by 20:46, reference SH-case")
        assert len(story.case.told) == 1

    def test_the_mother_would_not_say(self) -> None:
        story = watched().at("20:31").opens(POL, said={**self.SAID, "view": "declined"})
        story.does(POL, c.Conclude())
        assert story.concluded == 3
        assert {"A10.2", "A10.3", "A17.5"} <= set(story.case.conclusion.rows)  # type: ignore[union-attr]  # it was concluded above
        assert story.clock("guarded").due_at == instant("20:36")
        story.at("20:36")
        assert story.decided == 4

    def test_ring_the_ambulance_yourself_is_no_way_out(self) -> None:
        story = watched().at("20:31").opens(POL, said={**self.SAID, "view": "yes"})
        story.does(POL, c.Conclude())
        story.does(POL, c.Signpost("the ambulance service", "they have a bed"))
        assert story.holder == "POL"
        with refused("close.nobody_seen"):
            story.closes(POL, "advised")
        story.at("20:36")
        assert story.decided == 5


class TestScenario4AManWithAKnife:
    def test_the_crime_row_comes_first(self) -> None:
        story = watched().at("06:00").opens(POL, said={**CALM, "prof": "self", "need": "mh", "weapon": "yes"})
        story.does(POL, c.Conclude())
        assert (story.concluded, story.row) == (5, "A1.2")
        assert story.clock("imm").due_at == instant("06:15")
        assert story.case.conclusion is not None
        assert "crime_policy" in story.case.conclusion.flags
        assert "crisis_line" not in story.case.conclusion.routes
        with refused("decision.lower"):
            story.decides(POL, 0)
        story.decides(POL, 5)
        story.offers(POL, "MHT", "crisis_support", task="advice")
        story.accepts(MHT)
        assert story.holder == "POL"


class TestScenario5OverdoseBehindALockedDoor:
    """A mother holds the text message. The receiver is accountable until the ambulance service accepts, after forty
    seconds.
    """

    def story(self) -> Story:
        story = watched().at("10:00").opens(POL, said={**CALM, "life": "act", "resp": "none", "entry": "forced"})
        story.does(POL, c.Conclude())
        assert (story.concluded, story.row) == (6, "A3")
        story.decides(POL, 6)
        return story

    def test_the_first_who_takes_the_door_has_it_alone(self) -> None:
        story = self.story()
        story.offers(POL, "FRS", "entry", task="entry")
        story.offers(POL, "AMB", "ambulance", pack=PACK)
        story.at("10:00:40").accepts(AMB)
        assert story.holder == "AMB"
        assert [holding.since for holding in story.case.holdings] == [instant("10:00"), instant("10:00:40")]
        story.offers(AMB, "POL", "entry_police", task="entry")
        story.accepts(POL)
        assert story.offer("FRS").status is OfferStatus.WITHDRAWN
        assert [task.assignee for task in story.case.open_tasks() if task.kind == "entry"] == ["POL"]

    def test_the_last_who_could_get_in_says_no(self) -> None:
        story = self.story()
        offer = story.offers(POL, "FRS", "entry", task="entry", due_at=instant("10:05")).offer
        with refused("offer.last_entry"):
            story.does(FRS, c.DeclineOffer(offer, "all out"))
        story.does(FRS, c.RaiseChallenge("POL", "no pump for an hour", asserts_risk=False))
        with refused("offer.last_entry"):
            story.does(FRS, c.DeclineOffer(offer, "all out"))
        story.does(
            POL, c.SettleChallenge(next(iter(story.case.challenges)), "changed", "our own method of entry team goes")
        )
        story.does(FRS, c.DeclineOffer(offer, "agreed with the police"))
        assert "entry_without_assignee" in story.concerns()
        story.does(POL, c.AddTask("entry", "break the door"))
        assert "entry_without_assignee" not in story.concerns()

    def test_nobody_answers_and_it_shows(self) -> None:
        story = self.story()
        story.offers(POL, "FRS", "entry", task="entry")
        story.at("10:05")
        assert "entry_without_assignee" in story.concerns()

    def test_own_taking_withdraws_what_was_asked_of_others(self) -> None:
        story = self.story()
        story.offers(POL, "FRS", "entry", task="entry")
        story.does(POL, c.AddTask("entry", "we are there"))
        assert story.offer("FRS").status is OfferStatus.WITHDRAWN

    def test_the_task_moves_from_the_giver_to_who_accepts_and_is_never_two(self) -> None:
        story = self.story()
        story.does(POL, c.AddTask("entry", "we are there"))
        story.offers(POL, "FRS", "entry", task="entry")
        story.accepts(FRS)
        assert [task.assignee for task in story.case.open_tasks() if task.kind == "entry"] == ["FRS"]

    def test_two_fire_services_and_the_second_yes_comes_too_late(self) -> None:
        story = self.story()
        story.offers(POL, "FRS", "entry", task="entry")
        story.at("10:05").offers(POL, "FRS-north", "entry", task="entry")
        story.accepts(person("FRS-north", "desk"))
        with pytest.raises(Stale, match="FRS-north has this task now"):
            story.accepts(FRS)

    def test_who_has_the_task_does_not_just_give_it_back(self) -> None:
        story = self.story()
        story.offers(POL, "FRS", "entry", task="entry")
        story.accepts(FRS)
        for command in (c.HandBackTask, c.CancelTask):
            with refused("task.last_entry"):
                story.does(FRS, command(story.task("entry").task, "called to a fire"))
        story.sees(POL, "found in the garden")
        story.does(FRS, c.CancelTask(story.task("entry").task, "she is in the garden"))


class TestScenario7LeaveOverdueTwoHours:
    """Detained under section 3, two attempts of late."""

    def story(self) -> Story:
        said = {
            **CALM,
            "stream": "AWOL",
            "prof": "health",
            "mha": "03",
            "ind": ["prior_attempt_12m", "recent_discharge_28d"],
        }
        story = watched().at("12:00").opens(POL, said=said, about_own=True, reporter_agency="MHT")
        story.does(POL, c.Conclude())
        return story

    def test_the_search_is_an_immediate_response_and_the_trust_holds_until_somebody_goes(self) -> None:
        story = self.story()
        assert (story.concluded, story.row) == (5, "A13.1")
        assert story.holder == "MHT"
        assert story.clock("imm").due_at == instant("12:15")

    def test_a_form_with_holes_cannot_be_accepted(self) -> None:
        story = self.story()
        holes = {
            name: said
            for name, said in pack_of(story.pathway, "awol").items()
            if name not in ("recent_attempts", "suicide_risk")
        }
        story.offers(MHT, "POL", "search", pack=holes)
        with refused("offer.pack_holes"):
            story.accepts(POL)
        story.does(
            MHT, c.CompletePack(story.offer("POL").offer, {"recent_attempts": "two in May", "suicide_risk": "high"})
        )
        story.accepts(POL)
        assert story.holder == "POL"

    def test_the_trust_keeps_its_own_tasks(self) -> None:
        story = self.story()
        story.does(MHT, c.AddTask("contact_friends", "ring the sister"))
        story.decides(POL, 5)
        assert story.holder == "POL"
        assert story.task("contact_friends").assignee == "MHT"

    def test_nobody_decides_for_half_an_hour(self) -> None:
        story = self.story().at("12:30")
        assert (story.decided, story.holder) == (5, "POL")

    def test_lowering_it_takes_an_inspector_and_until_then_the_police_own_it(self) -> None:
        story = self.story()
        story.decides(POL, 5)
        story.does(POL, c.ProposeLowering(1, "she is with her sister", FORM))
        assert story.case.lowering is not None
        with refused("lowering.supervisor"):
            story.does(person("POL", n=2), c.ConfirmLowering(story.case.lowering.proposal))
        assert (story.holder, story.decided) == ("POL", 5)
        story.does(INSPECTOR, c.ConfirmLowering(story.case.lowering.proposal))
        assert story.decided == 1


class TestScenario11ReturnDisputeSilence:
    """A day centre about its own client: adult, does not answer, no indicators, the home not tried."""

    SAID = silent(prof="social_care", resp="unknown", ind=["none"], enq=["incomplete"])

    def story(self, **said: object) -> Story:
        story = (
            watched()
            .at("09:00")
            .opens(POL, said={**self.SAID, "resp": "seen", **said}, about_own=True, reporter_agency=REP.agency)
        )
        story.does(POL, c.Conclude())
        return story

    def test_it_goes_back_with_what_is_still_to_be_asked(self) -> None:
        story = self.story()
        assert (story.concluded, story.row) == (1, "B6")
        story.decides(POL, 1)
        story.offers(POL, REP.agency, "return", asks="try the home and ring again by 09:30")
        assert story.clock("recontact").due_at == instant("09:30")
        story.accepts(REP)
        assert story.holder == REP.agency

    def test_the_day_centre_will_not_have_it_back(self) -> None:
        story = self.story()
        story.offers(POL, REP.agency, "return", asks="try the home")
        story.does(REP, c.DeclineOffer(story.offer(REP.agency).offer, "we are closed"))
        assert story.holder == "POL"
        story.does(REP, c.RaiseChallenge("POL", "this needs the police", asserts_risk=True))
        challenge = next(iter(story.case.challenges.values()))
        assert (challenge.level, challenge.due_at) == (2, instant("09:05"))

    def test_nobody_confirms_the_return(self) -> None:
        story = self.story()
        story.offers(POL, REP.agency, "return", asks="try the home")
        story.at("09:05")
        assert story.holder == "POL"

    def test_a_new_fact_and_then_the_view(self) -> None:
        story = self.story()
        story.decides(POL, 1)
        story.says(POL, resp="none", ind=["med_dependency"])
        assert (story.concluded, story.row) == (3, "A10.3")
        story.says(POL, view="yes")
        assert story.concluded == 5
        assert story.row.startswith("A9")

    def test_the_referral_is_never_answered(self) -> None:
        story = watched().at("09:00").opens(POL, said={**CALM, "need": "social", "resp": "seen"})
        story.does(POL, c.Conclude())
        assert (story.concluded, story.row) == (2, "B5")
        story.decides(POL, 2)
        story.offers(POL, "ASC", "adult_social_care", pack=PACK)
        with refused("offer.open_already"):
            story.offers(POL, "ASC", "adult_social_care", pack=PACK)
        story.at("10:00")
        assert story.offer("ASC").status is OfferStatus.LAPSED
        assert story.holder == "POL"
        assert "offer_unanswered" in story.concerns()
        story.at("10:02").accepts(ASC)
        assert story.holder == "ASC"
        assert story.offer("ASC").late


class TestScenario12AcceptedAndThenNothing:
    def story(self) -> Story:
        story = watched().at("13:04").opens(POL, said={**CALM, "prof": "health", "view": "yes"})
        story.does(POL, c.Conclude())
        assert story.concluded == 4
        assert story.clock("pri").due_at == instant("14:04")
        story.decides(POL, 4)
        story.at("13:31").does(person("POL", "dispatcher"), c.SetKeeper("pol-dispatcher-1"))
        return story

    def test_logging_off_is_refused_until_somebody_else_keeps_it(self) -> None:
        story = self.story().at("13:40")
        with refused("logoff.keeps_cases"):
            check_may_log_off(person("POL", "dispatcher"), (story.case,))
        story.does(SERGEANT, c.SetKeeper("pol-desk-2"))
        check_may_log_off(person("POL", "dispatcher"), (story.case,))

    def test_a_quarter_of_an_hour_without_anything_and_then_the_hour(self) -> None:
        story = self.story().at("13:46")
        assert "silence_after_acceptance" in story.concerns()
        story.at("14:04")
        assert story.clock("pri").status == "breached"
        assert {"clock_breached", "delay_unexplained"} <= story.concerns()
        story.does(SERGEANT, c.ExplainDelay("pri", "all units at a fire", story.now + timedelta(minutes=20)))
        assert "delay_unexplained" not in story.concerns()
        story.tells(SERGEANT, attending="yes", text="we are late; by 14:24")
        story.at("14:24").does(SERGEANT, c.SetKeeper("pol-desk-2"))
        assert "delay_unexplained" in story.concerns()

    def test_no_reply_at_the_door_is_no_reason_to_close(self) -> None:
        story = self.story()
        story.does(POL, c.RecordArrival("unit-1", "POL"))
        story.does(POL, c.RecordRelease("unit-1"))
        with refused("close.nobody_seen"):
            story.closes(POL, reason="no reply at the door")
        story.does(POL, c.RecordMilestone("whereabouts_confirmed", "spoke with her on a video call, at her mother's"))
        story.closes(POL)


class TestDroppedCallsAndPromises:
    def test_the_line_is_lost_in_the_middle(self) -> None:
        story = watched().at("10:00").opens(POL, said=CALM, about_own=True, reporter_agency="MHT")
        assert story.holder == "MHT"
        dropped = story.at("10:01").does(POL, c.DropContact("case-caller"))
        assert names(dropped)[:2] == ["contact_dropped", "task_added"]
        assert (story.holder, story.task("call_back").assignee) == ("POL", "POL")
        assert story.clock("callback").due_at == instant("10:31")
        story.does(POL, c.MakeCallBack("case-caller", reached=False))
        with refused("task.call_back"):
            story.does(POL, c.CancelTask(story.task("call_back").task, "no answer"))
        story.at("10:10").does(POL, c.MakeCallBack("case-caller", reached=True))
        assert story.task("call_back").status == "done"

    def test_every_promise_is_somebodys_task_and_makes_a_duty(self) -> None:
        story = watched().at("10:00").opens(POL, said={name: said for name, said in CALM.items() if name != "duty"})
        story.does(POL, c.Conclude())
        with refused("told.promise_task"):
            story.tells(POL, attending="not_said", promise="an officer looks in", promise_task="none")
        story.does(POL, c.AddTask("visit", "look in on her"))
        story.tells(POL, attending="not_said", promise="an officer looks in", promise_task=story.task("visit").task)
        assert (story.concluded, story.row) == (4, "A8")
        with refused("task.promised"):
            story.does(POL, c.CancelTask(story.task("visit").task, "busy"))

    def test_an_officer_and_a_nurse_go_together_as_one_task(self) -> None:
        story = watched().at("10:00").opens(POL, said={**CALM, "life": "intent"})
        story.does(POL, c.Conclude())
        story.decides(POL, 5)
        story.offers(POL, "MHT", "joint_response", task="joint_response", comes_along=True)
        story.accepts(MHT)
        task = story.task("joint_response")
        assert [each.kind for each in story.case.open_tasks()] == ["joint_response"]
        assert (task.assignee, task.alongside, story.holder) == ("MHT", "POL", "POL")

    def test_somebody_is_stood_down_by_a_supervisor_and_then_it_is_a_duty(self) -> None:
        story = watched().at("10:00").opens(POL, said={name: said for name, said in CALM.items() if name != "duty"})
        story.does(POL, c.Conclude())
        story.offers(POL, "AMB", "ambulance_support", task="treatment")
        story.accepts(AMB)
        story.does(SERGEANT, c.StandDown("AMB", "found well", "seen by unit 4 at the kitchen table"))
        assert (story.concluded, story.row) == (4, "A8")
