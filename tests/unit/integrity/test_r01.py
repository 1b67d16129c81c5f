"""R01: A decision on a written record whose recording was held and not seen."""

from __future__ import annotations

from material_builder import Book, day
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def interviewed() -> Book:
    book = Book("2005-01-20").record("AB1").on("2005-01-27").record("AB1A", K.RECORD_OF_INTERVIEW)
    return book.derived("AB1A", "AB1").on("2019-06-10")


def test_nobody_told_the_decider_that_there_is_a_recording() -> None:
    assert interviewed().decided("D1", "AB1A").says("R01") == {"D1:AB1": "a1"}


def test_told_and_not_supplied() -> None:
    assert interviewed().decided("D1", "AB1A", shown=("AB1",)).says("R01") == {"D1:AB1": "b2"}


def test_told_by_the_answer_that_the_decision_waited_for() -> None:
    book = interviewed().asked("Q1", closes_on="D1").answered("Q1", "AB1")
    assert book.decided("D1", "AB1A").says("R01") == {"D1:AB1": "b2"}


def test_supplied_and_not_looked_at() -> None:
    book = interviewed().shared("S1", "AB1", to_person="D1's prosecutor")
    assert book.decided("D1", "AB1A").says("R01") == {"D1:AB1": "c3"}


def test_offered_is_not_delivered() -> None:
    book = interviewed().shared("S1", "AB1", received=False).decided("D1", "AB1A", shown=("AB1",))
    assert book.says("R01") == {"D1:AB1": "b2"}


def test_known_not_seen_and_the_reason_signed_is_no_alarm() -> None:
    unseen = {"AB1": v.UnseenReason.NOT_PLAYABLE}
    assert interviewed().decided("D1", "AB1A", unseen=unseen).says("R01") == {"D1:AB1": "d4"}
    assert interviewed().decided("D1", "AB1A", unseen=unseen, signed=False).says("R01") == {"D1:AB1": "b2"}


def test_the_written_record_is_enough_for_now_only_at_an_early_stage() -> None:
    unseen = {"AB1": v.UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE}
    late = interviewed().decided("D1", "AB1A", unseen=unseen)
    early = interviewed().decided("D1", "AB1A", unseen=unseen, kind=v.DecisionKind.CHARGE)
    assert (late.says("R01"), early.says("R01")) == ({"D1:AB1": "b2"}, {"D1:AB1": "d4"})


def test_silent_when_a_verified_copy_was_seen() -> None:
    book = interviewed().record("AB1D").copied_exactly("AB1D", "AB1")
    assert book.decided("D1", "AB1A", "AB1D").says("R01") == {}


def test_an_unchecked_migration_is_not_the_recording() -> None:
    book = interviewed().record("AB1D").derived("AB1D", "AB1", v.Method.FORMAT_MIGRATION)
    assert book.decided("D1", "AB1A", "AB1D").says("R01") == {"D1:AB1": "a1"}


def test_silent_when_a_bit_copy_with_the_same_hash_was_seen() -> None:
    book = interviewed().record("AB1D").derived("AB1D", "AB1", v.Method.BIT_COPY)
    book.copy("one", "AB1", sha256="aa").copy("two", "AB1D", sha256="aa")
    assert book.decided("D1", "AB1A", "AB1D").says("R01") == {}


def test_a_bit_copy_found_different_is_not_the_recording() -> None:
    book = interviewed().record("AB1D").derived("AB1D", "AB1", v.Method.BIT_COPY)
    book.copy("one", "AB1", sha256="aa").copy("two", "AB1D", sha256="aa")
    book.checked("AB1D", "AB1", v.Verified.MATERIAL_DIFFERENCE)
    assert book.decided("D1", "AB1A", "AB1D").says("R01") == {"D1:AB1": "a1"}


