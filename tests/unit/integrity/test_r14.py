"""R14: One copy, or one that nobody can play."""

from __future__ import annotations

from material_builder import POL, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.vocabulary import RecordKind as K


def relied() -> Book:
    return Book("2020-01-01").record("AB1").record("T", K.SUMMARY).derived("T", "AB1").decided("D1", "T")


def test_one_copy_is_all_there_is_or_none() -> None:
    book = relied().copy("c", "AB1")
    assert book.says("R14") == {"AB1": "a3"}
    assert book.custody("c", v.CustodyType.DESTROYED).says("R14") == {"AB1": "a3"}
    assert relied().says("R14") == {}
    assert Book().record("AB1").copy("c", "AB1").says("R14") == {}


def test_every_copy_ages() -> None:
    assert relied().copy("c", "AB1").copy("d", "AB1", v.Medium.CD_DVD).says("R14") == {"AB1": "b3"}


def test_nobody_played_one_within_two_years() -> None:
    book = relied().copy("c", "AB1").copy("d", "AB1", v.Medium.USB)
    assert book.says("R14") == {"AB1": "c3"}
    book.on("2024-02-29").add(e.PlayabilityTested("d", v.Playable.YES, day("2024-02-29")))
    assert book.says("R14", "2026-02-27") == {}
    assert book.says("R14", "2026-02-28") == {"AB1": "c3"}
    book.on("2024-03-01").add(e.PlayabilityTested("d", v.Playable.NO, day("2024-03-01")))
    assert book.says("R14") == {"AB1": "c3"}


def test_paper_needs_no_player() -> None:
    assert relied().copy("c", "AB1", v.Medium.PAPER).copy("d", "AB1", v.Medium.PAPER).says("R14") == {}


def test_silent_with_a_hashed_file_and_a_backup() -> None:
    book = relied().copy("c", "AB1", v.Medium.FILE, sha256="aa")
    assert book.copy("d", "AB1", v.Medium.CD_DVD, role=v.CopyRole.BACKUP).says("R14") == {}


def test_a_record_that_is_missing_as_a_whole_has_no_copy_left_there() -> None:
    book = relied().copy("c", "AB1", v.Medium.FILE, sha256="aa", held_by=POL)
    book.copy("d", "AB1", v.Medium.CD_DVD, role=v.CopyRole.BACKUP, held_by=POL)
    assert book.says("R14") == {}
    assert book.holding("AB1", v.HoldingStatus.MISSING).says("R14") == {"AB1": "a3"}


def test_an_older_test_does_not_undo_a_newer_one() -> None:
    book = relied().copy("c", "AB1")
    book.copy("d", "AB1", v.Medium.USB, playable=v.Playable.YES, playable_at=day("2020-01-01"))
    book.add(e.PlayabilityTested("d", v.Playable.NO, day("2012-01-01")))
    assert book.says("R14") == {}
