"""The replay of the evidence-review sheet, section 4, as data: eighteen dated steps on two timelines. All fictional.

Timeline A is as it happened: the recording AB1 is on no register until 2025. In timeline B the same events happen and
AB1 is registered when it is made. ``column`` is the sheet's machine column for the rules that it was made with; what
the other rules add stands in ``tests/golden/integrity-replay.txt``. Ids: AB1 the video interview, AB1A the written
record, AB1D the digitised copy; Q requests, D decisions, T the attestation, L letters, S shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from material_builder import CPS, EVERYTHING, POL, day
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v

#: The rules that the sheet's column was made with; of R19 it speaks at step 13 only.
COLUMN_RULES: Final = frozenset({"R01", "R02", "R03", "R04", "R05", "R08", "R10", "R12", "R17"})
SHA_AB1D: Final = "5f" * 32


@dataclass(frozen=True, slots=True)
class Told:
    """One event as an agency's register or the case learns it; ``happened`` where that was not the step's own day."""

    event: Any
    happened: datetime | None = None
    agency: str = POL


@dataclass(frozen=True, slots=True)
class Step:
    """A dated step: what is told on both timelines or on one, and what the column says of each."""

    number: int
    on: str
    title: str
    both: tuple[Told, ...] = ()
    only_a: tuple[Told, ...] = ()
    only_b: tuple[Told, ...] = ()
    says_a: tuple[str, ...] = ()
    says_b: tuple[str, ...] = ()

    def told(self, timeline: str) -> tuple[Told, ...]:
        """What is told on a timeline, its own before what both have."""
        return (*(self.only_a if timeline == "A" else self.only_b), *self.both)

    def says(self, timeline: str) -> tuple[str, ...]:
        """The column of a timeline: ``raised``, ``regraded`` or ``closed``; rule, cause, letter and grade; ``*`` marks
        what could not be known then from this register."""
        return self.says_a if timeline == "A" else self.says_b


MADE, WRITTEN = day("2005-01-20"), day("2005-01-27")

AB1: Final = (
    Told(
        e.RecordRegistered(
            record="AB1",
            agency=POL,
            exhibit_ref="AB/1",
            kind=v.RecordKind.VIDEO_INTERVIEW,
            description="Video-recorded interview of the complainant, 48 minutes",
            created=v.When(MADE),
            created_by="ab",
            persons=("victim",),
            relevance=v.Relevance.MAY_BE_RELEVANT,
            use=v.Use.UNUSED_NONSENSITIVE,
            medium_note="VHS, interview suite 2",
        ),
        MADE,
    ),
    Told(
        e.CopyRegistered(
            "AB1-master", "AB1", v.CopyRole.MASTER, v.Medium.VHS, seal="S100", held_by=POL, location="property store B"
        ),
        MADE,
    ),
)
EDGE: Final = Told(
    e.DerivationRecorded(
        "AB1A<AB1", "AB1A", "AB1", v.Method.RECORD_OF_INTERVIEW, v.When(WRITTEN), "ab", contemporaneous=True
    ),
    WRITTEN,
)
AB1A: Final = Told(
    e.RecordRegistered(
        record="AB1A",
        agency=POL,
        exhibit_ref="AB/1A",
        kind=v.RecordKind.RECORD_OF_INTERVIEW,
        description="Contemporaneous written record of the complainant's interview",
        created=v.When(WRITTEN),
        created_by="ab",
        persons=("victim",),
        relevance=v.Relevance.RELEVANT,
        use=v.Use.EVIDENCE,
    )
)


def share(name: str, record: str, on: str, channel: v.Channel, sha256: str | None = None) -> tuple[Told, ...]:
    """A record goes from the police to the prosecution and is received as it was sent."""
    sent = e.RecordShared(name, record, POL, CPS, channel, day(on), f"{record}-copy", sha256_sent=sha256)
    return Told(sent), Told(e.ShareReceived(name, day(on), "cps-clerk", sha256), agency=CPS)


def request(name: str, on: str, due: str) -> Told:
    """The prosecution asks for everything."""
    asked = (v.RequestPurpose.CASE_REVIEW, v.Scope(everything=True, text="all available records"), day(on))
    return Told(e.MaterialRequested(name, CPS, POL, *asked, day(due)), agency=CPS)


def answer(reply: str, of: str, on: str, *, whole: bool, attestation: str | None = None) -> Told:
    """The police answer with the written record alone."""
    items = (v.ReplyItem("AB1A", v.ReplyCode.SUPPLIED, share="S1"),)
    return Told(e.RequestAnswered(reply, of, POL, day(on), items, whole, attestation, legacy=not whole))


def decision(name: str, kind: v.DecisionKind, on: str, by: str, *read: tuple[str, v.Mode], **more: Any) -> Told:
    """A prosecutor decides."""
    considered = tuple(v.Considered(record, mode) for record, mode in read)
    return Told(
        e.MaterialDecided(
            decision=name,
            kind=kind,
            test=v.Test.FULL_CODE,
            stage=v.Stage.EVIDENTIAL,
            outcome=str(kind),
            reasons=more.pop("reasons", "in writing"),
            made_at=day(on),
            decider=by,
            decider_agency=CPS,
            considered=considered,
            **more,
        ),
        agency=CPS,
    )


READ: Final = ("AB1A", v.Mode.READ_FULL)
GONE: Final = v.LetterClaim(v.ClaimCode.NOT_HELD, kind=v.RecordKind.VIDEO_INTERVIEW, agency=POL, entered_by=POL)


def letter(name: str, on: str, sender: str, *claims: v.LetterClaim, about: str | None = None) -> Told:
    """A letter to the family."""
    given = (True, sender, "family", "post", day(on), "a1" * 32, claims, about)
    return Told(e.LetterLogged(name, *given), agency=sender)


ATTESTED: Final = Told(
    e.NothingFurtherAttested(
        "T1",
        POL,
        day("2019-03-25"),
        "nsp-officer",
        EVERYTHING,
        (),
        "nsp-officer",
        "Nothing further is held.",
        listed=("AB1A",),
        request="Q1",
        legacy=True,
    )
)

STEPS: Final = (
    Step(1, "2005-01-20", "AB/1 recorded, the master sealed", only_b=AB1),
    Step(2, "2005-01-27", "AB/1A registered", (AB1A,), only_b=(EDGE,), says_a=("raised R02 AB1A a2",)),
    Step(
        3,
        "2005-02-03",
        "Charged; AB/1A shared to CPS",
        (
            Told(e.StageReached(v.CaseStage.CHARGED)),
            *share("S1", "AB1A", "2005-02-03", v.Channel.CASE_FILE_INTERFACE),
        ),
    ),
    Step(
        4,
        "2005-09-12",
        "D0: discontinued the day before trial; papers not kept",
        (
            decision(
                "D0", v.DecisionKind.DISCONTINUE, "2005-09-12", "P0", reasons="by mouth; none kept", basis_known=False
            ),
            Told(e.StageReached(v.CaseStage.DISCONTINUED), agency=CPS),
        ),
        says_a=("raised R17 D0 a4",),
        says_b=("raised R17 D0 a4",),
    ),
    Step(5, "2019-03-04", "Q1: all available records", (request("Q1", "2019-03-04", "2019-03-19 00:00"),)),
    Step(
        6,
        "2019-03-25",
        "Answer: AB/1A, and nothing further held",
        (ATTESTED,),
        (answer("Q1-reply", "Q1", "2019-03-25", whole=True, attestation="T1"),),
        (answer("Q1-reply", "Q1", "2019-03-25", whole=False, attestation="T1"),),
        says_b=("raised R04 Q1:AB1 a2", "raised R05 T1:AB1 a1"),
    ),
    Step(
        7,
        "2019-06-10",
        "D1: no further action, on AB/1A",
        (decision("D1", v.DecisionKind.NFA_CPS, "2019-06-10", "P1", READ),),
        says_a=("regraded R02 AB1A a1",),
        says_b=("raised R01 D1:AB1 a1", "raised R10 D1:AB1A a3"),
    ),
    Step(
        8,
        "2019-06-13",
        "L1 to the family: the recording is no longer held",
        (letter("L1", "2019-06-13", POL, GONE),),
        says_b=("raised R08 L1:AB1 a1",),
    ),
    Step(9, "2022-11-14", "The victim dies; the cause is not the offence"),
    Step(
        10,
        "2023-02-06",
        "Reopened; Q2: all available records",
        (Told(e.StageReached(v.CaseStage.REOPENED), agency=CPS), request("Q2", "2023-02-06", "2023-02-21 00:00")),
    ),
    Step(
        11,
        "2023-03-20",
        "Answer: AB/1A only",
        (),
        (answer("Q2-reply", "Q2", "2023-03-20", whole=True),),
        (answer("Q2-reply", "Q2", "2023-03-20", whole=False),),
        says_b=("raised R04 Q2:AB1 a2",),
    ),
    Step(
        12,
        "2023-07-14",
        "D2: no further action, reviews D1, on AB/1A",
        (decision("D2", v.DecisionKind.NFA_CPS, "2023-07-14", "P2", READ, reviews="D1"),),
        says_b=("raised R01 D2:AB1 a1", "raised R10 D2:AB1A a3", "raised R12 D1:D2:AB1 a1"),
    ),
    Step(
        13,
        "2025-08-04",
        "NSP registers AB/1, and that AB/1A was made from it",
        only_a=(*AB1, EDGE),
        says_a=(
            "closed R02 AB1A",
            "raised R01 D1:AB1 a1*",
            "raised R01 D2:AB1 a1*",
            "raised R03 D1:AB1 a2*",
            "raised R03 D2:AB1 a2*",
            "raised R04 Q1:AB1 a2*",
            "raised R04 Q2:AB1 a2*",
            "raised R05 T1:AB1 c3*",
            "raised R08 L1:AB1 a1*",
            "raised R10 D1:AB1A a3*",
            "raised R10 D2:AB1A a3*",
            "raised R12 D1:D2:AB1 a1*",
        ),
    ),
    Step(
        14,
        "2025-08-14",
        "AB/1D digitised, checked, shared to CPS and received with the same hash",
        (
            Told(
                e.RecordRegistered(
                    record="AB1D",
                    agency=POL,
                    exhibit_ref="AB/1D",
                    kind=v.RecordKind.VIDEO_INTERVIEW,
                    description="Digitised copy of AB/1",
                    created=v.When(day("2025-08-14")),
                    relevance=v.Relevance.RELEVANT,
                    use=v.Use.EVIDENCE,
                )
            ),
            Told(
                e.CopyRegistered(
                    "AB1D-copy",
                    "AB1D",
                    v.CopyRole.WORKING,
                    v.Medium.FILE,
                    sha256=SHA_AB1D,
                    size=1,
                    playable=v.Playable.YES,
                    playable_at=day("2025-08-14"),
                    held_by=POL,
                )
            ),
            Told(
                e.DerivationRecorded(
                    "AB1D<AB1", "AB1D", "AB1", v.Method.FORMAT_MIGRATION, v.When(day("2025-08-14")), "nsp-av"
                )
            ),
            Told(
                e.DerivativeVerified(
                    "check-AB1D", "AB1D<AB1", "AB1-master", "nsp-officer", v.Verified.CONSISTENT, day("2025-08-14")
                )
            ),
            *share("S2", "AB1D", "2025-08-14", v.Channel.EVIDENCE_LINK, SHA_AB1D),
        ),
    ),
    Step(
        15,
        "2025-08-28",
        "CPS checks AB/1A against AB/1D: consistent",
        (
            Told(
                e.DerivativeVerified(
                    "check-AB1A", "AB1A<AB1", "AB1D-copy", "cps-checker", v.Verified.CONSISTENT, day("2025-08-28")
                ),
                agency=CPS,
            ),
        ),
        says_a=("regraded R10 D1:AB1A late4*", "regraded R10 D2:AB1A late4*"),
        says_b=("regraded R10 D1:AB1A late4", "regraded R10 D2:AB1A late4"),
    ),
    Step(
        16,
        "2025-09-05",
        "D3: confirmed, on AB/1A read and AB/1D viewed in full; reviews D2",
        (
            Told(e.ShareOpened("S1", day("2025-09-05"), "P3"), agency=CPS),
            Told(e.ShareOpened("S2", day("2025-09-05"), "P3", v.Coverage(0, 2880, 100)), agency=CPS),
            decision(
                "D3",
                v.DecisionKind.CONFIRM,
                "2025-09-05",
                "P3",
                READ,
                ("AB1D", v.Mode.VIEWED_FULL),
                reviews="D2",
                shown=("AB1", "AB1A", "AB1D"),
                waived=dict.fromkeys(("Q1", "Q2"), "the recording itself has been received"),
            ),
        ),
        says_a=("regraded R01 D1:AB1 late4*", "regraded R01 D2:AB1 late4*"),
        says_b=("regraded R01 D1:AB1 late4", "regraded R01 D2:AB1 late4"),
    ),
    Step(
        17,
        "2025-09-09",
        "L3 to the family",
        (
            letter(
                "L3",
                "2025-09-09",
                CPS,
                v.LetterClaim(v.ClaimCode.HELD, record="AB1", agency=POL, entered_by=CPS),
                v.LetterClaim(v.ClaimCode.CONSIDERED, record="AB1", entered_by=CPS),
                about="D3",
            ),
        ),
    ),
    Step(18, "2025-09-09", "The family's bundle"),
)
