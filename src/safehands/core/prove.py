"""The proof that a pathway's tables may be used: exact, over every combination of what may be answered.

Proved of the whole decision, all tables in their order:

``gap``         every combination gets an answer;
``ambiguous``   in a ``unique`` table no two rows match one combination that reaches the table;
``dead``        every row can fire; in a ``first`` or ``unique`` table it can also answer;
``falls``       more risk in any input that has an order of risk never lowers the class (law 6);
``unknown``     a combination with unknown inputs never ends below the highest class that known answers in their
                place could give, or below the guarded class if that is lower (law 5);
``closes``      a class that closes a case is reached only with every input in ``closing_needs`` asked and answered,
                and no row that closes lets one of its own inputs be unknown (law 5).

A fault carries a small example: codes of the inputs that matter, every other input being free. A row that fires but
never answers is a note and no fault. How: decision diagrams (``core.diagram``), so that nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from math import prod
from operator import eq

from safehands.core.diagram import Box, Diagrams, Node
from safehands.core.pathway import Hit, Pathway, Row, Table
from safehands.core.tables import in_order_of_decision
from safehands.core.vocabulary import UNKNOWN
from safehands.core.words import example_in_words


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. ``example`` gives the codes that show it by input; inputs not named are free."""

    kind: str
    table: str
    row: str
    sentence: str
    example: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found. ``vectors`` is the number of combinations the proof covers, ``nodes`` what they took to hold."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    vectors: int
    nodes: int

    @property
    def holds(self) -> bool:
        """Whether the tables may be used."""
        return not self.faults


class Space:
    """All combinations of a pathway's inputs, and the whole decision as a diagram over them.

    Inputs that more rows name are asked earlier. ``decision`` has as its values ``(table name, row)``, ``None`` where
    no row answers.
    """

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        named = {
            column.name: sum(column.name in row.when for table in pathway.tables for row in table.rows)
            for column in pathway.inputs
        }
        self.columns = tuple(sorted(pathway.inputs, key=lambda column: -named[column.name]))
        self.level = {column.name: level for level, column in enumerate(self.columns)}
        self.diagrams = Diagrams([len(column.domain) for column in self.columns])
        self.vectors = prod(len(column.domain) for column in self.columns)
        self.until: list[Node] = []  # until[n]: the decision of the first n tables
        boxes: list[Box] = []
        values: list[Hashable] = []
        for table in pathway.tables:
            self.until.append(self.diagrams.first_match(boxes, values))
            for row in in_order_of_decision(table):
                boxes.append(self.box(row))
                values.append((table.name, row.id))
        self.decision = self.diagrams.first_match(boxes, values)

    def box(self, row: Row) -> Box:
        """A row's conditions by level and index of code."""
        return {
            self.level[name]: frozenset(self.columns[self.level[name]].domain.index(code) for code in codes)
            for name, codes in row.when.items()
        }

    def codes(self, found: Mapping[int, int]) -> dict[str, str]:
        """What the diagram found, in codes by input, in the pathway's own order."""
        by_name = {self.columns[level].name: self.columns[level].domain[code] for level, code in found.items()}
        return {column.name: by_name[column.name] for column in self.pathway.inputs if column.name in by_name}

    def in_words(self, found: Mapping[int, int]) -> str:
        """What the diagram found, in the words of the form."""
        return example_in_words(self.pathway, self.codes(found))


def prove(pathway: Pathway) -> Proof:
    """Prove the tables of a checked pathway. Never raises for a fault of theirs: it is in the result."""
    space = Space(pathway)
    rows = {row.id: row for table in pathway.tables for row in table.rows}
    classes = space.diagrams.mapped(
        space.decision, lambda value: rows[value[1]].outcome if isinstance(value, tuple) else -1
    )
    faults = (
        *_gaps(space),
        *_ambiguous(space),
        *_dead(space),
        *_falling(space, classes),
        *_unknown_lowers(space, classes),
        *_closing(space, classes),
    )
    return Proof(faults, tuple(_notes(space)), space.vectors, len(space.diagrams))


