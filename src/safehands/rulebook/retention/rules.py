"""The rules of retention, one function each (evidence-review sheet 3.5).

What is not known blocks: a case of which nobody has said how it ended is kept as if it went on. That an agency may
destroy its own copy says nothing of another's, nor that the record no longer exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from safehands.core.calendar import Calendar, add_months
from safehands.core.records.answering import is_answered
from safehands.core.records.events import CaseFlagged, RetentionRuled
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, now
from safehands.core.records.retaining import Block
from safehands.core.records.vocabulary import CaseStage, DecisionKind
from safehands.core.vocabulary import role_of

#: The rule under which a named person's review is entered as a ``RetentionRuled``: without one nothing is destroyed.
REVIEWED: Final = "reviewed"

#: The CPS destroyed no casework from April or May 2015 until 6 August 2023; the earlier month counts.
SUSPENDED: Final = (datetime(2015, 4, 1, tzinfo=UTC), datetime(2023, 8, 7, tzinfo=UTC))

#: Decisions after which nobody is prosecuted, and those after which somebody is.
_ENDS: Final = frozenset(
    {
        DecisionKind.NFA_POLICE,
        DecisionKind.NFA_CPS,
        DecisionKind.DISCONTINUE,
        DecisionKind.OFFER_NO_EVIDENCE,
        DecisionKind.OUT_OF_COURT,
    }
)
_DECIDES: Final = _ENDS | {DecisionKind.CHARGE}
_LIVE: Final = frozenset({CaseStage.CHARGED, CaseStage.TRIAL})

#: Months after which police information is looked at again; "normally a minimum of six years".
_POLICE_MONTHS: Final = 72
#: What a flag of the CPS adds: twenty years for child sexual abuse, seven for a case that the pandemic held up.
_FLAGGED_MONTHS: Final = {"csa": 240, "covid": 84}
#: After a conviction without custody: six months.
_CONVICTED_MONTHS: Final = 6

#: Retention runs in whole months and to the end of a day; bank holidays do not matter to it.
_LONDON: Final = Calendar("civil", "Europe/London", frozenset(), date.max)


@dataclass(frozen=True, slots=True)
class Proceedings:
    """How a prosecution ended, as far as somebody has said. ``released_at`` is the release from custody or from a
    hospital order; None with ``custody`` says that nobody knows when, and None elsewhere that nobody has said."""

    acquitted_at: datetime | None = None
    convicted_at: datetime | None = None
    custody: bool | None = None
    released_at: datetime | None = None
    appeal_open: bool | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked: may this agency destroy this record at this instant?"""

    reading: Reading
    record: str
    agency: str
    at: datetime
    ended: Proceedings

    @property
    def material(self) -> Material:
        return self.reading.material


def may_dispose(
    material: Material, record: str, agency: str, at: datetime, *, ended: Proceedings | None = None
) -> tuple[Block, ...]:
    """Every reason why ``agency`` may not destroy ``record`` at ``at``; empty where nothing is known that forbids it.

    ``ended`` says how the prosecution ended; None: nobody has said, and that blocks where it matters. The integrity
    rule R09 adds to this that a verified lossless copy may stand in for a worn medium.
    """
    asked = _Asked(now(material), record, agency, at, ended or Proceedings())
    return tuple(block for rule in _RULES for block in rule(asked))


def _held_by_order(asked: _Asked) -> Iterator[Block]:
    for member in asked.reading.content_class(asked.record):
        for fact in asked.material.holds.get(member, ()):
            if fact.event.hold not in asked.material.lifted:
                yield Block("hold", f"A hold forbids it: {fact.event.reason}", fact.event.placed_by, verified=True)
    for flag in sorted(asked.material.flags):
        if flag.startswith("hold:"):
            yield Block("hold.case", f"The case is held for {flag.removeprefix('hold:')}.", "the case's flag")


def _ruled(asked: _Asked) -> Iterator[Block]:
    return (block for block, _ in agency_keeps(asked.reading, asked.record, asked.agency, asked.at))


