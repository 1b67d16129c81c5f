"""R14: what a decision rests on, or was made from, hangs on one copy, on ageing media, or on what nobody played."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading
from safehands.core.records.vocabulary import AGEING_MEDIA, CopyRole, HoldingStatus, Medium, Playable
from safehands.rulebook.integrity.cells import (
    MEDIUM,
    NOTHING,
    Judged,
    Parts,
    Question,
    Rule,
    above,
    cause,
    considered,
    records_of,
)

#: Where a copy is no more, or nobody knows where.
LOST: Final = frozenset({HoldingStatus.DESTROYED, HoldingStatus.MISSING, HoldingStatus.RETURNED_TO_OWNER})
DIGITAL: Final = frozenset({Medium.FILE, Medium.CLOUD_OBJECT})
#: What needs no player.
UNPLAYED: Final = frozenset({Medium.PAPER, Medium.PHYSICAL})


def cells(material: Material) -> Iterable[Parts]:
    """Each record that may be a source of what a decision considered."""
    names = (each for decision in material.decisions for each in considered(material, decision))
    return ((each,) for each in above(material, names))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A record and what it may have been made from."""
    records = records_of(material, fact)
    if isinstance(fact.event, e.MaterialDecided):
        records = considered(material, fact.event.decision)
    return ((each,) for each in above(material, records))


def judge(question: Question, parts: Parts) -> Judged:
    """What is true of the copies of a content class that a decision's material was made from."""
    reading = question.reading
    members = reading.content_class(parts[0])
    if members[0] != parts[0]:
        return NOTHING
    resting = reading.decisions_on(reading.derivatives(parts[0]))
    copies = [copy for each in members for copy in reading.copies(each)]
    left = [copy for copy in copies if not _is_lost(reading, copy)]
    if not resting or not copies or _is_safe(left):
        return NOTHING
    letter, until = _risk(question, left)
    if letter is None:
        return Judged(until=until)
    finding = Finding(
        rule="R14",
        letter=letter,
        grade=MEDIUM,
        cause=cause(parts),
        because=(resting[0].seq, *(copy.seq for copy in (left or copies)[:2])),
        first_true_at=max(resting[0].event.made_at, *(copy.happened_at for copy in copies), resting[0].event.made_at),
        decision=resting[0].event.decision,
        records=members,
    )
    return Judged(finding)


def _is_lost(reading: Reading, copy: Fact[e.CopyRegistered]) -> bool:
    said = [each for agency in reading.speakers(copy.event.record) for each in reading.said_of_copy(copy, agency)]
    return bool(said) and max(said, key=lambda each: (each.at, each.fact.seq)).status in LOST


def _is_safe(left: list[Fact[e.CopyRegistered]]) -> bool:
    """A digital copy with its hash, and a backup besides."""
    digital = [copy for copy in left if copy.event.medium in DIGITAL and copy.event.sha256]
    backups = [copy for copy in left if copy.event.role is CopyRole.BACKUP]
    return any(copy is not backup for copy in digital for backup in backups)


def _risk(question: Question, left: list[Fact[e.CopyRegistered]]) -> tuple[str | None, datetime | None]:
    """The worst of the three, or until when there is none."""
    if len(left) < 2:
        return "a", None
    if all(copy.event.medium in AGEING_MEDIA for copy in left):
        return "b", None
    played = [copy for copy in left if copy.event.medium not in UNPLAYED]
    good_until = [until for copy in played if (until := _plays_until(question.reading, copy)) is not None]
    if not played:
        return None, None
    if not good_until or max(good_until) <= question.at:
        return "c", None
    return None, max(good_until)


def _plays_until(reading: Reading, copy: Fact[e.CopyRegistered]) -> datetime | None:
    """Two years after somebody last played it, where that went well."""
    tests = [
        (fact.event.at, fact.seq, fact.event.playable) for fact in reading.all(reading.material.played, copy.event.copy)
    ]
    if copy.event.playable_at is not None:
        tests.append((copy.event.playable_at, copy.seq, copy.event.playable))
    at, _, playable = max(tests, default=(copy.happened_at, 0, Playable.UNTESTED), key=lambda test: test[:2])
    return _two_years_on(at) if playable is Playable.YES else None


def _two_years_on(at: datetime) -> datetime:
    """Twenty-four months on; the 29th of February ends on the 28th."""
    return at.replace(year=at.year + 2, day=28 if (at.month, at.day) == (2, 29) else at.day)


RULE: Final = Rule("R14", cells, touched, judge)
