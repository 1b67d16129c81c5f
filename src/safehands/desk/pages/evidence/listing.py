"""The work list of concerns over every case that the agency has a part in: by rule, grade and decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehands.core.records.findings import RULES
from safehands.core.records.material import Material
from safehands.core.records.telling import stream_of
from safehands.desk.acting import look
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.models import Agency
from safehands.desk.pages.evidence.telling import Reader, Told, told, without_words
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.evidence.concerns import AUDITOR, SHOWN, filters_in
from safehands.desk.subjects.evidence.matter import coverage_of
from safehands.rulebook.integrity.catalogue import CATALOGUE
from safehands.service.material import seen_by
from safehands.service.words_of_records import DECISIONS, date_of, words
from safehands.store.ports import Cell

#: In which order concerns hurt.
_ORDER: Final = ("grade", "raised_at")


@require_GET
@signed_in
def concerns(request: Seated, seat: Seat) -> HttpResponse:
    """The page. An auditor reads the concerns of every case, and nothing else of it; that they did is logged."""
    return render(request, "desk/evidence/work_list.html", _context(seat, request.GET.dict()))


def _context(seat: Seat, asked: dict[str, str]) -> dict[str, Any]:
    reads_as = None if seat.actor.role == AUDITOR else seat.agency
    filters = filters_in(asked)
    store = kernel().store
    wanted = [filters.rule] if filters.rule else list(RULES)
    rows: list[dict[str, Cell]] = []
    counts: dict[str, int] = {}
    for rule in wanted:
        where: dict[str, Cell] = {"rule": rule, "cleared_at": None}
        if filters.grade:
            where["grade"] = int(filters.grade)
        found = store.pictures("concern_picture", agency=reads_as, where=where, by=_ORDER, limit=SHOWN)
        rows += found
        counts[rule] = (
            len(found) if len(found) < SHOWN else store.count_pictures("concern_picture", agency=reads_as, where=where)
        )
    rows.sort(key=lambda row: (row["grade"], row["raised_at"]))
    shown = list(_told(seat, reads_as, rows[:SHOWN]))
    if filters.decision:
        shown = [each for each in shown if each.decision == filters.decision]
    names = dict(Agency.objects.values_list("code", "name"))
    own = kernel().materials.register(store, stream_of(seat.agency)).material
    acknowledged, wordless = _hygiene(rows, reads_as)
    return {
        "told_concerns": shown,
        "in_all": sum(counts.values()),
        "by_rule": [(entry, counts[entry.id]) for entry in CATALOGUE if counts.get(entry.id)],
        "by_decision": sorted({each.decision for each in shown if each.decision}),
        "filters": filters,
        "auditor": reads_as is None,
        "coverage": coverage_of(own, seat.agency, names.get(seat.agency, seat.agency)),
        "records": len(own.records),
        "acknowledged": acknowledged,
        "wordless": wordless,
    }


def _told(seat: Seat, reads_as: str | None, rows: list[dict[str, Cell]]) -> Iterator[Told]:
    """Each concern in words; those of one case are told together, in the order of the rows."""
    service = kernel()
    names = dict(Agency.objects.values_list("code", "name"))
    by_case: dict[str, list[str]] = {}
    for row in rows:
        by_case.setdefault(str(row["case_id"]), []).append(str(row["concern"]))
    found: dict[tuple[str, str], Told] = {}
    for case_id, concerns_of in by_case.items():
        case, known = service.case(case_id, agency=reads_as), service.material(case_id, agency=reads_as)
        decisions = {
            name: f"{date_of(fact.event.made_at)}, {names.get(fact.event.decider_agency, fact.event.decider_agency)}: "
            f"decision {words(DECISIONS, fact.event.kind)}"
            for name, fact in known.material.decisions.items()
        }
        reader = Reader(seat.actor, reads_as, decisions, names, _readable(known.material, reads_as))
        standing = [case.concerns[name] for name in concerns_of if name in case.concerns]
        for each in told(case, known.material, known.findings, standing, reader):
            found[case_id, each.concern.concern] = each
        if reads_as is None and standing:
            look(seat, UUID(case_id), "concerns", "auditor")
    for row in rows:
        each_told = found.get((str(row["case_id"]), str(row["concern"])))
        if each_told is not None:
            yield each_told


def _readable(material: Material, reads_as: str | None) -> frozenset[str]:
    """The records that may be read; an auditor reads none."""
    return (
        frozenset()
        if reads_as is None
        else frozenset(fact.event.record for fact in seen_by(material, reads_as).records)
    )


def _hygiene(rows: list[dict[str, Cell]], reads_as: str | None) -> tuple[int, int]:
    """How often concerns of the cases on this page were acknowledged, and how often in fewer than three words."""
    pairs = [
        without_words(kernel().material(case_id, agency=reads_as).material)
        for case_id in dict.fromkeys(str(row["case_id"]) for row in rows[:SHOWN])
    ]
    return sum(all_of for all_of, _few in pairs), sum(few for _all, few in pairs)
