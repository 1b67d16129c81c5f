"""The person's own page, and each way in which somebody else would use it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safehands.core.case import Case
from safehands.core.decide import own_pages as rules
from safehands.errors import BadInput
from safehands.service.handle import Service

from .conftest import Page, Sit, Somebody
from .test_every_act import act

Look = Callable[[str], Case]
ROUTE = "07700 900123"
SIGNED = {"impact_assessment": "DPIA 12", "safeguarding": "review of 3 March", "lawful_basis": "UK GDPR 6(1)(e)"}


@pytest.fixture
def outgoing(desk: Service) -> Path:
    """The file into which this installation writes what it would send."""
    from django.conf import settings

    from safehands.desk.sending import OUTGOING

    path = Path(settings.DESK_HOME) / OUTGOING
    path.unlink(missing_ok=True)
    return path


@pytest.fixture
def signed_off(sit: Sit) -> None:
    """Two people of the police have signed off persons' own pages."""
    signs_off(sit)


def signs_off(sit: Sit, **more: str) -> None:
    from safehands.desk.models import Agency, Membership, Person

    person = Person.objects.filter(actor="second.pol").first() or Person.objects.create_user("second.pol")
    Membership.objects.get_or_create(
        person=person, agency=Agency.objects.get(code="POL"), role="duty_manager", desk=None, ended_at=None
    )
    lead = sit("POL", "supervisor")
    lead.post("/people/own-pages/sign-off/", {"act": "take_back"})
    lead.post("/people/own-pages/sign-off/", {"act": "say", **SIGNED, **more})
    sit("POL", "duty_manager").post("/people/own-pages/sign-off/", {"act": "confirm"})


def given(handler: Somebody, case_id: str, **more: str) -> Page:
    form = {"contact": handler.contacts[case_id], "channel": "sms", "route": ROUTE, "days": "7", "safe": "on", **more}
    return handler.post(f"/case/{case_id}/own-page/", form)


def posted(desk: Service) -> None:
    from safehands.desk.posting import Postman

    Postman(desk).deliver()


def messages(outgoing: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in outgoing.read_text("utf-8").splitlines()]


def link_in(outgoing: Path) -> str:
    found = [re.search(r"/p/[\w-]+/", each["words"]) for each in messages(outgoing)]
    return [each[0] for each in found if each][-1]


def code_in(outgoing: Path) -> str:
    found = [re.fullmatch(r"Your code: (\d{8})", each["words"]) for each in messages(outgoing)]
    return [each[1] for each in found if each][-1]


def visitor() -> Somebody:
    from django.core.cache import cache
    from django.test import Client

    cache.clear()
    return Somebody(Client(), "", "")


def kept(case_id: str, agency: str = "POL") -> list[Any]:
    """What the desk's own table still holds of the ways to a case's own pages."""
    from safehands.desk import apart
    from safehands.desk.models import OwnPage

    with apart.agency_of(agency):
        return list(OwnPage.objects.filter(case_id=case_id))


def comes_in(outgoing: Path, word: str = "") -> tuple[Somebody, Page]:
    who = visitor()
    who.get(link_in(outgoing))
    who.post("/p/code/")
    return who, who.post("/p/", {"code": code_in(outgoing), "word": word})


def told(handler: Somebody, case_id: str, text: str) -> None:
    form = {"text": text, "attending": "no", "understood": "yes", "if_worse": "Ring 999."}
    page = handler.post(f"/contact/{case_id}/{handler.contacts[case_id]}/tell/", form)
    assert page.status == 200, page.said


