"""An agency's desks, people and seats, looked after by its own administrator. Nothing of a case is touched here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.desk import administering
from safehands.desk.acting import text
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import check_administers, signed_in
from safehands.desk.models import ROLES, Agency, Desk, Membership
from safehands.desk.reauthenticating import fresh
from safehands.desk.seats import Seat, Seated
from safehands.errors import SafehandsError


@require_GET
@signed_in
def people(request: Seated, seat: Seat) -> HttpResponse:
    """Who sits where in the seat's agency."""
    check_administers(seat)
    return _page(request, seat)


@require_GET
@signed_in
def one_seat(request: Seated, seat: Seat, membership: int) -> HttpResponse:
    """One seat: move it, name the person, renew their sign-in, sign them out."""
    check_administers(seat)
    return _seat_page(request, seat, membership)


@require_GET
@signed_in
def administration_log(request: Seated, seat: Seat) -> HttpResponse:
    """Who changed what about the agency's people, desks and pages."""
    check_administers(seat)
    return render(request, "desk/administration_log.html", {"lines": administering.log_of(seat.agency)})


def _page(request: Seated, seat: Seat, error: SafehandsError | None = None, code: str | None = None) -> HttpResponse:
    seats = Membership.objects.filter(agency=seat.agency, ended_at=None).select_related("person", "desk")
    context: dict[str, Any] = {
        "memberships": seats,
        "desks": Desk.objects.filter(agency=seat.agency, ended_at=None),
        "agency": Agency.objects.get(code=seat.agency),
        "has_provider": seat.agency in settings.DESK_PROVIDERS.values(),
        "roles": ROLES,
        "faults": faults_of(error) if error is not None else [],
        "form": request.POST if error is not None else {},
        "code": code,
    }
    return render(request, "desk/people.html", context, status=status_of(error) if error is not None else 200)


def _seat_page(
    request: Seated, seat: Seat, membership: int, error: SafehandsError | None = None, code: str | None = None
) -> HttpResponse:
    context = {
        "membership": administering.seat_at(seat.agency, membership),
        "desks": Desk.objects.filter(agency=seat.agency, ended_at=None),
        "roles": ROLES,
        "faults": faults_of(error) if error is not None else [],
        "code": code,
    }
    return render(request, "desk/seat.html", context, status=status_of(error) if error is not None else 200)


@fresh
@require_POST
@signed_in
def give_seat(request: Seated, seat: Seat) -> HttpResponse:
    """Make the account if there is none, and the seat; a code for the first password is shown once, here."""
    check_administers(seat)
    form = request.POST
    try:
        code = administering.give_seat(
            seat.actor,
            text(form, "actor"),
            text(form, "role"),
            text(form, "desk"),
            administers=bool(form.get("administers")),
            subject=text(form, "subject"),
        )
    except SafehandsError as error:
        return _page(request, seat, error)
    messages.success(request, _("The seat was given."))
    return _page(request, seat, code=code) if code else redirect("people")


def _of_seat(change: Callable[[Seat, int, QueryDict], str | None], done: str) -> Callable[..., HttpResponse]:
    """A view that changes one seat; a code that comes of it is shown once."""

    @fresh
    @require_POST
    @signed_in
    def view(request: Seated, seat: Seat, membership: int) -> HttpResponse:
        check_administers(seat)
        administering.seat_at(seat.agency, membership)
        try:
            code = change(seat, membership, request.POST)
        except SafehandsError as error:
            return _seat_page(request, seat, membership, error)
        messages.success(request, _(done))
        return _seat_page(request, seat, membership, code=code) if code else redirect("people")

    return view


def _of_agency(change: Callable[[Seat, QueryDict], object], done: str) -> Callable[..., HttpResponse]:
    """A view that changes something of the agency and goes back to its page."""

    @fresh
    @require_POST
    @signed_in
    def view(request: Seated, seat: Seat) -> HttpResponse:
        check_administers(seat)
        try:
            change(seat, request.POST)
        except SafehandsError as error:
            return _page(request, seat, error)
        messages.success(request, _(done))
        return redirect("people")

    return view


def _signed_out(seat: Seat, membership: int, _form: QueryDict) -> None:
    administering.sign_out(seat.actor, membership)


end_seat = _of_seat(lambda seat, n, _form: administering.end_seat(seat.actor, n), "The seat was ended.")
move_seat = _of_seat(
    lambda seat, n, form: administering.move_seat(
        seat.actor, n, text(form, "role"), text(form, "desk"), administers=bool(form.get("administers"))
    ),
    "The seat was moved.",
)
rename_person = _of_seat(
    lambda seat, n, form: administering.rename_person(seat.actor, n, text(form, "name")), "The name was changed."
)
sign_out_person = _of_seat(_signed_out, "They were signed out everywhere.")
renew_sign_in = _of_seat(
    lambda seat, n, form: administering.renew(seat.actor, n, factors_lost=bool(form.get("factors_lost"))),
    "The old password holds no more, and they were signed out everywhere.",
)
add_desk = _of_agency(
    lambda seat, form: administering.add_desk(seat.actor, text(form, "code"), text(form, "name")), "The desk was added."
)
rename_desk = _of_agency(
    lambda seat, form: administering.rename_desk(seat.actor, text(form, "code"), text(form, "name")),
    "The desk was renamed.",
)
end_desk = _of_agency(lambda seat, form: administering.end_desk(seat.actor, text(form, "code")), "The desk was ended.")
rename_agency = _of_agency(
    lambda seat, form: administering.rename_agency(seat.actor, text(form, "name")), "Your agency was renamed."
)
