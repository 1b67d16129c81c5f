"""Stories told in the field's words, for every test that plays a case.

A ``Story`` moves a clock forward (and what falls due in between falls due by itself), lets people of agencies do
things, and can be asked how the case stands. It plays through the core alone (``Alone``, fast) or through
``service.handle`` on a store (``InUse``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol
from uuid import UUID, uuid5

import msgspec

from safehands import codec
from safehands.core import commands as c
from safehands.core.answers import read_answer
from safehands.core.calendar import Calendar
from safehands.core.case import Case, Clock, Offer, Task
from safehands.core.commands import Command, Given
from safehands.core.decide import decide
from safehands.core.decide.decisions import NO_ADVICE, history
from safehands.core.events import CasesLinked, Entry, Event
from safehands.core.evolve import fold
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import (
    SYSTEM_ROLE,
    Actor,
    Answer,
    Contact,
    HappenedSource,
    OfferKind,
    Provenance,
)
from safehands.core.wire import wire_name
from safehands.errors import Refused
from safehands.ledger.custody import CustodyReport, audit
from safehands.pathways.load import load, parse
from safehands.service import register
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Request, Service, looked_for
from safehands.store.memory import MemoryStore
from safehands.store.ports import Store, Token

DAY = datetime(2026, 2, 3, tzinfo=UTC)
_NAMES = UUID("6d0bd0d5-8c2f-4d6f-9a56-1f1f5a1f7a10")

#: Nobody's risk, everything asked: the answers of a call that row B7 ends with advice.
CALM: Mapping[str, object] = {
    "child": 40, "crime": "no", "weapon": "no", "life": "none", "harm": "no", "resp": "speaking", "ooc": "no",
    "ind": ["none"], "view": "no", "missing": "no", "callback": "yes", "stream": "CFW", "need": "none",
    "prof": "family_friend", "conseq": "none", "rave": ["no"], "enq": ["complete"], "duty": ["none"], "repeat": 0,
}  # fmt: skip

#: The decision form of somebody who decides that nobody goes, filled in.
FORM: Mapping[str, str] = dict.fromkeys(
    ("t1", "t2", "article_2", "article_3", "duty_assumed", "reporter_view_verbatim", "reasonable_enquiries",
     "history_shown", "caller_told", "caller_understood", "next_holder", "risk_left_behind", "supervisor"),
    "considered, see reason",
)  # fmt: skip

#: The pack of a transfer, filled in.
PACK: Mapping[str, str] = dict.fromkeys(
    ("summary", "location", "risk", "scene_safety", "reporter_view", "callback", "safeguarding", "told",
     "legal_basis"), "said",
)  # fmt: skip


def person(agency: str, role: str = "handler", n: int = 1) -> Actor:
    """Somebody of an agency, under an account that names nobody."""
    return Actor(f"{agency.lower()}-{role}-{n}", role, agency)


@cache
def right_care() -> Pathway:
    """The shipped pathway."""
    return load("right-care")


def without(pathway: Pathway, *ids: str) -> Pathway:
    """The pathway without the rows, clocks, concerns, fields or routes of these ids: their blocks cut out, the rest
    read again.
    """
    text = pathway.text
    for each in ids:
        block = rf'\[\[(?:table\.row|clock|concern|form|route)\]\]\nid = "{re.escape(each)}"\n(?:(?!\[\[).*\n)*'
        text, cut = re.subn(block, "", text)
        if cut == 0:
            text, cut = re.subn(rf'\n  \{{ id = "{re.escape(each)}",.*', "", text)
        if cut == 0:
            raise LookupError(f"the pathway has no {each} to take out")
        text = re.sub(rf'"{re.escape(each)}", ?|, ?"{re.escape(each)}"|(?<=\[)"{re.escape(each)}"(?=\])', "", text)
    return parse(text)


def instant(at: str | datetime) -> datetime:
    """``"15:46"`` and ``"15:46:30"`` on the story's day, ``"+1 06:18"`` on the day after."""
    if isinstance(at, datetime):
        return at
    days, _, clock = at.rpartition(" ")
    hours, minutes, *seconds = map(int, clock.split(":"))
    return DAY + timedelta(days=int(days or 0), hours=hours, minutes=minutes, seconds=sum(seconds))


def case_id(name: str) -> str:
    """The UUID that a story's case of this name has."""
    return str(uuid5(_NAMES, name))


def names(events: tuple[Event, ...]) -> list[str]:
    """The wire names of events, in order."""
    return [wire_name(type(event)) for event in events]


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """What stands inside must be refused by this rule."""
    try:
        yield
    except Refused as said:
        assert said.rule == rule, f"refused by {said.rule}, not by {rule}: {said.sentence}"  # noqa: PT017  # the rule is the point
        return
    raise AssertionError(f"nobody refused this; {rule} should have")


