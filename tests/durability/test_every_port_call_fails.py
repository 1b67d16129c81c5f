"""Every call of the store's port fails once, at every place of a whole story, before it did anything and after: nothing
is half written, and the same command sent again does what it would have done, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import pytest

from durability.breaking import BreakingStore, Broken, Fault, Moment
from safehands import codec
from safehands.core import commands as c
from safehands.core.evolve import fold
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.projections import pictures
from safehands.service import timers
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Request, Service
from safehands.service.rebuild import rebuild
from safehands.service.verification import verify_ledger
from safehands.store.memory import MemoryStore
from safehands.store.ports import PICTURE_COLUMNS, PICTURE_KEYS, Append, Receipt, Store, Token
from safehands.store.postgres.store import PostgresStore
from scenario import CALM, DAY, FORM, Story, alone, case_id, person, right_care

POLICE, AMBULANCE = person("POL"), person("AMB")
MORNING = DAY + timedelta(hours=8)
MINUTE = timedelta(minutes=1)
SEEN = c.RecordMilestone("person_seen", "seen by two people")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done in one of the story's two cases, a minute after the one before."""

    case: str
    does: c.Command | Literal["timers", "seal"]
    by: Actor = POLICE
    looks: bool = False
    """Whether other cases about the same address are looked for."""


def whole_story(run: str) -> tuple[Step, ...]:
    """Opened, asked, decided; somebody else rings about the same person; one offer lapses, one is accepted; closed.

    An offer's id is the id of the command that made it, with a number: ``4.1`` was made by step 4.
    """
    one, other = (Story(alone().engine, right_care(), MORNING, f"{run}-{name}") for name in "ab")
    few = {"child": 40, "life": "none"}
    rest = {name: said for name, said in CALM.items() if name not in few}
    soon = MORNING + 5 * MINUTE
    return (
        Step("a", c.TakeContact(f"SH-{run}-a", one.contact(POLICE), one.answers(POLICE, few)), looks=True),
        Step("a", c.RecordAnswers(f"{run}-a-caller", one.answers(POLICE, rest), conclude=True)),
        Step("a", c.Decide(0, 0, FORM)),
        Step("b", c.TakeContact(f"SH-{run}-b", other.contact(POLICE), other.answers(POLICE, CALM)), looks=True),
        Step("a", c.OfferHandover("FRS", "dispatch", "please take this", due_at=soon)),
        Step("a", "timers"),
        Step("a", c.OfferHandover("AMB", "dispatch", "please take this")),
        Step("a", c.AcknowledgeOffer(f"{run} 6.1"), AMBULANCE),
        Step("a", c.AcceptOffer(f"{run} 6.1", "POL"), AMBULANCE),
        Step("a", SEEN, AMBULANCE),
        Step("a", c.CloseCase("AMB", "taken to hospital", "helped"), AMBULANCE),
        Step("b", SEEN),
        Step("b", c.CloseCase("POL", "same matter", "helped")),
        Step("a", "seal"),
    )


STEPS = len(whole_story("none"))

State = Mapping[str, object]
"""Everything that a telling of the story has written so far, with its own name taken out."""


