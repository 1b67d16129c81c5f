"""R11: Unused material on no schedule."""

from __future__ import annotations

from typing import Any

import pytest

from material_builder import POL, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K

UNUSED: dict[str, Any] = {"relevance": v.Relevance.MAY_BE_RELEVANT, "use": v.Use.UNUSED_NONSENSITIVE}


def charged(**fields: Any) -> Book:
    book = Book("2005-01-20").record("AB1", **{**UNUSED, **fields}).on("2005-02-03")
    book.add(e.StageReached(v.CaseStage.CHARGED))
    return book


def served(
    book: Book, *items: v.ScheduleItem, form: v.Form = v.Form.MG6C, name: str = "M1", report: bool = True
) -> Book:
    book.add(e.ScheduleServed(name, form, POL, book.today, items, "officer", with_certificate=report))
    return book


def line(number: int, record: str, text: str = "Video interview, 48 minutes") -> v.ScheduleItem:
    return v.ScheduleItem(number, record, text)


def test_on_no_schedule_once_somebody_is_charged() -> None:
    assert charged().says("R11") == {"record:AB1": "a3"}
    assert served(charged(), line(1, "AB1")).says("R11") == {}


def test_silent_before_a_charge_for_evidence_and_for_what_is_not_relevant() -> None:
    assert Book().record("AB1", **UNUSED).says("R11") == {}
    assert charged(use=v.Use.EVIDENCE).says("R11") == charged(relevance=v.Relevance.NOT_RELEVANT).says("R11") == {}
    assert charged(kind=K.EMAIL).says("R11") == charged(for_defence=True).says("R11") == {}


def test_unassessed_has_four_weeks() -> None:
    book = charged(use=v.Use.UNASSESSED)
    assert book.says("R11", "2005-03-02") == {}
    assert book.says("R11", "2005-03-04") == {"record:AB1": "a3"}


def test_what_came_after_a_schedule_needs_a_continuation() -> None:
    book = served(charged(), line(1, "AB1")).on("2005-03-01").record("new", **UNUSED)
    assert book.says("R11") == {"record:new": "c3"}


def test_what_was_made_after_the_proceedings_ended_needs_no_schedule() -> None:
    book = charged().on("2005-09-12")
    book.add(e.StageReached(v.CaseStage.DISCONTINUED))
    assert book.on("2006-01-01").record("new", **UNUSED).says("R11") == {"record:AB1": "a3"}


def test_numbers_run_on_over_all_schedules_of_a_form() -> None:
    book = served(charged().record("two", **UNUSED), line(1, "AB1"))
    assert served(book, line(2, "two"), name="M2").says("R11") == {}
    other = served(charged().record("two", **UNUSED), line(1, "AB1"))
    assert served(other, line(1, "two"), name="M2").says("R11") == {"schedule:M2:numbering": "b3"}


def test_a_schedule_comes_with_a_report() -> None:
    book = served(charged(), line(1, "AB1"), report=False)
    assert book.says("R11") == {"schedule:M1:certificate": "d3"}
    assert served(book, form=v.Form.MG6E, name="E1").says("R11") == {}


@pytest.mark.parametrize("text", ["", "  ", "MG11", "mg 6c", "Form no. 12", "MG11/2", "MG11(T)", "Misc 12"])
def test_a_description_that_says_nothing(text: str) -> None:
    book = served(charged(), line(1, "AB1", text))
    assert book.says("R11") == {"schedule:M1:description": "e3"}


def test_a_schedule_from_before_the_charge_is_judged_from_the_charge_on() -> None:
    book = served(Book("2005-01-20").record("AB1", **UNUSED), line(3, "AB1"))
    assert book.says("R11") == {}
    book.add(e.StageReached(v.CaseStage.TRIAL), happened=day("2005-02-03"))
    assert book.says("R11", "2005-02-02") == {}
    assert book.says("R11", "2005-02-04") == {"schedule:M1:numbering": "b3"}


def test_whoever_is_charged_again_is_owed_what_came_after_the_first_end() -> None:
    book = charged()
    book.add(e.StageReached(v.CaseStage.DISCONTINUED), happened=day("2005-05-01"))
    book.record("late", made="2005-06-01", **UNUSED)
    assert "record:late" not in book.says("R11", "2006-01-01")
    book.add(e.StageReached(v.CaseStage.CHARGED), happened=day("2005-07-01"))
    assert "record:late" in book.says("R11", "2006-01-01")
