"""The web server (waitress) with the timers beside it: what falls due is sent once a second, and what was written is
sealed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from safehands.errors import SafehandsError
from safehands.service import timers
from safehands.service.handle import Service
from safehands.site.configuration import Configuration

_LOG: Final = logging.getLogger("safehands.timers")

#: How often due clocks are looked for, and how long one worker has a due clock to itself.
EVERY: Final = 1.0
LEASE: Final = timedelta(seconds=30)

THREADS: Final = 8

#: Where TLS ends in front of us, on this machine, what it says about the request is believed.
BEHIND_TLS: Final = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"}}


def application() -> Callable[..., Any]:
    """The WSGI application of a process in which Django is set up."""
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


@contextmanager
def ticking(service: Service) -> Iterator[None]:
    """The timers run in a thread while the block lasts. A fault is logged and they go on: silence must not be its
    result."""
    from safehands.desk.posting import Postman

    stop, postman = threading.Event(), Postman(service)

    def run() -> None:
        while not stop.wait(EVERY):
            try:
                timers.run_due(service, lease=LEASE)
                service.store.seal(at=service.clock.now())
                postman.deliver()
            except SafehandsError as fault:
                _LOG.error("the timers: %s", fault)
            except Exception:  # noqa: BLE001 - whatever it is, clocks that fall due must go on being looked for
                _LOG.exception("the timers were interrupted and go on")

    thread = threading.Thread(target=run, name="timers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


@contextmanager
def listening(configuration: Configuration, *, port: int | None = None) -> Iterator[tuple[Any, int]]:
    """The server, bound to its port (0: any free one) and not yet running: ``(server, port)``. ``server.run()``
    serves."""
    from waitress.server import create_server

    options: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": configuration.port if port is None else port,
        "threads": THREADS,
        "ident": None,
        "max_request_body_size": 1 << 20,
        "clear_untrusted_proxy_headers": True,
        **(BEHIND_TLS if configuration.tls else {}),
    }
    server: Any = create_server(application(), **options)
    try:
        yield server, int(server.effective_port)
    finally:
        server.close()
