"""The installation's own stream: that it was opened, under which origin and key, and for what."""

from __future__ import annotations

from typing import Final

from safehands import codec
from safehands.core.events import Entry, Envelope, NodeOpened
from safehands.core.vocabulary import SYSTEM_ROLE, Actor, HappenedSource
from safehands.errors import LedgerFault, Stale
from safehands.service.clock import Clock
from safehands.store.ports import Append, NewEntry, Store

STREAM: Final = "node"


def opened(store: Store) -> NodeOpened | None:
    """The entry that opened this installation, or None before it was opened."""
    stored = store.entries(STREAM, agency=None)
    if not stored or stored[0].entry is None:
        return None
    event = codec.decode(stored[0].entry).event
    if not isinstance(event, NodeOpened):
        raise LedgerFault("The first entry of this installation's own stream does not open it.")
    return event


def open_once(store: Store, clock: Clock, purpose: str) -> NodeOpened:
    """Open this installation unless it is open; the entry that did. Two processes at once: the first one's counts."""
    before = opened(store)
    if before is not None:
        return before
    event = NodeOpened(store.vkey.partition("+")[0], store.vkey, purpose)
    command, at = clock.new_id(), clock.now()
    by = Actor(SYSTEM_ROLE, SYSTEM_ROLE, "")
    envelope = Envelope(STREAM, 1, clock.recorded_at(), at, HappenedSource.LIVE, by, None, command)
    try:
        store.append(Append(command, STREAM, 0, (NewEntry(STREAM, 1, codec.encode(Entry(envelope, event))),)))
    except Stale:
        return open_once(store, clock, purpose)
    return event
