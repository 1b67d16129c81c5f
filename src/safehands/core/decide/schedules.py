"""Schedules of unused material: numbers that run on, a certificate with each, one line answered at a time (sheet
1.9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said, claimed
from safehands.core.records.commands import DecideScheduleItem, ServeSchedule
from safehands.core.records.events import ScheduleItemDecided, ScheduleServed
from safehands.core.records.knowing import sensitivity_of
from safehands.core.records.material import Material
from safehands.core.records.vocabulary import Form, Sensitivity
from safehands.core.rules import Fault, refuse, refuse_all

#: The forms that list material, each record on one of them.
LISTING: Final = (Form.MG6C, Form.MG6D)


def serve(draft: Draft, command: ServeSchedule) -> None:
    """Serve a schedule, or the next one of its form."""
    check_open(draft.case)
    at = claimed(draft.given, command.at)
    schedule = command.schedule or draft.new_id()
    refuse_all([*_faults(draft, command, schedule)])
    draft.add(
        ScheduleServed(
            schedule,
            command.form,
            draft.given.by.agency,
            at,
            command.items,
            command.author or draft.given.by.actor,
            command.continues,
            command.with_certificate,
            command.refers_to,
            command.why,
        )
    )


def _faults(draft: Draft, command: ServeSchedule, schedule: str) -> Iterator[Fault]:
    material, agency = draft.material, draft.given.by.agency
    if schedule in material.schedules:
        yield "records.id_known", {"what": "schedule", "id": schedule}
    earlier = _of_form(material, command.form, agency)
    last = earlier[-1].schedule if earlier else None
    if command.continues != last:
        yield "schedule.continues", {"schedule": last or "none"}
    if command.form in LISTING and not command.with_certificate:
        yield "schedule.certificate", {}
    first = 1 + max((item.number for each in earlier for item in each.items), default=0)
    wanted = list(range(first, first + len(command.items)))
    if [item.number for item in command.items] != wanted:
        yield (
            "schedule.numbers",
            {"form": command.form.value, "numbers": f"{first} to {first + len(command.items) - 1}"},
        )
    here: set[str] = set()
    for item in command.items:
        if not item.description.strip():
            yield "schedule.description", {"number": item.number}
        if item.quantity < 1 + len(item.others):
            yield "schedule.quantity", {"number": item.number, "quantity": item.quantity}
        for record in (item.record, *item.others):
            yield from _record_faults(material, command.form, item.number, record, twice=record in here)
            here.add(record)


def _record_faults(material: Material, form: Form, number: int, record: str, *, twice: bool) -> Iterator[Fault]:
    """What is wrong with one record of a line. A block's line lists each of its records."""
    if record not in material.records:
        yield "records.unknown", {"what": "record", "id": record}
        return
    if form is Form.MG6C and sensitivity_of(material, record) is not Sensitivity.NONE:
        yield "schedule.sensitive", {"number": number}
    before = [material.schedules[each].event.form for each in material.scheduled.get(record, ())]
    if form in LISTING and (twice or any(each in LISTING for each in before)):
        yield "schedule.listed", {"record": record}


def _of_form(material: Material, form: Form, agency: str) -> list[ScheduleServed]:
    found = [fact for fact in material.schedules.values() if fact.event.form is form and fact.event.agency == agency]
    return [fact.event for fact in sorted(found, key=lambda fact: fact.seq)]


def decide_item(draft: Draft, command: DecideScheduleItem) -> None:
    """The prosecutor answers a line, with a reason."""
    check_said(reason=command.reason)
    if command.schedule not in draft.material.schedules:
        refuse("records.unknown", what="schedule", id=command.schedule)
    served = draft.material.schedules[command.schedule].event
    if served.agency == draft.given.by.agency:
        refuse("schedule.own")
    if all(item.number != command.number for item in served.items):
        refuse("schedule.line", number=command.number)
    draft.add(
        ScheduleItemDecided(
            command.schedule, command.number, command.decision, command.reason, draft.given.by.actor, draft.at
        )
    )
