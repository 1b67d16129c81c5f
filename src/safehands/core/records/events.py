"""What happened to records, in past participles: in an agency's register (``register/<agency>``) and in a case.

A record outlives a case and can serve several: it lies in the register of the agency that made or keeps it, and each
case that it concerns has a ``MaterialNoted`` in its own stream, which names the register's entry and repeats none of
it. What crosses between agencies (requests, replies, shares, receipts, attestations) and what is decided, reviewed and
written to people lies in the case. When and by whom stands in the envelope; ``at`` and ``made_at`` are what is claimed
of the thing itself. Every correction is a new event that names what it ``supersedes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, get_args

from safehands.core.records.vocabulary import (
    CaseStage,
    Channel,
    Considered,
    CopyRole,
    Coverage,
    CustodyType,
    DecisionKind,
    Form,
    HoldingStatus,
    HowKnown,
    KnownUnseen,
    LetterClaim,
    Medium,
    Method,
    Playable,
    RecordedToo,
    RecordKind,
    RegisterStatus,
    Relevance,
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
    Stage,
    Standing,
    Store,
    Test,
    Use,
    Verified,
    When,
)

# --- an agency's register ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterDeclared:
    """What an agency's register is: live, a snapshot of a day, or none; and which stores were ever searched."""

    agency: str
    status: RegisterStatus
    stores: tuple[Store, ...] = ()
    as_of: datetime | None = None
    before: datetime | None = None  #: custody events before this instant are a legacy gap, once a copy (R13)


@dataclass(frozen=True, slots=True)
class RecordRegistered:
    """A record: intellectual content, not the disc it is on. ``cases`` are the streams of the cases it concerns.

    ``persons`` are parties' ids, never names. ``legacy`` marks a row of a declared bulk import (R19, R13).
    """

    record: str
    agency: str
    exhibit_ref: str
    kind: RecordKind
    description: str
    created: When
    created_by: str = ""
    place: str = ""
    persons: tuple[str, ...] = ()
    relevance: Relevance = Relevance.UNASSESSED
    relevance_reason: str = ""
    use: Use = Use.UNASSESSED
    sensitivity: Sensitivity = Sensitivity.NONE
    sensitivity_reason: str = ""
    medium_note: str = ""
    for_defence: bool = False
    cases: tuple[str, ...] = ()
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class RecordTied:
    """A record concerns another case too."""

    record: str
    case: str


@dataclass(frozen=True, slots=True)
class RecordReclassified:
    """Relevance, use or sensitivity of a record changed; a field that is None stays as it was.

    ``authority`` names the court order that asked for it, where there was one (R20).
    """

    record: str
    reason: str
    relevance: Relevance | None = None
    use: Use | None = None
    sensitivity: Sensitivity | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True)
class RecordDescribed:
    """A better description, exhibit reference or date of a record; None stays as it was. The old one stays on file."""

    record: str
    reason: str
    description: str | None = None
    exhibit_ref: str | None = None
    created: When | None = None


@dataclass(frozen=True, slots=True)
class CopyRegistered:
    """An instance of a record, with what fixes its content: a hash and size, or a seal and label."""

    copy: str
    record: str
    role: CopyRole
    medium: Medium
    sha256: str | None = None
    size: int | None = None
    seal: str = ""
    label: str = ""
    playable: Playable = Playable.UNTESTED
    playable_at: datetime | None = None
    player_needed: str = ""
    held_by: str | None = None
    location: str = ""
    system: str = ""
    stored_as: str | None = None


@dataclass(frozen=True, slots=True)
class PlayabilityTested:
    """Somebody tried to play a copy."""

    copy: str
    playable: Playable
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class HoldingAsserted:
    """What an agency says of a copy, or of a record of which it has registered no copy: where it is, and how it knows.

    ``copy`` None speaks of the record as a whole. Of a destruction it says when, on whose authority and how.
    """

    record: str
    agency: str
    status: HoldingStatus
    at: datetime
    how: HowKnown
    copy: str | None = None
    location: str = ""
    system: str = ""
    asserted_by: str = ""
    authority: str = ""
    method: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DerivationRecorded:
    """One record was made from another."""

    derivation: str
    derived: str
    source: str
    method: Method
    made: When
    made_by: str = ""
    extent: str = ""
    tool: str = ""
    contemporaneous: bool | None = None


