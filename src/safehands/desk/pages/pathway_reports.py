"""What can be asked of a pathway: what differs between two versions, what it said in shadow, what nobody has signed,
and its tables as DMN, out and in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.core.difference import Change, Side, difference
from safehands.core.pathway import Pathway
from safehands.core.words import box_in_words
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.guards import check_adopts, signed_in
from safehands.desk.models import Proposal
from safehands.desk.pages.pathways import in_force, keep_proposal, known, pathway_page
from safehands.desk.seats import Seat, Seated
from safehands.errors import NotFound, SafehandsError
from safehands.pathways.dmn import read_dmn, tables_digest, tables_of, write_dmn
from safehands.pathways.load import load, parse, parse_and_prove
from safehands.pathways.replacing import with_tables
from safehands.pathways.verified import declared
from safehands.service.shadow import shadow_report
from safehands.store.ports import Cell


@require_GET
@signed_in
def pathway_difference(request: Seated, seat: Seat, name: str) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """Exactly which answers get another class, row or holder."""
    known_versions = _versions(known(name))
    digests = list(known_versions)
    before, after = (text(request.GET, side) or digests[place] for side, place in (("before", -1), ("after", 0)))
    if before not in known_versions or after not in known_versions:
        raise NotFound(_("There is no such version. Choose two from the list."))
    one, other = known_versions[before][0], known_versions[after][0]
    found = difference(one, other)
    context = {
        "pathway": other,
        "versions": [(digest, words) for digest, (_pathway, words) in known_versions.items()],
        "before": before,
        "after": after,
        "found": found,
        "changes": [_change(other, each) for each in found.changes],
    }
    return render(request, "desk/pathway_difference.html", context)


@require_GET
@signed_in
def pathway_shadow(request: Seated, seat: Seat, name: str) -> HttpResponse:
    """What the tables concluded in shadow against what was decided, in the agency's own cases."""
    pathway = in_force(known(name))
    facts = kernel().store.facts(agency=seat.agency)
    own: set[Cell] = {row["case_id"] for row in facts if row["kind"] == "opened" and row["name"] == name}
    report = shadow_report([row for row in facts if row["case_id"] in own], pathway)
    classes = {each.number: each.label for each in pathway.classes}
    lines = [
        {
            "row": line.row,
            "would": f"{line.would} {classes.get(line.would, '')}",
            "did": _("nobody decided") if line.did is None else f"{line.did} {classes.get(line.did, '')}",
            "cases": line.cases,
        }
        for line in report.lines
    ]
    return render(request, "desk/pathway_shadow.html", {"pathway": pathway, "report": report, "lines": lines})


@require_GET
@signed_in
def pathway_sign_off(request: Seated, seat: Seat, name: str) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """Everything that needs the signature of a clinical and a legal owner before anybody relies on it."""
    pathway = in_force(known(name))
    kinds: dict[str, dict[str, Any]] = {}
    for each in declared(pathway):
        kind = kinds.setdefault(each.kind, {"signed": 0, "open": []})
        if each.verified:
            kind["signed"] += 1
        else:
            kind["open"].append(each)
    return render(request, "desk/pathway_sign_off.html", {"pathway": pathway, "kinds": kinds.items()})


@require_GET
@signed_in
def pathway_dmn(request: Seated, seat: Seat, name: str) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """The tables in force as DMN 1.3."""
    pathway = in_force(known(name))
    named = f"{name}-{pathway.ref.version}.dmn"
    headers = {"Content-Disposition": f'attachment; filename="{named}"'}
    return HttpResponse(write_dmn(pathway), content_type="application/xml; charset=utf-8", headers=headers)


@require_POST
@signed_in
def pathway_dmn_in(request: Seated, seat: Seat, name: str) -> HttpResponse:
    """Propose the tables of a file of DMN, in the text that is in force, as a new version."""
    now = in_force(known(name))
    try:
        check_adopts(seat)
        read = read_dmn(request.POST.get("dmn", "").strip(), "tables.dmn")
        if tables_digest(read) == tables_digest(tables_of(now)):
            messages.success(request, _("These are the tables in force, row for row. There is nothing to propose."))
            return redirect("pathway", name)
        keep_proposal(seat, name, parse_and_prove(with_tables(now, read, text(request.POST, "version"))))
    except SafehandsError as error:
        return pathway_page(request, seat, name, error)
    messages.success(request, _("Proposed. A second person adopts it."))
    return redirect("pathway", name)


def _versions(name: str) -> dict[str, tuple[Pathway, str]]:
    """Every version that can be compared, by digest: the newest first."""
    found: dict[str, tuple[Pathway, str]] = {}
    for proposal in Proposal.objects.filter(pathway=name):
        each = parse(proposal.text)
        found[each.ref.digest] = each, _("version %(version)s, proposed") % {"version": each.ref.version}
    catalogue = kernel().catalogue
    for event in reversed(catalogue.history(name)):
        words = _("version %(version)s, adopted") % {"version": event.pathway.version}
        found.setdefault(event.pathway.digest, (catalogue.by_ref(event.pathway), words))
    shipped = load(name)
    words = _("version %(version)s, as it ships") % {"version": shipped.ref.version}
    found.setdefault(shipped.ref.digest, (shipped, words))
    return found


def _change(pathway: Pathway, change: Change) -> dict[str, Any]:
    moves = {-1: _("lower"), 0: _("same class"), 1: _("higher")}
    return {
        "before": _side(change.before),
        "after": _side(change.after),
        "moves": moves[(change.step > 0) - (change.step < 0)],
        "lower": change.step < 0,
        "vectors": change.vectors,
        "where": [box_in_words(pathway, box) for box in change.boxes],
    }


def _side(side: Side | None) -> str:
    if side is None:
        return _("no answer")
    said = {"class": side.outcome, "row": side.row, "holder": side.holder}
    return _("class %(class)s by %(row)s, holder %(holder)s") % said
