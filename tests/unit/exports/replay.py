"""The replayed case of two reviews without the recording (fictional names), as a material, for the exports' tests.

Timeline A: the recording stood on no shared register until it was found. Timeline B: it was registered when made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from safehands.core.records import events as e
from safehands.core.records.material import Fact, Material, absorb_all
from safehands.core.records.vocabulary import (
    Channel,
    ClaimCode,
    Considered,
    CopyRole,
    DecisionKind,
    Form,
    HoldingStatus,
    HowKnown,
    LetterClaim,
    Medium,
    Method,
    Mode,
    Precision,
    RecordKind,
    ReplyCode,
    ReplyItem,
    RequestPurpose,
    ScheduleItem,
    Scope,
    Stage,
    Test,
    Verified,
    When,
)

POLICE, PROSECUTORS = "POL-northshire", "CPS-midshire"
DIGEST = "b" * 64


def day(text: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(hours=hour)


def fact(
    event: Any, happened: str, *, recorded: str | None = None, agency: str = POLICE, actor: str = "officer"
) -> Fact[Any]:
    return Fact(event, day(happened), day(recorded or happened), 0, actor, agency)


def numbered(facts: list[Fact[Any]]) -> Material:
    return absorb_all(
        Fact(each.event, each.happened_at, each.recorded_at, seq, each.actor, each.agency)
        for seq, each in enumerate(facts, 1)
    )


def record(name: str, kind: RecordKind, made: str) -> e.RecordRegistered:
    return e.RecordRegistered(
        name,
        POLICE,
        name,
        kind,
        f"{kind} of the interview of 20 January 2005, 41 minutes",
        When(day(made), Precision.DAY),
    )


def decided(name: str, kind: DecisionKind, at: str, *seen: tuple[str, Mode], **more: Any) -> e.MaterialDecided:
    considered = tuple(Considered(each, mode) for each, mode in seen)
    return e.MaterialDecided(
        name,
        kind,
        Test.FULL_CODE,
        Stage.EVIDENTIAL,
        "no further action",
        "reasons in writing",
        day(at, 15),
        more.pop("decider", f"prosecutor of {name}"),
        PROSECUTORS,
        considered=considered,
        **more,
    )


def _recording(recorded: str | None = None) -> list[Fact[Any]]:
    return [
        fact(record("AB/1", RecordKind.VIDEO_INTERVIEW, "2005-01-20"), "2005-01-20", recorded=recorded),
        fact(
            e.CopyRegistered("AB/1 master", "AB/1", CopyRole.MASTER, Medium.VHS, seal="S1"),
            "2005-01-20",
            recorded=recorded,
        ),
        fact(
            e.HoldingAsserted("AB/1", POLICE, HoldingStatus.HELD, day("2005-01-20"), HowKnown.SEEN),
            "2005-01-20",
            recorded=recorded,
        ),
    ]


def _edge(recorded: str | None = None) -> Fact[Any]:
    made = e.DerivationRecorded(
        "AB/1A from AB/1",
        "AB/1A",
        "AB/1",
        Method.RECORD_OF_INTERVIEW,
        When(day("2005-01-27"), Precision.DAY),
        "officer",
    )
    return fact(made, "2005-01-27", recorded=recorded)


def _asked(name: str, on: str) -> Fact[Any]:
    scope = Scope(everything=True)
    asked = e.MaterialRequested(name, PROSECUTORS, POLICE, RequestPurpose.CASE_REVIEW, scope, day(on))
    return fact(asked, on, agency=PROSECUTORS)


def _answered(name: str, on: str) -> Fact[Any]:
    lines = (ReplyItem("AB/1A", ReplyCode.ALREADY_SUPPLIED),)
    return fact(e.RequestAnswered(f"reply to {name}", name, POLICE, day(on), lines, complete=False, legacy=True), on)


def replay(*, registered_when_made: bool) -> Material:
    """Everything up to the family's export."""
    read = (("AB/1A", Mode.READ_FULL),)
    facts = _recording() if registered_when_made else []
    facts += [fact(record("AB/1A", RecordKind.RECORD_OF_INTERVIEW, "2005-01-27"), "2005-01-27")]
    facts += [_edge()] if registered_when_made else []
    facts += [
        fact(
            e.RecordShared("S1", "AB/1A", POLICE, PROSECUTORS, Channel.POST, day("2005-02-03")),
            "2005-02-03",
        ),
        fact(e.ShareReceived("S1", day("2005-02-03", 14), "P0"), "2005-02-03", agency=PROSECUTORS),
        fact(decided("D0", DecisionKind.DISCONTINUE, "2005-09-12", basis_known=False, legacy=True), "2005-09-12"),
        _asked("Q1", "2019-03-04"),
        _answered("Q1", "2019-03-25"),
        fact(
            e.NothingFurtherAttested(
                "A1",
                POLICE,
                day("2019-03-25"),
                "officer",
                Scope(everything=True),
                (),
                "officer",
                "nothing further held",
                request="Q1",
                legacy=True,
            ),
            "2019-03-25",
        ),
        fact(decided("D1", DecisionKind.NFA_CPS, "2019-06-10", *read), "2019-06-10", agency=PROSECUTORS),
        fact(
            e.LetterLogged(
                "L1",
                True,
                POLICE,
                "the family",
                "post",
                day("2019-06-13"),
                "c" * 64,
                claims=(
                    LetterClaim(
                        ClaimCode.NOT_HELD,
                        record="AB/1" if registered_when_made else None,
                        kind=RecordKind.VIDEO_INTERVIEW,
                    ),
                ),
                decision="D1",
            ),
            "2019-06-13",
        ),
        _asked("Q2", "2023-02-06"),
        _answered("Q2", "2023-03-20"),
        fact(
            decided("D2", DecisionKind.CASE_REVIEW, "2023-07-14", *read, reviews="D1"), "2023-07-14", agency=PROSECUTORS
        ),
    ]
    if not registered_when_made:
        facts += [*_recording("2025-08-04"), _edge("2025-08-04")]
    facts += [
        fact(record("AB/1D", RecordKind.VIDEO_INTERVIEW, "2025-08-14"), "2025-08-14"),
        fact(
            e.CopyRegistered("AB/1D file", "AB/1D", CopyRole.WORKING, Medium.FILE, sha256=DIGEST, size=4_000_000_000),
            "2025-08-14",
        ),
        fact(
            e.DerivationRecorded(
                "AB/1D from AB/1",
                "AB/1D",
                "AB/1",
                Method.FORMAT_MIGRATION,
                When(day("2025-08-14"), Precision.DAY),
                "technician",
            ),
            "2025-08-14",
        ),
        fact(
            e.DerivativeVerified(
                "V1", "AB/1D from AB/1", "AB/1 master", "exhibits officer", Verified.CONSISTENT, day("2025-08-14", 12)
            ),
            "2025-08-14",
        ),
        fact(
            e.RecordShared(
                "S2",
                "AB/1D",
                POLICE,
                PROSECUTORS,
                Channel.EVIDENCE_LINK,
                day("2025-08-14", 13),
                copy="AB/1D file",
                sha256_sent=DIGEST,
            ),
            "2025-08-14",
        ),
        fact(e.ShareReceived("S2", day("2025-08-14", 14), "P3", DIGEST), "2025-08-14", agency=PROSECUTORS),
        fact(
            e.DerivativeVerified("V2", "AB/1A from AB/1", "AB/1D file", "P3", Verified.CONSISTENT, day("2025-08-28")),
            "2025-08-28",
            agency=PROSECUTORS,
        ),
        fact(
            decided("D3", DecisionKind.CONFIRM, "2025-09-05", *read, ("AB/1D", Mode.VIEWED_FULL), reviews="D2"),
            "2025-09-05",
            agency=PROSECUTORS,
        ),
        fact(
            e.ScheduleServed(
                "SCH1",
                Form.MG6C,
                POLICE,
                day("2025-09-06"),
                (ScheduleItem(1, "AB/1", "Recording of the interview of 20 January 2005, 41 minutes"),),
                "disclosure officer",
            ),
            "2025-09-06",
        ),
    ]
    return numbered(facts)
