"""(a) One decision, dict to dict, with the rows that fired: Safehands against zen-engine on right-care's own tables.

Ours reads raw answers as a form sends them (ages, lists of signs, spellings, blanks) and says what nobody answered; the
peer is given the inputs' codes ready made and only finds the rows. Every case is a new one on both sides: nothing is
measured twice, so nothing is won by remembering.
"""

from __future__ import annotations

import random

import zen

from bench.measure import Result, compare, duration, spread, timed, times
from bench.zen_tables import class_and_rows, codes_of, graph_of, random_answers
from safehands.core.batch import decide_record
from safehands.core.tables import compile_tables
from safehands.pathways.load import load

BAR = 50


def agree(cases: int, seed: int = 1) -> int:
    """How many random cases got the same class, deciding row and rows that fired from both sides; raises on another."""
    pathway = load("right-care")
    triage = compile_tables(pathway)
    decision = zen.ZenEngine().create_decision(graph_of(pathway))
    chance = random.Random(seed)
    for number in range(cases):
        answers = random_answers(pathway, chance)
        theirs = class_and_rows(decision.evaluate(codes_of(pathway, answers))["result"])
        ours = decide_record(triage, {"id": number, "answers": answers})
        if theirs != (ours["class"], ours["row"], tuple(ours["rows"])):
            raise AssertionError(f"case {number}: zen-engine says {theirs}, Safehands {ours}, on {answers}")
    return cases


def measure(*, quick: bool) -> list[Result]:
    """The one line of this measurement."""
    agreed = agree(2_000 if quick else 10_000)
    rounds, peers, ours = (5, 200, 500) if quick else (61, 300, 600)
    pathway = load("right-care")
    triage = compile_tables(pathway)
    decision = zen.ZenEngine().create_decision(graph_of(pathway))
    chance = random.Random(2)

    def peer_round() -> float:
        cases = [codes_of(pathway, random_answers(pathway, chance)) for _ in range(peers)]

        def decide() -> None:
            for codes in cases:
                decision.evaluate(codes)

        return timed(decide, peers)

    def our_round() -> float:
        records = [{"id": number, "answers": random_answers(pathway, chance)} for number in range(ours)]

        def decide() -> None:
            for record in records:
                decide_record(triage, record)

        return timed(decide, ours)

    compared = compare(peer_round, our_round, rounds=rounds)
    return [
        Result(
            measure="a",
            what="one decision on right-care's tables, dict to dict, with the rows that fired",
            peer="zen-engine",
            peer_figure=duration(compared.peer),
            our_figure=duration(compared.ours),
            ratio=times(compared.ratio),
            spread=spread(compared),
            bar=f"{BAR} times as fast",
            met=compared.ratio >= BAR,
            note=(
                f"Both agree on {agreed:,} random cases: class, deciding row, rows that fired. The peer hands each "
                "call to threads of its own, so its figure moves with what else the machine does: over nine runs of "
                "one afternoon it took 88 to 239 µs, ours 3.0 to 3.6 µs, and the ratio was 27 to 63"
            ),
        )
    ]
