"""R06: a request is past its day with no answer, or a decision was made while it was open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.rulebook.integrity.cells import HIGH, MEDIUM, NOTHING, RECORDED, Judged, Parts, Question, Rule, cause
from safehands.rulebook.integrity.cells import knowable as marked


def cells(material: Material) -> Iterable[Parts]:
    """Each request, alone and with each decision."""
    for request in material.requests:
        yield from _of_request(material, request)


def _of_request(material: Material, request: str) -> Iterable[Parts]:
    yield (request,)
    yield from ((request, decision) for decision in material.decisions)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A request; a decision with every request."""
    match fact.event:
        case e.MaterialRequested() | e.RequestWithdrawn() | e.RequestAnswered():
            return _of_request(material, fact.event.request)
        case e.MaterialDecided(decision=decision):
            return ((request, decision) for request in material.requests)
        case _:
            return ()


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a request, or of a decision that was made while it was open."""
    if len(parts) == 1:
        return _overdue(question, parts)
    finding = find_open(question, parts)
    if finding is None:
        return NOTHING
    decision = question.material.decisions[parts[1]]
    return Judged(marked(finding, question, decision, decision.event.made_at, find=find_open, cells=(parts,)))


def _overdue(question: Question, parts: Parts) -> Judged:
    reading, material = question.reading, question.material
    request = reading.one(material.requests, parts[0])
    due = request.event.due_at if request is not None else None
    if request is None or due is None:
        return NOTHING
    settled = [(reply.event.at, reply.seq) for reply in reading.all(material.replies, parts[0])]
    withdrawn = reading.one(material.withdrawn, parts[0])
    if withdrawn is not None:
        settled.append((withdrawn.happened_at, withdrawn.seq))
    if settled and min(settled)[0] < due:
        return NOTHING
    if not settled and question.at < due:
        return Judged(until=due)
    finding = Finding(
        rule="R06", letter="a", grade=MEDIUM, cause=cause(parts), because=(request.seq,), first_true_at=due
    )
    if settled:
        finding = replace(finding, letter="late", grade=RECORDED, because=(request.seq, min(settled)[1]))
    return Judged(finding)


def find_open(question: Question, parts: Parts) -> Finding | None:
    """Whether a decision was made while a request of its own agency had no whole answer, and nobody waived it."""
    reading, material, (name, decided) = question.reading, question.material, parts
    request = reading.one(material.requests, name)
    decision = reading.one(material.decisions, decided)
    if request is None or decision is None:
        return None
    made, asked = decision.event, request.event
    if asked.from_agency != made.decider_agency or asked.asked_at > made.made_at or made.interim or name in made.waived:
        return None
    withdrawn = reading.one(material.withdrawn, name)
    if withdrawn is not None and withdrawn.happened_at <= made.made_at:
        return None
    replies = reading.all(material.replies, name)
    replaced = {reply.event.supersedes for reply in replies}
    standing = [reply for reply in replies if reply.event.reply not in replaced]
    by_then = [reply for reply in standing if reply.event.at <= made.made_at]
    if by_then and by_then[-1].event.complete:
        return None
    answered = next((reply for reply in standing if reply.event.complete and reply not in by_then), None)
    return Finding(
        rule="R06",
        letter="b" if answered is None else "late",
        grade=HIGH if answered is None else RECORDED,
        cause=cause(parts),
        because=(decision.seq, request.seq, *((answered.seq,) if answered is not None else ())),
        first_true_at=made.made_at,
        decision=decided,
    )


RULE: Final = Rule("R06", cells, touched, judge)
