"""What can be done in a case, one address an act: parse the form, build the command, send it, go back.

Where a rule says no, the case's page says why, opens the form with what was written in it, and tells what somebody
else did in the meantime. Nothing has changed then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safehands.core.commands import Command, JoinContact
from safehands.desk.acting import send, text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of
from safehands.desk.guards import signed_in
from safehands.desk.pages.case import page
from safehands.desk.parsing import instant, not_before
from safehands.desk.reauthenticating import fresh
from safehands.desk.scene import scene_of
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.act import Act
from safehands.desk.subjects.evidence.concerns import AUDITOR, of_material
from safehands.desk.subjects.sections import ACTS
from safehands.errors import NotFound, SafehandsError

View = Callable[..., HttpResponse]

#: Acts after which the whole case is looked at, and not the page of their subject.
_WHOLE: Final = frozenset({"accept", "acknowledge", "answer_offer", "assume", "close", "reopen"})


def view_of(act: Act) -> View:
    """The view that does ``act``."""

    @signed_in
    def view(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
        if act.by_auditors and seat.actor.role == AUDITOR:
            return _audited(act, request, seat, case_id)
        case = kernel().case(str(case_id), agency=seat.agency)
        try:
            command = act.build(request.POST, scene_of(seat, case))
            send(
                request,
                seat,
                case.case_id,
                command,
                tokens=act.tokens(request.POST) if act.tokens is not None else (),
                happened_at=not_before(instant(text(request.POST, "happened_at")), case.opened_at),
            )
        except SafehandsError as error:
            # Read again: what somebody else did in the meantime is what the sentence is about.
            return page(request, seat, kernel().case(str(case_id), agency=seat.agency), act.section, error)
        messages.success(request, str(act.done) % {"reference": case.reference})
        return _onward(act, command, text(request.POST, "back"), case_id)

    if not act.needs_fresh:
        return require_POST(view)
    guarded = fresh(view)

    def after_showing(request: HttpRequest, case_id: UUID) -> HttpResponse:
        # Whoever has just shown again who they are comes back by a plain link, without what they had written.
        return guarded(request, case_id) if request.method == "POST" else redirect("case", case_id)

    after_showing.needs_seat = True  # type: ignore[attr-defined]  # read by the test that walks every address
    after_showing.is_fresh = True  # type: ignore[attr-defined]  # read by the test that asks what needs it
    return after_showing


def _audited(act: Act, request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """An auditor sees concerns of any case and nothing else of it; back to their list, whatever came of it."""
    case = kernel().case(str(case_id), agency=None)
    if text(request.POST, "concern") not in {each.concern for each in of_material(case)}:
        raise NotFound(_("There is no such concern."))
    try:
        send(request, seat, case.case_id, act.build(request.POST, scene_of(seat, case)))
    except SafehandsError as error:
        for fault in faults_of(error):
            messages.error(request, fault.sentence)
        return redirect("concerns")
    messages.success(request, str(act.done) % {"reference": case.reference})
    return redirect("concerns")


def _onward(act: Act, command: Command, back: str, case_id: UUID) -> HttpResponse:
    if isinstance(command, JoinContact):
        return redirect("contact", case_id, command.contact.contact)
    if back in ("worklist", "keeping"):
        return redirect(back)
    if back == "case" or act.name in _WHOLE:
        return redirect("case", case_id)
    return redirect("case_section", case_id, act.section)


#: One address for each thing that can be done in a case, by its name.
VIEWS: Final[dict[str, View]] = {act.name: view_of(act) for act in ACTS}