@dataclass(frozen=True, slots=True)
class SourceClaimed:
    """What is said of the source of a record, where none is registered. A destruction names its event, a search its
    scope."""

    record: str
    claim: SourceClaim
    agency: str
    held_by: str | None = None
    event: str | None = None
    scope: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TwinAsked:
    """Of a note of an interview: whether it was also recorded; ``ref`` names that record, ``reason`` why not."""

    record: str
    recorded_too: RecordedToo
    ref: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SameEventRecorded:
    """Two records of one event, neither made from the other (a tape, and notes taken at the time)."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class DerivativeVerified:
    """Somebody checked a derived record against a copy of its source. ``derivation`` names the edge."""

    verification: str
    derivation: str
    against_copy: str
    verified_by: str
    result: Verified
    at: datetime
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CustodyRecorded:
    """Something happened to a copy: moved, sealed, viewed, checked, disposed of.

    ``person`` is who handled or saw it; ``given_by`` and ``given_to`` are agencies or places. A disposal that is of the
    medium only says so (R09).
    """

    custody: str
    copy: str
    type: CustodyType
    at: datetime
    agency: str
    person: str = ""
    given_by: str = ""
    given_to: str = ""
    purpose: str = ""
    seal_before: str = ""
    seal_after: str = ""
    sha256_before: str | None = None
    sha256_after: str | None = None
    witness: str = ""
    authority: str = ""
    coverage: Coverage | None = None
    medium_only: bool = False
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class RetentionRuled:
    """A rule under which an agency keeps a record: until at least ``min_until`` (None: no end known), to be
    reviewed."""

    record: str
    agency: str
    rule: str
    basis: str
    min_until: datetime | None = None
    review_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """An inquiry, appeal or order forbids disposal of a record."""

    hold: str
    record: str
    reason: str
    placed_by: str


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """A hold no longer forbids disposal."""

    hold: str
    record: str
    reason: str
    authority: str


# --- in a case: what it is, who may be told ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MaterialNoted:
    """An entry of an agency's register concerns this case: where that entry stands, and of which record it speaks.

    ``what`` is that entry's wire name, ``kind`` the kind of the record where the entry registers one: codes, so that a
    record stays visible as existing when its own entry was erased or may not be read.
    """

    register: str
    version: int
    record: str
    what: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CaseFlagged:
    """Flags of a criminal case (``rasso``, ``csa``, ``operation:<name>``, ``hold:<inquiry>``), added and taken away."""

    added: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseReferenced:
    """Other numbers of the same matter: the crime reference, the URN that both sides share, the court's."""

    refs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StageReached:
    """Where the criminal case stands now."""

    stage: CaseStage


@dataclass(frozen=True, slots=True)
class StandingRecorded:
    """By what a person may be told about this case, and on what basis; ``enhanced`` for a victim's shorter times."""

    party: str
    standing: Standing
    basis: str
    discretionary: bool = False
    enhanced: bool = False


# --- in a case: what crosses between agencies -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordShared:
    """A record went from one agency to a team or person of another. ``copy`` None: told or shown without a copy."""

    share: str
    record: str
    from_agency: str
    to_agency: str
    channel: Channel
    sent_at: datetime
    copy: str | None = None
    to_person: str = ""
    sha256_sent: str | None = None
    expires_at: datetime | None = None
    conditions: str = ""
    request: str | None = None


@dataclass(frozen=True, slots=True)
class ShareReceived:
    """The receiving agency says what arrived, by hash where it is a file."""

    share: str
    received_at: datetime
    received_by: str
    sha256_received: str | None = None


@dataclass(frozen=True, slots=True)
class ShareOpened:
    """A person opened what was shared, and how far they played or read it."""

    share: str
    opened_at: datetime
    person: str
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class ShareRevoked:
    """What was shared can no longer be opened. That it was shared stays."""

    share: str
    reason: str


@dataclass(frozen=True, slots=True)
class MaterialRequested:
    """One agency asks another for material. ``closes_on`` names the decision that waits for it; ``due_at`` None:
    unknown."""

    request: str
    from_agency: str
    to_agency: str
    purpose: RequestPurpose
    scope: Scope
    asked_at: datetime
    due_at: datetime | None = None
    closes_on: str = ""


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """The asking agency no longer asks."""

    request: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """An answer sheet, line by line. ``complete`` says what the answering side's own register bears out at that moment.

    ``legacy`` marks an answer of before this register, entered as it was given: it may be incomplete, and is told so.
    """

    reply: str
    request: str
    agency: str
    at: datetime
    items: tuple[ReplyItem, ...]
    complete: bool
    attestation: str | None = None
    supersedes: str | None = None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class NothingFurtherAttested:
    """A named person says that nothing further is held, and where they looked. It is true of its instant only."""

    attestation: str
    agency: str
    at: datetime
    attested_by: str
    scope: Scope
    systems_searched: tuple[str, ...]
    searched_by: str
    wording: str
    not_searched: Mapping[str, str] = field(default_factory=dict)
    search_terms: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    request: str | None = None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleServed:
    """A schedule of unused material. Numbers run on over all schedules of a form; each comes with an MG6E."""

    schedule: str
    form: Form
    agency: str
    at: datetime
    items: tuple[ScheduleItem, ...]
    author: str
    continues: str | None = None
    with_certificate: bool = False
    refers_to: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleItemDecided:
    """The prosecutor's answer to one line of a schedule, with a reason."""

    schedule: str
    number: int
    decision: ScheduleDecision
    reason: str
    decided_by: str
    at: datetime


