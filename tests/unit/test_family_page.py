"""A mother reads what exists, who had it, what was decided on what, and what she can ask for: in plain words."""

from __future__ import annotations

import ast
import inspect
import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import textstat

from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Fact, Material, absorb_all
from safehands.pathways.calendars import ENGLAND_AND_WALES, shipped_calendars
from safehands.service import family, family_letters, family_rights
from safehands.service.family import Reader, Section, as_text, page_for
from safehands.service.family_letters import block_for_letter, wording_advice

NSP, CPS = "POL-northshire", "CPS-midshire"
NAMES = {NSP: "Northshire Police", CPS: "CPS Midshire"}
MOTHER = "party-ash"
CALENDAR = shipped_calendars()[ENGLAND_AND_WALES]
HASH = "ab" * 32
#: School years (Flesch-Kincaid): what somebody of twelve can read, as far as such a measure can say.
HARDEST = 7.0


def day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(hour=12, tzinfo=UTC)


def fold(*told: tuple[str, Any]) -> Material:
    return absorb_all(Fact(event, day(at), day(at), n) for n, (at, event) in enumerate(told, 1))


def record(record: str, ref: str, kind: v.RecordKind, **more: Any) -> r.RecordRegistered:
    return r.RecordRegistered(
        record, NSP, ref, kind, "named in free text: Megan Ash", v.When(day("2005-01-20"), v.Precision.DAY), **more
    )


def decided(
    name: str, at: str, kind: v.DecisionKind, *seen: v.Considered, **more: Any
) -> tuple[str, r.MaterialDecided]:
    test, stage = v.Test.FULL_CODE, v.Stage.EVIDENTIAL
    return at, r.MaterialDecided(
        name, kind, test, stage, "as said", "reasons", day(at), "P1", CPS, considered=seen, **more
    )


READ = v.Considered("AB1A", v.Mode.READ_FULL)
VHS = r.CopyRegistered("AB1-m", "AB1", v.CopyRole.MASTER, v.Medium.VHS, held_by=NSP)
LETTER = r.LetterLogged(
    "L1", True, NSP, MOTHER, v.Channel.POST, day("2019-06-13"), HASH, (v.LetterClaim(v.ClaimCode.NOT_HELD, "AB1"),)
)
WHY = r.LetterLogged(
    "L9", True, CPS, MOTHER, v.Channel.POST, day("2025-09-09"), HASH, decision="D4", explains_decision=True
)

TOLD_ANYWAY = r.StandingRecorded(MOTHER, v.Standing.FAMILY_NO_STANDING, "her mother", discretionary=True, enhanced=True)
SENT = r.RecordShared("s2", "AB1D", NSP, CPS, v.Channel.EVIDENCE_LINK, day("2025-08-14"), "AB1D-f", sha256_sent=HASH)

#: The replay of the sheet's section 4, as far as a page can tell it.
STORY: tuple[tuple[str, Any], ...] = (
    ("2005-01-20", r.RegisterDeclared(NSP, v.RegisterStatus.LIVE, (v.Store("paper store"),))),
    ("2005-01-20", r.RegisterDeclared(CPS, v.RegisterStatus.SNAPSHOT)),
    ("2005-01-20", record("AB1", "AB/1", v.RecordKind.VIDEO_INTERVIEW)),
    ("2005-01-20", VHS),
    ("2005-01-20", r.HoldingAsserted("AB1", NSP, v.HoldingStatus.HELD, day("2005-01-20"), v.HowKnown.SEEN, "AB1-m")),
    ("2005-01-27", record("AB1A", "AB/1A", v.RecordKind.RECORD_OF_INTERVIEW)),
    ("2005-01-27", r.DerivationRecorded("d1", "AB1A", "AB1", v.Method.RECORD_OF_INTERVIEW, v.When(day("2005-01-27")))),
    ("2005-02-03", r.RecordShared("s1", "AB1A", NSP, CPS, v.Channel.POST, day("2005-02-03"), "AB1A-c")),
    ("2005-09-12", r.MaterialDecided(
        "D0", v.DecisionKind.DISCONTINUE, v.Test.NONE, v.Stage.NONE, "stopped", "by mouth", day("2005-09-12"), "P0",
        CPS, basis_known=False)),
    decided("D1", "2019-06-10", v.DecisionKind.NFA_CPS, READ),
    ("2019-06-13", LETTER),
    decided("D2", "2023-07-14", v.DecisionKind.CASE_REVIEW, READ, reviews="D1"),
    ("2023-07-20", TOLD_ANYWAY),
    ("2025-08-14", record("AB1D", "AB/1D", v.RecordKind.VIDEO_INTERVIEW)),
    ("2025-08-14", r.CopyRegistered("AB1D-f", "AB1D", v.CopyRole.ACCESS, v.Medium.FILE, HASH, 10, held_by=NSP)),
    ("2025-08-14", r.DerivationRecorded("d2", "AB1D", "AB1", v.Method.FORMAT_MIGRATION, v.When(day("2025-08-14")))),
    ("2025-08-14", r.DerivativeVerified("v1", "d2", "AB1D-f", "someone", v.Verified.CONSISTENT, day("2025-08-14"))),
    ("2025-08-14", SENT),
    ("2025-08-14", r.ShareReceived("s2", day("2025-08-14"), "P3", HASH)),
    ("2025-08-15", r.ShareOpened("s2", day("2025-08-15"), "P3")),
    decided("D3", "2025-09-05", v.DecisionKind.CONFIRM, READ, v.Considered("AB1D", v.Mode.VIEWED_FULL), reviews="D2"),
)  # fmt: skip


