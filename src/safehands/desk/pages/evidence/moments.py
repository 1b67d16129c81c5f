"""Then and now: what the register said by a day or at a root of the ledger, beside what it says now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from safehands.core.records.findings import Finding
from safehands.core.records.material import Material
from safehands.core.records.reading import now
from safehands.desk.apps import kernel
from safehands.desk.parsing import instant
from safehands.desk.subjects.evidence.matter import Matter
from safehands.errors import BadInput
from safehands.rulebook.integrity.catalogue import ENTRIES
from safehands.service.material import material_at, seen_by


@dataclass(frozen=True, slots=True)
class Answered:
    """One rule on one cause: what was true then by what was known then, and what is true now."""

    rule: str
    name: str
    then: str
    now: str
    knowable: bool


def then_and_now(matter: Matter) -> dict[str, Any]:
    """What the page says: nothing until somebody asks for a moment; the address says which."""
    asked = matter.scene.asked
    moments = [
        {"title": matter.decided(fact.event), "size": fact.event.size, "at": fact.event.made_at.isoformat()}
        for fact in matter.decisions()
    ]
    context: dict[str, Any] = {"matter": matter, "moments": moments, "answered": None, "at": None}
    size = asked.get("size", "")
    try:
        at = instant(asked.get("at", ""))
    except BadInput as wrong:
        return {**context, "wrong": "; ".join(wrong.faults)}
    if at is None:
        return context
    if at > matter.scene.now:
        return {**context, "wrong": _("That is later than now. Choose a moment that has been.")}
    by_size = int(size) if size.isdigit() and size != "0" else None
    return {**context, **_answer(matter, at, by_size)}


def _answer(matter: Matter, at: datetime, size: int | None) -> dict[str, Any]:
    service = kernel()
    case_id = matter.scene.case.case_id
    was = material_at(service.store, case_id, size=size, at=None if size is not None else at)
    agency = matter.scene.seat.agency
    known = {fact.event.record for fact in seen_by(was, agency).records}
    known |= {stub.record for stub in seen_by(was, agency).stubs}
    rules = service.integrity
    found = rules.evaluate(was, at, service.calendars) if rules is not None else {}
    names = sorted({*found, *matter.findings})
    index = matter.index()
    return {
        "at": at,
        "size": size,
        "known_then": [line for line in index if line.record in known],
        "learned_since": [line for line in index if line.record not in known],
        "answered": [_pair(found.get(name), matter.findings.get(name)) for name in names],
        "entries": was.size,
        "holders": _holders(matter, was, at),
    }


def _pair(then: Finding | None, since: Finding | None) -> Answered:
    either = then or since
    assert either is not None, "a name comes from one of the two"
    entry = ENTRIES[either.rule]
    says = [entry.says.get(each.letter, "") if each is not None else "" for each in (then, since)]
    return Answered(either.rule, entry.name, says[0], says[1], (since or either).knowable_then)


def _holders(matter: Matter, was: Material, at: datetime) -> dict[str, str]:
    """Who held each record then, by what was known then."""
    reading = now(was)
    return {record: ", ".join(matter.agency(each) for each in reading.holders(record, at)) for record in was.records}
