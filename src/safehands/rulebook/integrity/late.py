"""R19: something was entered long after it happened, and it changes what is true of an earlier decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading
from safehands.rulebook.integrity import seen, source_unseen, surfaced, unverified
from safehands.rulebook.integrity.cells import RECORDED, Judged, Parts, Question, Rule, cause, kin, records_of

#: How late is late (sheet 2, R19).
LATE: Final = timedelta(days=30)
#: How far two clocks may differ [E].
SKEW: Final = timedelta(minutes=5)
#: The rules that are about a decision and a content class: what is found of one, and which a fact may have touched.
ABOUT_DECISIONS: Final = (
    (source_unseen.find, source_unseen.touched),
    (surfaced.find, surfaced.touched),
    (unverified.find, unverified.touched),
    (seen.find, seen.decisions_touched),
)


def cells(material: Material) -> Iterable[Parts]:
    """Each record of which anything is said that R19 looks at."""
    told = (
        material.records,
        material.classified,
        material.holdings,
        material.copies_of,
        material.made_into,
        material.made_from,
        material.same_event,
        material.shares_of,
    )
    return ((each,) for each in dict.fromkeys(name for names in told for name in names))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A record and its kin, and what they were made from; so too of a record of which another rule may say something
    else of a decision."""
    records = dict.fromkeys(records_of(material, fact))
    for _, touches in ABOUT_DECISIONS:
        records |= dict.fromkeys(parts[1] for parts in touches(material, fact))
    joined = kin(material, records)
    edges = (material.derivations[name].event for each in joined for name in material.made_from.get(each, ()))
    return ((each,) for each in kin(material, (*joined, *(edge.source for edge in edges))))


def judge(question: Question, parts: Parts) -> Judged:
    """The first late fact about a content class that a finding on an earlier decision rests on; else a wrong clock."""
    reading = question.reading
    members = reading.content_class(parts[0])
    if members[0] != parts[0]:
        return Judged()
    facts = _facts(reading, members)
    late = {seq: fact for seq, fact in facts.items() if fact.recorded_at - fact.happened_at > LATE}
    finding = _changes_the_past(question, parts, late) if late else None
    if finding is None:
        ahead = next((fact for fact in facts.values() if fact.happened_at - fact.recorded_at > SKEW), None)
        finding = _finding(parts, "b", (ahead,), "a clock was wrong") if ahead is not None else None
    return Judged(finding)


def _changes_the_past(question: Question, parts: Parts, late: dict[int, Fact[Any]]) -> Finding | None:
    """For each decision that was there before: what would be true of it, and of this content, without a late fact?"""
    decisions = question.material.decisions
    without = {seq: replace(question, reading=Reading(question.material, without=seq)) for seq in late}
    for decision in sorted(question.reading.each(decisions, decisions), key=lambda fact: fact.seq):
        by = [
            fact
            for seq, fact in late.items()
            if seq > decision.seq
            and (records := kin(question.material, _about(parts, fact)))
            and _true_of(question, decision, records) != _true_of(without[seq], decision, records)
        ]
        if by:
            latest = max(by, key=lambda fact: fact.recorded_at - fact.happened_at)
            days = (latest.recorded_at - latest.happened_at).days
            return _finding(parts, "a", (latest, decision), f"{days} days")
    return None


def _about(parts: Parts, fact: Fact[Any]) -> Parts:
    """The records of which a fact may make something else true; that one was made from another is told of the source,
    for both."""
    return (*parts, fact.event.derived) if isinstance(fact.event, e.DerivationRecorded) else parts


def _true_of(
    question: Question, decision: Fact[e.MaterialDecided], records: Iterable[str]
) -> list[tuple[int, str, int]]:
    """What the rules about decisions say of one decision and some records; whichever record stands for its class."""
    cells = [(decision.event.decision, record) for record in records]
    found = ((n, find(question, cell)) for n, (find, _) in enumerate(ABOUT_DECISIONS) for cell in cells)
    return sorted((n, each.letter, each.grade) for n, each in found if each is not None)


def _facts(reading: Reading, members: Iterable[str]) -> dict[int, Fact[Any]]:
    """By their places, the facts about a content class: that it is there, where, what was made from it, how that was
    checked, to whom it came and who saw it. Those about the rows of a declared bulk import are left out."""
    found: dict[int, Fact[Any]] = {}
    for member in members:
        record = reading.record(member)
        if record is None or not record.event.legacy:
            found |= {fact.seq: fact for fact in (*_register(reading, member), *_handed_on(reading, member))}
    return dict(sorted(found.items()))


def _register(reading: Reading, record: str) -> Iterator[Fact[Any]]:
    material, fact = reading.material, reading.record(record)
    if fact is not None:
        yield fact
    yield from reading.all(material.classified, record)
    yield from reading.all(material.holdings, record)
    yield from reading.all(material.same_event, record)
    for copy in reading.copies(record):
        yield copy
        yield from reading.all(material.custody, copy.event.copy)
    yield from reading.edges_into(record)
    for edge in reading.edges_from(record):
        yield from reading.all(material.verified, edge.event.derivation)


def _handed_on(reading: Reading, record: str) -> Iterator[Fact[Any]]:
    material = reading.material
    for share in reading.each(material.shares, material.shares_of.get(record, ())):
        yield share
        received = reading.one(material.received, share.event.share)
        if received is not None:
            yield received
        yield from reading.all(material.opened, share.event.share)


def _finding(parts: Parts, letter: str, facts: tuple[Fact[Any], ...], note: str) -> Finding:
    decision = facts[1].event.decision if len(facts) > 1 else None
    return Finding(
        rule="R19",
        letter=letter,
        grade=RECORDED,
        cause=cause(parts),
        because=tuple(fact.seq for fact in facts),
        first_true_at=facts[0].recorded_at,
        decision=decision,
        records=parts,
        knowable_then=decision is None,
        note=note,
    )


RULE: Final = Rule("R19", cells, touched, judge)
