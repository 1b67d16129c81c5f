"""What a person sees of their own page. Not one word of it says what it is until a code was right: no name of ours, no
telling title, nothing in the address; the link itself leads on at once, so that it stays out of the history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.desk import own_pages, sealing
from safehands.desk.acting import text
from safehands.desk.faults import Fault, faults_of
from safehands.desk.pages.evidence.families import family_text
from safehands.desk.sending import NotSent
from safehands.desk.sessions import seconds_now
from safehands.errors import NotPermitted

#: The session's keys: the mark of the link, and until when the page may be read.
LINK, UNTIL = "own_link", "own_until"
#: Where "Exit this page" leads: what anybody may have open.
ELSEWHERE = "https://www.bbc.co.uk/weather"


@require_GET
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the message: the session keeps its mark, and the address goes."""
    request.session[LINK] = sealing.mark("link", token)
    request.session.pop(UNTIL, None)
    return redirect("own")


def own(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or show the page to whoever gave it."""
    link = request.session.get(LINK)
    if link is None:
        return _page(request, "own/closed.html", status=404)
    if request.method == "POST":
        return _enter(request, link)
    if request.session.get(UNTIL, 0) > seconds_now() and (row := own_pages.page_behind(link)) is not None:
        own_pages.noted(row, "own page")
        return _page(request, "own/read.html", {"told": own_pages.told_on(row), "sections": family_text(row)})
    request.session.pop(UNTIL, None)
    return _page(request, "own/code.html")


def _enter(request: HttpRequest, link: str) -> HttpResponse:
    try:
        own_pages.check_code(link, text(request.POST, "code"), text(request.POST, "word"))
    except NotPermitted as wrong:
        return _page(request, "own/code.html", {"faults": faults_of(wrong)}, status=403)
    request.session.cycle_key()
    request.session[UNTIL] = seconds_now() + own_pages.READ_FOR
    request.session.set_expiry(0)
    return redirect("own")


@require_POST
def own_code(request: HttpRequest) -> HttpResponse:
    """Send a code by the route that they called safe. The answer is the same for every link, right or wrong."""
    link = request.session.get(LINK)
    if link is None:
        return _page(request, "own/closed.html", status=404)
    try:
        own_pages.send_code(link)
    except NotSent:
        return _page(
            request,
            "own/code.html",
            {"faults": [Fault(_("Nothing could be sent. Try again in a minute."))]},
            status=503,
        )
    return _page(request, "own/code.html", {"sent": True})


@require_GET
def own_leave(request: HttpRequest) -> HttpResponse:
    """Exit this page, with or without JavaScript: nothing stays open here, and another page is there."""
    for key in (LINK, UNTIL):
        request.session.pop(key, None)
    return redirect(ELSEWHERE)


def _page(
    request: HttpRequest, template: str, context: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    # The desk's own referrer policy stays: with none at all browsers send forms without an origin, which are refused.
    return render(request, template, context or {}, status=status)
