"""Fitting and predicting: on made-up exports whose truth is known, and on a real one (``SAFEHANDS_DATA``)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from safehands.errors import BadInput
from safehands.sim import maps
from safehands.sim.experiment import Plan, Setting, simulate_plan
from safehands.sim.export import Incident
from safehands.sim.fit import fit_agency, fit_area, fit_levels, fit_times, levels_by_call
from safehands.sim.observations import WEEK_MINUTES, Observations, observe, observe_export
from safehands.sim.parameters import load_parameters, read_parameters
from safehands.sim.parameters_text import write_parameters
from safehands.sim.validate import Validation, validate

DATA = os.environ.get("SAFEHANDS_DATA")
needs_data = pytest.mark.skipif(DATA is None, reason="SAFEHANDS_DATA is not set: this set may not be packaged")

MONDAY = datetime(2030, 1, 7, tzinfo=UTC)


def made_up(weeks: int, *, per_week: int = 400, drift: float = 0.0, seed: int = 1, agency: str = "POL") -> Observations:
    """Calls whose times are lognormal, with ``drift`` added to the logarithm each week."""
    chance = np.random.default_rng(seed)
    received = np.sort(chance.uniform(0, weeks * WEEK_MINUTES, weeks * per_week))
    shift = drift * (received // WEEK_MINUTES)
    words = chance.choice(["robbery", "welfare", "noise"], len(received))
    base = np.select([words == "robbery", words == "welfare"], [0.5, 1.5], 3.0)

    def times(centre: np.ndarray | float, spread: float) -> np.ndarray:
        return np.exp(centre + shift + spread * chance.standard_normal(len(received)))

    return Observations(
        monday=MONDAY,
        agency=np.full(len(received), agency),
        words=words,
        matter=np.ones(len(received), dtype=np.bool_),
        received=np.append(received[:-1], weeks * WEEK_MINUTES + 1),  # so that the last week is whole
        held=times(base, 0.5),
        accepted=times(0.1, 0.4),
        reach=times(1.8, 0.5),
        work=times(3.0, 0.8),
        out=times(3.3, 0.7),
    )


def test_weeks_like_those_before_are_predicted() -> None:
    validation = validate(made_up(12), seed=3, simulated_weeks=60)
    assert (validation.fitted, validation.held_out) == (8, 4)
    assert len(validation.predictions) == 3 * 2 * 4
    assert validation.inside >= validation.least_inside
    assert not validation.outside_together


def test_weeks_that_have_changed_are_found_out() -> None:
    """The check can fail: where every wait triples after the fitted part, it says so."""
    seen = made_up(12)
    later = seen.received >= 8 * WEEK_MINUTES
    for column in (seen.held, seen.reach, seen.work):
        column[later] *= 3
    validation = validate(seen, seed=3, simulated_weeks=60)
    assert validation.inside < validation.least_inside
    assert validation.outside_together


def test_nothing_of_the_held_out_weeks_reaches_the_fit() -> None:
    seen, other = made_up(12), made_up(12)
    other.held[other.received >= 8 * WEEK_MINUTES] *= 100
    assert fit_agency(seen, "POL", 8) == fit_agency(other, "POL", 8)


def test_levels_follow_how_long_a_wording_is_held() -> None:
    seen = made_up(4)
    level_of = fit_levels(seen)
    assert level_of["robbery"] < level_of["welfare"] < level_of["noise"]
    assert levels_by_call(seen.only(seen.words == "noise"), {}).tolist()[:1] == [2]


def test_few_times_are_fitted_smoothly() -> None:
    assert len(fit_times(np.arange(1.0, 40.0)).parts) == 1
    assert fit_times(np.arange(1.0, 400.0)).quantiles


def test_an_export_too_short_to_learn_from() -> None:
    with pytest.raises(BadInput, match="too few to fit on"):
        validate(made_up(3))
    with pytest.raises(BadInput, match="too few to fit anything"):
        fit_agency(made_up(4), "FRS", 4)


def test_a_fitted_area_is_a_file_that_runs() -> None:
    police, ambulance = made_up(4), made_up(4, agency="AMB", per_week=90, seed=2)
    columns = {
        name: np.concatenate([getattr(police, name), getattr(ambulance, name)])
        for name in ("agency", "words", "matter", "received", "held", "accepted", "reach", "work", "out")
    }
    both = Observations(monday=MONDAY, **columns)
    both.matter[both.words == "noise"] = False  # nobody's health: the area is not fitted to it
    fitted = fit_area(load_parameters("right-care"), both, police="POL", partners=("AMB", "FRS"))
    assert fitted.provenance["partner.FRS"].startswith("default: FRS: 0 calls")
    noise = int((both.words[both.received < 4 * WEEK_MINUTES] == "noise").sum())
    assert f"fitted from {1959 - 1 - noise} health and welfare calls" in fitted.provenance["arrivals"]
    assert "default" in fitted.provenance["contacts"]
    assert fitted.arrivals.per_week == pytest.approx(490 * 2 / 3, rel=0.1)
    again = read_parameters(write_parameters(fitted))
    from safehands.pathways.load import load
    from safehands.sim.policies import Policy

    outcome = simulate_plan(again, Plan(Policy("p", load("right-care"))), Setting(weeks=2, replications=2))
    assert outcome.estimates["matters"].mean == pytest.approx(fitted.arrivals.per_week, rel=0.2)


def test_times_that_run_backwards_are_no_times() -> None:
    chart = maps.load("dispatch-centre")
    start = datetime(2030, 1, 9, 12, tzinfo=UTC)
    instants = {
        "received": start,
        "queued": start + timedelta(minutes=1),
        "offered": start + timedelta(minutes=4),
        "arrived": start + timedelta(minutes=10),
        "released": start + timedelta(minutes=9),
    }
    row = Incident(2, "1", "POL", "phone", "WELFARE CHECK", {}, instants, repeated_hour=False)
    seen = observe([row], chart)
    assert (seen.held[0], seen.reach[0], seen.out[0]) == (3.0, 6.0, 5.0)
    assert np.isnan(seen.work[0])
    assert np.isnan(seen.accepted[0])
    assert seen.monday == datetime(2030, 1, 14, 5, tzinfo=UTC)  # midnight in the export's own zone
    with pytest.raises(BadInput, match="no row went to an agency"):
        observe([], chart)


@pytest.fixture(scope="module")
def real() -> Observations:
    assert DATA is not None
    path = Path(DATA) / "calls" / "dispatch-centre-2025.csv.gz"
    return observe_export(path, maps.load("dispatch-centre"), datetime(2026, 1, 1, tzinfo=UTC), without=("officer",))


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("fitted", [6, 7, 8])
def test_held_out_weeks_of_a_real_dispatch_centre(real: Observations, fitted: int) -> None:
    """Medians and p90s of three waits of three services: none lies outside what was stated for all of them."""
    assert real.weeks == 10
    validation: Validation = validate(real, fitted=fitted, simulated_weeks=100)
    assert len(validation.predictions) == 3 * 3 * 2 * (10 - fitted)
    assert not validation.outside_together
    assert validation.inside >= validation.least_inside


@needs_data
def test_what_is_read_agrees_with_a_plain_count(real: Observations) -> None:
    """Cross-checked with a few lines of csv."""
    import csv
    import gzip

    assert DATA is not None
    with gzip.open(Path(DATA) / "calls" / "dispatch-centre-2025.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["Call_Reception"] != "OFFICER"]
    assert 0 <= len(rows) - len(real) <= real.refused
    held = [
        (datetime.fromisoformat(row["Incident_Dispatch_Time"]) - datetime.fromisoformat(row["Incident_Queue_Time"]))
        for row in rows
        if row["Agency"] == "POLICE"
    ]
    plain = float(np.median([each.total_seconds() / 60 for each in held]))
    assert float(np.nanmedian(real.held[real.agency == "POL"])) == pytest.approx(plain, rel=0.01)
