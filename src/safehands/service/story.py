"""A case's entries as English sentences: what happened, when, by whom; both times where they differ.

``story(entries)`` is pure and reads nothing but the entries, so it tells a case of years ago in the same words. A wire
name is never shown: every event has its sentence, and a new event without one does not type-check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from textwrap import fill
from typing import Final, assert_never

from safehands.core import events as e
from safehands.core.events import Entry, Event, HandoverOffered, TaskAdded
from safehands.core.pathway import Pathway
from safehands.core.records import events as r
from safehands.core.vocabulary import SYSTEM_ROLE, Actor, HappenedSource
from safehands.service import sentences, sentences_between, sentences_material, sentences_records
from safehands.service.moments import moment
from safehands.store.ports import StoredEntry

#: What was recorded within this time of happening is told with one time only.
AT_ONCE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, told. ``at`` is when it happened, ``recorded_at`` when we learned it; None for an erased entry.

    ``because`` is the command that the entry came of: entries with the same one were written together.
    """

    version: int
    at: datetime | None
    recorded_at: datetime | None
    who: str
    sentence: str
    because: str = ""

    @property
    def learned(self) -> str:
        """When we learned it, in words, where that was not at once."""
        if self.at is None or self.recorded_at is None or abs(self.recorded_at - self.at) <= AT_ONCE:
            return ""
        return f" (We learned this at {moment(self.recorded_at)}.)"


def text(lines: Sequence[Line], width: int = 100) -> Iterator[str]:
    """A story for a person to read: a heading for each day, time and person once for all that one command brought
    about."""
    day, command = "", ""
    for line in lines:
        number = f"{line.version:>4}  "
        if line.at is None:
            yield _wrapped(number, line.sentence, width)
            continue
        if (this_day := f"{line.at.astimezone(UTC):%A %-d %B %Y}") != day:
            day, command = this_day, ""
            yield f"\n{day}"
        if line.because != command:
            command = line.because
            yield f"\n  {line.at.astimezone(UTC):%H:%M:%S}  {line.who}"
        yield _wrapped(number, line.sentence + line.learned, width)


def _wrapped(number: str, sentence: str, width: int) -> str:
    return fill(sentence, width, initial_indent=number, subsequent_indent=" " * len(number), break_long_words=False)


@dataclass(slots=True)
class _Told:
    """What earlier entries said, so that a later one can say "the offer to AMB" and not an id. Lives for one story."""

    words: sentences.Words
    offers: dict[str, HandoverOffered] = field(default_factory=dict)
    tasks: dict[str, TaskAdded] = field(default_factory=dict)
    clocks: dict[str, str] = field(default_factory=dict)
    concerns: dict[str, str] = field(default_factory=dict)

    def learn(self, event: Event) -> None:
        """Remember what later entries will speak of by its id."""
        match event:
            case HandoverOffered():
                self.offers[event.offer] = event
            case TaskAdded():
                self.tasks[event.task] = event
            case e.ClockStarted():
                self.clocks[event.clock] = self.words.clock(event.spec)
            case e.ConcernRaised():
                self.concerns[event.concern] = self.words.concern(event.rule)
            case _:
                pass


def story(entries: Iterable[Entry], pathway: Pathway | None = None) -> tuple[Line, ...]:
    """Every entry as one line, in order. ``pathway`` gives codes their words; without it they are shown as codes."""
    told = _Told(sentences.Words(pathway))
    return tuple(_line(entry, told) for entry in entries)


def story_of_stored(
    stored: Sequence[StoredEntry], decoded: Mapping[int, Entry], pathway: Pathway | None = None
) -> tuple[Line, ...]:
    """The story of a stream some of whose entries were erased: those are told as erased, in their place.

    ``decoded`` holds the readable entries by version.
    """
    told = _Told(sentences.Words(pathway))
    gone = "This entry was erased. Its place in the ledger still proves that it was there."
    return tuple(
        _line(decoded[each.version], told) if each.version in decoded else Line(each.version, None, None, "", gone)
        for each in stored
    )


def person(by: Actor) -> str:
    """``handler.1 (handler, POL)``; the system's own acts are ``Safehands``."""
    return "Safehands" if by.role == SYSTEM_ROLE else f"{by.actor} ({by.role.replace('_', ' ')}, {by.agency})"


def _line(entry: Entry, told: _Told) -> Line:
    envelope = entry.envelope
    who = person(envelope.by)
    if envelope.happened_source is HappenedSource.EXPORT:
        who = f"{envelope.by.agency}, from an export"
    said = sentence(entry.event, told)
    return Line(envelope.version, envelope.happened_at, envelope.recorded_at, who, said, envelope.because)


