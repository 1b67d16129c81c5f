"""A simulated area as a file: TOML that a person can read and edit, written by ``fit`` or by hand.

``provenance`` says for each part what it rests on (fitted from which export, or a default that nobody measured); every
result carries it on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final

from safehands.errors import BadInput, NotFound
from safehands.sim.agencies import DAYS, LEVEL_NAMES, ByLevel, Desk, places_of
from safehands.sim.arrivals import HOURS_OF_WEEK, Arrivals
from safehands.sim.contacts import Kind, Mix
from safehands.sim.distributions import Distribution, Part, lognormal

_SHIPPED: Final = "safehands.sim"
_TOP: Final = frozenset(
    [
        "title",
        "provenance",
        "arrivals",
        "contact",
        "control_room",
        "supervisors",
        "crews",
        "partner",
        "callers",
        "refusals",
    ]
)
_DESK: Final = frozenset(
    ["label", "places", "shifts", "before", "reach", "work", "accepts", "attends", "people", "limit", "deploys"]
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that the event loop needs besides the policies. Times in minutes, chances from 0 to 1.

    ``limit`` is a supervisor's time to decide, ``deploys`` the chance of deciding for crews; ``rings_again`` the chance
    that a caller to whom nobody came rings again after ``pause`` minutes on average; ``after_refusal`` the chance that
    crews go when an offer was declined or lapsed; ``keep_minutes`` how long a partner without a route has to confirm.
    """

    title: str
    arrivals: Arrivals
    mix: Mix
    crews: Desk
    control_room: Desk | None = None
    supervisors: Desk | None = None
    partners: Mapping[str, Desk] = field(default_factory=dict)
    limit: float = 5.0
    deploys: float = 0.5
    rings_again: float = 0.0
    pause: float = 120.0
    after_refusal: float = 1.0
    keep_minutes: float = 30.0
    provenance: Mapping[str, str] = field(default_factory=dict)


def load_parameters(name_or_path: str | Path) -> Parameters:
    """Shipped parameters by the name of their pathway, or any by path. Raises ``NotFound``, ``BadInput``."""
    path = Path(name_or_path)
    if path.is_file():
        return read_parameters(path.read_text(encoding="utf-8"), str(path))
    shipped = resources.files(_SHIPPED).joinpath("areas", f"{path.name}.toml")
    if isinstance(name_or_path, str) and shipped.is_file():
        return read_parameters(shipped.read_text(encoding="utf-8"), shipped.name)
    raise NotFound(f"There are no parameters {str(name_or_path)!r}: give the path of a parameters file.")


