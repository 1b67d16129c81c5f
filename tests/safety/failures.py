"""What a failure is here: something that went wrong, replayed so that it ends differently, and what makes the
difference.

The numbers are those of the table of real failures that the project was given (its sources: reports to prevent future
deaths, inquests, inspections). A scenario is named after what went wrong, never after who died. ``rows`` are ids of the
pathway (rows, clocks, concerns, fields of packs and forms), ``rules`` are checks of the core, ``instead`` are checks
with what stands in their place where a check also answers something. Taking them out must make the scenario fail.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from safehands.core.pathway import Pathway

Play = Callable[[Pathway], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: its number, the scenario, and what is taken out to see it fail."""

    number: int
    play: Play
    rows: tuple[str, ...] = ()
    instead: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What went wrong."""
        return f"{self.number:02}-{self.play.__name__}"


FAILURES: list[Failure] = []


def failure(
    number: int,
    *,
    rows: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    instead: Mapping[str, object] | None = None,
) -> Callable[[Play], Play]:
    """Register a scenario. ``rules`` are dotted names; each stands for a check that raises, or for a constant."""

    def register(play: Play) -> Play:
        out = {rule: nothing_instead_of(rule) for rule in rules} | dict(instead or {})
        assert rows or out, "a scenario names what makes the difference"
        assert f"failure {number}:" in (inspect.getdoc(play) or "").lower(), (
            f"{play.__name__} does not say failure {number}"
        )
        FAILURES.append(Failure(number, play, rows, out))
        return play

    return register


def nothing_instead_of(rule: str) -> object:
    """A check that lets everything pass, or a constant that names nothing."""
    name = rule.rpartition(".")[2]
    return () if name.isupper() else lambda *_, **__: None
