"""The integrity rules against a slow, obvious oracle, on random registers; and in steps against all at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from material_builder import CALENDARS
from property.integrity_oracle import truth
from property.random_registers import Register
from safehands.core.records.material import EMPTY, absorb
from safehands.rulebook.integrity import INTEGRITY

ROUNDS = 40


@pytest.mark.parametrize("tens", range(ROUNDS))
def test_step_by_step_it_says_what_it_says_of_the_whole(tens: int) -> None:
    for seed in range(tens * 10, tens * 10 + 10):
        register, material = Register(seed), EMPTY
        standing = INTEGRITY.evaluate(EMPTY, register.now, CALENDARS)
        for _ in range(register.random.randint(10, 60)):
            fact = register.step()
            before, material = material, absorb(material, fact)
            standing = INTEGRITY.advance(standing, before, material, [fact], at=register.now, calendars=CALENDARS)
            whole = INTEGRITY.evaluate(material, register.now, CALENDARS)
            assert dict(standing) == dict(whole), (seed, fact)
        for days in (1, 4, 30, 800):
            register.now += timedelta(days=days)
            standing = INTEGRITY.advance(standing, material, material, [], at=register.now, calendars=CALENDARS)
            assert dict(standing) == dict(INTEGRITY.evaluate(material, register.now, CALENDARS)), (seed, days)


@pytest.mark.slow
@pytest.mark.parametrize("fifties", range(60))
def test_it_says_what_the_oracle_says(fifties: int) -> None:
    for seed in range(10_000 + fifties * 50, 10_050 + fifties * 50):
        register, material = Register(seed), EMPTY
        for _ in range(register.random.randint(8, 60)):
            material = absorb(material, register.step())
        at = register.now + timedelta(days=register.some(0, 1, 30, 400))
        said = {
            name: (each.letter, each.grade, each.knowable_then)
            for name, each in INTEGRITY.evaluate(material, at, CALENDARS).items()
        }
        assert said == truth(register.facts, at), seed
