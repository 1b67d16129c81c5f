"""A snapshot outlives the entries that it was folded from, so erasing must know each field of it that can hold words of
a person. A new field is coded, or emptied: whoever adds one says which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from safehands.core.case import Case
from safehands.core.events import WordOf
from safehands.core.vocabulary import Answer
from safehands.service import erasure

#: Fields of what a case is made of that hold ids, codes, agencies and accounts: never what somebody said or typed.
CODED = frozenset(
    [
        # ids
        "booking", "challenge", "clock", "concern", "contact", "correction", "decision", "offer", "page", "promise",
        "proposal", "responder", "stream", "task", "links", "complaints",
        # codes of the pathway, of agencies, of the core
        "about", "against", "agency", "alongside", "assignee", "attending", "by_agency", "cause", "clocks", "desk",
        "digest", "fail_safe", "flags", "from_agency", "holder", "kind", "milestone", "next_step", "outcome",
        "parties", "party", "pathway", "question", "receiver", "required", "reviewed", "role", "route",
        "routes", "row", "rows", "rule", "source", "spec", "state", "status", "stood_down", "subjects", "table",
        "task_kind", "to_agency", "understood", "unknown_refused", "version", "channel", "reporter_type",
        "reporter_agency", "taken_by", "confirmed",
        # accounts, which name nobody, and the case's own reference
        "actor", "by", "deciders", "keeper", "proposed_by", "reference",
    ]
)  # fmt: skip


#: What is emptied by its type, whatever its fields are called.
EMPTIED_WHOLE: set[type] = {Answer, WordOf}


def parts(kind: object, seen: set[object]) -> set[type]:
    """Every dataclass that a value of ``kind`` can hold, itself among them."""
    if kind in seen:
        return set()
    seen.add(kind)
    found = {kind} if isinstance(kind, type) and is_dataclass(kind) else set()
    inside = [*get_args(kind), *(hint for each in found for hint in get_type_hints(each).values())]
    return found.union(*(parts(each, seen) for each in inside))


def holds_words(kind: object) -> bool:
    """Whether text can stand in it directly, or in a collection; the keys of a mapping are ids."""
    inside = get_args(kind)[1:] if get_origin(kind) is Mapping else get_args(kind)
    return kind is str or any(holds_words(each) for each in inside)


def words_in(kind: type) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if holds_words(hint)}


def test_every_field_of_a_snapshot_that_can_hold_words_is_coded_or_emptied() -> None:
    emptied = erasure._FREE_TEXT | erasure._FREE_MAPPINGS | erasure._FREE_LISTS
    unsorted = {
        f"{kind.__name__}.{name}"
        for kind in parts(Case, set()) - EMPTIED_WHOLE
        for name in words_in(kind)
        if name not in emptied | CODED
    }
    assert unsorted == set(), "say of each whether it is coded (here), or add it to what erasing empties"


def test_nothing_that_is_emptied_counts_as_coded() -> None:
    assert not CODED & (erasure._FREE_TEXT | erasure._FREE_MAPPINGS | erasure._FREE_LISTS)


def test_nothing_is_called_coded_that_is_not_there() -> None:
    there = {name for kind in parts(Case, set()) for name in words_in(kind)}
    assert there > CODED, sorted(CODED - there)
    assert "text" in there
