"""Drawing decisions for review: nobody chooses them, nobody draws twice, and anybody can draw them again."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from safehands.core import commands as c
from safehands.errors import BadInput, NotFound, NotPermitted
from safehands.service import sampling
from safehands.stats.frame import InMemory
from safehands.stats.measures.catalogue import results
from safehands.stats.measures.declared import Vintage
from scenario import CALM, InUse, Story, in_use, person, refused

POL, SERGEANT, INSPECTOR = person("POL"), person("POL", "supervisor"), person("POL", "inspector")
DAY, NEXT = "2026-02-03", "2026-02-04"


def decided(cases: int = 4) -> tuple[Story, Any]:
    """As many decisions, and the day is over."""
    story = in_use().at("10:00")
    for n in range(cases):
        story.in_case(f"n{n}").opens(POL, said=CALM)
        story.does(POL, c.Conclude())
        story.decides(POL, 0)
    engine = story.engine
    assert isinstance(engine, InUse)
    engine.clock.move_to(story.now.replace(day=4, hour=9))
    return story, engine.service


def test_a_sample_is_drawn_listed_reviewed_and_measured() -> None:
    _story, service = decided()
    event = sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="1")
    assert event.among == len(event.drawn) == 4
    listed = sampling.to_review(service.store, "right-care", DAY, DAY)
    assert [each.result for each in listed] == [None] * 4
    sampling.review(service, INSPECTOR, listed[0], "pass", "whole and right")
    sampling.review(service, INSPECTOR, listed[1], "fail", "no reason")
    assert [each.result for each in sampling.to_review(service.store, "right-care", DAY, DAY)] == [
        "pass",
        "fail",
        None,
        None,
    ]
    (quality,) = results(InMemory(service.store.facts()), Vintage(1), numbers=[11])
    assert (quality.numerator, quality.base, quality.unknown) == (1, 4, 2)


def test_anybody_can_draw_the_same_sample_again() -> None:
    _, service = decided(40)
    event = sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")
    made = [str(row["about"]) for row in service.store.facts(kind="decided")]
    assert tuple(each.decision for each in event.drawn) == sampling.sample(made, event.seed, 0.5)
    assert 5 < len(event.drawn) < 35


def test_a_supervisor_who_does_not_like_the_draw_draws_again() -> None:
    _, service = decided()
    sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")
    with refused("sample.drawn"):
        sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")


def test_a_longer_period_that_holds_the_day_whose_draw_did_not_please() -> None:
    _, service = decided()
    sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")
    with refused("sample.drawn"):
        sampling.draw(service, SERGEANT, "right-care", "2026-02-01", DAY, rate="0.5")
    sampling.draw(service, SERGEANT, "right-care", "2026-02-01", "2026-02-02", rate="0.5")
    assert sampling.drawn(service.store, "right-care", DAY, DAY).first_day == DAY


def test_two_supervisors_draw_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _, service = decided()
    monkeypatch.setattr(sampling, "_draws", lambda store, pathway: ())
    sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")
    with refused("sample.drawn"):
        sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")


def test_a_period_that_has_not_ended_and_a_rate_that_is_none() -> None:
    _, service = decided()
    with pytest.raises(BadInput) as said:
        sampling.draw(service, SERGEANT, "right-care", NEXT, DAY, rate="2")
    assert len(said.value.faults) == 2
    with pytest.raises(BadInput, match="has not ended"):
        sampling.draw(service, SERGEANT, "right-care", DAY, NEXT, rate="0.1")
    with pytest.raises(BadInput, match="share above 0"):
        sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="half")
    with pytest.raises(BadInput, match="first and the last day"):
        sampling.draw(service, SERGEANT, "right-care", "yesterday", DAY, rate="0.1")


def test_somebody_who_only_takes_calls_does_not_review() -> None:
    _, service = decided()
    assert not sampling.may_review(POL)
    with pytest.raises(NotPermitted):
        sampling.draw(service, POL, "right-care", DAY, DAY, rate="1")


def test_nothing_was_drawn() -> None:
    _, service = decided(0)
    with pytest.raises(NotFound):
        sampling.drawn(service.store, "right-care", DAY, DAY)


def test_decisions_of_another_day_are_not_drawn() -> None:
    _, service = decided()
    assert sampling.draw(service, SERGEANT, "right-care", "2026-02-01", "2026-02-02", rate="1").among == 0


def test_the_same_day_spelt_another_way_is_not_drawn_again() -> None:
    _, service = decided()
    sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="0.5")
    with pytest.raises(BadInput, match="Write days as"):
        sampling.draw(service, SERGEANT, "right-care", DAY.replace("-", ""), DAY, rate="0.5")


def test_a_drawn_decision_is_found_in_its_own_case_only() -> None:
    _, service = decided(2)
    sampling.draw(service, SERGEANT, "right-care", DAY, DAY, rate="1")
    one, other = sampling.ever_drawn(service.store, "right-care")
    find = partial(sampling.find_drawn, service.store, "right-care")
    assert find(one.case, one.decision) == find(one.case, one.decision[:-1]) == one
    for case, decision in ((other.case, one.decision), (one.case, ""), (one.case, "nothing")):
        with pytest.raises(NotFound):
            find(case, decision)
    assert sampling.ever_drawn(service.store, "other-incident") == ()


def test_the_beginning_of_two_drawn_decisions_of_a_case() -> None:
    story = in_use().at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.decides(POL, 0)
    story.decides(POL, 0)
    engine = story.engine
    assert isinstance(engine, InUse)
    engine.clock.move_to(story.now.replace(day=4, hour=9))
    sampling.draw(engine.service, SERGEANT, "right-care", DAY, DAY, rate="1")
    one, other = sampling.ever_drawn(engine.service.store, "right-care")
    alike = one.decision[:1]
    assert other.decision.startswith(alike)
    with pytest.raises(BadInput, match="2 drawn decisions"):
        sampling.find_drawn(engine.service.store, "right-care", one.case, alike)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_that_is_no_share(rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        sampling.in_sample("d", "s", rate)


def test_all_and_none() -> None:
    ids = [f"d{n}" for n in range(50)]
    assert sampling.sample(ids, "seed", 1) == tuple(ids)
    assert sampling.sample(ids, "seed", 0) == ()
