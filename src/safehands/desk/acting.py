"""The way of a form to the kernel: a command, under the id that the form carried, so that a double click does it
once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from safehands.core.case import Case
from safehands.core.commands import Command
from safehands.core.vocabulary import Answer, HappenedSource
from safehands.desk.apps import kernel
from safehands.desk.models import Look
from safehands.desk.seats import Seat
from safehands.errors import BadInput, NotFound
from safehands.service.handle import Handled, Request
from safehands.store.ports import Token

#: The field of every form that changes something: the id of the command it will send.
COMMAND = "command"


def command_id(request: HttpRequest) -> str:
    """The id that the form carried, or a new one. Raises ``BadInput`` where it is none of ours."""
    given = request.POST.get(COMMAND, "")
    if not given:
        return kernel().clock.new_id()
    try:
        return str(UUID(given))
    except ValueError:
        raise BadInput([_("This form was changed on its way. Go back and try again.")]) from None


def send(
    request: HttpRequest,
    seat: Seat,
    case_id: str,
    command: Command,
    *,
    pathway: str | None = None,
    tokens: Sequence[Token] = (),
    happened_at: datetime | None = None,
) -> Handled:
    """Do ``command`` as the person in ``seat``. ``happened_at`` is their claim that it happened earlier."""
    return kernel().handle(
        Request(
            command_id(request),
            case_id,
            command,
            seat.actor,
            happened_at=happened_at,
            source=HappenedSource.LIVE if happened_at is None else HappenedSource.LATE,
            pathway=pathway,
            tokens=tuple(tokens),
        )
    )


def opened(request: HttpRequest, seat: Seat, case_id: UUID, page: str) -> Case:
    """The case, as the seat's agency may read it; that it was opened goes into the log of looking, once a session and
    page.

    Raises ``NotFound`` where the agency has no standing.
    """
    case = kernel().case(str(case_id), agency=seat.agency)
    noted = f"{page}/{case_id}/{seat.membership}"
    seen: list[str] = request.session.get("looked", [])
    if noted not in seen:
        look(seat, case_id, page)
        request.session["looked"] = [*seen[-199:], noted]
    return case


def look(seat: Seat, case_id: UUID, page: str, reason: str = "", *, broke_glass: bool = False) -> None:
    """Write one line of the log of looking."""
    Look.objects.create(
        at=kernel().clock.now(),
        actor=seat.actor.actor,
        role=seat.actor.role,
        agency=seat.agency,
        case_id=case_id,
        page=page,
        reason=reason,
        broke_glass=broke_glass,
    )


def text(form: Mapping[str, str], name: str) -> str:
    """A field's text without the spaces around it; empty where it is missing."""
    return form.get(name, "").strip()


def changed(case: Case, contact: str, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Those answers that say something else than this contact said before."""
    before = case.answers.get(contact, {})
    return tuple(
        answer
        for answer in answers
        if answer.question not in before
        or (before[answer.question].value, before[answer.question].verbatim) != (answer.value, answer.verbatim)
    )


def contact_of(case: Case, contact: str) -> str:
    """The contact, if it is one of this case. Raises ``NotFound``."""
    if contact not in case.contacts:
        raise NotFound(_("There is no such contact in this case."))
    return contact
