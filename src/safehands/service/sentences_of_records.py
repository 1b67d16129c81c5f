"""The sentences of entries about records, by the class of the event. ``story`` asks ``of``.

An event that has no sentence of its own here is told by its name in words, and a test says which these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from safehands.core.events import ConcernRegraded
from safehands.core.records.events import MaterialEvent, RegisterEvent
from safehands.core.wire import wire_name

#: What is said of an event of each class, given what earlier entries called the concerns.
SENTENCES: Final[Mapping[type, Callable[[Any, Mapping[str, str]], str]]] = {}


def of(event: ConcernRegraded | MaterialEvent | RegisterEvent, concerns: Mapping[str, str]) -> str:
    """What happened, in one sentence."""
    says = SENTENCES.get(type(event))
    return says(event, concerns) if says is not None else plain(event)


def plain(event: object) -> str:
    """The event's name in words, and nothing of what it holds."""
    return f"{wire_name(type(event)).replace('_', ' ').capitalize()}."
