"""R08: A letter that the register contradicts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from material_builder import CALENDARS, CPS, POL, Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K
from safehands.rulebook.integrity import INTEGRITY


def claim(code: v.ClaimCode, record: str | None = "AB1", **fields: Any) -> v.LetterClaim:
    return v.LetterClaim(code, record, **fields)


def held() -> Book:
    return Book("2005-01-20").record("AB1").on("2019-06-13")


@pytest.mark.parametrize("code", [v.ClaimCode.NOT_HELD, v.ClaimCode.DESTROYED, v.ClaimCode.NEVER_EXISTED])
def test_it_is_said_to_be_gone_and_is_held(code: v.ClaimCode) -> None:
    assert held().wrote("L1", claim(code)).says("R08") == {"L1:AB1": "a1"}
    assert held().wrote("L1", claim(code, None, kind=K.VIDEO_INTERVIEW, agency=POL)).says("R08") == {"L1:AB1": "a1"}


def test_silent_when_it_is_true_or_the_record_came_later() -> None:
    gone = held().holding("AB1", v.HoldingStatus.DESTROYED, since="2010-01-01")
    assert gone.wrote("L1", claim(v.ClaimCode.DESTROYED)).says("R08") == {}
    assert Book("2019-06-13").wrote("L1", claim(v.ClaimCode.NOT_HELD)).on("2020-01-01").record("AB1").says("R08") == {}
    assert held().wrote("L1", claim(v.ClaimCode.HELD)).says("R08") == {}


def test_a_sender_who_speaks_truly_of_its_own_holding_is_given_better_words() -> None:
    book = held().wrote("L1", claim(v.ClaimCode.NOT_HELD, own_holding=True), sender=CPS)
    assert book.says("R08") == {"L1:AB1": "d4"}
    assert held().wrote("L1", claim(v.ClaimCode.NOT_HELD, agency=CPS)).says("R08") == {}


def test_all_was_considered_and_a_source_was_not() -> None:
    book = Book("2005-01-20").record("AB1").record("T", K.SUMMARY).derived("T", "AB1").on("2019-06-10")
    book.decided("D1", "T").wrote("L1", claim(v.ClaimCode.ALL_MATERIAL_CONSIDERED, None), decision="D1")
    assert book.says("R08") == {"L1:all_material_considered": "b1"}
    book.wrote("L2", claim(v.ClaimCode.ALL_MATERIAL_CONSIDERED, None))
    assert book.says("R08")["L2:all_material_considered"] == "b1"
    honest = Book("2019-06-10").record("AB1").decided("D1", "AB1")
    honest.wrote("L1", claim(v.ClaimCode.ALL_MATERIAL_CONSIDERED, None), decision="D1")
    assert honest.says("R08") == {}


def test_considered_is_what_the_decision_names() -> None:
    told = held().decided("D1", "AB1", mode=v.Mode.TOLD_SUMMARY)
    assert told.wrote("L1", claim(v.ClaimCode.CONSIDERED), decision="D1").says("R08") == {"L1:AB1": "c1"}
    read = held().decided("D1", "AB1")
    assert read.wrote("L1", claim(v.ClaimCode.CONSIDERED), decision="D1").says("R08") == {}
    assert read.wrote("L2", claim(v.ClaimCode.CONSIDERED)).says("R08") == {}


def test_what_the_family_says_that_it_claims_is_looked_at_too() -> None:
    book = held().wrote("L1")
    book.add(e.ClaimDisputed("L1", claim(v.ClaimCode.NOT_HELD), "family", "it says so on page two"))
    assert book.says("R08") == {"L1:AB1": "a1"}


def test_however_many_were_not_seen_the_letter_says_it_once() -> None:
    book = Book("2005-01-20")
    for name in ("A", "B"):
        book.record(name).record(f"{name}-text", K.SUMMARY).derived(f"{name}-text", name)
    book.on("2019-06-10").decided("D1", "A-text", "B-text").on("2019-07-01")
    book.wrote("L1", v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED), decision="D1")
    (one,) = [each for each in book.findings().values() if each.rule == "R08"]
    assert (one.letter, one.records, one.knowable_then) == ("b", ("A",), True)
    book.on("2019-08-01").decided("D2", "A", reviews="D1")
    assert [each.letter for each in book.findings().values() if each.rule == "R08"] == ["b"], (
        "late is unseen all the same"
    )


def test_what_is_no_longer_true_of_any_source_is_no_longer_said() -> None:
    book = Book("2005-01-20").record("A").record("A-digital").record("T", K.SUMMARY).derived("T", "A")
    book.derived("A-digital", "A", v.Method.FORMAT_MIGRATION).on("2019-06-10").decided("D1", "T", "A-digital")
    book.wrote("L1", v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED), decision="D1")
    before, at = book.material, book.today + timedelta(days=1)
    standing = INTEGRITY.evaluate(before, at, CALENDARS)
    assert [each.letter for each in standing.values() if each.rule == "R08"] == ["b"]
    book.checked("A-digital", "A")
    after = INTEGRITY.advance(standing, before, book.material, book.facts[-1:], at=at, calendars=CALENDARS)
    assert not [each for each in after.values() if each.rule == "R08"]
    assert dict(after) == dict(INTEGRITY.evaluate(book.material, at, CALENDARS))
