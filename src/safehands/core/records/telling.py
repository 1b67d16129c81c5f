"""What a case is told of an agency's register: which entries speak of which records, and what the case has not learned
yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safehands.core.records import events as e
from safehands.core.records.commands import Noted
from safehands.core.records.events import RegisterEvent
from safehands.core.records.material import Fact, Material


def stream_of(agency: str) -> str:
    """The stream of an agency's register."""
    return f"register/{agency}"


def facts_about(own: Material, record: str) -> tuple[Fact[Any], ...]:
    """Every fact of a register that speaks of a record, in the order in which the register learned them."""
    return tuple(sorted(_about(own, record), key=lambda fact: fact.seq))


def _about(own: Material, record: str) -> Iterator[Fact[Any]]:
    if record in own.records:
        yield own.records[record]
    histories: tuple[Mapping[str, tuple[Fact[Any], ...]], ...] = (
        own.classified,
        own.described,
        own.holdings,
        own.claimed,
        own.twins,
        own.retention,
        own.same_event,
    )
    for history in histories:
        yield from history.get(record, ())
    for copy in own.copies_of.get(record, ()):
        yield own.copies[copy]
        yield from own.played.get(copy, ())
        yield from own.custody.get(copy, ())
    for edge in (*own.made_from.get(record, ()), *own.made_into.get(record, ())):
        yield own.derivations[edge]
        yield from own.verified.get(edge, ())
    for hold in own.holds.get(record, ()):
        yield hold
        if hold.event.hold in own.lifted:
            yield own.lifted[hold.event.hold]


def records_of(event: RegisterEvent, *known: Material) -> tuple[str, ...]:
    """The records that an entry speaks of, the first one being what its note names; none for a register as a whole.

    Copies and derivations are looked up in ``known``: the register, and the case that may know another agency's.
    """
    match event:
        case e.RegisterDeclared():
            return ()
        case e.PlayabilityTested() | e.CustodyRecorded():
            copies = (each.copies[event.copy].event for each in known if event.copy in each.copies)
            return tuple(dict.fromkeys(copy.record for copy in copies))
        case e.DerivationRecorded():
            return (event.derived, event.source)
        case e.SameEventRecorded():
            return (event.one, event.other)
        case e.DerivativeVerified():
            edges = (each.derivations[event.derivation].event for each in known if event.derivation in each.derivations)
            return tuple(dict.fromkeys(record for edge in edges for record in (edge.derived, edge.source)))
        case _:
            return (event.record,)


def _told(told: Material, event: RegisterEvent) -> bool:
    """Whether a case has learned an entry about two records through the other one of them."""
    match event:
        case e.DerivationRecorded():
            return event.derivation in told.derivations
        case e.DerivativeVerified():
            checks = told.verified.get(event.derivation, ())
            return any(fact.event.verification == event.verification for fact in checks)
        case e.SameEventRecorded():
            return any(fact.event == event for fact in told.same_event.get(event.one, ()))
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Change:
    """What one command did to the register of ``agency``: its material before and after, and the new facts."""

    agency: str
    before: Material
    after: Material
    facts: tuple[Fact[Any], ...]


def notes_for(case: str, change: Change, told: Material) -> tuple[Noted, ...]:
    """What a case, whose material is ``told``, has to be told of a change.

    Of a record that concerns the case from now on, everything that the register ever learned; of one that did already,
    the new facts. With the first of them, and as soon as there is a new one, go the register's declarations that the
    case has not been told of.
    """
    own, register = change.after, stream_of(change.agency)
    noted: dict[int, Noted] = {}
    for fact in change.facts:
        for record in records_of(fact.event, own, told):
            if case not in own.tied.get(record, ()):
                continue
            new = case not in change.before.tied.get(record, ())
            for each in (*(facts_about(own, record) if new else ()), fact):
                if not isinstance(each.event, e.RecordTied) and not _told(told, each.event):
                    noted.setdefault(each.seq, Noted(register, each.seq, record, each))
    declares = any(isinstance(fact.event, e.RegisterDeclared) for fact in change.facts)
    if not noted and not (declares and any(case in cases for cases in own.tied.values())):
        return ()
    declared = own.registers.get(change.agency, ())
    for each in declared[len(told.registers.get(change.agency, ())) :]:
        noted[each.seq] = Noted(register, each.seq, "", each)
    return tuple(noted[seq] for seq in sorted(noted))
