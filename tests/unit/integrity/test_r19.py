"""R19: An entry that came late."""

from __future__ import annotations

from typing import Any

from material_builder import Book
from safehands.core.records.vocabulary import RecordKind as K


def registered_late(**fields: Any) -> Book:
    book = Book("2019-06-10").record("T", K.SUMMARY).decided("D1", "T").on("2025-08-04")
    return book.record("AB1", made="2005-01-20", **fields)


def test_it_changes_what_is_known_of_an_earlier_decision() -> None:
    book = registered_late()
    assert book.says("R19") == {"AB1": "a4"}
    assert book.findings()["R19/AB1"].note == "7501 days"


def test_silent_for_a_bulk_import_for_what_changes_nothing_and_within_thirty_days() -> None:
    assert registered_late(legacy=True).says("R19") == {}
    assert Book("2025-08-04").record("AB1", made="2005-01-20").says("R19") == {}
    prompt = Book("2019-06-10").record("T").decided("D1", "T").on("2019-06-20").record("AB1", made="2019-06-01")
    assert prompt.says("R19") == {}


def test_what_happened_after_it_was_written_down() -> None:
    assert Book("2020-01-01").record("AB1", made="2020-01-02").says("R19") == {"AB1": "b4"}
