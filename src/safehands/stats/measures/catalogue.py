"""All measures of right care, by number, and their results together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from safehands.errors import BadInput
from safehands.ledger.custody import CustodyReport
from safehands.stats.frame import CUTS, Engine
from safehands.stats.measures import custody, decisions, detention, external, handovers
from safehands.stats.measures.declared import Asked, Measure, Period, Result, Vintage, compute
from safehands.stats.measures.external import declared_results
from safehands.stats.measures.inputs import Inputs

#: The pathway whose measures these are.
PATHWAY: Final = "right-care"

#: Every measure by its number in the sheet; 29 is ours.
MEASURES: Final[dict[int, Measure]] = {
    measure.number: measure
    for measure in sorted(
        (*decisions.MEASURES, *handovers.MEASURES, *detention.MEASURES, *external.MEASURES, custody.MEASURE),
        key=lambda measure: measure.number,
    )
}

#: The order in which people should read them: what nobody else measures comes first (right-care sheet 4).
DIFFERENTIATORS: Final = (9, 10, 27, 28, 26)


def in_reading_order() -> tuple[Measure, ...]:
    """Every measure, the differentiators first."""
    rest = (number for number in MEASURES if number not in DIFFERENTIATORS)
    return tuple(MEASURES[number] for number in (*DIFFERENTIATORS, *rest))


def results(
    engine: Engine,
    vintage: Vintage,
    *,
    period: Period | None = None,
    cut: str | None = None,
    inputs: Inputs | None = None,
    reports: Iterable[CustodyReport] = (),
    numbers: Iterable[int] | None = None,
) -> Iterator[Result]:
    """The results of these measures (all, where none are named), in reading order.

    ``reports`` are the auditor's, of every case. A measure that does not have the cut is left out. Raises ``BadInput``
    for a number or a cut that there is not.
    """
    wanted = set(MEASURES if numbers is None else numbers)
    faults = [f"There is no measure {number}." for number in sorted(wanted - set(MEASURES))]
    if cut is not None and cut not in CUTS:
        faults.append(f"There is no cut {cut}. The cuts: {', '.join(CUTS)}.")
    if faults:
        raise BadInput(faults)
    asked = Asked(engine, vintage, PATHWAY, period if period is not None else Period(), cut)
    declared = inputs if inputs is not None else Inputs()
    for measure in in_reading_order():
        if measure.number not in wanted or (cut is not None and cut not in measure.cuts):
            continue
        yield from compute(measure, asked)
        if measure.inputs and cut in (None, "agency"):
            yield from declared_results(measure, asked, declared)
        if measure is custody.MEASURE:
            yield from custody.unowned(reports, vintage)
