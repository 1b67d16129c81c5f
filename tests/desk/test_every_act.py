"""Everything that a person may ask of a case can be asked on a page: each command, its form, and what it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from safehands.core import commands as c
from safehands.core.case import Case, ClockStatus
from safehands.core.commands import COMMAND_CLASSES
from safehands.core.records import commands as r
from safehands.service.handle import Service

from .conftest import INTENT, Page, Sit, Somebody
from .test_handover import PACK, REST, accept, offered, the_offer

Look = Callable[[str], Case]

#: Commands that no person sends, and why.
NOBODY_SENDS = {
    c.ClockDue: "sent by the timers only: a clock falls due by itself",
    r.NoteMaterial: "sent by the service only, in the unit that writes a register",
}

#: Commands that other pages than the case's send, by the name of the address.
ELSEWHERE = {
    c.TakeContact: "begin",
    c.RecordAnswers: "answer",
    c.CorrectAnswer: "correct",
    c.Decide: "decide",
    c.ProposeLowering: "decide",
    c.TellCaller: "tell",
    c.OfferHandover: "offer",
    c.GiveOwnPage: "give_own_page",
    c.WithdrawOwnPage: "close_own_page",
    r.AnswerRequest: "answer_sheet",
    r.AttestNothingFurther: "answer_sheet",
}


def test_every_command_has_a_page_or_a_reason(desk: Service) -> None:
    from django.urls import reverse

    from safehands.desk.subjects.sections import ACTS

    sent = {command: act.name for act in ACTS for command in act.commands} | ELSEWHERE
    assert set(COMMAND_CLASSES) == set(sent) | set(NOBODY_SENDS)
    assert not set(sent) & set(NOBODY_SENDS)
    case, contact = "00000000-0000-0000-0000-000000000000", "c"
    for command, name in sent.items():
        given: dict[str, Any] = {} if command is c.TakeContact else {"case_id": case}
        given |= {"contact": contact} if name in ("answer", "correct", "decide", "tell") else {}
        given |= {"asked": "q"} if name == "answer_sheet" else {}
        assert reverse(name, kwargs=given | ({"route": "r"} if name == "offer" else {}))


def test_every_form_of_a_case_leads_to_an_act_of_its_own_page(sit: Sit, case_of: Look) -> None:
    from safehands.desk.subjects.sections import ACTS, SECTIONS

    police = sit("POL", "supervisor")
    case_id = offered(police, case_of)
    names = {act.name.replace("_", "-"): act.section for act in ACTS}
    for section in SECTIONS:
        page = police.get(f"/case/{case_id}/{section.name}/")
        assert page.status == 200, page.said
        found = re.findall(rf'action="/case/{case_id}/([a-z-]+)/"', page.text)
        assert {names[each] for each in found} <= {section.name}, section.name


def act(somebody: Somebody, case_id: str, name: str, /, **form: Any) -> Page:
    """Send a form of the case's pages and expect that it was done."""
    page = somebody.post(f"/case/{case_id}/{name}/", {each.replace("__", "."): said for each, said in form.items()})
    assert page.status == 200, page.said
    return page


def local(case: Case, minutes: int) -> str:
    """A time near the case's last act, as a browser in London writes it."""
    from django.utils import timezone

    return f"{timezone.localtime(case.last_at + timedelta(minutes=minutes)):%Y-%m-%dT%H:%M:%S}"


@pytest.fixture
def police(sit: Sit) -> Somebody:
    """A call handler."""
    return sit("POL", "handler")


@pytest.fixture
def case_id(police: Somebody) -> str:
    """A case with an answer."""
    return police.takes_a_call(INTENT)


def test_a_detention_begins_moves_and_ends(police: Somebody, case_id: str, case_of: Look) -> None:
    grounds = {"g__consulted": "the crisis line, 14:02", "g__found_at": "a bridge"}
    refused = police.post(
        f"/case/{case_id}/status-begin/", {"kind": "s136_removed", "place": "on_the_way", "form": "status-begin"}
    )
    assert refused.status == 409
    assert "consulted" in refused.said
    act(police, case_id, "status-begin", kind="s136_removed", place="on_the_way", **grounds)
    (state,) = case_of(case_id).statuses.values()
    page = act(police, case_id, "status-move", status=state.status, place="mental_health_suite", reason="a bed is free")
    assert "Mental health suite" in page.said
    act(police, case_id, "status-end", status=state.status, outcome="assessed, went home")
    assert case_of(case_id).statuses[state.status].outcome == "assessed, went home"


