"""R10: a decision rests on a derived record that nobody but its maker checked against its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import LOSSLESS, Verified
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    MEDIUM,
    NOTHING,
    RECORDED,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    considered,
    kin,
    knowable,
    records_of,
)


def cells(material: Material) -> Iterable[Parts]:
    """Each decision with each record that it considered, and their kin."""
    for decision in material.decisions:
        yield from ((decision, each) for each in kin(material, considered(material, decision)))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A decision with what it considered; of a record, the decisions on it; of a source, those on what was made from
    it."""
    if isinstance(fact.event, e.MaterialDecided):
        name = fact.event.decision
        return ((name, each) for each in kin(material, considered(material, name)))
    records = records_of(material, fact)
    made = (material.derivations[name].event.derived for each in records for name in material.made_into.get(each, ()))
    reached = kin(material, (*records, *made))
    return (
        (name, other)
        for each in reached
        for name in material.rested_on.get(each, ())
        for other in kin(material, (each,))
    )


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a decision and a derived record."""
    finding = find(question, parts)
    if finding is None:
        return NOTHING
    fact = question.material.decisions[parts[0]]
    same = ((parts[0], each) for each in question.reading.content_class(parts[1]))
    return Judged(knowable(finding, question, fact, fact.event.made_at, find=find, cells=same))


def find(question: Question, parts: Parts) -> Finding | None:
    """The finding on a decision and the record that stands for a class, as far as was known."""
    reading, (name, record) = question.reading, parts
    decision = reading.one(question.material.decisions, name)
    members = reading.content_class(record)
    if decision is None or members[0] != record:
        return None
    material = question.material
    relied = [
        each
        for each in members
        if name in material.rested_on.get(each, ()) and name not in material.read_past.get(each, ())
    ]
    edges = [
        edge
        for each in members
        for edge in reading.edges_from(each)
        if edge.event.method not in LOSSLESS and reading.record(edge.event.source) is not None
    ]
    if not (relied and edges):
        return None
    checks = [fact for edge in edges for fact in reading.checks(edge) if fact.event.result is not Verified.NOT_POSSIBLE]
    different = [fact for fact in checks if fact.event.result is Verified.MATERIAL_DIFFERENCE]
    before = any(fact.event.at <= decision.event.made_at for fact in checks)
    if different:
        letter, grade, by = "c", CRITICAL, different[:1]
    elif before:
        return None
    else:
        letter, grade, by = ("late", RECORDED, checks[:1]) if checks else ("a", MEDIUM, [])
    return Finding(
        rule="R10",
        letter=letter,
        grade=grade,
        cause=cause(parts),
        because=(decision.seq, edges[0].seq, *(fact.seq for fact in by)),
        first_true_at=decision.event.made_at,
        decision=name,
        records=(relied[0], edges[0].event.source),
    )


RULE: Final = Rule("R10", cells, touched, judge)
