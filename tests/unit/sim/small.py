"""Small models that a reader can work out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from safehands.sim.agencies import Desk, Tables, always, pools_of
from safehands.sim.distributions import Distribution
from safehands.sim.draws import key_of
from safehands.sim.kernel import run
from safehands.sim.layout import CONTACTS, PROGRAM, RULES, Model, Result


def exactly(minutes: float) -> Distribution:
    return Distribution(quantiles=(minutes, minutes))


def model(
    desks: Sequence[Desk], programs: Sequence[dict[str, float]], *, horizon: float = 10_080.0, **rules: float
) -> Model:
    """Desk 0 are the crews. Every program row not named sends no crews and has no partner."""
    tables = Tables()
    pools = pools_of(desks, tables)
    both = np.zeros((2, len(programs)), dtype=PROGRAM)
    both["partner"] = -1
    for number, program in enumerate(programs):
        for name, value in program.items():
            both[name][:, number] = value
    own = np.zeros(1, dtype=RULES)
    own["control_room"] = own["supervisors"] = -1
    own["switch"], own["horizon"] = np.inf, horizon
    for name, value in rules.items():
        own[name] = value
    return Model(pools, both, own, tables.stacked())


def played(model: Model, arrivals: Sequence[float], rows: Sequence[int] | None = None, seed: int = 1) -> Result:
    chosen = np.array(rows if rows is not None else [0] * len(arrivals), dtype=np.uint16)
    by_version = np.broadcast_to(chosen, (2, CONTACTS, len(arrivals))).copy()
    return run(model, np.array(arrivals, dtype=np.float64), by_version, key_of(seed))


def desk(places: int | tuple[int, ...], reach: Distribution | None, **more: object) -> Desk:
    return Desk("desk", always(places) if isinstance(places, int) else places, (reach,), **more)  # type: ignore[arg-type]  # short for tests
