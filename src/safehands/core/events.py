"""What happened, in past participles. Each event is a frozen value with a wire name and a version, never a class path.

An event carries everything that folding it needs: a due instant, a row id, a route. ``evolve`` reads no clock, no
pathway and no table, so a changed rule cannot rewrite history. When it happened, who did it and under which pathway
stand in the envelope.

The holder moves in exactly four events: ``CaseOpened``, ``HandoverAccepted`` (kind transfer), ``CaseAssumed``,
``CaseReopened``; it ends in ``CaseClosed``. Each of them states the boundary instant itself, so that an auditor needs
nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, get_args

from safehands.core.records.events import MaterialEvent, RegisterEvent
from safehands.core.vocabulary import Actor, Answer, Contact, Ground, HappenedSource, OfferKind, PathwayRef

# --- contacts, people, answers ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A case exists from its first second; ``rule`` names the opening rule that named the holder."""

    reference: str
    pathway: PathwayRef
    receiver: str
    holder: str
    held_from: datetime
    received_at: datetime
    rule: str


@dataclass(frozen=True, slots=True)
class ContactReceived:
    """A contact joined the case (the first, or a later one)."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class ContactDropped:
    """The line was lost or the caller gave up."""

    contact: str


@dataclass(frozen=True, slots=True)
class CallBackMade:
    """Somebody rang the reporter back; ``reached`` says whether they answered."""

    contact: str
    reached: bool


@dataclass(frozen=True, slots=True)
class PartyIdentified:
    """A person in a role, with what they can be found by. Personal: lives in the vault only and can be erased."""

    party: str
    role: str
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    nhs_number: str | None = None
    date_of_birth: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class AnswersRecorded:
    """Answers given by one source: a contact of this case, or another case (``case/<id>``) whose risks are pooled."""

    source: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class AnswerCorrected:
    """An answer was wrong. The old one stays in its own entry."""

    source: str
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class EntryCorrected:
    """An earlier entry of this case was wrong in one field; it stays as it was written, and this stands beside it."""

    version: int
    field: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class CasesLinked:
    """Another case is about the same person or place. An ``AnswersRecorded`` beside this pools its risks."""

    other: str
    matched: tuple[str, ...]
    reason: str


# --- triage and decisions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TriageConcluded:
    """What the tables said: the class, the deciding row, every row that fired, and the inputs they saw.

    ``to_decide`` says that this is above what stands decided, or that nothing does: somebody has to decide.
    """

    outcome: int
    row: str
    rows: tuple[str, ...]
    table: str
    holder: str
    clocks: tuple[str, ...]
    routes: tuple[str, ...]
    flags: tuple[str, ...]
    inputs: Mapping[str, str]
    unknown: tuple[str, ...]
    shadow: bool = False
    to_decide: bool = True


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """What a named person decided, and what it rests on.

    ``form`` holds the fields of the decision form; ``history_shown`` the cases and contacts that were on the screen;
    ``concluded`` and ``row`` what the tables had said at that moment.
    """

    decision: str
    outcome: int
    deploys: bool
    concluded: int
    row: str
    form: Mapping[str, str]
    history_shown: tuple[str, ...]
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRaised:
    """More help than before: by a person with one command, or by a clock that nobody answered (``by_clock``)."""

    outcome: int
    previous: int
    deploys: bool
    reason: str
    by_clock: str | None = None


@dataclass(frozen=True, slots=True)
class LoweringProposed:
    """Somebody wants to lower the class. Nothing changes until a second person confirms."""

    proposal: str
    outcome: int
    previous: int
    deploys: bool
    reason: str
    form: Mapping[str, str]
    history_shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoweringDeclined:
    """The second person said no, or the proposal fell because risk rose."""

    proposal: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionLowered:
    """A second person confirmed a lowering. ``proposed_by`` is the first."""

    proposal: str
    outcome: int
    previous: int
    deploys: bool
    reason: str
    proposed_by: str
    form: Mapping[str, str]
    history_shown: tuple[str, ...] = ()


# --- holders and handovers --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandoverOffered:
    """An offer in flight. The giver holds until somebody accepts."""

    offer: str
    kind: OfferKind
    from_agency: str
    to_agency: str
    due_at: datetime
    route: str
    asks: str
    pack: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    unknown_refused: tuple[str, ...] = ()
    desk: str | None = None
    task_kind: str | None = None
    task_due_at: datetime | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    comes_along: bool = False


@dataclass(frozen=True, slots=True)
class PackCompleted:
    """Fields of an open offer's pack were filled in."""

    offer: str
    pack: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HandoverAcknowledged:
    """Received, not accepted. Nothing moves."""

    offer: str


