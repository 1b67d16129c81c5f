"""Facts of evidence and review: requests and answers, concerns and what became of them, the clocks of letters.

Coded values and references only. A reason is not copied: only whether it says anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from safehands.core.case import Case
from safehands.core.events import (
    ClockBreached,
    ClockStarted,
    ClockStopped,
    ConcernCleared,
    ConcernRaised,
    ConcernRegraded,
    Event,
)
from safehands.core.records.events import (
    ConcernAcknowledged,
    ConcernSetAside,
    MaterialRequested,
    RequestAnswered,
    RequestWithdrawn,
)
from safehands.store.ports import Cell

#: The clocks of letters that are owed to a victim or a family, by how their names begin: the Victims' Code (sheet 3.1)
#: and what a review of a decision has to answer (sheet 3.2).
LETTER_CLOCKS: Final = ("code_", "review_")

#: A reason of fewer words ("noted", "seen, ok") gives none (the project's own judgement; sheet 2, alarm hygiene 6).
WORDS_OF_A_REASON: Final = 3


def of_material(event: Event, case: Case, at: datetime) -> Iterator[dict[str, Cell]]:
    """The facts of one event; ``case`` is the case after it."""
    yield from _of_letters(event, case, at)
    match event:
        case MaterialRequested():
            asked: dict[str, Cell] = {
                "about": event.request,
                "agency": event.to_agency,
                "other_agency": event.from_agency,
                "code": event.purpose,
            }
            yield {"kind": "requested", "happened_at": event.asked_at, **asked}
            if event.due_at is not None:
                # The instant at which it falls due, written when it was asked: the answer's instant is held against it.
                yield {"kind": "request_due", "happened_at": event.due_at, **asked}
        case RequestAnswered():
            code = "complete" if event.complete else "incomplete"
            yield {
                "kind": "request_answered",
                "happened_at": event.at,
                "about": event.request,
                "agency": event.agency,
                "code": code,
            }
        case RequestWithdrawn():
            yield {"kind": "request_withdrawn", "about": event.request}
        case ConcernRaised():
            yield {
                "kind": "concern",
                "about": event.concern,
                "agency": case.holder,
                "other_agency": event.about_agency or None,
                "code": event.rule,
                "name": event.letter or None,
                "outcome": event.grade,
            }
        case ConcernRegraded():
            yield {
                "kind": "concern_regraded",
                "about": event.concern,
                "agency": case.holder,
                "code": _rule(event.concern, case),
                "name": event.letter,
                "outcome": event.grade,
            }
        case ConcernCleared():
            yield {
                "kind": "concern_cleared",
                "about": event.concern,
                "agency": case.holder,
                "code": _rule(event.concern, case),
            }
        case ConcernAcknowledged():
            reasoned = "reasoned" if len(event.reason.split()) >= WORDS_OF_A_REASON else "no_reason"
            rule = _rule(event.concern, case)
            yield {"kind": "concern_acknowledged", "about": event.concern, "code": rule, "name": reasoned}
        case ConcernSetAside():
            yield {"kind": "concern_set_aside", "about": event.concern, "code": _rule(event.concern, case)}
        case _:
            return


def _of_letters(event: Event, case: Case, at: datetime) -> Iterator[dict[str, Cell]]:
    match event:
        case ClockStarted() if event.spec.startswith(LETTER_CLOCKS) and not event.restarted:
            yield _clock("letter_owed", event.clock, case)
        case ClockStopped() if case.clocks[event.clock].spec.startswith(LETTER_CLOCKS):
            yield _clock("letter_sent", event.clock, case) | {"happened_at": at}
        case ClockBreached() if case.clocks[event.clock].spec.startswith(LETTER_CLOCKS):
            yield _clock("letter_late", event.clock, case)
        case _:
            return


def _clock(kind: str, clock: str, case: Case) -> dict[str, Cell]:
    return {"kind": kind, "about": clock, "agency": case.holder, "code": case.clocks[clock].spec}


def _rule(concern: str, case: Case) -> str:
    standing = case.concerns.get(concern)
    return standing.rule if standing is not None else concern.partition("/")[0]
