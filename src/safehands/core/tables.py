"""Asking the triage tables: answers in, one conclusion out.

The tables are compiled once. Each row of every table is one bit; each possible answer is the set of rows that it leaves
standing, so a decision is one ``and`` an answer. The bits are in the order of the tables' rows; the deciding row is
the lowest bit left in the first group of rows (a class of a ``highest`` table, or a whole table) that has any. Two
more groups of bits, above the rows', say which inputs are still unknown and which questions were named, so that the
same ``and`` finds answers that nobody gave and questions answered twice.

The plain reading of the same rules, slow and obvious, is the oracle in ``tests``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, assert_never

from safehands.core.answers import code_of, read_answer, read_answers, spellings
from safehands.core.pathway import Hit, Input, Pathway, Question, QuestionKind, Row, Table
from safehands.core.vocabulary import NO_VALUE, UNKNOWN, Value
from safehands.errors import BadInput, PathwayFault

#: Remembered results are dropped when there are more of them than this: memory stays bounded whatever the input.
_REMEMBERED: Final = 65_536

#: Ages and counts up to here are looked up; a larger number is worked out.
_NUMBERS: Final = 131

#: Rows whose bits are turned into ids in one look-up.
_AT_ONCE: Final = 13
_ONES: Final = (1 << _AT_ONCE) - 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a set of matching rows means. ``rows`` are those that fired in the answering table, in its order; ``agency``
    is the role behind ``holder``.
    """

    outcome: int
    row: str
    rows: tuple[str, ...]
    table: str
    holder: str
    agency: str
    clocks: tuple[str, ...]
    routes: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the tables said, and on what.

    ``outcome`` is the class, ``row`` the id of the deciding row, ``rows`` all that fired in the answering ``table`` in
    its order. ``holder`` is as the row declares it (``receiver``, ``reporter`` or a role) and ``clocks`` are those of
    the deciding row; ``routes`` and ``flags`` are of all rows that fired, since co-equal actions run side by side.
    ``inputs`` gives every input's code, ``unknown`` the questions that the tables use and nobody answered, by id.
    """

    outcome: int
    row: str
    rows: tuple[str, ...]
    table: str
    holder: str
    clocks: tuple[str, ...]
    routes: tuple[str, ...]
    flags: tuple[str, ...]
    inputs: Mapping[str, str]
    unknown: tuple[str, ...]


def in_order_of_decision(table: Table) -> tuple[Row, ...]:
    """The rows of a table in the order in which they decide: the first of them that matches is the table's answer."""
    match table.hit:
        case Hit.HIGHEST:
            return tuple(
                sorted(table.rows, key=lambda row: -row.outcome)
            )  # stable: ties go to the row that stands first
        case Hit.FIRST | Hit.UNIQUE:
            return table.rows
        case _ as never:
            assert_never(never)


def deciding_rows(pathway: Pathway) -> tuple[tuple[Table, Row], ...]:
    """All rows of all tables, the first that matches deciding the whole pathway."""
    return tuple((table, row) for table in pathway.tables for row in in_order_of_decision(table))


def resolve_holder(pathway: Pathway, holder: str) -> str:
    """The agency role behind a row's holder: ``receiver`` and ``reporter`` become the roles that the pathway declares
    for them.
    """
    return {"receiver": pathway.receiver, "reporter": pathway.reporter}.get(holder) or holder


