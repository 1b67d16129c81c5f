"""Break the glass: read a case in which one's agency has no part, with a reason that its holder reads beside one's
name.

The reading is done for the case's holder's eyes, on the server, after the line in the log of looking was written;
nothing
can be changed from there.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from safehands.desk.acting import look, text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import check_breaks_glass, signed_in
from safehands.desk.seats import Seat, Seated
from safehands.desk.telling import told_of
from safehands.errors import BadInput, NotFound, SafehandsError


@signed_in
def glass(request: Seated, seat: Seat) -> HttpResponse:
    """The page: a reference and a reason; then the story of the case, to read once."""
    check_breaks_glass(seat)
    if request.method != "POST":
        return render(request, "desk/glass.html", {"form": {}})
    try:
        return _opened(request, seat)
    except SafehandsError as error:
        context = {"faults": faults_of(error), "form": request.POST}
        return render(request, "desk/glass.html", context, status=status_of(error))


def _opened(request: Seated, seat: Seat) -> HttpResponse:
    reference, reason = text(request.POST, "reference").upper(), text(request.POST, "reason")
    if len(reason) < 10:
        raise BadInput([_("Say why you have to read this case, so that its holder understands it.")])
    case_id = kernel().store.find(reference, agency=None)
    if case_id is None:
        raise NotFound(_("There is no case with this reference."))
    look(seat, UUID(case_id), "glass", reason, broke_glass=True)
    case = kernel().case(case_id, agency=None)
    lines = tuple(reversed(told_of(case_id, agency=None).lines))
    return render(request, "desk/glass.html", {"case": case, "lines": lines, "reason": reason, "form": {}})
