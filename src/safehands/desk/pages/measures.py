"""The measures: each figure with its chart, base, unit, interval and vintage, over a period that somebody chooses.

On the desk the figures are an agency's own: of the cases in which it has standing, for people who have a seat there.
They are not protected against working somebody out from a small count, and the page says so: what is published goes
through a release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.figures import as_csv, blocks
from safehands.desk.guards import signed_in
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, SafehandsError
from safehands.ledger.custody import CustodyReport
from safehands.service.custody import custody_reports
from safehands.stats.frame import InMemory
from safehands.stats.measures import custody
from safehands.stats.measures.catalogue import DIFFERENTIATORS, MEASURES, PATHWAY, in_reading_order, results
from safehands.stats.measures.declared import Measure, Period, Result, Vintage, period_of

#: What the figures can be shown by, in words. The codes are those of ``stats.frame.CUTS``.
CUT_WORDS: Final = {
    "": gettext_lazy("All together"),
    "agency": gettext_lazy("Agency that took the contact"),
    "stream": gettext_lazy("Stream of contact"),
    "hour": gettext_lazy("Hour of the day"),
    "age_band": gettext_lazy("Age"),
    "sex": gettext_lazy("Sex"),
    "ethnicity": gettext_lazy("Ethnicity"),
    "disability": gettext_lazy("Disability"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for."""

    measure: Measure
    period: Period
    cut: str | None


@require_GET
@signed_in
def measures(request: Seated, seat: Seat) -> HttpResponse:
    """One measure at a time: what it counts, its figures, and where they come from."""
    from safehands.desk.faults import faults_of, status_of

    context: dict[str, Any] = {
        "listed": in_reading_order(),
        "cuts": CUT_WORDS.items(),
        "form": request.GET,
        "pathway": PATHWAY,
        "chosen": _chosen(request.GET),
    }
    try:
        asked = _asked(request.GET)
        found, vintage = _found(asked, seat)
    except SafehandsError as error:
        return render(request, "desk/measures.html", {**context, "faults": faults_of(error)}, status=status_of(error))
    context |= {
        "measure": asked.measure,
        "blocks": blocks(asked.measure, found),
        "notes": list(dict.fromkeys(each.note for each in found if each.note)),
        "vintage": vintage,
        "period": asked.period,
        "query": request.GET.urlencode(),
        "empty": not any(each.base or each.value is not None for each in found),
    }
    return render(request, "desk/measures.html", context)


@require_GET
@signed_in
def measures_file(request: Seated, seat: Seat) -> HttpResponse:
    """The same figures as CSV, with everything that each has to carry."""
    asked = _asked(request.GET)
    found, _vintage = _found(asked, seat)
    titles = {number: measure.title for number, measure in MEASURES.items()}
    name = f"{PATHWAY}-{asked.measure.number}.csv"
    return HttpResponse(
        as_csv(found, titles, asked.period, seat.agency),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _chosen(form: QueryDict) -> str:
    return text(form, "measure") or str(DIFFERENTIATORS[0])


def _asked(form: QueryDict) -> Asked:
    """Raises ``BadInput`` naming everything that is wrong with the form."""
    faults: list[str] = []
    number, cut = _chosen(form), text(form, "cut") or None
    measure = MEASURES.get(int(number)) if number.isdecimal() and len(number) < 4 else None
    if measure is None:
        faults.append(_("There is no such measure. Choose one from the list."))
    elif cut is not None and cut not in measure.cuts:
        faults.append(_("This measure cannot be shown by that. Choose “All together”."))
    period = Period()
    try:
        period = period_of(text(form, "first") or None, text(form, "last") or None)
    except BadInput as bad:
        faults += bad.faults
    if faults or measure is None:
        raise BadInput(faults)
    return Asked(measure, period, cut)


def _found(asked: Asked, seat: Seat) -> tuple[Sequence[Result], Vintage]:
    """The figures of the agency's own cases, up to the last checkpoint."""
    store = kernel().store
    head = store.head()
    facts = [row for row in store.facts(agency=seat.agency) if int(str(row["position"])) < head.sealed]
    vintage = Vintage(head.sealed, head.root.hex())
    reports: tuple[CustodyReport, ...] = ()
    if asked.measure is custody.MEASURE and asked.cut is None:
        reports = tuple(custody_reports(store, of={f"case/{row['case_id']}" for row in facts}))
    found = results(
        InMemory(facts),
        vintage,
        period=asked.period,
        cut=asked.cut,
        reports=reports,
        numbers=[asked.measure.number],
    )
    return list(found), vintage
