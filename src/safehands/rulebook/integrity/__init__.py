"""The twenty integrity rules of evidence and review (sheet section 2): what is true of a material, and why.

``cells`` (what a rule is made of) · ``standing`` (what is kept, so that a fact costs what it touches) · ``catalogue``
(each rule in words) · the rules, one module a rule or family. Pure: they read a material, a moment and calendars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from safehands.core.calendar import Calendar
from safehands.core.records.findings import Findings
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading
from safehands.rulebook.integrity import (
    answers,
    basis,
    custody,
    disposal,
    fixity,
    late,
    letters,
    orphan,
    registers,
    requests,
    reviews,
    schedules,
    seen,
    source_unseen,
    surfaced,
    survival,
    unverified,
    visibility,
)
from safehands.rulebook.integrity.cells import Question, Rule
from safehands.rulebook.integrity.standing import Place, Standing

#: The rules in the order of their ids. R16, a clock that ran out, is the kernel's own ``clock_breached``.
RULES: Final[tuple[Rule, ...]] = (
    source_unseen.RULE,
    orphan.RULE,
    surfaced.RULE,
    answers.R04,
    answers.R05,
    requests.RULE,
    fixity.RULE,
    letters.RULE,
    disposal.RULE,
    unverified.RULE,
    schedules.RULE,
    reviews.RULE,
    custody.RULE,
    survival.RULE,
    seen.RULE,
    basis.RULE,
    registers.RULE,
    late.RULE,
    visibility.RULE,
)


class IntegrityRules:
    """The rules as the kernel is given them (``core.records.findings.Integrity``). ``rules`` may leave some out."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self._rules = {rule.id: rule for rule in rules}

    def evaluate(self, material: Material, at: datetime, calendars: Mapping[str, Calendar]) -> Standing:
        """Everything that is true of ``material`` at ``at``."""
        every = ((rule.id, parts) for rule in self._rules.values() for parts in dict.fromkeys(rule.cells(material)))
        return self._judged(Standing(at), every, Question(Reading(material), at, calendars))

    def evaluate_as_of(self, reading: Reading, at: datetime, calendars: Mapping[str, Calendar]) -> Standing:
        """What was true at ``at`` as far as was known at another moment of learning: "what did the register say on
        that day?" """
        every = (
            (rule.id, parts) for rule in self._rules.values() for parts in dict.fromkeys(rule.cells(reading.material))
        )
        return self._judged(Standing(at), every, Question(reading, at, calendars))

    def advance(
        self,
        standing: Findings,
        before: Material,  # noqa: ARG002 - the protocol's: another set of rules may need it
        after: Material,
        facts: Sequence[Fact[Any]],
        *,
        at: datetime,
        calendars: Mapping[str, Calendar],
    ) -> Standing:
        """What is true of ``after`` at ``at``: only what ``facts`` touched and what fell due since is judged again.

        Equal to ``evaluate(after, at, calendars)``, which it falls back to where ``standing`` is not its own, or is of
        a later moment. The calendars must be those that ``standing`` was judged with.
        """
        if not isinstance(standing, Standing) or standing.at > at:
            return self.evaluate(after, at, calendars)
        moved, due = standing.passed(at)
        places: dict[Place, None] = dict.fromkeys(due)
        for fact in facts:
            for rule in self._rules.values():
                places |= dict.fromkeys((rule.id, parts) for parts in rule.touched(after, fact))
        return self._judged(moved, places, Question(Reading(after), at, calendars))

    def _judged(self, standing: Standing, places: Iterable[Place], question: Question) -> Standing:
        for place in places:
            standing = standing.judged(place, self._rules[place[0]].judge(question, place[1]))
        return standing


INTEGRITY: Final = IntegrityRules()
