"""Checks that every subject uses: about time, about open and closed, and about words that may not be left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from safehands.core.case import Case
from safehands.core.commands import Given
from safehands.core.rules import refuse
from safehands.core.vocabulary import Contact, HappenedSource
from safehands.errors import BadInput

#: How far the clocks of two of our own machines may differ before a command without a claim about time is refused.
SKEW: Final = timedelta(minutes=2)

#: By when a task is due that nobody gave a deadline (law 4: every wait has one). An engineering default, of no source.
TASK_WITHIN: Final = timedelta(hours=1)


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


def after_what_is_there(case: Case | None, given: Given) -> Given:
    """``given`` on a clock that does not go back behind what the case already holds.

    Two machines' clocks differ. A live command that claims no time of its own happens now, and now is not before what
    has been written: it moves up to the last entry, by ``SKEW`` at most. Our time of learning never goes back within a
    case.
    """
    if case is None:
        return given
    given = replace(given, recorded_at=max(given.recorded_at, case.last_recorded_at))
    claims_nothing = given.source is HappenedSource.LIVE and given.happened_at == given.now
    if claims_nothing and given.now < case.last_at <= given.now + SKEW:
        return replace(given, now=case.last_at, happened_at=case.last_at)
    return given


#: What is entered late, or read from an export, may be claimed for an earlier time than the sending.
_LATE: Final = (HappenedSource.LATE, HappenedSource.EXPORT)


def claimed(given: Given, at: datetime | None, *, legacy: bool = False) -> datetime:
    """When something is said to have been done: as the command says, else as the envelope does. Never later than now,
    and earlier only where it is entered late or from before this register.
    """
    if at is None:
        return given.happened_at
    if at > given.now:
        refuse("time.future", happened_at=at.isoformat())
    if at < given.happened_at and not legacy and given.source not in _LATE:
        refuse("records.backdated", at=at.isoformat())
    return at


def check_contact_time(contact: Contact, given: Given) -> None:
    """A contact is written down when it has been received, not before."""
    if contact.received_at > given.happened_at:
        refuse("time.future", happened_at=contact.received_at.isoformat())


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


def check_not_before(last: datetime, at: datetime) -> None:
    """What ends a case cannot be claimed for a time before something that people did in it."""
    if at < last:
        refuse("close.before_last_act", happened_at=at.isoformat(), last=last.isoformat())


def task_deadline(given: Given, asked: datetime | None) -> datetime | None:
    """When a task falls due. An export's tasks have the deadlines that the export names: a replay invents nothing."""
    if asked is not None or given.source is HappenedSource.EXPORT:
        return asked
    return given.happened_at + TASK_WITHIN


def check_said(**words: str) -> None:
    """Words that may not be left out: all that are missing are named at once."""
    missing = [name.replace("_", " ") for name, text in words.items() if not text.strip()]
    if missing:
        raise BadInput(f"Say the {name}." for name in missing)
