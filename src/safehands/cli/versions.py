"""``safehands simulate … --against PATHWAY --replay EXPORT``: what two versions conclude on the rows of an export."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safehands.cli import output
from safehands.cli.replay import Bars
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.core.pathway import Pathway
    from safehands.sim.policies import Change
    from safehands.sim.versions import Versions


def on_replay(
    pathway: str, against: str | None, export: Path, chart: str | None, without: tuple[str, ...], *, as_json: bool
) -> None:
    """Print what ``pathway`` concludes on the rows of ``export`` where ``against`` concluded something else.

    Raises ``BadInput`` naming what is missing, and whatever pathways, map and export raise.
    """
    if against is None or chart is None:
        missing = {
            "--replay needs --against: the version of the pathway before": against,
            "--replay needs --map: which columns of the export mean what": chart,
        }
        raise BadInput(sentence for sentence, given in missing.items() if given is None)
    from safehands.pathways.load import load
    from safehands.service.clock import SystemClock
    from safehands.sim import maps
    from safehands.sim.versions import compare_export

    before, after = load(against), load(pathway)
    with ExitStack() as bars:
        found = compare_export(
            export, maps.load(chart), before, after, SystemClock().now(), without=without, told=Bars(bars)
        )
    if as_json:
        output.emit(record(found, export.name, chart, before, after))
        return
    _say(found, export.name, before, after)


def record(found: Versions, file: str, chart: str, before: Pathway, after: Pathway) -> dict[str, Any]:
    """What a script reads: both versions, the rows by what became of them, and every change with its contacts."""
    return {
        "file": file,
        "map": chart,
        "before": _version(before, found.unasked["before"]),
        "after": _version(after, found.unasked["after"]),
        "rows": found.rows,
        "refused": found.refused,
        "refused_by_reason": dict(found.reasons),
        "left_out": found.left_out,
        "out_of_scope": found.out_of_scope,
        "in_scope": found.in_scope,
        "changed": sum(change.contacts for change in found.changed),
        "changes": [
            {
                "before": {"class": change.before[0], "row": change.before[1]},
                "after": {"class": change.after[0], "row": change.after[1]},
                "contacts": change.contacts,
            }
            for change in found.changed
        ],
    }


def _version(pathway: Pathway, unasked: tuple[str, ...]) -> dict[str, Any]:
    ref = pathway.ref
    return {"pathway": ref.pathway, "version": ref.version, "digest": ref.digest, "questions_lacking": list(unasked)}


def _say(found: Versions, file: str, before: Pathway, after: Pathway) -> None:
    """A table and what it counts, for a person."""
    changed = sum(change.contacts for change in found.changed)
    if found.changed:
        output.table(
            f"{_called(after)} in place of {_called(before)}, on {file}",
            ("class before", "row", "class after", "row", "urgency", "contacts"),
            [
                (
                    _class(before, change.before[0]),
                    change.before[1],
                    _class(after, change.after[0]),
                    change.after[1],
                    _urgency(change),
                    f"{change.contacts:,}",
                )
                for change in found.changed
            ],
        )
    output.say(f"{changed:,} of {found.in_scope:,} health and welfare contacts get another class or row.")
    output.say(f"Of {found.rows:,} rows {found.out_of_scope:,} are other matters and {found.refused:,} were refused.")
    if found.reasons:
        output.say("Refused for: " + ", ".join(f"{why} {count:,}" for why, count in found.reasons.items()) + ".")
    if found.left_out:
        output.say(f"{found.left_out:,} rows were left out by --without.")
    for name, pathway in (("before", before), ("after", after)):
        if found.unasked[name]:
            output.say(f"{_called(pathway)} has no question {', '.join(found.unasked[name])}: it decided without them.")
    output.say("Class and row are compared, each contact for itself: earlier ones are not counted.")


def _called(pathway: Pathway) -> str:
    """Name, version and the beginning of the digest: a draft may still carry the version of what it came from."""
    return f"{pathway.ref.pathway} {pathway.ref.version} ({pathway.ref.digest[:8]})"


def _class(pathway: Pathway, number: int) -> str:
    return next(f"{each.number} {each.label}" for each in pathway.classes if each.number == number)


def _urgency(change: Change) -> str:
    if change.before[0] == change.after[0]:
        return "as before"
    return "raised" if change.after[0] > change.before[0] else "lowered"
