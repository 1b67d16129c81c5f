"""What may be asked of a case, in the imperative. A command carries what it may know besides the case: time, ids,
beliefs.

Each command says what its sender believes (``believes_holder``, ``believes_from``): a stale belief becomes an honest
message. Who sends it, when, and with what claim about time stands in ``Given``, which travels beside every command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, get_args

from safehands.core.calendar import Calendar
from safehands.core.records.commands import MaterialCommand
from safehands.core.records.findings import Findings, Integrity
from safehands.core.records.material import Material
from safehands.core.records.retaining import Retention
from safehands.core.vocabulary import Actor, Answer, Contact, Ground, HappenedSource


@dataclass(frozen=True, slots=True)
class Given:
    """All that a decision may know besides the case and the pathway.

    ``command`` is the idempotency key; new ids are made from it. ``now`` is the clock that deadlines run on,
    ``recorded_at`` our own time of learning (both are one for a live command; a replay's ``now`` is the export's).
    ``happened_at`` is the claimed time. ``register`` holds answers read from other cases under a lock, in the same
    transaction, by the stream they come from; ``searched`` says that somebody looked for such cases at all: nothing
    found is an answer, not looked is none (law 5). ``shadow_streams`` are the streams of contact that the receiving
    force has not switched on yet: for them the tables conclude and are recorded, and are not advice. ``outside`` is
    what the contact book says now of agencies that are not on the system.

    Of records: ``material`` is the case's, ``own`` the register of the sender's agency, ``size`` and ``root`` (hex) the
    ledger's head at this moment; ``integrity`` holds the rules, ``standing`` what they found before this command,
    ``retention`` the rules of what may not be destroyed.
    """

    command: str
    now: datetime
    recorded_at: datetime
    by: Actor
    happened_at: datetime
    source: HappenedSource = HappenedSource.LIVE
    register: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    searched: bool = False
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    shadow_streams: frozenset[str] = frozenset()
    outside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    material: Material | None = None
    own: Material | None = None
    size: int = 0
    root: str = ""
    integrity: Integrity | None = None
    standing: Findings = field(default_factory=dict)
    retention: Retention | None = None

    def new_id(self, n: int) -> str:
        """The ``n``-th id that this command may give away: the command's own, with a number."""
        return f"{self.command}.{n}"


# --- contacts, people, answers ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakeContact:
    """A contact comes in and a case exists from its first second."""

    reference: str
    contact: Contact
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinContact:
    """Another contact about the same matter. Reopens a closed case within the pathway's time; the contact's taker then
    holds it.
    """

    contact: Contact
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class DropContact:
    """The line was lost, or the caller gave up."""

    contact: str


@dataclass(frozen=True, slots=True)
class MakeCallBack:
    """The reporter was rung back."""

    contact: str
    reached: bool


@dataclass(frozen=True, slots=True)
class IdentifyParty:
    """Say who somebody is."""

    party: str
    role: str
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    nhs_number: str | None = None
    date_of_birth: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RecordAnswers:
    """Write down what a contact said. ``conclude`` asks the tables at once."""

    contact: str
    answers: tuple[Answer, ...]
    conclude: bool = False


@dataclass(frozen=True, slots=True)
class CorrectAnswer:
    """An answer was written down wrongly."""

    contact: str
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectEntry:
    """An earlier entry was wrong in one field."""

    version: int
    field: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkCase:
    """Another case is about the same person or place. Its answers are in ``Given.register``."""

    other: str
    matched: tuple[str, ...]
    reason: str


# --- triage and decisions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conclude:
    """Ask the tables."""


@dataclass(frozen=True, slots=True)
class Decide:
    """A named person decides. ``believes`` is the class the screen showed as concluded."""

    outcome: int
    believes: int
    form: Mapping[str, str] = field(default_factory=dict)
    history_shown: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raise:
    """More help: always one command, by anybody with standing."""

    outcome: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProposeLowering:
    """Less help than stands: needs a second person and a reason."""

    outcome: int
    reason: str
    form: Mapping[str, str] = field(default_factory=dict)
    history_shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmLowering:
    """The second person agrees."""

    proposal: str


@dataclass(frozen=True, slots=True)
class DeclineLowering:
    """The second person does not agree."""

    proposal: str
    reason: str


