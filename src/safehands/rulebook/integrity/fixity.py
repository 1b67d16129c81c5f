"""R07: what arrived, or what is kept, has another hash than what was sent or registered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import CustodyType, Method
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    NOTHING,
    RECORDED,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    kin,
    records_of,
)


def cells(material: Material) -> Iterable[Parts]:
    """Each share and each copy."""
    yield from (("share", each) for each in material.shares)
    yield from (("copy", each) for each in material.copies)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """The shares and copies of the records that a fact speaks of, and of their kin."""
    for record in kin(material, records_of(material, fact)):
        yield from (("share", each) for each in material.shares_of.get(record, ()))
        yield from (("copy", each) for each in material.copies_of.get(record, ()))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a share or a copy."""
    return _of_share(question, parts) if parts[0] == "share" else _of_copy(question, parts)


def _of_share(question: Question, parts: Parts) -> Judged:
    reading, material = question.reading, question.material
    share = reading.one(material.shares, parts[1])
    received = reading.one(material.received, parts[1])
    if share is None or received is None or received.event.sha256_received is None:
        return NOTHING
    copy = reading.one(material.copies, share.event.copy)
    its_own = copy is not None and copy.event.record == share.event.record
    expected = share.event.sha256_sent or (copy.event.sha256 if copy is not None and its_own else None)
    arrived = received.event.sha256_received
    if expected is None or arrived == expected or arrived in _declared(question, share.event.record):
        return NOTHING
    finding = Finding(
        rule="R07",
        letter="a",
        grade=CRITICAL,
        cause=cause(parts),
        because=(share.seq, received.seq),
        first_true_at=received.event.received_at,
        records=(share.event.record,),
    )
    return Judged(finding)


def _of_copy(question: Question, parts: Parts) -> Judged:
    copy = question.reading.one(question.material.copies, parts[1])
    if copy is None or copy.event.sha256 is None:
        return NOTHING
    right = {copy.event.sha256, *_declared(question, copy.event.record)}
    checks = [
        (fact, found)
        for fact in question.reading.custody(parts[1])
        if fact.event.type is CustodyType.VERIFIED_FIXITY
        and (found := fact.event.sha256_after or fact.event.sha256_before)
    ]
    wrong = [fact for fact, found in checks if found not in right]
    if not wrong:
        return NOTHING
    cured = checks[-1][1] in right
    finding = Finding(
        rule="R07",
        letter="late" if cured else "b",
        grade=RECORDED if cured else CRITICAL,
        cause=cause(parts),
        because=(copy.seq, wrong[0].seq, *((checks[-1][0].seq,) if cured else ())),
        first_true_at=wrong[0].event.at,
        records=(copy.event.record,),
    )
    return Judged(finding)


def _declared(question: Question, record: str) -> set[str]:
    """The hashes of what a declared migration of format made of a record, or made it from: they differ, and may."""
    reading = question.reading
    joined = [edge.event.derived for edge in reading.edges_into(record) if edge.event.method is Method.FORMAT_MIGRATION]
    joined += [edge.event.source for edge in reading.edges_from(record) if edge.event.method is Method.FORMAT_MIGRATION]
    return {copy.event.sha256 for each in joined for copy in reading.copies(each) if copy.event.sha256}


RULE: Final = Rule("R07", cells, touched, judge)