@dataclass(frozen=True, slots=True)
class HandoverQuestioned:
    """The taker asks something before it answers. Nothing moves and no clock stops."""

    offer: str
    text: str


@dataclass(frozen=True, slots=True)
class WordOf:
    """Whose word an acceptance by an agency outside the system rests on."""

    person: str
    role: str
    reference: str


@dataclass(frozen=True, slots=True)
class HandoverAccepted:
    """The taker takes. ``held_from`` is the boundary between the holders for a transfer, and None otherwise.

    ``late`` marks an acceptance after the offer had lapsed while the offerer still held. ``by_word`` is set where the
    taker is not on the system and its word was written down by the giver.
    """

    offer: str
    kind: OfferKind
    from_agency: str
    to_agency: str
    held_from: datetime | None
    late: bool = False
    by_word: WordOf | None = None


@dataclass(frozen=True, slots=True)
class WordConfirmed:
    """An acceptance by word was confirmed, or the taker's people arrived."""

    offer: str
    how: str


@dataclass(frozen=True, slots=True)
class HandoverDeclined:
    """The taker says no. The giver holds, as before."""

    offer: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandoverWithdrawn:
    """The giver takes the offer back, or another acceptance overtook it (``overtaken_by``)."""

    offer: str
    reason: str
    overtaken_by: str | None = None


@dataclass(frozen=True, slots=True)
class HandoverLapsed:
    """Nobody answered by the deadline. The giver holds, as before."""

    offer: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseAssumed:
    """An agency took the case without an offer."""

    from_agency: str
    to_agency: str
    held_from: datetime
    ground: Ground
    reason: str


@dataclass(frozen=True, slots=True)
class KeeperSet:
    """The one person or desk inside the holder that keeps the case."""

    keeper: str
    previous: str | None


# --- tasks, promises, what people were told ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskAdded:
    """Work with exactly one assignee agency and its own clock. The holder stays where it is.

    ``offer`` is the support offer by whose acceptance it came to be, ``contact`` the lost line that it makes good,
    ``alongside`` the agency that goes with the assignee (an officer with a nurse): one task, one assignee, two who
    come.
    """

    task: str
    kind: str
    assignee: str
    due_at: datetime | None
    text: str
    offer: str | None = None
    contact: str | None = None
    alongside: str | None = None


@dataclass(frozen=True, slots=True)
class TaskReassigned:
    """The one assignee changed; never to nobody."""

    task: str
    from_agency: str
    to_agency: str
    reason: str


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """The assignee did it; ``result`` says what came of it."""

    task: str
    result: str


@dataclass(frozen=True, slots=True)
class TaskCancelled:
    """The holder no longer needs it, with a reason."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallerTold:
    """What a person was told: whether somebody comes, who, by when, what to do if it gets worse, the reference.

    ``attending`` is ``yes``, ``no`` or ``not_said``; ``understood`` is ``yes``, ``no`` or ``unknown`` (did they
    understand that police are not coming?).
    """

    contact: str
    text: str
    attending: str
    understood: str
    if_worse: str


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """What a person was told will happen, tied to the task that will do it."""

    promise: str
    text: str
    task: str
    by: datetime | None


@dataclass(frozen=True, slots=True)
class PersonSignposted:
    """Where someone was pointed, not handed: the holder stays."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class OwnPageGiven:
    """The person of a contact was given a page of their own, by a route that they called safe: ``sms`` or ``email``.
    Where the route leads is not written down here. ``until`` is when the page closes by itself."""

    page: str
    contact: str
    channel: str
    until: datetime