def _gaps(space: Space) -> Iterator[Fault]:
    found = space.diagrams.smallest_example(space.decision, lambda value: value is None)
    if found is not None:
        missing = space.diagrams.count(space.decision, lambda value: value is None)
        yield Fault(
            "gap",
            space.pathway.tables[-1].name if space.pathway.tables else "",
            "",
            f"no row answers {missing} of {space.vectors} combinations, for example {space.in_words(found)}",
            space.codes(found),
        )


def _ambiguous(space: Space) -> Iterator[Fault]:
    for before, table in zip(space.until, space.pathway.tables, strict=True):
        if table.hit is not Hit.UNIQUE:
            continue
        for at, row in enumerate(table.rows):
            for other in table.rows[at + 1 :]:
                both = _common(space.box(row), space.box(other))
                reached = None if both is None else space.diagrams.find(before, _is_none, both)
                if both is not None and reached is not None:
                    # Inside the box each named input needs a code; the one that reaches the table, or the first.
                    shown = {level: min(codes) for level, codes in both.items()} | reached
                    yield Fault(
                        "ambiguous",
                        table.name,
                        row.id,
                        f"table {table.name}: rows {row.id} and {other.id} both match {space.in_words(shown)}",
                        space.codes(shown),
                    )


def _dead(space: Space) -> Iterator[Fault]:
    answering = space.diagrams.values(space.decision)
    for before, table in zip(space.until, space.pathway.tables, strict=True):
        for row in table.rows:
            if (table.name, row.id) in answering:
                continue
            if not _fires(space, before, row):
                empty = not all(row.when.values())
                why = "a condition lists no code" if empty else "an earlier table always answers first"
                yield _dead_row(table, row, f"it can never fire: {why}")
            elif table.hit is not Hit.HIGHEST:
                yield _dead_row(table, row, "it is never reached: rows before it always answer first")


def _dead_row(table: Table, row: Row, why: str) -> Fault:
    return Fault("dead", table.name, row.id, f"table {table.name}: row {row.id}: {why}")


def _fires(space: Space, before: Node, row: Row) -> bool:
    """Whether some combination that the tables before leave without an answer meets every condition of the row."""
    return all(row.when.values()) and space.diagrams.find(before, _is_none, space.box(row)) is not None


def _notes(space: Space) -> Iterator[str]:
    answering = space.diagrams.values(space.decision)
    for before, table in zip(space.until, space.pathway.tables, strict=True):
        for row in table.rows:
            decides = (table.name, row.id) in answering
            if table.hit is Hit.HIGHEST and not decides and _fires(space, before, row):
                yield f"table {table.name}: row {row.id} can fire but never decides: another always outranks it"


def _falling(space: Space, classes: Node) -> Iterator[Fault]:
    diagrams = space.diagrams
    for column in space.pathway.inputs:
        level = space.level[column.name]
        step = diagrams.falls(classes, level, [column.domain.index(code) for code in column.risk])
        if step is None:
            continue
        less, more = (diagrams.restricted(classes, level, code) for code in step)
        found, (before, after) = _worst(space, diagrams.combined(less, more, _pair_if_above))
        here, there = (example_in_words(space.pathway, {column.name: column.domain[code]}) for code in step)
        rest = f", with {space.in_words(found)}" if found else ""
        yield Fault(
            "falls",
            *_where(space, found | {level: step[1]}),
            f"input {column.name}: more risk lowers the class from {_class_words(before)} at {here} "
            f"to {_class_words(after)} at {there}{rest}",
            space.codes(found | {level: step[1]}),
        )


def _unknown_lowers(space: Space, classes: Node) -> Iterator[Fault]:
    """Law 5: each combination's class against the highest that known answers in place of its unknowns would give."""
    diagrams, guarded = space.diagrams, space.pathway.guarded_class
    capped = diagrams.mapped(classes, lambda value: min(value, guarded) if isinstance(value, int) else value)
    short = diagrams.combined(_best_completion(space, capped), capped, _pair_if_above)
    lowered = diagrams.count(short, _is_something)
    if lowered:
        found, (could, now) = _worst(space, short)
        yield Fault(
            "unknown",
            *_where(space, found),
            f"an answer that nobody gave lowers the class (law 5) in {lowered} combinations. For example "
            f"{space.in_words(found)}: this ends in {_class_words(now)}, and known answers could make it "
            f"{_class_words(could)}{' or more' if could == guarded else ''}",
            space.codes(found),
        )


