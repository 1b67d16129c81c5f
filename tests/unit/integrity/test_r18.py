"""R18: Registers that disagree."""

from __future__ import annotations

from material_builder import CPS, Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v


def test_shared_and_no_word_that_it_came_within_three_working_days() -> None:
    book = Book("2025-08-21").record("AB1").shared("S1", "AB1", received=False)
    assert book.says("R18", "2025-08-27 22:00") == {}, "the 25th is a bank holiday"
    assert book.says("R18", "2025-08-27 23:00") == {"share:S1": "a2"}


def test_silent_when_it_was_received_revoked_shown_or_only_told() -> None:
    assert Book().record("AB1").shared("S1", "AB1").says("R18", "2020-02-01") == {}
    for fields in ({"copy": None}, {"channel": v.Channel.IN_PERSON_VIEWING}):
        assert Book().record("AB1").shared("S1", "AB1", received=False, **fields).says("R18", "2020-02-01") == {}
    book = Book().record("AB1").shared("S1", "AB1", received=False)
    book.add(e.ShareRevoked("S1", "wrong"))
    assert book.says("R18", "2020-02-01") == {}


def test_with_no_calendar_it_says_that_it_cannot_tell() -> None:
    book = Book("2040-01-01").record("AB1").shared("S1", "AB1", received=False)
    assert book.says("R18") == {"share:S1": "unknown3"}
    assert book.findings(calendars={})["R18/share:S1"].letter == "unknown"


def test_destroyed_says_one_and_held_says_the_other() -> None:
    book = Book().record("AB1").copy("c", "AB1").holding("AB1", v.HoldingStatus.DESTROYED, copy="c")
    assert book.says("R18") == {}
    assert book.holding("AB1", v.HoldingStatus.HELD, copy="d", agency=CPS).says("R18") == {}
    assert book.holding("AB1", v.HoldingStatus.HELD, copy="c", agency=CPS).says("R18") == {"record:AB1": "b2"}


def test_different_words_on_where_it_came_from() -> None:
    book = Book().record("T").claims_source("T", v.SourceClaim.NEVER_EXISTED)
    assert book.claims_source("T", v.SourceClaim.NOT_ASKED, agency=CPS).says("R18") == {}
    assert book.claims_source("T", v.SourceClaim.DESTROYED, agency=CPS, event="x").says("R18") == {"record:T": "c2"}


def test_two_different_holders_are_two_different_words() -> None:
    book = Book().record("T").claims_source("T", v.SourceClaim.HELD_BY, held_by="LAB")
    assert book.claims_source("T", v.SourceClaim.HELD_BY, held_by="LAB", agency=CPS).says("R18") == {}
    assert book.claims_source("T", v.SourceClaim.HELD_BY, held_by="POL", agency=CPS).says("R18") == {"record:T": "c2"}


def test_destroyed_as_a_whole_is_said_of_each_copy_that_it_spoke_of() -> None:
    book = Book().record("AB1").copy("c", "AB1").holding("AB1", v.HoldingStatus.HELD, copy="c")
    book.holding("AB1", v.HoldingStatus.HELD, copy="c", agency=CPS)
    assert book.holding("AB1", v.HoldingStatus.DESTROYED).says("R18") == {"record:AB1": "b2"}
