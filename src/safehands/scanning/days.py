"""Days as people write them in tables."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

#: A day that nobody knows: before everything else, so that a record of unknown date is taken to have existed.
UNKNOWN_DAY: Final = datetime(1, 1, 1, tzinfo=UTC)

#: A year before this one is a slip of the pen.
_EARLIEST: Final = date(1850, 1, 1).toordinal()
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?", re.ASCII)
_BRITISH: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@lru_cache(maxsize=100_000)
def ordinal(text: str) -> int:
    """The day's number (``date.toordinal``); 0 for an empty text and -1 for one that is no day.

    Read are 2019-06-10, with or without a time of day (which is not used), and 10/06/2019 as it is written in Britain:
    day, month, year.
    """
    if not text:
        return 0
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _BRITISH.fullmatch(text):
        day, month, year = found.groups()
    else:
        return -1
    try:
        number = date(int(year), int(month), int(day)).toordinal()
    except ValueError:
        return -1
    return number if number >= _EARLIEST else -1


def instant(number: int) -> datetime:
    """The first instant of the day of this number, in UTC; ``UNKNOWN_DAY`` for 0."""
    return datetime.fromordinal(number).replace(tzinfo=UTC) if number else UNKNOWN_DAY
