"""Signing in: accounts are given by an agency's administrator, never made by whoever comes along; the demonstration
says so.

An agency's own provider (OpenID Connect) signs in people whom the agency gave an account and a seat, and it opens seats
of that agency only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter  # type: ignore[import-untyped]  # allauth has no types
from allauth.account.internal.stagekit import (  # type: ignore[import-untyped]  # allauth has no types
    get_pending_stage,
)
from allauth.core import context  # type: ignore[import-untyped]  # allauth has no types
from allauth.core.exceptions import ImmediateHttpResponse  # type: ignore[import-untyped]  # allauth has no types
from allauth.mfa.adapter import DefaultMFAAdapter  # type: ignore[import-untyped]  # allauth has no types
from allauth.socialaccount.adapter import (  # type: ignore[import-untyped]  # allauth has no types
    DefaultSocialAccountAdapter,
)
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.desk import sealing
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.models import Membership, Person
from safehands.desk.seats import SEAT, Seat, Seated, seats_for
from safehands.desk.sessions import AT_PROVIDER
from safehands.errors import NotFound

_LOG: Final = logging.getLogger("safehands.security")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: accounts are given."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth names the argument
        """Never."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *given: Any, **named: Any
    ) -> None:
        """Whoever has signed in sees that they have; nothing more is said about it."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *given, **named)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The secrets of second factors lie encrypted in the database; an authenticator app shows the account's name."""

    def encrypt(self, text: str) -> str:
        """Sealed under the desk's key."""
        return sealing.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """And opened again."""
        return sealing.opened(encrypted_text)

    def validation_error(self, code: str, *given: object) -> Any:
        """A second factor that was wrong is a line of the security log; what was typed is not said."""
        if code == "incorrect_code":
            _LOG.warning("a second factor failed: %s", _who(context.request))
        return super().validation_error(code, *given)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks for a passkey, as the browser shows it."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Safehands"}


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """An agency's provider signs in people that the agency has an account for; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth names the argument
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Stop whoever has no seat at the provider's agency, and whoever would tie a provider's account to their
        own."""
        account = sociallogin.account
        agency = settings.DESK_PROVIDERS.get(account.provider)
        connects = sociallogin.state.get("process") == "connect"
        person = sociallogin.user if sociallogin.is_existing else None
        if connects or person is None or not _sits_at(person, agency):
            context = {
                "provider": settings.DESK_PROVIDER_NAMES.get(account.provider, account.provider),
                "subject": account.uid,
            }
            raise ImmediateHttpResponse(render(request, "desk/unknown_account.html", context, status=403))
        claims = account.extra_data.get("id_token", {})
        setattr(request, AT_PROVIDER, claims.get("auth_time"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_given: Any) -> None:
        """Say that it failed, and nothing of what the other side said."""
        context = {"provider": provider.name, "subject": ""}
        raise ImmediateHttpResponse(render(request, "desk/unknown_account.html", context, status=403))


def _who(request: HttpRequest) -> str:
    """The account that is signed in, or about to be."""
    if isinstance(request.user, Person):
        return request.user.actor
    stage = get_pending_stage(request)
    return str(stage.login.user.actor) if stage is not None else "-"


def _sits_at(person: Person, agency: str | None) -> bool:
    if agency is None or not person.is_active:
        return False
    return Membership.objects.filter(person=person, agency=agency, ended_at=None).exists()


def not_here(request: HttpRequest, *_given: object, **_named: object) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Pages of the sign-in library that this desk does not have: signing up, e-mail addresses, passwords by mail."""
    raise NotFound(_("There is no such page. Your agency's administrator looks after accounts and lost passwords."))


@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """The first page for whoever is not signed in. In a demonstration: every seat, to sit down in."""
    seats = Membership.objects.filter(ended_at=None).select_related("person", "agency", "desk")
    # Those who take the calls come first: that is where a newcomer begins.
    shown = sorted(seats, key=lambda seat: (seat.agency.code != "POL", seat.agency.code, seat.role != "handler"))
    context = {"memberships": shown if settings.DESK_DEMO else [], "alike": _alike(shown)}
    return render(request, "desk/entrance.html", context)


def _alike(seats: Iterable[Membership]) -> set[int]:
    """Seats whose button would say what an earlier one says: those say the account as well."""
    found: set[int] = set()
    known: set[tuple[str, str]] = set()
    for seat in seats:
        label = (seat.agency.code, seat.role)
        if label in known:
            found.add(seat.pk)
        known.add(label)
    return found


@require_POST
def sit_down(request: HttpRequest, membership: int) -> HttpResponse:
    """Demonstrations only: sign in as the person of this seat, without a password."""
    if not settings.DESK_DEMO:
        raise NotFound(_("There is no such page."))
    seat = Membership.objects.select_related("person").filter(pk=membership, ended_at=None).first()
    if seat is None:
        raise NotFound(_("There is no such seat."))
    _enter(request, seat.person, seat.pk)
    return redirect("worklist")


def _enter(request: HttpRequest, person: Person, membership: int) -> None:
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session[SEAT] = membership


@require_POST
@signed_in
def change_seat(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """Act from another of one's own seats."""
    wanted = request.POST.get("membership", "")
    if wanted in {str(each.membership) for each in seats_for(request)}:
        request.session[SEAT] = int(wanted)
    return redirect("worklist")


@require_POST
def pace(request: HttpRequest) -> HttpResponse:
    """Demonstrations only: let the time run as the wall's does, or as fast as the demonstration was started with."""
    run_at = getattr(kernel().clock, "run_at", None)
    if not settings.DESK_DEMO or run_at is None:
        raise NotFound(_("There is no such page."))
    run_at(1 if request.POST.get("pace") == "wall" else kernel().clock.fastest)  # type: ignore[attr-defined]  # it runs at a pace, so it has one
    return redirect("worklist" if request.user.is_authenticated else "entrance")
