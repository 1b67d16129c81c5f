"""A concern whose own clock cannot be reckoned: nobody keeps the calendar, and that is said in the same breath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from evidence import MADE, NSP, Few
from safehands.core.calendar import Calendar
from safehands.core.records import commands as r
from safehands.core.records.findings import Finding, Findings
from safehands.core.records.material import Material
from safehands.core.records.vocabulary import RecordKind
from safehands.pathways.load import load
from safehands.service.registers import RegisterRequest, enter
from scenario import InUse, case_id, in_use


class FoundLater(Few):
    """One rule: somebody has to weigh every record."""

    def evaluate(self, material: Material, at: datetime, calendars: Mapping[str, Calendar]) -> Findings:
        found = (
            Finding("R03", "a", 2, record, (fact.seq,), at, records=(record,))
            for record, fact in material.records.items()
        )
        return {each.concern: each for each in found}


def test_a_concern_with_a_deadline_that_no_calendar_knows_brings_a_second_concern_at_once() -> None:
    story = in_use(load("evidence-review"))
    engine = story.engine
    assert isinstance(engine, InUse)
    engine.service = replace(engine.service, integrity=FoundLater(), calendars={})
    story.at("10:00").opens(NSP, said={"matter": "question"})
    engine.clock.move_to(story.now)
    stream = f"case/{case_id(story.name)}"
    command = r.RegisterRecord("AB1", "AB1", RecordKind.CCTV, "a tape", MADE, cases=(stream,))
    enter(engine.service, RegisterRequest("r1", command, NSP))
    (clock,) = (each for each in story.case.clocks.values() if each.spec == "assess_effect")
    assert clock.due_at is None
    assert f"due_unknown/{clock.clock}" in {each.concern for each in story.case.open_concerns()}
