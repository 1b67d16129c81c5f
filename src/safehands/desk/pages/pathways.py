"""The pathways: tables as tables, the proof, the examples, what a new version would change, adoption by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands.core.difference import difference, difference_in_words
from safehands.core.pathway import Pathway, Row
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
    return _page(request, seat, _known(name))


def _known(name: str) -> str:
    if name not in shipped():
        raise NotFound(_("There is no such pathway."))
    return name


def _page(request: Seated, seat: Seat, name: str, error: SafehandsError | None = None) -> HttpResponse:
    from safehands.desk.faults import faults_of, status_of

    history = kernel().catalogue.history(name)
    shown = kernel().catalogue.current(name) if history else load(name)
    results = run_examples(shown, examples_of(name)) if shown.ref == load(name).ref else ()
    context = {
        "pathway": shown,
        "history": tuple(reversed(history)),
        "in_force": bool(history),
        "proof": prove_once(shown),
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


def _proposed(seat: Seat, now: Pathway, proposal: Proposal) -> dict[str, Any]:
    proposed = parse(proposal.text)
    return {
        "proposal": proposal,
        "pathway": proposed,
        "changes": difference_in_words(proposed, difference(now, proposed)),
        "mine": proposal.proposed_by == seat.actor.actor,
    }


@require_POST
@signed_in
def propose(request: Seated, seat: Seat, name: str) -> HttpResponse:
    """Propose a text: it has to hold before anybody can be asked to adopt it."""
    try:
        check_adopts(seat)
        proposed = parse_and_prove(text(request.POST, "text").replace("\r\n", "\n") + "\n")
        if proposed.ref.pathway != _known(name):
            raise BadInput([_("This text is of another pathway: %(name)s.") % {"name": proposed.ref.pathway}])
        Proposal.objects.create(
            pathway=name,
            text=proposed.text,
            proposed_by=seat.actor.actor,
            proposed_role=seat.actor.role,
            proposed_agency=seat.agency,
            proposed_at=kernel().clock.now(),
        )
    except SafehandsError as error:
        return _page(request, seat, name, error)
    messages.success(request, _("Proposed. A second person adopts it."))
    return redirect("pathway", name)


@fresh
@require_POST
@signed_in
def adopt(request: Seated, seat: Seat, name: str, proposal: int) -> HttpResponse:
    """The second person adopts; from then on new cases open under it."""
    waiting = Proposal.objects.filter(pathway=_known(name), pk=proposal).first()
    try:
        check_adopts(seat)
        if waiting is None:
            raise NotFound(_("This proposal was settled already."))
        first = Actor(waiting.proposed_by, waiting.proposed_role, waiting.proposed_agency)
        kernel().catalogue.adopt(parse_and_prove(waiting.text), kernel().clock, first, seat.actor)
        waiting.delete()
    except SafehandsError as error:
        return _page(request, seat, name, error)
    messages.success(request, _("Adopted. Cases that are open go on under their own version."))
    return redirect("pathway", name)
