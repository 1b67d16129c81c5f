"""An agency's desks, people and seats, looked after by its own administrator. Nothing of a case is touched here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safehands.desk.apps import kernel
from safehands.desk.faults import Fault, faults_of
from safehands.desk.guards import check_administers, signed_in
from safehands.desk.models import ROLES, Agency, Desk, Membership, Person
from safehands.desk.pages.acts import fresh
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, NotFound


class SeatForm(forms.Form):
    """Give somebody a seat: their account's name, the role, the desk."""

    actor = forms.CharField(max_length=60)
    role = forms.ChoiceField(choices=ROLES)
    desk = forms.CharField(max_length=40, required=False)
    administers = forms.BooleanField(required=False)
    password = forms.CharField(max_length=200, required=False)


@signed_in
def people(request: Seated, seat: Seat) -> HttpResponse:
    """Who sits where in the seat's agency."""
    check_administers(seat)
    return _page(request, seat, [])


def _page(request: Seated, seat: Seat, faults: list[Fault]) -> HttpResponse:
    seats = Membership.objects.filter(agency=seat.agency, ended_at=None).select_related("person", "desk")
    context: dict[str, Any] = {
        "memberships": seats,
        "desks": Desk.objects.filter(agency=seat.agency),
        "agencies": Agency.objects.all(),
        "roles": ROLES,
        "faults": faults,
        "form": request.POST,
    }
    return render(request, "desk/people.html", context, status=422 if faults else 200)


@fresh
@require_POST
@signed_in
def give_seat(request: Seated, seat: Seat) -> HttpResponse:
    """Make the account if there is none, and the seat."""
    check_administers(seat)
    form = SeatForm(request.POST)
    try:
        if not form.is_valid():
            raise BadInput(f"{name}: {'; '.join(map(str, said))}" for name, said in form.errors.items())
        _give(seat, form.cleaned_data)
    except BadInput as bad:
        return _page(request, seat, faults_of(bad))
    messages.success(request, _("The seat was given."))
    return redirect("people")


def _give(seat: Seat, given: dict[str, Any]) -> None:
    from django.contrib.auth.password_validation import validate_password

    person = Person.objects.filter(actor=given["actor"]).first()
    desk = Desk.objects.filter(agency=seat.agency, code=given["desk"]).first() if given["desk"] else None
    try:
        with transaction.atomic():
            if person is None:
                person = Person(actor=given["actor"])
                person.set_password(None)
                if given["password"]:
                    validate_password(given["password"], person)
                    person.set_password(given["password"])
                person.full_clean(exclude=["password"])
                person.save()
            Membership.objects.create(
                person=person,
                agency=Agency.objects.get(code=seat.agency),
                desk=desk,
                role=given["role"],
                administers=given["administers"],
            )
    except ValidationError as wrong:
        raise BadInput(wrong.messages) from None
    except IntegrityError:
        raise BadInput([_("This person has this seat already.")]) from None


@fresh
@require_POST
@signed_in
def end_seat(request: Seated, seat: Seat, membership: int) -> HttpResponse:
    """End a seat: who had it can act from it no more, from the next request on."""
    check_administers(seat)
    found = Membership.objects.filter(pk=membership, agency=seat.agency, ended_at=None)
    if not found.exists():
        raise NotFound(_("There is no such seat at your agency."))
    found.update(ended_at=kernel().clock.recorded_at())
    messages.success(request, _("The seat was ended."))
    return redirect("people")


@fresh
@require_POST
@signed_in
def add_desk(request: Seated, seat: Seat) -> HttpResponse:
    """Another desk of the agency."""
    check_administers(seat)
    desk = Desk(
        agency=Agency.objects.get(code=seat.agency),
        code=request.POST.get("code", "").strip(),
        name=request.POST.get("name", "").strip(),
    )
    try:
        desk.full_clean()
    except ValidationError as wrong:
        return _page(request, seat, [Fault(each) for each in wrong.messages])
    desk.save()
    messages.success(request, _("The desk was added."))
    return redirect("people")


@fresh
@require_POST
@signed_in
def add_agency(request: Seated, seat: Seat) -> HttpResponse:
    """Another agency that cases can be offered to; ``on_system`` says whether it has people here, or takes by word."""
    check_administers(seat)
    code, name = request.POST.get("code", "").strip(), request.POST.get("name", "").strip()
    agency = Agency(code=code, name=name, on_system=False)
    try:
        agency.full_clean()
    except ValidationError as wrong:
        return _page(request, seat, [Fault(each) for each in wrong.messages])
    agency.save(force_insert=True)
    messages.success(request, _("The agency was added. It takes by word until it has people here."))
    return redirect("people")
