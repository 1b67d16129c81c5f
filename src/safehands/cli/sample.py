"""``safehands sample …``: decisions drawn by chance for quality review, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safehands.cli import home, output
from safehands.cli.case import CaseNamed
from safehands.cli.errors import Command
from safehands.cli.output import Json
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.core.events import SampleDrawn
    from safehands.service.sampling import ToReview
    from safehands.store.ports import Store

app = typer.Typer(
    help="Decisions drawn for quality review: nobody chooses which, and nobody draws a period twice.",
    epilog="Next: safehands measures right-care 11.",
    no_args_is_help=True,
)

Pathway = Annotated[str, typer.Argument(help="The pathway's name, as right-care.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Your account; it stands in the ledger.")]
Role = Annotated[str, typer.Option("--role", help="supervisor, inspector, duty_manager or clinical_lead.")]


@app.command("draw", cls=Command, epilog="Next: safehands sample list right-care shows what there is to read.")
def draw(
    pathway: Pathway,
    *,
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day, as 2026-02-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day. It must be over.")],
    rate: Annotated[str, typer.Option("--rate", metavar="R", help="The share to aim at: 0.05 is one in twenty.")],
    by: By,
    role: Role = "supervisor",
    agency: Annotated[str, typer.Option("--agency", help="The agency that WHO belongs to.")] = "",
    as_json: Json = False,
) -> None:
    """Draw decisions of whole days for review, once. The seed is random, and written down with what it drew."""
    from safehands.core.vocabulary import Actor
    from safehands.service import sampling

    with home.opened() as service:
        event = sampling.draw(service, Actor(by, role, agency), pathway, first, last, rate=rate)
        listed = sampling.to_review(service.store, pathway, first, last)
        service.store.seal(at=service.clock.now())
        rows = _rows(service.store, listed)
    if as_json:
        output.emit(_period(event) | {"decisions": rows})
        return
    output.say(
        f"{len(listed)} of {event.among} decisions were drawn (seed {event.seed}). Nobody draws this period again."
    )
    _say(rows)


@app.command("list", cls=Command, epilog="Next: safehands sample review CASE DECISION --result pass --notes TEXT.")
def listed(
    pathway: Pathway,
    *,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="Of the period that began here.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="And ended here.")] = None,
    unread: Annotated[bool, typer.Option("--unread", help="Only those that nobody has read.")] = False,
    as_json: Json = False,
) -> None:
    """Every drawn decision, of one period or of all, and what came of its review."""
    from safehands.service import sampling

    if (first is None) != (last is None):
        raise BadInput(["Give --from and --to, as the period was drawn, or neither."])
    with home.opened() as service:
        if first is not None and last is not None:
            period = _period(sampling.drawn(service.store, pathway, first, last))
            found = sampling.to_review(service.store, pathway, first, last)
        else:
            period, found = {"pathway": pathway}, sampling.ever_drawn(service.store, pathway)
        rows = _rows(service.store, (each for each in found if each.result is None or not unread))
    if as_json:
        output.emit(period | {"decisions": rows})
        return
    if "seed" in period:
        output.say(
            f"Drawn from {period['among']} decisions at a rate of {period['rate']} with the seed {period['seed']}."
        )
    _say(rows)


@app.command("review", cls=Command, epilog="Next: safehands sample list right-care --unread.")
def review(
    case: CaseNamed,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="The drawn decision's id, or its beginning.")],
    *,
    result: Annotated[str, typer.Option("--result", help="pass: right, and recorded whole. Or fail.")],
    notes: Annotated[str, typer.Option("--notes", help="Why. It is kept with the case, and can be erased.")],
    by: By,
    role: Role = "supervisor",
    agency: Annotated[str | None, typer.Option("--agency", help="WHO's agency; default: who holds the case.")] = None,
    pathway: Annotated[str, typer.Option("--pathway", help="The pathway that was sampled.")] = home.FIRST_PATHWAY,
    as_json: Json = False,
) -> None:
    """Say of a drawn decision whether it was right. Somebody else than who made it does so, once."""
    from safehands.core.vocabulary import Actor
    from safehands.service import sampling

    with home.opened() as service:
        case_id = home.find_case(service.store, case)
        found = service.case(case_id, agency=None)
        which = sampling.find_drawn(service.store, pathway, case_id, decision)
        reviewer = Actor(by, role, agency if agency is not None else found.holder)
        sampling.review(service, reviewer, which, result, notes)
        service.store.seal(at=service.clock.now())
    if as_json:
        output.emit({"case": case_id, "reference": found.reference, "decision": which.decision, "result": result})
        return
    output.say(
        f"Case {found.reference}, decision {which.decision}: {result}. It stands in the ledger and is not changed."
    )


def _period(event: SampleDrawn) -> dict[str, Any]:
    return {
        "pathway": event.pathway,
        "from": event.first_day,
        "to": event.last_day,
        "rate": event.rate,
        "seed": event.seed,
        "among": event.among,
    }


def _rows(store: Store, decisions: Iterable[ToReview]) -> list[dict[str, Any]]:
    """Each decision with its case's reference, which is what people call the case by."""
    references = {row["case_id"]: row["reference"] for row in store.pictures("case_picture", agency=None)}
    return [
        {
            "case": each.case,
            "reference": references.get(each.case),
            "decision": each.decision,
            "made_at": each.made_at.isoformat(),
            "result": each.result,
        }
        for each in decisions
    ]


def _say(rows: list[dict[str, Any]]) -> None:
    if not rows:
        output.say("There is nothing to read.")
        return
    output.table(
        "Drawn for review. Times are UTC",
        ("case", "decision", "made at", "review"),
        [(each["reference"], each["decision"], each["made_at"], each["result"] or "not read") for each in rows],
    )
