"""(b) Triage of a whole population at once, by column, against zen-engine deciding the same cases one by one.

zen-engine has a call for many requests at once as well; the table tells both. The bar is against one decision at a
time, which is what its users' programs do."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import numpy.typing as npt
import zen

from bench.measure import Result, compare, duration, spread, timed, times
from bench.zen_tables import class_and_rows, graph_of
from safehands.pathways.load import load
from safehands.stats.population import PopulationTriage, compile_population

BAR = 2_000

Columns = dict[str, npt.NDArray[np.uint8]]


def random_columns(population: PopulationTriage, cases: int, seed: int) -> Columns:
    """For every input one code a case: mostly its calmest codes, so that all tables and most rows are reached."""
    generator = np.random.default_rng(seed)
    calm = generator.random(cases)
    columns: Columns = {}
    for name, codes in population.codes.items():
        chosen = generator.integers(0, len(codes), cases, dtype=np.uint8)
        chosen[generator.random(cases) < calm] = 0
        columns[name] = chosen
    return columns


def contexts(population: PopulationTriage, columns: Columns) -> list[dict[str, str]]:
    """The same cases as the peer takes them: one dictionary of codes each."""
    names = list(columns)
    lists = [[population.codes[name][code] for code in columns[name]] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]


def agree(cases: int, seed: int = 3) -> int:
    """How many random cases got the same class and row from both sides; raises on another."""
    pathway = load("right-care")
    population = compile_population(pathway)
    decision = zen.ZenEngine().create_decision(graph_of(pathway))
    columns = random_columns(population, cases, seed)
    classes, rows = population.triage(columns)
    for number, context in enumerate(contexts(population, columns)):
        outcome, row, _ = class_and_rows(decision.evaluate(context)["result"])
        if (outcome, row) != (classes[number], population.row_ids[rows[number]]):
            raise AssertionError(f"zen-engine says {outcome} {row}, Safehands {classes[number]}, on {context}")
    return cases


def measure(*, quick: bool) -> list[Result]:
    """Two lines: against one call a decision (the bar), and against the peer's call for many."""
    agreed = agree(2_000 if quick else 10_000)
    rounds, peers, ours = (5, 200, 200_000) if quick else (21, 500, 1_000_000)
    pathway = load("right-care")
    population = compile_population(pathway)
    graph = graph_of(pathway)
    decision = zen.ZenEngine().create_decision(graph)
    many = zen.ZenEngine({"loader": {"type": "static", "content": {"right-care": json.loads(graph)}}})
    chance = random.Random(4)

    def some() -> list[dict[str, str]]:
        return contexts(population, random_columns(population, peers, chance.randrange(1 << 30)))

    def one_by_one() -> float:
        cases = some()

        def decide() -> None:
            for context in cases:
                decision.evaluate(context)

        return timed(decide, peers)

    def all_at_once() -> float:
        requests: list[Any] = [{"key": "right-care", "context": context} for context in some()]
        return timed(lambda: many.evaluate_batch(requests), peers)

    def by_column() -> float:
        columns = random_columns(population, ours, chance.randrange(1 << 30))
        return timed(lambda: population.triage(columns), ours)

    first = compare(one_by_one, by_column, rounds=rounds)
    second = compare(all_at_once, by_column, rounds=max(rounds // 3, 3))
    return [
        Result(
            measure="b",
            what="one decision of a whole population's triage, by column",
            peer="zen-engine, one call a decision",
            peer_figure=duration(first.peer),
            our_figure=duration(first.ours),
            ratio=times(first.ratio),
            spread=spread(first),
            bar=f"{BAR:,} times as fast",
            met=first.ratio >= BAR,
            note=f"Both agree on {agreed:,} random cases: class and deciding row",
        ),
        Result(
            measure="b",
            what="the same",
            peer="zen-engine, one call for many decisions",
            peer_figure=duration(second.peer),
            our_figure=duration(second.ours),
            ratio=times(second.ratio),
            spread=spread(second),
            bar="none; told for fairness",
            met=None,
        ),
    ]
