"""Events to stored bytes and back: wire names, versions, upcasters. The stored bytes are what is hashed; nothing
re-serialises them.

An entry is one JSON object in UTF-8: the envelope's fields, then ``type``, ``type_version`` and ``content``. Instants
are RFC 3339 in UTC with ``Z``. Fields that this version does not know are passed over when an entry is read, and
survive in its bytes. A changed event gets a new version and an upcaster from the old one; stored entries are never
rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from safehands.core.case import Case
from safehands.core.events import Entry, Envelope, Event
from safehands.core.vocabulary import Actor, HappenedSource, PathwayRef
from safehands.core.wire import EVENT_BY_NAME, NAME_OF
from safehands.errors import LedgerFault

#: The version in which each event is written now; every event not listed is at 1.
VERSIONS: Final[Mapping[str, int]] = {}

#: How content of an older version becomes the next one: (wire name, version) -> content -> content of version + 1.
UPCASTERS: Final[Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}


@dataclass(frozen=True, slots=True)
class _Wire:
    """The stored object, in the order in which its fields are written."""

    stream: str
    version: int
    type: str
    type_version: int
    recorded_at: datetime
    happened_at: datetime
    happened_source: HappenedSource
    by: Actor
    under: PathwayRef | None
    because: str
    content: msgspec.Raw


_encoder = msgspec.json.Encoder()
_wire_decoder = msgspec.json.Decoder(_Wire)
_content_decoders: Final[Mapping[str, msgspec.json.Decoder[Any]]] = {
    name: msgspec.json.Decoder(each) for name, each in EVENT_BY_NAME.items()
}
_case_decoder = msgspec.json.Decoder(Case)


def encode(entry: Entry) -> bytes:
    """The bytes of an entry, as they will be stored and hashed."""
    envelope = entry.envelope
    name = NAME_OF[type(entry.event)]
    return _encoder.encode(
        _Wire(
            stream=envelope.stream,
            version=envelope.version,
            type=name,
            type_version=VERSIONS.get(name, 1),
            recorded_at=envelope.recorded_at,
            happened_at=envelope.happened_at,
            happened_source=envelope.happened_source,
            by=envelope.by,
            under=envelope.under,
            because=envelope.because,
            content=msgspec.Raw(_encoder.encode(entry.event)),
        )
    )


def decode(stored: bytes) -> Entry:
    """The entry behind stored bytes. Raises ``LedgerFault`` where they cannot be read: stop writing and call a
    person."""
    try:
        wire = _wire_decoder.decode(stored)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise LedgerFault(f"A stored entry cannot be read: {fault}.") from fault
    event = _event(wire)
    envelope = Envelope(
        wire.stream,
        wire.version,
        wire.recorded_at,
        wire.happened_at,
        wire.happened_source,
        wire.by,
        wire.under,
        wire.because,
    )
    return Entry(envelope, event)


def _event(wire: _Wire) -> Event:
    decoder = _content_decoders.get(wire.type)
    current = VERSIONS.get(wire.type, 1)
    if decoder is None or not 1 <= wire.type_version <= current:
        raise LedgerFault(
            f"{wire.stream}, entry {wire.version}: {wire.type} {wire.type_version} is not known to this version of "
            "Safehands."
        )
    try:
        content: bytes | msgspec.Raw = wire.content
        if wire.type_version < current:
            content = _encoder.encode(upcast(wire.type, wire.type_version, current, msgspec.json.decode(content)))
        event: Event = decoder.decode(content)
    except msgspec.MsgspecError as fault:
        raise LedgerFault(f"{wire.stream}, entry {wire.version}: {wire.type} cannot be read: {fault}.") from fault
    return event


def upcast(name: str, version: int, current: int, content: dict[str, Any]) -> dict[str, Any]:
    """Content of an older version, brought up to ``current`` step by step."""
    for step in range(version, current):
        content = UPCASTERS[name, step](content)
    return content


def encode_case(case: Case) -> bytes:
    """A folded case as a snapshot."""
    return _encoder.encode(case)


def decode_case(snapshot: bytes) -> Case | None:
    """The case behind a snapshot, or None where the snapshot is of an older form: it is a cache, so fold from the
    ledger."""
    try:
        return _case_decoder.decode(snapshot)
    except msgspec.MsgspecError:
        return None
