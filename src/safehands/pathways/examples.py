"""Worked examples beside a declaration: answers, and what they must get. Run by the tests and by ``pathway check``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from safehands.core.pathway import Pathway
from safehands.core.tables import Triage, compile_tables
from safehands.errors import BadInput, PathwayFault
from safehands.pathways.section import Section

_FILE: Final = "examples.toml"


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example.

    ``answers`` are its own over the file's ``usual`` ones. ``outcome`` is a class's number; ``holder`` the agency role,
    with receiver and reporter resolved; ``clocks`` those that the deciding row starts.
    """

    id: str
    title: str
    answers: dict[str, object]
    outcome: int
    row: str
    holder: str
    clocks: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What an example got. ``faults`` says in sentences where that is not what it must get."""

    example: Example
    faults: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the example got what it must get."""
        return not self.faults


def read_examples(text: str, file: str = _FILE) -> tuple[Example, ...]:
    """The examples in ``text``. Raises ``PathwayFault`` naming every fault of form at once."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise PathwayFault([f"{file}: this is not TOML: {bad}"]) from None
    faults: list[str] = []
    whole = Section(values, file, faults)
    usual = whole.anything("usual") if whole.has("usual") else {}
    examples = tuple(_example(section, usual) for section in whole.sections("example"))
    whole.finish()
    if not examples:
        whole.fault("there is no example")
    ids = [example.id for example in examples]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        whole.fault(f"example {twice}: named more than once")
    if faults:
        raise PathwayFault(faults)
    return examples


def run_examples(pathway: Pathway, text: str, file: str = _FILE) -> tuple[Result, ...]:
    """Each example of ``text`` with what the pathway's tables say about it."""
    triage = compile_tables(pathway)
    return tuple(Result(example, tuple(_faults(triage, example))) for example in read_examples(text, file))


def rows_without_example(pathway: Pathway, results: tuple[Result, ...]) -> tuple[str, ...]:
    """Ids of rows that no example names as the deciding one."""
    named = {result.example.row for result in results}
    return tuple(row.id for table in pathway.tables for row in table.rows if row.id not in named)


def _example(section: Section, usual: dict[str, object]) -> Example:
    read = Example(
        id=section.text("id"),
        title=section.text("title"),
        answers=usual | section.anything("answers"),
        outcome=section.number("outcome"),
        row=section.text("row"),
        holder=section.text("holder"),
        clocks=section.texts("clocks"),
        why=section.text("why"),
    )
    section.finish()
    return read


def _faults(triage: Triage, example: Example) -> Iterator[str]:
    try:
        verdict, _ = triage.decide(example.answers)
    except (BadInput, PathwayFault) as bad:
        yield from (f"example {example.id}: {fault}" for fault in bad.faults)
        return
    for called, got, must in (
        ("outcome", verdict.outcome, example.outcome),
        ("row", verdict.row, example.row),
        ("holder", verdict.agency, example.holder),
        ("clocks", list(verdict.clocks), list(example.clocks)),
    ):
        if got != must:
            yield f"example {example.id}: {called} is {got!r}, and must be {must!r}"
