"""Combinations of codes in the words of the form: what a person who answered the questions would recognise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safehands.core.pathway import Input, Pathway
from safehands.core.vocabulary import UNKNOWN


def label_of(pathway: Pathway, column: Input, code: str) -> str:
    """The words for a code of an input: its own label, that of the choice it comes from, or that nobody answered."""
    if code in column.labels:
        return column.labels[code]
    if code == UNKNOWN:
        return "not known, declined or not asked"
    for question in pathway.questions:
        if question.id == column.question:
            for choice in question.choices:
                if column.mapping.get(choice.code, choice.code) == code:
                    return choice.label
    return code


def example_in_words(pathway: Pathway, codes: Mapping[str, str]) -> str:
    """The questions and labels of ``codes``, or ``any answers`` if no input matters."""
    return box_in_words(pathway, {name: (code,) for name, code in codes.items()})


def box_in_words(pathway: Pathway, codes: Mapping[str, Iterable[str]]) -> str:
    """The same where an input may have one of several codes."""
    texts = {question.id: question.text for question in pathway.questions}
    columns = {column.name: column for column in pathway.inputs}
    parts = []
    for name, allowed in codes.items():
        column, listed = columns[name], tuple(allowed)
        labels = " or ".join(label_of(pathway, column, code) for code in listed)
        parts.append(f'{column.question} "{texts[column.question]}": {labels} [{name} = {" or ".join(listed)}]')
    return "; ".join(parts) or "any answers"
