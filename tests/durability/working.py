"""A program that works as hard as it can until somebody kills it, and says on its standard output what is done.

    python -m durability.working HOME DATABASE NAME

``ready`` when it has opened the store; ``done COMMAND POSITION COUNT`` when a command has been acknowledged to it;
``sealed SIZE`` when that many entries stand under a signed checkpoint. A line is written whole or not at all.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

from safehands.core import commands as c
from safehands.core.vocabulary import Actor
from safehands.service import timers
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SystemClock
from safehands.service.handle import Request, Service
from safehands.store.embedded import running
from safehands.store.opening import attach
from safehands.store.ports import Token
from scenario import CALM, Story, alone, case_id, person, right_care

POLICE, AMBULANCE, FIRE = person("POL"), person("AMB"), person("FRS")

#: How many different addresses people ring about: few, so that cases are linked and one command writes to several.
ADDRESSES = 6

#: One command in so many is followed by a signed checkpoint, and one in so many by the timers.
SEAL_EVERY = 5


def say(*words: object) -> None:
    """One line, in one write."""
    os.write(1, f"{' '.join(map(str, words))}\n".encode())


def work(service: Service, name: str, chance: random.Random) -> None:
    """For ever: one case after the other, from the call to its closing."""
    for n in count():
        for request in one_case(service, f"{name}-{n}", f"{name}'s {chance.randrange(ADDRESSES)}", chance):
            receipt = service.handle(request).receipt
            say("done", request.command_id, receipt.first, receipt.count)
            if chance.randrange(SEAL_EVERY) == 0:
                say("sealed", service.store.seal(at=service.clock.now()).sealed)
            if chance.randrange(SEAL_EVERY) == 0:
                timers.run_due(service)


def one_case(service: Service, name: str, address: str, chance: random.Random) -> Iterator[Request]:
    """The requests of one case: offered to two agencies, one of which takes it or neither; closed, or left as it is."""
    now = service.clock.now()
    story = Story(alone().engine, right_care(), now, name)
    numbers = count()

    def request(command: c.Command, by: Actor, tokens: tuple[Token, ...] = ()) -> Request:
        return Request(f"{name}.{next(numbers)}", case_id(name), command, by, pathway="right-care", tokens=tokens)

    contact = story.contact(POLICE)
    yield request(c.TakeContact(f"SH-{name}", contact), POLICE, (Token("address", address),))
    yield request(c.RecordAnswers(contact.contact, story.answers(POLICE, CALM), conclude=True), POLICE)
    soon = service.clock.now() + timedelta(milliseconds=chance.randrange(20, 400))
    first = request(c.OfferHandover("FRS", "dispatch", "please take this", due_at=soon), POLICE)
    second = request(c.OfferHandover("AMB", "dispatch", "please take this"), POLICE)
    yield from (first, second)
    match chance.randrange(4):
        case 0:
            yield request(c.AcceptOffer(f"{second.command_id}.1", "POL"), AMBULANCE)
            yield request(c.RecordMilestone("person_seen", "seen by two people"), AMBULANCE)
            yield request(c.CloseCase("AMB", "taken to hospital", "helped"), AMBULANCE)
        case 1:
            yield request(c.WithdrawOffer(f"{second.command_id}.1", "we go ourselves"), POLICE)
        case 2:
            yield request(c.DeclineOffer(f"{second.command_id}.1", "nobody is free"), AMBULANCE)
        case _:
            yield request(c.Raise(5, "it sounds worse than it was typed"), POLICE)


def main(home: str, database: str, name: str) -> None:
    """Open the store there and work."""
    with running(Path(home)) as server:
        store = attach(server, Path(home), database, most=2)
        say("ready")
        work(Service(store, Catalogue(store), SystemClock()), name, random.Random(name))


if __name__ == "__main__":
    main(*sys.argv[1:])
