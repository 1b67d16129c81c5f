"""The contact book (how agencies are reached, what they take, how long they need) and the streams that a force
switches on.

Both are entries of the ledger: offers record what the book said, decisions whether a stream was on.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.core.events import AgencyDescribed, StreamSwitched
from safehands.desk import administering
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import check_administers, signed_in
from safehands.desk.models import Agency
from safehands.desk.parsing import instant
from safehands.desk.reauthenticating import fresh
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, NotFound, SafehandsError
from safehands.pathways.load import load, shipped
from safehands.service import agencies as books


@require_GET
@signed_in
def agencies(request: Seated, seat: Seat) -> HttpResponse:
    """Every agency that cases can be offered to, and how it is reached."""
    check_administers(seat)
    return _page(request, seat)


def _page(request: Seated, seat: Seat, error: SafehandsError | None = None) -> HttpResponse:
    rows = [(agency, _described(agency.code), _may_describe(seat, agency)) for agency in Agency.objects.all()]
    context = {"rows": rows, "faults": faults_of(error) if error is not None else []}
    return render(request, "desk/agencies.html", context, status=status_of(error) if error is not None else 200)


def _described(code: str) -> AgencyDescribed | None:
    try:
        return books.book_entry(kernel().store, code)
    except NotFound:
        return None


def _may_describe(seat: Seat, agency: Agency) -> bool:
    """An agency describes itself; one outside the system is described by whoever works with it."""
    return agency.ended_at is None and (agency.code == seat.agency or not agency.on_system)


@require_GET
@signed_in
def book_page(request: Seated, seat: Seat, code: str) -> HttpResponse:
    """One agency's page of the contact book, to be read and written anew."""
    check_administers(seat)
    agency = Agency.objects.filter(code=code).first()
    if agency is None or not _may_describe(seat, agency):
        raise NotFound(_("There is no such agency, or it describes itself."))
    return render(request, "desk/book_page.html", {"agency": agency, "said": _described(code)})


@fresh
@require_POST
@signed_in
def describe(request: Seated, seat: Seat, code: str) -> HttpResponse:
    """Write down what the book says from now on; what it said before stays in the ledger."""
    check_administers(seat)
    agency = Agency.objects.filter(code=code).first()
    if agency is None or not _may_describe(seat, agency):
        raise NotFound(_("There is no such agency, or it describes itself."))
    try:
        said = _said(agency, request.POST)
        with administering.noted(seat.actor, "book_written", code):
            books.describe(kernel().store, kernel().clock, seat.actor, said)
    except SafehandsError as error:
        context: dict[str, Any] = {"agency": agency, "said": request.POST, "faults": faults_of(error)}
        return render(request, "desk/book_page.html", context, status=status_of(error))
    messages.success(request, _("The contact book was written. Offers show it from now on."))
    return redirect("agencies")


def _said(agency: Agency, form: QueryDict) -> AgencyDescribed:
    minutes = text(form, "response_minutes")
    if minutes and not minutes.isdecimal():
        raise BadInput([_("Write the response time as whole minutes, or leave it empty.")])
    return AgencyDescribed(
        agency=agency.code,
        name=agency.name,
        on_system=agency.on_system,
        reached_by=text(form, "reached_by"),
        threshold=text(form, "threshold"),
        response_minutes=int(minutes) if minutes else None,
        note=text(form, "note"),
    )


@fresh
@require_POST
@signed_in
def add_agency(request: Seated, seat: Seat) -> HttpResponse:
    """Another agency that cases can be offered to. It takes by word until the operator gives it people here."""
    check_administers(seat)
    code = text(request.POST, "code")
    try:
        administering.add_agency(seat.actor, code, text(request.POST, "name"))
    except SafehandsError as error:
        return _page(request, seat, error)
    messages.success(request, _("The agency was added. Say now how it is reached."))
    return redirect("book_page", code)


@fresh
@require_POST
@signed_in
def end_agency(request: Seated, seat: Seat) -> HttpResponse:
    """An agency outside the system takes no more cases."""
    check_administers(seat)
    try:
        administering.end_agency(seat.actor, text(request.POST, "code"))
    except SafehandsError as error:
        return _page(request, seat, error)
    messages.success(request, _("The agency was ended: no offer goes to it any more."))
    return redirect("agencies")


@require_GET
@signed_in
def streams(request: Seated, seat: Seat) -> HttpResponse:
    """Which streams of contact the force has switched on, and from when."""
    check_administers(seat)
    return _streams_page(request, seat)


def _streams_page(request: Seated, seat: Seat, error: SafehandsError | None = None) -> HttpResponse:
    switched = books.switched(kernel().store, seat.agency)
    now = kernel().clock.now()
    rows = [
        {"pathway": title, "name": name, "code": code, "label": label, "on_from": at, "on": at is None or at <= now}
        for (name, code), (title, label) in _streams().items()
        for at in [switched.get((name, code))]
    ]
    context = {"rows": rows, "faults": faults_of(error) if error is not None else []}
    return render(request, "desk/streams.html", context, status=status_of(error) if error is not None else 200)


def _streams() -> dict[tuple[str, str], tuple[str, str]]:
    """Every stream of every pathway, by pathway and code: the pathway's title and the stream's words."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for name in shipped():
        pathway = kernel().catalogue.current(name) if kernel().catalogue.history(name) else load(name)
        for question in pathway.questions:
            if question.name == "stream":
                found |= {(name, each.code): (pathway.title, each.label) for each in question.choices}
    return found


@fresh
@require_POST
@signed_in
def switch_stream(request: Seated, seat: Seat) -> HttpResponse:
    """Switch a stream on from a date; before it the tables conclude in shadow and are not shown as advice."""
    check_administers(seat)
    form = request.POST
    wanted = (text(form, "pathway"), text(form, "stream"))
    try:
        at = instant(text(form, "on_from"))
        if wanted not in _streams() or at is None:
            raise BadInput([_("Choose a stream, and the day and time from which it is on.")])
        event = StreamSwitched(wanted[0], wanted[1], seat.agency, at, seat.actor.actor)
        with administering.noted(seat.actor, "stream_switched", "/".join(wanted), at.isoformat()):
            books.switch(kernel().store, kernel().clock, seat.actor, event)
    except SafehandsError as error:
        return _streams_page(request, seat, error)
    messages.success(request, _("Written down. It is looked up anew within half a minute."))
    return redirect("streams")
