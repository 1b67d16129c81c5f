"""More sentences of a story: what happened at the place, detentions and their clocks, bookings, disputes, stand-downs,
reviews, and what a force switched on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from safehands.core import events as e
from safehands.service.moments import moment
from safehands.service.sentences import Words, stopped


def progress(
    event: e.MilestoneRecorded | e.ResponderArrived | e.ResponderReleased | e.DelayExplained, clocks: Mapping[str, str]
) -> str:
    """What happened at the place."""
    match event:
        case e.MilestoneRecorded():
            note = f": {stopped(event.note)}" if event.note else "."
            return f"Reached: {event.milestone.replace('_', ' ')} at {moment(event.at)}{note}"
        case e.DelayExplained():
            name = clocks.get(event.clock, event.clock)
            return f"Late: “{name}”, until {moment(event.expected_at)}, because: {stopped(event.reason)}"
        case e.ResponderArrived():
            place = f" at {event.place}" if event.place else ""
            return f"{event.responder} of {event.agency} arrived{place}."
        case e.ResponderReleased():
            return f"{event.responder} is free again."


def detention(event: e.StatusBegan | e.StatusMoved | e.StatusEnded, words: Words) -> str:
    """A person is held under a power, somewhere, until it ends."""
    match event:
        case e.StatusBegan():
            return f"The person was detained: {words.power(event.kind)}. Place: {words.place(event.place)}."
        case e.StatusMoved():
            moved = f"The person was moved: {words.place(event.place)}, because {stopped(event.reason)}"
            return f"{moved} The detention clock runs on."
        case e.StatusEnded():
            return f"The detention ended ({words.power(event.kind)}): {stopped(event.outcome)}"


def adjusted(event: e.ClockAdjusted | e.ClockPaused | e.ClockResumed, name: str) -> str:
    """A clock with another end."""
    if isinstance(event, e.ClockPaused):
        until = moment(event.until)
        return f"The clock “{name}” stands still until {until} at the most, because: {stopped(event.reason)}"
    due = f"runs out at {moment(event.due_at)}" if event.due_at is not None else "has no known end"
    if isinstance(event, e.ClockResumed):
        return f"The clock “{name}” runs on and {due}, because: {stopped(event.reason)}"
    on = "; ".join(f"{key.replace('_', ' ')}: {said}" for key, said in event.evidence.items())
    return f"The clock “{name}” now {due}, because: {stopped(event.reason)}" + (f" On: {stopped(on)}" if on else "")


def correction(event: e.MilestoneCorrectionProposed | e.MilestoneCorrected) -> str:
    """Another time for a milestone: two people."""
    what = f"{event.milestone.replace('_', ' ')} was at {moment(event.now)}, not at {moment(event.was)}"
    match event:
        case e.MilestoneCorrectionProposed():
            return f"Proposed: {what}: {stopped(event.reason)} Nothing changes until a second person confirms."
        case e.MilestoneCorrected():
            return f"Corrected by two people (proposed by {event.proposed_by}): {what}."


def booking(
    event: e.BookingPlanned | e.BookingConfirmed | e.BookingWithdrawn | e.BookingStarted | e.BookingCancelled,
) -> str:
    """Several parties wanted at one time."""
    match event:
        case e.BookingPlanned():
            parties = ", ".join(event.parties)
            return f"Planned for {moment(event.at)} ({event.kind.replace('_', ' ')}). It needs: {parties}. No go yet."
        case e.BookingConfirmed():
            word = event.by_word
            by = f", by the word of {word.person} ({word.role}), reference {word.reference}" if word is not None else ""
            return f"{event.party} confirmed{by}."
        case e.BookingWithdrawn():
            return f"{event.party} can no longer come, and planning is open again: {stopped(event.reason)}"
        case e.BookingStarted():
            return "Everybody had confirmed, and it began."
        case e.BookingCancelled():
            return f"The booking was given up: {stopped(event.reason)}"


def dispute(
    event: e.ChallengeRaised | e.ChallengeAnswered | e.ChallengeEscalated | e.ChallengeSettled | e.ChallengeExhausted,
) -> str:
    """Two agencies do not agree. The holder stays throughout."""
    match event:
        case e.ChallengeRaised():
            risk = " It says that life is at risk." if event.asserts_risk else ""
            by = f"to be settled at level {event.level} by {moment(event.due_at)}"
            return f"{event.by_agency} disputes this with {event.against}, {by}: {stopped(event.position)}{risk}"
        case e.ChallengeAnswered():
            return f"The dispute was answered: {stopped(event.position)}"
        case e.ChallengeEscalated():
            how = "Nobody settled the dispute in time" if event.by_clock else "The dispute was taken up"
            return f"{how}: it is at level {event.level} now, to be settled by {moment(event.due_at)}."
        case e.ChallengeSettled():
            return f"The dispute is settled ({event.result}): {stopped(event.reason)}"
        case e.ChallengeExhausted():
            return (
                "The last level passed and nobody settled the dispute. The holder keeps the case; it will be reviewed."
            )


def oversight(
    event: e.AgencyStoodDown | e.DecisionReviewed | e.StreamSwitched | e.AgencyDescribed,
) -> str:
    """What supervisors and forces say: who need not come, whether a decision was right, what applies from when."""
    match event:
        case e.AgencyStoodDown():
            return f"{event.agency} was stood down: {stopped(event.reason)} It rests on: {stopped(event.verified_by)}"
        case e.DecisionReviewed():
            return f"The decision was reviewed ({event.result}): {stopped(event.notes)}"
        case e.StreamSwitched():
            return (
                f"{event.agency} switches {event.stream} of {event.pathway} on from {moment(event.on_from)}, "
                f"decided by {event.decided_by}."
            )
        case e.AgencyDescribed():
            system = (
                "is on the system" if event.on_system else f"is not on the system and is reached by {event.reached_by}"
            )
            minutes = f"{event.response_minutes} minutes" if event.response_minutes is not None else "not known"
            return (
                f"{event.name} ({event.agency}) {system}. It takes: {stopped(event.threshold)} "
                f"Its present response time is {minutes}."
            )
        case _ as never:
            assert_never(never)


def afterwards(event: e.OutcomeRecorded | e.ComplaintLinked | e.SampleDrawn) -> str:
    """What was learned later: what became of the person, complaints, what is read again."""
    match event:
        case e.OutcomeRecorded(kind="none_found"):
            until = moment(event.at)
            return f"Somebody looked: until {until} nothing had happened to the person. Said by {event.source}."
        case e.OutcomeRecorded():
            what = f"{event.kind.replace('_', ' ')} ({event.severity})"
            return f"What became of the person: {what} at {moment(event.at)}. Said by {event.source}."
        case e.ComplaintLinked():
            about = f"the decision {event.decision}" if event.decision is not None else "this case"
            return f"The complaint {event.complaint}, received {moment(event.received_at)}, is about {about}."
        case e.SampleDrawn():
            days = f"{event.first_day} to {event.last_day}"
            return (
                f"For review, {len(event.drawn)} of {event.among} decisions of {days} were drawn, at a rate of "
                f"{event.rate} with the seed {event.seed}."
            )
        case _ as never:
            assert_never(never)


def own_page(event: e.OwnPageGiven | e.OwnPageWithdrawn) -> str:
    """A person's own page: given, and closed."""
    match event:
        case e.OwnPageGiven():
            route = {"sms": "text message", "email": "e-mail"}.get(event.channel, event.channel)
            return f"The person was given a page of their own by {route}, open until {moment(event.until)}."
        case e.OwnPageWithdrawn():
            return f"The person's own page was closed: {stopped(event.reason)}"
