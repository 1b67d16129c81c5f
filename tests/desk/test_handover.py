"""From a decision to somebody else's hands: offers, packs, acceptance, and what the worklist of the other desk
shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safehands.core.case import Case, OfferStatus

from .conftest import INTENT, Sit, Somebody

Look = Callable[[str], Case]
PACK = {"p.summary": "She is on the bridge", "p.told": "Somebody is coming", "p.legal_basis": "vital interests"}
REST = dict.fromkeys(
    ("p.location", "p.risk", "p.scene_safety", "p.reporter_view", "p.callback", "p.safeguarding"), "asked_unknown"
)


def offered(police: Somebody, case_of: Look, pack: dict[str, str] | None = None, *, route: str = "ambulance") -> str:
    case_id = police.takes_a_call(INTENT)
    police.post(f"/contact/{case_id}/{police.contacts[case_id]}/decide/", {"outcome": "5", "believes": "5"})
    form = {"to_agency": "AMB-east", "asks": "Take her", **(pack if pack is not None else PACK | REST)}
    page = police.post(f"/case/{case_id}/offer/{route}/", form)
    assert page.status == 200, page.said
    return case_id


def the_offer(case: Case) -> str:
    return next(iter(case.offers))


def accept(somebody: Somebody, case: Case, believes: str = "POL") -> tuple[int, str]:
    page = somebody.post(f"/case/{case.case_id}/accept/", {"offer": the_offer(case), "believes_from": believes})
    return page.status, page.said


def test_an_offer_appears_on_the_other_desks_worklist_with_its_clock_and_pack(
    sit: Sit, case_of: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safehands.desk.pages import worklist

    for limit in ("SHOWN", "PACKS"):  # other tests offered too: theirs fall due earlier
        monkeypatch.setattr(worklist, limit, 10_000)
    case = case_of(offered(sit("POL", "handler"), case_of))
    said = sit("AMB-east", "dispatcher").get("/").said
    assert f"Accept {case.reference} from POL" in said
    assert "She is on the bridge" in said


def test_the_pack_already_says_what_was_written_down(sit: Sit) -> None:
    police = sit("POL", "handler")
    case_id = police.takes_a_call(INTENT)
    assert "Means to do it now" in police.get(f"/case/{case_id}/offer/ambulance/").said


def test_accepting_moves_the_holder_and_says_so(sit: Sit, case_of: Look) -> None:
    case = case_of(offered(sit("POL", "handler"), case_of))
    status, said = accept(sit("AMB-east", "dispatcher"), case)
    assert status == 200
    assert "is yours now" in said
    assert case_of(case.case_id).holder == "AMB-east"


def test_a_hole_in_the_pack_is_refused_by_name_and_can_be_filled(sit: Sit, case_of: Look) -> None:
    case = case_of(offered(sit("POL", "handler"), case_of, {"p.summary": "On the bridge"}))
    ambulance = sit("AMB-east", "dispatcher")
    status, said = accept(ambulance, case)
    assert status == 409
    assert "legal_basis" in said
    assert "What the caller was told" in said
    form = {"offer": the_offer(case)} | {k: v for k, v in (PACK | REST).items() if k != "p.summary"}
    ambulance.post(f"/case/{case.case_id}/complete-pack/", form)
    assert accept(ambulance, case)[0] == 200


def test_received_is_not_accepted(sit: Sit, case_of: Look) -> None:
    case = case_of(offered(sit("POL", "handler"), case_of))
    sit("AMB-east", "dispatcher").post(f"/case/{case.case_id}/acknowledge/", {"offer": the_offer(case)})
    after = case_of(case.case_id)
    assert after.offers[the_offer(case)].acknowledged_at is not None
    assert after.holder == "POL"


def test_declining_without_a_reason_is_refused_and_with_one_leaves_the_holder(sit: Sit, case_of: Look) -> None:
    case = case_of(offered(sit("POL", "handler"), case_of))
    ambulance = sit("AMB-east", "dispatcher")
    form = {"offer": the_offer(case), "act": "decline", "reason": ""}
    assert ambulance.post(f"/case/{case.case_id}/answer-offer/", form).status == 422
    ambulance.post(f"/case/{case.case_id}/answer-offer/", {**form, "reason": "no crew in time"})
    after = case_of(case.case_id)
    assert (after.offers[the_offer(case)].status, after.holder) == (OfferStatus.DECLINED, "POL")


def test_two_people_accept_at_once_and_the_second_reads_what_changed(sit: Sit, case_of: Look) -> None:
    case = case_of(offered(sit("POL", "handler"), case_of))
    first, second = sit("AMB-east", "dispatcher"), sit("AMB-east", "clinical_lead")
    assert accept(first, case)[0] == 200
    status, said = accept(second, case)
    assert status == 409
    assert "AMB-east holds the case" in said


def test_believing_the_wrong_giver_is_told_in_a_sentence(sit: Sit, case_of: Look) -> None:
    case = case_of(offered(sit("POL", "handler"), case_of))
    status, said = accept(sit("AMB-east", "dispatcher"), case, believes="FRS")
    assert status == 409
    assert "The offer is from POL, not from FRS." in said


def test_whoever_keeps_a_case_does_not_log_off(sit: Sit, case_of: Look) -> None:
    police = sit("POL", "handler")
    case_id = police.takes_a_call()
    police.post(f"/case/{case_id}/keeper/", {"keeper": "handler.pol"})
    page = police.post("/log-off/")
    assert page.status == 409
    assert case_of(case_id).reference in page.said
    police.post(f"/case/{case_id}/keeper/", {"keeper": "desk"})
    assert police.post("/log-off/").address == "/entrance/"


def test_the_person_reads_what_they_were_told_and_gets_it_as_a_tagged_letter(sit: Sit, case_of: Look) -> None:
    police = sit("POL", "handler")
    case_id = offered(police, case_of)
    address = f"/contact/{case_id}/{police.contacts[case_id]}/tell/"
    police.post(address, {"text": "Officers are coming.", "attending": "yes", "understood": "yes"})
    assert "Officers are coming." in police.get(f"/case/{case_id}/statement/").said
    pdf = police.client.get(f"/case/{case_id}/letter/")
    assert pdf["Content-Type"] == "application/pdf"
    assert b"/StructTreeRoot" in pdf.content
    assert b"pdfuaid" in pdf.content


def test_the_case_can_be_taken_away_with_its_proof_and_verified_on_the_spot(sit: Sit, case_of: Look) -> None:
    police = sit("POL", "handler")
    case_id = offered(police, case_of)
    assert police.client.get(f"/case/{case_id}/bundle/")["Content-Type"] == "application/json"
    assert "Everything in this case holds" in police.get(f"/case/{case_id}/verify/").said
