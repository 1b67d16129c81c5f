"""R17: nobody can tell any more what a decision rested on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.rulebook.integrity.cells import HIGH, NOTHING, RECORDED, Judged, Parts, Question, Rule, cause


def cells(material: Material) -> Iterable[Parts]:
    """Each decision."""
    return ((each,) for each in material.decisions)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A decision, and what opens or closes a review of it."""
    match fact.event:
        case e.MaterialDecided(decision=decision) | e.ReviewOpened(decision=decision):
            return ((decision,),)
        case e.VictimReviewRequested(decision=decision):
            return ((decision,),)
        case e.ReviewConcluded(review=review):
            opened = material.reviews.get(review)
            return ((opened.event.decision,),) if opened is not None else ()
        case e.VictimReviewMoved(victim_review=review):
            asked = material.victim_reviews.get(review)
            return ((asked.event.decision,),) if asked is not None else ()
        case _:
            return ()


def judge(question: Question, parts: Parts) -> Judged:
    """Recorded; high while the decision is under review."""
    decision = question.reading.one(question.material.decisions, parts[0])
    if decision is None or decision.event.basis_known:
        return NOTHING
    review = _under_review(question, parts[0])
    finding = Finding(
        rule="R17",
        letter="a" if review is None else "b",
        grade=RECORDED if review is None else HIGH,
        cause=cause(parts),
        because=(decision.seq, *((review.seq,) if review is not None else ())),
        first_true_at=decision.event.made_at,
        decision=parts[0],
    )
    return Judged(finding)


def _under_review(question: Question, decision: str) -> Fact[Any] | None:
    """The first review of a decision that is open, a victim's or another's."""
    reading, material = question.reading, question.material
    found: list[Fact[Any]] = [
        fact
        for fact in reading.each(material.reviews, material.reviews)
        if fact.event.decision == decision and reading.one(material.reviewed, fact.event.review) is None
    ]
    found += (
        fact
        for fact in reading.each(material.victim_reviews, material.victim_reviews)
        if fact.event.decision == decision
        and all(move.event.stage != "closed" for move in reading.all(material.victim_moves, fact.event.victim_review))
    )
    return min(found, key=lambda fact: fact.seq, default=None)


RULE: Final = Rule("R17", cells, touched, judge)