class Engine(Protocol):
    """What a story plays on."""

    def do(self, sent: Sent) -> tuple[Entry, ...]: ...
    def case(self, name: str) -> Case: ...
    def entries(self, name: str) -> tuple[Entry, ...]: ...
    def due(self, now: datetime) -> list[tuple[datetime, str, str, str]]: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A command on its way: which, on which case, by whom, when, with what claim about time."""

    id: str
    name: str
    command: Command
    by: Actor
    now: datetime
    happened_at: datetime
    source: HappenedSource
    tokens: tuple[Token, ...] = ()


class Alone:
    """The core and nothing else. Register answers and links back are worked out as the service does, in plain
    dictionaries.
    """

    def __init__(
        self,
        pathway: Pathway,
        calendars: Mapping[str, Calendar] | None = None,
        shadow_streams: frozenset[str] = frozenset(),
        outside: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.pathway = pathway
        self.calendars = calendars or {}
        self.shadow_streams = shadow_streams
        self.outside = outside or {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._cases: dict[str, Case] = {}
        self._found: dict[Token, set[str]] = {}

    def do(self, sent: Sent) -> tuple[Entry, ...]:
        looked = looked_for(sent.command, sent.tokens)
        known = {f"case/{case_id(name)}": self._said(name, sent) for name in self._others(sent, looked)}
        decided = self._decide(sent, sent.name, sent.command, known, searched=bool(looked))
        for token in (*sent.tokens, *register.tokens_of(decided)):
            self._found.setdefault(token, set()).add(sent.name)
        for entry in decided:
            if isinstance(entry.event, CasesLinked):
                self._link_back(sent, entry.event)
        return decided

    def _others(self, sent: Sent, tokens: tuple[Token, ...]) -> set[str]:
        if isinstance(sent.command, c.LinkCase):
            return {self._named(sent.command.other)}
        return {name for token in tokens for name in self._found.get(token, set())} - {sent.name}

    def _named(self, stream: str) -> str:
        return next(name for name in self._cases if f"case/{case_id(name)}" == stream)

    def _said(self, name: str, sent: Sent) -> tuple[Answer, ...]:
        """What a case tells another, if the agency that asks may read it; that it exists, otherwise."""
        readable = sent.by.agency in self._cases[name].standing()
        return register.answers_of(self._cases[name], self.pathway, sent.now) if readable else ()

    def _link_back(self, sent: Sent, link: CasesLinked) -> None:
        other, this = self._named(link.other), f"case/{case_id(sent.name)}"
        if sent.by.agency not in self._cases[other].standing() or this in self._cases[other].links:
            return
        said = register.answers_of(self._cases[sent.name], self.pathway, sent.now)
        back = replace(sent, happened_at=sent.now)
        self._decide(back, other, c.LinkCase(this, link.matched, link.reason), {this: said}, searched=False)

    def _decide(
        self, sent: Sent, name: str, command: Command, known: Mapping[str, tuple[Answer, ...]], *, searched: bool
    ) -> tuple[Entry, ...]:
        given = Given(
            sent.id, sent.now, sent.now, sent.by, sent.happened_at, sent.source, known, searched, self.calendars,
            self.shadow_streams, self.outside,
        )  # fmt: skip
        decided = decide(command, f"case/{case_id(name)}", self._cases.get(name), self.pathway, given)
        self._entries[name] = (*self._entries.get(name, ()), *decided.entries)
        self._cases[name] = decided.case
        return decided.entries

    def case(self, name: str) -> Case:
        return self._cases[name]

    def entries(self, name: str) -> tuple[Entry, ...]:
        return self._entries[name]

    def due(self, now: datetime) -> list[tuple[datetime, str, str, str]]:
        found = [
            (clock.next_at, case_id(name), clock.clock, clock.next_step or "", name)
            for name, case in self._cases.items()
            for clock in case.running_clocks()
            if clock.next_at is not None and clock.next_at <= now
        ]
        return [(at, name, clock, step) for at, _, clock, step, name in sorted(found)]


class InUse:
    """``service.handle`` on a store: the way that a real command takes."""

    def __init__(self, pathway: Pathway, store: Store | None = None) -> None:
        self.store = store if store is not None else MemoryStore()
        self.clock = SetClock(DAY, learned_too=True)
        catalogue = Catalogue(self.store)
        catalogue.adopt(pathway, self.clock, person("POL", "supervisor", 8), person("POL", "supervisor", 9))
        self.service = Service(self.store, catalogue, self.clock)
        self.pathway = pathway
        self._names: dict[str, str] = {}

    def do(self, sent: Sent) -> tuple[Entry, ...]:
        self._names[case_id(sent.name)] = sent.name
        self.clock.move_to(sent.now)
        pathway = self.pathway.ref.pathway
        return self.service.handle(
            Request(
                sent.id, case_id(sent.name), sent.command, sent.by, sent.happened_at, sent.source, pathway, sent.tokens
            )
        ).entries

    def case(self, name: str) -> Case:
        return self.service.case(case_id(name), agency=None)

    def entries(self, name: str) -> tuple[Entry, ...]:
        stored = self.store.entries(f"case/{case_id(name)}", agency=None)
        return tuple(codec.decode(each.entry) for each in stored if each.entry is not None)

    def due(self, now: datetime) -> list[tuple[datetime, str, str, str]]:
        return [(due.at, self._names[due.case_id], due.clock, due.step) for due in self.store.due(now)]


@dataclass(slots=True)
class Story:
    """One or more cases as they unfold. ``at`` moves the clock; everything else happens at that time."""

    engine: Engine
    pathway: Pathway
    now: datetime = DAY
    name: str = "case"
    _sent: int = 0

    # ---- time

    def at(self, when: str | datetime) -> Story:
        """Move on; clocks whose steps come in between fall due in their order, each at its time."""
        until = instant(when)
        while due := self.engine.due(until):
            self.falls_due(*due[0])
        self.now = max(self.now, until)
        return self

    def falls_due(self, at: datetime, name: str, clock: str, step: str) -> tuple[Event, ...]:
        """The timers send one step."""
        self.now = max(self.now, at)
        self._sent += 1
        case = self.engine.case(name)
        by = Actor("system", SYSTEM_ROLE, case.holder)
        command = c.ClockDue(clock, step, at)
        sent = Sent(f"timer-{self._sent}", name, command, by, self.now, at, HappenedSource.TIMER)
        return tuple(entry.event for entry in self.engine.do(sent))

    # ---- doing

    def does(
        self,
        by: Actor,
        command: Command,
        *,
        happened: str | datetime | None = None,
        source: HappenedSource = HappenedSource.LIVE,
        tokens: tuple[Token, ...] = (),
    ) -> tuple[Event, ...]:
        """Somebody sends a command; the events that it came to."""
        self._sent += 1
        claimed = instant(happened) if happened is not None else self.now
        sent = Sent(f"c{self._sent}", self.name, command, by, self.now, claimed, source, tokens)
        return tuple(entry.event for entry in self.engine.do(sent))

    def in_case(self, name: str) -> Story:
        """Go on in another case of the story."""
        self.name = name
        return self

    def answers(self, by: Actor, said: Mapping[str, object]) -> tuple[Answer, ...]:
        """Answers by the questions' short names, as a handler writes them down."""
        questions = {question.name: question for question in self.pathway.questions}
        return tuple(
            Answer(questions[name].id, read_answer(questions[name], value), Provenance.ASKED, self.now, by.actor)
            for name, value in said.items()
        )

    def contact(self, by: Actor, who: str = "caller", **about: Any) -> Contact:
        """A contact that ``by`` takes now."""
        return Contact(
            f"{self.name}-{who}", about.pop("channel", "999"), about.pop("received_at", self.now), by.agency, **about
        )

    def opens(
        self,
        by: Actor,
        who: str = "caller",
        said: Mapping[str, object] | None = None,
        phone: str | None = None,
        **about: Any,
    ) -> Story:
        """A contact comes in and a case begins; with ``phone``, other cases are looked for."""
        command = c.TakeContact(f"SH-{self.name}", self.contact(by, who, **about), self.answers(by, said or {}))
        self.does(by, command, tokens=(Token("phone", phone),) if phone else ())
        return self

    def joins(
        self, by: Actor, who: str, said: Mapping[str, object] | None = None, phone: str | None = None, **about: Any
    ) -> tuple[Event, ...]:
        """Another contact about the same matter."""
        command = c.JoinContact(self.contact(by, who, **about), self.answers(by, said or {}))
        return self.does(by, command, tokens=(Token("phone", phone),) if phone else ())

    def says(self, by: Actor, who: str = "caller", *, conclude: bool = True, **said: object) -> tuple[Event, ...]:
        """A contact answers; the tables are asked."""
        return self.does(by, c.RecordAnswers(f"{self.name}-{who}", self.answers(by, said), conclude))

    def decides(self, by: Actor, outcome: int, **more: Any) -> tuple[Event, ...]:
        """Somebody decides, on what the screen shows, with the whole form."""
        case = self.case
        believes = (
            case.conclusion.outcome if case.conclusion is not None else NO_ADVICE if case.shadow is not None else 0
        )
        more.setdefault("history_shown", history(case))
        return self.does(by, c.Decide(outcome, believes, more.pop("form", FORM), **more))

    def lowers(self, by: Actor, outcome: int, second: Actor, reason: str = "spoke with the reporter again") -> Story:
        """Two people agree to less."""
        self.does(by, c.ProposeLowering(outcome, reason, FORM, history(self.case)))
        lowering = self.case.lowering
        assert lowering is not None
        self.does(second, c.ConfirmLowering(lowering.proposal))
        return self

    def offers(self, by: Actor, to: str, route: str, *, task: str | None = None, **more: Any) -> Offer:
        """Somebody makes an offer; the offer as it stands."""
        asks = more.pop("asks", "please take this")
        self.does(by, c.OfferHandover(to, route, asks, more.pop("pack", {}), task_kind=task, **more))
        return self.offer(to)

    def accepts(self, by: Actor, believes_from: str | None = None, **more: Any) -> tuple[Event, ...]:
        """Somebody takes the last offer that was made to their agency."""
        offer = self.offer(by.agency)
        return self.does(by, c.AcceptOffer(offer.offer, believes_from or offer.from_agency), **more)

    def tells(self, by: Actor, who: str = "caller", *, attending: str, **more: Any) -> tuple[Event, ...]:
        """Somebody tells a caller who comes."""
        words = {"text": "told", "if_worse": "ring 999", "understood": "yes"} | more
        return self.does(by, c.TellCaller(f"{self.name}-{who}", attending=attending, **words))

    def sees(self, by: Actor, note: str = "seen by two officers") -> tuple[Event, ...]:
        """Somebody sees the person."""
        return self.does(by, c.RecordMilestone("person_seen", note))

    def closes(self, by: Actor, outcome: str = "helped", reason: str = "done", **more: Any) -> tuple[Event, ...]:
        """Somebody closes, believing to hold it."""
        return self.does(by, c.CloseCase(self.case.holder, reason, outcome), **more)

    # ---- asking

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.engine.case(self.name)

    @property
    def concluded(self) -> int:
        """The class that the tables conclude."""
        assert self.case.conclusion is not None, "nobody has asked the tables"
        return self.case.conclusion.outcome

    @property
    def row(self) -> str:
        """The deciding row."""
        assert self.case.conclusion is not None, "nobody has asked the tables"
        return self.case.conclusion.row

    @property
    def decided(self) -> int | None:
        """The class that stands decided."""
        return self.case.decided.outcome if self.case.decided is not None else None

    @property
    def holder(self) -> str:
        """Who holds the case."""
        return self.case.holder

    def offer(self, to: str) -> Offer:
        """The last offer to an agency."""
        return [offer for offer in self.case.offers.values() if offer.to_agency == to][-1]

    def task(self, kind: str) -> Task:
        """The last task of a kind."""
        found = [task for task in self.case.tasks.values() if task.kind == kind]
        assert found, f"nobody ever had a task {kind}"
        return found[-1]

    def clock(self, spec: str) -> Clock:
        """The last clock of a kind."""
        found = [clock for clock in self.case.clocks.values() if clock.spec == spec]
        assert found, f"no clock {spec} was ever started"
        return found[-1]

    def concerns(self) -> set[str]:
        """The rules of the concerns that are true now."""
        return {concern.rule for concern in self.case.open_concerns()}

    def custody(self, name: str | None = None) -> CustodyReport:
        """What the independent auditor finds in the stored bytes of the case."""
        return audit([msgspec.json.decode(codec.encode(entry)) for entry in self.engine.entries(name or self.name)])

    def check_sound(self) -> None:
        """What holds after every step of every story, whatever was done."""
        case, entries = self.case, self.engine.entries(self.name)
        assert [entry.envelope.version for entry in entries] == list(range(1, len(entries) + 1))
        assert fold(entries) == case
        assert codec.decode_case(codec.encode_case(case)) == case
        for one, other in zip(case.holdings, case.holdings[1:], strict=False):
            assert one.until is not None
            assert one.until <= other.since
        assert (case.holdings[-1].until is None) is case.is_open
        assert case.holdings[-1].agency == case.holder
        assert case.is_open or not case.open_offers()
        assert all(task.assignee for task in case.tasks.values())
        report = self.custody()
        assert report.faults == ()
        assert report.unowned_microseconds == 0
        assert report.doubly_held_microseconds == 0


def alone(pathway: Pathway | None = None, **more: Any) -> Story:
    """A story through the core alone."""
    pathway = pathway or right_care()
    return Story(Alone(pathway, **more), pathway)


def in_use(pathway: Pathway | None = None, store: Store | None = None) -> Story:
    """A story through the service, on a store of its own (memory, where none is given)."""
    pathway = pathway or right_care()
    return Story(InUse(pathway, store), pathway)


def transfer_taken(story: Story, giver: Actor, taker: Actor, route: str, pack: Mapping[str, str] = PACK) -> Story:
    """Offered and accepted: the holder has moved."""
    story.offers(giver, taker.agency, route, pack=pack)
    story.accepts(taker)
    assert story.offer(taker.agency).kind is OfferKind.TRANSFER
    return story
