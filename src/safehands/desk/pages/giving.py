"""The agency's side of persons' own pages: signing them off (two people), giving one from a case, closing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.core.case import Case
from safehands.core.decide.own_pages import CHANNELS
from safehands.desk import own_pages
from safehands.desk.acting import command_id, opened, text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import check_signs_off, signed_in
from safehands.desk.reauthenticating import fresh
from safehands.desk.seats import Seat, Seated
from safehands.desk.sending import only_into_file
from safehands.errors import BadInput, SafehandsError

#: For how many days a page may be given.
DAYS = (7, 14, 30, 90)


@require_GET
@signed_in
def own_pages_sign_off(request: Seated, seat: Seat) -> HttpResponse:
    """Whether the agency has signed off persons' own pages, and what is still missing."""
    check_signs_off(seat)
    return _sign_off_page(request, seat)


def _sign_off_page(request: Seated, seat: Seat, error: SafehandsError | None = None) -> HttpResponse:
    found, stands = own_pages.sign_off_of(seat.agency)
    context = {
        "found": found,
        "stands": stands,
        "mine": found is not None and found.said_by == seat.actor.actor,
        "into_file": only_into_file(),
        "form": request.POST,
        "faults": faults_of(error) if error is not None else [],
    }
    return render(request, "desk/sign_off.html", context, status=status_of(error) if error is not None else 200)


@fresh
@require_POST
@signed_in
def sign_off(request: Seated, seat: Seat) -> HttpResponse:
    """Propose, confirm, or take back."""
    check_signs_off(seat)
    form = request.POST
    try:
        match text(form, "act"):
            case "confirm":
                own_pages.confirm(seat.actor)
            case "take_back":
                own_pages.take_back(seat.actor)
            case _:
                own_pages.say(
                    seat.actor,
                    text(form, "impact_assessment"),
                    text(form, "safeguarding"),
                    text(form, "lawful_basis"),
                    names_officers=bool(form.get("names_officers")),
                    limits=own_pages.Limits(text(form, "anonymity"), text(form, "reporting_limits")),
                )
    except SafehandsError as error:
        return _sign_off_page(request, seat, error)
    messages.success(request, _("Written down."))
    return redirect("own_pages_sign_off")


@signed_in
def give_own_page(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """Give the person of a contact their page, or see which are open."""
    case = opened(request, seat, case_id, "giving a page")
    if request.method != "POST":
        return _give_page(request, seat, case)
    try:
        _give(request, seat, case)
    except SafehandsError as error:
        return _give_page(request, seat, case, error)
    if only_into_file():
        messages.success(request, _("Their page is open. The link was not sent: it stands in the file outgoing.jsonl."))
    else:
        messages.success(request, _("Their page is open. The link is on its way by the route that they called safe."))
    return redirect("give_own_page", case_id)


def _give(request: Seated, seat: Seat, case: Case) -> None:
    form = request.POST
    faults = [
        sentence
        for wrong, sentence in (
            (not form.get("safe"), _("Ask them first: is this route safe for them, and who else sees it?")),
            (text(form, "days") not in map(str, DAYS), _("Choose for how long the page stays open.")),
            (text(form, "channel") not in CHANNELS, _("Choose text message or e-mail.")),
        )
        if wrong
    ]
    if faults:
        raise BadInput(faults)
    own_pages.give(
        seat.actor,
        case,
        own_pages.Wanted(
            text(form, "contact"),
            text(form, "channel"),
            text(form, "route"),
            text(form, "word"),
            int(text(form, "days")),
            text(form, "party"),
        ),
        command_id(request),
    )


def _give_page(request: Seated, seat: Seat, case: Case, error: SafehandsError | None = None) -> HttpResponse:
    context = {
        "case": case,
        "stands": own_pages.sign_off_of(seat.agency)[1],
        "holds": case.is_open and case.holder == seat.agency,
        "contacts": list(case.contacts),
        "people": sorted(kernel().known(case.stream).material.standing) if case.records else [],
        "family_on": own_pages.family_signed_off(seat.agency),
        "pages": list(case.own_pages.values()),
        "days": DAYS,
        "into_file": only_into_file(),
        "form": request.POST if error is not None else {},
        "faults": faults_of(error) if error is not None else [],
    }
    return render(request, "desk/own_page.html", context, status=status_of(error) if error is not None else 200)


@require_POST
@signed_in
def close_own_page(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """Close one: its link is dead with the next click."""
    case = kernel().case(str(case_id), agency=seat.agency)
    try:
        own_pages.withdraw(
            seat.actor, case, text(request.POST, "page"), text(request.POST, "reason"), command_id(request)
        )
    except SafehandsError as error:
        return _give_page(request, seat, case, error)
    messages.success(request, _("The page is closed."))
    return redirect("give_own_page", case_id)
