"""Take a contact: from the first second to what the caller was told."""

from __future__ import annotations

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
