"""What every page needs around it: who acts, where they can go, the time, and whether this is a demonstration."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from safehands import __version__
from safehands.desk.apps import kernel
from safehands.desk.guards import may_break_glass, may_read_looks
from safehands.desk.seats import Seat, seats_for

#: Whose work is about records: they find the concerns of all their cases beside the worklist.
ABOUT_RECORDS: Final = frozenset(
    {
        "investigator",
        "disclosure_officer",
        "exhibits_officer",
        "prosecutor",
        "reviewer",
        "victim_liaison",
        "auditor",
    }
)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    seat: Seat | None = getattr(request, "seat", None)
    clock = kernel().clock
    return {
        "seat": seat,
        "other_seats": others_of(request, seat),
        "places": _places(request, seat) if seat is not None else [],
        "now": clock.now(),
        "pace": getattr(clock, "pace", 1),
        "fastest": getattr(clock, "fastest", 1),
        "demo": settings.DESK_DEMO,
        "version": __version__,
    }


def others_of(request: HttpRequest, seat: Seat | None) -> list[Seat]:
    """The other seats that the person has."""
    return [each for each in seats_for(request) if each != seat]


def _places(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    named = [
        ("worklist", _("Worklist")),
        ("board", _("Board")),
        ("register", _("Register")),
        ("measures", _("Measures")),
        ("simulation", _("Simulation")),
        ("pathways", _("Pathways")),
        ("ledger", _("Ledger")),
    ]
    if seat.actor.role in ABOUT_RECORDS:
        named.insert(1, ("concerns", _("Concerns")))
    if may_break_glass(seat):
        named.append(("glass", _("Break the glass")))
    if may_read_looks(seat):
        named.append(("looks", _("Who looked")))
    if seat.administers:
        named.append(("people", _("Administration")))
    here = request.resolver_match.url_name if request.resolver_match is not None else ""
    return [{"url": reverse(name), "text": text, "here": name == here} for name, text in named]
