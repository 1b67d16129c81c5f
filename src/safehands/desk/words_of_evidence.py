"""Codes of the subject *records* as a page says them. What an agency does not know, has not looked for, cannot find and
had destroyed are four sentences that share no word with one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import vocabulary as v
from safehands.desk.forms import Choice

Code = TypeVar("Code", bound=StrEnum)

KINDS: Final[Mapping[v.RecordKind, Promise]] = {
    v.RecordKind.VIDEO_INTERVIEW: lazy("video interview"),
    v.RecordKind.AUDIO_INTERVIEW: lazy("sound recording of an interview"),
    v.RecordKind.EMERGENCY_CALL: lazy("999 call recording"),
    v.RecordKind.BODY_WORN_VIDEO: lazy("body-worn video"),
    v.RecordKind.CCTV: lazy("CCTV recording"),
    v.RecordKind.DEVICE_DOWNLOAD: lazy("download of a device"),
    v.RecordKind.ORIGINAL_NOTE: lazy("original notes"),
    v.RecordKind.ORIGINAL_DOCUMENT: lazy("original document"),
    v.RecordKind.PHYSICAL_ITEM: lazy("thing"),
    v.RecordKind.FORENSIC_SAMPLE: lazy("forensic sample"),
    v.RecordKind.RECORD_OF_INTERVIEW: lazy("written record of an interview"),
    v.RecordKind.TRANSCRIPT_FULL: lazy("full transcript"),
    v.RecordKind.SUMMARY: lazy("summary"),
    v.RecordKind.TRANSLATION: lazy("translation"),
    v.RecordKind.REDACTION: lazy("redacted version"),
    v.RecordKind.CLIP: lazy("clip"),
    v.RecordKind.STILL: lazy("still picture"),
    v.RecordKind.ENHANCEMENT: lazy("enhanced version"),
    v.RecordKind.EXPERT_REPORT: lazy("expert’s report"),
    v.RecordKind.WITNESS_STATEMENT: lazy("witness statement"),
    v.RecordKind.CASE_SUMMARY: lazy("case summary"),
    v.RecordKind.SCHEDULE: lazy("schedule"),
    v.RecordKind.INDEX: lazy("index"),
    v.RecordKind.DECISION_RECORD: lazy("record of a decision"),
    v.RecordKind.POLICY_LOG: lazy("policy log"),
    v.RecordKind.LETTER: lazy("letter"),
    v.RecordKind.EMAIL: lazy("email"),
    v.RecordKind.REQUEST: lazy("request"),
    v.RecordKind.RESPONSE: lazy("response"),
    v.RecordKind.CERTIFICATE: lazy("certificate"),
}

HOLDINGS: Final[Mapping[v.HoldingStatus, Promise]] = {
    v.HoldingStatus.HELD: lazy("held"),
    v.HoldingStatus.LENT: lazy("lent out"),
    v.HoldingStatus.IN_TRANSIT: lazy("in transit"),
    v.HoldingStatus.TRANSFERRED: lazy("transferred"),
    v.HoldingStatus.RETURNED_TO_OWNER: lazy("given back to its owner"),
    v.HoldingStatus.ARCHIVED: lazy("archived"),
    v.HoldingStatus.MISSING: lazy("missing: it should be there and cannot be found"),
    v.HoldingStatus.DESTROYED: lazy("destroyed"),
    v.HoldingStatus.NEVER_HELD: lazy("never held"),
    v.HoldingStatus.NOT_SEARCHED: lazy("not searched: nobody has looked"),
    v.HoldingStatus.UNKNOWN: lazy("unknown: nobody can say"),
}

HOW_KNOWN: Final[Mapping[v.HowKnown, Promise]] = {
    v.HowKnown.SEEN: lazy("somebody saw it"),
    v.HowKnown.SYSTEM_RECORD: lazy("a system says so"),
    v.HowKnown.TOLD: lazy("somebody was told"),
    v.HowKnown.INFERRED: lazy("worked out, not seen"),
}

ROLES: Final[Mapping[v.CopyRole, Promise]] = {
    v.CopyRole.MASTER: lazy("master"),
    v.CopyRole.WORKING: lazy("working copy"),
    v.CopyRole.ACCESS: lazy("copy for viewing"),
    v.CopyRole.REDACTED_COPY: lazy("redacted copy"),
    v.CopyRole.COURT_COPY: lazy("court’s copy"),
    v.CopyRole.BACKUP: lazy("backup"),
    v.CopyRole.RETURNED_TO_OWNER: lazy("copy given back to its owner"),
}

MEDIA: Final[Mapping[v.Medium, Promise]] = {
    v.Medium.PAPER: lazy("paper"),
    v.Medium.VHS: lazy("VHS tape"),
    v.Medium.MINIDV: lazy("MiniDV tape"),
    v.Medium.CASSETTE: lazy("cassette"),
    v.Medium.CD_DVD: lazy("CD or DVD"),
    v.Medium.USB: lazy("USB stick"),
    v.Medium.FILE: lazy("file"),
    v.Medium.CLOUD_OBJECT: lazy("file in another system"),
    v.Medium.PHYSICAL: lazy("the thing itself"),
}

PLAYABLE: Final[Mapping[v.Playable, Promise]] = {
    v.Playable.YES: lazy("it plays"),
    v.Playable.NO: lazy("it cannot be played"),
    v.Playable.UNTESTED: lazy("nobody has tried to play it"),
}

METHODS: Final[Mapping[v.Method, Promise]] = {
    v.Method.BIT_COPY: lazy("bit-for-bit copy"),
    v.Method.FORMAT_MIGRATION: lazy("copy in another format"),
    v.Method.RECORD_OF_INTERVIEW: lazy("written record of an interview"),
    v.Method.TRANSCRIPT_FULL: lazy("full transcript"),
    v.Method.SUMMARY: lazy("summary"),
    v.Method.TRANSLATION: lazy("translation"),
    v.Method.REDACTION: lazy("redaction"),
    v.Method.CLIP: lazy("clip"),
    v.Method.STILL: lazy("still picture"),
    v.Method.ENHANCEMENT: lazy("enhancement"),
    v.Method.REPORT_ABOUT: lazy("report about it"),
    v.Method.EXTRACTED_FROM_CONTAINER: lazy("taken out of it"),
}

VERIFIED: Final[Mapping[v.Verified, Promise]] = {
    v.Verified.CONSISTENT: lazy("they agree"),
    v.Verified.MINOR_DIFFERENCES: lazy("small differences"),
    v.Verified.MATERIAL_DIFFERENCE: lazy("a difference that matters"),
    v.Verified.NOT_POSSIBLE: lazy("could not be compared"),
}

SOURCES: Final[Mapping[v.SourceClaim, Promise]] = {
    v.SourceClaim.NOT_ASKED: lazy("nobody has asked where it is"),
    v.SourceClaim.HELD_BY: lazy("another agency holds it"),
    v.SourceClaim.DESTROYED: lazy("it was destroyed"),
    v.SourceClaim.NEVER_EXISTED: lazy("there never was one: this is the original"),
    v.SourceClaim.SEARCHED_NOT_FOUND: lazy("it was looked for and not found"),
}

TWINS: Final[Mapping[v.RecordedToo, Promise]] = {
    v.RecordedToo.YES: lazy("yes, there is a recording"),
    v.RecordedToo.NO: lazy("no, it was not recorded"),
    v.RecordedToo.NOT_ASKED: lazy("nobody has asked"),
}

CUSTODY: Final[Mapping[v.CustodyType, Promise]] = {
    v.CustodyType.CREATED: lazy("made"),
    v.CustodyType.RECEIVED: lazy("received"),
    v.CustodyType.SEALED: lazy("sealed"),
    v.CustodyType.SEAL_OPENED: lazy("seal opened"),
    v.CustodyType.RESEALED: lazy("sealed again"),
    v.CustodyType.MOVED: lazy("moved"),
    v.CustodyType.LENT: lazy("lent out"),
    v.CustodyType.RETURNED: lazy("returned"),
    v.CustodyType.TRANSFERRED: lazy("transferred"),
    v.CustodyType.COPIED: lazy("copied"),
    v.CustodyType.MIGRATED: lazy("copied to another format"),
    v.CustodyType.VIEWED: lazy("viewed"),
    v.CustodyType.LISTENED: lazy("listened to"),
    v.CustodyType.READ: lazy("read"),
    v.CustodyType.DOWNLOADED: lazy("downloaded"),
    v.CustodyType.UPLOADED: lazy("uploaded"),
    v.CustodyType.VERIFIED_FIXITY: lazy("checked to be unchanged"),
    v.CustodyType.SEARCHED_FOR: lazy("looked for"),
    v.CustodyType.FOUND: lazy("found"),
    v.CustodyType.REPORTED_MISSING: lazy("reported missing"),
    v.CustodyType.DISPOSAL_AUTHORISED: lazy("disposal authorised"),
    v.CustodyType.DESTROYED: lazy("destroyed"),
    v.CustodyType.RETURNED_TO_OWNER: lazy("given back to its owner"),
}

RUNGS: Final[Mapping[v.Rung, Promise]] = {
    v.Rung.UNKNOWN: lazy("not told"),
    v.Rung.TOLD: lazy("told"),
    v.Rung.LISTED: lazy("listed"),
    v.Rung.OFFERED: lazy("offered"),
    v.Rung.DELIVERED: lazy("delivered"),
    v.Rung.OPENED: lazy("opened"),
    v.Rung.VIEWED_PART: lazy("seen in part"),
    v.Rung.VIEWED_FULL: lazy("seen in full"),
}

RELEVANCE: Final[Mapping[v.Relevance, Promise]] = {
    v.Relevance.UNASSESSED: lazy("not assessed"),
    v.Relevance.RELEVANT: lazy("relevant"),
    v.Relevance.MAY_BE_RELEVANT: lazy("may be relevant"),
    v.Relevance.NOT_RELEVANT: lazy("not relevant"),
}

USES: Final[Mapping[v.Use, Promise]] = {
    v.Use.UNASSESSED: lazy("not assessed"),
    v.Use.EVIDENCE: lazy("evidence"),
    v.Use.UNUSED_NONSENSITIVE: lazy("unused, not sensitive"),
    v.Use.UNUSED_SENSITIVE: lazy("unused, sensitive"),
}

SENSITIVITY: Final[Mapping[v.Sensitivity, Promise]] = {
    v.Sensitivity.NONE: lazy("not sensitive"),
    v.Sensitivity.SENSITIVE: lazy("sensitive"),
    v.Sensitivity.HIGHLY_SENSITIVE: lazy("highly sensitive: others learn only how many there are"),
}

PRECISION: Final[Mapping[v.Precision, Promise]] = {
    v.Precision.DAY: lazy("on this day"),
    v.Precision.INSTANT: lazy("at this time"),
    v.Precision.MONTH: lazy("in this month"),
    v.Precision.YEAR: lazy("in this year"),
    v.Precision.ABOUT: lazy("about then"),
    v.Precision.UNKNOWN: lazy("nobody knows when"),
}

ANSWERS: Final[Mapping[v.ReplyCode, Promise]] = {
    v.ReplyCode.SUPPLIED: lazy("Supplied now"),
    v.ReplyCode.ALREADY_SUPPLIED: lazy("Supplied before"),
    v.ReplyCode.LISTED_NOT_SUPPLIED: lazy("Listed, not supplied"),
    v.ReplyCode.WITHHELD: lazy("Withheld"),
    v.ReplyCode.NOT_HELD: lazy("Not held"),
    v.ReplyCode.DESTROYED: lazy("Destroyed"),
    v.ReplyCode.NOT_SEARCHED: lazy("Not searched"),
}

#: What each of the seven answers needs; the core refuses it without.
NEEDS: Final[Mapping[v.ReplyCode, Promise]] = {
    v.ReplyCode.SUPPLIED: lazy("a copy or a way to see it, sent with this answer"),
    v.ReplyCode.ALREADY_SUPPLIED: lazy("the sending by which they have it"),
    v.ReplyCode.LISTED_NOT_SUPPLIED: lazy("why it is not supplied"),
    v.ReplyCode.WITHHELD: lazy("the ground, and whether the prosecutor saw it"),
    v.ReplyCode.NOT_HELD: lazy("who held it last, or that this is unknown"),
    v.ReplyCode.DESTROYED: lazy("the entry of your register by which it was destroyed"),
    v.ReplyCode.NOT_SEARCHED: lazy("why nobody has looked"),
}

WITHHELD: Final[Mapping[v.WithheldFor, Promise]] = {
    v.WithheldFor.PUBLIC_INTEREST_IMMUNITY: lazy("public interest immunity"),
    v.WithheldFor.LEGAL_PRIVILEGE: lazy("legal privilege"),
    v.WithheldFor.DATA_PROTECTION: lazy("data protection"),
    v.WithheldFor.OTHER: lazy("another ground"),
}

PURPOSES: Final[Mapping[v.RequestPurpose, Promise]] = {
    v.RequestPurpose.CHARGING: lazy("a charging decision"),
    v.RequestPurpose.EARLY_ADVICE: lazy("early advice"),
    v.RequestPurpose.CASE_REVIEW: lazy("a review of the case"),
    v.RequestPurpose.VICTIMS_RIGHT_TO_REVIEW: lazy("a victim’s right to review"),
    v.RequestPurpose.DISCLOSURE: lazy("disclosure"),
    v.RequestPurpose.ACTION_PLAN: lazy("an action plan"),
    v.RequestPurpose.THIRD_PARTY: lazy("third-party material"),
    v.RequestPurpose.INQUIRY: lazy("an inquiry"),
    v.RequestPurpose.SUBJECT_ACCESS: lazy("a subject access request"),
    v.RequestPurpose.FAMILY_QUESTION: lazy("a question of the family"),
}

CHANNELS: Final[Mapping[v.Channel, Promise]] = {
    v.Channel.EVIDENCE_LINK: lazy("link of an evidence system"),
    v.Channel.CASE_FILE_INTERFACE: lazy("case file interface"),
    v.Channel.PORTAL: lazy("this desk, or another portal"),
    v.Channel.DISC: lazy("disc"),
    v.Channel.POST: lazy("post"),
    v.Channel.EMAIL: lazy("email"),
    v.Channel.IN_PERSON_VIEWING: lazy("viewing in person"),
}

REGISTERS: Final[Mapping[v.RegisterStatus, Promise]] = {
    v.RegisterStatus.LIVE: lazy("live: fed as things happen"),
    v.RegisterStatus.SNAPSHOT: lazy("a snapshot: read in once"),
    v.RegisterStatus.NONE: lazy("not in this system"),
}


def said(table: Mapping[Code, Promise], code: Code) -> str:
    """The words for a code."""
    return str(table[code])


def choices_of(table: Mapping[Code, Promise]) -> tuple[Choice, ...]:
    """A table as what can be chosen, in its own order."""
    return tuple(Choice(code.value, str(label)) for code, label in table.items())


def day_of(at: datetime) -> str:
    """``20 Jan 2005`` in the time of London."""
    return str(formats.date_format(timezone.localtime(at), "j M Y"))


def when_of(when: v.When) -> str:
    """A time as exactly as it is known."""
    local = timezone.localtime(when.at)
    match when.precision:
        case v.Precision.UNKNOWN:
            return _("date unknown")
        case v.Precision.INSTANT:
            text = f"{day_of(when.at)} {local:%H:%M}"
        case v.Precision.DAY:
            text = day_of(when.at)
        case v.Precision.MONTH:
            text = formats.date_format(local, "F Y")
        case v.Precision.YEAR:
            text = f"{local:%Y}"
        case _:
            text = _("about %(day)s") % {"day": day_of(when.at)}
    if when.until is not None:
        return _("%(begin)s to %(end)s") % {"begin": text, "end": day_of(when.until)}
    return text