def test_the_person_reads_who_has_their_case_and_nothing_of_anybody_else(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, case_of: Look
) -> None:
    from safehands.desk.models import Look as Line

    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    told(handler, case_id, "We look into it today. handler.pol will see to it.")
    other = handler.post("/contact/", {"channel": "101"})
    assert other.status == 200
    assert "Their page is open" in given(handler, case_id).said
    posted(desk)
    who, page = comes_in(outgoing)
    assert page.address == "/p/"
    assert "Wexmoor Police has your case" in page.said
    assert "We look into it today" in page.said
    assert "an officer will see to it" in page.said
    assert case_of(case_id).reference in page.said
    assert "ring 999" in page.said
    for hidden in ("handler.pol", "supervisor.pol", "Safehands", ROUTE, "class 5", "row"):
        assert hidden not in page.text, hidden
    assert Line.objects.filter(case_id=case_id, page="own page", role="person").count() == 1
    who.get("/p/")
    assert Line.objects.filter(case_id=case_id, page="own page").count() == 2
    assert "own-page." in handler.get(f"/case/{case_id}/record/").said, "the holder sees that they looked"


def test_nothing_telling_in_address_title_message_or_ledger(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None
) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    given(handler, case_id)
    posted(desk)
    sent = messages(outgoing)[-1]
    assert sent["to"] == ROUTE
    for telling in ("police", "case", "safehands", "crisis", "999", case_id):
        assert telling not in (sent["subject"] + sent["words"]).lower(), telling
    who = visitor()
    first = who.client.get(link_in(outgoing))
    assert (first.status_code, first["Location"]) == (302, "/p/"), "the link itself does not stay in the history"
    page = who.client.get("/p/")
    text = page.content.decode()
    assert "<title>Your page</title>" in re.sub(r">\s+|\s+<", lambda m: m[0].strip(), text)
    for telling in ("Police", "Safehands", "case", "crisis"):
        assert telling not in Page(200, text, "").said, telling
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    story = handler.get(f"/case/{case_id}/").said
    assert "was given a page of their own by text message" in story
    assert "900123" not in story
    rows = str([each.message for each in desk.store.outbox(limit=10_000)])
    assert "900123" not in rows.replace(" ", "")


def test_exit_this_page_leaves_nothing_open_and_needs_no_script(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None
) -> None:
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))
    posted(desk)
    who, page = comes_in(outgoing)
    assert 'href="/p/leave/"' in page.text
    left = who.client.get("/p/leave/")
    assert left["Location"].startswith("https://www.bbc.co.uk/")
    assert who.client.get("/p/").status_code == 404


def test_somebody_else_at_home_with_the_phone(sit: Sit, desk: Service, outgoing: Path, signed_off: None) -> None:
    """They have the phone, the message, the link and every code that comes: without the agreed word it stays shut."""
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}), word="Blue  Kettle")
    posted(desk)
    who, page = comes_in(outgoing)
    assert page.status == 403
    assert "has your case" not in who.get("/p/").said
    who.post("/p/code/")
    page = who.post("/p/", {"code": code_in(outgoing), "word": "red kettle"})
    assert page.status == 403
    assert "has your case" in comes_in(outgoing, "blue kettle")[1].said


def test_a_code_works_once_and_only_the_newest(sit: Sit, desk: Service, outgoing: Path, signed_off: None) -> None:
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))
    posted(desk)
    comes_in(outgoing)
    used, thief = code_in(outgoing), visitor()
    thief.get(link_in(outgoing))
    assert thief.post("/p/", {"code": used}).status == 403
    thief.post("/p/code/")
    older = code_in(outgoing)
    thief.post("/p/code/")
    assert thief.post("/p/", {"code": older}).status == 403


def test_a_code_is_too_old_after_ten_minutes(sit: Sit, desk: Service, outgoing: Path, signed_off: None) -> None:
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))
    posted(desk)
    who = visitor()
    who.get(link_in(outgoing))
    who.post("/p/code/")
    changes(who, code_until="2020-01-01T00:00:00Z")
    assert who.post("/p/", {"code": code_in(outgoing)}).status == 403


def changes(who: Somebody, **values: Any) -> None:
    from safehands.desk import apart
    from safehands.desk.models import OwnPage

    link = who.client.session["own_link"]
    with apart.visitor_of(link):
        assert OwnPage.objects.filter(link=link).update(**values) == 1


