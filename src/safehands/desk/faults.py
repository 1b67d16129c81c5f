"""Which error becomes which page. The one table of the desk; every page says what happened and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from safehands.desk.telling import in_london
from safehands.errors import (
    BadInput,
    LedgerFault,
    NotFound,
    NotPermitted,
    PathwayFault,
    Refused,
    SafehandsError,
    Stale,
)

_LOG: Final = logging.getLogger("safehands.security")

#: The status code of each class of error; a subclass has its parent's.
STATUS: Final[Mapping[type[SafehandsError], int]] = {
    BadInput: 422,
    Refused: 409,
    NotPermitted: 403,
    NotFound: 404,
    Stale: 409,
    PathwayFault: 422,
    LedgerFault: 503,
    SafehandsError: 500,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of an error summary: the sentence, the id of the field it is about (empty: the page), and its language
    where that is not the page's: rules speak English."""

    sentence: str
    field: str = ""
    language: str = ""


def status_of(error: SafehandsError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def faults_of(error: SafehandsError) -> list[Fault]:
    """An error as the lines of an error summary."""
    match error:
        case BadInput() | PathwayFault():
            return [Fault(sentence) for sentence in error.faults]
        case Refused():
            return [Fault(in_london(error.sentence), language="en")]
        case _:
            return [Fault(in_london(str(error)))]


def faults(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every error of ours that no page caught becomes a page of its own."""

    class Faults:
        """Django looks for ``process_exception`` on the middleware itself."""

        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            if not isinstance(error, SafehandsError):
                return None
            if isinstance(error, NotPermitted | NotFound):
                actor, why = (
                    getattr(request.user, "actor", "-"),
                    "may not" if isinstance(error, NotPermitted) else "has no part",
                )
                _LOG.warning("refused: %s %s, at %s", actor, why, getattr(request.resolver_match, "url_name", ""))
            return fault_page(request, faults_of(error), status_of(error))

    return Faults()


def fault_page(request: HttpRequest, found: list[Fault], status: int) -> HttpResponse:
    """A page that says what is wrong. Nothing was changed."""
    if request.path.startswith("/p/"):
        # A person's own page tells nothing, whatever went wrong.
        return render(request, "own/closed.html", status=status)
    titles = {
        404: _("There is nothing here for you"),
        403: _("You may not do this"),
        503: _("Stop: the ledger is at fault"),
    }
    context = {"title": titles.get(status, _("This was not done")), "faults": found}
    return render(request, "desk/fault.html", context, status=status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django names the argument
    """The form was not ours, or is too old."""
    return fault_page(
        request, [Fault(_("This form is too old or did not come from here. Go back and try again."))], 403
    )


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:  # noqa: ARG001 - Django names the argument
    """No such page."""
    return fault_page(request, [Fault(_("There is no such page, or your agency has no standing in it."))], 404)


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Somebody may not."""
    return fault_page(request, [Fault(str(exception) or _("Your seat does not allow this."))], 403)


def failed(request: HttpRequest, *_: Any) -> HttpResponse:
    """Something broke that nobody foresaw."""
    return render(request, "own/closed.html" if request.path.startswith("/p/") else "desk/broken.html", status=500)
