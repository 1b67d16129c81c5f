"""The simulation: two policies, or two numbers of staff, side by side on the same callers; kept with its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safehands import __version__
from safehands.core.pathway import Pathway
from safehands.desk import jobs
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.models import Job, Proposal
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, NotFound, SafehandsError
from safehands.pathways.load import load, parse_and_prove

KIND: Final = "simulation"

#: The area whose parameters are used, and the pathway that it speaks of.
AREA: Final = "right-care"

#: What the form's numbers may be: first, last, and what stands there at first.
BOUNDS: Final[Mapping[str, tuple[int, int, int]]] = {
    "before_sends": (0, 100, 50),
    "after_sends": (0, 100, 0),
    "before_crews": (10, 300, 100),
    "after_crews": (10, 300, 100),
    "before_partners": (10, 300, 100),
    "after_partners": (10, 300, 100),
    "weeks": (1, 26, 4),
    "replications": (2, 30, 10),
    "seed": (0, 999_999, 1),
}

#: The figures that are drawn; the table has all.
DRAWN: Final = ("officer_hours", "sent_share", "neither", "accepted", "urgent_median", "accept_median")

_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class Version:
    """A version that can be simulated: adopted here, shipped, or proposed."""

    pathway: Pathway
    words: str


@require_GET
@signed_in
def simulation(request: Seated, seat: Seat) -> HttpResponse:
    """The form, and the runs that the agency kept."""
    return _form(request, seat)


@require_POST
@signed_in
def simulate(request: Seated, seat: Seat) -> HttpResponse:
    """Begin a run."""
    try:
        job = _begin(seat, _asked(request.POST))
    except SafehandsError as error:
        return _form(request, seat, error)
    return redirect("simulation_run", job.pk)


@require_GET
@signed_in
def simulation_run(request: Seated, seat: Seat, run: int) -> HttpResponse:
    """One run: how far it is, or what came of it."""
    return render(request, "desk/simulation_run.html", _shown(_job(seat, run)))


@require_GET
@signed_in
def simulation_live(request: Seated, seat: Seat, run: int) -> HttpResponse:
    """The part that is fetched until the run has ended."""
    shown = _shown(_job(seat, run))
    # 286 tells htmx to ask no more; what came with it is shown.
    return render(request, "desk/parts/simulation_run.html", shown, status=200 if shown["open"] else 286)


@require_POST
@signed_in
def simulation_stop(request: Seated, seat: Seat, run: int) -> HttpResponse:  # noqa: ARG001 - Django names it
    """Call a run off."""
    jobs.stop(_job(seat, run))
    return redirect("simulation_run", run)


@require_POST
@signed_in
def simulation_again(request: Seated, seat: Seat, run: int) -> HttpResponse:
    """The same run once more: the same inputs and seed have to give the same digits."""
    asked = dict(_job(seat, run).asked)
    try:
        job = _begin(seat, {**asked, "again": run})
    except SafehandsError as error:
        return _form(request, seat, error)
    return redirect("simulation_run", job.pk)


def versions() -> dict[str, Version]:
    """Every version that can be simulated, by digest: those in force here first."""
    found: dict[str, Version] = {}
    catalogue = kernel().catalogue
    for event in reversed(catalogue.history(AREA)):
        words = _("Version %(version)s, adopted here") % {"version": event.pathway.version}
        found[event.pathway.digest] = Version(catalogue.by_ref(event.pathway), words)
    shipped = load(AREA)
    found.setdefault(
        shipped.ref.digest,
        Version(shipped, _("Version %(version)s, as it ships") % {"version": shipped.ref.version}),
    )
    for proposal in Proposal.objects.filter(pathway=AREA):
        proposed = parse_and_prove(proposal.text)
        words = _("Version %(version)s, proposed") % {"version": proposed.ref.version}
        found.setdefault(proposed.ref.digest, Version(proposed, words))
    return found


def _form(request: Seated, seat: Seat, error: SafehandsError | None = None) -> HttpResponse:
    from safehands.desk.faults import faults_of, status_of

    jobs.lose_the_lost()
    given = request.POST
    context = {
        "versions": [(digest, each.words) for digest, each in versions().items()],
        "values": {name: text(given, name) or str(usual) for name, (_low, _high, usual) in BOUNDS.items()},
        "bounds": {name: {"low": low, "high": high} for name, (low, high, _usual) in BOUNDS.items()},
        "form": given,
        "runs": Job.objects.filter(kind=KIND, agency=seat.agency)[:_KEPT],
        "faults": faults_of(error) if error is not None else [],
    }
    return render(request, "desk/simulation.html", context, status=status_of(error) if error is not None else 200)


def _job(seat: Seat, run: int) -> Job:
    """A run of the agency's own. Raises ``NotFound``."""
    job = Job.objects.filter(pk=run, kind=KIND, agency=seat.agency).first()
    if job is None:
        raise NotFound(_("There is no such run."))
    return job


