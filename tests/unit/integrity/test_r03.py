"""R03: Material that came after a decision."""

from __future__ import annotations

from typing import Any

from material_builder import Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def test_what_existed_and_came_to_the_case_afterwards() -> None:
    book = Book("2019-06-10").record("T", K.WITNESS_STATEMENT).decided("D1", "T")
    book.on("2025-08-04").record("AB1", made="2005-01-20")
    assert book.says("R03") == {"D1:AB1": "a2"}
    assert not book.findings()["R03/D1:AB1"].knowable_then


def test_what_was_made_afterwards_is_only_recorded() -> None:
    book = Book("2019-06-10").record("T", K.WITNESS_STATEMENT).decided("D1", "T").on("2020-01-01").record("later")
    assert book.says("R03") == {"D1:later": "b4"}


def after(**fields: Any) -> dict[str, str]:
    book = Book("2019-06-10").record("T").decided("D1", "T").on("2020-01-01")
    return book.record("r", made="2019-01-01", **fields).says("R03")


def test_silent_for_what_is_ancillary_not_relevant_or_of_a_bulk_import() -> None:
    assert after(kind=K.EMAIL) == after(relevance=v.Relevance.NOT_RELEVANT) == after(legacy=True) == {}


def test_silent_for_a_duplicate_of_what_was_known() -> None:
    book = Book("2019-06-10").record("T").decided("D1", "T").on("2020-01-01").record("T2", made="2019-01-01")
    assert book.derived("T2", "T", v.Method.BIT_COPY).says("R03") == {}
    other = Book("2019-06-10").record("T").decided("D1", "T").on("2020-01-01").record("T2", made="2019-01-01")
    assert other.derived("T", "T2", v.Method.BIT_COPY).says("R03") == {}


def test_silent_where_the_decider_knew_or_nobody_can_tell() -> None:
    told = Book("2019-06-10").decided("D1", shown=("r",)).on("2020-01-01").record("r", made="2019-01-01")
    lost = Book("2019-06-10").decided("D1", basis_known=False).on("2020-01-01").record("r", made="2019-01-01")
    assert told.says("R03") == lost.says("R03") == {}


def test_it_stays_once_somebody_has_weighed_it() -> None:
    book = Book("2019-06-10").record("T").decided("D1", "T").on("2020-01-01").record("r", made="2019-01-01")
    book.add(e.EffectAssessed("D1", "r", "P4", "it changes nothing"))
    assert book.says("R03") == {"D1:r": "late4"}
