"""One agency at a time: the tables of administration and of own pages show a transaction the rows of one agency (or
of one link, or of one page to be sent), and no others, whatever a view asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def agency_of(code: str) -> Iterator[None]:
    """The rows of the agency ``code``."""
    with _named("desk.agency", code):
        yield


@contextmanager
def visitor_of(link: str) -> Iterator[None]:
    """The own page whose link has this mark."""
    with _named("desk.link", link):
        yield


@contextmanager
def sender_of(page: str) -> Iterator[None]:
    """The own page with this id, to read where its message goes."""
    with _named("desk.page", page):
        yield


@contextmanager
def _named(setting: str, value: str) -> Iterator[None]:
    # For this transaction only: a session's setting would still stand when the next request gets this connection.
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [setting, value])
        yield
