"""The board for supervisors: every open case that the agency may see, by clock; what is disputed, silent or waiting."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.pages.worklist import WHAT_HURTS_NEXT, instant_of, rows_of
from safehands.desk.seats import Seat, Seated
from safehands.store.ports import Cell

#: How many rows the board shows; the rest is counted.
ROWS = 100


@require_GET
@signed_in
def board(request: Seated, seat: Seat) -> HttpResponse:
    """The page."""
    return render(request, "desk/board.html", _context(seat))


@require_GET
@signed_in
def live(request: Seated, seat: Seat) -> HttpResponse:
    """The part that is fetched again and again."""
    response = render(request, "desk/parts/board_live.html", _context(seat))
    response["X-Desk-Now"] = kernel().clock.now().isoformat()
    return response


def _context(seat: Seat) -> dict[str, Any]:
    service = kernel()
    now = service.clock.now()
    opened: dict[str, Cell] = {"status": "open"}
    cases = service.store.pictures("case_picture", agency=seat.agency, where=opened, by=WHAT_HURTS_NEXT, limit=ROWS)
    offers = service.store.pictures("offer_picture", agency=seat.agency, where=opened, by=("due_at",))
    silent = {"rule": "silence_after_acceptance", "cleared_at": None}
    rows = rows_of(cases)
    by_case: dict[Cell, list[dict[str, Cell]]] = defaultdict(list)
    for offer in offers:
        by_case[offer["case_id"]].append(offer)
    for row in rows:
        row["offers"] = by_case[row["case_id"]]
    present = service.store.pictures("presence_picture", agency=seat.agency)
    return {
        "rows": rows,
        "in_all": service.store.count_pictures("case_picture", agency=seat.agency, where=opened),
        "offers_open": len(offers),
        "late": sum(instant_of(row["next_due_at"]) < now for row in cases),
        "undecided": service.store.count_pictures(
            "case_picture", agency=seat.agency, where={**opened, "decided": None}
        ),
        "silent": service.store.count_pictures("concern_picture", agency=seat.agency, where=silent),
        "hours": round(_hours(present, now), 1),
        "there": sum(each["released_at"] is None for each in present),
        "worst": service.store.pictures(
            "concern_picture", agency=seat.agency, where={"grade": 1, "cleared_at": None}, by=("raised_at",), limit=5
        ),
    }


def _hours(present: list[dict[str, Cell]], now: datetime) -> float:
    """Hours that responders spent with people since midnight (UTC), those who are still there included."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    spent = timedelta(0)
    for each in present:
        start, end = each["arrived_at"], each["released_at"] or now
        if isinstance(start, datetime) and isinstance(end, datetime):
            spent += max(timedelta(0), end - max(start, midnight))
    return spent.total_seconds() / 3600
