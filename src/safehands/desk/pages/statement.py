"""What the person was told, in plain English: the page, and the same as a letter that a screen reader can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehands.core.case import Case, TaskStatus
from safehands.desk.acting import opened
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.letter import letter_of
from safehands.desk.models import Agency
from safehands.desk.seats import Seat, Seated


@dataclass(frozen=True, slots=True)
class Statement:
    """What the person may read: who holds their case, what they were told, what was promised, what happens next."""

    reference: str
    holder: str | None
    since: datetime
    told: tuple[tuple[str, str], ...]
    promises: tuple[tuple[str, datetime | None, bool], ...]
    checkpoint: str
    printed_at: datetime


@require_GET
@signed_in
def statement(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The page."""
    case = opened(request, seat, case_id, "statement")
    return render(request, "desk/statement.html", {"case": case, "statement": statement_of(case)})


@require_GET
@signed_in
def letter(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The letter: PDF/UA-1, with the checkpoint under which everything in it is sealed."""
    case = opened(request, seat, case_id, "letter")
    named = {"Content-Disposition": f'attachment; filename="{case.reference}.pdf"'}
    return HttpResponse(letter_of(statement_of(case)), content_type="application/pdf", headers=named)


def statement_of(case: Case) -> Statement:
    """The statement of a case as it stands, sealed first."""
    service = kernel()
    now = service.clock.now()
    head = service.store.seal(at=now)
    holder = Agency.objects.filter(code=case.holder).first() if case.is_open else None
    return Statement(
        reference=case.reference,
        holder=(holder.name if holder is not None else case.holder) if case.is_open else None,
        since=case.holdings[-1].since if case.is_open else (case.closed_at or case.last_at),
        told=tuple((told.text, told.if_worse) for told in case.told),
        promises=tuple(
            (promise.text, promise.by, case.tasks[promise.task].status is TaskStatus.DONE)
            for promise in case.promises.values()
            if case.believed(promise)
        ),
        checkpoint=(head.checkpoint or "").strip(),
        printed_at=now,
    )
