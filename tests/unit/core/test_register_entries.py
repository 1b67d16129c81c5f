"""What an agency may enter into its own register, what it may not, and what a case learns of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from evidence import CPS, MADE, NSP, NSP2, SHA, Matter
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import is_answered, open_requests, prefilled, relevance_at, unanswered
from safehands.core.records.knowing import listed_to, told_to
from scenario import refused

K = v.RecordKind


@pytest.fixture
def matter() -> Matter:
    """A tape, the record made of it, and a note; a copy of the tape."""
    matter = Matter(rules=False)
    for record, kind in (("AB1", K.VIDEO_INTERVIEW), ("AB1A", K.RECORD_OF_INTERVIEW), ("N1", K.ORIGINAL_NOTE)):
        matter.registers(record, kind)
    matter.copies("disc", "AB1")
    return matter


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("records.id_known", r.RegisterRecord("AB1", "AB1", K.CCTV, "another", MADE)),
        ("register.nothing", r.ReclassifyRecord("AB1", "looked again")),
        ("register.nothing", r.DescribeRecord("AB1", "looked again")),
        ("records.unknown", r.DescribeRecord("X9", "looked again", description="a tape")),
        ("records.unknown", r.TestPlayability("X9", v.Playable.YES)),
        ("records.copy_of_other", r.AssertHolding("N1", v.HoldingStatus.HELD, v.HowKnown.SEEN, copy="disc")),
        ("register.destroyed", r.AssertHolding("N1", v.HoldingStatus.DESTROYED, v.HowKnown.TOLD)),
        ("register.claim", r.ClaimSource("AB1A", v.SourceClaim.DESTROYED)),
        ("register.twin", r.AskTwin("N1", v.RecordedToo.YES)),
        ("records.unknown", r.RecordSameEvent("N1", "X9")),
        ("records.unknown", r.VerifyDerivative("v1", "no such edge", "disc", v.Verified.CONSISTENT)),
        ("register.destroyed", r.RecordCustody("u1", "disc", v.CustodyType.DESTROYED)),
        ("register.supersedes", r.RecordCustody("u1", "disc", v.CustodyType.MOVED, supersedes="u0")),
        ("records.unknown", r.LiftHold("h9", "AB1", "over", "the chair")),
        ("register.tied", None),
    ],
)  # fmt: skip
def test_what_may_not_be_entered_is_refused_by_its_rule(
    matter: Matter, rule: str, command: r.RegisterCommand | None
) -> None:
    with refused(rule):
        matter.enters(NSP, command or r.TieRecord("AB1", matter.stream))


def test_nothing_is_seen_before_it_happens(matter: Matter) -> None:
    tomorrow = matter.story.now + timedelta(days=1)
    with refused("time.future"):
        matter.enters(NSP, r.AssertHolding("AB1", v.HoldingStatus.HELD, v.HowKnown.SEEN, at=tomorrow))


def test_one_id_is_used_once(matter: Matter) -> None:
    matter.derives("AB1A", "AB1")
    matter.enters(NSP2, r.VerifyDerivative("v1", "AB1A<AB1", "disc", v.Verified.CONSISTENT))
    matter.enters(NSP, r.RecordCustody("u1", "disc", v.CustodyType.MOVED, given_to="store"))
    matter.enters(NSP, r.PlaceHold("h1", "AB1", "an inquiry"))
    again = (
        r.VerifyDerivative("v1", "AB1A<AB1", "disc", v.Verified.CONSISTENT),
        r.RecordCustody("u1", "disc", v.CustodyType.MOVED),
        r.PlaceHold("h1", "N1", "another inquiry"),
    )
    for command in again:
        with refused("records.id_known"):
            matter.enters(NSP2, command)


def test_what_is_said_of_a_record_is_kept(matter: Matter) -> None:
    matter.enters(NSP, r.DescribeRecord("N1", "the writer was asked", description="Notes of the first account"))
    matter.enters(NSP, r.ReclassifyRecord("N1", "read", relevance=v.Relevance.RELEVANT))
    matter.enters(NSP, r.AskTwin("N1", v.RecordedToo.YES, ref="AB1"))
    matter.enters(NSP, r.AskTwin("N1", v.RecordedToo.NOT_ASKED))
    matter.enters(NSP, r.RecordSameEvent("N1", "AB1"))
    matter.enters(NSP, r.ClaimSource("AB1A", v.SourceClaim.NOT_ASKED))
    matter.enters(NSP, r.ClaimSource("AB1A", v.SourceClaim.NEVER_EXISTED, reason="it is the original"))
    matter.enters(NSP, r.AssertHolding("AB1", v.HoldingStatus.MISSING, v.HowKnown.SEEN, copy="disc"))
    matter.enters(NSP, r.TestPlayability("disc", v.Playable.NO))
    known = matter.material
    assert known.described["N1"][-1].event.description == "Notes of the first account"
    assert known.classified["N1"][-1].event.relevance == "relevant"
    assert [fact.event.recorded_too for fact in known.twins["N1"]] == ["yes", "not_asked"]
    assert len(known.same_event["N1"]) == len(known.same_event["AB1"]) == 1
    assert [fact.event.claim for fact in known.claimed["AB1A"]] == ["not_asked", "never_existed"]
    assert known.holdings["AB1"][-1].event.status == "missing"
    assert known.played["disc"][-1].event.playable == "no"


def test_neither_a_hold_nor_a_rule_lets_it_go_before_its_end(matter: Matter) -> None:
    matter.enters(NSP, r.PlaceHold("h1", "AB1", "an inquiry"))
    with refused("disposal.kept"):
        matter.enters(NSP, r.RecordCustody("u1", "disc", v.CustodyType.DISPOSAL_AUTHORISED))
    matter.enters(NSP, r.LiftHold("h1", "AB1", "the inquiry ended", "its chair"))
    with refused("register.lifted"):
        matter.enters(NSP, r.LiftHold("h1", "AB1", "again", "its chair"))
    matter.enters(NSP, r.RuleRetention("AB1", "six years", "policy", datetime(2040, 1, 1, tzinfo=UTC)))
    with refused("disposal.kept"):
        matter.enters(NSP, r.RecordCustody("u1", "disc", v.CustodyType.DISPOSAL_AUTHORISED))


def test_a_circle_is_refused_and_what_two_things_were_made_from_is_walked_once(matter: Matter) -> None:
    matter.registers("T", K.TRANSCRIPT_FULL)
    for derived, source in (("AB1A", "AB1"), ("T", "AB1"), ("N1", "AB1A"), ("N1", "T")):
        matter.derives(derived, source)
    with refused("register.circle"):
        matter.derives("AB1", "N1")


def test_where_a_record_goes_its_source_goes_too_and_the_case_is_told_once() -> None:
    matter = Matter(rules=False)
    matter.enters(NSP, r.DeclareRegister(r.RegisterStatus.LIVE))
    matter.registers("AB1", K.VIDEO_INTERVIEW, tied=False)
    matter.registers("N1", K.ORIGINAL_NOTE, tied=False)
    matter.registers("AB1A", K.RECORD_OF_INTERVIEW)
    matter.copies("disc", "AB1")
    matter.enters(NSP, r.PlaceHold("h1", "N1", "an inquiry"))
    matter.enters(NSP, r.LiftHold("h1", "N1", "the inquiry ended", "its chair"))
    matter.enters(NSP, r.RecordSameEvent("N1", "AB1"))
    assert "AB1" not in matter.material.records
    matter.derives("AB1A", "AB1")
    assert "AB1" in matter.material.records
    assert "disc" in matter.material.copies
    matter.enters(NSP2, r.VerifyDerivative("v1", "AB1A<AB1", "disc", v.Verified.CONSISTENT))
    matter.enters(NSP, r.TieRecord("N1", matter.stream))
    known = matter.material
    assert len(known.same_event["AB1"]) == 1
    assert len(known.verified["AB1A<AB1"]) == 1
    assert "h1" in known.lifted


def test_a_second_case_learns_an_edge_once_by_whichever_end_comes_first() -> None:
    matter = Matter(rules=False)
    matter.registers("AB1", K.VIDEO_INTERVIEW, tied=False)
    matter.registers("AB1A", K.RECORD_OF_INTERVIEW, tied=False)
    matter.copies("disc", "AB1")
    matter.derives("AB1A", "AB1")
    matter.enters(NSP2, r.VerifyDerivative("v1", "AB1A<AB1", "disc", v.Verified.CONSISTENT))
    for record in ("AB1", "AB1A"):
        matter.enters(NSP, r.TieRecord(record, matter.stream))
    known = matter.material
    assert [fact.event.verification for fact in known.verified["AB1A<AB1"]] == ["v1"]
    assert known.made_from["AB1A"] == ("AB1A<AB1",)


def test_what_a_register_is_reaches_the_cases_of_its_records(matter: Matter) -> None:
    assert matter.enters(NSP, r.DeclareRegister(r.RegisterStatus.SNAPSHOT)).told == (matter.stream,)
    assert Matter(rules=False).enters(CPS, r.DeclareRegister(r.RegisterStatus.LIVE)).told == ()


def test_the_sheet_suggests_what_the_register_bears_out(matter: Matter) -> None:
    matter.invites()
    matter.shares("AB1", copy="disc")
    matter.enters(NSP, r.AssertHolding("N1", v.HoldingStatus.TRANSFERRED, v.HowKnown.SEEN))
    matter.asks()
    own, known = matter.service.known("register/POL-northshire").material, matter.material
    request = known.requests["q1"].event
    assert is_answered(replace(known, withdrawn=known.withdrawn.put("q1", known.requests["q1"])), "q1")
    assert relevance_at(own, "N1", 0) is relevance_at(own, "N1") is v.Relevance.UNASSESSED
    lines = {line.record: (line.suggests, line.share) for line in prefilled(own, request, matter.stream, known)}
    assert lines["N1"] == (v.ReplyCode.NOT_HELD, None)
    assert lines["AB1"] == (v.ReplyCode.ALREADY_SUPPLIED, "s-AB1-CPS-midshire")
    assert lines["AB1A"] == (None, None)
    assert open_requests(known, CPS.agency) == ("q1",)
    assert open_requests(known, NSP.agency) == ()
    assert set(unanswered(own, request, matter.stream, frozenset({"AB1"}))) == {"AB1A", "N1", "file"}
    matter.enters(NSP, r.ReclassifyRecord("N1", "read", relevance=v.Relevance.NOT_RELEVANT))
    own = matter.service.known("register/POL-northshire").material
    assert relevance_at(own, "N1", 0) is v.Relevance.UNASSESSED
    assert relevance_at(own, "N1") is v.Relevance.NOT_RELEVANT
    assert "N1" in unanswered(own, request, matter.stream, frozenset()), "what was found afterwards needs its line"
    assert "AB1" in listed_to(known, CPS.agency)
    assert "AB1A" not in told_to(known, CPS.agency)
    assert {"AB1", "AB1A"} <= told_to(known, NSP.agency)


def test_a_copy_of_a_file_comes_with_its_hash_and_a_thing_with_its_seal(matter: Matter) -> None:
    with refused("register.fixity"):
        matter.enters(NSP, r.RegisterCopy("c2", "AB1", v.CopyRole.WORKING, v.Medium.FILE, sha256=SHA))
    with refused("register.seal"):
        matter.enters(NSP, r.RegisterCopy("c2", "AB1", v.CopyRole.WORKING, v.Medium.VHS))
