"""The columns of a table of closed cases: what each means, and what may stand in it. One row says one thing of one
record, one decision, or one record in one decision; the rows of a case stand together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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

YES_NO: Final = ("yes", "no")

#: A holder that nobody knows, said in so many words. Empty is not the same: it means that nobody filled it in.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``values`` empty means free text, a reference or (``day``) a date; otherwise one of these."""

    name: str
    about: str
    values: tuple[str, ...] = ()
    day: bool = False
    free: bool = False


def _codes(*codes: type[StrEnum]) -> tuple[str, ...]:
    return tuple(str(each) for code in codes for each in code)


COLUMNS: Final = (
    Column("case_ref", "The case. The rows of a case stand together. Needed in every row."),
    Column("record_ref", "A record: its exhibit or other reference, the same in every row about it."),
    Column("record_kind", "What the record is. Needed once for each record.", _codes(RecordKind)),
    Column("record_date", "When the record was made. Empty: not known, taken as before everything else.", day=True),
    Column("made_by", "Who made the record."),
    Column("source_ref", "The record that this one was made from. That record needs a row of its own."),
    Column("method", "How it was made from its source. Empty: as its kind says.", _codes(Method)),
    Column("same_event", "A record of the same event, neither made from the other. It needs a row of its own."),
    Column("source_claim", "Where no source is named: what is said of it.", _codes(SourceClaim)),
    Column(
        "claim_detail",
        "With source_claim: who holds it, how it was destroyed, or where it was looked for. With recorded_too no: why.",
        free=True,
    ),
    Column("recorded_too", "For a note of an interview: was it also recorded?", _codes(RecordedToo)),
    Column("held_by", "The agency that holds the record, or unknown. Needed for a record that others were made from."),
    Column("destroyed_on", "When the record was destroyed. Empty: not destroyed, as far as is known.", day=True),
    Column("verified_on", "When the record was checked against its source.", day=True),
    Column("verified_by", "Who checked it."),
    Column("verified_result", "What came of the check.", _codes(Verified)),
    Column("decision_ref", "A decision: D1, D2, or a reference of your own, the same in every row about it."),
    Column("decision_kind", "What was decided. Needed once for each decision.", _codes(DecisionKind)),
    Column("decision_date", "When it was decided. Needed once for each decision.", day=True),
    Column("decider", "Who decided: a name, an initial or a number, the same each time."),
    Column("reviews", "The decision that this one looked at again."),
    Column("basis_known", "no: nobody can tell any more what it rested on. Empty: yes.", YES_NO),
    Column("procedural_only", "yes: the review was limited to procedure. Empty: no.", YES_NO),
    Column(
        "seen",
        "How far the decider took in this record. Needed where a row names a record and a decision.",
        _codes(Mode),
    ),
    Column("told", "Whether the decider was told that the record exists. Empty: nothing shows it.", YES_NO),
    Column("supplied_on", "When the record was supplied to the decider's agency.", day=True),
    Column("unseen_reason", "Why a decider who knew of it did not see it, as they signed.", _codes(UnseenReason)),
    Column("letter_ref", "A letter to the family or the victim."),
    Column("letter_date", "When it was sent. Needed once for each letter.", day=True),
    Column("letter_says", "What it says of the record, or of the decision's material.", _codes(ClaimCode)),
    Column("notes", "Anything. It is not read.", free=True),
)

NAMES: Final = tuple(column.name for column in COLUMNS)
PLACE: Final = {name: place for place, name in enumerate(NAMES)}

#: A header that may be left out. Every other column may be too; a file must at least name its cases.
NEEDED: Final = ("case_ref",)

CODED: Final = tuple(PLACE[column.name] for column in COLUMNS if column.values)
DAYS: Final = tuple(PLACE[column.name] for column in COLUMNS if column.day)
FREE: Final = tuple(PLACE[column.name] for column in COLUMNS if column.free)
REFERENCES: Final = tuple(
    place
    for place, column in enumerate(COLUMNS)
    if not (column.values or column.day or column.free) and column.name != "case_ref"
)

#: Rows of an invented case, for the template: a written record of an interview, twice decided on, and its recording.
EXAMPLE: Final = (
    {
        "case_ref": "EX/2004/0001",
        "record_ref": "AB/1",
        "record_kind": "video_interview",
        "record_date": "2005-01-20",
        "held_by": "POL-northshire",
    },
    {
        "case_ref": "EX/2004/0001",
        "record_ref": "AB/1A",
        "record_kind": "record_of_interview",
        "record_date": "2005-01-27",
        "made_by": "officer 1",
        "source_ref": "AB/1",
        "decision_ref": "D1",
        "decision_kind": "nfa_cps",
        "decision_date": "2019-06-10",
        "decider": "prosecutor 1",
        "seen": "read_full",
    },
    {
        "case_ref": "EX/2004/0001",
        "record_ref": "AB/1A",
        "decision_ref": "D2",
        "decision_kind": "case_review",
        "decision_date": "2023-07-14",
        "decider": "prosecutor 2",
        "reviews": "D1",
        "seen": "read_full",
    },
)


def template() -> str:
    """The template as CSV: the header and an invented case of three rows, to be written over."""
    rows = [",".join(NAMES)]
    rows += [",".join(row.get(name, "") for name in NAMES) for row in EXAMPLE]
    return "\n".join(rows) + "\n"
