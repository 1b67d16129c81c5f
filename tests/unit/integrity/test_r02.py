"""R02: A derived record with no source."""

from __future__ import annotations

from typing import Any

import pytest

from material_builder import Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def test_a_transcript_with_no_recording_is_asked_about_at_once() -> None:
    assert Book().record("T", K.TRANSCRIPT_FULL).says("R02") == {"T": "a2"}


def test_critical_once_a_decision_rests_on_it_or_on_a_verified_copy() -> None:
    assert Book().record("T", K.TRANSCRIPT_FULL).decided("D1", "T").says("R02") == {"T": "a1"}
    book = Book().record("T", K.TRANSCRIPT_FULL).record("scan", K.TRANSCRIPT_FULL).copied_exactly("scan", "T")
    assert book.decided("D1", "scan").says("R02") == {"T": "a1"}


def test_a_source_that_is_named_and_not_registered_is_still_asked_for() -> None:
    assert Book().record("T", K.TRANSCRIPT_FULL).derived("T", "somewhere").says("R02") == {"T": "a2"}


def test_silent_when_the_source_is_registered_and_for_what_is_no_derivative() -> None:
    assert Book().record("T", K.TRANSCRIPT_FULL).derived("T", "AB1").record("AB1").says("R02") == {}


@pytest.mark.parametrize(
    ("claim", "proof", "says"),
    [
        (v.SourceClaim.NEVER_EXISTED, {}, "c4"),
        (v.SourceClaim.DESTROYED, {"event": "fire of 2011"}, "c4"),
        (v.SourceClaim.DESTROYED, {}, "a2"),
        (v.SourceClaim.SEARCHED_NOT_FOUND, {"scope": "store B"}, "c4"),
        (v.SourceClaim.SEARCHED_NOT_FOUND, {}, "a2"),
        (v.SourceClaim.HELD_BY, {"held_by": "LAB"}, "c4"),
        (v.SourceClaim.HELD_BY, {}, "a2"),
        (v.SourceClaim.NOT_ASKED, {}, "a2"),
    ],
)
def test_an_answer_with_its_proof_lowers_it_and_keeps_it_listed(claim: v.SourceClaim, proof: Any, says: str) -> None:
    book = Book().record("T", K.TRANSCRIPT_FULL).claims_source("T", claim, **proof)
    assert book.says("R02") == {"T": says}


def test_a_note_of_an_interview_asks_whether_it_was_also_recorded() -> None:
    book = Book().record("note", K.ORIGINAL_NOTE)
    assert book.says("R02") == {"note": "b2"}
    book.add(e.TwinAsked("note", v.RecordedToo.NOT_ASKED))
    assert book.says("R02") == {"note": "b2"}
    book.add(e.TwinAsked("note", v.RecordedToo.NO, reason="no machine in the house"))
    assert book.says("R02") == {}