def test_guessing_codes_closes_the_page_for_good(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, case_of: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safehands.desk import limits
    from safehands.desk.models import Look as Line

    monkeypatch.setattr(limits, "ENTRIES_A_MINUTE", 1000)
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    given(handler, case_id)
    posted(desk)
    who = visitor()
    who.get(link_in(outgoing))
    who.post("/p/code/")
    for n in range(5):
        assert who.post("/p/", {"code": f"0000000{n}"}).status == 403
    assert who.post("/p/", {"code": code_in(outgoing)}).status == 403, "five wrong tries spend the right code too"
    for n in range(10):
        who.post("/p/", {"code": f"0000000{n}"})
    assert comes_in(outgoing)[1].status == 403
    assert Line.objects.filter(case_id=case_id, page="own page refused").count() >= 15
    (page,) = case_of(case_id).own_pages.values()
    assert not page.open
    assert "wrong codes were tried too often" in handler.get(f"/case/{case_id}/").said
    assert not kept(case_id)


def test_codes_are_not_sent_without_end(sit: Sit, desk: Service, outgoing: Path, signed_off: None) -> None:
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))
    posted(desk)
    who = visitor()
    who.get(link_in(outgoing))
    for _ in range(9):
        assert "If the link is right" in who.post("/p/code/").said
    assert sum("Your code" in each["words"] for each in messages(outgoing)) == 5


def test_a_guessed_link_reads_like_a_right_one_and_sends_nothing(desk: Service, outgoing: Path) -> None:
    who = visitor()
    page = who.get("/p/this-was-guessed/")
    assert "Enter your code" in page.said
    assert "If the link is right" in who.post("/p/code/").said
    assert who.post("/p/", {"code": "12345678"}).status == 403
    assert not outgoing.exists()


def test_a_new_route_kills_the_old_link(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, case_of: Look
) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    given(handler, case_id)
    posted(desk)
    old = link_in(outgoing)
    inside, _ = comes_in(outgoing)
    given(handler, case_id, route="safe@example.org", channel="email")
    assert [page.open for page in case_of(case_id).own_pages.values()] == [False, True]
    assert "has your case" not in inside.get("/p/").said, "whoever is inside is out with the next click"
    posted(desk)
    assert messages(outgoing)[-1]["to"] == "safe@example.org"
    (left,) = kept(case_id)
    assert left.channel == "email", "of the old route nothing is kept"
    who = visitor()
    who.get(old)
    sent = len(messages(outgoing))
    who.post("/p/code/")
    assert len(messages(outgoing)) == sent
    assert "has your case" in comes_in(outgoing)[1].said


def test_a_page_that_was_closed_is_dead_before_its_link_has_left(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, case_of: Look
) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    given(handler, case_id)
    (page,) = case_of(case_id).own_pages
    handler.post(f"/case/{case_id}/own-page/close/", {"page": page, "reason": "they asked for it"})
    posted(desk)
    assert not outgoing.exists()
    again = handler.post(f"/case/{case_id}/own-page/close/", {"page": page, "reason": "again"})
    assert (again.status, "closed already" in again.said) == (409, True)


def test_a_stale_link_opens_nothing(sit: Sit, desk: Service, outgoing: Path, signed_off: None) -> None:
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))
    posted(desk)
    who, _ = comes_in(outgoing)
    changes(who, expires_at="2020-01-01T00:00:00Z")
    assert "has your case" not in who.get("/p/").said


def test_of_a_page_whose_time_is_over_nothing_is_kept(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None
) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    given(handler, case_id)
    posted(desk)
    who = visitor()
    who.get(link_in(outgoing))
    changes(who, expires_at="2020-01-01T00:00:00Z")
    posted(desk)
    assert not kept(case_id)


def seen_and_closed(handler: Somebody, case_id: str, case: Case) -> None:
    act(handler, case_id, "milestone", milestone="person_seen", note="at home")
    for task in case.open_tasks():
        act(handler, case_id, "task", act="complete", task=task.task, result="done")
    act(handler, case_id, "close", believes_holder="POL", reason="seen", outcome="seen")


