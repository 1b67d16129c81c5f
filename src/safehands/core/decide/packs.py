"""Packs: the fields that a handover must carry (right-care sheet 3.3; section 6, failures 9, 13 and 16).

A hole blocks the acceptance, unless the field says that it was asked and nobody knows, and that is enough there.
"""

from __future__ import annotations

from collections.abc import Mapping

from safehands.core.case import Offer
from safehands.core.pathway import Pack, Pathway, Route
from safehands.core.rules import refuse

#: What a pack field says when it was asked and nobody knows.
ASKED_UNKNOWN = "asked_unknown"


def pack_of(pathway: Pathway, route: Route) -> Pack | None:
    """The pack that a route carries, if it declares one."""
    return next((pack for pack in pathway.packs if pack.id == route.pack), None)


def check_fields(pack: Pack | None, route: Route, given: Mapping[str, str]) -> None:
    """Nobody fills in a field that the pack does not have."""
    known = {field.id for field in pack.fields} if pack else set()
    unknown = sorted(set(given) - known)
    if unknown:
        refuse("offer.pack_unknown_field", route=route.id, fields=", ".join(unknown))


def pack_holes(offer: Offer) -> tuple[str, ...]:
    """Fields that block the acceptance: empty, or "asked, unknown" where that is not enough."""
    return tuple(
        name
        for name in offer.required
        if not (value := offer.pack.get(name, "").strip()) or (value == ASKED_UNKNOWN and name in offer.unknown_refused)
    )