def _worst(space: Space, pairs: Node) -> tuple[dict[int, int], tuple[int, int]]:
    """Where the fall from the first to the second number of a pair is deepest: a small example, and the pair."""
    fallen = [value for value in space.diagrams.values(pairs) if isinstance(value, tuple)]
    worst = max(fallen, key=lambda pair: (pair[0] - pair[1], pair))
    return space.diagrams.smallest_example(pairs, partial(eq, worst)) or {}, worst


def _best_completion(space: Space, root: Node) -> Node:
    """For each combination the highest value that known codes in place of its unknown ones would give."""
    diagrams = space.diagrams
    unknown = [column.domain.index(UNKNOWN) if UNKNOWN in column.domain else -1 for column in space.columns]
    highest = diagrams.combiner(lambda one, other: one if _above(one, other) else other)
    memo: dict[Node, Node] = {}

    def walk(node: Node) -> Node:
        found = memo.get(node)
        if found is not None:
            return found
        level = diagrams.level(node)
        if level == diagrams.bottom:
            found = node
        else:
            kids = [walk(child) for child in diagrams.children(node)]
            known = [kid for code, kid in enumerate(kids) if code != unknown[level]]
            if known and unknown[level] >= 0:
                best = known[0]
                for kid in known[1:]:
                    best = highest(best, kid)
                kids[unknown[level]] = best
            found = diagrams.node(level, tuple(kids))
        memo[node] = found
        return found

    return walk(root)


def _closing(space: Space, classes: Node) -> Iterator[Fault]:
    closing = {outcome.number for outcome in space.pathway.classes if outcome.closes}
    needs = space.pathway.closing_needs
    for table in space.pathway.tables:
        for row in table.rows:
            if row.outcome not in closing:
                continue
            open_to_unknown = [name for name, codes in row.when.items() if UNKNOWN in codes]
            not_named = [name for name in needs if name not in row.when]
            if not needs:
                yield _closes(
                    table,
                    row,
                    "it closes a case, and the pathway does not say in closing_needs what must be known before",
                )
            if open_to_unknown:
                yield _closes(
                    table, row, f"it closes a case although {', '.join(open_to_unknown)} may be unknown (law 5)"
                )
            if not_named:
                yield _closes(table, row, f"it closes a case without a condition on {', '.join(not_named)} (law 5)")
    for name in needs:
        level = space.level[name]
        column = space.columns[level]
        if UNKNOWN not in column.domain:
            continue
        held = space.diagrams.restricted(classes, level, column.domain.index(UNKNOWN))
        found = space.diagrams.smallest_example(held, lambda value: value in closing)
        if found is not None:
            shown = found | {level: column.domain.index(UNKNOWN)}
            yield Fault(
                "closes",
                *_where(space, shown),
                f"a case closes although {name} is unknown (law 5): {space.in_words(shown)}",
                space.codes(shown),
            )


def _closes(table: Table, row: Row, why: str) -> Fault:
    return Fault("closes", table.name, row.id, f"table {table.name}: row {row.id}: {why}")


def _where(space: Space, example: Mapping[int, int]) -> tuple[str, str]:
    """Table and row that answer somewhere in the example's box."""
    for value in space.diagrams.values(_within(space, space.decision, example)):
        if isinstance(value, tuple):
            return str(value[0]), str(value[1])
    return "", ""


def _within(space: Space, root: Node, example: Mapping[int, int]) -> Node:
    for level, code in example.items():
        root = space.diagrams.restricted(root, level, code)
    return root


def _common(one: Box, other: Box) -> dict[int, frozenset[int]] | None:
    """The box of what lies in both, ``None`` if nothing does."""
    both = {**one, **other} | {level: one[level] & other[level] for level in one.keys() & other.keys()}
    return both if all(both.values()) else None


def _is_none(value: Hashable) -> bool:
    return value is None


def _is_something(value: Hashable) -> bool:
    return value is not None


def _above(one: Hashable, other: Hashable) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one > other


def _pair_if_above(one: Hashable, other: Hashable) -> Hashable:
    return (one, other) if _above(one, other) else None


def _class_words(number: object) -> str:
    return "no answer" if number == -1 else f"class {number}"
