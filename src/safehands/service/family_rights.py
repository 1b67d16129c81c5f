"""Until when somebody may ask for a review of a decision, in plain words. Not covered never means nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from safehands.core.calendar import Calendar, add_months, add_working_days
from safehands.core.decide.reviews import COVERED_FROM
from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Material
from safehands.core.vocabulary import role_of
from safehands.service.words_of_records import date_of, day_in_words

#: Working days and months within which a victim normally asks for a review (evidence-review sheet 3.2, second-hand).
ASK_WITHIN_DAYS: Final = 10
ASK_WITHIN_MONTHS: Final = 3

_RECONSIDER: Final = (
    "No scheme covers it, but that is not the end. You can ask the prosecutors to look at it again. "
    "They can do so at any time."
)


def right_of(material: Material, event: r.MaterialDecided, at: datetime, calendar: Calendar) -> Iterator[str]:
    """What can be asked of one decision, and until when; nothing where it did not end anything."""
    if event.kind not in _REVIEWABLE:
        return
    scheme = v.Scheme.CPS if role_of(event.decider_agency) == "CPS" else v.Scheme.POLICE
    decided = f"The decision of {date_of(event.made_at)}:"
    if calendar.local_day(event.made_at) < COVERED_FROM[scheme]:
        yield f"{decided} it is too old for the review scheme. {_RECONSIDER}"
        return
    letter = _letter_about(material, event.decision)
    if letter is None:
        yield f"{decided} no letter on file tells you why. Ask us for one. Your time to ask starts with it."
        return
    last = calendar.last_day(add_months(calendar, letter, ASK_WITHIN_MONTHS))
    if calendar.local_day(at) > last:
        yield f"{decided} the time to ask for a review ended on {day_in_words(last)}. {_LATE}"
        return
    normal = add_working_days(calendar, letter, ASK_WITHIN_DAYS)
    soon = (
        f"by {day_in_words(calendar.last_day(normal))}" if normal is not None else "soon (we cannot work out the day)"
    )
    yield f"{decided} you can ask for a review. Ask {soon} if you can, and by {day_in_words(last)} at the latest."


_LATE: Final = (
    "You can still ask. We may accept it late, and you can ask the prosecutors to look at it again at any time."
)

_REVIEWABLE: Final = frozenset(
    {
        v.DecisionKind.NFA_POLICE,
        v.DecisionKind.NFA_CPS,
        v.DecisionKind.DISCONTINUE,
        v.DecisionKind.OFFER_NO_EVIDENCE,
    }
)


def _letter_about(material: Material, decision: str) -> datetime | None:
    """When the letter that explains a decision went out."""
    sent = [
        fact.event.sent_at
        for fact in material.letters.values()
        if fact.event.outgoing and fact.event.decision == decision and fact.event.explains_decision
    ]
    return max(sent, default=None)
