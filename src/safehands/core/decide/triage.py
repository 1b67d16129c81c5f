"""Asking the tables about a case: the union of what every contact said, pooled risks of linked cases, and what the case
itself shows.

Within a case the riskiest known answer of any contact counts; another case's answer counts only where it is riskier
than our own, unknown included (law 6). Two questions are put to our own records, where a pathway has them: ``repeat``
(contacts after a decision not to go, within 24 hours, of this case and of every linked one; right-care sheet Q20) and
``duty`` (somebody was promised or told that help is coming; Q19). Until somebody has looked there, or a person has
answered, both are unknown: not looked is not none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
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
from safehands.core.vocabulary import UNKNOWN, Answer, Provenance, Value
from safehands.errors import BadInput

#: How long after a decision not to go another contact counts as a repeat (right-care sheet Q20, rule A11).
REPEAT_WINDOW: Final = timedelta(hours=24)

#: The source of answers that looking into our own records gave: neither a contact nor another case.
REGISTERS: Final = "registers"

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

    For a stream of contact that the force has not switched on it is written as a shadow: recorded, and not advice
    (sheet 1.3).
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
            to_decide=draft.case.decided is None or draft.case.decided.outcome < said.outcome,
        )
    )
    if not shadow and before is not None and said.outcome > before.outcome:
        decisions.risk_rose(draft)


def again(draft: Draft) -> None:
    """New information asks the tables again, once they have been asked (sheet failure 28)."""
    if draft.case.conclusion is not None or draft.case.shadow is not None:
        conclude(draft)


def anew(draft: Draft) -> None:
    """A reopened case is asked again on all that was ever answered."""
    if draft.case.answers:
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
        value = _effective(question, columns.get(question.id), case)
        if value != UNKNOWN:
            values[question.id] = value
    return values


def _effective(question: Question, column: Input | None, case: Case) -> Value:
    own = _known(question, case, of_contacts=True)
    others = [answer.value for answer in _known(question, case, of_contacts=False)]
    if column is not None and question.register:
        return _of_register(question, column, [answer.value for answer in own], others, case)
    return _pooled(question, column, _own(question, column, own), others)


def less_risky(pathway: Pathway, said: Answer, known: Answer) -> bool:
    """Whether ``said`` is of less risk than ``known``, an answer of the same contact to the same question."""
    column = next((column for column in pathway.inputs if column.question == said.question), None)
    return column is not None and known.known and _risk(column, said.value) < _risk(column, known.value)


def nothing_on_record(pathway: Pathway, at: datetime, by: str) -> tuple[Answer, ...]:
    """What looking into our own records answers by itself: none, to each question that is put to them."""
    nothing: dict[QuestionKind, Value] = {QuestionKind.NUMBER: 0, QuestionKind.MULTI: ()}
    return tuple(
        Answer(question.id, nothing[question.kind], Provenance.REGISTER, at, by, source=REGISTERS)
        for question in pathway.questions
        if question.register and question.kind in nothing
    )


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


def _known(question: Question, case: Case, *, of_contacts: bool) -> list[Answer]:
    """The values that the case's own contacts gave, or those that came from elsewhere."""
    return [
        answers[question.id]
        for source, answers in case.answers.items()
        if (source in case.contacts) is of_contacts and question.id in answers and answers[question.id].known
    ]


def _own(question: Question, column: Input | None, answers: list[Answer]) -> Value:
    """Of several contacts: every code, the riskiest value, or, where there is no order of risk, what was said last."""
    if not answers:
        return UNKNOWN
    if question.kind is QuestionKind.MULTI:
        return _union([answer.value for answer in answers])
    if column is None or not column.risk:
        return max(answers, key=lambda answer: answer.at).value
    return max((answer.value for answer in answers), key=lambda value: _risk(column, value))


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


def _of_register(question: Question, column: Input, own: list[Value], others: list[Value], case: Case) -> Value:
    """What a person answered or our records show, whichever is riskier; unknown where neither has anything to say."""
    shown: list[Value] = []
    match question.name:
        case "repeat":
            here = repeats(case)
            if others or here:
                shown.append(here + sum(value for value in others if isinstance(value, int)))
        case "duty":
            shown += [*others, *([duties] if (duties := _duties(case)) else [])]
        case _:
            shown += others
    return max([*own, *shown], key=lambda value: _risk(column, value), default=UNKNOWN)


def repeats(case: Case) -> int:
    """How many contacts came within 24 hours after a decision not to go."""
    return sum(
        any(timedelta(0) < state.contact.received_at - decided <= REPEAT_WINDOW for decided in case.non_deploys)
        for state in case.contacts.values()
    )


def _duties(case: Case) -> tuple[str, ...]:
    promised = ("promise_made",) if help_was_promised(case) else ()
    return (*promised, *(("stand_down_of_other",) if case.stood_down else ()))


def refused_contacts(case: Case, now: datetime) -> int:
    """How many contacts of the last 24 hours nobody was sent for: what this case tells another (sheet Q20)."""
    refusals = [at for at in case.non_deploys if timedelta(0) <= now - at <= REPEAT_WINDOW]
    return sum(any(state.contact.received_at <= at for at in refusals) for state in case.contacts.values())


def help_was_promised(case: Case) -> bool:
    """Whether a person was told, by anybody on this case, that somebody is coming."""
    return bool(case.promises) or any(told.attending == "yes" for told in case.told)
