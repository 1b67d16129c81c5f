"""A slow, obvious oracle of the integrity rules, written from the evidence-review sheet's text, section 2.

``truth(facts, at)`` answers, for each concern that is true, its letter and grade and whether it was knowable then. R16,
a clock that ran out, is the kernel's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from property import integrity_oracle_answers as answers
from property import integrity_oracle_decisions as decisions
from property import integrity_oracle_things as things
from property.integrity_world import Said, Verdict, World
from safehands.core.records.material import Fact

ALL: Mapping[str, Callable[[World], Iterator[Said]]] = {
    "R01": decisions.all_r01,
    "R02": things.all_r02,
    "R03": decisions.all_r03,
    "R04": answers.all_r04,
    "R05": answers.all_r05,
    "R06": answers.all_r06,
    "R07": things.all_r07,
    "R08": answers.all_r08,
    "R09": things.all_r09,
    "R10": decisions.all_r10,
    "R11": things.all_r11,
    "R12": decisions.all_r12,
    "R13": things.all_r13,
    "R14": things.all_r14,
    "R15": decisions.all_r15,
    "R17": decisions.all_r17,
    "R18": answers.all_r18,
    "R19": decisions.all_r19,
    "R20": answers.all_r20,
}


def truth(facts: Iterable[Fact[Any]], at: datetime) -> dict[str, Verdict]:
    """Every concern that is true, by its id: letter, grade, knowable then."""
    w = World(facts, at)
    return {
        f"{rule}/{':'.join(cell)}": (*verdict, knowable)
        for rule, each in ALL.items()
        for cell, verdict, knowable in each(w)
    }
