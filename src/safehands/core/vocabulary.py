"""The words that every other module of the core uses: answers, people, agencies, kinds of offer, reasons to assume.

All instants are timezone-aware ``datetime`` in UTC. Identifiers are strings: cases, offers, tasks, contacts and
commands carry UUIDs in their text form, agencies the code they were registered under (``POL``, ``AMB``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

UNKNOWN: Final = "unknown"
DECLINED: Final = "declined"
NOT_ASKED: Final = "not_asked"

#: What an answer can be besides a value. Unknown is not no (law 5): tables see all three as ``unknown``.
NO_VALUE: Final = frozenset({UNKNOWN, DECLINED, NOT_ASKED})


#: A value of an answer: a code, a whole number, several codes, or one of ``unknown``, ``declined``, ``not_asked``.
Value = str | int | tuple[str, ...]


class Provenance(StrEnum):
    """How we came to know: it was volunteered, asked, observed, or is in a register (another case, a record)."""

    VOLUNTEERED = "volunteered"
    ASKED = "asked"
    OBSERVED = "observed"
    REGISTER = "register"


class OfferKind(StrEnum):
    """The three kinds of handover. Only the acceptance of a ``transfer`` moves the holder."""

    TRANSFER = "transfer"
    SUPPORT = "support"
    RETURN = "return"


class Ground(StrEnum):
    """Why an agency takes a case that nobody offered to it (law 1: an agency's own taking)."""

    DEPLOYED = "deployed"
    DETAINED = "detained"
    CALL_DROPPED = "call_dropped"
    RETURN_UNCONFIRMED = "return_unconfirmed"
    PROFESSIONAL_JUDGEMENT = "professional_judgement"


class HappenedSource(StrEnum):
    """Where the claimed time of an entry comes from."""

    LIVE = "live"
    LATE = "late"
    EXPORT = "export"
    TIMER = "timer"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, in which role, for which agency, *as they were* at that time.

    ``actor`` is a pseudonymous account id, never a name. The system itself acts as ``system``.
    """

    actor: str
    role: str
    agency: str


SYSTEM_ROLE: Final = "system"

#: A route that leads to any agency, whatever its role.
ANY_ROLE: Final = "any"


def role_of(agency: str) -> str:
    """The role of an agency, from its code: ``MHT-north`` and ``MHT`` both act as ``MHT``."""
    return agency.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a value with its provenance.

    ``question`` is the id in the pathway. ``verbatim`` holds the words that were used. ``source`` names the case or
    register an answer with provenance ``register`` was read from.
    """

    question: str
    value: Value
    provenance: Provenance
    at: datetime
    by: str
    verbatim: str | None = None
    source: str | None = None

    @property
    def known(self) -> bool:
        """Whether somebody gave a value: not unknown, declined or never asked."""
        return not (isinstance(self.value, str) and self.value in NO_VALUE)


@dataclass(frozen=True, slots=True)
class Contact:
    """A call, mail, chat or message about a case.

    ``received_at`` is its first second. ``about_own`` says that a professional reports a matter about their own
    patient, client or resident: then their agency, ``reporter_agency``, holds the case from that second (right-care
    sheet 2.5). ``callback`` tells whether and how the reporter can be rung back; identity lives in the vault, not here.
    """

    contact: str
    channel: str
    received_at: datetime
    taken_by: str
    reporter_type: str = UNKNOWN
    reporter_agency: str | None = None
    about_own: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class PathwayRef:
    """A pathway at a version, with the digest of its full text."""

    pathway: str
    version: str
    digest: str
