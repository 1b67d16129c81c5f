"""What goes from one agency to another, what arrived, and how far it was opened (evidence-review sheet 1.6).

Only the receiving side says what it received or opened. A hash that does not match is written down, never refused: it
is the very thing that has to be seen (R07).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_said, claimed
from safehands.core.records.commands import OpenShare, ReceiveShare, RevokeShare, ShareRecord
from safehands.core.records.events import RecordShared, ShareOpened, ShareReceived, ShareRevoked
from safehands.core.records.knowing import sensitivity_of
from safehands.core.records.vocabulary import Sensitivity
from safehands.core.rules import Fault, refuse, refuse_all

_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")


def hash_faults(*hashes: str | None) -> Iterator[Fault]:
    """What is wrong with hashes that were given."""
    for each in hashes:
        if each is not None and not _SHA256.match(each):
            yield "records.hash", {"sha256": each}


def share(draft: Draft, command: ShareRecord) -> None:
    """Send or show a record that the own agency holds or was given. A file goes with the hash of its copy."""
    sent_at = claimed(draft.given, command.sent_at)
    name = command.share or draft.new_id()
    refuse_all([*_share_faults(draft, command, name, sent_at)])
    copy = draft.material.copies.get(command.copy) if command.copy is not None else None
    sent = command.sha256_sent if command.sha256_sent is not None or copy is None else copy.event.sha256
    draft.add(
        RecordShared(
            name,
            command.record,
            draft.given.by.agency,
            command.to_agency,
            command.channel,
            sent_at,
            command.copy,
            command.to_person,
            sent,
            command.expires_at,
            command.conditions,
            command.request,
        )
    )


def _share_faults(draft: Draft, command: ShareRecord, name: str, sent_at: datetime) -> Iterator[Fault]:
    material, agency = draft.material, draft.given.by.agency
    yield from hash_faults(command.sha256_sent)
    if name in material.shares:
        yield "records.id_known", {"what": "share", "id": name}
    if command.to_agency == agency:
        yield "share.to_self", {}
    if command.expires_at is not None and command.expires_at <= sent_at:
        yield "share.expires", {}
    request = material.requests.get(command.request) if command.request is not None else None
    if command.request is not None and (
        request is None or (request.event.from_agency, request.event.to_agency) != (command.to_agency, agency)
    ):
        yield "share.request", {"request": command.request, "to_agency": command.to_agency}
    if command.record not in material.records:
        yield "records.unknown", {"what": "record", "id": command.record}
        return
    if sensitivity_of(material, command.record) is Sensitivity.HIGHLY_SENSITIVE:
        yield "share.stub_only", {"record": command.record}
    if not _has(draft, command.record):
        yield "share.not_told", {"record": command.record}
    if command.copy is not None and command.copy not in material.copies_of.get(command.record, ()):
        yield "records.copy_of_other", {"copy": command.copy, "record": command.record}


def _has(draft: Draft, record: str) -> bool:
    """Whether the agency registered the record, says that it has it, or was given it."""
    material, agency = draft.material, draft.given.by.agency
    return (
        material.records[record].event.agency == agency
        or any(fact.event.agency == agency for fact in material.holdings.get(record, ()))
        or any(
            material.shares[name].event.to_agency == agency and name not in material.revoked
            for name in material.shares_of.get(record, ())
        )
    )


def receive(draft: Draft, command: ReceiveShare) -> None:
    """The receiving agency says what arrived."""
    sent = _sent(draft, command.share)
    _check_receiver(draft, sent)
    if command.share in draft.material.received:
        refuse("share.received")
    at = claimed(draft.given, command.received_at)
    refuse_all([*hash_faults(command.sha256_received), *_too_early(sent, at)])
    draft.add(ShareReceived(command.share, at, draft.given.by.actor, command.sha256_received))


def open_share(draft: Draft, command: OpenShare) -> None:
    """Somebody of the receiving agency opened it."""
    sent = _sent(draft, command.share)
    _check_receiver(draft, sent)
    at = claimed(draft.given, command.opened_at)
    revoked = draft.material.revoked.get(command.share)
    if revoked is not None and at >= revoked.happened_at:
        refuse("share.revoked")
    refuse_all([*_too_early(sent, at)])
    draft.add(ShareOpened(command.share, at, command.person or draft.given.by.actor, command.coverage))


def revoke(draft: Draft, command: RevokeShare) -> None:
    """The sender takes it back. That it was there stays."""
    check_said(reason=command.reason)
    sent = _sent(draft, command.share)
    if sent.from_agency != draft.given.by.agency:
        refuse("share.not_sender", from_agency=sent.from_agency)
    if command.share in draft.material.revoked:
        refuse("share.revoked")
    draft.add(ShareRevoked(command.share, command.reason))


def _sent(draft: Draft, share: str) -> RecordShared:
    if share not in draft.material.shares:
        refuse("records.unknown", what="share", id=share)
    return draft.material.shares[share].event


def _check_receiver(draft: Draft, sent: RecordShared) -> None:
    if sent.to_agency != draft.given.by.agency:
        refuse("share.not_yours", to_agency=sent.to_agency)


def _too_early(sent: RecordShared, at: datetime) -> Iterator[Fault]:
    if at < sent.sent_at:
        yield "share.too_early", {"sent_at": sent.sent_at.isoformat()}
