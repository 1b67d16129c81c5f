"""The codes of the subject *records* (evidence-review sheet, section 1). Each value is the code that is stored.

``unknown``, ``not_searched``, ``missing`` and ``destroyed`` are four different things wherever a holding is spoken of,
and ``not_asked`` is none of them (law 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class RecordKind(StrEnum):
    """What a record is as intellectual content: "the interview", not "the disc" (sheet 1.2)."""

    VIDEO_INTERVIEW = "video_interview"
    AUDIO_INTERVIEW = "audio_interview"
    EMERGENCY_CALL = "emergency_call"
    BODY_WORN_VIDEO = "body_worn_video"
    CCTV = "cctv"
    DEVICE_DOWNLOAD = "device_download"
    ORIGINAL_NOTE = "original_note"
    ORIGINAL_DOCUMENT = "original_document"
    PHYSICAL_ITEM = "physical_item"
    FORENSIC_SAMPLE = "forensic_sample"
    RECORD_OF_INTERVIEW = "record_of_interview"
    TRANSCRIPT_FULL = "transcript_full"
    SUMMARY = "summary"
    TRANSLATION = "translation"
    REDACTION = "redaction"
    CLIP = "clip"
    STILL = "still"
    ENHANCEMENT = "enhancement"
    EXPERT_REPORT = "expert_report"
    WITNESS_STATEMENT = "witness_statement"
    CASE_SUMMARY = "case_summary"
    SCHEDULE = "schedule"
    INDEX = "index"
    DECISION_RECORD = "decision_record"
    POLICY_LOG = "policy_log"
    LETTER = "letter"
    EMAIL = "email"
    REQUEST = "request"
    RESPONSE = "response"
    CERTIFICATE = "certificate"


#: Kinds that are made from something else by their nature: registered without a source, they ask where it is (R02).
DERIVED_BY_NATURE: Final = frozenset(
    {
        RecordKind.RECORD_OF_INTERVIEW,
        RecordKind.TRANSCRIPT_FULL,
        RecordKind.SUMMARY,
        RecordKind.TRANSLATION,
        RecordKind.REDACTION,
        RecordKind.CLIP,
        RecordKind.STILL,
        RecordKind.ENHANCEMENT,
        RecordKind.CASE_SUMMARY,
    }
)

#: How much of an event a record of it keeps; higher is fuller (sheet 1.4). A kind not listed has no place in the order.
FIDELITY: Final[dict[RecordKind, int]] = {
    RecordKind.VIDEO_INTERVIEW: 6,
    RecordKind.BODY_WORN_VIDEO: 6,
    RecordKind.CCTV: 6,
    RecordKind.AUDIO_INTERVIEW: 5,
    RecordKind.EMERGENCY_CALL: 5,
    RecordKind.TRANSCRIPT_FULL: 4,
    RecordKind.RECORD_OF_INTERVIEW: 3,
    RecordKind.ORIGINAL_NOTE: 2,
    RecordKind.SUMMARY: 1,
    RecordKind.CASE_SUMMARY: 1,
}


class Relevance(StrEnum):
    """Whether it has some bearing on the matter; in doubt it may be relevant (sheet 1.2)."""

    RELEVANT = "relevant"
    MAY_BE_RELEVANT = "may_be_relevant"
    NOT_RELEVANT = "not_relevant"
    UNASSESSED = "unassessed"


class Use(StrEnum):
    """What it is used as. Each relevant record is in exactly one of evidence, non-sensitive, sensitive (sheet 1.9)."""

    EVIDENCE = "evidence"
    UNUSED_NONSENSITIVE = "unused_nonsensitive"
    UNUSED_SENSITIVE = "unused_sensitive"
    UNASSESSED = "unassessed"


class Sensitivity(StrEnum):
    """Who may read it at all. Of highly sensitive material this system holds a stub only."""

    NONE = "none"
    SENSITIVE = "sensitive"
    HIGHLY_SENSITIVE = "highly_sensitive"


#: From open to closed: moving up is a visibility reduced (R20).
SENSITIVITY_ORDER: Final = (Sensitivity.NONE, Sensitivity.SENSITIVE, Sensitivity.HIGHLY_SENSITIVE)


class CopyRole(StrEnum):
    """What an instance of a record is for (sheet 1.3)."""

    MASTER = "master"
    WORKING = "working"
    ACCESS = "access"
    REDACTED_COPY = "redacted_copy"
    COURT_COPY = "court_copy"
    BACKUP = "backup"
    RETURNED_TO_OWNER = "returned_to_owner"


class Medium(StrEnum):
    """What an instance is on (sheet 1.3)."""

    PAPER = "paper"
    VHS = "vhs"
    MINIDV = "minidv"
    CASSETTE = "cassette"
    CD_DVD = "cd_dvd"
    USB = "usb"
    FILE = "file"
    CLOUD_OBJECT = "cloud_object"
    PHYSICAL = "physical"


#: Media that age or that nobody can play soon (R14).
AGEING_MEDIA: Final = frozenset({Medium.VHS, Medium.MINIDV, Medium.CASSETTE, Medium.CD_DVD})


class Playable(StrEnum):
    """Whether somebody has played it."""

    YES = "yes"
    NO = "no"
    UNTESTED = "untested"


class HoldingStatus(StrEnum):
    """What an agency says of a copy (sheet 1.3). No two of these mean the same."""

    HELD = "held"
    LENT = "lent"
    IN_TRANSIT = "in_transit"
    TRANSFERRED = "transferred"
    RETURNED_TO_OWNER = "returned_to_owner"
    ARCHIVED = "archived"
    MISSING = "missing"
    DESTROYED = "destroyed"
    NEVER_HELD = "never_held"
    NOT_SEARCHED = "not_searched"
    UNKNOWN = "unknown"


#: Statuses under which an agency can still produce it (sheet 2, notation).
STILL_HELD: Final = frozenset(
    {HoldingStatus.HELD, HoldingStatus.LENT, HoldingStatus.ARCHIVED, HoldingStatus.IN_TRANSIT}
)


class HowKnown(StrEnum):
    """How the person who asserts a holding knows."""

    SEEN = "seen"
    SYSTEM_RECORD = "system_record"
    TOLD = "told"
    INFERRED = "inferred"


class Method(StrEnum):
    """How one record was made from another (sheet 1.4)."""

    BIT_COPY = "bit_copy"
    FORMAT_MIGRATION = "format_migration"
    RECORD_OF_INTERVIEW = "record_of_interview"
    TRANSCRIPT_FULL = "transcript_full"
    SUMMARY = "summary"
    TRANSLATION = "translation"
    REDACTION = "redaction"
    CLIP = "clip"
    STILL = "still"
    ENHANCEMENT = "enhancement"
    REPORT_ABOUT = "report_about"
    EXTRACTED_FROM_CONTAINER = "extracted_from_container"


#: Methods that keep the whole content: joined by *verified* edges of these, records are one content class.
LOSSLESS: Final = frozenset({Method.BIT_COPY, Method.FORMAT_MIGRATION})

#: Methods that say where a record lay, not what it lost.
MEMBERSHIP: Final = frozenset({Method.EXTRACTED_FROM_CONTAINER})


class Verified(StrEnum):
    """What came of checking a derived record against a copy of its source."""

    CONSISTENT = "consistent"
    MINOR_DIFFERENCES = "minor_differences"
    MATERIAL_DIFFERENCE = "material_difference"
    NOT_POSSIBLE = "not_possible"


class SourceClaim(StrEnum):
    """What is said of a source that nobody registered (sheet 1.4)."""

    NOT_ASKED = "not_asked"
    HELD_BY = "held_by"
    DESTROYED = "destroyed"
    NEVER_EXISTED = "never_existed"
    SEARCHED_NOT_FOUND = "searched_not_found"


class RecordedToo(StrEnum):
    """Of a handwritten note of an interview: was it also recorded? (R02, the twin question)"""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


class CustodyType(StrEnum):
    """What happened to a copy (sheet 1.5)."""

    CREATED = "created"
    RECEIVED = "received"
    SEALED = "sealed"
    SEAL_OPENED = "seal_opened"
    RESEALED = "resealed"
    MOVED = "moved"
    LENT = "lent"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    COPIED = "copied"
    MIGRATED = "migrated"
    VIEWED = "viewed"
    LISTENED = "listened"
    READ = "read"
    DOWNLOADED = "downloaded"
    UPLOADED = "uploaded"
    VERIFIED_FIXITY = "verified_fixity"
    SEARCHED_FOR = "searched_for"
    FOUND = "found"
    REPORTED_MISSING = "reported_missing"
    DISPOSAL_AUTHORISED = "disposal_authorised"
    DESTROYED = "destroyed"
    RETURNED_TO_OWNER = "returned_to_owner"


#: Custody by which somebody took in what a copy says.
PERUSALS: Final = frozenset({CustodyType.VIEWED, CustodyType.LISTENED, CustodyType.READ})


class Rung(StrEnum):
    """How far a record has come to a person or agency (sheet 0.5). ``RUNGS`` gives their order."""

    UNKNOWN = "unknown"
    TOLD = "told"
    LISTED = "listed"
    OFFERED = "offered"
    DELIVERED = "delivered"
    OPENED = "opened"
    VIEWED_PART = "viewed_part"
    VIEWED_FULL = "viewed_full"


RUNGS: Final = tuple(Rung)


class Channel(StrEnum):
    """By what way a record was shared (sheet 1.6)."""

    CASE_FILE_INTERFACE = "case_file_interface"
    EVIDENCE_LINK = "evidence_link"
    PORTAL = "portal"
    DISC = "disc"
    POST = "post"
    EMAIL = "email"
    IN_PERSON_VIEWING = "in_person_viewing"


class RequestPurpose(StrEnum):
    """What a request for material is for (sheet 1.7)."""

    CHARGING = "charging"
    EARLY_ADVICE = "early_advice"
    CASE_REVIEW = "case_review"
    VICTIMS_RIGHT_TO_REVIEW = "vrr"
    DISCLOSURE = "disclosure"
    ACTION_PLAN = "action_plan"
    THIRD_PARTY = "third_party"
    INQUIRY = "inquiry"
    SUBJECT_ACCESS = "subject_access"
    FAMILY_QUESTION = "family_question"


class ReplyCode(StrEnum):
    """The seven answers that a line of an answer sheet can give (sheet 1.7)."""

    SUPPLIED = "supplied"
    ALREADY_SUPPLIED = "already_supplied"
    LISTED_NOT_SUPPLIED = "listed_not_supplied"
    WITHHELD = "withheld"
    NOT_HELD = "not_held"
    DESTROYED = "destroyed"
    NOT_SEARCHED = "not_searched"


class WithheldFor(StrEnum):
    """Why a record is withheld: the reason class that a stub shows."""

    PUBLIC_INTEREST_IMMUNITY = "pii"
    LEGAL_PRIVILEGE = "lpp"
    DATA_PROTECTION = "data_protection"
    OTHER = "other"


class Form(StrEnum):
    """The schedules of unused material (sheet 1.9)."""

    MG6C = "MG6C"
    MG6D = "MG6D"
    MG6E = "MG6E"


class ScheduleDecision(StrEnum):
    """What a prosecutor says of a line of MG6C: disclose, inspect, clearly not disclosable (letters unverified)."""

    DISCLOSE = "D"
    INSPECT = "I"
    CLEARLY_NOT_DISCLOSABLE = "CND"


class DecisionKind(StrEnum):
    """What was decided on material (sheet 1.10)."""

    EARLY_ADVICE = "early_advice"
    CHARGE = "charge"
    NFA_POLICE = "nfa_police"
    NFA_CPS = "nfa_cps"
    DISCONTINUE = "discontinue"
    OFFER_NO_EVIDENCE = "offer_no_evidence"
    OUT_OF_COURT = "oocd"
    ALTER_CHARGE = "alter_charge"
    VRR_LOCAL_RESOLUTION = "vrr_local_resolution"
    VRR_INDEPENDENT = "vrr_independent"
    CASE_REVIEW = "case_review"
    CONFIRM = "confirm"
    REINSTITUTE = "reinstitute"


#: Decisions at which a written record of an interview may be enough for now (sheet 2, alarm hygiene 3).
STAGED_DECISIONS: Final = frozenset({DecisionKind.EARLY_ADVICE, DecisionKind.CHARGE})


class Test(StrEnum):
    """The test that a decision applied."""

    FULL_CODE = "full_code"
    THRESHOLD = "threshold"
    NONE = "not_applicable"


class Stage(StrEnum):
    """The stage of the test at which it ended."""

    EVIDENTIAL = "evidential"
    PUBLIC_INTEREST = "public_interest"
    NONE = "not_applicable"


class Mode(StrEnum):
    """How far a decider took in a record (sheet 1.10), from most to least."""

    VIEWED_FULL = "viewed_full"
    LISTENED_FULL = "listened_full"
    READ_FULL = "read_full"
    VIEWED_PART = "viewed_part"
    READ_PART = "read_part"
    TOLD_SUMMARY = "told_summary"
    NOT_SEEN = "not_seen"


#: Modes above ``told_summary``: the decision rests on the record (``B(D)`` of sheet 2).
RESTS_ON: Final = frozenset(Mode) - {Mode.TOLD_SUMMARY, Mode.NOT_SEEN}


class UnseenReason(StrEnum):
    """Why a decider did not see what they knew of (sheet 1.10)."""

    RECORD_SUFFICIENT_AT_THIS_STAGE = "rovi_sufficient_at_this_stage"
    NOT_RELEVANT_TO_ISSUE = "not_relevant_to_issue"
    NOT_PLAYABLE = "not_playable"
    AWAITING = "awaiting"
    WITHHELD = "withheld"
    REFUSED = "refused"
    VOLUME_SAMPLED = "volume_sampled"
    OTHER = "other"


#: The ranks of police forces in England and Wales, from low to high, for reviews one rank higher (sheet 1.11). From
#: general knowledge, not verified; the two London forces' own ranks above chief superintendent stand beside theirs.
POLICE_RANKS: Final[dict[str, int]] = {
    "constable": 1,
    "sergeant": 2,
    "inspector": 3,
    "chief_inspector": 4,
    "superintendent": 5,
    "chief_superintendent": 6,
    "commander": 7,
    "assistant_chief_constable": 7,
    "deputy_assistant_commissioner": 8,
    "deputy_chief_constable": 8,
    "assistant_commissioner": 9,
    "chief_constable": 9,
    "deputy_commissioner": 10,
    "commissioner": 11,
}


class ReviewTrigger(StrEnum):
    """What made somebody look again (sheet 1.11)."""

    VICTIMS_RIGHT_TO_REVIEW = "vrr"
    NEW_MATERIAL = "new_material"
    CONCERN = "concern"
    INQUIRY = "inquiry"
    COMPLAINT = "complaint"
    SCHEDULED = "scheduled"


class ReviewOutcome(StrEnum):
    """What came of a review (sheet 1.11)."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    UPHELD_WITH_NEW_MATERIAL = "upheld_with_new_material"
    CANNOT_REINSTATE = "cannot_reinstate"


