"""A store that breaks at one call of its port: before it did what it was asked (``Moment.BEFORE``), or after, when only
the answer is lost (``Moment.AFTER``: what was committed stays committed).

``Breaking`` counts the calls that pass; ``break_at`` says at which one it breaks, once. Entering and leaving a unit
are calls too: that is where a connection is taken and given back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from safehands.store.ports import Append, Receipt, Store, Unit


class Moment(StrEnum):
    """When, at the call that breaks."""

    BEFORE = "before"
    AFTER = "after"


class Broken(Exception):
    """The connection, the disk or the machine failed here."""


@dataclass(slots=True)
class Fault:
    """Where it breaks: at the call with this number (from 1; 0 never). ``calls`` are the names of those that passed."""

    moment: Moment = Moment.BEFORE
    number: int = 0
    calls: list[str] = field(default_factory=list)

    def break_at(self, number: int, moment: Moment) -> None:
        """Count from the beginning, and break there."""
        self.moment, self.number, self.calls = moment, number, []

    def passing(self, name: str, call: Callable[[], Any]) -> Any:
        """Let a call through, unless it is the one."""
        self.calls.append(name)
        breaks = len(self.calls) == self.number
        if breaks and self.moment is Moment.BEFORE:
            raise Broken(name)
        result = call()
        if breaks:
            raise Broken(name)
        return result


class BreakingUnit:
    """A ``Unit`` whose calls all pass the fault."""

    def __init__(self, unit: Unit, fault: Fault) -> None:
        self._unit, self._fault = unit, fault

    def append(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """See ``ports.Unit``."""
        receipts: tuple[Receipt, ...] = self._fault.passing("unit.append", lambda: self._unit.append(appends))
        return receipts

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._unit, name)
        return lambda *given, **named: self._fault.passing(f"unit.{name}", lambda: method(*given, **named))


class BreakingStore:
    """A ``Store`` whose calls all pass the fault."""

    def __init__(self, store: Store, fault: Fault) -> None:
        self._store, self._fault = store, fault

    @property
    def vkey(self) -> str:
        """See ``ports.Store``."""
        return self._store.vkey

    @contextmanager
    def unit(self, *, agency: str | None) -> Iterator[BreakingUnit]:
        """See ``ports.Store``."""
        self._fault.passing("unit begins", lambda: None)
        with self._store.unit(agency=agency) as unit:
            yield BreakingUnit(unit, self._fault)
        self._fault.passing("unit ends", lambda: None)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return lambda *given, **named: self._fault.passing(name, lambda: method(*given, **named))
