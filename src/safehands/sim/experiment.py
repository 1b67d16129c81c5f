"""Many replications of two plans with the same callers, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from safehands.errors import BadInput
from safehands.sim.agencies import Desk, Tables, pools_of
from safehands.sim.arrivals import draw_arrivals
from safehands.sim.contacts import check_mix, draw_contacts
from safehands.sim.draws import key_of
from safehands.sim.kernel import run
from safehands.sim.layout import HOURS_OF_WEEK, PROGRAM, RULES, Model, Result, Rows, room_for
from safehands.sim.outcomes import Estimate, Load, differences, estimates, figures_of, load_of
from safehands.sim.parameters import Parameters
from safehands.sim.policies import Policy, Pools, programs_of, rows_by_contact

_WEEK: Final = HOURS_OF_WEEK * 60.0
_CALLS, _ANSWERS, _LUCK = 1, 2, 3  # streams of random numbers


@dataclass(frozen=True, slots=True)
class Plan:
    """One policy from the first week on, and ``then`` another, if it is given, from the switch on."""

    first: Policy
    then: Policy | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """How long and how often: weeks measured, weeks of warm-up before them, and the week in which a plan switches.

    ``switch`` counts weeks from the end of the warm-up and may be broken; figures are of contacts after it. None means
    that a plan's second policy holds from the first day.
    """

    weeks: int = 52
    warm_up: int = 1
    switch: float | None = None
    first_hour: int = 0
    replications: int = 10
    seed: int = 1

    def __post_init__(self) -> None:
        faults = []
        if self.weeks < 1 or self.warm_up < 0 or self.replications < 1:
            faults.append("a run needs one week and one replication at least, and no negative warm-up")
        if self.switch is not None and not 0 <= self.switch < self.weeks:
            faults.append(f"the switch must lie inside the {self.weeks} weeks that are measured")
        if faults:
            raise BadInput(faults)

    @property
    def horizon(self) -> float:
        """Minutes simulated."""
        return (self.warm_up + self.weeks) * _WEEK

    @property
    def switches_at(self) -> float:
        """The minute from which a plan's second policy holds."""
        return 0.0 if self.switch is None else self.since

    @property
    def since(self) -> float:
        """The minute from which contacts count."""
        return (self.warm_up + (self.switch or 0.0)) * _WEEK