def reader(**more: Any) -> Reader:
    return replace(Reader(MOTHER, day("2025-09-10"), NSP, {NSP, CPS}, CALENDAR, NAMES), **more)


def part(sections: tuple[Section, ...], name: str) -> str:
    return "\n".join(next(each for each in sections if each.id == name).paragraphs)


PAGE = page_for(fold(*STORY), reader())


def test_it_is_off_until_the_agency_has_signed_off() -> None:
    assert page_for(fold(*STORY), reader(signed_off=())) == ()
    assert page_for(fold(*STORY), reader(signed_off={CPS})) == ()


def test_what_exists_and_who_has_it() -> None:
    told = part(PAGE, "exists")
    assert "AB/1 (video of an interview), made on 20 January 2005. Northshire Police has it." in told
    assert "AB/1A (written record of an interview), made on 20 January 2005. Northshire Police wrote it down." in told
    assert "It was made from AB/1 (video of an interview)." in told


def test_each_decision_says_what_it_was_made_without() -> None:
    told = part(PAGE, "decisions").splitlines()
    assert "Nobody can say any more what it rested on." in told[0]
    for line in told[1:3]:
        assert "It was made without AB/1 (video of an interview). Northshire Police had that at the time." in line
    assert "without" not in told[3]
    assert "AB/1D (video of an interview), watched in full" in told[3]


def test_the_letter_after_the_third_decision_says_what_the_first_two_lacked() -> None:
    (block,) = block_for_letter(fold(*STORY), NAMES)
    assert block == (
        "Your 2019 and 2023 reviews were made without the recording, which Northshire Police held throughout. "
        "It was supplied on 14 August 2025."
    )
    assert block_for_letter(Material(), NAMES) == ()


def test_one_review_and_nothing_supplied_yet() -> None:
    (block,) = block_for_letter(fold(*STORY[:10]), NAMES)
    assert block == (
        "Your 2019 review was made without the recording, which Northshire Police held throughout. "
        "It has not been supplied yet."
    )


def test_a_letter_that_the_register_does_not_bear_out_is_told_beside_it() -> None:
    assert part(PAGE, "letters") == (
        "A letter of 13 June 2019 says that AB/1 (video of an interview) is not held. "
        "The registers show that Northshire Police had it then."
    )


def test_who_was_given_what_tells_sent_from_arrived_from_opened() -> None:
    first, second = part(PAGE, "given").splitlines()
    assert first.endswith("Nobody has said that it arrived. Nothing shows that it was opened.")
    assert second.endswith("It arrived on 14 August 2025. It was opened.")


