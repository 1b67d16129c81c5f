"""Failures that need parts which are not built yet: each with what is missing and the part that brings it."""

from __future__ import annotations

from typing import Final

#: Number of the failure -> (part, what it needs).
LATER: Final[dict[int, tuple[str, str]]] = {
    21: ("B", "a delay as an event of its own, with who waits, why and for how long"),
    22: ("B", "closing for each person of a case, so that another matter cannot close the first one's"),
    25: ("B", "bookings: a warrant that many parties confirm for one time"),
    26: ("C", "the board that shows what a partner can do and how long it takes now"),
    34: ("B", "sampling of decisions for review; the tables already flag them"),
}
