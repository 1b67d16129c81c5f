"""Signing out elsewhere: every other browser, or every one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safehands.desk.models import Person
from safehands.desk.reauthenticating import fresh
from safehands.desk.sessions import end, end_everywhere


@fresh
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End the person's sessions, after asking again who they are."""
    person = request.user
    if not isinstance(person, Person):
        return redirect("entrance")
    if request.POST.get("which") == "all":
        end_everywhere(person)
        return end(request, _("You are signed out everywhere."))
    end_everywhere(person, but=request.session.session_key)
    messages.success(request, _("Every other browser was signed out."))
    return redirect("usersessions_list")
