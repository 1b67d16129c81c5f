"""A case as folded from its entries: values only. ``core.evolve`` makes them, ``core.decide`` reads them.

Mappings are replaced, never mutated. Everything here can be rebuilt from the ledger; a snapshot of it is a cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from safehands.core.events import (
    CallerTold,
    DecisionMade,
    LoweringProposed,
    MilestoneRecorded,
    StepDue,
    TriageConcluded,
    WordOf,
)
from safehands.core.vocabulary import Actor, Answer, Contact, OfferKind, PathwayRef


class Status(StrEnum):
    """Open cases have exactly one holder; closed cases have none."""

    OPEN = "open"
    CLOSED = "closed"


class OfferStatus(StrEnum):
    """Where an offer stands. Only ``OPEN`` offers can still be answered in time."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class TaskStatus(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class ClockStatus(StrEnum):
    """A clock runs, stands still for a while, was stopped by what it waited for, or was breached."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Holding:
    """One agency's time as holder, half open: from ``since`` up to, not including, ``until``."""

    agency: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactState:
    """A contact and what became of it."""

    contact: Contact
    dropped_at: datetime | None = None
    called_back: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A handover in flight or settled."""

    offer: str
    kind: OfferKind
    from_agency: str
    to_agency: str
    status: OfferStatus
    route: str
    asks: str
    offered_at: datetime
    due_at: datetime
    pack: Mapping[str, str]
    required: tuple[str, ...]
    unknown_refused: tuple[str, ...]
    desk: str | None = None
    task_kind: str | None = None
    task_due_at: datetime | None = None
    comes_along: bool = False
    acknowledged_at: datetime | None = None
    settled_at: datetime | None = None
    by_word: WordOf | None = None
    confirmed: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Work with one assignee."""

    task: str
    kind: str
    assignee: str
    status: TaskStatus
    text: str
    added_at: datetime
    due_at: datetime | None = None
    settled_at: datetime | None = None
    result: str | None = None
    offer: str | None = None
    contact: str | None = None
    alongside: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of this case. ``next_step`` and ``next_at`` say what falls due next while it runs."""

    clock: str
    spec: str
    about: str
    status: ClockStatus
    started_at: datetime
    due_at: datetime | None
    steps: tuple[StepDue, ...]
    fail_safe: str
    raise_to: int | None = None
    next_step: str | None = None
    next_at: datetime | None = None
    extended_seconds: int = 0
    paused_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether its time still comes by itself: it runs, or it stands still until its pause ends."""
        return self.status in (ClockStatus.RUNNING, ClockStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person was told will happen, and the task that will do it. ``told`` counts what had been told by then."""

    promise: str
    text: str
    task: str
    by: datetime | None
    made_at: datetime
    told: int = 0


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that the person of a contact may read, until it closes."""

    page: str
    contact: str
    channel: str
    by_agency: str
    until: datetime
    open: bool = True


@dataclass(frozen=True, slots=True)
class Presence:
    """One responder's time with the person or at the place."""

    responder: str
    agency: str
    place: str
    arrived_at: datetime
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusState:
    """A status with an interval: its kind (the power), where the person is, and since when."""

    status: str
    kind: str
    place: str
    began_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """Many parties wanted at one time. It may start once every party has confirmed."""

    booking: str
    kind: str
    at: datetime
    parties: tuple[str, ...]
    confirmed: tuple[str, ...] = ()
    state: str = "planning"

    @property
    def missing(self) -> tuple[str, ...]:
        """The parties that have not confirmed."""
        return tuple(party for party in self.parties if party not in self.confirmed)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A dispute between agencies, at a level."""

    challenge: str
    by_agency: str
    against: str
    level: int
    asserts_risk: bool
    raised_at: datetime
    due_at: datetime
    state: str = "open"


@dataclass(frozen=True, slots=True)
class MilestoneCorrection:
    """Another time for a milestone that waits for its second person."""

    correction: str
    milestone: str
    was: datetime
    now: datetime
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Concern:
    """An integrity rule that is, or was, true of the case. ``letter`` and ``about_agency`` are those of material."""

    concern: str
    rule: str
    grade: int
    cause: str
    raised_at: datetime
    cleared_at: datetime | None = None
    letter: str = ""
    about_agency: str = ""
    acknowledged: bool = False
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A proposal to set a concern aside that waits for its second person."""

    concern: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """The class that stands now: decided, raised or lowered; ``by`` is the actor, ``at`` when it came to stand."""

    outcome: int
    deploys: bool
    at: datetime
    by: str
    decision: str


@dataclass(frozen=True, slots=True)
class Case:
    """One matter about one subject at a place, on a pathway at a named version.

    ``conclusion``, ``decided`` and ``lowering`` are those of the time since the case was opened or last reopened: a
    reopened case is asked and decided anew, on all that was ever answered. ``lowered`` says that two people agreed to
    less than the tables concluded, and that the tables have said nothing since. ``records`` counts the entries about
    records, whose state is a ``Material`` of its own; ``involved`` are the agencies that were asked for records, were
    given some, answered, decided or reviewed.
    """

    stream: str
    version: int
    reference: str
    pathway: PathwayRef
    status: Status
    receiver: str
    holder: str
    holdings: tuple[Holding, ...]
    opened_at: datetime
    last_at: datetime
    last_recorded_at: datetime
    last_person_at: datetime
    keeper: str | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    contacts: Mapping[str, ContactState] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    conclusion: TriageConcluded | None = None
    concluded_at: datetime | None = None
    shadow: TriageConcluded | None = None
    decided: Decided | None = None
    lowered: bool = False
    decisions: tuple[DecisionMade, ...] = ()
    deciders: Mapping[str, str] = field(default_factory=dict)
    non_deploys: tuple[datetime, ...] = ()
    lowering: LoweringProposed | None = None
    lowering_by: Actor | None = None
    offers: Mapping[str, Offer] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    told: tuple[CallerTold, ...] = ()
    own_pages: Mapping[str, OwnPage] = field(default_factory=dict)
    milestones: tuple[MilestoneRecorded, ...] = ()
    presences: Mapping[str, Presence] = field(default_factory=dict)
    statuses: Mapping[str, StatusState] = field(default_factory=dict)
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    challenges: Mapping[str, Challenge] = field(default_factory=dict)
    corrections: Mapping[str, MilestoneCorrection] = field(default_factory=dict)
    delays: Mapping[str, datetime] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()
    stood_down: tuple[str, ...] = ()
    reviewed: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    concerns: Mapping[str, Concern] = field(default_factory=dict)
    asides: Mapping[str, Aside] = field(default_factory=dict)
    records: int = 0
    involved: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    corrected: tuple[int, ...] = ()
    erased: tuple[int, ...] = ()

    @property
    def case_id(self) -> str:
        """The case's UUID: its stream without the prefix."""
        return self.stream.removeprefix("case/")

    @property
    def is_open(self) -> bool:
        """Whether somebody holds it now."""
        return self.status is Status.OPEN

    def open_offers(self) -> tuple[Offer, ...]:
        """Offers that can still be answered in time, oldest first."""
        return tuple(offer for offer in self.offers.values() if offer.status is OfferStatus.OPEN)

    def open_tasks(self) -> tuple[Task, ...]:
        """Tasks not yet done or cancelled, oldest first."""
        return tuple(task for task in self.tasks.values() if task.status is TaskStatus.OPEN)

    def running_clocks(self) -> tuple[Clock, ...]:
        """Clocks that still run, in the order of their starting."""
        return tuple(clock for clock in self.clocks.values() if clock.counts)

    def open_concerns(self) -> tuple[Concern, ...]:
        """Concerns that are true now."""
        return tuple(concern for concern in self.concerns.values() if concern.cleared_at is None)

    def open_challenges(self) -> tuple[Challenge, ...]:
        """Disputes that nobody has settled."""
        return tuple(challenge for challenge in self.challenges.values() if challenge.state == "open")

    def reached(self, *milestones: str) -> bool:
        """Whether one of these milestones was recorded, since the case was opened or last reopened."""
        since = self.reopened_at if self.reopened_at is not None else self.opened_at
        return any(each.milestone in milestones and each.at >= since for each in self.milestones)

    def unreached(self, *milestones: str) -> tuple[str, ...]:
        """The people this case is about of whom none of these milestones was recorded since it was opened or last
        reopened.

        Where it is about one person, a milestone need not say of whom.
        """
        since = self.reopened_at if self.reopened_at is not None else self.opened_at
        reached = {each.party for each in self.milestones if each.milestone in milestones and each.at >= since}
        if len(self.subjects) == 1 and None in reached:
            return ()
        return tuple(party for party in self.subjects if party not in reached)

    def last_told(self) -> tuple[CallerTold, ...]:
        """The last thing that each contact was told: what each of them believes now."""
        return tuple({told.contact: told for told in self.told}.values())

    def believed(self, promise: Promise) -> bool:
        """Whether a promise still stands: nobody has been told anything since it was made."""
        return len(self.told) <= promise.told

    def holds_by_opening(self) -> bool:
        """Whether the holder holds because of how the case began, not by any taking of its own."""
        return len(self.holdings) == 1

    def held_by_word_to(self) -> str | None:
        """Where the holder took the case by word only: the agency that wrote the word down. None otherwise."""
        since = self.holdings[-1].since
        for offer in self.offers.values():
            taken = offer.kind is OfferKind.TRANSFER and offer.to_agency == self.holder and offer.settled_at == since
            if taken and offer.status is OfferStatus.ACCEPTED and offer.by_word is not None:
                return offer.from_agency
        return None

    def standing(self) -> frozenset[str]:
        """Agencies with standing: those that hold or held, were offered the case, have a task or a booking in it, took
        a contact or reported, or were asked for or given records."""
        agencies = {holding.agency for holding in self.holdings} | {self.receiver, *self.involved}
        agencies.update(offer.to_agency for offer in self.offers.values())
        agencies.update(task.assignee for task in self.tasks.values())
        agencies.update(party for booking in self.bookings.values() for party in booking.parties)
        for state in self.contacts.values():
            agencies.add(state.contact.taken_by)
            if state.contact.reporter_agency is not None and state.contact.about_own:
                agencies.add(state.contact.reporter_agency)
        return frozenset(agencies)