def test_no_right_is_never_nothing_to_do() -> None:
    told = part(PAGE, "rights").splitlines()
    assert told[0].startswith("The decision of 12 September 2005: it is too old for the review scheme.")
    assert "You can ask the prosecutors to look at it again." in told[0]
    assert "no letter on file tells you why" in told[1]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2025-09-10", "Ask by 23 September 2025 if you can, and by 9 December 2025 at the latest."),
        ("2025-12-09", "by 9 December 2025 at the latest"),
        ("2025-12-10", "the time to ask for a review ended on 9 December 2025. You can still ask."),
    ],
)
def test_until_when_a_review_can_be_asked_for(at: str, said: str) -> None:
    known = fold(*STORY, decided("D4", "2025-09-05", v.DecisionKind.NFA_CPS, READ), ("2025-09-09", WHY))
    assert said in part(page_for(known, reader(at=day(at))), "rights")


def test_beyond_the_last_known_bank_holiday_a_day_is_not_made_up() -> None:
    late = replace(WHY, sent_at=day("2028-12-20"))
    known = fold(*STORY, decided("D4", "2028-12-19", v.DecisionKind.NFA_CPS, READ), ("2028-12-20", late))
    assert "Ask soon (we cannot work out the day)" in part(page_for(known, reader(at=day("2028-12-21"))), "rights")


def test_a_review_that_was_asked_for() -> None:
    asked = "2025-09-10", r.VictimReviewRequested("vr", "D1", v.Scheme.CPS, MOTHER, day("2025-09-10"), qualifying=True)
    assert "You asked for a review. It reached us on 10 September 2025." in part(
        page_for(fold(*STORY, asked), reader()), "rights"
    )


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (STORY, "We have not written down yet why you may be told"),
        (
            (*STORY, ("2025-09-01", r.StandingRecorded("a brother", v.Standing.FAMILY_NO_STANDING, "her brother"))),
            "That is not the end. We may still choose to tell you.",
        ),
    ],
)
def test_family_without_standing_gets_a_way_on_and_no_material(known: tuple[tuple[str, Any], ...], said: str) -> None:
    sections = page_for(fold(*known), reader(party="a brother"))
    assert [each.id for each in sections] == ["standing", "ask"]
    assert said in as_text(sections)
    assert "AB/1" not in as_text(sections)


def test_what_may_not_be_read_is_told_to_exist() -> None:
    known = fold(
        *STORY,
        ("2025-08-20", record("S1", "S/1", v.RecordKind.POLICY_LOG, sensitivity=v.Sensitivity.SENSITIVE)),
        ("2025-08-20", record("H1", "H/1", v.RecordKind.SUMMARY, sensitivity=v.Sensitivity.HIGHLY_SENSITIVE)),
    )
    told = part(page_for(known, reader()), "exists")
    assert "S/1 (policy log), made on 20 January 2005. Northshire Police wrote it down." in told
    assert "It has not said where it is now. We may not tell you what is in it." in told
    assert "There is one record more that we may not describe to you." in told
    assert "H/1" not in as_text(page_for(known, reader()))


def test_a_record_of_an_agency_that_has_not_signed_off_is_a_stub() -> None:
    known = fold(*STORY, ("2025-08-20", replace(record("C1", "C/1", v.RecordKind.TRANSCRIPT_FULL), agency=CPS)))
    assert "We may not tell you" in part(page_for(known, reader(signed_off={NSP})), "exists").splitlines()[-1]
    assert "Nobody has said yet where that is." in part(page_for(known, reader()), "exists").splitlines()[-1]


@pytest.mark.parametrize("status", list(v.HoldingStatus))
def test_unknown_not_searched_missing_and_destroyed_are_four_things(status: v.HoldingStatus) -> None:
    def told(status: v.HoldingStatus) -> str:
        said = r.HoldingAsserted("N1", NSP, status, day("2025-01-01"), v.HowKnown.TOLD)
        known = fold(*STORY, ("2025-01-01", record("N1", "N/1", v.RecordKind.ORIGINAL_NOTE)), ("2025-01-01", said))
        return part(page_for(known, reader()), "exists").splitlines()[-1]

    alike = {each for each in v.HoldingStatus if told(each) == told(status)}
    four = {v.HoldingStatus.UNKNOWN, v.HoldingStatus.NOT_SEARCHED, v.HoldingStatus.MISSING, v.HoldingStatus.DESTROYED}
    assert not (status in four and len(alike) > 1)


