"""R11: unused material is on no schedule, or a schedule is not in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, made_at
from safehands.core.records.vocabulary import CaseStage, Form, Relevance, ScheduleItem, Use
from safehands.rulebook.integrity.cells import MEDIUM, NOTHING, Judged, Parts, Question, Rule, cause, kin, records_of
from safehands.rulebook.integrity.surfaced import ANCILLARY

#: How long something may stay unassessed once somebody is charged [E].
GRACE: Final = timedelta(days=28)
CHARGED: Final = frozenset({CaseStage.CHARGED, CaseStage.TRIAL})
#: Where the duty to go on disclosing ends (CPIA 1996 s.7A: acquittal, conviction, or a decision not to proceed).
ENDED: Final = frozenset({CaseStage.DISCONTINUED, CaseStage.NFA, CaseStage.CONCLUDED})
LISTS: Final = frozenset({Form.MG6C, Form.MG6D})
SCHEDULE_FAULTS: Final = ("numbering", "certificate", "description")
_NUMBER_OF_A_FORM: Final = re.compile(
    r"\b(?:form|no|number|misc|mg\s*\d+\s*(?:\([a-z]\)|[a-z])?)(?![a-z])|[\W\d_]", re.IGNORECASE
)


def cells(material: Material) -> Iterable[Parts]:
    """Each record, and each schedule with each fault that it can have."""
    yield from (("record", each) for each in material.records)
    yield from _of_schedules(material.schedules)


def _of_schedules(schedules: Iterable[str]) -> Iterator[Parts]:
    yield from (("schedule", each, fault) for each in schedules for fault in SCHEDULE_FAULTS)


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """Of a record, it and its kin; of a schedule, what it lists, and with a certificate every schedule; a stage of the
    case touches all."""
    match fact.event:
        case e.StageReached():
            yield from cells(material)
        case e.ScheduleServed(schedule=schedule, form=form, items=items):
            yield from _of_schedules(material.schedules if form is Form.MG6E else (schedule,))
            yield from (("record", each) for each in kin(material, listed(items)))
        case _:
            yield from (("record", each) for each in kin(material, records_of(material, fact)))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of a record or of a schedule, once somebody is charged."""
    charged, ended = proceedings(question.reading)
    if charged is None:
        return NOTHING
    if parts[0] == "record":
        return _of_record(question, parts, charged, ended)
    if question.at < charged:
        return Judged(until=charged)
    return Judged(_of_schedule(question, parts))


def proceedings(reading: Reading) -> tuple[datetime | None, datetime | None]:
    """When somebody was charged first, and when the proceedings came to an end, if nobody was charged again since."""
    stages = sorted(
        (fact.happened_at, fact.seq, fact.event.stage) for fact in reading.material.stages if reading.knows(fact)
    )
    charged = [at for at, _, stage in stages if stage in CHARGED]
    if not charged:
        return None, None
    return charged[0], next((at for at, _, stage in stages if stage in ENDED and at > charged[-1]), None)


def _of_record(question: Question, parts: Parts, charged: datetime, ended: datetime | None) -> Judged:
    reading, material = question.reading, question.material
    fact, members = reading.record(parts[1]), reading.content_class(parts[1])
    if fact is None or members[0] != parts[1] or fact.event.for_defence or fact.event.kind in ANCILLARY:
        return NOTHING
    if ended is not None and made_at(fact) >= ended:
        return NOTHING
    known = reading.classification(fact)
    if known.relevance is Relevance.NOT_RELEVANT or known.use is Use.EVIDENCE or _is_listed(reading, members):
        return NOTHING
    unassessed = known.relevance is Relevance.UNASSESSED or known.use is Use.UNASSESSED
    due = max(charged, fact.recorded_at) + (GRACE if unassessed else timedelta())
    if question.at < due:
        return Judged(until=due)
    served = [each.seq for each in reading.each(material.schedules, material.schedules) if each.event.form in LISTS]
    finding = Finding(
        rule="R11",
        letter="c" if served and min(served) < fact.seq else "a",
        grade=MEDIUM,
        cause=cause(parts),
        because=(fact.seq,),
        first_true_at=due,
        records=members,
    )
    return Judged(finding)


def _is_listed(reading: Reading, members: tuple[str, ...]) -> bool:
    material = reading.material
    names = [name for each in members for name in material.scheduled.get(each, ())]
    return any(fact.event.form in LISTS for fact in reading.each(material.schedules, names))


def _of_schedule(question: Question, parts: Parts) -> Finding | None:
    reading, material = question.reading, question.material
    fact = reading.one(material.schedules, parts[1])
    if fact is None or fact.event.form not in LISTS:
        return None
    others = list(reading.each(material.schedules, material.schedules))
    match parts[2]:
        case "numbering":
            wrong, letter = not _runs_on(fact, others), "b"
        case "certificate":
            wrong, letter = not _certified(fact, others), "d"
        case _:
            wrong, letter = any(description_fails(item.description) for item in fact.event.items), "e"
    if not wrong:
        return None
    return Finding(
        rule="R11",
        letter=letter,
        grade=MEDIUM,
        cause=cause(parts),
        because=(fact.seq,),
        first_true_at=fact.event.at,
        records=tuple(dict.fromkeys(listed(fact.event.items))),
    )


def listed(items: Iterable[ScheduleItem]) -> Iterator[str]:
    """Every record that stands on lines of a schedule, those of a block beside its first."""
    return (record for item in items for record in (item.record, *item.others))


def _runs_on(fact: Fact[e.ScheduleServed], others: list[Fact[e.ScheduleServed]]) -> bool:
    """Whether the numbers go on from the schedules of this form before it, one by one."""
    alike = [each for each in others if (each.event.form, each.event.agency) == (fact.event.form, fact.event.agency)]
    last = max((item.number for each in alike if each.seq < fact.seq for item in each.event.items), default=0)
    return [item.number for item in fact.event.items] == list(range(last + 1, last + 1 + len(fact.event.items)))


def _certified(fact: Fact[e.ScheduleServed], others: list[Fact[e.ScheduleServed]]) -> bool:
    """Whether an MG6E came with it or after it."""
    return fact.event.with_certificate or any(
        each.event.form is Form.MG6E and each.event.agency == fact.event.agency and each.event.at >= fact.event.at
        for each in others
    )


def description_fails(description: str) -> bool:
    """Whether a description is empty or a form's number only: nobody can decide by it whether to inspect."""
    return not _NUMBER_OF_A_FORM.sub("", description)


RULE: Final = Rule("R11", cells, touched, judge)
