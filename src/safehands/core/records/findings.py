"""What an integrity rule finds in a material: the value that the rulebook answers with and the kernel writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from safehands.core.calendar import Calendar
from safehands.core.records.material import Fact, Material


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that is true of one cause (evidence-review sheet 2: one concern per rule, decision and content class).

    ``rule`` is R01 to R20, ``letter`` its case (``a``, ``b``, …, or ``late`` for what was made good only after the
    decision; such a finding stays). ``grade`` runs from 1 (critical) over 2 (high) and 3 (medium) to 4 (recorded, no
    alarm). ``cause`` names what it is about by ids (``D1:AB1``). ``because`` lists by ``seq`` the two or three facts
    that make it true, ``first_true_at`` when it first was. ``knowable_then`` says whether this register could have
    known at the time of the decision, letter or answer that it is about.
    """

    rule: str
    letter: str
    grade: int
    cause: str
    because: tuple[int, ...]
    first_true_at: datetime
    decision: str | None = None
    records: tuple[str, ...] = ()
    knowable_then: bool = True
    blocks: bool = False
    note: str = ""

    @property
    def concern(self) -> str:
        """The id of the concern that it raises: the same while its letter or grade changes."""
        return f"{self.rule}/{self.cause}"


#: The rules about material, by the ids of the evidence-review sheet's section 2. Their conditions are in the rulebook.
RULES: Final = tuple(f"R{number:02}" for number in range(1, 21))

#: Findings by the id of their concern.
Findings = Mapping[str, Finding]


class Integrity(Protocol):
    """The integrity rules as the kernel is given them. Both answers are equal; the second costs what was touched."""

    def evaluate(self, material: Material, at: datetime, calendars: Mapping[str, Calendar]) -> Findings:
        """Everything that is true of ``material`` at ``at``."""

    def advance(
        self,
        standing: Findings,
        before: Material,
        after: Material,
        facts: Sequence[Fact[Any]],
        *,
        at: datetime,
        calendars: Mapping[str, Calendar],
    ) -> Findings:
        """What is true after ``facts`` took ``before`` to ``after``, where ``standing`` was true before."""