# --- in a case: what is decided, reviewed and written -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MaterialDecided:
    """A decision on material: by whom, on what, what was known and not seen, and what the register said at that root.

    ``shown`` is the index of material in front of the decider; ``waived`` the open requests that they went on without,
    in writing. ``root`` and ``size`` are the ledger's at that moment. ``basis_known`` False says that nobody can tell
    any more what it rested on. ``procedural_only`` limits a review to procedure (R12). ``sources`` says of a derived
    record without a registered source, in the decider's words, what is known of where it came from (R02).
    """

    decision: str
    kind: DecisionKind
    test: Test
    stage: Stage
    outcome: str
    reasons: str
    made_at: datetime
    decider: str
    decider_agency: str
    grade: str = ""
    reviews: str | None = None
    basis_known: bool = True
    considered: tuple[Considered, ...] = ()
    known_unseen: tuple[KnownUnseen, ...] = ()
    shown: tuple[str, ...] = ()
    open_requests: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    attestations: tuple[str, ...] = ()
    size: int = 0
    root: str = ""
    interim: bool = False
    procedural_only: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class EffectAssessed:
    """Somebody weighed what material that came after a decision means for it (R03)."""

    decision: str
    record: str
    assessed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """A decision is looked at again, by whom and why. ``grade`` is the reviewer's: the police review their own one rank
    higher."""

    review: str
    decision: str
    trigger: ReviewTrigger
    reviewer: str
    reviewer_agency: str
    grade: str = ""


@dataclass(frozen=True, slots=True)
class ReviewConcluded:
    """What came of it; ``by_decision`` is the decision that says so."""

    review: str
    outcome: ReviewOutcome
    reasons: str
    by_decision: str | None = None


@dataclass(frozen=True, slots=True)
class VictimReviewRequested:
    """A victim asks for a review. A decision too old for the scheme is ``not_qualifying``, and says which way is
    open."""

    victim_review: str
    decision: str
    scheme: Scheme
    party: str
    received_at: datetime
    qualifying: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VictimReviewMoved:
    """A victim's request was acknowledged, or moved to ``local_resolution``, ``independent_review`` or ``closed``."""

    victim_review: str
    stage: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LetterProposed:
    """A letter as somebody shows it to a second person before it goes. Nothing was sent."""

    letter: str
    sender: str
    recipient: str
    body_sha256: str
    claims: tuple[LetterClaim, ...] = ()
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class LetterLogged:
    """A letter in or out, by hash, with what it claims. Its text is not in the ledger."""

    letter: str
    outgoing: bool
    sender: str
    recipient: str
    channel: str
    sent_at: datetime
    body_sha256: str
    claims: tuple[LetterClaim, ...] = ()
    decision: str | None = None
    explains_decision: bool = False
    review_notice: bool = False
    received_at: datetime | None = None
    second_look: str | None = None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class ClaimDisputed:
    """Somebody says that a letter claims something else, or that what it claims is wrong. Both stay."""

    letter: str
    claim: LetterClaim
    disputed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConcernAcknowledged:
    """A person of another agency, or an auditor, has seen a concern and says what is done about it."""

    concern: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettingAsideProposed:
    """Somebody says that a concern is a false alarm. It stands until a second person agrees."""

    concern: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConcernSetAside:
    """A concern is a false alarm, in the words of one person and the eyes of a second. It stays listed."""

    concern: str
    reason: str
    seconded_by: str


#: Events of the stream ``register/<agency>``.
RegisterEvent = (
    RegisterDeclared
    | RecordRegistered
    | RecordTied
    | RecordReclassified
    | RecordDescribed
    | CopyRegistered
    | PlayabilityTested
    | HoldingAsserted
    | DerivationRecorded
    | SourceClaimed
    | TwinAsked
    | SameEventRecorded
    | DerivativeVerified
    | CustodyRecorded
    | RetentionRuled
    | HoldPlaced
    | HoldLifted
)

#: Events of the subject *records* in a case's own stream.
MaterialEvent = (
    MaterialNoted
    | CaseFlagged
    | CaseReferenced
    | StageReached
    | StandingRecorded
    | RecordShared
    | ShareReceived
    | ShareOpened
    | ShareRevoked
    | MaterialRequested
    | RequestWithdrawn
    | RequestAnswered
    | NothingFurtherAttested
    | ScheduleServed
    | ScheduleItemDecided
    | MaterialDecided
    | EffectAssessed
    | ReviewOpened
    | ReviewConcluded
    | VictimReviewRequested
    | VictimReviewMoved
    | LetterProposed
    | LetterLogged
    | ClaimDisputed
    | ConcernAcknowledged
    | SettingAsideProposed
    | ConcernSetAside
)

#: Every event class of a register, and of a case's material.
REGISTER_CLASSES: Final[tuple[type, ...]] = get_args(RegisterEvent)
MATERIAL_CLASSES: Final[tuple[type, ...]] = get_args(MaterialEvent)
