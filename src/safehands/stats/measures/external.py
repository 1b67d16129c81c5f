"""Measures that need declared figures: demand, answer times, crisis lines, and what a policy saved (right-care sheet 4,
2 to 4, 13, 14, 22, 23, 25; the rate of 15).

Each says so in its note, with the source that its rows name. What is published elsewhere is shown as published, and is
put beside what the ledger says only where the measure's own definition asks for it (a baseline, a base).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Protocol, assert_never

import ibis.expr.types as ir

from safehands.stats.frame import histogram
from safehands.stats.intervals import rounded
from safehands.stats.measures.declared import AMOUNT_PLACES, Asked, Measure, Period, Result, scoped, share_of
from safehands.stats.measures.detention import s136
from safehands.stats.measures.inputs import Inputs, Row
from safehands.stats.measures.units import contacts, deployed_cases, opened_cases

#: What the rate of detentions is given per.
PER_PEOPLE: Final = 100_000


class Way(StrEnum):
    """What a figure makes of its series: a share or a mean of two, the sum of one, or each row as it was published."""

    SHARE = "share"
    MEAN = "mean"
    SUM = "sum"
    AS_PUBLISHED = "as_published"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a declared measure: ``top`` divided by ``base`` where the way needs one."""

    id: str
    label: str
    unit: str
    way: Way
    top: str
    base: str | None = None


_OF_ANSWERED: Final = "share of answered calls"
_OF_OFFERED: Final = "share of offered calls"
_999: Final = "calls_999_answered"
_111: Final = "Mental health option of 111"

