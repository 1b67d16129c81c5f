"""Checks about time and about open and closed, used by every subject."""

from __future__ import annotations

from safehands.core.case import Case
from safehands.core.commands import Given
from safehands.core.rules import refuse


def check_open(case: Case) -> None:
    """Most commands need an open case."""
    if not case.is_open:
        refuse("case.closed")


def check_time(case: Case | None, given: Given) -> None:
    """A claimed time is not in the future and not before the case began."""
    if given.happened_at > given.now:
        refuse("time.future", happened_at=given.happened_at.isoformat())
    if case is not None and given.happened_at < case.opened_at:
        refuse(
            "time.before_opening",
            happened_at=given.happened_at.isoformat(),
            opened_at=case.opened_at.isoformat(),
        )


def check_boundary(case: Case, given: Given) -> None:
    """Nobody takes a case as of a time before the present holder took it."""
    since = case.holdings[-1].since
    if given.happened_at < since:
        refuse(
            "time.before_boundary",
            holder=case.holder,
            since=since.isoformat(),
            happened_at=given.happened_at.isoformat(),
        )
