"""A record's page: what it is, where its copies are, what happened to them, what keeps it, how far it came to whom, and
its family as a picture and in words.

Opened from the own register it shows what that register says; opened from a case, what the case has learned, as far as
the reader's agency may read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.knowing import sensitivity_of
from safehands.core.records.ladder import rung
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, now
from safehands.core.records.retaining import Block
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import opened
from safehands.desk.apps import kernel
from safehands.desk.family_tree import Sight, ref_of, tree_of
from safehands.desk.faults import faults_of, status_of
from safehands.desk.forms import WHICH, Form
from safehands.desk.guards import signed_in
from safehands.desk.pages.evidence import files
from safehands.desk.pages.evidence.register import description_of
from safehands.desk.scene import agency_names
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.entering import groups
from safehands.desk.subjects.shelf import Shelf, copy_called, shelf_of
from safehands.errors import NotFound, SafehandsError
from safehands.service.material import Seen, seen_by
from safehands.service.permissions import may_enter

Context = dict[str, Any]


@require_GET
@signed_in
def own_record(request: Seated, seat: Seat, record: str) -> HttpResponse:
    """A record of the own register."""
    return page(request, seat, record)


@require_GET
@signed_in
def case_record(request: Seated, seat: Seat, case_id: UUID, record: str) -> HttpResponse:
    """A record as a case has learned of it: in full, or what is told of one that is withheld."""
    case = opened(request, seat, case_id, "material")
    material = kernel().material(str(case_id), agency=seat.agency).material
    seen = seen_by(material, seat.agency)
    see = sight_of(seen)
    if see(record) is Sight.HIDDEN:
        raise NotFound(_("This case has no such record that your agency may know of."))
    context: Context = {"case": case, "names": agency_names()}
    if see(record) is Sight.STUB:
        context["stub"] = next(each for each in seen.stubs if each.record == record)
        return render(request, "desk/evidence/stub.html", context)
    context |= _told(material, seat, record, see) | {"ladder": ladder(material, record, kernel().clock.now())}
    context["own"] = record in shelf_of(seat).own.records
    return render(request, "desk/evidence/record.html", context)


def page(request: Seated, seat: Seat, record: str, error: SafehandsError | None = None) -> HttpResponse:
    """The page of a record of the own register, with what was refused first."""
    shelf = shelf_of(seat, record)
    if record not in shelf.own.records:
        raise NotFound(_("Your agency's register has no such record."))
    acts = may_enter(seat.actor)
    doing = groups(shelf) if acts else ()
    upload = files.upload_form(shelf) if acts else None
    every: tuple[Form, ...] = tuple(form for _name, forms in doing for form in forms)
    every += (upload,) if upload is not None else ()
    refused = next((form for form in every if error is not None and form.key == request.POST.get(WHICH)), None)
    context = _told(shelf.own, seat, record, lambda _record: Sight.FULL)
    context |= {
        "groups": doing,
        "upload": upload,
        "acts": acts,
        "own": True,
        "refused": refused.refilled(request.POST) if refused is not None else None,
        "faults": faults_of(error) if error is not None else [],
        "ties": tuple(_ties(shelf, seat)),
        "names": agency_names(),
    }
    return render(request, "desk/evidence/record.html", context, status=status_of(error) if error else 200)


def sight_of(seen: Seen) -> Any:
    """How much of each record of a case the agency of ``seen`` may see."""
    full = {fact.event.record for fact in seen.records}
    stubs = {stub.record for stub in seen.stubs}

    def see(record: str) -> Sight:
        if record in full:
            return Sight.FULL
        return Sight.STUB if record in stubs else Sight.HIDDEN

    return see


@dataclass(frozen=True, slots=True)
class Place:
    """Where one copy (or the record as a whole) is, as one agency says: the last word, and how it is known."""

    agency: str
    status: str
    held: bool
    lost: bool
    since: datetime
    how: str
    where: str
    extra: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy, what fixes it, where it is."""

    copy: str
    called: str
    event: e.CopyRegistered
    playable: str
    places: tuple[Place, ...]
    file: files.Lying | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the custody timeline with both of its times."""

    at: datetime
    learned: datetime
    late: bool
    what: str
    copy: str
    who: str
    extra: str
    corrected: bool


def _blocks(material: Material, record: str, agency: str) -> tuple[Block, ...]:
    """Every reason why the agency that has the record may not dispose of it."""
    service = kernel()
    return service.retention(material, record, agency, service.clock.now()) if service.retention is not None else ()


def _told(material: Material, seat: Seat, record: str, see: Any) -> Context:
    reading = now(material)
    fact = material.records[record]
    copies = tuple(_copies(reading, record, seat))
    return {
        "record": record,
        "ref": ref_of(reading, fact),
        "fact": fact,
        "event": _classified(material, fact),
        "description": description_of(material, fact),
        "kind": w.said(w.KINDS, fact.event.kind),
        "made": w.when_of(_created(material, fact)),
        "relevance": w.said(w.RELEVANCE, _classified(material, fact).relevance),
        "use": w.said(w.USES, _classified(material, fact).use),
        "sensitivity": w.said(w.SENSITIVITY, sensitivity_of(material, record)),
        "described": material.described.get(record, ()),
        "copies": copies,
        "whole": tuple(_places(reading, record, None)),
        "timeline": tuple(_timeline(material, record)),
        "retention": material.retention.get(record, ()),
        "holds": tuple((hold, material.lifted.get(hold.event.hold)) for hold in material.holds.get(record, ())),
        "blocks": _blocks(material, record, fact.event.agency),
        "tree": tree_of(reading, record, see),
    }


def _classified(material: Material, fact: Fact[e.RecordRegistered]) -> e.RecordRegistered:
    return now(material).classification(fact)


def _created(material: Material, fact: Fact[e.RecordRegistered]) -> v.When:
    created = fact.event.created
    for change in material.described.get(fact.event.record, ()):
        created = change.event.created or created
    return created


def _copies(reading: Reading, record: str, seat: Seat) -> Iterator[Copy]:
    for fact in reading.copies(record):
        tests = reading.all(reading.material.played, fact.event.copy)
        playable = tests[-1].event.playable if tests else fact.event.playable
        tried = tests[-1].event.at if tests else fact.event.playable_at
        words = w.said(w.PLAYABLE, playable)
        if tried is not None:
            words = _("%(said)s (tried on %(day)s)") % {"said": words, "day": w.day_of(tried)}
        yield Copy(
            fact.event.copy,
            copy_called(reading.material, fact.event.copy),
            fact.event,
            words,
            tuple(_places(reading, record, fact.event.copy)),
            files.lying(reading.material, fact.event.copy, seat),
        )


def _places(reading: Reading, record: str, copy: str | None) -> Iterator[Place]:
    """The last word of each agency about one copy, or about the record as a whole."""
    for agency in reading.speakers(record):
        saying = [each for each in reading.said_of(record, agency) if each.copy in (copy, None)]
        own = [each for each in saying if each.copy == copy]
        if not own:
            continue
        last = saying[-1]
        event = last.fact.event
        extra = [str(getattr(event, name, "")) for name in ("authority", "method", "note")]
        where = [str(getattr(event, name, "")) for name in ("location", "system")]
        yield Place(
            agency,
            w.said(w.HOLDINGS, last.status),
            last.status in v.STILL_HELD,
            last.status in (v.HoldingStatus.MISSING, v.HoldingStatus.DESTROYED),
            last.at,
            w.said(w.HOW_KNOWN, event.how) if isinstance(event, e.HoldingAsserted) else _("entered in the register"),
            ", ".join(each for each in where if each),
            ", ".join(each for each in extra if each),
        )


def _timeline(material: Material, record: str) -> Iterator[Happened]:
    """What happened to every copy, the newest first; what was corrected stays, and says so."""
    facts = [fact for copy in material.copies_of.get(record, ()) for fact in material.custody.get(copy, ())]
    corrected = {fact.event.supersedes for fact in facts}
    for fact in sorted(facts, key=lambda each: (each.event.at, each.seq), reverse=True):
        event = fact.event
        learned = fact.known_at or fact.recorded_at
        yield Happened(
            event.at,
            learned,
            (learned - event.at).total_seconds() > 120,
            w.said(w.CUSTODY, event.type),
            copy_called(material, event.copy),
            f"{event.person}, {event.agency}" if event.person else event.agency,
            "; ".join(_details(event)),
            event.custody in corrected,
        )


def _details(event: e.CustodyRecorded) -> Iterator[str]:
    if event.given_by or event.given_to:
        yield _("from %(given_by)s to %(given_to)s") % {
            "given_by": event.given_by or _("not said"),
            "given_to": event.given_to or _("not said"),
        }
    if event.purpose:
        yield event.purpose
    if event.seal_before or event.seal_after:
        yield _("seal %(before)s, then %(after)s") % {
            "before": event.seal_before or _("none"),
            "after": event.seal_after or _("none"),
        }
    if event.coverage is not None:
        yield _("%(percent)d %% of it") % {"percent": event.coverage.percent}
    if event.witness:
        yield _("witness %(who)s") % {"who": event.witness}
    if event.authority:
        yield _("authority: %(what)s") % {"what": event.authority}


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a record came to one agency: every rung, up to which it came."""

    agency: str
    said: str
    rungs: tuple[tuple[str, bool], ...]
    own: bool