@dataclass(frozen=True, slots=True)
class OwnPageWithdrawn:
    """A person's own page was closed: taken back, replaced by another, or tried with wrong codes too often."""

    page: str
    reason: str


# --- milestones, presence, clocks -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MilestoneRecorded:
    """A dated occurrence that the pathway declares (arrival, person seen). ``party`` says of whom, where a case is
    about several.
    """

    milestone: str
    at: datetime
    note: str = ""
    party: str | None = None


@dataclass(frozen=True, slots=True)
class ResponderArrived:
    """A responder of an agency is with the person or at the place."""

    responder: str
    agency: str
    place: str


@dataclass(frozen=True, slots=True)
class ResponderReleased:
    """That responder is free again."""

    responder: str


@dataclass(frozen=True, slots=True)
class StepDue:
    """One step of a running clock's ladder, worked out when the clock started. ``every_seconds`` repeats it until the
    next.
    """

    name: str
    at: datetime
    every_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """A clock runs. ``about`` is what it is about (the case, an offer, a task). A due of None is unknown, and a
    concern.
    """

    clock: str
    spec: str
    about: str
    due_at: datetime | None
    steps: tuple[StepDue, ...]
    fail_safe: str
    raise_to: int | None = None
    restarted: bool = False
    started_at: datetime | None = None  #: from when it counts, where that is not when the entry happened


