"""The event loop on models that can be worked out by hand."""

from __future__ import annotations

import numpy as np

from safehands.sim.distributions import Distribution
from safehands.sim.layout import (
    ACCEPTED,
    AGAIN,
    CREW_CAME,
    DECLINED,
    DEPLOYED,
    LAPSED,
    PARTNER_CAME,
    RAISED,
    took_place,
)
from safehands.sim.queueing import batch_means, erlang_c, simulate_mmc

from .small import desk, exactly, model, played

SENDS = {"chance": 1.0}


def test_one_crew_serves_two_callers_in_turn() -> None:
    crews = desk(1, exactly(5), work=(exactly(10),))
    contacts = played(model([crews], [SENDS]), [1.0, 2.0]).contacts
    assert contacts["crew_sent"][:2].tolist() == [1.0, 16.0]
    assert contacts["crew_there"][:2].tolist() == [6.0, 21.0]
    assert contacts["crew_free"][:2].tolist() == [16.0, 31.0]


def test_an_urgent_caller_goes_before_one_who_waited_longer() -> None:
    crews = desk(1, exactly(10))
    programs = [{**SENDS, "level": 2}, {**SENDS, "level": 0}]
    contacts = played(model([crews], programs), [1.0, 2.0, 3.0], [0, 0, 1]).contacts
    assert contacts["crew_sent"][:3].tolist() == [1.0, 21.0, 11.0]


def test_nobody_is_served_before_the_desk_opens() -> None:
    night = tuple(0 if hour < 2 else 1 for hour in range(168))
    contacts = played(model([desk(night, exactly(3))], [SENDS]), [30.0]).contacts
    assert contacts["crew_sent"][0] == 120.0


def test_a_crew_still_out_when_the_shift_ends_takes_nobody_new() -> None:
    shrinks = tuple(2 if hour < 1 else 1 for hour in range(168))
    contacts = played(model([desk(shrinks, exactly(100))], [SENDS]), [10.0, 20.0, 70.0]).contacts
    assert contacts["crew_sent"][2] == 120.0  # one of two is free at 110, but only one place is left until 120


def test_a_delay_passes_before_a_crew_is_asked_for() -> None:
    contacts = played(model([desk(1, exactly(1), before=(exactly(7),))], [SENDS]), [0.0]).contacts
    assert contacts["crew_asked"][0] == 0.0
    assert contacts["crew_sent"][0] == 7.0


def test_no_supervisor_in_time_sends_help() -> None:
    crews, nobody = desk(5, exactly(1)), desk(0, exactly(1))
    result = played(model([crews, nobody], [{"guarded": 1}], supervisors=1, limit=5.0), [10.0])
    assert result.contacts["marks"][0] & (RAISED | CREW_CAME) == RAISED | CREW_CAME
    assert result.contacts["crew_sent"][0] == 15.0


def test_a_supervisor_who_is_too_slow_counts_as_none() -> None:
    crews, slow = desk(5, exactly(1)), desk(1, exactly(8))
    result = played(model([crews, slow], [{"guarded": 1}], supervisors=1, limit=5.0, deploys=0.0), [0.0])
    assert result.contacts["marks"][0] & RAISED
    assert result.contacts["decided"][0] == 5.0


def test_a_supervisor_decides_against_crews() -> None:
    crews, quick = desk(5, exactly(1)), desk(1, exactly(2))
    marks = played(model([crews, quick], [{"guarded": 1}], supervisors=1, limit=5.0), [0.0]).contacts["marks"][0]
    assert not marks & (RAISED | DEPLOYED)


def test_an_offer_that_nobody_answers_lapses_and_crews_go() -> None:
    crews, closed = desk(5, exactly(1)), desk(0, exactly(1))
    result = played(model([crews, closed], [{"partner": 1, "due": 20.0}], after_refusal=1.0), [0.0])
    assert result.contacts["marks"][0] & (LAPSED | CREW_CAME) == LAPSED | CREW_CAME
    assert result.contacts["crew_sent"][0] == 20.0


def test_an_answer_after_the_lapse_changes_nothing() -> None:
    crews, slow = desk(5, exactly(1)), desk(1, exactly(30), accepts=1.0)
    marks = played(model([crews, slow], [{"partner": 1, "due": 20.0}], after_refusal=1.0), [0.0]).contacts["marks"][0]
    assert marks & LAPSED
    assert not marks & ACCEPTED


def test_a_partner_who_accepts_keeps_the_desk_busy() -> None:
    crews, partner = desk(5, exactly(1)), desk(1, exactly(2), work=(exactly(30),))
    result = played(model([crews, partner], [{"partner": 1, "due": 60.0}]), [0.0, 1.0])
    assert result.contacts["answered"][:2].tolist() == [2.0, 34.0]
    assert (result.contacts["marks"][:2] & (ACCEPTED | PARTNER_CAME) == ACCEPTED | PARTNER_CAME).all()
    assert result.pools["busy"][1].sum() == 64.0


