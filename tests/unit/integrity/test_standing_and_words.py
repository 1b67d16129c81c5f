"""What is kept between two events, the rules in words, and the map that both lie in."""

from __future__ import annotations

import pytest

from material_builder import CALENDARS, Book, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.ladder import rung
from safehands.core.records.material import EMPTY, absorb_all
from safehands.core.records.persistent import PersistentMap, changed
from safehands.core.records.reading import as_of, now
from safehands.rulebook.integrity import INTEGRITY, RULES, IntegrityRules
from safehands.rulebook.integrity.catalogue import CATALOGUE, sentence
from safehands.rulebook.integrity.cells import cause


def test_every_rule_is_in_words_and_every_word_has_its_rule() -> None:
    assert [entry.id for entry in CATALOGUE] == [f"R{n:02}" for n in range(1, 21)]
    assert {rule.id for rule in RULES} == {entry.id for entry in CATALOGUE} - {"R16"}
    assert all(entry.pages <= entry.says.keys() and entry.basis and entry.cost for entry in CATALOGUE)
    assert "recorded" in sentence("R02", "b")
    with pytest.raises(KeyError):
        sentence("R17", "z")


def test_standing_of_somebody_else_or_of_a_later_day_is_worked_out_anew() -> None:
    material = Book("2020-01-01").asked("Q1", due="2020-02-01").material
    later = INTEGRITY.evaluate(material, day("2020-03-01"), CALENDARS)
    back = INTEGRITY.advance(later, material, material, [], at=day("2020-01-02"), calendars=CALENDARS)
    assert (len(later), len(back)) == (1, 0)
    assert INTEGRITY.advance({}, EMPTY, material, [], at=day("2020-03-01"), calendars=CALENDARS) == later


def test_what_changed_is_told_without_looking_at_the_rest() -> None:
    book = Book("2020-01-01").asked("Q1", due="2020-02-01")
    before = INTEGRITY.evaluate(book.material, day("2020-01-01"), CALENDARS)
    after = INTEGRITY.advance(before, book.material, book.material, [], at=day("2020-03-01"), calendars=CALENDARS)
    assert after.changed_since(before) == ("R06/Q1",)
    assert after["R06/Q1"].concern == "R06/Q1"


def test_a_rule_can_be_left_out() -> None:
    book = Book().record("T", v.RecordKind.SUMMARY)
    assert dict(IntegrityRules(()).evaluate(book.material, book.today, CALENDARS)) == {}


def test_two_causes_never_share_a_name() -> None:
    assert cause(("a:b", "c")) != cause(("a", "b:c"))


def test_two_maps_differ_where_they_differ() -> None:
    one = PersistentMap((f"key {n}", n) for n in range(500))
    other = one.put("key 7", -1).without("key 8").put("new", 0)
    assert set(changed(one, other)) == {"key 7", "key 8", "new"}
    assert changed(one, one) == changed(PersistentMap(), PersistentMap()) == ()
    assert dict(one) == {f"key {n}": n for n in range(500)}
    assert set(changed(PersistentMap(), one)) == set(one)
    with pytest.raises(KeyError):
        one.without("absent")
    with pytest.raises(KeyError):
        one["absent"]
    assert "absent" not in PersistentMap()


def test_what_a_case_is_and_is_told() -> None:
    book = Book()
    for event in (
        e.CaseReferenced({"urn": "52NS0417"}),
        e.RecordTied("AB1", "case"),
        e.MaterialNoted("register/POL", 1, "AB1"),
        e.StandingRecorded("family", v.Standing.VICTIM, "she is"),
    ):
        book.add(event)
    material = absorb_all(book.facts)
    assert material.refs["urn"] == "52NS0417"
    assert material.size == 4


def test_what_a_record_was_made_from() -> None:
    book = Book().record("AB1").record("T").derived("T", "AB1").record("S").derived("S", "T", v.Method.SUMMARY)
    assert set(now(book.material).sources("S")) == {"T", "AB1"}
    assert set(now(book.material).derivatives("AB1")) == {"T", "S"}


def test_before_a_review_was_opened_nothing_was_said_of_it() -> None:
    book = Book().decided("D1", decider="P1")
    book.add(e.ReviewOpened("W1", "D1", v.ReviewTrigger.COMPLAINT, "P1", "CPS"))
    before = as_of(book.material, seq=1)
    assert "R12/review:W1" in INTEGRITY.evaluate(book.material, book.today, CALENDARS)
    assert "R12/review:W1" not in INTEGRITY.evaluate_as_of(before, book.today, CALENDARS)


def test_offered_then_taken_back_is_told_and_what_they_viewed_is_seen_in_part() -> None:
    book = Book().record("AB1").copy("c", "AB1").shared("S1", "AB1", received=False)
    assert rung(now(book.material), "AB1", "CPS-midshire", book.today) is v.Rung.OFFERED
    book.add(e.ShareRevoked("S1", "wrong person"))
    assert rung(now(book.material), "AB1", "CPS-midshire", book.today) is v.Rung.TOLD
    book.custody("c", v.CustodyType.VIEWED, agency="CPS-midshire")
    assert rung(now(book.material), "AB1", "CPS-midshire", book.today) is v.Rung.VIEWED_PART
