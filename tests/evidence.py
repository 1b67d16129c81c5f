"""Stories about records: agencies with registers, a case that both have a part in, and a stand-in for the rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from safehands.core.calendar import Calendar
from safehands.core.events import Event
from safehands.core.records import commands as r
from safehands.core.records.findings import Finding, Findings
from safehands.core.records.knowing import is_orphan, same_content
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import (
    RESTS_ON,
    Channel,
    Considered,
    CopyRole,
    CustodyType,
    DecisionKind,
    Medium,
    Method,
    Mode,
    RecordKind,
    RequestPurpose,
    Scope,
    Stage,
    Test,
    When,
)
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.service.registers import Entered, RegisterRequest, enter
from safehands.store.ports import Store
from scenario import CALM, InUse, Story, case_id, in_use, person

NSP = person("POL-northshire", "investigator")
NSP2 = person("POL-northshire", "disclosure_officer", 2)
CPS = person("CPS-midshire", "prosecutor")
CPS2 = person("CPS-midshire", "prosecutor", 2)
AUDIT = person("HMI", "auditor")
SHA = "ab" * 32
BODY = "cd" * 32
MADE = When(datetime(2005, 1, 20, tzinfo=UTC))
EVERYTHING = Scope(everything=True)


class Few:
    """Three rules, plainly: R02 (orphan), R01 (a source unseen), R09 (a disposal that blocks). No ``advance`` of its
    own: it looks at everything again, which is what an incremental one must equal."""

    def evaluate(self, material: Material, at: datetime, calendars: Mapping[str, Calendar]) -> Findings:
        found = [*self._orphans(material, at), *self._unseen(material, at), *self._disposals(material, at)]
        return {each.concern: each for each in found}

    def advance(
        self,
        standing: Findings,
        before: Material,
        after: Material,
        facts: Sequence[Fact[Any]],
        *,
        at: datetime,
        calendars: Mapping[str, Calendar],
    ) -> Findings:
        return self.evaluate(after, at, calendars)

    def _orphans(self, material: Material, at: datetime) -> list[Finding]:
        return [
            Finding("R02", "a", 1 if record in material.rested_on else 2, record, (fact.seq,), at, records=(record,))
            for record, fact in material.records.items()
            if is_orphan(material, record)
        ]

    def _unseen(self, material: Material, at: datetime) -> list[Finding]:
        found = []
        for decision, fact in material.decisions.items():
            rests_on = [each.record for each in fact.event.considered if each.mode in RESTS_ON]
            seen = same_content(material, rests_on)
            for record in rests_on:
                for edge in material.made_from.get(record, ()):
                    made = material.derivations[edge]
                    if made.event.source in material.records and made.event.source not in seen:
                        cause = f"{decision}:{made.event.source}"
                        because = (fact.seq, made.seq)
                        excused = any(each.record == made.event.source for each in fact.event.known_unseen)
                        letter, grade = ("d", 4) if excused else ("a", 1)
                        found.append(
                            Finding("R01", letter, grade, cause, because, at, decision, (made.event.source,),
                                    knowable_then=made.seq < fact.seq)
                        )  # fmt: skip
        return found

    def _disposals(self, material: Material, at: datetime) -> list[Finding]:
        return [
            Finding("R09", "a", 1, material.copies[copy].event.record, (fact.seq,), at,
                    records=(material.copies[copy].event.record,), blocks=True, note="a decision may still be reviewed")
            for copy, facts in material.custody.items()
            for fact in facts
            if fact.event.type in (CustodyType.DISPOSAL_AUTHORISED, CustodyType.DESTROYED) and material.decisions
        ]  # fmt: skip


def england(until: int = 2028) -> Calendar:
    """Weekdays, but for one Monday."""
    day = datetime(2026, 5, 4, tzinfo=UTC).date()
    return Calendar("england-and-wales", "Europe/London", frozenset({day}), datetime(until, 12, 26, tzinfo=UTC).date())


class Matter:
    """A case of two agencies on a store of its own: ``enters`` writes to a register, ``does`` to the case."""

    def __init__(self, store: Store | None = None, *, rules: bool = True, calendar: Calendar | None = None) -> None:
        self.story: Story = in_use(store=store)
        engine = self.story.engine
        assert isinstance(engine, InUse)
        self.engine = engine
        calendars = {"england-and-wales": calendar or england()}
        engine.service = replace(engine.service, integrity=Few() if rules else None, calendars=calendars)
        self.sent = 0
        self.story.at("10:00").opens(NSP, said=CALM)

    @property
    def service(self) -> Any:
        return self.engine.service

    @property
    def id(self) -> str:
        return case_id(self.story.name)

    @property
    def stream(self) -> str:
        return f"case/{self.id}"

    @property
    def material(self) -> Material:
        return self.service.known(self.stream).material

    def enters(self, by: Actor, command: r.RegisterCommand, **claim: Any) -> Entered:
        self.sent += 1
        command_id = claim.pop("command_id", f"r{self.sent}")
        self.engine.clock.move_to(self.story.now)
        return enter(self.service, RegisterRequest(command_id, command, by, **claim))

    def does(self, by: Actor, command: Any, **more: Any) -> tuple[Event, ...]:
        return self.story.does(by, command, **more)

    def late(self, by: Actor, command: Any, **more: Any) -> tuple[Event, ...]:
        return self.story.does(by, command, source=HappenedSource.LATE, **more)

    # ---- what happens in most stories

    def registers(self, record: str, kind: RecordKind, by: Actor = NSP, *, tied: bool = True, **more: Any) -> Entered:
        cases = (self.stream,) if tied else ()
        command = r.RegisterRecord(record, record, kind, f"{kind} {record}", MADE, cases=cases, **more)
        return self.enters(by, command)

    def copies(self, copy: str, record: str, by: Actor = NSP) -> Entered:
        return self.enters(by, r.RegisterCopy(copy, record, CopyRole.MASTER, Medium.FILE, sha256=SHA, size=9))

    def derives(self, derived: str, source: str, by: Actor = NSP, **more: Any) -> Entered:
        method = more.pop("method", Method.RECORD_OF_INTERVIEW)
        return self.enters(by, r.RecordDerivation(f"{derived}<{source}", derived, source, method, MADE, **more))

    def shares(self, record: str, by: Actor = NSP, to: Actor = CPS, **more: Any) -> str:
        more.setdefault("share", f"s-{record}-{to.agency}")
        self.does(by, r.ShareRecord(record, to.agency, Channel.DISC, **more))
        return str(more["share"])

    def asks(self, request: str = "q1", scope: Scope = EVERYTHING, by: Actor = CPS, to: Actor = NSP) -> str:
        self.does(by, r.RequestMaterial(to.agency, RequestPurpose.CASE_REVIEW, scope, request, within_days=10))
        return request

    def invites(self) -> None:
        """The prosecutors get a part in the case: a letter of the file is shared with them."""
        self.registers("file", RecordKind.INDEX)
        self.shares("file")

    def decides(self, decision: str, *considered: tuple[str, Mode], by: Actor = CPS, **more: Any) -> None:
        kind = more.pop("kind", DecisionKind.NFA_CPS)
        self.does(
            by,
            r.DecideOnMaterial(
                kind, Test.FULL_CODE, Stage.EVIDENTIAL, "no further action", more.pop("reasons", "not enough"),
                decision=decision, considered=tuple(Considered(*each) for each in considered), **more,
            ),
        )  # fmt: skip

    def concerns(self) -> dict[str, tuple[str, int]]:
        """The open concerns about material by id: letter and grade."""
        return {
            name: (each.letter, each.grade)
            for name, each in self.story.case.concerns.items()
            if each.cleared_at is None and each.rule.startswith("R")
        }
