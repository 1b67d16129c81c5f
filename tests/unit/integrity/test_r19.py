"""R19: An entry that came late."""

from __future__ import annotations

from typing import Any

from material_builder import CPS, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
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


def test_a_viewing_written_down_later_that_clears_an_alarm() -> None:
    book = Book("2019-06-01").record("AB1").copy("c", "AB1").on("2019-06-10").decided("D1", "AB1")
    assert book.says("R15") == {"decision:D1:AB1": "a2"}
    viewed = e.CustodyRecorded("u1", "c", v.CustodyType.VIEWED, day("2019-06-05"), CPS, "D1's prosecutor")
    book.on("2019-12-01").add(viewed, happened=day("2019-06-05"))
    assert book.says("R15") == {}
    assert book.says("R19") == {"AB1": "a4"}


def test_a_share_that_is_told_late_with_its_receipt_and_opening() -> None:
    book = Book("2019-06-01").record("AB1").on("2019-06-10").decided("D1", "AB1").on("2019-12-01")
    seen = day("2019-06-05")
    book.shared("S1", "AB1", sent_at=seen)
    book.add(e.ShareOpened("S1", seen, "D1's prosecutor"), happened=seen)
    assert book.says("R19") == {"AB1": "a4"}