def test_silent_for_a_redaction_when_the_unredacted_was_seen() -> None:
    book = Book().record("doc", K.ORIGINAL_DOCUMENT).record("doc-R", K.REDACTION)
    book.derived("doc-R", "doc", v.Method.REDACTION)
    assert book.decided("D1", "doc-R", "doc").says("R01") == {}


def test_silent_at_early_advice_and_for_the_defences_own() -> None:
    assert interviewed().decided("D1", "AB1A", kind=v.DecisionKind.EARLY_ADVICE).says("R01") == {}
    own = Book().record("V", for_defence=True).record("T", K.SUMMARY).derived("T", "V", v.Method.SUMMARY)
    assert own.decided("D1", "T").says("R01") == {}


def test_silent_when_nobody_held_it_any_more() -> None:
    book = interviewed().holding("AB1", v.HoldingStatus.DESTROYED, since="2010-01-01")
    assert book.decided("D1", "AB1A").says("R01") == {}


def test_unknown_missing_and_not_searched_are_not_held() -> None:
    for status in (v.HoldingStatus.UNKNOWN, v.HoldingStatus.MISSING, v.HoldingStatus.NOT_SEARCHED):
        assert interviewed().holding("AB1", status).decided("D1", "AB1A").says("R01") == {}, status


def test_a_note_of_an_interview_that_was_also_filmed() -> None:
    book = Book().record("film").record("note", K.ORIGINAL_NOTE).same_event("note", "film")
    assert book.decided("D1", "note").says("R01") == {"D1:film": "a1"}
    assert book.decided("D2", "film").says("R01") == {"D1:film": "a1"}


def test_one_alarm_for_a_recording_and_its_verified_copies() -> None:
    book = interviewed().record("AB1D").copied_exactly("AB1D", "AB1").decided("D1", "AB1A")
    assert book.says("R01") == {"D1:AB1": "a1"}
    assert book.findings()["R01/D1:AB1"].records == ("AB1A", "AB1", "AB1D")


def test_a_mere_hash_on_the_register_never_closes_it() -> None:
    book = interviewed().decided("D1", "AB1A").record("AB1D").copied_exactly("AB1D", "AB1")
    assert book.shared("S1", "AB1D").says("R01") == {"D1:AB1": "a1"}


def test_it_stays_as_late_when_a_review_of_a_review_saw_it() -> None:
    book = interviewed().decided("D1", "AB1A").decided("D2", "AB1A", reviews="D1").decided("D3", "AB1", reviews="D2")
    assert book.says("R01") == {"D1:AB1": "late4", "D2:AB1": "late4"}


def test_a_file_out_of_a_telephone_does_not_ask_for_the_whole_telephone() -> None:
    book = Book().record("phone", K.DEVICE_DOWNLOAD).record("clip", K.CLIP)
    book.derived("clip", "phone", v.Method.EXTRACTED_FROM_CONTAINER)
    assert book.decided("D1", "clip").says("R01") == {}


def test_not_knowable_where_the_recording_was_registered_afterwards() -> None:
    book = Book("2005-01-27").record("AB1A", K.RECORD_OF_INTERVIEW).on("2019-06-10").decided("D1", "AB1A")
    book.on("2025-08-04").record("AB1", made="2005-01-20").derived("AB1A", "AB1")
    assert not book.findings()["R01/D1:AB1"].knowable_then
    assert interviewed().decided("D1", "AB1A").findings()["R01/D1:AB1"].knowable_then


def test_of_a_decision_entered_late_the_register_knew_only_what_it_had_by_that_day() -> None:
    made = {"made_at": day("2019-06-10"), "legacy": True}
    late = interviewed().on("2025-01-01").decided("D1", "AB1A", **made)
    assert late.findings()["R01/D1:AB1"].knowable_then
    both = Book("2025-01-01").record("AB1", made="2005-01-20").record("AB1A", K.SUMMARY).derived("AB1A", "AB1")
    assert not both.decided("D1", "AB1A", **made).findings()["R01/D1:AB1"].knowable_then
