"""``safehands simulate``: what a pathway, or a change of policy on a day, does to officers, partners and callers.

``simulate`` is the command, ``simulated`` the same for a program, ``record`` what a script reads. With ``--replay``
nothing is simulated: ``versions`` asks two versions of the pathway on the rows of an export.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from safehands.cli import output, versions
from safehands.cli.output import Json
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.sim.experiment import Comparison, Setting
    from safehands.sim.outcomes import Estimate, Load
    from safehands.sim.parameters import Parameters

#: A default. On the shipped mix it comes to four calls in five, about what one force went to before (78 %).
_BEFORE: Final = 0.5
_LEAD_IN: Final = timedelta(weeks=4)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def simulate(
    pathway: Annotated[str, typer.Argument(help="The policy to look at: a shipped pathway's name, or a path.")],
    *,
    against: Annotated[
        str | None,
        typer.Option(metavar="PATHWAY", help="The version before it. Without: see --sends."),
    ] = None,
    sends: Annotated[
        float, typer.Option(min=0, max=1, help="Before, crews also went to this share of what the tables would not.")
    ] = _BEFORE,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day on which the policy before is withdrawn: 2026-09-01.")
    ] = None,
    area: Annotated[
        str, typer.Option(metavar="FILE", help="Parameters of the area: a file, or the name of shipped ones.")
    ] = "right-care",
    fit: Annotated[
        Path | None, typer.Option(metavar="EXPORT", help="Fit the parameters from this dispatch export; needs --map.")
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(metavar="EXPORT", help="Simulate nothing: ask both versions on each row; needs --against, --map."),
    ] = None,
    chart: Annotated[str | None, typer.Option("--map", metavar="NAME", help="The export's map, as for replay.")] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="CHANNEL", help="Channels of the export that are no calls: officer.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the parameters used, to be read and edited.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, help="Weeks that are measured; with --on, up to six days more.")] = 26,
    replications: Annotated[int, typer.Option(min=1, help="How often, each time with other chance.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same digits.")] = 1,
    as_json: Json = False,
) -> None:
    """Simulate two policies on the same callers: officer hours, waits, declined offers, matters nobody attended.

    The shipped parameters are defaults that nobody measured; the result says what each part rests on. With --replay:
    what two versions of a pathway conclude on the rows of a real export, and where they differ.
    """
    if replay is not None:
        _check_alone({"--on": on, "--fit": fit, "--write": write})
        versions.on_replay(pathway, against, replay, chart, tuple(without or ()), as_json=as_json)
        return
    parameters = _parameters(area, fit, chart, tuple(without or ()))
    if write is not None:
        from safehands.sim.parameters_text import write_parameters

        write.write_text(write_parameters(parameters), encoding="utf-8")
        output.note(f"The parameters are in {write}.")
    setting = setting_for(weeks, replications, seed, _day(on))
    with output.progress("Simulating", 2 * replications) as done:
        comparison = simulated(pathway, against, sends, parameters, setting, progress=lambda: done(1))
    if as_json:
        output.emit(record(comparison, setting, on))
        return
    _say(comparison, setting, on)


def setting_for(weeks: int, replications: int, seed: int, on: date | None) -> Setting:
    """The run: ``weeks`` from the day of the change, or from the first day where there is no such day.

    With a day, four weeks pass under the policy before it, so that what was begun then is still under way.
    """
    from safehands.sim.experiment import Setting

    if on is None:
        return Setting(weeks=weeks, replications=replications, seed=seed)
    lead_in = on - _LEAD_IN
    monday = lead_in - timedelta(days=lead_in.weekday())
    switch = (on - monday).days / 7
    return Setting(weeks=math.ceil(switch) + weeks, warm_up=0, switch=switch, replications=replications, seed=seed)


def simulated(
    pathway: str,
    against: str | None,
    sends: float,
    parameters: Parameters,
    setting: Setting,
    *,
    progress: Callable[[], None] = lambda: None,
) -> Comparison:
    """``pathway`` in the place of ``against``, on the same callers.

    Without ``against``: of a time when crews also went to a share ``sends`` of what the tables would not send them to.
    """
    from safehands.pathways.load import load
    from safehands.sim.experiment import compare
    from safehands.sim.policies import Policy

    new = load(pathway)
    if against is None:
        before = Policy(f"Crews also to {sends:.0%} of the rest", new, sends)
    else:
        old = load(against)
        before = Policy(f"{old.ref.pathway} {old.ref.version}", old)
    return compare(parameters, before, Policy(f"{new.ref.pathway} {new.ref.version}", new), setting, progress)


def record(comparison: Comparison, setting: Setting, on: str | None) -> dict[str, Any]:
    """What a script reads: every figure with its interval, and the load by hour of the week. ``null`` where none."""
    from safehands.sim.sides import recorded

    return recorded(comparison, setting, on)


def _parameters(area: str, fit: Path | None, chart: str | None, without: tuple[str, ...]) -> Parameters:
    from safehands.sim.parameters import load_parameters

    base = load_parameters(area)
    if fit is None:
        return base
    if chart is None:
        raise BadInput(["--fit needs --map: which columns of the export mean what"])
    from safehands.sim import maps
    from safehands.sim.fit import fit_area
    from safehands.sim.observations import observe_export

    seen = observe_export(fit, maps.load(chart), datetime.max.replace(tzinfo=UTC), without=without)
    shown = {str(agency) for agency in seen.agency}
    if "POL" not in shown:
        raise BadInput([f"{fit.name} shows no police (POL), only {', '.join(sorted(shown))}: no crews to fit"])
    partners = tuple(sorted((shown - {"POL"}) & set(base.partners)))
    return fit_area(base, seen, police="POL", partners=partners)


def _check_alone(others: Mapping[str, object]) -> None:
    """Refuse what would be passed over in silence."""
    given = [name for name, value in others.items() if value is not None]
    if given:
        raise BadInput(
            f"{name} belongs to a simulation, and --replay simulates nothing: leave one out" for name in given
        )


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput([f"--on: {text!r} is not a day; write it as 2026-09-01"]) from None


def _say(comparison: Comparison, setting: Setting, on: str | None) -> None:
    """Tables for a person."""
    from safehands.sim.outcomes import FIGURES

    before, after = comparison.before, comparison.after
    when = f", from {on} on" if on else ""
    output.table(
        f"{after.label} in place of this: {before.label}{when}. {setting.replications} replications, 95 % intervals",
        ("figure", "unit", before.label, after.label, "difference", "interval"),
        [
            (
                label,
                unit,
                _figure(before.estimates[name].mean),
                _figure(after.estimates[name].mean),
                _figure(comparison.differences[name].mean, sign=True),
                _between(comparison.differences[name]),
            )
            for name, (label, unit) in FIGURES.items()
        ],
    )
    output.table(
        "Load: share of places in use over the week, and the fullest hour",
        ("desk or crews", before.label, after.label, "fullest hour", "share then"),
        [
            (new.label, _share(old), _share(new), *_fullest(new))
            for old, new in zip(before.loads, after.loads, strict=True)
        ],
    )
    output.table("What this rests on", ("part", "rests on"), comparison.provenance.items())


def _figure(value: float, *, sign: bool = False) -> str:
    if math.isnan(value):
        return "none"
    return f"{value:+,.1f}" if sign else f"{value:,.1f}"


def _between(estimate: Estimate) -> str:
    if math.isnan(estimate.low):
        return "none: one replication"
    return f"{estimate.low:+,.1f} to {estimate.high:+,.1f}"


def _share(load: Load) -> str:
    """Places in use over places there are, in hours when there are any."""
    there = [use / share for use, share in zip(load.in_use, load.share, strict=True) if share > 0]
    return f"{sum(load.in_use) / sum(there):.0%}" if there else "none"


def _fullest(load: Load) -> tuple[str, str]:
    known = [(share, hour) for hour, share in enumerate(load.share) if not math.isnan(share)]
    if not known:
        return "none", "none"
    share, hour = max(known)
    return f"{_DAYS[hour // 24]} {hour % 24:02}:00", f"{share:.0%}"
