"""A short story for each integrity rule: a book of facts, on which that rule has something to say on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from material_builder import CPS, POL, Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def _damaged_on_its_way() -> Book:
    book = Book("2025-08-04").record("AB1").copy("AB1-copy", "AB1", v.Medium.FILE, sha256="aa", held_by=POL)
    book.shared("S1", "AB1", received=False, sha256_sent="aa")
    book.add(e.ShareReceived("S1", book.today, "clerk", "bb"), agency=CPS)
    return book


def _destroyed_while_a_decision_rests_on_it() -> Book:
    book = Book("2005-01-20").record("AB1").copy("c", "AB1", held_by=POL).record("T", K.SUMMARY).derived("T", "AB1")
    return book.on("2019-06-10").decided("D1", "T").on("2020-01-01").custody("c", v.CustodyType.DESTROYED)


def _sealed_bag_comes_back_under_another_seal() -> Book:
    book = Book("2020-01-01").record("AB1").copy("c", "AB1", held_by=POL)
    book.custody("c", v.CustodyType.SEALED, seal_after="S100")
    return book.on("2020-02-01").custody("c", v.CustodyType.SEAL_OPENED, seal_before="S200")


def _sent_and_never_acknowledged() -> Book:
    return Book("2025-08-04").record("AB1").shared("S1", "AB1", received=False).on("2025-08-20")


def _closed_once_it_was_asked_for() -> Book:
    book = Book("2025-08-04").record("AB1").asked("Q1").on("2025-08-05")
    book.add(e.RecordReclassified("AB1", "looked at again", sensitivity=v.Sensitivity.SENSITIVE))
    return book


def _no_further_action_on_a_summary() -> Book:
    book = Book("2005-01-20").record("AB1").record("T", K.RECORD_OF_INTERVIEW).derived("T", "AB1")
    return book.on("2019-06-10").decided("D1", "T")


def _a_written_record_alone() -> Book:
    return Book("2005-01-20").record("T", K.RECORD_OF_INTERVIEW).on("2025-08-04")


def _found_after_the_decision() -> Book:
    return Book("2019-06-10").decided("D1").on("2019-07-01").record("AB1", made="2005-01-20")


def _asked_for_all_and_given_some() -> Book:
    return Book("2005-01-20").record("AB1").record("T").on("2018-03-01").asked("Q1").answered("Q1", "T")


def _nothing_further_is_held() -> Book:
    return Book("2005-01-20").record("AB1").on("2018-03-01").attested("N1")


def _decided_without_the_answer() -> Book:
    return Book("2018-03-01").record("T").asked("Q1").on("2018-04-01").decided("D1", "T")


def _said_to_be_gone() -> Book:
    book = Book("2005-01-20").record("AB1").on("2016-01-01")
    return book.wrote("L1", v.LetterClaim(v.ClaimCode.NOT_HELD, record="AB1"))


def _nobody_checked_the_transcript() -> Book:
    return _no_further_action_on_a_summary()


def _unused_and_on_no_schedule() -> Book:
    book = Book("2020-01-01").record("AB1", relevance=v.Relevance.RELEVANT, use=v.Use.UNUSED_NONSENSITIVE)
    book.add(e.StageReached(v.CaseStage.CHARGED))
    return book


def _reviewed_as_blindly() -> Book:
    return _no_further_action_on_a_summary().on("2019-08-01").decided("D2", "T", reviews="D1", decider="another")


def _one_tape_is_all_there_is() -> Book:
    return _no_further_action_on_a_summary().copy("c", "AB1")


def _said_seen_and_never_opened() -> Book:
    book = Book("2019-06-01").record("AB1").shared("S1", "AB1")
    return book.on("2019-06-10").decided("D1", "AB1", mode=v.Mode.VIEWED_FULL)


def _nobody_can_tell_why() -> Book:
    return Book("2005-06-01").decided("D1", basis_known=False)


def _entered_twenty_years_late() -> Book:
    book = Book("2019-06-10").record("T", K.SUMMARY).decided("D1", "T").on("2025-08-04")
    return book.record("AB1", made="2005-01-20")


#: The story of each rule, and the letter and grade that its own finding has at the end.
STORIES: Mapping[str, tuple[Callable[[], Book], str]] = {
    "R01": (_no_further_action_on_a_summary, "a1"),
    "R02": (_a_written_record_alone, "a2"),
    "R03": (_found_after_the_decision, "a2"),
    "R04": (_asked_for_all_and_given_some, "a2"),
    "R05": (_nothing_further_is_held, "a1"),
    "R06": (_decided_without_the_answer, "b2"),
    "R07": (_damaged_on_its_way, "a1"),
    "R08": (_said_to_be_gone, "a1"),
    "R09": (_destroyed_while_a_decision_rests_on_it, "b1"),
    "R10": (_nobody_checked_the_transcript, "a3"),
    "R11": (_unused_and_on_no_schedule, "a3"),
    "R12": (_reviewed_as_blindly, "a1"),
    "R13": (_sealed_bag_comes_back_under_another_seal, "b3"),
    "R14": (_one_tape_is_all_there_is, "a3"),
    "R15": (_said_seen_and_never_opened, "a2"),
    "R17": (_nobody_can_tell_why, "a4"),
    "R18": (_sent_and_never_acknowledged, "a2"),
    "R19": (_entered_twenty_years_late, "a4"),
    "R20": (_closed_once_it_was_asked_for, "a2"),
}
