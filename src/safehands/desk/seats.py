"""Who sits where: the seat that a signed-in person acts from, as a value, on every request.

A person may have several seats (roles, agencies); the one they act from is in their session and can be changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from safehands.core.vocabulary import Actor
from safehands.desk.models import ROLES, Membership, Person

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
        request.seat = seat_of(request)  # type: ignore[attr-defined]  # this is where ``Seated`` gets its seat
        return get_response(request)

    return respond


def seat_of(request: HttpRequest) -> Seat | None:
    """The seat of the session, or the person's first one."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return None
    seats = seats_of(person)
    chosen = request.session.get(SEAT)
    return next((seat for seat in seats if seat.membership == chosen), seats[0] if seats else None)


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
