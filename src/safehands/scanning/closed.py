"""The rows of one case as values, or every fault in them. Nothing is guessed: a case with a fault is refused whole,
since a rule that sees half a case says what is not so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from safehands.core.records.vocabulary import (
    ClaimCode,
    DecisionKind,
    Method,
    Mode,
    RecordedToo,
    RecordKind,
    SourceClaim,
    UnseenReason,
    Verified,
)
from safehands.scanning.columns import COLUMNS, PLACE, UNKNOWN
from safehands.scanning.days import ordinal

#: How a record of a kind is made from its source, where the row does not say otherwise.
MADE_BY_KIND: Final = {
    RecordKind.RECORD_OF_INTERVIEW: Method.RECORD_OF_INTERVIEW,
    RecordKind.TRANSCRIPT_FULL: Method.TRANSCRIPT_FULL,
    RecordKind.SUMMARY: Method.SUMMARY,
    RecordKind.CASE_SUMMARY: Method.SUMMARY,
    RecordKind.TRANSLATION: Method.TRANSLATION,
    RecordKind.REDACTION: Method.REDACTION,
    RecordKind.CLIP: Method.CLIP,
    RecordKind.STILL: Method.STILL,
    RecordKind.ENHANCEMENT: Method.ENHANCEMENT,
    RecordKind.EXPERT_REPORT: Method.REPORT_ABOUT,
}

#: A claim about a source that says nothing without a detail, and which.
_DETAIL_OF: Final = {
    "held_by": "who holds it",
    "destroyed": "how and when it was destroyed",
    "searched_not_found": "where it was looked for",
}

Row = Sequence[str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClosedRecord:
    """A record of a closed case. Days are ordinals, 0 where none is known."""

    ref: str
    kind: RecordKind
    made: int
    made_by: str
    source: str
    method: Method | None
    same_event: str
    claim: SourceClaim | None
    detail: str
    recorded_too: RecordedToo | None
    held_by: str
    destroyed: int
    verified: int
    verified_by: str
    result: Verified | None


@dataclass(frozen=True, slots=True)
class ClosedDecision:
    """A decision of a closed case."""

    ref: str
    kind: DecisionKind
    made: int
    decider: str
    reviews: str
    basis_known: bool
    procedural_only: bool


@dataclass(frozen=True, slots=True)
class Use:
    """A record in a decision: how far it was seen, and whether the decider knew of it."""

    record: str
    decision: str
    seen: Mode
    told: bool
    supplied: int
    unseen: UnseenReason | None


@dataclass(frozen=True, slots=True)
class ClosedLetter:
    """What a letter says of one record, or of a decision's material."""

    ref: str
    sent: int
    says: ClaimCode
    record: str
    decision: str


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A closed case, as its rows tell it. Everything stands in the order of the rows."""

    records: tuple[ClosedRecord, ...]
    decisions: tuple[ClosedDecision, ...]
    uses: tuple[Use, ...]
    letters: tuple[ClosedLetter, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its place among the case's rows (from 0), and a sentence."""

    row: int
    sentence: str


@dataclass(slots=True)
class _Said:
    """What all rows about one record, decision or letter say together."""

    ref: str
    first: int
    cells: dict[str, str] = field(default_factory=dict)


def read_case(rows: Sequence[Row], *, today: int) -> ClosedCase | tuple[Fault, ...]:
    """The case that ``rows`` tell (each as wide as ``columns.COLUMNS``, cells stripped), or every fault in them.

    ``today`` is the ordinal of the day of the scan: what lies after it has not happened.
    """
    reading = _Reading(rows, today)
    reading.cells()
    records = reading.gathered("record_ref", _RECORD)
    decisions = reading.gathered("decision_ref", _DECISION)
    letters = reading.gathered("letter_ref", ("letter_date",))
    reading.needs(records, "record_kind")
    reading.needs(decisions, "decision_kind", "decision_date")
    reading.needs(letters, "letter_date")
    reading.sources(records)
    reading.claims(records)
    reading.reviews(decisions)
    reading.uses()
    reading.letters()
    if reading.faults:
        return tuple(sorted(reading.faults, key=lambda fault: fault.row))
    return ClosedCase(
        tuple(_record(each) for each in records.values()),
        tuple(_decision(each) for each in decisions.values()),
        tuple(_use(row) for row in rows if _is_use(row)),
        tuple(_letter(row, letters) for row in rows if _cell(row, "letter_ref")),
    )


