"""Hand over: along which route, to whom, with which pack. What was written down already stands in the pack's fields."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from safehands.core.case import Case
from safehands.core.commands import OfferHandover
from safehands.core.pathway import Pathway, Route
from safehands.core.vocabulary import ANY_ROLE, OfferKind, role_of
from safehands.desk.acting import opened, send, text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import check_acts, signed_in
from safehands.desk.models import Agency
from safehands.desk.parsing import instant
from safehands.desk.prefill import suggested
from safehands.desk.seats import Seat, Seated
from safehands.errors import NotFound, SafehandsError


@signed_in
def offer(request: Seated, seat: Seat, case_id: UUID, route: str) -> HttpResponse:
    """The page, and the sending of it."""
    check_acts(seat.actor)
    case = opened(request, seat, case_id, "offer")
    pathway = kernel().catalogue.by_ref(case.pathway)
    chosen = next((each for each in pathway.routes if each.id == route), None)
    if chosen is None:
        raise NotFound(_("This pathway has no such route."))
    if request.method != "POST":
        return render(request, "desk/offer.html", _context(seat, case, pathway, chosen))
    try:
        send(request, seat, case.case_id, _command(request, pathway, chosen))
    except SafehandsError as error:
        fresh = kernel().case(str(case_id), agency=seat.agency)
        context = _context(seat, fresh, pathway, chosen)
        context["fields"] = [(field, text(request.POST, f"p.{field.id}")) for field, _value in context["fields"]]
        context |= {"faults": faults_of(error), "form": request.POST}
        return render(request, "desk/offer.html", context, status=status_of(error))
    messages.success(request, _("Offered. You hold the case until they accept; the clock of the offer runs."))
    return redirect("case", case_id)


def _context(seat: Seat, case: Case, pathway: Pathway, route: Route) -> dict[str, Any]:
    pack = next((each for each in pathway.packs if each.id == route.pack), None)
    fields = pack.fields if pack is not None else ()
    known = suggested(pathway, case, tuple(field.id for field in fields))
    return {
        "case": case,
        "route": route,
        "fields": [(field, known.get(field.id, "")) for field in fields],
        "agencies": _agencies(seat, case, pathway, route),
        "minutes": int(route.due.total_seconds() // 60),
        "support": route.kind is OfferKind.SUPPORT,
        "form": {},
    }


def _agencies(seat: Seat, case: Case, pathway: Pathway, route: Route) -> list[Agency]:
    """Those whose role the route leads to; whether one of them may be offered it, the core says."""
    everybody = Agency.objects.filter(ended_at=None).exclude(code=seat.agency)
    if route.kind is OfferKind.RETURN:
        return list(everybody.filter(code=case.holder))
    return [each for each in everybody if route.to in (ANY_ROLE, pathway.reporter, role_of(each.code))]


def _command(request: Seated, pathway: Pathway, route: Route) -> OfferHandover:
    form = request.POST
    fields = [field.id for pack in pathway.packs if pack.id == route.pack for field in pack.fields]
    return OfferHandover(
        to_agency=text(form, "to_agency"),
        route=route.id,
        asks=text(form, "asks"),
        pack={name: text(form, f"p.{name}") for name in fields if text(form, f"p.{name}")},
        desk=text(form, "desk") or None,
        due_at=instant(text(form, "due_at")),
        task_kind=text(form, "task_kind") or None,
    )