def test_a_booking_is_planned_confirmed_left_and_given_up(
    sit: Sit, police: Somebody, case_id: str, case_of: Look
) -> None:
    at = local(case_of(case_id), 60)
    parties = ["POL", "AMB-east"]
    act(police, case_id, "booking-plan", kind="warrant_s135", at=at, party=parties, others="DOCTOR, BED")
    (booking,) = case_of(case_id).bookings.values()
    sent = {"booking": booking.booking}
    act(police, case_id, "booking", act="confirm", party="POL", **sent)
    ambulance = sit("AMB-east", "dispatcher")
    assert "You will come" in ambulance.get(f"/case/{case_id}/places/").said
    act(ambulance, case_id, "booking", act="confirm", party="AMB-east", **sent)
    word = {"person": "D Rota", "role": "doctor on call", "reference": "7"}
    for party in ("DOCTOR", "BED"):
        act(police, case_id, "booking", act="confirm", party=party, **sent, **word)
    assert "Everybody has confirmed" in police.get(f"/case/{case_id}/places/").said
    act(ambulance, case_id, "booking", act="withdraw", party="AMB-east", reason="no crew", **sent)
    assert police.post(f"/case/{case_id}/booking/", {"act": "start", **sent}).status == 409
    act(ambulance, case_id, "booking", act="confirm", party="AMB-east", **sent)
    act(police, case_id, "booking", act="start", **sent)
    assert case_of(case_id).bookings[booking.booking].state == "started"
    act(police, case_id, "booking-plan", kind="warrant_s135", at=at, party=parties, others="DOCTOR, BED")
    second = list(case_of(case_id).bookings)[-1]
    act(police, case_id, "booking", act="cancel", booking=second, reason="the warrant was refused")
    assert case_of(case_id).bookings[second].state == "cancelled"


