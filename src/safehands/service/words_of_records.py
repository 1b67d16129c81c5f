"""Codes of the subject *records* in plain words, for stories, letters and the family's page.

``unknown``, ``not searched``, ``missing`` and ``destroyed`` are four different things and have four different words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from safehands.core.records import vocabulary as v
from safehands.core.vocabulary import role_of

_Code = TypeVar("_Code", bound=StrEnum)

KINDS: Final[Mapping[v.RecordKind, str]] = {
    v.RecordKind.VIDEO_INTERVIEW: "video of an interview",
    v.RecordKind.AUDIO_INTERVIEW: "sound recording of an interview",
    v.RecordKind.EMERGENCY_CALL: "recording of a 999 call",
    v.RecordKind.BODY_WORN_VIDEO: "video from an officer's camera",
    v.RecordKind.CCTV: "CCTV recording",
    v.RecordKind.DEVICE_DOWNLOAD: "copy of a phone or computer",
    v.RecordKind.ORIGINAL_NOTE: "notes made at the time",
    v.RecordKind.RECORD_OF_INTERVIEW: "written record of an interview",
    v.RecordKind.TRANSCRIPT_FULL: "full transcript",
    v.RecordKind.WITNESS_STATEMENT: "witness statement",
    v.RecordKind.REDACTION: "copy with parts blacked out",
    v.RecordKind.STILL: "still picture",
}

STATUSES: Final[Mapping[v.HoldingStatus, str]] = {
    v.HoldingStatus.HELD: "has it",
    v.HoldingStatus.LENT: "has lent it",
    v.HoldingStatus.IN_TRANSIT: "has sent it and it has not arrived",
    v.HoldingStatus.TRANSFERRED: "has passed it on",
    v.HoldingStatus.RETURNED_TO_OWNER: "has given it back to its owner",
    v.HoldingStatus.ARCHIVED: "has it in an archive",
    v.HoldingStatus.MISSING: "should have it and cannot find it",
    v.HoldingStatus.DESTROYED: "says that it was destroyed",
    v.HoldingStatus.NEVER_HELD: "says that it never had it",
    v.HoldingStatus.NOT_SEARCHED: "has not looked for it",
    v.HoldingStatus.UNKNOWN: "does not know whether it has it",
}

HOW_KNOWN: Final[Mapping[v.HowKnown, str]] = {
    v.HowKnown.SEEN: "somebody saw it",
    v.HowKnown.SYSTEM_RECORD: "a system says so",
    v.HowKnown.TOLD: "somebody was told so",
    v.HowKnown.INFERRED: "somebody worked it out",
}

MODES: Final[Mapping[v.Mode, str]] = {
    v.Mode.VIEWED_FULL: "watched in full",
    v.Mode.LISTENED_FULL: "listened to in full",
    v.Mode.READ_FULL: "read in full",
    v.Mode.VIEWED_PART: "watched in part",
    v.Mode.READ_PART: "read in part",
    v.Mode.TOLD_SUMMARY: "heard a summary of",
    v.Mode.NOT_SEEN: "did not see",
}

UNSEEN: Final[Mapping[v.UnseenReason, str]] = {
    v.UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE: "a written record was thought to be enough at that stage",
    v.UnseenReason.NOT_RELEVANT_TO_ISSUE: "it was thought to have no bearing",
    v.UnseenReason.NOT_PLAYABLE: "it could not be played",
    v.UnseenReason.AWAITING: "it had been asked for and had not come",
    v.UnseenReason.WITHHELD: "it was withheld",
    v.UnseenReason.REFUSED: "it was refused",
    v.UnseenReason.VOLUME_SAMPLED: "there was so much that only a part was looked at",
    v.UnseenReason.OTHER: "another reason",
}

DECISIONS: Final[Mapping[v.DecisionKind, str]] = {
    v.DecisionKind.EARLY_ADVICE: "early advice",
    v.DecisionKind.CHARGE: "to charge",
    v.DecisionKind.NFA_POLICE: "of the police to take no further action",
    v.DecisionKind.NFA_CPS: "of the prosecutors to take no further action",
    v.DecisionKind.DISCONTINUE: "to stop the case",
    v.DecisionKind.OFFER_NO_EVIDENCE: "to offer no evidence in court",
    v.DecisionKind.OUT_OF_COURT: "to end the case out of court",
    v.DecisionKind.ALTER_CHARGE: "to change the charge",
    v.DecisionKind.VRR_LOCAL_RESOLUTION: "on a victim's request, at the first stage",
    v.DecisionKind.VRR_INDEPENDENT: "on a victim's request, by an independent reviewer",
    v.DecisionKind.CASE_REVIEW: "after a review of the case",
    v.DecisionKind.CONFIRM: "that an earlier decision stands",
    v.DecisionKind.REINSTITUTE: "to start the case again",
}

ANSWERS: Final[Mapping[v.ReplyCode, str]] = {
    v.ReplyCode.SUPPLIED: "supplied",
    v.ReplyCode.ALREADY_SUPPLIED: "supplied before",
    v.ReplyCode.LISTED_NOT_SUPPLIED: "listed and not supplied",
    v.ReplyCode.WITHHELD: "withheld",
    v.ReplyCode.NOT_HELD: "not held",
    v.ReplyCode.DESTROYED: "destroyed",
    v.ReplyCode.NOT_SEARCHED: "not searched for",
}

WITHHELD: Final[Mapping[v.WithheldFor, str]] = {
    v.WithheldFor.PUBLIC_INTEREST_IMMUNITY: "the public interest",
    v.WithheldFor.LEGAL_PRIVILEGE: "legal advice is private",
    v.WithheldFor.DATA_PROTECTION: "it is about other people",
    v.WithheldFor.OTHER: "another reason",
}

CLAIMS: Final[Mapping[v.ClaimCode, str]] = {
    v.ClaimCode.HELD: "is held",
    v.ClaimCode.NOT_HELD: "is not held",
    v.ClaimCode.DESTROYED: "was destroyed",
    v.ClaimCode.NEVER_EXISTED: "never existed",
    v.ClaimCode.CONSIDERED: "was considered",
    v.ClaimCode.NOT_CONSIDERED: "was not considered",
    v.ClaimCode.ALL_MATERIAL_CONSIDERED: "was considered, with all other material",
    v.ClaimCode.SHARED_WITH: "was shared",
}

SOURCES: Final[Mapping[v.SourceClaim, str]] = {
    v.SourceClaim.NOT_ASKED: "nobody has asked",
    v.SourceClaim.HELD_BY: "somebody holds it",
    v.SourceClaim.DESTROYED: "it was destroyed",
    v.SourceClaim.NEVER_EXISTED: "there never was one: this is the original",
    v.SourceClaim.SEARCHED_NOT_FOUND: "it was looked for and not found",
}

CUSTODY: Final[Mapping[v.CustodyType, str]] = {
    v.CustodyType.SEARCHED_FOR: "looked for",
    v.CustodyType.VERIFIED_FIXITY: "checked to be unchanged",
    v.CustodyType.DISPOSAL_AUTHORISED: "released for disposal",
    v.CustodyType.RETURNED_TO_OWNER: "given back to its owner",
    v.CustodyType.MIGRATED: "copied to a newer format",
}

VERIFIED: Final[Mapping[v.Verified, str]] = {
    v.Verified.CONSISTENT: "they agree",
    v.Verified.MINOR_DIFFERENCES: "they differ in small things",
    v.Verified.MATERIAL_DIFFERENCE: "they differ in something that may matter",
    v.Verified.NOT_POSSIBLE: "it could not be checked",
}

STANDINGS: Final[Mapping[v.Standing, str]] = {
    v.Standing.VICTIM: "the victim",
    v.Standing.BEREAVED_CLOSE_RELATIVE: "a close relative of somebody who died of the offence",
    v.Standing.PARENT_GUARDIAN: "a parent or guardian",
    v.Standing.NOMINATED_SPOKESPERSON: "the family's spokesperson",
    v.Standing.REPRESENTATIVE_WITH_AUTHORITY: "a representative with authority",
    v.Standing.FAMILY_NO_STANDING: "family without a right of their own under the Code",
}

ROLES: Final[Mapping[str, str]] = {
    "POL": "the police",
    "CPS": "the Crown Prosecution Service",
    "CRT": "the court",
    "FSP": "a forensic provider",
    "LAU": "a local authority",
    "HEA": "a health service",
    "NCA": "the National Crime Agency",
}


def words(table: Mapping[_Code, str], code: _Code) -> str:
    """The words for a code; without any of its own, the code with spaces."""
    return table.get(code, code.value.replace("_", " "))


def agency_in_words(agency: str, names: Mapping[str, str]) -> str:
    """An agency's own name where the contact book gives one; else what kind of agency it is."""
    return names.get(agency) or ROLES.get(role_of(agency), agency)


def listed(items: Sequence[str]) -> str:
    """``one, two and three``."""
    return " and ".join([*([", ".join(items[:-1])] if len(items) > 1 else []), *items[-1:]])


def made_when(at: v.When) -> str:
    """A time as exactly as it is known."""
    match at.precision:
        case v.Precision.UNKNOWN:
            return "at a time that nobody knows"
        case v.Precision.MONTH:
            return f"in {at.at:%B %Y}"
        case v.Precision.YEAR:
            return f"in {at.at:%Y}"
        case v.Precision.ABOUT:
            return f"about {date_of(at.at)}"
        case v.Precision.INSTANT | v.Precision.DAY:
            return f"on {date_of(at.at)}"


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def date_of(at: datetime) -> str:
    """The day of an instant, in words."""
    return day_in_words(at.date())


def day_in_words(day: date) -> str:
    """``3 March 2026``."""
    return f"{day:%-d %B %Y}"
