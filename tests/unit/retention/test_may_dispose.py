"""A storekeeper wants the shelf back. Every reason to keep it is told, with its source: no date frees one alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Fact, Material, absorb_all
from safehands.rulebook.retention import REVIEWED, Proceedings, may_dispose

NSP, CPS = "POL-northshire", "CPS-midshire"
CONVICTED = datetime(2010, 1, 10, tzinfo=UTC)
FREE = Proceedings(convicted_at=CONVICTED, custody=False, appeal_open=False)


def day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(hour=12, tzinfo=UTC)


def material(*told: tuple[str, object]) -> Material:
    return absorb_all(Fact(event, day(at), day(at), n) for n, (at, event) in enumerate(told, 1))


def registered(record: str = "AB1", kind: v.RecordKind = v.RecordKind.VIDEO_INTERVIEW) -> tuple[str, object]:
    made = v.When(day("2005-01-20"), v.Precision.DAY)
    return "2005-01-20", r.RecordRegistered(record, NSP, record, kind, "an interview", made)


def decided(at: str, kind: v.DecisionKind, considered: Iterable[str] = ()) -> tuple[str, object]:
    seen = tuple(v.Considered(record, v.Mode.READ_FULL) for record in considered)
    none = v.Test.NONE, v.Stage.NONE
    return at, r.MaterialDecided("D1", kind, *none, "as said", "reasons", day(at), "P1", CPS, considered=seen)


def reviewed(at: str, agency: str = NSP) -> tuple[str, object]:
    return at, r.RetentionRuled("AB1", agency, REVIEWED, "a named person looked, and it is not needed")


def rules(known: Material, at: str, agency: str = NSP, ended: Proceedings | None = None) -> set[str]:
    blocks = may_dispose(known, "AB1", agency, day(at), ended=ended)
    assert all(block.says.endswith(".") or block.rule in ("hold", "ruled") for block in blocks)
    assert all(block.source for block in blocks)
    return {block.rule for block in blocks}


NFA = decided("2006-01-10", v.DecisionKind.NFA_CPS)
CHARGE = decided("2006-01-10", v.DecisionKind.CHARGE)


def test_before_anybody_has_decided_everything_is_kept() -> None:
    assert rules(material(registered(), reviewed("2005-02-01")), "2030-01-01") == {"cpia.undecided"}


def test_a_date_alone_frees_nothing() -> None:
    assert rules(material(registered(), NFA), "2040-01-01") == {"not_reviewed"}
    assert rules(material(registered(), NFA, reviewed("2039-01-01")), "2040-01-01") == set()
    assert rules(material(registered(), NFA, reviewed("2041-01-01")), "2040-01-01") == {"not_reviewed"}
    another = material(registered(), NFA, reviewed("2039-01-01", CPS))
    assert rules(another, "2040-01-01") == {"not_reviewed"}


def test_a_review_before_the_last_time_ran_out_counts_for_nothing() -> None:
    until = day("2020-01-01")
    rule = "2007-01-01", r.RetentionRuled("AB1", NSP, "force.policy", "kept to 2020", until)
    assert rules(material(registered(), NFA, rule, reviewed("2019-01-01")), "2040-01-01") == {"not_reviewed"}
    assert rules(material(registered(), NFA, rule, reviewed("2021-01-01")), "2040-01-01") == set()
    assert rules(material(registered(), NFA, rule, reviewed("2021-01-01")), "2019-06-01") == {"ruled", "not_reviewed"}
    endless = "2008-01-01", r.RetentionRuled("AB1", NSP, "force.policy", "for good")
    assert rules(material(registered(), NFA, rule, endless, reviewed("2021-01-01")), "2040-01-01") == {"ruled"}
    of_another = "2008-01-01", r.RetentionRuled("AB1", CPS, "schedule", "for good")
    assert rules(material(registered(), NFA, of_another, reviewed("2021-01-01")), "2040-01-01") == set()


def test_six_years_of_police_information_run_from_the_last_decision() -> None:
    known = material(registered(), NFA, reviewed("2011-01-01"))
    assert rules(known, "2012-01-10") == {"police.information"}
    assert rules(known, "2012-01-11") == set()


@pytest.mark.parametrize(
    ("ended", "at", "left"),
    [
        (None, "2040-01-01", {"cpia.charged"}),
        (Proceedings(acquitted_at=CONVICTED), "2040-01-01", set()),
        (FREE, "2040-01-01", set()),
        (FREE, "2010-07-10", {"cpia.convicted", "police.information"}),
        (Proceedings(convicted_at=CONVICTED), "2040-01-01", {"cpia.convicted", "cpia.appeal"}),
        (Proceedings(convicted_at=CONVICTED, custody=True, appeal_open=False), "2040-01-01", {"cpia.custody"}),
        (Proceedings(None, CONVICTED, True, day("2030-01-01"), False), "2029-01-01", {"cpia.custody"}),
        (Proceedings(None, CONVICTED, True, day("2030-01-01"), False), "2031-01-01", set()),
        (Proceedings(convicted_at=CONVICTED, custody=False, appeal_open=True), "2040-01-01", {"cpia.appeal"}),
    ],
)
def test_after_a_charge(ended: Proceedings | None, at: str, left: set[str]) -> None:
    assert rules(material(registered(), CHARGE, reviewed("2010-06-01")), at, ended=ended) == left


def test_a_case_that_was_stopped_after_charge_has_no_outcome_to_wait_for() -> None:
    stopped = "2007-01-01", r.MaterialDecided(
        "D2", v.DecisionKind.DISCONTINUE, v.Test.NONE, v.Stage.NONE, "stopped", "reasons", day("2007-01-01"), "P1", CPS
    )  # fmt: skip
    stage = "2006-02-01", r.StageReached(v.CaseStage.CHARGED)
    gone = "2007-01-02", r.StageReached(v.CaseStage.DISCONTINUED)
    known = material(registered(), CHARGE, stage, stopped, gone, reviewed("2039-01-01"))
    assert rules(known, "2040-01-01") == set()
    assert rules(material(registered(), CHARGE, stage, stopped, reviewed("2039-01-01")), "2040-01-01") == {
        "cpia.charged"
    }


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2015-03-31", set()),
        ("2015-04-01", {"cps.suspended"}),
        ("2023-08-06", {"cps.suspended"}),
        ("2023-08-07", set()),
    ],
)
def test_the_prosecutors_destroyed_nothing_while_the_inquiry_ran(at: str, left: set[str]) -> None:
    known = material(registered(), NFA, reviewed("2014-01-01", CPS))
    assert rules(known, at, CPS) == left
    assert "cps.suspended" not in rules(known, at, NSP)


def test_a_mark_adds_years_at_the_prosecutors() -> None:
    flagged = "2006-02-01", r.CaseFlagged(("csa", "covid"))
    known = material(registered(), NFA, flagged, reviewed("2013-01-01", CPS))
    assert rules(known, "2012-06-01", CPS) == {"cps.csa", "cps.covid", "not_reviewed"}
    assert rules(known, "2026-01-10", CPS) == {"cps.csa"}
    assert rules(known, "2026-01-11", CPS) == set()


def test_holds_of_records_and_of_cases() -> None:
    hold = "2010-01-01", r.HoldPlaced("h1", "AB1", "an inquiry asked", "the inquiry")
    lifted = "2011-01-01", r.HoldLifted("h1", "AB1", "it ended", "its chair")
    flag = "2010-01-01", r.CaseFlagged(("hold:undercover",))
    base = (registered(), NFA, reviewed("2039-01-01"))
    assert rules(material(*base, hold), "2040-01-01") == {"hold"}
    assert rules(material(*base, hold, lifted), "2040-01-01") == set()
    assert rules(material(*base, flag), "2040-01-01") == {"hold.case"}


def test_somebody_waits() -> None:
    base = (registered(), NFA, reviewed("2039-01-01"))
    scope = v.Scope(True)
    ask = "2030-01-01", r.MaterialRequested("q1", CPS, NSP, v.RequestPurpose.CASE_REVIEW, scope, day("2030-01-01"))
    gone = "2030-01-02", r.RequestWithdrawn("q1", "not needed")
    assert rules(material(*base, ask), "2040-01-01") == {"request"}
    assert rules(material(*base, ask, gone), "2040-01-01") == set()
    look = "2030-01-01", r.ReviewOpened("w1", "D1", v.ReviewTrigger.COMPLAINT, "P3", CPS)
    done = "2030-02-01", r.ReviewConcluded("w1", v.ReviewOutcome.UPHELD, "said")
    assert rules(material(*base, look), "2040-01-01") == {"review"}
    assert rules(material(*base, look, done), "2040-01-01") == set()
    victim = "2030-01-01", r.VictimReviewRequested("vr", "D1", v.Scheme.CPS, "p", day("2030-01-01"), qualifying=True)
    seen = "2030-01-02", r.VictimReviewMoved("vr", "acknowledged")
    closed = "2030-01-03", r.VictimReviewMoved("vr", "closed")
    assert rules(material(*base, victim), "2040-01-01") == {"victim_review"}
    assert rules(material(*base, victim, seen), "2040-01-01") == {"victim_review"}
    assert rules(material(*base, victim, seen, closed), "2040-01-01") == set()


def test_the_tape_behind_a_transcript_that_somebody_decided_on() -> None:
    transcript = registered("AB1A", v.RecordKind.RECORD_OF_INTERVIEW)
    made = v.When(day("2005-01-27"))
    edge = "2005-01-27", r.DerivationRecorded("d1", "AB1A", "AB1", v.Method.RECORD_OF_INTERVIEW, made)
    known = material(
        registered(), transcript, edge, decided("2006-01-10", v.DecisionKind.NFA_CPS, ["AB1A"]), reviewed("2039-01-01")
    )
    assert rules(known, "2040-01-01") == {"rested_on"}


def test_a_record_that_nobody_registered_is_kept() -> None:
    assert {block.rule for block in may_dispose(Material(), "AB1", NSP, day("2040-01-01"))} == {
        "cpia.undecided", "police.information", "not_reviewed",
    }  # fmt: skip
    assert {block.rule for block in may_dispose(Material(), "AB1", "HEA-1", day("2040-01-01"))} == {"not_reviewed"}
