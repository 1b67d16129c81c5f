"""Growing and signing the log, without I/O. Both stores seal through ``next_seal``.

The rules for a crash and for a restored database:

1. A checkpoint is signed only over a tree that begins with the tree of the last checkpoint signed. 2. The last signed
checkpoint is kept outside the database *before* the database has it. So the one outside is never older
   than what anybody has been shown.
3. Where the one outside is longer than the database's last, the same tree is grown again and must give the same root: a
crash
   came between the two, and sealing goes on. Where the entries for it are missing or differ, the database was restored
   from an older copy or was rewritten: nothing more is signed or written, and the fault names what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safehands.errors import LedgerFault
from safehands.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from safehands.ledger.faults import Malformed, NotProved
from safehands.ledger.note import Signer, Verifier
from safehands.ledger.tree import EMPTY_ROOT, Row, grow, leaf_hash, root_from


class RestoredLedger(LedgerFault):
    """The database is older than a checkpoint that was already signed, or does not begin with it. Reading only."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sealed: how many entries, their root, the signed text (None before the first), and the hashes of
    ``ledger.tree.root_nodes(size)``."""

    size: int
    root: bytes
    signed: str | None
    frontier: tuple[bytes, ...]


UNSEALED = Sealed(0, EMPTY_ROOT, None, ())


@dataclass(frozen=True, slots=True)
class Seal:
    """One step forward: the nodes that came to be and what is sealed now."""

    before: int
    rows: tuple[Row, ...]
    sealed: Sealed
    signed: str


def read_signed(signed: str, verifier: Verifier) -> Checkpoint:
    """A checkpoint that our own key has signed. Raises ``LedgerFault`` where it did not."""
    try:
        return open_checkpoint(signed, verifier).checkpoint
    except (Malformed, NotProved) as fault:
        raise LedgerFault(f"a stored checkpoint is not one that this ledger's key has signed: {fault}") from fault


def check_sealed(sealed: Sealed, verifier: Verifier) -> None:
    """Raise ``LedgerFault`` unless the stored nodes, root and signature of a checkpoint agree with each other."""
    if root_from(sealed.frontier) != sealed.root:
        raise LedgerFault(
            f"the stored nodes of the first {sealed.size} entries do not lead to the root that was signed"
        )
    if sealed.signed is not None:
        checkpoint = read_signed(sealed.signed, verifier)
        if (checkpoint.size, checkpoint.root) != (sealed.size, sealed.root):
            raise LedgerFault(
                f"the checkpoint stored for {sealed.size} entries is of {checkpoint.size}, or of another root"
            )


def check_not_restored(outside: Checkpoint | None, size: int) -> None:
    """Raise ``RestoredLedger`` where the checkpoint kept outside is of more entries than there are."""
    if outside is not None and outside.size > size:
        raise RestoredLedger(
            f"restored ledger: {outside.size} entries were signed and the database has {size}. "
            f"Missing: positions {size} to {outside.size - 1}. Nothing more is written until a named person opens a "
            "successor log"
        )


def next_seal(
    sealed: Sealed, commitments: Sequence[bytes], outside: Checkpoint | None, signer: Signer
) -> tuple[Seal, ...]:
    """The steps from what is sealed to a tree that holds ``commitments`` (the leaves after ``sealed.size``) too.

    ``outside`` is the last checkpoint signed. Where it lies ahead of what is sealed there is a step to exactly it
    first, and its root must come out. Raises ``RestoredLedger`` or ``LedgerFault``; then nothing was signed.
    """
    check_sealed(sealed, signer.verifier)
    end = sealed.size + len(commitments)
    check_not_restored(outside, end)
    if outside is not None and outside.size == sealed.size:
        check_begins_with(outside, sealed.root)
    hashes = [leaf_hash(commitment) for commitment in commitments]
    steps = []
    if outside is not None and sealed.size < outside.size < end:
        first = _step(sealed, hashes[: outside.size - sealed.size], signer)
        hashes = hashes[outside.size - sealed.size :]
        steps.append(first)
        sealed = first.sealed
    if hashes:
        steps.append(_step(sealed, hashes, signer))
    for step in steps:
        if outside is not None and outside.size == step.sealed.size:
            check_begins_with(outside, step.sealed.root)
    return tuple(steps)


def _step(sealed: Sealed, hashes: Sequence[bytes], signer: Signer) -> Seal:
    grown = grow(sealed.size, sealed.frontier, hashes)
    signed = sign_checkpoint(Checkpoint(signer.name, grown.size, grown.root), [signer])
    return Seal(sealed.size, grown.rows, Sealed(grown.size, grown.root, signed, grown.frontier), signed)


def check_begins_with(outside: Checkpoint, root: bytes) -> None:
    """Raise ``RestoredLedger`` unless ``root``, of as many entries as ``outside`` has, is the one that was signed."""
    if outside.root != root:
        raise RestoredLedger(
            f"restored ledger: the first {outside.size} entries are not those that were signed. Nothing more is "
            "written until a named person has found out why"
        )
