"""Signing in with a real browser and no demonstration: a passkey, an authenticator app, a first password; every page
of it looked at by axe. And the person's own page, whose exit works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safehands.service.handle import Service

from .conftest import axe

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def seats_as_they_were(desk: Service) -> Iterator[None]:
    """The desk is shared with every other browser test: seats that a test gives go with it."""
    from safehands.desk.models import Membership

    before = list(Membership.objects.values_list("pk", flat=True))
    yield
    Membership.objects.exclude(pk__in=before).delete()


@pytest.fixture
def live(desk: Service) -> Iterator[None]:
    from django.core.cache import cache
    from django.test.utils import override_settings

    cache.clear()
    with override_settings(DESK_DEMO=False):
        yield None


@pytest.fixture
def page(live: None, chromium: Any) -> Iterator[Any]:
    """A browser with an authenticator built in, as telephones and laptops have one."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    tools = context.new_cdp_session(opened)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert not [each for each in complaints if "status of 4" not in each], complaints


def shot(page: Any, name: str) -> None:
    import os

    if where := os.environ.get("SHOTS"):
        page.screenshot(path=f"{where}/{name.strip('/').replace('/', '-') or 'index'}.png")


def code_for(actor: str) -> str:
    from safehands.desk.administering import first_administrator
    from safehands.desk.models import Membership

    Membership.objects.filter(person__actor=actor).delete()
    return first_administrator("operator@cli", "POL", "Wexmoor Police", actor)


def signs_in(page: Any, address: str, actor: str) -> None:
    page.goto(f"{address}/sign-in/login/")
    page.get_by_label("Username").fill(actor)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def starts(page: Any, address: str, actor: str) -> None:
    """From the operator's code to the page that asks for a second factor."""
    page.goto(f"{address}/first/")
    axe(page)
    page.get_by_label("Account").fill(actor)
    page.get_by_label("Code").fill(code_for(actor))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    signs_in(page, address, actor)
    page.get_by_text("A password alone opens no case").wait_for()
    shot(page, "sign-in")
    axe(page)


def confirms(page: Any) -> None:
    """Asked again who they are."""
    page.wait_for_url("**/reauthenticate/**")
    axe(page)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_a_passkey_is_added_and_opens_the_desk_without_a_password(page: Any, address: str) -> None:
    starts(page, address, "passkey.pol")
    page.get_by_role("button", name="Add a passkey").click()
    confirms(page)
    axe(page)
    page.get_by_label("Name").fill("My laptop")
    if page.get_by_label("Passwordless").count():
        page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_text("My laptop").or_(page.get_by_text("Recovery Codes")).first.wait_for()
    axe(page)
    page.goto(f"{address}/sign-in/2fa/webauthn/")
    axe(page)
    assert "My laptop" in page.inner_text("main")
    page.goto(f"{address}/")
    assert "What waits for us" in page.inner_text("main")
    page.get_by_role("button", name="Log off").click()
    page.get_by_role("button", name="Sign in").click()
    axe(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("What waits for us").wait_for()
    page.goto(f"{address}/people/")
    page.get_by_label("Account").fill("somebody.new")
    page.get_by_role("button", name="Give the seat").click()
    page.wait_for_url("**/reauthenticate/**")
    axe(page)


def test_an_authenticator_app_is_set_up_and_asked_for(page: Any, address: str) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
    from django.core.cache import cache

    def now(secret: str) -> str:
        return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))

    starts(page, address, "app.pol")
    page.get_by_role("button", name="Set up an authenticator app").click()
    confirms(page)
    axe(page)
    shot(page, "totp")
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill(now(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/2fa/**")
    axe(page)
    page.goto(f"{address}/sign-in/2fa/recovery-codes/generate/")
    axe(page)
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/recovery-codes/")
    axe(page)
    for path in ("/sign-in/2fa/", "/sign-in/sessions/", "/sign-in/password/change/", "/sign-in/2fa/totp/deactivate/"):
        page.goto(f"{address}{path}")
        axe(page)
    page.goto(f"{address}/")
    page.get_by_role("button", name="Log off").click()
    cache.clear()
    signs_in(page, address, "app.pol")
    page.wait_for_url("**/authenticate/")
    axe(page)
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Sign In").click()
    page.locator(".govuk-error-summary").wait_for()
    axe(page)
    page.locator("input[name=code]").fill(now(secret))
    page.get_by_role("button", name="Sign In").click()
    page.get_by_text("What waits for us").wait_for()


@pytest.mark.parametrize(
    "path",
    [
        "/people/",
        "/people/log/",
        "/agencies/",
        "/agencies/POL/",
        "/streams/",
        "/people/own-pages/",
        "/looks/",
        "/first/",
    ],
)
def test_axe_finds_nothing_in_administration(desk: Service, chromium: Any, address: str, path: str) -> None:
    from safehands.desk.models import Membership

    page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{address}/entrance/")
    page.get_by_role("button", name="Sit down as Supervisor, POL", exact=True).click()
    page.goto(f"{address}{path}")
    axe(page)
    assert page.locator(".desk-question").first.bounding_box()["y"] < 400
    if path == "/people/":
        seat = Membership.objects.filter(agency="POL", ended_at=None).first()
        assert seat is not None
        page.goto(f"{address}/people/seats/{seat.pk}/")
        axe(page)
        page.goto(f"{address}/people/")
    shot(page, path)
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_persons_own_page_is_read_and_left(
    desk: Service, chromium: Any, address: str, scripts: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from django.test import Client

    from desk.conftest import Somebody
    from desk.test_own_page import code_in, given, link_in, posted, signs_off
    from safehands.desk import own_pages, posting
    from safehands.desk.models import Membership
    from safehands.desk.sending import IntoFile

    outgoing = tmp_path / "outgoing.jsonl"
    for module in (own_pages, posting):
        monkeypatch.setattr(module, "sender", lambda: IntoFile(outgoing))

    def sit(agency: str, role: str) -> Somebody:
        client = Client()
        client.post(f"/entrance/{Membership.objects.filter(agency=agency, role=role, ended_at=None).first().pk}/")
        return Somebody(client, agency, role)

    signs_off(sit)
    handler = sit("POL", "handler")
    case_id = handler.takes_a_call({"Q6": "intent"})
    handler.get(f"/case/{case_id}/own-page/")
    given(handler, case_id)
    posted(desk)
    page = chromium.new_context(viewport={"width": 390, "height": 780}, java_script_enabled=scripts).new_page()
    page.set_default_timeout(10_000)
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    page.goto(f"{address}{link_in(outgoing)}")
    assert (page.title().strip(), page.url) == ("Your page", f"{address}/p/")
    if scripts:
        axe(page)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_text("a code is on its way").wait_for()
    page.get_by_label("Code", exact=True).fill(code_in(outgoing))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="has your case").wait_for()
    assert page.title().strip() == "Your page"
    if scripts:
        axe(page)
        shot(page, "own")
    page.locator(".govuk-exit-this-page__button").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.goto(f"{address}/p/")
    assert "There is nothing here" in page.inner_text("main")
    page.context.close()
