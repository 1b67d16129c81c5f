"""What may be asked of an agency's register and of the material of a case, in the imperative.

A register's commands are sent by the agency itself and decided by ``core.records.register``; a case's go through
``service.handle`` like every other. Times that a command leaves out are those of its envelope. ``legacy`` marks what an
agency did before this register and enters late: it is stored as it was, and raises concerns where a live command would
be refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, get_args

from safehands.core.records.material import Fact
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

# --- An agency's register: sent by that agency, for its own register --------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeclareRegister:
    """Say what this agency's register is, and which of its stores were ever searched."""

    status: RegisterStatus
    stores: tuple[Store, ...] = ()
    as_of: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegisterRecord:
    """Register a record that this agency made or keeps, and say which cases it concerns."""

    record: str
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
class TieRecord:
    """Say that a record concerns another case too: everything known of it is noted there."""

    record: str
    case: str


@dataclass(frozen=True, slots=True)
class ReclassifyRecord:
    """Change relevance, use or sensitivity, with a reason."""

    record: str
    reason: str
    relevance: Relevance | None = None
    use: Use | None = None
    sensitivity: Sensitivity | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True)
class DescribeRecord:
    """Describe a record better. The old description stays on file."""

    record: str
    reason: str
    description: str | None = None
    exhibit_ref: str | None = None
    created: When | None = None


@dataclass(frozen=True, slots=True)
class RegisterCopy:
    """Register an instance of a record, with what fixes its content."""

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
class TestPlayability:
    """Say whether a copy could be played."""

    copy: str
    playable: Playable
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssertHolding:
    """Say where a copy is, or a record of which no copy is registered, and how that is known. ``at`` None: now."""

    record: str
    status: HoldingStatus
    how: HowKnown
    at: datetime | None = None
    copy: str | None = None
    location: str = ""
    system: str = ""
    asserted_by: str = ""
    authority: str = ""
    method: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordDerivation:
    """Say from which record another was made. The source then concerns the same cases."""

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
class ClaimSource:
    """Say what is known of a source that nobody registered."""

    record: str
    claim: SourceClaim
    held_by: str | None = None
    event: str | None = None
    scope: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskTwin:
    """Of a note of an interview: was it also recorded?"""

    record: str
    recorded_too: RecordedToo
    ref: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordSameEvent:
    """Say that two records are of one event, neither made from the other."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class VerifyDerivative:
    """Check a derived record against a copy of its source. ``at`` None: now."""

    verification: str
    derivation: str
    against_copy: str
    result: Verified
    at: datetime | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class RecordCustody:
    """Write down what happened to a copy. ``at`` None: now."""

    custody: str
    copy: str
    type: CustodyType
    at: datetime | None = None
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
class RuleRetention:
    """Name a rule under which this agency keeps a record."""

    record: str
    rule: str
    basis: str
    min_until: datetime | None = None
    review_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Forbid disposal of a record."""

    hold: str
    record: str
    reason: str


@dataclass(frozen=True, slots=True)
class LiftHold:
    """End a hold, with its authority."""

    hold: str
    record: str
    reason: str
    authority: str


# --- A case: what it is, who may be told ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of a register on its way into a case: where it stands, of which record it speaks, and what it says."""

    register: str
    version: int
    record: str
    fact: Fact[Any]


@dataclass(frozen=True, slots=True)
class NoteMaterial:
    """Entries of an agency's register concern this case. Sent by the service only, in the unit that writes the
    register."""

    notes: tuple[Noted, ...]


@dataclass(frozen=True, slots=True)
class FlagCase:
    """Add or take away flags of the criminal case."""

    added: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GiveReferences:
    """Give other numbers of the same matter."""

    refs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReachStage:
    """Say where the criminal case stands now."""

    stage: CaseStage


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """Say by what a person may be told about this case, and on what basis."""

    party: str
    standing: Standing
    basis: str
    discretionary: bool = False
    enhanced: bool = False


# --- What crosses between agencies ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """Send a record, or show it, to another agency. ``share`` empty: a fresh id. ``sent_at`` None: now."""

    record: str
    to_agency: str
    channel: Channel
    share: str = ""
    sent_at: datetime | None = None
    copy: str | None = None
    to_person: str = ""
    sha256_sent: str | None = None
    expires_at: datetime | None = None
    conditions: str = ""
    request: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiveShare:
    """Say what arrived, by hash. A mismatch is written down, never refused."""

    share: str
    received_at: datetime | None = None
    sha256_received: str | None = None