def agency_keeps(
    reading: Reading, record: str, agency: str, at: datetime
) -> Iterator[tuple[Block, Fact[RetentionRuled]]]:
    """What the agency itself has ruled of this record, each reason with the fact that says so. The newest of each rule
    counts; that somebody reviewed it keeps nothing. R09 asks the same."""
    ruled = (fact for fact in reading.all(reading.material.retention, record) if fact.event.agency == agency)
    for fact in {fact.event.rule: fact for fact in ruled}.values():
        event = fact.event
        if event.rule == REVIEWED:
            continue
        if event.min_until is None:
            yield Block("ruled", f"The agency keeps it, with no known end: {event.basis}", event.rule), fact
        elif at < event.min_until:
            yield Block("ruled", f"The agency keeps it: {event.basis}", event.rule, event.min_until), fact


def _code_of_practice(asked: _Asked) -> Iterator[Block]:
    """The Code of Practice under the Criminal Procedure and Investigations Act: what investigators keep."""
    if role_of(asked.agency) not in ("POL", "NCA"):
        return
    source = "sheet 3.5: Code of Practice under the Criminal Procedure and Investigations Act 1996"
    decided = [fact.event for fact in asked.material.decisions.values() if fact.event.made_at <= asked.at]
    stage = asked.material.stages[-1].event.stage if asked.material.stages else None
    if not any(event.kind in _DECIDES for event in decided):
        yield Block("cpia.undecided", "Nobody has decided yet whether anybody is prosecuted.", source)
        return
    charged = stage in _LIVE or stage is CaseStage.CONCLUDED or any(e.kind is DecisionKind.CHARGE for e in decided)
    stopped = max(decided, key=lambda event: event.made_at).kind in _ENDS and stage not in _LIVE
    if charged and not stopped:
        yield from _after_charge(asked, source)


def _after_charge(asked: _Asked, source: str) -> Iterator[Block]:
    ended = asked.ended
    if ended.convicted_at is None and ended.acquitted_at is None:
        yield Block("cpia.charged", "Nobody has said how the prosecution ended.", source)
    elif ended.convicted_at is not None:
        yield from _after_conviction(asked, ended.convicted_at, source)


def _after_conviction(asked: _Asked, convicted_at: datetime, source: str) -> Iterator[Block]:
    ended = asked.ended
    if ended.custody is None:
        yield Block(
            "cpia.convicted", "Nobody has said whether there is a sentence of custody or a hospital order.", source
        )
    elif ended.custody and (ended.released_at is None or asked.at < ended.released_at):
        yield Block(
            "cpia.custody",
            "Somebody convicted has not been released, or nobody has said when.",
            source,
            ended.released_at,
        )
    least = add_months(_LONDON, convicted_at, _CONVICTED_MONTHS)
    if asked.at < least:
        yield Block("cpia.convicted", "Less than six months have passed since the conviction.", source, least)
    if ended.appeal_open is not False:
        why = "An appeal is open." if ended.appeal_open else "Nobody has said whether an appeal is open."
        yield Block("cpia.appeal", why, source)


def _police_information(asked: _Asked) -> Iterator[Block]:
    if role_of(asked.agency) != "POL":
        return
    least = add_months(_LONDON, _last(asked.reading, asked.record, asked.at), _POLICE_MONTHS)
    if asked.at < least:
        source = "sheet 3.5: guidance of 2006, normally at least six years; the groups were not read"
        yield Block(
            "police.information", "Less than six years have passed since the last decision on it.", source, least
        )


def _prosecutors(asked: _Asked) -> Iterator[Block]:
    return (block for block, _ in prosecutors_keep(asked.reading, asked.record, asked.agency, asked.at))


