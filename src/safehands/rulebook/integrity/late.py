"""R19: something was entered long after it happened, and it changes what is true of an earlier decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading
from safehands.rulebook.integrity import source_unseen, surfaced, unverified
from safehands.rulebook.integrity.cells import RECORDED, Judged, Parts, Question, Rule, cause, kin, records_of

#: How late is late (sheet 2, R19).
LATE: Final = timedelta(days=30)
#: How far two clocks may differ [E].
SKEW: Final = timedelta(minutes=5)
#: The rules that are about a decision and a content class.
ABOUT_DECISIONS: Final = (source_unseen, surfaced, unverified)


def cells(material: Material) -> Iterable[Parts]:
    """Each record that a register says anything of."""
    told = (material.records, material.holdings, material.copies_of, material.made_into, material.made_from)
    return ((each,) for each in dict.fromkeys(name for names in told for name in names))


def touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """A record and its kin; and those of which another rule may say something else of a decision."""
    yield from ((each,) for each in kin(material, records_of(material, fact)))
    for rule in ABOUT_DECISIONS:
        yield from ((parts[1],) for parts in rule.touched(material, fact))


def judge(question: Question, parts: Parts) -> Judged:
    """The first late fact about a content class that a finding on an earlier decision rests on; else a wrong clock."""
    reading = question.reading
    members = reading.content_class(parts[0])
    if members[0] != parts[0]:
        return Judged()
    facts = list(_facts(reading, members))
    late = {fact.seq: fact for fact in facts if fact.recorded_at - fact.happened_at > LATE}
    finding = _changes_the_past(question, parts, late) if late else None
    if finding is None:
        ahead = next((fact for fact in facts if fact.happened_at - fact.recorded_at > SKEW), None)
        finding = _finding(parts, "b", (ahead,), "a clock was wrong") if ahead is not None else None
    return Judged(finding)


def _changes_the_past(question: Question, parts: Parts, late: dict[int, Fact[Any]]) -> Finding | None:
    decisions = question.material.decisions
    for decision in sorted(question.reading.each(decisions, decisions), key=lambda fact: fact.seq):
        for rule in ABOUT_DECISIONS:
            found = rule.find(question, (decision.event.decision, parts[0]))
            by = [seq for seq in (found.because if found is not None else ()) if seq in late and seq > decision.seq]
            if by:
                latest = max((late[seq] for seq in by), key=lambda fact: fact.recorded_at - fact.happened_at)
                days = (latest.recorded_at - latest.happened_at).days
                return _finding(parts, "a", (latest, decision), f"{days} days")
    return None


def _facts(reading: Reading, members: Iterable[str]) -> Iterator[Fact[Any]]:
    """What a register says of a content class: that it is there, where, what was made from it, how it was checked. The
    rows of a declared bulk import are left out."""
    material = reading.material
    for member in members:
        record = reading.record(member)
        if record is not None and record.event.legacy:
            continue
        yield from (record,) if record is not None else ()
        yield from reading.all(material.holdings, member)
        yield from reading.copies(member)
        yield from reading.edges_into(member)
        for edge in reading.edges_from(member):
            yield from reading.checks(edge)


def _finding(parts: Parts, letter: str, facts: tuple[Fact[Any], ...], note: str) -> Finding:
    decision = facts[1].event.decision if len(facts) > 1 else None
    return Finding(
        rule="R19",
        letter=letter,
        grade=RECORDED,
        cause=cause(parts),
        because=tuple(fact.seq for fact in facts),
        first_true_at=facts[0].recorded_at,
        decision=decision,
        records=parts,
        knowable_then=decision is None,
        note=note,
    )


RULE: Final = Rule("R19", cells, touched, judge)
