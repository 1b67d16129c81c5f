"""What protects the desk: headers, cookies, limits, uploads, accounts, seats that end, faults that tell nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from safehands.desk import headers as desk_headers
from safehands.errors import BadInput
from safehands.service.handle import Service
from safehands.site.configuration import Configuration, read
from safehands.site.database import Secrets
from safehands.site.settings import settings_of

from .conftest import Sit

SECRETS = Secrets("p" * 32, "k" * 48)


def test_every_answer_carries_a_strict_policy_and_is_not_cached(sit: Sit) -> None:
    police = sit("POL", "handler")
    for path in ("/", "/board/", "/no-such-page/", "/entrance/", "/sign-in/login/"):
        answer = police.client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
        assert answer["Content-Type"].startswith("text/html; charset=utf-8")


def test_no_page_needs_an_inline_style_or_script(sit: Sit) -> None:
    police = sit("POL", "supervisor")
    case_id = police.takes_a_call({"Q6": "intent"})
    for path in ("/", "/board/", f"/case/{case_id}/", "/pathways/right-care/", "/people/"):
        text = police.get(path).text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text
    assert "unsafe" not in desk_headers.POLICY


def test_behind_tls_cookies_are_bound_to_the_host_and_hsts_is_on(tmp_path: Path) -> None:
    told = settings_of(Configuration(tmp_path, ("desk.example",), tls=True), SECRETS, {})
    assert told["SESSION_COOKIE_SECURE"]
    assert told["CSRF_COOKIE_SECURE"]
    assert told["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert told["SECURE_HSTS_SECONDS"] >= 31536000
    plain = settings_of(Configuration(tmp_path, demo=True), SECRETS, {})
    assert plain["SECURE_HSTS_SECONDS"] == 0


def test_a_desk_that_is_reached_from_elsewhere_without_tls_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        read(tmp_path, {"SAFEHANDS_HOSTS": "desk.example *", "SAFEHANDS_TLS": "maybe"}, demo=True)
    assert len(bad.value.faults) == 3
    with pytest.raises(BadInput, match="needs HTTPS"):
        read(tmp_path, {"SAFEHANDS_HOSTS": "desk.example"})
    assert read(tmp_path, {"SAFEHANDS_HOSTS": "desk.example", "SAFEHANDS_TLS": "yes"}).tls


def test_whoever_hammers_is_asked_to_wait_and_nothing_is_done(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    from safehands.desk import limits

    police = sit("POL", "handler")
    monkeypatch.setattr(limits, "ACTS_A_MINUTE", 2)
    pages = [police.post("/seat/").status for _ in range(5)]
    assert 429 in pages


def test_nothing_can_be_uploaded(sit: Sit) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    police = sit("POL", "handler")
    answer = police.client.post("/contact/", {"channel": "999", "file": SimpleUploadedFile("x.html", b"<b>" * 99)})
    assert answer.status_code == 400


def test_nothing_is_done_by_opening_an_address(desk: Service, sit: Sit) -> None:
    from safehands.desk.subjects.sections import ACTS

    police = sit("POL", "handler")
    case_id = police.takes_a_call()
    before = desk.case(case_id, agency=None).version
    for act in ACTS:
        page = police.get(f"/case/{case_id}/{act.name.replace('_', '-')}/")
        # What asks people to show again who they are brings them back by a link: to the case, and nothing is done.
        assert page.status == 405 or (act.needs_fresh and page.address == f"/case/{case_id}/")
    assert desk.case(case_id, agency=None).version == before


def test_a_form_from_elsewhere_is_refused_in_a_sentence(desk: Service) -> None:
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/entrance/1/")
    assert answer.status_code == 403
    assert "did not come from here" in answer.content.decode()


def test_nobody_makes_their_own_account(desk: Service) -> None:
    from django.test import Client

    page = Client().get("/sign-in/signup/", follow=True)
    assert "password1" not in page.content.decode()


def test_signing_in_gives_a_new_session_and_logging_off_ends_it(desk: Service) -> None:
    from django.core.cache import cache
    from django.test import Client

    from safehands.desk.models import Agency, Membership, Person

    cache.clear()
    person = Person.objects.filter(actor="password.pol").first() or Person.objects.create_user(
        "password.pol", "correct horse battery staple"
    )
    Membership.objects.get_or_create(person=person, agency=Agency.objects.get(code="POL"), role="officer", desk=None)
    client = Client()
    wrong = client.post("/sign-in/login/", {"login": "password.pol", "password": "wrong"})
    assert wrong.status_code == 200
    client.get("/entrance/")
    before = client.session.session_key
    client.post("/sign-in/login/", {"login": "password.pol", "password": "correct horse battery staple"})
    after = client.session.session_key
    assert after != before
    assert "What waits for us" in client.get("/").content.decode()
    client.post("/log-off/")
    stale = Client()
    stale.cookies["session"] = after or ""
    assert stale.get("/", follow=True).request["PATH_INFO"] == "/entrance/"


def test_short_and_common_passwords_are_refused_and_long_ones_of_any_kind_are_not(sit: Sit) -> None:
    lead = sit("POL", "supervisor")
    given = lead.post("/people/seats/", {"actor": "new.one", "role": "handler"})
    found = re.search(r"(?:[A-Z0-9]{4}-){4}[A-Z0-9]{4}", given.said)
    assert found is not None, given.said
    form = {"account": "new.one", "code": found[0]}
    guessed = "too easy to guess here"
    for bad, says in (
        ("password", "too short"),
        ("1q2w3e4r5t6y7u8i", "too common"),
        ("Safehands-Police-2026", guessed),
        ("wexmoor.control.new.one", guessed),
        ("aaaaaaaaaaaaaaaaaaaa", guessed),
    ):
        page = lead.post("/first/", {**form, "password": bad, "again": bad})
        assert (page.status, says in page.said) == (422, True), page.said
    long = "pass phrase without any rule about signs " * 2
    assert "Your password was set" in lead.post("/first/", {**form, "password": long, "again": long}).said


def test_a_seat_that_was_ended_is_gone_with_the_next_request(sit: Sit) -> None:
    from safehands.desk.models import Membership

    lead = sit("POL", "supervisor")
    lead.post("/people/seats/", {"actor": "leaving.one", "role": "dispatcher"})
    seat = Membership.objects.get(person__actor="leaving.one")
    from django.test import Client

    leaving = Client()
    leaving.post(f"/entrance/{seat.pk}/")
    assert leaving.get("/").status_code == 200
    lead.post(f"/people/seats/{seat.pk}/end/")
    gone = leaving.get("/", follow=True)
    assert gone.request["PATH_INFO"] == "/entrance/"
    assert leaving.get("/board/", follow=True).request["PATH_INFO"] == "/entrance/"


def test_another_agencys_administrator_ends_nobody_elses_seat(sit: Sit) -> None:
    from safehands.desk.models import Membership

    seat = Membership.objects.get(agency="POL", role="handler", person__actor="handler.pol")
    assert sit("AMB-east", "clinical_lead").post(f"/people/seats/{seat.pk}/end/").status == 404
    assert sit("POL", "handler").get("/people/").status == 403


def test_sitting_down_without_a_password_is_for_demonstrations_only(desk: Service, settings_off: None) -> None:
    from django.test import Client

    assert Client().post("/entrance/1/").status_code == 404
    assert "Sit down" not in Client().get("/entrance/").content.decode()


@pytest.fixture
def settings_off(desk: Service) -> Iterator[None]:
    from django.test.utils import override_settings

    with override_settings(DESK_DEMO=False):
        yield None


def test_a_fault_that_nobody_foresaw_tells_nothing_and_is_logged(
    sit: Sit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from safehands.desk.pages import worklist

    police = sit("POL", "handler")
    police.client.raise_request_exception = False

    def breaks(*_: object) -> None:
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(worklist, "waiting_for", breaks)
    with caplog.at_level(logging.ERROR):
        page = police.get("/")
    assert page.status == 500
    assert "secret" not in page.text
    assert "Something broke" in page.said
    assert any("Internal Server Error" in record.getMessage() for record in caplog.records)


def test_welsh_is_offered_and_the_page_says_its_language(sit: Sit) -> None:
    police = sit("POL", "handler")
    police.post("/language/setlang/", {"language": "cy", "next": "/"})
    assert '<html lang="cy"' in police.get("/").text