_RECORD: Final = (
    "record_kind",
    "record_date",
    "made_by",
    "source_ref",
    "method",
    "same_event",
    "source_claim",
    "claim_detail",
    "recorded_too",
    "held_by",
    "destroyed_on",
    "verified_on",
    "verified_by",
    "verified_result",
)
_DECISION: Final = ("decision_kind", "decision_date", "decider", "reviews", "basis_known", "procedural_only")
_USE: Final = ("seen", "told", "supplied_on", "unseen_reason")
LONGEST: Final = 200


def _cell(row: Row, column: str) -> str:
    return row[PLACE[column]]


def _is_use(row: Row) -> bool:
    """Whether a row tells of a record in a decision. One about a letter may name both and tell only of the letter."""
    both = bool(_cell(row, "record_ref") and _cell(row, "decision_ref"))
    return both and not (_cell(row, "letter_ref") and not _cell(row, "seen"))


class _Reading:
    """Reads the rows of one case and notes every fault with its row."""

    def __init__(self, rows: Sequence[Row], today: int) -> None:
        self.rows = rows
        self.today = today
        self.faults: list[Fault] = []

    def fault(self, row: int, sentence: str) -> None:
        self.faults.append(Fault(row, sentence))

    def cells(self) -> None:
        """Each cell by itself: a code that exists, a day that exists and is over, a reference that can be read."""
        for number, row in enumerate(self.rows):
            if not (_cell(row, "record_ref") or _cell(row, "decision_ref") or _cell(row, "letter_ref")):
                self.fault(number, "the row names no record_ref, decision_ref or letter_ref: it says nothing")
            for column, text in zip(COLUMNS, row, strict=True):
                if not text:
                    continue
                if column.values and text not in column.values:
                    self.fault(number, f"{column.name} is {text!r}: write {_one_of(column.values)}")
                elif column.day and ordinal(text) < 0:
                    self.fault(number, f"{column.name} is {text!r}: write a day as 2019-06-10 or 10/06/2019")
                elif column.day and ordinal(text) > self.today:
                    self.fault(number, f"{column.name} is {text}, which has not come yet")
                elif not column.free and (len(text) > LONGEST or not text.isprintable()):
                    self.fault(number, f"{column.name} is longer than {LONGEST} letters or cannot be printed")

    def gathered(self, named_by: str, columns: Iterable[str]) -> dict[str, _Said]:
        """Every record (decision, letter) with what its rows say, by its reference; two rows must not disagree."""
        found: dict[str, _Said] = {}
        for number, row in enumerate(self.rows):
            ref = _cell(row, named_by)
            said = found.setdefault(ref, _Said(ref, number)) if ref else None
            for column in columns:
                text = _cell(row, column)
                if not text:
                    continue
                if said is None:
                    self.fault(number, f"{column} is filled and {named_by} is empty: of which is it true?")
                elif said.cells.setdefault(column, text) != text and not _same_day(column, said.cells[column], text):
                    self.fault(
                        number, f"{column} of {ref} is {text!r} here and {said.cells[column]!r} in an earlier row"
                    )
        return found

    def needs(self, things: dict[str, _Said], *columns: str) -> None:
        for said in things.values():
            for column in columns:
                if column not in said.cells:
                    self.fault(said.first, f"{said.ref} has no {column} in any row")

    def sources(self, records: dict[str, _Said]) -> None:
        """Sources and other records of the same event have rows of their own, holders, and come round to nobody."""
        for ref, said in records.items():
            cells = said.cells
            for column in ("source_ref", "same_event"):
                other = cells.get(column)
                if other is None:
                    continue
                if other == ref:
                    self.fault(said.first, f"{column} of {ref} is {ref} itself")
                elif other not in records:
                    self.fault(
                        said.first,
                        f"{column} of {ref} is {other}, which has no row of its own: add one, or {_INSTEAD[column]}",
                    )
                elif "held_by" not in records[other].cells:
                    self.fault(records[other].first, f"{other} has no held_by: write who holds it, or {UNKNOWN}")
            source = cells.get("source_ref")
            if source is None:
                for column in ("method", "verified_on", "verified_by", "verified_result"):
                    if column in cells:
                        self.fault(said.first, f"{column} of {ref} is filled and its source_ref is empty")
            elif "method" not in cells and _as(RecordKind, cells.get("record_kind")) not in MADE_BY_KIND:
                self.fault(said.first, f"{ref} was made from {source}: write in method how")
            checked = [column for column in ("verified_on", "verified_by", "verified_result") if column in cells]
            if checked and len(checked) < 3:
                self.fault(said.first, f"a check of {ref} needs verified_on, verified_by and verified_result together")
            self._no_ring(ref, records)

    def _no_ring(self, ref: str, records: dict[str, _Said]) -> None:
        seen = {ref}
        at = records[ref].cells.get("source_ref")
        while at is not None and at in records:
            if at == ref:
                if len(seen) > 1:
                    self.fault(
                        records[ref].first, f"{ref} is made from itself, by way of {', '.join(sorted(seen - {ref}))}"
                    )
                return
            if at in seen:
                return
            seen.add(at)
            at = records[at].cells.get("source_ref")

    def claims(self, records: dict[str, _Said]) -> None:
        """What is said of a missing source, and of a twin recording, says enough."""
        for ref, said in records.items():
            cells = said.cells
            claim = cells.get("source_claim")
            if claim is not None and "source_ref" in cells:
                self.fault(said.first, f"{ref} has a source_ref and a source_claim: one of them is wrong")
            if claim in _DETAIL_OF and "claim_detail" not in cells:
                self.fault(said.first, f"source_claim of {ref} is {claim}: write in claim_detail {_DETAIL_OF[claim]}")
            twin = cells.get("recorded_too")
            if twin == RecordedToo.YES and "same_event" not in cells:
                self.fault(said.first, f"recorded_too of {ref} is yes: name the recording in same_event")
            if twin == RecordedToo.NO and "claim_detail" not in cells:
                self.fault(said.first, f"recorded_too of {ref} is no: write in claim_detail why not")
            if cells.get("destroyed_on") and ordinal(cells["destroyed_on"]) < ordinal(cells.get("record_date", "")):
                self.fault(said.first, f"{ref} was destroyed before it was made")

    def reviews(self, decisions: dict[str, _Said]) -> None:
        """A review looks at an earlier decision that has rows of its own."""
        for ref, said in decisions.items():
            of = said.cells.get("reviews")
            if of is None:
                continue
            if of not in decisions:
                self.fault(said.first, f"{ref} reviews {of}, which has no row of its own")
            elif of == ref:
                self.fault(said.first, f"{ref} reviews itself")
            elif ordinal(decisions[of].cells.get("decision_date", "")) > ordinal(said.cells.get("decision_date", "")):
                self.fault(said.first, f"{ref} reviews {of}, which was made after it")

    def uses(self) -> None:
        """A row with a record and a decision says how far it was seen, and says it once."""
        told: dict[tuple[str, str], int] = {}
        for number, row in enumerate(self.rows):
            record, decision = _cell(row, "record_ref"), _cell(row, "decision_ref")
            if not _is_use(row):
                for column in _USE:
                    if _cell(row, column):
                        self.fault(number, f"{column} is filled: it needs a record_ref and a decision_ref")
                continue
            if not _cell(row, "seen"):
                self.fault(
                    number, f"seen is empty: how far was {record} seen for {decision}? If not at all, write not_seen"
                )
            if (record, decision) in told:
                self.fault(number, f"{record} in {decision} stands in an earlier row already")
            told[record, decision] = number
            if _cell(row, "unseen_reason") and _cell(row, "seen") not in (Mode.NOT_SEEN, Mode.TOLD_SUMMARY):
                self.fault(number, f"unseen_reason is filled and {record} was seen")

    def letters(self) -> None:
        """A letter says something of a record, or of a decision."""
        for number, row in enumerate(self.rows):
            says = _cell(row, "letter_says")
            if bool(says) != bool(_cell(row, "letter_ref")):
                self.fault(number, "letter_ref and letter_says are filled together or not at all")
            elif says == ClaimCode.ALL_MATERIAL_CONSIDERED and not _cell(row, "decision_ref"):
                self.fault(
                    number, "a letter that says all_material_considered needs the decision_ref that it speaks of"
                )
            elif says and says != ClaimCode.ALL_MATERIAL_CONSIDERED and not _cell(row, "record_ref"):
                self.fault(number, f"a letter that says {says} needs the record_ref that it speaks of")


