"""Progress: milestones that a pathway declares, and responders arriving and being released."""

from __future__ import annotations

from safehands.core.case import ClockStatus
from safehands.core.commands import ExplainDelay, RecordArrival, RecordMilestone, RecordRelease
from safehands.core.concerns import SEEN
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import DelayExplained, MilestoneRecorded, ResponderArrived, ResponderReleased
from safehands.core.rules import refuse
from safehands.core.vocabulary import HappenedSource


def milestone(draft: Draft, command: RecordMilestone) -> None:
    """Something dated happened that the pathway declares. A sighting names who saw it (sheet failure 24)."""
    check_open(draft.case)
    if command.milestone not in draft.pathway.milestones:
        refuse("milestone.unknown", milestone=command.milestone)
    by_hand = draft.given.source is not HappenedSource.EXPORT
    if by_hand and command.milestone in SEEN and not command.note.strip():
        refuse("milestone.who_saw", milestone=command.milestone)
    if command.party is not None and command.party not in draft.case.subjects:
        refuse("milestone.stranger", party=command.party)
    draft.add(MilestoneRecorded(command.milestone, draft.at, command.note, command.party))


def explain_delay(draft: Draft, command: ExplainDelay) -> None:
    """Say why somebody waits beyond a clock's end, and until when. The clock still waits for what it waits for
    (failure 21).
    """
    check_open(draft.case)
    clock = draft.case.clocks.get(command.clock)
    late = clock is not None and clock.due_at is not None and clock.due_at <= draft.given.now
    if clock is None or clock.status is ClockStatus.STOPPED or not late:
        refuse("delay.not_late", clock=command.clock)
    if command.expected_at <= draft.given.now:
        refuse("delay.past", expected_at=command.expected_at.isoformat())
    check_said(reason=command.reason)
    draft.add(DelayExplained(command.clock, command.reason, command.expected_at))


def arrival(draft: Draft, command: RecordArrival) -> None:
    """A responder is with the person or at the place."""
    check_open(draft.case)
    presence = draft.case.presences.get(command.responder)
    if presence is not None and presence.released_at is None:
        refuse("responder.there", responder=command.responder)
    draft.add(ResponderArrived(command.responder, command.agency, command.place))


def release(draft: Draft, command: RecordRelease) -> None:
    """That responder is free again."""
    presence = draft.case.presences.get(command.responder)
    if presence is None or presence.released_at is not None:
        refuse("responder.not_there", responder=command.responder)
    draft.add(ResponderReleased(command.responder))