def ladder(material: Material, record: str, at: datetime) -> tuple[Reached, ...]:
    """The ladder for each agency that has to do with this material: its own rung, and those below it."""
    reading = now(material)
    holder = material.records[record].event.agency
    return tuple(
        Reached(
            agency,
            w.said(w.RUNGS, reached),
            tuple((w.said(w.RUNGS, each), v.RUNGS.index(each) <= v.RUNGS.index(reached)) for each in v.RUNGS[1:]),
            agency == holder,
        )
        for agency in agencies_of(material)
        for reached in (rung(reading, record, agency, at),)
    )


def agencies_of(material: Material) -> tuple[str, ...]:
    """Every agency that registered, asked, was asked, or was given something here."""
    found = {fact.event.agency for fact in material.records.values()}
    for request in material.requests.values():
        found |= {request.event.from_agency, request.event.to_agency}
    for share in material.shares.values():
        found |= {share.event.from_agency, share.event.to_agency}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Tie:
    """A case that the record concerns, with how far the record came to each agency there."""

    case_id: str
    reference: str
    ladder: tuple[Reached, ...]


def _ties(shelf: Shelf, seat: Seat) -> Iterator[Tie]:
    service = kernel()
    for stream in shelf.own.tied.get(shelf.record, ()):
        case_id = stream.removeprefix("case/")
        case = service.case(case_id, agency=seat.agency)
        material = service.material(case_id, agency=seat.agency).material
        if shelf.record in material.records:
            yield Tie(case_id, case.reference, ladder(material, shelf.record, shelf.now))
