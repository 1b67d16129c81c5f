"""C2SP ``.tlog-proof`` files (https://c2sp.org/tlog-proof): one entry's place in the log, checkable offline.

One goes out with every letter: whoever holds the letter's entry and this file can show, years later and without us,
that the log held it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .checkpoint import Opened, open_checkpoint, read_checkpoint
from .encoding import from_base64, from_decimal, to_base64
from .faults import Malformed
from .note import Verifier
from .tree import HASH_BYTES, check_inclusion, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Leaf ``index`` is in the tree of ``checkpoint`` (the signed note, verbatim).

    ``extra`` is carried along and vouched for by nobody: for us, the salt that opens the leaf's commitment.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(to_base64, self.proof), "", self.checkpoint]
        return "\n".join(lines)


def read_tlog_proof(text: str) -> TlogProof:
    """Read the form; verify nothing. Raises ``Malformed``."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != HEADER:
        raise Malformed([f"a proof begins with the line {HEADER} and has a blank line before its checkpoint"])
    lines = lines[1:]
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "), "the extra data of the proof")
    if not lines or not lines[0].startswith("index "):
        raise Malformed(["the proof does not say the index of its entry"])
    index = from_decimal(lines.pop(0).removeprefix("index "), "the index in the proof")
    hashes = tuple(from_base64(line, f"hash {number} of the proof", HASH_BYTES) for number, line in enumerate(lines, 1))
    read_checkpoint(checkpoint)
    return TlogProof(index, hashes, checkpoint, extra)


def check_tlog_proof(proof: TlogProof, leaf: bytes, log: Verifier, witnesses: Sequence[Verifier] = ()) -> Opened:
    """Raise ``NotProved`` unless the log's key signed the checkpoint and ``leaf`` (its data) is in that tree."""
    opened = open_checkpoint(proof.checkpoint, log, witnesses)
    tree = opened.checkpoint
    check_inclusion(leaf_hash(leaf), proof.index, tree.size, proof.proof, tree.root)
    return opened