def prosecutors_keep(
    reading: Reading, record: str, agency: str, at: datetime
) -> Iterator[tuple[Block, Fact[Any] | None]]:
    """Why the prosecutors keep a record, each reason with the fact that says so: the time in which they destroyed
    nothing, and what a flag of the case adds. R09 asks the same."""
    if role_of(agency) != "CPS":
        return
    source = "sheet 3.5: casework retention schedule of the Crown Prosecution Service"
    start, end = SUSPENDED
    if start <= at < end:
        says = "The Crown Prosecution Service destroys no casework in this time."
        yield Block("cps.suspended", says, source, end, True), reading.record(record)
    flagged = flags_at(reading, at)
    for flag, months in _FLAGGED_MONTHS.items():
        least = add_months(_LONDON, _last(reading, record, at), months)
        if flag in flagged and at < least:
            years = months // 12
            says = f"The case is marked {flag}: it is kept for {years} years more than otherwise, at the least."
            yield Block(f"cps.{flag}", says, source, least, True), flagged[flag]


def flags_at(reading: Reading, at: datetime) -> dict[str, Fact[CaseFlagged]]:
    """The flags that a case had at an instant, each with the fact that gave it."""
    flags: dict[str, Fact[CaseFlagged]] = {}
    for fact in reading.material.flagged:
        if reading.knows(fact) and fact.happened_at <= at:
            flags = {flag: by for flag, by in flags.items() if flag not in fact.event.removed}
            flags |= dict.fromkeys(fact.event.added, fact)
    return flags


def _last(reading: Reading, record: str, at: datetime) -> datetime:
    """The last thing known of this matter by then: from there minimum times run."""
    decisions = reading.each(reading.material.decisions, reading.material.decisions)
    times = [fact.event.made_at for fact in decisions if fact.event.made_at <= at]
    known = reading.record(record)
    if known is not None:
        times.append(known.recorded_at)
    return max(times, default=at)


def _waited_for(asked: _Asked) -> Iterator[Block]:
    """Somebody has asked for material, or for a review, and waits."""
    material = asked.material
    for name, fact in material.requests.items():
        if fact.event.to_agency == asked.agency and not is_answered(material, name):
            yield Block("request", f"{fact.event.from_agency} has asked for material and waits.", "sheet 2, R09")
    for name in material.reviews:
        if name not in material.reviewed:
            yield Block("review", "A decision in this case is being looked at again.", "sheet 2, R09")
    for name in material.victim_reviews:
        moves = material.victim_moves.get(name, ())
        if not moves or moves[-1].event.stage != "closed":
            yield Block("victim_review", "A victim has asked for a review, and it has not ended.", "sheet 2, R09")


def _rested_on(asked: _Asked) -> Iterator[Block]:
    """A decision rests on this, or on what was made from it: its source is what shows whether that was faithful."""
    members = asked.reading.content_class(asked.record)
    derived = tuple(asked.reading.derivatives(asked.record))
    for fact in asked.reading.decisions_on((*members, *derived)):
        says = f"The decision {fact.event.decision} rests on this, or on something that was made from it."
        yield Block("rested_on", says, "sheet 2, R09")


def _nobody_reviewed(asked: _Asked) -> Iterator[Block]:
    """A date alone destroys nothing: a person of this agency has to have looked at it, after every time ran out."""
    facts = asked.material.retention.get(asked.record, ())
    looked = [
        f for f in facts if f.event.rule == REVIEWED and f.event.agency == asked.agency and f.recorded_at <= asked.at
    ]
    ends = [fact.event.min_until for fact in facts if fact.event.min_until is not None and fact.event.rule != REVIEWED]
    if not looked or any(looked[-1].recorded_at < end for end in ends):
        says = "Nobody of this agency has reviewed since then whether it is still needed."
        yield Block("not_reviewed", says, "our own rule: nothing is destroyed by a date alone")


_RULES: Final[tuple[Callable[[_Asked], Iterator[Block]], ...]] = (
    _held_by_order,
    _ruled,
    _code_of_practice,
    _police_information,
    _prosecutors,
    _waited_for,
    _rested_on,
    _nobody_reviewed,
)
