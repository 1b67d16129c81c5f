"""Logging off: refused while one keeps an open case (it would have nobody who keeps it)."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from safehands.core.case import Case
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of
from safehands.desk.guards import signed_in
from safehands.desk.scene import scene_of
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.handovers import keeper_form
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
    kept = kept_by(seat)
    try:
        check_may_log_off(seat.actor, kept)
    except Refused as refused:
        context = {"kept": _handed_on(seat, kept), "faults": faults_of(refused)}
        return render(request, "desk/keeping.html", context, status=409)
    logout(request)
    return _gone()


@require_GET
@signed_in
def keeping(request: Seated, seat: Seat) -> HttpResponse:
    """What one still keeps, each with the form that hands it to a colleague."""
    return render(request, "desk/keeping.html", {"kept": _handed_on(seat, kept_by(seat))})


def kept_by(seat: Seat) -> tuple[Case, ...]:
    """The open cases that somebody keeps for their agency."""
    service = kernel()
    kept = {"keeper": seat.actor.actor, "status": "open", "holder": seat.agency}
    rows = service.store.pictures("case_picture", agency=seat.agency, where=kept)
    return tuple(service.case(str(row["case_id"]), agency=seat.agency) for row in rows)


def _handed_on(seat: Seat, kept: tuple[Case, ...]) -> list[dict[str, object]]:
    return [{"case": case, "ask": keeper_form(scene_of(seat, case), back="keeping")} for case in kept]
