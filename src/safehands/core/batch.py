"""Deciding a record: the pure function behind ``decide`` of the command line, of the interface, and of every replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from safehands.core.tables import Triage
from safehands.errors import BadInput

#: In ``class`` the syntax of a class body would trip over the key of the same name.
Decided = TypedDict(
    "Decided",
    {
        "id": object,
        "class": int,
        "row": str,
        "rows": list[str],
        "holder": str,
        "clocks": list[str],
        "unknown": list[str],
    },
)


def decide_record(triage: Triage, record: Mapping[str, object]) -> Decided:
    """What the tables say about ``{"id": …, "answers": {question: value, …}}``.

    Answers go by question id or short name. ``holder`` is the agency role that should hold; ``clocks`` those that the
    deciding row starts; ``unknown`` the ids of the questions that the tables use and that are missing, unknown or
    declined. Raises ``BadInput`` that names the record and every bad answer at once.
    """
    answers = record.get("answers")
    if not isinstance(answers, dict):
        raise BadInput([f"record {record.get('id')!r}: it needs answers, an object of question and value"])
    try:
        row, agency, fired, unknown = triage.answer(answers)
    except BadInput as bad:
        raise BadInput(f"record {record.get('id')!r}: {fault}" for fault in bad.faults) from None
    return {
        "id": record.get("id"),
        "class": row.outcome,
        "row": row.id,
        "rows": fired,
        "holder": agency,
        "clocks": [*row.clocks],
        "unknown": [*unknown],
    }
