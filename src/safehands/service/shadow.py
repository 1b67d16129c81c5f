"""What the tables would have done while a stream of contact ran in shadow (right-care sheet 1.3): a report before the
date.

Made of facts alone: the last conclusion in shadow of each case beside what people, under their present policy,
decided. Nothing here is advice, and nobody's case is named: a line counts cases. A count of few cases can point at
one; who publishes it protects it first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from safehands.core.pathway import Pathway
from safehands.store.ports import Cell

#: Facts that say which class came to stand, in the order of the log.
_STANDS: Final = frozenset({"decided", "raised", "lowered"})


@dataclass(frozen=True, slots=True)
class Shadowed:
    """In ``cases`` cases row ``row`` would have said class ``would``, and class ``did`` came to stand (None: nobody
    decided).
    """

    row: str
    would: int
    did: int | None
    cases: int


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """All lines, the highest class first, and what the switch would change: cases in which somebody more, or nobody,
    would be sent.
    """

    lines: tuple[Shadowed, ...]
    cases: int
    sent_besides: int
    sent_no_more: int
    undecided: int


def shadow_report(facts: Iterable[Mapping[str, Cell]], pathway: Pathway) -> ShadowReport:
    """The report of ``facts`` (rows in the order of the log) under ``pathway``, whose classes say which of them send
    somebody.
    """
    would: dict[str, tuple[str, int]] = {}
    did: dict[str, int] = {}
    for fact in facts:
        case, outcome = str(fact["case_id"]), fact["outcome"]
        if not isinstance(outcome, int):
            continue
        if fact["kind"] == "shadow":
            would[case] = (str(fact["row_id"]), outcome)
        elif fact["kind"] in _STANDS:
            did[case] = outcome
    sends = {each.number: each.deploys for each in pathway.classes}
    counts = Counter((row, outcome, did.get(case)) for case, (row, outcome) in would.items())
    lines = tuple(
        Shadowed(row, outcome, stood, cases)
        for (row, outcome, stood), cases in sorted(
            counts.items(), key=lambda each: (-each[0][1], each[0][0], str(each[0][2]))
        )
    )
    decided = [(line, sends[line.would], sends[line.did]) for line in lines if line.did is not None]
    return ShadowReport(
        lines=lines,
        cases=sum(counts.values()),
        sent_besides=sum(line.cases for line, would_send, sent in decided if would_send and not sent),
        sent_no_more=sum(line.cases for line, would_send, sent in decided if sent and not would_send),
        undecided=sum(line.cases for line in lines if line.did is None),
    )
