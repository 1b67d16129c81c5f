"""Days that count: bank holidays since 1975, what a fast reader gets wrong, and where nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from safehands.core.calendar import (
    add_civil_days,
    add_months,
    add_working_days,
    working_days_between,
)
from safehands.core.clocks import due, later, sized
from safehands.core.pathway import ClockSpec, Length, Unit
from safehands.pathways.calendars import ENGLAND_AND_WALES, shipped_calendars

CALENDAR = shipped_calendars()[ENGLAND_AND_WALES]


def day(written: str) -> datetime:
    """Noon of a day, in UTC."""
    return datetime.fromisoformat(written).replace(hour=12, tzinfo=UTC)


def clock(unit: Unit, days: int = 0, **more: object) -> ClockSpec:
    """A clock that counts days of the one calendar."""
    return ClockSpec("x", "x", unit, timedelta(0), (), (), days=days, calendar=ENGLAND_AND_WALES, **more)  # type: ignore[arg-type]  # any field of the declaration


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2022-09-16", 1, "2022-09-20"),  # the state funeral, on the 19th
        ("2023-05-05", 1, "2023-05-09"),  # the coronation
        ("2024-12-23", 5, "2025-01-02"),
        ("2025-12-24", 1, "2025-12-29"),
        ("2025-12-24", 5, "2026-01-05"),
        ("2025-08-21", 1, "2025-08-22"),
        ("2025-08-21", 5, "2025-08-29"),
        ("2025-08-14", 30, "2025-09-26"),
        ("2023-07-18", 30, "2023-08-30"),
        ("2019-03-04", 10, "2019-03-18"),
        ("2019-06-10", 5, "2019-06-17"),
        ("2019-06-10", 1, "2019-06-11"),
        ("2005-01-01", 1, "2005-01-04"),  # before the Ministry's list begins
        ("2005-03-24", 1, "2005-03-29"),
        ("2005-12-23", 1, "2005-12-28"),
        ("1999-12-30", 1, "2000-01-04"),  # the day off for the millennium
        ("2011-12-23", 1, "2011-12-28"),  # from one list into the other
        ("2011-12-30", 1, "2012-01-03"),
        ("2025-08-22", 0, "2025-08-22"),
    ],
)
def test_working_days_of_england_and_wales(start: str, days: int, last: str) -> None:
    found = add_working_days(CALENDAR, day(start), days)
    assert found is not None
    assert CALENDAR.last_day(found).isoformat() == last


def test_a_deadline_runs_to_the_end_of_the_local_day_in_summer() -> None:
    assert add_working_days(CALENDAR, day("2025-08-21"), 1) == datetime(2025, 8, 22, 23, 0, tzinfo=UTC)
    just_after_midnight_in_london = datetime(2025, 8, 21, 23, 30, tzinfo=UTC)
    assert add_working_days(CALENDAR, just_after_midnight_in_london, 1) == datetime(2025, 8, 26, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2019-06-13", 3, "2019-09-13"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-10-05", 14, "2026-12-05"),
    ],
)
def test_months_end_with_the_month(start: str, months: int, last: str) -> None:
    assert CALENDAR.last_day(add_months(CALENDAR, day(start), months)).isoformat() == last


def test_beginning_with_the_day_counts_that_day() -> None:
    """28 and 14 days beginning with the day of compliance end 27 and 13 days after it (SI 2011/209)."""
    assert CALENDAR.last_day(add_civil_days(CALENDAR, day("2025-03-03"), 28, beginning_with=True)) == date(2025, 3, 30)
    assert CALENDAR.last_day(add_civil_days(CALENDAR, day("2025-03-03"), 14, beginning_with=True)) == date(2025, 3, 16)
    first = add_working_days(CALENDAR, day("2025-08-21"), 1, beginning_with=True)
    assert first is not None
    assert CALENDAR.last_day(first) == date(2025, 8, 21)
    assert CALENDAR.last_day(add_months(CALENDAR, day("2025-03-03"), 3, beginning_with=True)) == date(2025, 6, 2)


@pytest.mark.parametrize(("start", "days"), [("2028-12-22", 2), ("2031-01-01", 1), ("1974-12-31", 1)])
def test_outside_the_lists_nobody_knows(start: str, days: int) -> None:
    assert add_working_days(CALENDAR, day(start), days) is None


def test_the_last_listed_day_is_still_known() -> None:
    assert CALENDAR.known_until == date(2028, 12, 26)
    assert add_working_days(CALENDAR, day("2028-12-21"), 1) is not None
    assert working_days_between(CALENDAR, day("2028-12-01"), day("2029-01-05")) is None
    assert working_days_between(CALENDAR, day("2025-08-21"), day("2025-08-29")) == 5


def test_the_calendar_says_what_it_was_made_from() -> None:
    assert CALENDAR.version == "holidays 0.109, govuk-bank-holidays 0.19"
    assert sum(each.year >= 2012 for each in CALENDAR.holidays) == 140


def test_each_unit_of_a_clock() -> None:
    calendars = shipped_calendars()
    start = day("2025-08-21")
    assert due(clock(Unit.WORKING_DAYS, 1), start, calendars) == datetime(2025, 8, 22, 23, tzinfo=UTC)
    assert due(clock(Unit.CIVIL_DAYS, 1), start, calendars) == datetime(2025, 8, 22, 23, tzinfo=UTC)
    assert due(clock(Unit.MONTHS, months=3), start, calendars) == datetime(2025, 11, 22, tzinfo=UTC)
    assert due(clock(Unit.MONTHS, months=3), start, {}) is None


def test_what_stood_still_comes_after() -> None:
    """A pause from Thursday to the Friday of the week after: four working days, for Monday was a bank holiday."""
    calendars = shipped_calendars()
    paused, resumed = day("2025-08-21"), day("2025-08-28")
    friday, next_friday = datetime(2025, 8, 22, 23, tzinfo=UTC), datetime(2025, 8, 29, 23, tzinfo=UTC)
    assert later(clock(Unit.WORKING_DAYS, 1), friday, paused, resumed, calendars) == datetime(
        2025, 8, 29, 23, tzinfo=UTC
    )
    assert later(clock(Unit.CIVIL_DAYS, 1), friday, paused, resumed, calendars) == next_friday
    assert later(clock(Unit.MONTHS, months=1), friday, paused, resumed, calendars) == datetime(
        2025, 8, 29, 23, tzinfo=UTC
    )
    assert later(clock(Unit.ELAPSED), friday, paused, resumed, {}) == friday + timedelta(days=7)
    assert later(clock(Unit.ELAPSED), None, paused, resumed, {}) is None
    assert later(clock(Unit.WORKING_DAYS), friday, paused, resumed, {}) is None
    assert later(clock(Unit.WORKING_DAYS), friday, day("2028-12-20"), day("2029-01-20"), calendars) is None


def test_the_first_length_that_holds() -> None:
    spec = clock(Unit.WORKING_DAYS, 5, lengths=(Length({"enhanced": frozenset({"yes", "unknown"})}, 1),))
    assert sized(spec, {"enhanced": "yes"}).days == 1
    assert sized(spec, {"enhanced": "unknown"}).days == 1
    assert sized(spec, {"enhanced": "no"}).days == 5
