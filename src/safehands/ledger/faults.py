"""How the ledger complains. It has errors of its own so that this folder runs alone on an auditor's machine.

``Malformed`` is about form (it cannot be read), ``NotProved`` about substance (it can be read, and does not prove what
it claims). A caller's own mistake, such as a size below nought, is a plain ``ValueError``.
"""

from __future__ import annotations

from collections.abc import Iterable


class Malformed(ValueError):
    """Something handed to us cannot be read. ``faults`` holds one sentence for each fault found."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("Malformed needs at least one fault")
        super().__init__("; ".join(self.faults))


class NotProved(Exception):
    """A proof, a signature or a tile that can be read and does not prove what it claims. Says which and why."""
