"""From what somebody wrote to a code that the tables know.

``read_answer`` reads one raw value (a form field, a JSON value, a CSV cell) as the question's own codes; ``code_of``
turns the answer into the one code of an input. Both are total: what can't be read is a fault in a sentence, never a
guess, and an answer that nobody gave is the code ``unknown`` in every input (law 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from safehands.core.pathway import Band, Input, Pathway, Question, QuestionKind
from safehands.core.vocabulary import DECLINED, NO_VALUE, NOT_ASKED, UNKNOWN, Value
from safehands.errors import BadInput

#: Forms and partners write "refused" where we say "declined".
_OTHER_SPELLINGS = {"refused": DECLINED}


def read_answer(question: Question, raw: object) -> Value:
    """The answer as codes of ``question``: a code, a whole number, a tuple of codes, or one of the three that are no
    value.

    Accepts codes and their aliases; ``true`` and ``false`` for yes and no; digits for numbers; for a multiple answer a
    list of codes or how many apply; ``None`` for not asked. Raises ``BadInput`` with one sentence that names what would
    have been right.
    """
    if raw is None:
        return NOT_ASKED
    if isinstance(raw, str):
        plain = raw.strip()
        raw = _OTHER_SPELLINGS.get(plain, plain)
        if raw in NO_VALUE:
            return raw
    match question.kind:
        case QuestionKind.CHOICE:
            return _choice(question, raw)
        case QuestionKind.NUMBER:
            return _number(question, raw)
        case QuestionKind.MULTI:
            return _multiple(question, raw)
        case QuestionKind.INSTANT:
            return _instant(question, raw)
        case QuestionKind.TEXT:
            if isinstance(raw, str):
                return raw
            raise _unreadable(question, raw, "give it as text")
        case _ as never:
            assert_never(never)


def code_of(column: Input, value: Value) -> str:
    """The domain code that an answer gives to an input. Raises ``BadInput`` for a number that no band holds."""
    if isinstance(value, str):
        return UNKNOWN if value in NO_VALUE else column.mapping.get(value, value)
    if isinstance(value, int):
        return _band(column, value)
    mapped = [column.mapping[code] for code in value if code in column.mapping]
    if mapped:
        return max(mapped, key=column.domain.index)
    return _band(column, sum(code in column.count_of for code in value))


def spellings(question: Question) -> Mapping[str, str]:
    """Every way to write a choice of ``question``, with the code it is read as."""
    ways = {choice.code: choice.code for choice in question.choices}
    for choice in question.choices:
        ways.update((alias, choice.code) for alias in choice.aliases if alias not in ways)
    return ways


def read_answers(pathway: Pathway, answers: Mapping[str, object]) -> dict[str, Value]:
    """Answers by question id from answers by id or short name. Raises ``BadInput`` naming every bad answer at once."""
    named = {question.name: question for question in pathway.questions} | {q.id: q for q in pathway.questions}
    read: dict[str, Value] = {}
    faults: list[str] = []
    columns = {column.question: column for column in pathway.inputs}
    for key, raw in answers.items():
        question = named.get(key)
        if question is None:
            faults.append(f"{key}: the pathway {pathway.ref.pathway} has no question with this id or name")
            continue
        if question.id in read:
            faults.append(f"{_called(question)}: answered twice in one record; send one answer")
            continue
        try:
            read[question.id] = value = read_answer(question, raw)
            if question.id in columns:
                code_of(columns[question.id], value)
        except BadInput as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadInput(faults)
    return read


def _choice(question: Question, raw: object) -> Value:
    ways = spellings(question)
    written = _written(raw)
    if written in ways:
        return ways[written]
    raise _unreadable(question, raw, _one_of(question))


def _number(question: Question, raw: object) -> Value:
    ways = spellings(question)
    if isinstance(raw, str) and raw in ways:
        return ways[raw]
    if isinstance(raw, str) and raw.isascii() and raw.isdigit():
        return int(raw)
    # `true` is a number to Python; it is accepted as 1 only where no choice could have been meant instead.
    if isinstance(raw, int) and not (isinstance(raw, bool) and ways):
        return int(raw)
    besides = f", or {_one_of(question)}" if ways else ""
    raise _unreadable(question, raw, f"give a whole number{besides}")


def _multiple(question: Question, raw: object) -> Value:
    ways = spellings(question)
    if isinstance(raw, (list, tuple, set, frozenset)):
        return _several(question, ways, sorted(raw, key=str) if isinstance(raw, (set, frozenset)) else raw)
    written = _written(raw)
    if written in ways:
        return (ways[written],)
    if isinstance(raw, int) and raw >= 0:
        return int(raw)
    if written.isascii() and written.isdigit():
        return int(written)
    raise _unreadable(question, raw, f"give a list of codes, or how many apply; the codes: {', '.join(ways)}")


def _several(question: Question, ways: Mapping[str, str], raw: Iterable[object]) -> Value:
    items = [_OTHER_SPELLINGS.get(item, item) if isinstance(item, str) else item for item in raw]
    if len(items) == 1 and isinstance(items[0], str) and items[0] in NO_VALUE:
        return items[0]
    strange = [item for item in items if _written(item) not in ways]
    if strange:
        raise _unreadable(question, strange[0], _one_of(question))
    return tuple(dict.fromkeys(ways[_written(item)] for item in items))


def _instant(question: Question, raw: object) -> Value:
    wanted = "give a date and time with its offset, as 2026-01-31T15:46:00+00:00"
    if not isinstance(raw, str):
        raise _unreadable(question, raw, wanted)
    try:
        instant = datetime.fromisoformat(raw)
    except ValueError:
        raise _unreadable(question, raw, wanted) from None
    if instant.tzinfo is None:
        raise _unreadable(question, raw, wanted)
    return raw


def _band(column: Input, number: int) -> str:
    for band in column.bands:
        if (band.low is None or number >= band.low) and (band.high is None or number <= band.high):
            return band.code
    raise BadInput(
        [f"{column.question} ({column.name}): {number} is outside what can be right; {_ranges(column.bands)}"]
    )


def _ranges(bands: Iterable[Band]) -> str:
    lows = [band.low for band in bands]
    highs = [band.high for band in bands]
    if not lows:
        return "this question takes no number"
    low = None if None in lows else min(low for low in lows if low is not None)
    high = None if None in highs else max(high for high in highs if high is not None)
    return f"give a whole number from {'any' if low is None else low} to {'any' if high is None else high}"


def _written(raw: object) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return str(raw) if isinstance(raw, (str, int)) else ""


def _one_of(question: Question) -> str:
    return f"give one of: {', '.join(choice.code for choice in question.choices)}, unknown, declined, not_asked"


def _called(question: Question) -> str:
    return f"{question.id} ({question.name})"


def _unreadable(question: Question, raw: object, wanted: str) -> BadInput:
    shown = repr(raw) if len(repr(raw)) <= 60 else repr(raw)[:57] + "..."
    return BadInput([f"{_called(question)}: {shown} is not an answer; {wanted}"])
