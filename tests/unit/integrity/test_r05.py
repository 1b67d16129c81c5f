"""R05: "Nothing further is held", and it was."""

from __future__ import annotations

import pytest

from material_builder import Book
from safehands.core.records import vocabulary as v


def held() -> Book:
    return Book("2005-01-20").record("AB1").on("2019-03-25")


def test_it_was_on_their_own_register() -> None:
    assert held().attested("T1").says("R05") == {"T1:AB1": "a1"}


@pytest.mark.parametrize(("system", "says"), [("rms", "b2"), ("attic", "c3"), ("", "c3")])
def test_found_later_where_they_had_looked_or_elsewhere(system: str, says: str) -> None:
    book = Book("2019-03-25").attested("T1", searched=("RMS",)).on("2025-08-04").record("AB1", made="2005-01-20")
    book.holding("AB1", v.HoldingStatus.HELD, since="2005-01-20", system=system)
    assert book.says("R05") == {"T1:AB1": says}
    assert not book.findings()["R05/T1:AB1"].knowable_then


def test_silent_for_what_is_listed_in_it_or_in_its_answer_or_was_made_afterwards() -> None:
    assert held().attested("T1", listed=("AB1",)).says("R05") == {}
    assert held().asked("Q1").attested("T1").answered("Q1", "AB1", attestation="T1").says("R05") == {}
    assert held().asked("Q1").answered("Q1", "AB1").attested("T1", request="Q1").says("R05") == {}
    assert Book("2019-03-25").attested("T1").on("2020-01-01").record("new").says("R05") == {}


def test_an_answer_to_something_else_lists_nothing_for_it() -> None:
    assert held().asked("Q1").answered("Q1", "AB1").attested("T1").says("R05") == {"T1:AB1": "a1"}
