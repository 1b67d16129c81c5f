"""How much one person or address may ask of the desk, and that no form but one takes a file.

Counted in the cache, which lies in the database, so that it holds across processes.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from safehands.service.clock import SystemClock

#: Requests a minute that change something, for one person (or address, where nobody is signed in).
ACTS_A_MINUTE: Final = 240
ENTRIES_A_MINUTE: Final = 30
WINDOW: Final = 60


class NoFiles(FileUploadHandler):
    """Refuses every file: one address takes files, and puts a handler of its own in this one's place."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse the whole request (400), before anything of the file is read."""
        raise TooManyFilesSent

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 - Django names them
        """Stop reading."""
        raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> Any:  # noqa: ARG002 - Django names it
        """Nothing was kept."""
        return None


def limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: say "wait a minute" (429) to whoever posts too often."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and _is_over(request):
            template = "own/closed.html" if request.path.startswith("/p/") else "desk/fault.html"
            return render(request, template, {"title": _("Too many requests"), "wait": True}, status=429)
        return get_response(request)

    return respond


def _is_over(request: HttpRequest) -> bool:
    person = request.user
    who = f"p{person.pk}" if person.is_authenticated else f"a{request.META.get('REMOTE_ADDR', '')}"
    most = ACTS_A_MINUTE if person.is_authenticated else ENTRIES_A_MINUTE
    minute = int(SystemClock().now().timestamp()) // WINDOW
    key = f"limit:{sha256(who.encode()).hexdigest()[:24]}:{minute}"
    if cache.add(key, 1, WINDOW * 2):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
