"""A case as a file that proves itself, and a case verified on the spot with the ledger's own code."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehands.desk.acting import opened
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.seats import Seat, Seated
from safehands.ledger.verify import Held, verify_bundle
from safehands.service.bundles import bundle_of


@require_GET
@signed_in
def bundle(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The bundle to download. It holds what was said in the case."""
    case = opened(request, seat, case_id, "bundle")
    service = kernel()
    octets = bundle_of(service.store, case.stream, at=service.clock.now(), agency=seat.agency)
    named = {"Content-Disposition": f'attachment; filename="{case.reference}.json"'}
    return HttpResponse(octets, content_type="application/json", headers=named)


@require_GET
@signed_in
def verify_case(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """What an auditor would find: the bundle, checked with nothing but this ledger's public key."""
    case = opened(request, seat, case_id, "verify")
    service = kernel()
    octets = bundle_of(service.store, case.stream, at=service.clock.now(), agency=seat.agency)
    report = verify_bundle(octets, Held(vkey=service.store.vkey))
    return render(request, "desk/verified.html", {"case": case, "report": report, "vkey": service.store.vkey})
