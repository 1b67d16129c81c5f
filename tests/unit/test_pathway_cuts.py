"""Questions that feed the cuts of published figures: declared right, or not loaded."""

from __future__ import annotations

import pytest

from safehands.errors import PathwayFault
from safehands.pathways.load import parse
from scenario import right_care


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ('name = "ind"\n', 'name = "ind"\ncut = "signs"\n', "cut needs codes"),
        ('cut = "age_band"\n', "", "both or neither"),
        ('name = "repeat"\n', 'name = "repeat"\ncut = "repeats"\n', "both or neither"),
    ],
)
def test_a_cut_without_codes(was: str, now: str, fault: str) -> None:
    text = right_care().text
    assert was in text
    with pytest.raises(PathwayFault, match=fault):
        parse(text.replace(was, now, 1))


def test_the_cuts_of_the_sheet_are_asked_for_and_no_table_sees_them() -> None:
    pathway = right_care()
    cuts = {question.cut: question for question in pathway.questions if question.cut}
    assert {"stream", "age_band", "sex", "ethnicity", "disability", "crime_related", "transport_mode"} <= set(cuts)
    seen = {column.question for column in pathway.inputs}
    for cut in ("sex", "ethnicity", "disability"):
        assert cuts[cut].id not in seen
        assert not cuts[cut].must_ask
