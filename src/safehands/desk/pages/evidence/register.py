"""The register of one's own agency: what it covers, then every record, found by reference, kind and case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from safehands.core.records import vocabulary as v
from safehands.core.records.events import RecordRegistered
from safehands.core.records.knowing import is_orphan, sensitivity_of
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import now
from safehands.core.records.vocabulary import RecordKind, RegisterStatus, Sensitivity
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import signed_in
from safehands.desk.scene import agency_names
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.entering import declare_form, register_form
from safehands.desk.subjects.shelf import Shelf, shelf_of
from safehands.desk.words_of_evidence import HOLDINGS, KINDS, REGISTERS, SENSITIVITY, choices_of, said, when_of
from safehands.errors import SafehandsError
from safehands.service.permissions import may_enter

A_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One record as the list shows it."""

    record: str
    ref: str
    kind: str
    made: str
    description: str
    where: str
    cases: int
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """What a register says of itself. ``said`` empty: it never said anything, which is not the same as none."""

    agency: str
    said: str
    as_of: Any
    searched: tuple[v.Store, ...]
    never: tuple[v.Store, ...]
    live: bool


@require_GET
@signed_in
def register(request: Seated, seat: Seat) -> HttpResponse:
    """The list, with what it covers on top."""
    return render(request, "desk/evidence/register.html", context_of(seat, request.GET))


@require_GET
@signed_in
def new_record(request: Seated, seat: Seat) -> HttpResponse:
    """The form that registers a record with its copies."""
    return form_page(request, seat, None)


def form_page(request: Seated, seat: Seat, error: SafehandsError | None) -> HttpResponse:
    """The same, with what was wrong and everything that was written."""
    form = register_form()
    if error is not None:
        form = form.refilled(request.POST)
    context = {
        "ask": form,
        "acts": may_enter(seat.actor),
        "faults": faults_of(error) if error is not None else [],
    }
    return render(request, "desk/evidence/new_record.html", context, status=status_of(error) if error else 200)


def context_of(seat: Seat, asked: QueryDict) -> dict[str, Any]:
    """Everything that the page shows."""
    shelf = shelf_of(seat)
    own = shelf.own
    found = tuple(_matching(shelf, seat, asked))
    page = Paginator(found, A_PAGE).get_page(text(asked, "page") or 1)
    kept = asked.copy()
    kept.pop("page", None)
    return {
        "covered": covered(own, seat.agency),
        "own": own,
        "in_all": len(own.records),
        "page": page,
        "rows": [row_of(shelf, fact) for fact in page.object_list],
        "asked": asked,
        "kept": kept.urlencode(),
        "kinds": choices_of(KINDS),
        "acts": may_enter(seat.actor),
        "declare": declare_form(shelf),
        "names": agency_names(),
    }


def covered(material: Material, agency: str) -> Covered:
    """What is said of an agency's register in this material."""
    facts = material.registers.get(agency, ())
    if not facts:
        return Covered(agency, "", None, (), (), live=False)
    last = facts[-1].event
    return Covered(
        agency,
        said(REGISTERS, last.status),
        last.as_of,
        tuple(store for store in last.stores if store.searched_at is not None),
        tuple(store for store in last.stores if store.searched_at is None),
        live=last.status is RegisterStatus.LIVE,
    )


def _matching(shelf: Shelf, seat: Seat, asked: QueryDict) -> Iterator[Fact[RecordRegistered]]:
    ref, kind, case = text(asked, "ref").casefold(), text(asked, "kind"), text(asked, "case").upper()
    stream = kernel().store.find(case, agency=seat.agency) if case else None
    for fact in sorted(shelf.own.records.values(), key=lambda each: -each.seq):
        record = fact.event.record
        if ref and ref not in shelf.ref(record).casefold() and ref not in description_of(shelf.own, fact).casefold():
            continue
        if kind and fact.event.kind != kind:
            continue
        if case and (stream is None or f"case/{stream}" not in shelf.own.tied.get(record, ())):
            continue
        yield fact


def description_of(material: Material, fact: Fact[RecordRegistered]) -> str:
    """The description as it was last given."""
    last = fact.event.description
    for change in material.described.get(fact.event.record, ()):
        last = change.event.description or last
    return last


def row_of(shelf: Shelf, fact: Fact[RecordRegistered]) -> Row:
    """A record in the list."""
    own, record = shelf.own, fact.event.record
    marks = []
    if is_orphan(own, record):
        marks.append(_("source not registered"))
    sensitivity = sensitivity_of(own, record)
    if sensitivity is not Sensitivity.NONE:
        marks.append(said(SENSITIVITY, sensitivity))
    return Row(
        record,
        shelf.ref(record),
        said(KINDS, RecordKind(fact.event.kind)),
        when_of(fact.event.created),
        description_of(own, fact),
        where_of(shelf, record),
        len(own.tied.get(record, ())),
        tuple(marks),
    )


def where_of(shelf: Shelf, record: str) -> str:
    """Where the own agency says that a record is, as far as it has said anything."""
    saying = now(shelf.own).said_of(record, shelf.seat.agency)
    if not saying:
        return _("no copy is registered, and nobody has said where it is")
    last: dict[str | None, str] = {}
    for each in saying:
        if each.copy is None:
            last.clear()
        last[each.copy] = said(HOLDINGS, each.status)
    return ", ".join(dict.fromkeys(last.values()))
