"""Strict readers. Whatever has two spellings is refused: a second spelling is room for two stories about one file."""

from __future__ import annotations

import base64
import binascii
import json
from math import isfinite
from typing import TypeAlias

from .faults import Malformed

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

MAX_DECIMAL_DIGITS = 19
"""As many digits as 2**63 - 1 has: sizes, positions and POSIX times are signed 64-bit numbers in other verifiers."""

LARGEST = 2**63 - 1


def to_base64(octets: bytes) -> str:
    """RFC 4648 section 4, padded, no line breaks."""
    return base64.b64encode(octets).decode("ascii")


def from_base64(text: str, what: str, length: int | None = None) -> bytes:
    """Read canonical base64 (RFC 4648 section 4): padded, no white space, no stray bits in the last character.

    ``length`` is the number of octets there must be. Raises ``Malformed`` that names ``what``.
    """
    try:
        octets = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Malformed([f"{what} is not base64"]) from None
    if to_base64(octets) != text:
        raise Malformed([f"{what} is base64 in a form that is not canonical"])
    if length is not None and len(octets) != length:
        raise Malformed([f"{what} has {len(octets)} bytes and must have {length}"])
    return octets


def from_decimal(text: str, what: str) -> int:
    """Read an ASCII decimal from 0 to 2**63 - 1 without sign or leading noughts (C2SP tlog-checkpoint)."""
    plain = text.isascii() and text.isdigit() and len(text) <= MAX_DECIMAL_DIGITS
    if not plain or (text[0] == "0" and text != "0") or int(text) > LARGEST:
        raise Malformed([f"{what} is not a plain decimal number: {text[:40]!r}"])
    return int(text)


def from_json(octets: bytes, what: str) -> Json:
    """Read UTF-8 JSON (RFC 8259) that means one thing only: no key twice in an object, no NaN, no infinity, no half of
    a surrogate pair (RFC 7493 section 2.1).

    Two readers of ``{"to":"A","to":"B"}`` can see two different holders, so such a document is ``Malformed``.
    """

    def once_each(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        read = dict(pairs)
        if len(read) != len(pairs):
            raise Malformed([f"{what} has the same key twice in one object"])
        return read

    def no_such_number(name: str) -> Json:
        raise Malformed([f"{what} holds {name}, which is not a JSON number"])

    def finite(number: str) -> Json:
        return float(number) if isfinite(float(number)) else no_such_number(number)

    try:
        read: Json = json.loads(
            octets.decode("utf-8"), object_pairs_hook=once_each, parse_constant=no_such_number, parse_float=finite
        )
        if b"\\u" in octets:  # only an escape can smuggle in half a pair
            json.dumps(read, ensure_ascii=False).encode("utf-8")
    except Malformed:
        raise
    except UnicodeError:
        raise Malformed([f"{what} is not UTF-8"]) from None
    except RecursionError:
        raise Malformed([f"{what} is nested too deeply to read"]) from None
    except ValueError:
        raise Malformed([f"{what} is not JSON"]) from None
    return read
