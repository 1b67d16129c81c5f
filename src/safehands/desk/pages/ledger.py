"""The ledger: its head, its signed checkpoint, and whether it holds, checked on the spot."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.seats import Seat, Seated
from safehands.service.verification import verify_ledger


@require_GET
@signed_in
def ledger(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """The page: nothing personal, sizes and signatures only."""
    store = kernel().store
    return render(request, "desk/ledger.html", {"head": store.head(), "vkey": store.vkey, "report": None})


@require_POST
@signed_in
def verify(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """Everything, from the stored bytes up to the signed checkpoint."""
    service = kernel()
    service.store.seal(at=service.clock.now())
    report = verify_ledger(service.store)
    context = {"head": service.store.head(), "vkey": service.store.vkey, "report": report}
    return render(request, "desk/ledger.html", context)
