"""The pathways: tables as tables, the proof and when it was made, the examples, adoption by two people.

Difference, shadow report, sign-off and DMN have pages of their own: ``pathway_reports``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import unified_diff
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehands import codec
from safehands.core.difference import difference, difference_in_words
from safehands.core.events import PathwayAdopted
from safehands.core.pathway import Pathway, Row
from safehands.core.prove import prove
from safehands.core.vocabulary import Actor
from safehands.core.words import label_of
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.guards import check_adopts, may_adopt, signed_in
from safehands.desk.models import Proposal
from safehands.desk.reauthenticating import fresh
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, NotFound, SafehandsError
from safehands.pathways.examples import rows_without_example, run_examples
from safehands.pathways.load import examples_of, load, parse, parse_and_prove, prove_once, shipped
from safehands.pathways.verified import declared

#: When this desk last proved a version, by digest. A process proves a version once; a button does it anew.
_proved_at: Final[dict[str, datetime]] = {}


@require_GET
@signed_in
def pathways(request: Seated, seat: Seat) -> HttpResponse:  # noqa: ARG001 - every page gets its seat
    """Every pathway that ships with this release, and which version of it is in force."""
    catalogue = kernel().catalogue
    listed = [(load(name), catalogue.history(name)) for name in shipped()]
    return render(request, "desk/pathways.html", {"pathways": listed})


@require_GET
@signed_in
def pathway(request: Seated, seat: Seat, name: str) -> HttpResponse:
    """One pathway in force: its tables, its proof, its examples, its history, and what waits for a second person."""
    return pathway_page(request, seat, known(name))


@require_POST
@signed_in
def check(request: Seated, seat: Seat, name: str) -> HttpResponse:
    """Prove the version in force anew, and run its worked examples, now."""
    shown = in_force(known(name))
    proof = prove(shown)
    if not proof.holds:
        error = BadInput(fault.sentence for fault in proof.faults)
        return pathway_page(request, seat, name, error)
    _proved_at[shown.ref.digest] = kernel().clock.now()
    messages.success(request, _("Proved anew, and every worked example was run."))
    return redirect("pathway", name)


def in_force(name: str) -> Pathway:
    """The version in force here, or else the one that ships."""
    return kernel().catalogue.current(name) if kernel().catalogue.history(name) else load(name)


def known(name: str) -> str:
    """The name of a pathway that ships. Raises ``NotFound``."""
    if name not in shipped():
        raise NotFound(_("There is no such pathway."))
    return name


def pathway_page(request: Seated, seat: Seat, name: str, error: SafehandsError | None = None) -> HttpResponse:
    """The page of one pathway, with what went wrong on top if something did."""
    from safehands.desk.faults import faults_of, status_of

    history = kernel().catalogue.history(name)
    shown = in_force(name)
    _proved_at.setdefault(shown.ref.digest, kernel().clock.now())
    results = run_examples(shown, examples_of(name)) if shown.ref == load(name).ref else ()
    context = {
        "pathway": shown,
        "in_force": bool(history),
        "proof": prove_once(shown),
        "proved_at": _proved_at[shown.ref.digest],
        "adopted": list(_adoptions(name))[::-1],
        "unsigned": sum(not each.verified for each in declared(shown)),
        "declared": len(list(declared(shown))),
        "tables": [(table, [_row(shown, row) for row in table.rows]) for table in shown.tables],
        "examples": results,
        "wrong": [fault for each in results for fault in each.faults],
        "bare": rows_without_example(shown, results) if results else (),
        "proposals": [_proposed(seat, shown, each) for each in Proposal.objects.filter(pathway=name)],
        "may_adopt": may_adopt(seat),
        "faults": faults_of(error) if error is not None else [],
        "form": request.POST,
    }
    return render(request, "desk/pathway.html", context, status=status_of(error) if error is not None else 200)


def _row(pathway: Pathway, row: Row) -> dict[str, Any]:
    columns = {column.name: column for column in pathway.inputs}
    texts = {question.id: question.text for question in pathway.questions}
    when = [
        (
            texts[columns[name].question],
            [label_of(pathway, columns[name], code) for code in columns[name].domain if code in codes],
        )
        for name, codes in row.when.items()
    ]
    return {"row": row, "when": when}


def _adoptions(name: str) -> Iterator[tuple[datetime, PathwayAdopted]]:
    """Every adoption with when it was recorded, the oldest first."""
    for stored in kernel().store.entries(f"pathway/{name}", agency=None):
        if stored.entry is not None:
            entry = codec.decode(stored.entry)
            if isinstance(entry.event, PathwayAdopted):
                yield entry.envelope.recorded_at, entry.event


def _proposed(seat: Seat, now: Pathway, proposal: Proposal) -> dict[str, Any]:
    proposed = parse(proposal.text)
    found = difference(now, proposed)
    return {
        "proposal": proposal,
        "pathway": proposed,
        "changes": difference_in_words(proposed, found),
        "vectors": found.vectors,
        "mine": proposal.proposed_by == seat.actor.actor,
    }


@require_POST
@signed_in
def propose(request: Seated, seat: Seat, name: str) -> HttpResponse:
    """Propose a text: it has to hold before anybody can be asked to adopt it."""
    try:
        check_adopts(seat)
        proposed = parse_and_prove(text(request.POST, "text").replace("\r\n", "\n") + "\n")
        if proposed.ref.pathway != known(name):
            raise BadInput([_("This text is of another pathway: %(name)s.") % {"name": proposed.ref.pathway}])
        keep_proposal(seat, name, proposed)
    except SafehandsError as error:
        return pathway_page(request, seat, name, error)
    messages.success(request, _("Proposed. A second person adopts it."))
    return redirect("pathway", name)


def keep_proposal(seat: Seat, name: str, proposed: Pathway) -> None:
    """Keep a text that holds until a second person adopts it."""
    Proposal.objects.create(
        pathway=name,
        text=proposed.text,
        proposed_by=seat.actor.actor,
        proposed_role=seat.actor.role,
        proposed_agency=seat.agency,
        proposed_at=kernel().clock.now(),
    )


@fresh
@require_http_methods(["GET", "POST"])
@signed_in
def adopt(request: Seated, seat: Seat, name: str, proposal: int) -> HttpResponse:
    """The second person reads everything that would change, and adopts; from then on new cases open under it."""
    waiting = Proposal.objects.filter(pathway=known(name), pk=proposal).first()
    try:
        check_adopts(seat)
        if waiting is None:
            raise NotFound(_("This proposal was settled already."))
        if request.method == "GET":
            return _adoption(request, seat, name, waiting)
        proposed = parse_and_prove(waiting.text)
        if text(request.POST, "digest") != proposed.ref.digest:
            raise BadInput([_("Read what would change first: open the proposal again and adopt it from there.")])
        first = Actor(waiting.proposed_by, waiting.proposed_role, waiting.proposed_agency)
        kernel().catalogue.adopt(proposed, kernel().clock, first, seat.actor)
        waiting.delete()
    except SafehandsError as error:
        return pathway_page(request, seat, name, error)
    messages.success(request, _("Adopted. Cases that are open go on under their own version."))
    return redirect("pathway", name)


def _adoption(request: Seated, seat: Seat, name: str, waiting: Proposal) -> HttpResponse:
    now = in_force(name)
    told = _proposed(seat, now, waiting)
    context = {
        **told,
        "now_pathway": now,
        "lines": _lines(now, parse(waiting.text)),
        "grouped": _grouped(told["changes"]),
    }
    return render(request, "desk/adopt.html", context)


def _grouped(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Each change with the answers that it concerns, which stand indented below it; long numbers in threes."""
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        shown = re.sub(r"\b\d{5,}\b", lambda found: f"{int(found[0]):,}", line.strip())
        if groups and line.startswith(" "):
            groups[-1][1].append(shown)
        else:
            groups.append((shown, []))
    return groups


def _lines(now: Pathway, proposed: Pathway) -> list[dict[str, str]]:
    """The two texts line by line: what goes, what comes, and a little of what stays around it."""
    one, other = (_("version %(version)s") % {"version": each.ref.version} for each in (now, proposed))
    kinds = {"+": "added", "-": "removed"}
    found = unified_diff(now.text.splitlines(), proposed.text.splitlines(), one, other, lineterm="")
    return [{"kind": kinds.get(line[:1], ""), "line": line} for line in found]


@require_POST
@signed_in
def withdraw_proposal(request: Seated, seat: Seat, name: str, proposal: int) -> HttpResponse:
    """Whoever may adopt may also set a proposal aside; nothing was in force by it."""
    try:
        check_adopts(seat)
    except SafehandsError as error:
        return pathway_page(request, seat, known(name), error)
    Proposal.objects.filter(pathway=known(name), pk=proposal).delete()
    messages.success(request, _("Set aside. What is in force stays in force."))
    return redirect("pathway", name)
