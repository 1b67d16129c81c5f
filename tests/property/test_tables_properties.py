"""Tables that anybody might write: the clever reading and the plain one must agree on every combination there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plain_triage import (
    answer,
    completions,
    every_combination,
    matches,
    outcome,
    small_pathways,
    without,
)
from safehands.core.difference import difference
from safehands.core.pathway import Hit, Pathway
from safehands.core.prove import Proof, prove
from safehands.core.tables import compile_tables
from safehands.core.vocabulary import UNKNOWN
from safehands.errors import PathwayFault
from safehands.stats.population import compile_population


def kinds(proof: Proof, kind: str) -> list[tuple[str, str]]:
    return [(fault.table, fault.row) for fault in proof.faults if fault.kind == kind]


@given(small_pathways())
@settings(max_examples=150, deadline=None)
def test_the_compiled_tables_against_the_plain_reading(whole: Pathway) -> None:
    triage = compile_tables(whole)
    for codes in every_combination(whole):
        found = answer(whole, codes)
        if found is None:
            with pytest.raises(PathwayFault, match="no row of any table answers"):
                triage.decide(codes)
            continue
        table, row, fired = found
        said = triage.conclude(codes)
        assert (said.table, said.row, said.outcome, said.holder) == (table.name, row.id, row.outcome, row.holder)
        assert said.rows == tuple(one.id for one in fired)
        assert said.inputs == codes
        assert said.unknown == tuple(one.question for one in whole.inputs if codes[one.name] == UNKNOWN)


@given(small_pathways())
@settings(max_examples=100, deadline=None)
def test_a_whole_population_against_one_case_at_a_time(whole: Pathway) -> None:
    combinations = [codes for codes in every_combination(whole) if answer(whole, codes) is not None]
    population = compile_population(whole)
    columns = {
        one.name: np.array([one.domain.index(codes[one.name]) for codes in combinations], dtype=np.uint8)
        for one in whole.inputs
    }
    classes, rows = population.triage(columns)
    for codes, number, index in zip(combinations, classes, rows, strict=True):
        found = answer(whole, codes)
        assert found is not None
        assert (found[1].outcome, found[1].id) == (number, population.row_ids[index])


@given(small_pathways())
@settings(max_examples=200, deadline=None)
def test_the_prover_finds_every_planted_fault_and_raises_no_false_alarm(whole: Pathway) -> None:
    """Every kind of fault, worked out by trying all combinations, is found exactly where it is; nothing else is."""
    proof = prove(whole)
    combinations = list(every_combination(whole))
    assert proof.vectors == len(combinations)
    assert bool(kinds(proof, "gap")) == any(outcome(whole, codes) == -1 for codes in combinations)
    assert set(kinds(proof, "dead")) == dead_rows(whole)
    assert {row for _, row in kinds(proof, "ambiguous")} == ambiguous_rows(whole)
    assert {fault.sentence.split()[1].rstrip(":") for fault in proof.faults if fault.kind == "falls"} == falling(whole)
    assert bool(kinds(proof, "unknown")) == any(lowered(whole, codes) for codes in combinations)
    assert bool(kinds(proof, "closes")) == closes_too_soon(whole)
    assert proof.holds == (not proof.faults)


@given(small_pathways())
@settings(max_examples=150, deadline=None)
def test_each_example_of_a_fault_shows_it_whatever_the_other_answers(whole: Pathway) -> None:
    for fault in prove(whole).faults:
        inside = [c for c in every_combination(whole) if all(c[name] == code for name, code in fault.example.items())]
        assert inside
        if fault.kind == "gap":
            assert all(outcome(whole, codes) == -1 for codes in inside)
        if fault.kind == "unknown":
            assert all(lowered(whole, codes) for codes in inside)
        if fault.kind == "falls":
            name = fault.sentence.split()[1].rstrip(":")
            assert all(fell(whole, codes, name) for codes in inside)


@given(small_pathways(), st.data())
@settings(max_examples=150, deadline=None)
def test_the_difference_of_two_versions_is_exactly_what_changed(before: Pathway, data: st.DataObject) -> None:
    """The union of the boxes of each change is exactly the combinations with that change, no more and no less."""
    after = data.draw(small_changes(before))
    found = difference(before, after)
    changed = 0
    for codes in every_combination(before):
        one, other = answer(before, codes), answer(after, codes)
        sides = [None if a is None else (a[1].outcome, a[1].id, a[1].holder) for a in (one, other)]
        named = [
            [None if s is None else (s.outcome, s.row, s.holder) for s in (change.before, change.after)]
            for change in found.changes
            if any(all(codes[name] in allowed for name, allowed in box.items()) for box in change.boxes)
        ]
        assert named == ([sides] if sides[0] != sides[1] else [])
        changed += sides[0] != sides[1]
    assert (found.vectors, found.of) == (changed, len(list(every_combination(before))))
    assert sum(change.vectors for change in found.changes) == changed


def small_changes(before: Pathway) -> st.SearchStrategy[Pathway]:
    """The same inputs with one row less, or with the rows of a table the other way round."""
    names = [row.id for table in before.tables for row in table.rows]
    turned = replace(before, tables=tuple(replace(t, rows=tuple(reversed(t.rows))) for t in before.tables))
    return st.one_of(st.sampled_from(names).map(lambda name: without(before, name)), st.just(turned), st.just(before))


def dead_rows(whole: Pathway) -> set[tuple[str, str]]:
    alive: set[tuple[str, str]] = set()
    for codes in every_combination(whole):
        for table in whole.tables:
            fired = [row for row in table.rows if matches(row, codes)]
            if fired:
                alive.update((table.name, row.id) for row in (fired if table.hit is Hit.HIGHEST else fired[:1]))
                break
    return {(table.name, row.id) for table in whole.tables for row in table.rows} - alive


def ambiguous_rows(whole: Pathway) -> set[str]:
    """The earlier row of each pair that matches one combination which reaches its table."""
    found: set[str] = set()
    for codes in every_combination(whole):
        for table in whole.tables:
            fired = [row for row in table.rows if matches(row, codes)]
            if fired:
                found.update(row.id for row in fired[:-1] if table.hit is Hit.UNIQUE)
                break
    return found


def falling(whole: Pathway) -> set[str]:
    return {
        one.name
        for one in whole.inputs
        for codes in every_combination(whole)
        if one.risk and fell(whole, codes, one.name)
    }


def fell(whole: Pathway, codes: dict[str, str], name: str) -> bool:
    """Whether the class is lower here than with the next lower risk of one input."""
    risk = next(one.risk for one in whole.inputs if one.name == name)
    at = risk.index(codes[name])
    return at > 0 and outcome(whole, codes) < outcome(whole, {**codes, name: risk[at - 1]})


def lowered(whole: Pathway, codes: dict[str, str]) -> bool:
    best = max(outcome(whole, other) for other in completions(whole, codes))
    return outcome(whole, codes) < min(whole.guarded_class, best)


def closes_too_soon(whole: Pathway) -> bool:
    rows = [row for table in whole.tables for row in table.rows if row.outcome == 0]
    badly_named = any(
        not whole.closing_needs
        or any(UNKNOWN in allowed for allowed in row.when.values())
        or any(name not in row.when for name in whole.closing_needs)
        for row in rows
    )
    return badly_named or any(
        outcome(whole, codes) == 0 and any(codes[name] == UNKNOWN for name in whole.closing_needs)
        for codes in every_combination(whole)
    )
