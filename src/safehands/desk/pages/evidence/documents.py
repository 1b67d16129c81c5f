"""What can be downloaded of a case's evidence: schedules, exports, receipts of letters, the family's letter."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from safehands.desk.acting import opened
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.pages.evidence.families import letter_for, signed_off_agencies, text_for
from safehands.desk.scene import scene_of
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.evidence.matter import Matter, matter_of
from safehands.errors import NotFound, Refused
from safehands.exports.case_uco import case_uco, source_unseen_query
from safehands.exports.provenance import prov_json
from safehands.exports.schedule_document import schedule_pdf
from safehands.exports.schedules import schedule_csv
from safehands.service.bundles import receipt_of

_PDF: Final = "application/pdf"


def _matter(request: Seated, seat: Seat, case_id: UUID, page: str) -> Matter:
    return matter_of(scene_of(seat, opened(request, seat, case_id, page)))


def _file(octets: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(octets, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@signed_in
def schedule(request: Seated, seat: Seat, case_id: UUID, seq: int, form: str) -> HttpResponse:
    """A schedule as a document, or as rows."""
    matter = _matter(request, seat, case_id, "schedule")
    fact = next((each for each in matter.material.schedules.values() if each.seq == seq), None)
    if fact is None or form not in ("pdf", "csv"):
        raise NotFound(_("There is no such schedule in this case."))
    name = f"{matter.scene.case.reference}-{fact.event.form.value}-{seq}.{form}"
    if form == "csv":
        return _file(schedule_csv(matter.material, fact.event), name, "text/csv; charset=utf-8")
    return _file(schedule_pdf(matter.material, fact.event, case=matter.scene.case.reference), name, _PDF)


@require_GET
@signed_in
def export(request: Seated, seat: Seat, case_id: UUID, form: str) -> HttpResponse:
    """The case for other programs: CASE/UCO, W3C PROV, and the query by which a stranger finds the alarm again."""
    matter = _matter(request, seat, case_id, f"export {form}")
    reference = matter.scene.case.reference
    if matter.seen.stubs or matter.seen.hidden:
        raise Refused(
            "export.not_all_yours",
            _("There is material in this case that your agency may not read, and an export would hold it. Ask for it."),
        )
    match form:
        case "case-uco":
            octets = case_uco(matter.material, reference, findings=matter.findings.values(), names=matter.names)
            return _file(octets, f"{reference}-case.jsonld", "application/ld+json")
        case "prov":
            return _file(
                prov_json(matter.material, reference, names=matter.names), f"{reference}-prov.json", "application/json"
            )
        case "query":
            return _file(source_unseen_query().encode(), "source-unseen.rq", "application/sparql-query")
        case _:
            raise NotFound(_("There is no such export."))


@require_GET
@signed_in
def receipt(request: Seated, seat: Seat, case_id: UUID, seq: int) -> HttpResponse:
    """The receipt of a letter: its entry's place in the ledger, checkable offline (``.tlog-proof``)."""
    matter = _matter(request, seat, case_id, "receipt")
    if not any(each.seq == seq for each in matter.material.letters.values()):
        raise NotFound(_("There is no such letter in this case."))
    service = kernel()
    proof = receipt_of(service.store, matter.scene.case.stream, seq, at=service.clock.now(), agency=seat.agency)
    return _file(proof.encode(), f"{matter.scene.case.reference}-letter-{seq}.tlog-proof", "text/plain; charset=utf-8")


@require_GET
@signed_in
def family_letter(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The family's page as a letter. It goes out only where the agency has signed it off."""
    matter = _matter(request, seat, case_id, "family letter")
    if seat.agency not in signed_off_agencies():
        raise Refused(
            "family.not_signed_off",
            _("Your agency has not signed off what families read. Two people have to, under Administration."),
        )
    service = kernel()
    now = service.clock.now()
    party = request.GET.get("party", "")
    sections = text_for(matter.material, party, seat.agency, now, preview=False)
    checkpoint = (service.store.seal(at=now).checkpoint or "").strip()
    reference = matter.scene.case.reference
    return _file(letter_for(reference, sections, now, checkpoint), f"{reference}-family.pdf", _PDF)
