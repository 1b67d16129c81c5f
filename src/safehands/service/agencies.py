"""The contact book of agencies and the dates from which a force has switched streams of contact on.

Both are entries: of an agency in ``agency/<code>``, of a force's policy in ``policy/<code>``. Newer entries stand, older ones stay.
What the book says of an agency is shown before an offer goes to it, and the offer records what was shown (sheet failures 2, 26).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from safehands import codec
from safehands.core.events import AgencyDescribed, Entry, Envelope, NodeEvent, StreamSwitched
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import BadInput, NotFound
from safehands.service.clock import Clock
from safehands.store.ports import Append, NewEntry, Store


def describe(store: Store, clock: Clock, by: Actor, described: AgencyDescribed) -> None:
    """Write down what the contact book says of an agency from now on."""
    faults = [
        sentence
        for wrong, sentence in (
            (not described.name.strip(), "Give the agency's name."),
            (
                not described.on_system and not described.reached_by.strip(),
                "Say how an agency outside the system is reached.",
            ),
            (
                described.response_minutes is not None and described.response_minutes < 0,
                "A response time is not negative.",
            ),
        )
        if wrong
    ]
    if faults:
        raise BadInput(faults)
    _append(store, clock, by, f"agency/{described.agency}", described)


def book_entry(store: Store, agency: str) -> AgencyDescribed:
    """What the contact book says of ``agency`` now."""
    found = [event for event in _events(store, f"agency/{agency}") if isinstance(event, AgencyDescribed)]
    if not found:
        raise NotFound(f"The contact book has no entry for {agency}.")
    return found[-1]


def shown_of(described: AgencyDescribed, at: datetime) -> Mapping[str, str]:
    """What an offer records of the contact book's page that was on the screen."""
    minutes = "unknown" if described.response_minutes is None else str(described.response_minutes)
    return {
        "threshold": described.threshold,
        "response_minutes": minutes,
        "reached_by": described.reached_by,
        "shown_at": at.isoformat(),
    }


def switch(store: Store, clock: Clock, by: Actor, switched: StreamSwitched) -> None:
    """A force switches a stream of contact on from a date (or puts the date off): the newest entry of a stream stands."""
    _append(store, clock, by, f"policy/{switched.agency}", switched)


def shadow_streams(store: Store, agency: str, pathway: str, at: datetime) -> frozenset[str]:
    """The streams that ``agency`` has named and not switched on by ``at``. A stream it never named is on."""
    newest: dict[str, datetime] = {}
    for event in _events(store, f"policy/{agency}"):
        if isinstance(event, StreamSwitched) and event.pathway == pathway:
            newest[event.stream] = event.on_from
    return frozenset(stream for stream, on_from in newest.items() if at < on_from)


def _events(store: Store, stream: str) -> tuple[object, ...]:
    return tuple(
        codec.decode(each.entry).event for each in store.entries(stream, agency=None) if each.entry is not None
    )


def _append(store: Store, clock: Clock, by: Actor, stream: str, event: NodeEvent) -> None:
    command, at = clock.new_id(), clock.now()
    before = len(store.entries(stream, agency=None))
    envelope = Envelope(stream, before + 1, clock.recorded_at(), at, HappenedSource.LIVE, by, None, command)
    entry = NewEntry(stream, before + 1, codec.encode(Entry(envelope, event)))
    store.append(Append(command, stream, before, (entry,)))
