"""What an export shows of agencies at work, as columns: when calls came, how long each was held, travelled to,
worked on.

Read with the maps of a replay, so that the same rows are refused for the same reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.arrivals import HOURS_OF_WEEK
from safehands.sim.export import Incident, Reader, check_columns, read_rows
from safehands.sim.maps import ACCEPTED, ARRIVED, OFFERED, RECEIVED, RELEASED, ReplayMap

WEEK_MINUTES: Final = HOURS_OF_WEEK * 60.0
_QUEUED: Final = "queued"


@dataclass(frozen=True, slots=True)
class Observations:
    """One line an incident. Minutes; ``nan`` where the export does not say, or says it backwards.

    ``matter`` says whether the map calls it somebody's health or welfare. ``received`` counts from ``monday``, 00:00
    local time of the first whole week. ``held`` is from the queue (or the call, where there is no queue) to the offer,
    ``accepted`` from the offer to the acceptance, ``reach`` from the offer to the arrival, ``work`` from the arrival to
    the release, ``out`` from the offer to the release.
    """

    monday: datetime
    agency: npt.NDArray[np.str_]
    words: npt.NDArray[np.str_]
    matter: npt.NDArray[np.bool_]
    received: npt.NDArray[np.float64]
    held: npt.NDArray[np.float64]
    accepted: npt.NDArray[np.float64]
    reach: npt.NDArray[np.float64]
    work: npt.NDArray[np.float64]
    out: npt.NDArray[np.float64]
    refused: int = 0

    def __len__(self) -> int:
        return len(self.received)

    @property
    def weeks(self) -> int:
        """Whole weeks from the first Monday to the last call."""
        return int(self.received.max() // WEEK_MINUTES) if len(self) else 0

    def only(self, chosen: npt.NDArray[np.bool_]) -> Observations:
        """The chosen lines."""
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        kept = {name: column[chosen] for name, column in columns.items() if isinstance(column, np.ndarray)}
        return Observations(**{**columns, **kept})

    def of_weeks(self, since: int, until: int) -> Observations:
        """The lines of calls from week ``since`` to before week ``until``."""
        return self.only((self.received >= since * WEEK_MINUTES) & (self.received < until * WEEK_MINUTES))


def observe_export(path: Path, chart: ReplayMap, now: datetime, *, without: Collection[str] = ()) -> Observations:
    """The observations in an export file; rows that a replay would refuse are left out and counted.

    ``without`` names channels (as the export writes them, in small letters) that are no calls: what officers begin
    themselves, for instance.
    """
    export = read_rows(path)
    check_columns(export, chart, path.name)
    reader = Reader(chart, export.header, now)
    read = [reader.read(row) for row in export.rows]
    incidents = [each for each in read if isinstance(each, Incident)]
    called = [each for each in incidents if each.channel not in without]
    return observe(called, chart, refused=len(read) - len(incidents))


def observe(incidents: Iterable[Incident], chart: ReplayMap, *, refused: int = 0) -> Observations:
    """The observations behind incidents that went to an agency. Raises ``BadInput`` where there is none."""
    gone = [each for each in incidents if each.agency is not None and OFFERED in each.instants]
    if not gone:
        raise BadInput([f"{chart.name}: no row went to an agency, so there is nothing to learn about agencies"])
    gone.sort(key=lambda incident: incident.instants[RECEIVED])
    monday = _first_monday(gone[0].instants[RECEIVED].astimezone(chart.zone))
    return Observations(
        monday=monday,
        agency=np.array([str(each.agency) for each in gone]),
        words=np.array([each.words for each in gone]),
        matter=np.array([each.answers is not None for each in gone]),
        received=_minutes([each.instants[RECEIVED] - monday for each in gone]),
        held=_between(gone, _QUEUED if any(_QUEUED in each.instants for each in gone) else RECEIVED, OFFERED),
        accepted=_between(gone, OFFERED, ACCEPTED),
        reach=_between(gone, OFFERED, ARRIVED),
        work=_between(gone, ARRIVED, RELEASED),
        out=_between(gone, OFFERED, RELEASED),
        refused=refused,
    )


def _first_monday(first: datetime) -> datetime:
    """The Monday at or before which a whole week can begin: the first midnight of a Monday not before the first
    call.
    """
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = (7 - midnight.weekday()) % 7 or (0 if first == midnight else 7)
    # Local midnight that many days on, whatever the clocks do in between.
    return (midnight + timedelta(days=ahead)).astimezone(UTC)


def _between(incidents: list[Incident], start: str, end: str) -> npt.NDArray[np.float64]:
    """Minutes from one instant to another; ``nan`` where one is missing or they run backwards."""
    none = timedelta(minutes=-1)
    apart = [
        each.instants[end] - each.instants[start] if start in each.instants and end in each.instants else none
        for each in incidents
    ]
    minutes = _minutes(apart)
    minutes[minutes < 0] = np.nan
    return minutes


def _minutes(apart: list[timedelta]) -> npt.NDArray[np.float64]:
    return np.array([each.total_seconds() / 60 for each in apart])
