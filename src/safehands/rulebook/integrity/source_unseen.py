"""R01: a decision rests on a record of which a fuller source was held, and the decider did not see that source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.ladder import rung, told
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import (
    RUNGS,
    STAGED_DECISIONS,
    DecisionKind,
    KnownUnseen,
    Rung,
    UnseenReason,
)
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    HIGH,
    MEDIUM,
    NOTHING,
    RECORDED,
    Judged,
    Parts,
    Question,
    Rule,
    above,
    below,
    cause,
    considered,
    earlier,
    kin,
    knowable,
    later,
    records_of,
    waited_for,
)

#: The letters by which somebody should act or should have acted; ``d`` is a reason that the decider signed.
UNSEEN: Final = frozenset({"a", "b", "c", "late"})


def cells(material: Material) -> Iterable[Parts]:
    """Each decision with each record that may be a source of what it considered."""
    for decision in material.decisions:
        yield from of_decision(material, decision)


def of_decision(material: Material, decision: str) -> Iterable[Parts]:
    """The cells of one decision."""
    return ((decision, each) for each in above(material, considered(material, decision)))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A decision, and those that it makes good, directly or in a chain; of a record, the decisions on what was made
    from it; of an answer, the decision that waited for it."""
    match fact.event:
        case e.MaterialDecided(decision=decision):
            yield from of_decision(material, decision)
            afterwards = (decision, *later(material, decision))
            seen = kin(material, (record for each in afterwards for record in considered(material, each)))
            yield from ((before, each) for before in earlier(material, decision) for each in seen)
        case e.RequestAnswered() | e.MaterialRequested():
            yield from waited_for(material, fact.event.request)
        case _:
            yield from of_records(material, records_of(material, fact))


def of_records(material: Material, records: Iterable[str]) -> Iterable[Parts]:
    """The cells that a change to ``records`` may reach."""
    for record in below(material, records):
        for decision in material.rested_on.get(record, ()):
            yield from ((decision, each) for each in above(material, (record,)))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a decision and a source."""
    finding = find(question, parts)
    if finding is None:
        return NOTHING
    fact = question.material.decisions[parts[0]]
    same = ((parts[0], each) for each in question.reading.content_class(parts[1]))
    return Judged(knowable(finding, question, fact, fact.event.made_at, find=find, cells=same))


def find(question: Question, parts: Parts) -> Finding | None:
    """The finding on a decision and the record that stands for a class of sources, as far as was known."""
    reading, (name, record) = question.reading, parts
    decision = reading.one(question.material.decisions, name)
    if decision is None or decision.event.kind is DecisionKind.EARLY_ADVICE:
        return None
    members = reading.content_class(record)
    if members[0] != record or reading.rests_on(name, members) or _for_defence(question, members):
        return None
    joined = next(
        (
            (derivative, by)
            for derivative, by in reading.derivatives(record).items()
            if name in question.material.rested_on.get(derivative, ())
        ),
        None,
    )
    held = next(
        (fact for each in members for fact in reading.holders(each, decision.event.made_at).values()),
        None,
    )
    if joined is None or held is None:
        return None
    letter, grade = _grade(question, decision, members)
    finding = Finding(
        rule="R01",
        letter=letter,
        grade=grade,
        cause=cause(parts),
        because=tuple(dict.fromkeys((decision.seq, joined[1].seq, held.seq))),
        first_true_at=decision.event.made_at,
        decision=name,
        records=(joined[0], *members),
    )
    cured = _made_good(question, name, members)
    if cured is None or letter == "d":
        return finding
    return replace(finding, letter="late", grade=RECORDED, because=(*finding.because, cured.seq))


def _for_defence(question: Question, members: Iterable[str]) -> bool:
    return any(fact.event.for_defence for fact in question.reading.each(question.material.records, members))


def _grade(question: Question, decision: Fact[e.MaterialDecided], members: tuple[str, ...]) -> tuple[str, int]:
    """How much the decider knew: a signed reason; never told; told and not supplied; supplied and not seen."""
    if any(_excuses(decision.event, each) for member in members for each in _unseen(question, decision, member)):
        return "d", RECORDED
    reading, event = question.reading, decision.event
    if not told(reading, decision, members):
        return "a", CRITICAL
    reached = rung(reading, members[0], event.decider_agency, event.made_at)
    if RUNGS.index(reached) < RUNGS.index(Rung.DELIVERED):
        return "b", HIGH
    return "c", MEDIUM


def _unseen(question: Question, decision: Fact[e.MaterialDecided], record: str) -> Iterable[KnownUnseen]:
    named = question.material.unseen_in.get(record, ())
    return (each for name, each in named if name == decision.event.decision)


def _excuses(decision: e.MaterialDecided, unseen: KnownUnseen) -> bool:
    """A reason that the decider signed; that the written record is enough for now can be said of early decisions
    only (sheet 2, alarm hygiene 3)."""
    staged = decision.kind in STAGED_DECISIONS or unseen.reason is not UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE
    return unseen.signed and staged


def _made_good(question: Question, name: str, members: tuple[str, ...]) -> Fact[e.MaterialDecided] | None:
    """The first later decision, in a chain of reviews of this one, that does rest on the source."""
    reading, after = question.reading, set(later(question.material, name, question.reading))
    return next((fact for fact in reading.decisions_on(members) if fact.event.decision in after), None)


RULE: Final = Rule("R01", cells, touched, judge)
