"""Two sides of a comparison, each a policy and so much staff, met by the same callers with the same luck; and what came
of it as plain values, with a digest by which a second run can be compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import msgspec

from safehands.errors import BadInput
from safehands.sim.agencies import Desk
from safehands.sim.experiment import Comparison, Plan, Setting, simulate_plan
from safehands.sim.outcomes import FIGURES, Estimate, Load, differences
from safehands.sim.parameters import Parameters
from safehands.sim.policies import Policy


@dataclass(frozen=True, slots=True)
class Side:
    """A policy with so much staff: ``crews`` and ``partners`` in per cent of the places that the area has."""

    policy: Policy
    crews: int = 100
    partners: int = 100

    def __post_init__(self) -> None:
        if not all(1 <= share <= 1000 for share in (self.crews, self.partners)):
            raise BadInput([f"{self.policy.label}: staff is given in per cent, from 1 to 1000"])


def staffed(parameters: Parameters, side: Side) -> Parameters:
    """The area with this side's staff. A desk that is open stays open: it keeps one place at least."""
    return replace(
        parameters,
        crews=_scaled(parameters.crews, side.crews),
        partners={role: _scaled(desk, side.partners) for role, desk in parameters.partners.items()},
    )


def compare_sides(
    parameters: Parameters,
    before: Side,
    after: Side,
    setting: Setting,
    progress: Callable[[], None] = lambda: None,
) -> Comparison:
    """What ``before`` and ``after`` come to. The callers and their answers are drawn once, in the words of ``before``'s
    pathway. Raises ``BadInput`` where the two versions do not share the words that the parameters use."""
    if after.policy.label == before.policy.label:
        after = replace(after, policy=replace(after.policy, label=f"{after.policy.label} (second)"))
    one = simulate_plan(staffed(parameters, before), Plan(before.policy), setting, progress)
    other = simulate_plan(staffed(parameters, after), Plan(before.policy, after.policy), setting, progress)
    return Comparison(one, other, differences(one.replications, other.replications), parameters.provenance)


def recorded(comparison: Comparison, setting: Setting, on: str | None) -> dict[str, Any]:
    """What a script reads: every figure with its interval, and the load by hour of the week. ``None`` where none."""
    before, after = comparison.before, comparison.after
    return {
        "before": before.label,
        "after": after.label,
        "on": on,
        "seed": setting.seed,
        "replications": setting.replications,
        "weeks": (setting.horizon - setting.since) / (7 * 24 * 60),
        "figures": {
            name: {
                "label": label,
                "unit": unit,
                "before": _estimate(before.estimates[name]),
                "after": _estimate(after.estimates[name]),
                "difference": _estimate(comparison.differences[name]),
            }
            for name, (label, unit) in FIGURES.items()
        },
        "load": {
            "before": [_load(each) for each in before.loads],
            "after": [_load(each) for each in after.loads],
        },
        "provenance": dict(comparison.provenance),
    }


def digest_of(record: Mapping[str, Any]) -> str:
    """SHA-256 over every figure of a record, so that a second run can be seen to give the same digits."""
    return sha256(msgspec.json.encode([record["figures"], record["load"]], order="sorted")).hexdigest()


def _scaled(desk: Desk, per_cent: int) -> Desk:
    return replace(desk, places=tuple(max(1, (n * per_cent + 50) // 100) if n else 0 for n in desk.places))


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {"mean": _known(estimate.mean), "low": _known(estimate.low), "high": _known(estimate.high)}


def _load(load: Load) -> dict[str, Any]:
    return {
        "pool": load.label,
        "in_use": [_known(each) for each in load.in_use],
        "low": [_known(each) for each in load.low],
        "high": [_known(each) for each in load.high],
        "share": [_known(each) for each in load.share],
        "asked": [_known(each) for each in load.asked],
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
