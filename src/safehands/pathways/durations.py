"""Lengths of time as people write them in a declaration: ``120 s``, ``5 min``, ``24 h``, ``10 days``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_WRITTEN: Final = re.compile(r"(\d+) ?(s|min|h|days?)")
_UNITS: Final = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "day": timedelta(days=1),
    "days": timedelta(days=1),
}


def duration(written: str) -> timedelta:
    """The length of time. Raises ``ValueError`` with a sentence if it can't be read or is zero."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"{written!r} is not a length of time; write it as '120 s', '5 min', '24 h' or '10 days'")
    return int(found[1]) * _UNITS[found[2]]


def written(length: timedelta) -> str:
    """The length of time as ``duration`` reads it, in the largest unit that divides it."""
    for unit in ("days", "h", "min", "s"):
        if length % _UNITS[unit] == timedelta(0):
            count = length // _UNITS[unit]
            return f"{count} {'day' if unit == 'days' and count == 1 else unit}"
    raise ValueError(f"{length!r} is not a whole number of seconds")