def sentence(event: Event, told: _Told | None = None) -> str:  # noqa: C901 - one flat table: an event class, its sentence
    """What happened, in one sentence. ``told`` carries what earlier entries said."""
    told = told if told is not None else _Told(sentences.Words(None))
    told.learn(event)
    match event:
        case e.CaseOpened() | e.ContactReceived() | e.ContactDropped() | e.CallBackMade() | e.PartyIdentified():
            return sentences.contact(event)
        case e.AnswersRecorded() | e.AnswerCorrected() | e.EntryCorrected() | e.CasesLinked():
            return sentences.answers(event, told.words)
        case e.TriageConcluded() | e.DecisionMade() | e.DecisionRaised():
            return sentences.decision(event, told.words)
        case e.LoweringProposed() | e.LoweringDeclined() | e.DecisionLowered():
            return sentences.lowering(event, told.words)
        case HandoverOffered():
            return sentences.offered(event)
        case (
            e.PackCompleted()
            | e.HandoverAcknowledged()
            | e.HandoverQuestioned()
            | e.HandoverAccepted()
            | e.WordConfirmed()
            | e.HandoverDeclined()
            | e.HandoverWithdrawn()
            | e.HandoverLapsed()
        ):
            return sentences.answered(event, told.offers.get(event.offer))
        case e.CaseAssumed() | e.KeeperSet() | e.CaseClosed() | e.CaseReopened():
            return sentences.holding(event)
        case TaskAdded():
            return sentences.task_added(event)
        case e.TaskReassigned() | e.TaskCompleted() | e.TaskCancelled():
            return sentences.task(event, told.tasks.get(event.task))
        case e.CallerTold() | e.PromiseMade() | e.PersonSignposted():
            return sentences.said(event)
        case e.OwnPageGiven() | e.OwnPageWithdrawn():
            return sentences_between.own_page(event)
        case e.MilestoneRecorded() | e.ResponderArrived() | e.ResponderReleased() | e.DelayExplained():
            return sentences_between.progress(event, told.clocks)
        case e.ClockStarted():
            return sentences.clock_started(event, told.clocks[event.clock])
        case e.ClockStopped() | e.ClockStepReached() | e.ClockBreached():
            return sentences.clock(event, told.clocks.get(event.clock, event.clock))
        case e.ConcernRaised() | e.ConcernCleared():
            return sentences.concern(event, told.concerns.get(event.concern, event.concern))
        case e.ContentErased() | e.NodeOpened() | e.PathwayAdopted():
            return sentences.record(event)
        case e.StatusBegan() | e.StatusMoved() | e.StatusEnded():
            return sentences_between.detention(event, told.words)
        case e.ClockAdjusted() | e.ClockPaused() | e.ClockResumed():
            return sentences_between.adjusted(event, told.clocks.get(event.clock, event.clock))
        case e.MilestoneCorrectionProposed() | e.MilestoneCorrected():
            return sentences_between.correction(event)
        case (
            e.BookingPlanned() | e.BookingConfirmed() | e.BookingWithdrawn() | e.BookingStarted() | e.BookingCancelled()
        ):
            return sentences_between.booking(event)
        case (
            e.ChallengeRaised()
            | e.ChallengeAnswered()
            | e.ChallengeEscalated()
            | e.ChallengeSettled()
            | e.ChallengeExhausted()
        ):
            return sentences_between.dispute(event)
        case e.AgencyStoodDown() | e.DecisionReviewed() | e.StreamSwitched() | e.AgencyDescribed():
            return sentences_between.oversight(event)
        case e.OutcomeRecorded() | e.ComplaintLinked() | e.SampleDrawn():
            return sentences_between.afterwards(event)
        case (
            r.RegisterDeclared() | r.RecordRegistered() | r.RecordTied() | r.RecordReclassified() | r.RecordDescribed()
        ):
            return sentences_records.described(event)
        case r.CopyRegistered() | r.PlayabilityTested() | r.HoldingAsserted() | r.CustodyRecorded():
            return sentences_records.copied(event)
        case (
            r.DerivationRecorded() | r.SourceClaimed() | r.TwinAsked() | r.SameEventRecorded() | r.DerivativeVerified()
        ):
            return sentences_records.derived(event)
        case r.RetentionRuled() | r.HoldPlaced() | r.HoldLifted():
            return sentences_records.kept(event)
        case r.MaterialNoted() | r.CaseFlagged() | r.CaseReferenced() | r.StageReached() | r.StandingRecorded():
            return sentences_material.about(event)
        case r.RecordShared() | r.ShareReceived() | r.ShareOpened() | r.ShareRevoked():
            return sentences_material.shared(event)
        case (
            r.MaterialRequested()
            | r.RequestWithdrawn()
            | r.RequestAnswered()
            | r.NothingFurtherAttested()
            | r.ScheduleServed()
            | r.ScheduleItemDecided()
        ):
            return sentences_material.asked(event)
        case (
            r.MaterialDecided()
            | r.EffectAssessed()
            | r.ReviewOpened()
            | r.ReviewConcluded()
            | r.VictimReviewRequested()
            | r.VictimReviewMoved()
        ):
            return sentences_material.reviewed(event)
        case (
            r.LetterProposed()
            | r.LetterLogged()
            | r.ClaimDisputed()
            | r.ConcernAcknowledged()
            | r.SettingAsideProposed()
            | r.ConcernSetAside()
            | e.ConcernRegraded()
        ):
            return sentences_material.written(event, told.concerns)
        case _ as never:
            assert_never(never)
