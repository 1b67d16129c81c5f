"""The log of looking: who opened which case. A holder reads it for the cases it holds, an auditor for their whole
agency."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehands.desk.apps import kernel
from safehands.desk.guards import check_reads_looks, signed_in
from safehands.desk.models import Look
from safehands.desk.seats import Seat, Seated

#: How many lines are shown.
SHOWN = 200


@require_GET
@signed_in
def looks(request: Seated, seat: Seat) -> HttpResponse:
    """Who looked at the cases that the agency holds, broken glass first, and where the agency's own people looked."""
    check_reads_looks(seat)
    rows = kernel().store.pictures("case_picture", agency=seat.agency, where={"holder": seat.agency})
    held = {str(row["case_id"]): str(row["reference"]) for row in rows}
    into_ours = [(held[str(each.case_id)], each) for each in Look.objects.filter(case_id__in=list(held))[:SHOWN]]
    by_ours = Look.objects.filter(agency=seat.agency).exclude(case_id__in=list(held))[:SHOWN]
    context = {
        "broken": [(reference, each) for reference, each in into_ours if each.broke_glass],
        "into_ours": into_ours,
        "by_ours": by_ours,
        "shown": SHOWN,
    }
    return render(request, "desk/looks.html", context)