@dataclass(frozen=True, slots=True)
class OpenShare:
    """Say that what was shared was opened, and how far it was played or read. ``person`` empty: the sender."""

    share: str
    opened_at: datetime | None = None
    coverage: Coverage | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class RevokeShare:
    """Say that what was shared can no longer be opened."""

    share: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestMaterial:
    """Ask another agency for material. ``asked_at`` None: now. ``within_days`` are working days of ``calendar``."""

    to_agency: str
    purpose: RequestPurpose
    scope: Scope
    request: str = ""
    asked_at: datetime | None = None
    due_at: datetime | None = None
    closes_on: str = ""
    within_days: int | None = None
    calendar: str = "england-and-wales"


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Ask no longer."""

    request: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """Answer line by line. Begin from the sheet that is made from the own register."""

    request: str
    items: tuple[ReplyItem, ...]
    complete: bool
    reply: str = ""
    at: datetime | None = None
    attestation: str | None = None
    supersedes: str | None = None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class AttestNothingFurther:
    """State that nothing further is held, and where somebody looked. ``at`` None: now."""

    scope: Scope
    systems_searched: tuple[str, ...]
    searched_by: str
    wording: str
    attestation: str = ""
    at: datetime | None = None
    attested_by: str = ""
    not_searched: Mapping[str, str] = field(default_factory=dict)
    search_terms: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    request: str | None = None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class ServeSchedule:
    """Serve a schedule of unused material. ``at`` None: now."""

    form: Form
    items: tuple[ScheduleItem, ...]
    schedule: str = ""
    at: datetime | None = None
    author: str = ""
    continues: str | None = None
    with_certificate: bool = False
    refers_to: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class DecideScheduleItem:
    """Answer one line of a schedule, with a reason."""

    schedule: str
    number: int
    decision: ScheduleDecision
    reason: str


# --- What is decided, reviewed and written ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecideOnMaterial:
    """Decide on named records. ``decider`` empty and ``made_at`` None: the sender, now."""

    kind: DecisionKind
    test: Test
    stage: Stage
    outcome: str
    reasons: str
    decision: str = ""
    made_at: datetime | None = None
    decider: str = ""
    grade: str = ""
    reviews: str | None = None
    basis_known: bool = True
    considered: tuple[Considered, ...] = ()
    known_unseen: tuple[KnownUnseen, ...] = ()
    shown: tuple[str, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    attestations: tuple[str, ...] = ()
    interim: bool = False
    procedural_only: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class AssessEffect:
    """Weigh what later material means for a decision."""

    decision: str
    record: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpenReview:
    """Look at a decision again. ``reviewer`` empty: the sender."""

    decision: str
    trigger: ReviewTrigger
    review: str = ""
    reviewer: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class ConcludeReview:
    """Say what came of a review."""

    review: str
    outcome: ReviewOutcome
    reasons: str
    by_decision: str | None = None


@dataclass(frozen=True, slots=True)
class RequestVictimReview:
    """Enter a victim's request for a review. Whether it qualifies is worked out."""

    decision: str
    scheme: Scheme
    party: str
    victim_review: str = ""
    received_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoveVictimReview:
    """Acknowledge a victim's request, or move it on."""

    victim_review: str
    stage: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposeLetter:
    """Show a letter of the own agency to a second person, before it goes: its text by hash, and what it claims."""

    recipient: str
    body_sha256: str
    letter: str = ""
    claims: tuple[LetterClaim, ...] = ()
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class LogLetter:
    """Log a letter in or out with what it claims. Whoever sends, under its ``letter``, one that somebody else proposed
    is the second person that looked at it."""

    outgoing: bool
    sender: str
    recipient: str
    channel: str
    body_sha256: str
    letter: str = ""
    sent_at: datetime | None = None
    claims: tuple[LetterClaim, ...] = ()
    decision: str | None = None
    explains_decision: bool = False
    review_notice: bool = False
    received_at: datetime | None = None
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class DisputeClaim:
    """Say that a letter claims something else, or that its claim is wrong. ``disputed_by`` empty: the sender."""

    letter: str
    claim: LetterClaim
    reason: str
    disputed_by: str = ""


@dataclass(frozen=True, slots=True)
class AcknowledgeConcern:
    """Say that a concern was seen and what is done. A critical one: another agency, or an auditor."""

    concern: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposeSettingAside:
    """Say that a concern is a false alarm; a second person has to agree."""

    concern: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmSettingAside:
    """The second person agrees that a concern is a false alarm."""

    concern: str


#: Commands to the stream ``register/<agency>``.
RegisterCommand = (
    DeclareRegister
    | RegisterRecord
    | TieRecord
    | ReclassifyRecord
    | DescribeRecord
    | RegisterCopy
    | TestPlayability
    | AssertHolding
    | RecordDerivation
    | ClaimSource
    | AskTwin
    | RecordSameEvent
    | VerifyDerivative
    | RecordCustody
    | RuleRetention
    | PlaceHold
    | LiftHold
)

#: Commands to a case about its material.
MaterialCommand = (
    NoteMaterial
    | FlagCase
    | GiveReferences
    | ReachStage
    | RecordStanding
    | ShareRecord
    | ReceiveShare
    | OpenShare
    | RevokeShare
    | RequestMaterial
    | WithdrawRequest
    | AnswerRequest
    | AttestNothingFurther
    | ServeSchedule
    | DecideScheduleItem
    | DecideOnMaterial
    | AssessEffect
    | OpenReview
    | ConcludeReview
    | RequestVictimReview
    | MoveVictimReview
    | ProposeLetter
    | LogLetter
    | DisputeClaim
    | AcknowledgeConcern
    | ProposeSettingAside
    | ConfirmSettingAside
)

#: Every command to a register, in the order of this module.
REGISTER_COMMANDS: Final[tuple[type, ...]] = get_args(RegisterCommand)
