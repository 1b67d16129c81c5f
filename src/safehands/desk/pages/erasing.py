"""Erase what is personal in a case: one person asks, with a reason and by whose authority; a second one confirms.

For the agency that is answerable for the case, its supervising people only, each having shown again who they are. What
was erased cannot be brought back; its place in the ledger still verifies.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from safehands.core.case import Case
from safehands.core.wire import wire_name
from safehands.desk import own_pages
from safehands.desk.acting import opened, text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import check_erases, signed_in
from safehands.desk.models import Erasure
from safehands.desk.reauthenticating import fresh
from safehands.desk.seats import Seat, Seated
from safehands.desk.telling import Told, told_of
from safehands.errors import BadInput, NotFound, Refused, SafehandsError
from safehands.service.erasure import erase as erase_content
from safehands.service.erasure import is_personal
from safehands.service.rebuild import UNFOLDED


@signed_in
def erase(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The page, the asking, and the second person's answer."""
    case = opened(request, seat, case_id, "erase")
    check_erases(seat, case)
    if request.method != "POST":
        return _page(request, seat, case)
    try:
        said = _done(request, seat, case)
    except SafehandsError as error:
        return _page(request, seat, kernel().case(str(case_id), agency=seat.agency), error)
    messages.success(request, said)
    return redirect("case_section", case_id, "record")


page = fresh(erase)


def _page(request: Seated, seat: Seat, case: Case, error: SafehandsError | None = None) -> HttpResponse:
    told = told_of(case.case_id, agency=seat.agency)
    waiting = Erasure.objects.filter(case_id=case.case_id, answered_at=None).first()
    context = {
        "case": case,
        "erasable": erasable(case, told),
        "waiting": waiting,
        "named": [line for line in told.lines if waiting is not None and line.version in waiting.chosen],
        "yours": waiting is not None and waiting.asked_by == seat.actor.actor,
        "posted": request.POST,
        "chosen": {int(each) for each in request.POST.getlist("version") if each.isdigit()},
        "faults": faults_of(error) if error is not None else [],
    }
    return render(request, "desk/erase.html", context, status=status_of(error) if error is not None else 200)


def erasable(case: Case, told: Told) -> list[Any]:
    """The lines of the entries that can go: in an open case those that nothing is decided on."""
    found = []
    for line in told.lines:
        entry = told.entries.get(line.version)
        if entry is None or not is_personal(entry.event):
            continue
        if not case.is_open or wire_name(type(entry.event)) in UNFOLDED:
            found.append(line)
    return found


def _done(request: Seated, seat: Seat, case: Case) -> str:
    form = request.POST
    act = text(form, "act")
    if act == "ask":
        return _asked(request, seat, case)
    waiting = Erasure.objects.filter(case_id=case.case_id, answered_at=None, pk=_number(text(form, "asked"))).first()
    if waiting is None:
        raise NotFound(_("Nobody waits for an answer about erasing here. Somebody may have answered already."))
    if act == "confirm":
        return _confirmed(seat, case, waiting)
    _answered(seat, waiting, agreed=False)
    return _("Nothing is erased: the request was turned down.")


def _asked(request: Seated, seat: Seat, case: Case) -> str:
    form = request.POST
    needed = {"reason": _("Say why it is erased."), "authority": _("Say who ordered it: their office and reference.")}
    faults = [sentence for name, sentence in needed.items() if not text(form, name)]
    versions = sorted({int(each) for each in form.getlist("version") if each.isdigit()})
    known = {line.version for line in erasable(case, told_of(case.case_id, agency=seat.agency))}
    if text(form, "what") == "all":
        versions = []
        if case.is_open:
            faults.append(_("This case is open and people act on what it says. Close it first, or choose entries."))
    elif not versions:
        faults.append(_("Choose which entries are erased."))
    faults += [_("Entry %(n)d cannot be erased.") % {"n": each} for each in versions if each not in known]
    if faults:
        raise BadInput(faults)
    try:
        with transaction.atomic():
            Erasure.objects.create(
                case_id=case.case_id,
                versions=",".join(map(str, versions)),
                reason=text(form, "reason"),
                authority=text(form, "authority"),
                asked_by=seat.actor.actor,
                asked_agency=seat.agency,
                asked_at=kernel().clock.now(),
            )
    except IntegrityError:
        raise Refused(
            "erase.asked", _("Somebody has asked for an erasure in this case already. Answer that first.")
        ) from None
    return _("Asked. Nothing is erased until a second person confirms it.")


def _confirmed(seat: Seat, case: Case, waiting: Erasure) -> str:
    if waiting.asked_by == seat.actor.actor:
        raise Refused("erase.second_person", _("You asked for this yourself. A second person has to confirm it."))
    with transaction.atomic():
        # Both or neither: an erasure that is refused leaves the request waiting.
        _answered(seat, waiting, agreed=True)
        authority = _("%(authority)s (asked for by %(who)s)") % {
            "authority": waiting.authority,
            "who": waiting.asked_by,
        }
        erase_content(
            kernel(),
            case.case_id,
            versions=waiting.chosen,
            reason=waiting.reason,
            authority=authority,
            by=seat.actor,
        )
    own_pages.forget_closed(kernel().case(case.case_id, agency=seat.agency))
    return _("Erased. What was there cannot be brought back, and the proofs still verify.")


def _answered(seat: Seat, waiting: Erasure, *, agreed: bool) -> None:
    """Mark it answered, once: whoever comes second reads that it was."""
    done = Erasure.objects.filter(pk=waiting.pk, answered_at=None).update(
        answered_by=seat.actor.actor, answered_at=kernel().clock.now(), agreed=agreed
    )
    if not done:
        raise Refused("erase.answered", _("Somebody has answered this already. Look at the record."))


def _number(written: str) -> int:
    return int(written) if written.isdigit() else 0