class Telling:
    """The story told on one store, as often as one likes: each time in two cases of its own, under ids of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.fault = store, Fault()
        breaking = BreakingStore(store, self.fault)
        catalogue = Catalogue(breaking)
        owners = (person("POL", "owner", 8), person("POL", "owner", 9))
        catalogue.adopt(right_care(), SetClock(DAY, learned_too=True), *owners)
        self.service = Service(breaking, catalogue, SetClock(DAY))
        self.begin("none")

    def begin(self, run: str) -> None:
        """From the first minute, under this name."""
        self.run, self.steps = run, whole_story(run)
        self.messages = len(self.store.outbox(limit=1_000_000))
        self.service = replace(self.service, clock=SetClock(MORNING, learned_too=True))

    def do(self, n: int) -> bool:
        """Do step ``n``; whether it was done now (and not before)."""
        step, service = self.steps[n], self.service
        at = MORNING + n * MINUTE
        case = case_id(f"{self.run}-{step.case}")
        assert isinstance(service.clock, SetClock)
        service.clock.move_to(at)
        match step.does:
            case "timers":
                due = [each for each in service.store.due(at) if each.case_id == case]
                return sum(timers.send(service, each) for each in due) > 0
            case "seal":
                return service.store.seal(at=at).sealed == service.store.head().size
            case command:
                tokens = (Token("address", f"the house of {self.run}"),) if step.looks else ()
                source = HappenedSource.LIVE
                request = Request(f"{self.run} {n}", case, command, step.by, at, source, "right-care", tokens)
                return not service.handle(request).repeated

    def state(self) -> State:
        """What is written, asked of the store that does not break."""
        cases = {name: case_id(f"{self.run}-{name}") for name in "ab"}
        entries = {name: self.store.entries(f"case/{case}", agency=None) for name, case in cases.items()}
        said = {
            "entries": {name: [each.entry for each in found] for name, found in entries.items()},
            "messages": [told.message for told in self.store.outbox(after=self.messages, limit=1000)],
            "facts": [
                {name: cell for name, cell in fact.items() if name != "position"}
                for fact in self.store.facts()
                if fact["case_id"] in cases.values()
            ],
        }
        for name, found in entries.items():
            assert [each.version for each in found] == list(range(1, len(found) + 1))
            wanted = pictures.rows(fold(codec.decode(each.entry or b"") for each in found)) if found else {}
            assert rows_of(self.store, cases[name]) == {key: dict(row) for key, row in wanted.items()}
        return {part: self.anonymous(repr(what)) for part, what in said.items()}

    def anonymous(self, text: str) -> str:
        """The text as any other telling would have it."""
        for name in "ab":
            text = text.replace(case_id(f"{self.run}-{name}"), f"case {name}")
        return text.replace(self.run, "RUN")


def rows_of(store: Store, case: str) -> dict[tuple[str, tuple[object, ...]], dict[str, object]]:
    """Every picture row of a case as the store has it."""
    return {
        (table, tuple(row[column] for column in PICTURE_KEYS[table])): dict(row)
        for table in PICTURE_COLUMNS
        for row in store.pictures(table, agency=None, where={"case_id": case})
    }


def told_without_fault(telling: Telling) -> tuple[list[State], list[str]]:
    """The state before the first step and after each, and the calls of the port that the whole story makes."""
    telling.begin("plain")
    states, calls = [telling.state()], []
    for n in range(STEPS):
        telling.fault.break_at(0, Moment.BEFORE)
        assert telling.do(n), f"step {n} did nothing"
        calls += telling.fault.calls
        states.append(telling.state())
    assert all(one != other for one, other in pairwise(states[:-1])), "a step wrote nothing"  # sealing writes no entry
    return states, calls


def told_with_fault(telling: Telling, number: int, moment: Moment, states: Sequence[State]) -> str:
    """The story with one fault: what broke. Whoever sent the command that failed sends it again."""
    telling.begin(f"{moment}-{number:03}")
    telling.fault.break_at(number, moment)
    broken = ""
    for n in range(STEPS):
        begun = len(telling.fault.calls)
        try:
            telling.do(n)
        except Broken as fault:
            broken = str(fault)
            committed = "unit.append" in completed(telling.fault.calls[begun:], moment)
            assert telling.state() == states[n + committed], f"half written after {broken}, {moment}, in step {n}"
            assert telling.do(n) is not committed, f"step {n} was done twice, or not at all, after {broken} {moment}"
            assert telling.state() == states[n + 1]
    assert telling.state() == states[-1]
    return broken


def completed(calls: Sequence[str], moment: Moment) -> Sequence[str]:
    """The calls that did what they were asked: the last one broke."""
    return calls if moment is Moment.AFTER else calls[:-1]


def every_fault(store: Store) -> None:
    """The whole story once for each call and moment."""
    telling = Telling(store)
    states, calls = told_without_fault(telling)
    assert {"unit.lock", "unit.take", "unit.stubs", "unit.load", "unit.append", "due", "seal", "entries"} <= set(calls)
    for number, call in enumerate(calls, 1):
        for moment in Moment:
            assert told_with_fault(telling, number, moment, states) == call
    store.seal(at=datetime.max.replace(tzinfo=DAY.tzinfo, microsecond=0))
    report = verify_ledger(store)
    assert report.faults == ()
    assert (report.unowned_seconds, report.two_holders) == (0, 0)
    assert rebuild(store).differences == ()


@pytest.mark.slow
def test_every_call_fails_once_in_memory() -> None:
    every_fault(MemoryStore())


@pytest.mark.slow
def test_every_call_fails_once_on_postgresql(postgres_store: PostgresStore) -> None:
    every_fault(postgres_store)


def test_the_answer_is_lost_after_the_commit() -> None:
    """The network goes down between the commit and the answer; the handler presses the button again."""
    telling = Telling(MemoryStore())
    _, calls = told_without_fault(telling)
    first = calls.index("unit.append")
    telling.begin("lost")
    telling.fault.break_at(calls.index("unit.append", first + 1) + 1, Moment.AFTER)
    telling.do(0)
    before = telling.state()
    with pytest.raises(Broken, match="unit.append"):
        telling.do(1)
    written = telling.state()
    assert written != before
    assert telling.do(1) is False
    assert telling.state() == written


class Torn(MemoryStore):
    """A store as it must not be: a command that writes to two cases writes to the first, and then the power goes."""

    def append_all(self, appends: Sequence[Append]) -> tuple[Receipt, ...]:
        """Half of it."""
        if len(appends) == 1:
            return super().append_all(appends)
        super().append_all(appends[:1])
        raise Broken("unit.append")


def test_half_a_link_would_be_noticed() -> None:
    telling = Telling(MemoryStore())
    states, calls = told_without_fault(telling)
    torn = Telling(Torn())
    with pytest.raises(AssertionError, match="half written after unit.append"):
        told_with_fault(torn, len(calls), Moment.BEFORE, states)
