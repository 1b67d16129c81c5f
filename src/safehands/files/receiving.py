"""The way in for a digital file: hashed as it comes, stored under our id, read again, scanned. Memory does not grow
with it.

What is told of a file is told of what *lies there*: it is read once more after it was stored, and the hash on receipt
is of that reading. A hash that the sender gave is held beside it; where they differ the file is kept all the same, and
the receipt says so (rule R07): nothing that arrived is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from django.core.files.base import File
from django.core.files.storage import Storage

from safehands.errors import BadInput, LedgerFault
from safehands.files.names import shown, stored_as
from safehands.files.scanning import NoScanner, Scanned, Scanner

PIECE: Final = 1 << 20

#: The scanner of an installation that has none.
NONE: Final = NoScanner()


@dataclass(frozen=True, slots=True)
class Digest:
    """What fixes a file's content: its SHA-256 as 64 hexadecimal digits, and its size in octets."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Received:
    """A file that lies in the store. ``stored_as`` is its name there, ``name`` what may be shown of its own.

    ``as_sent`` says whether its hash is the one that the sender gave; None where none was given.
    """

    stored_as: str
    name: str
    digest: Digest
    as_sent: bool | None
    scanned: Scanned


class _Hashed(File):  # type: ignore[type-arg] # django-stubs' File is generic, Django's is not
    """A file that is hashed as the storage reads it, and stops where it grows too large."""

    def __init__(self, source: BinaryIO, name: str, largest: int | None) -> None:
        super().__init__(source, name)
        self._source = source
        self._largest = largest
        self._hash = sha256()
        self._count = 0

    @property
    def digest(self) -> Digest:
        return Digest(self._hash.hexdigest(), self._count)

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(PIECE if size < 0 else size)
        self._hash.update(piece)
        self._count += len(piece)
        if self._largest is not None and self._count > self._largest:
            raise BadInput([f"The file is larger than {self._largest} octets, which is all that is taken here."])
        return piece

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while piece := self.read(chunk_size or PIECE):
            yield piece

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0) -> int:
        """Only to where it already is: at the beginning, before anything was read."""
        if (offset, whence, self._count) != (0, 0, 0):
            raise OSError("this file is read once, from its beginning to its end")
        return 0


def receive(
    source: BinaryIO,
    storage: Storage,
    file: str,
    *,
    name: str = "",
    sha256_sent: str | None = None,
    scanner: Scanner = NONE,
    largest: int | None = None,
) -> Received:
    """Take a file in under the id ``file`` (a UUID from the service's clock).

    Raises ``BadInput`` where it is empty, larger than ``largest`` octets, or the sender's hash is no SHA-256;
    ``LedgerFault`` where what was stored is not what came. Nothing is left in the store then.
    """
    sent = _hash_given(sha256_sent)
    place = stored_as(file)
    if storage.exists(place):
        raise BadInput([f"There is a file of the id {file} already."])
    content = _Hashed(source, place, largest)
    kept = place
    try:
        kept = storage.save(place, content)
        if content.digest.size == 0:
            raise BadInput(["The file is empty."])
        digest = digest_of(storage, kept)
        if kept != place or digest != content.digest:
            raise LedgerFault("What was stored is not what came: the disk or the bucket cannot be relied on.")
    except BaseException:
        storage.delete(kept)
        raise
    with storage.open(kept) as stored:
        scanned = scanner.scan(stored.chunks(PIECE))
    return Received(kept, shown(name), digest, None if sent is None else sent == digest.sha256, scanned)


def digest_of(storage: Storage, place: str) -> Digest:
    """The digest of what lies at ``place`` now: for a fixity check (R07). Raises ``FileNotFoundError``."""
    found, count = sha256(), 0
    with storage.open(place) as stored:
        for piece in stored.chunks(PIECE):
            found.update(piece)
            count += len(piece)
    return Digest(found.hexdigest(), count)


def _hash_given(text: str | None) -> str | None:
    if text is None:
        return None
    plain = text.strip().lower()
    if len(plain) != 64 or set(plain) - set("0123456789abcdef"):
        raise BadInput(["The hash that was sent with the file is not a SHA-256: 64 hexadecimal digits."])
    return plain
