"""C2SP signed notes with Ed25519 (https://c2sp.org/signed-note): keys, signing, reading, verifying.

A note is text ending in a newline, a blank line, and signature lines. Two kinds of key are known: a log's plain
signature (type 01) and a witness's time-stamped cosignature (type 04, https://c2sp.org/tlog-cosignature).
Random bytes for new keys come from the caller.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .encoding import LARGEST, from_base64, to_base64
from .faults import Malformed, NotProved

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MAX_SIGNATURES = 100
"""The limit of Go's ``x/mod/sumdb/note``; C2SP asks verifiers to accept at least 16 and to set some limit."""

_DASH = "— "
_TIME_BYTES = 8


class KeyType(IntEnum):
    """The signature type byte of C2SP signed-note."""

    LOG = 0x01
    """Ed25519 over the note's text."""
    WITNESS = 0x04
    """Ed25519 over a time and the note's text: ``cosignature/v1``."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name it goes by. ``public`` has 32 bytes (RFC 8032)."""

    name: str
    type: KeyType
    public: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise Malformed([f"the public key of {self.name} has {len(self.public)} bytes and must have {KEY_BYTES}"])

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; not a proof of anything."""
        return sha256(self.name.encode() + b"\n" + self._typed_key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one line of text, to be published: ``name+id+key``."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self._typed_key)}"

    @property
    def _typed_key(self) -> bytes:
        return bytes([self.type]) + self.public

    def check(self, text: str, signature: bytes) -> None:
        """Raise ``NotProved`` unless ``signature`` (without the key id) is this key's over the note text."""
        message = _message(self.type, text, signature)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[-SIGNATURE_BYTES:], message)
        except (InvalidSignature, ValueError):
            raise NotProved(f"the signature of {self.name} does not fit the text") from None

    def time_of(self, signature: bytes) -> int | None:
        """The POSIX seconds that a witness put into its cosignature; ``None`` for a log's plain signature."""
        return int.from_bytes(signature[:_TIME_BYTES]) if self.type is KeyType.WITNESS else None


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name it goes by. ``seed`` is the 32 bytes of RFC 8032; it is never shown by ``repr``."""

    name: str
    type: KeyType
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.seed) != KEY_BYTES:
            raise Malformed([f"the private key of {self.name} has {len(self.seed)} bytes and must have {KEY_BYTES}"])

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.type, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, text: str, time: int | None = None) -> Signature:
        """Sign a note text. A witness's key needs ``time`` in POSIX seconds, a log's key takes none."""
        match self.type, time:
            case (KeyType.WITNESS, int()):
                if not 0 <= time <= LARGEST:
                    raise ValueError(f"a cosignature cannot carry the time {time}")
                stamp = time.to_bytes(_TIME_BYTES)
            case (KeyType.LOG, None):
                stamp = b""
            case _:
                raise ValueError("a witness's cosignature carries a time, a log's signature does not")
        message = _message(self.type, text, stamp + bytes(SIGNATURE_BYTES))
        return Signature(self.name, self.verifier.key_id, stamp + self._private.sign(message))


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its four byte id, and the signature proper (with the time, for type 04)."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note, without its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read: ``text`` with its final newline, and the signatures, none of them believed yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{signature.line}\n" for signature in self.signatures)


def read_vkey(vkey: str) -> Verifier:
    """Read ``name+id+key``. Raises ``Malformed`` on any other form, an unknown type, or an id that does not fit."""
    parts = vkey.split("+", 2)
    if len(parts) != 3:
        raise Malformed(["a verifier key has the form name+id+key"])
    name, key_id, key = parts
    typed = from_base64(key, "the verifier key")
    try:
        kind = KeyType(typed[0])
    except (ValueError, IndexError):
        raise Malformed([f"the verifier key of {name} is not of type 01 (log) or 04 (witness)"]) from None
    verifier = Verifier(name, kind, typed[1:])
    if not (len(key_id) == 8 and set(key_id) <= set(string.hexdigits.lower())):
        raise Malformed([f"the id in the verifier key of {name} is not 8 small hexadecimal digits"])
    if verifier.key_id.hex() != key_id:
        raise Malformed([f"the id in the verifier key of {name} does not fit its name and key"])
    return verifier


def read_note(note: str) -> Note:
    """Split a note into text and signatures. Raises ``Malformed`` with every fault of form found; verifies nothing."""
    if any(_unwritable(letter) and letter != "\n" for letter in note):
        raise Malformed(["the note holds control characters or is not UTF-8"])
    text, blank, block = note.rpartition("\n\n")
    if not blank or not text:
        raise Malformed(["the note has no blank line between its text and its signatures"])
    if not block.endswith("\n"):
        raise Malformed(["the note does not end with a signature line and a newline"])
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise Malformed([f"the note has more than {MAX_SIGNATURES} signatures"])
    signatures: list[Signature] = []
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            signatures.append(_read_signature(line, number))
        except Malformed as malformed:
            faults.extend(malformed.faults)
    if faults:
        raise Malformed(faults)
    return Note(text + "\n", tuple(signatures))


def sign_note(text: str, signatures: Iterable[Signature]) -> Note:
    """Put text and signatures together. Raises ``Malformed`` where the result could not be read back."""
    note = Note(text, tuple(signatures))
    if not text.endswith("\n") or read_note(str(note)) != note:
        raise Malformed(["this text cannot be a note: it must end with one newline and hold no control characters"])
    return note


def verify_note(note: Note, known: Sequence[Verifier]) -> tuple[tuple[Verifier, Signature], ...]:
    """The signatures by known keys, each verified, one for each key; signatures by others are passed over.

    A wrong signature by a known key condemns the whole note, and a note that no known key signed proves nothing:
    ``NotProved``.
    """
    found: dict[tuple[str, bytes], tuple[Verifier, Signature]] = {}
    keys = {(verifier.name, verifier.key_id): verifier for verifier in known}
    for signature in note.signatures:
        key = (signature.name, signature.key_id)
        if key in keys:
            keys[key].check(note.text, signature.signature)
            found.setdefault(key, (keys[key], signature))
    if not found:
        raise NotProved("no key that you trust has signed this")
    return tuple(found.values())


def check_key_name(name: str) -> None:
    """Raise ``Malformed`` unless ``name`` can name a key: not empty, no white space, no plus, no control."""
    if not name or "+" in name or any(letter.isspace() or _unwritable(letter) for letter in name):
        raise Malformed([f"{name!r} cannot be the name of a key: it is empty or holds a space, a plus or a control"])


def _unwritable(letter: str) -> bool:
    """A control character, or half of a surrogate pair: what Python makes of bytes that are not UTF-8."""
    return letter < " " or "\ud800" <= letter <= "\udfff"


def _read_signature(line: str, number: int) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise Malformed([f"signature line {number} does not have the form: dash, name, signature"])
    check_key_name(name)
    octets = from_base64(encoded, f"the signature in line {number}")
    if len(octets) < 5:
        raise Malformed([f"the signature in line {number} is too short"])
    return Signature(name, octets[:4], octets[4:])


def _message(kind: KeyType, text: str, signature: bytes) -> bytes:
    """What the key signs. For a witness the time stands before the signature and inside what is signed."""
    stamp = signature[:-SIGNATURE_BYTES]
    if kind is KeyType.LOG:
        well_formed, header = not stamp, ""
    else:
        seconds = int.from_bytes(stamp)
        well_formed, header = len(stamp) == _TIME_BYTES and seconds <= LARGEST, f"cosignature/v1\ntime {seconds}\n"
    if not well_formed or len(signature) < SIGNATURE_BYTES:
        raise NotProved(f"a signature of type {kind:02x} cannot have this length or this time")
    return (header + text).encode()