_INSTEAD: Final = {
    "source_ref": "leave it empty and fill source_claim",
    "same_event": "leave it empty",
}


def _one_of(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _same_day(column: str, one: str, other: str) -> bool:
    return column.endswith(("_date", "_on")) and ordinal(one) == ordinal(other)


def _as(code: Callable[[str], T], text: str | None) -> T | None:
    """The code that a text stands for; None for an empty text or one that is no code (a fault of its own)."""
    if not text:
        return None
    try:
        return code(text)
    except ValueError:
        return None


def _record(said: _Said) -> ClosedRecord:
    cells = said.cells
    kind = RecordKind(cells["record_kind"])
    source = cells.get("source_ref", "")
    return ClosedRecord(
        said.ref,
        kind,
        ordinal(cells.get("record_date", "")),
        cells.get("made_by", ""),
        source,
        (_as(Method, cells.get("method")) or MADE_BY_KIND[kind]) if source else None,
        cells.get("same_event", ""),
        _as(SourceClaim, cells.get("source_claim")),
        cells.get("claim_detail", ""),
        _as(RecordedToo, cells.get("recorded_too")),
        cells.get("held_by", ""),
        ordinal(cells.get("destroyed_on", "")),
        ordinal(cells.get("verified_on", "")),
        cells.get("verified_by", ""),
        _as(Verified, cells.get("verified_result")),
    )


def _decision(said: _Said) -> ClosedDecision:
    cells = said.cells
    return ClosedDecision(
        said.ref,
        DecisionKind(cells["decision_kind"]),
        ordinal(cells["decision_date"]),
        cells.get("decider", ""),
        cells.get("reviews", ""),
        cells.get("basis_known") != "no",
        cells.get("procedural_only") == "yes",
    )


def _use(row: Row) -> Use:
    return Use(
        _cell(row, "record_ref"),
        _cell(row, "decision_ref"),
        Mode(_cell(row, "seen")),
        _cell(row, "told") == "yes",
        ordinal(_cell(row, "supplied_on")),
        _as(UnseenReason, _cell(row, "unseen_reason")),
    )


def _letter(row: Row, letters: dict[str, _Said]) -> ClosedLetter:
    ref = _cell(row, "letter_ref")
    return ClosedLetter(
        ref,
        ordinal(letters[ref].cells["letter_date"]),
        ClaimCode(_cell(row, "letter_says")),
        _cell(row, "record_ref"),
        _cell(row, "decision_ref"),
    )
