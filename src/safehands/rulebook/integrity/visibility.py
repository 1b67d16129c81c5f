"""R20: a record was made harder to see after a request or decision that would have shown it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import in_scope
from safehands.core.records.vocabulary import SENSITIVITY_ORDER, Form, Relevance, Use
from safehands.rulebook.integrity.cells import HIGH, NOTHING, Judged, Parts, Question, Rule, cause


def cells(material: Material) -> Iterable[Parts]:
    """Each record that was classified anew."""
    return ((each,) for each in material.classified)


def touched(_: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A record; what came before its new classification can't change afterwards."""
    match fact.event:
        case e.RecordReclassified(record=record) | e.RecordRegistered(record=record):
            return ((record,),)
        case _:
            return ()


def judge(question: Question, parts: Parts) -> Judged:
    """The first change to a record that hid it from somebody who was already looking."""
    fact = question.reading.record(parts[0])
    if fact is None:
        return NOTHING
    for change, hidden_from_list in _hidings(question, fact):
        shown = _would_have_shown(question, fact, change, hidden_from_list=hidden_from_list)
        if shown is not None:
            return Judged(
                Finding(
                    rule="R20",
                    letter="a",
                    grade=HIGH,
                    cause=cause(parts),
                    because=(change.seq, shown.seq),
                    first_true_at=change.happened_at,
                    records=parts,
                )
            )
    return NOTHING


def _hidings(question: Question, fact: Fact[e.RecordRegistered]) -> Iterator[tuple[Fact[e.RecordReclassified], bool]]:
    """The changes that close a record further, with no court's order; with whether it only leaves the schedules."""
    now = fact.event
    for change in question.reading.all(question.material.classified, now.record):
        was = now
        now = replace(
            was,
            relevance=change.event.relevance or was.relevance,
            use=change.event.use or was.use,
            sensitivity=change.event.sensitivity or was.sensitivity,
        )
        if change.event.authority:
            continue
        closed = SENSITIVITY_ORDER.index(now.sensitivity) > SENSITIVITY_ORDER.index(was.sensitivity)
        moved = was.use is Use.UNUSED_NONSENSITIVE and now.use is Use.UNUSED_SENSITIVE
        dropped = was.relevance is not Relevance.NOT_RELEVANT and now.relevance is Relevance.NOT_RELEVANT
        if closed or moved or dropped:
            yield change, not (closed or moved)


def _would_have_shown(
    question: Question, fact: Fact[e.RecordRegistered], change: Fact[Any], *, hidden_from_list: bool
) -> Fact[Any] | None:
    """A request that asked for it, a decision before which it stood on the register, or a schedule that it was on,
    each learned before the change."""
    reading, material, record = question.reading, question.material, fact.event.record
    asked = (
        each
        for each in reading.each(material.requests, material.asked_of.get(fact.event.agency, ()))
        if in_scope(fact, each.event.scope)
    )
    decided = (each for each in reading.each(material.decisions, material.decisions) if each.seq > fact.seq)
    listed = (
        each
        for each in reading.each(material.schedules, material.scheduled.get(record, ()))
        if each.event.form is Form.MG6C
    )
    found: list[Fact[Any]] = [*listed] if hidden_from_list else [*asked, *decided, *listed]
    return min((each for each in found if each.seq < change.seq), key=lambda each: each.seq, default=None)


RULE: Final = Rule("R20", cells, touched, judge)
