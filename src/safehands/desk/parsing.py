"""What people write in fields, as values: times of London, numbers, codes with commas between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from safehands.desk.acting import text
from safehands.errors import BadInput


def instant(written: str) -> datetime | None:
    """A date and time as the browser writes it, in the time of London; None where nothing was written.

    Raises ``BadInput`` where it is no time, or one that the clocks of London skip or show twice.
    """
    if not written:
        return None
    try:
        read = parse_datetime(written)
    except ValueError:
        read = None
    if read is None:
        raise BadInput([_("Write the time as day, month, year, hour and minute.")])
    return read if timezone.is_aware(read) else timezone.make_aware(read)


def not_before(at: datetime | None, began: datetime) -> datetime | None:
    """A time is typed to the minute or to the second and means some moment in it: where that is the one in which the
    case began, not the moment before it began. Browsers leave seconds out where they are nought."""
    if at is None:
        return None
    unit = timedelta(minutes=1) if at.second == 0 else timedelta(seconds=1)
    return began if at < began < at + unit else at


def needed_instant(form: QueryDict, name: str, what: str) -> datetime:
    """The instant in a field that may not be empty; ``what`` names it in the sentence that says so."""
    read = instant(text(form, name))
    if read is None:
        raise BadInput([_("Say %(what)s.") % {"what": what}])
    return read


def hours(form: QueryDict, name: str) -> timedelta:
    """A number of hours; halves are written with a point. Raises ``BadInput``."""
    try:
        return timedelta(hours=float(text(form, name)))
    except (ValueError, OverflowError):
        raise BadInput([_("Write the hours as a number, such as 12 or 1.5.")]) from None


def codes(written: Iterable[str]) -> tuple[str, ...]:
    """Codes with commas between them, each once, in their order."""
    found = (code.strip() for line in written for code in line.split(","))
    return tuple(dict.fromkeys(code for code in found if code))


def by_prefix(form: QueryDict, prefix: str) -> dict[str, str]:
    """Every filled field whose name begins with ``prefix`` and a dot, by the rest of its name."""
    start = f"{prefix}."
    return {name.removeprefix(start): text(form, name) for name in form if name.startswith(start) and text(form, name)}
