"""What changes between two versions of a pathway's tables: exactly which combinations get another class, row or holder.

A combination is one code for each input. Both versions are held as decision diagrams over the inputs of either; where
they differ is a third diagram, so nothing is sampled. Each change is then written as boxes (an input and the codes it
may have), as few as greedy widening finds: each box holds only combinations with this change, and together the boxes
hold all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import prod
from operator import eq

from safehands.core.diagram import Box, Diagrams, Node
from safehands.core.pathway import Input, Pathway
from safehands.core.tables import deciding_rows
from safehands.core.words import box_in_words


@dataclass(frozen=True, slots=True)
class Side:
    """What one version says: class, row and the holder as declared."""

    outcome: int
    row: str
    holder: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what the versions say (``None``: no row answers), where, and in how many combinations.

    A box gives the codes that an input may have; inputs that it does not name are free. Boxes may overlap.
    """

    before: Side | None
    after: Side | None
    boxes: tuple[Mapping[str, tuple[str, ...]], ...]
    vectors: int

    @property
    def step(self) -> int:
        """By how much the class changes; negative where it is lowered. No answer counts below every class."""
        return _class(self.after) - _class(self.before)


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, lowered classes first. ``vectors`` of ``of`` combinations change.

    Only codes that both versions know are compared; ``notes`` name inputs and codes that one of them does not have.
    """

    changes: tuple[Change, ...]
    vectors: int
    of: int
    notes: tuple[str, ...]


def difference(before: Pathway, after: Pathway) -> Difference:
    """Every combination of inputs for which class, deciding row or holder differs between two versions."""
    columns, notes = _shared_columns(before, after)
    diagrams = Diagrams([len(column.domain) for column in columns])
    join = diagrams.combined(
        _decision(diagrams, columns, before),
        _decision(diagrams, columns, after),
        lambda one, other: None if one == other else (one, other),
    )
    changes = []
    for value in diagrams.values(join):
        if isinstance(value, tuple):
            one, other = value
            region = diagrams.mapped(join, partial(eq, value))
            boxes = tuple(_in_codes(columns, box) for box in cover(diagrams, region))
            changes.append(Change(one, other, boxes, diagrams.count(region, bool)))
    changes.sort(key=lambda change: (change.step, -change.vectors, str(change.before), str(change.after)))
    return Difference(
        tuple(changes), sum(change.vectors for change in changes), prod(len(column.domain) for column in columns), notes
    )


def cover(diagrams: Diagrams, region: Node) -> Iterator[Box]:
    """Boxes whose union is exactly where ``region`` is true, few of them, widest conditions dropped first."""
    left = region
    minus = diagrams.combiner(lambda one, other: one is True and other is not True)
    while (path := diagrams.find(left, bool)) is not None:
        box = _widened(diagrams, region, {level: frozenset([code]) for level, code in path.items()})
        yield box
        left = minus(left, diagrams.first_match([box], [True]))


def difference_in_words(pathway: Pathway, found: Difference) -> tuple[str, ...]:
    """The difference as sentences, one for each box, in the words of ``pathway``'s form; a total first."""
    lines = [f"{found.vectors} of {found.of} combinations change.", *found.notes]
    for change in found.changes:
        moved = "lower" if change.step < 0 else "higher" if change.step > 0 else "same class"
        lines.append(
            f"{_side(change.before)} becomes {_side(change.after)} ({moved}, {change.vectors} combinations), where"
        )
        lines.extend(f"  {box_in_words(pathway, box)}" for box in change.boxes)
    return tuple(lines)


def _shared_columns(before: Pathway, after: Pathway) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    """The inputs of either version with the codes of both, and what only one of them has."""
    earlier = {column.name: column for column in before.inputs}
    later = {column.name: column for column in after.inputs}
    columns, notes = [], []
    for name, column in (earlier | later).items():
        if name not in earlier or name not in later:
            notes.append(f"Only the version {'before' if name in earlier else 'after'} has the input {name}.")
            columns.append(column)
            continue
        one, other = earlier[name].domain, later[name].domain
        for code in sorted(set(one) ^ set(other)):
            known = "before" if code in one else "after"
            notes.append(f"Only the version {known} has the code {code} of input {name}: it is not compared.")
        shared = tuple(code for code in one if code in other)
        columns.append(Input(name, column.question, shared, labels=column.labels, mapping=column.mapping))
    named = [
        {column.name: sum(column.name in row.when for _, row in deciding_rows(pathway)) for column in columns}
        for pathway in (before, after)
    ]
    columns.sort(key=lambda column: -max(count[column.name] for count in named))  # as in the proof: asked earlier
    return tuple(columns), tuple(notes)


def _decision(diagrams: Diagrams, columns: tuple[Input, ...], pathway: Pathway) -> Node:
    levels = {column.name: (level, column.domain) for level, column in enumerate(columns)}
    boxes: list[Box] = []
    values: list[Hashable] = []
    for _, row in deciding_rows(pathway):
        box = {}
        for name, codes in row.when.items():
            level, domain = levels[name]
            box[level] = frozenset(index for index, code in enumerate(domain) if code in codes)
        boxes.append(box)
        values.append(Side(row.outcome, row.id, row.holder))
    return diagrams.first_match(boxes, values)


def _widened(diagrams: Diagrams, region: Node, box: dict[int, frozenset[int]]) -> Box:
    """The box with conditions dropped, or else given more codes, as long as it stays inside the region."""
    for level in sorted(box, reverse=True):
        without = {other: codes for other, codes in box.items() if other != level}
        if diagrams.holds_within(region, bool, without):
            box = without
    for level in sorted(box):
        for code in range(diagrams.sizes[level]):
            wider = {**box, level: box[level] | {code}}
            if code not in box[level] and diagrams.holds_within(region, bool, wider):
                box = wider
    return box


def _in_codes(columns: tuple[Input, ...], box: Box) -> Mapping[str, tuple[str, ...]]:
    return {
        columns[level].name: tuple(columns[level].domain[code] for code in sorted(box[level])) for level in sorted(box)
    }


def _class(side: Side | None) -> int:
    return -1 if side is None else side.outcome


def _side(side: Side | None) -> str:
    return "no answer" if side is None else f"class {side.outcome} by {side.row} (holder {side.holder})"
