"""The contact book of agencies and the dates from which a force has switched streams of contact on.

Both are entries: of an agency in ``book/<code>``, of a force's policy in ``policy/<code>``. Newer entries stand,
older ones stay. What the book says of an agency is shown before an offer goes to it, and the offer records what was
shown (sheet failures 2, 26).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from safehands import codec
from safehands.core.events import AgencyDescribed, Entry, Envelope, NodeEvent, StreamSwitched
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import BadInput, NotFound
from safehands.service.clock import Clock
from safehands.store.ports import Append, NewEntry, Store

#: How long what a force said of its streams is kept before it is read again.
KEPT_FOR: Final = timedelta(seconds=30)


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
    _append(store, clock, by, f"book/{described.agency}", described)


def book_entry(store: Store, agency: str) -> AgencyDescribed:
    """What the contact book says of ``agency`` now."""
    described = _described(store, agency)
    if described is None:
        raise NotFound(f"The contact book has no entry for {agency}.")
    return described


def _described(store: Store, agency: str) -> AgencyDescribed | None:
    found = [event for event in _events(store, f"book/{agency}") if isinstance(event, AgencyDescribed)]
    return found[-1] if found else None


def shown_of(described: AgencyDescribed) -> Mapping[str, str]:
    """What an offer records of the contact book's page that was on the screen."""
    minutes = "unknown" if described.response_minutes is None else str(described.response_minutes)
    return {
        "threshold": described.threshold,
        "response_minutes": minutes,
        "reached_by": described.reached_by,
    }


def page_of_outside(store: Store, agency: str) -> Mapping[str, str]:
    """What has to be on the screen before an offer goes to ``agency``: its page, where it is in the book and not on
    the system.
    """
    described = _described(store, agency)
    return shown_of(described) if described is not None and not described.on_system else {}


def switch(store: Store, clock: Clock, by: Actor, switched: StreamSwitched) -> None:
    """A force switches a stream of contact on from a date (or puts the date off): the newest entry of a stream
    stands.
    """
    _append(store, clock, by, f"policy/{switched.agency}", switched)


def shadow_streams(store: Store, agency: str, pathway: str, at: datetime) -> frozenset[str]:
    """The streams that ``agency`` has named and not switched on by ``at``. A stream it never named is on."""
    switches = switched(store, agency)
    return _off_at({stream: on_from for (of, stream), on_from in switches.items() if of == pathway}, at)


def switched(store: Store, agency: str) -> Mapping[tuple[str, str], datetime]:
    """From when each stream (by pathway and code) that ``agency`` has named is on, as it last said."""
    return {
        (event.pathway, event.stream): event.on_from
        for event in _events(store, f"policy/{agency}")
        if isinstance(event, StreamSwitched)
    }


def _off_at(switches: Mapping[str, datetime], at: datetime) -> frozenset[str]:
    return frozenset(stream for stream, on_from in switches.items() if at < on_from)


class Switches:
    """``shadow_streams`` for a busy desk: what a force said is read once in half a minute of the clock that it works
    by.

    The date itself is looked at every time, so a stream goes on at its second; only a date that was just put off takes
    so long to be seen. Reading takes a connection of its own, so it is never done inside a transaction: there
    ``off_at`` answers None where nothing fresh is known, and its caller reads first and begins again.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, tuple[datetime, Mapping[tuple[str, str], datetime]]] = {}

    def off_at(self, agency: str, pathway: str, at: datetime) -> frozenset[str] | None:
        """The streams of ``pathway`` that ``agency`` has not switched on by ``at``; None where that has to be read."""
        read_at, switches = self._read.get(agency, (None, {}))
        if read_at is None or not read_at <= at < read_at + KEPT_FOR:
            return None
        return _off_at({stream: on_from for (of, stream), on_from in switches.items() if of == pathway}, at)

    def read(self, agency: str, at: datetime) -> None:
        """Read what ``agency`` says now, unless that was just done."""
        read_at, _ = self._read.get(agency, (None, {}))
        if read_at is None or not read_at <= at < read_at + KEPT_FOR:
            self._read[agency] = (at, switched(self._store, agency))


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
