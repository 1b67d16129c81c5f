"""The log of the memory store: the tree over its commitments, as far as it is sealed, and what was signed of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from safehands.errors import LedgerFault
from safehands.ledger.note import Signer
from safehands.ledger.tree import stream_root
from safehands.store.ports import Head, Signed
from safehands.store.sealing import UNSEALED, Sealed, next_seal, read_signed


class MemoryLog:
    """Nodes by (level, index), and every checkpoint that ``signer`` signed, the oldest first."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._sealed: Sealed = UNSEALED
        self._signed: list[Signed] = []

    @property
    def size(self) -> int:
        """How many entries are sealed."""
        return self._sealed.size

    def head(self, length: int) -> Head:
        """The head of a log of ``length`` entries."""
        return Head(length, self._sealed.size, self._sealed.root, self._sealed.signed)

    def seal(self, new: Sequence[bytes], *, at: datetime) -> None:
        """Grow the tree by the commitments ``new`` and sign it."""
        for step in next_seal(self._sealed, new, None, self._signer):
            for row in step.rows:
                self._nodes.update({(row.level, n): hashed for n, hashed in enumerate(row.hashes, row.first_number)})
            self._sealed = step.sealed
            self._signed.append(Signed(step.sealed.size, step.signed, at))

    def checkpoints(self, limit: int) -> tuple[Signed, ...]:
        """What was signed, the newest first."""
        return tuple(self._signed[::-1][:limit])

    def nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """Those of the nodes ``wanted`` that are sealed."""
        return {node: self._nodes[node] for node in wanted if node in self._nodes}

    def check(self, commitments: Iterable[bytes]) -> int:
        """That the sealed ``commitments`` lead to the root that was signed; how many they are. Raises
        ``LedgerFault``."""
        size, root = stream_root(commitments)
        if self._sealed.signed is not None:
            read_signed(self._sealed.signed, self._signer.verifier)
        if root != self._sealed.root:
            raise LedgerFault(f"the first {size} entries do not lead to the root that was signed")
        return size
