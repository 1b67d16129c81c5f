"""A small log with one case among the leaves of others, and the means to tell a story wrongly about it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from safehands.ledger.bundle import Bundle, BundledEntry, Continued
from safehands.ledger.checkpoint import Checkpoint, sign_checkpoint
from safehands.ledger.commitment import leaf_data
from safehands.ledger.note import KeyType, Signer
from safehands.ledger.tree import (
    Node,
    consistency_nodes,
    consistency_proof,
    grow,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    root_from,
    root_nodes,
)

STREAM = "case/11111111-2222-4333-8444-555555555555"


@dataclass
class Log:
    """A log in memory. ``leaves`` are (salt, stored bytes); ``mine`` the positions of the case's entries."""

    signer: Signer
    leaves: list[tuple[bytes, bytes]] = field(default_factory=list)
    mine: list[int] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)

    def append(self, stored: bytes, mine: bool = True) -> int:
        position = len(self.leaves)
        self.leaves.append((sha256(f"salt {position}".encode()).digest(), stored))
        if mine:
            self.mine.append(position)
        return position

    def leaf(self, position: int) -> bytes:
        return leaf_data(*self.leaves[position])

    def nodes(self) -> dict[Node, bytes]:
        return dict(grow(0, (), [leaf_hash(self.leaf(number)) for number in range(len(self.leaves))]).nodes())

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        stored = self.nodes()
        root = root_from([stored[node] for node in root_nodes(size)])
        return sign_checkpoint(Checkpoint(self.signer.name, size, root), [self.signer])

    def inclusion(self, position: int) -> tuple[bytes, ...]:
        stored, size = self.nodes(), len(self.leaves)
        return inclusion_proof(position, size, [stored[node] for node in inclusion_nodes(position, size)])

    def continued(self, old: int) -> Continued:
        stored, size = self.nodes(), len(self.leaves)
        proof = consistency_proof(old, size, [stored[node] for node in consistency_nodes(old, size)])
        return Continued(self.checkpoint(old), proof)

    def bundle(self, older: Continued | None = None) -> Bundle:
        entries = []
        for position in self.mine:
            salt, stored = self.leaves[position]
            gone = position in self.erased
            entries.append(
                BundledEntry(
                    position,
                    None if gone else stored,
                    None if gone else salt,
                    self.leaf(position),
                    self.inclusion(position),
                )
            )
        vkey = self.signer.verifier.vkey
        return Bundle(self.signer.name, vkey, self.checkpoint(), STREAM, tuple(entries), older)


def entry(version: int, type_: str, content: dict[str, Any], at: str, stream: str = STREAM) -> bytes:
    """Stored bytes of one entry; ``at`` is the time of day at which it happened and was recorded."""
    when = f"2026-11-22T{at}.000000Z"
    return json.dumps(
        {
            "stream": stream,
            "version": version,
            "type": type_,
            "type_version": 1,
            "recorded_at": when,
            "happened_at": when,
            "happened_source": "live",
            "by": {"actor": "handler-1", "role": "call_handler", "agency": "POL"},
            "under": None,
            "because": f"command-{version}",
            "content": content,
        }
    ).encode()


def day(at: str) -> str:
    return f"2026-11-22T{at}Z"


def story() -> list[bytes]:
    """Opened by the police, handed to the ambulance service, closed: six entries, no fault."""
    terms = {"offer": "offer-1", "kind": "transfer", "from_agency": "POL", "to_agency": "AMB"}
    return [
        entry(1, "case_opened", {"holder": "POL", "held_from": day("15:00:00"), "received_at": day("15:00:00")},
              "15:00:00"),
        entry(2, "answers_given", {"answers": {}}, "15:01:00"),
        entry(3, "handover_offered", {**terms, "due_at": day("15:12:00")}, "15:02:00"),
        entry(4, "handover_accepted", {**terms, "held_from": day("15:05:00"), "late": False, "by_word": False},
              "15:05:00"),
        entry(5, "note_made", {"text": "At the scene."}, "15:30:00"),
        entry(6, "case_closed", {"holder": "AMB", "held_until": day("16:00:00")}, "16:00:00"),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def new_log() -> Callable[..., Log]:
    """Makes a log with the story in it, each entry between two leaves of other cases."""

    def make(stored: Sequence[bytes] | None = None, key: str = "log key", name: str = "police.example/cases") -> Log:
        log = Log(Signer(name, KeyType.LOG, sha256(key.encode()).digest()))
        for number, bytes_ in enumerate(story() if stored is None else stored):
            log.append(entry(number + 1, "note_made", {}, "14:00:00", stream="case/other"), mine=False)
            log.append(bytes_)
        log.append(b"the last leaf", mine=False)
        return log

    return make


@pytest.fixture(scope="session")
def new_entry() -> Callable[..., bytes]:
    return entry


@pytest.fixture(scope="session")
def new_story() -> Callable[[], list[bytes]]:
    return story


@pytest.fixture(scope="session")
def in_base64() -> Callable[[bytes], str]:
    return lambda octets: b64encode(octets).decode()
