"""R02: a record that is made from something else by its nature, and nobody says from what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, assert_never

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import DERIVED_BY_NATURE, RecordedToo, RecordKind, SourceClaim
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    HIGH,
    RECORDED,
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
    """Each record."""
    return ((each,) for each in material.records)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """The records that a fact speaks of, those made from them, and what a decision rests on."""
    records = records_of(material, fact)
    if isinstance(fact.event, e.MaterialDecided):
        records = considered(material, fact.event.decision)
    made = (material.derivations[name].event.derived for each in records for name in material.made_into.get(each, ()))
    return ((each,) for each in kin(material, (*records, *made)))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of one record."""
    reading, material = question.reading, question.material
    fact = reading.record(parts[0])
    if fact is None:
        return Judged()
    if fact.event.kind is RecordKind.ORIGINAL_NOTE:
        asked = reading.all(material.twins, parts[0])
        if asked and asked[-1].event.recorded_too is not RecordedToo.NOT_ASKED:
            return Judged()
        return Judged(_finding(question, fact, "b", "was it also recorded?"))
    registered = any(reading.record(edge.event.source) is not None for edge in reading.edges_from(parts[0]))
    if fact.event.kind not in DERIVED_BY_NATURE or registered:
        return Judged()
    claims = reading.all(material.claimed, parts[0])
    if claims and _answers(claims[-1].event):
        said = claims[-1]
        return Judged(
            Finding(
                rule="R02",
                letter="c",
                grade=RECORDED,
                cause=cause(parts),
                because=(fact.seq, said.seq),
                first_true_at=fact.happened_at,
                records=parts,
                note=said.event.claim,
            )
        )
    return Judged(_finding(question, fact, "a", "where is the source?"))


def _answers(claim: e.SourceClaimed) -> bool:
    """Whether a claim answers the question: a destruction with its event, a search with its scope, a holder by name."""
    match claim.claim:
        case SourceClaim.NOT_ASKED:
            return False
        case SourceClaim.DESTROYED:
            return bool(claim.event)
        case SourceClaim.SEARCHED_NOT_FOUND:
            return bool(claim.scope)
        case SourceClaim.HELD_BY:
            return bool(claim.held_by)
        case SourceClaim.NEVER_EXISTED:
            return True
        case _:
            assert_never(claim.claim)


def _finding(question: Question, fact: Fact[e.RecordRegistered], letter: str, note: str) -> Finding:
    """High; critical once a decision rests on the record or on a verified copy of it."""
    record = fact.event.record
    decisions = question.reading.decisions_on(question.reading.content_class(record))
    return Finding(
        rule="R02",
        letter=letter,
        grade=CRITICAL if decisions else HIGH,
        cause=cause((record,)),
        because=(fact.seq, *(each.seq for each in decisions[:2])),
        first_true_at=fact.happened_at,
        decision=decisions[0].event.decision if decisions else None,
        records=(record,),
        note=note,
    )


RULE: Final = Rule("R02", cells, touched, judge)