class Triage:
    """The compiled tables of one pathway. Values in it are only added to, never changed: it may be shared between
    threads.
    """

    __slots__ = (
        "_all",
        "_asked",
        "_at",
        "_by_code",
        "_by_id",
        "_by_unknown_bits",
        "_codes",
        "_inputs_bits",
        "_levels",
        "_lists",
        "_masks",
        "_named_shift",
        "_ones",
        "_questions",
        "_row_count",
        "_rows",
        "_verdicts",
        "pathway",
    )

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self._rows = tuple(row for table in pathway.tables for row in table.rows)
        self._by_id = {row.id: row for row in self._rows}
        self._row_count = len(self._rows)
        self._asked = len(pathway.questions)
        self._named_shift = self._row_count + len(pathway.inputs)
        self._inputs_bits = (1 << len(pathway.inputs)) - 1
        self._all = (1 << (self._named_shift + self._asked)) - 1
        self._at = {1 << n: (row, resolve_holder(pathway, row.holder), row.id) for n, row in enumerate(self._rows)}
        self._levels = tuple(_levels(pathway.tables))
        self._lists = tuple(_lists(pathway.tables))
        self._by_code = tuple(
            {code: self._row_mask(column, code) for code in {*column.domain, UNKNOWN}} for column in pathway.inputs
        )
        self._by_unknown_bits: dict[int, tuple[int, tuple[str, ...]]] = {}
        self._verdicts: dict[tuple[str, ...], Verdict] = {}
        # By question, under its short name and its id (an id goes before a name): the answers known so far, and what
        # each leaves standing; the same for lists of one; and the code that each answer gives to the question's input.
        questions = tuple(enumerate(pathway.questions))
        positions = {q.name: n for n, q in questions} | {q.id: n for n, q in questions}
        masks: list[dict[object, int]] = [{} for _ in questions]
        ones: list[dict[object, int]] = [{} for _ in questions]
        codes: list[dict[object, str]] = [{} for _ in questions]
        self._questions = {key: questions[n] for key, n in positions.items()}
        self._masks = {key: masks[n] for key, n in positions.items()}
        self._ones = {key: ones[n] for key, n in positions.items()}
        self._codes = {key: codes[n] for key, n in positions.items()}
        for question in pathway.questions:
            for value in _foreseen(question):
                with suppress(BadInput):  # said when somebody sends it
                    self._mask(question.id, value)

    def conclude(self, answers: Mapping[str, Value]) -> Conclusion:
        """What the tables say about ``answers`` (by question id or short name).

        Raises ``BadInput`` naming every bad answer, ``PathwayFault`` if no row answers (a proved pathway always has
        one).
        """
        verdict, unknown = self.decide(answers)
        return Conclusion(
            outcome=verdict.outcome,
            row=verdict.row,
            rows=verdict.rows,
            table=verdict.table,
            holder=verdict.holder,
            clocks=verdict.clocks,
            routes=verdict.routes,
            flags=verdict.flags,
            inputs=self._inputs(answers),
            unknown=unknown,
        )

    def decide(self, answers: Mapping[str, object]) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict, and the ids of the questions that the tables use and nobody answered. Raises as ``conclude``."""
        row, _, fired, unknown = self.answer(answers)
        rows = tuple(fired)
        verdict = self._verdicts.get(rows)
        return (verdict if verdict is not None else self._verdict(row, rows)), unknown

    def answer(self, answers: Mapping[str, object]) -> tuple[Row, str, list[str], tuple[str, ...]]:
        """The deciding row, the agency role that should hold, the ids of all rows that fired, and the ids of the
        questions that nobody answered. Raises as ``conclude``.

        The fast way for many records. Hardly two calls have the same answers, so it does not hope to have seen them
        before: it is one look-up an answer, and a few more at the end.
        """
        standing = self._all
        masks, ones = self._masks, self._ones
        try:
            for key, value in answers.items():
                if type(value) is str:
                    standing &= masks[key][value]
                elif type(value) is list:
                    standing &= ones[key][value[0]] if len(value) == 1 else masks[key][tuple(value)]
                elif type(value) is int or value is None or type(value) is tuple:
                    standing &= masks[key][value]
                else:  # `True` would be found as 1, and 2.0 as 2
                    standing &= self._mask(key, value)
            if (standing >> self._named_shift).bit_count() + len(answers) != self._asked:
                standing = self._carefully(answers)
        except (KeyError, TypeError, BadInput):
            standing = self._carefully(answers)
        unknown_bits = (standing >> self._row_count) & self._inputs_bits
        known = self._by_unknown_bits.get(unknown_bits)
        unknown_rows, unknown = known if known is not None else self._unknown(unknown_bits)
        standing &= unknown_rows
        for level, alike in self._levels:
            left = standing & level
            if left:
                row, agency, alone = self._at[left & -left]
                if not alike:
                    return row, agency, [alone], unknown
                fired: list[str] = []
                left = standing & alike
                for listed in self._lists:
                    fired += listed[left & _ONES]
                    left >>= _AT_ONCE
                return row, agency, fired, unknown
        raise PathwayFault([f"{self.pathway.ref.pathway}: no row of any table answers; the tables were not proved"])

    def _row_mask(self, column: Input, code: str) -> int:
        """The rows that this code of this input leaves standing."""
        return sum(
            1 << bit
            for bit, row in enumerate(self._rows)
            if column.name not in row.when or code in row.when[column.name]
        )

    def _mask(self, key: str, raw: object) -> int:
        """What one raw answer leaves standing. Raises ``BadInput``, ``KeyError`` for a key that is no question."""
        position, question = self._questions[key]
        value = read_answer(question, raw)
        mask = self._all ^ (1 << (self._named_shift + position))
        code = UNKNOWN
        for index, column in enumerate(self.pathway.inputs):
            if column.question == question.id:
                code = code_of(column, value)
                mask &= self._by_code[index][code] | -1 << self._row_count  # the bits above the rows' stay
                if _given(value):
                    mask &= ~(1 << (self._row_count + index))
        plain = tuple(raw) if isinstance(raw, list) else raw
        known = self._masks[question.id]
        if _may_be_kept(plain) and len(known) < _REMEMBERED:
            self._codes[question.id][plain] = code
            known[plain] = mask
            if type(plain) is tuple and len(plain) == 1:
                self._ones[question.id][plain[0]] = mask
        return mask

    def _carefully(self, answers: Mapping[str, object]) -> int:
        """The same for answers that were not foreseen: several codes, large numbers, and everything that is wrong."""
        try:
            standing = self._every_mask(answers)
        except (KeyError, BadInput):
            standing = 0
        if (standing >> self._named_shift).bit_count() + len(answers) == self._asked:
            return standing
        return self._every_mask(read_answers(self.pathway, answers))  # where it is bad, every fault is named at once

    def _every_mask(self, answers: Mapping[str, object]) -> int:
        """What all ``answers`` together leave standing, some of them not foreseen. Raises as ``_mask``."""
        standing = self._all
        for key, raw in answers.items():
            plain = tuple(raw) if isinstance(raw, list) else raw
            known = self._masks[key].get(plain) if _may_be_kept(plain) else None
            standing &= known if known is not None else self._mask(key, raw)
        return standing

    def _inputs(self, answers: Mapping[str, object]) -> dict[str, str]:
        """Every input's code, after ``answers`` were found good."""
        found: dict[str, str] = {}
        for key, raw in answers.items():
            question = self._questions[key][1]
            plain = tuple(raw) if isinstance(raw, list) else raw
            code = self._codes[key].get(plain) if _may_be_kept(plain) else None
            if code is None:
                value = read_answer(question, raw)
                codes = [code_of(column, value) for column in self.pathway.inputs if column.question == question.id]
                code = codes[0] if codes else UNKNOWN
            found[question.id] = code
        return {column.name: found.get(column.question, UNKNOWN) for column in self.pathway.inputs}

    def _unknown(self, bits: int) -> tuple[int, tuple[str, ...]]:
        """The rows that the unknown inputs leave standing, and their questions' ids."""
        mask, names, left = self._all, [], bits
        while left:
            one = left & -left
            index = one.bit_length() - 1
            mask &= self._by_code[index][UNKNOWN]
            names.append(self.pathway.inputs[index].question)
            left ^= one
        result = mask, tuple(names)
        if len(self._by_unknown_bits) < _REMEMBERED:
            self._by_unknown_bits[bits] = result
        return result

    def _verdict(self, row: Row, rows: tuple[str, ...]) -> Verdict:
        """What the rows that fired mean together."""
        matching = [self._by_id[each] for each in rows]
        verdict = Verdict(
            outcome=row.outcome,
            row=row.id,
            rows=rows,
            table=next(table.name for table in self.pathway.tables if row in table.rows),
            holder=row.holder,
            agency=resolve_holder(self.pathway, row.holder),
            clocks=row.clocks,
            routes=tuple(dict.fromkeys(route for each in matching for route in each.routes)),
            flags=tuple(dict.fromkeys(flag for each in matching for flag in each.flags)),
        )
        if len(self._verdicts) < _REMEMBERED:
            self._verdicts[rows] = verdict
        return verdict


