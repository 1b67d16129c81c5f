"""Requests for material: asked of one agency, with a scope and a deadline; withdrawn by whoever asked."""

from __future__ import annotations

from datetime import datetime

from safehands.core.calendar import add_working_days
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said, claimed
from safehands.core.records.answering import is_answered
from safehands.core.records.commands import RequestMaterial, WithdrawRequest
from safehands.core.records.events import MaterialRequested, RequestWithdrawn
from safehands.core.records.vocabulary import Scope
from safehands.core.rules import Fault, refuse, refuse_all


def ask(draft: Draft, command: RequestMaterial) -> None:
    """Ask another agency. Beyond the last day that a calendar knows the deadline is unknown, and a concern says so."""
    check_open(draft.case)
    by = draft.given.by
    asked_at = claimed(draft.given, command.asked_at)
    request = command.request or draft.new_id()
    due_at = _due(draft, command, asked_at)
    faults: list[Fault] = []
    if request in draft.material.requests:
        faults.append(("records.id_known", {"what": "request", "id": request}))
    if command.to_agency == by.agency:
        faults.append(("request.to_self", {}))
    if command.scope == Scope():
        faults.append(("request.scope", {}))
    if command.due_at is None and (command.within_days is None or command.within_days < 1):
        faults.append(("request.deadline", {}))
    if due_at is not None and due_at <= asked_at:
        faults.append(("request.due_past", {"due_at": due_at.isoformat()}))
    refuse_all(faults)
    draft.add(
        MaterialRequested(
            request, by.agency, command.to_agency, command.purpose, command.scope, asked_at, due_at, command.closes_on
        )
    )


def _due(draft: Draft, command: RequestMaterial, asked_at: datetime) -> datetime | None:
    calendar = draft.given.calendars.get(command.calendar)
    if command.due_at is not None or command.within_days is None or calendar is None:
        return command.due_at
    return add_working_days(calendar, asked_at, command.within_days)


def withdraw(draft: Draft, command: WithdrawRequest) -> None:
    """Only who asked can ask no longer."""
    check_said(reason=command.reason)
    request = known_request(draft, command.request)
    if request.from_agency != draft.given.by.agency:
        refuse("request.not_yours", from_agency=request.from_agency)
    if is_answered(draft.material, command.request):
        refuse("request.settled")
    draft.add(RequestWithdrawn(command.request, command.reason))


def known_request(draft: Draft, request: str) -> MaterialRequested:
    """The request of this id."""
    if request not in draft.material.requests:
        refuse("records.unknown", what="request", id=request)
    return draft.material.requests[request].event
