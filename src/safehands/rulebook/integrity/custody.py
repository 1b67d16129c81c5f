"""R13: the custody of a copy has a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Said
from safehands.core.records.vocabulary import STILL_HELD, CustodyType, HoldingStatus, Medium
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
    late, until = _on_the_way(question, copy, events)
    gaps = [*_gaps(events), *_held_twice(question, copy), *late]
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
    """Two agencies say at once that they have the one thing; the gap is where the second of them said so."""
    if copy.event.medium in NOT_UNIQUE:
        return
    said = [_in_hand(question.reading.said_of_copy(copy, agency)) for agency in _speakers(question, copy)]
    holders = sorted((each for each in said if each is not None), key=lambda each: (each.at, each.fact.seq))
    for one, other in pairwise(holders):
        yield "c", one.fact, other.fact


def _speakers(question: Question, copy: Fact[e.CopyRegistered]) -> tuple[str, ...]:
    return question.reading.speakers(copy.event.record)


def _in_hand(said: list[Said]) -> Said | None:
    """The last statement about the copy itself, where that and all said of the whole since say that it is there."""
    own = max((n for n, each in enumerate(said) if each.copy is not None), default=0)
    return said[own] if said and all(each.status in IN_HAND for each in said[own:]) else None


def _on_the_way(
    question: Question, copy: Fact[e.CopyRegistered], events: tuple[Fact[e.CustodyRecorded], ...]
) -> tuple[list[_Gap], datetime | None]:
    """Where it was handed over, and for too long nobody said that it had arrived; and when the last may be too long."""
    gaps: list[_Gap] = []
    until = None
    for n, sent in enumerate(events):
        if sent.event.type is not CustodyType.TRANSFERRED:
            continue
        due = sent.event.at + ON_THE_WAY
        if all(at >= due for at in _arrivals(question, copy, sent, events[n + 1 :])):
            if question.at >= due:
                gaps.append(("d", sent, sent))
            else:
                until = due if until is None else min(until, due)
    return gaps, until


def _arrivals(
    question: Question,
    copy: Fact[e.CopyRegistered],
    sent: Fact[e.CustodyRecorded],
    after: tuple[Fact[e.CustodyRecorded], ...],
) -> Iterator[datetime]:
    """When something showed that it had arrived: what happened to it next, or another agency that has it."""
    yield from (fact.event.at for fact in after[:1])
    reading, record = question.reading, copy.event.record
    for agency in _speakers(question, copy):
        for each in reading.said_of(record, agency) if agency != sent.event.agency else ():
            of_it = each.copy in (copy.event.copy, None) and each.status in STILL_HELD
            if of_it and (each.at, each.fact.seq) > (sent.event.at, sent.seq):
                yield each.at


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
