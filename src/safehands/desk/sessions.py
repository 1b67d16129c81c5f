"""How long somebody stays signed in: ended when unused, ended when old, ended everywhere on demand, ended with the
seat.

The hours are those of ``site.configuration`` (ASVS 5.0.0 7.3.1 and 7.3.2). Pages that fetch themselves do not count as
use: a board on the wall would keep a session for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from allauth.account.authentication import (  # type: ignore[import-untyped]  # allauth has no types
    get_authentication_records,
)
from allauth.mfa.utils import is_mfa_enabled  # type: ignore[import-untyped]  # allauth has no types
from allauth.usersessions.models import UserSession  # type: ignore[import-untyped]  # allauth has no types
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from safehands.desk.models import Person
from safehands.service.clock import SystemClock

_LOG: Final = logging.getLogger("safehands.security")

#: The session's keys: when it began, when it was last used (seconds since 1970), when the agency's provider last
#: asked the person who they are.
BEGAN: Final = "began"
SEEN: Final = "seen"
AT_PROVIDER: Final = "at_provider"

#: Use is written down at most this often, in seconds: a session is a row, and most requests need not change it.
WRITTEN_EVERY: Final = 30


def seconds_now() -> float:
    """The wall's clock, in seconds since 1970; a demonstration's runs faster and would end every session."""
    return SystemClock().now().timestamp()


def began(sender: object, request: HttpRequest, user: Person, **_: Any) -> None:  # noqa: ARG001 - Django names them
    """Somebody signed in (Django's signal): the session begins now, and is one of those that can be ended from
    elsewhere."""
    request.user = user
    request.session[BEGAN] = request.session[SEEN] = seconds_now()
    if (asked_at := getattr(request, AT_PROVIDER, None)) is not None:
        request.session[AT_PROVIDER] = asked_at
    UserSession.objects.create_from_request(request)
    _LOG.info("signed in: %s by %s", user.actor, ", ".join(str(each["method"]) for each in _records(request)) or "-")


def failed(sender: object, **_: Any) -> None:  # noqa: ARG001 - Django names it
    """A sign-in failed (Django's signal). What was typed is not said: it may be a password."""
    _LOG.warning("a sign-in failed")


def sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: end what is too old or was left, and say so."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        if (why := _over(request)) is not None:
            return end(request, why)
        if not fetches_itself(request) and seconds_now() - request.session[SEEN] >= WRITTEN_EVERY:
            request.session[SEEN] = seconds_now()
        return get_response(request)

    return respond


def fetches_itself(request: HttpRequest) -> bool:
    """Whether the page asked, and not the person at it."""
    return request.method == "GET" and "HX-Request" in request.headers


def _over(request: HttpRequest) -> str | None:
    now, session = seconds_now(), request.session
    if now - session.setdefault(BEGAN, now) >= settings.DESK_SESSION_LONGEST:
        return _("You were signed in for the longest time that is allowed. Sign in again.")
    if now - session.setdefault(SEEN, now) >= settings.DESK_SESSION_IDLE:
        return _("Nobody used this desk for a while, so you were signed out. Sign in again.")
    return None


def end(request: HttpRequest, why: str) -> HttpResponse:
    """End this session and go to the entrance, where ``why`` is said. A page that fetches itself goes there as well."""
    logout(request)
    messages.info(request, why)
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": reverse("entrance")})
    return redirect("entrance")


def end_everywhere(person: Person, *, but: str | None = None) -> int:
    """End every session of ``person`` (but the one with this key); how many there were."""
    ended = 0
    for session in UserSession.objects.filter(user=person):
        if session.session_key != but:
            session.end()
            ended += 1
    return ended


def provider_of(request: HttpRequest) -> str | None:
    """The identity provider that signed this person in, if one did."""
    used = [each for each in _records(request) if each.get("method") == "socialaccount"]
    return str(used[-1].get("provider")) if used else None


def is_strong(request: HttpRequest) -> bool:
    """Whether more than a password stands between an account and whoever comes along: a second factor, or the agency's
    own provider, which answers for its factors."""
    if settings.DESK_DEMO or not settings.DESK_SECOND_FACTOR:
        return True
    used = {each.get("method") for each in _records(request)}
    return bool(used & {"mfa", "socialaccount"}) or bool(is_mfa_enabled(request.user))


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return list(get_authentication_records(request, request.user))
