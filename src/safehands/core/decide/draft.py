"""The draft of one decision: events so far, each folded in at once, so that later steps see what earlier ones did.

A draft lives inside one call of ``decide`` and nowhere else; what leaves it is the tuple of entries and the case after
them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from safehands.core.case import Case
from safehands.core.commands import Given
from safehands.core.events import CaseEvent, Entry, Envelope
from safehands.core.evolve import evolve
from safehands.core.pathway import Pathway
from safehands.core.records.events import MATERIAL_CLASSES
from safehands.core.records.folding import fact_of, noted_fact
from safehands.core.records.material import EMPTY, Fact, Material, absorb
from safehands.errors import LedgerFault


class Draft:
    """Entries in the making. ``case`` is the case after them, ``facts`` what they add to its material."""

    def __init__(self, stream: str, case: Case | None, pathway: Pathway, given: Given) -> None:
        self.stream = stream
        self.pathway = pathway
        self.given = given
        self.entries: list[Entry] = []
        self._case = case
        self._ids = 0
        self.facts: list[Fact[Any]] = []
        known = given.material is not None or case is None or case.records == 0
        self._material = (given.material or EMPTY) if known else None

    @property
    def case(self) -> Case:
        """The case as it stands after the entries so far."""
        assert self._case is not None, "the opening entry comes first"
        return self._case

    @property
    def material(self) -> Material:
        """The material of the case as it stands after the entries so far."""
        if self._material is None:
            raise LedgerFault(f"{self.stream}: this case has records, and nobody brought its material along")
        return self._material

    @property
    def knows_material(self) -> bool:
        """Whether the material was brought along, or there is none."""
        return self._material is not None

    @property
    def at(self) -> datetime:
        """When what is being written down happened, as claimed."""
        return self.given.happened_at

    def new_id(self) -> str:
        """A fresh id, made from the command's own."""
        self._ids += 1
        return self.given.new_id(self._ids)

    def add(self, event: CaseEvent, noted: Fact[Any] | None = None) -> None:
        """Append ``event`` in its envelope and fold it in. ``noted`` is what a register's entry says that it notes."""
        given = self.given
        version = 1 if self._case is None else self._case.version + 1
        envelope = Envelope(
            self.stream,
            version,
            given.recorded_at,
            given.happened_at,
            given.source,
            given.by,
            self.pathway.ref,
            given.command,
        )
        entry = Entry(envelope, event)
        self._case = evolve(self._case, entry)
        self.entries.append(entry)
        if isinstance(event, MATERIAL_CLASSES) and self._material is not None:
            fact = fact_of(entry) if noted is None else noted_fact(envelope, noted)
            self._material = absorb(self._material, fact)
            self.facts.append(fact)
