"""The triage tables read aloud: slow, obvious, and sharing nothing with the compiled ones. The oracle of every test of
tables.

Also builds small pathways out of plain words, and every combination of their codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product

from hypothesis import strategies as st

from safehands.core.pathway import (
    Choice,
    Hit,
    Input,
    OutcomeClass,
    Pathway,
    Question,
    QuestionKind,
    Row,
    Table,
)
from safehands.core.vocabulary import UNKNOWN, PathwayRef

Codes = Mapping[str, str]
HIGHEST_CLASS = 4


def matches(row: Row, codes: Codes) -> bool:
    return all(codes[name] in allowed for name, allowed in row.when.items())


def answer(pathway: Pathway, codes: Codes) -> tuple[Table, Row, list[Row]] | None:
    """The answering table, the deciding row and every row of that table that fired; ``None`` where no row answers."""
    for table in pathway.tables:
        fired = [row for row in table.rows if matches(row, codes)]
        if fired and table.hit is Hit.HIGHEST:
            top = max(row.outcome for row in fired)
            return table, next(row for row in fired if row.outcome == top), fired
        if fired:
            return table, fired[0], fired[:1]
    return None


def outcome(pathway: Pathway, codes: Codes) -> int:
    """The class, -1 where no row answers."""
    found = answer(pathway, codes)
    return -1 if found is None else found[1].outcome


def every_combination(pathway: Pathway) -> Iterator[dict[str, str]]:
    names = [column.name for column in pathway.inputs]
    for codes in product(*(column.domain for column in pathway.inputs)):
        yield dict(zip(names, codes, strict=True))


def completions(pathway: Pathway, codes: Codes) -> Iterator[dict[str, str]]:
    """Every combination that puts known codes in place of the unknown ones."""
    names = [column.name for column in pathway.inputs]
    choices = [
        [code for code in column.domain if code != UNKNOWN] if codes[column.name] == UNKNOWN else [codes[column.name]]
        for column in pathway.inputs
    ]
    for chosen in product(*choices):
        yield dict(zip(names, chosen, strict=True))


def row(name: str, outcome_class: int, holder: str = "POL", **when: str | Sequence[str]) -> Row:
    """A row: ``row("A1", 3, life=["act", "unknown"])``."""
    conditions = {key: frozenset([codes] if isinstance(codes, str) else codes) for key, codes in when.items()}
    return Row(name, conditions, outcome_class, f"Because of {name}.", "test", holder)


def column(name: str, *codes: str, risk: bool = True) -> Input:
    """An input over the codes, in ascending order of risk unless told otherwise."""
    return Input(name, f"Q-{name}", codes, codes if risk else ())


def pathway(inputs: Sequence[Input], tables: Sequence[Table], closing_needs: Sequence[str] = ()) -> Pathway:
    """A pathway of plain choices: classes 0 (closes) to 4, guarded 2."""
    questions = tuple(
        Question(
            one.question,
            one.name,
            f"What about {one.name}?",
            QuestionKind.CHOICE,
            tuple(Choice(code, f"{one.name} is {code}") for code in one.domain if code != UNKNOWN),
        )
        for one in inputs
    )
    return Pathway(
        ref=PathwayRef("small", "1", "0" * 64),
        title="A small pathway",
        questions=questions,
        inputs=tuple(inputs),
        classes=tuple(OutcomeClass(n, f"class-{n}", f"Class {n}", n > 2, n == 0) for n in range(HIGHEST_CLASS + 1)),
        tables=tuple(tables),
        clocks=(),
        routes=(),
        packs=(),
        decision_form=(),
        concerns=(),
        milestones=(),
        roles=("POL", "AMB", "REP"),
        guarded_class=2,
        reopen_within=timedelta(hours=72),
        receiver="POL",
        reporter="REP",
        closing_needs=tuple(closing_needs),
    )


def without(whole: Pathway, name: str) -> Pathway:
    """The pathway without one row."""
    tables = tuple(replace(t, rows=tuple(r for r in t.rows if r.id != name)) for t in whole.tables)
    return replace(whole, tables=tables)


@st.composite
def small_pathways(draw: st.DrawFn) -> Pathway:
    """Random tables over two to four inputs, few enough to try every combination; right and wrong ones alike."""
    inputs = []
    for index in range(draw(st.integers(2, 4))):
        known = [f"c{n}" for n in range(draw(st.integers(1, 2)))]
        codes = draw(st.permutations([*known, UNKNOWN]))
        inputs.append(column(f"i{index}", *codes, risk=draw(st.booleans())))
    tables = []
    for at in range(draw(st.integers(1, 2))):
        rows = [draw(_rows(inputs, f"{'AB'[at]}{n}")) for n in range(draw(st.integers(1, 5)))]
        if draw(st.booleans()):
            rows.append(row(f"{'AB'[at]}9", draw(st.integers(0, HIGHEST_CLASS))))
        tables.append(Table(f"stage-{at}", draw(st.sampled_from(list(Hit))), tuple(rows)))
    needs = draw(st.lists(st.sampled_from([one.name for one in inputs]), unique=True, max_size=2))
    return pathway(inputs, tables, needs)


@st.composite
def _rows(draw: st.DrawFn, inputs: Sequence[Input], name: str) -> Row:
    named = draw(st.lists(st.sampled_from(list(inputs)), unique_by=lambda one: one.name, max_size=3))
    when = {one.name: draw(st.lists(st.sampled_from(one.domain), unique=True, min_size=1)) for one in named}
    holder = draw(st.sampled_from(["POL", "AMB", "receiver"]))
    return row(name, draw(st.integers(0, HIGHEST_CLASS)), holder, **when)
