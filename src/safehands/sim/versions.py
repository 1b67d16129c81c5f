"""Two versions of a pathway on the rows of one dispatch export: whose class or row would have been another.

``compare_export`` reads the export as a replay does, so that the same rows are refused for the same reasons, and asks
both versions what they conclude on what each row says. Nothing is written and nothing is simulated. A replay knows one
thing more: how often somebody has rung before. Here each row stands for itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Value
from safehands.errors import BadInput
from safehands.sim.export import Incident, Reader, RefusedRow, check_columns, read_rows
from safehands.sim.maps import ReplayMap
from safehands.sim.policies import Change, compare_on_replay

#: Told what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

#: How often progress is told, in rows.
_OFTEN: Final = 500


@dataclass(frozen=True, slots=True)
class Versions:
    """What two versions conclude on one export.

    ``rows`` is ``refused`` (rows that a replay refuses), ``left_out`` (channels that are no calls), ``out_of_scope``
    (no health or welfare matter) and ``in_scope`` together. ``reasons`` counts a refused row under each of its reasons.
    ``changes`` add up to ``in_scope``. ``unasked`` are the answered questions that a version lacks, by ``before`` and
    ``after``: it decides without them.
    """

    rows: int
    refused: int
    reasons: Mapping[str, int]
    left_out: int
    out_of_scope: int
    changes: tuple[Change, ...]
    unasked: Mapping[str, tuple[str, ...]]

    @property
    def in_scope(self) -> int:
        """Contacts on which both versions were asked."""
        return sum(change.contacts for change in self.changes)

    @property
    def changed(self) -> tuple[Change, ...]:
        """Where class or row differ, the most frequent first."""
        return tuple(change for change in self.changes if change.before != change.after)


def compare_export(
    path: Path,
    chart: ReplayMap,
    before: Pathway,
    after: Pathway,
    now: datetime,
    *,
    without: Collection[str] = (),
    told: Progress | None = None,
) -> Versions:
    """What ``before`` and ``after`` conclude on each health or welfare row of the export at ``path``.

    ``now`` is the instant after which a time has not come yet; ``without`` names channels (in small letters) that are
    no calls. Raises ``NotFound`` or ``BadInput``: for a file or map that cannot be read, for versions of another
    pathway than the map's, for answers that a version has no code for.
    """
    told = told or _untold
    _check_same_matter(chart, before, after)
    export = read_rows(path)
    check_columns(export, chart, path.name)
    reader = Reader(chart, export.header, now)
    incidents, refused = list[Incident](), list[RefusedRow]()
    for done, row in enumerate(export.rows):
        if done % _OFTEN == 0:
            told("read", done, len(export.rows))
        found = reader.read(row)
        if isinstance(found, Incident):
            incidents.append(found)
        else:
            refused.append(found)
    called = [each for each in incidents if each.channel not in without]
    records = [each.answers for each in called if each.answers is not None]
    return Versions(
        rows=len(export.rows),
        refused=len(refused),
        reasons=_reasons(refused),
        left_out=len(incidents) - len(called),
        out_of_scope=len(called) - len(records),
        changes=compare_on_replay(before, after, _told_of(records, told)),
        unasked={"before": _unasked(chart, before), "after": _unasked(chart, after)},
    )


def _untold(stage: str, done: int, of: int) -> None:
    """Nobody wants to know how far it is."""


def _reasons(refused: Sequence[RefusedRow]) -> dict[str, int]:
    counted = Counter(reason for row in refused for reason in {fault.reason.value for fault in row.faults})
    return dict(counted.most_common())


def _told_of(records: Sequence[Mapping[str, Value]], told: Progress) -> Iterator[Mapping[str, Value]]:
    for done, answers in enumerate(records):
        if done % _OFTEN == 0:
            told("compare", done, len(records))
        yield answers


def _check_same_matter(chart: ReplayMap, before: Pathway, after: Pathway) -> None:
    others = dict.fromkeys(each.ref.pathway for each in (before, after) if each.ref.pathway != chart.pathway)
    if others:
        raise BadInput(
            f"The map {chart.name} answers the questions of {chart.pathway}, not of {other}." for other in others
        )


def _unasked(chart: ReplayMap, pathway: Pathway) -> tuple[str, ...]:
    known = {question.id for question in pathway.questions}
    answered = dict.fromkeys(question for matter in chart.matters for question in matter.answers)
    return tuple(question for question in answered if question not in known)
