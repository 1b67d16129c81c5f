"""Deadlines: each step is done once whoever sends it, and silence leads to help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safehands.cli import home
from safehands.core.commands import ClockDue, Conclude, Decide, TakeContact
from safehands.core.vocabulary import Actor, Answer, Contact, HappenedSource, Provenance
from safehands.errors import NotPermitted
from safehands.service import timers
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Request, Service
from safehands.store.memory import MemoryStore
from safehands.store.ports import DueClock

START = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HANDLER = Actor("handler.1", "handler", "POL")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START, learned_too=True)


@pytest.fixture
def service(clock: SetClock) -> Service:
    store = MemoryStore()
    service = Service(store, Catalogue(store), clock)
    home.ensure_adopted(service, home.FIRST_PATHWAY)
    return service


@pytest.fixture
def case_id(service: Service, clock: SetClock) -> str:
    """A call that nobody triages."""
    case_id = clock.new_id()
    contact = Contact("c1", "999", START, "POL")
    answers = (Answer("Q8", "speaking", Provenance.ASKED, START, "handler.1"),)
    take = TakeContact("AAAA-BBBB", contact, answers)
    service.handle(Request("take", case_id, take, HANDLER, pathway=home.FIRST_PATHWAY))
    return case_id


def test_nothing_is_due_before_its_time(service: Service, case_id: str) -> None:
    assert timers.run_due(service) == 0


def test_a_call_that_nobody_triages_gets_help_by_itself(service: Service, clock: SetClock, case_id: str) -> None:
    clock.move_to(START + timedelta(minutes=5))
    assert timers.run_due(service) == 1
    case = service.case(case_id, agency=None)
    assert case.conclusion is not None
    assert case.conclusion.outcome >= 3
    clock.move_to(START + timedelta(minutes=11))
    assert timers.run_due(service) >= 1
    case = service.case(case_id, agency=None)
    assert case.decided is not None
    assert case.decided.outcome >= 4
    assert case.decided.by == "system"


def test_two_workers_take_the_same_step(service: Service, clock: SetClock, case_id: str) -> None:
    clock.move_to(START + timedelta(minutes=5))
    (due,) = service.store.due(clock.now())
    assert timers.send(service, due) is True
    assert timers.send(service, due) is False
    version = service.case(case_id, agency=None).version
    assert timers.send(service, due) is False
    assert service.case(case_id, agency=None).version == version


def test_a_step_that_a_person_settled_in_between(service: Service, clock: SetClock, case_id: str) -> None:
    clock.move_to(START + timedelta(minutes=5))
    (due,) = service.store.due(clock.now())
    concluded = service.handle(Request("conclude", case_id, Conclude(), HANDLER)).case.conclusion
    assert concluded is not None
    decide = Decide(max(concluded.outcome, 4), concluded.outcome, form={"reason": "go"})
    service.handle(Request("decide", case_id, decide, HANDLER))
    assert timers.send(service, due) is False


def test_a_clock_of_a_case_that_is_not_there(service: Service, clock: SetClock) -> None:
    assert timers.send(service, DueClock(clock.new_id(), "triage", "breach", START)) is False


def test_a_worker_with_a_lease_leaves_nothing_for_the_second_meanwhile(
    service: Service, clock: SetClock, case_id: str
) -> None:
    clock.move_to(START + timedelta(minutes=5))
    assert service.store.due(clock.now(), lease=timedelta(minutes=1))
    assert timers.run_due(service, lease=timedelta(minutes=1)) == 0
    clock.move_to(START + timedelta(minutes=7))
    assert timers.run_due(service, lease=timedelta(minutes=1)) == 1


def test_a_person_cannot_send_what_only_the_timers_send(service: Service, clock: SetClock, case_id: str) -> None:
    clock.move_to(START + timedelta(minutes=5))
    (due,) = service.store.due(clock.now())
    command = ClockDue(due.clock, due.step, due.at)
    with pytest.raises(NotPermitted):
        service.handle(Request("x", case_id, command, HANDLER, source=HappenedSource.TIMER))
