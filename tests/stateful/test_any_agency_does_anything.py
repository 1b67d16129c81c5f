"""Random commands by random agencies, with random beliefs and at random claimed times, against the core, the service on
the memory store and the service on PostgreSQL side by side: the same answers, the same entries, the same pictures, and
after every step what must always hold.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alone_with_records import AloneWithRecords, alone_with_records
from safehands import codec
from safehands.core import commands as c
from safehands.core.answers import code_of
from safehands.core.commands import Command
from safehands.core.decide import triage
from safehands.core.decide.decisions import history
from safehands.core.events import Entry
from safehands.core.evolve import fold
from safehands.core.pathway import QuestionKind
from safehands.core.records.commands import RegisterCommand, ShareRecord
from safehands.core.records.events import MaterialDecided
from safehands.core.records.vocabulary import Channel
from safehands.core.vocabulary import UNKNOWN, Actor, Contact, Ground, HappenedSource, Value
from safehands.errors import BadInput, NotFound, Refused, Stale
from safehands.projections import pictures
from safehands.service.registers import RegisterRequest, enter
from safehands.store.embedded import EmbeddedServer
from safehands.store.memory import MemoryStore
from safehands.store.opening import attach
from safehands.store.ports import PICTURE_COLUMNS, PICTURE_KEYS, Cell, Store, Token
from scenario import CALM, FORM, PACK, InUse, Story, case_id, in_use, person, right_care
from stateful.acts_on_records import acts_on, copied, entries_of, registered

AGENCIES = ("POL", "AMB", "MHT", "ASC", "FRS", "REP-clinic")
ROLES = ("handler", "supervisor", "desk")
CASES = ("one", "two")
ROUTES = tuple(route.id for route in right_care().routes)
#: Everything that any power, place or extension asks to be stated.
ALL_GROUNDS = {name: "stated" for power in right_care().powers for name in power.grounds} | {
    name: "stated" for place in right_care().places for name in place.grounds
} | dict.fromkeys(("doctor", "doctor_role", "authorised_at", "approved_by"), "stated")  # fmt: skip
RISKY = tuple(column for column in right_care().inputs if column.risk)


def values_of(name: str) -> tuple[Value, ...]:
    """Answers that a question takes: each choice, several codes, some numbers, and that nobody knows."""
    question = next(question for question in right_care().questions if question.name == name)
    codes = tuple(choice.code for choice in question.choices)
    match question.kind:
        case QuestionKind.MULTI:
            return (UNKNOWN, (), *((code,) for code in codes[:4]), codes[1:3], codes[2:5])
        case QuestionKind.NUMBER:
            return (UNKNOWN, 0, 1, 2, 17, 40) if codes else (UNKNOWN, 0, 1, 2)
        case _:
            return (UNKNOWN, *codes)


ANSWERS = {
    name: values_of(name)
    for name in ("child", "crime", "weapon", "life", "harm", "resp", "ooc", "ind", "view", "missing", "stream", "need",
                 "prof", "rave", "conseq", "enq", "duty", "repeat", "entry")
}  # fmt: skip

people = st.builds(person, st.sampled_from(AGENCIES), st.sampled_from(ROLES), st.integers(1, 2))
said = st.dictionaries(st.sampled_from(sorted(ANSWERS)), st.integers(0, 20), max_size=3).map(
    lambda drawn: {name: ANSWERS[name][n % len(ANSWERS[name])] for name, n in drawn.items()}
)


class Handovers(RuleBasedStateMachine):
    """The machine; ``store`` is what it plays on beside the core and the memory store."""

    store: Callable[[], Store | None] = staticmethod(lambda: None)

    @initialize()
    def begin(self) -> None:
        """The same empty day, several times."""
        core = alone_with_records()
        self.stories: list[Story] = [core, in_use(store=MemoryStore())]
        assert isinstance(core.engine, AloneWithRecords)
        core.engine.head = lambda: head_of(self.stories[1])
        other = self.store()
        if other is not None:
            self.stories.append(in_use(store=other))
        self.open: list[str] = []
        self.count = 0
        self.at_all(lambda story: story.at("08:00"))

    # ---- doing the same everywhere

    def at_all(self, act: Callable[[Story], object]) -> object:
        """Do the same in every story; all must come to the same."""
        results = []
        for story in self.stories:
            try:
                results.append(_HEAD.sub("", repr(act(story))))
            except (Refused, BadInput, Stale, NotFound) as said:
                results.append(f"{type(said).__name__}: {said}")
        results = ["story" if each.startswith("Story(") else each for each in results]
        assert len(set(results)) == 1, results
        return results[0]

    def sends(
        self, name: str, by: Actor, command: Command, *, happened: int = 0, source: str = "live", phone: str = ""
    ) -> object:
        """Somebody sends a command to one case, unless their agency may not know of it (then nobody answers)."""
        core = self.stories[0].in_case(name)
        opens = isinstance(command, c.TakeContact)
        if not opens and (by.agency not in core.case.standing() or self.may_not_know_of_the_other(command, by)):
            for story in self.stories[1:]:
                with pytest.raises(NotFound):
                    story.in_case(name).does(by, command)
            self.stories[0]._sent += 1
            return "not found"
        at = core.now - timedelta(minutes=happened)
        tokens = (Token("phone", phone),) if phone else ()
        return self.at_all(
            lambda story: story.in_case(name).does(
                by, command, happened=at, source=HappenedSource(source), tokens=tokens
            )
        )

    def contact(self, by: Actor, ago: int, about_own: bool) -> Contact:
        self.count += 1
        at = self.stories[0].now - timedelta(minutes=ago)
        reporter = "REP-clinic" if about_own else None
        return Contact(f"contact-{self.count}", "999", at, by.agency, "public", reporter, about_own)

    # ---- what may happen

    @rule(minutes=st.sampled_from([0, 1, 2, 5, 6, 15, 16, 31, 60, 61, 300, 1500]))
    def time_passes(self, minutes: int) -> None:
        """And whatever falls due falls due."""
        until = self.stories[0].now + timedelta(minutes=minutes)
        self.at_all(lambda story: story.at(until))

    @precondition(lambda self: len(self.open) < len(CASES))
    @rule(
        by=people,
        said=said,
        calm=st.booleans(),
        ago=st.integers(0, 3),
        own=st.booleans(),
        phone=st.sampled_from(["", "", "1"]),
    )
    def somebody_rings(
        self, *, by: Actor, said: dict[str, object], calm: bool, ago: int, own: bool, phone: str
    ) -> None:
        """A case begins."""
        name = CASES[len(self.open)]
        answers = self.stories[0].answers(by, {**(CALM if calm else {}), **said})
        command = c.TakeContact(f"SH-{name}", self.contact(by, ago, own), answers)
        self.sends(name, by, command, phone=phone)
        self.open.append(name)

    @precondition(lambda self: bool(self.open))
    @rule(
        by=people,
        said=said,
        ago=st.integers(-1, 10),
        own=st.booleans(),
        n=st.integers(0, 1),
        phone=st.sampled_from(["", "1"]),
    )
    def somebody_rings_again(
        self, *, by: Actor, said: dict[str, object], ago: int, own: bool, n: int, phone: str
    ) -> None:
        """A contact joins, perhaps a closed case."""
        name = self.open[n % len(self.open)]
        answers = self.stories[0].answers(by, said)
        self.sends(name, by, c.JoinContact(self.contact(by, ago, own), answers), phone=phone)

    @precondition(lambda self: bool(self.open))
    @rule(
        data=st.data(), by=people, n=st.integers(0, 1), happened=st.sampled_from([0, 0, 0, 0, 1, 7, 45, -1]),
        source=st.sampled_from(["live", "live", "live", "late", "export"]),
    )  # fmt: skip
    def somebody_does(self, data: st.DataObject, by: Actor, n: int, happened: int, source: str) -> None:
        """Any other command, with ids that exist or do not."""
        name = self.open[n % len(self.open)]
        make = data.draw(st.sampled_from(sorted(self.commands(name, by))), label="command")
        command = data.draw(self.commands(name, by)[make], label=make)
        if data.draw(st.booleans(), label="the right agency"):
            by = Actor(by.actor, by.role, self.right_agency(name, command, by.agency))
        self.sends(name, by, command, happened=happened, source=source)

    @precondition(lambda self: bool(self.open))
    @rule(record=st.sampled_from(["n1", "n2", "n3"]), to=st.sampled_from(AGENCIES), n=st.integers(0, 1))
    def a_record_comes_in(self, record: str, to: str, n: int) -> None:
        """The holder registers a record of the case, and shares it."""
        name = self.open[n % len(self.open)]
        case = self.stories[0].in_case(name).case
        by = person(case.holder)
        self.enters(by, registered(record, self.stories[0].now, (case.stream,)))
        self.enters(by, copied(record))
        self.sends(name, by, ShareRecord(record, to, Channel.PORTAL, f"s{record[1]}", copy=f"{record}-file"))

    @precondition(lambda self: bool(self.open))
    @rule(data=st.data(), by=people)
    def somebody_enters(self, data: st.DataObject, by: Actor) -> None:
        """Anything in the register of somebody's agency."""
        cases = tuple(f"case/{case_id(each)}" for each in self.open)
        command = data.draw(entries_of(self.stories[0].now, cases), label="entry")
        if data.draw(st.booleans(), label="of an agency with a part"):
            case = self.stories[0].in_case(self.open[0]).case
            by = Actor(by.actor, by.role, case.holder)
        self.enters(by, command)

    def enters(self, by: Actor, command: RegisterCommand) -> None:
        """The same entry in every story."""
        self.count += 1
        self.at_all(lambda story: entered(story, f"r{self.count}", by, command))

    @precondition(lambda self: bool(self.open))
    @rule(data=st.data(), by=people, n=st.integers(0, 1), source=st.sampled_from(["live", "live", "late"]))
    def somebody_does_with_records(self, data: st.DataObject, by: Actor, n: int, source: str) -> None:
        """Anything with records in a case, by an agency that has a part in it or not."""
        name = self.open[n % len(self.open)]
        case = self.stories[0].in_case(name).case
        agency = data.draw(st.sampled_from([by.agency, *sorted(case.standing())]), label="agency")
        command = data.draw(acts_on(self.stories[0].now, AGENCIES, tuple(case.concerns)), label="act")
        self.sends(name, Actor(by.actor, by.role, agency), command, source=source)

    @precondition(lambda self: bool(self.open))
    @rule(data=st.data(), n=st.integers(0, 1))
    def something_is_worse_than_we_knew(self, data: st.DataObject, n: int) -> None:
        """More risk never means less help."""
        name = self.open[n % len(self.open)]
        core = self.stories[0].in_case(name)
        case = core.case
        if not case.is_open or case.conclusion is None:
            return
        column = data.draw(st.sampled_from(RISKY))
        question = next(each for each in core.pathway.questions if each.id == column.question)
        now = code_of(column, triage.effective_answers(core.pathway, case).get(question.id, UNKNOWN))
        worse = [v for v in ANSWERS[question.name] if column.risk.index(code_of(column, v)) > column.risk.index(now)]
        if not worse:
            return
        before, decided = case.conclusion.outcome, core.decided
        by = person(case.holder)
        answers = core.answers(by, {question.name: data.draw(st.sampled_from(worse))})
        self.sends(name, by, c.RecordAnswers(next(iter(case.contacts)), answers))
        core.in_case(name)
        assert core.concluded >= before
        assert core.decided == decided

    # ---- the commands

    def right_agency(self, name: str, command: Command, otherwise: str) -> str:
        """The agency whose command this would properly be."""
        case = self.stories[0].in_case(name).case
        match command:
            case c.AcceptOffer(offer=offer) | c.DeclineOffer(offer=offer) | c.AcknowledgeOffer(offer=offer):
                return case.offers[offer].to_agency if offer in case.offers else otherwise
            case c.AcceptByWord(offer=offer):
                return case.offers[offer].from_agency if offer in case.offers else otherwise
            case c.CompleteTask(task=task) | c.HandBackTask(task=task):
                return case.tasks[task].assignee if task in case.tasks else otherwise
            case c.AssumeCase():
                return otherwise
            case _:
                return case.holder

    def commands(self, name: str, by: Actor) -> dict[str, st.SearchStrategy[Command]]:
        """A way to make each command for a case as it stands."""
        story = self.stories[0].in_case(name)
        case = story.case
        contacts = st.sampled_from([*case.contacts, "nobody"])
        offers = st.sampled_from([*case.offers, "nothing"])
        tasks = st.sampled_from([*case.tasks, "nothing"])
        agencies = st.sampled_from(AGENCIES)
        holder = st.sampled_from([case.holder] * 3 + ["POL"])
        classes = st.integers(0, 7)
        reason = st.sampled_from(["because", "because", ""])
        form = st.sampled_from([FORM, FORM, {}])
        pack = st.sampled_from([PACK, PACK, {}, {"summary": "asked_unknown"}])
        conclusion = case.conclusion.outcome if case.conclusion is not None else 0
        proposal = st.sampled_from([case.lowering.proposal if case.lowering is not None else "none", "none"])
        answers = said.map(lambda drawn: story.answers(by, drawn))
        one = st.tuples(st.sampled_from(sorted(ANSWERS)), st.integers(0, 20)).map(
            lambda drawn: story.answers(by, {drawn[0]: ANSWERS[drawn[0]][drawn[1] % len(ANSWERS[drawn[0]])]})[0]
        )
        linked = st.sampled_from(
            [f"case/{case_id(each)}" for each in self.open if by.agency in self.standing(each)] or [case.stream]
        )
        seen = st.sampled_from([history(case), history(case), ()])
        known: list[st.SearchStrategy[Command]] = [
            *self.of_the_law(name, reason),
            st.builds(c.DropContact, contacts),
            st.builds(c.MakeCallBack, contacts, st.booleans()),
            st.builds(
                c.IdentifyParty,
                st.just("p1"),
                st.just("subject"),
                phone=st.sampled_from(["07700900001", "07700900002"]),
            ),
            st.builds(c.RecordAnswers, contacts, answers, st.booleans()),
            st.builds(c.CorrectAnswer, contacts, one, reason),
            st.builds(c.CorrectEntry, st.integers(0, 9), st.just("text"), st.just("a"), st.just("b"), reason),
            st.builds(c.LinkCase, linked, st.just(("phone",)), reason),
            st.builds(c.Conclude),
            st.builds(c.Decide, classes, st.sampled_from([conclusion, conclusion, 0]), form, seen),
            st.builds(c.Raise, classes, reason),
            st.builds(c.ProposeLowering, classes, reason, form, seen),
            st.builds(c.ConfirmLowering, proposal),
            st.builds(c.DeclineLowering, proposal, reason),
            st.builds(
                c.OfferHandover,
                agencies,
                st.sampled_from(ROUTES),
                st.just("please"),
                pack,
                task_kind=st.sampled_from(["entry", "treatment", None]),
            ),
            st.builds(c.OfferHandover, agencies, st.just("dispatch"), st.just("please")),
            st.builds(c.CompletePack, offers, pack),
            st.builds(c.AcknowledgeOffer, offers),
            st.builds(c.QuestionOffer, offers, st.just("who?")),
            st.builds(c.AcceptOffer, offers, holder),
            st.builds(c.AcceptByWord, offers, st.just("duty manager"), reason, st.just("R1")),
            st.builds(c.ConfirmWord, offers, reason),
            st.builds(c.DeclineOffer, offers, reason),
            st.builds(c.WithdrawOffer, offers, reason),
            st.builds(c.AssumeCase, holder, st.sampled_from(Ground), reason),
            st.builds(c.SetKeeper, st.sampled_from(["desk-1", "desk-2"])),
            st.builds(c.AddTask, st.sampled_from(["entry", "enquiry"]), reason),
            st.builds(c.TakeTask, tasks, agencies, reason),
            st.builds(c.HandBackTask, tasks, reason),
            st.builds(c.CompleteTask, tasks, reason),
            st.builds(c.CancelTask, tasks, reason),
            st.builds(
                c.TellCaller,
                contacts,
                st.just("told"),
                st.sampled_from(["yes", "no", "not_said", "maybe"]),
                st.sampled_from(["yes", "no", "unknown"]),
                reason,
                st.sampled_from([None, "a visit"]),
                tasks,
            ),
            st.builds(c.Signpost, st.just("111"), reason),
            st.builds(
                c.GiveOwnPage,
                st.sampled_from(["page-1", "page-2"]),
                contacts,
                st.sampled_from(["sms", "email", "pigeon"]),
                st.sampled_from([story.now + timedelta(days=7), story.now - timedelta(days=1)]),
            ),
            st.builds(c.WithdrawOwnPage, st.sampled_from(["page-1", "page-2"]), reason),
            st.builds(c.RecordMilestone, st.sampled_from(["arrival", "person_seen", "moon_landing"]), reason),
            st.builds(c.RecordArrival, st.sampled_from(["unit-1", "unit-2"]), agencies),
            st.builds(c.RecordRelease, st.sampled_from(["unit-1", "unit-2"])),
            st.builds(c.CloseCase, holder, reason, st.sampled_from(["helped", "out_of_scope"])),
            st.builds(c.ReopenCase, reason),
        ]
        return {f"{n:02}": each for n, each in enumerate(known)}

    def of_the_law(self, name: str, reason: st.SearchStrategy[str]) -> list[st.SearchStrategy[Command]]:
        """Detentions, more time, corrections, bookings, disputes, stand-downs, reviews."""
        story = self.stories[0].in_case(name)
        case, now = story.case, story.now
        powers = st.sampled_from([power.id for power in story.pathway.powers])
        places = st.sampled_from([place.id for place in story.pathway.places])
        grounds = st.sampled_from([ALL_GROUNDS, ALL_GROUNDS, {}])
        statuses, bookings = st.sampled_from([*case.statuses, "x"]), st.sampled_from([*case.bookings, "x"])
        disputes, moves = st.sampled_from([*case.challenges, "x"]), st.sampled_from([*case.corrections, "x"])
        agencies, clocks = st.sampled_from(AGENCIES), st.sampled_from(["detention", *case.clocks])
        decisions = st.sampled_from([*case.deciders, "x"])
        parties = st.sampled_from([("POL", "AMB", "DOCTOR", "BED"), ("POL",)])
        times = st.sampled_from([now - timedelta(minutes=5), now, now + timedelta(hours=2)])
        was = st.sampled_from([each.at for each in case.milestones] or [now])
        arrivals = st.sampled_from(
            ["arrival_at_place_of_safety", "decision_to_keep", "assessment_started", "entry_made"]
        )
        return [
            st.builds(c.BeginStatus, powers, places, grounds),
            st.builds(c.MoveStatus, statuses, places, reason, grounds),
            st.builds(c.EndStatus, statuses, reason),
            st.builds(c.RecordMilestone, arrivals, reason),
            st.builds(c.ExtendClock, clocks, st.sampled_from([timedelta(hours=6), timedelta(hours=13)]),
                      st.sampled_from(["condition", "no bed"]), grounds),
            st.builds(c.ProposeMilestoneCorrection, arrivals, was, times, reason),
            st.builds(c.ConfirmMilestoneCorrection, moves),
            st.builds(c.PlanBooking, st.just("warrant_s135"), times, parties),
            st.builds(c.ConfirmBooking, bookings, st.sampled_from(["POL", "AMB", "DOCTOR", "BED"]), *[reason] * 3),
            st.builds(c.WithdrawFromBooking, bookings, st.sampled_from(["POL", "AMB"]), reason),
            st.builds(c.StartBooking, bookings),
            st.builds(c.CancelBooking, bookings, reason),
            st.builds(c.RaiseChallenge, agencies, reason, st.booleans()),
            st.builds(c.AnswerChallenge, disputes, reason),
            st.builds(c.EscalateChallenge, disputes),
            st.builds(c.SettleChallenge, disputes, st.sampled_from(["upheld", "changed", "withdrawn"]), reason),
            st.builds(c.StandDown, agencies, reason, reason),
            st.builds(c.ReviewDecision, decisions, st.sampled_from(["pass", "fail", "fine"]), reason),
        ]  # fmt: skip

    def may_not_know_of_the_other(self, command: Command, by: Actor) -> bool:
        """Whether a link names a case in which the agency has no standing: for it there is no such case."""
        if not isinstance(command, c.LinkCase):
            return False
        named = [each for each in self.open if f"case/{case_id(each)}" == command.other]
        return any(by.agency not in self.standing(each) for each in named)

    def standing(self, name: str) -> frozenset[str]:
        return self.stories[0].engine.case(name).standing()

    # ---- what must hold

    @invariant()
    def sound(self) -> None:
        """One holder, dense versions, no open offer past closing, the fold equals the live state, nobody's seconds
        unowned.
        """
        for name in getattr(self, "open", ()):
            for story in self.stories:
                story.in_case(name).check_sound()

    @invariant()
    def same_everywhere(self) -> None:
        """The same entries byte for byte, and pictures that are what the fold of them says."""
        for name in getattr(self, "open", ()):
            stored = [tuple(map(encoded, story.engine.entries(name))) for story in self.stories]
            assert len(set(stored)) == 1
            entries = self.stories[0].engine.entries(name)
            wanted = {key: dict(row) for key, row in pictures.rows(fold(entries)).items()}
            for story in self.stories[1:]:
                assert isinstance(story.engine, InUse)
                assert rows_of(story.engine.store, case_id(name)) == wanted

    def teardown(self) -> None:
        """Let go of stores."""
        for story in getattr(self, "stories", ()):
            if isinstance(story.engine, InUse):
                story.engine.store.close()


#: The ledger's head in a decision: commitments are blinded, so no two stores have the same.
_HEAD = re.compile(r"size=\d+, root='[0-9a-f]*'")


def head_of(story: Story) -> tuple[int, str]:
    """What a decision on material would quote."""
    assert isinstance(story.engine, InUse)
    head = story.engine.store.seal(at=story.now)
    return head.sealed, head.root.hex()


def encoded(entry: Entry) -> bytes:
    """An entry's bytes, but for the ledger's head."""
    if isinstance(entry.event, MaterialDecided):
        entry = replace(entry, event=replace(entry.event, size=0, root=""))
    return codec.encode(entry)


def entered(story: Story, command_id: str, by: Actor, command: RegisterCommand) -> tuple[str, ...]:
    """Which cases were told."""
    if isinstance(story.engine, AloneWithRecords):
        return story.engine.enters(command_id, story, by, command)
    assert isinstance(story.engine, InUse)
    story.engine.clock.move_to(story.now)
    return enter(story.engine.service, RegisterRequest(command_id, command, by)).told


def rows_of(store: Store, case: str) -> dict[tuple[str, tuple[Cell, ...]], dict[str, Cell]]:
    """Every picture row of a case as the store has it."""
    return {
        (table, tuple(row[column] for column in PICTURE_KEYS[table])): row
        for table in PICTURE_COLUMNS
        for row in store.pictures(table, agency=None, where={"case_id": case})
    }


FAST = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # a failing story is read as it is: shrinking one takes minutes
)


def test_any_agency_does_anything_core_and_memory() -> None:
    run_state_machine_as_test(Handovers, settings=FAST)


@pytest.mark.slow
def test_any_agency_does_anything_on_postgresql_too(pg_server: EmbeddedServer) -> None:
    """Fewer examples: every command is a commit. Each example has a database of its own."""
    homes: list[Path] = []

    def fresh() -> Store:
        homes.append(Path(tempfile.mkdtemp(prefix="safehands-keys-")))
        return attach(pg_server, homes[-1], f"k{homes[-1].name[-8:].lower()}", most=2)

    machine = type("HandoversOnPostgreSQL", (Handovers,), {"store": staticmethod(fresh)})
    few = settings(FAST, max_examples=5, stateful_step_count=25)
    try:
        run_state_machine_as_test(machine, settings=few)
    finally:
        for home in homes:
            shutil.rmtree(home)
