"""Worked examples: the shipped ones are right, and wrong ones say what they got."""

from __future__ import annotations

import pytest

from safehands.core.pathway import Pathway
from safehands.errors import PathwayFault
from safehands.pathways.examples import read_examples, rows_without_example, run_examples
from safehands.pathways.load import examples_of, load, shipped

ONE = """
[usual]
Q6 = "none"

[[example]]
id = "bridge"
title = "A caller on a bridge"
answers = { Q6 = "intent" }
outcome = 5
row = "A4"
holder = "POL"
clocks = ["imm"]
why = "Intent is a threat to life."
"""


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_example_gets_what_it_must_and_every_row_has_one(name: str) -> None:
    whole = load(name)
    results = run_examples(whole, examples_of(name))
    assert [fault for result in results for fault in result.faults] == []
    assert rows_without_example(whole, results) == ()


def test_an_example_that_is_wrong_in_every_way(right_care: Pathway) -> None:
    wrong = (
        ONE.replace("outcome = 5", "outcome = 6")
        .replace('"A4"', '"A5"')
        .replace('"POL"', '"AMB"')
        .replace('["imm"]', "[]")
    )
    (result,) = run_examples(right_care, wrong)
    assert not result.right
    assert result.faults == (
        "example bridge: outcome is 5, and must be 6",
        "example bridge: row is 'A4', and must be 'A5'",
        "example bridge: holder is 'POL', and must be 'AMB'",
        "example bridge: clocks is ['imm'], and must be []",
    )
    assert run_examples(right_care, ONE)[0].right


def test_an_example_whose_answers_cannot_be_read(right_care: Pathway) -> None:
    (result,) = run_examples(right_care, ONE.replace('"intent"', '"jump"'))
    assert result.faults[0].startswith("example bridge: Q6 (life): 'jump' is not an answer")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= 5", "examples.toml: this is not TOML"),
        ("", "examples.toml: there is no example"),
        (ONE + ONE.partition("none\"")[2], "examples.toml: example bridge: named more than once"),
        (ONE.replace('answers = { Q6 = "intent" }', "answers = 5"), "example bridge: answers must be a table, not 5"),
        (ONE.replace('answers = { Q6 = "intent" }', ""), "example bridge: answers is missing"),
        (ONE + "colour = 3", "example bridge: colour means nothing here"),
    ],
)  # fmt: skip
def test_examples_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(PathwayFault) as caught:
        read_examples(text)
    assert any(said in fault for fault in caught.value.faults)
