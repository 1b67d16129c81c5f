"""The keys that lie outside the database, in one folder that only its owner can open.

================  =====================================================================================================
master.key        the master key: 32 random bytes, in hexadecimal
master.next       the next master key, while a rotation is under way (or was cut short: the next rotation uses it)
slots.bin         slots of 32 random bytes, made in blocks of 4,096; a slot and the master key make the key that wraps
                  one stream's key. Overwriting a slot erases for good what was under it, in every backup of the
                  database
ledger.key        the origin of the log and the seed of its Ed25519 key
last-checkpoint   the last checkpoint that this key has signed: what a restored database is compared with
================  =====================================================================================================

Every file has mode 0600 in a folder of mode 0700, is written whole or not at all, and is refused when others could read
it. A copy of ``slots.bin`` kept as an archive would bring back what was erased: mirror it, never archive it.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safehands.errors import LedgerFault
from safehands.ledger.faults import Malformed
from safehands.ledger.note import KeyType, Signer

KEY_BYTES: Final = 32
SLOT_BYTES: Final = 32
SLOTS_IN_A_BLOCK: Final = 4096
_SHREDDED: Final = bytes(SLOT_BYTES)
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


class KeyFault(LedgerFault):
    """A key is missing, can be read by others, or is not the one that the database was written with."""


class Keys:
    """The folder of keys. ``Keys.create`` makes it (or opens what another process has just made), ``Keys`` opens it."""

    def __init__(self, folder: Path) -> None:
        """Raises ``KeyFault`` naming the file that is missing, loose or broken."""
        self.folder = folder
        slots = folder / "slots.bin"
        try:
            _check_folder(folder)
            _check_file(slots)
        except FileNotFoundError as missing:
            raise KeyFault(f"{missing.filename} is missing: put it back from its mirror") from None
        self._master = _read_key(folder / "master.key")
        self.signer = _read_signer(folder / "ledger.key")
        self._slots = os.open(slots, os.O_RDWR | os.O_CLOEXEC)

    @classmethod
    def create(cls, folder: Path, origin: str) -> Keys:
        """Make what is not there yet. Two processes that do so at once end with the same keys."""
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        _check_folder(folder)
        _write_once(folder / "master.key", os.urandom(KEY_BYTES).hex().encode() + b"\n")
        _write_once(folder / "ledger.key", f"{origin}\n{os.urandom(KEY_BYTES).hex()}\n".encode())
        _write_once(folder / "slots.bin", b"")
        return cls(folder)

    def close(self) -> None:
        """Let go of the slots' file. A second time does nothing."""
        if self._slots >= 0:
            os.close(self._slots)
            self._slots = -1

    # ------------------------------------------------------------------------------------------ wrapping keys

    @property
    def master_id(self) -> str:
        """Tells master keys apart; says nothing about the key."""
        return _id_of(self._master)

    def derive(self, purpose: str, salt: bytes = b"") -> bytes:
        """``derive`` from the master key in force."""
        return derive(self._master, purpose, salt)

    def wrapping_key(self, slot: int) -> bytes | None:
        """The key that wraps the keys of this slot's stream; None once the slot was shredded."""
        content = self._slot(slot)
        return None if content is None else derive(self._master, "safehands stream key", content)

    def ready(self, slots: Iterable[int]) -> list[int]:
        """Those of ``slots`` that can be used for a new key: made, on the disk, and never shredded."""
        wanted = list(slots)
        self._make_slots(max(wanted) + 1)
        return [slot for slot in wanted if self._slot(slot) is not None]

    def shred(self, slots: Iterable[int]) -> None:
        """Overwrite the content of ``slots`` and wait until the disk has it. Doing it twice does no harm."""
        for slot in slots:
            os.pwrite(self._slots, _SHREDDED, slot * SLOT_BYTES)
        os.fsync(self._slots)

    def _slot(self, slot: int) -> bytes | None:
        content = os.pread(self._slots, SLOT_BYTES, slot * SLOT_BYTES)
        if len(content) < SLOT_BYTES:
            raise KeyFault(f"{self.folder / 'slots.bin'} is shorter than the database needs (slot {slot})")
        return None if content == _SHREDDED else content

    def _make_slots(self, needed: int) -> None:
        """At least ``needed`` slots, in whole blocks. One process at a time; a block cut short by a crash is filled
        up."""
        if os.fstat(self._slots).st_size >= needed * SLOT_BYTES:
            return
        fcntl.flock(self._slots, fcntl.LOCK_EX)
        try:
            block = SLOTS_IN_A_BLOCK * SLOT_BYTES
            end = -(-needed * SLOT_BYTES // block) * block
            size = os.fstat(self._slots).st_size
            if size < end:
                os.pwrite(self._slots, os.urandom(end - size), size)
                os.fsync(self._slots)
        finally:
            fcntl.flock(self._slots, fcntl.LOCK_UN)

    # ----------------------------------------------------------------------------------------------- rotation

    def begin_rotation(self) -> tuple[str, bytes]:
        """Make (or find) the next master key: its id, and its bytes for ``rotated``. The present one stays in force."""
        _write_once(self.folder / "master.next", os.urandom(KEY_BYTES).hex().encode() + b"\n")
        coming = _read_key(self.folder / "master.next")
        return _id_of(coming), coming

    def wrapping_key_under(self, master: bytes, slot: int) -> bytes | None:
        """As ``wrapping_key``, under another master key."""
        content = self._slot(slot)
        return None if content is None else derive(master, "safehands stream key", content)

    def masters_on_disk(self) -> list[bytes]:
        """The master key in force as it lies on the disk, and the next one while a rotation is under way."""
        return [_read_key(path) for path in (self.folder / "master.key", self.folder / "master.next") if path.exists()]

    def settle_rotation(self, in_force: str) -> None:
        """After a rotation (also one by another process, or cut short): use the master key that the database was
        written with.

        Raises ``KeyFault`` where neither the present nor the next key on the disk is the one ``in_force``.
        """
        masters = {_id_of(master): master for master in self.masters_on_disk()}
        if in_force not in masters:
            raise KeyFault(
                f"the database was written with master key {in_force}, and {self.folder} holds {', '.join(masters)}: "
                "content cannot be read without it; proofs still verify"
            )
        self._master = masters[in_force]
        # A next key that is not in force stays: another process may be about to put it in force.
        if in_force != _id_of(_read_key(self.folder / "master.key")):
            with suppress(FileNotFoundError):  # another process has just done it
                os.replace(self.folder / "master.next", self.folder / "master.key")
            _sync(self.folder)

    # ------------------------------------------------------------------------------------------- the checkpoint

    def last_checkpoint(self) -> str | None:
        """The text of the last checkpoint that was signed with this folder's key."""
        path = self.folder / "last-checkpoint"
        try:
            _check_file(path)
            return path.read_text("utf-8")
        except FileNotFoundError:
            return None

    def keep_checkpoint(self, signed: str) -> None:
        """Keep the text of a checkpoint before it is shown to anybody."""
        write_private(self.folder / "last-checkpoint", signed.encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole or not at all, and wait until the disk has it. Replaces what was there."""
    temporary = _write_beside(path, content)
    os.replace(temporary, path)
    _sync(path.parent)


def read_private(path: Path) -> bytes:
    """Read a file that only we can read. Raises ``KeyFault`` where it is loose, ``FileNotFoundError`` where it is
    not."""
    _check_file(path)
    return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 unless there is one: whoever comes second leaves the first one's."""
    if path.exists():
        return
    temporary = _write_beside(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # somebody was quicker: theirs holds
    finally:
        temporary.unlink()
    _sync(path.parent)


def _write_beside(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE_FILE)
    with open(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_folder(path: Path) -> None:
    """Raise ``KeyFault`` unless ``path`` is a folder, ours, not a link, and closed to others."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise KeyFault(f"{path} is not a plain folder")
    _check_closed(path, found)


def _check_file(path: Path) -> None:
    """Raise ``KeyFault`` unless ``path`` is a file, ours, not a link, and closed to others."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise KeyFault(f"{path} is not a plain file")
    _check_closed(path, found)


def _check_closed(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise KeyFault(f"{path} belongs to another user")
    if found.st_mode & 0o077:
        mode = f"{stat.S_IMODE(found.st_mode):04o}"
        raise KeyFault(f"{path} is open to others (mode {mode}): close it, and change the keys")


def _read_key(path: Path) -> bytes:
    try:
        text = read_private(path).decode("ascii").removesuffix("\n")
        key = bytes.fromhex(text)
    except FileNotFoundError:
        raise KeyFault(f"{path} is missing: content cannot be read without it; proofs still verify") from None
    except ValueError:
        raise KeyFault(f"{path} does not hold a key") from None
    if len(key) != KEY_BYTES:
        raise KeyFault(f"{path} does not hold a key of {KEY_BYTES} bytes")
    return key


def _read_signer(path: Path) -> Signer:
    try:
        origin, seed = read_private(path).decode("utf-8").removesuffix("\n").split("\n")
        return Signer(origin, KeyType.LOG, bytes.fromhex(seed))
    except FileNotFoundError:
        raise KeyFault(f"{path} is missing: no checkpoint can be signed without it") from None
    except (Malformed, ValueError):
        raise KeyFault(f"{path} does not hold the log's origin and key") from None


def derive(master: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """A key of 32 bytes for one purpose, from a master key (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt, purpose.encode()).derive(master)


def _id_of(master: bytes) -> str:
    return sha256(b"safehands master key id" + master).hexdigest()[:16]
