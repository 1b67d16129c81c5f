"""The table of refusals: for each rule, what provokes it. Every file that provokes rules registers into it."""

from __future__ import annotations

from collections.abc import Callable

from scenario import Story

#: What provokes a rule. What comes before the command that is refused is done in the function too.
Provoke = Callable[[Story], object]
REFUSALS: dict[str, Provoke] = {}


def refusal(rule: str) -> Callable[[Provoke], Provoke]:
    """Register what provokes ``rule``. A rule is provoked once."""

    def register(provoke: Provoke) -> Provoke:
        assert rule not in REFUSALS, f"{rule} is provoked twice"
        REFUSALS[rule] = provoke
        return provoke

    return register
