"""One case as a bundle that proves itself: sealed first, so that every entry of it is under a signed checkpoint."""

from __future__ import annotations

from datetime import datetime

from safehands.errors import BadInput, LedgerFault, NotFound
from safehands.ledger.bundle import Bundle, Continued, write_bundle
from safehands.ledger.checkpoint import read_checkpoint
from safehands.ledger.evidence import BundledEntry
from safehands.ledger.faults import Malformed
from safehands.ledger.tlog_proof import TlogProof
from safehands.ledger.tree import consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof
from safehands.store.ports import Head, Store, StoredEntry


def bundle_of(store: Store, stream: str, *, at: datetime, agency: str | None = None, older: str | None = None) -> bytes:
    """The bundle of ``stream`` as a file's bytes. ``older`` is a checkpoint that the reader holds already.

    Raises ``NotFound`` where there is no such stream or ``agency`` has no standing in it, ``BadInput`` where ``older``
    cannot be continued from.
    """
    return write_bundle(sealed_bundle(store, stream, at=at, agency=agency, older=older))


def sealed_bundle(
    store: Store, stream: str, *, at: datetime, agency: str | None = None, older: str | None = None
) -> Bundle:
    """``bundle_of`` before it is written down."""
    entries = store.entries(stream, agency=agency)
    if not entries:
        raise NotFound("There is no such case, or your agency has no standing in it.")
    head = store.seal(at=at)
    if head.checkpoint is None or head.sealed <= entries[-1].position:
        raise LedgerFault(
            "The case was written and could not be sealed. Stop writing and call whoever runs this installation."
        )
    return Bundle(
        origin=store.vkey.partition("+")[0],
        vkey=store.vkey,
        checkpoint=head.checkpoint,
        stream=stream,
        entries=tuple(bundled(store, each, head.sealed) for each in entries),
        older=_continued(store, older, head) if older is not None else None,
    )


def receipt_of(store: Store, stream: str, version: int, *, at: datetime, agency: str | None = None) -> str:
    """The ``.tlog-proof`` of one entry of a stream, sealed first; its salt goes along, so that whoever holds the entry
    can show that the ledger held it.

    Raises ``NotFound`` where there is no such entry or ``agency`` has no standing in the stream.
    """
    entries = store.entries(stream, agency=agency, versions=[version])
    if not entries:
        raise NotFound("There is no such entry, or your agency has no standing in its case.")
    head = store.seal(at=at)
    if head.checkpoint is None or head.sealed <= entries[0].position:
        raise LedgerFault(
            "The entry was written and could not be sealed. Stop writing and call whoever runs this installation."
        )
    found = bundled(store, entries[0], head.sealed)
    return str(TlogProof(found.position, found.proof, head.checkpoint, found.salt))


def bundled(store: Store, entry: StoredEntry, size: int) -> BundledEntry:
    """An entry with the proof that it is in the tree of ``size``."""
    wanted = inclusion_nodes(entry.position, size)
    found = store.nodes(wanted)
    proof = inclusion_proof(entry.position, size, [found[node] for node in wanted])
    return BundledEntry(entry.position, entry.entry, entry.salt, entry.commitment, proof)


def _continued(store: Store, older: str, head: Head) -> Continued:
    try:
        checkpoint, _ = read_checkpoint(older)
    except Malformed as malformed:
        raise BadInput(f"the older checkpoint: {fault}" for fault in malformed.faults) from None
    if not 0 < checkpoint.size <= head.sealed:
        raise BadInput([f"the older checkpoint has {checkpoint.size} entries and this log has {head.sealed}"])
    wanted = consistency_nodes(checkpoint.size, head.sealed)
    found = store.nodes(wanted)
    return Continued(older, consistency_proof(checkpoint.size, head.sealed, [found[node] for node in wanted]))
