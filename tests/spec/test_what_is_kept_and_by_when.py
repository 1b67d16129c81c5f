"""Disposal asks the rules of retention; what later material, a share and a victim's rights start a clock for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evidence import CPS, EVERYTHING, NSP, SHA
from safehands.core import commands as c
from safehands.core.case import Clock
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import Refused
from safehands.pathways.calendars import ENGLAND_AND_WALES, shipped_calendars
from safehands.pathways.load import load
from safehands.rulebook.retention import REVIEWED
from safehands.service.clock import SetClock
from safehands.service.registers import RegisterRequest, enter
from scenario import InUse, Story, case_id, in_use, refused

CALENDAR = shipped_calendars()[ENGLAND_AND_WALES]
PLAIN = {"enhanced": "no", "finished": "no"}


class Case:
    """A case on evidence-review with the shipped rules, that begins on a day of one's choice."""

    def __init__(self, day: str = "2026-02-03 10:00", by: Actor = NSP) -> None:
        self.story: Story = in_use(load("evidence-review"))
        assert isinstance(self.story.engine, InUse)
        self.engine = self.story.engine
        self.story.now = datetime.fromisoformat(day).replace(tzinfo=UTC)
        self.engine.clock = SetClock(self.story.now, learned_too=True)
        self.engine.service = replace(self.engine.service, clock=self.engine.clock, calendars=shipped_calendars())
        self.story.opens(by, said=PLAIN)
        self.sent = 0

    @property
    def stream(self) -> str:
        return f"case/{case_id(self.story.name)}"

    def on(self, day: str) -> None:
        self.story.at(datetime.fromisoformat(day).replace(tzinfo=UTC))

    def enters(self, by: Actor, command: r.RegisterCommand, source: HappenedSource = HappenedSource.LIVE) -> None:
        self.sent += 1
        self.engine.clock.move_to(self.story.now)
        enter(self.engine.service, RegisterRequest(f"r{self.sent}", command, by, source=source))

    def registers(self, record: str, by: Actor = NSP, kind: v.RecordKind = v.RecordKind.VIDEO_INTERVIEW) -> None:
        made = v.When(self.story.now)
        self.enters(by, r.RegisterRecord(record, record, kind, f"what {record} is", made, cases=(self.stream,)))
        self.enters(by, r.RegisterCopy(f"{record}-file", record, v.CopyRole.MASTER, v.Medium.FILE, sha256=SHA, size=9))

    def shares(self, record: str, share: str, by: Actor = NSP, to: Actor = CPS) -> None:
        self.story.does(by, r.ShareRecord(record, to.agency, v.Channel.PORTAL, share, copy=f"{record}-file"))

    def decides(self, decision: str, *read: str, by: Actor = CPS, **more: object) -> None:
        form = r.DecideOnMaterial(
            v.DecisionKind.NFA_CPS, v.Test.FULL_CODE, v.Stage.EVIDENTIAL, "no further action", "not enough", decision,
            considered=tuple(v.Considered(each, v.Mode.READ_FULL) for each in read), shown=read,
        )  # fmt: skip
        self.story.does(by, replace(form, **more))  # type: ignore[arg-type]  # the form's own fields

    def clock(self, name: str) -> Clock:
        return self.story.case.clocks[name]

    def last_day(self, name: str) -> str:
        due_at = self.clock(name).due_at
        assert due_at is not None
        return CALENDAR.last_day(due_at).isoformat()

    def concern(self, name: str) -> tuple[str, int] | None:
        found = self.story.case.concerns.get(name)
        return (found.letter, found.grade) if found is not None and found.cleared_at is None else None


# --- what is kept -----------------------------------------------------------------------------------------------------


def prosecutors_own(day: str, *flags: str) -> Case:
    """A record of the prosecutors', of a case with these flags, that they reviewed and no longer need."""
    case = Case(day, by=CPS)
    case.registers("N1", CPS, v.RecordKind.EMAIL)
    case.story.does(CPS, r.FlagCase(("rasso", *flags)))
    case.enters(CPS, r.RuleRetention("N1", REVIEWED, "a named person looked, and it is not needed"))
    return case


def destroyed(name: str = "gone") -> r.RecordCustody:
    return r.RecordCustody(name, "N1-file", v.CustodyType.DISPOSAL_AUTHORISED, authority="a manager")


