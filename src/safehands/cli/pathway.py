"""``safehands pathway …``: reading, proving, comparing, trying and adopting pathways. All but ``adopt`` need no
database.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safehands.cli import home, output
from safehands.cli.errors import DOES_NOT_HOLD, Command
from safehands.cli.output import Json
from safehands.core.pathway import Input, Pathway, Question
from safehands.errors import BadInput, NotFound

if TYPE_CHECKING:
    from safehands.pathways.examples import Result

app = typer.Typer(
    help="Read, prove, compare, try and adopt pathways: the triage tables, clocks and packs that an installation runs.",
    epilog="Next: safehands pathway show right-care.",
    no_args_is_help=True,
)

Named = Annotated[str, typer.Argument(help="A shipped pathway's name (right-care), or the path of a file or folder.")]


@app.command("list", cls=Command, epilog="Next: safehands pathway show NAME.")
def listed(*, as_json: Json = False) -> None:
    """The pathways that come with Safehands."""
    from safehands.pathways.load import load, shipped

    pathways = [load(name) for name in shipped()]
    if as_json:
        output.emit({"pathways": [{**_ref(each), "title": each.title} for each in pathways]})
        return
    rows = [(each.ref.pathway, each.ref.version, each.title, each.ref.digest[:12]) for each in pathways]
    output.table("Pathways", ("name", "version", "title", "digest"), rows)


@app.command("show", cls=Command, epilog="Next: safehands decide NAME Q6=intent asks its tables.")
def show(name: Named, *, as_json: Json = False) -> None:
    """Every question with its ids, values and order of risk, and every row of the tables."""
    from safehands.pathways.load import load

    pathway = load(name)
    if as_json:
        output.emit(_shown(pathway))
        return
    output.say(f"{pathway.title} ({pathway.ref.pathway} version {pathway.ref.version}, digest {pathway.ref.digest})")
    output.say("Every answer may also be unknown, declined or not_asked. None of these means no.")
    output.say()
    columns = {column.question: column for column in pathway.inputs}
    output.table(
        "Questions",
        ("id", "short name", "question", "values", "from least to most risk", "signed off"),
        [_question_row(each, columns.get(each.id)) for each in pathway.questions],
    )
    output.table(
        "Classes, in ascending urgency",
        ("class", "code", "meaning", "somebody goes"),
        [(each.number, each.code, each.label, _yes(each.deploys)) for each in pathway.classes],
    )
    for table in pathway.tables:
        output.table(
            f"Table {table.name} ({table.title}), hit policy {table.hit.value}",
            ("row", "when", "class", "holder", "clocks", "routes", "policy", "says", "signed off"),
            [
                (
                    row.id,
                    "; ".join(f"{name} = {' or '.join(sorted(codes))}" for name, codes in row.when.items()) or "always",
                    row.outcome,
                    row.holder,
                    ", ".join(row.clocks),
                    ", ".join(row.routes),
                    row.policy,
                    row.says,
                    _yes(row.verified),
                )
                for row in table.rows
            ],
        )


@app.command("check", cls=Command, epilog="Next: safehands pathway try NAME FILE, then safehands pathway adopt NAME.")
def check(name: Named, *, as_json: Json = False) -> None:
    """Prove a pathway's tables and run the worked examples beside it. Exit code 7 where the tables must not load."""
    from safehands.pathways.examples import rows_without_example, run_examples
    from safehands.pathways.load import examples_of, load, prove_once

    with output.progress(f"proving {name}"):
        pathway = load(name)
        proof = prove_once(pathway)
    try:
        results = run_examples(pathway, examples_of(name))
    except NotFound:
        results = ()
    wrong = [fault for each in results for fault in each.faults]
    if as_json:
        output.emit(
            _ref(pathway)
            | {
                "proved": True,
                "combinations": proof.vectors,
                "notes": list(proof.notes),
                "examples": len(results),
                "wrong": wrong,
                "rows_without_example": list(rows_without_example(pathway, results)),
            }
        )
    else:
        output.say(
            f"{pathway.ref.pathway} version {pathway.ref.version}: proved for all {proof.vectors:,} combinations of "
            "answers. Every one gets an answer, every row can fire, more risk never means less help, and no class "
            f"below {pathway.guarded_class} rests on an answer that nobody gave."
        )
        for told in proof.notes:
            output.say(f"Note: {told}")
        _say_results(results)
    if wrong:
        raise typer.Exit(DOES_NOT_HOLD)


