"""Every event of records and material, filled in, each in the ways that change its sentence. People are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from safehands.core import events as e
from safehands.core.events import Event
from safehands.core.records import events as r
from safehands.core.records import vocabulary as v

AT = datetime(2025, 8, 14, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=14)
HASH = "ab" * 32
POL, CPS = "POL-northshire", "CPS-midshire"
DAY = v.When(datetime(2005, 1, 20, tzinfo=UTC), v.Precision.DAY)


def made(precision: v.Precision, until: datetime | None = None) -> r.RecordRegistered:
    """A record made at a time that is known so exactly."""
    when = v.When(datetime(2005, 1, 20, tzinfo=UTC), precision, until)
    return r.RecordRegistered(
        "AB1A", POL, "AB/1A", v.RecordKind.RECORD_OF_INTERVIEW, "written record", when, legacy=True
    )


def held(status: v.HoldingStatus) -> r.HoldingAsserted:
    """An agency says this of a copy."""
    return r.HoldingAsserted("AB1", POL, status, AT, v.HowKnown.SEEN, "AB1-master", "store B")


CONSIDERED = (v.Considered("AB1A", v.Mode.READ_FULL), v.Considered("AB1D", v.Mode.VIEWED_FULL, "AB1D-file", AT))
CLAIM = v.LetterClaim(v.ClaimCode.NOT_HELD, "AB1", own_holding=True)

TOLD_OF_RECORDS: tuple[Event, ...] = (
    r.RegisterDeclared(POL, v.RegisterStatus.LIVE, (v.Store("property store", AT), v.Store("paper store"))),
    r.RegisterDeclared(CPS, v.RegisterStatus.SNAPSHOT, as_of=AT),
    r.RegisterDeclared("LAU-1", v.RegisterStatus.NONE),
    r.RecordRegistered("AB1", POL, "AB/1", v.RecordKind.VIDEO_INTERVIEW, "video of an interview on VHS", DAY),
    *(made(precision) for precision in v.Precision),
    made(v.Precision.MONTH, datetime(2005, 3, 1, tzinfo=UTC)),
    r.RecordTied("AB1", "case/2"),
    r.RecordReclassified("AB1", "it bears on it", v.Relevance.RELEVANT, v.Use.EVIDENCE, v.Sensitivity.SENSITIVE),
    r.RecordReclassified("AB1", "a judge said so", authority="order of 3 March"),
    r.RecordDescribed("AB1", "the label was read again", "video interview of 20 January 2005, 47 minutes"),
    r.CopyRegistered("AB1-master", "AB1", v.CopyRole.MASTER, v.Medium.VHS, seal="S1", held_by=POL),
    r.CopyRegistered("AB1D-file", "AB1D", v.CopyRole.ACCESS, v.Medium.FILE, HASH, 10),
    r.CopyRegistered("AB1-x", "AB1", v.CopyRole.WORKING, v.Medium.CD_DVD),
    r.PlayabilityTested("AB1-master", v.Playable.YES, AT),
    r.PlayabilityTested("AB1-master", v.Playable.NO, AT, "the tape sticks"),
    r.PlayabilityTested("AB1-master", v.Playable.UNTESTED, AT),
    *(held(status) for status in v.HoldingStatus),
    r.HoldingAsserted("AB1", POL, v.HoldingStatus.HELD, AT, v.HowKnown.INFERRED),
    r.DerivationRecorded("d1", "AB1A", "AB1", v.Method.RECORD_OF_INTERVIEW, DAY, "AB"),
    r.DerivationRecorded("d2", "AB1D", "AB1", v.Method.FORMAT_MIGRATION, DAY, tool="deck 4"),
    *(r.SourceClaimed("AB1A", claim, POL) for claim in v.SourceClaim),
    r.SourceClaimed("AB1A", v.SourceClaim.HELD_BY, CPS, POL),
    r.SourceClaimed("AB1A", v.SourceClaim.SEARCHED_NOT_FOUND, POL, scope="property store", reason="no label"),
    r.TwinAsked("N1", v.RecordedToo.YES, "AB1"),
    r.TwinAsked("N1", v.RecordedToo.NO, reason="the machine was broken"),
    r.TwinAsked("N1", v.RecordedToo.NOT_ASKED),
    r.SameEventRecorded("AB1", "N1"),
    *(r.DerivativeVerified("v1", "d1", "AB1D-file", "P3", result, AT) for result in v.Verified),
    r.DerivativeVerified("v1", "d1", "AB1D-file", "P3", v.Verified.MINOR_DIFFERENCES, AT, "two words"),
    r.CustodyRecorded("k1", "AB1-master", v.CustodyType.MOVED, AT, POL, "O1", "store A", "store B", "new shelf"),
    r.CustodyRecorded("k2", "AB1D-file", v.CustodyType.VIEWED, AT, CPS, coverage=v.Coverage(0, 600, 40)),
    r.CustodyRecorded("k3", "AB1-master", v.CustodyType.DISPOSAL_AUTHORISED, AT, POL),
    r.RetentionRuled("AB1", POL, "cpia.convicted", "held until release", LATER),
    r.RetentionRuled("AB1", POL, "csa", "no end is known"),
    r.HoldPlaced("h1", "AB1", "an inquiry asked", "the inquiry"),
    r.HoldLifted("h1", "AB1", "the inquiry ended", "its chair"),
    r.MaterialNoted(f"register/{POL}", 3, "AB1"),
    r.CaseFlagged(("rasso", "csa")),
    r.CaseFlagged((), ("hold:inquiry",)),
    r.CaseFlagged(()),
    r.CaseReferenced({"URN": "12NS", "crime": "NS/2004/0417"}),
    r.StageReached(v.CaseStage.UNDER_REVIEW),
    *(r.StandingRecorded("Party-1", standing, "as the file says") for standing in v.Standing),
    r.StandingRecorded("Party-1", v.Standing.FAMILY_NO_STANDING, "her mother", discretionary=True, enhanced=True),
    r.RecordShared("s1", "AB1", POL, CPS, v.Channel.EVIDENCE_LINK, AT, "AB1D-file", "P3", HASH, LATER),
    r.RecordShared("s2", "AB1", POL, CPS, v.Channel.CASE_FILE_INTERFACE, AT),
    r.ShareReceived("s1", AT, "P3", HASH),
    r.ShareReceived("s2", AT, "P3"),
    r.ShareOpened("s1", AT, "P3", v.Coverage(0, 900, 100)),
    r.ShareOpened("s1", AT, "P3"),
    r.ShareRevoked("s1", "the link ran out"),
    r.MaterialRequested("q1", CPS, POL, v.RequestPurpose.CASE_REVIEW, v.Scope(True), AT, LATER),
    r.MaterialRequested("q2", CPS, POL, v.RequestPurpose.CHARGING, v.Scope(kinds=(v.RecordKind.CCTV,)), AT),
    r.MaterialRequested("q3", CPS, POL, v.RequestPurpose.CHARGING, v.Scope(text="the tape"), AT),
    r.MaterialRequested("q4", CPS, POL, v.RequestPurpose.CHARGING, v.Scope(), AT),
    r.RequestWithdrawn("q1", "it came by another way"),
    r.RequestAnswered("a1", "q1", POL, AT, (), complete=False, legacy=True),
    r.RequestAnswered(
        "a2", "q1", POL, AT,
        (v.ReplyItem("AB1", v.ReplyCode.SUPPLIED), v.ReplyItem("AB1A", v.ReplyCode.ALREADY_SUPPLIED)), complete=True,
    ),
    r.NothingFurtherAttested(
        "t1", POL, AT, "O1", v.Scope(True), ("property store",), "O1", "nothing further is held",
        {"paper store": "it moved"},
    ),
    r.NothingFurtherAttested("t2", POL, AT, "O1", v.Scope(True), (), "nobody", "nothing further", legacy=True),
    r.ScheduleServed("m1", v.Form.MG6C, POL, AT, (v.ScheduleItem(1, "N1", "notes"),), "O1", with_certificate=True),
    r.ScheduleServed("m2", v.Form.MG6D, POL, AT, (), "O1"),
    *(r.ScheduleItemDecided("m1", 1, each, "it may help", "P3", AT) for each in v.ScheduleDecision),
    r.MaterialDecided(
        "D1", v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "no further action", "written reasons", AT,
        "P1", CPS, considered=CONSIDERED, known_unseen=(v.KnownUnseen("AB1", v.UnseenReason.NOT_PLAYABLE, True),),
        waived={"q1": "it would not help"},
    ),
    r.MaterialDecided(
        "D2", v.DecisionKind.CASE_REVIEW, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "as before", "reasons", AT, "P2", CPS,
        reviews="D1", known_unseen=(v.KnownUnseen("AB1", v.UnseenReason.OTHER, False),), legacy=True,
    ),
    r.MaterialDecided(
        "D0", v.DecisionKind.DISCONTINUE, v.Test.NONE, v.Stage.NONE, "stopped", "by mouth", AT, "P0", CPS,
        basis_known=False,
    ),
    r.EffectAssessed("D1", "AB1", "P3", "it agrees with the written record"),
    *(r.ReviewOpened("w1", "D1", trigger, "P3", CPS) for trigger in v.ReviewTrigger),
    *(r.ReviewConcluded("w1", outcome, "said in full") for outcome in v.ReviewOutcome),
    r.VictimReviewRequested("vr1", "D1", v.Scheme.CPS, "Party-1", AT, qualifying=True),
    r.VictimReviewRequested("vr2", "D0", v.Scheme.POLICE, "Party-1", AT, qualifying=False, reason="too old"),
    r.VictimReviewMoved("vr1", "independent_review"),
    r.VictimReviewMoved("vr1", "closed", "upheld"),
    r.LetterProposed("L1", POL, "Party-1", HASH, (CLAIM,)),
    r.LetterLogged("L1", True, POL, "Party-1", v.Channel.POST, AT, HASH, (CLAIM,), second_look="O1"),
    r.LetterLogged("L2", False, "Party-1", POL, v.Channel.EMAIL, AT, HASH),
    *(r.ClaimDisputed("L1", v.LetterClaim(claim, "AB1"), "Party-1", "I saw it") for claim in v.ClaimCode),
    r.ClaimDisputed("L1", v.LetterClaim(v.ClaimCode.SHARED_WITH, kind=v.RecordKind.CCTV, agency=CPS), "Party-1", "no"),
    r.ClaimDisputed("L1", v.LetterClaim(v.ClaimCode.ALL_MATERIAL_CONSIDERED), "Party-1", "no"),
    r.ConcernAcknowledged("R01/D1:AB1", "the tape is asked for"),
    r.SettingAsideProposed("R14/AB1", "there is a copy elsewhere"),
    r.ConcernSetAside("R14/AB1", "there is a copy elsewhere", "a second officer"),
    e.ConcernRegraded("R10/D1:AB1A", 4, "late", "verified"),
)  # fmt: skip
