"""``safehands measures …``: the published figures, each with its base, interval and vintage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safehands.cli import home, output
from safehands.cli.errors import Command
from safehands.cli.output import Json
from safehands.cli.pathway import read_text

if TYPE_CHECKING:
    from safehands.stats.measures.declared import Measure, Result, Vintage

app = typer.Typer(
    help="Figures that can be computed again by anybody: with base, interval, vintage and definition.",
    epilog="Next: safehands measures right-care --cut stream.",
    no_args_is_help=True,
)


@app.command("right-care", cls=Command, epilog="Next: safehands measures define 9 says what a measure counts.")
def right_care(
    numbers: Annotated[list[int] | None, typer.Argument(help="Only these measures. Default: all.")] = None,
    *,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on, as 2026-02-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Up to this day.")] = None,
    cut: Annotated[
        str | None,
        typer.Option("--cut", help="agency, stream, hour, age_band, sex, ethnicity or disability."),
    ] = None,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", help="A CSV file of declared figures: safehands measures template.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Every measure of right care, those that nobody else takes first. What nobody knows is counted and shown."""
    from safehands.service.custody import custody_reports
    from safehands.stats.frame import InMemory
    from safehands.stats.measures.catalogue import MEASURES, results
    from safehands.stats.measures.declared import Vintage, period_of
    from safehands.stats.measures.inputs import Inputs, read_inputs

    period = period_of(first, last)
    declared = read_inputs(read_text(inputs), str(inputs)) if inputs is not None else Inputs()
    with home.opened() as service, output.progress("reading the ledger"):
        head = service.store.seal(at=service.clock.now())
        facts = [row for row in service.store.facts() if int(str(row["position"])) < head.sealed]
        wanted = numbers or None
        reports = custody_reports(service.store) if cut is None and (wanted is None or 26 in wanted) else ()
        vintage = Vintage(head.sealed, head.root.hex())
        found = list(
            results(InMemory(facts), vintage, period=period, cut=cut, inputs=declared, reports=reports, numbers=wanted)
        )
    if as_json:
        output.emit(
            {
                "pathway": "right-care",
                "from": first,
                "to": last,
                "cut": cut,
                "vintage": {"entries": vintage.entries, "root": vintage.root},
                "results": [_record(each, MEASURES[each.measure]) for each in found],
            }
        )
        return
    _show(found, vintage, MEASURES)


@app.command("evidence-review", cls=Command, epilog="Next: safehands measures define 103 says what a measure counts.")
def evidence_review(
    numbers: Annotated[list[int] | None, typer.Argument(help="Only these measures. Default: all.")] = None,
    *,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on, as 2026-02-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Up to this day.")] = None,
    cut: Annotated[str | None, typer.Option("--cut", help="agency.")] = None,
    as_json: Json = False,
) -> None:
    """Requests answered in time, derivatives without a source, concerns waved through, letters on time."""
    from safehands.stats.frame import InMemory
    from safehands.stats.measures.declared import Vintage, period_of
    from safehands.stats.measures.evidence import MEASURES, PATHWAY, evidence_results

    period = period_of(first, last)
    with home.opened() as service, output.progress("reading the ledger"):
        head = service.store.seal(at=service.clock.now())
        facts = [row for row in service.store.facts() if int(str(row["position"])) < head.sealed]
        vintage = Vintage(head.sealed, head.root.hex())
        found = list(evidence_results(InMemory(facts), vintage, period=period, cut=cut, numbers=numbers or None))
    if as_json:
        output.emit(
            {
                "pathway": PATHWAY,
                "from": first,
                "to": last,
                "cut": cut,
                "vintage": {"entries": vintage.entries, "root": vintage.root},
                "results": [_record(each, MEASURES[each.measure]) for each in found],
            }
        )
        return
    _show(found, vintage, MEASURES)


@app.command("define", cls=Command, epilog="Next: safehands measures right-care.")
def define(
    number: Annotated[int, typer.Argument(help="The measure's number in the list of measures.")],
    *,
    as_json: Json = False,
) -> None:
    """What a measure counts among what, under which version, and who asks for it."""
    from safehands.errors import NotFound
    from safehands.stats.measures import evidence
    from safehands.stats.measures.catalogue import MEASURES

    measure = MEASURES.get(number) or evidence.MEASURES.get(number)
    if measure is None:
        raise NotFound(
            f"There is no measure {number}. They run from 1 to {max(MEASURES)}, and from {min(evidence.MEASURES)} to "
            f"{max(evidence.MEASURES)}."
        )
    if as_json:
        output.emit(_definition(measure))
        return
    output.say(f"{measure.number}. {measure.title} (definition {measure.version})")
    output.say(measure.definition)
    output.say(f"Counted: {measure.numerator}. Among: {measure.base}.")
    output.say(f"Cuts: {', '.join(measure.cuts) or 'none'}. Declared inputs: {', '.join(measure.inputs) or 'none'}.")
    output.say(f"Source: {measure.sources}.")


@app.command("template", cls=Command, epilog="Next: fill it in, then safehands measures right-care --inputs FILE.")
def template() -> None:
    """A CSV file for figures that do not lie in the ledger, with a row to fill in for each."""
    from safehands.stats.measures.inputs import template as written

    output.say(written().rstrip())


def _show(found: list[Result], vintage: Vintage, measures: dict[int, Measure]) -> None:
    output.say(f"Computed from {vintage.entries} entries under the checkpoint with root {vintage.root or 'none'}.")
    output.say("Intervals are 95 % (Wilson). Where units are unknown they run from none of them to all of them.")
    output.say()
    for number in dict.fromkeys(each.measure for each in found):
        rows = [each for each in found if each.measure == number]
        output.table(
            f"{number}. {measures[number].title}",
            ("what", "by", "value", "counted", "base", "interval", "unknown", "unit"),
            [
                (
                    each.label,
                    ", ".join(part for part in (each.cut_value, each.category) if part is not None),
                    "no value" if each.value is None else each.value,
                    each.numerator,
                    each.base,
                    f"{each.interval[0]} to {each.interval[1]}" if each.interval is not None else None,
                    each.unknown or None,
                    each.unit,
                )
                for each in rows
            ],
        )
        for told in dict.fromkeys(each.note for each in rows if each.note):
            output.say(told)
            output.say()


def _definition(measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "title": measure.title,
        "definition": measure.definition,
        "numerator": measure.numerator,
        "base": measure.base,
        "definition_version": measure.version,
        "sources": measure.sources,
        "cuts": list(measure.cuts),
        "inputs": list(measure.inputs),
        "parts": [{"id": part.id, "label": part.label, "unit": part.unit} for part in measure.parts],
    }


def _record(each: Result, measure: Measure) -> dict[str, Any]:
    """One result as JSON; numbers are texts, so that no reader makes floats of them."""
    return {
        "measure": each.measure,
        "title": measure.title,
        "part": each.part,
        "label": each.label,
        "unit": each.unit,
        "value": _text(each.value),
        "numerator": _text(each.numerator),
        "base": each.base,
        "interval": [_text(end) for end in each.interval] if each.interval is not None else None,
        "unknown": each.unknown,
        "category": each.category,
        "cut": each.cut,
        "cut_value": each.cut_value,
        "definition_version": each.definition_version,
        "inputs": list(each.inputs),
        "note": each.note,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
