"""The port to a malware scanner. What no scanner has read is "not scanned", and nothing is ever called clean: a scanner
can only say that it found nothing that it knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What a scanner said of a file."""

    NOT_SCANNED = "not_scanned"
    NOTHING_FOUND = "nothing_found"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A verdict, who gave it, and why or what was found. A file in which something was found is kept: it may be the
    evidence. It is handed to nobody until a named person says so."""

    verdict: Verdict
    scanner: str = ""
    detail: str = ""

    def __str__(self) -> str:
        match self.verdict:
            case Verdict.NOT_SCANNED:
                return f"Not scanned: {self.detail}."
            case Verdict.NOTHING_FOUND:
                return f"{self.scanner} found nothing that it knows."
            case Verdict.FOUND:
                return f"{self.scanner} found {self.detail}. Do not open this file."


class Scanner(Protocol):
    """Reads a file's octets and says what it found. It never raises: what cannot be scanned is not scanned."""

    def scan(self, octets: Iterable[bytes]) -> Scanned:
        """What is in ``octets``."""
        ...


@dataclass(frozen=True, slots=True)
class NoScanner:
    """No scanner is set."""

    def scan(self, octets: Iterable[bytes]) -> Scanned:  # noqa: ARG002 - the port hands it over, and nobody reads it
        return Scanned(Verdict.NOT_SCANNED, detail="this installation has no scanner")
