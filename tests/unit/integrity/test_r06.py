"""R06: A request that is open."""

from __future__ import annotations

from typing import Any

from material_builder import POL, Book
from safehands.core.records import events as e


def test_past_its_day_by_the_calendar_alone() -> None:
    book = Book("2019-03-04").asked("Q1", due="2019-03-18")
    assert book.says("R06", "2019-03-17") == {}
    assert book.says("R06", "2019-03-19") == {"Q1": "a3"}


def test_answered_in_time_late_or_withdrawn() -> None:
    book = Book("2019-03-04").asked("Q1", due="2019-03-18")
    assert book.on("2019-03-10").answered("Q1").says("R06", "2020-01-01") == {}
    late = Book("2019-03-04").asked("Q1", due="2019-03-18").on("2019-03-25").answered("Q1")
    assert late.says("R06") == {"Q1": "late4"}
    gone = Book("2019-03-04").asked("Q1", due="2019-03-18")
    gone.add(e.RequestWithdrawn("Q1", "found"))
    assert gone.says("R06", "2020-01-01") == Book().asked("Q1").says("R06", "2030-01-01") == {}


def decided(**fields: Any) -> Book:
    return Book("2019-03-04").asked("Q1").on("2019-06-10").decided("D1", **fields)


def test_a_decision_while_it_is_open_unless_waived_or_interim() -> None:
    assert decided().says("R06") == {"Q1:D1": "b2"}
    assert decided(waived={"Q1": "the trial is tomorrow"}).says("R06") == decided(interim=True).says("R06") == {}
    assert decided(decider_agency=POL).says("R06") == {}


def test_withdrawing_it_afterwards_hides_nothing() -> None:
    book = decided().on("2019-06-11")
    book.add(e.RequestWithdrawn("Q1", "tidied up"))
    assert book.says("R06") == {"Q1:D1": "b2"}
    before = Book("2019-03-04").asked("Q1")
    before.add(e.RequestWithdrawn("Q1", "found"))
    assert before.on("2019-06-10").decided("D1").says("R06") == {}


def test_a_whole_answer_before_it_and_one_after_it() -> None:
    book = Book("2019-03-04").asked("Q1").answered("Q1").on("2019-06-10").decided("D1")
    assert book.says("R06") == {}
    assert decided().on("2019-07-01").answered("Q1").says("R06") == {"Q1:D1": "late4"}
    part = Book("2019-03-04").asked("Q1").answered("Q1", complete=False).on("2019-06-10").decided("D1")
    assert part.says("R06") == {"Q1:D1": "b2"}
