"""Calendars: civil days, months and working days. Pure values; the holidays come from outside with the days that they
are known for.

Outside those days a due date is unknown, never guessed: ``add_working_days`` then returns None. Day 0 is the day on
which a period is set off, unless the rule that sets it says "beginning with": then that day is the first.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of one place: Monday to Friday but for ``holidays``, known from and until two days, both included.

    ``version`` names the lists that it was made from, so that a due date can say by which calendar it was worked out.
    """

    name: str
    zone: str
    holidays: frozenset[date]
    known_until: date
    known_from: date = date.min
    version: str = ""

    def knows(self, day: date) -> bool:
        """Whether the lists speak of ``day`` at all."""
        return self.known_from <= day <= self.known_until

    def is_working_day(self, day: date) -> bool:
        """Whether people work on ``day``. Only meaningful for a day that it ``knows``."""
        return day.weekday() < 5 and day not in self.holidays

    def local_day(self, instant: datetime) -> date:
        """The civil day of an instant at this place."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def end_of_day(self, day: date) -> datetime:
        """The first instant after ``day`` at this place, in UTC: a day's deadline runs to the end of that day."""
        return datetime.combine(day + _DAY, time.min, ZoneInfo(self.zone)).astimezone(UTC)

    def last_day(self, due_at: datetime) -> date:
        """The day at whose end ``due_at`` lies: what a person is told as "by"."""
        return self.local_day(due_at - timedelta(microseconds=1))


def add_civil_days(calendar: Calendar, start: datetime, days: int, *, beginning_with: bool = False) -> datetime:
    """The end of the civil day ``days`` after the local day of ``start``. Clock changes change nothing.

    "28 days beginning with the day" ends 27 days after it.
    """
    return calendar.end_of_day(calendar.local_day(start) + timedelta(days=days - beginning_with))


def add_months(calendar: Calendar, start: datetime, months: int, *, beginning_with: bool = False) -> datetime:
    """The end of the day of the same number ``months`` later, or of that month's last day where it has none so high.

    "Three months beginning with the day" ends a day earlier.
    """
    day = calendar.local_day(start)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    landed = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return calendar.end_of_day(landed - _DAY * beginning_with)


def add_working_days(
    calendar: Calendar, start: datetime, days: int, *, beginning_with: bool = False
) -> datetime | None:
    """The end of the ``days``-th working day after the local day of ``start``; None outside the days that are known."""
    day = calendar.local_day(start) - _DAY * beginning_with
    if not calendar.knows(day):
        return None
    left = days
    while left > 0:
        day += _DAY
        if day > calendar.known_until:
            return None
        if calendar.is_working_day(day):
            left -= 1
    return calendar.end_of_day(day)


def working_days_between(calendar: Calendar, after: datetime, until: datetime) -> int | None:
    """How many working days lie after the local day of ``after``, up to and including that of ``until``."""
    day, last = calendar.local_day(after), calendar.local_day(until)
    if not (calendar.knows(day) and calendar.knows(last)):
        return None
    return sum(calendar.is_working_day(day + _DAY * n) for n in range(1, (last - day).days + 1))
