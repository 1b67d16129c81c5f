"""(k) One more event on a case of 10,000 records, re-evaluated by the integrity rules, against one of 100 records.

Bare rules on a material in memory: what is measured is absorbing one event and asking all rules what is true now. Both
cases have the same five requests, four decisions, one attestation and five letters, two of which say that all material
was considered; one record in ten has a source, a copy, a share or a holding. Events are of the kinds that concern
single records: a registration, a holding, a copy, a custody event, a share, a derivation, a check. The two sizes take
turns.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.measure import Result, compare, duration, timed, times
from safehands.core.calendar import Calendar
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.material import EMPTY, Fact, Material, absorb
from safehands.rulebook.integrity import INTEGRITY
from safehands.rulebook.integrity.cells import WORKING_DAYS
from safehands.rulebook.integrity.standing import Standing

BAR = 3
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
CALENDARS = {WORKING_DAYS: Calendar("England and Wales", "Europe/London", frozenset(), date(2028, 12, 31))}
POL, CPS = "POL", "CPS"


def registered(name: str) -> e.RecordRegistered:
    kind = v.RecordKind.TRANSCRIPT_FULL if name.endswith("0") else v.RecordKind.VIDEO_INTERVIEW
    return e.RecordRegistered(
        name,
        POL,
        name,
        kind,
        "Interview of a witness",
        v.When(START),
        relevance=v.Relevance.RELEVANT,
        use=v.Use.UNUSED_NONSENSITIVE,
    )


def shared(name: str, record: str) -> e.RecordShared:
    return e.RecordShared(name, record, POL, CPS, v.Channel.EVIDENCE_LINK, START, f"copy {record}")


def case_of(records: int) -> list[Any]:
    """The events of a case of this many records."""
    events: list[Any] = [registered(f"r{n}") for n in range(records)]
    for n in range(0, records, 10):
        events += [
            e.DerivationRecorded(f"e{n}", f"r{n}", f"r{n + 1}", v.Method.TRANSCRIPT_FULL, v.When(START), "typist"),
            e.CopyRegistered(f"copy r{n + 1}", f"r{n + 1}", v.CopyRole.MASTER, v.Medium.VHS, held_by=POL),
            shared(f"s{n}", f"r{n + 2}"),
            e.HoldingAsserted(f"r{n + 3}", POL, v.HoldingStatus.HELD, START, v.HowKnown.SEEN),
        ]
    everything = v.Scope(everything=True)
    events += [
        e.MaterialRequested(f"q{n}", CPS, POL, v.RequestPurpose.CASE_REVIEW, everything, START) for n in range(5)
    ]
    lines = tuple(v.ReplyItem(f"r{n}", v.ReplyCode.SUPPLIED) for n in range(records))
    events.append(e.RequestAnswered("a0", "q0", POL, START, lines, complete=True))
    events.append(e.NothingFurtherAttested("n0", POL, START, "officer", everything, ("RMS",), "officer", "nothing"))
    for n in range(4):
        read = tuple(v.Considered(f"r{each}", v.Mode.READ_FULL) for each in range(n * 10, records, 40))
        given = (v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "nfa", "reasons", START, f"P{n}", CPS)
        events.append(e.MaterialDecided(f"d{n}", *given, reviews=f"d{n - 1}" if n else None, considered=read))
    gone = v.LetterClaim(v.ClaimCode.NOT_HELD, kind=v.RecordKind.CCTV)
    events += [e.LetterLogged(f"l{n}", True, POL, "family", "post", START, "00", (gone,)) for n in range(3)]
    everything_read = v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED)
    events.append(e.LetterLogged("l3", True, CPS, "family", "post", START, "00", (everything_read,), decision="d3"))
    events.append(e.LetterLogged("l4", True, CPS, "family", "post", START, "00", (everything_read,)))
    return events


def touching(n: int) -> list[Any]:
    """Events about single records, as they come in on a working day."""
    record = f"r{n % 9 * 10 + 1}"
    return [
        registered(f"new {n}"),
        e.HoldingAsserted(record, POL, v.HoldingStatus.HELD, START, v.HowKnown.SEEN),
        e.CopyRegistered(f"another {n}", record, v.CopyRole.WORKING, v.Medium.FILE, sha256="aa", held_by=POL),
        e.CustodyRecorded(f"u{n}", f"copy {record}", v.CustodyType.MOVED, START, POL, given_to="store"),
        shared(f"more {n}", record),
        e.DerivationRecorded(f"more {n}", f"new {n}", record, v.Method.SUMMARY, v.When(START), "typist"),
        e.DerivativeVerified(f"v{n}", f"more {n}", f"copy {record}", "checker", v.Verified.CONSISTENT, START),
    ]


class Running:
    """A case to which events are added."""

    def __init__(self, records: int) -> None:
        self.material: Material = EMPTY
        for event in case_of(records):
            self.material = absorb(self.material, self.fact(event))
        self.standing: Standing = INTEGRITY.evaluate(self.material, START, CALENDARS)
        self.rounds = 0

    def fact(self, event: Any) -> Fact[Any]:
        moment = START + timedelta(seconds=self.material.size)
        return Fact(event, START, moment, self.material.size + 1)

    def add(self, event: Any) -> None:
        fact = self.fact(event)
        before, self.material = self.material, absorb(self.material, fact)
        self.standing = INTEGRITY.advance(
            self.standing, before, self.material, [fact], at=fact.recorded_at, calendars=CALENDARS
        )

    def round(self) -> float:
        """Seconds for one event, of a few of each kind."""
        events = [event for n in range(self.rounds, self.rounds + 4) for event in touching(n)]
        self.rounds += 4
        return timed(lambda: [self.add(event) for event in events], len(events))

    def agrees(self) -> bool:
        return dict(self.standing) == dict(INTEGRITY.evaluate(self.material, self.standing.at, CALENDARS))


def measure(*, quick: bool) -> list[Result]:
    """One line."""
    few, many, rounds = (100, 1_000, 5) if quick else (100, 10_000, 21)
    small, large = Running(few), Running(many)
    compared = compare(small.round, large.round, rounds=rounds)
    if not (small.agrees() and large.agrees()):
        raise AssertionError("what was advanced is not what is true of the whole")
    ratio = 1 / compared.ratio
    return [
        Result(
            measure="k",
            what=f"one event added to a case of {many:,} records, all integrity rules",
            peer=f"the same at {few:,} records",
            peer_figure=duration(compared.peer),
            our_figure=duration(compared.ours),
            ratio=f"{times(ratio)} its time",
            spread=f"{1 / compared.highest:.2f} to {times(1 / compared.lowest)}, {rounds} rounds",
            bar=f"under {BAR} times its time",
            met=ratio < BAR,
            note=f"Standing: {len(small.standing):,} and {len(large.standing):,} findings, equal to a whole evaluation",
        )
    ]