def _levels(tables: Sequence[Table]) -> Iterator[tuple[int, int]]:
    """What is looked at one after the other: the bits of rows of which the first that stands decides, and the bits of
    all rows that then count as fired (0: the deciding row alone).
    """
    start = 0
    for table in tables:
        every = ((1 << len(table.rows)) - 1) << start
        match table.hit:
            case Hit.HIGHEST:
                for outcome in sorted({row.outcome for row in table.rows}, reverse=True):
                    yield sum(1 << start + n for n, row in enumerate(table.rows) if row.outcome == outcome), every
            case Hit.FIRST | Hit.UNIQUE:
                yield every, 0
            case _ as never:
                assert_never(never)
        start += len(table.rows)


def _lists(tables: Sequence[Table]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """For each few rows at once, and each pattern of their bits: the ids that it stands for. Up to the last table of
    which several rows can fire.
    """
    several = [n for n, table in enumerate(tables) if table.hit is Hit.HIGHEST]
    ids = [row.id for table in tables[: several[-1] + 1] for row in table.rows] if several else []
    for start in range(0, len(ids), _AT_ONCE):
        lists: list[tuple[str, ...]] = [()]
        for each in ids[start : start + _AT_ONCE]:
            lists += [(*listed, each) for listed in lists]
        yield tuple(lists)


def _foreseen(question: Question) -> Iterator[object]:
    """Every answer that can be listed beforehand, and some that turn out to be none."""
    yield from (*spellings(question), *NO_VALUE, "refused", None)
    match question.kind:
        case QuestionKind.NUMBER:
            yield from range(_NUMBERS)
            yield from (str(n) for n in range(_NUMBERS))
        case QuestionKind.MULTI:
            yield from range(len(question.choices) + 1)
            yield ()
            yield from ((code,) for code in spellings(question))
        case QuestionKind.CHOICE | QuestionKind.INSTANT | QuestionKind.TEXT:
            yield from (0, 1)
        case _ as never:
            assert_never(never)


def _may_be_kept(plain: object) -> bool:
    """Whether an answer may be looked up by its value: equal ones (``True`` and 1, 2.0 and 2) would be taken for each
    other.
    """
    if type(plain) is tuple:
        return all(type(item) is str for item in plain)
    return plain is None or type(plain) in (str, int)


def compile_tables(pathway: Pathway) -> Triage:
    """The tables of ``pathway``, ready to be asked. Ask a proved pathway: see ``core.prove``."""
    return Triage(pathway)


def _given(value: Value) -> bool:
    """Whether somebody gave a value, even one that the tables can't tell from unknown (reporter type ``other``)."""
    return not (isinstance(value, str) and value in NO_VALUE)
