"""Who sits where: the seat that a signed-in person acts from, as a value, on every request.

A person may have several seats (roles, agencies); the one they act from is in their session and can be changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from safehands.core.vocabulary import Actor
from safehands.desk.models import ROLES, Membership, Person
from safehands.desk.sessions import end, provider_of

#: The session's key for the seat.
SEAT = "seat"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody acts from. ``actor`` is what the ledger sees of them."""

    membership: int
    actor: Actor
    name: str
    agency_name: str
    desk: str | None
    desk_name: str
    role_name: str
    administers: bool

    @property
    def agency(self) -> str:
        """The code of the agency, which is also what the database lets them read as."""
        return self.actor.agency


class Seated(HttpRequest):
    """A request after ``seated``: ``seat`` is None where nobody is signed in or has no seat."""

    seat: Seat | None


def seated(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: put the seat on the request."""

    def respond(request: HttpRequest) -> HttpResponse:
        seat = seat_of(request)
        chosen = request.session.get(SEAT) if request.user.is_authenticated else None
        if chosen is not None and (seat is None or seat.membership != chosen):
            return end(request, _("Your seat was ended, so you were signed out."))
        if seat is not None and chosen is None:
            request.session[SEAT] = seat.membership
        request.seat = seat  # type: ignore[attr-defined]  # this is where ``Seated`` gets its seat
        return get_response(request)

    return respond


def seat_of(request: HttpRequest) -> Seat | None:
    """The seat of the session, or the person's first one."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return None
    seats = seats_for(request)
    chosen = request.session.get(SEAT)
    return next((seat for seat in seats if seat.membership == chosen), seats[0] if seats else None)


def seats_for(request: HttpRequest) -> list[Seat]:
    """Every seat that the person may act from as they signed in: an agency's provider opens that agency's seats
    only."""
    person = request.user
    if not isinstance(person, Person):
        return []
    seats, provider = seats_of(person), provider_of(request)
    if provider is None:
        return seats
    return [seat for seat in seats if seat.agency == settings.DESK_PROVIDERS.get(provider)]


def seats_of(person: Person) -> list[Seat]:
    """Every seat that a person has now."""
    found = Membership.objects.filter(person=person, ended_at=None).select_related("agency", "desk")
    return [_seat(person, each) for each in found]


def _seat(person: Person, membership: Membership) -> Seat:
    return Seat(
        membership=membership.pk,
        actor=Actor(person.actor, membership.role, membership.agency.code),
        name=person.display_name or person.actor,
        agency_name=membership.agency.name,
        desk=membership.desk.code if membership.desk is not None else None,
        desk_name=membership.desk.name if membership.desk is not None else "",
        role_name=str(dict(ROLES).get(membership.role, membership.role)),
        administers=membership.administers,
    )
