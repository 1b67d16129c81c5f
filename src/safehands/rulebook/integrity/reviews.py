"""R12: a review repeats the blind spot of the decision that it reviews, or its reviewer decided before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.rulebook.integrity import source_unseen
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    HIGH,
    NOTHING,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    earlier,
    knowable,
    later,
)

#: Marks the second question about a pair of decisions.
SAME_PERSON: Final = "not_independent"


def cells(material: Material) -> Iterable[Parts]:
    """Each decision with each that reviews it, once and with each source; each review that was opened."""
    yield from _pairs(material, material.decisions)
    yield from (("review", each) for each in material.reviews)


def _pairs(material: Material, names: Iterable[str]) -> Iterator[Parts]:
    """The pairs of which the later decision is one of ``names``."""
    for name in names:
        fact = material.decisions.get(name)
        if fact is not None and fact.event.reviews:
            yield (SAME_PERSON, fact.event.reviews, name)
            yield from ((fact.event.reviews, *parts) for parts in source_unseen.of_decision(material, name))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """The pairs with a decision and a source of which R01 may say something else; of a decision, its whole chain."""
    match fact.event:
        case e.MaterialDecided(decision=decision):
            chain = (decision, *later(material, decision), *earlier(material, decision))
            yield from _pairs(material, chain)
            yield from _pairs(material, (name for each in chain for name in material.reviewed_by.get(each, ())))
            yield from (("review", each) for each in material.reviews)
        case e.ReviewOpened(review=review):
            yield ("review", review)
        case _:
            for name, record in source_unseen.touched(material, fact):
                decided = material.decisions.get(name)
                if decided is not None and decided.event.reviews:
                    yield (decided.event.reviews, name, record)
                yield from ((name, each, record) for each in material.reviewed_by.get(name, ()))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a pair of decisions and a source, of the people of a pair, or of a review."""
    if len(parts) == 2:
        return Judged(_of_review(question, parts))
    finding = find(question, parts)
    if finding is None:
        return NOTHING
    fact = question.material.decisions[finding.decision or ""]
    same: Iterable[Parts] = (parts,)
    if parts[0] != SAME_PERSON:
        same = ((*parts[:2], each) for each in question.reading.content_class(parts[2]))
    return Judged(knowable(finding, question, fact, fact.event.made_at, find=find, cells=same))


def find(question: Question, parts: Parts) -> Finding | None:
    """A source that neither the decision nor its review saw; or one person in both."""
    reading, people = question.reading, parts[0] == SAME_PERSON
    first, second = parts[1:] if people else parts[:2]
    before = reading.one(question.material.decisions, first)
    after = reading.one(question.material.decisions, second)
    if before is None or after is None or after.event.reviews != first or after.event.procedural_only:
        return None
    if people:
        return _same_person(question, parts, after)
    unseen = [source_unseen.find(question, (name, parts[2])) for name in (first, second)]
    both = [finding for finding in unseen if finding is not None and finding.letter in source_unseen.UNSEEN]
    if len(both) < 2:
        return None
    return Finding(
        rule="R12",
        letter="a",
        grade=CRITICAL,
        cause=cause(parts),
        because=(before.seq, after.seq, both[1].because[2]),
        first_true_at=after.event.made_at,
        decision=second,
        records=both[1].records,
    )


def _same_person(question: Question, parts: Parts, after: Fact[e.MaterialDecided]) -> Finding | None:
    prior = question.reading.each(question.material.decisions, earlier(question.material, parts[2], question.reading))
    same = next((fact for fact in prior if fact.event.decider == after.event.decider and fact.seq != after.seq), None)
    if same is None:
        return None
    return Finding(
        rule="R12",
        letter="b",
        grade=HIGH,
        cause=cause(parts),
        because=(same.seq, after.seq),
        first_true_at=after.event.made_at,
        decision=parts[2],
    )


def _of_review(question: Question, parts: Parts) -> Finding | None:
    """A review that was given to somebody who decided before."""
    reading, material = question.reading, question.material
    review = reading.one(material.reviews, parts[1])
    if review is None:  # asked as of a moment before it
        return None
    chain = (review.event.decision, *earlier(material, review.event.decision, reading))
    prior = (fact for fact in reading.each(material.decisions, chain) if fact.event.decider == review.event.reviewer)
    same = next((fact for fact in prior), None)
    if same is None:
        return None
    return Finding(
        rule="R12",
        letter="b",
        grade=HIGH,
        cause=cause(parts),
        because=(same.seq, review.seq),
        first_true_at=review.happened_at,
        decision=review.event.decision,
    )


RULE: Final = Rule("R12", cells, touched, judge)
