"""The questions of a pathway as fields of a form, and a form as answers. What counts as an answer is the core's to
say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from safehands.core.answers import read_answer
from safehands.core.case import Case
from safehands.core.pathway import Pathway, Question, QuestionKind
from safehands.core.vocabulary import DECLINED, NOT_ASKED, UNKNOWN, Answer, Provenance, Value
from safehands.errors import BadInput

#: Questions whose answer is written down in the reporter's own words as well.
IN_THEIR_WORDS = frozenset({"view", "life"})


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen. ``none`` marks unknown and declined, which are no values."""

    code: str
    label: str
    chosen: bool
    none: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as the page asks it, with what this contact answered so far."""

    question: Question
    options: tuple[Option, ...]
    written: str
    words: str
    wants_words: bool
    answered: bool
    provenance: str

    @property
    def kind(self) -> str:
        """Which field to render."""
        return self.question.kind.value


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask in this call: what must be asked before anybody decides not to go, what helps, what records tell."""

    must: tuple[Ask, ...]
    more: tuple[Ask, ...]
    records: tuple[Ask, ...]

    @property
    def left(self) -> tuple[Ask, ...]:
        """What must be asked and was not."""
        return tuple(ask for ask in self.must if not ask.answered)


def questions_of(pathway: Pathway, case: Case, contact: str) -> Questions:
    """Every question with what ``contact`` answered."""
    known = case.answers.get(contact, {})
    asks = [(question, _ask(question, known.get(question.id))) for question in pathway.questions]
    return Questions(
        tuple(ask for question, ask in asks if question.must_ask),
        tuple(ask for question, ask in asks if not question.must_ask and not question.register),
        tuple(ask for question, ask in asks if question.register and not question.must_ask),
    )


def _ask(question: Question, answer: Answer | None) -> Ask:
    value = answer.value if answer is not None else NOT_ASKED
    return Ask(
        question,
        tuple(_options(question, value)),
        str(value)
        if isinstance(value, int) or (_is_open(question) and isinstance(value, str) and value not in _NONE)
        else "",
        (answer.verbatim or "") if answer is not None else "",
        question.name in IN_THEIR_WORDS,
        answer is not None and value != NOT_ASKED,
        answer.provenance.value if answer is not None else Provenance.ASKED.value,
    )


_NONE = (UNKNOWN, DECLINED, NOT_ASKED)


def _is_open(question: Question) -> bool:
    return question.kind in (QuestionKind.TEXT, QuestionKind.INSTANT)


def _options(question: Question, value: Value) -> Iterator[Option]:
    chosen = value if isinstance(value, tuple) else (value,)
    for choice in question.choices:
        yield Option(choice.code, choice.label, choice.code in chosen)
    yield Option(UNKNOWN, _("Asked, not known"), UNKNOWN in chosen, none=True)
    yield Option(DECLINED, _("Would not say"), DECLINED in chosen, none=True)


def answers_in(
    pathway: Pathway, form: QueryDict, by: str, at: datetime, provenance: Provenance = Provenance.ASKED
) -> tuple[Answer, ...]:
    """The answers in a form: ``a.<id>`` chosen codes, ``n.<id>`` what was written, ``w.<id>`` the words that were used.

    What is left empty was not asked and is no answer. Raises ``BadInput`` naming every answer that cannot be read.
    """
    answers: list[Answer] = []
    faults: list[str] = []
    for question in pathway.questions:
        raw = _raw(question, form)
        if raw is None:
            continue
        try:
            value = read_answer(question, raw)
        except BadInput as bad:
            faults += bad.faults
            continue
        words = form.get(f"w.{question.id}", "").strip()
        answers.append(Answer(question.id, value, provenance, at, by, words or None))
    if faults:
        raise BadInput(faults)
    return tuple(answers)


def _raw(question: Question, form: QueryDict) -> object:
    written = form.get(f"n.{question.id}", "").strip()
    if written:
        return f"{written}:00+00:00" if question.kind is QuestionKind.INSTANT and len(written) == 16 else written
    codes = [code for code in form.getlist(f"a.{question.id}") if code]
    if not codes:
        return None
    return codes if question.kind is QuestionKind.MULTI else codes[-1]


def provenance_in(form: Mapping[str, str]) -> Provenance:
    """How the person at the desk came to know: asked, unless they say otherwise."""
    given = form.get("provenance", "")
    return Provenance(given) if given in (Provenance.VOLUNTEERED, Provenance.OBSERVED) else Provenance.ASKED
