"""Flags, standing, old answers, letters with a second look, reviews: each goes through and is folded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence import BODY, CPS, CPS2, EVERYTHING, NSP, NSP2, Matter
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.errors import BadInput
from scenario import refused


def old() -> Matter:
    """A decision of 2012 on what was written of a tape."""
    matter = Matter()
    matter.registers("AB1", v.RecordKind.VIDEO_INTERVIEW)
    matter.registers("AB1A", v.RecordKind.RECORD_OF_INTERVIEW)
    matter.shares("AB1A")
    long_ago = datetime(2012, 3, 1, tzinfo=UTC)
    matter.decides("D1", ("AB1A", v.Mode.READ_FULL), legacy=True, made_at=long_ago)
    return matter


def test_what_the_case_is_and_who_may_be_told() -> None:
    matter = old()
    matter.does(NSP, r.FlagCase(("rasso", "csa")))
    matter.does(NSP, r.FlagCase((), ("csa",)))
    matter.does(NSP, r.GiveReferences({"urn": "12NS0417"}))
    matter.does(CPS, r.ReachStage(v.CaseStage.UNDER_REVIEW))
    matter.does(NSP, r.RecordStanding("p1", v.Standing.FAMILY_NO_STANDING, "died of other causes"))
    assert matter.material.flags == {"rasso"}
    assert matter.material.refs["urn"] == "12NS0417"
    with refused("register.nothing"):
        matter.does(CPS, r.ReachStage(v.CaseStage.UNDER_REVIEW))
    with pytest.raises(BadInput):
        matter.does(NSP, r.GiveReferences({"urn": " "}))


def test_an_answer_of_years_ago_is_entered_as_it_was_given() -> None:
    matter = old()
    matter.asks()
    matter.does(CPS, r.AnswerRequest("q1", (v.ReplyItem("AB1A", v.ReplyCode.SUPPLIED),), complete=True, legacy=True))
    assert matter.material.replies["q1"][0].event.agency == NSP.agency
    said = r.AttestNothingFurther(EVERYTHING, (), "", "nothing further is held", request="q1", legacy=True)
    matter.does(CPS, said)
    assert next(iter(matter.material.attestations.values())).event.agency == NSP.agency


def test_a_letter_against_the_register_goes_after_a_second_look() -> None:
    matter = old()
    claim = v.LetterClaim(v.ClaimCode.NOT_HELD, kind=v.RecordKind.VIDEO_INTERVIEW)
    matter.does(NSP, r.ProposeLetter("family", BODY, "L1", claims=(claim,)))
    matter.does(NSP2, r.LogLetter(True, NSP.agency, "family", "post", BODY, "L1", claims=(claim,)))
    assert matter.material.letters["L1"].event.second_look == NSP2.actor
    matter.does(CPS, r.DisputeClaim("L1", claim, "the tape is in the store"))
    assert matter.material.disputed["L1"][0].event.claim.entered_by == CPS.agency


def test_a_review_and_a_victim_who_asks_about_a_decision_too_old() -> None:
    matter = old()
    matter.does(CPS2, r.OpenReview("D1", v.ReviewTrigger.CONCERN, review="V1"))
    matter.does(CPS2, r.ConcludeReview("V1", v.ReviewOutcome.UPHELD, "on all of it"))
    matter.does(CPS2, r.AssessEffect("D1", "AB1", "it changes nothing"))
    matter.does(NSP, r.RequestVictimReview("D1", v.Scheme.CPS, "p1", "W1"))
    asked = matter.material.victim_reviews["W1"].event
    assert not asked.qualifying
    assert "reconsidered" in asked.reason
    assert matter.material.reviewed["V1"].event.outcome is v.ReviewOutcome.UPHELD
