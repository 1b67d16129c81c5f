"""The schedules of unused material: what stands on which, under which number, and which descriptions say nothing.

MG6C lists what is not sensitive, MG6D what is, MG6E certifies what may undermine the case or help the defence. Numbers
run on over all schedules of a form, so that a continuation never has a number twice; a description must let a
prosecutor decide whether to inspect, so a form's number alone is not enough; several things of one kind may stand as
one block with their quantity and a generic title (CPS Disclosure Manual, chapter 7; Manual of Guidance 2011, section on
MG6C to MG6E).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import now
from safehands.core.records.vocabulary import (
    Form,
    RecordKind,
    Relevance,
    ScheduleItem,
    Sensitivity,
    Use,
)
from safehands.exports.cells import neutral

#: Which use of a record puts it on which form. MG6E lists numbers of the two others, not records of its own.
FORM_OF: Final = {Use.UNUSED_NONSENSITIVE: Form.MG6C, Use.UNUSED_SENSITIVE: Form.MG6D}

#: A description of fewer words than this lets nobody decide whether to inspect it.
_FEWEST_WORDS: Final = 4
_FORM_ALONE: Final = re.compile(
    r"(?:form\s+)?(?:mg|misc|pnb|hort|cid)\s*[-/]?\s*\d*[a-z]?(?:\s*\(\w+\))?\.?", re.IGNORECASE
)
_ABBREVIATION: Final = re.compile(r"\b(?!MG\d)(?!CCTV\b)(?!DVD\b)(?!CD\b)(?!USB\b)(?!UK\b)[A-Z]{2,}\d*\b")
#: Words that name no content. "Document" alone could be anything.
_EMPTY_WORDS: Final = frozenset(
    {"a", "an", "and", "by", "copy", "document", "documents", "email", "emails", "file", "form", "from", "in", "item"}
    | {"items", "letter", "message", "misc", "miscellaneous", "note", "notes", "of", "on", "other", "papers", "report"}
    | {"statement", "the", "to", "unused", "various", "with"}
)


@dataclass(frozen=True, slots=True)
class Lint:
    """What is wrong with one description, and what to do. ``blocks`` where rule R11 calls it a gap: empty, or the
    number of a form alone."""

    record: str
    sentence: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a schedule as it is printed: with the prosecutor's answer, once there is one."""

    number: int
    record: str
    description: str
    location: str
    reason: str
    quantity: int
    decision: str
    decision_reason: str


def lint(record: str, description: str, *, quantity: int = 1) -> tuple[Lint, ...]:
    """Everything that keeps a description from being enough to decide on."""
    text = description.strip()
    if not text:
        return (Lint(record, f"{record} has no description: say what it is, from whom, of when and about what.", True),)
    if _FORM_ALONE.fullmatch(text):
        return (Lint(record, f"{record} is described by a form's number alone: say what is in it.", True),)
    found = []
    words = re.findall(r"[\w']+", text.lower())
    telling = [word for word in words if word not in _EMPTY_WORDS and not word.isdigit()]
    if len(words) < _FEWEST_WORDS or not telling:
        found.append(Lint(record, f"{record}: {text!r} does not say enough to decide whether to inspect it.", False))
    short = list(dict.fromkeys(_ABBREVIATION.findall(text)))
    if short:
        found.append(Lint(record, f"{record}: write {', '.join(short)} out; not every reader knows it.", False))
    if quantity > 1 and re.match(r"(?:the|one|a|an)\b", text, re.IGNORECASE):
        found.append(Lint(record, f"{record}: {quantity} things stand here under a title that names one.", False))
    return tuple(found)


def listed(material: Material, form: Form) -> dict[str, int]:
    """The records that stand on a schedule of this form, each with its number."""
    return {
        record: item.number
        for fact in _in_order(material.schedules.values())
        if fact.event.form is form
        for item in fact.event.items
        for record in (item.record, *item.others)
    }


