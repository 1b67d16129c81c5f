"""Time and ids: the only place where Safehands reads a clock or draws a random id.

``SystemClock`` is for live use. ``SetClock`` is moved by hand: a replay moves it along an export's own times, a
demonstration along its script; what it calls ``recorded_at`` stays our true time of learning unless it is told
otherwise.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import uuid4

#: Letters and digits that are not mistaken for one another when read out over the phone.
_SPOKEN: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Clock(Protocol):
    """``now`` is what deadlines run on; ``recorded_at`` is when we learned; ids are new every time."""

    def now(self) -> datetime: ...
    def recorded_at(self) -> datetime: ...
    def new_id(self) -> str: ...
    def new_reference(self) -> str: ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)

    def recorded_at(self) -> datetime:
        """The present instant: a live entry is learned when it happens."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """A random UUID in text form."""
        return str(uuid4())

    def new_reference(self) -> str:
        """A reference that a person can read out: eight letters and digits in two groups."""
        drawn = "".join(secrets.choice(_SPOKEN) for _ in range(8))
        return f"{drawn[:4]}-{drawn[4:]}"


class SetClock(SystemClock):
    """A clock that stands until it is moved forward; ``learned`` fixes the recorded time as well (for demonstrations
    and tests).
    """

    def __init__(self, at: datetime, *, learned_too: bool = False) -> None:
        self._at = at
        self._learned_too = learned_too

    def now(self) -> datetime:
        """Where the clock was moved to."""
        return self._at

    def recorded_at(self) -> datetime:
        """Our true time of learning, or the set time where that was asked for."""
        return self._at if self._learned_too else super().recorded_at()

    def move_to(self, at: datetime) -> None:
        """Move forward to ``at``; a clock never goes back."""
        self._at = max(self._at, at)
