"""An installation with its desk: the home opened, Django told, the desk's tables brought up to date, the kernel given
over."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from safehands.cli import home as homes
from safehands.service import node
from safehands.service.catalogue import Catalogue
from safehands.service.clock import Clock, SystemClock
from safehands.service.handle import Service
from safehands.site.configuration import Configuration
from safehands.site.database import connection_of, secrets_of
from safehands.site.settings import settings_of
from safehands.store.embedded import resolve
from safehands.store.opening import DATABASE, attach

if TYPE_CHECKING:
    from safehands.store.embedded import Server

#: As many as the web server has threads, and one each for the timers and a demonstration's day.
CONNECTIONS = 10


@contextmanager
def opened(
    configuration: Configuration, clock: Clock | None = None, *, environ: Mapping[str, str] = os.environ
) -> Iterator[Service]:
    """The service of the configuration's home, with the desk ready to answer, while the block lasts.

    Django is set up once for each process, so this can be entered once. Raises what ``open_store`` raises.
    """
    from psycopg.conninfo import conninfo_to_dict

    url = environ.get("DATABASE_URL", "")
    database = str(conninfo_to_dict(url).get("dbname") or DATABASE) if url else DATABASE
    with resolve(configuration.home, environ) as server:
        store = attach(server, configuration.home, database, most=CONNECTIONS)
        try:
            clock = clock if clock is not None else SystemClock()
            service = Service(store, Catalogue(store), clock)
            if node.opened(store) is None:
                node.open_once(store, clock, "demonstration" if configuration.demo else "live")
            homes.ensure_adopted(service, homes.FIRST_PATHWAY)
            set_up(configuration, server, database)
            from safehands.desk.apps import give

            give(service)
            yield service
        finally:
            store.close()


def set_up(configuration: Configuration, server: Server, database: str) -> None:
    """Tell Django everything, and bring its tables up to date."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    secrets = secrets_of(configuration.home)
    settings.configure(**settings_of(configuration, secrets, connection_of(server, database, secrets)))
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from django.db import connections

    connections.close_all()
