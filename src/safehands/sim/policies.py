"""What is decided, by which policy, from which day.

A policy is a version of a pathway, or one that sends crews to a share of everything, as before the pathway. A plan is
one policy throughout, or one that gives way to another on a day: "what happens on 1 September".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.core.pathway import Pathway, Row
from safehands.core.tables import compile_tables, deciding_rows
from safehands.core.vocabulary import OfferKind, Value
from safehands.errors import BadInput
from safehands.sim.contacts import Columns, in_words_of
from safehands.sim.layout import CONTACTS, PROGRAM
from safehands.stats.population import compile_population

_MINUTE: Final = 60.0
_REPEATS: Final = "repeat"  # the input that counts earlier contacts, where a pathway has one


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of a pathway under a name. ``sends`` is the share of what the tables would not send crews to and
    still gets them.

    ``sends`` 0 is the pathway as it stands; 1 sends crews to everything. No supervisor is asked above 0: it describes
    the time before the pathway.
    """

    label: str
    pathway: Pathway
    sends: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.sends <= 1:
            raise BadInput([f"{self.label}: the share that gets crews lies from 0 to 1, not {self.sends}"])


@dataclass(frozen=True, slots=True)
class Pools:
    """Which pool is which, by number. ``partners`` by agency role. -1 for a pool that the model lacks."""

    control_room: int
    supervisors: int
    crews: int
    partners: Mapping[str, int]


def programs_of(policy: Policy, pools: Pools, keep_minutes: float) -> npt.NDArray[np.void]:
    """What each row means here, in the order in which ``stats.population`` numbers rows.

    ``keep_minutes`` is how long a row that leaves a case with a partner, without a route, waits for its word.
    """
    pathway = policy.pathway
    programs = np.zeros(len(deciding_rows(pathway)), dtype=PROGRAM)
    urgent = {c.number for c in pathway.classes if c.deploys}
    least = min(urgent, default=0)
    for program, (_, row) in zip(programs, deciding_rows(pathway), strict=True):
        deploys = row.outcome in urgent
        program["guarded"] = row.outcome == pathway.guarded_class and not policy.sends and pools.supervisors >= 0
        program["crew"] = pools.crews
        program["chance"] = 1.0 if deploys else policy.sends
        program["level"] = 0 if row.outcome > least and deploys else 1 if row.outcome >= pathway.guarded_class else 2
        program["partner"], program["due"] = _partner(row, pathway, pools, keep_minutes)
    return programs


def _partner(row: Row, pathway: Pathway, pools: Pools, keep_minutes: float) -> tuple[int, float]:
    """The pool to which the case or a task is offered, and the minutes that the offer stays open."""
    kinds = (OfferKind.TRANSFER, OfferKind.RETURN, OfferKind.SUPPORT)
    routes = [route for route in pathway.routes if route.id in row.routes and route.to in pools.partners]
    for kind in kinds:
        for route in routes:
            if route.kind is kind:
                return pools.partners[route.to], route.due.total_seconds() / _MINUTE
    holder = pathway.reporter if row.holder == "reporter" else row.holder
    if holder in pools.partners and not any(c.closes for c in pathway.classes if c.number == row.outcome):
        return pools.partners[holder], keep_minutes
    return -1, 0.0


def rows_by_contact(policy: Policy, columns: Columns, drawn_for: Pathway) -> npt.NDArray[np.uint16]:
    """The deciding row of each contact as a first, a second and a third one (shape 3, contacts)."""
    own = dict(in_words_of(columns, drawn_for, policy.pathway))
    triage = compile_population(policy.pathway)
    count = len(next(iter(columns.values())))
    domain = triage.codes.get(_REPEATS, ())
    if not domain:
        return np.broadcast_to(triage.triage(own)[1], (CONTACTS, count)).copy()
    rows = []
    for earlier in range(CONTACTS):
        # An unknown number of earlier contacts stays unknown the first time only: we have just counted them.
        if earlier or _REPEATS not in own:
            own[_REPEATS] = np.full(count, domain.index(str(earlier)), dtype=np.uint8)
        rows.append(triage.triage(own)[1])
    return np.stack(rows)


@dataclass(frozen=True, slots=True)
class Change:
    """How many recorded contacts go from one class and row to another."""

    before: tuple[int, str]
    after: tuple[int, str]
    contacts: int


def compare_on_replay(before: Pathway, after: Pathway, records: Iterable[Mapping[str, Value]]) -> tuple[Change, ...]:
    """What two versions conclude on the same recorded answers, the most frequent first.

    Includes contacts where nothing changes (``before`` equals ``after``), so that the counts add up to the records. A
    question that a version lacks stays unanswered in that version. Raises ``BadInput`` for a code that one lacks.
    """
    first, second = compile_tables(before), compile_tables(after)
    asked_first, asked_second = _asked(before), _asked(after)
    counted: Counter[tuple[tuple[int, str], tuple[int, str]]] = Counter()
    for answers in records:
        one, _ = first.decide({name: value for name, value in answers.items() if name in asked_first})
        other, _ = second.decide({name: value for name, value in answers.items() if name in asked_second})
        counted[(one.outcome, one.row), (other.outcome, other.row)] += 1
    return tuple(Change(was, becomes, count) for (was, becomes), count in counted.most_common())


def _asked(pathway: Pathway) -> frozenset[str]:
    """What an answer may be called: ids and short names of the questions."""
    return frozenset(name for question in pathway.questions for name in (question.id, question.name))
