"""R04: An answer that leaves something out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from material_builder import POL, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def asked(**record: Any) -> Book:
    return Book("2005-01-20").record("AB1", **record).record("AB1A").on("2019-03-04").asked("Q1").on("2019-03-25")


def test_a_record_that_was_held_has_no_line() -> None:
    assert asked().answered("Q1", "AB1A").says("R04") == {"Q1:AB1": "a2"}


def test_silent_when_every_record_has_a_line_and_while_there_is_no_answer() -> None:
    assert asked().answered("Q1", "AB1A", "AB1").says("R04") == asked().says("R04") == {}


def test_silent_for_what_was_not_relevant_before_the_request_and_not_after() -> None:
    book = Book("2005-01-20").record("AB1", relevance=v.Relevance.NOT_RELEVANT)
    assert book.on("2019-03-04").asked("Q1").answered("Q1").says("R04") == {}
    afterwards = Book("2005-01-20").record("AB1").on("2019-03-04").asked("Q1").on("2019-03-05")
    change = e.RecordReclassified("AB1", "now it is not", relevance=v.Relevance.NOT_RELEVANT)
    afterwards.add(change, happened=day("2005-01-21"))
    assert afterwards.answered("Q1").says("R04") == {"Q1:AB1": "a2"}


def test_a_row_of_a_bulk_import_goes_by_its_own_time() -> None:
    book = Book("2019-03-04").asked("Q1").on("2020-01-01")
    book.record("AB1", made="2005-01-20", relevance=v.Relevance.NOT_RELEVANT, legacy=True)
    assert book.answered("Q1").says("R04") == {}


def test_silent_for_the_highly_sensitive_when_told_by_the_other_way() -> None:
    closed = {"sensitivity": v.Sensitivity.HIGHLY_SENSITIVE}
    assert asked(**closed).answered("Q1", "AB1A").says("R04") == {"Q1:AB1": "a2"}
    assert asked(**closed).shared("S1", "AB1", copy=None).answered("Q1", "AB1A").says("R04") == {}
    book = asked(**closed)
    items = (v.ScheduleItem(1, "AB1", "see the sensitive register"),)
    book.add(e.ScheduleServed("M1", v.Form.MG6D, POL, book.today, items, "officer"))
    assert book.answered("Q1", "AB1A").says("R04") == {}


def test_a_later_answer_mends_it_and_it_stays_on_record() -> None:
    book = asked().answered("Q1", "AB1A").on("2019-04-01").answered("Q1", "AB1", "AB1A")
    assert book.says("R04") == {"Q1:AB1": "late4"}
    partial = asked().answered("Q1", "AB1A", complete=False).answered("Q1", "AB1")
    assert partial.says("R04") == {}


def test_an_answer_that_was_replaced_counts_no_more() -> None:
    book = asked().answered("Q1", "AB1", "AB1A", reply="one").answered("Q1", "AB1A", supersedes="one")
    assert book.says("R04") == {"Q1:AB1": "a2"}
    assert asked().answered("Q1", reply="one").answered("Q1", "AB1", "AB1A", supersedes="one").says("R04") == {
        "Q1:AB1": "late4",
        "Q1:AB1A": "late4",
    }


def test_out_of_scope_is_not_left_out() -> None:
    kinds = v.Scope(kinds=(K.CCTV,))
    persons = v.Scope(persons=("suspect",))
    dates = v.Scope(made_from=day("2006-01-01"))
    until = v.Scope(made_until=day("2004-01-01"))
    for scope in (kinds, persons, dates, until, v.Scope(text="whatever there is")):
        book = Book("2005-01-20").record("AB1", persons=("victim",)).on("2019-03-04").asked("Q1", scope)
        assert book.answered("Q1").says("R04") == {}, scope


def test_of_unknown_date_is_in_scope() -> None:
    book = Book("2005-01-20").record("AB1")
    fact = book.facts[0]
    created = v.When(fact.event.created.at, v.Precision.UNKNOWN)
    book.facts[0] = replace(fact, event=replace(fact.event, created=created))
    scope = v.Scope(made_from=day("2019-01-01"))
    assert book.on("2019-03-04").asked("Q1", scope).answered("Q1").says("R04") == {"Q1:AB1": "a2"}


def test_what_somebody_else_holds_is_not_for_this_agency_to_answer() -> None:
    assert Book().record("r", agency="LAB").asked("Q1").answered("Q1").says("R04") == {}
