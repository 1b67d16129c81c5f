"""Whatever the facts: the parts of a cut add up to the whole, and an interval holds its value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from safehands.stats.frame import InMemory
from safehands.stats.intervals import wilson
from safehands.stats.measures.catalogue import MEASURES, PATHWAY, results
from safehands.stats.measures.declared import Period, Shape, Vintage, scoped
from unit.stats.given_facts import Facts

KINDS = (
    "decided",
    "raised",
    "lowered",
    "arrived",
    "milestone",
    "closed",
    "reopened",
    "outcome",
    "complaint",
    "challenged",
    "offered",
    "accepted",
    "declined",
    "lapsed",
    "contact",
    "asked",
    "sampled",
    "reviewed",
    "history",
    "status_began",
    "handed_over",
    "presence",
    "breached",
    "extended",
    "known",
)
CODES = (
    "transfer",
    "s136_removed",
    "detention",
    "death",
    "none_found",
    "arrival",
    "pass",
    "used",
    "advice_sought",
    "Q1 Q2",
    "AWOL",
    "yes",
    None,
)
NAMES = (
    "deploys",
    "not_deploys",
    "fatal",
    "none",
    "sex",
    "stream",
    "crime_related",
    "late",
    "police_station",
    "s136_removed",
    None,
)

fact = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from("abcd"),
    st.integers(0, 200),
    st.sampled_from(CODES),
    st.sampled_from(NAMES),
    st.sampled_from(("POL", "MHT", "AMB", None)),
    st.sampled_from(("x", "y", "z")),
    st.one_of(st.none(), st.integers(0, 9999)),
)


def facts_of(drawn: list[tuple[Any, ...]]) -> Facts:
    facts = Facts().opened("a", "b", "c", "d")
    for kind, case, at, code, name, agency, about, seconds in drawn:
        facts.add(
            kind,
            case,
            at,
            code=code,
            name=name,
            agency=agency,
            other_agency=agency,
            about=f"{case}.{about}",
            seconds=None if seconds is None else float(seconds),
        )
    return facts


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(fact, max_size=40), st.sampled_from(("sex", "stream", "hour", "agency")))
def test_the_parts_of_a_cut_add_up_to_the_whole(drawn: list[tuple[Any, ...]], cut: str) -> None:
    engine = InMemory(facts_of(drawn).rows)
    numbers = [number for number, measure in MEASURES.items() if measure.parts]
    whole = list(results(engine, Vintage(1), numbers=numbers))
    parts = list(results(engine, Vintage(1), numbers=numbers, cut=cut))
    for each in whole:
        if MEASURES[each.measure].parts and each.unit and each.part != "15.rate":
            same = [part for part in parts if (part.part, part.category) == (each.part, each.category)]
            assert sum(part.unknown for part in same) == each.unknown, each
            shape = next(part.shape for part in MEASURES[each.measure].parts if part.id == each.part)
            if each.numerator is not None:
                assert sum((part.numerator or Decimal(0) for part in same), Decimal(0)) == each.numerator, each
            if shape is not Shape.MIX:
                assert sum(part.base or 0 for part in same) == each.base, each
        if each.interval is not None and each.value is not None:
            assert each.interval[0] <= each.value <= each.interval[1]


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_interval_is_the_one_that_scipy_knows(hits: int, of: int) -> None:
    hits = min(hits, of)
    low, high = wilson(hits, of)
    known = binomtest(hits, of).proportion_ci(0.95, method="wilson")
    assert abs(float(low) - known.low) < 1e-12
    assert abs(float(high) - known.high) < 1e-12


@pytest.mark.parametrize(("hits", "of"), [(1, 0), (-1, 3), (4, 3), (0, 0)])
def test_an_interval_of_nothing(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="0 <= hits <= of"):
        wilson(hits, of)


@pytest.mark.parametrize(
    "part", [part for measure in MEASURES.values() for part in measure.parts], ids=lambda part: part.id
)
def test_the_same_expression_speaks_to_the_other_engine(part: Any) -> None:
    assert "SELECT" in ibis.to_sql(scoped(part.units(), PATHWAY, Period()), dialect="postgres")
