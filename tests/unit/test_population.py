"""Triage of many cases at once: columns that are wrong, tables that are long, answers that nobody has."""

from __future__ import annotations

import numpy as np
import pytest

from plain_triage import column, pathway, row
from safehands.core.pathway import Hit, Pathway, Table
from safehands.errors import BadInput, PathwayFault
from safehands.pathways.load import load
from safehands.stats.population import compile_population

LIFE = column("life", "none", "unknown", "act")
HARM = column("harm", "no", "unknown", "yes")
SMALL = pathway(
    [LIFE, HARM], [Table("a", Hit.HIGHEST, (row("A1", 4, life="act"), row("A2", 1, life=["none", "unknown"])))]
)


@pytest.fixture(scope="module")
def right_care() -> Pathway:
    return load("right-care")


def test_an_input_without_a_column_is_unknown_in_every_case(right_care: Pathway) -> None:
    population = compile_population(right_care)
    classes, rows = population.triage({"life": np.array([0, 1, 2, 3, 4])})
    assert list(classes) == [3, 4, 4, 5, 6]
    assert population.row_ids[rows[4]] == "A3"
    assert population.codes["life"] == ("none", "ideation", "unknown", "intent", "act")


def test_many_cases_in_many_chunks() -> None:
    population = compile_population(SMALL)
    life = np.arange(100_000) % 3
    classes, rows = population.triage({"life": life.astype(np.int64)})
    assert np.array_equal(classes, np.where(life == 2, 4, 1))
    assert {population.row_ids[index] for index in np.unique(rows)} == {"A1", "A2"}


def test_no_cases_at_all() -> None:
    classes, rows = compile_population(SMALL).triage({"life": np.array([], dtype=np.uint8)})
    assert len(classes) == len(rows) == 0


def test_more_rows_than_a_machine_word_has_bits() -> None:
    steps = column("steps", *(f"s{n}" for n in range(150)), "unknown", risk=False)
    rows = (*(row(f"R{n}", n % 4, steps=f"s{n}") for n in range(150)), row("last", 4))
    whole = pathway([steps], [Table("a", Hit.FIRST, rows)])
    population = compile_population(whole)
    classes, found = population.triage({"steps": np.arange(151, dtype=np.uint8)})
    assert [population.row_ids[index] for index in found] == [one.id for one in rows]
    assert list(classes) == [one.outcome for one in rows]


def test_columns_that_are_wrong_in_every_way() -> None:
    with pytest.raises(BadInput) as caught:
        compile_population(SMALL).triage(
            {"life": np.array([0, 3]), "harm": np.array([-1]), "pulse": np.array([1]), "none": np.array([0.5])}
        )
    assert caught.value.faults == (
        "pulse: the pathway has no input with this name",
        "none: the pathway has no input with this name",
        "columns must have one length, not [1, 2]",
        "life: codes must be from 0 to 2, not from 0 to 3",
        "harm: codes must be from 0 to 2, not from -1 to -1",
        "none: codes must be whole numbers, not float64",
    )
    with pytest.raises(BadInput, match="not none at all"):
        compile_population(SMALL).triage({})


def test_tables_that_were_never_proved() -> None:
    whole = pathway([LIFE], [Table("a", Hit.FIRST, (row("A1", 1, life="act"),))])
    with pytest.raises(PathwayFault, match="the tables are not proved"):
        compile_population(whole).triage({"life": np.array([0, 2])})
