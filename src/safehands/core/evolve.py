"""The fold: ``evolve(case, entry)`` gives the case after one more entry. No clock, no pathway, no table, no decision.

``fold(entries)`` is the whole history. A stream begins with ``CaseOpened``; an entry that does not fit where it stands
is a ``LedgerFault``: the fold never guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from safehands.core.case import (
    Aside,
    Booking,
    Case,
    Challenge,
    Clock,
    ClockStatus,
    Concern,
    ContactState,
    Decided,
    Holding,
    MilestoneCorrection,
    Offer,
    OfferStatus,
    OwnPage,
    Presence,
    Promise,
    Status,
    StatusState,
    Task,
    TaskStatus,
)
from safehands.core.clocks import RESUME
from safehands.core.events import (
    AgencyDescribed,
    AgencyStoodDown,
    AnswerCorrected,
    AnswersRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingPlanned,
    BookingStarted,
    BookingWithdrawn,
    CallBackMade,
    CallerTold,
    CaseAssumed,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CasesLinked,
    ChallengeAnswered,
    ChallengeEscalated,
    ChallengeExhausted,
    ChallengeRaised,
    ChallengeSettled,
    ClockAdjusted,
    ClockBreached,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStepReached,
    ClockStopped,
    ComplaintLinked,
    ConcernCleared,
    ConcernRaised,
    ConcernRegraded,
    ContactDropped,
    ContactReceived,
    ContentErased,
    DecisionLowered,
    DecisionMade,
    DecisionRaised,
    DecisionReviewed,
    DelayExplained,
    Entry,
    EntryCorrected,
    HandoverAccepted,
    HandoverAcknowledged,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    HandoverQuestioned,
    HandoverWithdrawn,
    KeeperSet,
    LoweringDeclined,
    LoweringProposed,
    MilestoneCorrected,
    MilestoneCorrectionProposed,
    MilestoneRecorded,
    NodeOpened,
    OutcomeRecorded,
    OwnPageGiven,
    OwnPageWithdrawn,
    PackCompleted,
    PartyIdentified,
    PathwayAdopted,
    PersonSignposted,
    PromiseMade,
    ResponderArrived,
    ResponderReleased,
    SampleDrawn,
    StatusBegan,
    StatusEnded,
    StatusMoved,
    StepDue,
    StreamSwitched,
    TaskAdded,
    TaskCancelled,
    TaskCompleted,
    TaskReassigned,
    TriageConcluded,
    WordConfirmed,
)
from safehands.core.records import events as r
from safehands.core.records.events import MaterialEvent, RegisterEvent
from safehands.core.vocabulary import Actor, Answer, HappenedSource, OfferKind
from safehands.errors import LedgerFault

K = TypeVar("K")
V = TypeVar("V")


def fold(entries: Iterable[Entry], case: Case | None = None) -> Case:
    """The case after all ``entries``, beginning from ``case`` (a snapshot) or from nothing."""
    for entry in entries:
        case = evolve(case, entry)
    if case is None:
        raise LedgerFault("A case needs at least its opening entry.")
    return case


def evolve(case: Case | None, entry: Entry) -> Case:
    """The case after ``entry``. Raises ``LedgerFault`` where the entry cannot stand at this place of this stream."""
    envelope, event = entry.envelope, entry.event
    if case is None:
        if not isinstance(event, CaseOpened) or envelope.version != 1:
            raise LedgerFault(f"{envelope.stream}: the first entry must open the case.")
        return _opened(entry, event)
    if envelope.version != case.version + 1:
        raise LedgerFault(
            f"{envelope.stream}: entry {envelope.version} follows entry {case.version}; one is missing or twice there."
        )
    changed = _apply(case, entry, envelope.happened_at)
    by_person = envelope.happened_source is not HappenedSource.TIMER
    return replace(
        changed,
        version=envelope.version,
        last_at=max(case.last_at, envelope.happened_at),
        last_recorded_at=max(case.last_recorded_at, envelope.recorded_at),
        last_person_at=max(case.last_person_at, envelope.happened_at) if by_person else case.last_person_at,
    )


def _opened(entry: Entry, event: CaseOpened) -> Case:
    envelope = entry.envelope
    return Case(
        stream=envelope.stream,
        version=1,
        reference=event.reference,
        pathway=event.pathway,
        status=Status.OPEN,
        receiver=event.receiver,
        holder=event.holder,
        holdings=(Holding(event.holder, event.held_from),),
        opened_at=event.received_at,
        last_at=envelope.happened_at,
        last_recorded_at=envelope.recorded_at,
        last_person_at=envelope.happened_at,
    )


def _apply(case: Case, entry: Entry, at: datetime) -> Case:
    event = entry.event
    match event:
        case CaseOpened():
            raise LedgerFault(f"{case.stream}: opened twice.")
        case ContactReceived():
            return replace(case, contacts=_with(case.contacts, event.contact.contact, ContactState(event.contact)))
        case ContactDropped():
            dropped = replace(case.contacts[event.contact], dropped_at=at, called_back=False)
            return replace(case, contacts=_with(case.contacts, event.contact, dropped))
        case CallBackMade():
            rung = replace(
                case.contacts[event.contact], called_back=event.reached or case.contacts[event.contact].called_back
            )
            return replace(case, contacts=_with(case.contacts, event.contact, rung))
        case AnswersRecorded():
            return replace(
                case, answers=_with(case.answers, event.source, _answered(case, event.source, event.answers))
            )
        case AnswerCorrected():
            return replace(
                case, answers=_with(case.answers, event.source, _answered(case, event.source, (event.answer,)))
            )
        case EntryCorrected():
            return replace(case, corrected=(*case.corrected, event.version))
        case CasesLinked():
            return replace(case, links=(*case.links, event.other))
        case TriageConcluded():
            if event.shadow:
                return replace(case, shadow=event)
            return replace(case, conclusion=event, concluded_at=at, lowered=False)
        case DecisionMade():
            deciders = _with(case.deciders, event.decision, entry.envelope.by.actor)
            made = replace(case, decisions=(*case.decisions, event), deciders=deciders)
            return _decided(made, event.outcome, event.deploys, entry, event.decision)
        case DecisionRaised():
            return _decided(case, event.outcome, event.deploys, entry, _decision_id(case))
        case LoweringProposed():
            return replace(case, lowering=event, lowering_by=entry.envelope.by)
        case LoweringDeclined():
            return replace(case, lowering=None, lowering_by=None)
        case DecisionLowered():
            agreed = replace(case, lowering=None, lowering_by=None, lowered=True)
            return _decided(agreed, event.outcome, event.deploys, entry, _decision_id(case))
        case HandoverOffered():
            return replace(case, offers=_with(case.offers, event.offer, _offer(event, at)))
        case PackCompleted():
            offer = case.offers[event.offer]
            return _offer_changed(case, replace(offer, pack={**offer.pack, **event.pack}))
        case HandoverAcknowledged():
            return _offer_changed(case, replace(case.offers[event.offer], acknowledged_at=at))
        case HandoverAccepted():
            return _accepted(case, event, at)
        case WordConfirmed():
            return _offer_changed(case, replace(case.offers[event.offer], confirmed=True))
        case HandoverDeclined():
            return _offer_settled(case, event.offer, OfferStatus.DECLINED, at)
        case HandoverWithdrawn():
            return _offer_settled(case, event.offer, OfferStatus.WITHDRAWN, at)
        case HandoverLapsed():
            return _offer_settled(case, event.offer, OfferStatus.LAPSED, at)
        case CaseAssumed():
            return _held_by(case, event.to_agency, event.held_from)
        case KeeperSet():
            return replace(case, keeper=event.keeper)
        case TaskAdded():
            return _task_changed(case, _task(event, at))
        case TaskReassigned():
            return _task_changed(case, replace(case.tasks[event.task], assignee=event.to_agency))
        case TaskCompleted():
            done = replace(case.tasks[event.task], status=TaskStatus.DONE, settled_at=at, result=event.result)
            return _task_changed(case, done)
        case TaskCancelled():
            gone = replace(case.tasks[event.task], status=TaskStatus.CANCELLED, settled_at=at, result=event.reason)
            return _task_changed(case, gone)
        case CallerTold():
            return replace(case, told=(*case.told, event))
        case PromiseMade():
            promise = Promise(event.promise, event.text, event.task, event.by, at, len(case.told))
            return replace(case, promises=_with(case.promises, event.promise, promise))
        case MilestoneRecorded():
            return replace(case, milestones=(*case.milestones, event))
        case ResponderArrived():
            presence = Presence(event.responder, event.agency, event.place, at)
            return replace(case, presences=_with(case.presences, event.responder, presence))
        case ResponderReleased():
            released = replace(case.presences[event.responder], released_at=at)
            return replace(case, presences=_with(case.presences, event.responder, released))
        case ClockStarted():
            return _clock_changed(case, _clock(event, at))
        case ClockPaused():
            return _clock_changed(case, _paused(case.clocks[event.clock], event, at))
        case ClockResumed():
            return _clock_changed(case, _resumed(case.clocks[event.clock], event, max(at, case.last_at)))
        case ClockStopped():
            stopped = replace(case.clocks[event.clock], status=ClockStatus.STOPPED, next_step=None, next_at=None)
            return _clock_changed(case, stopped)
        case ClockStepReached():
            return _clock_changed(case, after_step(case.clocks[event.clock], event.step, event.due_at))
        case ClockBreached():
            breached = replace(case.clocks[event.clock], status=ClockStatus.BREACHED, next_step=None, next_at=None)
            return _clock_changed(case, breached)
        case ConcernRaised():
            concern = Concern(
                event.concern,
                event.rule,
                event.grade,
                event.cause,
                at,
                letter=event.letter,
                about_agency=event.about_agency,
            )
            return replace(case, concerns=_with(case.concerns, event.concern, concern))
        case ConcernRegraded():
            regraded = replace(case.concerns[event.concern], grade=event.grade, letter=event.letter)
            return replace(case, concerns=_with(case.concerns, event.concern, regraded))
        case ConcernCleared():
            cleared = replace(case.concerns[event.concern], cleared_at=at)
            return replace(case, concerns=_with(case.concerns, event.concern, cleared))
        case CaseClosed():
            return _closed(case, event)
        case CaseReopened():
            return _reopened(case, event)
        case ContentErased():
            erased = replace(case, erased=(*case.erased, *(each.version for each in event.erased)))
            return _without_own_pages(erased) if erases_own_pages(event) else erased
        case StatusBegan():
            state = StatusState(event.status, event.kind, event.place, at)
            return replace(case, statuses=_with(case.statuses, event.status, state))
        case StatusMoved():
            moved = replace(case.statuses[event.status], place=event.place)
            return replace(case, statuses=_with(case.statuses, event.status, moved))
        case StatusEnded():
            ended = replace(case.statuses[event.status], ended_at=at, outcome=event.outcome)
            return replace(case, statuses=_with(case.statuses, event.status, ended))
        case ClockAdjusted():
            return _clock_changed(case, _adjusted(case.clocks[event.clock], event, max(at, case.last_at)))
        case MilestoneCorrectionProposed():
            waiting = MilestoneCorrection(
                event.correction, event.milestone, event.was, event.now, entry.envelope.by.actor
            )
            return replace(case, corrections=_with(case.corrections, event.correction, waiting))
        case MilestoneCorrected():
            return _milestone_corrected(case, event)
        case BookingPlanned():
            booking = Booking(event.booking, event.kind, event.at, event.parties)
            return replace(case, bookings=_with(case.bookings, event.booking, booking))
        case BookingConfirmed():
            booking = case.bookings[event.booking]
            return _booking_changed(case, replace(booking, confirmed=(*booking.confirmed, event.party)))
        case BookingWithdrawn():
            booking = case.bookings[event.booking]
            left = tuple(party for party in booking.confirmed if party != event.party)
            return _booking_changed(case, replace(booking, confirmed=left))
        case BookingStarted():
            return _booking_changed(case, replace(case.bookings[event.booking], state="started"))
        case BookingCancelled():
            return _booking_changed(case, replace(case.bookings[event.booking], state="cancelled"))
        case ChallengeRaised():
            challenge = Challenge(
                event.challenge, event.by_agency, event.against, event.level, event.asserts_risk, at, event.due_at
            )
            return _challenge_changed(case, challenge)
        case ChallengeEscalated():
            higher = replace(case.challenges[event.challenge], level=event.level, due_at=event.due_at)
            return _challenge_changed(case, higher)
        case ChallengeSettled():
            return _challenge_changed(case, replace(case.challenges[event.challenge], state=event.result))
        case ChallengeExhausted():
            return _challenge_changed(case, replace(case.challenges[event.challenge], state="exhausted"))
        case AgencyStoodDown():
            return replace(case, stood_down=(*case.stood_down, event.agency))
        case DecisionReviewed():
            return replace(case, reviewed=(*case.reviewed, event.decision))
        case ComplaintLinked():
            return replace(case, complaints=(*case.complaints, event.complaint))
        case DelayExplained():
            return replace(case, delays=_with(case.delays, event.clock, event.expected_at))
        case OwnPageGiven():
            given = OwnPage(event.page, event.contact, event.channel, entry.envelope.by.agency, event.until)
            return replace(case, own_pages=_with(case.own_pages, event.page, given))
        case OwnPageWithdrawn():
            closed = replace(case.own_pages[event.page], open=False)
            return replace(case, own_pages=_with(case.own_pages, event.page, closed))
        case PartyIdentified(role="subject"):
            return replace(case, subjects=tuple(dict.fromkeys((*case.subjects, event.party))))
        case PartyIdentified() | OutcomeRecorded() | ChallengeAnswered() | HandoverQuestioned() | PersonSignposted():
            return case  # read from the ledger by stories and letters; nothing is decided on them
        case NodeOpened() | PathwayAdopted() | StreamSwitched() | AgencyDescribed() | SampleDrawn():
            raise LedgerFault(f"{case.stream}: an entry of another kind of stream stands in a case.")
        case _ as rest:
            if isinstance(rest, MaterialEvent):
                return _of_material(replace(case, records=case.records + 1), rest, entry.envelope.by)
            if isinstance(rest, RegisterEvent):
                raise LedgerFault(f"{case.stream}: an entry of a register stands in a case.")
            assert_never(rest)


def _of_material(case: Case, event: MaterialEvent, by: Actor) -> Case:
    """What the case itself keeps of its material: who has a part in it, and what became of concerns."""
    match event:
        case r.MaterialRequested():
            return _involved(case, event.to_agency, event.from_agency)
        case r.RecordShared():
            return _involved(case, event.to_agency, event.from_agency)
        case r.RequestAnswered() | r.NothingFurtherAttested() | r.ScheduleServed():
            return _involved(case, event.agency)
        case r.MaterialDecided():
            return _involved(case, event.decider_agency)
        case r.ReviewOpened():
            return _involved(case, event.reviewer_agency)
        case r.ConcernAcknowledged():
            seen = replace(case.concerns[event.concern], acknowledged=True)
            return replace(case, concerns=_with(case.concerns, event.concern, seen))
        case r.SettingAsideProposed():
            aside = Aside(event.concern, event.reason, by.actor)
            return replace(case, asides=_with(case.asides, event.concern, aside))
        case r.ConcernSetAside():
            gone = replace(case.concerns[event.concern], set_aside=True)
            asides = {name: each for name, each in case.asides.items() if name != event.concern}
            return replace(case, concerns=_with(case.concerns, event.concern, gone), asides=asides)
        case _:
            return case  # kept in the case's Material


def _involved(case: Case, *agencies: str) -> Case:
    involved = tuple(dict.fromkeys((*case.involved, *agencies)))
    return case if involved == case.involved else replace(case, involved=involved)


def _with(mapping: Mapping[str, V], key: str, value: V) -> dict[str, V]:
    return {**mapping, key: value}


def _answered(case: Case, source: str, answers: tuple[Answer, ...]) -> dict[str, Answer]:
    return {**case.answers.get(source, {}), **{answer.question: answer for answer in answers}}


def _decision_id(case: Case) -> str:
    return case.decided.decision if case.decided is not None else ""


def _decided(case: Case, outcome: int, deploys: bool, entry: Entry, decision: str) -> Case:
    at = entry.envelope.happened_at
    decided = Decided(outcome, deploys, at, entry.envelope.by.actor, decision)
    non_deploys = case.non_deploys if deploys else (*case.non_deploys, at)
    return replace(case, decided=decided, non_deploys=non_deploys)


def _offer(event: HandoverOffered, at: datetime) -> Offer:
    return Offer(
        event.offer,
        event.kind,
        event.from_agency,
        event.to_agency,
        OfferStatus.OPEN,
        event.route,
        event.asks,
        at,
        event.due_at,
        event.pack,
        event.required,
        event.unknown_refused,
        event.desk,
        event.task_kind,
        event.task_due_at,
        event.comes_along,
    )


def _offer_changed(case: Case, offer: Offer) -> Case:
    return replace(case, offers=_with(case.offers, offer.offer, offer))


def _offer_settled(case: Case, offer: str, status: OfferStatus, at: datetime) -> Case:
    return _offer_changed(case, replace(case.offers[offer], status=status, settled_at=at))


def _accepted(case: Case, event: HandoverAccepted, at: datetime) -> Case:
    offer = replace(
        case.offers[event.offer],
        status=OfferStatus.ACCEPTED,
        settled_at=at,
        late=event.late,
        by_word=event.by_word,
        confirmed=event.by_word is None,
    )
    case = _offer_changed(case, offer)
    if event.kind is OfferKind.TRANSFER and event.held_from is not None:
        return _held_by(case, event.to_agency, event.held_from)
    return case


def _held_by(case: Case, agency: str, since: datetime) -> Case:
    last = case.holdings[-1]
    if last.until is not None or since < last.since:
        raise LedgerFault(
            f"{case.stream}: {agency} cannot hold from {since.isoformat()}; the interval before does not end there."
        )
    holdings = (*case.holdings[:-1], replace(last, until=since), Holding(agency, since))
    return replace(case, holder=agency, holdings=holdings, keeper=None)


def _closed(case: Case, event: CaseClosed) -> Case:
    if case.status is Status.CLOSED or event.held_until < case.holdings[-1].since:
        raise LedgerFault(
            f"{case.stream}: nobody held it until {event.held_until.isoformat()}, so it cannot close then."
        )
    holdings = (*case.holdings[:-1], replace(case.holdings[-1], until=event.held_until))
    return replace(case, status=Status.CLOSED, holdings=holdings, closed_at=event.held_until)


def _reopened(case: Case, event: CaseReopened) -> Case:
    if case.closed_at is None or event.held_from < case.closed_at:
        raise LedgerFault(f"{case.stream}: it was not closed by {event.held_from.isoformat()} and cannot reopen then.")
    return replace(
        case,
        status=Status.OPEN,
        holder=event.holder,
        holdings=(*case.holdings, Holding(event.holder, event.held_from)),
        closed_at=None,
        reopened_at=event.held_from,
        keeper=None,
        conclusion=None,
        concluded_at=None,
        decided=None,
        lowered=False,
    )


def _task(event: TaskAdded, at: datetime) -> Task:
    return Task(
        event.task,
        event.kind,
        event.assignee,
        TaskStatus.OPEN,
        event.text,
        at,
        event.due_at,
        offer=event.offer,
        contact=event.contact,
        alongside=event.alongside,
    )


def _task_changed(case: Case, task: Task) -> Case:
    return replace(case, tasks=_with(case.tasks, task.task, task))


def _clock(event: ClockStarted, at: datetime) -> Clock:
    first = event.steps[0] if event.steps else None
    return Clock(
        event.clock,
        event.spec,
        event.about,
        ClockStatus.RUNNING,
        event.started_at if event.started_at is not None else at,
        event.due_at,
        event.steps,
        event.fail_safe,
        event.raise_to,
        first.name if first else None,
        first.at if first else None,
    )


def _clock_changed(case: Case, clock: Clock) -> Case:
    return replace(case, clocks=_with(case.clocks, clock.clock, clock))


def _adjusted(clock: Clock, event: ClockAdjusted, at: datetime) -> Clock:
    """The clock with its new ladder: steps that have passed stay passed. One that ran out too early by two people's
    word runs again.
    """
    started_at = event.started_at if event.started_at is not None else clock.started_at
    clock = replace(
        clock, started_at=started_at, due_at=event.due_at, steps=event.steps, extended_seconds=event.extended_seconds
    )
    if clock.status is ClockStatus.BREACHED and event.due_at is not None and event.due_at <= at:
        return clock
    return _running(clock, event.steps, at)


def _paused(clock: Clock, event: ClockPaused, at: datetime) -> Clock:
    return replace(clock, status=ClockStatus.PAUSED, paused_at=at, next_step=RESUME, next_at=event.until)


def _resumed(clock: Clock, event: ClockResumed, at: datetime) -> Clock:
    return _running(replace(clock, due_at=event.due_at, steps=event.steps), event.steps, at)


def _running(clock: Clock, steps: tuple[StepDue, ...], at: datetime) -> Clock:
    """The clock runs, its next step being the first that lies ahead."""
    ahead = next((step for step in steps if step.at > at), steps[-1] if steps else None)
    return replace(
        clock,
        status=ClockStatus.RUNNING,
        paused_at=None,
        next_step=ahead.name if ahead is not None else None,
        next_at=ahead.at if ahead is not None else None,
    )


def _milestone_corrected(case: Case, event: MilestoneCorrected) -> Case:
    milestones = tuple(
        replace(each, at=event.now) if (each.milestone, each.at) == (event.milestone, event.was) else each
        for each in case.milestones
    )
    waiting = {name: each for name, each in case.corrections.items() if name != event.correction}
    return replace(case, milestones=milestones, corrections=waiting)


def _booking_changed(case: Case, booking: Booking) -> Case:
    return replace(case, bookings=_with(case.bookings, booking.booking, booking))


def _challenge_changed(case: Case, challenge: Challenge) -> Case:
    return replace(case, challenges=_with(case.challenges, challenge.challenge, challenge))


def after_step(clock: Clock, step: str, reached: datetime) -> Clock:
    """The clock after ``step`` fell due at ``reached``: the same step again if it repeats before the next one, else the
    next.
    """
    index = next(i for i, each in enumerate(clock.steps) if each.name == step)
    following: StepDue | None = clock.steps[index + 1] if index + 1 < len(clock.steps) else None
    every = clock.steps[index].every_seconds
    if every is not None:
        again = reached + timedelta(seconds=every)
        if following is None or again < following.at:
            return replace(clock, next_step=step, next_at=again)
    if following is None:
        return replace(clock, next_step=None, next_at=None)
    return replace(clock, next_step=following.name, next_at=following.at)


def erases_own_pages(event: ContentErased) -> bool:
    """Whether an erasure took the giving of a person's own page: none of the case's is read any more."""
    return any(each.type == "own_page_given" for each in event.erased)


def _without_own_pages(case: Case) -> Case:
    return replace(case, own_pages={name: replace(page, open=False) for name, page in case.own_pages.items()})
