"""Each complaint of the evidence-review sheet's section 8 comes true again once what answers it is taken out.

Where integrity rules answer it, their stories go untold without them. Where something else does, a test that names the
complaint is played with that piece taken out, and fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from safehands.core.records import answering, knowing
from safehands.exports import schedules
from safehands.files import receiving
from safehands.pathways.calendars import shipped_calendars
from safehands.pathways.load import load
from safehands.service import material, registers
from safety.test_complaints import COMPLAINTS
from safety.test_integrity_rules_taken_out import told
from scenario import Story, alone
from spec import test_clocks_of_evidence as clocks
from spec import test_records_change_hands as hands
from unit import test_family_page as family
from unit.exports import test_schedules
from unit.files import test_receiving

#: The integrity rules that answer a complaint; each of them does so alone.
BY_RULES: Mapping[int, tuple[str, ...]] = {
    1: ("R08",),
    2: ("R17",),
    3: ("R02", "R04", "R05"),
    4: ("R15", "R18"),
    5: ("R07", "R09", "R14"),
    6: ("R08",),
    7: ("R01", "R06"),
    9: ("R11",),
    16: ("R02", "R10", "R12", "R17"),
    17: ("R03", "R05"),
    18: ("R10",),
    20: ("R03", "R11"),
}

Patch = pytest.MonkeyPatch


def in_time(clock: str, play: Callable[[Story], None], out: bool) -> None:
    """A test of the clocks, with the pathway whole or with one clock taken out of it."""
    pathway = load("evidence-review")
    left = replace(pathway, clocks=tuple(each for each in pathway.clocks if each.id != clock or not out))
    play(alone(left, calendars=shipped_calendars()))


def kept_informed(_: Patch, __: Path, *, out: bool) -> None:
    in_time("code_step", clocks.test_a_victim_with_enhanced_rights_is_told_within_one_working_day, out)


def charged_in_time(_: Patch, __: Path, *, out: bool) -> None:
    in_time("charging", clocks.test_a_charging_target_that_nobody_set_is_the_shortest, out)


def both_sides_see(patch: Patch, _: Path, *, out: bool) -> None:
    """Without stubs the other side does not know what there is; with everything described it knows too much."""
    if out:
        patch.setattr(material, "listed_to", lambda all_of_it, _: frozenset(all_of_it.records))
    hands.test_what_one_agency_holds_another_knows_to_exist_and_no_more()


def sent_before(patch: Patch, _: Path, *, out: bool) -> None:
    if out:
        patch.setattr(answering, "_suggestion", lambda *_: (None, None))
    hands.test_a_record_from_its_making_to_the_decision_that_rests_on_it()


def filled_in_already(patch: Patch, _: Path, *, out: bool) -> None:
    if out:
        patch.setattr(registers, "prefilled", lambda *_: ())
    hands.test_a_record_from_its_making_to_the_decision_that_rests_on_it()


def any_size(patch: Patch, folder: Path, *, out: bool) -> None:
    if not settings.configured:
        settings.configure()
    if out:
        patch.setattr(receiving, "PIECE", 192 << 20)
    test_receiving.test_memory_does_not_grow_with_the_file(folder)


def lists_with_meaning(patch: Patch, _: Path, *, out: bool) -> None:
    if out:
        patch.setattr(schedules, "_EMPTY_WORDS", frozenset())
    test_schedules.test_a_description_without_content_is_told("Various papers and other items")


def purpose_bound(patch: Patch, _: Path, *, out: bool) -> None:
    """A page of the family that read the log of looking would have to reach the store."""
    if out:
        patch.setattr(inspect, "getsource", lambda _: "from safehands.store.ports import Store\n")
    family.test_nothing_on_it_comes_from_the_log_of_looking()


#: What else answers a complaint: a test, played with the piece in (``out=False``) or taken out.
BY_PIECES: Mapping[int, Callable[..., None]] = {
    8: kept_informed,
    10: both_sides_see,
    11: sent_before,
    12: filled_in_already,
    13: any_size,
    14: lists_with_meaning,
    15: charged_in_time,
    19: purpose_bound,
}


def test_each_complaint_has_something_that_can_be_taken_out() -> None:
    assert {*BY_RULES, *BY_PIECES} == set(COMPLAINTS)
    assert not BY_RULES.keys() & BY_PIECES.keys()


@pytest.mark.parametrize(("number", "rule"), [(n, rule) for n, rules in BY_RULES.items() for rule in rules])
def test_without_the_rule_nobody_is_told(number: int, rule: str) -> None:
    assert told(rule), COMPLAINTS[number].says
    assert not told(rule, without=rule)


@pytest.mark.parametrize("number", BY_PIECES)
def test_without_the_piece_its_own_test_fails(number: int, monkeypatch: Patch, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    BY_PIECES[number](monkeypatch, tmp_path / "whole", out=False)
    with pytest.raises((AssertionError, KeyError)):
        BY_PIECES[number](monkeypatch, tmp_path, out=True)


def test_what_is_listed_to_an_agency_is_not_everything() -> None:
    """The piece that complaint 10 takes out is the kernel's own."""
    assert material.listed_to is knowing.listed_to