def test_erasing_a_case_takes_the_way_to_its_own_page_along(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, case_of: Look
) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call()
    given(handler, case_id)
    posted(desk)
    inside, _ = comes_in(outgoing)
    seen_and_closed(handler, case_id, case_of(case_id))
    assert "/own-page/" in handler.get(f"/case/{case_id}/").text, "the case leads to it"
    first, second = sit("POL", "supervisor"), sit("POL", "duty_manager")
    why = {"act": "ask", "what": "all", "reason": "they asked", "authority": "Data protection officer, 9"}
    first.post(f"/case/{case_id}/erase/", why)
    asked = second.get(f"/case/{case_id}/erase/").field("asked")
    assert kept(case_id)
    assert second.post(f"/case/{case_id}/erase/", {"act": "confirm", "asked": asked}).status == 200
    assert not kept(case_id)
    assert not any(page.open for page in case_of(case_id).own_pages.values())
    assert "Your page" in inside.get("/p/").text
    assert case_of(case_id).reference not in inside.get("/p/").text


def test_a_case_erased_without_the_desk_loses_the_way_with_the_next_post(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, case_of: Look
) -> None:
    from safehands.core.vocabulary import Actor
    from safehands.service.erasure import erase

    handler = sit("POL", "handler")
    case_id = handler.takes_a_call()
    given(handler, case_id)
    seen_and_closed(handler, case_id, case_of(case_id))
    by = Actor("operator.pol", "supervisor", "POL")
    erase(desk, case_id, reason="they asked", authority="Data protection officer, 9", by=by)
    assert kept(case_id)
    posted(desk)
    assert not kept(case_id)
    assert not outgoing.exists(), "what was erased before its link left is not sent"


def test_a_quarter_of_an_hour_closes_it_again(sit: Sit, desk: Service, outgoing: Path, signed_off: None) -> None:
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))
    posted(desk)
    who, _ = comes_in(outgoing)
    session = who.client.session
    session["own_until"] -= 901
    session.save()
    assert "Enter your code" in who.get("/p/").said


def test_it_is_off_until_two_people_signed_it_off(sit: Sit, desk: Service, outgoing: Path, case_of: Look) -> None:
    lead = sit("POL", "supervisor")
    lead.post("/people/own-pages/sign-off/", {"act": "take_back"})
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    refused = given(handler, case_id)
    assert (refused.status, "has not signed off" in refused.said) == (409, True)
    assert lead.post("/people/own-pages/sign-off/", {"act": "say", "safeguarding": "x"}).status == 422
    lead.post("/people/own-pages/sign-off/", {"act": "say", **SIGNED})
    alone = lead.post("/people/own-pages/sign-off/", {"act": "confirm"})
    assert (alone.status, "Somebody else has to confirm" in alone.said) == (409, True)
    assert given(handler, case_id).status == 409
    signs_off(sit)
    assert given(handler, case_id).status == 200
    posted(desk)
    who, page = comes_in(outgoing)
    assert "has your case" in page.said
    lead.post("/people/own-pages/sign-off/", {"act": "take_back"})
    assert "has your case" not in who.get("/p/").said, "taken back: every page closes at once"
    assert case_of(case_id).own_pages != {}
    log = lead.get("/people/log/").said
    assert "own pages signed off" in log
    assert "own pages taken back" in log


def test_names_of_officers_are_shown_only_where_the_agency_allows_it(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None
) -> None:
    from safehands.desk.models import Person

    Person.objects.filter(actor="handler.pol").update(display_name="Robin Examplesworth")
    try:
        handler = sit("POL", "handler")
        case_id = handler.takes_a_call({"Q6": "intent"})
        handler.post(f"/case/{case_id}/keeper/", {"keeper": "handler.pol"})
        told(handler, case_id, "Robin Examplesworth has it.")
        given(handler, case_id)
        posted(desk)
        who, page = comes_in(outgoing)
        assert "Examplesworth" not in page.text
        signs_off(sit, names_officers="on")
        assert "You can ask for Robin Examplesworth" in who.get("/p/").said
    finally:
        Person.objects.filter(actor="handler.pol").update(display_name="")


