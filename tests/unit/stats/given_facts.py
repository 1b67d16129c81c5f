"""Small facts by hand, for measures that can be worked out on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from safehands.stats.frame import InMemory
from safehands.stats.measures.catalogue import results
from safehands.stats.measures.declared import Period, Result, Vintage
from safehands.stats.measures.inputs import Inputs
from safehands.store.ports import Cell

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)  # London keeps UTC in February

Fact = dict[str, Cell]


class Facts:
    """Facts in the making: each gets the next position."""

    def __init__(self) -> None:
        self.rows: list[Fact] = []

    def add(self, kind: str, case: str, at: float = 0, **more: Cell) -> Facts:
        """A fact of ``case``, ``at`` hours after noon of 3 February 2026."""
        happened_at = NOON + timedelta(hours=at)
        fact: Fact = {"position": len(self.rows), "case_id": case, "kind": kind, "happened_at": happened_at, "count": 1}
        fact |= {"day": happened_at.date().isoformat(), "hour": happened_at.hour}
        self.rows.append(fact | more)
        return self

    def opened(self, *cases: str, at: float = 0, force: str = "POL", pathway: str = "right-care") -> Facts:
        """Cases that a force opened."""
        for case in cases:
            self.add("opened", case, at, agency=force, other_agency=force, name=pathway)
        return self

    def known(self, case: str, **cuts: str) -> Facts:
        """What is known of a case."""
        for cut, code in cuts.items():
            self.add("known", case, name=cut, code=code)
        return self

    def declined(self, case: str, at: float = 0, decision: str | None = None) -> Facts:
        """Somebody decided not to send anybody."""
        return self.add(
            "decided", case, at, about=decision or f"{case}.d", agency="POL", name="not_deploys", code="not_said"
        )


def computed(
    facts: Facts | Iterable[Fact],
    number: int,
    *,
    cut: str | None = None,
    period: Period | None = None,
    inputs: Inputs | None = None,
) -> list[Result]:
    """The results of one measure."""
    rows = facts.rows if isinstance(facts, Facts) else list(facts)
    vintage = Vintage(len(rows))
    return list(results(InMemory(rows), vintage, period=period, cut=cut, inputs=inputs, numbers=[number]))


def one(facts: Facts, number: int, part: str | None = None, **more: object) -> Result:
    """The one result of a part (by default the part that has the measure's own number)."""
    found = [each for each in computed(facts, number, **more) if each.part == (part or str(number))]  # type: ignore[arg-type]  # it is passed on as it came
    assert len(found) == 1, found
    return found[0]


def by_category(
    facts: Facts, number: int, part: str
) -> dict[str | None, tuple[Decimal | None, Decimal | None, int | None]]:
    """Value, numerator and base by category."""
    found = [each for each in computed(facts, number) if each.part == part]
    return {each.category: (each.value, each.numerator, each.base) for each in found}
