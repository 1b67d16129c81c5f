"""The day that ``safehands demo`` plays: forty calls through the one door, and every way in which a handover can
end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from safehands.cli import demo_day, home
from safehands.core.rules import RULES
from safehands.errors import BadInput, Refused
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.service.verification import verify_ledger
from safehands.store.memory import MemoryStore


@pytest.fixture(scope="module")
def played() -> tuple[Service, dict[str, str], list[str]]:
    """The day, played on a store of its own: the service, the cases by name, what was said."""
    store = MemoryStore()
    service = Service(store, Catalogue(store), SystemClock())
    home.ensure_adopted(service, home.FIRST_PATHWAY)
    said: list[str] = []

    def tell(_: datetime, sentence: str) -> None:
        said.append(sentence)

    return service, demo_day.play(service, demo_day.whole_day(), tell), said


def test_forty_calls_and_each_case_ends_in_somebodys_hands(played: tuple[Service, dict[str, str], list[str]]) -> None:
    service, cases, said = played
    contacts = sum(len(service.case(case_id, agency=None).contacts) for case_id in cases.values())
    assert contacts == 40
    assert {row["status"] for row in service.store.pictures("case_picture", agency=None)} == {"closed"}
    assert len(said) >= 40
    service.store.seal(at=service.clock.now())
    checked = verify_ledger(service.store)
    assert (checked.ok, checked.unowned_seconds, checked.two_holders) == (True, 0, 0)


def test_every_way_in_which_a_handover_can_end(played: tuple[Service, dict[str, str], list[str]]) -> None:
    service, cases, _ = played
    offers = service.store.pictures("offer_picture", agency=None)
    assert {"accepted", "declined", "lapsed"} <= {offer["status"] for offer in offers}
    assert sum(bool(offer["by_word"]) for offer in offers) == 2
    road, centre, line = (service.case(cases[name], agency=None) for name in ("road", "centre", "line"))
    assert [clock.status for clock in road.clocks.values() if clock.spec == "detention"] == ["stopped"]
    assert next(iter(centre.challenges.values())).state == "changed"
    assert [holding.agency for holding in centre.holdings] == ["REP-millside", "POL"]
    assert any(task.kind == "call_back" for task in line.tasks.values())


def test_three_calls_about_one_door(played: tuple[Service, dict[str, str], list[str]]) -> None:
    service, cases, _ = played
    stairs, door = (service.case(cases[name], agency=None) for name in ("stairs", "door"))
    assert (stairs.links, door.links) == ((door.stream,), (stairs.stream,))
    assert stairs.conclusion is not None
    assert "A11.1" in stairs.conclusion.rows
    assert door.conclusion is not None
    assert door.conclusion.outcome == 5


def test_what_the_day_says_is_refused_is_refused_by_a_rule_that_exists() -> None:
    refused = {step.refused for step in demo_day.whole_day().steps} - {""}
    assert len(refused) >= 7
    assert refused <= set(RULES)


def test_a_day_in_which_something_goes_otherwise_than_written() -> None:
    day = demo_day.whole_day()
    store = MemoryStore()
    service = Service(store, Catalogue(store), SystemClock())
    home.ensure_adopted(service, home.FIRST_PATHWAY)
    first = replace(day, steps=(replace(day.steps[0], refused="case.closed"),))
    with pytest.raises(AssertionError, match="nobody refused"):
        demo_day.play(service, first, lambda at, sentence: None)
    twice = replace(
        day,
        steps=(
            day.steps[0],
            replace(day.steps[0], do="CloseCase", given={"reason": "x", "outcome": "y"}, refused="case.open"),
        ),
    )
    with pytest.raises(Refused):
        demo_day.play(service, twice, lambda at, sentence: None)
    with pytest.raises(BadInput):
        demo_day.read_day("date = ", "a_day.toml")
