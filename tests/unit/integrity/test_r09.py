"""R09: Something that is still needed is destroyed."""

from __future__ import annotations

from typing import Any

import pytest

from material_builder import POL, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def kept() -> Book:
    return Book("2005-01-20").record("AB1").copy("c", "AB1", held_by=POL).on("2020-01-01")


def to_go(book: Book, **fields: Any) -> dict[str, str]:
    return book.custody("c", v.CustodyType.DISPOSAL_AUTHORISED, **fields).says("R09")


def test_silent_when_nothing_needs_it() -> None:
    assert to_go(kept()) == {}


def test_a_decision_rests_on_what_was_made_from_it() -> None:
    book = kept().record("T", K.SUMMARY).derived("T", "AB1").decided("D1", "T")
    assert to_go(book) == {"AB1": "a2"}
    assert book.findings()["R09/AB1"].blocks
    assert book.custody("c", v.CustodyType.DESTROYED).says("R09") == {"AB1": "b1"}


def test_silent_once_the_case_is_concluded() -> None:
    book = kept().record("T", K.SUMMARY).derived("T", "AB1").decided("D1", "T")
    book.add(e.StageReached(v.CaseStage.CONCLUDED))
    assert to_go(book.on("2020-02-01")) == {}


def test_an_open_request_a_review_a_hold_a_flag_a_rule() -> None:
    assert to_go(kept().asked("Q1")) == {"AB1": "a2"}
    assert to_go(kept().asked("Q1").answered("Q1", "AB1")) == {}
    assert to_go(kept().asked("Q1", v.Scope(kinds=(K.CCTV,)))) == {}
    review = kept()
    review.add(e.VictimReviewRequested("V1", "D1", v.Scheme.CPS, "victim", review.today, qualifying=True))
    assert to_go(review) == {"AB1": "a2"}
    closed = kept()
    closed.add(e.VictimReviewRequested("V1", "D1", v.Scheme.CPS, "victim", closed.today, qualifying=True))
    closed.add(e.VictimReviewMoved("V1", "closed"))
    assert to_go(closed) == {}
    hold = kept()
    hold.add(e.HoldPlaced("H1", "AB1", "inquiry", "inquiry"))
    assert to_go(hold) == {"AB1": "a2"}
    lifted = kept()
    lifted.add(e.HoldPlaced("H1", "AB1", "inquiry", "inquiry"))
    lifted.add(e.HoldLifted("H1", "AB1", "over", "inquiry"))
    assert to_go(lifted) == {}
    flag = kept()
    flag.add(e.CaseFlagged(("csa", "hold:inquiry")))
    assert to_go(flag) == {"AB1": "a2"}
    flag.add(e.CaseFlagged((), ("hold:inquiry",)))
    assert flag.findings().keys() & {"R09/AB1"} == set()


@pytest.mark.parametrize(("until", "says"), [(None, {"AB1": "a2"}), ("2030-01-01", {"AB1": "a2"}), ("2010-01-01", {})])
def test_the_day_of_a_rule_has_not_come_or_is_not_known(until: str | None, says: dict[str, str]) -> None:
    book = kept()
    book.add(e.RetentionRuled("AB1", POL, "rule", "basis", day(until) if until else None))
    assert to_go(book) == says


def test_silent_when_only_the_medium_goes_and_a_verified_copy_is_held() -> None:
    def digitised() -> Book:
        return kept().record("AB1D").copied_exactly("AB1D", "AB1").asked("Q1")

    assert to_go(digitised(), medium_only=True) == {}
    assert to_go(digitised()) == {"AB1": "a2"}
    assert to_go(kept().asked("Q1"), medium_only=True) == {"AB1": "a2"}


def test_a_destruction_that_is_only_told_of_counts() -> None:
    book = Book("2005-01-20").record("AB1").on("2020-01-01").asked("Q1").holding("AB1", v.HoldingStatus.DESTROYED)
    assert book.says("R09") == {"AB1": "b1"}


def test_an_authority_that_was_taken_back_stops_nothing() -> None:
    book = kept().asked("Q1").custody("c", v.CustodyType.DISPOSAL_AUTHORISED, custody="u1")
    assert book.custody("c", v.CustodyType.MOVED, supersedes="u1").says("R09") == {}


def test_one_agencys_rule_does_not_end_anothers() -> None:
    book = kept()
    book.add(e.RetentionRuled("AB1", POL, "rule", "basis", day("2030-01-01")))
    book.add(e.RetentionRuled("AB1", "LAB", "rule", "basis", day("2010-01-01")))
    assert to_go(book) == {"AB1": "a2"}
