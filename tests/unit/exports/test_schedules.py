"""Schedules of unused material: numbers that run on, blocks, descriptions that say nothing, documents."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from safehands.core.records import events as e
from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import (
    Form,
    RecordKind,
    Relevance,
    ScheduleDecision,
    ScheduleItem,
    Sensitivity,
    Use,
)
from safehands.exports.schedule_document import schedule_pdf
from safehands.exports.schedules import lines_of, lint, listed, next_number, numbering_faults, proposed, schedule_csv
from unit.exports.replay import POLICE, day, fact, numbered, record


def unused(name: str, kind: RecordKind = RecordKind.CCTV, **more: Any) -> Fact[Any]:
    told = {
        "relevance": Relevance.RELEVANT,
        "use": Use.UNUSED_NONSENSITIVE,
        "description": f"What {name} shows of the yard between 9 and 10 at night",
    }
    made = replace(record(name, kind, "2024-01-01"), **(told | more))
    return fact(made, "2024-01-01")


def served(name: str, *items: ScheduleItem, form: Form = Form.MG6C, **more: Any) -> Fact[Any]:
    event = e.ScheduleServed(name, form, POLICE, day("2024-02-01"), items, "disclosure officer", **more)
    return fact(event, "2024-02-01")


def item(number: int, name: str) -> ScheduleItem:
    return ScheduleItem(number, name, f"What {name} shows of the yard between 9 and 10 at night")


def test_a_continuation_goes_on_from_the_last_number() -> None:
    material = numbered([unused("A"), unused("B"), served("S1", item(1, "A"), item(2, "B")), unused("C")])
    assert next_number(material, Form.MG6C) == 3
    assert [(line.number, line.record) for line in proposed(material, Form.MG6C)] == [(3, "C")]
    assert listed(material, Form.MG6C) == {"A": 1, "B": 2}


def test_a_first_schedule_begins_with_one() -> None:
    assert next_number(numbered([]), Form.MG6D) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"relevance": Relevance.NOT_RELEVANT},
        {"use": Use.EVIDENCE},
        {"use": Use.UNUSED_SENSITIVE},
        {"use": Use.UNASSESSED},
        {"sensitivity": Sensitivity.HIGHLY_SENSITIVE},
    ],
)
def test_what_belongs_elsewhere_is_not_on_mg6c(more: dict[str, Any]) -> None:
    assert proposed(numbered([unused("A", **more)]), Form.MG6C) == ()


def test_what_is_on_the_other_form_is_not_listed_twice() -> None:
    facts = [unused("A"), served("S1", item(1, "A"), form=Form.MG6D)]
    assert proposed(numbered(facts), Form.MG6C) == ()


def test_things_of_one_kind_stand_as_one_block_and_each_is_named_in_it() -> None:
    material = numbered([unused("A"), unused("B"), unused("N", RecordKind.EMAIL)])
    (block, alone) = proposed(material, Form.MG6C, blocks=[RecordKind.CCTV])
    assert block.quantity == 2
    assert "A, B" in block.description
    assert (alone.record, alone.number) == ("N", 2)


def test_a_block_that_was_served_is_not_proposed_again() -> None:
    facts = [unused("A"), unused("B")]
    block = proposed(numbered(facts), Form.MG6C, blocks=[RecordKind.CCTV])
    assert proposed(numbered([*facts, served("S1", *block)]), Form.MG6C, blocks=[RecordKind.CCTV]) == ()


def test_doubled_and_missing_numbers_are_told() -> None:
    material = numbered(
        [
            served("S1", item(1, "A"), item(3, "B")),
            served("S2", item(3, "C")),
            served("S3", item(9, "D"), form=Form.MG6D),
        ]
    )
    assert numbering_faults(material, Form.MG6C) == (
        "S1: number 3 stands where 2 is due",
        "S2: number 3 stands where 4 is due",
    )


@pytest.mark.parametrize("description", ["", "   ", "MG11", "form MG 11", "MG11(T)", "Misc 12"])
def test_a_description_that_is_no_description_is_a_gap(description: str) -> None:
    assert [each.blocks for each in lint("A", description)] == [True]


@pytest.mark.parametrize("description", ["Email", "Copy of a document", "Various papers and other items", "Note"])
def test_a_description_without_content_is_told(description: str) -> None:
    assert [each.blocks for each in lint("A", description)] == [False]


def test_short_forms_are_told_and_the_common_ones_are_not() -> None:
    (found,) = lint("A", "ROVI of the neighbour about the CCTV at the gate, MG11 attached")
    assert "ROVI" in found.sentence
    assert "CCTV" not in found.sentence


def test_a_block_under_the_name_of_one_thing_is_told() -> None:
    assert lint("A", "A photograph of the broken gate", quantity=12)[0].blocks is False


def test_a_description_that_says_enough_is_left_alone() -> None:
    assert lint("A", "Photographs of the broken gate at the yard, taken that morning", quantity=12) == ()


def schedule() -> tuple[Material, e.ScheduleServed]:
    event = e.ScheduleServed(
        "S1",
        Form.MG6C,
        POLICE,
        day("2024-02-01"),
        (ScheduleItem(1, "A", '=1+1 #strong[marked up] "quoted"', "Store B", quantity=3),),
        "disclosure officer",
        continues="S0",
        with_certificate=True,
    )
    answer = e.ScheduleItemDecided("S1", 1, ScheduleDecision.INSPECT, "may help", "P1", day("2024-02-03"))
    return numbered([unused("A"), fact(event, "2024-02-01"), fact(answer, "2024-02-03")]), event


def test_the_csv_runs_nothing_and_holds_the_answer() -> None:
    material, event = schedule()
    (line,) = csv.DictReader(io.StringIO(schedule_csv(material, event).decode()))
    assert line["description"].startswith("'=1+1")
    assert (line["decision"], line["quantity"]) == ("I", "3")
    assert lines_of(material, event)[0].decision_reason == "may help"


@pytest.mark.slow
@pytest.mark.parametrize("form", list(Form))
def test_each_form_is_a_tagged_pdf_whatever_stands_in_it(form: Form) -> None:
    material, event = schedule()
    octets = schedule_pdf(
        material, replace(event, form=form, refers_to=(1,), why="it contradicts"), case="NS/2004/0417"
    )
    assert octets.startswith(b"%PDF-")
    assert b"pdfuaid" in octets


@pytest.mark.slow
def test_a_report_that_points_at_nothing_says_so() -> None:
    material, event = schedule()
    empty = replace(event, form=Form.MG6E, items=(), continues=None, with_certificate=False)
    assert schedule_pdf(material, empty, case="NS/2004/0417").startswith(b"%PDF-")
