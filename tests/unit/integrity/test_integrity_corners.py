"""Small things that a tired person does, or somebody who hopes that the rules look away."""

from __future__ import annotations

from typing import Any

from material_builder import CALENDARS, CPS, POL, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.findings import Finding
from safehands.core.records.reading import as_of
from safehands.core.records.vocabulary import RecordKind as K
from safehands.rulebook.integrity import INTEGRITY, letters

C = v.CustodyType


def kept_up(book: Book, event: Any) -> dict[str, Finding]:
    """What is true after one more fact, where only what it touched is judged again: the same as all judged anew."""
    before = book.material
    standing = INTEGRITY.evaluate(before, book.today, CALENDARS)
    book.add(event)
    after = INTEGRITY.advance(standing, before, book.material, book.facts[-1:], at=book.today, calendars=CALENDARS)
    assert dict(after) == book.findings()
    return dict(after)


def test_a_sensitive_record_that_was_left_out_is_put_on_the_sensitive_schedule_in_time() -> None:
    book = Book("2005-01-20").record("AB1", sensitivity=v.Sensitivity.HIGHLY_SENSITIVE)
    book.holding("AB1", v.HoldingStatus.HELD).on("2020-01-01").asked("Q1").answered("Q1")
    assert book.says("R04") == {"Q1:AB1": "a2"}
    items = (v.ScheduleItem(1, "AB1", "an interview"),)
    served = e.ScheduleServed("M1", v.Form.MG6D, POL, book.today, items, "officer")
    assert "R04/Q1:AB1" not in kept_up(book, served)


def test_somebody_says_afterwards_that_two_records_are_of_one_event() -> None:
    book = Book("2005-01-20").record("AB1").record("T", K.SUMMARY).on("2019-06-10").decided("D1", "T")
    assert book.says("R01") == {}
    assert kept_up(book, e.SameEventRecorded("AB1", "T"))["R01/D1:AB1"].records == ("T", "AB1")


def test_the_answer_that_the_decider_had_is_entered_only_after_the_decision() -> None:
    book = Book("2005-01-20").record("AB1").record("T", K.SUMMARY).derived("T", "AB1").on("2019-06-01")
    book.asked("Q1", closes_on="D1").on("2019-06-10").decided("D1", "T").on("2019-07-01")
    assert book.says("R01") == {"D1:AB1": "a1"}
    available = (v.ReplyItem("AB1", v.ReplyCode.SUPPLIED),)
    found = kept_up(book, e.RequestAnswered("A1", "Q1", POL, day("2019-06-05"), available, complete=True))
    assert found["R01/D1:AB1"].letter == "b", "told of it before the decision, and it was not delivered"


def test_two_decisions_that_each_claim_to_review_the_other_end_nobodys_patience() -> None:
    book = Book("2005-01-20").record("AB1").record("T", K.SUMMARY).derived("T", "AB1").on("2019-06-10")
    book.decided("D1", "T", reviews="D2").on("2019-07-01").decided("D2", "T", reviews="D1")
    assert {"D1:AB1", "D2:AB1"} <= book.says("R01").keys()


def test_a_seal_that_comes_as_it_left_is_no_gap() -> None:
    book = Book("2005-01-20").record("AB1").copy("c", "AB1").custody("c", C.SEALED, seal_after="S1")
    book.on("2005-03-01").custody("c", C.SEAL_OPENED, seal_before="S1", seal_after="S2").on("2005-04-01")
    assert book.says("R13") == {}
    assert book.custody("c", C.SEAL_OPENED, seal_before="S1").says("R13") == {"c": "b3"}, "the old seal came back"


def test_a_copy_of_what_nobody_registered_is_destroyed() -> None:
    book = Book("2020-01-01").copy("c", "AB1", held_by=POL).asked("Q1").on("2020-02-01").custody("c", C.DESTROYED)
    assert book.says("R09") == {}, "no request can be for what no register names"
    held = Book("2020-01-01").copy("c", "AB1", held_by=POL)
    held.add(e.HoldPlaced("H1", "AB1", "inquiry", "inquiry"))
    assert held.on("2020-02-01").custody("c", C.DESTROYED).says("R09") == {"AB1": "b1"}, "a hold names it all the same"


def test_a_letter_about_one_decision_is_not_read_again_for_another() -> None:
    book = Book("2005-01-20").record("AB1").record("AB2", K.CCTV).on("2019-06-10").decided("D1", "AB1")
    book.wrote("L1", v.LetterClaim(v.ClaimCode.CONSIDERED, "AB1"), decision="D1")
    book.wrote("L2", v.LetterClaim(v.ClaimCode.CONSIDERED, "AB1")).on("2019-07-01").decided("D2", "AB2")
    assert set(letters.RULE.touched(book.material, book.facts[-1])) == {("L2", "AB1")}, "L2 names no decision"


def test_what_the_register_said_before_the_letter_came_says_nothing_of_the_letter() -> None:
    book = Book("2005-01-20").record("AB1").record("T", K.SUMMARY).derived("T", "AB1").on("2019-06-10")
    book.decided("D1", "T").on("2019-07-01")
    book.wrote("L1", v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED), decision="D1")
    assert book.says("R08") == {"L1:all_material_considered": "b1"}
    june = as_of(book.material, instant=day("2019-06-20"))
    then = INTEGRITY.evaluate_as_of(june, day("2019-06-20"), CALENDARS).values()
    assert {each.rule for each in then} & {"R01", "R08"} == {"R01"}


def test_it_was_moved_about_by_the_decider_and_never_looked_at() -> None:
    book = Book().record("AB1").copy("c", "AB1", v.Medium.PAPER)
    book.custody("c", C.MOVED, agency=CPS, person="D1's prosecutor").decided("D1", "AB1")
    assert book.says("R15") == {"decision:D1:AB1": "a2"}


def test_a_flag_that_came_after_the_destruction_is_not_held_against_it() -> None:
    book = Book("2005-01-20").record("AB1").copy("c", "AB1", held_by=POL).on("2020-01-01").custody("c", C.DESTROYED)
    book.on("2020-02-01").add(e.CaseFlagged(("hold:inquiry",)))
    assert book.says("R09") == {}
    book.add(e.CaseFlagged(("hold:earlier",)), happened=day("2019-12-01"))
    assert book.says("R09") == {"AB1": "b1"}