@app.command("diff", cls=Command, epilog="Next: safehands pathway adopt B, where the changes are what you meant.")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="The version before: a name or a path.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The version after: a name or a path.")],
    *,
    as_json: Json = False,
) -> None:
    """Every combination of answers whose class, row or holder changes from A to B. Exact, nothing is sampled.

    A draft that could not be adopted can be compared too; it is said which of the two does not hold.
    """
    from safehands.core.difference import difference, difference_in_words
    from safehands.pathways.load import prove_once, read

    with output.progress(f"comparing {before} and {after}"):
        one, other = read(before), read(after)
        found = difference(one, other)
    unproved = [name for name, each in ((before, one), (after, other)) if not prove_once(each).holds]
    for name in unproved:
        output.note(f"{name} does not hold and could not be adopted: safehands pathway check {name} says why.")
    if as_json:
        output.emit(
            {
                "before": _ref(one),
                "after": _ref(other),
                "changed": found.vectors,
                "of": found.of,
                "unproved": unproved,
                "notes": list(found.notes),
                "changes": [
                    {
                        "before": _side(each.before),
                        "after": _side(each.after),
                        "combinations": each.vectors,
                        "step": each.step,
                        "where": [{name: list(codes) for name, codes in box.items()} for box in each.boxes],
                    }
                    for each in found.changes
                ],
            }
        )
        return
    for sentence in difference_in_words(other, found):
        output.say(sentence)


@app.command("try", cls=Command, epilog="Next: safehands pathway check NAME proves the tables.")
def attempt(
    name: Named,
    file: Annotated[Path, typer.Argument(help="Worked cases, in the form of a pathway's examples.toml.")],
    *,
    as_json: Json = False,
) -> None:
    """Run worked cases against a pathway. Exit code 1 where one of them gets something else than it must."""
    from safehands.pathways.examples import run_examples
    from safehands.pathways.load import load

    results = run_examples(load(name), read_text(file), str(file))
    wrong = [each for each in results if not each.right]
    if as_json:
        output.emit(
            {
                "examples": len(results),
                "right": len(results) - len(wrong),
                "wrong": [{"id": each.example.id, "faults": list(each.faults)} for each in wrong],
            }
        )
    else:
        _say_results(results)
    if wrong:
        raise typer.Exit(DOES_NOT_HOLD)


@app.command("adopt", cls=Command, epilog="Next: new cases open under the adopted version; open cases keep theirs.")
def adopt(
    name: Named,
    *,
    proposed_by: Annotated[str, typer.Option("--proposed-by", help="The account of who proposes it.")],
    confirmed_by: Annotated[str, typer.Option("--confirmed-by", help="The account of who confirms it: somebody else.")],
    as_json: Json = False,
) -> None:
    """Adopt a pathway here: proved, with its full text in the ledger, by two people. An adopted version never
    changes."""
    from safehands.core.vocabulary import Actor
    from safehands.pathways.load import load

    pathway = load(name)
    with home.opened() as service:
        event = service.catalogue.adopt(
            pathway, service.clock, Actor(proposed_by, "policy_lead", ""), Actor(confirmed_by, "policy_lead", "")
        )
    if as_json:
        output.emit({**_ref(pathway), "proposed_by": event.proposed_by, "confirmed_by": event.confirmed_by})
    else:
        output.say(f"{pathway.ref.pathway} version {pathway.ref.version} is in force for new cases from now on.")


dmn = typer.Typer(help="The tables as DMN 1.3, out and in.", no_args_is_help=True)
app.add_typer(dmn, name="dmn")


