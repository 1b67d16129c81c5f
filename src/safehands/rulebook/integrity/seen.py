"""R15: a decision says that something was seen, and nothing shows that it was opened; a share lapsed unopened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading
from safehands.core.records.vocabulary import PERUSALS, Channel
from safehands.rulebook.integrity.cells import (
    HIGH,
    NOTHING,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    considered,
    kin,
    records_of,
)


def cells(material: Material) -> Iterable[Parts]:
    """Each decision with what it considered and the kin of that; each share."""
    for decision in material.decisions:
        yield from (("decision", decision, each) for each in kin(material, considered(material, decision)))
    yield from (("share", each) for each in material.shares)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A decision; a share; of a record, the decisions on it."""
    if isinstance(fact.event, e.RecordShared | e.ShareOpened | e.ShareRevoked):
        yield ("share", fact.event.share)
    yield from (("decision", *parts) for parts in decisions_touched(material, fact))


def decisions_touched(material: Material, fact: Fact[Any]) -> Iterator[Parts]:
    """Each decision with a record of which it may say another thing that it was seen."""
    if isinstance(fact.event, e.MaterialDecided):
        name = fact.event.decision
        yield from ((name, each) for each in kin(material, considered(material, name)))
        return
    joined = kin(material, records_of(material, fact))
    names = dict.fromkeys(name for each in joined for name in material.rested_on.get(each, ()))
    yield from ((name, each) for name in names for each in joined)


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a decision and a record, or of a share."""
    return Judged(find(question, parts[1:])) if parts[0] == "decision" else _of_share(question, parts)


def find(question: Question, parts: Parts) -> Finding | None:
    """The finding on a decision and a record that it says was seen."""
    reading, (name, record) = question.reading, parts
    decision = reading.one(question.material.decisions, name)
    members = reading.content_class(record)
    if decision is None or decision.event.legacy or members[0] != record:
        return None
    relied = reading.rests_on(name, members)
    if relied is None or any(_openings(reading, decision.event, members)):
        return None
    return Finding(
        rule="R15",
        letter="a",
        grade=HIGH,
        cause=cause(("decision", *parts)),
        because=(decision.seq,),
        first_true_at=decision.event.made_at,
        decision=name,
        records=(relied,),
    )


def _openings(reading: Reading, decision: e.MaterialDecided, members: Iterable[str]) -> Iterator[Fact[Any]]:
    """What shows that the decider had it in front of them by then: a share opened, shown in person, a copy viewed."""
    material, person, at = reading.material, decision.decider, decision.made_at
    for member in members:
        for share in reading.each(material.shares, material.shares_of.get(member, ())):
            in_person = share.event.channel is Channel.IN_PERSON_VIEWING and share.event.to_person == person
            if in_person and share.event.sent_at <= at:
                yield share
            for opened in reading.all(material.opened, share.event.share):
                if opened.event.person == person and opened.event.opened_at <= at:
                    yield opened
        for copy in reading.copies(member):
            for fact in reading.custody(copy.event.copy):
                if fact.event.type in PERUSALS and fact.event.person == person and fact.event.at <= at:
                    yield fact


def _of_share(question: Question, parts: Parts) -> Judged:
    reading, material = question.reading, question.material
    share = reading.one(material.shares, parts[1])
    expires = share.event.expires_at if share is not None else None
    if share is None or expires is None:
        return NOTHING
    revoked = reading.one(material.revoked, parts[1])
    opened = any(fact.event.opened_at < expires for fact in reading.all(material.opened, parts[1]))
    if opened or (revoked is not None and revoked.happened_at < expires):
        return NOTHING
    if question.at < expires:
        return Judged(until=expires)
    finding = Finding(
        rule="R15",
        letter="b",
        grade=HIGH,
        cause=cause(parts),
        because=(share.seq,),
        first_true_at=expires,
        records=(share.event.record,),
    )
    return Judged(finding)


RULE: Final = Rule("R15", cells, touched, judge)
