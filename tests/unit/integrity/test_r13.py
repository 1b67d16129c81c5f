"""R13: A gap in custody."""

from __future__ import annotations

from typing import Any

from material_builder import POL, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v

C = v.CustodyType


def tape(**fields: Any) -> Book:
    return Book("2005-01-20").record("AB1", **fields).copy("c", "AB1")


def test_given_to_one_and_came_from_another() -> None:
    book = tape().custody("c", C.MOVED, given_to="store A").on("2005-02-01").custody("c", C.VIEWED)
    assert book.on("2005-03-01").custody("c", C.MOVED, given_by="store B").says("R13") == {"c": "a3"}
    whole = tape().custody("c", C.MOVED, given_to="store A").custody("c", C.MOVED, given_by="store A")
    assert whole.says("R13") == {}


def test_left_under_one_seal_and_came_under_another() -> None:
    book = tape().custody("c", C.SEALED, seal_after="S1").on("2005-03-01").custody("c", C.SEAL_OPENED, seal_before="S2")
    assert book.says("R13") == {"c": "b3"}


def test_two_say_that_they_have_the_one_thing() -> None:
    book = tape().holding("AB1", v.HoldingStatus.HELD, copy="c")
    assert book.says("R13") == {}
    assert book.holding("AB1", v.HoldingStatus.HELD, copy="c", agency="LAB").says("R13") == {"c": "c3"}
    file = Book().record("AB1").copy("c", "AB1", v.Medium.FILE).holding("AB1", v.HoldingStatus.HELD, copy="c")
    assert file.holding("AB1", v.HoldingStatus.HELD, copy="c", agency="LAB").says("R13") == {}


def test_transferred_and_never_arrived() -> None:
    book = tape().custody("c", C.TRANSFERRED)
    assert book.says("R13", "2005-02-01") == {}
    assert book.says("R13", "2005-03-01") == {"c": "d3"}


def test_from_before_the_register_it_is_one_legacy_gap() -> None:
    book = tape().custody("c", C.MOVED, given_to="A").on("2005-03-01").custody("c", C.MOVED, given_by="B")
    book.add(e.RegisterDeclared(POL, v.RegisterStatus.LIVE, before=day("2010-01-01")))
    assert book.says("R13") == {"c": "legacy4"}
    imported = Book("2020-01-01").record("AB1", legacy=True).copy("c", "AB1")
    imported.custody("c", C.MOVED, given_to="A", at=day("2005-01-01"))
    assert imported.custody("c", C.MOVED, given_by="B", at=day("2005-02-01")).says("R13") == {"c": "legacy4"}


def test_it_arrived_where_another_agency_says_that_it_has_it() -> None:
    book = tape().custody("c", C.TRANSFERRED).on("2005-02-01").holding("AB1", v.HoldingStatus.HELD, agency="LAB")
    assert book.says("R13", "2005-06-01") == {}
    late = tape().custody("c", C.TRANSFERRED).on("2005-04-01").custody("c", C.RECEIVED, agency="LAB")
    assert late.says("R13") == {"c": "d3"}
    gone = tape().custody("c", C.TRANSFERRED).on("2005-04-01").holding("AB1", v.HoldingStatus.MISSING, agency="LAB")
    assert gone.says("R13") == {"c": "d3"}


def test_what_is_said_of_the_whole_is_said_of_its_copies() -> None:
    book = tape().holding("AB1", v.HoldingStatus.HELD, copy="c").holding("AB1", v.HoldingStatus.HELD, agency="LAB")
    assert book.says("R13") == {}, "the laboratory never spoke of this copy"
    book.holding("AB1", v.HoldingStatus.HELD, copy="c", agency="LAB").on("2005-03-01")
    assert book.holding("AB1", v.HoldingStatus.TRANSFERRED).says("R13") == {}
