"""How sentences write an instant: in UTC, unless a face of ours asks for its readers' time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final


def in_utc(at: datetime) -> str:
    """``3 March 2026 14:05:09``, in UTC, to the second."""
    return f"{at.astimezone(UTC):%-d %B %Y %H:%M:%S}"


#: What writes an instant now.
_WRITTEN: Final[ContextVar[Callable[[datetime], str]]] = ContextVar("moments", default=in_utc)


@contextmanager
def moments_written(write: Callable[[datetime], str]) -> Iterator[None]:
    """Inside, sentences write every instant as ``write`` does."""
    token = _WRITTEN.set(write)
    try:
        yield
    finally:
        _WRITTEN.reset(token)


def moment(at: datetime) -> str:
    """An instant in a sentence, as ``moments_written`` says; else as ``in_utc`` does."""
    return _WRITTEN.get()(at)
