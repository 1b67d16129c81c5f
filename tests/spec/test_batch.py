"""Many commands to a transaction: the same decisions as one at a time, the same rows, deadlines at their own
instants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from safehands import codec
from safehands.core.commands import AcceptOffer, CloseCase, Command, OfferHandover, ReopenCase, TakeContact
from safehands.core.events import Entry, Event, HandoverLapsed
from safehands.core.vocabulary import Actor, Contact, HappenedSource
from safehands.errors import NotFound, NotPermitted, Refused, Stale
from safehands.pathways.load import load
from safehands.projections import pictures
from safehands.service.batch import Batch, due_request
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Request, Service
from safehands.store.memory import MemoryStore
from safehands.store.ports import PICTURE_KEYS

DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CASE = str(UUID(int=1))
OTHER = str(UUID(int=2))
CONTROL = Actor("a", "dispatcher", "CTR")
AMBULANCE = Actor("b", "dispatcher", "AMB")


def after(minutes: float) -> datetime:
    """So many minutes into the story."""
    return DAY + timedelta(minutes=minutes)


def said(minutes: float, command: Command, by: Actor = CONTROL, case: str = CASE) -> Request:
    """A command of an export, at its time."""
    name = f"{case}/{type(command).__name__}/{minutes}"
    return Request(name, case, command, by, after(minutes), HappenedSource.EXPORT, "other-incident")


def taken(minutes: float, case: str = CASE) -> Request:
    """A contact that opens a case."""
    contact = Contact(f"{case}.contact", "phone", after(minutes), "CTR")
    return said(minutes, TakeContact(f"ref-{case[-1]}", contact), case=case)


def offered(minutes: float, case: str = CASE) -> Request:
    """An offer to the ambulance service."""
    return said(minutes, OfferHandover("AMB", "dispatch", "go"), case=case)


def accepted(minutes: float, offer: Request) -> Request:
    """Its acceptance."""
    return said(minutes, AcceptOffer(f"{offer.command_id}.1", "CTR"), AMBULANCE, offer.case_id)


def closed(minutes: float, by: Actor, case: str = CASE) -> Request:
    """The holder closes."""
    return said(minutes, CloseCase(by.agency, "done", "out_of_scope"), by, case)


STORY = [
    taken(0),
    offered(1),
    taken(2, OTHER),
    accepted(3, offered(1)),
    offered(4, OTHER),
    closed(30, AMBULANCE),
    closed(40, CONTROL, OTHER),
]


@pytest.fixture
def service() -> Service:
    """The kernel on an empty store, with the pathway adopted."""
    store = MemoryStore()
    clock = SetClock(DAY, learned_too=True)
    catalogue = Catalogue(store)
    catalogue.adopt(load("other-incident"), clock, CONTROL, AMBULANCE)
    return Service(store, catalogue, clock)


def entries(service: Service, case: str) -> list[Entry]:
    """What the store holds of a case."""
    stored = service.store.entries(f"case/{case}", agency=None)
    return [codec.decode(each.entry) for each in stored if each.entry is not None]


def events(service: Service, case: str) -> list[Event]:
    """The events alone."""
    return [entry.event for entry in entries(service, case)]


def batch(service: Service, **more: int) -> Batch:
    """A batch that begins with the story."""
    return Batch(service, SetClock(DAY, learned_too=True), **more)


def one_at_a_time(service: Service, requests: list[Request]) -> Service:
    """The same story through ``handle``, with the timers' own commands where the story's clocks ring."""
    clock = SetClock(DAY, learned_too=True)
    service = replace(service, clock=clock)
    for request in requests:
        assert request.happened_at is not None
        for due in service.store.due(request.happened_at - timedelta(microseconds=1)):
            clock.move_to(due.at)
            case = service.case(due.case_id, agency=None)
            service.handle(due_request(case, due.clock, due.step, due.at))
        clock.move_to(request.happened_at)
        service.handle(request)
    return service


@pytest.mark.parametrize("entries_at_a_time", [1, 3, 2000])
def test_a_batch_decides_what_one_at_a_time_decides_and_leaves_the_same_rows(
    service: Service, entries_at_a_time: int
) -> None:
    store = MemoryStore()
    catalogue = Catalogue(store)
    catalogue.adopt(load("other-incident"), SetClock(DAY, learned_too=True), CONTROL, AMBULANCE)
    live = one_at_a_time(Service(store, catalogue, SetClock(DAY)), STORY)
    with batch(service, entries_at_a_time=entries_at_a_time) as gathered:
        for request in STORY:
            gathered.send(request)
    for case in (CASE, OTHER):
        assert entries(service, case) == entries(live, case)
    for table in PICTURE_KEYS:
        assert service.store.pictures(table, agency=None) == live.store.pictures(table, agency=None), table
    assert [dict(row) | {"position": 0} for row in service.store.facts()] == [
        dict(row) | {"position": 0} for row in live.store.facts()
    ]


def test_the_rows_of_a_case_written_in_several_flushes_are_those_of_its_folded_state(service: Service) -> None:
    with batch(service, entries_at_a_time=1) as gathered:
        for request in STORY[:4]:
            gathered.send(request)
    folded = pictures.rows(service.case(CASE, agency=None))
    kept = {
        (table, tuple(row[name] for name in PICTURE_KEYS[table])): row
        for table in PICTURE_KEYS
        for row in service.store.pictures(table, agency=None, where={"case_id": CASE})
    }
    assert kept == folded


def test_a_deadline_fires_at_its_own_instant_between_two_commands(service: Service) -> None:
    with batch(service) as gathered:
        gathered.send(taken(0))
        gathered.send(offered(1))
        gathered.send(taken(60, OTHER))
    (lapsed,) = [entry for entry in entries(service, CASE) if isinstance(entry.event, HandoverLapsed)]
    assert lapsed.envelope.happened_at == after(11)
    assert (lapsed.envelope.happened_source, lapsed.envelope.by) == (
        HappenedSource.TIMER,
        Actor("system", "system", "CTR"),
    )


def test_a_deadline_of_a_case_that_was_let_go_of_does_not_fire(service: Service) -> None:
    with batch(service) as gathered:
        gathered.send(taken(0))
        gathered.send(offered(1))
        gathered.let_go(CASE)
        gathered.advance(after(600))
    assert not any(isinstance(event, HandoverLapsed) for event in events(service, CASE))
    assert [due.clock for due in service.store.due(after(600))] == [f"offer/{offered(1).command_id}.1"]


def test_a_case_that_another_wrote_before_is_loaded_with_the_deadlines_it_waits_for(service: Service) -> None:
    one_at_a_time(service, [taken(0), offered(1)])
    with batch(service) as gathered:
        assert gathered.case(CASE).holder == "CTR"
        gathered.advance(after(600))
    assert any(isinstance(event, HandoverLapsed) for event in events(service, CASE))


def test_a_closed_case_is_let_go_of_and_comes_back_when_it_is_reopened(service: Service) -> None:
    with batch(service, entries_at_a_time=1) as gathered:
        gathered.send(taken(0))
        gathered.send(closed(1, CONTROL))
        gathered.send(said(2, ReopenCase("more to do")))
    assert service.case(CASE, agency=None).is_open


def test_a_refused_command_leaves_nothing_behind_and_the_next_one_goes_on(service: Service) -> None:
    with batch(service) as gathered:
        gathered.send(taken(0))
        with pytest.raises(Refused, match="close.not_holder"):
            gathered.send(closed(1, AMBULANCE))
        gathered.send(closed(2, CONTROL))
    assert not service.case(CASE, agency=None).is_open


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (closed(1, CONTROL), NotFound),
        (replace(taken(0), by=Actor("c", "analyst", "CTR")), NotPermitted),
        (replace(taken(0), pathway="no-such-pathway"), NotFound),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_written(
    service: Service, request_: Request, error: type[Exception]
) -> None:
    size = service.store.head().size
    with batch(service) as gathered, pytest.raises(error):
        gathered.send(request_)
    assert service.store.head().size == size


def test_a_case_nobody_knows(service: Service) -> None:
    with batch(service) as gathered, pytest.raises(NotFound):
        gathered.case(CASE)


def test_a_contact_cannot_open_a_case_that_the_batch_has_open(service: Service) -> None:
    with batch(service) as gathered:
        gathered.send(taken(0))
        with pytest.raises(Refused, match="case.exists"):
            gathered.send(replace(taken(1), command_id="again"))


def test_somebody_else_wrote_to_the_same_case_in_between(service: Service) -> None:
    gathered = batch(service)
    gathered.send(taken(0))
    one_at_a_time(service, [replace(taken(0), command_id="somebody else's")])
    with pytest.raises(Stale):
        gathered.flush()
    assert len(events(service, CASE)) == 2


def test_an_error_in_the_middle_writes_nothing_of_what_was_gathered(service: Service) -> None:
    def fail() -> None:
        with batch(service) as gathered:
            gathered.send(taken(0))
            raise KeyboardInterrupt

    interrupted: Callable[[], None] = fail
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert service.store.entries(f"case/{CASE}", agency=None) == ()
