"""The memory store and PostgreSQL argue: one random run on both, the same answers to everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from safehands.errors import SafehandsError
from safehands.store.memory import MemoryStore
from safehands.store.ports import PICTURE_COLUMNS, Append, Loaded, OutboxMessage, Receipt, Store, Token
from safehands.store.postgres.store import PostgresStore
from store.given import (
    AMBULANCE,
    CRISIS_LINE,
    NOW,
    POLICE,
    append,
    at,
    case,
    held,
    no_picture,
    picture,
    standing,
    stream,
    summary,
)

AGENCIES = (POLICE, AMBULANCE, CRISIS_LINE)
STEPS = 150


@dataclass
class Player:
    """Makes up what tired people and late programs send: right, stale, repeated, overlapping."""

    random: Random
    versions: dict[str, int] = field(default_factory=dict)
    sent: list[Append] = field(default_factory=list)

    def append(self) -> Append:
        if self.sent and self.random.random() < 0.15:
            return self.random.choice(self.sent)
        number = self.random.randint(1, 6)
        name = stream(number)
        expected = max(0, self.versions.get(name, 0) - (self.random.random() < 0.15))
        rows = [summary(number, status=self.random.choice(("open", "closed")), last_at=at(self.random.randint(0, 90)))]
        rows += standing(number, self.random.choice(AGENCIES))
        rows.append(
            self.random.choice((rows[0], no_picture("standing_picture", case(number), self.random.choice(AGENCIES))))
        )
        start = self.random.randint(0, 50)
        until = self.random.choice((None, at(start + self.random.randint(0, 20))))
        rows.append(held(number, self.random.randint(1, 3), self.random.choice(AGENCIES), at(start), until))
        due = self.random.choice((None, at(self.random.randint(0, 90))))
        rows.append(picture("clock_picture", case_id=case(number), clock="c", next_step="s", next_at=due))
        made = append(
            name,
            *(f"said {len(self.sent)} {n}" for n in range(self.random.randint(1, 3))),
            expected=expected,
            command=f"c{len(self.sent)}",
            pictures=rows,
            tokens=(Token("phone", str(self.random.randint(1, 3))),),
            outbox=(OutboxMessage("mail", "desk", name),),
            snapshot=self.random.choice((None, b"state %d" % len(self.sent))),
        )
        self.sent.append(made)
        return made

    def step(self) -> Callable[[Store], object]:
        kind = self.random.random()
        if kind < 0.7:
            made = self.append()
            return lambda store: store.append(made)
        if kind < 0.8:
            return lambda store: store.seal(at=NOW).size
        if kind < 0.9 and self.versions:
            name = self.random.choice(sorted(self.versions))
            version = self.versions[name]
            said = append(name, "erased", expected=version, command=f"e{len(self.sent)}")
            self.sent.append(said)
            versions = [self.random.randint(1, version)]
            return lambda store: store.erase(name, versions, said)
        token, agency = Token("phone", str(self.random.randint(1, 3))), self.random.choice(AGENCIES)

        def look(store: Store) -> object:
            with store.unit(agency=agency) as unit:
                return unit.stubs([token], actor="a", agency=agency, reason="r", at=NOW)

        return look


def answer(step: Callable[[Store], object], store: Store) -> object:
    try:
        return step(store)
    except SafehandsError as error:
        return type(error).__name__, str(error)


def told(loaded: Loaded | None) -> object:
    """What is the same in two stores: all but salts and what follows from them."""
    if loaded is None:
        return None
    entries = [(entry.position, entry.version, entry.entry, entry.salt is None) for entry in loaded.entries]
    return loaded.version, loaded.snapshot_version, loaded.snapshot, loaded.erased, entries


def everything(store: Store) -> object:
    """All that can be read."""
    readers = (None, *AGENCIES)
    return (
        [told(store.load(stream(n), agency=agency)) for n in range(1, 7) for agency in readers],
        [store.pictures(table, agency=agency) for table in PICTURE_COLUMNS for agency in readers],
        [store.find(f"SH-{n:04}", agency=agency) for n in range(1, 7) for agency in readers],
        store.outbox(limit=1000),
        store.looked(),
        store.due(at(45)),
        (store.head().size, store.head().sealed),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_both_stores_give_the_same_answers(postgres_store: PostgresStore, seed: int) -> None:
    player, memory = Player(Random(seed)), MemoryStore()
    met = set()
    for number in range(STEPS):
        step = player.step()
        here, there = answer(step, memory), answer(step, postgres_store)
        assert here == there, f"step {number}"
        met.add(here[0] if isinstance(here, tuple) and here and isinstance(here[0], str) else type(here).__name__)
        if isinstance(here, Receipt) and not here.repeated:
            player.versions[here.stream] = player.versions.get(here.stream, 0) + here.count
        if number % 10 == 9:
            assert everything(memory) == everything(postgres_store), f"after step {number}"
    postgres_store.seal(at=NOW)
    memory.seal(at=NOW)
    assert postgres_store.check_tree() == memory.check_tree()
    assert {"Receipt", "Stale", "LedgerFault"} <= met, "the run was too tame"
