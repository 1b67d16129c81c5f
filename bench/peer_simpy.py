"""The same models in SimPy, as somebody who knows SimPy would write them: processes, resources, conditions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from safehands.sim.distributions import Distribution
from safehands.sim.experiment import Area


def mmc(contacts: int, rate: float, service_rate: float, servers: int, seed: int) -> list[float]:
    """The waits of an M/M/c queue."""
    chance = random.Random(seed)
    environment = simpy.Environment()
    desk = simpy.Resource(environment, servers)
    waits: list[float] = []

    def caller() -> Any:
        came = environment.now
        with desk.request() as place:
            yield place
            waits.append(environment.now - came)
            yield environment.timeout(chance.expovariate(service_rate))

    def telephone() -> Any:
        for _ in range(contacts):
            yield environment.timeout(chance.expovariate(rate))
            environment.process(caller())

    environment.process(telephone())
    environment.run()
    return waits


@dataclass
class Counts:
    """What the peer counts, to see that both simulate the same thing."""

    crews: int = 0
    crew_minutes: float = 0.0
    accepted: int = 0
    declined: int = 0
    lapsed: int = 0
    raised: int = 0
    again: int = 0
    scene: list[float] = field(default_factory=list)


class Pathway:
    """The pathway model of ``safehands.sim.kernel`` on the desks and programs of an ``Area``, with the same rows.

    Places are those of the first hour all the week: a SimPy resource keeps its capacity.
    """

    def __init__(self, area: Area, arrivals: Sequence[float], rows: Sequence[Sequence[int]], seed: int) -> None:
        self.area, self.arrivals, self.rows = area, arrivals, rows
        self.chance = random.Random(seed)
        self.environment = simpy.Environment()
        self.pools = [simpy.PriorityResource(self.environment, max(1, desk.places[0])) for desk in area.desks]
        self.tables = {
            times: times.table().tolist()
            for desk in area.desks
            for times in (*desk.before, *desk.reach, *desk.work)
            if times is not None
        }
        names = area.model.programs.dtype.names
        self.programs = [dict(zip(names, row.tolist(), strict=True)) for row in area.model.programs[0]]
        rules = area.model.rules[0]
        self.rules = {name: rules[name].item() for name in area.model.rules.dtype.names}
        self.counts = Counts()

    def run(self) -> Counts:
        self.environment.process(self.telephone())
        self.environment.run()
        return self.counts

    def telephone(self) -> Any:
        for who, at in enumerate(self.arrivals):
            yield self.environment.timeout(at - self.environment.now)
            self.environment.process(self.contact(who, 0))

    def draw(self, times: tuple[Distribution | None, ...], level: int) -> float:
        chosen = times[0] if len(times) == 1 else times[level]
        if chosen is None:
            return 0.0
        table = self.tables[chosen]
        step = self.chance.random() * (len(table) - 1)
        low = int(step)
        return table[low] + (step - low) * (table[low + 1] - table[low])

    def contact(self, who: int, earlier: int) -> Any:
        environment, rules = self.environment, self.rules
        came = environment.now
        room = self.pools[rules["control_room"]]
        with room.request(priority=0) as place:
            yield place
            yield environment.timeout(self.draw(self.area.desks[rules["control_room"]].reach, 0))
        program = self.programs[self.rows[earlier][who]]
        deploy = self.chance.random() < program["chance"]
        if program["guarded"]:
            decision = environment.process(self.supervisor())
            yield decision | environment.timeout(rules["limit"])
            if decision.triggered:
                deploy = decision.value
            else:
                deploy = True
                self.counts.raised += 1
        attended = deploy
        if deploy:
            environment.process(self.crew(program, came))
        if program["partner"] >= 0 and not (deploy and program["guarded"]):
            answer = yield environment.process(self.offer(program))
            attended = attended or answer == "came"
            if answer == "refused" and not deploy and self.chance.random() < rules["after_refusal"]:
                attended = True
                environment.process(self.crew(program, came))
        if not attended and earlier < 2 and self.chance.random() < rules["rings_again"]:
            self.counts.again += 1
            yield environment.timeout(self.chance.expovariate(1 / rules["pause"]))
            environment.process(self.contact(who, earlier + 1))

    def supervisor(self) -> Any:
        number = self.rules["supervisors"]
        with self.pools[number].request(priority=0) as place:
            yield place | self.environment.timeout(self.rules["limit"])
            if not place.triggered:
                return True
            yield self.environment.timeout(self.draw(self.area.desks[number].reach, 0))
        return self.chance.random() < self.rules["deploys"]

    def crew(self, program: dict[str, Any], came: float) -> Any:
        desk, level = self.area.desks[program["crew"]], program["level"]
        with self.pools[program["crew"]].request(priority=level) as place:
            yield place
            sent = self.environment.now
            yield self.environment.timeout(self.draw(desk.reach, level))
            self.counts.scene.append(self.environment.now - came)
            yield self.environment.timeout(self.draw(desk.work, level))
            self.counts.crews += 1
            self.counts.crew_minutes += self.environment.now - sent

    def offer(self, program: dict[str, Any]) -> Any:
        """How the offer ended for the case: somebody came, nobody was needed to, or it was refused."""
        answer = self.environment.event()
        self.environment.process(self.partner(program, answer))
        yield answer | self.environment.timeout(program["due"])
        if answer.triggered:
            return answer.value
        self.counts.lapsed += 1
        answer.succeed("lapsed")
        return "refused"

    def partner(self, program: dict[str, Any], answer: Any) -> Any:
        number, level = program["partner"], program["level"]
        desk = self.area.desks[number]
        with self.pools[number].request(priority=level) as place:
            yield place | answer
            if not place.triggered:
                return
            yield self.environment.timeout(self.draw(desk.reach, level))
            if answer.triggered:
                return
            if self.chance.random() >= desk.accepts:
                self.counts.declined += 1
                answer.succeed("refused")
                return
            self.counts.accepted += 1
            answer.succeed("came" if self.chance.random() < desk.attends else "spoken")
            yield self.environment.timeout(self.draw(desk.work, level))
