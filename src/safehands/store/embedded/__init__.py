"""A PostgreSQL server of our own, for trial, tests and small use.

    with running(home) as server:
        psycopg.connect(server.superuser_conninfo)

Where to look: ``server`` is the way in (``running``, ``resolve``, ``stop_now``); ``cluster`` makes a data directory
and starts a server on it; ``places`` says who it runs as and where its files lie; ``binaries`` finds PostgreSQL's
programs; ``watchdog`` holds the locks and stops a server that nobody uses any more; ``faults`` is the one error.

It runs on Linux: it relies on ``flock``, ``/proc`` and the credentials of a Unix socket. A home on a network file
system is not supported, because its locks do not hold there. The programs that share a home must see the same
``/tmp``.
"""

from safehands.store.embedded.faults import ServerUnavailable
from safehands.store.embedded.server import EmbeddedServer, NamedServer, Server, resolve, running, stop_now

__all__ = ["EmbeddedServer", "NamedServer", "Server", "ServerUnavailable", "resolve", "running", "stop_now"]