def _asked(form: QueryDict) -> dict[str, Any]:
    """The inputs of a run. Raises ``BadInput`` naming everything that is wrong."""
    known, faults, asked = versions(), list[str](), dict[str, Any]()
    for side, called in (("before", _("The first policy")), ("after", _("The second policy"))):
        asked[side] = text(form, side)
        if asked[side] not in known:
            faults.append(_("%(side)s: choose one of the versions.") % {"side": called})
    for name, (low, high, _usual) in BOUNDS.items():
        given = text(form, name)
        number = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else -1
        if not low <= number <= high:
            words = {"name": name.replace("_", " "), "low": low, "high": high}
            faults.append(_("%(name)s: write a whole number from %(low)s to %(high)s.") % words)
        asked[name] = number
    if faults:
        raise BadInput(faults)
    return asked


def _begin(seat: Seat, asked: Mapping[str, Any]) -> Job:
    known = versions()
    gone = [digest[:16] for digest in (asked["before"], asked["after"]) if digest not in known]
    if gone:
        told = _("The version %(digest)s is neither adopted, shipped nor proposed any more.")
        raise BadInput(told % {"digest": each} for each in gone)
    pathways = {side: known[asked[side]].pathway for side in ("before", "after")}
    whole = {**asked, "versions": {side: each.ref.version for side, each in pathways.items()}, "software": __version__}

    def work(told: jobs.Told) -> dict[str, Any]:
        # What simulates takes seconds to load: only those who ask for it wait.
        from safehands.sim.experiment import Setting
        from safehands.sim.parameters import load_parameters
        from safehands.sim.policies import Policy
        from safehands.sim.sides import Side, compare_sides, digest_of, recorded

        def side(name: str) -> Side:
            pathway, sends = pathways[name], asked[f"{name}_sends"] / 100
            policy = Policy(_label(pathway, asked, name), pathway, sends)
            return Side(policy, asked[f"{name}_crews"], asked[f"{name}_partners"])

        setting = Setting(weeks=asked["weeks"], replications=asked["replications"], seed=asked["seed"])
        compared = compare_sides(load_parameters(AREA), side("before"), side("after"), setting, lambda: told(1))
        record = recorded(compared, setting, None)
        digest = digest_of(record)
        del record["load"]
        return {**record, "digest": digest}

    return jobs.begin(KIND, seat, whole, 2 * asked["replications"], work)


def _label(pathway: Pathway, asked: Mapping[str, Any], side: str) -> str:
    words = [_("Version %(version)s") % {"version": pathway.ref.version}]
    if asked[f"{side}_sends"]:
        words.append(_("crews also to %(n)s %% of the rest") % {"n": asked[f"{side}_sends"]})
    for name, said in (("crews", _("%(n)s %% of the crews")), ("partners", _("%(n)s %% of the partners' places"))):
        if asked[f"{side}_{name}"] != 100:
            words.append(said % {"n": asked[f"{side}_{name}"]})
    return ", ".join(words)


def _shown(job: Job) -> dict[str, Any]:
    context: dict[str, Any] = {"job": job, "open": job.state in jobs.OPEN}
    if job.state == "done":
        figures = job.found["figures"]
        first = Job.objects.filter(pk=job.asked.get("again"), kind=KIND).first()
        context |= {
            "found": job.found,
            "rows": [_row(each) for each in figures.values()],
            "charts": list(_charts(job.found)),
            "same": first is not None and first.found is not None and first.found["digest"] == job.found["digest"],
            "first": first,
        }
    return context


def _row(figure: Mapping[str, Any]) -> dict[str, str]:
    difference = figure["difference"]
    between = _("none: it never came")
    if difference["low"] is not None:
        between = _("%(low)s to %(high)s") % {
            "low": f"{difference['low']:+,.1f}",
            "high": f"{difference['high']:+,.1f}",
        }
    return {
        "label": figure["label"],
        "unit": figure["unit"],
        "before": _number(figure["before"]["mean"]),
        "after": _number(figure["after"]["mean"]),
        "difference": _("none") if difference["mean"] is None else f"{difference['mean']:+,.1f}",
        "between": between,
    }


def _number(value: float | None) -> str:
    return _("none") if value is None else f"{value:,.1f}"


def _charts(found: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    from safehands.stats.charts import Bar, bars

    for name in DRAWN:
        figure = found["figures"][name]
        rows = []
        for side, words, tone in (("before", _("First"), "first"), ("after", _("Second"), "second")):
            value, low, high = (_from_nought(figure[side][part]) for part in ("mean", "low", "high"))
            rows.append(Bar(words, value, _number(figure[side]["mean"]), low, high, tone))
        told = "; ".join(f"{bar.label}: {bar.shown} {figure['unit']}" for bar in rows)
        title = f"{figure['label']}, {figure['unit']}"
        yield {"title": title, "drawing": mark_safe(bars(title, told, rows))}  # noqa: S308 - our own writer escapes


def _from_nought(value: float | None) -> Decimal | None:
    """An interval of a count can reach below nought where the count cannot."""
    return None if value is None else max(Decimal(0), Decimal(str(value)))