# --- holders and handovers --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferHandover:
    """Offer the case, or a task in it, to another agency along a route of the pathway.

    ``due_at`` may be sooner than the route's own deadline, never later.
    ``shown`` is what the contact book said about that agency on the screen: its threshold, its present response time.
    ``comes_along`` says that the asking agency goes with whoever accepts the task: one joint response, with one
    assignee.
    """

    to_agency: str
    route: str
    asks: str
    pack: Mapping[str, str] = field(default_factory=dict)
    desk: str | None = None
    due_at: datetime | None = None
    task_kind: str | None = None
    task_due_at: datetime | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    comes_along: bool = False


@dataclass(frozen=True, slots=True)
class CompletePack:
    """Fill in fields of an open offer's pack."""

    offer: str
    pack: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AcknowledgeOffer:
    """Received, not accepted."""

    offer: str


@dataclass(frozen=True, slots=True)
class QuestionOffer:
    """Ask before answering."""

    offer: str
    text: str


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """Take it. ``believes_from`` is the agency it is taken from, as the taker's screen shows it."""

    offer: str
    believes_from: str


@dataclass(frozen=True, slots=True)
class AcceptByWord:
    """An agency outside the system took it by word; the offering side writes down whose word, and when it was given."""

    offer: str
    person: str
    role: str
    reference: str


@dataclass(frozen=True, slots=True)
class ConfirmWord:
    """The word was kept: confirmed in writing, or their people arrived."""

    offer: str
    how: str


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    """Say no, with a reason."""

    offer: str
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawOffer:
    """Take an open offer back."""

    offer: str
    reason: str


@dataclass(frozen=True, slots=True)
class AssumeCase:
    """Take the case without an offer. ``believes_holder`` is who held it on the taker's screen."""

    believes_holder: str
    ground: Ground
    reason: str


@dataclass(frozen=True, slots=True)
class SetKeeper:
    """Name the one person or desk inside the holder that keeps the case."""

    keeper: str


# --- tasks, promises, what people were told ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddTask:
    """Add work for one's own agency. Work for another agency goes through a support offer: nobody is given work
    unasked.
    """

    kind: str
    text: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakeTask:
    """Take over a task from its assignee: one's own taking moves it."""

    task: str
    believes_from: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandBackTask:
    """The assignee cannot do it: it goes back to the holder, never to nobody."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """Done, and what came of it."""

    task: str
    result: str


@dataclass(frozen=True, slots=True)
class CancelTask:
    """No longer needed."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class TellCaller:
    """What a person was told. ``promise`` is what will happen; it names the open task that will do it."""

    contact: str
    text: str
    attending: str
    understood: str = "unknown"
    if_worse: str = ""
    promise: str | None = None
    promise_task: str | None = None
    promise_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signpost:
    """Point somebody somewhere. Not a handover."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class GiveOwnPage:
    """Give the person of a contact a page of their own, by a route that they called safe. Pages that they were given
    before close."""

    page: str
    contact: str
    channel: str
    until: datetime


@dataclass(frozen=True, slots=True)
class WithdrawOwnPage:
    """Close a person's own page."""

    page: str
    reason: str


# --- statuses, bookings, challenges -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BeginStatus:
    """A detention begins under a declared power, at a declared kind of place. ``grounds`` fills what the place
    demands.
    """

    kind: str
    place: str
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MoveStatus:
    """The person is moved to another place. Clocks run on."""

    status: str
    place: str
    reason: str
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndStatus:
    """The status ends, and how."""

    status: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ExtendClock:
    """Give a running clock more time, for a reason that its declaration allows, with the evidence that it demands."""

    clock: str
    by: timedelta
    reason: str
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PauseClock:
    """Let a clock stand still until a time at the most, for a reason that its declaration allows."""

    clock: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ResumeClock:
    """A clock that stands still runs on before its pause ends by itself."""

    clock: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposeMilestoneCorrection:
    """A milestone was at another time: the first of two people says so."""

    milestone: str
    was: datetime
    now: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmMilestoneCorrection:
    """The second person agrees, and clocks that began there are worked out again."""

    correction: str


