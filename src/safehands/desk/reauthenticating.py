"""Asking again who somebody is, before what cannot be taken back: lowering, erasing, adopting, changing who may do
what.

Whoever has a password or a second factor of ours is asked for it (allauth). Whoever comes by their agency's provider
only is sent there, and the provider has to say (``auth_time``, OpenID Connect Core 1.0 section 2) that it asked just
now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account.decorators import (  # type: ignore[import-untyped]  # allauth has no types
    reauthentication_required,
)
from allauth.account.internal.flows.reauthentication import (  # type: ignore[import-untyped]  # allauth has no types
    get_reauthentication_flows,
)
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from safehands.desk.sessions import AT_PROVIDER, provider_of, seconds_now


def fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The person has shown within the last minutes that they are who they are. A demonstration has no passwords to
    ask for."""
    asks = reauthentication_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if settings.DESK_DEMO:
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return redirect("entrance")
        if get_reauthentication_flows(request.user):
            answer: HttpResponse = asks(request, *args, **kwargs)
            return answer
        return view(request, *args, **kwargs) if _asked_by_provider(request) else _to_provider(request)

    guarded.needs_seat = True  # type: ignore[attr-defined]  # read by the test that walks every address
    guarded.is_fresh = True  # type: ignore[attr-defined]  # read by the test that asks what needs it
    return guarded


def _asked_by_provider(request: HttpRequest) -> bool:
    asked_at = request.session.get(AT_PROVIDER)
    return asked_at is not None and 0 <= seconds_now() - asked_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _to_provider(request: HttpRequest) -> HttpResponse:
    """To the agency's provider, which is told to ask; afterwards back to the page that the person came from."""
    provider = provider_of(request)
    if provider is None:
        messages.info(request, _("Sign in again first: this needs to know that it is you."))
        return redirect("entrance")
    messages.info(request, _("Your agency asked who you are. Now do it again: nothing was done yet."))
    come_from = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(come_from, allowed_hosts={request.get_host()})
    then = urlsplit(come_from).path if known else reverse("worklist")
    asked = {"process": "login", "next": then, "auth_params": "prompt=login&max_age=0"}
    return redirect(f"{reverse('openid_connect_login', args=[provider])}?{urlencode(asked)}")
