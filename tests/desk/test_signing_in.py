"""Signing in where it is meant: no demonstration, passwords, second factors, an agency's own provider, sessions that
end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from safehands.core.case import Case
from safehands.errors import BadInput
from safehands.service.handle import Service
from safehands.site.configuration import Configuration, read
from safehands.site.configuration import Provider as Declared
from safehands.site.database import Secrets
from safehands.site.settings import settings_of

from .conftest import Page, Sit, Somebody
from .provider import CLIENT, SECRET, Provider, provider
from .test_every_act import act

PASSWORD = "correct horse battery staple"


@pytest.fixture
def live(desk: Service) -> Iterator[None]:
    """The desk as it runs where it is meant."""
    from django.core.cache import cache
    from django.test.utils import override_settings

    cache.clear()
    with override_settings(DESK_DEMO=False):
        yield None


def account(actor: str, role: str = "supervisor", *, agency: str = "POL", administers: bool = False) -> Any:
    """Somebody with a password and a seat; made anew for each test."""
    from safehands.desk.models import Agency, Membership, Person

    person = Person.objects.filter(actor=actor).first() or Person.objects.create_user(actor)
    person.set_password(PASSWORD)
    person.save()
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user=person).delete()
    Membership.objects.filter(person=person).delete()
    Membership.objects.create(
        person=person, agency=Agency.objects.get(code=agency), role=role, desk=None, administers=administers
    )
    return person


def browser() -> Somebody:
    from django.test import Client

    return Somebody(Client(), "", "")


def signs_in(actor: str, password: str = PASSWORD, who: Somebody | None = None) -> tuple[Somebody, Page]:
    who = who or browser()
    return who, who.post("/sign-in/login/", {"login": actor, "password": password})


def totp(secret: str, at: float | None = None) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    counter = next(iter(yield_hotp_counters_from_time())) if at is None else int(at // 30)
    return format_hotp_value(hotp_value(secret, counter))


def sets_up_totp(who: Somebody) -> str:
    """Through the pages, as a person does it; the secret."""
    who.get("/sign-in/2fa/totp/activate/")
    page = who.get("/sign-in/2fa/totp/activate/")
    if "reauthenticate" in page.address:
        page = who.post(f"{page.address}?next=/sign-in/2fa/totp/activate/", {"password": PASSWORD})
    secret = who.client.session["mfa.totp.secret"]
    assert secret in page.text
    done = who.post("/sign-in/2fa/totp/activate/", {"code": totp(secret)})
    assert done.status == 200, done.said
    return str(secret)


def strong(actor: str, role: str = "supervisor", *, administers: bool = False) -> Somebody:
    """Signed in with a second factor, and asked again just now."""
    account(actor, role, administers=administers)
    who, _ = signs_in(actor)
    sets_up_totp(who)
    return who


def forgets_being_asked(who: Somebody) -> None:
    """Time passes: the last time that this person was asked who they are is long ago."""
    session = who.client.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()


# --- passwords ------------------------------------------------------------------------------------------------------


def test_a_password_alone_opens_no_case_until_a_second_factor_is_there(live: None) -> None:
    account("alone.pol")
    who, page = signs_in("alone.pol")
    assert page.address == "/sign-in/2fa/"
    assert "A password alone opens no case" in page.said
    for path in ("/board/", "/contact/", "/people/"):
        assert who.get(path).address == "/sign-in/2fa/"
    sets_up_totp(who)
    assert "What waits for us" in who.get("/").said


def test_a_wrong_password_and_an_unknown_account_read_the_same(live: None) -> None:
    account("wrong.pol")
    _, wrong = signs_in("wrong.pol", "not the password at all")
    _, unknown = signs_in("nobody.at.all", "not the password at all")

    def plain(page: Page) -> str:
        return re.sub(r"\d", "", page.said)

    assert plain(wrong) == plain(unknown)
    assert "not correct" in wrong.said


def test_sign_ins_and_refusals_are_logged_with_the_account_and_never_with_what_was_typed(
    live: None, caplog: pytest.LogCaptureFixture
) -> None:
    account("logs.pol", "handler")
    with caplog.at_level("INFO", logger="safehands.security"):
        signs_in("logs.pol", "typed by mistake here")
        who, _ = signs_in("logs.pol")
        sets_up_totp(who)
        assert who.get("/people/").status == 403
    said = [each.getMessage() for each in caplog.records if each.name == "safehands.security"]
    assert "a sign-in failed" in said
    assert "signed in: logs.pol by password" in said
    assert "refused: logs.pol may not, at people" in said
    assert "typed by mistake" not in caplog.text


def test_logging_off_makes_the_browser_forget(live: None) -> None:
    who = strong("forgets.pol")
    assert '"cache"' in who.client.post("/log-off/")["Clear-Site-Data"]


def test_whoever_guesses_a_password_is_stopped_after_a_few(live: None) -> None:
    account("guessed.pol")
    pages = [signs_in("guessed.pol", f"guess number {n} at it")[1] for n in range(7)]
    assert "Too many failed" in pages[-1].said
    _, right = signs_in("guessed.pol")
    assert right.address == "/sign-in/login/", "the right password does not help in the same minutes either"


def test_a_password_is_changed_with_the_old_one_only_and_the_other_browsers_are_signed_out(live: None) -> None:
    account("change.pol")
    one, _ = signs_in("change.pol")
    two, _ = signs_in("change.pol")
    new = "another staple of the horse battery"
    wrong = one.post("/sign-in/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new})
    assert "Please type your current password" in wrong.said
    one.post("/sign-in/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert two.get("/sign-in/2fa/").address != "/sign-in/2fa/"
    assert one.get("/sign-in/2fa/").address == "/sign-in/2fa/"


def test_password_fields_take_a_paste_and_a_manager(live: None) -> None:
    page = browser().get("/sign-in/login/")
    assert 'autocomplete="current-password"' in page.text
    assert "onpaste" not in page.text
    assert 'type="password"' in page.text


def test_nobody_signs_up_or_resets_by_mail(live: None) -> None:
    who = browser()
    for path in ("signup/", "password/reset/", "email/", "password/set/", "3rdparty/", "3rdparty/signup/"):
        assert who.get(f"/sign-in/{path}").status == 404
        assert who.post(f"/sign-in/{path}").status == 404


def test_there_are_no_accounts_that_come_with_the_program(live: None) -> None:
    for name in ("admin", "root", "sa", "safehands", "supervisor.pol"):
        for password in ("admin", "password", "safehands", ""):
            who, _ = signs_in(name, password)
            assert who.get("/").address == "/entrance/"


# --- the first password ---------------------------------------------------------------------------------------------


def test_the_first_administrator_of_an_empty_installation_comes_in_with_the_operators_code(live: None) -> None:
    from safehands.desk.administering import first_administrator

    code = first_administrator("operator@cli", "POL-new", "Newmoor Police", "lead.pol-new")
    who = browser()
    form = {"account": "lead.pol-new", "code": code.lower(), "password": PASSWORD, "again": PASSWORD}
    assert "Your password was set" in who.post("/first/", form).said
    signs_in("lead.pol-new", who=who)
    sets_up_totp(who)
    assert "Newmoor Police" in who.get("/people/").said
    assert "administrator named" in who.get("/people/log/").said
    assert "operator@cli" in who.get("/people/log/").said


def test_a_code_works_once_for_its_account_and_not_after_its_time(live: None) -> None:
    from safehands.desk.administering import invite
    from safehands.desk.models import Invitation

    one, two = account("code.one"), account("code.two")
    who, code = browser(), invite(one)
    form = {"password": PASSWORD, "again": PASSWORD}
    assert "do not belong together" in who.post("/first/", {**form, "account": "code.two", "code": code}).said
    assert "Your password was set" in who.post("/first/", {**form, "account": "code.one", "code": code}).said
    assert "do not belong together" in who.post("/first/", {**form, "account": "code.one", "code": code}).said
    late = invite(two)
    Invitation.objects.filter(person=two).update(expires_at="2020-01-01T00:00:00Z")
    assert "holds no more" in who.post("/first/", {**form, "account": "code.two", "code": late}).said


def test_guessing_codes_stops(live: None) -> None:
    from safehands.desk.administering import invite

    code, who = invite(account("code.three")), browser()
    form = {"account": "code.three", "password": PASSWORD, "again": PASSWORD}
    for n in range(5):
        who.post("/first/", {**form, "code": f"AAAA-AAAA-AAAA-AAAA-AAA{n}"})
    assert "tried too often" in who.post("/first/", {**form, "code": code}).said


def test_codes_and_second_factors_lie_in_no_dump_in_clear(live: None) -> None:
    from allauth.mfa.models import Authenticator

    from safehands.desk.administering import invite
    from safehands.desk.models import Invitation

    code = invite(account("dump.pol"))
    assert code not in str(list(Invitation.objects.values()))
    who, _ = signs_in("dump.pol")
    secret = sets_up_totp(who)
    kept = str(list(Authenticator.objects.filter(user__actor="dump.pol").values_list("data", flat=True)))
    assert secret not in kept


# --- TOTP -----------------------------------------------------------------------------------------------------------


def test_signing_in_asks_for_the_second_factor_and_a_code_works_once(
    live: None, caplog: pytest.LogCaptureFixture
) -> None:
    account("totp.pol")
    who, _ = signs_in("totp.pol")
    secret = sets_up_totp(who)
    again, page = signs_in("totp.pol")
    assert page.address == "/sign-in/2fa/authenticate/"
    assert again.get("/").address == "/entrance/"
    with caplog.at_level("WARNING", logger="safehands.security"):
        assert "Incorrect code" in again.post("/sign-in/2fa/authenticate/", {"code": "000000"}).said
    assert "a second factor failed: totp.pol" in caplog.messages
    assert "000000" not in caplog.text
    # The code of the setting up was used; time goes on to the next one.
    from django.core.cache import cache

    cache.clear()
    code = totp(secret)
    assert again.post("/sign-in/2fa/authenticate/", {"code": code}).address == "/"
    replayed, _ = signs_in("totp.pol")
    assert "Incorrect code" in replayed.post("/sign-in/2fa/authenticate/", {"code": code}).said
    old = totp(secret, time.time() - 120)
    assert "Incorrect code" in replayed.post("/sign-in/2fa/authenticate/", {"code": old}).said


def test_recovery_codes_are_shown_once_and_work_once(live: None) -> None:
    from django.core.cache import cache

    who = strong("recover.pol")
    shown = who.post("/sign-in/2fa/recovery-codes/generate/").text
    found = re.search(r"<textarea[^>]*>\s*(\d{8})", shown)
    assert found is not None
    assert found[1] not in who.get("/sign-in/2fa/recovery-codes/").text
    cache.clear()
    lost, _ = signs_in("recover.pol")
    assert lost.post("/sign-in/2fa/authenticate/", {"code": found[1]}).address == "/"
    thief, _ = signs_in("recover.pol")
    assert "Incorrect code" in thief.post("/sign-in/2fa/authenticate/", {"code": found[1]}).said


# --- asking again ---------------------------------------------------------------------------------------------------


def test_lowering_erasing_adopting_and_who_may_do_what_ask_again(live: None) -> None:
    """Every view that has to ask says so itself; nobody who was asked long ago gets past."""
    from django.urls import resolve

    asks: tuple[str, ...] = ("/people/seats/", "/people/seats/1/end/", "/people/seats/1/move/")
    asks += (
        "/people/seats/1/renew/",
        "/people/desks/",
        "/agencies/add/",
        "/streams/switch/",
        "/people/own-pages/sign-off/",
        "/sessions/end/",
    )
    asks += ("/pathways/right-care/adopt/1/", f"/case/{'0' * 8}-{'0' * 4}-4{'0' * 3}-8{'0' * 3}-{'0' * 12}/lowering/")
    for path in asks:
        assert getattr(resolve(path).func, "is_fresh", False), path
    who = strong("asked.pol", administers=True)
    forgets_being_asked(who)
    for path in asks:
        assert "reauthenticate" in who.post(path).address, path


def test_changing_ones_own_factors_asks_again(live: None) -> None:
    who = strong("factors.pol")
    forgets_being_asked(who)
    for path in ("totp/deactivate/", "webauthn/add/", "recovery-codes/generate/"):
        assert "reauthenticate" in who.get(f"/sign-in/2fa/{path}").address, path


def test_lowering_a_decision_asks_again_and_a_wrong_password_stops_it(
    live: None, sit: Sit, case_of: Callable[[str], Case]
) -> None:
    from django.test.utils import override_settings

    with override_settings(DESK_DEMO=True):
        handler = sit("POL", "handler")
        case_id = handler.takes_a_call({"Q6": "intent"})
        handler.post(f"/contact/{case_id}/{handler.contacts[case_id]}/decide/", {"act": "decide", "believes": "5"})
        lower = {"act": "lower", "outcome": "4", "believes": "5", "reason": "he is with her"}
        handler.post(f"/contact/{case_id}/{handler.contacts[case_id]}/decide/", lower)
    proposed = case_of(case_id).lowering
    assert proposed is not None
    lead = strong("lower.pol")
    forgets_being_asked(lead)
    address = f"/case/{case_id}/lowering/"
    asked = lead.post(address, {"proposal": proposed.proposal, "act": "confirm"})
    assert "reauthenticate" in asked.address, asked.said
    before = case_of(case_id).version
    wrong = lead.post(f"/sign-in/reauthenticate/?next={address}", {"password": "not the right one"})
    assert "reauthenticate" in wrong.address
    assert case_of(case_id).version == before
    assert case_of(case_id).lowering == proposed
    # What was asked for goes on by itself.
    right = lead.post(f"/sign-in/reauthenticate/?next={address}", {"password": PASSWORD})
    assert right.status == 200, right.said
    after = case_of(case_id)
    assert after.lowering is None
    assert after.decided is not None
    assert after.decided.outcome == 4


def test_erasing_asks_again_and_a_wrong_password_erases_nothing(
    live: None, sit: Sit, case_of: Callable[[str], Case]
) -> None:
    from django.test.utils import override_settings

    from safehands.desk.models import Erasure

    with override_settings(DESK_DEMO=True):
        handler = sit("POL", "handler")
        case_id = handler.takes_a_call()
        act(handler, case_id, "identify", role="subject", name="Nobody Real")
    version = case_of(case_id).version
    lead = strong("erases.pol")
    forgets_being_asked(lead)
    address = f"/case/{case_id}/erase/"
    assert "reauthenticate" in lead.get(address).address
    form = {"act": "ask", "what": "some", "version": str(version), "reason": "they asked", "authority": "DPO 9"}
    assert "reauthenticate" in lead.post(address, form).address
    wrong = lead.post(f"/sign-in/reauthenticate/?next={address}", {"password": "not the right one"})
    assert "reauthenticate" in wrong.address
    assert not Erasure.objects.filter(case_id=case_id).exists()
    right = lead.post(f"/sign-in/reauthenticate/?next={address}", {"password": PASSWORD})
    assert right.status == 200, right.said
    assert Erasure.objects.get(case_id=case_id).asked_by == "erases.pol"
    second = strong("agrees.pol", "inspector")
    forgets_being_asked(second)
    asked = {"act": "confirm", "asked": str(Erasure.objects.get(case_id=case_id).pk)}
    assert "reauthenticate" in second.post(address, asked).address
    assert not case_of(case_id).erased
    second.post(f"/sign-in/reauthenticate/?next={address}", {"password": PASSWORD})
    assert case_of(case_id).erased == (version,)


# --- sessions -------------------------------------------------------------------------------------------------------


def aged(who: Somebody, **seconds: float) -> None:
    session = who.client.session
    for key, value in seconds.items():
        session[key] = session[key] - value
    session.save()


def test_a_session_that_nobody_uses_ends(live: None) -> None:
    who = strong("idle.pol")
    aged(who, seen=59 * 60)
    assert who.get("/board/").address == "/board/"
    aged(who, seen=61 * 60)
    page = who.get("/board/")
    assert page.address == "/entrance/"
    assert "Nobody used this desk" in page.said


def test_a_board_on_the_wall_does_not_keep_a_session_for_ever(live: None) -> None:
    who = strong("wall.pol")
    aged(who, seen=59 * 60)
    before = who.client.session["seen"]
    assert who.client.get("/board/live/", headers={"HX-Request": "true"}).status_code == 200
    assert who.client.session["seen"] == before
    aged(who, seen=2 * 60)
    ended = who.client.get("/board/live/", headers={"HX-Request": "true"})
    assert (ended.status_code, ended["HX-Redirect"]) == (401, "/entrance/")


def test_a_session_ends_after_a_shift_however_busy_it_was(live: None) -> None:
    who = strong("shift.pol")
    aged(who, began=12 * 3600 + 1)
    page = who.get("/")
    assert (page.address, "longest time" in page.said) == ("/entrance/", True)


def test_signing_out_elsewhere_and_everywhere(live: None) -> None:
    account("else.pol")
    one, _ = signs_in("else.pol")
    two, _ = signs_in("else.pol")
    listed = one.get("/sign-in/sessions/")
    assert listed.said.count("127.0.0.1") == 2
    asked = one.post("/sessions/end/", {"which": "others"})
    assert "reauthenticate" in asked.address
    assert two.get("/sign-in/2fa/").address == "/sign-in/2fa/"
    one.post("/sign-in/reauthenticate/?next=/sessions/end/", {"password": PASSWORD})
    assert two.get("/sign-in/2fa/").address != "/sign-in/2fa/"
    assert one.get("/sign-in/2fa/").address == "/sign-in/2fa/"
    one.post("/sessions/end/", {"which": "all"})
    assert one.get("/").address == "/entrance/"


def test_whoever_keeps_a_case_is_not_let_out_by_the_sign_in_pages_either(live: None, sit: Sit) -> None:
    from django.test.utils import override_settings

    with override_settings(DESK_DEMO=True):
        handler = sit("POL", "handler")
        case_id = handler.takes_a_call()
        handler.post(f"/case/{case_id}/keeper/", {"keeper": "handler.pol"})
        assert "You still keep" in handler.post("/sign-in/logout/").said


def test_the_hours_and_the_second_factor_are_set_and_faults_are_named_together(tmp_path: Path) -> None:
    told = read(tmp_path, {"SAFEHANDS_SESSION_IDLE_MINUTES": "15", "SAFEHANDS_SESSION_HOURS": "8"})
    made = settings_of(told, Secrets("p" * 32, "k" * 48), {})
    assert (made["DESK_SESSION_IDLE"], made["DESK_SESSION_LONGEST"], made["SESSION_COOKIE_AGE"]) == (900, 28800, 28800)
    assert not read(tmp_path, {"SAFEHANDS_SECOND_FACTOR": "no"}).second_factor
    with pytest.raises(BadInput) as bad:
        read(
            tmp_path,
            {
                "SAFEHANDS_SESSION_IDLE_MINUTES": "0",
                "SAFEHANDS_SESSION_HOURS": "99",
                "SAFEHANDS_SECOND_FACTOR": "perhaps",
            },
        )
    assert len(bad.value.faults) == 3


# --- an agency's own provider ---------------------------------------------------------------------------------------


@pytest.fixture
def idp(live: None, tmp_path: Path) -> Iterator[Provider]:
    """A provider of the ambulance service, as its declaration makes it."""
    from django.test.utils import override_settings

    (tmp_path / "secret").write_text(SECRET)
    with provider() as running:
        declared = Declared(
            "amb", "East Ambulance sign-in", running.address, CLIENT, str(tmp_path / "secret"), "AMB-east"
        )
        made = settings_of(Configuration(tmp_path, providers=(declared,)), Secrets("p" * 32, "k" * 48), {})
        names = ("SOCIALACCOUNT_PROVIDERS", "DESK_PROVIDERS", "DESK_PROVIDER_NAMES", "DESK_PROVIDER_ORIGINS")
        with override_settings(**{name: made[name] for name in names}):
            yield running


def tied(actor: str, subject: str, agency: str = "AMB-east", role: str = "supervisor") -> Any:
    from allauth.socialaccount.models import SocialAccount

    person = account(actor, role, agency=agency)
    person.set_unusable_password()
    person.save()
    SocialAccount.objects.filter(uid=subject).delete()
    SocialAccount.objects.create(user=person, provider="amb", uid=subject)
    return person


def comes_by(
    running: Provider, subject: str, who: Somebody | None = None, query: str = "process=login"
) -> tuple[Somebody, Page]:
    """To the provider and back, as a browser goes."""
    import requests

    running.subject = subject
    who = who or browser()
    sent = who.client.post(f"/sign-in/oidc/amb/login/?{query}")
    assert sent.status_code == 302, sent.content.decode()
    back = requests.get(sent["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return who, who.get(f"{parts.path}?{parts.query}")


def test_an_agencys_provider_signs_in_whom_the_agency_gave_a_seat(idp: Provider) -> None:
    tied("paramedic.amb", "sub-1")
    _who, page = comes_by(idp, "sub-1")
    assert page.address == "/", page.said
    assert "East Wexmoor Ambulance" in page.said
    assert idp.asked[0]["scope"] == "openid"
    assert idp.asked[0]["code_challenge_method"] == "S256"
    from allauth.socialaccount.models import SocialAccount, SocialToken

    assert not SocialToken.objects.exists()
    assert "email" not in str(SocialAccount.objects.get(uid="sub-1").extra_data)


def test_a_form_leads_to_the_providers_that_were_declared_and_nowhere_else(idp: Provider) -> None:
    policy = browser().client.get("/sign-in/login/")["Content-Security-Policy"]
    assert f"form-action 'self' {idp.address};" in policy
    assert policy.count(idp.address) == 1


def test_it_opens_seats_of_its_own_agency_only(idp: Provider) -> None:
    from safehands.desk.models import Agency, Membership

    person = tied("both.amb", "sub-2")
    elsewhere = Membership.objects.create(person=person, agency=Agency.objects.get(code="POL"), role="supervisor")
    who, page = comes_by(idp, "sub-2")
    assert "Wexmoor Police" not in page.said
    who.post("/seat/", {"membership": str(elsewhere.pk)})
    assert "Supervisor, East Wexmoor Ambulance" in who.get("/").said


def test_whoever_has_no_seat_there_is_told_so_and_gets_nothing(idp: Provider) -> None:
    who, page = comes_by(idp, "sub-unknown")
    assert (page.status, "sub-unknown" in page.said) == (403, True)
    assert who.get("/").address == "/entrance/"
    tied("police.only", "sub-3", agency="POL")
    who, page = comes_by(idp, "sub-3")
    assert page.status == 403
    assert who.get("/").address == "/entrance/"


def test_nobody_ties_a_providers_account_to_their_own(idp: Provider) -> None:
    from allauth.socialaccount.models import SocialAccount

    account("takes.pol")
    who, _ = signs_in("takes.pol")
    _, page = comes_by(idp, "sub-of-somebody", who, "process=connect")
    assert page.status in (403, 404)
    assert not SocialAccount.objects.filter(uid="sub-of-somebody").exists()


def test_a_token_for_somebody_else_or_from_elsewhere_is_refused(idp: Provider) -> None:
    tied("wrong.aud", "sub-4")
    idp.audience = "another desk"
    who, page = comes_by(idp, "sub-4")
    assert page.status == 403
    assert who.get("/").address == "/entrance/"
    idp.audience, idp.issuer = CLIENT, "https://elsewhere.example"
    who, page = comes_by(idp, "sub-4")
    assert page.status == 403
    assert who.get("/").address == "/entrance/"


def test_an_answer_that_nobody_asked_for_is_refused(idp: Provider) -> None:
    tied("state.amb", "sub-5")
    page = browser().get("/sign-in/oidc/amb/login/callback/?code=code-1&state=made-up")
    assert page.status == 403


def test_asking_again_goes_to_the_provider_which_has_to_say_that_it_asked(idp: Provider) -> None:
    tied("again.amb", "sub-6")
    idp.auth_time = time.time() - 7200
    who, _ = comes_by(idp, "sub-6")
    sent = who.client.post(
        "/pathways/right-care/adopt/1/", headers={"Referer": "http://testserver/pathways/right-care/"}
    )
    assert sent.status_code == 302
    assert sent["Location"].startswith("/sign-in/oidc/amb/login/?")
    assert "max_age%3D0" in sent["Location"]
    # It came back without asking: still not enough.
    comes_by(idp, "sub-6", who, "process=login&next=/&auth_params=prompt%3Dlogin%26max_age%3D0")
    assert idp.asked[-1]["prompt"] == "login"
    assert who.client.post("/pathways/right-care/adopt/1/").status_code == 302
    idp.auth_time = time.time()
    comes_by(idp, "sub-6", who, "process=login&next=/&auth_params=prompt%3Dlogin%26max_age%3D0")
    assert who.client.post("/pathways/right-care/adopt/1/").status_code == 404


def test_a_provider_is_reached_by_tls_and_its_declaration_names_its_agency(tmp_path: Path) -> None:
    path = tmp_path / "oidc.json"
    path.write_text(
        '[{"id": "x", "name": "X", "server_url": "http://idp.example", "client_id": "c", "secret_file": "s"}]'
    )
    with pytest.raises(BadInput, match="agency"):
        read(tmp_path, {"SAFEHANDS_OIDC": str(path)})
    path.write_text(path.read_text().replace('"secret_file"', '"agency": "POL", "secret_file"'))
    with pytest.raises(BadInput, match="without TLS"):
        read(tmp_path, {"SAFEHANDS_OIDC": str(path)})
