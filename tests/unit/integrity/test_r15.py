"""R15: Said to be seen, and not opened."""

from __future__ import annotations

import pytest

from material_builder import CPS, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v


def test_nothing_shows_that_the_decider_opened_it() -> None:
    book = Book().record("AB1").shared("S1", "AB1").decided("D1", "AB1")
    assert book.says("R15") == {"decision:D1:AB1": "a2"}


@pytest.mark.parametrize("percent", [None, 50, 100])
def test_silent_when_they_did(percent: int | None) -> None:
    book = Book().record("AB1").shared("S1", "AB1").opened("S1", "D1's prosecutor", percent)
    assert book.decided("D1", "AB1").says("R15") == {}


def test_silent_for_a_viewing_in_person_or_on_paper_that_is_on_record() -> None:
    shown = Book().record("AB1").shared("S1", "AB1", channel=v.Channel.IN_PERSON_VIEWING, to_person="D1's prosecutor")
    assert shown.decided("D1", "AB1").says("R15") == {}
    paper = Book().record("AB1").copy("c", "AB1", v.Medium.PAPER)
    paper.custody("c", v.CustodyType.READ, agency=CPS, person="D1's prosecutor")
    assert paper.decided("D1", "AB1").says("R15") == {}


def test_silent_for_a_decision_from_before_this_register() -> None:
    assert Book().record("AB1").decided("D1", "AB1", legacy=True).says("R15") == {}


def test_a_share_that_lapsed_unopened() -> None:
    def lapsing() -> Book:
        return Book("2020-01-01").record("AB1").shared("S1", "AB1", expires_at=day("2020-02-01"))

    assert lapsing().says("R15", "2020-01-31") == {}
    assert lapsing().says("R15", "2020-02-02") == {"share:S1": "b2"}
    assert lapsing().opened("S1", "P1").says("R15", "2020-02-02") == {}
    revoked = lapsing()
    revoked.add(e.ShareRevoked("S1", "wrong person"))
    assert revoked.says("R15", "2020-02-02") == {}
