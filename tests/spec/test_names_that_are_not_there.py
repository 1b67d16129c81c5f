"""A tired person gives an id twice, or one of something that is not there: refused, whatever it was the id of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evidence import BODY, CPS, CPS2, EVERYTHING, NSP, Matter
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import Actor
from safehands.errors import BadInput
from scenario import refused

Act = tuple[Actor, r.MaterialCommand]
LINE = v.ReplyItem("file", v.ReplyCode.ALREADY_SUPPLIED, share="s-file-CPS-midshire")
READ = (v.Considered("file", v.Mode.READ_FULL),)


def attested(name: str, **more: object) -> r.AttestNothingFurther:
    said = {"listed": ("file", "AB1", "AB1A")} | more
    return r.AttestNothingFurther(EVERYTHING, ("store",), "an officer", "Nothing else.", name, **said)  # type: ignore[arg-type]  # fields of the command


def decided(name: str, **more: object) -> r.DecideOnMaterial:
    kind, test, stage = v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL
    said = {"considered": READ, "legacy": True} | more
    return r.DecideOnMaterial(kind, test, stage, "no further action", "not enough", name, **said)  # type: ignore[arg-type]  # fields of the command


def served(name: str, number: int = 1, last: str | None = None) -> r.ServeSchedule:
    line = v.ScheduleItem(number, "AB1", "a tape")
    return r.ServeSchedule(v.Form.MG6C, (line,), name, continues=last, with_certificate=True)


def letter(name: str, claims: tuple[v.LetterClaim, ...] = (), decision: str | None = None) -> r.LogLetter:
    return r.LogLetter(True, CPS.agency, "the family", "post", BODY, name, claims=claims, decision=decision)


@pytest.fixture(scope="module")
def matter() -> Matter:
    """One of everything."""
    made = Matter(rules=False)
    made.invites()
    made.registers("AB1", v.RecordKind.VIDEO_INTERVIEW)
    made.registers("AB1A", v.RecordKind.RECORD_OF_INTERVIEW)
    made.copies("disc", "AB1")
    made.derives("AB1A", "AB1")
    made.asks()
    made.does(NSP, attested("T1"))
    made.does(NSP, r.AnswerRequest("q1", (LINE,), complete=False, reply="A1"))
    made.asks("q2")
    made.does(CPS, decided("D1"))
    made.does(CPS, r.RecordStanding("family", v.Standing.FAMILY_NO_STANDING, "the family"))
    made.does(CPS2, r.OpenReview("D1", v.ReviewTrigger.COMPLAINT, "V1"))
    made.does(CPS, r.RequestVictimReview("D1", v.Scheme.CPS, "family", "W1"))
    made.does(NSP, served("S1"))
    made.does(CPS, letter("L1"))
    made.does(CPS, r.ReachStage(v.CaseStage.NFA))
    made.does(NSP, r.FlagCase(("csa",)))
    made.enters(NSP, r.RecordCustody("e1", "disc", v.CustodyType.VIEWED))
    made.enters(NSP, r.PlaceHold("h1", "AB1", "an inquiry"))
    made.enters(CPS, r.VerifyDerivative("c1", "AB1A<AB1", "disc", v.Verified.CONSISTENT), case_id=made.id)
    return made


TWICE: tuple[Act, ...] = (
    (NSP, attested("T1")),
    (NSP, r.AnswerRequest("q2", (LINE,), complete=False, reply="A1")),
    (CPS, r.RequestMaterial(NSP.agency, v.RequestPurpose.CHARGING, EVERYTHING, "q1", within_days=1)),
    (CPS, decided("D1")),
    (CPS2, r.OpenReview("D1", v.ReviewTrigger.COMPLAINT, "V1")),
    (CPS, r.RequestVictimReview("D1", v.Scheme.CPS, "family", "W1")),
    (NSP, served("S1", 2, "S1")),
    (CPS, letter("L1")),
    (NSP, r.ShareRecord("AB1", CPS.agency, v.Channel.DISC, "s-file-CPS-midshire")),
)
NOT_THERE: tuple[Act, ...] = (
    (NSP, r.AnswerRequest("q2", (LINE,), complete=False, supersedes="none")),
    (NSP, r.AnswerRequest("q2", (LINE,), complete=False, attestation="none")),
    (NSP, r.AnswerRequest("q2", (v.ReplyItem("none", v.ReplyCode.NOT_HELD, last_holder="x"),), complete=False)),
    (NSP, r.AnswerRequest("none", (LINE,), complete=False)),
    (CPS, decided("D9", reviews="none")),
    (CPS, decided("D9", considered=(v.Considered("none", v.Mode.READ_FULL),))),
    (CPS, decided("D9", attestations=("T1", "none"))),
    (CPS, r.AssessEffect("none", "AB1", "it changes nothing")),
    (CPS, r.AssessEffect("D1", "none", "it changes nothing")),
    (CPS, r.ConcludeReview("none", v.ReviewOutcome.UPHELD, "nothing new")),
    (CPS, r.MoveVictimReview("none", "acknowledged")),
    (CPS, r.OpenReview("none", v.ReviewTrigger.COMPLAINT)),
    (CPS, r.DecideScheduleItem("none", 1, v.ScheduleDecision.INSPECT, "look at it")),
    (CPS, r.ReceiveShare("none")),
    (CPS, letter("L9", decision="none")),
    (CPS, letter("L9", (v.LetterClaim(v.ClaimCode.HELD, record="none"),))),
    (CPS, r.DisputeClaim("none", v.LetterClaim(v.ClaimCode.HELD, record="AB1"), "no")),
    (NSP, r.ShareRecord("none", CPS.agency, v.Channel.DISC)),
)


@pytest.mark.parametrize("act", TWICE, ids=lambda act: type(act[1]).__name__)
def test_an_id_that_was_given_already(matter: Matter, act: Act) -> None:
    with refused("records.id_known"):
        matter.does(*act)


@pytest.mark.parametrize("act", NOT_THERE, ids=lambda act: type(act[1]).__name__)
def test_something_that_is_not_there(matter: Matter, act: Act) -> None:
    with refused("records.unknown"):
        matter.does(*act)


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("records.id_known", r.RecordCustody("e1", "disc", v.CustodyType.VIEWED)),
        ("records.unknown", r.LiftHold("none", "AB1", "over", "the inquiry")),
        ("records.unknown", r.VerifyDerivative("c9", "none", "disc", v.Verified.CONSISTENT)),
        ("records.unknown", r.TieRecord("none", "case/00000000-0000-4000-8000-000000000000")),
        ("records.copy_of_other", r.AssertHolding("AB1A", v.HoldingStatus.HELD, v.HowKnown.SEEN, copy="disc")),
        ("register.destroyed", r.RecordCustody("e9", "disc", v.CustodyType.DESTROYED, medium_only=True)),
        ("records.id_known", r.VerifyDerivative("c1", "AB1A<AB1", "disc", v.Verified.CONSISTENT)),
    ],
)
def test_the_same_in_a_register(matter: Matter, rule: str, command: r.RegisterCommand) -> None:
    if isinstance(command, r.TieRecord):
        command = r.TieRecord("none", matter.stream)
    with refused(rule):
        matter.enters(NSP, command)


def test_what_is_said_of_a_register_in_the_future(matter: Matter) -> None:
    later = matter.story.now + timedelta(days=1)
    with refused("time.future"):
        matter.enters(NSP, r.RecordCustody("e8", "disc", v.CustodyType.VIEWED, at=later))


def test_nothing_new_is_not_written_again(matter: Matter) -> None:
    for by, command in ((NSP, r.FlagCase(("csa",))), (CPS, r.ReachStage(v.CaseStage.NFA))):
        with refused("register.nothing"):
            matter.does(by, command)
    for refs in ({}, {"urn": " "}):
        with pytest.raises(BadInput, match="number"):
            matter.does(NSP, r.GiveReferences(refs))


def test_the_copy_of_another_record(matter: Matter) -> None:
    seen = (v.Considered("AB1A", v.Mode.READ_FULL, copy="disc"),)
    with refused("records.copy_of_other"):
        matter.does(CPS, decided("D9", considered=seen))


def test_only_the_asked_agency_says_that_nothing_further_is_held(matter: Matter) -> None:
    with refused("reply.not_yours"):
        matter.does(CPS, attested("T9", request="q1"))


def test_what_is_said_once_and_stays_beside_the_other() -> None:
    """A number of the case, a disputed letter, an answered line, a destruction, records of one event, a request that no
    scheme covers."""
    made = Matter(rules=False)
    made.invites()
    made.registers("AB1", v.RecordKind.VIDEO_INTERVIEW)
    made.registers("N1", v.RecordKind.ORIGINAL_NOTE)
    made.enters(NSP, r.RecordSameEvent("AB1", "N1"))
    made.registers("later", v.RecordKind.TRANSCRIPT_FULL, tied=False)
    made.registers("first", v.RecordKind.AUDIO_INTERVIEW, tied=False)
    made.enters(NSP, r.TieRecord("later", made.stream))
    made.derives("later", "first")
    assert "first" in made.material.records
    made.does(NSP, r.GiveReferences({"urn": "01AB2345678"}))
    assert made.material.refs["urn"] == "01AB2345678"
    made.does(CPS, letter("L1"))
    made.does(NSP, r.DisputeClaim("L1", v.LetterClaim(v.ClaimCode.HELD, record="AB1"), "it does not say so"))
    made.does(NSP, served("S1"))
    made.does(CPS, r.DecideScheduleItem("S1", 1, v.ScheduleDecision.INSPECT, "look at it"))
    made.copies("disc", "AB1")
    burnt = r.RecordCustody("e1", "disc", v.CustodyType.DESTROYED, authority="nobody", medium_only=True)
    made.enters(NSP, burnt)
    made.asks()
    gone = v.ReplyItem("AB1", v.ReplyCode.DESTROYED, event="e1")
    made.does(NSP, r.AnswerRequest("q1", (gone,), complete=False, reply="A1"))
    with refused("reply.needs"):
        vague = v.ReplyItem("AB1", v.ReplyCode.DESTROYED, event="e9")
        made.does(NSP, r.AnswerRequest("q1", (vague,), complete=False, supersedes="A1"))
    with refused("letter.not_considered"):
        made.does(CPS, letter("L2", (v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED),)))
    made.does(CPS, decided("D1"))
    made.does(CPS, r.RecordStanding("family", v.Standing.FAMILY_NO_STANDING, "the family"))
    made.does(CPS, r.RequestVictimReview("D1", v.Scheme.CPS, "family", "W1"))
    assert not made.material.victim_reviews["W1"].event.qualifying
