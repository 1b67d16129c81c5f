"""What a page of a case is about: who looks, at which case, with the pathway's words, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from safehands.core.case import Case
from safehands.core.pathway import Pathway
from safehands.desk.apps import kernel
from safehands.desk.guards import may_take_contacts
from safehands.desk.models import Agency
from safehands.desk.seats import Seat
from safehands.service.sentences import Words


@dataclass(frozen=True, slots=True)
class Scene:
    """Somebody at a seat looks at a case. ``asked`` is what the address or the sent form says besides."""

    seat: Seat
    case: Case
    pathway: Pathway
    now: datetime
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The pathway's labels."""
        return Words(self.pathway)

    @property
    def acts(self) -> bool:
        """Whether this seat changes cases at all."""
        return may_take_contacts(self.seat)

    @property
    def holds(self) -> bool:
        """Whether the seat's agency holds the case now."""
        return self.case.is_open and self.case.holder == self.seat.agency

    @property
    def mine(self) -> tuple[str, ...]:
        """The contacts that the seat's agency took."""
        return tuple(name for name, each in self.case.contacts.items() if each.contact.taken_by == self.seat.agency)

    def others(self) -> tuple[str, ...]:
        """The other agencies with standing, by code."""
        return tuple(sorted(self.case.standing() - {self.seat.agency}))


def scene_of(seat: Seat, case: Case) -> Scene:
    """The scene now."""
    service = kernel()
    return Scene(seat, case, service.catalogue.by_ref(case.pathway), service.clock.now())


def agency_names() -> dict[str, str]:
    """Every agency that this installation knows, by code."""
    return {each.code: str(each) for each in Agency.objects.all()}
