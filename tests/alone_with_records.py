"""Registers and material through the core alone, in plain dictionaries: what the service has to come to as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from safehands.core.calendar import Calendar
from safehands.core.commands import Command, Given
from safehands.core.decide import Decided, decide
from safehands.core.events import Entry, Envelope
from safehands.core.records import commands as r
from safehands.core.records.folding import fact_of
from safehands.core.records.material import EMPTY, Material, absorb_all
from safehands.core.records.register import cases_touched, decide_register
from safehands.core.records.telling import Change, notes_for, stream_of
from safehands.core.vocabulary import Answer
from safehands.errors import NotFound
from safehands.pathways.calendars import shipped_calendars
from safehands.rulebook.integrity import INTEGRITY
from safehands.rulebook.retention import may_dispose
from scenario import Alone, Sent, Story, case_id, right_care


class AloneWithRecords(Alone):
    """The core, with the material of each case and each agency's register. ``head`` is what stands in for a ledger."""

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        super().__init__(right_care(), calendars)
        self.head: Callable[[], tuple[int, str]] = lambda: (0, "")
        self._known: dict[str, Decided] = {}
        self._registers: dict[str, Material] = {}

    def _decide(
        self, sent: Sent, name: str, command: Command, known: Mapping[str, tuple[Answer, ...]], *, searched: bool
    ) -> tuple[Entry, ...]:
        given = Given(
            sent.id, sent.now, sent.now, sent.by, sent.happened_at, sent.source, known, searched, self.calendars
        )
        return self._decided(name, command, given, linked=name != sent.name)

    def _decided(self, name: str, command: Any, given: Given, *, linked: bool = False) -> tuple[Entry, ...]:
        """Of a case that is linked back to, nobody brings the material along."""
        case, last = self._cases.get(name), self._known.get(name)
        if not linked:
            given = replace(given, integrity=INTEGRITY)
            if last is not None and case is not None and case.records:
                given = replace(given, material=last.material, standing=last.findings)
            if isinstance(command, r.AnswerRequest | r.AttestNothingFurther):
                given = replace(given, own=self._registers.get(given.by.agency, EMPTY))
            if isinstance(command, r.DecideOnMaterial):
                size, root = self.head()
                given = replace(given, size=size, root=root)
        decided = decide(command, f"case/{case_id(name)}", case, self.pathway, given)
        self._entries[name] = (*self._entries.get(name, ()), *decided.entries)
        self._cases[name] = decided.case
        if decided.material is not None:
            self._known[name] = decided
        return decided.entries

    def enters(self, command_id: str, story: Story, by: Any, command: r.RegisterCommand) -> tuple[str, ...]:
        """Write to the register of ``by``'s agency and tell the cases; answers with the streams that were told."""
        own = self._registers.get(by.agency, EMPTY)
        touched = cases_touched(command, own)
        names = {f"case/{case_id(name)}": name for name in self._cases}
        missing = [each for each in touched if each not in names or not self._may(by.agency, names[each])]
        if missing:
            raise NotFound(f"There is no such case, or your agency has no standing in it: {', '.join(missing)}.")
        materials = {each: self._material(names[each]) for each in touched}
        given = Given(command_id, story.now, story.now, by, story.now, calendars=self.calendars)
        events = decide_register(command, own, materials, replace(given, retention=may_dispose))
        stream = stream_of(by.agency)
        envelopes = (
            Envelope(stream, own.size + n, story.now, story.now, given.source, by, None, command_id)
            for n in range(1, len(events) + 1)
        )
        facts = tuple(fact_of(Entry(*each)) for each in zip(envelopes, events, strict=True))
        after = absorb_all(facts, own)
        change = Change(by.agency, own, after, facts)
        notes = {each: notes_for(each, change, material) for each, material in materials.items()}
        before = (dict(self._cases), dict(self._entries), dict(self._known))
        try:
            for each, said in notes.items():
                if said:
                    self._decided(names[each], r.NoteMaterial(said), given)
        except BaseException:
            self._cases, self._entries, self._known = before
            raise
        self._registers[by.agency] = after
        return tuple(each for each, said in notes.items() if said)

    def _may(self, agency: str, name: str) -> bool:
        return agency in self._cases[name].standing()

    def _material(self, name: str) -> Material:
        known = self._known.get(name)
        return known.material if known is not None and known.material is not None else EMPTY


def alone_with_records() -> Story:
    """A story through the core alone, with registers."""
    return Story(AloneWithRecords(shipped_calendars()), right_care())
