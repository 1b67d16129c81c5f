"""The shipped tables of right-care against the sheet they come from, and against the laws."""

from __future__ import annotations

import random
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plain_triage import answer, completions, outcome
from right_care_rules import QUIET, VALUES, as_the_sheet_reads_it, law_5_raises, sheet_says
from safehands.core.batch import decide_record
from safehands.core.difference import Difference, difference
from safehands.core.pathway import Pathway
from safehands.core.prove import prove
from safehands.core.tables import Triage, compile_tables
from safehands.core.vocabulary import UNKNOWN
from safehands.pathways.load import load
from safehands.stats.population import compile_population

RANDOM_VECTORS = 200_000
EXPLANATION = Path(__file__).parents[2] / "docs/explanation/right-care-tables.md"


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


@pytest.fixture(scope="module")
def triage(right_care: Pathway) -> Triage:
    return compile_tables(right_care)


def expected(facts: dict[str, Any]) -> tuple[int, str] | None:
    """What the tables must say by rule; ``None`` where law 5 makes them say more than the sheet."""
    return None if law_5_raises(facts) else sheet_says(facts)


def check(triage: Triage, facts: dict[str, Any]) -> bool:
    """Whether law 5 raised this one; everything else must be as the sheet says."""
    verdict, _ = triage.decide(facts)
    must = expected(facts)
    if must is not None:
        assert (verdict.outcome, verdict.row.partition(".")[0]) == must, facts
        return False
    assert verdict.outcome == 3, facts
    assert verdict.row in {"A10.5", "A10.6", "A10.7"}, facts
    return True


@pytest.mark.slow
def test_200_000_random_cases_against_the_sheet(triage: Triage) -> None:
    """Half of them any values at all, half close to a quiet case, where the routing rules decide."""
    chance = random.Random(20260301)
    raised = 0
    for number in range(RANDOM_VECTORS):
        share = 1.0 if number % 2 else 0.3
        facts = {
            name: chance.choice(values) if chance.random() < share else QUIET[name] for name, values in VALUES.items()
        }
        raised += check(triage, facts)
    assert raised  # the rare difference was met


@pytest.mark.slow
def test_every_combination_of_three_answers_that_leave_the_quiet_case(triage: Triage) -> None:
    for names in combinations(VALUES, 3):
        for values in product(*(VALUES[name] for name in names)):
            check(triage, {**QUIET, **dict(zip(names, values, strict=True))})


@pytest.mark.slow
def test_every_combination_that_routing_can_see(triage: Triage) -> None:
    """Everything that rules B1 to B8 and the guards before them read, with no risk elsewhere."""
    names = ["resp", "ooc", "stream", "prof", "need", "enq", "life", "child", "view", "ind", "rave"]
    raised = sum(
        check(triage, {**QUIET, **dict(zip(names, values, strict=True))})
        for values in product(
            *(VALUES[name][:2] if name in {"ind", "rave", "child"} else VALUES[name] for name in names)
        )
    )
    assert raised


def test_right_care_is_proved_over_more_than_a_thousand_million_combinations(right_care: Pathway) -> None:
    proof = prove(right_care)
    assert proof.faults == ()
    assert proof.notes == ()
    assert proof.vectors == 15_116_544_000


def random_codes(right_care: Pathway, chance: random.Random, share: float) -> dict[str, str]:
    """Codes of every input; with chance ``share`` any code, otherwise the one of the quiet case."""
    quiet = {**QUIET, "weapon": "no", "duty": "no", "prof": "no", "enq": "yes", "ind": "0", "repeat": "0"}
    return {
        one.name: chance.choice(one.domain) if chance.random() < share else quiet[one.name] for one in right_care.inputs
    }


def test_no_missing_answer_lowers_a_class(right_care: Pathway) -> None:
    """Law 5 by trying every completion, on samples and by the plain reading, not by the prover's own means."""
    chance = random.Random(5)
    tried = 0
    while tried < 400:
        codes = random_codes(right_care, chance, 0.1)
        for name in chance.sample(list(codes), 3):
            codes[name] = UNKNOWN
        if list(codes.values()).count(UNKNOWN) <= 4:
            best = max(outcome(right_care, whole) for whole in completions(right_care, codes))
            assert outcome(right_care, codes) >= min(right_care.guarded_class, best), codes
            tried += 1


def test_one_missing_answer_at_a_time_from_every_nearly_quiet_case(right_care: Pathway) -> None:
    quiet = random_codes(right_care, random.Random(0), 0.0)
    for one, other in combinations(right_care.inputs, 2):
        for code, missing in product(other.domain, [one.name]):
            codes = {**quiet, other.name: code, missing: UNKNOWN}
            best = max(outcome(right_care, whole) for whole in completions(right_care, codes))
            assert outcome(right_care, codes) >= min(right_care.guarded_class, best), codes


