"""What a rule is made of: cells, each of which holds one finding or none.

A cell is one cause of one rule: a decision and a content class, a request and a content class, a copy. A rule says
which cells a material has, which of them a new fact may have touched (rather too many than one too few), and what is
true of one. What the rule says of a cell depends on the material, the moment and the calendars, on nothing else: so
re-judging what was touched gives what judging everything would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from safehands.core.calendar import Calendar
from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading
from safehands.core.records.vocabulary import LOSSLESS

#: The working days that periods of two weeks and less are counted in.
WORKING_DAYS: Final = "england-and-wales"

#: The ids that a cause is made of: first what it is about, then, where it has one, the record that stands for a class.
Parts = tuple[str, ...]

CRITICAL: Final = 1
HIGH: Final = 2
MEDIUM: Final = 3
RECORDED: Final = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule is asked with: a material as far as it was known, the moment, the calendars by name."""

    reading: Reading
    at: datetime
    calendars: Mapping[str, Calendar]

    @property
    def material(self) -> Material:
        """The material that is read."""
        return self.reading.material


@dataclass(frozen=True, slots=True)
class Part:
    """What a cell is a part of, where many are told as one finding under the cause ``of``: of those that are true the
    first by ``order`` speaks, and it was knowable then if any of them was ``known_then``, true now or not."""

    of: Parts
    order: tuple[int, str]
    known_then: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What is true of a cell, and from when on something else may be, with no new fact."""

    finding: Finding | None = None
    until: datetime | None = None
    part: Part | None = None


NOTHING: Final = Judged()


@dataclass(frozen=True, slots=True)
class Rule:
    """One integrity rule. ``cells`` may name cells of which nothing is true; ``touched`` may name too many."""

    id: str
    cells: Callable[[Material], Iterable[Parts]]
    touched: Callable[[Material, Fact[Any]], Iterable[Parts]]
    judge: Callable[[Question, Parts], Judged]


def cause(parts: Parts) -> str:
    """The ids of a cause as one text; a colon inside an id can't be mistaken for the one between two."""
    return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)


def knowable(
    finding: Finding,
    question: Question,
    about: Fact[Any],
    instant: datetime,
    *,
    find: Callable[[Question, Parts], Finding | None],
    cells: Iterable[Parts],
) -> Finding:
    """A finding about a decision, answer or letter, marked by whether this register could have known it then: whether
    it was true, in any of ``cells``, with what had been learned when that came about."""
    reading = question.reading.then(about, instant, legacy=about.event.legacy)
    then = replace(question, reading=reading)
    return replace(finding, knowable_then=any(find(then, cell) is not None for cell in cells))


def records_of(material: Material, fact: Fact[Any]) -> tuple[str, ...]:
    """The records that a fact of a register, or of a share, speaks of."""
    match fact.event:
        case (
            e.RecordRegistered()
            | e.RecordReclassified()
            | e.RecordDescribed()
            | e.CopyRegistered()
            | e.HoldingAsserted()
            | e.SourceClaimed()
            | e.TwinAsked()
            | e.RetentionRuled()
            | e.HoldPlaced()
            | e.RecordShared()
        ):
            return (fact.event.record,)
        case e.DerivationRecorded():
            return (fact.event.derived, fact.event.source)
        case e.SameEventRecorded():
            return (fact.event.one, fact.event.other)
        case e.DerivativeVerified():
            edge = material.derivations.get(fact.event.derivation)
            return (edge.event.derived, edge.event.source) if edge is not None else ()
        case e.PlayabilityTested() | e.CustodyRecorded():
            copy = material.copies.get(fact.event.copy)
            return (copy.event.record,) if copy is not None else ()
        case e.HoldLifted():
            held = material.held_back.get(fact.event.hold)
            return (held,) if held is not None else ()
        case e.ShareReceived() | e.ShareOpened() | e.ShareRevoked():
            share = material.shares.get(fact.event.share)
            return (share.event.record,) if share is not None else ()
        case _:
            return ()


