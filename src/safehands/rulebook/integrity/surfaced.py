"""R03: material that came to the case after a decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.ladder import told
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import made_at
from safehands.core.records.vocabulary import LOSSLESS, RecordKind, Relevance
from safehands.rulebook.integrity.cells import (
    HIGH,
    RECORDED,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    kin,
    records_of,
    waited_for,
)

#: What only tells of the case's own running.
ANCILLARY: Final = frozenset(
    {
        RecordKind.SCHEDULE,
        RecordKind.INDEX,
        RecordKind.DECISION_RECORD,
        RecordKind.POLICY_LOG,
        RecordKind.LETTER,
        RecordKind.EMAIL,
        RecordKind.REQUEST,
        RecordKind.RESPONSE,
        RecordKind.CERTIFICATE,
    }
)


def cells(material: Material) -> Iterable[Parts]:
    """Each decision with each record."""
    return ((decision, each) for decision in material.decisions for each in material.records)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """Of a record every decision; of a weighing, its own; of an answer, the decision that waited for it."""
    match fact.event:
        case e.EffectAssessed(decision=decision, record=record):
            return ((decision, each) for each in kin(material, (record,)))
        case e.RequestAnswered() | e.MaterialRequested():
            return waited_for(material, fact.event.request)
        case _:
            joined = kin(material, records_of(material, fact))
            return ((decision, each) for each in joined for decision in material.decisions)


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a decision and a record."""
    return Judged(find(question, parts))


def find(question: Question, parts: Parts) -> Finding | None:
    """The finding on a decision and the record that stands for a class. By its nature nobody could know it then."""
    reading, (name, record) = question.reading, parts
    decision = reading.one(question.material.decisions, name)
    fact = reading.record(record)
    if decision is None or fact is None or not decision.event.basis_known:
        return None  # of a decision of which nobody can tell the basis, nobody can tell what was new to it
    if fact.seq <= decision.seq or fact.event.legacy:
        return None
    members = reading.content_class(record)
    if members[0] != record or reading.rests_on(name, members) or told(reading, decision, members):
        return None
    if _adds_nothing(question, fact) or _duplicates(question, members, decision.seq):
        return None
    existed = any(made_at(each) <= decision.event.made_at for each in reading.each(question.material.records, members))
    letter, grade = ("a", HIGH) if existed else ("b", RECORDED)
    because = [decision.seq, fact.seq]
    weighed = [each for each in reading.all(question.material.assessed, name) if each.event.record in members]
    if weighed:
        letter, grade = "late", RECORDED
        because.append(weighed[0].seq)
    return Finding(
        rule="R03",
        letter=letter,
        grade=grade,
        cause=cause(parts),
        because=tuple(because),
        first_true_at=fact.recorded_at,
        decision=name,
        records=members,
        knowable_then=False,
    )


def _adds_nothing(question: Question, fact: Fact[e.RecordRegistered]) -> bool:
    classified = question.reading.classification(fact)
    return classified.kind in ANCILLARY or classified.relevance is Relevance.NOT_RELEVANT


def _duplicates(question: Question, members: tuple[str, ...], seq: int) -> bool:
    """Whether it is a copy, if only by somebody's word, of what was on the register when the decision was made."""
    reading = question.reading
    for each in members:
        joined = [edge.event.source for edge in reading.edges_from(each) if edge.event.method in LOSSLESS]
        joined += [edge.event.derived for edge in reading.edges_into(each) if edge.event.method in LOSSLESS]
        if any(fact.seq <= seq for fact in reading.each(question.material.records, joined)):
            return True
    return False


RULE: Final = Rule("R03", cells, touched, judge)