@pytest.mark.slow
def test_one_fact_made_worse_never_lowers_a_class(right_care: Pathway) -> None:
    """Law 6 by stepping each input with an order of risk, by the plain reading."""
    chance = random.Random(6)
    for _ in range(1500):
        codes = random_codes(right_care, chance, 0.2)
        before = outcome(right_care, codes)
        for one in right_care.inputs:
            for worse in one.risk[one.risk.index(codes[one.name]) + 1 :] if one.risk else ():
                assert outcome(right_care, {**codes, one.name: worse}) >= before, (codes, one.name, worse)


def test_the_compiled_tables_say_what_the_plain_reading_says(right_care: Pathway, triage: Triage) -> None:
    """And so does the population, all at once."""
    chance = random.Random(7)
    spoken = {"prof": {"no": "public", "yes": "health"}, "enq": {"yes": "complete", "no": "incomplete"}}
    spoken |= {"duty": {"no": "none", "yes": "promise_made"}, "child": {"child": "under18"}}
    drawn = [random_codes(right_care, chance, 0.3) for _ in range(4000)]
    population = compile_population(right_care)
    columns = {
        one.name: np.array([one.domain.index(codes[one.name]) for codes in drawn], dtype=np.int16)
        for one in right_care.inputs
    }
    classes, rows = population.triage(columns)
    for codes, number, index in zip(drawn, classes, rows, strict=True):
        found = answer(right_care, codes)
        assert found is not None
        table, row, fired = found
        verdict, _ = triage.decide({name: spoken.get(name, {}).get(code, code) for name, code in codes.items()})
        assert (verdict.table, verdict.row, verdict.rows) == (table.name, row.id, tuple(one.id for one in fired))
        assert (number, population.row_ids[index]) == (row.outcome, row.id)


def test_answers_by_name_or_id_in_either_spelling_are_the_same_case(triage: Triage, right_care: Pathway) -> None:
    """The form's long codes and numbers, and the short ones of the appendix, end in one decision."""
    by_name = {**QUIET, "life": "act", "resp": "none", "child": "child", "prof": 1, "ind": 2, "repeat": 2, "duty": 1}
    by_id = {
        "Q2": "ambulance", "Q4": 17, "Q5": "none", "Q5w": False, "Q6": "act_in_progress_or_done", "Q7": "no",
        "Q8": "no_response_all_routes", "Q10": "no", "Q11": ["dementia", "goodbye_message", "pregnancy/postnatal"],
        "Q12": "no", "Q13": ["phoned", "visited", "family"], "Q14": "no", "Q17": "none", "Q18": "no",
        "Q19": ["promise_made"],
        "Q20": 7, "Q21": "accept", "QS": "CFW", "QN": "none",
    }  # fmt: skip
    one = decide_record(triage, {"id": "x", "answers": by_name})
    other = decide_record(triage, {"id": "x", "answers": by_id})
    assert one == other
    assert (one["class"], one["row"], one["holder"], one["clocks"]) == (6, "A3", "POL", ["imm"])
    assert one["unknown"] == []


def test_the_shipped_rows_without_law_5_are_the_sheet(right_care: Pathway) -> None:
    """So that the exact difference below is a difference from the sheet, not from our own reading of it."""
    sheet = as_the_sheet_reads_it(right_care)
    chance = random.Random(8)
    spoken = {"weapon": ["no", "yes"], "duty": ["no", "yes"], "prof": ["no", "yes"], "enq": ["no", "yes"]}
    for _ in range(8000):
        facts = {n: chance.choice(v) if chance.random() < 0.4 else QUIET[n] for n, v in VALUES.items()}
        codes = {n: spoken[n][fact] if n in spoken else str(fact) for n, fact in facts.items() if n != "amb"}
        found = answer(sheet, codes)
        assert found is not None
        assert (found[1].outcome, found[1].id.partition(".")[0]) == sheet_says(facts), facts


def test_every_difference_from_the_sheet_raises_and_the_explanation_lists_it(right_care: Pathway) -> None:
    found = difference(as_the_sheet_reads_it(right_care), right_care)
    assert all(change.step >= 0 for change in found.changes)
    assert {change.after.outcome for change in found.changes if change.after and change.step} == {3}
    explanation = EXPLANATION.read_text()
    total = f"In {found.vectors:,} of {found.of:,} combinations"
    assert total in explanation, f"write: {total}"
    table = "\n".join(table_of_differences(right_care, found))
    assert table in explanation, f"write this table:\n{table}"


def table_of_differences(right_care: Pathway, found: Difference) -> list[str]:
    """The table of the explanation: for each deciding row how many combinations it raises, by the class they had."""
    rows = {one.id: one for table in right_care.tables for one in table.rows}
    counted: dict[str, list[int]] = {name: [0, 0, 0, 0] for name in rows}
    for change in found.changes:
        assert change.before is not None
        assert change.after is not None
        counted[change.after.row][change.before.outcome] += change.vectors
    head = ["row", "what nobody answered", "from 0", "from 1", "from 2", "class 3, other row"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, numbers in counted.items():
        if any(numbers):
            unknown = [n for n, codes in rows[name].when.items() if codes == {UNKNOWN}] or ["ind"]
            lines.append(f"| {name} | {', '.join(unknown)} | {' | '.join(f'{n:,}' for n in numbers)} |")
    return lines
