"""R12: A review that repeats what it reviews."""

from __future__ import annotations

from material_builder import CPS, Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def blind() -> Book:
    return Book().record("AB1").record("T", K.SUMMARY).derived("T", "AB1").decided("D1", "T", decider="P1")


def test_the_review_read_the_same_copy() -> None:
    assert blind().decided("D2", "T", reviews="D1").says("R12") == {"D1:D2:AB1": "a1"}


def test_silent_when_it_saw_the_source_or_was_of_procedure_only() -> None:
    assert blind().decided("D2", "T", "AB1", reviews="D1").says("R12") == {}
    assert blind().decided("D2", "T", reviews="D1", procedural_only=True).says("R12") == {}
    assert blind().decided("D2", "T").says("R12") == {}


def test_one_person_in_both() -> None:
    book = blind().decided("D2", "AB1", reviews="D1").decided("D3", "AB1", reviews="D2", decider="P1")
    assert book.says("R12") == {"not_independent:D2:D3": "b2"}


def test_a_review_given_to_somebody_who_decided() -> None:
    book = blind()
    book.add(e.ReviewOpened("W1", "D1", v.ReviewTrigger.COMPLAINT, "P1", CPS))
    book.add(e.ReviewOpened("W2", "D1", v.ReviewTrigger.COMPLAINT, "P2", CPS))
    assert book.says("R12") == {"review:W1": "b2"}