@dataclass(frozen=True, slots=True)
class ClockPaused:
    """The clock stands still, for a named reason and until ``until`` at the most. Then it runs on by itself."""

    clock: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ClockResumed:
    """The clock runs on: it runs out later by the time that it stood still."""

    clock: str
    due_at: datetime | None
    steps: tuple[StepDue, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ClockStopped:
    """What the clock waited for has happened."""

    clock: str
    because: str


@dataclass(frozen=True, slots=True)
class ClockStepReached:
    """A step of the ladder has come: somebody is told. The clock goes on."""

    clock: str
    step: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClockBreached:
    """The last step has come and nothing had stopped the clock. Its fail-safe stands in the entries beside this one."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DelayExplained:
    """A named person said why somebody waits beyond a clock's end, and until when (sheet failure 21)."""

    clock: str
    reason: str
    expected_at: datetime


# --- statuses, bookings, challenges -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusBegan:
    """A state with an interval began: a detention under a power, at a place (right-care sheet 3)."""

    status: str
    kind: str
    place: str
    grounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatusMoved:
    """The person was moved to another place under the same status. No clock starts again."""

    status: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatusEnded:
    """The status ended, and how."""

    status: str
    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ClockAdjusted:
    """A clock has a new due instant: an extension that its declaration allows, or a corrected start (``started_at``).

    ``extended_seconds`` is all the time it was ever given besides its declared length.
    """

    clock: str
    due_at: datetime | None
    steps: tuple[StepDue, ...]
    reason: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    extended_seconds: int = 0


@dataclass(frozen=True, slots=True)
class MilestoneCorrectionProposed:
    """Somebody says that a milestone was at another time. Nothing changes until a second person confirms."""

    correction: str
    milestone: str
    was: datetime
    now: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class MilestoneCorrected:
    """A second person confirmed another time for a milestone; ``proposed_by`` is the first."""

    correction: str
    milestone: str
    was: datetime
    now: datetime
    proposed_by: str


@dataclass(frozen=True, slots=True)
class BookingPlanned:
    """Many parties are wanted at one time and place; it is no "go" until each of them has confirmed."""

    booking: str
    kind: str
    at: datetime
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookingConfirmed:
    """One party of a booking says yes."""

    booking: str
    party: str
    by_word: WordOf | None = None


@dataclass(frozen=True, slots=True)
class BookingWithdrawn:
    """One party of a booking can no longer come: planning is open again, and the holder stays."""

    booking: str
    party: str
    reason: str


@dataclass(frozen=True, slots=True)
class BookingStarted:
    """All parties had confirmed, and it began."""

    booking: str


@dataclass(frozen=True, slots=True)
class BookingCancelled:
    """The holder gave the booking up, with a reason."""

    booking: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChallengeRaised:
    """An agency disputes what was decided or who should act. The holder stays; the dispute is visible to both (sheet
    2.6).
    """

    challenge: str
    by_agency: str
    against: str
    level: int
    asserts_risk: bool
    position: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ChallengeAnswered:
    """The other side states its position."""

    challenge: str
    position: str


@dataclass(frozen=True, slots=True)
class ChallengeEscalated:
    """The dispute goes one level up, by a person or because nobody settled it in time."""

    challenge: str
    level: int
    due_at: datetime
    by_clock: bool


@dataclass(frozen=True, slots=True)
class ChallengeSettled:
    """Agreed at its level; ``result`` is ``upheld``, ``withdrawn`` or ``changed``."""

    challenge: str
    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChallengeExhausted:
    """The last level passed in silence: the present holder keeps the case, and the incident is reviewed."""

    challenge: str


@dataclass(frozen=True, slots=True)
class AgencyStoodDown:
    """Somebody who would have helped was told not to come: an authorised act, with its reason and what it rests on."""

    agency: str
    reason: str
    verified_by: str


@dataclass(frozen=True, slots=True)
class DecisionReviewed:
    """A sampled decision was reviewed for quality."""

    decision: str
    result: str
    notes: str


@dataclass(frozen=True, slots=True)
class OutcomeRecorded:
    """What became of the person afterwards, learned from ``source``; also after the case was closed (sheet metric 9).

    ``at`` is when it happened. Kind ``none_found`` says that somebody looked, and that up to ``at`` nothing had
    happened: without any of these entries the outcome is unknown, which is not the same (law 5). The vocabularies stand
    in ``decide.outcomes``.
    """

    outcome: str
    kind: str
    severity: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class ComplaintLinked:
    """A complaint that lies elsewhere is about this case, or about one decision in it (sheet metric 8)."""

    complaint: str
    received_at: datetime
    decision: str | None = None


# --- concerns, closing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConcernRaised:
    """An integrity rule is true of the case now. One concern per rule and cause.

    Of material: ``letter`` is the case of the rule, ``because`` the entries of this case that make it true,
    ``first_true_at`` since when it has been, ``knowable_then`` whether this register could have known at the time of
    the decision, answer or letter that it is about, and ``about_agency`` whose act or record that is.
    """

    concern: str
    rule: str
    grade: int
    cause: str
    letter: str = ""
    because: tuple[int, ...] = ()
    first_true_at: datetime | None = None
    knowable_then: bool | None = None
    about_agency: str = ""


@dataclass(frozen=True, slots=True)
class ConcernRegraded:
    """A concern stands with another letter or grade; ``by`` says what changed it. The old grade stays on file."""

    concern: str
    grade: int
    letter: str
    by: str
    because: tuple[int, ...] = ()
    knowable_then: bool | None = None


@dataclass(frozen=True, slots=True)
class ConcernCleared:
    """The rule is no longer true; ``by`` says what ended it. Never silent."""

    concern: str
    by: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The holder closes. The interval of the last holder ends here."""

    holder: str
    held_until: datetime
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """The case is open again, held by ``holder`` from ``held_from``."""

    holder: str
    held_from: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ErasedEntry:
    """An entry whose content was erased: its position in the log, its version in the stream, and its wire name.

    The name is coded, not content: it tells whether a fold without the entry is still whole. Empty where nobody knows.
    Of an agency's register, ``record`` and its ``kind`` stay too: that it existed is no secret (law 7).
    """

    position: int
    version: int
    type: str = ""
    record: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ContentErased:
    """Personal content of these entries was erased by authority of a named person. Every proof still verifies."""

    erased: tuple[ErasedEntry, ...]
    authority: str
    reason: str


# --- streams that are not cases ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NodeOpened:
    """This installation began, with its log's origin and verification key. ``purpose`` says whether it is live or a
    replay.
    """

    origin: str
    vkey: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PathwayAdopted:
    """A pathway version was adopted, with its full text and digest, proposed and confirmed by two people."""

    pathway: PathwayRef
    text: str
    proposed_by: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class StreamSwitched:
    """A force switches a stream of contact of a pathway on, from a date; before it the tables run in shadow (sheet
    1.3).
    """

    pathway: str
    stream: str
    agency: str
    on_from: datetime
    decided_by: str


@dataclass(frozen=True, slots=True)
class AgencyDescribed:
    """What the contact book says of an agency: how to reach it, when it takes what, how long it takes at present."""

    agency: str
    name: str
    on_system: bool
    reached_by: str
    threshold: str
    response_minutes: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SampledDecision:
    """A decision in a sample: its case, its id, and when it was made."""

    case: str
    decision: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SampleDrawn:
    """Decisions of whole civil days in London were drawn for review by a seed that nobody chose (sheet metric 11).

    ``among`` is how many decisions there were, ``rate`` the share that was aimed at (a decimal as text). Anybody can
    draw it again.
    """

    pathway: str
    first_day: str
    last_day: str
    rate: str
    seed: str
    among: int
    drawn: tuple[SampledDecision, ...]


CaseEvent = (
    CaseOpened
    | ContactReceived
    | ContactDropped
    | CallBackMade
    | PartyIdentified
    | AnswersRecorded
    | AnswerCorrected
    | EntryCorrected
    | CasesLinked
    | TriageConcluded
    | DecisionMade
    | DecisionRaised
    | LoweringProposed
    | LoweringDeclined
    | DecisionLowered
    | HandoverOffered
    | PackCompleted
    | HandoverAcknowledged
    | HandoverQuestioned
    | HandoverAccepted
    | WordConfirmed
    | HandoverDeclined
    | HandoverWithdrawn
    | HandoverLapsed
    | CaseAssumed
    | KeeperSet
    | TaskAdded
    | TaskReassigned
    | TaskCompleted
    | TaskCancelled
    | CallerTold
    | PromiseMade
    | PersonSignposted
    | OwnPageGiven
    | OwnPageWithdrawn
    | MilestoneRecorded
    | ResponderArrived
    | ResponderReleased
    | ClockStarted
    | ClockStopped
    | ClockStepReached
    | ClockBreached
    | DelayExplained
    | ConcernRaised
    | ConcernRegraded
    | ConcernCleared
    | CaseClosed
    | CaseReopened
    | ContentErased
    | StatusBegan
    | StatusMoved
    | StatusEnded
    | ClockAdjusted
    | ClockPaused
    | ClockResumed
    | MilestoneCorrectionProposed
    | MilestoneCorrected
    | BookingPlanned
    | BookingConfirmed
    | BookingWithdrawn
    | BookingStarted
    | BookingCancelled
    | ChallengeRaised
    | ChallengeAnswered
    | ChallengeEscalated
    | ChallengeSettled
    | ChallengeExhausted
    | AgencyStoodDown
    | DecisionReviewed
    | OutcomeRecorded
    | ComplaintLinked
    | MaterialEvent
)
NodeEvent = NodeOpened | PathwayAdopted | StreamSwitched | AgencyDescribed | SampleDrawn
Event = CaseEvent | NodeEvent | RegisterEvent

#: Every event class, in the order of this module: the codec and the reference page are made from it.
EVENT_CLASSES: Final[tuple[type, ...]] = (*get_args(CaseEvent), *get_args(NodeEvent), *get_args(RegisterEvent))


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where an event stands: its stream and version there, both times, by whom, under which pathway, because of which
    command.

    ``recorded_at`` is ours; ``happened_at`` is claimed, and ``happened_source`` says by what. The position in the log
    is the leaf's index and is not repeated here.
    """

    stream: str
    version: int
    recorded_at: datetime
    happened_at: datetime
    happened_source: HappenedSource
    by: Actor
    under: PathwayRef | None
    because: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in its envelope: what the ledger holds."""

    envelope: Envelope
    event: Event
