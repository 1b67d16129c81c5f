"""The material of a case as one seat may read it: what a record is called, who has it, how far it came to somebody.

Unknown, not searched, missing and destroyed are different words. What may not be read is told to exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from safehands.core.records import vocabulary as v
from safehands.core.records.events import MaterialDecided, RegisterDeclared
from safehands.core.records.findings import Findings
from safehands.core.records.knowing import ADMINISTRATIVE
from safehands.core.records.ladder import rung
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, now
from safehands.desk.apps import kernel
from safehands.desk.forms import plain
from safehands.desk.models import Agency
from safehands.desk.scene import Scene
from safehands.service.material import Seen, seen_by
from safehands.service.words_of_records import DECISIONS, KINDS, STATUSES, date_of, made_when, words


@dataclass(frozen=True, slots=True)
class Held:
    """What one agency says of where a record is."""

    agency: str
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """A record on the index, as this seat may read it. ``stub`` where only its existence may be told."""

    record: str
    seq: int
    ref: str
    kind: str
    made: str
    description: str
    held: tuple[Held, ...]
    person_rung: v.Rung
    agency_rung: v.Rung
    stub: bool
    withheld: str
    counts: bool
    made_from: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its reference and what it is."""
        return f"{self.ref} ({self.kind})" if not self.stub else self.kind


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one agency's register, and which of its stores nobody searched."""

    agency: str
    status: str
    never_searched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """The material of a case, for one seat."""

    scene: Scene
    material: Material
    findings: Findings
    reading: Reading
    seen: Seen
    names: Mapping[str, str]

    def agency(self, code: str) -> str:
        """An agency's name, or its code where nobody here knows it."""
        return self.names.get(code, code)

    def called(self, record: str) -> str:
        """A record as this seat reads it."""
        fact = next((each for each in self.seen.records if each.event.record == record), None)
        if fact is not None:
            return f"{fact.event.exhibit_ref or record} ({words(KINDS, fact.event.kind)})"
        stub = next((each for each in self.seen.stubs if each.record == record), None)
        if stub is not None:
            return _("%(kind)s of %(agency)s that you may not read") % {
                "kind": words(KINDS, stub.kind),
                "agency": self.agency(stub.holder),
            }
        return _("a record that may not be described")

    def decision(self, name: str) -> str:
        """A decision in words: when, who, what."""
        fact = self.material.decisions.get(name)
        if fact is None:
            return _("a decision that is not on file")
        return self.decided(fact.event)

    def decided(self, event: MaterialDecided) -> str:
        """The same of the event."""
        return _("%(day)s, %(agency)s: decision %(kind)s") % {
            "day": date_of(event.made_at),
            "agency": self.agency(event.decider_agency),
            "kind": words(DECISIONS, event.kind),
        }

    def decisions(self) -> tuple[Fact[MaterialDecided], ...]:
        """Every decision, the newest first."""
        return tuple(
            sorted(self.material.decisions.values(), key=lambda each: (each.event.made_at, each.seq), reverse=True)
        )

    def index(self) -> tuple[Line, ...]:
        """Every record that this seat may know to exist, in the order of learning."""
        full = {each.event.record: each for each in self.seen.records}
        stubs = {each.record: each for each in self.seen.stubs}
        names = sorted((*full, *stubs), key=lambda name: self.material.records[name].seq)
        return tuple(self._line(name, stub=name in stubs) for name in names)

    def _line(self, record: str, *, stub: bool) -> Line:
        fact = self.material.records[record]
        event = self.reading.classification(fact)
        seat, at = self.scene.seat, self.scene.now
        why = next((each.withheld_for for each in self.seen.stubs if each.record == record), None)
        edges = self.material.made_from.get(record, ())
        sources = (self.material.derivations[edge].event.source for edge in edges)
        return Line(
            record=record,
            seq=fact.seq,
            ref="" if stub else (event.exhibit_ref or record),
            kind=words(KINDS, event.kind),
            made=made_when(event.created),
            description="" if stub else event.description,
            held=tuple(self.held(record)),
            person_rung=rung(self.reading, record, seat.agency, at, person=seat.actor.actor),
            agency_rung=rung(self.reading, record, seat.agency, at),
            stub=stub,
            withheld=plain(why.value) if why is not None else "",
            counts=event.kind not in ADMINISTRATIVE and event.relevance is not v.Relevance.NOT_RELEVANT,
            made_from=() if stub else tuple(self.called(each) for each in sources if each in self.material.records),
        )

    def held(self, record: str) -> Iterator[Held]:
        """What each agency says last of where it is."""
        for agency in self.reading.speakers(record):
            last: dict[str | None, v.HoldingStatus] = {}
            for said in self.reading.said_of(record, agency):
                if said.copy is None:
                    last.clear()
                last[said.copy] = said.status
            said_now = [words(STATUSES, each) for each in dict.fromkeys(last.values())]
            yield Held(
                self.agency(agency),
                "; ".join(said_now) if said_now else _("registered it, and has not said where it is"),
            )

    def coverage(self) -> tuple[Coverage, ...]:
        """What is known of the register of each agency with a part in the case."""
        agencies = sorted(self.scene.case.standing() | set(self.material.registers))
        return tuple(coverage_of(self.material, each, self.agency(each)) for each in agencies)


def coverage_of(material: Material, agency: str, name: str) -> Coverage:
    """What ``material`` knows of an agency's register."""
    facts = material.registers.get(agency, ())
    if not facts:
        return Coverage(name, _("has not said whether its register is here"), ())
    event = facts[-1].event
    status = _says_of_itself(event)
    return Coverage(name, status, tuple(each.name for each in event.stores if each.searched_at is None))


def _says_of_itself(event: RegisterDeclared) -> str:
    match event.status:
        case v.RegisterStatus.LIVE:
            return _("its register is live")
        case v.RegisterStatus.SNAPSHOT:
            day = date_of(event.as_of) if event.as_of is not None else _("an unknown day")
            return _("its register was read in once, as it was on %(day)s") % {"day": day}
        case v.RegisterStatus.NONE:
            return _("has no register here")


def matter_of(scene: Scene) -> Matter:
    """The material of the scene's case."""
    known = kernel().known(scene.case.stream)
    return Matter(
        scene,
        known.material,
        known.findings,
        now(known.material),
        seen_by(known.material, scene.seat.agency),
        dict(Agency.objects.values_list("code", "name")),
    )


def same_source(reading: Reading, material: Material, decision: str) -> str | None:
    """The one record that a decision and the one that it reviews both rest on, and on nothing else; else None."""
    made = material.decisions[decision].event
    if made.reviews is None or made.reviews not in material.decisions:
        return None
    ours, theirs = (rested_classes(reading, material, each) for each in (decision, made.reviews))
    return next(iter(ours)) if len(ours) == 1 and ours == theirs else None


def rested_classes(reading: Reading, material: Material, decision: str) -> frozenset[str]:
    """What a decision rests on, each content once."""
    considered = material.decisions[decision].event.considered
    return frozenset(reading.content_class(each.record)[0] for each in considered if each.mode in v.RESTS_ON)