@dataclass(frozen=True, slots=True)
class Outcome:
    """One plan: estimates by figure, every replication's figures, the load of each pool, events simulated."""

    label: str
    estimates: Mapping[str, Estimate]
    replications: tuple[Mapping[str, float], ...]
    loads: tuple[Load, ...]
    events: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans on the same callers, and the differences of the second from the first."""

    before: Outcome
    after: Outcome
    differences: Mapping[str, Estimate]
    provenance: Mapping[str, str] = field(default_factory=dict)


class Area:
    """A simulated area, put together once: desks, distributions and the programs of a plan."""

    def __init__(self, parameters: Parameters, plan: Plan, setting: Setting) -> None:
        self.parameters, self.plan, self.setting = parameters, plan, setting
        self.desks: list[Desk] = [parameters.crews]
        room, supervisors = self._added(parameters.control_room), self._added(parameters.supervisors)
        partners = {role: self._added(desk) for role, desk in parameters.partners.items()}
        pools = Pools(room, supervisors, 0, partners)
        check_mix(parameters.mix, plan.first.pathway)
        self._tables = Tables()
        own = pools_of(self.desks, self._tables)
        policies = (plan.first, plan.then or plan.first)
        programs = [programs_of(policy, pools, parameters.keep_minutes) for policy in policies]
        self.model = Model(own, _stacked(programs), self._rules(pools), self._tables.stacked())
        self.urgent = (self.model.programs["level"] == 0) & (self.model.programs["chance"] >= 1)

    def _added(self, desk: Desk | None) -> int:
        if desk is None:
            return -1
        self.desks.append(desk)
        return len(self.desks) - 1

    def _rules(self, pools: Pools) -> npt.NDArray[np.void]:
        given, setting = self.parameters, self.setting
        rules = np.zeros(1, dtype=RULES)
        rules["control_room"], rules["supervisors"] = pools.control_room, pools.supervisors
        rules["limit"], rules["deploys"] = given.limit, given.deploys
        rules["after_refusal"] = given.after_refusal
        rules["rings_again"], rules["pause"] = given.rings_again, given.pause
        rules["switch"] = setting.switches_at if self.plan.then else np.inf
        rules["first_hour"] = setting.first_hour
        rules["warm_up"], rules["horizon"] = setting.since, setting.horizon
        return rules

    def callers(self, replication: int) -> tuple[npt.NDArray[np.float64], Rows]:
        """Arrivals, and the row of each contact under both policies. Independent of the plan but for the rows."""
        seed, first = self.setting.seed, self.plan.first
        calls = draw_arrivals(
            self.parameters.arrivals,
            self.setting.horizon,
            key_of(seed, replication, _CALLS),
            first_hour=self.setting.first_hour,
        )
        columns = draw_contacts(self.parameters.mix, first.pathway, len(calls), key_of(seed, replication, _ANSWERS))
        rows = rows_by_contact(first, columns, first.pathway)
        then = rows if self.plan.then is None else rows_by_contact(self.plan.then, columns, first.pathway)
        return calls, np.stack([rows, then])

    def simulated(self, replication: int) -> Result:
        """One replication, in memory of its own."""
        calls, rows = self.callers(replication)
        return run(self.model, calls, rows, key_of(self.setting.seed, replication, _LUCK), room_for(len(calls)))


def _stacked(programs: list[npt.NDArray[np.void]]) -> npt.NDArray[np.void]:
    """Two versions with unequally many rows in one array; what is left over is never asked for."""
    both = np.zeros((2, max(map(len, programs))), dtype=PROGRAM)
    for line, rows in zip(both, programs, strict=True):
        line[: len(rows)] = rows
    return both


def simulate_plan(
    parameters: Parameters, plan: Plan, setting: Setting, progress: Callable[[], None] = lambda: None
) -> Outcome:
    """One plan over all replications."""
    area = Area(parameters, plan, setting)
    figures, events = [], 0
    busy = np.zeros((setting.replications, len(area.desks), HOURS_OF_WEEK))
    asked = np.zeros_like(busy)
    for replication in range(setting.replications):
        result = area.simulated(replication)
        figures.append(
            figures_of(
                result,
                since=setting.since,
                until=setting.horizon,
                people=parameters.crews.people,
                urgent=area.urgent,
            )
        )
        busy[replication], asked[replication] = result.pools["busy"], result.pools["asked"]
        events += result.events
        progress()
    weeks = (setting.horizon - setting.since) / _WEEK
    loads = tuple(
        load_of(desk.label, busy[:, pool], asked[:, pool], desk.places, weeks) for pool, desk in enumerate(area.desks)
    )
    label = plan.first.label if plan.then is None else plan.then.label
    return Outcome(label, estimates(figures), tuple(figures), loads, events)


def compare(
    parameters: Parameters,
    before: Policy,
    after: Policy,
    setting: Setting,
    progress: Callable[[], None] = lambda: None,
) -> Comparison:
    """What happens if ``before`` stays, and if ``after`` takes its place at the switch.

    The same callers with the same luck meet both. Raises ``BadInput`` where the two versions do not share the words
    that the parameters use.
    """
    if after.label == before.label:
        after = replace(after, label=f"{after.label} (new)")
    stays = simulate_plan(parameters, Plan(before), setting, progress)
    changes = simulate_plan(parameters, Plan(before, after), setting, progress)
    return Comparison(stays, changes, differences(stays.replications, changes.replications), parameters.provenance)
