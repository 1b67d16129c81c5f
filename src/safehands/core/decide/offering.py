"""Making an offer: along a declared route, to a role that it leads to, with its deadline, its pack and what the contact
book says.

What becomes of an offer, and what its acceptance moves, is ``handover``'s.
"""

from __future__ import annotations

from collections.abc import Mapping

from safehands.core.case import Case
from safehands.core.commands import OfferHandover
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open
from safehands.core.events import HandoverOffered
from safehands.core.pathway import Pack, Pathway, Route
from safehands.core.rules import refuse
from safehands.core.vocabulary import ANY_ROLE, OfferKind, role_of


def offer(draft: Draft, command: OfferHandover) -> None:
    """Make an offer along a declared route, with its deadline and its pack."""
    case, given = draft.case, draft.given
    check_open(case)
    route = _route(draft.pathway, command.route)
    check_can_offer(case, route, given.by.agency, command.to_agency)
    check_role(draft.pathway, route, command.to_agency)
    due_at = command.due_at if command.due_at is not None else draft.at + route.due
    if due_at <= draft.at:
        refuse("offer.due_past", due_at=due_at.isoformat())
    if due_at > draft.at + route.due:
        refuse("offer.due_too_far", route=route.id, due_at=(draft.at + route.due).isoformat())
    task_kind = command.task_kind if route.kind is OfferKind.SUPPORT else None
    if route.kind is OfferKind.SUPPORT and task_kind is None:
        refuse("offer.support_task")
    check_task(draft.pathway, route, task_kind)
    if command.comes_along and task_kind is None:
        refuse("offer.comes_along")
    check_shown(given.outside.get(command.to_agency, {}), command)
    pack = _pack(draft.pathway, route)
    _check_pack_fields(pack, route, command.pack)
    draft.add(
        HandoverOffered(
            offer=draft.new_id(),
            kind=route.kind,
            from_agency=given.by.agency,
            to_agency=command.to_agency,
            due_at=due_at,
            route=route.id,
            asks=command.asks,
            pack=command.pack,
            required=tuple(field.id for field in pack.fields) if pack else (),
            unknown_refused=tuple(field.id for field in pack.fields if not field.may_be_unknown) if pack else (),
            desk=command.desk,
            task_kind=task_kind,
            task_due_at=command.task_due_at,
            shown=command.shown,
            comes_along=command.comes_along,
        )
    )


def check_can_offer(case: Case, route: Route, giver: str, to: str) -> None:
    """Who may offer what to whom."""
    if to == giver:
        refuse("offer.to_self")
    if route.kind is OfferKind.RETURN:
        if giver == case.holder:
            refuse("offer.return_own")
        if to != case.holder:
            refuse("offer.return_to_holder", holder=case.holder, to=to)
    elif giver != case.holder:
        refuse("offer.not_holder", holder=case.holder)
    for each in case.open_offers():
        if each.to_agency == to and each.kind is route.kind and each.route == route.id:
            refuse("offer.open_already", to=to)


def check_role(pathway: Pathway, route: Route, to: str) -> None:
    """A route leads to one role; the reporter's own organisation may be of any."""
    if route.to not in (ANY_ROLE, pathway.reporter, role_of(to)):
        refuse("offer.role", route=route.id, role=route.to, to=to)


def check_task(pathway: Pathway, route: Route, task_kind: str | None) -> None:
    """A task that needs a power goes only along a route to those who have it (sheet failure 1: crisis teams cannot
    force entry).
    """
    reserved = tuple(each.id for each in pathway.routes if task_kind in each.tasks)
    if reserved and route.id not in reserved:
        refuse("offer.task_route", task=task_kind, routes=", ".join(reserved))


def check_shown(page: Mapping[str, str], command: OfferHandover) -> None:
    """Before an offer goes to an agency outside the system, its thresholds and present response time were on the
    screen.

    ``page`` is what the contact book says now; empty for an agency on the system, which answers for itself (ADR 0120).
    """
    if any(command.shown.get(name) != said for name, said in page.items()):
        refuse("offer.book_not_shown", to=command.to_agency, page="; ".join(f"{k}: {v}" for k, v in page.items()))


def _route(pathway: Pathway, route_id: str) -> Route:
    for route in pathway.routes:
        if route.id == route_id:
            return route
    refuse("offer.route", route=route_id)


def _pack(pathway: Pathway, route: Route) -> Pack | None:
    return next((pack for pack in pathway.packs if pack.id == route.pack), None)


def _check_pack_fields(pack: Pack | None, route: Route, given: Mapping[str, str]) -> None:
    known = {field.id for field in pack.fields} if pack else set()
    unknown = sorted(set(given) - known)
    if unknown:
        refuse("offer.pack_unknown_field", route=route.id, fields=", ".join(unknown))
