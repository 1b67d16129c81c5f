"""What every answer tells the browser: a strict content security policy, no caching of what is personal, no referrer.

Django 5.2 has no policy of its own. Ours needs no exception: no inline script, no inline style, nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: ASVS 5.0.0 3.4.3. ``style-src-attr`` stays closed too: charts carry no inline style.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)

HEADERS: Final = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def policy() -> str:
    """The policy of this installation: a form may also lead to the agencies' own providers. Browsers hold the way on
    from a form's answer against ``form-action`` too (Content Security Policy level 3, section 6.4.2)."""
    return POLICY.replace("form-action 'self'", " ".join(("form-action 'self'", *settings.DESK_PROVIDER_ORIGINS)))


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the headers above, and ``no-store`` on whatever says nothing else about caching."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond
