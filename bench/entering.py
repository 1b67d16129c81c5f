"""(l) One entry of an agency's register on a case of 10,000 records, the whole way through, against one of 100 records.

The whole ``enter``: what is known of register and case, the rules of the entry, the case's note, the concerns that come
and go, and the durable append, on the store in memory (the database's own time is in *c*). Both cases lie in stores of
their own and were filled entry by entry; the two sizes take turns.
"""

from __future__ import annotations

from dataclasses import replace

from bench.integrity import CALENDARS, START
from bench.measure import Result, compare, duration, timed, times
from safehands.core.commands import TakeContact
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import Actor, Contact
from safehands.pathways.load import load
from safehands.rulebook.integrity import INTEGRITY
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Request, Service
from safehands.service.registers import RegisterRequest, enter
from safehands.store.memory import MemoryStore

BAR = 3
POLICE = Actor("officer", "investigator", "POL-northshire")
_ADOPTERS = (Actor("bench-one", "supervisor", "SETUP"), Actor("bench-two", "supervisor", "SETUP"))


class Filled:
    """A case of this many records on a store of its own."""

    def __init__(self, records: int) -> None:
        clock, store = SystemClock(), MemoryStore()
        catalogue = Catalogue(store)
        catalogue.adopt(load("evidence-review"), clock, *_ADOPTERS)
        # Filled without rules, which judge it whole when the first measured entry comes.
        self.service = Service(store, catalogue, clock, integrity=None, calendars=CALENDARS)
        self.case, self.rounds = clock.new_id(), 0
        contact = Contact(clock.new_id(), "999", clock.now(), POLICE.agency)
        take = TakeContact(clock.new_reference(), contact)
        self.service.handle(Request(clock.new_id(), self.case, take, POLICE, pathway="evidence-review"))
        for n in range(records):
            self.enter(self.registered(f"r{n}", v.RecordKind.TRANSCRIPT_FULL if n % 10 == 0 else v.RecordKind.CCTV))
        for n in range(0, records, 10):
            self.enter(self.derived(f"r{n}", f"r{n + 1}"))
        self.service = replace(self.service, integrity=INTEGRITY, materials=type(self.service.materials)())

    def enter(self, command: r.RegisterCommand) -> None:
        enter(self.service, RegisterRequest(self.service.clock.new_id(), command, POLICE))

    def registered(self, record: str, kind: v.RecordKind) -> r.RegisterRecord:
        return r.RegisterRecord(record, record, kind, f"A record {record}", v.When(START), cases=(f"case/{self.case}",))

    def derived(self, derived: str, source: str) -> r.RecordDerivation:
        return r.RecordDerivation(f"{derived}<{source}", derived, source, v.Method.TRANSCRIPT_FULL, v.When(START))

    def round(self) -> float:
        """Seconds for one entry, of a few of each kind."""
        commands: list[r.RegisterCommand] = []
        for n in range(self.rounds, self.rounds + 2):
            record = f"r{n % 9 * 10 + 1}"
            commands += [
                self.registered(f"new {n}", v.RecordKind.TRANSCRIPT_FULL),
                self.derived(f"new {n}", record),
                r.AssertHolding(record, v.HoldingStatus.HELD, v.HowKnown.SEEN),
                r.RegisterCopy(f"copy {n}", record, v.CopyRole.MASTER, v.Medium.VHS, seal=f"S{n}"),
                r.RecordCustody(f"moved {n}", f"copy {n}", v.CustodyType.MOVED, given_to="store"),
            ]
        self.rounds += 2
        return timed(lambda: [self.enter(each) for each in commands], len(commands))


def measure(*, quick: bool) -> list[Result]:
    """One line."""
    few, many, rounds = (100, 500, 3) if quick else (100, 10_000, 15)
    small, large = Filled(few), Filled(many)
    small.round(), large.round()
    compared = compare(small.round, large.round, rounds=rounds)
    ratio = 1 / compared.ratio
    return [
        Result(
            measure="l",
            what=f"one entry of a register on a case of {many:,} records, the whole way",
            peer=f"the same at {few:,} records",
            peer_figure=duration(compared.peer),
            our_figure=duration(compared.ours),
            ratio=f"{times(ratio)} its time",
            spread=f"{1 / compared.highest:.2f} to {times(1 / compared.lowest)}, {rounds} rounds",
            bar=f"under {BAR} times its time",
            met=ratio < BAR,
            note="Store in memory; all integrity rules",
        )
    ]