def next_number(material: Material, form: Form) -> int:
    """The number of the first line of a continuation: one above all that were ever given on this form."""
    given = [
        item.number for fact in material.schedules.values() if fact.event.form is form for item in fact.event.items
    ]
    return max(given, default=0) + 1


def numbering_faults(material: Material, form: Form) -> tuple[str, ...]:
    """What is wrong with the numbers over all schedules of a form, as sentences: doubled, missing, out of order."""
    faults = []
    expected = 1
    for fact in _in_order(material.schedules.values()):
        if fact.event.form is not form:
            continue
        for item in fact.event.items:
            if item.number != expected:
                faults.append(f"{fact.event.schedule}: number {item.number} stands where {expected} is due")
            expected = max(expected, item.number + 1)
    return tuple(faults)


def proposed(material: Material, form: Form, *, blocks: Sequence[RecordKind] = ()) -> tuple[ScheduleItem, ...]:
    """The lines of the next schedule of ``form`` (MG6C or MG6D): every relevant unused record that stands on neither,
    numbered on from the last one.

    Records of a kind in ``blocks`` stand together as one line with their quantity, where they have the same place; the
    line is about the first of them and names the others, so that each is listed. Highly sensitive material is on no
    schedule: it goes to the prosecutor by a route of its own.
    """
    reading = now(material)
    on_one = {**listed(material, Form.MG6C), **listed(material, Form.MG6D)}
    wanted: dict[tuple[str, str], list[e.RecordRegistered]] = {}
    for fact in _in_order(material.records.values()):
        record = reading.classification(fact)
        if record.record in on_one or FORM_OF.get(record.use) is not form:
            continue
        if record.relevance is Relevance.NOT_RELEVANT or record.sensitivity is Sensitivity.HIGHLY_SENSITIVE:
            continue
        place = _place(material, record.record)
        together = (str(record.kind), place) if record.kind in blocks else (record.record, place)
        wanted.setdefault(together, []).append(record)
    first = next_number(material, form)
    return tuple(_line(first + number, records, place) for number, ((_, place), records) in enumerate(wanted.items()))


def _line(number: int, records: list[e.RecordRegistered], place: str) -> ScheduleItem:
    head = records[0]
    if len(records) == 1:
        return ScheduleItem(number, head.record, head.description, place, head.sensitivity_reason)
    title = str(head.kind).replace("_", " ")
    members = ", ".join(each.exhibit_ref for each in records)
    description = f"{len(records)} records of the kind {title}, about the same matter: {members}"
    others = tuple(each.record for each in records[1:])
    return ScheduleItem(number, head.record, description, place, head.sensitivity_reason, len(records), others)


def _place(material: Material, record: str) -> str:
    for copy in material.copies_of.get(record, ()):
        found = material.copies[copy].event
        if found.location or found.system:
            return found.location or found.system
    return ""


def lines_of(material: Material, schedule: e.ScheduleServed) -> tuple[Line, ...]:
    """The lines of a schedule with the prosecutor's last answer to each."""
    answers = {fact.event.number: fact.event for fact in material.schedule_answers.get(schedule.schedule, ())}
    found = []
    for item in schedule.items:
        answer = answers.get(item.number)
        found.append(
            Line(
                item.number,
                item.record,
                item.description,
                item.location,
                item.reason,
                item.quantity,
                "" if answer is None else str(answer.decision),
                "" if answer is None else answer.reason,
            )
        )
    return tuple(found)


def schedule_csv(material: Material, schedule: e.ScheduleServed) -> bytes:
    """The schedule as CSV in UTF-8; no cell is run by the program that opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("item", "record", "description", "quantity", "location", "reason", "decision", "decision_reason"))
    for line in lines_of(material, schedule):
        cells: Iterable[object] = (
            line.number,
            line.record,
            line.description,
            line.quantity,
            line.location,
            line.reason,
            line.decision,
            line.decision_reason,
        )
        writer.writerow(neutral(str(cell)) for cell in cells)
    return out.getvalue().encode()


def _in_order(facts: Iterable[Fact[Any]]) -> list[Fact[Any]]:
    return sorted(facts, key=lambda fact: fact.seq)
