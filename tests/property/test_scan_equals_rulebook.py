"""A case scanned by its shape gets what the rulebook says of the case itself: same rules, same names, same days."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safehands.core.records.vocabulary import (
    ClaimCode,
    DecisionKind,
    Method,
    Mode,
    SourceClaim,
    UnseenReason,
    Verified,
)
from safehands.rulebook.integrity import INTEGRITY
from safehands.scanning.closed import ClosedCase, read_case
from safehands.scanning.columns import NAMES
from safehands.scanning.days import instant, ordinal
from safehands.scanning.material import material_of
from safehands.scanning.shapes import SCANNED, Shapes, Told

TODAY = ordinal("2026-11-22")
KINDS = (
    "video_interview",
    "audio_interview",
    "record_of_interview",
    "transcript_full",
    "summary",
    "original_note",
    "letter",
)
PEOPLE = st.sampled_from(["", "P1", "P2", "unknown", "=P3"])
DAYS = st.sampled_from(
    ["", "2004-02-29", "2004-03-01", "2010-01-01", "01/01/2010", "2015-06-30", "2020-01-01", "2026-11-22"]
)
DATED = DAYS.filter(bool)


@st.composite
def records(draw: st.DrawFn, names: list[str], number: int) -> dict[str, str]:
    """The row of one record; it may be made from an earlier one."""
    row = {
        "record_ref": names[number],
        "record_kind": draw(st.sampled_from(KINDS)),
        "record_date": draw(DAYS),
        "made_by": draw(PEOPLE),
        "held_by": draw(st.sampled_from(["POL-a", "POL-b", "unknown"])),
    }
    if number and draw(st.booleans()):
        row["source_ref"] = names[draw(st.integers(0, number - 1))]
        row["method"] = draw(st.sampled_from(list(Method)))
        if draw(st.booleans()):
            row["verified_on"], row["verified_by"] = draw(DATED), draw(PEOPLE.filter(bool))
            row["verified_result"] = draw(st.sampled_from(list(Verified)))
    elif draw(st.booleans()):
        row |= {"source_claim": draw(st.sampled_from(list(SourceClaim))), "claim_detail": "where and how"}
    if number and draw(st.integers(0, 4)) == 0:
        row["same_event"] = names[0]
    if row["record_kind"] == "original_note" and "claim_detail" in row:
        row["recorded_too"] = draw(st.sampled_from(["no", "not_asked"]))
    if draw(st.integers(0, 5)) == 0:
        row["destroyed_on"] = draw(DATED)
    return row


@st.composite
def decisions(draw: st.DrawFn, name: str, earlier: list[str], names: list[str]) -> list[dict[str, str]]:
    """The rows of one decision: itself, and each record that it used."""
    row = {
        "decision_ref": name,
        "decision_kind": draw(st.sampled_from(list(DecisionKind))),
        "decision_date": draw(DATED),
        "decider": draw(PEOPLE),
        "basis_known": draw(st.sampled_from(["", "yes", "no"])),
        "procedural_only": draw(st.sampled_from(["", "no", "yes"])),
    }
    if earlier and draw(st.booleans()):
        row["reviews"] = draw(st.sampled_from(earlier))
    rows = [row]
    for record in names:
        if draw(st.booleans()):
            use = {"decision_ref": name, "record_ref": record, "seen": draw(st.sampled_from(list(Mode)))}
            use |= {"told": draw(st.sampled_from(["", "yes", "no"])), "supplied_on": draw(DAYS)}
            if use["seen"] in ("not_seen", "told_summary") and draw(st.booleans()):
                use["unseen_reason"] = draw(st.sampled_from(list(UnseenReason)))
            rows.append(use)
    return rows


@st.composite
def cases(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Rows of a case that are nearly always right; names whose order is not that of their rows."""
    names = draw(st.permutations(["AB/1", "AB/1A", "ZZ 9", "n000001"]))[: draw(st.integers(1, 4))]
    rows = [draw(records(names, number)) for number in range(len(names))]
    made: list[str] = []
    for name in draw(st.permutations(["D1", "B2", "n000000"]))[: draw(st.integers(0, 3))]:
        rows += draw(decisions(name, made, names))
        made.append(name)
    for number in range(draw(st.integers(0, 2))):
        letter = {"letter_ref": f"L{number}", "letter_date": draw(DATED)}
        letter |= {"letter_says": draw(st.sampled_from(list(ClaimCode))), "record_ref": draw(st.sampled_from(names))}
        rows.append(letter | ({"decision_ref": draw(st.sampled_from(made))} if made else {}))
    return [tuple(str(({"case_ref": "C"} | row).get(name, "")) for name in NAMES) for row in rows]


@settings(max_examples=600, deadline=None)
@given(st.lists(cases(), min_size=1, max_size=3))
def test_the_shape_of_a_case_tells_what_the_case_tells(several: list[list[tuple[str, ...]]]) -> None:
    shapes = Shapes(INTEGRITY, today=TODAY)
    for rows in several:
        read = read_case(rows, today=TODAY)
        if isinstance(read, ClosedCase):
            assert shapes.told(rows) == shapes.plainly(read)
        else:
            assert shapes.told(rows) == read


@settings(max_examples=150, deadline=None)
@given(cases())
def test_what_is_told_is_what_the_rulebook_finds(rows: list[tuple[str, ...]]) -> None:
    read = read_case(rows, today=TODAY)
    assume(isinstance(read, ClosedCase))
    assert isinstance(read, ClosedCase)
    found = INTEGRITY.evaluate(material_of(read), instant(TODAY), {})
    told: Any = Shapes(INTEGRITY, today=TODAY).told(rows)
    assert all(isinstance(each, Told) for each in told)
    assert {(each.rule, each.letter, each.grade, each.cause) for each in told} == {
        (each.rule, each.letter, each.grade, each.cause) for each in found.values() if each.rule in SCANNED
    }