def test_a_dispute_is_raised_answered_taken_up_and_settled(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    act(police, case_id, "challenge-raise", against="AMB-east", position="She is ill, not violent", asserts_risk="no")
    (challenge,) = case_of(case_id).challenges
    ambulance = sit("AMB-east", "clinical_lead")
    assert "She is ill, not violent" in ambulance.get(f"/case/{case_id}/disputes/").said
    act(ambulance, case_id, "challenge", act="answer", challenge=challenge, position="No crew is free")
    page = act(police, case_id, "challenge", act="escalate", challenge=challenge)
    assert "Level 3" in page.said
    act(ambulance, case_id, "challenge", act="changed", challenge=challenge, reason="a car is free now")
    assert case_of(case_id).challenges[challenge].state != "open"


def test_help_is_stood_down_by_a_supervisor_only(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    form = {"agency": "AMB-east", "reason": "she is home", "verified_by": "her brother, at the door"}
    assert police.post(f"/case/{case_id}/stand-down/", form).status == 409
    assert "Tell an agency not to come" not in police.get(f"/case/{case_id}/handovers/").said
    supervisor = sit("POL", "supervisor")
    assert "Tell an agency not to come" in supervisor.get(f"/case/{case_id}/handovers/").said
    act(supervisor, case_id, "stand-down", **form)
    assert case_of(case_id).stood_down == ("AMB-east",)


def test_a_milestone_is_corrected_by_two_people(sit: Sit, police: Somebody, case_id: str, case_of: Look) -> None:
    act(police, case_id, "milestone", milestone="arrival", note="by radio")
    reached = case_of(case_id).milestones[-1]
    which = f"arrival@{reached.at.isoformat()}"
    act(police, case_id, "milestone-was", which=which, now=case_of(case_id).opened_at.isoformat(), reason="radio")
    (correction,) = case_of(case_id).corrections
    assert police.post(f"/case/{case_id}/milestone-confirm/", {"correction": correction}).status == 409
    act(sit("POL", "supervisor"), case_id, "milestone-confirm", correction=correction)
    assert not case_of(case_id).corrections


def test_what_happened_earlier_is_written_down_with_both_times(police: Somebody, case_id: str, case_of: Look) -> None:
    opened = case_of(case_id).opened_at.isoformat()
    act(police, case_id, "milestone", milestone="dispatched", note="by radio", happened_at=opened)
    assert case_of(case_id).milestones[-1].at == case_of(case_id).opened_at


def test_a_time_typed_to_the_minute_in_the_opening_minute_is_the_beginning(
    police: Somebody, case_id: str, case_of: Look
) -> None:
    """A browser sends no seconds where they were not typed, and the case began within that minute."""
    from django.utils import timezone

    began = case_of(case_id).opened_at
    typed = f"{timezone.localtime(began):%Y-%m-%dT%H:%M}"
    act(police, case_id, "milestone", milestone="dispatched", note="by radio", happened_at=typed)
    assert case_of(case_id).milestones[-1].at == began
    act(police, case_id, "milestone", milestone="arrival", note="by radio", happened_at=f"{typed}:{began.second:02}")
    assert case_of(case_id).milestones[-1].at == began
    earlier = f"{timezone.localtime(began - timedelta(minutes=1)):%Y-%m-%dT%H:%M}"
    form = {"milestone": "arrival", "note": "by radio", "happened_at": earlier}
    assert police.post(f"/case/{case_id}/milestone/", form).status == 409


def test_a_delay_is_explained_on_a_clock_that_ran_out(
    desk: Service, police: Somebody, case_id: str, case_of: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test.utils import override_settings

    from safehands.service import timers

    clock = next(each for each in case_of(case_id).clocks.values() if each.spec == "imm")
    assert clock.due_at is not None
    later = clock.due_at + timedelta(minutes=5)
    monkeypatch.setattr(type(desk.clock), "now", lambda _clock: later)
    with override_settings(DESK_SESSION_IDLE=90 * 86_400, DESK_SESSION_LONGEST=90 * 86_400):  # the same clock
        timers.run_due(desk)
        ran_out = next(each for each in case_of(case_id).clocks.values() if each.status is ClockStatus.BREACHED)
        assert "Explain the delay" in police.get(f"/case/{case_id}/times/").said
        until = later + timedelta(minutes=30)
        form = {"clock": ran_out.clock, "reason": "no car is free", "expected_at": until.isoformat()}
        page = act(police, case_id, "explain-delay", **form)
    assert "The clock still waits" in page.said
    assert "explained, expected" in page.said
    assert case_of(case_id).clocks[ran_out.clock].status is ClockStatus.BREACHED


def test_a_clock_that_has_no_extension_says_so_and_one_in_time_needs_no_excuse(
    police: Somebody, case_id: str, case_of: Look
) -> None:
    clock = next(each for each in case_of(case_id).clocks.values() if each.status is ClockStatus.RUNNING)
    form = {"clock": clock.clock, "hours": "2", "reason": "condition"}
    assert police.post(f"/case/{case_id}/extend-clock/", form).status == 409
    late = {"clock": clock.clock, "reason": "no car", "expected_at": local(case_of(case_id), 30)}
    assert police.post(f"/case/{case_id}/explain-delay/", late).status == 409


def test_the_detention_clock_is_extended_once_with_its_evidence(police: Somebody, case_id: str, case_of: Look) -> None:
    grounds = {"g__consulted": "the crisis line", "g__found_at": "a bridge"}
    act(police, case_id, "status-begin", kind="s136_removed", place="on_the_way", **grounds)
    (state,) = case_of(case_id).statuses
    act(police, case_id, "status-move", status=state, place="mental_health_suite", reason="a bed is free")
    act(police, case_id, "milestone", milestone="arrival_at_place_of_safety", note="the crew")
    clock = next(each for each in case_of(case_id).clocks.values() if each.spec == "detention")
    page = police.get(f"/case/{case_id}/times/")
    assert "Give more time" in page.said
    evidence = {"e__doctor": "D Rota", "e__doctor_role": "approved clinician", "e__authorised_at": "now"}
    act(police, case_id, "extend-clock", clock=clock.clock, hours="12", reason="condition", **evidence)
    assert case_of(case_id).clocks[clock.clock].extended_seconds == 12 * 3600


def test_people_are_named_cases_are_tied_outcomes_and_complaints_written_down(
    police: Somebody, case_id: str, case_of: Look
) -> None:
    other = police.takes_a_call()
    act(police, case_id, "identify", role="subject", name="Nobody Real", phone="07700 900555")
    assert len(case_of(case_id).subjects) == 1
    assert police.post(f"/case/{case_id}/identify/", {"role": "subject"}).status == 422
    reference = case_of(other).reference.lower()
    act(police, case_id, "link", other=reference, matched=["person"], reason="the same voice")
    assert f"case/{other}" in case_of(case_id).links
    assert police.post(f"/case/{case_id}/link/", {"other": "NONE-SUCH"}).status == 422
    at = local(case_of(case_id), 0)
    act(police, case_id, "outcome", what="none_found/none", at=at, source="the ward, by telephone")
    act(police, case_id, "complaint", complaint="C-77", received_at=at)
    said = police.get(f"/case/{case_id}/people/").said
    assert "Nobody Real" in said
    assert case_of(other).reference in said
    assert "C-77" in said


def test_more_help_is_one_form_for_anybody_with_standing(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    act(sit("AMB-east", "dispatcher"), case_id, "raise", outcome="6", reason="two are in the water")
    decided = case_of(case_id).decided
    assert decided is not None
    assert decided.outcome == 6


def test_a_decision_is_reviewed_by_somebody_else(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    decision = case_of(case_id).decisions[-1].decision
    assert "Review the decision" not in police.get(f"/case/{case_id}/decisions/").said
    supervisor = sit("POL", "supervisor")
    assert "Review the decision" in supervisor.get(f"/case/{case_id}/decisions/").said
    act(supervisor, case_id, "review", decision=decision, act="pass", notes="whole, and in time")
    assert case_of(case_id).reviewed == (decision,)


def test_an_entry_is_corrected_beside_itself(police: Somebody, case_id: str, case_of: Look) -> None:
    page = act(police, case_id, "correct-entry", version="2", field="channel", was="999", now="101", reason="misread")
    assert case_of(case_id).corrected == (2,)
    assert "misread" in page.said


def test_another_contact_joins_and_its_page_opens(police: Somebody, case_id: str, case_of: Look) -> None:
    page = act(police, case_id, "join", channel="999", reporter="self", phone="07700 900777")
    assert page.address.startswith(f"/contact/{case_id}/")
    assert len(case_of(case_id).contacts) == 2
    assert "Contact 1 (999 call)" in page.said


def test_the_tables_are_asked_again(police: Somebody, case_id: str, case_of: Look) -> None:
    act(police, case_id, "conclude")
    assert case_of(case_id).conclusion is not None


def test_a_lost_line_is_the_first_thing_to_do_until_somebody_rang_back(police: Somebody, case_id: str) -> None:
    contact = police.contacts[case_id]
    act(police, case_id, "dropped", contact=contact)
    said = police.get(f"/case/{case_id}/").said.split("What happens next")[1]
    assert said.index("you rang back") < said.index("nobody has decided")
    act(police, case_id, "called-back", contact=contact, act="yes")
    assert "you rang back" not in police.get(f"/case/{case_id}/").said


def test_tasks_are_added_done_dropped_and_taken_over(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    act(police, case_id, "add-task", kind="ring_family", text="Ring her sister")
    act(police, case_id, "add-task", kind="find_key", text="Find a key")
    one, two = list(case_of(case_id).tasks)[-2:]
    act(police, case_id, "task", act="complete", task=one, result="she knows")
    page = sit("AMB-east", "dispatcher").get(f"/case/{case_id}/work/")
    assert "Take it over" in page.said
    ambulance = sit("AMB-east", "dispatcher")
    act(ambulance, case_id, "task", act="take", task=two, believes_from="POL", result="we have the key")
    assert case_of(case_id).tasks[two].assignee == "AMB-east"
    act(ambulance, case_id, "task", act="hand_back", task=two, result="it is the wrong key")
    act(police, case_id, "task", act="cancel", task=two, result="the door is open")
    act(police, case_id, "signpost", to="the crisis line", reason="she asked for it")
    assert "the crisis line" in police.get(f"/case/{case_id}/people/").said


def test_a_word_is_written_down_confirmed_and_an_offer_taken_back(police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    act(police, case_id, "withdraw", offer=the_offer(case_of(case_id)), reason="they told us of no crew")
    form = {"to_agency": "AMB-east", "asks": "Take her", **PACK, **REST}
    police.post(f"/case/{case_id}/offer/ambulance/", form)
    offer = list(case_of(case_id).offers)[-1]
    word = {"person": "A Clerk", "role": "duty manager", "reference": "12"}
    act(police, case_id, "by-word", offer=offer, **word)
    assert "by word only" in police.get(f"/case/{case_id}/").said
    act(police, case_id, "confirm-word", offer=offer, how="their letter")
    assert case_of(case_id).offers[offer].confirmed


def test_the_case_is_taken_without_an_offer_closed_and_opened_again(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    assert accept(sit("AMB-east", "dispatcher"), case_of(case_id))[0] == 200
    act(police, case_id, "assume", believes_holder="AMB-east", ground="deployed", reason="our car is there")
    act(police, case_id, "milestone", milestone="person_seen", note="our crew, at the bridge")
    for task in case_of(case_id).open_tasks():
        act(sit(task.assignee, "handler"), case_id, "task", act="complete", task=task.task, result="done")
    act(police, case_id, "close", believes_holder="POL", reason="seen and safe", outcome="seen")
    assert not case_of(case_id).is_open
    assert "Open the case again" in police.get(f"/case/{case_id}/").said
    act(police, case_id, "reopen", reason="she rang again")
    assert case_of(case_id).holder == "POL"


def test_responders_arrive_and_are_released(police: Somebody, case_id: str, case_of: Look) -> None:
    act(police, case_id, "responder", act="arrive", responder="PC-11", place="the bridge")
    assert "PC-11 is free again" in police.get(f"/case/{case_id}/times/").said
    act(police, case_id, "responder", act="release", responder="PC-11")
    assert case_of(case_id).presences["PC-11"].released_at is not None


def test_a_keeper_is_somebody_who_is_there(police: Somebody, case_id: str, case_of: Look) -> None:
    page = police.post(f"/case/{case_id}/keeper/", {"keeper": "nobody.pol", "form": "keeper"})
    assert page.status == 422
    assert case_of(case_id).keeper is None


def test_a_refused_form_comes_back_as_it_was_written_and_leads_to_the_empty_field(
    police: Somebody, case_id: str
) -> None:
    form = {"to": "the crisis line, 0800", "reason": "", "form": "signpost", "seen": "1"}
    page = police.post(f"/case/{case_id}/signpost/", form)
    assert page.status == 422
    assert page.field("to") == "the crisis line, 0800"
    assert 'href="#signpost-reason"' in page.text
    assert page.text.count('id="signpost-reason"') == 1


def test_whoever_comes_second_reads_what_the_first_did(sit: Sit, police: Somebody, case_of: Look) -> None:
    case_id = offered(police, case_of)
    seen = str(case_of(case_id).version)
    act(police, case_id, "withdraw", offer=the_offer(case_of(case_id)), reason="a car of ours is nearer")
    form = {"offer": the_offer(case_of(case_id)), "believes_from": "POL", "seen": seen}
    page = sit("AMB-east", "dispatcher").post(f"/case/{case_id}/accept/", form)
    assert page.status == 409
    assert "What others did since your page was made" in page.said
    assert "a car of ours is nearer" in page.said


def test_times_in_the_story_and_in_refusals_are_those_of_london(sit: Sit, police: Somebody, case_of: Look) -> None:
    from django.utils import timezone

    case_id = offered(police, case_of)
    offer = case_of(case_id).offers[the_offer(case_of(case_id))]
    page = police.get(f"/case/{case_id}/")
    assert f"{timezone.localtime(offer.due_at):%H:%M:%S}" in page.said
    assert f'datetime="{offer.due_at.isoformat()}"' in page.text
    assert not re.search("[\ue000\ue001]", page.text)
    act(police, case_id, "withdraw", offer=offer.offer, reason="nearer")
    refused = police.post(f"/case/{case_id}/withdraw/", {"offer": offer.offer, "reason": "again"})
    assert "+00:00" not in refused.said.split("What happened")[0]
