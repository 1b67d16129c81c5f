"""Logging off: refused while one keeps an open case (it would have nobody who keeps it)."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of
from safehands.desk.guards import signed_in
from safehands.desk.seats import Seat, Seated
from safehands.errors import Refused
from safehands.service.permissions import check_may_log_off


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The sign-in library's own way out: whoever has a seat goes by ``log_off``, whoever was half way in just
    leaves."""
    if getattr(request, "seat", None) is not None:
        return log_off(request)
    logout(request)
    return redirect("entrance")


def _gone() -> HttpResponse:
    """To the entrance; the browser forgets what it kept of the desk (ASVS 5.0.0 14.3.1)."""
    response = redirect("entrance")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_POST
@signed_in
def log_off(request: Seated, seat: Seat) -> HttpResponse:
    """Leave, or read which cases have to be handed to a colleague first."""
    service = kernel()
    rows = service.store.pictures(
        "case_picture", agency=seat.agency, where={"keeper": seat.actor.actor, "status": "open", "holder": seat.agency}
    )
    kept = tuple(service.case(str(row["case_id"]), agency=seat.agency) for row in rows)
    try:
        check_may_log_off(seat.actor, kept)
    except Refused as refused:
        return render(request, "desk/keeping.html", {"kept": kept, "faults": faults_of(refused)}, status=409)
    logout(request)
    return _gone()
