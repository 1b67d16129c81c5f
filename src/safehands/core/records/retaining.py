"""What forbids that a record is destroyed: the answer of the rulebook, and how the kernel is given it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from safehands.core.records.material import Material


@dataclass(frozen=True, slots=True)
class Block:
    """One reason why a record may not be destroyed. ``until`` is when this reason ends, where anybody can say so; the
    end of one reason permits nothing by itself. ``verified`` is false where the source is second-hand or a default."""

    rule: str
    says: str
    source: str
    until: datetime | None = None
    verified: bool = False


class Retention(Protocol):
    """The rules of retention as the kernel is given them."""

    def __call__(self, material: Material, record: str, agency: str, at: datetime) -> tuple[Block, ...]:
        """Every reason why ``agency`` may not destroy ``record`` at ``at``."""