# --- how far a fact about a record reaches, whatever was verified and whatever was known ------------------------------


def kin(material: Material, records: Iterable[str]) -> tuple[str, ...]:
    """All that lossless edges join, verified or not: no content class is larger."""
    return _reach(material, records, up=False, down=False, same=False)


def below(material: Material, records: Iterable[str]) -> tuple[str, ...]:
    """All that may be a derivative of ``records``, these and their kin among them."""
    return _reach(material, records, up=False, down=True, same=True)


def above(material: Material, records: Iterable[str]) -> tuple[str, ...]:
    """All that may be a source of ``records``, these and their kin among them."""
    return _reach(material, records, up=True, down=False, same=True)


def _reach(material: Material, records: Iterable[str], *, up: bool, down: bool, same: bool) -> tuple[str, ...]:
    found = dict.fromkeys(records)
    todo = list(found)
    while todo:
        here = todo.pop()
        for other in _next(material, here, up=up, down=down, same=same):
            if other not in found:
                found[other] = None
                todo.append(other)
    return tuple(found)


def _next(material: Material, here: str, *, up: bool, down: bool, same: bool) -> Iterator[str]:
    for name in material.made_from.get(here, ()):
        edge = material.derivations[name].event
        if up or edge.method in LOSSLESS:
            yield edge.source
    for name in material.made_into.get(here, ()):
        edge = material.derivations[name].event
        if down or edge.method in LOSSLESS:
            yield edge.derived
    if same:
        for fact in material.same_event.get(here, ()):
            yield fact.event.other if fact.event.one == here else fact.event.one


def voices(material: Material, records: Iterable[str]) -> tuple[str, ...]:
    """The agencies that ever said anything of where any of ``records`` is."""
    agencies: dict[str, None] = {}
    for record in records:
        fact = material.records.get(record)
        said = [fact.event.agency] if fact is not None else []
        said += (each.event.agency for each in material.holdings.get(record, ()))
        for name in material.copies_of.get(record, ()):
            said += [material.copies[name].event.held_by or ""]
            said += (each.event.agency for each in material.custody.get(name, ()))
        agencies |= dict.fromkeys(said)
    return tuple(agencies)


def considered(material: Material, decision: str) -> tuple[str, ...]:
    """What a decision names as considered, however far it was seen."""
    fact = material.decisions.get(decision)
    return tuple(dict.fromkeys(each.record for each in fact.event.considered)) if fact is not None else ()


def waited_for(material: Material, request: str) -> Iterable[Parts]:
    """The decision that waits for a request, with each record that an answer to it has a line for, and their kin."""
    asked = material.requests.get(request)
    if asked is None or not asked.event.closes_on:
        return ()
    lines = [item.record for reply in material.replies.get(request, ()) for item in reply.event.items]
    return ((asked.event.closes_on, each) for each in kin(material, lines))


def earlier(material: Material, decision: str, reading: Reading | None = None) -> tuple[str, ...]:
    """The decisions that this one reviews, and those which they reviewed, the latest first; through none that a
    reading does not know."""
    reading = reading or Reading(material)
    found: dict[str, None] = {}
    fact = reading.one(material.decisions, decision)
    while fact is not None and fact.event.reviews and fact.event.reviews not in found:
        found[fact.event.reviews] = None
        fact = reading.one(material.decisions, fact.event.reviews)
    return tuple(found)


def later(material: Material, decision: str, reading: Reading | None = None) -> tuple[str, ...]:
    """The decisions that review this one, and those that review them; as far as a reading knows."""
    reading = reading or Reading(material)
    found: dict[str, None] = {}
    todo = [decision]
    while todo:
        for fact in reading.each(material.decisions, material.reviewed_by.get(todo.pop(), ())):
            if fact.event.decision not in found:
                found[fact.event.decision] = None
                todo.append(fact.event.decision)
    return tuple(found)
