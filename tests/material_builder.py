"""Materials for the tests of the integrity rules: facts in the order of learning, without a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from safehands.core.calendar import Calendar
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material, absorb_all
from safehands.rulebook.integrity import INTEGRITY
from safehands.rulebook.integrity.cells import WORKING_DAYS

POL, CPS = "POL-northshire", "CPS-midshire"
EVERYTHING = v.Scope(everything=True)
CALENDARS: Mapping[str, Calendar] = {
    WORKING_DAYS: Calendar("England and Wales", "Europe/London", frozenset({date(2025, 8, 25)}), date(2028, 12, 31))
}


def day(text: str) -> datetime:
    """Nine in the morning of a day (``2005-01-20``), or an instant (``2005-01-20 14:00``)."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return moment if " " in text else moment + timedelta(hours=9)


class Book:
    """Facts as they are learned. Each method writes one fact, at ``self.today`` unless told otherwise."""

    def __init__(self, today: str = "2020-01-01") -> None:
        self.facts: list[Fact[Any]] = []
        self.today = day(today)

    def on(self, text: str) -> Book:
        """From now on it is this day."""
        self.today = day(text)
        return self

    def add(self, event: Any, *, happened: datetime | None = None, agency: str = POL, actor: str = "") -> Fact[Any]:
        """One more fact; it happened as it was learned, unless ``happened`` says otherwise."""
        fact = Fact(event, happened or self.today, self.today, len(self.facts) + 1, actor, agency)
        self.facts.append(fact)
        return fact

    @property
    def material(self) -> Material:
        """What the facts fold to."""
        return absorb_all(self.facts)

    def record(
        self,
        record: str,
        kind: v.RecordKind = v.RecordKind.VIDEO_INTERVIEW,
        *,
        made: str | None = None,
        agency: str = POL,
        **fields: Any,
    ) -> Book:
        """A record is registered; ``made`` is when it came into being."""
        created = day(made) if made else self.today
        described = {"exhibit_ref": record, "description": f"Recording of the account {record}", **fields}
        event = e.RecordRegistered(record=record, agency=agency, kind=kind, created=v.When(created), **described)
        self.add(event, happened=created, agency=agency)
        return self

    def derived(
        self, derived: str, source: str, method: v.Method = v.Method.RECORD_OF_INTERVIEW, *, made_by: str = "maker"
    ) -> Book:
        """One record was made from another; the edge is called ``derived<source``."""
        made = v.When(self.today)
        self.add(e.DerivationRecorded(f"{derived}<{source}", derived, source, method, made, made_by))
        return self

    def checked(
        self, derived: str, source: str, result: v.Verified = v.Verified.CONSISTENT, *, by: str = "checker"
    ) -> Book:
        """A derived record was checked against its source."""
        name = f"check {len(self.facts)}"
        self.add(e.DerivativeVerified(name, f"{derived}<{source}", f"{source}-copy", by, result, self.today))
        return self

    def copied_exactly(self, copy: str, record: str) -> Book:
        """``copy`` is a digitised record with the same content as ``record``, and somebody checked it."""
        return self.derived(copy, record, v.Method.FORMAT_MIGRATION).checked(copy, record)

    def same_event(self, one: str, other: str) -> Book:
        """Two records of one event."""
        self.add(e.SameEventRecorded(one, other))
        return self

    def copy(self, copy: str, record: str, medium: v.Medium = v.Medium.VHS, **fields: Any) -> Book:
        """A copy of a record."""
        role = fields.pop("role", v.CopyRole.MASTER)
        self.add(e.CopyRegistered(copy, record, role, medium, **fields))
        return self

    def holding(
        self, record: str, status: v.HoldingStatus, *, agency: str = POL, since: str | None = None, **fields: Any
    ) -> Book:
        """An agency says where a record is."""
        at = day(since) if since else self.today
        self.add(e.HoldingAsserted(record, agency, status, at, v.HowKnown.SEEN, **fields), happened=at, agency=agency)
        return self

    def custody(self, copy: str, type_: v.CustodyType, *, agency: str = POL, **fields: Any) -> Book:
        """Something happened to a copy."""
        name = fields.pop("custody", f"custody {len(self.facts)}")
        self.add(e.CustodyRecorded(name, copy, type_, fields.pop("at", self.today), agency, **fields))
        return self

    def claims_source(self, record: str, claim: v.SourceClaim, *, agency: str = POL, **fields: Any) -> Book:
        """Something is said of the source of a record."""
        self.add(e.SourceClaimed(record, claim, agency, **fields))
        return self

    def shared(self, share: str, record: str, *, received: bool = True, **fields: Any) -> Book:
        """A record went from the police to the prosecution, and arrived."""
        given = {
            "from_agency": POL,
            "to_agency": CPS,
            "channel": v.Channel.EVIDENCE_LINK,
            "sent_at": self.today,
            "copy": f"{record}-copy",
            **fields,
        }
        self.add(e.RecordShared(share=share, record=record, **given))
        if received:
            self.add(e.ShareReceived(share, self.today, "clerk", given.get("sha256_sent")), agency=CPS)
        return self

    def opened(self, share: str, person: str, percent: int | None = None) -> Book:
        """Somebody opened what was shared."""
        coverage = v.Coverage(0, percent, percent) if percent is not None else None
        self.add(e.ShareOpened(share, self.today, person, coverage), agency=CPS)
        return self

    def asked(self, request: str, scope: v.Scope = EVERYTHING, *, due: str | None = None, **fields: Any) -> Book:
        """The prosecution asks the police."""
        given = {"purpose": v.RequestPurpose.CASE_REVIEW, "from_agency": CPS, "to_agency": POL, **fields}
        due_at = day(due) if due else None
        self.add(e.MaterialRequested(request=request, scope=scope, asked_at=self.today, due_at=due_at, **given))
        return self

    def answered(self, request: str, *records: str, complete: bool = True, **fields: Any) -> Book:
        """The police answer, with a line for each of ``records``."""
        items = tuple(v.ReplyItem(record, v.ReplyCode.SUPPLIED) for record in records)
        reply = fields.pop("reply", f"{request}-reply-{len(self.facts)}")
        given = {"agency": POL, "at": self.today, **fields}
        self.add(e.RequestAnswered(reply=reply, request=request, items=items, complete=complete, **given))
        return self

    def attested(self, attestation: str, *, searched: tuple[str, ...] = ("RMS",), **fields: Any) -> Book:
        """A named officer says that nothing further is held."""
        given = {
            "agency": POL,
            "at": self.today,
            "attested_by": "officer",
            "scope": EVERYTHING,
            "searched_by": "officer",
            "wording": "Nothing further is held.",
            **fields,
        }
        self.add(e.NothingFurtherAttested(attestation=attestation, systems_searched=searched, **given))
        return self

    def decided(
        self,
        decision: str,
        *read: str,
        kind: v.DecisionKind = v.DecisionKind.NFA_CPS,
        unseen: Mapping[str, v.UnseenReason] | None = None,
        mode: v.Mode = v.Mode.READ_FULL,
        signed: bool = True,
        **fields: Any,
    ) -> Book:
        """A decision that rests on ``read``."""
        given = {
            "test": v.Test.FULL_CODE,
            "stage": v.Stage.EVIDENTIAL,
            "outcome": "no further action",
            "reasons": "in writing",
            "made_at": self.today,
            "decider": f"{decision}'s prosecutor",
            "decider_agency": CPS,
            "considered": tuple(v.Considered(record, mode) for record in read),
            "known_unseen": tuple(v.KnownUnseen(each, reason, signed) for each, reason in (unseen or {}).items()),
            **fields,
        }
        self.add(e.MaterialDecided(decision=decision, kind=kind, **given), agency=given["decider_agency"])
        return self

    def wrote(self, letter: str, *claims: v.LetterClaim, **fields: Any) -> Book:
        """The police write to the family."""
        given = {
            "outgoing": True,
            "sender": POL,
            "recipient": "party-family",
            "channel": "post",
            "sent_at": self.today,
            "body_sha256": "0" * 64,
            **fields,
        }
        self.add(e.LetterLogged(letter=letter, claims=claims, **given))
        return self

    # --- asking the rules ---------------------------------------------------------------------------------------------

    def findings(self, at: str | None = None, calendars: Mapping[str, Calendar] = CALENDARS) -> dict[str, Finding]:
        """What is true on a day (today)."""
        return dict(INTEGRITY.evaluate(self.material, day(at) if at else self.today, calendars))

    def says(self, rule: str, at: str | None = None) -> dict[str, str]:
        """The causes of one rule, each with its letter and grade (``a1``; of a late one ``late4``)."""
        found = self.findings(at).values()
        return {each.cause: f"{each.letter}{each.grade}" for each in found if each.rule == rule}


def later(fact: Fact[Any], **days: int) -> Fact[Any]:
    """The same fact, learned so much later."""
    return replace(fact, recorded_at=fact.recorded_at + timedelta(**days))
