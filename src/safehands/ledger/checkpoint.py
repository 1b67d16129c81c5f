"""C2SP checkpoints (https://c2sp.org/tlog-checkpoint): a log says how long it is and what its root is, and signs it.

Witnesses add cosignatures (https://c2sp.org/tlog-cosignature), each with a time: that they had seen the log only grow
up to then. ``sign_checkpoint`` and ``countersign`` write, ``read_checkpoint`` reads the form and believes nothing,
``open_checkpoint`` verifies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .encoding import LARGEST, from_base64, from_decimal, to_base64
from .faults import Malformed, NotProved
from .note import KeyType, Note, Signature, Signer, Verifier, read_note, sign_note, verify_note
from .tree import EMPTY_ROOT, HASH_BYTES, check_consistency


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log ``origin`` has ``size`` leaves and the 32 byte ``root``. ``extensions`` are lines nobody vouches for."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        if any("\n" in line or not line for line in (self.origin, *self.extensions)):
            faults.append("the origin and each extension of a checkpoint are one line that is not empty")
        if not 0 <= self.size <= LARGEST:
            faults.append(f"a log cannot have {self.size} leaves")
        if len(self.root) != HASH_BYTES:
            faults.append(f"the root of a checkpoint has {len(self.root)} bytes and must have {HASH_BYTES}")
        elif self.size == 0 and self.root != EMPTY_ROOT:
            faults.append("a log without leaves has the root of the empty tree, and this checkpoint names another")
        if faults:
            raise Malformed(faults)

    @property
    def text(self) -> str:
        """The note text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), to_base64(self.root), *self.extensions))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness had seen the log grow consistently up to this checkpoint at ``time`` (POSIX seconds)."""

    witness: str
    time: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint that the log's key has signed, and the witnesses among those asked for that cosigned it."""

    checkpoint: Checkpoint
    cosigned: tuple[Cosigned, ...]


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[Signer]) -> str:
    """The signed note, ready to publish. Every signer holds a log's key that is named as the log is."""
    if not signers or any(signer.type is not KeyType.LOG or signer.name != checkpoint.origin for signer in signers):
        raise ValueError(f"a checkpoint of {checkpoint.origin} is signed by keys of that name and of a log's type")
    return str(sign_note(checkpoint.text, [signer.sign(checkpoint.text) for signer in signers]))


def check_continues(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raise ``NotProved`` unless the log at ``newer`` begins with everything it had at ``older``.

    ``proof`` is the consistency proof; it is empty where the sizes are equal or the older log was empty. To be called
    by a witness before it cosigns, by a reader who kept a checkpoint, and by the log itself before it signs again.
    """
    if older.origin != newer.origin:
        raise NotProved(f"one checkpoint is of {older.origin!r} and the other of {newer.origin!r}")
    if older.size > newer.size:
        raise NotProved(
            f"it has {older.size} entries and what should continue it only {newer.size}: an old one is played"
        )
    if older.size == newer.size and older.root != newer.root:
        raise NotProved(
            f"both have {newer.size} entries and they are not the same: {newer.origin} signed two histories"
        )
    if older.size:
        check_consistency(older.size, older.root, newer.size, newer.root, proof)


def countersign(
    signed: str, log: Verifier, last: Checkpoint | None, proof: Sequence[bytes], witness: Signer, *, time: int
) -> str:
    """What a witness does: verify the log's signature, that the log continues what was cosigned ``last``, and cosign.

    Returns the same note with the cosignature added, or put in place of that witness's earlier one. ``last`` is
    ``None`` only when the witness meets the log for the first time; ``time`` is in POSIX seconds. The caller stores the
    checkpoint as its new ``last`` before it lets the cosignature go. Raises ``NotProved``.
    """
    checkpoint = open_checkpoint(signed, log).checkpoint
    if last is not None:
        check_continues(last, checkpoint, proof)
    note = read_note(signed)
    added = witness.sign(checkpoint.text, time)
    return str(sign_note(note.text, [*_without(note, added), added]))


def read_checkpoint(signed: str) -> tuple[Checkpoint, Note]:
    """Read the form; verify nothing. Raises ``Malformed``."""
    note = read_note(signed)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3:
        raise Malformed(["a checkpoint has at least three lines: origin, size, root"])
    origin, size, root, *extensions = lines
    return (
        Checkpoint(
            origin,
            from_decimal(size, "the size in the checkpoint"),
            from_base64(root, "the root in the checkpoint", HASH_BYTES),
            tuple(extensions),
        ),
        note,
    )


def open_checkpoint(signed: str, log: Verifier, witnesses: Sequence[Verifier] = ()) -> Opened:
    """Verify that the key ``log`` signed this checkpoint, and which of ``witnesses`` cosigned it.

    Raises ``Malformed`` where it cannot be read; ``NotProved`` where it is another log's, where ``log`` has not signed
    it, or where a signature by a key that was given is wrong.
    """
    if log.type is not KeyType.LOG or any(witness.type is not KeyType.WITNESS for witness in witnesses):
        raise Malformed(["the log's key must be of type 01 and each witness's of type 04"])
    checkpoint, note = read_checkpoint(signed)
    if checkpoint.origin != log.name:
        raise NotProved(f"the checkpoint is of the log {checkpoint.origin!r} and the key is of {log.name!r}")
    verified = verify_note(note, [log, *witnesses])
    if all(verifier != log for verifier, _ in verified):
        raise NotProved(f"the log {log.name!r} has not signed this checkpoint with the key you trust")
    times = ((verifier, verifier.time_of(signature.signature)) for verifier, signature in verified)
    return Opened(checkpoint, tuple(Cosigned(verifier.name, time) for verifier, time in times if time is not None))


def _without(note: Note, replaced: Signature) -> list[Signature]:
    key = (replaced.name, replaced.key_id)
    return [signature for signature in note.signatures if (signature.name, signature.key_id) != key]