def why(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as said:
        attempt()
    assert said.value.rule == "disposal.kept"
    return said.value.sentence


def test_while_the_prosecutors_destroyed_nothing_nobody_can_destroy_and_who_did_is_seen() -> None:
    case = prosecutors_own("2016-03-01 10:00")
    sentence = why(lambda: case.enters(CPS, destroyed()))
    assert sentence == (
        "N1 may not be disposed of: The Crown Prosecution Service destroys no casework in this time (until 2023-08-07)."
    )
    case.enters(CPS, destroyed(), HappenedSource.LATE)
    assert case.concern("R09/N1") == ("a", 2)


def test_a_case_of_child_sexual_abuse_is_kept_for_twenty_years_more() -> None:
    case = prosecutors_own("2024-03-01 10:00", "csa")
    assert "(until 2044-03-0" in why(lambda: case.enters(CPS, destroyed()))
    case.enters(CPS, destroyed(), HappenedSource.LATE)
    assert case.concern("R09/N1") == ("a", 2)


def test_without_the_flag_and_after_the_suspension_a_reviewed_record_can_go() -> None:
    case = prosecutors_own("2024-03-01 10:00")
    case.enters(CPS, destroyed())
    assert case.concern("R09/N1") is None


def test_the_agencys_own_rule_a_hold_and_that_nobody_reviewed_it_are_told_at_once() -> None:
    case = Case("2024-03-01 10:00", by=CPS)
    case.registers("N1", CPS, v.RecordKind.EMAIL)
    case.enters(CPS, r.RuleRetention("N1", "local", "until the inquest", datetime(2030, 1, 1, tzinfo=UTC)))
    case.enters(CPS, r.PlaceHold("h1", "N1", "an inquiry"))
    sentence = why(lambda: case.enters(CPS, destroyed()))
    assert "A hold forbids it: an inquiry." in sentence
    assert "The agency keeps it: until the inquest (until 2030-01-01)." in sentence
    assert "Nobody of this agency has reviewed" in sentence


def test_a_record_of_no_case_is_judged_by_its_own_register() -> None:
    case = Case("2024-03-01 10:00", by=CPS)
    made = v.When(case.story.now)
    case.enters(CPS, r.RegisterRecord("N1", "N1", v.RecordKind.EMAIL, "an email", made))
    case.enters(CPS, r.RegisterCopy("N1-file", "N1", v.CopyRole.MASTER, v.Medium.FILE, sha256=SHA, size=9))
    assert "Nobody of this agency has reviewed" in why(lambda: case.enters(CPS, destroyed()))


# --- by when ----------------------------------------------------------------------------------------------------------


def test_enhanced_rights_that_somebody_recorded_win_over_a_no() -> None:
    case = Case()
    case.story.does(NSP, c.RecordMilestone("arrested"))
    assert case.last_day("code_step") == "2026-02-10"
    case.story.does(NSP, r.RecordStanding("victim-1", v.Standing.VICTIM, "the victim", enhanced=True))
    assert case.last_day("code_step") == "2026-02-04"
    case.story.says(NSP, enhanced="no", conclude=False)
    assert case.last_day("code_step") == "2026-02-04"
    case.story.does(NSP, r.RecordStanding("victim-1", v.Standing.VICTIM, "recorded of the wrong person"))
    assert case.last_day("code_step") == "2026-02-10"


def test_the_victim_is_told_why_nobody_is_prosecuted_and_the_letter_stops_that_clock() -> None:
    case = Case()
    case.registers("N1")
    case.shares("N1", "s1")
    case.story.does(NSP, r.RecordStanding("victim-1", v.Standing.VICTIM, "the victim", enhanced=True))
    case.decides("D1", "N1")
    case.decides("D2", "N1", kind=v.DecisionKind.DISCONTINUE)
    case.decides("D3", "N1", kind=v.DecisionKind.CASE_REVIEW, reviews="D1")
    names = ("code_not_prosecuted/D1", "code_stopped/D2", "code_review/D3")
    assert [case.last_day(name) for name in names] == ["2026-02-04"] * 3
    told = r.LogLetter(True, CPS.agency, "the victim", "post", SHA, "L1", decision="D1", explains_decision=True)
    case.story.does(CPS, told)
    assert [case.clock(name).status.value for name in names] == ["stopped", "running", "running"]


def test_who_was_sent_material_says_what_arrived_within_three_working_days() -> None:
    case = Case()
    case.registers("N1")
    case.shares("N1", "s1")
    assert case.last_day("receipt/s1") == "2026-02-06"
    case.on("2026-02-09 10:00")
    assert case.clock("receipt/s1").status == "breached"
    assert case.concern("R18/share:s1") is not None
    case.story.does(CPS, r.ReceiveShare("s1", sha256_received=SHA))
    assert case.clock("receipt/s1").status == "stopped"


def test_what_came_after_a_decision_is_weighed_within_five_working_days() -> None:
    case = Case()
    case.registers("N1")
    case.shares("N1", "s1")
    case.decides("D1", "N1")
    case.on("2026-02-05 10:00")
    early = v.When(datetime(2025, 1, 1, tzinfo=UTC))
    case.enters(NSP, r.RegisterRecord("T1", "T1", v.RecordKind.CCTV, "the street", early, cases=(case.stream,)))
    assert case.concern("R03/D1:T1") == ("a", 2)
    assert case.last_day("assess_effect/R03/D1:T1") == "2026-02-12"
    case.story.does(CPS, r.AssessEffect("D1", "T1", "it shows another street"))
    assert case.concern("R03/D1:T1") == ("late", 4)
    assert case.clock("assess_effect/R03/D1:T1").status == "stopped"


def test_what_nobody_weighed_in_time_is_a_concern_of_its_own() -> None:
    case = Case()
    case.registers("N1")
    case.shares("N1", "s1")
    case.decides("D1", "N1")
    early = v.When(datetime(2025, 1, 1, tzinfo=UTC))
    case.enters(NSP, r.RegisterRecord("T1", "T1", v.RecordKind.CCTV, "the street", early, cases=(case.stream,)))
    case.on("2026-02-12 10:00")
    assert case.clock("assess_effect/R03/D1:T1").status == "breached"
    assert "clock_breached" in case.story.concerns()


# --- what a register is -----------------------------------------------------------------------------------------------


def test_what_a_register_is_reaches_its_cases_at_once() -> None:
    case = Case()
    case.registers("N1")
    case.enters(NSP, r.DeclareRegister(v.RegisterStatus.LIVE, (v.Store("property store", None, "flooded"),)))
    material = case.engine.service.known(case.stream).material
    assert [fact.event.status for fact in material.registers[NSP.agency]] == [v.RegisterStatus.LIVE]
    case.enters(CPS, r.DeclareRegister(v.RegisterStatus.LIVE))
    assert CPS.agency not in case.engine.service.known(case.stream).material.registers


def test_a_block_on_a_schedule_lists_every_record_in_it() -> None:
    case = Case()
    for name in ("N1", "N2", "N3"):
        case.registers(name, kind=v.RecordKind.CCTV)
    case.story.does(NSP, r.ReachStage(v.CaseStage.CHARGED))
    block = v.ScheduleItem(1, "N1", "discs of the street", quantity=2, others=("N2",))
    with refused("schedule.listed"):
        again = replace(block, others=("N1",))
        case.story.does(NSP, r.ServeSchedule(v.Form.MG6C, (again,), "S1", with_certificate=True))
    case.story.does(NSP, r.ServeSchedule(v.Form.MG6C, (block,), "S1", with_certificate=True))
    with refused("schedule.listed"):
        late = v.ScheduleItem(2, "N2", "a disc")
        case.story.does(NSP, r.ServeSchedule(v.Form.MG6C, (late,), "S2", continues="S1", with_certificate=True))
    with refused("records.unknown"):
        none = v.ScheduleItem(2, "N3", "discs", quantity=2, others=("N9",))
        case.story.does(NSP, r.ServeSchedule(v.Form.MG6C, (none,), "S2", continues="S1", with_certificate=True))
    case.on("2026-04-01 10:00")
    case.enters(NSP, r.ReclassifyRecord("N3", "assessed", relevance=v.Relevance.RELEVANT))
    assert case.concern("R11/record:N1") is None
    assert case.concern("R11/record:N2") is None
    assert case.concern("R11/record:N3") is not None


def test_a_hold_has_one_name_in_a_case_whoever_placed_it() -> None:
    case = Case()
    case.registers("N1")
    case.shares("N1", "s1")
    case.registers("C1", CPS)
    case.enters(NSP, r.PlaceHold("h1", "N1", "an inquiry"))
    with refused("records.id_known"):
        case.enters(CPS, r.PlaceHold("h1", "C1", "another inquiry"))


def test_what_a_second_would_hide_is_said_once() -> None:
    """A receipt, a withdrawal, a revocation, the lifting of a hold, a conclusion."""
    case = Case()
    case.registers("N1")
    case.shares("N1", "s1")
    case.story.does(CPS, r.ReceiveShare("s1", sha256_received=SHA))
    with refused("share.received"):
        case.story.does(CPS, r.ReceiveShare("s1", sha256_received="ef" * 32))
    case.story.does(CPS, r.RequestMaterial(NSP.agency, v.RequestPurpose.CHARGING, EVERYTHING, "q1", within_days=5))
    case.story.does(CPS, r.WithdrawRequest("q1", "not needed"))
    with refused("request.settled"):
        case.story.does(CPS, r.WithdrawRequest("q1", "another reason"))
    case.decides("D1", "N1")
    other = replace(CPS, actor="cps-2")
    case.story.does(other, r.OpenReview("D1", v.ReviewTrigger.COMPLAINT, "v1"))
    case.story.does(other, r.ConcludeReview("v1", v.ReviewOutcome.UPHELD, "nothing new"))
    with refused("review.concluded"):
        case.story.does(other, r.ConcludeReview("v1", v.ReviewOutcome.OVERTURNED, "on second thoughts"))
    case.story.does(NSP, r.RevokeShare("s1", "sent to the wrong team"))
    with refused("share.revoked"):
        case.story.does(NSP, r.RevokeShare("s1", "another reason"))
    case.enters(NSP, r.PlaceHold("h1", "N1", "an inquiry"))
    case.enters(NSP, r.LiftHold("h1", "N1", "over", "the inquiry"))
    with refused("register.lifted"):
        case.enters(NSP, r.LiftHold("h1", "N1", "over again", "somebody else"))


def test_the_police_review_one_rank_higher() -> None:
    case = Case()
    case.registers("N1")
    case.decides("D1", "N1", by=NSP, kind=v.DecisionKind.NFA_POLICE, grade="sergeant")
    other = replace(NSP, actor="nsp-2")
    with refused("review.rank_not_higher"):
        case.story.does(other, r.OpenReview("D1", v.ReviewTrigger.COMPLAINT, grade="constable"))
    with refused("review.rank"):
        case.story.does(other, r.OpenReview("D1", v.ReviewTrigger.COMPLAINT, grade="senior"))
    case.story.does(other, r.OpenReview("D1", v.ReviewTrigger.COMPLAINT, grade="Chief Inspector"))
    case.decides("D2", "N1", by=NSP, kind=v.DecisionKind.NFA_POLICE)
    case.story.does(other, r.OpenReview("D2", v.ReviewTrigger.COMPLAINT, grade="sergeant"))


def test_a_letter_that_nothing_contradicts_is_sent_by_whoever_proposed_it() -> None:
    case = Case()
    case.story.does(NSP, r.ProposeLetter("the victim", SHA, "L1"))
    case.story.does(NSP, r.LogLetter(True, NSP.agency, "the victim", "post", SHA, "L1"))
    assert case.engine.service.known(case.stream).material.letters["L1"].event.second_look is None
    with refused("records.id_known"):
        case.story.does(NSP, r.ProposeLetter("the victim", SHA, "L1"))


def test_a_link_from_another_case_does_not_take_the_shorter_time_away() -> None:
    case = Case()
    case.registers("N1")
    case.story.does(NSP, r.RecordStanding("victim-1", v.Standing.VICTIM, "the victim", enhanced=True))
    case.story.does(NSP, c.RecordMilestone("arrested"))
    case.story.in_case("other").opens(NSP, said=PLAIN)
    case.story.does(NSP, c.LinkCase(f"case/{case_id('case')}", ("phone",), "the same people"))
    case.story.in_case("case")
    assert case.story.case.links
    assert case.last_day("code_step") == "2026-02-04"


def test_twenty_years_on_a_flag_keeps_nothing_any_more() -> None:
    case = prosecutors_own("2024-03-01 10:00", "csa")
    case.on("2044-03-03 10:00")
    case.enters(CPS, destroyed())
    assert case.concern("R09/N1") is None
