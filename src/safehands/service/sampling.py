"""Sampling decisions for quality review (sheet metric 11, failure 34): which ones, and nobody can choose them.

A decision is in the sample if a hash of its id and the period's seed falls below the rate. The seed is drawn after the
period has ended and written down with what it drew, so that nobody can know beforehand which of their decisions will be
read, and everybody can check it afterwards. A day is drawn once: a period that shares a day with one drawn before is
refused, since whoever may draw again may choose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from safehands import codec
from safehands.core.commands import ReviewDecision
from safehands.core.events import Entry, Envelope, SampledDecision, SampleDrawn
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.errors import BadInput, NotFound, NotPermitted, Refused, Stale
from safehands.service.handle import Handled, Request, Service
from safehands.store.ports import FACT_COLUMNS, Append, Cell, FactRow, NewEntry, Store

#: Who draws a sample and reads what was drawn. An analyst counts and does not judge.
REVIEWING_ROLES: Final = frozenset({"supervisor", "inspector", "duty_manager", "clinical_lead"})

_LONDON: Final = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class ToReview:
    """A drawn decision and what came of its review: ``pass``, ``fail``, or None while nobody has read it."""

    case: str
    decision: str
    made_at: datetime
    result: str | None


def in_sample(decision: str, seed: str, rate: float | Decimal) -> bool:
    """Whether ``decision`` is in the sample of ``rate`` (0 to 1) under ``seed``."""
    if not 0 <= rate <= 1:
        raise ValueError("a rate lies between 0 and 1")
    drawn = int.from_bytes(hashlib.sha256(f"{seed}\n{decision}".encode()).digest()[:8])
    return drawn < int(Decimal(rate) * 2**64)


def sample(decisions: Iterable[str], seed: str, rate: float | Decimal) -> tuple[str, ...]:
    """The decisions in the sample, in the order given."""
    return tuple(decision for decision in decisions if in_sample(decision, seed, rate))


def draw(service: Service, by: Actor, pathway: str, first_day: str, last_day: str, *, rate: str) -> SampleDrawn:
    """Draw decisions of the civil days ``first_day`` to ``last_day`` (London, both included) for review, once.

    The seed is random and new. Raises ``BadInput`` for days or a rate that make no sense or a period that has not
    ended, ``NotPermitted`` for other roles, ``Refused`` where this period was drawn already.
    """
    check_may_review(by)
    share = _checked(first_day, last_day, rate, service.clock.now())
    stream = f"sample/{pathway}"
    earlier = _draws(service.store, pathway)
    for each in earlier:
        if each.first_day <= last_day and first_day <= each.last_day:
            raise Refused(
                "sample.drawn",
                f"Days of this period have been drawn already ({each.first_day} to {each.last_day}). "
                "Read what was drawn; nobody draws again.",
            )
    made = tuple(_decisions(service.store, pathway, first_day, last_day))
    seed = service.clock.new_id()
    chosen = tuple(each for each in made if in_sample(each.decision, seed, share))
    event = SampleDrawn(pathway, first_day, last_day, rate, seed, len(made), chosen)
    command, at, version = service.clock.new_id(), service.clock.now(), len(earlier) + 1
    envelope = Envelope(stream, version, service.clock.recorded_at(), at, HappenedSource.LIVE, by, None, command)
    entry = NewEntry(stream, version, codec.encode(Entry(envelope, event)))
    facts = tuple(FactRow(0, _fact(each, by)) for each in chosen)
    try:
        service.store.append(Append(command, stream, version - 1, (entry,), facts=facts))
    except Stale:
        raise Refused(
            "sample.drawn", "Somebody else has drawn a sample just now. Read what was drawn, then draw what is left."
        ) from None
    return event


def _draws(store: Store, pathway: str) -> tuple[SampleDrawn, ...]:
    """Every draw on this pathway, in their order."""
    stored = (codec.decode(each.entry).event for each in store.entries(f"sample/{pathway}", agency=None) if each.entry)
    return tuple(event for event in stored if isinstance(event, SampleDrawn))


def drawn(store: Store, pathway: str, first_day: str, last_day: str) -> SampleDrawn:
    """The sample of a period. Raises ``NotFound`` where none was drawn."""
    for event in _draws(store, pathway):
        if (event.first_day, event.last_day) == (first_day, last_day):
            return event
    raise NotFound(f"No sample was drawn of {first_day} to {last_day}.")


def to_review(store: Store, pathway: str, first_day: str, last_day: str) -> tuple[ToReview, ...]:
    """Every drawn decision of a period, with what came of its review."""
    results = _results(store)
    return tuple(
        ToReview(each.case, each.decision, each.made_at, results.get(each.decision))
        for each in drawn(store, pathway, first_day, last_day).drawn
    )


def ever_drawn(store: Store, pathway: str) -> tuple[ToReview, ...]:
    """Every decision on this pathway that was ever drawn, in the order of drawing, each once."""
    results, cases = _results(store), _cases(store, pathway)
    found: dict[str, ToReview] = {}
    for row in store.facts(kind="sampled"):
        case, decision, made_at = str(row["case_id"]), str(row["about"]), row["happened_at"]
        assert isinstance(made_at, datetime), "every fact happened at some time"
        if case in cases:
            found.setdefault(decision, ToReview(case, decision, made_at, results.get(decision)))
    return tuple(found.values())


def find_drawn(store: Store, pathway: str, case: str, decision: str) -> ToReview:
    """The drawn decision of this case with this id, or whose id begins so.

    Raises ``NotFound`` where none was drawn, ``BadInput`` where several begin so.
    """
    of_case = [each for each in ever_drawn(store, pathway) if each.case == case]
    found = [each for each in of_case if decision and each.decision.startswith(decision)]
    exact = [each for each in found if each.decision == decision]
    if len(found) > 1 and not exact:
        raise BadInput([f"{len(found)} drawn decisions of this case begin with {decision}. Give more of the id."])
    if not found:
        raise NotFound(f"No decision {decision} of this case was drawn. See what was drawn: safehands sample list.")
    return (exact or found)[0]


def review(service: Service, by: Actor, which: ToReview, result: str, notes: str) -> Handled:
    """Say of a drawn decision whether it was right and recorded whole (``pass`` or ``fail``), and why."""
    check_may_review(by)
    command = ReviewDecision(which.decision, result, notes)
    return service.handle(Request(service.clock.new_id(), which.case, command, by))


def check_may_review(by: Actor) -> None:
    """Supervising roles draw and review."""
    if by.role not in REVIEWING_ROLES:
        raise NotPermitted(
            f"Decisions are drawn and reviewed by one of these roles: {', '.join(sorted(REVIEWING_ROLES))}."
        )


def may_review(by: Actor) -> bool:
    """Whether ``check_may_review`` lets it pass."""
    return by.role in REVIEWING_ROLES


def _results(store: Store) -> dict[str, str]:
    return {str(row["about"]): str(row["code"]) for row in store.facts(kind="reviewed")}


def _cases(store: Store, pathway: str) -> frozenset[str]:
    return frozenset(str(row["case_id"]) for row in store.facts(kind="opened") if row["name"] == pathway)


def _checked(first_day: str, last_day: str, rate: str, now: datetime) -> Decimal:
    faults: list[str] = []
    try:
        first, last = date.fromisoformat(first_day), date.fromisoformat(last_day)
    except ValueError:
        raise BadInput(["Give the first and the last day, as 2026-02-28."]) from None
    if (first.isoformat(), last.isoformat()) != (first_day, last_day):
        # 20260228 is the same day: under a second name the period could be drawn once more.
        faults.append("Write days as 2026-02-28.")
    if last < first:
        faults.append("The last day lies before the first.")
    if last >= now.astimezone(_LONDON).date():
        faults.append("The period has not ended. Draw after it, so that nobody knows beforehand what will be read.")
    try:
        share = Decimal(rate)
    except ArithmeticError:
        share = Decimal(-1)
    if not (share.is_finite() and 0 < share <= 1):
        faults.append("The rate is a share above 0 and up to 1, as 0.05.")
    if faults:
        raise BadInput(faults)
    return share


def _decisions(store: Store, pathway: str, first_day: str, last_day: str) -> Iterator[SampledDecision]:
    cases = _cases(store, pathway)
    for row in store.facts(kind="decided"):
        made_at = row["happened_at"]
        assert isinstance(made_at, datetime), "every fact happened at some time"
        if row["case_id"] in cases and first_day <= str(row["day"]) <= last_day:
            yield SampledDecision(str(row["case_id"]), str(row["about"]), made_at)


def _fact(each: SampledDecision, by: Actor) -> dict[str, Cell]:
    local = each.made_at.astimezone(_LONDON)
    return dict.fromkeys(FACT_COLUMNS) | {
        "case_id": each.case,
        "kind": "sampled",
        "happened_at": each.made_at,
        "day": local.date().isoformat(),
        "hour": local.hour,
        "about": each.decision,
        "agency": by.agency,
        "count": 1,
    }
