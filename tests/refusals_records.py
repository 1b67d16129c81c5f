"""What provokes the rules about registers and material (``core.decide.material``, ``core.records.register``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from evidence import AUDIT, BODY, CPS, CPS2, EVERYTHING, NSP, NSP2, Matter
from refusals import refusal
from safehands.core.commands import Given
from safehands.core.decide import decide
from safehands.core.records import commands as r
from safehands.core.records.telling import stream_of
from safehands.core.records.vocabulary import (
    Channel,
    ClaimCode,
    CopyRole,
    CustodyType,
    DecisionKind,
    Form,
    HoldingStatus,
    HowKnown,
    KnownUnseen,
    LetterClaim,
    Medium,
    Mode,
    RecordedToo,
    RecordKind,
    ReplyCode,
    ReplyItem,
    RequestPurpose,
    ReviewOutcome,
    ReviewTrigger,
    ScheduleDecision,
    ScheduleItem,
    Scheme,
    Scope,
    Sensitivity,
    SourceClaim,
    UnseenReason,
    Verified,
)
from scenario import Story, person

TAPE, WRITTEN, FILE = "AB1", "AB1A", "file"
OTHER = person("POL-southshire", "investigator")


def provokes(rule: str) -> Callable[[Callable[[Matter], object]], Callable[[Matter], object]]:
    """Register what provokes ``rule`` in a matter of two agencies."""

    def register(provoke: Callable[[Matter], object]) -> Callable[[Matter], object]:
        @refusal(rule)
        def _(_: Story) -> object:
            return provoke(matter())

        return provoke

    return register


def matter() -> Matter:
    """A tape, the record written of it and a file, on the register of the police; the prosecutors have a part."""
    made = Matter()
    made.invites()
    made.registers(TAPE, RecordKind.VIDEO_INTERVIEW)
    made.registers(WRITTEN, RecordKind.RECORD_OF_INTERVIEW)
    made.derives(WRITTEN, TAPE, made_by=NSP.actor)
    made.copies("disc", TAPE)
    return made


def supplied(m: Matter) -> tuple[ReplyItem, ...]:
    """Every record in scope, supplied."""
    m.shares(TAPE)
    m.shares(WRITTEN)
    return tuple(ReplyItem(each, ReplyCode.SUPPLIED, share=f"s-{each}-CPS-midshire") for each in (FILE, TAPE, WRITTEN))


def decided(m: Matter, decision: str = "D1", by: object = CPS, **more: object) -> Matter:
    """An old decision, on the written record alone."""
    m.shares(WRITTEN)
    m.decides(decision, (WRITTEN, Mode.READ_FULL), by=by, legacy=True, **more)  # type: ignore[arg-type]  # whoever the story names
    return m


def letter(m: Matter, *claims: LetterClaim, by: object = NSP, **more: object) -> object:
    """A letter of the police to the family."""
    more.setdefault("letter", "L1")
    more.setdefault("sender", NSP.agency)
    more.setdefault("body_sha256", BODY)
    return m.does(by, r.LogLetter(True, recipient="the family", channel="post", claims=claims, **more))  # type: ignore[arg-type]  # the fields of the command, as the story names them


GONE = LetterClaim(ClaimCode.NOT_HELD, record=TAPE)

# --- anybody, anywhere ------------------------------------------------------------------------------------------------


@provokes("records.stranger")
def _(m: Matter) -> object:
    case = m.story.case
    given = Given("x", m.story.now, m.story.now, OTHER, m.story.now, material=m.material)
    pathway = m.service.catalogue.by_ref(case.pathway)
    return decide(r.FlagCase(("csa",)), m.stream, case, pathway, given)


@provokes("records.backdated")
def _(m: Matter) -> object:
    return m.does(NSP, r.ShareRecord(TAPE, CPS.agency, Channel.DISC, sent_at=m.story.now - timedelta(days=1)))


@provokes("records.id_known")
def _(m: Matter) -> object:
    return m.registers(TAPE, RecordKind.CCTV)


@provokes("records.unknown")
def _(m: Matter) -> object:
    return m.shares("nothing")


@provokes("records.copy_of_other")
def _(m: Matter) -> object:
    return m.shares(WRITTEN, copy="disc")


@provokes("records.hash")
def _(m: Matter) -> object:
    return m.shares(TAPE, sha256_sent="half")


# --- registers --------------------------------------------------------------------------------------------------------


@provokes("register.tied")
def _(m: Matter) -> object:
    return m.enters(NSP, r.TieRecord(TAPE, m.stream))


@provokes("register.nothing")
def _(m: Matter) -> object:
    return m.enters(NSP, r.ReclassifyRecord(TAPE, "no reason"))


@provokes("register.fixity")
def _(m: Matter) -> object:
    return m.enters(NSP, r.RegisterCopy("c2", TAPE, CopyRole.WORKING, Medium.FILE))


@provokes("register.seal")
def _(m: Matter) -> object:
    return m.enters(NSP, r.RegisterCopy("c2", TAPE, CopyRole.MASTER, Medium.VHS))


@provokes("register.destroyed")
def _(m: Matter) -> object:
    return m.enters(NSP, r.AssertHolding(TAPE, HoldingStatus.DESTROYED, HowKnown.SEEN))


@provokes("register.circle")
def _(m: Matter) -> object:
    return m.derives(TAPE, WRITTEN)


@provokes("register.claim")
def _(m: Matter) -> object:
    return m.enters(NSP, r.ClaimSource(WRITTEN, SourceClaim.HELD_BY))


@provokes("register.twin")
def _(m: Matter) -> object:
    return m.enters(NSP, r.AskTwin(WRITTEN, RecordedToo.NO))


@provokes("register.own_work")
def _(m: Matter) -> object:
    return m.enters(NSP, r.VerifyDerivative("v1", f"{WRITTEN}<{TAPE}", "disc", Verified.CONSISTENT))


@provokes("register.supersedes")
def _(m: Matter) -> object:
    return m.enters(NSP, r.RecordCustody("e2", "disc", CustodyType.MOVED, supersedes="e1"))


@provokes("register.lifted")
def _(m: Matter) -> object:
    m.enters(NSP, r.PlaceHold("h1", TAPE, "an inquiry"))
    lift = r.LiftHold("h1", TAPE, "it ended", "its chair")
    m.enters(NSP, lift)
    return m.enters(NSP, lift)


@provokes("register.other")
def _(m: Matter) -> object:
    case = m.story.case
    fact = m.material.records[TAPE]
    note = r.NoteMaterial((r.Noted(stream_of(NSP.agency), 2, TAPE, fact),))
    given = Given("x", m.story.now, m.story.now, CPS, m.story.now, material=m.material)
    return decide(note, m.stream, case, m.service.catalogue.by_ref(case.pathway), given)


@provokes("disposal.kept")
def _(m: Matter) -> object:
    m.enters(NSP, r.PlaceHold("h1", TAPE, "an inquiry"))
    return m.enters(NSP, r.RecordCustody("e1", "disc", CustodyType.DISPOSAL_AUTHORISED))


@provokes("disposal.stopped")
def _(m: Matter) -> object:
    return decided(m).enters(NSP, r.RecordCustody("e1", "disc", CustodyType.DISPOSAL_AUTHORISED, medium_only=True))


# --- requests and answers ---------------------------------------------------------------------------------------------


@provokes("request.to_self")
def _(m: Matter) -> object:
    return m.asks(to=CPS)


@provokes("request.scope")
def _(m: Matter) -> object:
    return m.asks(scope=Scope())


@provokes("request.deadline")
def _(m: Matter) -> object:
    return m.does(CPS, r.RequestMaterial(NSP.agency, RequestPurpose.CHARGING, EVERYTHING))


@provokes("request.due_past")
def _(m: Matter) -> object:
    return m.does(CPS, r.RequestMaterial(NSP.agency, RequestPurpose.CHARGING, EVERYTHING, due_at=m.story.now))


@provokes("request.not_yours")
def _(m: Matter) -> object:
    return m.does(NSP, r.WithdrawRequest(m.asks(), "enough"))


@provokes("request.settled")
def _(m: Matter) -> object:
    m.does(CPS, r.WithdrawRequest(m.asks(), "enough"))
    return m.does(CPS, r.WithdrawRequest("q1", "enough"))


@provokes("reply.not_yours")
def _(m: Matter) -> object:
    return m.does(CPS, r.AnswerRequest(m.asks(), (), complete=False))


@provokes("reply.twice")
def _(m: Matter) -> object:
    line = ReplyItem(TAPE, ReplyCode.NOT_SEARCHED, "off site")
    return m.does(NSP, r.AnswerRequest(m.asks(), (line, line), complete=False))


@provokes("reply.needs")
def _(m: Matter) -> object:
    return m.does(NSP, r.AnswerRequest(m.asks(), (ReplyItem(TAPE, ReplyCode.SUPPLIED),), complete=False))


@provokes("reply.incomplete")
def _(m: Matter) -> object:
    m.asks()
    return m.does(NSP, r.AnswerRequest("q1", supplied(m)[:2], complete=True))


@provokes("reply.nothing")
def _(m: Matter) -> object:
    m.asks(scope=Scope(kinds=(RecordKind.CCTV,)))
    return m.does(NSP, r.AnswerRequest("q1", (), complete=True))


@provokes("reply.contradicts")
def _(m: Matter) -> object:
    line = ReplyItem(TAPE, ReplyCode.NOT_HELD, last_holder="unknown")
    return m.does(NSP, r.AnswerRequest(m.asks(), (line,), complete=False))


@provokes("reply.supersedes")
def _(m: Matter) -> object:
    m.asks()
    m.does(NSP, r.AnswerRequest("q1", (), complete=False))
    return m.does(NSP, r.AnswerRequest("q1", (), complete=False))


def attests(m: Matter, **more: object) -> object:
    said = {"systems_searched": ("property store",), "searched_by": "a clerk", "wording": "nothing further"} | more
    return m.does(NSP, r.AttestNothingFurther(scope=EVERYTHING, **said))  # type: ignore[arg-type]  # the fields of the command


@provokes("attestation.systems")
def _(m: Matter) -> object:
    return attests(m, systems_searched=())


@provokes("attestation.both")
def _(m: Matter) -> object:
    return attests(m, not_searched={"property store": "shut"}, listed=(TAPE, WRITTEN, FILE))


@provokes("attestation.contradicted")
def _(m: Matter) -> object:
    return attests(m, listed=(WRITTEN, FILE))


# --- shares -----------------------------------------------------------------------------------------------------------


@provokes("share.to_self")
def _(m: Matter) -> object:
    return m.shares(TAPE, to=NSP)


@provokes("share.not_told")
def _(m: Matter) -> object:
    return m.shares(TAPE, by=CPS, to=OTHER)


@provokes("share.stub_only")
def _(m: Matter) -> object:
    m.registers("X", RecordKind.POLICY_LOG, sensitivity=Sensitivity.HIGHLY_SENSITIVE)
    return m.shares("X")


@provokes("share.expires")
def _(m: Matter) -> object:
    return m.shares(TAPE, expires_at=m.story.now)


@provokes("share.request")
def _(m: Matter) -> object:
    return m.shares(TAPE, request="q9")


@provokes("share.not_yours")
def _(m: Matter) -> object:
    return m.does(NSP, r.ReceiveShare(m.shares(TAPE)))


@provokes("share.not_sender")
def _(m: Matter) -> object:
    return m.does(CPS, r.RevokeShare(m.shares(TAPE), "by mistake"))


@provokes("share.received")
def _(m: Matter) -> object:
    m.does(CPS, r.ReceiveShare(m.shares(TAPE)))
    return m.does(CPS, r.ReceiveShare(f"s-{TAPE}-CPS-midshire"))


@provokes("share.too_early")
def _(m: Matter) -> object:
    m.shares(TAPE)
    return m.late(CPS, r.ReceiveShare(f"s-{TAPE}-CPS-midshire", m.story.now - timedelta(hours=1)))


@provokes("share.revoked")
def _(m: Matter) -> object:
    m.does(NSP, r.RevokeShare(m.shares(TAPE), "by mistake"))
    return m.does(CPS, r.OpenShare(f"s-{TAPE}-CPS-midshire"))


# --- schedules --------------------------------------------------------------------------------------------------------


def serves(m: Matter, *items: ScheduleItem, form: Form = Form.MG6C, certificate: bool = True, **more: object) -> object:
    return m.does(NSP, r.ServeSchedule(form, items, with_certificate=certificate, **more))  # type: ignore[arg-type]  # the fields of the command


LINE = ScheduleItem(1, TAPE, "the interview, on tape")


@provokes("schedule.numbers")
def _(m: Matter) -> object:
    return serves(m, replace(LINE, number=2))


@provokes("schedule.continues")
def _(m: Matter) -> object:
    serves(m, LINE)
    return serves(m, ScheduleItem(2, WRITTEN, "what was written of it"))


@provokes("schedule.certificate")
def _(m: Matter) -> object:
    return serves(m, LINE, certificate=False)


@provokes("schedule.description")
def _(m: Matter) -> object:
    return serves(m, replace(LINE, description=" "))


@provokes("schedule.quantity")
def _(m: Matter) -> object:
    line = ScheduleItem(1, TAPE, "tapes of the interview", quantity=1, others=(WRITTEN,))
    return m.does(NSP, r.ServeSchedule(Form.MG6C, (line,), "S1", with_certificate=True))


@provokes("schedule.sensitive")
def _(m: Matter) -> object:
    m.enters(NSP, r.ReclassifyRecord(TAPE, "an informant", sensitivity=Sensitivity.SENSITIVE))
    return serves(m, LINE)


@provokes("schedule.listed")
def _(m: Matter) -> object:
    serves(m, LINE, schedule="S1")
    return serves(m, replace(LINE, number=2), continues="S1")


@provokes("schedule.line")
def _(m: Matter) -> object:
    serves(m, LINE, schedule="S1")
    return m.does(CPS, r.DecideScheduleItem("S1", 2, ScheduleDecision.INSPECT, "to be looked at"))


@provokes("schedule.own")
def _(m: Matter) -> object:
    serves(m, LINE, schedule="S1")
    return m.does(NSP, r.DecideScheduleItem("S1", 1, ScheduleDecision.INSPECT, "to be looked at"))


# --- decisions --------------------------------------------------------------------------------------------------------


def decides(m: Matter, **more: object) -> object:
    """A live decision on what was shared, with one thing left out."""
    m.shares(WRITTEN)
    more.setdefault("shown", (WRITTEN,))
    m.decides("D1", *more.pop("on", ((WRITTEN, Mode.READ_FULL),)), **more)  # type: ignore[misc, arg-type]  # the fields of the command
    return m


@provokes("evidence.reasons")
def _(m: Matter) -> object:
    return decides(m, reasons=" ")


@provokes("evidence.considered")
def _(m: Matter) -> object:
    return decides(m, on=())


@provokes("evidence.unseen")
def _(m: Matter) -> object:
    m.shares(TAPE)
    return decides(m, shown=(WRITTEN, TAPE))


@provokes("evidence.unsigned")
def _(m: Matter) -> object:
    m.shares(TAPE)
    excuse = KnownUnseen(TAPE, UnseenReason.NOT_PLAYABLE, signed=False)
    return decides(m, shown=(WRITTEN, TAPE), known_unseen=(excuse,))


@provokes("evidence.staged")
def _(m: Matter) -> object:
    m.shares(TAPE)
    excuse = KnownUnseen(TAPE, UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE, signed=True)
    return decides(m, shown=(WRITTEN, TAPE), known_unseen=(excuse,))


@provokes("evidence.why_unseen")
def _(m: Matter) -> object:
    m.shares(TAPE)
    return decides(
        m, shown=(WRITTEN, TAPE), known_unseen=(KnownUnseen(TAPE, UnseenReason.OTHER, signed=True, text=" "),)
    )


@provokes("evidence.index")
def _(m: Matter) -> object:
    return decides(m, shown=())


@provokes("evidence.open_requests")
def _(m: Matter) -> object:
    m.asks()
    return decides(m)


@provokes("evidence.orphan")
def _(m: Matter) -> object:
    m.registers("T2", RecordKind.TRANSCRIPT_FULL)
    m.shares("T2")
    return decides(m, shown=(WRITTEN, "T2"), on=((WRITTEN, Mode.READ_FULL), ("T2", Mode.READ_FULL)))


@provokes("evidence.own")
def _(m: Matter) -> object:
    return decides(m, decider="somebody.else")


@provokes("effect.not_later")
def _(m: Matter) -> object:
    return decided(m).does(CPS, r.AssessEffect("D1", WRITTEN, "nothing new"))


# --- reviews ----------------------------------------------------------------------------------------------------------


@provokes("review.own_decision")
def _(m: Matter) -> object:
    return decided(m).does(CPS, r.OpenReview("D1", ReviewTrigger.COMPLAINT))


@provokes("review.rank")
def _(m: Matter) -> object:
    decided(m, by=NSP, kind=DecisionKind.NFA_POLICE)
    return m.does(NSP2, r.OpenReview("D1", ReviewTrigger.COMPLAINT))


@provokes("review.rank_not_higher")
def _(m: Matter) -> object:
    decided(m, by=NSP, kind=DecisionKind.NFA_POLICE, grade="sergeant")
    return m.does(NSP2, r.OpenReview("D1", ReviewTrigger.COMPLAINT, grade="Sergeant"))


@provokes("review.not_yours")
def _(m: Matter) -> object:
    decided(m).does(CPS2, r.OpenReview("D1", ReviewTrigger.COMPLAINT, review="V1"))
    return m.does(NSP, r.ConcludeReview("V1", ReviewOutcome.UPHELD, "it was right"))


@provokes("review.concluded")
def _(m: Matter) -> object:
    decided(m).does(CPS2, r.OpenReview("D1", ReviewTrigger.COMPLAINT, review="V1"))
    m.does(CPS2, r.ConcludeReview("V1", ReviewOutcome.UPHELD, "it was right"))
    return m.does(CPS2, r.ConcludeReview("V1", ReviewOutcome.UPHELD, "it was right"))


@provokes("review.decision_of")
def _(m: Matter) -> object:
    decided(m).does(CPS2, r.OpenReview("D1", ReviewTrigger.COMPLAINT, review="V1"))
    return m.does(CPS2, r.ConcludeReview("V1", ReviewOutcome.UPHELD, "it was right", by_decision="D1"))


@provokes("victim_review.scheme")
def _(m: Matter) -> object:
    return decided(m).does(CPS, r.RequestVictimReview("D1", Scheme.POLICE, "p1"))


@provokes("victim_review.stage")
def _(m: Matter) -> object:
    decided(m).does(CPS, r.RequestVictimReview("D1", Scheme.CPS, "p1", "W1"))
    return m.does(CPS, r.MoveVictimReview("W1", "limbo"))


@provokes("victim_review.closed")
def _(m: Matter) -> object:
    decided(m).does(CPS, r.RequestVictimReview("D1", Scheme.CPS, "p1", "W1"))
    m.does(CPS, r.MoveVictimReview("W1", "closed"))
    return m.does(CPS, r.MoveVictimReview("W1", "acknowledged"))


# --- letters and concerns ---------------------------------------------------------------------------------------------


@provokes("letter.sender")
def _(m: Matter) -> object:
    return letter(m, sender=CPS.agency)


@provokes("letter.claim")
def _(m: Matter) -> object:
    return letter(m, LetterClaim(ClaimCode.HELD))


@provokes("letter.not_considered")
def _(m: Matter) -> object:
    decided(m)
    claim = LetterClaim(ClaimCode.CONSIDERED, record=TAPE)
    return letter(m, claim, by=CPS, sender=CPS.agency, decision="D1")


@provokes("letter.contradicts")
def _(m: Matter) -> object:
    return letter(m, GONE)


def proposed(*claims: LetterClaim) -> r.ProposeLetter:
    return r.ProposeLetter("the family", BODY, "L1", claims)


@provokes("letter.own_look")
def _(m: Matter) -> object:
    m.does(NSP, proposed(GONE))
    return letter(m, GONE)


@provokes("letter.changed")
def _(m: Matter) -> object:
    m.does(NSP, proposed())
    return letter(m, GONE, by=NSP2)


@provokes("concern.unknown")
def _(m: Matter) -> object:
    return m.does(CPS, r.AcknowledgeConcern("R01/nothing", "seen"))


@provokes("concern.other_agency")
def _(m: Matter) -> object:
    return decided(m).does(CPS, r.AcknowledgeConcern(f"R01/D1:{TAPE}", "seen"))


@provokes("concern.aside")
def _(m: Matter) -> object:
    concern = f"R01/D1:{TAPE}"
    decided(m).does(NSP, r.ProposeSettingAside(concern, "blank"))
    m.does(AUDIT, r.ConfirmSettingAside(concern))
    return m.does(NSP, r.ProposeSettingAside(concern, "blank"))


@provokes("concern.no_proposal")
def _(m: Matter) -> object:
    return decided(m).does(NSP, r.ConfirmSettingAside(f"R01/D1:{TAPE}"))


@provokes("concern.second_person")
def _(m: Matter) -> object:
    decided(m).does(NSP, r.ProposeSettingAside(f"R01/D1:{TAPE}", "blank"))
    return m.does(NSP, r.ConfirmSettingAside(f"R01/D1:{TAPE}"))
