"""Asking the tables about a case: the union of what every contact said, pooled risks of linked cases, and what the case itself shows.

Within a case the riskiest known answer of any contact counts; another case's answer counts only where it is riskier than our own,
unknown included (law 6). Two answers come from the case itself where a pathway has questions for them: ``repeat`` (contacts after a
decision not to go, within 24 hours; right-care sheet Q20) and ``duty`` (somebody was promised or told that help is coming; Q19).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from safehands.core.answers import code_of, read_answer
from safehands.core.case import Case
from safehands.core.commands import Conclude
from safehands.core.decide import decisions
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open
from safehands.core.events import TriageConcluded
from safehands.core.pathway import Input, Pathway, Question, QuestionKind
from safehands.core.rules import refuse
from safehands.core.tables import Conclusion, Triage, compile_tables, resolve_holder
from safehands.core.vocabulary import UNKNOWN, Answer, Value
from safehands.errors import BadInput

#: How long after a decision not to go another contact counts as a repeat (right-care sheet Q20, rule A11).
REPEAT_WINDOW: Final = timedelta(hours=24)

_compiled: dict[str, Triage] = {}


def compiled(pathway: Pathway) -> Triage:
    """The compiled tables of a pathway, compiled once for each text."""
    triage = _compiled.get(pathway.ref.digest)
    if triage is None:
        triage = _compiled[pathway.ref.digest] = compile_tables(pathway)
    return triage


def command(draft: Draft, _: Conclude) -> None:
    """Ask the tables now."""
    check_open(draft.case)
    if not draft.case.answers:
        refuse("triage.nothing_asked")
    conclude(draft)


def conclude(draft: Draft) -> None:
    """Ask the tables and write down what they said, unless it is what they said before.

    For a stream of contact that the force has not switched on it is written as a shadow: recorded, and not advice (sheet 1.3).
    """
    said = conclusion_of(draft.pathway, draft.case)
    shadow = draft.case.conclusion is None and said.inputs.get("stream") in draft.given.shadow_streams
    before = draft.case.shadow if shadow else draft.case.conclusion
    if before is not None and (before.outcome, before.rows, before.unknown) == (said.outcome, said.rows, said.unknown):
        return
    draft.add(
        TriageConcluded(
            outcome=said.outcome,
            row=said.row,
            rows=said.rows,
            table=said.table,
            holder=resolve_holder(draft.pathway, said.holder),
            clocks=said.clocks,
            routes=said.routes,
            flags=said.flags,
            inputs=said.inputs,
            unknown=said.unknown,
            shadow=shadow,
        )
    )
    if not shadow and before is not None and said.outcome > before.outcome:
        decisions.risk_rose(draft)


def again(draft: Draft) -> None:
    """New information asks the tables again, once they have been asked (sheet failure 28)."""
    if draft.case.conclusion is not None or draft.case.shadow is not None:
        conclude(draft)


def conclude_with_what_is_known(draft: Draft) -> None:
    """The triage clock ran out: what nobody answered is unknown, and unknown is not no."""
    conclude(draft)


def conclusion_of(pathway: Pathway, case: Case) -> Conclusion:
    """What the tables say about a case as it stands."""
    return compiled(pathway).conclude(effective_answers(pathway, case))


def inputs_of(pathway: Pathway, case: Case) -> dict[str, str]:
    """What the tables see of a case: the code of every input, ``unknown`` where nobody answered."""
    answers = effective_answers(pathway, case)
    return {column.name: code_of(column, answers.get(column.question, UNKNOWN)) for column in pathway.inputs}


def effective_answers(pathway: Pathway, case: Case) -> dict[str, Value]:
    """One value for each question that somebody answered, from every contact, linked case and the case itself."""
    columns = {column.question: column for column in pathway.inputs}
    values: dict[str, Value] = {}
    for question in pathway.questions:
        column = columns.get(question.id)
        own = _values(question, (answers for source, answers in case.answers.items() if source in case.contacts))
        pooled = _values(question, (answers for source, answers in case.answers.items() if source not in case.contacts))
        value = _own(question, column, own)
        value = _pooled(question, column, value, pooled)
        value = _with_derived(question, column, value, case)
        if value != UNKNOWN:
            values[question.id] = value
    return values


def faults_of(pathway: Pathway, answers: Iterable[Answer]) -> list[str]:
    """A sentence for every answer that does not fit its question, or whose question the pathway does not have."""
    questions = {question.id: question for question in pathway.questions}
    columns = {column.question: column for column in pathway.inputs}
    faults: list[str] = []
    for answer in answers:
        question = questions.get(answer.question)
        if question is None:
            faults.append(f"{answer.question}: the pathway {pathway.ref.pathway} has no question with this id")
            continue
        try:
            value = read_answer(question, answer.value)
            if value != answer.value:
                faults.append(f"{question.id} ({question.name}): write {value!r} for {answer.value!r}")
            elif question.id in columns:
                code_of(columns[question.id], value)
        except BadInput as bad:
            faults.extend(bad.faults)
    return faults


def _values(question: Question, sources: Iterable[Mapping[str, Answer]]) -> list[Value]:
    found: list[Value] = []
    for answers in sources:
        answer = answers.get(question.id)
        if answer is not None and answer.known:
            found.append(answer.value)
    return found


def _own(question: Question, column: Input | None, values: list[Value]) -> Value:
    if not values:
        return UNKNOWN
    if question.kind is QuestionKind.MULTI:
        return _union(values)
    if column is None or not column.risk:
        return values[-1]
    return max(values, key=lambda value: _risk(column, value))


def _pooled(question: Question, column: Input | None, own: Value, values: list[Value]) -> Value:
    if not values or column is None or not column.risk:
        return own
    if question.kind is QuestionKind.MULTI:
        together = _union([*values, *([] if own == UNKNOWN else [own])])
        return together if _risk(column, together) > _risk(column, own) else own
    return max([own, *values], key=lambda value: _risk(column, value))


def _union(values: list[Value]) -> Value:
    """Codes of every source together; a bare count stands where it counts more than the codes do."""
    codes = tuple(dict.fromkeys(code for value in values if isinstance(value, tuple) for code in value))
    counts = [value for value in values if isinstance(value, int)]
    return max(counts) if counts and max(counts) > len(codes) else codes


def _risk(column: Input, value: Value) -> int:
    code = code_of(column, value)
    return column.risk.index(code) if code in column.risk else -1


def _with_derived(question: Question, column: Input | None, value: Value, case: Case) -> Value:
    if not question.register or column is None:
        return value
    derived: Value
    match question.name:
        case "repeat":
            derived = repeats(case)
        case "duty":
            derived = _duties(case)
        case _:
            return value
    if value == UNKNOWN:
        return derived
    return max([value, derived], key=lambda each: _risk(column, each))


def repeats(case: Case) -> int:
    """How many contacts came within 24 hours after a decision not to go."""
    return sum(
        any(timedelta(0) <= state.contact.received_at - decided <= REPEAT_WINDOW for decided in case.non_deploys)
        for state in case.contacts.values()
    )


def _duties(case: Case) -> tuple[str, ...]:
    promised = ("promise_made",) if help_was_promised(case) else ()
    return (*promised, *(("stand_down_of_other",) if case.stood_down else ()))


def help_was_promised(case: Case) -> bool:
    """Whether a person was told, by anybody on this case, that somebody is coming."""
    return bool(case.promises) or any(told.attending == "yes" for told in case.told)
