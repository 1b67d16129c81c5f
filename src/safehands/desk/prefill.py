"""What a handover's pack can already say from what was written down, so that nobody is asked the same thing twice.

A suggestion: whoever offers reads it, changes it and sends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from safehands.core.case import Case
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Answer
from safehands.service.sentences import Words

#: Fields of a pack, by id, and the questions (by their short name) whose answers they carry.
CARRIES = {
    "location": ("place",),
    "risk": ("life", "harm", "ind"),
    "scene_safety": ("weapon", "rave"),
    "reporter_view": ("view",),
    "callback": ("callback",),
    "suicide_risk": ("life", "ind"),
    "risk_to_others": ("weapon", "rave"),
    "mha_status": ("mha",),
    "threats_verbatim": ("life",),
}


def suggested(pathway: Pathway, case: Case, fields: tuple[str, ...]) -> dict[str, str]:
    """What each of ``fields`` can say already; a field with nothing on record is left out."""
    questions = {question.name: question.id for question in pathway.questions}
    words = Words(pathway)
    found = {
        field: "; ".join(
            said
            for name in CARRIES.get(field, ())
            for answer in _answers(case, questions.get(name, ""))
            for said in _said(words, answer)
        )
        for field in fields
    }
    if "told" in fields and case.told:
        found["told"] = case.told[-1].text
    return {field: value for field, value in found.items() if value}


def _answers(case: Case, question: str) -> Iterator[Answer]:
    """What the case's own contacts said, the last contact first."""
    for source in reversed(list(case.answers)):
        if source in case.contacts and question in case.answers[source] and case.answers[source][question].known:
            yield case.answers[source][question]


def _said(words: Words, answer: Answer) -> Iterator[str]:
    codes = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
    yield ", ".join(words.choice(answer.question, code) for code in codes)
    if answer.verbatim:
        yield f"“{answer.verbatim}”"
