"""What a tired person enters about records at the edges: told twice, told of nothing, sent and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from evidence import CPS, NSP, Matter
from material_builder import CPS as PROSECUTION
from material_builder import EVERYTHING, POL, Book, day
from safehands.core import events as ce
from safehands.core.commands import Given
from safehands.core.concerns import about_agency
from safehands.core.decide.draft import Draft
from safehands.core.evolve import evolve
from safehands.core.records import commands as r
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import prefilled, unanswered
from safehands.core.records.findings import Finding
from safehands.core.records.folding import stub_of_erased
from safehands.core.records.ladder import rung
from safehands.core.records.material import EMPTY, absorb
from safehands.core.records.reading import now
from safehands.core.records.register import decide_register
from safehands.core.records.telling import Change, notes_for
from safehands.core.records.vocabulary import Rung
from safehands.errors import LedgerFault
from scenario import DAY, refused

K = v.RecordKind
CASE = "case/one"


# --- what is read from a material -------------------------------------------------------------------------------------


def test_a_finding_about_nothing_that_is_known_blames_no_agency() -> None:
    finding = Finding("R02", "a", 1, "gone:too", (1,), DAY, "no such decision", ("nor this",))
    assert about_agency(finding, EMPTY) == ""


def test_a_link_taken_back_before_anybody_opened_it_was_word_of_a_record_and_no_more() -> None:
    book = Book("2020-01-01").record("AB1").shared("s1", "AB1", received=False)
    book.on("2020-01-03").add(e.ShareRevoked("s1", "sent to the wrong team"))
    reading = now(book.material)
    assert rung(reading, "AB1", PROSECUTION, day("2020-01-02")) is Rung.OFFERED
    assert rung(reading, "AB1", PROSECUTION, day("2020-01-04")) is Rung.TOLD


def test_a_record_described_over_the_telephone_was_told_and_never_sent() -> None:
    book = Book("2020-01-01").record("AB1").shared("s1", "AB1", copy=None)
    assert rung(now(book.material), "AB1", PROSECUTION, day("2020-01-04")) is Rung.TOLD


def test_a_schedule_lists_a_record_for_the_other_side_and_from_its_day_on() -> None:
    book = Book("2020-01-01").record("AB1").on("2020-01-05")
    item = v.ScheduleItem(1, "AB1", "an interview")
    book.add(e.ScheduleServed("sch", next(iter(v.Form)), POL, book.today, (item,), "officer"))
    reading = now(book.material)
    assert rung(reading, "AB1", PROSECUTION, day("2020-01-04")) is Rung.UNKNOWN
    assert rung(reading, "AB1", PROSECUTION, day("2020-01-06")) is Rung.LISTED


def asked_for(book: Book) -> e.MaterialRequested:
    """The prosecution asks for everything, today."""
    book.asked("q1")
    return book.material.requests["q1"].event


def test_a_share_with_somebody_else_or_taken_back_is_not_suggested_as_an_answer() -> None:
    book = Book("2020-01-01").record("AB1", cases=(CASE,))
    own = book.material
    book.shared("to-others", "AB1", to_agency="CSC-northshire").shared("back", "AB1")
    book.add(e.ShareRevoked("back", "wrong file"))
    (line,) = prefilled(own, asked_for(book), CASE, book.material)
    assert (line.suggests, line.share) == (None, None)
    book.shared("good", "AB1")
    (line,) = prefilled(own, asked_for(book), CASE, book.material)
    assert (line.suggests, line.share) == (v.ReplyCode.ALREADY_SUPPLIED, "good")


def test_what_is_called_irrelevant_after_it_was_asked_for_still_needs_a_line() -> None:
    book = Book("2020-01-01").record("AB1", cases=(CASE,)).record("AB2", cases=(CASE,))
    book.on("2020-01-02").add(e.RecordReclassified("AB1", "another matter", v.Relevance.NOT_RELEVANT))
    request = asked_for(book.on("2020-01-03"))
    book.on("2020-01-04").add(e.RecordReclassified("AB2", "inconvenient", v.Relevance.NOT_RELEVANT))
    assert request.scope == EVERYTHING
    assert unanswered(book.material, request, CASE, frozenset()) == ("AB2",)


def test_a_case_is_told_nothing_of_a_record_that_does_not_concern_it() -> None:
    book = Book("2020-01-01").record("AB1")
    before = book.material
    fact = book.add(e.RecordDescribed("AB1", "looked again", "a tape"))
    assert notes_for(CASE, Change(POL, before, absorb(before, fact), (fact,)), EMPTY) == ()


# --- a register -------------------------------------------------------------------------------------------------------


def test_a_record_whose_name_the_case_knows_from_another_agency_is_not_tied_over_it() -> None:
    matter = Matter(rules=False)
    matter.invites()
    matter.registers("X1", K.CCTV, tied=False)
    matter.registers("X1", K.ORIGINAL_NOTE, CPS)
    with refused("records.id_known"):
        matter.enters(NSP, r.TieRecord("X1", matter.stream))


def test_where_nobody_brought_the_rules_of_keeping_a_destruction_is_written_as_it_is_said() -> None:
    book = Book("2020-01-01").record("AB1").copy("disc", "AB1")
    command = r.RecordCustody("u1", "disc", v.CustodyType.DESTROYED, authority="the chair")
    (written,) = decide_register(command, book.material, {}, Given("c1", book.today, book.today, NSP, book.today))
    assert isinstance(written, e.CustodyRecorded)
    assert written.type is v.CustodyType.DESTROYED


# --- what a case refuses ----------------------------------------------------------------------------------------------


def test_an_entry_of_a_register_in_a_case_is_a_fault_of_the_ledger() -> None:
    matter = Matter(rules=False)
    last = matter.engine.entries(matter.story.name)[-1].envelope
    entry = ce.Entry(replace(last, version=last.version + 1), e.RecordDescribed("AB1", "looked again", "a tape"))
    with pytest.raises(LedgerFault, match="an entry of a register"):
        evolve(matter.story.case, entry)


def test_erasing_an_entry_that_registered_nothing_leaves_no_stub() -> None:
    matter = Matter(rules=False)
    entry = matter.engine.entries(matter.story.name)[-1]
    assert stub_of_erased(entry, ce.ErasedEntry(1, 1, "record_described", "AB1", "cctv")) is None


def test_a_case_with_records_is_not_decided_on_without_its_material() -> None:
    matter = Matter(rules=False)
    matter.registers("AB1", K.CCTV)
    now_ = matter.story.now
    draft = Draft(matter.stream, matter.story.case, matter.story.pathway, Given("c", now_, now_, NSP, now_))
    assert not draft.knows_material
    with pytest.raises(LedgerFault, match="nobody brought its material"):
        _ = draft.material


def test_nobody_decides_tomorrow() -> None:
    matter = Matter(rules=False)
    matter.invites()
    with refused("time.future"):
        matter.decides("D1", made_at=matter.story.now + timedelta(days=1))


def test_a_victim_who_asks_about_a_decision_outside_the_scheme_is_named_the_other_way() -> None:
    matter = Matter(rules=False)
    matter.invites()
    matter.decides("D1", ("file", v.Mode.READ_FULL), kind=v.DecisionKind.CHARGE)
    (asked, *_) = matter.does(CPS, r.RequestVictimReview("D1", v.Scheme.CPS, "party-1", "vr1"))
    assert isinstance(asked, e.VictimReviewRequested)
    assert not asked.qualifying
    assert "Ask for the decision to be reconsidered" in asked.reason
