"""Take a contact: from the first second to what the caller was told."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from safehands.core.case import Case

from .conftest import INTENT, Sit

Look = Callable[[str], Case]


def test_a_case_exists_and_is_held_from_the_moment_the_channel_is_chosen(sit: Sit, case_of: Look) -> None:
    case = case_of(sit("POL", "handler").takes_a_call())
    assert (case.holder, case.is_open, len(case.contacts)) == ("POL", True, 1)


def test_a_double_click_takes_one_call(sit: Sit) -> None:
    handler, sent = sit("POL", "handler"), str(uuid4())
    one = handler.post("/contact/", {"channel": "999", "command": sent})
    two = handler.post("/contact/", {"channel": "999", "command": sent})
    assert one.address == two.address


def test_a_contact_without_a_way_in_is_refused_in_a_sentence(sit: Sit) -> None:
    page = sit("POL", "handler").post("/contact/", {"channel": "pigeon"})
    assert page.status == 422
    assert "There is a problem" in page.said
    assert "Say how the contact reached us." in page.said


def test_a_professional_about_their_own_patient_leaves_the_case_with_their_agency(sit: Sit, case_of: Look) -> None:
    case_id = sit("POL", "handler").takes_a_call(own_agency="MHT-north", reporter="health")
    assert case_of(case_id).holder == "MHT-north"


def test_the_advice_follows_the_answer_at_once(sit: Sit) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call()
    address = f"/contact/{case_id}/{handler.contacts[case_id]}/answer/"
    side = handler.post(address, {"a.Q6": "intent"}, headers={"HX-Request": "true"})
    assert "Class 5 (Immediate response)" in side.said
    assert "<html" not in side.text
    assert "Nobody has decided" in side.said


def test_without_javascript_the_same_comes_as_a_page(sit: Sit) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call()
    page = handler.answers(case_id, INTENT)
    assert "Class 5 (Immediate response)" in page.said
    assert "<html" in page.text


def test_saying_less_than_before_asks_for_a_correction_with_a_reason(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(INTENT)
    address = f"/contact/{case_id}/{handler.contacts[case_id]}"
    side = handler.post(f"{address}/answer/", {"a.Q6": "none"}, headers={"HX-Request": "true"})
    assert "was written down wrongly because" in side.said
    handler.post(f"{address}/correct/", {"question": "Q6", "value": "none", "reason": "I clicked the wrong one"})
    assert case_of(case_id).answers[handler.contacts[case_id]]["Q6"].value == "none"


def test_nobody_skips_the_reporters_own_view_on_the_way_to_not_going(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    calm = {
        "Q4": "adult",
        "Q5": "no",
        "Q5w": "no",
        "Q6": "none",
        "Q7": "no",
        "Q8": "speaking",
        "Q10": "no",
        "Q11": "none",
    }
    more = {
        "Q14": "no",
        "Q23": "yes",
        "QS": "CFW",
        "QN": "none",
        "Q17": "none",
        "Q18": "no",
        "Q19": "none",
        "Q2": "public",
    }
    case_id = handler.takes_a_call({**calm, **more})
    concluded = case_of(case_id).conclusion
    assert concluded is not None
    page = handler.post(
        f"/contact/{case_id}/{handler.contacts[case_id]}/decide/",
        {"outcome": str(concluded.outcome), "believes": str(concluded.outcome)},
    )
    assert page.status in (409, 422)
    assert case_of(case_id).decided is None


def test_a_decision_not_to_go_names_every_empty_field_and_loses_no_word(sit: Sit) -> None:
    handler = sit("POL", "supervisor")
    calm = {
        "Q4": "adult",
        "Q5": "no",
        "Q5w": "no",
        "Q6": "none",
        "Q7": "no",
        "Q8": "speaking",
        "Q10": "no",
        "Q11": "none",
    }
    more = {"Q12": "no", "Q14": "no", "Q23": "yes", "QS": "CFW", "QN": "mh", "Q17": "none", "Q18": "no", "Q2": "self"}
    case_id = handler.takes_a_call({**calm, **more})
    address = f"/contact/{case_id}/{handler.contacts[case_id]}"
    outcome = handler.get(f"{address}/").field("believes")
    page = handler.post(
        f"{address}/decide/", {"outcome": outcome, "believes": outcome, "f.t1": "no crime, says the caller"}
    )
    assert page.status == 422
    assert page.said.count("The decision form needs") > 3
    assert "no crime, says the caller" in page.said


def test_a_decision_on_what_the_screen_no_longer_says_is_stale(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(INTENT)
    handler.answers(case_id, {"Q6": "act"})
    now = case_of(case_id).conclusion
    assert now is not None
    page = handler.post(
        f"/contact/{case_id}/{handler.contacts[case_id]}/decide/", {"outcome": "6", "believes": str(now.outcome - 1)}
    )
    assert page.status == 409
    assert f"The tables now say class {now.outcome}" in page.said


def test_nobody_is_told_that_somebody_comes_before_somebody_goes(sit: Sit) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(INTENT)
    address = f"/contact/{case_id}/{handler.contacts[case_id]}/tell/"
    page = handler.post(address, {"text": "They are coming.", "attending": "yes"})
    assert page.status == 409
    assert "Do not tell the caller that somebody is coming" in page.said


def test_history_on_the_screen_is_recorded_with_the_decision(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    first = handler.takes_a_call(INTENT, phone="07700 900123")
    second = handler.takes_a_call(INTENT, phone="07700 900123")
    page = handler.get(f"/contact/{second}/{handler.contacts[second]}/")
    assert "History that is on this screen" in page.said
    assert case_of(first).reference in page.said
    form = {"outcome": "5", "believes": "5", "history_shown": f"case/{first}"}
    handler.post(f"/contact/{second}/{handler.contacts[second]}/decide/", form)
    assert case_of(second).decisions[-1].history_shown == (f"case/{first}",)


def test_the_callers_number_is_in_no_address_and_on_no_page(sit: Sit) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(INTENT, phone="07700 900124")
    page = handler.get(f"/case/{case_id}/")
    assert "900124" not in page.text + page.address


CALM = {
    "Q4": "adult",
    "Q5": "no",
    "Q5w": "no",
    "Q6": "none",
    "Q7": "no",
    "Q8": "speaking",
    "Q10": "no",
    "Q11": "none",
}


def test_risks_from_an_earlier_contact_stand_there_with_their_source(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    first = handler.takes_a_call(INTENT, phone="07700 900126")
    second = handler.takes_a_call({"Q4": "adult"}, phone="07700 900126")
    page = handler.get(f"/contact/{second}/{handler.contacts[second]}/")
    assert case_of(first).reference in page.said
    assert "Means to do it now" in page.said.split("History that is on this screen")[1]
    assert "from records" in page.said
    assert f'name="history_shown" value="case/{first}"' in page.text


def test_an_earlier_contact_of_the_same_case_is_history_too(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(INTENT)
    page = handler.post(f"/case/{case_id}/join/", {"channel": "999"})
    assert f'value="{handler.contacts[case_id]}"' in page.text
    assert "Contact 1 (999 call)" in page.said.split("History that is on this screen")[1]


def test_the_reporters_own_view_is_asked_for_by_name_until_it_was_asked(sit: Sit) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(CALM)
    address = f"/contact/{case_id}/{handler.contacts[case_id]}"
    assert "it cannot be skipped" in handler.get(f"{address}/").said
    page = handler.post(f"{address}/answer/", {"a.Q12": "no", "w.Q12": "He always comes back"})
    assert "it cannot be skipped" not in page.said
    assert "Their own view: “He always comes back”" in page.said


def test_a_decision_not_to_go_is_made_by_a_supervisor_with_the_form_and_the_history(sit: Sit, case_of: Look) -> None:
    supervisor = sit("POL", "supervisor")
    more = {"Q12": "no", "Q14": "no", "Q23": "yes", "QS": "CFW", "QN": "mh", "Q17": "none", "Q18": "no", "Q2": "self"}
    first = supervisor.takes_a_call(phone="07700 900127")
    case_id = supervisor.takes_a_call({**CALM, **more}, phone="07700 900127")
    address = f"/contact/{case_id}/{supervisor.contacts[case_id]}"
    page = supervisor.get(f"{address}/")
    outcome = page.field("believes")
    fields = {f"f.{each}": "said" for each in re.findall(r'name="f\.([a-z0-9_]+)"', page.text)}
    form = {"outcome": outcome, "believes": outcome, **fields}
    unseen = supervisor.post(f"{address}/decide/", form)
    assert unseen.status == 409
    assert "was not on the screen" in unseen.said
    supervisor.post(f"{address}/decide/", {**form, "history_shown": page.field("history_shown")})
    assert case_of(case_id).decisions[-1].history_shown == (f"case/{first}",)
    said = supervisor.get(f"/case/{case_id}/decisions/").said
    assert case_of(first).reference in said
    assert "The decision form" in said


def test_what_to_ring_again_for_and_a_promise_with_its_task_are_told(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(INTENT)
    contact = handler.contacts[case_id]
    handler.post(f"/contact/{case_id}/{contact}/decide/", {"outcome": "5", "believes": "5"})
    handler.post(f"/case/{case_id}/add-task/", {"kind": "car", "text": "A car goes"})
    (task,) = case_of(case_id).open_tasks()
    page = handler.get(f"/contact/{case_id}/{contact}/")
    assert "Tell the caller: Contact 1 (999 call)" in page.said
    told = {"text": "A car is coming.", "attending": "yes", "understood": "yes", "if_worse": "Ring 999."}
    told |= {"recall": "Ring again if they leave", "promise": "A car comes", "promise_task": task.task}
    handler.post(f"/contact/{case_id}/{contact}/tell/", told)
    assert case_of(case_id).told[-1].if_worse == "Ring 999. Ring again if they leave."
    (promise,) = case_of(case_id).promises.values()
    assert promise.task == task.task
    assert "It rests on the task “car” of POL, which is open" in handler.get(f"/case/{case_id}/work/").said


def test_a_handler_reads_that_the_guarded_class_is_a_supervisors(sit: Sit, case_of: Look) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "none"})
    concluded = case_of(case_id).conclusion
    assert concluded is not None
    said = handler.get(f"/contact/{case_id}/{handler.contacts[case_id]}/").said
    assert ("is a supervisor’s to decide" in said) == (concluded.outcome == 3)
