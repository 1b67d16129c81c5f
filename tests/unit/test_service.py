"""The one way in: idempotency, races, permissions, what other cases say, and what people may know of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from safehands.core import commands as c
from safehands.core.vocabulary import SYSTEM_ROLE, Actor, HappenedSource
from safehands.errors import NotFound, NotPermitted, Stale
from safehands.service import register
from safehands.service.handle import ATTEMPTS, Request
from safehands.service.permissions import check_may_act, may_act, may_log_off
from safehands.store.memory import MemoryStore
from safehands.store.ports import Append, Receipt, Token
from scenario import CALM, InUse, Story, case_id, in_use, person, refused, right_care

POL, AMB, MHT = person("POL"), person("AMB", "dispatcher"), person("MHT", "desk")


def engine(story: Story) -> InUse:
    assert isinstance(story.engine, InUse)
    return story.engine


def begun(story: Story | None = None) -> Story:
    story = (story or in_use()).at("10:00").opens(POL, said=CALM, phone="07700900001")
    story.does(POL, c.Conclude())
    return story


class Racing(MemoryStore):
    """A store in which somebody else is always, or once, a moment faster."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    def append_all(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        if self.lost and appends[0].stream.startswith("case/"):
            self.lost -= 1
            raise Stale("Somebody else wrote to this case.")
        return super().append_all(appends)


def test_somebody_else_was_a_moment_faster() -> None:
    store = Racing()
    story = begun(in_use(store=store))
    store.lost = ATTEMPTS - 1
    story.decides(POL, 4)
    assert story.decided == 4
    store.lost = ATTEMPTS
    with pytest.raises(Stale, match="Somebody else"):
        story.does(POL, c.Raise(5, "worse"))
    assert story.decided == 4


class Slow(MemoryStore):
    """A store whose first answer is lost on the way: what was sent is written, and is sent again meanwhile."""

    twice = False

    def append_all(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        if self.twice:
            self.twice = False
            super().append_all(appends)
        return super().append_all(appends)


def test_the_same_command_arrives_twice_at_the_same_moment() -> None:
    store = Slow()
    story = begun(in_use(store=store))
    store.twice = True
    before = story.case.version
    request = Request("same", case_id("case"), c.Raise(4, "worse"), POL, source=HappenedSource.LIVE)
    handled = engine(story).service.handle(request)
    assert handled.repeated
    assert handled.entries == ()
    assert handled.case.version > before
    again = engine(story).service.handle(request)
    assert again.repeated
    assert again.case == handled.case


def test_who_has_no_standing_finds_no_case() -> None:
    story = begun()
    service = engine(story).service
    with pytest.raises(NotFound):
        service.case(case_id("case"), agency="MHT")
    with pytest.raises(NotFound):
        story.does(MHT, c.Conclude())
    with pytest.raises(NotFound):
        story.does(POL, c.LinkCase(f"case/{case_id('nothing')}", ("phone",), "the same"))
    assert service.case(case_id("case"), agency="POL").holder == "POL"


def test_linking_two_cases_in_one_act() -> None:
    story = begun()
    story.in_case("other").opens(POL, said={**CALM, "life": "intent"})
    engine(story).service.link(case_id("case"), case_id("other"), ("address",), "the same flat", POL)
    assert engine(story).case("case").links == (f"case/{case_id('other')}",)
    assert engine(story).case("other").links == (f"case/{case_id('case')}",)
    assert story.in_case("case").concluded == 5


def test_another_agency_learns_that_a_case_exists_and_nothing_of_what_is_in_it() -> None:
    story = begun()
    story.in_case("theirs").opens(AMB, said={"life": "none"}, phone="+44 7700 900001")
    assert story.case.links == (f"case/{case_id('case')}",)
    assert f"case/{case_id('case')}" not in story.case.answers
    assert engine(story).case("case").links == ()


def test_a_case_of_last_year_is_not_read() -> None:
    story = begun()
    engine(story).case("case")
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL)
    story.at(story.now + register.HORIZON + timedelta(days=1))
    story.in_case("later").opens(POL, said=CALM, phone="07700900001")
    assert story.case.links == ()


def test_an_open_case_of_long_ago_is_known_to_exist_and_no_longer_read() -> None:
    story = begun()
    with engine(story).store.unit(agency="POL") as unit:
        stubs = unit.stubs((Token("phone", "07700900001"),), actor="a", agency="POL", reason="test", at=story.now)
        later = story.now + register.HORIZON + timedelta(days=1)
        assert register.of_stubs(unit, stubs, "case/x", engine(story).service.catalogue, later) == {}


def test_people_are_found_by_the_one_form_of_what_they_are_called() -> None:
    assert register.normal("phone", "+44 7700 900001") == "07700900001"
    assert register.normal("nhs_number", "943 476 5919") == "9434765919"
    assert register.normal("name", "  Ada   NOBODY ") == "ada nobody"
    story = begun()
    story.does(POL, c.IdentifyParty("p1", "subject", name="Ada Nobody", address="1 Some Street"))
    tokens = register.tokens_of(engine(story).entries("case"))
    assert tokens == (Token("name", "ada nobody"), Token("address", "1 some street"))


def test_two_callers_withhold_their_number_and_a_third_is_called_nothing() -> None:
    """Each gets a case at once, and none is taken for another."""
    story = in_use().at("10:00")
    for name in ("one", "two"):
        story.in_case(name).opens(POL, said=CALM, phone="number withheld")
        story.does(POL, c.IdentifyParty("p1", "subject", name="  ", phone="withheld", address="1 Some Street"))
    assert engine(story).case("one").links == (f"case/{case_id('two')}",), "the address ties them together"
    story.in_case("three").opens(POL, said=CALM, phone="number withheld")
    assert story.case.links == ()


def test_a_repeat_is_told_only_by_a_pathway_that_asks_for_it() -> None:
    story = begun()
    story.decides(POL, 0)
    silent = replace(right_care(), questions=tuple(q for q in right_care().questions if q.name != "repeat"))
    told = register.answers_of(story.case, right_care(), story.now)
    assert len(told) == len(register.answers_of(story.case, silent, story.now)) + 1


def test_people_who_only_read_and_a_system_that_only_keeps_time() -> None:
    analyst, system = person("POL", "analyst"), Actor("system", SYSTEM_ROLE, "POL")
    with pytest.raises(NotPermitted, match="reads cases"):
        check_may_act(analyst, c.Conclude())
    assert not may_act(analyst, c.Conclude())
    assert not may_act(system, c.Raise(5, "worse"))
    assert may_act(system, c.WithdrawOwnPage("page", "wrong codes were tried too often"))
    assert not may_act(POL, c.ClockDue("guarded", "breach", begun().now))
    assert may_act(POL, c.Conclude())
    assert may_log_off(POL, ())


def test_who_keeps_a_closed_case_may_go_home() -> None:
    story = begun()
    story.does(POL, c.SetKeeper(POL.actor))
    assert not may_log_off(POL, (story.case,))
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL)
    assert may_log_off(POL, (story.case,))
    with refused("case.closed"):
        story.does(POL, c.Raise(4, "worse"))