@pytest.mark.parametrize("claim", list(v.SourceClaim))
def test_what_is_said_of_a_source_that_nobody_registered(claim: v.SourceClaim) -> None:
    known = fold(
        *STORY,
        ("2025-01-01", record("T1", "T/1", v.RecordKind.TRANSCRIPT_FULL)),
        ("2025-01-01", r.SourceClaimed("T1", claim, NSP)),
    )
    line = part(page_for(known, reader()), "exists").splitlines()[-1]
    said = {
        v.SourceClaim.NOT_ASKED: "Nobody has said yet where that is.",
        v.SourceClaim.HELD_BY: "is with another body.",
        v.SourceClaim.DESTROYED: "is said to be destroyed.",
        v.SourceClaim.NEVER_EXISTED: "There was no other before it.",
        v.SourceClaim.SEARCHED_NOT_FOUND: "was looked for and not found.",
    }
    assert line.endswith(said[claim])


def test_a_case_of_which_nothing_is_known_still_has_a_page() -> None:
    known = fold(("2025-01-01", r.StandingRecorded(MOTHER, v.Standing.VICTIM, "the victim")))
    sections = page_for(known, reader())
    assert [each.id for each in sections] == ["standing", "exists", "given", "decisions", "rights", "ask", "not_known"]
    assert all(each.paragraphs for each in sections)


def test_somebody_waits_for_material() -> None:
    ask = r.MaterialRequested("q", CPS, NSP, v.RequestPurpose.CASE_REVIEW, v.Scope(True), day("2025-09-01"))
    assert "is waiting" in part(page_for(fold(*STORY, ("2025-09-01", ask)), reader()), "ask")


@pytest.mark.parametrize("precision", list(v.Precision))
def test_a_time_is_told_as_exactly_as_it_is_known(precision: v.Precision) -> None:
    rough = replace(record("R1", "R/1", v.RecordKind.EMAIL), created=v.When(day("2005-01-20"), precision))
    line = part(page_for(fold(*STORY, ("2025-01-01", rough)), reader()), "exists").splitlines()[-1]
    assert ("20 January" in line) == (precision in (v.Precision.DAY, v.Precision.INSTANT, v.Precision.ABOUT))


def test_no_name_no_free_text_and_no_judgement_is_on_it() -> None:
    told = as_text(PAGE)
    for word in ("Megan", "Ash", "P1", "P3", "someone", "wrong", "mistake", "failed", "should have decided"):
        assert word not in told, word


def test_somebody_of_twelve_can_read_it_and_nothing_is_fetched_to_find_that_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Flesch-Kincaid counts syllables and sentences; it says nothing of whether a page is kind or true."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the measure reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    pages = [PAGE, page_for(fold(*STORY), reader(party="nobody")), page_for(fold(), reader())]
    brother = fold(*STORY, ("2025-09-01", r.StandingRecorded("b", v.Standing.FAMILY_NO_STANDING, "her brother")))
    pages.append(page_for(brother, reader(party="b")))
    for page in pages:
        text = " ".join(paragraph for section in page for paragraph in section.paragraphs)
        assert textstat.flesch_kincaid_grade(text) <= HARDEST, text


@pytest.mark.parametrize(
    ("sender", "claim", "said"),
    [
        (NSP, v.LetterClaim(v.ClaimCode.NOT_HELD, "AB1"), "Look again before you write that it is not."),
        (
            CPS,
            v.LetterClaim(v.ClaimCode.NOT_HELD, "AB1"),
            "that you do not hold AB1 yourselves, and that Northshire Police may.",
        ),
        (CPS, v.LetterClaim(v.ClaimCode.NOT_HELD, "AB1", own_holding=True), "True of your own holding."),
        (CPS, v.LetterClaim(v.ClaimCode.DESTROYED, "X9"), "Not found is not destroyed."),
        (CPS, v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED), "A decision was made without AB1."),
    ],
)
def test_advice_on_how_to_write_it(sender: str, claim: v.LetterClaim, said: str) -> None:
    (advice,) = wording_advice(fold(*STORY), sender, (claim,), day("2025-09-01"), NAMES)
    assert said in advice
    assert (
        wording_advice(fold(), sender, (v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED),), day("2025-09-01"), NAMES)
        == ()
    )


def test_nothing_on_it_comes_from_the_log_of_looking() -> None:
    """Its functions take a material and a reader, and reach no store, where the log of who looked lies."""
    for module in (family, family_letters, family_rights):
        taken = [
            node.module or ""
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.ImportFrom)
        ]
        assert not [name for name in taken if name.startswith(("safehands.store", "safehands.projections"))]
