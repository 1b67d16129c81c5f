"""The page about what is verified says what the pathway says."""

from __future__ import annotations

from pathlib import Path

import pytest

from safehands.core.pathway import Pathway
from safehands.pathways.load import load
from safehands.pathways.verified import declared, page_of
from scenario import right_care

PAGE = Path(__file__).parents[2] / "docs/explanation/what-is-verified.md"
EVIDENCE = load("evidence-review")
each_pathway = pytest.mark.parametrize("pathway", [right_care(), EVIDENCE], ids=lambda each: each.ref.pathway)


def test_a_page_that_nobody_made_again() -> None:
    assert PAGE.read_text("utf-8") == page_of(right_care(), EVIDENCE), "run: python scripts/describe_verified.py"


@each_pathway
def test_every_default_is_named_and_nothing_verified_is_called_a_default(pathway: Pathway) -> None:
    page = page_of(pathway)
    for each in declared(pathway):
        heading = f"### {each.kind}: defaults"
        listed = page.partition(heading)[2].partition("\n### ")[0]
        assert (f"| `{each.id}` |" in listed) == (not each.verified), each


@each_pathway
def test_the_counts_add_up(pathway: Pathway) -> None:
    found = list(declared(pathway))
    rows = [line.strip("| ").split(" | ") for line in page_of(pathway).splitlines() if line.startswith("| ")]
    counted = {row[0]: tuple(map(int, row[1:])) for row in rows if len(row) == 4 and row[1].isdigit()}
    assert all(verified + default == whole for verified, default, whole in counted.values())
    assert sum(whole for _, _, whole in counted.values()) == len(found)
