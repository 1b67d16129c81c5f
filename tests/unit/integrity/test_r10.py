"""R10: A derived record that nobody checked."""

from __future__ import annotations

from typing import Any

from material_builder import Book
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def read(**fields: Any) -> Book:
    book = Book("2019-01-01").record("AB1").record("T", K.TRANSCRIPT_FULL).derived("T", "AB1", made_by="typist")
    return book.on("2019-06-10").decided("D1", "T", **fields)


def test_nobody_but_its_maker_checked_it() -> None:
    assert read().says("R10") == {"D1:T": "a3"}
    own = Book("2019-01-01").record("AB1").record("T").derived("T", "AB1", made_by="typist")
    assert own.checked("T", "AB1", by="typist").decided("D1", "T").says("R10") == {"D1:T": "a3"}


def test_silent_when_somebody_else_did_before() -> None:
    book = Book("2019-01-01").record("AB1").record("T").derived("T", "AB1")
    assert book.checked("T", "AB1", v.Verified.MINOR_DIFFERENCES).decided("D1", "T").says("R10") == {}


def test_checked_afterwards_stays_and_not_possible_is_no_check() -> None:
    assert read().on("2025-08-28").checked("T", "AB1").says("R10") == {"D1:T": "late4"}
    assert read().checked("T", "AB1", v.Verified.NOT_POSSIBLE).says("R10") == {"D1:T": "a3"}


def test_a_material_difference_is_critical_on_every_decision() -> None:
    book = read().decided("D2", "T").on("2025-08-28").checked("T", "AB1", v.Verified.MATERIAL_DIFFERENCE)
    assert book.says("R10") == {"D1:T": "c1", "D2:T": "c1"}


def test_silent_where_it_is_not_relied_on_for_what_it_says() -> None:
    label = v.Considered("T", v.Mode.READ_FULL, for_content=False)
    assert read(considered=(label,)).says("R10") == {}
    assert read(mode=v.Mode.TOLD_SUMMARY).says("R10") == {}
