"""R13: the custody of a copy has a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import CustodyType, HoldingStatus, Medium
from safehands.rulebook.integrity.cells import MEDIUM, NOTHING, RECORDED, Judged, Parts, Question, Rule, cause

#: How long something that was handed over may be in nobody's hands [E].
ON_THE_WAY: Final = timedelta(days=28)
#: Media of which there can be the same twice.
NOT_UNIQUE: Final = frozenset({Medium.FILE, Medium.CLOUD_OBJECT})
IN_HAND: Final = frozenset({HoldingStatus.HELD, HoldingStatus.ARCHIVED})


def cells(material: Material) -> Iterable[Parts]:
    """Each copy."""
    return ((each,) for each in material.copies)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A copy; of a record, its copies; the beginning of a register touches all."""
    match fact.event:
        case e.CustodyRecorded(copy=copy) | e.CopyRegistered(copy=copy):
            return ((copy,),)
        case e.RecordRegistered(record=record) | e.HoldingAsserted(record=record):
            return ((each,) for each in material.copies_of.get(record, ()))
        case e.RegisterDeclared():
            return cells(material)
        case _:
            return ()


def judge(question: Question, parts: Parts) -> Judged:
    """The first gap in the custody of a copy; one from before the register began is told apart."""
    copy = question.reading.one(question.material.copies, parts[0])
    if copy is None:
        return NOTHING
    events = question.reading.custody(parts[0])
    gaps = [*_gaps(events), *_held_twice(question, copy)]
    sent = events[-1] if events and events[-1].event.type is CustodyType.TRANSFERRED else None
    until = sent.event.at + ON_THE_WAY if sent is not None else None
    if sent is not None and until is not None and question.at >= until:
        gaps.append(("d", sent, sent))
        until = None
    new = [gap for gap in gaps if not _of_before(question, copy, gap[2])]
    if not gaps:
        return Judged(until=until)
    letter, one, other = (new or gaps)[0]
    finding = Finding(
        rule="R13",
        letter=letter,
        grade=MEDIUM,
        cause=cause(parts),
        because=tuple(dict.fromkeys((one.seq, other.seq))),
        first_true_at=other.happened_at,
        records=(copy.event.record,),
    )
    return Judged(finding if new else replace(finding, letter="legacy", grade=RECORDED), until)


_Gap = tuple[str, Fact[Any], Fact[Any]]


def _gaps(events: tuple[Fact[e.CustodyRecorded], ...]) -> Iterator[_Gap]:
    """Where it was given to one and came from another; where it left under one seal and came under another."""
    handed = [fact for fact in events if fact.event.given_by or fact.event.given_to]
    for one, other in pairwise(handed):
        given, taken = one.event.given_to, other.event.given_by
        if given and taken and given != taken:
            yield "a", one, other
    sealed = [fact for fact in events if fact.event.seal_before or fact.event.seal_after]
    for one, other in pairwise(sealed):
        left, came = one.event.seal_after, other.event.seal_before
        if left and came and left != came:
            yield "b", one, other


def _held_twice(question: Question, copy: Fact[e.CopyRegistered]) -> Iterator[_Gap]:
    """Two agencies say at once that they have the one thing."""
    if copy.event.medium in NOT_UNIQUE:
        return
    reading, record = question.reading, copy.event.record
    holders = []
    for agency in reading.speakers(record):
        said = [each for each in reading.said_of(record, agency) if each.copy == copy.event.copy]
        if said and said[-1].status in IN_HAND:
            holders.append(said[-1].fact)
    if len(holders) > 1:
        yield "c", holders[0], holders[1]


def _of_before(question: Question, copy: Fact[e.CopyRegistered], fact: Fact[Any]) -> bool:
    """Whether a gap lies before the register of the agency that tells of it began, or came with a bulk import."""
    agency = getattr(fact.event, "agency", None) or copy.event.held_by or ""
    at = getattr(fact.event, "at", fact.happened_at)
    declared = question.reading.all(question.material.registers, agency)
    before = declared[-1].event.before if declared else None
    record = question.reading.record(copy.event.record)
    imported = record is not None and record.event.legacy and at < record.recorded_at
    return imported or (before is not None and at < before)


RULE: Final = Rule("R13", cells, touched, judge)