class Scheme(StrEnum):
    """Under whose scheme a victim asks for a review."""

    CPS = "cps"
    POLICE = "police"


class ClaimCode(StrEnum):
    """What a letter says of a record (sheet 1.12)."""

    HELD = "held"
    NOT_HELD = "not_held"
    DESTROYED = "destroyed"
    NEVER_EXISTED = "never_existed"
    CONSIDERED = "considered"
    NOT_CONSIDERED = "not_considered"
    ALL_MATERIAL_CONSIDERED = "all_material_considered"
    SHARED_WITH = "shared_with"


class RegisterStatus(StrEnum):
    """Whether an agency's register is fed as things happen, was read in once, or is not here at all (sheet 1.1)."""

    LIVE = "live"
    SNAPSHOT = "snapshot"
    NONE = "none"


class CaseStage(StrEnum):
    """Where a criminal case stands (sheet 1.1)."""

    INVESTIGATION = "investigation"
    WITH_CPS = "with_cps"
    CHARGED = "charged"
    DISCONTINUED = "discontinued"
    NFA = "nfa"
    TRIAL = "trial"
    CONCLUDED = "concluded"
    UNDER_REVIEW = "under_review"
    REOPENED = "reopened"


class Standing(StrEnum):
    """By what a person may be told about the case (sheet 1.1)."""

    VICTIM = "victim"
    BEREAVED_CLOSE_RELATIVE = "bereaved_close_relative"
    PARENT_GUARDIAN = "parent_guardian"
    NOMINATED_SPOKESPERSON = "nominated_spokesperson"
    REPRESENTATIVE_WITH_AUTHORITY = "representative_with_authority"
    FAMILY_NO_STANDING = "family_no_standing"


