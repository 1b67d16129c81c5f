"""R07: A hash that is not what it was."""

from __future__ import annotations

from material_builder import Book
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v


def test_what_arrived_is_not_what_was_sent() -> None:
    book = Book().record("AB1").shared("S1", "AB1", received=False, sha256_sent="aa")
    book.add(e.ShareReceived("S1", book.today, "clerk", "bb"))
    assert book.says("R07") == {"share:S1": "a1"}


def test_silent_when_it_is_and_when_nobody_took_a_hash() -> None:
    assert Book().record("AB1").shared("S1", "AB1", sha256_sent="aa").says("R07") == {}
    assert Book().record("AB1").shared("S1", "AB1").says("R07") == {}
    book = Book().record("AB1").shared("S1", "AB1", received=False)
    book.add(e.ShareReceived("S1", book.today, "clerk", "bb"))
    assert book.says("R07") == {}


def test_what_was_sent_without_a_hash_is_measured_by_the_copy() -> None:
    book = Book().record("AB1").copy("AB1-copy", "AB1", sha256="aa").shared("S1", "AB1", received=False)
    book.add(e.ShareReceived("S1", book.today, "clerk", "bb"))
    assert book.says("R07") == {"share:S1": "a1"}


def test_silent_for_a_declared_migration_with_its_own_hash() -> None:
    for derived, source in (("AB1D", "AB1"), ("AB1", "AB1D")):
        book = Book().record("AB1").record("AB1D").copy("new", "AB1D", sha256="bb")
        book.derived(derived, source, v.Method.FORMAT_MIGRATION).shared("S1", "AB1", received=False, sha256_sent="aa")
        book.add(e.ShareReceived("S1", book.today, "clerk", "bb"))
        assert book.says("R07") == {}


def test_a_check_that_failed_and_one_that_then_agreed() -> None:
    book = Book().record("AB1").copy("c", "AB1", sha256="aa")
    book.custody("c", v.CustodyType.VERIFIED_FIXITY, sha256_after="aa")
    assert book.says("R07") == {}
    book.on("2020-02-01").custody("c", v.CustodyType.VERIFIED_FIXITY, sha256_before="bb")
    assert book.says("R07") == {"copy:c": "b1"}
    book.on("2020-03-01").custody("c", v.CustodyType.VERIFIED_FIXITY, sha256_after="aa")
    assert book.says("R07") == {"copy:c": "late4"}


def test_a_copy_of_another_record_says_nothing_of_this_ones_hash() -> None:
    book = Book().record("AB1").record("X").copy("c", "X", sha256="aa").shared("S1", "AB1", received=False, copy="c")
    book.add(e.ShareReceived("S1", book.today, "clerk", "bb"))
    assert book.says("R07") == {}
