"""What a leaf of the ledger is: a version byte and one salted commitment over the whole stored entry.

A time, a case number and an actor are personal too, so nothing of the entry stands in the leaf. Whoever has the entry
and its salt can show that they belong to the leaf; once both are erased the leaf says nothing about anybody, and the
tree above it still adds up.

``leaf = 01 || SHA-256(salt || entry)``: 33 bytes. The salt has 32 random bytes (made by the caller) and a fixed
length, so that no byte can move between salt and entry. The entry is the stored bytes, never a re-serialisation.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest

from .faults import Malformed

VERSION = b"\x01"
SALT_BYTES = 32
LEAF_BYTES = 33


def leaf_data(salt: bytes, entry: bytes) -> bytes:
    """The 33 bytes that go into the tree for the stored bytes ``entry``; ``salt`` has 32 bytes, used once only."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, this one has {len(salt)}")
    return VERSION + sha256(salt + entry).digest()


def check_leaf(leaf: bytes) -> None:
    """Raise ``Malformed`` unless ``leaf`` has the form of version 1."""
    faults = []
    if leaf[:1] != VERSION:
        faults.append("the leaf is of a version that this verifier does not know")
    if len(leaf) != LEAF_BYTES:
        faults.append(f"the leaf has {len(leaf)} bytes and must have {LEAF_BYTES}")
    if faults:
        raise Malformed(faults)


def opens(leaf: bytes, salt: bytes, entry: bytes) -> bool:
    """Whether these bytes and this salt are what the leaf commits to."""
    return len(salt) == SALT_BYTES and compare_digest(leaf, leaf_data(salt, entry))