class Precision(StrEnum):
    """How exactly a time is known."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ABOUT = "about"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class When:
    """A time as it is known: an instant or the first instant of a day, month or year; ``until`` makes it a range."""

    at: datetime
    precision: Precision = Precision.INSTANT
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a copy was played or read: from ``start`` to ``end``, in seconds or pages, and its share of all."""

    start: int
    end: int
    percent: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request asks for, or an attestation speaks of. Empty tuples and None leave a part open.

    ``everything`` says "all records" of the case; else a record is in scope where it has one of ``kinds``, concerns one
    of ``persons`` and was made within ``made_from`` to ``made_until`` (both included).
    """

    everything: bool = False
    kinds: tuple[RecordKind, ...] = ()
    persons: tuple[str, ...] = ()
    made_from: datetime | None = None
    made_until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Store:
    """A place or system where an agency may hold material, and whether anybody ever searched it."""

    name: str
    searched_at: datetime | None = None
    reason_not: str = ""


@dataclass(frozen=True, slots=True)
class ReplyItem:
    """One line of an answer sheet: a record, one of the seven answers, and what that answer needs."""

    record: str
    answer: ReplyCode
    reason: str = ""
    share: str | None = None
    withheld_for: WithheldFor | None = None
    seen_by_prosecutor: bool | None = None
    last_holder: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class ScheduleItem:
    """A line of a schedule. ``quantity`` above one is a block listing under a generic title; ``others`` are the records
    that stand in the block beside ``record``."""

    number: int
    record: str
    description: str
    location: str = ""
    reason: str = ""
    quantity: int = 1
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Considered:
    """A record that a decision rests on, in which copy, how far it was seen, and when.

    ``for_content`` False says that the decision does not rely on what it says (an index, a label): R10 leaves it out.
    """

    record: str
    mode: Mode
    copy: str | None = None
    at: datetime | None = None
    coverage: Coverage | None = None
    for_content: bool = True


@dataclass(frozen=True, slots=True)
class KnownUnseen:
    """A record that the decider knew of and did not see, and why; ``signed`` by the decider."""

    record: str
    reason: UnseenReason
    signed: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class LetterClaim:
    """What a letter says of a record or of every record of a kind. ``own_holding`` limits it to the sender's own.

    ``entered_by`` is the agency or party that logged it; a disputed claim stands beside the other.
    """

    claim: ClaimCode
    record: str | None = None
    kind: RecordKind | None = None
    agency: str | None = None
    own_holding: bool = False
    entered_by: str = ""
