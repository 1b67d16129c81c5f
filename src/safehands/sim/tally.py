"""Counting a replay while it runs: from the facts of each command, as statistics would; durations in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from safehands.core.events import HandoverAccepted, HandoverWithdrawn, TriageConcluded
from safehands.core.vocabulary import OfferKind
from safehands.errors import Refused as RefusedByRule
from safehands.errors import SafehandsError
from safehands.service.batch import Done
from safehands.store.ports import Cell


@dataclass(frozen=True, slots=True)
class RefusedCommand:
    """A command that a rule refused: the line of its row, what it was, and the rule (``stale`` where a belief was out
    of date)."""

    line: int
    command: str
    rule: str
    sentence: str


def refused_command(line: int, command: str, error: SafehandsError) -> RefusedCommand:
    """What a refusal says, with where it came from."""
    rule = error.rule if isinstance(error, RefusedByRule) else type(error).__name__.lower()
    return RefusedCommand(line, command, rule, str(error))


@dataclass(slots=True)
class Tally:
    """Counts that grow with every command. ``waits`` are the seconds from each transfer's offer to its acceptance."""

    entries: int = 0
    conclusions: Counter[tuple[int, str]] = field(default_factory=Counter)
    offered: int = 0
    accepted: int = 0
    accepted_late: int = 0
    declined: int = 0
    lapsed: int = 0
    withdrawn: int = 0
    waits: list[float] = field(default_factory=list)
    raised_by_clock: int = 0
    responder_seconds: dict[str, float] = field(default_factory=dict)
    breaches: Counter[str] = field(default_factory=Counter)
    concerns: Counter[str] = field(default_factory=Counter)

    def see(self, done: Done) -> None:
        """Count one decided command."""
        self.entries += len(done.decided.entries)
        for fact in done.append.facts:
            self._see_fact(fact.row)
        for entry in done.decided.entries:
            match entry.event:
                case TriageConcluded(outcome=outcome, row=row_id):
                    self.conclusions[outcome, row_id] += 1
                case HandoverAccepted(late=True):
                    self.accepted_late += 1
                case HandoverWithdrawn():
                    self.withdrawn += 1
                case _:
                    pass

    def _see_fact(self, row: Mapping[str, Cell]) -> None:
        kind, code = row["kind"], str(row["code"])
        match kind:
            case "offered":
                self.offered += 1
            case "accepted" if code == OfferKind.TRANSFER:
                self.accepted += 1
                self.waits.append(cast("float", row["seconds"]))
            case "declined":
                self.declined += 1
            case "lapsed":
                self.lapsed += 1
            case "raised":
                self.raised_by_clock += 1  # no row names a person who could have
            case "presence":
                agency = str(row["agency"])
                self.responder_seconds[agency] = self.responder_seconds.get(agency, 0.0) + cast("float", row["seconds"])
            case "breached":
                self.breaches[code] += 1
            case "concern":
                self.concerns[code] += 1
            case _:
                pass


def quantile(values: list[float], share: float) -> float | None:
    """The value below which ``share`` of the values lie, by the nearest rank; None where there are none."""
    if not values:
        return None
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -int(-share * len(ranked) // 1) - 1))]