@dmn.command("out", cls=Command, epilog="Next: change a copy in any editor of DMN, then safehands pathway dmn in.")
def dmn_out(name: Named) -> None:
    """Write the tables as a file of DMN to standard output: RULE ORDER for risk, FIRST for routing."""
    from safehands.pathways.dmn import write_dmn
    from safehands.pathways.load import load

    output.say(write_dmn(load(name)).rstrip())


@dmn.command("in", cls=Command, epilog="Next: safehands pathway diff NAME FILE, then safehands pathway check FILE.")
def dmn_in(
    name: Named,
    file: Annotated[Path, typer.Argument(help="A file of DMN, in the subset that is written.")],
    *,
    version: Annotated[str, typer.Option("--version", help="The version that the new text gets.")],
) -> None:
    """Write the pathway's text with the tables of a file of DMN to standard output. Refuses what it cannot read by
    name."""
    from safehands.pathways.dmn import read_dmn
    from safehands.pathways.load import read
    from safehands.pathways.replacing import with_tables

    output.say(with_tables(read(name), read_dmn(read_text(file), str(file)), version).rstrip())


def read_text(file: Path) -> str:
    """The text of a file that somebody named. Raises ``BadInput`` where it cannot be read."""
    try:
        return file.read_text("utf-8")
    except OSError as fault:
        raise BadInput([f"{file}: {fault.strerror}"]) from None
    except UnicodeDecodeError:
        raise BadInput([f"{file} is not UTF-8"]) from None


def _say_results(results: tuple[Result, ...]) -> None:
    wrong = [fault for each in results for fault in each.faults]
    for fault in wrong:
        output.say(f"WRONG  {fault}")
    if results:
        output.say(
            f"{len(results) - sum(not each.right for each in results)} of {len(results)} worked cases are right."
        )


def _ref(pathway: Pathway) -> dict[str, Any]:
    return {"pathway": pathway.ref.pathway, "version": pathway.ref.version, "digest": pathway.ref.digest}


def _side(side: Any) -> dict[str, Any] | None:
    return None if side is None else {"class": side.outcome, "row": side.row, "holder": side.holder}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _question_row(question: Question, column: Input | None) -> tuple[object, ...]:
    values = ", ".join(choice.code for choice in question.choices) or f"a {question.kind.value}"
    risk = " < ".join(column.risk) if column is not None and column.risk else ""
    if column is None:
        risk = "not used by the tables"
    return question.id, question.name, question.text, values, risk, _yes(question.verified)


def _shown(pathway: Pathway) -> dict[str, Any]:
    columns = {column.question: column for column in pathway.inputs}
    return {
        **_ref(pathway),
        "title": pathway.title,
        "questions": [_question(each, columns.get(each.id)) for each in pathway.questions],
        "classes": [
            {"number": each.number, "code": each.code, "label": each.label, "deploys": each.deploys}
            for each in pathway.classes
        ],
        "tables": [
            {
                "name": table.name,
                "hit": table.hit.value,
                "rows": [
                    {
                        "id": row.id,
                        "when": {name: sorted(codes) for name, codes in row.when.items()},
                        "class": row.outcome,
                        "holder": row.holder,
                        "clocks": list(row.clocks),
                        "routes": list(row.routes),
                        "flags": list(row.flags),
                        "policy": row.policy,
                        "says": row.says,
                        "source": row.source,
                        "verified": row.verified,
                    }
                    for row in table.rows
                ],
            }
            for table in pathway.tables
        ],
        "routes": [{"id": each.id, "label": each.label, "kind": each.kind, "to": each.to} for each in pathway.routes],
        "roles": dict(pathway.role_labels),
    }


def _question(question: Question, column: Input | None) -> dict[str, Any]:
    return {
        "id": question.id,
        "name": question.name,
        "text": question.text,
        "kind": question.kind.value,
        "values": [
            {"code": each.code, "label": each.label, "aliases": list(each.aliases)} for each in question.choices
        ],
        "must_ask": question.must_ask,
        "input": column.name if column is not None else None,
        "codes": list(column.domain) if column is not None else [],
        "ascending_risk": list(column.risk) if column is not None else [],
        "verified": question.verified,
        "source": question.source,
    }
