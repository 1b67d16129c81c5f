"""What came of it: figures of one replication, means and intervals over many, differences of two policies.

An interval says how far chance inside the model can move a figure, with the parameters taken as they are. It does not
say how wrong the parameters are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.layout import (
    ACCEPTED,
    AGAIN,
    CONTACTS,
    CREW_CAME,
    DECLINED,
    DEPLOYED,
    HOURS_OF_WEEK,
    LAPSED,
    OFFERED,
    PARTNER_CAME,
    RAISED,
    Result,
    took_place,
)
from safehands.sim.special import student

_WEEK: Final = HOURS_OF_WEEK * 60.0

#: Every figure: id, what it is, its unit. The order of tables and files.
FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "calls": ("Calls", "a week"),
    "matters": ("Matters (calls about one matter counted once)", "a week"),
    "crews_sent": ("Calls to which crews were sent", "a week"),
    "sent_share": ("Share of calls to which crews were sent", "%"),
    "officer_hours": ("Officer hours", "a week"),
    "raised": ("Raised because no supervisor decided in time", "a week"),
    "offers": ("Offers to partners", "a week"),
    "accepted": ("Offers accepted", "a week"),
    "declined": ("Offers declined", "a week"),
    "lapsed": ("Offers lapsed", "a week"),
    "neither": ("Matters that neither police nor a partner attended", "a week"),
    "neither_share": ("Share of matters that neither attended", "%"),
    "rang_again": ("Callers who rang again", "a week"),
    "scene_median": ("Call to crew at the scene, median", "minutes"),
    "scene_p90": ("Call to crew at the scene, 90th percentile", "minutes"),
    "urgent_median": ("The same for immediate calls, median", "minutes"),
    "urgent_p90": ("The same for immediate calls, 90th percentile", "minutes"),
    "queue_median": ("Wait for a free crew, median", "minutes"),
    "queue_p90": ("Wait for a free crew, 90th percentile", "minutes"),
    "accept_median": ("Offer to acceptance, median", "minutes"),
    "accept_p90": ("Offer to acceptance, 90th percentile", "minutes"),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its 95 % interval; ``nan`` where no replication had the figure."""

    mean: float
    low: float
    high: float
    replications: int


def figures_of(
    result: Result,
    *,
    since: float,
    until: float,
    people: float,
    urgent: npt.NDArray[np.bool_],
) -> dict[str, float]:
    """Every figure of contacts whose first call came from ``since`` to ``until`` (minutes).

    ``people`` sit in a crew; ``urgent`` says by version and row whether crews go at once (shape 2, rows).
    """
    contacts = result.contacts.reshape(CONTACTS, -1)
    first = contacts[0]["arrived"]
    measured = (first >= since) & (first < until)
    chosen, there = contacts[:, measured], took_place(result)[:, measured]
    seen = chosen[there]
    marks = seen["marks"]
    came = seen[(marks & CREW_CAME) != 0]
    at_scene = came["crew_there"] - came["arrived"]
    at_once = urgent[came["version"], came["row"]]
    accepted = seen[(marks & ACCEPTED) != 0]
    anybody = (there & ((chosen["marks"] & (CREW_CAME | PARTNER_CAME)) != 0)).any(axis=0)
    weeks = (until - since) / _WEEK
    matters, calls = chosen.shape[1], len(seen)
    neither = int(matters - anybody.sum())
    sent = _count(marks, DEPLOYED)
    figures = {
        "calls": calls / weeks,
        "matters": matters / weeks,
        "crews_sent": sent / weeks,
        "sent_share": 100 * sent / calls if calls else math.nan,
        "officer_hours": float((came["crew_free"] - came["crew_sent"]).sum()) * people / 60 / weeks,
        "raised": _count(marks, RAISED) / weeks,
        "offers": _count(marks, OFFERED) / weeks,
        "accepted": len(accepted) / weeks,
        "declined": _count(marks, DECLINED) / weeks,
        "lapsed": _count(marks, LAPSED) / weeks,
        "neither": neither / weeks,
        "neither_share": 100 * neither / matters if matters else math.nan,
        "rang_again": _count(marks, AGAIN) / weeks,
    }
    waits = {
        "scene": at_scene,
        "urgent": at_scene[at_once],
        "queue": came["crew_sent"] - came["crew_asked"],
        "accept": accepted["answered"] - accepted["offered"],
    }
    for name, minutes in waits.items():
        median, p90 = np.quantile(minutes, (0.5, 0.9)) if len(minutes) else (math.nan, math.nan)
        figures[f"{name}_median"], figures[f"{name}_p90"] = float(median), float(p90)
    return figures


def _count(marks: npt.NDArray[np.int32], mark: int) -> int:
    return int(((marks & mark) != 0).sum())


def estimate(values: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Mean and Student interval over replications. Values that are not a number are left out and not counted."""
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return Estimate(math.nan, math.nan, math.nan, 0)
    mean = math.fsum(known) / len(known)
    if len(known) == 1:
        return Estimate(mean, math.nan, math.nan, 1)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in known) / (len(known) - 1))
    half = student(0.5 + confidence / 2, len(known) - 1) * spread / math.sqrt(len(known))
    return Estimate(mean, mean - half, mean + half, len(known))


def estimates(replications: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """Every figure over all replications."""
    if not replications:
        raise BadInput(["there is no replication to estimate anything from"])
    return {name: estimate([figures[name] for figures in replications]) for name in replications[0]}


def differences(before: Sequence[Mapping[str, float]], after: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """What changes, by pairs of replications with the same callers: much of chance is taken off on both sides."""
    return {name: estimate([b[name] - a[name] for a, b in zip(before, after, strict=True)]) for name in before[0]}


@dataclass(frozen=True, slots=True)
class Load:
    """A pool by hour of the week (168 values each), means over replications.

    ``in_use`` are places in use with their 95 % interval ``low`` to ``high`` (``nan`` from one replication), ``share``
    what part that is of the places there are, ``asked`` calls an hour.
    """

    label: str
    in_use: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    share: tuple[float, ...]
    asked: tuple[float, ...]


def load_of(
    label: str,
    busy: npt.NDArray[np.float64],
    asked: npt.NDArray[np.float64],
    places: Sequence[int],
    weeks: float,
) -> Load:
    """``busy`` minutes and ``asked`` calls of a pool by replication and hour of the week, of ``weeks`` weeks each.

    A share can pass 1 where a crew is still out after its shift; ``nan`` where the desk is closed.
    """
    each = busy / 60 / weeks
    in_use = each.mean(axis=0)
    half = np.full(HOURS_OF_WEEK, math.nan)
    if len(each) > 1:
        half = student(0.975, len(each) - 1) * each.std(axis=0, ddof=1) / math.sqrt(len(each))
    there = np.asarray(places, dtype=np.float64)
    share = np.divide(in_use, there, out=np.full(HOURS_OF_WEEK, math.nan), where=there > 0)
    return Load(
        label=label,
        in_use=_plain(in_use),
        low=_plain(np.maximum(in_use - half, 0)),
        high=_plain(in_use + half),
        share=_plain(share),
        asked=_plain(asked.mean(axis=0) / weeks),
    )


def _plain(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
