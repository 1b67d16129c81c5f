"""Who may open a page. Guards about acts stand in ``service.permissions`` and in the core; these are about pages.

In pairs: ``check_…`` raises with the sentence that the person reads, ``may_…`` answers yes or no from the same rule.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from safehands.core.case import Case
from safehands.core.rules import may
from safehands.core.vocabulary import Actor
from safehands.desk.seats import Seat, Seated
from safehands.desk.sessions import is_strong
from safehands.errors import NotPermitted
from safehands.service.permissions import ACTING_ROLES

P = ParamSpec("P")

#: Who may break the glass: read a case in which their agency has no standing, with a reason that its holder sees.
GLASS_ROLES: Final = frozenset({"supervisor", "inspector", "duty_manager", "clinical_lead"})

#: Who erases what is personal in a case: those who answer for it, in the agency that holds it or held it last.
ERASING_ROLES: Final = frozenset({"supervisor", "inspector", "duty_manager", "clinical_lead"})

#: Who proposes and adopts a version of a pathway.
ADOPTING_ROLES: Final = frozenset({"supervisor", "inspector", "duty_manager", "clinical_lead"})


def signed_in(
    view: Callable[Concatenate[Seated, Seat, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The page is for people with a seat; it gets that seat."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        seat: Seat | None = getattr(request, "seat", None)
        if seat is None:
            if request.user.is_authenticated:
                raise NotPermitted(_("You have no seat at any agency. Ask your agency's administrator for one."))
            return redirect("entrance")
        if not is_strong(request):
            messages.info(request, _("A password alone opens no case. Add a passkey or an authenticator app first."))
            return redirect("mfa_index")
        return view(request, seat, *args, **kwargs)  # type: ignore[arg-type]  # ``seated`` has made it a Seated

    guarded.needs_seat = True  # type: ignore[attr-defined]  # read by the test that walks every address
    return guarded  # type: ignore[return-value]  # ``wraps`` keeps the first request and loses that the seat is filled in


def check_acts(actor: Actor) -> None:
    """The seat's role changes cases at all."""
    if actor.role not in ACTING_ROLES:
        raise NotPermitted(_("Your role reads cases and does not change them."))


def may_take_contacts(seat: Seat) -> bool:
    """Whether to offer "Take a contact"."""
    return may(check_acts, seat.actor)


def check_breaks_glass(seat: Seat) -> None:
    """Breaking the glass is for those who answer for it."""
    if seat.actor.role not in GLASS_ROLES:
        raise NotPermitted(_("Only a supervisor can open a case that your agency has no part in."))


def may_break_glass(seat: Seat) -> bool:
    """Whether to offer it."""
    return may(check_breaks_glass, seat)


def check_administers(seat: Seat) -> None:
    """Looking after an agency's desks and people."""
    if not seat.administers:
        raise NotPermitted(_("Only your agency's administrator can do this."))


def check_erases(seat: Seat, case: Case) -> None:
    """Erasing is for the agency that is answerable for the case: its holder, or whoever held it last."""
    holder = case.holdings[-1].agency
    if seat.agency != holder:
        raise NotPermitted(
            _("Only %(holder)s, which is answerable for this case, can erase in it.") % {"holder": holder}
        )
    if seat.actor.role not in ERASING_ROLES:
        raise NotPermitted(_("Only a supervisor can ask for an erasure or confirm one."))


def may_erase(seat: Seat, case: Case) -> bool:
    """Whether to offer it."""
    return may(check_erases, seat, case)


def check_reads_looks(seat: Seat) -> None:
    """Reading who looked is for those who answer for it: supervisors, auditors, administrators."""
    if seat.actor.role not in GLASS_ROLES | {"auditor"} and not seat.administers:
        raise NotPermitted(_("The log of looking is read by supervisors, auditors and administrators."))


def may_read_looks(seat: Seat) -> bool:
    """Whether to offer it."""
    return may(check_reads_looks, seat)


def check_signs_off(seat: Seat) -> None:
    """Saying for the agency that persons' own pages may be used."""
    if seat.actor.role not in ADOPTING_ROLES and not seat.administers:
        raise NotPermitted(_("Supervisors and administrators sign this off."))


def check_adopts(seat: Seat) -> None:
    """Proposing or adopting a pathway's version."""
    if seat.actor.role not in ADOPTING_ROLES:
        raise NotPermitted(_("Pathways are proposed and adopted by supervisors."))


def may_adopt(seat: Seat) -> bool:
    """Whether to offer it."""
    return may(check_adopts, seat)