FIGURES: Final = {
    13: (
        Figure("13.10s", "999 answered within 10 seconds", _OF_ANSWERED, Way.SHARE, "calls_999_within_10s", _999),
        Figure("13.60s", "999 answered after 60 seconds or more", _OF_ANSWERED, Way.SHARE, "calls_999_from_60s", _999),
        Figure("13.mean", "999, mean time to answer", "seconds", Way.MEAN, "calls_999_answer_seconds", _999),
    ),
    14: (
        Figure("14.mean", "101, mean wait", "seconds", Way.MEAN, "calls_101_wait_seconds", "calls_101_answered"),
        Figure("14.abandoned", "101, abandoned", _OF_OFFERED, Way.SHARE, "calls_101_abandoned", "calls_101_offered"),
    ),
    22: (
        Figure("22.abandoned", f"{_111}, abandoned", _OF_OFFERED, Way.SHARE, "option2_abandoned", "option2_offered"),
        Figure("22.mean", f"{_111}, mean answer", "seconds", Way.MEAN, "option2_answer_seconds", "option2_answered"),
        Figure("22.p95", f"{_111}, 95th percentile", "seconds", Way.AS_PUBLISHED, "option2_p95_seconds"),
    ),
    23: (Figure("23", "Contacts with crisis lines", "contacts", Way.SUM, "crisis_line_contacts"),),
    25: (Figure("25", "Police hours given to something else", "officer hours", Way.SUM, "hours_reinvested"),),
}


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes results of one measure and agency, each with the sources of the rows that it rests on."""

    measure: Measure
    asked: Asked
    inputs: Inputs
    agency: str | None

    def rows(self, series: str, *, whenever: bool = False) -> tuple[Row, ...]:
        """The rows of a series in the period, or of any time."""
        return self.inputs.of(series, Period() if whenever else self.asked.period, self.agency)

    def result(self, what: _What, value: Decimal | None, rows: tuple[Row, ...], **more: Any) -> Result:
        """One figure, and where it comes from."""
        sources = sorted({row.source for row in rows})
        note = more.pop("note", "")
        told = f"From declared input, not from the ledger: {'; '.join(sources)}." if sources else ""
        return Result(
            measure=self.measure.number,
            part=what.id,
            label=what.label,
            unit=what.unit,
            value=value,
            numerator=more.pop("numerator", None),
            base=more.pop("base", None),
            vintage=self.asked.vintage,
            definition_version=self.measure.version,
            cut="agency" if self.agency is not None else None,
            cut_value=self.agency,
            note=f"{note} {told}".strip(),
            inputs=tuple(sorted({row.series for row in rows})),
            **more,
        )

    def share(self, what: _What, top: int, base: int, rows: tuple[Row, ...]) -> Result:
        """A share with its interval; more than there is to divide by has no value and says so."""
        if top > base:
            note = f"{top} of {base} is no share: the rows do not belong together."
            return self.result(what, None, rows, numerator=Decimal(top), base=base, note=note)
        made = share_of(top, base)
        return self.result(what, made.value, rows, numerator=Decimal(top), base=base, interval=made.interval)

    def lacking(self, what: _What, *series: str) -> Result:
        """No figure, because nobody declared what it needs."""
        absent = " and ".join(series)
        note = f"Not computed: no input for {absent} in this period. A template: safehands measures template."
        return self.result(what, None, (), note=note)


class _What(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...


def declared_results(measure: Measure, asked: Asked, inputs: Inputs) -> Iterator[Result]:
    """Every result of a measure that needs declared figures. Where rows are missing, one result says which."""
    special: dict[int, Callable[[_Writer], Iterator[Result]]] = {2: _avoided, 3: _hours, 4: _demand, 15: _rate}
    agencies = inputs.agencies(measure.inputs) if asked.cut == "agency" else ()
    for agency in agencies or (None,):
        writer = _Writer(measure, asked, inputs, agency)
        if measure.number in special:
            yield from special[measure.number](writer)
        else:
            for figure in FIGURES[measure.number]:
                yield from _figure(figure, writer)


def _figure(figure: Figure, writer: _Writer) -> Iterator[Result]:
    rows = writer.rows(figure.top)
    bases = writer.rows(figure.base) if figure.base is not None else ()
    if not rows or (figure.base is not None and not bases):
        yield writer.lacking(figure, figure.top if not rows else figure.base or "")
        return
    top, base, both = _sum(rows), _sum(bases), (*rows, *bases)
    match figure.way:
        case Way.AS_PUBLISHED:
            for row in rows:
                yield writer.result(
                    figure, row.value, (row,), category=f"{row.agency}, {row.first_day} to {row.last_day}"
                )
        case Way.SUM:
            for category in sorted({row.category for row in rows}):
                value = _sum(row for row in rows if row.category == category)
                yield writer.result(figure, value, rows, numerator=value, category=category or None)
        case Way.SHARE:
            yield writer.share(figure, int(top), int(base), both)
        case Way.MEAN:
            mean = rounded(Fraction(top) / Fraction(base), AMOUNT_PLACES) if base else None
            yield writer.result(figure, mean, both, numerator=top, base=int(base))
        case _ as never:
            assert_never(never)


def _avoided(writer: _Writer) -> Iterator[Result]:
    """Measure 2: the mean of the same calendar month before, less what there was."""
    baseline = writer.rows("baseline_deployments", whenever=True)
    if not baseline:
        yield writer.lacking(_AVOIDED, "baseline_deployments")
        return
    months = list(_avoided_by_month(writer, baseline))
    for month, avoided, actual in months:
        yield writer.result(
            _AVOIDED, rounded(avoided, AMOUNT_PLACES), baseline, numerator=Decimal(actual), category=month
        )
    if not months:
        yield writer.result(_AVOIDED, None, baseline, note="No whole month of the period has a baseline.")


def _hours(writer: _Writer) -> Iterator[Result]:
    """Measure 3: what measure 2 found, times the declared hours; the formula is printed with its numbers."""
    baseline = writer.rows("baseline_deployments", whenever=True)
    each = writer.rows("baseline_hours_per_deployment", whenever=True)
    if not baseline or not each:
        needs = (("baseline_deployments", baseline), ("baseline_hours_per_deployment", each))
        yield writer.lacking(_HOURS, *(name for name, rows in needs if not rows))
        return
    hours = Fraction(_sum(each)) / len(each)
    months = list(_avoided_by_month(writer, baseline))
    avoided = sum((found for _, found, _ in months), Fraction(0))
    formula = (
        f"Formula: {rounded(hours, 2)} hours a deployment before the policy (mean of {len(each)} declared) x "
        f"{rounded(avoided, AMOUNT_PLACES)} deployments avoided in {len(months)} whole months."
    )
    value = rounded(avoided * hours, AMOUNT_PLACES) if months else None
    yield writer.result(_HOURS, value, (*baseline, *each), base=len(months), note=formula)


def _demand(writer: _Writer) -> Iterator[Result]:
    """Measure 4: contacts of these streams among all calls for service, over the days that the rows cover."""
    rows = writer.rows("all_calls")
    if not rows:
        yield writer.lacking(_DEMAND, "all_calls")
        return
    covered = Period(min(row.first_day for row in rows), max(row.last_day for row in rows))
    yield writer.share(_DEMAND, _count(writer, contacts(), covered), int(_sum(rows)), rows)


def _rate(writer: _Writer) -> Iterator[Result]:
    """The rate of measure 15: detentions for every 100,000 people who live there."""
    rows = writer.rows("population", whenever=True)
    people = int(_sum(rows))
    if not people:
        yield writer.lacking(_RATE, "population")
        return
    found = _count(writer, s136(), writer.asked.period)
    value = rounded(Fraction(found * PER_PEOPLE, people), AMOUNT_PLACES)
    yield writer.result(_RATE, value, rows, numerator=Decimal(found), base=people)


def _avoided_by_month(writer: _Writer, baseline: tuple[Row, ...]) -> Iterator[tuple[str, Fraction, int]]:
    """Whole months of the period with cases: the month, what was avoided, and how many deployments there were."""
    asked = writer.asked
    units = _of_agency(scoped(opened_cases(), asked.pathway, asked.period), writer.agency)
    days = sorted(str(row["day"]) for row, _ in histogram(asked.engine, units, ["day"]))
    if not days:
        return
    deployed = units.semi_join(deployed_cases(), "case_id")
    sent = {str(row["day"]): n for row, n in histogram(asked.engine, deployed, ["day"])}
    first, last = asked.period.first or days[0], asked.period.last or days[-1]
    for month in sorted({day[:7] for day in days}):
        mean = _mean_of_month(baseline, month[5:])
        if mean is not None and first <= f"{month}-01" and last >= _last_day(month):
            actual = sum(n for day, n in sent.items() if day.startswith(month))
            yield month, mean - actual, actual


def _mean_of_month(baseline: tuple[Row, ...], number: str) -> Fraction | None:
    """Per month of this number, all agencies together: the mean over the years that are declared."""
    rows = [row for row in baseline if row.month is not None and row.month[5:] == number]
    years = {row.month for row in rows}
    return Fraction(_sum(rows)) / len(years) if years else None


def _last_day(month: str) -> str:
    return f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]}"


def _count(writer: _Writer, units: ir.Table, period: Period) -> int:
    chosen = _of_agency(scoped(units, writer.asked.pathway, period), writer.agency)
    return sum(n for _, n in histogram(writer.asked.engine, chosen, ()))


def _of_agency(units: ir.Table, agency: str | None) -> ir.Table:
    return units if agency is None else units.filter(units.agency == agency)


def _sum(rows: Iterable[Row]) -> Decimal:
    return sum((row.value for row in rows), Decimal(0))


_AVOIDED: Final = Figure("2", "Deployments avoided in the month", "deployments", Way.SUM, "baseline_deployments")
_HOURS: Final = Figure("3", "Officer hours avoided", "officer hours", Way.SUM, "baseline_hours_per_deployment")
_DEMAND: Final = Figure("4", "Share of all demand", "share of calls for service", Way.SHARE, "all_calls")
_RATE: Final = Figure("15.rate", "Detentions under section 136", f"per {PER_PEOPLE:,} people", Way.MEAN, "population")

#: The cut that declared figures have: their rows name an agency and nothing else of a case.
_BY_AGENCY: Final = ("agency",)

MEASURES: Final = (
    Measure(
        2,
        "Deployments avoided",
        "For each whole calendar month: the mean of the declared deployments of the same month in earlier years, less "
        "the "
        "deployments of measure 1. Fewer deployments are not fewer people in need.",
        "declared mean of the month, less deployments",
        "none",
        "sheet 4, measure 2",
        inputs=("baseline_deployments",),
        cuts=_BY_AGENCY,
    ),
    Measure(
        3,
        "Officer hours avoided",
        "Declared hours of one deployment before the policy, times the deployments of measure 2. Hours not spent on "
        "these "
        "calls are not a measure of anybody's safety. The formula is printed with its numbers.",
        "hours a deployment x deployments avoided",
        "none",
        "sheet 4, measure 3: publish the formula; 3.4",
        inputs=("baseline_deployments", "baseline_hours_per_deployment"),
        cuts=_BY_AGENCY,
    ),
    Measure(
        4,
        "Share of all demand",
        "Contacts of the pathway among all calls for service that the force declares for the same days.",
        "contacts of the pathway",
        "declared calls for service",
        "sheet 4, measure 4",
        inputs=("all_calls",),
        cuts=_BY_AGENCY,
    ),
    Measure(
        13,
        "Police 999 answering",
        "As declared by the force from the published monthly figures.",
        "calls in the band; seconds",
        "answered calls",
        "sheet 4, measure 13, and 3.1 K11",
        inputs=("calls_999_answered", "calls_999_within_10s", "calls_999_from_60s", "calls_999_answer_seconds"),
        cuts=_BY_AGENCY,
    ),
    Measure(
        14,
        "Police 101 answering",
        "As declared by the force. There is no national set, so compare a force only with itself.",
        "seconds waited; abandoned calls",
        "answered calls; offered calls",
        "sheet 4, measure 14",
        inputs=("calls_101_offered", "calls_101_abandoned", "calls_101_answered", "calls_101_wait_seconds"),
        cuts=_BY_AGENCY,
    ),
    Measure(
        22,
        "Mental health option of 111",
        "As declared from NHS England's monthly figures. A 95th percentile cannot be added up: each row is shown as "
        "it was "
        "published.",
        "abandoned calls; seconds",
        "offered calls; answered calls",
        "sheet 4, measure 22",
        inputs=(
            "option2_offered",
            "option2_abandoned",
            "option2_answered",
            "option2_answer_seconds",
            "option2_p95_seconds",
        ),
        cuts=_BY_AGENCY,
    ),
    Measure(
        23,
        "Crisis-line activity",
        "As declared from the Mental Health Services Data Set.",
        "contacts",
        "none",
        "sheet 4, measure 23",
        inputs=("crisis_line_contacts",),
        cuts=_BY_AGENCY,
    ),
    Measure(
        25,
        "Police time given to something else",
        "As declared by the force, by what it was given to. It is not a measure of anybody's safety.",
        "officer hours",
        "none",
        "sheet 4, measure 25",
        inputs=("hours_reinvested",),
        cuts=_BY_AGENCY,
    ),
)
