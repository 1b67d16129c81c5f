"""Calendars: civil days and working days. Pure values; the holidays come from outside with the last day they are known
for.

Beyond that day a due date is unknown, never guessed: ``add_working_days`` then returns None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of one place: Monday to Friday but for ``holidays``, known up to and including ``known_until``."""

    name: str
    zone: str
    holidays: frozenset[date]
    known_until: date

    def is_working_day(self, day: date) -> bool:
        """Whether people work on ``day``. Only meaningful up to ``known_until``."""
        return day.weekday() < 5 and day not in self.holidays

    def local_day(self, instant: datetime) -> date:
        """The civil day of an instant at this place."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def end_of_day(self, day: date) -> datetime:
        """The first instant after ``day`` at this place, in UTC: a day's deadline runs to the end of that day."""
        return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(self.zone)).astimezone(UTC)


def add_civil_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The end of the civil day ``days`` after the local day of ``start`` (day 0). Clock changes change nothing."""
    return calendar.end_of_day(calendar.local_day(start) + timedelta(days=days))


def add_working_days(calendar: Calendar, start: datetime, days: int) -> datetime | None:
    """The end of the ``days``-th working day after the local day of ``start``; None beyond the calendar's last known
    day.
    """
    day = calendar.local_day(start)
    left = days
    while left > 0:
        day += timedelta(days=1)
        if day > calendar.known_until:
            return None
        if calendar.is_working_day(day):
            left -= 1
    return calendar.end_of_day(day)
