"""Names of files. What somebody calls a file is shown, never used: it is stored under an id of ours."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote
from uuid import UUID

LONGEST: Final = 120


def stored_as(file: str) -> str:
    """Where the file of this id lies: ``ab/cd/abcd….bin``. Raises ``ValueError`` where it is not a UUID: nothing else
    can become a path."""
    name = UUID(file).hex
    return f"{name[:2]}/{name[2:4]}/{name}.bin"


def shown(name: str) -> str:
    """What may be shown of a name: its last part, on one line, without control characters or direction marks."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    kept = " ".join(kept.split())
    if len(kept) > LONGEST:
        stem, dot, ending = kept.rpartition(".")
        tail = dot + ending if stem and len(ending) <= 8 else ""
        kept = kept[: LONGEST - 1 - len(tail)] + "…" + tail
    return kept if kept.strip(". ") else "a file without a name"


def download_headers(name: str) -> dict[str, str]:
    """The headers under which a file goes to a browser: saved, never shown or run (RFC 6266, RFC 8187)."""
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(shown(name), safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
