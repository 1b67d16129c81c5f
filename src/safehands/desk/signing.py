"""Signing in: accounts are made by an agency's administrator, never by whoever comes along; the demonstration says
so."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter  # type: ignore[import-untyped]  # allauth has no types
from allauth.socialaccount.adapter import (  # type: ignore[import-untyped]  # allauth has no types
    DefaultSocialAccountAdapter,
)
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.models import Membership, Person
from safehands.desk.seats import SEAT, Seat, Seated
from safehands.errors import NotFound


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: accounts are given."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth names the argument
        """Never."""
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """An agency's provider signs in people that the agency has an account for; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth names the argument
        """Never."""
        return False


@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """The first page for whoever is not signed in. In a demonstration: every seat, to sit down in."""
    seats = Membership.objects.filter(ended_at=None).select_related("person", "agency", "desk")
    # Those who take the calls come first: that is where a newcomer begins.
    shown = sorted(seats, key=lambda seat: (seat.agency.code != "POL", seat.agency.code, seat.role != "handler"))
    return render(request, "desk/entrance.html", {"memberships": shown if settings.DESK_DEMO else []})


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
    mine = Membership.objects.filter(person=request.user, ended_at=None)
    if wanted.isdigit() and mine.filter(pk=int(wanted)).exists():
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