@dataclass(frozen=True, slots=True)
class PlanBooking:
    """Want several parties at one time."""

    kind: str
    at: datetime
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfirmBooking:
    """One's own agency will come; or, by word, a party outside the system will."""

    booking: str
    party: str
    person: str = ""
    role: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawFromBooking:
    """A party can no longer come."""

    booking: str
    party: str
    reason: str


@dataclass(frozen=True, slots=True)
class StartBooking:
    """Go: only once every party has confirmed."""

    booking: str


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Give the booking up."""

    booking: str
    reason: str


@dataclass(frozen=True, slots=True)
class RaiseChallenge:
    """Dispute what was decided, or who should act, with another agency. ``asserts_risk``: we say that life is at
    risk.
    """

    against: str
    position: str
    asserts_risk: bool


@dataclass(frozen=True, slots=True)
class AnswerChallenge:
    """State one's own position."""

    challenge: str
    position: str


@dataclass(frozen=True, slots=True)
class EscalateChallenge:
    """Take the dispute one level up."""

    challenge: str


@dataclass(frozen=True, slots=True)
class SettleChallenge:
    """Agree at this level."""

    challenge: str
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class StandDown:
    """Tell an agency that would have helped not to come: by a supervising person, on a sighting or a verified
    location.
    """

    agency: str
    reason: str
    verified_by: str


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """Say of a sampled decision whether it was right and recorded whole."""

    decision: str
    result: str
    notes: str


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """Write down what became of the person, when, and who says so. Also in a closed case."""

    kind: str
    severity: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class LinkComplaint:
    """A complaint with this reference is about this case, or about one decision in it. Also in a closed case."""

    complaint: str
    received_at: datetime
    decision: str | None = None


# --- milestones, presence, closing ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordMilestone:
    """Something dated happened that the pathway declares. ``party`` says of whom, where a case is about several."""

    milestone: str
    note: str = ""
    party: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainDelay:
    """Somebody waits beyond a clock's end: why, and until when. Stops nothing."""

    clock: str
    reason: str
    expected_at: datetime


@dataclass(frozen=True, slots=True)
class RecordArrival:
    """A responder arrived."""

    responder: str
    agency: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class RecordRelease:
    """A responder is free again."""

    responder: str


@dataclass(frozen=True, slots=True)
class CloseCase:
    """The holder closes, with a reason. Where it took by word only, who wrote the word down may."""

    believes_holder: str
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """Open it again, and hold it."""

    reason: str


# --- what the system does by itself -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockDue:
    """A step of a running clock has come. Sent by the timers only."""

    clock: str
    step: str
    at: datetime


CaseCommand = (
    TakeContact
    | JoinContact
    | DropContact
    | MakeCallBack
    | IdentifyParty
    | RecordAnswers
    | CorrectAnswer
    | CorrectEntry
    | LinkCase
    | Conclude
    | Decide
    | Raise
    | ProposeLowering
    | ConfirmLowering
    | DeclineLowering
    | OfferHandover
    | CompletePack
    | AcknowledgeOffer
    | QuestionOffer
    | AcceptOffer
    | AcceptByWord
    | ConfirmWord
    | DeclineOffer
    | WithdrawOffer
    | AssumeCase
    | SetKeeper
    | AddTask
    | TakeTask
    | HandBackTask
    | CompleteTask
    | CancelTask
    | TellCaller
    | Signpost
    | GiveOwnPage
    | WithdrawOwnPage
    | RecordMilestone
    | ExplainDelay
    | RecordArrival
    | RecordRelease
    | CloseCase
    | ReopenCase
    | ClockDue
    | BeginStatus
    | MoveStatus
    | EndStatus
    | ExtendClock
    | PauseClock
    | ResumeClock
    | ProposeMilestoneCorrection
    | ConfirmMilestoneCorrection
    | PlanBooking
    | ConfirmBooking
    | WithdrawFromBooking
    | StartBooking
    | CancelBooking
    | RaiseChallenge
    | AnswerChallenge
    | EscalateChallenge
    | SettleChallenge
    | StandDown
    | ReviewDecision
    | RecordOutcome
    | LinkComplaint
)

Command = CaseCommand | MaterialCommand

#: Every command class, in the order of this module.
COMMAND_CLASSES: Final[tuple[type, ...]] = get_args(Command)
