"""ClamAV's daemon as a scanner: the command INSTREAM of its protocol (clamd(8)). The file is streamed, never written
anywhere for it."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from safehands.errors import BadInput
from safehands.files.scanning import NoScanner, Scanned, Scanner, Verdict

_PIECE: Final = 1 << 16
_LONGEST_REPLY: Final = 4096


@dataclass(frozen=True, slots=True)
class Clamd:
    """The daemon at ``address``: the path of a socket, or a host and port. ``patience`` is in seconds, for each
    step."""

    address: str | tuple[str, int]
    patience: float = 30.0

    def scan(self, octets: Iterable[bytes]) -> Scanned:
        try:
            with self._connected() as daemon:
                daemon.sendall(b"zINSTREAM\0")
                # Where the daemon has had enough it closes its side and has said why.
                with suppress(BrokenPipeError, ConnectionResetError):
                    for octet in octets:
                        for start in range(0, len(octet), _PIECE):
                            piece = octet[start : start + _PIECE]
                            daemon.sendall(struct.pack("!I", len(piece)) + piece)
                    daemon.sendall(struct.pack("!I", 0))
                return _understood(_reply(daemon))
        except OSError as fault:
            return Scanned(Verdict.NOT_SCANNED, "ClamAV", f"the scanner could not be reached ({fault})")

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.patience)
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(self.patience)
        try:
            made.connect(self.address)
        except OSError:
            made.close()
            raise
        return made


def _reply(daemon: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_REPLY:
        piece = daemon.recv(_LONGEST_REPLY)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace")


def _understood(said: str) -> Scanned:
    if said == "stream: OK":
        return Scanned(Verdict.NOTHING_FOUND, "ClamAV")
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Scanned(Verdict.FOUND, "ClamAV", said.removeprefix("stream: ").removesuffix(" FOUND"))
    if "size limit exceeded" in said:
        return Scanned(Verdict.NOT_SCANNED, "ClamAV", "the file is larger than the scanner reads")
    return Scanned(Verdict.NOT_SCANNED, "ClamAV", f"the scanner answered {said!r}")


def scanner_of(setting: str) -> Scanner:
    """The scanner that the setting ``SAFEHANDS_SCANNER`` names: nothing, ``clamd:/run/clamav/clamd.ctl`` or
    ``clamd:host:3310``. Raises ``BadInput`` for anything else."""
    if not setting:
        return NoScanner()
    kind, _, where = setting.partition(":")
    host, _, port = where.rpartition(":")
    if kind == "clamd" and where.startswith("/"):
        return Clamd(where)
    if kind == "clamd" and host and port.isdecimal() and 0 < int(port) < 65_536:
        return Clamd((host, int(port)))
    raise BadInput(
        [f"SAFEHANDS_SCANNER is {setting!r}: write clamd:/path/of/its/socket or clamd:host:port, or nothing."]
    )
