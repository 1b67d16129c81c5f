"""``safehands decide``: what the tables of a pathway say about one set of answers, or about many, without a
database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import msgspec
import typer

from safehands.cli import output
from safehands.cli.errors import DOES_NOT_HOLD
from safehands.cli.output import Json
from safehands.core.batch import decide_record
from safehands.core.pathway import Pathway
from safehands.core.tables import Triage, compile_tables
from safehands.errors import BadInput, PathwayFault

#: Lines of a batch whose answers are written at a time.
AT_A_TIME: Final = 500


def decide(
    pathway: Annotated[str, typer.Argument(help="A shipped pathway's name (right-care), or a path.")],
    answers: Annotated[
        list[str] | None,
        typer.Argument(help="Answers by question id or short name: Q6=intent life=unknown Q4=17 Q11=code,code."),
    ] = None,
    *,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="FILE",
            help="Decide every line of a JSON Lines file (- for standard input): "
            '{"id": 1, "answers": {"Q6": "intent"}}. One object a line comes out, in order; a bad line gives '
            '{"id", "line", "error": [faults]} in its place and exit code 1 at the end. Empty lines are passed over.',
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask a pathway's tables. Decision support: a named person decides.

    Prints class (0 to 6), deciding row, all rows that fit, who should hold, clocks, and what is not known.
    """
    from safehands.pathways.load import load

    loaded = load(pathway)
    triage = compile_tables(loaded)
    if batch is not None:
        if answers:
            raise BadInput(["Give answers on the command line or a --batch, not both."])
        with _opened(batch) as lines:
            wrong = _decide_all(triage, lines, sys.stdout.buffer)
        if wrong:
            output.note(f"{wrong} lines could not be decided. Each says why in its place.")
            raise typer.Exit(DOES_NOT_HOLD)
        return
    decided = decide_record(triage, {"id": None, "answers": read_arguments(answers or [])})
    if as_json:
        output.emit(decided)
    else:
        _say(loaded, dict(decided))


def read_arguments(arguments: Iterable[str]) -> dict[str, object]:
    """Answers from ``question=value`` words; a comma makes several codes. Raises ``BadInput`` naming every bad word."""
    read: dict[str, object] = {}
    faults: list[str] = []
    for word in arguments:
        question, equals, value = word.partition("=")
        if not equals or not question.strip():
            faults.append(f"{word!r} is not an answer; write question=value, as in Q6=intent")
        elif question in read:
            faults.append(f"{question}: answered twice")
        else:
            read[question] = value.split(",") if "," in value else value
    if faults:
        raise BadInput(faults)
    return read


def decide_lines(triage: Triage, lines: Iterable[bytes]) -> Iterator[tuple[dict[str, Any], bool]]:
    """What comes out for each line that is not empty, in order, and whether the line could be decided. Nothing is
    lost."""
    decoder = msgspec.json.Decoder()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        record: Any = None
        try:
            record = decoder.decode(line)
            if not isinstance(record, dict):
                raise BadInput([f"line {number}: it is not an object"])
            yield dict(decide_record(triage, record)), True
        except (BadInput, PathwayFault) as bad:
            named = record.get("id") if isinstance(record, dict) else None
            yield {"id": named, "line": number, "error": list(bad.faults)}, False
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as bad:
            yield {"id": None, "line": number, "error": [f"line {number}: it is not JSON: {bad}"]}, False


def _decide_all(triage: Triage, lines: Iterable[bytes], out: BinaryIO) -> int:
    encoder = msgspec.json.Encoder()
    wrong, waiting = 0, bytearray()
    with output.progress("deciding") as advance:
        for count, (answer, right) in enumerate(decide_lines(triage, lines), start=1):
            wrong += not right
            waiting += encoder.encode(answer)
            waiting += b"\n"
            if count % AT_A_TIME == 0:
                out.write(waiting)
                waiting.clear()
                advance(AT_A_TIME)
        out.write(waiting)
        out.flush()
    return wrong


@contextmanager
def _opened(batch: str) -> Iterator[BinaryIO]:
    if batch == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(batch).open("rb") as file:
            yield file
    except OSError as fault:
        if isinstance(fault, BrokenPipeError):
            raise  # whoever reads our answers has gone; the file is not to blame
        raise BadInput([f"{batch}: {fault.strerror}"]) from None


def _say(pathway: Pathway, decided: dict[str, Any]) -> None:
    row = next(row for table in pathway.tables for row in table.rows if row.id == decided["row"])
    outcome = next(each for each in pathway.classes if each.number == decided["class"])
    texts = {question.id: question.text for question in pathway.questions}
    output.say(f"Class {outcome.number}: {outcome.label}")
    output.say(f"Row {row.id}: {row.says}")
    output.say(f"It comes from: {row.policy}")
    if len(decided["rows"]) > 1:
        output.say(f"All rows that fit: {', '.join(decided['rows'])}")
    output.say(f"Holds the case: {pathway.role_labels.get(decided['holder'], decided['holder'])}")
    if decided["clocks"]:
        labels = {clock.id: clock.label for clock in pathway.clocks}
        output.say(f"Starts: {', '.join(labels.get(each, each) for each in decided['clocks'])}")
    if decided["unknown"]:
        output.say("Not known, and counted as such:")
        for question in decided["unknown"]:
            output.say(f"  {question}  {texts[question]}")
    output.say("This is advice. A named person decides.")
