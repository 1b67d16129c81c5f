"""R20: Made harder to see."""

from __future__ import annotations

from typing import Any

from material_builder import POL, Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v


def closed(**change: Any) -> e.RecordReclassified:
    return e.RecordReclassified("AB1", "looked at again", **change)


def test_closed_after_a_request_that_asked_for_it() -> None:
    book = Book().record("AB1").asked("Q1")
    book.add(closed(sensitivity=v.Sensitivity.SENSITIVE))
    assert book.says("R20") == {"AB1": "a2"}


def test_moved_to_the_sensitive_schedule_after_a_decision() -> None:
    book = Book().record("AB1", use=v.Use.UNUSED_NONSENSITIVE).decided("D1")
    book.add(closed(use=v.Use.UNUSED_SENSITIVE))
    assert book.says("R20") == {"AB1": "a2"}


def test_dropped_as_not_relevant_once_it_stood_on_a_schedule() -> None:
    book = Book().record("AB1").asked("Q1")
    book.add(closed(relevance=v.Relevance.NOT_RELEVANT))
    assert book.says("R20") == {}
    listed = Book().record("AB1")
    items = (v.ScheduleItem(1, "AB1", "Video"),)
    listed.add(e.ScheduleServed("M1", v.Form.MG6C, POL, listed.today, items, "officer"))
    listed.add(closed(relevance=v.Relevance.NOT_RELEVANT))
    assert listed.says("R20") == {"AB1": "a2"}


def test_silent_when_a_court_ordered_it_when_opened_and_when_nobody_was_looking() -> None:
    ordered = Book().record("AB1").asked("Q1")
    ordered.add(closed(sensitivity=v.Sensitivity.SENSITIVE, authority="Crown Court at Midtown, order 12"))
    opened = Book().record("AB1", sensitivity=v.Sensitivity.SENSITIVE).asked("Q1")
    opened.add(closed(sensitivity=v.Sensitivity.NONE))
    alone = Book().record("AB1")
    alone.add(closed(sensitivity=v.Sensitivity.SENSITIVE))
    unknown = Book()
    unknown.add(closed(sensitivity=v.Sensitivity.SENSITIVE))
    assert ordered.says("R20") == opened.says("R20") == alone.says("R20") == unknown.says("R20") == {}
