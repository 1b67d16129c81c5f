"""The first password of an account, or a new one after a lost one: set by its owner alone, with a code that holds
once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from safehands.desk import sealing
from safehands.desk.acting import text
from safehands.desk.faults import faults_of, status_of
from safehands.desk.models import Invitation, Person
from safehands.desk.sessions import end_everywhere
from safehands.errors import BadInput, NotPermitted, SafehandsError
from safehands.service.clock import SystemClock

#: How often a code may be tried for one account in a quarter of an hour.
TRIES = 5
QUARTER = 900


@sensitive_post_parameters()
def first_password(request: HttpRequest) -> HttpResponse:
    """The page."""
    if request.method != "POST":
        return render(request, "desk/first.html", {"form": {}})
    try:
        _set(request)
    except SafehandsError as error:
        context = {"faults": faults_of(error), "form": {"account": text(request.POST, "account")}}
        return render(request, "desk/first.html", context, status=status_of(error))
    messages.success(request, _("Your password was set. Sign in with it."))
    return redirect("account_login")


def _set(request: HttpRequest) -> None:
    account, code = text(request.POST, "account").lower(), text(request.POST, "code").upper()
    password = request.POST.get("password", "")
    key = f"first:{sealing.mark('tries', account)[:24]}"
    cache.add(key, 0, QUARTER)
    if cache.get(key, 0) >= TRIES:
        raise NotPermitted(_("That was tried too often. Wait a quarter of an hour, then try again."))
    now = SystemClock().now()
    found = Invitation.objects.select_related("person").filter(
        code=sealing.mark("invitation", code), used_at=None, expires_at__gt=now, person__actor=account
    )
    invitation = found.first()
    if invitation is None:
        cache.incr(key)
        # One sentence for all: whether there is such an account is nobody's business.
        raise BadInput([_("This account and this code do not belong together, or the code holds no more.")])
    if password != request.POST.get("again", ""):
        raise BadInput([_("The two passwords differ.")])
    try:
        validate_password(password, invitation.person)
    except ValidationError as wrong:
        raise BadInput(wrong.messages) from None
    if not found.update(used_at=now):
        raise BadInput([_("This code was used already.")])
    _give(invitation.person, password)
    cache.delete(key)


def _give(person: Person, password: str) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    end_everywhere(person)
