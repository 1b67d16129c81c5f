"""Figures that somebody declares: read strictly, shown with their source, never made up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from safehands.errors import BadInput
from safehands.stats.intervals import nearest_rank, rounded
from safehands.stats.measures.declared import Period, period_of
from safehands.stats.measures.inputs import COLUMNS, SERIES, Inputs, read_inputs, template
from unit.stats.given_facts import Facts, computed, one

HEAD = ",".join(COLUMNS) + "\n"


def declared(*rows: str) -> Inputs:
    return read_inputs(HEAD + "\n".join(rows))


def month(series: str, first: str, last: str, value: str, agency: str = "POL", category: str = "") -> str:
    return f"{series},{agency},{first},{last},{category},{value},annual report,theirs"


def test_a_measure_without_its_figures_says_which_it_lacks() -> None:
    for number in (2, 3, 4, 13, 14, 22, 23, 25):
        for each in computed(Facts(), number):
            assert each.value is None
            assert "no input for" in each.note


def test_every_fault_of_a_file_is_named_at_once() -> None:
    with pytest.raises(BadInput) as said:
        declared(
            "shoes,POL,2026-01-01,2026-01-31,,5,report,",
            "all_calls,,2026-01-01,2026-13-31,,x,,",
            "all_calls,POL,2026-02-01,2026-01-01,,-3,r,",
        )
    assert len(said.value.faults) == 7
    assert said.value.faults[0].startswith("inputs, line 2")


def test_a_file_of_something_else() -> None:
    with pytest.raises(BadInput, match="columns series"):
        read_inputs("a,b\n1,2\n")


@pytest.mark.parametrize("value", ["NaN", "inf", ""])
def test_a_value_that_is_no_number(value: str) -> None:
    with pytest.raises(BadInput, match="must be a number"):
        declared(month("all_calls", "2026-01-01", "2026-01-31", value))


def test_the_template_has_a_row_for_every_series() -> None:
    lines = template().splitlines()
    assert lines[0] == HEAD.strip()
    assert [line.split(",")[0] for line in lines[1:]] == list(SERIES)


def test_answer_times_are_shares_and_means_with_their_source() -> None:
    inputs = declared(
        month("calls_999_answered", "2026-01-01", "2026-01-31", "200"),
        month("calls_999_within_10s", "2026-01-01", "2026-01-31", "150"),
        month("calls_999_from_60s", "2026-01-01", "2026-01-31", "300"),
        month("calls_999_answer_seconds", "2026-01-01", "2026-01-31", "3205"),
    )
    found = {each.part: each for each in computed(Facts(), 13, inputs=inputs)}
    assert (found["13.10s"].value, found["13.10s"].base) == (Decimal("0.7500"), 200)
    assert found["13.10s"].note == "From declared input, not from the ledger: annual report."
    assert found["13.60s"].value is None
    assert "do not belong together" in found["13.60s"].note
    assert found["13.mean"].value == Decimal("16.0")  # 16.025


def test_percentiles_are_not_added_up_and_hours_are_kept_by_purpose() -> None:
    inputs = declared(
        month("option2_p95_seconds", "2026-01-01", "2026-01-31", "230"),
        month("option2_p95_seconds", "2026-02-01", "2026-02-28", "100"),
        month("hours_reinvested", "2026-01-01", "2026-01-31", "10", category="victims"),
        month("hours_reinvested", "2026-01-01", "2026-01-31", "7"),
    )
    assert [each.value for each in computed(Facts(), 22, inputs=inputs) if each.part == "22.p95"] == [230, 100]
    assert {each.category: each.value for each in computed(Facts(), 25, inputs=inputs)} == {"victims": 10, None: 7}


def test_calls_of_a_month_outside_the_period_are_left_out() -> None:
    inputs = declared(
        month("crisis_line_contacts", "2026-01-01", "2026-01-31", "5"),
        month("crisis_line_contacts", "2026-02-01", "2026-02-28", "7"),
    )
    assert one(Facts(), 23, inputs=inputs, period=Period("2026-02-01", None)).value == 7


def deployed_in_february(deployments: int) -> Facts:
    facts = Facts().opened("first", at=-60).opened("last", at=24 * 25)  # 1 and 28 February
    for n in range(deployments):
        facts.opened(f"c{n}").add("arrived", f"c{n}", agency="POL")
    return facts


BASELINE = (
    month("baseline_deployments", "2024-02-01", "2024-02-29", "10"),
    month("baseline_deployments", "2025-02-01", "2025-02-28", "13"),
    month("baseline_deployments", "2025-02-01", "2025-02-20", "999"),  # no whole month: it says nothing of one
)
FEBRUARY = Period("2026-02-01", "2026-02-28")


def test_avoided_is_the_mean_of_the_same_month_less_what_there_was() -> None:
    found = one(deployed_in_february(4), 2, inputs=declared(*BASELINE), period=FEBRUARY)
    assert (found.value, found.numerator, found.category) == (Decimal("7.5"), 4, "2026-02")


def test_half_a_month_avoids_nothing() -> None:
    found = one(deployed_in_february(4), 2, inputs=declared(*BASELINE), period=Period("2026-02-02", "2026-02-28"))
    assert found.value is None
    assert "No whole month" in found.note
    assert one(Facts(), 2, inputs=declared(*BASELINE)).value is None


def test_hours_saved_print_their_formula() -> None:
    inputs = declared(
        *BASELINE,
        month("baseline_hours_per_deployment", "2024-01-01", "2024-12-31", "3"),
        month("baseline_hours_per_deployment", "2025-01-01", "2025-12-31", "4"),
    )
    found = one(deployed_in_february(4), 3, inputs=inputs, period=FEBRUARY)
    assert found.value == Decimal("26.3")  # 3.5 x 7.5 = 26.25, half up
    assert "3.50 hours a deployment" in found.note
    assert "7.5 deployments avoided in 1 whole months" in found.note


def test_the_share_of_demand_counts_the_days_that_the_rows_cover() -> None:
    facts = Facts().opened("a")
    facts.add("contact", "a").add("contact", "a", 24 * 30)
    found = one(facts, 4, inputs=declared(month("all_calls", "2026-02-01", "2026-02-28", "8")))
    assert (found.value, found.numerator, found.base) == (Decimal("0.1250"), 1, 8)


def test_a_force_is_compared_with_its_own_rows() -> None:
    facts = Facts().opened("a", force="POL-east").opened("b", force="POL-west")
    for case in "ab":
        facts.add("status_began", case, about=case, code="s136_removed", name="mental_health_suite")
    inputs = declared(
        month("population", "2026-01-01", "2026-12-31", "100000", "POL-east"),
        month("population", "2026-01-01", "2026-12-31", "50000", "POL-west"),
    )
    found = {
        each.cut_value: each.value
        for each in computed(facts, 15, cut="agency", inputs=inputs)
        if each.part == "15.rate"
    }
    assert found == {"POL-east": Decimal("1.0"), "POL-west": Decimal("2.0")}


@pytest.mark.parametrize(
    ("first", "last"), [("yesterday", None), ("2026-2-1", None), (None, "2026-02-30"), ("2026-03-01", "2026-02-01")]
)
def test_days_that_are_none(first: str | None, last: str | None) -> None:
    with pytest.raises(BadInput):
        period_of(first, last)


def test_halves_go_up_and_ranks_are_values_that_somebody_waited() -> None:
    assert rounded(Fraction(5, 100), 1) == Decimal("0.1")
    assert rounded(Fraction(1, 3), 4) == Decimal("0.3333")
    assert nearest_rank({Decimal(5): 1}, Fraction(19, 20)) == 5
    assert nearest_rank({Decimal(1): 19, Decimal(9): 1}, Fraction(19, 20)) == 1
    with pytest.raises(ValueError, match="no values"):
        nearest_rank({}, Fraction(1, 2))
