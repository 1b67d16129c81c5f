"""The vault: entries encrypted under a key for each stream, and tokens that people are found by.

A stream's key is random and wrapped (AES-256-GCM) by a key that is made of the master key and the stream's slot, both
outside the database. An entry's ciphertext holds ``salt || entry``; its associated data names the stream and the
version, so that content moved to another entry does not open. Nothing here reads a database.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from threading import Lock
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safehands.errors import LedgerFault
from safehands.ledger.commitment import SALT_BYTES, VERSION
from safehands.store.keys import KeyFault, Keys
from safehands.store.ports import Token

NONCE_BYTES: Final = 12
_FRESH: Final = SALT_BYTES + NONCE_BYTES


@dataclass(frozen=True, slots=True)
class StreamKey:
    """The key of one stream: its slot, the wrapped form that is stored, and the cipher."""

    slot: int
    wrapped: bytes
    cipher: AESGCM = field(repr=False)


class Kept(NamedTuple):
    """An entry as the store keeps it: the leaf's 33 bytes, and the content encrypted."""

    commitment: bytes
    nonce: bytes
    ciphertext: bytes


class Opened(NamedTuple):
    """Content read back."""

    salt: bytes
    entry: bytes


class Vault:
    """Encrypts and opens content. ``blind`` is the key of the blind index; ``remember`` how many streams' keys stay
    unwrapped."""

    def __init__(self, keys: Keys, blind: bytes, *, remember: int = 10_000) -> None:
        self._keys = keys
        self._blind = blind
        self._remember = remember
        self._known: OrderedDict[str, StreamKey] = OrderedDict()
        self._lock = Lock()

    # --------------------------------------------------------------------------------------------------- keys

    @property
    def master_id(self) -> str:
        """Which master key new keys are wrapped under."""
        return self._keys.master_id

    def new_key(self, stream: str, slot: int) -> StreamKey:
        """A fresh key for a stream. Not remembered until ``remember``: the append may yet fail."""
        wrapping = self._keys.wrapping_key(slot)
        if wrapping is None:
            raise KeyFault(f"slot {slot} was shredded and cannot take a new key")
        key = AESGCM.generate_key(256)
        return StreamKey(slot, _wrap(wrapping, stream, slot, key), AESGCM(key))

    def key(self, stream: str, slot: int, wrapped: bytes) -> StreamKey | None:
        """The key of a stream as stored; None once its slot was shredded. Raises ``KeyFault`` where it does not
        open."""
        known = self.known(stream)
        if known is not None and known.slot == slot:
            return known
        wrapping = self._keys.wrapping_key(slot)
        if wrapping is None:
            return None
        try:
            opened = _unwrap(wrapping, stream, slot, wrapped)
        except KeyFault:
            opened = self._unwrap_after_rotation(stream, slot, wrapped)
        key = StreamKey(slot, wrapped, AESGCM(opened))
        self.remember(stream, key)
        return key

    def _unwrap_after_rotation(self, stream: str, slot: int, wrapped: bytes) -> bytes:
        """Another process may have changed the master key since we read it: try those that lie on the disk now."""
        for master in self._keys.masters_on_disk():
            wrapping = self._keys.wrapping_key_under(master, slot)
            try:
                return _unwrap(wrapping or bytes(32), stream, slot, wrapped)
            except KeyFault:
                continue
        raise _does_not_open(stream)

    def known(self, stream: str) -> StreamKey | None:
        """The key of a stream if this process has it unwrapped."""
        with self._lock:
            found = self._known.get(stream)
            if found is not None:
                self._known.move_to_end(stream)
            return found

    def remember(self, stream: str, key: StreamKey) -> None:
        """Keep a stream's key unwrapped; the one longest unused goes."""
        with self._lock:
            self._known[stream] = key
            self._known.move_to_end(stream)
            if len(self._known) > self._remember:
                self._known.popitem(last=False)

    def forget(self, stream: str) -> None:
        """Let a stream's key go."""
        with self._lock:
            self._known.pop(stream, None)

    def rewrapped(self, stream: str, slot: int, wrapped: bytes, master: bytes) -> bytes:
        """The same key wrapped under another master key. What was shredded stays as it is: nothing opens it."""
        old, new = self._keys.wrapping_key(slot), self._keys.wrapping_key_under(master, slot)
        if old is None or new is None:
            return wrapped
        return _wrap(new, stream, slot, _unwrap(old, stream, slot, wrapped))

    # ------------------------------------------------------------------------------------------------ content

    def keep(self, key: StreamKey, stream: str, first_version: int, entries: Sequence[bytes]) -> list[Kept]:
        """Commit to ``entries`` (versions from ``first_version`` on), each with a fresh salt, and encrypt them."""
        fresh = os.urandom(_FRESH * len(entries))
        encrypt, prefix = key.cipher.encrypt, b"entry\0" + stream.encode() + b"\0"
        kept = []
        for index, entry in enumerate(entries):
            start = index * _FRESH
            nonce = fresh[start : start + NONCE_BYTES]
            content = fresh[start + NONCE_BYTES : start + _FRESH] + entry
            named = prefix + b"%d" % (first_version + index)
            kept.append(Kept(VERSION + sha256(content).digest(), nonce, encrypt(nonce, content, named)))
        return kept

    def keep_again(self, key: StreamKey, stream: str, version: int, content: Opened) -> tuple[bytes, bytes]:
        """Nonce and ciphertext of content that exists already, under another key: salt and commitment stay as they
        are."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce, key.cipher.encrypt(nonce, content.salt + content.entry, _entry_name(stream, version))

    def open(self, key: StreamKey, stream: str, version: int, kept: Kept) -> Opened:
        """Read content back and compare it with its commitment. Raises ``LedgerFault`` where either is not as it was
        written."""
        content = _decrypt(
            key, kept.nonce, kept.ciphertext, _entry_name(stream, version), f"{stream} version {version}"
        )
        if VERSION + sha256(content).digest() != kept.commitment:
            raise LedgerFault(f"{stream} version {version}: the content is not what the ledger committed to")
        return Opened(content[:SALT_BYTES], content[SALT_BYTES:])

    def keep_snapshot(self, key: StreamKey, stream: str, version: int, snapshot: bytes) -> tuple[bytes, bytes]:
        """Nonce and ciphertext of a folded state."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce, key.cipher.encrypt(nonce, snapshot, _snapshot_name(stream, version))

    def open_snapshot(self, key: StreamKey, stream: str, version: int, nonce: bytes, ciphertext: bytes) -> bytes:
        """Read a folded state back."""
        return _decrypt(key, nonce, ciphertext, _snapshot_name(stream, version), f"the snapshot of {stream}")

    # ------------------------------------------------------------------------------------------------- tokens

    def tokens(self, tokens: Iterable[Token]) -> list[bytes]:
        """What the blind index holds for each: HMAC-SHA256 (RFC 2104) over kind and normalised value, 32 bytes."""
        return [digest(self._blind, token.kind.encode() + b"\0" + token.value.encode(), "sha256") for token in tokens]