def test_a_partner_who_declines_sends_the_case_back() -> None:
    crews, partner = desk(5, exactly(1)), desk(1, exactly(2), accepts=0.0)
    result = played(model([crews, partner], [{"partner": 1, "due": 60.0}], after_refusal=1.0), [0.0])
    assert result.contacts["marks"][0] & (DECLINED | CREW_CAME) == DECLINED | CREW_CAME
    assert result.contacts["crew_sent"][0] == 2.0


def test_a_joint_response_sends_both_and_no_crew_twice() -> None:
    crews, partner = desk(5, exactly(1)), desk(1, exactly(2), accepts=0.0)
    result = played(model([crews, partner], [{**SENDS, "partner": 1, "due": 60.0}], after_refusal=1.0), [0.0])
    assert result.pools["asked"].sum(axis=1).tolist() == [1, 1]
    assert result.contacts["marks"][0] & (DECLINED | CREW_CAME) == DECLINED | CREW_CAME


def test_a_caller_to_whom_nobody_came_rings_again_twice_at_most() -> None:
    result = played(model([desk(1, exactly(1))], [{}], rings_again=1.0, pause=30.0), [0.0, 5.0])
    assert took_place(result).all()
    assert (result.contacts["marks"].reshape(3, -1)[:2] & AGAIN != 0).all()


def test_memory_used_again_forgets_the_calls_before() -> None:
    from safehands.sim.draws import key_of
    from safehands.sim.kernel import run
    from safehands.sim.layout import room_for

    room, rows = room_for(2), np.zeros((2, 3, 2), dtype=np.uint16)
    calls = np.array([0.0, 5.0])
    rings = model([desk(1, exactly(1))], [{}], rings_again=1.0, pause=30.0)
    stays = model([desk(1, exactly(1))], [SENDS], rings_again=1.0, pause=30.0)
    assert took_place(run(rings, calls, rows, key_of(1), room)).sum() == 6
    assert took_place(run(stays, calls, rows, key_of(1), room)).sum() == 2


def test_the_second_policy_holds_from_the_switch_on() -> None:
    both = model([desk(5, exactly(1))], [SENDS], switch=60.0)
    both.programs["chance"][1] = 0.0
    marks = played(both, [59.0, 60.0]).contacts["marks"][:2]
    assert (marks & DEPLOYED != 0).tolist() == [True, False]


def test_busy_minutes_stay_inside_the_window_and_fall_into_their_hours() -> None:
    result = played(model([desk(1, exactly(100))], [SENDS], warm_up=30.0, horizon=110.0, first_hour=167), [10.0])
    assert result.pools["busy"][0][[167, 0]].tolist() == [30.0, 50.0]


def test_the_control_room_and_the_crew_do_not_share_their_luck() -> None:
    minute = Distribution(mean=1.0)
    crews, room = desk(500, minute), desk(500, minute)
    contacts = played(model([crews, room], [SENDS], control_room=1), np.arange(2000.0).tolist()).contacts[:2000]
    handling, travel = contacts["triaged"] - contacts["arrived"], contacts["crew_there"] - contacts["crew_sent"]
    assert abs(np.corrcoef(handling, travel)[0, 1]) < 0.08


def test_erlang_knows_what_the_event_loop_does() -> None:
    """M/M/c in the loop of the pathway: theory's mean wait lies in the interval."""
    chance = np.random.default_rng(8)
    arrivals = np.cumsum(chance.exponential(1 / 8, 150_000))
    crews = desk(10, Distribution(mean=1.0))
    contacts = played(model([crews], [SENDS], horizon=arrivals[-1]), arrivals.tolist()).contacts[: len(arrivals)]
    waits = contacts["crew_sent"] - contacts["crew_asked"]
    mean, half = batch_means(waits, warm_up=5_000)
    theory = erlang_c(8, 1, 10)
    assert abs(mean - theory.mean_wait) < half * 1.5
    assert abs((waits > 0).mean() - theory.waits) < 0.02


def test_erlang_knows_what_the_loop_for_queues_does() -> None:
    waits = simulate_mmc(1_000_000, 8, 1, 10, seed=5)
    theory = erlang_c(8, 1, 10)
    mean, half = batch_means(waits, warm_up=10_000)
    assert abs(mean - theory.mean_wait) < half
    assert abs(np.quantile(waits, 0.9) - theory.quantile(0.9)) < 0.02
    assert theory.quantile(0.5) == 0.0


def test_a_textbook_value_of_erlang_c() -> None:
    assert round(erlang_c(2, 1, 3).waits, 4) == 0.4444  # 4/9: worked by hand for three desks with two desks' work
