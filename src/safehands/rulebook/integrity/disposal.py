"""R09: something is to be, or was, destroyed that a decision, a request, a review or a rule still needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, in_scope
from safehands.core.records.vocabulary import CaseStage, CustodyType, HoldingStatus
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    HIGH,
    NOTHING,
    Judged,
    Parts,
    Question,
    Rule,
    above,
    cause,
    considered,
    kin,
    records_of,
)
from safehands.rulebook.retention import agency_keeps, flags_at, prosecutors_keep


@dataclass(frozen=True, slots=True)
class Disposal:
    """A record is to be destroyed (``done``: was), by whom, and whether only the medium was meant."""

    record: str
    agency: str
    at: datetime
    done: bool
    medium_only: bool
    fact: Fact[Any]


def cells(material: Material) -> Iterable[Parts]:
    """Each record of which a disposal is told, and its kin."""
    records = []
    for key, name in material.disposals.items():
        copy = material.copies.get(name) if key.startswith("copy ") else None
        records += [copy.event.record] if copy is not None else [name]
    return ((each,) for each in kin(material, records))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """Of a record, itself and what it was made from; of what a case does, each record of which a disposal is told."""
    match fact.event:
        case e.MaterialDecided(decision=decision):
            # Times of keeping run from the last decision, so that a decision reaches every disposal.
            return chain(cells(material), ((each,) for each in above(material, considered(material, decision))))
        case (
            e.MaterialRequested()
            | e.RequestWithdrawn()
            | e.RequestAnswered()
            | e.VictimReviewRequested()
            | e.VictimReviewMoved()
            | e.StageReached()
            | e.CaseFlagged()
        ):
            return cells(material)
        case _:
            return ((each,) for each in above(material, records_of(material, fact)))


def judge(question: Question, parts: Parts) -> Judged:
    """The worst disposal of a content class that something stands against."""
    reading = question.reading
    members = reading.content_class(parts[0])
    if members[0] != parts[0]:
        return NOTHING
    stopped = [
        (not each.done, each.at, each.fact.seq, each, reasons)
        for each in _disposals(reading, members)
        if not (each.medium_only and _survives(reading, members, each)) and (reasons := stops(reading, each))
    ]
    if not stopped:
        return NOTHING
    *_, worst, reasons = min(stopped, key=lambda each: each[:3])
    finding = Finding(
        rule="R09",
        letter="b" if worst.done else "a",
        grade=CRITICAL if worst.done else HIGH,
        cause=cause(parts),
        because=(worst.fact.seq, *(fact.seq for fact in reasons.values())),
        first_true_at=worst.at,
        records=(worst.record,),
        blocks=not worst.done,
        note=" ".join(reasons),
    )
    return Judged(finding)


def _disposals(reading: Reading, members: Iterable[str]) -> Iterator[Disposal]:
    for record in members:
        for copy in reading.copies(record):
            for fact in reading.custody(copy.event.copy):
                if fact.event.type in (CustodyType.DISPOSAL_AUTHORISED, CustodyType.DESTROYED):
                    done = fact.event.type is CustodyType.DESTROYED
                    yield Disposal(record, fact.event.agency, fact.event.at, done, fact.event.medium_only, fact)
        for said in reading.all(reading.material.holdings, record):
            if said.event.status is HoldingStatus.DESTROYED:
                yield Disposal(record, said.event.agency, said.event.at, done=True, medium_only=False, fact=said)


def _survives(reading: Reading, members: Iterable[str], disposal: Disposal) -> bool:
    """Whether another record with the same content, verified, was held then."""
    return any(reading.holders(each, disposal.at) for each in members if each != disposal.record)


def stops(reading: Reading, disposal: Disposal) -> dict[str, Fact[Any]]:
    """Everything that stands against a disposal at its moment, by a short name, each with the fact that says so."""
    found: dict[str, Fact[Any] | None] = {
        "decision": _decision(reading, disposal),
        "request": _request(reading, disposal),
        "review": _review(reading, disposal),
        "hold": _hold(reading, disposal),
        "retention": _retention(reading, disposal),
    }
    return {name: fact for name, fact in found.items() if fact is not None}


def _decision(reading: Reading, disposal: Disposal) -> Fact[Any] | None:
    """A decision that rests on it, or on what was made from it, in a case that is not concluded."""
    stages = [fact for fact in reading.material.stages if reading.knows(fact) and fact.happened_at <= disposal.at]
    if stages and max(stages, key=lambda fact: (fact.happened_at, fact.seq)).event.stage is CaseStage.CONCLUDED:
        return None
    rests = (*reading.content_class(disposal.record), *reading.derivatives(disposal.record))
    return next((fact for fact in reading.decisions_on(rests) if fact.event.made_at <= disposal.at), None)


def _request(reading: Reading, disposal: Disposal) -> Fact[Any] | None:
    """A request to the agency, open then, that it is in the scope of."""
    material, record = reading.material, reading.record(disposal.record)
    if record is None:
        return None
    for request in reading.each(material.requests, material.asked_of.get(disposal.agency, ())):
        replies = reading.all(material.replies, request.event.request)
        answered = any(reply.event.complete and reply.event.at <= disposal.at for reply in replies)
        withdrawn = reading.one(material.withdrawn, request.event.request)
        gone = withdrawn is not None and withdrawn.happened_at <= disposal.at
        asked = request.event.asked_at <= disposal.at and in_scope(record, request.event.scope)
        if asked and not answered and not gone:
            return request
    return None


def _review(reading: Reading, disposal: Disposal) -> Fact[Any] | None:
    """A review that a victim asked for and that was not closed then."""
    material = reading.material
    asked = sorted(reading.each(material.victim_reviews, material.victim_reviews), key=lambda fact: fact.seq)
    for fact in asked:
        moves = reading.all(material.victim_moves, fact.event.victim_review)
        closed = any(move.event.stage == "closed" and move.happened_at <= disposal.at for move in moves)
        if fact.event.received_at <= disposal.at and not closed:
            return fact
    return None


def _hold(reading: Reading, disposal: Disposal) -> Fact[Any] | None:
    """A hold on the record, or on the whole case by a flag."""
    material = reading.material
    for hold in reading.all(material.holds, disposal.record):
        lifted = reading.one(material.lifted, hold.event.hold)
        if hold.happened_at <= disposal.at and (lifted is None or lifted.happened_at > disposal.at):
            return hold
    return next((fact for flag, fact in flags_at(reading, disposal.at).items() if flag.startswith("hold:")), None)


def _retention(reading: Reading, disposal: Disposal) -> Fact[Any] | None:
    """The agency's own rule for the record whose day had not come, or has none; or what all prosecutors keep."""
    about = (reading, disposal.record, disposal.agency, disposal.at)
    keeping = (*agency_keeps(*about), *prosecutors_keep(*about))
    return next((fact for _, fact in keeping if fact is not None), None)


RULE: Final = Rule("R09", cells, touched, judge)
