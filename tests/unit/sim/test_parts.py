"""Arrivals, times, desks, contacts, figures: each by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from safehands.errors import BadInput
from safehands.pathways.load import load
from safehands.sim.agencies import Desk, always, places_of
from safehands.sim.arrivals import Arrivals, draw_arrivals, fit_arrivals
from safehands.sim.contacts import Kind, Mix, check_mix, draw_contacts, recorded
from safehands.sim.distributions import Distribution, Part, fit_lognormal, fit_quantiles, lognormal
from safehands.sim.draws import key_of
from safehands.sim.outcomes import differences, estimate
from safehands.sim.queueing import batch_means, erlang_c

WEEK = 10_080.0


def test_arrivals_come_when_their_hour_says() -> None:
    nights_only = Arrivals(tuple(6.0 if hour % 24 < 6 else 0.0 for hour in range(168)))
    times = draw_arrivals(nights_only, 20 * WEEK, key_of(1))
    assert ((times // 60) % 24 < 6).all()
    assert (np.diff(times) > 0).all()
    assert abs(len(times) - 20 * nights_only.per_week) < 4 * math.sqrt(20 * nights_only.per_week)


def test_what_was_simulated_is_fitted_back() -> None:
    shape = Arrivals(tuple(5 + 3 * math.sin(hour / 24 * 2 * math.pi) for hour in range(168)), 0.15)
    times = draw_arrivals(shape, 60 * WEEK, key_of(2))
    fitted = fit_arrivals(times, first_hour=0, weeks=60)
    assert abs(fitted.per_week / shape.per_week - 1) < 0.1
    assert 0.1 < fitted.week_spread < 0.2


def test_levels_are_taken_as_given() -> None:
    flat = Arrivals((1.0,) * 168)
    times = draw_arrivals(flat, 2 * WEEK, key_of(3), levels=[1.0, 0.0, 0.0])
    assert times.max() < WEEK
    with pytest.raises(BadInput, match="need 3 levels"):
        draw_arrivals(flat, 2 * WEEK, key_of(3), levels=[1.0])


def test_arrivals_name_everything_that_is_wrong() -> None:
    with pytest.raises(BadInput) as bad:
        Arrivals((-1.0,) * 24, 5)
    assert len(bad.value.faults) == 3
    with pytest.raises(BadInput, match="2 whole weeks"):
        fit_arrivals(np.array([1.0]), first_hour=0, weeks=1)


def test_a_year_of_calls_keeps_its_shape() -> None:
    year = Arrivals((1.0,) * 167 + (3.0,)).scaled_to(282_000)
    assert year.per_week * 365 / 7 == pytest.approx(282_000)
    assert year.hourly[167] == pytest.approx(3 * year.hourly[0])


def test_times_are_said_in_exactly_one_way() -> None:
    for wrong in (
        Distribution,
        lambda: Distribution(mean=1.0, quantiles=(1.0, 2.0)),
        lambda: Distribution(mean=0.0),
        lambda: Distribution(quantiles=(2.0, 1.0)),
        lambda: Distribution(parts=(Part(1.0, -1.0, 0.5),)),
    ):
        with pytest.raises(BadInput):
            wrong()


def test_times_are_what_they_were_fitted_to() -> None:
    times = np.exp(np.random.default_rng(4).normal(2.0, 0.8, 4000))
    for fitted in (fit_quantiles(times), fit_lognormal(times)):
        assert fitted.value(0.5) == pytest.approx(np.median(times), rel=0.05)
        assert fitted.value(0.9) == pytest.approx(np.quantile(times, 0.9), rel=0.07)
    assert lognormal(10, 0.5).value(0.5) == pytest.approx(10)
    assert Distribution(mean=2.0).value(0.5) == pytest.approx(2 * math.log(2))
    with pytest.raises(BadInput, match="no time"):
        fit_quantiles([math.nan, -3.0])


def test_shifts_add_up_and_run_past_midnight() -> None:
    places = places_of([{"places": 1}, {"days": ["sun"], "from": 22, "to": 6, "places": 2}])
    assert places[6 * 24 + 23] == 3
    assert places[5] == 3  # Monday, before six
    assert places[6] == 1


def test_shifts_name_everything_that_is_wrong() -> None:
    with pytest.raises(BadInput) as bad:
        places_of([{"days": "sometimes", "places": 1}, {"places": "two"}, {"from": 30, "places": 1}, {"places": -1}])
    assert len(bad.value.faults) == 4


def test_desks_name_everything_that_is_wrong() -> None:
    with pytest.raises(BadInput) as bad:
        Desk("d", (1,), (None, None), accepts=2.0)
    assert len(bad.value.faults) == 3


def test_what_no_share_claims_is_unknown() -> None:
    pathway = load("right-care")
    mix = Mix(kinds=(Kind("half", 1.0, {"life": {"none": 0.5}}),))
    check_mix(mix, pathway)
    columns = draw_contacts(mix, pathway, 4000, key_of(5))
    domain = next(column.domain for column in pathway.inputs if column.name == "life")
    counts = np.bincount(columns["life"], minlength=len(domain)) / 4000
    assert counts[domain.index("unknown")] == pytest.approx(0.5, abs=0.04)
    assert counts[domain.index("none")] == pytest.approx(0.5, abs=0.04)


def test_recorded_contacts_keep_what_belongs_together() -> None:
    pathway = load("right-care")
    mix = recorded(pathway, [{"Q6": "intent", "Q8": "none"}, {"Q6": "none", "Q8": "speaking"}])
    check_mix(mix, pathway)
    columns = draw_contacts(mix, pathway, 500, key_of(6))
    domain = {column.name: column.domain for column in pathway.inputs}
    intent, none = domain["life"].index("intent"), domain["resp"].index("none")
    assert ((columns["life"] == intent) == (columns["resp"] == none)).all()
    assert 150 < (columns["life"] == intent).sum() < 350


def test_a_mix_names_everything_that_is_wrong() -> None:
    kinds = (Kind("a", -1.0, {"colour": {"red": 1.0}, "life": {"maybe": 0.5}, "harm": {"no": 0.9, "yes": 0.3}}),)
    with pytest.raises(BadInput) as bad:
        check_mix(Mix(kinds=kinds, recorded=({"life": "perhaps"},)), load("right-care"))
    assert len(bad.value.faults) == 6
    with pytest.raises(BadInput, match="neither kinds"):
        check_mix(Mix(), load("right-care"))


def test_estimates_leave_out_what_is_not_there() -> None:
    assert estimate([1.0, 3.0, math.nan]).replications == 2
    assert estimate([1.0, 3.0]).low < 1.0
    assert math.isnan(estimate([2.0]).low)
    assert estimate([math.nan]).replications == 0


def test_pairs_take_chance_off() -> None:
    before, after = [{"x": 10.0}, {"x": 20.0}, {"x": 30.0}], [{"x": 11.0}, {"x": 21.0}, {"x": 31.0}]
    paired = differences(before, after)["x"]
    assert (paired.low, paired.high) == (1.0, 1.0)


def test_a_queue_that_grows_for_ever_is_refused() -> None:
    with pytest.raises(BadInput, match="grows for ever"):
        erlang_c(10, 1, 10)
    with pytest.raises(BadInput, match="too few"):
        batch_means(np.zeros(10), warm_up=5)


def test_always_is_every_hour() -> None:
    assert always(3) == (3,) * 168
