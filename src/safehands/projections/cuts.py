"""By what published figures are cut: the codes that a pathway's ``cut`` questions give a case (right-care sheet 4).

A cut holds what is known now: the latest value that any contact of this case gave; where none did, the latest of
unknown, declined and not asked. A case without any answer to a cut question has no fact of it, and the figures report
it as ``not_asked`` (law 5). Answers pooled from linked cases do not count: a case about the same place may be about
another person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safehands.core.case import Case
from safehands.core.pathway import Band, Pathway, Question
from safehands.core.vocabulary import NO_VALUE, UNKNOWN, Answer, Provenance, Value


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one cut of a case, and how it came to be known."""

    cut: str
    code: str
    provenance: str


def asked(answers: Iterable[Answer]) -> tuple[str, ...]:
    """The questions that somebody was asked and that were not there before: not volunteered, observed or looked up."""
    return tuple(sorted({each.question for each in answers if each.provenance is Provenance.ASKED}))


def touched(pathway: Pathway, answers: Iterable[Answer], source: str, case: Case) -> tuple[Known, ...]:
    """What is known now of every cut that ``answers``, of ``source``, say something about."""
    if source not in case.contacts:
        return ()
    named = {each.question for each in answers}
    return tuple(_known(question, case) for question in pathway.questions if question.cut and question.id in named)


def _known(question: Question, case: Case) -> Known:
    given = [
        answers[question.id]
        for source, answers in case.answers.items()
        if source in case.contacts and question.id in answers
    ]
    latest = max(given, key=lambda answer: (answer.known, answer.at))
    return Known(question.cut, code_of(question, latest.value), latest.provenance.value)


def code_of(question: Question, value: Value) -> str:
    """The code of an answer in its question's cut; a number that no band holds is unknown."""
    if isinstance(value, str):
        return value if value in NO_VALUE or any(value == choice.code for choice in question.choices) else UNKNOWN
    if isinstance(value, int):
        return next((band.code for band in question.cut_bands if _within(band, value)), UNKNOWN)
    return UNKNOWN


def _within(band: Band, number: int) -> bool:
    return (band.low is None or number >= band.low) and (band.high is None or number <= band.high)
