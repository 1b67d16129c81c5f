"""Asking the triage tables: answers in, one conclusion out.

The tables are compiled once. Each row of every table is one bit; each possible answer is the set of rows that it leaves
standing, so a decision is one ``and`` an answer. The bits are in the order in which rows decide (table by table; within
a ``highest`` table by falling class), so that the deciding row is the lowest bit left. Two more groups of bits, above
the rows', say which inputs are still unknown and which questions were named, so that the same ``and`` finds answers
that nobody gave and questions answered twice.

The plain reading of the same rules, slow and obvious, is the oracle in ``tests``.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        "_by_row_bits",
        "_by_unknown_bits",
        "_columns",
        "_masks",
        "_named_shift",
        "_order",
        "_places",
        "_questions",
        "_row_bits",
        "_table_rows",
        "_unknown_masks",
        "pathway",
    )

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self._order = deciding_rows(pathway)
        self._places = tuple(table.rows.index(row) for table, row in self._order)
        self._columns: tuple[Input, ...] = pathway.inputs
        self._questions = {question.id: question for question in pathway.questions}
        rows = len(self._order)
        self._row_bits = (1 << rows) - 1
        self._named_shift = rows + len(self._columns)
        self._all = (1 << (self._named_shift + len(pathway.questions))) - 1
        self._table_rows = tuple(
            sum(1 << bit for bit, (table, _) in enumerate(self._order) if table is asked) for asked in pathway.tables
        )
        self._unknown_masks = tuple(self._row_mask(column, UNKNOWN) for column in self._columns)
        self._by_unknown_bits: dict[int, tuple[int, tuple[str, ...]]] = {}
        self._by_row_bits: dict[int, Verdict] = {}
        self._masks: dict[str, dict[object, int]] = {}
        for position, question in enumerate(pathway.questions):
            masks = self._question_masks(position, question)
            self._masks[question.name] = masks
            self._masks[question.id] = masks

    def conclude(self, answers: Mapping[str, Value]) -> Conclusion:
        """What the tables say about ``answers`` (by question id or short name).

        Raises ``BadInput`` naming every bad answer, ``PathwayFault`` if no row answers (a proved pathway always has
        one).
        """
        verdict, unknown = self.decide(answers)
        read = read_answers(self.pathway, answers)
        inputs = {column.name: code_of(column, read.get(column.question, UNKNOWN)) for column in self._columns}
        return Conclusion(
            outcome=verdict.outcome,
            row=verdict.row,
            rows=verdict.rows,
            table=verdict.table,
            holder=verdict.holder,
            clocks=verdict.clocks,
            routes=verdict.routes,
            flags=verdict.flags,
            inputs=inputs,
            unknown=unknown,
        )

    def decide(self, answers: Mapping[str, object]) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict, and the ids of the questions that the tables use and nobody answered. The fast way; raises as
        ``conclude``.
        """
        standing = self._all
        masks = self._masks
        try:
            try:
                for key, value in answers.items():
                    standing &= masks[key][value]
            except TypeError:  # lists can't be looked up; tuples can
                for key, value in answers.items():
                    standing &= masks[key][tuple(value) if isinstance(value, list) else value]
        except (KeyError, TypeError):
            standing = self._carefully(answers)
        else:
            if (standing >> self._named_shift).bit_count() + len(answers) != len(self._questions):
                standing = self._carefully(answers)
        rows = len(self._order)
        unknown_bits = (standing >> rows) & ((1 << len(self._columns)) - 1)
        remembered = self._by_unknown_bits.get(unknown_bits)
        unknown_rows, unknown = remembered if remembered is not None else self._unknown(unknown_bits)
        fired = standing & unknown_rows
        for table_rows in self._table_rows:
            if fired & table_rows:
                fired &= table_rows  # later tables are not asked
                break
        verdict = self._by_row_bits.get(fired)
        return (verdict if verdict is not None else self._verdict(fired)), unknown

    def _row_mask(self, column: Input, code: str) -> int:
        """The rows that this code of this input leaves standing."""
        return sum(
            1 << bit
            for bit, (_, row) in enumerate(self._order)
            if column.name not in row.when or code in row.when[column.name]
        )

    def _question_masks(self, position: int, question: Question) -> dict[object, int]:
        """Raw value -> what is left standing, for every value that can be listed beforehand."""
        values: list[object] = [*spellings(question), *NO_VALUE, "refused", None]
        match question.kind:
            case QuestionKind.NUMBER:
                # 0 and 1 equal false and true: where choices exist besides, those two go the careful way.
                values += [n for n in range(_NUMBERS) if n > 1 or not question.choices]
                values += [str(n) for n in range(_NUMBERS)]
            case QuestionKind.MULTI:
                values += [*range(2, len(question.choices) + 1), ()]
                values += [(code,) for code in spellings(question)]
            case QuestionKind.CHOICE | QuestionKind.INSTANT | QuestionKind.TEXT:
                pass
            case _ as never:
                assert_never(never)
        if question.kind in (QuestionKind.CHOICE, QuestionKind.MULTI):
            values += [n for n in (0, 1) if _alike(question, n)]
        masks: dict[object, int] = {}
        for value in values:
            try:
                masks[value] = self._mask(position, question, value)
            except BadInput:
                continue  # said when somebody sends it
        return masks

    def _mask(self, position: int, question: Question, raw: object) -> int:
        """What one raw answer leaves standing. Raises ``BadInput``."""
        value = read_answer(question, raw)
        mask = self._all ^ (1 << (self._named_shift + position))
        for index, column in enumerate(self._columns):
            if column.question == question.id:
                code = code_of(column, value)
                mask &= ~self._row_bits | self._row_mask(column, code)
                if _given(value):
                    mask &= ~(1 << (len(self._order) + index))
        return mask

    def _carefully(self, answers: Mapping[str, object]) -> int:
        """The same for answers that were not foreseen: several codes, large numbers, and everything that is wrong."""
        read_answers(self.pathway, answers)  # names every fault at once
        standing = self._all
        positions = {question.id: position for position, question in enumerate(self.pathway.questions)}
        names = {question.name: question.id for question in self.pathway.questions}
        for key, raw in answers.items():
            question = self._questions[names.get(key, key) if key not in self._questions else key]
            known = self._masks[question.id]
            plain = tuple(raw) if isinstance(raw, list) else raw
            mask = known.get(plain) if isinstance(plain, tuple) else None
            if mask is None:
                mask = self._mask(positions[question.id], question, raw)
                if isinstance(plain, tuple) and len(known) < _REMEMBERED:
                    known[plain] = mask
            standing &= mask
        return standing

    def _unknown(self, bits: int) -> tuple[int, tuple[str, ...]]:
        """The rows that the unknown inputs leave standing, and their questions' ids."""
        mask, names = self._row_bits, []
        for index, column in enumerate(self._columns):
            if bits >> index & 1:
                mask &= self._unknown_masks[index]
                names.append(column.question)
        result = mask, tuple(names)
        if len(self._by_unknown_bits) < _REMEMBERED:
            self._by_unknown_bits[bits] = result
        return result

    def _standing_rows(self, table: Table, fired: int) -> list[Row]:
        """The rows of ``table`` whose bits are in ``fired``, in its order."""
        places = []
        while fired:
            lowest = fired & -fired
            places.append(self._places[lowest.bit_length() - 1])
            fired ^= lowest
        places.sort()
        return [table.rows[place] for place in places]

    def _verdict(self, fired: int) -> Verdict:
        """What the rows in ``fired`` mean together."""
        if not fired:
            raise PathwayFault([f"{self.pathway.ref.pathway}: no row of any table answers; the tables were not proved"])
        table, row = self._order[(fired & -fired).bit_length() - 1]
        matching = self._standing_rows(table, fired) if table.hit is Hit.HIGHEST else [row]
        verdict = Verdict(
            outcome=row.outcome,
            row=row.id,
            rows=tuple(r.id for r in matching),
            table=table.name,
            holder=row.holder,
            agency=resolve_holder(self.pathway, row.holder),
            clocks=row.clocks,
            routes=tuple(dict.fromkeys(route for r in matching for route in r.routes)),
            flags=tuple(dict.fromkeys(flag for r in matching for flag in r.flags)),
        )
        if len(self._by_row_bits) < _REMEMBERED:
            self._by_row_bits[fired] = verdict
        return verdict


def compile_tables(pathway: Pathway) -> Triage:
    """The tables of ``pathway``, ready to be asked. Ask a proved pathway: see ``core.prove``."""
    return Triage(pathway)


def _given(value: Value) -> bool:
    """Whether somebody gave a value, even one that the tables can't tell from unknown (reporter type ``other``)."""
    return not (isinstance(value, str) and value in NO_VALUE)


def _alike(question: Question, number: int) -> bool:
    """Whether 0 or 1 means the same as false or true here, so that one look-up may serve both."""
    read: list[Value | None] = []
    for raw in (number, bool(number)):
        try:
            read.append(read_answer(question, raw))
        except BadInput:
            read.append(None)
    return read[0] == read[1]
