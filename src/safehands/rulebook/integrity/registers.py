"""R18: two agencies' registers disagree: on what was shared, on what still is, on where something came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from safehands.core.calendar import add_working_days
from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Said
from safehands.core.records.vocabulary import STILL_HELD, Channel, HoldingStatus, SourceClaim
from safehands.rulebook.integrity.cells import (
    HIGH,
    MEDIUM,
    NOTHING,
    WORKING_DAYS,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    records_of,
)

#: By when the other side says that it has arrived [E].
RECEIPT_WORKING_DAYS: Final = 3


def cells(material: Material) -> Iterable[Parts]:
    """Each share, and each record that anybody speaks of."""
    yield from (("share", each) for each in material.shares)
    names = dict.fromkeys((*material.records, *material.holdings, *material.copies_of, *material.claimed))
    yield from (("record", each) for each in names)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A share; a record."""
    match fact.event:
        case e.RecordShared() | e.ShareReceived() | e.ShareRevoked():
            return (("share", fact.event.share),)
        case _:
            return (("record", each) for each in records_of(material, fact))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a share, or of a record."""
    return _of_share(question, parts) if parts[0] == "share" else Judged(_of_record(question, parts))


def _of_share(question: Question, parts: Parts) -> Judged:
    reading, material = question.reading, question.material
    share = reading.one(material.shares, parts[1])
    if share is None or share.event.copy is None or share.event.channel is Channel.IN_PERSON_VIEWING:
        return NOTHING
    answered = reading.one(material.received, parts[1]) is not None
    if answered or reading.one(material.revoked, parts[1]) is not None:
        return NOTHING
    calendar = question.calendars.get(WORKING_DAYS)
    due = add_working_days(calendar, share.event.sent_at, RECEIPT_WORKING_DAYS) if calendar is not None else None
    if due is not None and question.at < due:
        return Judged(until=due)
    finding = Finding(
        rule="R18",
        letter="a" if due is not None else "unknown",
        grade=HIGH if due is not None else MEDIUM,
        cause=cause(parts),
        because=(share.seq,),
        first_true_at=due or share.event.sent_at,
        records=(share.event.record,),
        note="" if due is not None else "no calendar says by when",
    )
    return Judged(finding)


def _of_record(question: Question, parts: Parts) -> Finding | None:
    """One side says destroyed and another held, of one copy or of the whole; or they give different sources."""
    reading, record = question.reading, parts[1]
    last: dict[tuple[str, str | None], Said] = {}
    for agency in reading.speakers(record):
        for each in reading.said_of(record, agency):
            if each.copy is None:  # it speaks for all copies that this agency spoke of
                last |= {place: each for place in last if place[0] == agency}
            last[agency, each.copy] = each
    gone = {place: each for place, each in last.items() if each.status is HoldingStatus.DESTROYED}
    for (agency, copy), each in gone.items():
        for (other, same), held in last.items():
            if other != agency and same == copy and held.status in STILL_HELD:
                return _finding(parts, "b", each.fact, held.fact)
    claims: dict[str, Fact[e.SourceClaimed]] = {}
    for fact in reading.all(question.material.claimed, record):
        claims[fact.event.agency] = fact
    answered = [fact for fact in claims.values() if fact.event.claim is not SourceClaim.NOT_ASKED]
    different = [fact for fact in answered[1:] if _source(fact.event) != _source(answered[0].event)]
    return _finding(parts, "c", answered[0], different[0]) if different else None


def _source(claim: e.SourceClaimed) -> tuple[SourceClaim, str | None]:
    return claim.claim, claim.held_by if claim.claim is SourceClaim.HELD_BY else None


def _finding(parts: Parts, letter: str, one: Fact[Any], other: Fact[Any]) -> Finding:
    return Finding(
        rule="R18",
        letter=letter,
        grade=HIGH,
        cause=cause(parts),
        because=(one.seq, other.seq),
        first_true_at=max(one.happened_at, other.happened_at),
        records=parts[1:],
    )


RULE: Final = Rule("R18", cells, touched, judge)
