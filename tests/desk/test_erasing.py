"""Erasing from the desk: who may, two people, what stays, and that the proofs still hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safehands.core.case import Case

from .conftest import Sit
from .test_every_act import act

Look = Callable[[str], Case]
WHY = {"reason": "the person asked", "authority": "Data protection officer, 44", "act": "ask"}
SECRET = "Nobody Real of Willow Lane"


@pytest.fixture
def closed(sit: Sit, case_of: Look) -> str:
    """A closed case of the police in which somebody is named."""
    police = sit("POL", "handler")
    case_id = police.takes_a_call()
    act(police, case_id, "identify", role="subject", name=SECRET)
    act(police, case_id, "milestone", milestone="person_seen", note=f"{SECRET} was at home")
    for task in case_of(case_id).open_tasks():
        act(police, case_id, "task", act="complete", task=task.task, result="done")
    act(police, case_id, "close", believes_holder="POL", reason="seen", outcome="seen")
    return case_id


def second(sit: Sit) -> str:
    """A second supervising person of the police; the name of the account."""
    from safehands.desk.models import Agency, Membership, Person

    person = Person.objects.filter(actor="second.pol").first() or Person.objects.create_user("second.pol")
    Membership.objects.get_or_create(person=person, agency=Agency.objects.get(code="POL"), role="inspector", desk=None)
    return person.actor


def test_two_people_erase_and_the_page_says_what_went_and_verifies(sit: Sit, case_of: Look, closed: str) -> None:
    second(sit)
    first = sit("POL", "supervisor")
    assert SECRET in first.get(f"/case/{closed}/people/").said
    page = first.post(f"/case/{closed}/erase/", {**WHY, "what": "all"})
    assert "until a second person confirms" in page.said
    asked = first.get(f"/case/{closed}/erase/").field("asked")
    refused = first.post(f"/case/{closed}/erase/", {"act": "confirm", "asked": asked})
    assert refused.status == 409
    assert SECRET in first.get(f"/case/{closed}/people/").text
    page = sit("POL", "inspector").post(f"/case/{closed}/erase/", {"act": "confirm", "asked": asked})
    assert "the proofs still verify" in page.said
    assert "What was erased" in page.said
    assert "asked for by supervisor.pol" in page.said
    assert "the person asked" in page.said
    for name in ("", "answers/", "decisions/", "people/", "times/", "record/", "statement/"):
        assert SECRET not in first.get(f"/case/{closed}/{name}").text
    assert "was erased" in first.get(f"/case/{closed}/").said
    assert "Everything in this case holds" in first.get(f"/case/{closed}/verify/").said
    assert case_of(closed).erased


def test_only_supervising_people_of_the_answerable_agency_erase(sit: Sit, closed: str) -> None:
    assert sit("POL", "handler").get(f"/case/{closed}/erase/").status == 403
    assert sit("AMB-east", "clinical_lead").get(f"/case/{closed}/erase/").status == 404
    assert "Erase what is personal" not in sit("POL", "handler").get(f"/case/{closed}/record/").said
    assert "Erase what is personal" in sit("POL", "supervisor").get(f"/case/{closed}/record/").said


def test_an_erasure_says_why_and_who_ordered_it_and_loses_no_word(sit: Sit, closed: str) -> None:
    page = sit("POL", "supervisor").post(
        f"/case/{closed}/erase/", {"act": "ask", "what": "some", "reason": "they asked in writing"}
    )
    assert page.status == 422
    assert "Say who ordered it" in page.said
    assert "Choose which entries are erased" in page.said
    assert "they asked in writing" in page.text


def test_the_second_person_says_no_and_nothing_is_erased(sit: Sit, case_of: Look, closed: str) -> None:
    second(sit)
    first = sit("POL", "supervisor")
    first.post(f"/case/{closed}/erase/", {**WHY, "what": "all"})
    asked = first.get(f"/case/{closed}/erase/").field("asked")
    again = first.post(f"/case/{closed}/erase/", {**WHY, "what": "all"})
    assert again.status == 409
    other = sit("POL", "inspector")
    other.post(f"/case/{closed}/erase/", {"act": "decline", "asked": asked})
    late = first.post(f"/case/{closed}/erase/", {"act": "confirm", "asked": asked})
    assert late.status == 404
    assert not case_of(closed).erased


def test_of_an_open_case_only_what_nothing_is_decided_on_goes(sit: Sit, case_of: Look) -> None:
    second(sit)
    police = sit("POL", "supervisor")
    case_id = police.takes_a_call({"Q6": "intent"})
    act(police, case_id, "identify", role="subject", name=SECRET)
    assert police.post(f"/case/{case_id}/erase/", {**WHY, "what": "all"}).status == 422
    assert police.post(f"/case/{case_id}/erase/", {**WHY, "what": "some", "version": ["3"]}).status == 422
    version = case_of(case_id).version
    while True:
        page = police.post(f"/case/{case_id}/erase/", {**WHY, "what": "some", "version": [str(version)]})
        if page.status == 200:
            break
        version -= 1
    asked = police.get(f"/case/{case_id}/erase/").field("asked")
    assert sit("POL", "inspector").post(f"/case/{case_id}/erase/", {"act": "confirm", "asked": asked}).status == 200
    assert case_of(case_id).is_open
    assert case_of(case_id).erased == (version,)
    assert SECRET not in police.get(f"/case/{case_id}/people/").text