def test_nobody_gives_a_page_without_asking_whether_the_route_is_safe(sit: Sit, signed_off: None) -> None:
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    page = given(handler, case_id, safe="", days="400", channel="pigeon")
    assert page.status == 422
    assert page.text.count("<li>") >= 3, "every fault at once"
    assert "number or address" in given(handler, case_id, route="not a number").said
    assert "number or address" in given(handler, case_id, route="nobody", channel="email").said


def test_only_the_holder_gives_it_and_a_refusal_leaves_no_row(
    sit: Sit, desk: Service, signed_off: None, case_of: Look
) -> None:
    from safehands.desk import apart
    from safehands.desk.models import OwnPage

    handler = sit("POL", "handler")
    case_id = handler.takes_a_call(own_agency="MHT-north", reporter="health")
    refused = given(handler, case_id)
    assert (refused.status, "only the holder" in refused.said) == (409, True)
    with apart.agency_of("POL"):
        assert not OwnPage.objects.filter(case_id=case_id).exists()


def test_the_ways_to_own_pages_are_seen_by_one_agency_at_a_time(sit: Sit, desk: Service, signed_off: None) -> None:
    from safehands.desk import apart
    from safehands.desk.models import OwnPage, SignOff

    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    given(handler, case_id)
    assert not OwnPage.objects.exists(), "with nothing named nothing is seen"
    assert not SignOff.objects.exists()
    with apart.agency_of("AMB-east"):
        assert not OwnPage.objects.exists()
        assert not SignOff.objects.filter(agency="POL").exists()
    with apart.agency_of("POL"):
        row = OwnPage.objects.get(case_id=case_id)
    for kept in (row.link, row.sealed_route, row.sealed_link, row.word):
        assert "900123" not in kept


def test_a_message_that_did_not_leave_is_tried_again_and_nothing_is_lost(
    sit: Sit, desk: Service, outgoing: Path, signed_off: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safehands.desk import posting
    from safehands.desk.sending import IntoFile, NotSent

    posted(desk)
    outgoing.unlink(missing_ok=True)
    handler = sit("POL", "handler")
    given(handler, handler.takes_a_call({"Q6": "intent"}))

    class Broken:
        def send(self, *_: str) -> None:
            raise NotSent("the road is closed")

    postman = posting.Postman(desk)
    monkeypatch.setattr(posting, "sender", Broken)
    assert postman.deliver() == 0
    monkeypatch.setattr(posting, "sender", lambda: IntoFile(outgoing))
    assert [postman.deliver() for _ in range(posting.PAUSE + 1)][-1] == 1
    assert postman.deliver() == 0
    assert len(messages(outgoing)) == 1
    assert outgoing.stat().st_mode & 0o777 == 0o600


def test_the_roads_are_declared_and_only_by_tls(tmp_path: Path) -> None:
    from safehands.desk.sending import ByRoads, NotSent, Roads, roads_of

    path = tmp_path / "roads.json"
    path.write_text('{"sms": {"url": "http://gateway.example/", "token_file": "t"}}')
    with pytest.raises(BadInput, match="without TLS"):
        roads_of(path)
    with pytest.raises(BadInput, match="cannot be read"):
        roads_of(tmp_path / "none")
    with pytest.raises(NotSent, match="no road for email"):
        ByRoads(Roads()).send("email", "a@example.org", "s", "w")
    path.write_text('{"email": {"host": "localhost", "port": 1, "sender": "desk@example.org"}}')
    with pytest.raises(NotSent, match="road failed"):
        ByRoads(roads_of(path)).send("email", "a@example.org", "s", "w")


def test_a_page_is_open_for_ninety_days_at_most() -> None:
    assert timedelta(days=90) == rules.LONGEST
