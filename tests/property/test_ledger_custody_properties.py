"""The auditor against a clock that looks at every second, and against honest cases with one fault planted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safehands.ledger.custody import Entry, audit
from safehands.ledger.instants import read_instant, write_instant
from safehands.ledger.spans import Span, covered, total, uncovered

START = read_instant("2026-11-22T00:00:00Z")
SECOND = 1_000_000
AGENCIES = ("POL", "AMB", "NHS", "CRI")

SPANS = st.lists(st.builds(Span, st.integers(0, 30), st.integers(0, 30)), max_size=6)


def instants_in(spans: list[Span]) -> set[int]:
    return {instant for span in spans for instant in range(span.start, span.end)}


@settings(deadline=None)
@given(SPANS, st.integers(1, 3))
def test_covered_is_what_a_clock_would_count(spans: list[Span], times: int) -> None:
    found = covered(spans, times)
    wanted = {instant for instant in range(31) if sum(s.start <= instant < s.end for s in spans) >= times}
    assert instants_in(found) == wanted
    assert total(found) == len(wanted)
    assert found == sorted(found)
    assert all(earlier.end < later.start for earlier, later in pairwise(found))


@settings(deadline=None)
@given(SPANS, SPANS)
def test_uncovered_is_what_a_clock_would_count(wanted: list[Span], spans: list[Span]) -> None:
    found = uncovered(wanted, spans)
    assert instants_in(found) == instants_in(wanted) - instants_in(spans)
    assert total(found) == len(instants_in(found))


@st.composite
def honest_cases(draw: st.DrawFn) -> list[Entry]:
    """A case that was opened, moved by offers and by assuming, closed and reopened, each at its own second."""
    entries: list[Entry] = []
    clock = START

    def add(type_: str, content: dict[str, Any]) -> None:
        entries.append(
            {
                "stream": "case/1", "version": len(entries) + 1, "type": type_, "content": content,
                "recorded_at": write_instant(clock), "happened_at": write_instant(clock),
            }
        )  # fmt: skip

    def later() -> str:
        nonlocal clock
        clock += draw(st.integers(1, 5000)) * SECOND // 10
        return write_instant(clock)

    holder: str | None = draw(st.sampled_from(AGENCIES))
    add("case_opened", {"holder": holder, "held_from": later(), "received_at": write_instant(clock)})
    for number in range(draw(st.integers(0, 12))):
        if holder is None:
            holder = draw(st.sampled_from(AGENCIES))
            add("case_reopened", {"held_from": later(), "holder": holder})
            continue
        taker = draw(st.sampled_from([agency for agency in AGENCIES if agency != holder]))
        terms = {"offer": f"offer-{number}", "kind": "transfer", "from_agency": holder, "to_agency": taker}
        match draw(st.sampled_from(["transfer", "assume", "close", "support", "note"])):
            case "transfer":
                later()
                add("handover_offered", terms)
                add("handover_accepted", {"held_from": later(), **terms})
                holder = taker
            case "assume":
                add(
                    "case_assumed",
                    {"held_from": later(), "from_agency": holder, "to_agency": taker, "ground": "deployed"},
                )
                holder = taker
            case "close":
                add("case_closed", {"held_until": later(), "holder": holder})
                holder = None
            case "support":
                add("handover_offered", {**terms, "kind": "support"})
                add("handover_accepted", {**terms, "kind": "support", "held_from": None})
            case _:
                add("note_made", {})
    return entries


def consistent_times(entries: list[Entry]) -> list[Entry]:
    """The content was written with the clock already moved on: let the envelope say the same."""
    told: list[Entry] = []
    last = write_instant(START)
    for entry in entries:
        content = entry["content"]
        assert isinstance(content, dict)
        stated = content.get("held_from") or content.get("held_until")
        last = max(last, str(stated or entry["recorded_at"]), key=read_instant)
        told.append({**entry, "recorded_at": last, "happened_at": last})
    return told


@settings(deadline=None)
@given(honest_cases())
def test_an_honest_case_has_no_fault(entries: list[Entry]) -> None:
    report = audit(consistent_times(entries))
    assert (report.faults, report.not_provable) == ((), ())
    assert (report.unowned, report.doubly_held) == ((), ())


@settings(deadline=None)
@given(honest_cases(), st.integers(1, 10**9))
def test_a_gap_planted_at_the_opening_is_found_to_the_microsecond(entries: list[Entry], gap: int) -> None:
    first, *rest = consistent_times(entries)
    content = first["content"]
    assert isinstance(content, dict)
    received = write_instant(read_instant(str(content["received_at"])) - gap)
    report = audit([{**first, "content": {**content, "received_at": received}}, *rest])
    assert report.unowned_microseconds == gap
    assert len(report.faults) == 1


@settings(deadline=None)
@given(honest_cases(), st.data())
def test_an_erased_entry_never_makes_a_case_look_better_or_worse_than_it_can_be_known(
    entries: list[Entry], data: st.DataObject
) -> None:
    told: list[Entry | None] = list(consistent_times(entries))
    gone = data.draw(st.integers(0, len(told) - 1))
    told[gone] = None
    report = audit(told)
    assert report.erased == 1
    assert any(f"Version {gone + 1} is erased" in sentence for sentence in report.not_provable)
    assert report.faults == ()
