"""RFC 3339 UTC instants as whole microseconds since 1970, so that time is counted without rounding."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from .faults import Malformed

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def read_instant(text: str) -> int:
    """Microseconds since 1970-01-01T00:00:00Z of an instant that ends in ``Z``, with or without up to six decimals."""
    if _FORM.fullmatch(text):
        try:
            return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
        except ValueError:
            pass  # the form is right and the date is not in the calendar
    raise Malformed([f"{text[:40]!r} is not an instant in UTC, such as 2026-11-22T15:00:00Z"])


def write_instant(microseconds: int) -> str:
    """The instant as RFC 3339 in UTC, with decimals only where there are any."""
    try:
        return (_EPOCH + timedelta(microseconds=microseconds)).isoformat().replace("+00:00", "Z")
    except OverflowError:  # a signed time may be any 63-bit number, a calendar ends in the year 9999
        return f"{microseconds} microseconds after 1970 began"


def write_duration(microseconds: int) -> str:
    """A length of time in seconds, in words: ``1 second``, ``90.5 seconds``."""
    whole, part = divmod(microseconds, 1_000_000)
    number = f"{whole}.{part:06}".rstrip("0") if part else str(whole)
    return f"{number} second" if number == "1" else f"{number} seconds"
