"""Who held a record from when to when, as its register and the statements about it say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safehands.core.records.reading import Reading, made_at


@dataclass(frozen=True, slots=True)
class Spell:
    """An agency held a record from ``start`` until before ``end`` (None: still)."""

    agency: str
    start: datetime
    end: datetime | None


def held_spells(reading: Reading, record: str) -> tuple[Spell, ...]:
    """The spells of holding of ``record``, agency by agency; at every instant they say what ``reading.holding``
    says."""
    spells: list[Spell] = []
    registered = reading.record(record)
    for agency in reading.speakers(record):
        instants = {said.at for said in reading.said_of(record, agency)}
        if registered is not None:
            instants.add(made_at(registered))
        start: datetime | None = None
        for at in sorted(instants):
            holds = reading.holding(record, agency, at) is not None
            if holds and start is None:
                start = at
            elif not holds and start is not None:
                spells.append(Spell(agency, start, at))
                start = None
        if start is not None:
            spells.append(Spell(agency, start, None))
    return tuple(spells)