def new_blind_key(keys: Keys) -> bytes:
    """A fresh key of the blind index, wrapped for storing. Random, not derived: it must outlive the master key."""
    return wrap_blind_key(keys.derive("safehands blind index"), os.urandom(32))


def wrap_blind_key(wrapping: bytes, blind: bytes) -> bytes:
    """The key of the blind index as it is stored."""
    return _wrap(wrapping, "blind index", 0, blind)


def open_blind_key(wrapping: bytes, wrapped: bytes) -> bytes:
    """The key of the blind index; raises ``KeyFault`` where the master key is another."""
    return _unwrap(wrapping, "blind index", 0, wrapped)


def _wrap(wrapping: bytes, stream: str, slot: int, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, f"key\0{stream}\0{slot}".encode())


def _unwrap(wrapping: bytes, stream: str, slot: int, wrapped: bytes) -> bytes:
    try:
        return AESGCM(wrapping).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], f"key\0{stream}\0{slot}".encode())
    except (InvalidTag, ValueError):
        raise _does_not_open(stream) from None


def _does_not_open(stream: str) -> KeyFault:
    return KeyFault(f"the key of {stream} does not open with this master key and slot")


def _decrypt(key: StreamKey, nonce: bytes, ciphertext: bytes, named: bytes, what: str) -> bytes:
    try:
        return key.cipher.decrypt(nonce, ciphertext, named)
    except (InvalidTag, ValueError):
        raise LedgerFault(f"{what}: the stored content was changed or belongs elsewhere") from None


def _entry_name(stream: str, version: int) -> bytes:
    return b"entry\0" + stream.encode() + b"\0%d" % version


def _snapshot_name(stream: str, version: int) -> bytes:
    return b"snapshot\0" + stream.encode() + b"\0%d" % version
