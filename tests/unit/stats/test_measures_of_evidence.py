"""The measures of evidence and review: from what was done in a case to the published share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from evidence import CPS, NSP, Matter
from safehands.core.records import commands as r
from safehands.core.records.vocabulary import Mode, RecordKind
from safehands.errors import BadInput
from safehands.stats.frame import InMemory
from safehands.stats.measures.declared import Period, Result, Vintage
from safehands.stats.measures.evidence import MEASURES, evidence_results
from unit.stats.given_facts import Facts

PATHWAY = "right-care"


def results(facts: object, *numbers: int) -> list[Result]:
    engine = InMemory(facts)  # type: ignore[arg-type]  # rows as the store gives them
    return list(evidence_results(engine, Vintage(0), pathway=PATHWAY, numbers=numbers or None))


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00+00:00")


def shares(found: list[Result]) -> dict[str | None, tuple[Decimal | None, int | None, int]]:
    return {each.category: (each.value, each.base, each.unknown) for each in found}


def test_a_story_becomes_figures() -> None:
    matter = Matter()
    matter.invites()
    matter.registers("T", RecordKind.TRANSCRIPT_FULL)
    matter.shares("T")
    matter.asks("q1")
    matter.decides("D1", ("T", Mode.READ_FULL), legacy=True, reasons="")
    matter.does(CPS, r.AcknowledgeConcern("R02/T", "ok"))
    facts = matter.service.store.facts()
    orphans = results(facts, 102)
    assert [(each.value, each.base) for each in orphans] == [(Decimal(1), 1), (Decimal("1.0000"), 1)]
    waved = results(facts, 103)
    assert [(each.category, each.value) for each in waved] == [("R02", Decimal("1.0000"))]
    assert waved[0].note == "R02: above 0.20. Look at this rule's condition again."
    assert shares(results(facts, 101)) == {NSP.agency: (Decimal("0.0000"), 1, 1)}


def test_a_derivative_whose_source_turned_up_is_not_open() -> None:
    matter = Matter()
    matter.registers("T", RecordKind.TRANSCRIPT_FULL)
    matter.registers("AB1", RecordKind.VIDEO_INTERVIEW)
    matter.derives("T", "AB1")
    count, share = results(matter.service.store.facts(), 102)
    assert (count.value, share.value, share.base) == (Decimal(0), Decimal("0.0000"), 1)


def test_an_answer_counts_when_it_is_complete_and_by_its_day() -> None:
    facts = Facts()
    for case, answer in (("a", "2026-02-10"), ("b", "2026-02-12"), ("c", None), ("d", None), ("e", "2026-02-01")):
        facts.add("opened", case, name=PATHWAY)
        due = {"about": f"q{case}", "agency": NSP.agency, "day": "2026-02-11"}
        facts.add("request_due", case, happened_at=noon("2026-02-11"), **due)
        if answer is not None:
            code = "incomplete" if case == "e" else "complete"
            facts.add("request_answered", case, about=f"q{case}", code=code, happened_at=noon(answer))
    facts.add("concern", "c", code="R06", about="R06/qc")
    facts.add("opened", "f", name=PATHWAY)
    facts.add("request_due", "f", about="qf", agency=NSP.agency, happened_at=noon("2026-02-11"))
    facts.add("request_withdrawn", "f", about="qf")
    # a in time, b late, c overdue; of d and e (answered in part) nobody knows yet; f was withdrawn.
    assert shares(results(facts.rows, 101)) == {NSP.agency: (Decimal("0.2000"), 5, 2)}


def test_a_letter_is_on_time_late_or_still_owed() -> None:
    facts = Facts()
    facts.add("opened", "a", name=PATHWAY)
    for clock in ("k1", "k2", "k3", "k4"):
        facts.add("letter_owed", "a", about=clock, code="code_stopped")
    facts.add("letter_sent", "a", about="k1", code="code_stopped")
    facts.add("letter_late", "a", about="k2", code="code_stopped")
    facts.add("letter_late", "a", about="k3", code="code_stopped")
    facts.add("letter_sent", "a", about="k3", code="code_stopped")
    assert shares(results(facts.rows, 104)) == {"code_stopped": (Decimal("0.2500"), 4, 1)}


def test_a_rule_under_the_line_is_left_alone() -> None:
    facts = Facts()
    facts.add("opened", "a", name=PATHWAY)
    for number in range(5):
        facts.add("concern_acknowledged", "a", code="R14", name="no_reason" if number == 0 else "reasoned")
    (found,) = results(facts.rows, 103)
    assert (found.value, found.note) == (Decimal("0.2000"), "")


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        list(evidence_results(InMemory(()), Vintage(0), numbers=(9,), cut="sex"))
    assert len(refused.value.faults) == 2
    assert all(each.definition and each.numerator and each.sources for each in MEASURES.values())
    assert list(evidence_results(InMemory(()), Vintage(0), period=Period(None, None), cut="agency")) == []