def read_parameters(text: str, file: str = "parameters.toml") -> Parameters:
    """The parameters in ``text``. Raises ``BadInput`` that names file and place of every fault at once."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise BadInput([f"{file}: this is not TOML: {bad}"]) from None
    reader = _Reader()
    parameters = reader.parameters(values)
    if reader.faults or parameters is None:
        raise BadInput(f"{file}: {fault}" for fault in reader.faults)
    return parameters


class _Reader:
    """Reads on after a fault, so that all of them are named."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def parameters(self, values: Mapping[str, Any]) -> Parameters | None:
        self.faults += [f"{name}: nothing has this name" for name in values if name not in _TOP]
        room, chief = values.get("control_room"), values.get("supervisors")
        callers, refusals = self.section(values, "callers"), self.section(values, "refusals")
        arrivals, mix = self.arrivals(self.section(values, "arrivals")), self.mix(values.get("contact", []))
        crews = self.desk("crews", self.section(values, "crews"))
        roles = self.section(values, "partner")
        partners = {role: self.desk(f"partner.{role}", part) for role, part in roles.items()}
        control_room = self.desk("control_room", room) if room is not None else None
        supervisors = self.desk("supervisors", chief) if chief is not None else None
        chief = chief if isinstance(chief, dict) else {}
        numbers = {
            "limit": self.number("supervisors.limit", chief.get("limit", 5.0), 1e9),
            "deploys": self.number("supervisors.deploys", chief.get("deploys", 0.5), 1),
            "rings_again": self.number("callers.rings_again", callers.get("rings_again", 0.0), 1),
            "pause": self.number("callers.pause", callers.get("pause", 120.0), 1e9),
            "after_refusal": self.number("refusals.crews_go", refusals.get("crews_go", 1.0), 1),
            "keep_minutes": self.number("refusals.keep_minutes", refusals.get("keep_minutes", 30.0), 1e9),
        }
        if self.faults or arrivals is None or crews is None:
            return None
        return Parameters(
            title=str(values.get("title", "")),
            arrivals=arrivals,
            mix=mix,
            crews=crews,
            control_room=control_room,
            supervisors=supervisors,
            partners={role: desk for role, desk in partners.items() if desk is not None},
            provenance={str(k): str(v) for k, v in self.section(values, "provenance").items()},
            **numbers,
        )

    def section(self, values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        part = values.get(name, {})
        if isinstance(part, dict):
            return part
        self.faults.append(f"{name}: it must be a table")
        return {}

    def number(self, place: str, value: object, most: float) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
            return float(value)
        self.faults.append(f"{place}: a number from 0 to {most:g}, not {value!r}")
        return 0.0

    def arrivals(self, part: Mapping[str, Any]) -> Arrivals | None:
        hours = self.week("arrivals.hours", part.get("hours"))
        spread = self.number("arrivals.week_spread", part.get("week_spread", 0.0), 2)
        if hours is None:
            return None
        try:
            arrivals = Arrivals(tuple(map(float, hours)), spread)
            if "per_year" not in part:
                return arrivals
            return arrivals.scaled_to(self.number("arrivals.per_year", part["per_year"], 1e9))
        except BadInput as bad:
            self.faults += [f"arrivals: {fault}" for fault in bad.faults]
            return None

    def week(self, place: str, days: object) -> list[float] | None:
        """Seven days of 24 numbers, one after the other."""
        flat: list[Any] = []
        for day in days if isinstance(days, list) and len(days) == len(DAYS) else ():
            flat += day if isinstance(day, list) and len(day) == 24 else []
        if len(flat) == HOURS_OF_WEEK and all(isinstance(hour, int | float) for hour in flat):
            return flat
        self.faults.append(f"{place}: seven days of 24 numbers are needed, Monday first")
        return None

    def mix(self, kinds: object) -> Mix:
        read = []
        for number, kind in enumerate(kinds if isinstance(kinds, list) else [], 1):
            name, answers = str(kind.get("name", number)), kind.get("answers", {})
            shares = {
                column: {code: self.number(f"contact {name}, {column}.{code}", s, 1) for code, s in codes.items()}
                for column, codes in answers.items()
                if isinstance(codes, dict)
            }
            self.faults += [f"contact {name}, {c}: a table of code and share" for c in answers if c not in shares]
            read.append(Kind(name, self.number(f"contact {name}, share", kind.get("share", 1.0), 1e9), shares))
        if not read:
            self.faults.append("contact: at least one kind of contact is needed")
        return Mix(kinds=tuple(read))

    def desk(self, place: str, part: object) -> Desk | None:
        if not isinstance(part, dict):
            self.faults.append(f"{place}: it must be a table")
            return None
        before = len(self.faults)
        self.faults += [f"{place}.{name}: a desk has nothing of this name" for name in part if name not in _DESK]
        places = self.places(place, part)
        reach, work, past = (self.by_level(f"{place}.{name}", part.get(name)) for name in ("reach", "work", "before"))
        accepts, attends = (self.number(f"{place}.{name}", part.get(name, 1.0), 1) for name in ("accepts", "attends"))
        people = self.number(f"{place}.people", part.get("people", 1.0), 1e6)
        if len(self.faults) > before:
            return None
        return Desk(str(part.get("label", place)), places, reach, work, past, accepts, attends, people)

    def places(self, place: str, part: Mapping[str, Any]) -> tuple[int, ...]:
        try:
            if "shifts" in part:
                return places_of(part["shifts"])
            places = part.get("places")
            if isinstance(places, int):
                return (places,) * HOURS_OF_WEEK
            return tuple(int(hour) for hour in self.week(f"{place}.places", places) or ())
        except BadInput as bad:
            self.faults += [f"{place}: {fault}" for fault in bad.faults]
            return ()

    def by_level(self, place: str, times: object) -> ByLevel:
        if isinstance(times, dict) and set(times) & set(LEVEL_NAMES):
            self.faults += [f"{place}.{name}: no such level" for name in times if name not in LEVEL_NAMES]
            return tuple(self.times(f"{place}.{name}", times.get(name)) for name in LEVEL_NAMES)
        return (self.times(place, times),)

    def times(self, place: str, times: object) -> Distribution | None:
        if times is None:
            return None
        try:
            match times:
                case {"mean": mean, **rest} if not rest:
                    return Distribution(mean=float(mean))
                case {"median": median, "spread": spread, **rest} if not rest:
                    return lognormal(float(median), float(spread))
                case {"quantiles": quantiles, **rest} if not rest:
                    return Distribution(quantiles=tuple(map(float, quantiles)))
                case {"parts": parts, **rest} if not rest:
                    return Distribution(parts=tuple(Part(**{k: float(v) for k, v in p.items()}) for p in parts))
                case _:
                    self.faults.append(f"{place}: give mean, or median and spread, or parts, or quantiles")
        except (TypeError, ValueError) as bad:
            self.faults.append(f"{place}: {bad}")
        except BadInput as bad:
            self.faults += [f"{place}: {fault}" for fault in bad.faults]
        return None
