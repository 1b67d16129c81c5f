"""Random registers and cases: facts about few records, so that they meet, in any order; some name what is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Fact

START = datetime(2024, 3, 1, 9, tzinfo=UTC)
POL, CPS, LAB = "POL", "CPS", "LAB"
KINDS = (
    v.RecordKind.VIDEO_INTERVIEW,
    v.RecordKind.AUDIO_INTERVIEW,
    v.RecordKind.RECORD_OF_INTERVIEW,
    v.RecordKind.TRANSCRIPT_FULL,
    v.RecordKind.SUMMARY,
    v.RecordKind.ORIGINAL_NOTE,
    v.RecordKind.PHYSICAL_ITEM,
    v.RecordKind.INDEX,
    v.RecordKind.CLIP,
)
METHODS = (
    v.Method.BIT_COPY,
    v.Method.FORMAT_MIGRATION,
    v.Method.FORMAT_MIGRATION,
    v.Method.TRANSCRIPT_FULL,
    v.Method.SUMMARY,
    v.Method.REDACTION,
    v.Method.EXTRACTED_FROM_CONTAINER,
)
DESCRIPTIONS = ("", "MG11", "MG11(T)", "form no. 7", "12/3", *("Notes of the first account",) * 4)


class Register:
    """Draws one fact after the other."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = START
        self.count = 0
        self.records = [f"r{n}" for n in range(1, self.random.randint(3, 6))]
        self.copies = [f"c{n}" for n in range(1, 6)]
        self.decisions = [f"d{n}" for n in range(1, 5)]
        self.free = {kind: iter(range(10_000)) for kind in ("x", "copy", "record", "decision")}
        self.facts: list[Fact[Any]] = []
        every = sorted(name for name in dir(self) if name.startswith("make_"))
        #: Of what this register is full: every second one has a theme, so that rare things meet.
        self.theme = self.random.sample(every, 4) * 8 if seed % 2 else []

    def some(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def few(self, choices: list[str], most: int = 3) -> tuple[str, ...]:
        return tuple(self.random.sample(choices, self.random.randint(0, min(most, len(choices)))))

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def record(self) -> str:
        return self.some(*self.records)

    def agency(self) -> str:
        return self.some(POL, POL, CPS, LAB)

    def moment(self) -> datetime:
        """Mostly now, often days or months ago, sometimes (a wrong clock) ahead."""
        back = self.some(0, 0, 0, 0, 1, 5, 40, 90, 400)
        return self.now - timedelta(days=back) if not self.chance(2) else self.now + timedelta(hours=3)

    def when(self) -> v.When:
        precision = self.some(v.Precision.INSTANT, v.Precision.DAY, v.Precision.UNKNOWN)
        at = self.moment()
        return v.When(at, precision, at + timedelta(days=3) if self.chance(20) else None)

    def scope(self) -> v.Scope:
        if self.chance(60):
            return v.Scope(everything=True)
        return v.Scope(
            kinds=tuple(self.random.sample(KINDS, self.random.randint(0, 4))),
            persons=self.few(["p1", "p2"], 1),
            made_from=self.moment() if self.chance(30) else None,
            made_until=self.moment() if self.chance(30) else None,
            text="what there is",
        )

    def coverage(self) -> v.Coverage | None:
        return self.some(None, v.Coverage(0, 10, 50), v.Coverage(0, 20, 100))

    def person(self) -> str:
        return self.some("p-one", "p-two", "p-three")

    def sha(self) -> str | None:
        return self.some(None, "aa", "aa", "bb")

    def step(self) -> Fact[Any]:
        """The next fact, minutes or months after the last."""
        self.now += timedelta(minutes=self.some(0, 7, 1440, 6 * 1440, 45 * 1440))
        makes: tuple[Callable[[], Any], ...] = (
            *(getattr(self, name) for name in dir(self) if name.startswith("make_")),
            *(self.make_record,) * 3,
            *(self.make_derivation,) * 3,
            *(self.make_decision,) * 3,
            *(self.make_holding,) * 2,
            *(self.make_reply,) * 2,
            *(getattr(self, name) for name in self.theme),
        )
        event = None
        while event is None or self._once_only(event):
            event = self.some(*makes)()
        happened = self.now
        if self.chance(40):
            happened = self.moment()
        seq = len(self.facts) + 1
        fact = Fact(event, happened, self.now, seq, "", self.agency())
        self.facts.append(fact)
        return fact

    def _once_only(self, event: Any) -> bool:
        """Whether it ends something that has ended."""
        return type(event) in _ENDINGS and any(
            type(fact.event) is type(event)
            and getattr(fact.event, _ENDINGS[type(event)]) == getattr(event, _ENDINGS[type(event)])
            for fact in self.facts
        )

    def _unused(self, field: str, names: list[str]) -> str | None:
        taken = {getattr(fact.event, field, None) for fact in self.facts if type(fact.event).__name__ in _MAKERS[field]}
        free = [name for name in names if name not in taken]
        return self.some(*free) if free else None

    def _known(self, kind: type, field: str) -> str | None:
        known = [getattr(fact.event, field) for fact in self.facts if isinstance(fact.event, kind)]
        return self.some(*known) if known else None

    # --- the register -------------------------------------------------------------------------------------------------

    def make_record(self) -> Any:
        record = self._unused("record", self.records)
        if record is None:
            return None
        return e.RecordRegistered(
            record=record,
            agency=self.agency(),
            exhibit_ref=record,
            kind=self.some(*KINDS),
            description="a description",
            created=self.when(),
            persons=self.few(["p1", "p2"], 1),
            relevance=self.some(*v.Relevance),
            use=self.some(*v.Use),
            sensitivity=self.some(v.Sensitivity.NONE, v.Sensitivity.NONE, *v.Sensitivity),
            for_defence=self.chance(10),
            legacy=self.chance(15),
        )

    def make_classification(self) -> Any:
        return e.RecordReclassified(
            self.record(),
            "looked at again",
            relevance=self.some(None, *v.Relevance),
            use=self.some(None, *v.Use),
            sensitivity=self.some(None, *v.Sensitivity),
            authority=self.some("", "", "order of the court"),
        )

    def make_copy(self) -> Any:
        copy = self._unused("copy", self.copies)
        if copy is None:
            return None
        return e.CopyRegistered(
            copy,
            self.record(),
            self.some(*v.CopyRole),
            self.some(*v.Medium),
            sha256=self.sha(),
            playable=self.some(*v.Playable),
            playable_at=self.some(None, self.moment()),
            held_by=self.some(None, self.agency()),
            system=self.some("", "RMS", "store"),
        )

    def make_playing(self) -> Any:
        return e.PlayabilityTested(self.some(*self.copies), self.some(*v.Playable), self.moment())

    def make_holding(self) -> Any:
        return e.HoldingAsserted(
            self.record(),
            self.agency(),
            self.some(*v.HoldingStatus, *(v.HoldingStatus.HELD,) * 8),
            self.moment(),
            v.HowKnown.SEEN,
            copy=self.some(None, None, *self.copies),
            system=self.some("", "rms", "attic"),
        )

    def make_derivation(self) -> Any:
        derived, source = self.record(), self.record()
        if derived == source and self.chance(80):
            return None
        return e.DerivationRecorded(
            self.new("e"), derived, source, self.some(*METHODS), self.when(), self.some("", "maker")
        )

    def make_same_event(self) -> Any:
        return e.SameEventRecorded(self.record(), self.record())

    def make_claim(self) -> Any:
        return e.SourceClaimed(
            self.record(),
            self.some(*v.SourceClaim),
            self.agency(),
            held_by=self.some(None, POL),
            event=self.some(None, "burned"),
            scope=self.some("", "attic"),
        )

    def make_twin(self) -> Any:
        return e.TwinAsked(self.record(), self.some(*v.RecordedToo))

    def make_check(self) -> Any:
        edge = self._known(e.DerivationRecorded, "derivation")
        if edge is None:
            return None
        result = self.some(*v.Verified, *(v.Verified.CONSISTENT,) * 4)
        return e.DerivativeVerified(self.new("v"), edge, "c1", self.some("maker", "other"), result, self.moment())

    def make_custody(self) -> Any:
        ended = (v.CustodyType.DISPOSAL_AUTHORISED, v.CustodyType.DESTROYED)
        return e.CustodyRecorded(
            self.new("u"),
            self.some(*self.copies),
            self.some(*v.CustodyType, *ended, *ended, v.CustodyType.VERIFIED_FIXITY, v.CustodyType.VIEWED),
            self.moment(),
            self.agency(),
            person=self.person(),
            given_by=self.some("", "", "A", "B"),
            given_to=self.some("", "", "A", "B"),
            seal_before=self.some("", "", "s1", "s2"),
            seal_after=self.some("", "", "s1", "s2"),
            sha256_before=self.sha(),
            sha256_after=self.sha(),
            coverage=self.coverage(),
            medium_only=self.chance(50),
            supersedes=self._known(e.CustodyRecorded, "custody") if self.chance(15) else None,
        )

    def make_retention(self) -> Any:
        until = self.some(None, self.moment(), self.now + timedelta(days=300))
        return e.RetentionRuled(self.record(), self.agency(), self.some("rule", "another", "reviewed"), "basis", until)

    def make_hold(self) -> Any:
        return e.HoldPlaced(self.new("h"), self.record(), "inquiry", "inquiry")

    def make_lift(self) -> Any:
        hold = self._known(e.HoldPlaced, "hold")
        return e.HoldLifted(hold, self.record(), "over", "inquiry") if hold else None

    def make_register(self) -> Any:
        before = self.some(None, START + timedelta(days=self.random.randint(0, 300)))
        return e.RegisterDeclared(self.agency(), self.some(*v.RegisterStatus), before=before)

    # --- the case -----------------------------------------------------------------------------------------------------

    def make_flag(self) -> Any:
        return e.CaseFlagged(self.few(["csa", "hold:inquiry"]), self.few(["csa", "hold:inquiry"]))

    def make_stage(self) -> Any:
        return e.StageReached(self.some(*v.CaseStage, v.CaseStage.CHARGED, v.CaseStage.CHARGED))

    def make_share(self) -> Any:
        return e.RecordShared(
            self.new("s"),
            self.record(),
            self.some(POL, LAB),
            CPS,
            self.some(v.Channel.DISC, v.Channel.IN_PERSON_VIEWING),
            self.moment(),
            copy=self.some(None, *self.copies),
            to_person=self.some("", self.person()),
            sha256_sent=self.sha(),
            expires_at=self.some(None, self.now + timedelta(days=self.random.randint(0, 90))),
        )

    def make_receipt(self) -> Any:
        share = self._known(e.RecordShared, "share")
        return e.ShareReceived(share, self.moment(), "clerk", self.sha()) if share else None

    def make_opening(self) -> Any:
        share = self._known(e.RecordShared, "share")
        return e.ShareOpened(share, self.moment(), self.person(), self.coverage()) if share else None

    def make_revocation(self) -> Any:
        share = self._known(e.RecordShared, "share")
        return e.ShareRevoked(share, "wrong") if share else None

    def make_request(self) -> Any:
        due = self.some(None, self.now + timedelta(days=self.random.randint(-5, 30)))
        return e.MaterialRequested(
            self.new("q"),
            self.some(CPS, CPS, LAB),
            self.some(POL, POL, LAB),
            self.some(*v.RequestPurpose),
            self.scope(),
            self.moment(),
            due,
            self.some("", "", *self.decisions),
        )

    def make_withdrawal(self) -> Any:
        request = self._known(e.MaterialRequested, "request")
        return e.RequestWithdrawn(request, "no longer") if request else None

    def make_reply(self) -> Any:
        request = self._known(e.MaterialRequested, "request")
        if request is None:
            return None
        return e.RequestAnswered(
            self.new("a"),
            request,
            self.some(POL, LAB),
            self.moment(),
            tuple(v.ReplyItem(each, v.ReplyCode.SUPPLIED) for each in self.few(self.records)),
            self.chance(60),
            attestation=self._known(e.NothingFurtherAttested, "attestation") if self.chance(30) else None,
            supersedes=self._known(e.RequestAnswered, "reply") if self.chance(20) else None,
            legacy=self.chance(30),
        )

    def make_attestation(self) -> Any:
        return e.NothingFurtherAttested(
            self.new("n"),
            self.some(POL, LAB),
            self.moment(),
            "officer",
            self.scope(),
            self.few(["RMS", "attic"]),
            "officer",
            "nothing further",
            listed=self.few(self.records, 1),
            request=self.some(None, self._known(e.MaterialRequested, "request")),
            legacy=self.chance(30),
        )

    def make_schedule(self) -> Any:
        first = self.random.randint(1, 3)
        return e.ScheduleServed(
            self.new("m"),
            self.some(*v.Form),
            self.some(POL, LAB),
            self.moment(),
            tuple(
                v.ScheduleItem(number, each, self.some(*DESCRIPTIONS), others=self.few(self.records, 1))
                for number, each in enumerate(self.few(self.records), first)
            ),
            "officer",
            with_certificate=self.chance(50),
        )

    def make_decision(self) -> Any:
        decision = self._unused("decision", self.decisions)
        if decision is None:
            return None
        considered = tuple(
            v.Considered(each, self.some(*v.Mode, v.Mode.READ_FULL, v.Mode.READ_FULL), for_content=self.chance(80))
            for each in (*self.few(self.records), *self.few(self.records, 1))
        )
        unseen = tuple(
            v.KnownUnseen(each, self.some(*v.UnseenReason), self.chance(70)) for each in self.few(self.records, 1)
        )
        return e.MaterialDecided(
            decision=decision,
            kind=self.some(*v.DecisionKind),
            test=v.Test.FULL_CODE,
            stage=v.Stage.EVIDENTIAL,
            outcome="outcome",
            reasons="reasons",
            made_at=self.moment(),
            decider=self.person(),
            decider_agency=self.some(CPS, CPS, POL),
            reviews=self.some(None, *self.decisions),
            basis_known=self.chance(85),
            considered=considered,
            known_unseen=unseen,
            shown=self.few(self.records, 2),
            waived={self._known(e.MaterialRequested, "request") or "none": "went on"} if self.chance(30) else {},
            interim=self.chance(10),
            procedural_only=self.chance(15),
            legacy=self.chance(30),
        )

    def make_assessment(self) -> Any:
        return e.EffectAssessed(self.some(*self.decisions), self.record(), "p-one", "none")

    def make_review(self) -> Any:
        return e.ReviewOpened(
            self.new("w"), self.some(*self.decisions), self.some(*v.ReviewTrigger), self.person(), self.some(CPS, POL)
        )

    def make_conclusion(self) -> Any:
        review = self._known(e.ReviewOpened, "review")
        return e.ReviewConcluded(review, self.some(*v.ReviewOutcome), "reasons") if review else None

    def make_victim_review(self) -> Any:
        decision = self.some(*self.decisions)
        return e.VictimReviewRequested(self.new("y"), decision, v.Scheme.CPS, "party", self.moment(), self.chance(70))

    def make_victim_move(self) -> Any:
        review = self._known(e.VictimReviewRequested, "victim_review")
        return e.VictimReviewMoved(review, self.some("local_resolution", "closed")) if review else None

    def claim(self) -> v.LetterClaim:
        record, kind = self.some((None, None), (self.record(), None), (self.record(), None), (None, self.some(*KINDS)))
        code = self.some(*v.ClaimCode)
        return v.LetterClaim(code, record, kind, self.some(None, None, POL, LAB), self.chance(40), "POL")

    def make_letter(self) -> Any:
        return e.LetterLogged(
            self.new("l"),
            outgoing=True,
            sender=self.some(POL, CPS),
            recipient="party",
            channel="post",
            sent_at=self.moment(),
            body_sha256="00",
            claims=tuple(self.claim() for _ in range(self.random.randint(0, 3))),
            decision=self.some(None, *self.decisions),
            legacy=self.chance(30),
        )

    def make_dispute(self) -> Any:
        letter = self._known(e.LetterLogged, "letter")
        return e.ClaimDisputed(letter, self.claim(), "family", "it says otherwise") if letter else None


_MAKERS = {
    "record": {"RecordRegistered"},
    "copy": {"CopyRegistered"},
    "decision": {"MaterialDecided"},
}
_ENDINGS: dict[type, str] = {
    e.HoldLifted: "hold",
    e.ShareReceived: "share",
    e.ShareRevoked: "share",
    e.RequestWithdrawn: "request",
    e.ReviewConcluded: "review",
}
