"""An agency's own register: what may be entered, by whom, and which cases it concerns.

``decide_register`` turns a command into entries of ``register/<agency>``. Only the agency itself enters anything; every
id is new to its register and to the cases concerned; a copy needs its record, a derivation both of its ends; what was
written wrongly is superseded, never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, assert_never

from safehands.core.commands import Given
from safehands.core.decide.shares import hash_faults
from safehands.core.decide.time import check_said
from safehands.core.records import commands as c
from safehands.core.records import events as e
from safehands.core.records.commands import RegisterCommand
from safehands.core.records.events import RegisterEvent
from safehands.core.records.material import Material
from safehands.core.records.vocabulary import (
    CustodyType,
    HoldingStatus,
    Medium,
    RecordedToo,
    SourceClaim,
)
from safehands.core.rules import Fault, refuse_all
from safehands.core.vocabulary import HappenedSource

#: Media whose content a hash fixes.
_FILES: Final = frozenset({Medium.FILE, Medium.CLOUD_OBJECT})

#: Custody that ends a copy, or allows it to be ended (R09).
DISPOSALS: Final = frozenset({CustodyType.DISPOSAL_AUTHORISED, CustodyType.DESTROYED})

#: What a claim about an unregistered source has to say, by claim.
_CLAIM_NEEDS: Final = {
    SourceClaim.HELD_BY: ("held_by", "who holds it"),
    SourceClaim.DESTROYED: ("event", "which entry or document says so"),
    SourceClaim.SEARCHED_NOT_FOUND: ("scope", "where it was searched for"),
    SourceClaim.NEVER_EXISTED: ("reason", "how that is known"),
}


def records_named(command: RegisterCommand, *known: Material) -> tuple[str, ...]:
    """The records that a command speaks of, as far as these registers and cases know them."""
    match command:
        case c.RecordDerivation():
            return (command.derived, command.source)
        case c.RecordSameEvent():
            return (command.one, command.other)
        case c.TestPlayability() | c.RecordCustody():
            copies = (each.copies[command.copy].event for each in known if command.copy in each.copies)
            return tuple(dict.fromkeys(copy.record for copy in copies))
        case c.VerifyDerivative():
            name = command.derivation
            edges = (each.derivations[name].event for each in known if name in each.derivations)
            return tuple(dict.fromkeys(record for edge in edges for record in (edge.derived, edge.source)))
        case c.DeclareRegister():
            return ()
        case _:
            return (command.record,)


def cases_touched(command: RegisterCommand, own: Material) -> tuple[str, ...]:
    """The streams of the cases that a command's entries concern: those its records are tied to, and those it names.
    What a register is concerns every case that any of its records does."""
    found = [case for record in records_named(command, own) for case in own.tied.get(record, ())]
    match command:
        case c.RegisterRecord():
            found += command.cases
        case c.TieRecord():
            found.append(command.case)
        case c.DeclareRegister():
            found += [case for cases in own.tied.values() for case in cases]
        case _:
            pass
    return tuple(dict.fromkeys(found))


def decide_register(
    command: RegisterCommand, own: Material, cases: Mapping[str, Material], given: Given, here: str | None = None
) -> tuple[RegisterEvent, ...]:
    """The entries that a command to the sender's own register comes to, or ``Refused``, ``BadInput``.

    ``cases`` holds the material of every case concerned, by stream. ``here`` is the case in which the sender works:
    what is said of another agency's record, of its copies or derivations, is said for that case.
    """
    check_said(**_words(command))
    refuse_all(tuple(_faults(command, own, cases, given)))
    return (*_ties(command, own, cases, here), _event(command, given))


def _words(command: RegisterCommand) -> dict[str, str]:
    """Words that may not be left out."""
    match command:
        case c.RegisterRecord():
            return {"id": command.record, "description": command.description}
        case c.ReclassifyRecord() | c.DescribeRecord() | c.PlaceHold():
            return {"reason": command.reason}
        case c.LiftHold():
            return {"reason": command.reason, "authority": command.authority}
        case c.RuleRetention():
            return {"rule": command.rule, "basis": command.basis}
        case c.RegisterCopy():
            return {"id": command.copy}
        case c.RecordDerivation():
            return {"id": command.derivation}
        case c.VerifyDerivative():
            return {"id": command.verification}
        case c.RecordCustody():
            return {"id": command.custody}
        case _:
            return {}


# --- what is wrong with a command -------------------------------------------------------------------------------------


def _faults(  # noqa: C901 - one flat table: a command, what can be wrong with it
    command: RegisterCommand, own: Material, cases: Mapping[str, Material], given: Given
) -> Iterator[Fault]:
    known = (own, *cases.values())
    at = getattr(command, "at", None)
    if at is not None and at > given.now:
        yield "time.future", {"happened_at": at.isoformat()}
    match command:
        case c.DeclareRegister():
            pass
        case c.RegisterRecord():
            yield from _new("record", command.record, (each.records for each in known))
        case c.TieRecord():
            yield from _known_record(command.record, *known)
            yield from _tie_faults(command, own, cases)
        case c.ReclassifyRecord():
            yield from _known_record(command.record, own)
            if (command.relevance, command.use, command.sensitivity) == (None, None, None):
                yield "register.nothing", {}
        case c.DescribeRecord():
            yield from _known_record(command.record, own)
            if (command.description, command.exhibit_ref, command.created) == (None, None, None):
                yield "register.nothing", {}
        case c.RegisterCopy():
            yield from _known_record(command.record, *known)
            yield from _new("copy", command.copy, (each.copies for each in known))
            yield from _fixity_faults(command)
        case c.TestPlayability():
            yield from _known_copy(command.copy, *known)
        case c.AssertHolding():
            yield from _known_record(command.record, *known)
            yield from _holding_faults(command, known)
        case c.RecordDerivation():
            yield from _derivation_faults(command, own, known)
        case c.ClaimSource():
            yield from _known_record(command.record, own)
            field, needed = _CLAIM_NEEDS.get(command.claim, ("", ""))
            if field and not getattr(command, field):
                yield "register.claim", {"claim": command.claim.replace("_", " "), "needed": needed}
        case c.AskTwin():
            yield from _known_record(command.record, own)
            answered = {RecordedToo.YES: command.ref, RecordedToo.NO: command.reason}.get(command.recorded_too, "-")
            if not answered:
                yield "register.twin", {}
        case c.RecordSameEvent():
            yield from _known_record(command.one, own)
            yield from _known_record(command.other, *known)
        case c.VerifyDerivative():
            yield from _verification_faults(command, known, given)
        case c.RecordCustody():
            yield from _custody_faults(command, known, given)
        case c.RuleRetention():
            yield from _known_record(command.record, own)
        case c.PlaceHold():
            yield from _known_record(command.record, own)
            if any(command.hold in each.held_back for each in known):
                yield "records.id_known", {"what": "hold", "id": command.hold}
        case c.LiftHold():
            yield from _lifting_faults(command, own)
        case _ as never:
            assert_never(never)


def _new(what: str, name: str, maps: Iterable[Mapping[str, object]]) -> Iterator[Fault]:
    if any(name in each for each in maps):
        yield "records.id_known", {"what": what, "id": name}


def _known_record(record: str, *known: Material) -> Iterator[Fault]:
    if all(record not in each.records for each in known):
        yield "records.unknown", {"what": "record", "id": record}


def _known_copy(copy: str, *known: Material) -> Iterator[Fault]:
    if all(copy not in each.copies for each in known):
        yield "records.unknown", {"what": "copy", "id": copy}


def _tie_faults(command: c.TieRecord, own: Material, cases: Mapping[str, Material]) -> Iterator[Fault]:
    if command.case in own.tied.get(command.record, ()):
        yield "register.tied", {"record": command.record, "case": command.case}
    elif command.record in own.records and command.record in cases[command.case].records:
        yield "records.id_known", {"what": "record", "id": command.record}


def _fixity_faults(command: c.RegisterCopy) -> Iterator[Fault]:
    yield from hash_faults(command.sha256)
    if command.medium in _FILES and (command.sha256 is None or command.size is None):
        yield "register.fixity", {"copy": command.copy}
    if command.medium not in _FILES and not (command.seal.strip() or command.label.strip()):
        yield "register.seal", {"copy": command.copy}


def _holding_faults(command: c.AssertHolding, known: tuple[Material, ...]) -> Iterator[Fault]:
    if command.copy is not None and all(command.copy not in each.copies_of.get(command.record, ()) for each in known):
        yield "records.copy_of_other", {"copy": command.copy, "record": command.record}
    if command.status is HoldingStatus.DESTROYED and not (command.authority.strip() and command.method.strip()):
        yield "register.destroyed", {"record": command.record}


def _derivation_faults(command: c.RecordDerivation, own: Material, known: tuple[Material, ...]) -> Iterator[Fault]:
    yield from _new("derivation", command.derivation, (each.derivations for each in known))
    yield from _known_record(command.derived, own)
    yield from _known_record(command.source, *known)
    if command.derived in _sources(own, command.source):
        yield "register.circle", {"derived": command.derived, "source": command.source}


def _sources(material: Material, record: str) -> frozenset[str]:
    """A record and everything that it was made from, as far as the register says."""
    found: set[str] = set()
    waiting = [record]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += [material.derivations[edge].event.source for edge in material.made_from.get(each, ())]
    return frozenset(found)


def _verification_faults(command: c.VerifyDerivative, known: tuple[Material, ...], given: Given) -> Iterator[Fault]:
    checks = (checks for each in known for checks in each.verified.values())
    if any(fact.event.verification == command.verification for facts in checks for fact in facts):
        yield "records.id_known", {"what": "verification", "id": command.verification}
    edge = next(
        (each.derivations[command.derivation].event for each in known if command.derivation in each.derivations), None
    )
    if edge is None:
        yield "records.unknown", {"what": "derivation", "id": command.derivation}
        return
    yield from _known_copy(command.against_copy, *known)
    if edge.made_by == given.by.actor:
        yield "register.own_work", {"person": given.by.actor, "record": edge.derived}


def _custody_faults(command: c.RecordCustody, known: tuple[Material, ...], given: Given) -> Iterator[Fault]:
    yield from hash_faults(command.sha256_before, command.sha256_after)
    yield from _known_copy(command.copy, *known)
    entries = [fact for each in known for fact in each.custody.get(command.copy, ())]
    if any(fact.event.custody == command.custody for fact in entries):
        yield "records.id_known", {"what": "custody entry", "id": command.custody}
    if command.supersedes is not None and all(fact.event.custody != command.supersedes for fact in entries):
        yield "register.supersedes", {"custody": command.supersedes, "copy": command.copy}
    if command.type is CustodyType.DESTROYED and not command.authority.strip():
        yield "register.destroyed", {"record": command.copy}
    live = given.source is HappenedSource.LIVE
    if live and command.type in DISPOSALS and not command.medium_only:
        for record in records_named(command, *known):
            yield from _disposal_faults(record, known, given)


def _disposal_faults(record: str, known: tuple[Material, ...], given: Given) -> Iterator[Fault]:
    """What forbids the disposal of a record, in each case that it concerns; in the own register where it is in none.

    Which reasons there are is the rulebook's to say, in one place for this refusal and for R09.
    """
    if given.retention is None:
        return
    concerned = [each for each in known[1:] if record in each.records] or [known[0]]
    blocks = {
        (block.rule, block.says): block
        for each in concerned
        for block in given.retention(each, record, given.by.agency, given.now)
    }
    for block in blocks.values():
        until = f" (until {block.until.date().isoformat()})" if block.until is not None else ""
        yield "disposal.kept", {"record": record, "why": block.says.rstrip("."), "until": until, "kept_by": block.rule}


def _lifting_faults(command: c.LiftHold, own: Material) -> Iterator[Fault]:
    if all(fact.event.hold != command.hold for fact in own.holds.get(command.record, ())):
        yield "records.unknown", {"what": "hold", "id": command.hold}
    if command.hold in own.lifted:
        yield "register.lifted", {"hold": command.hold}


# --- what a command comes to ------------------------------------------------------------------------------------------

_EVENT_OF: Final[dict[type, type]] = {
    c.DeclareRegister: e.RegisterDeclared,
    c.RegisterRecord: e.RecordRegistered,
    c.TieRecord: e.RecordTied,
    c.ReclassifyRecord: e.RecordReclassified,
    c.DescribeRecord: e.RecordDescribed,
    c.RegisterCopy: e.CopyRegistered,
    c.TestPlayability: e.PlayabilityTested,
    c.AssertHolding: e.HoldingAsserted,
    c.RecordDerivation: e.DerivationRecorded,
    c.ClaimSource: e.SourceClaimed,
    c.AskTwin: e.TwinAsked,
    c.RecordSameEvent: e.SameEventRecorded,
    c.VerifyDerivative: e.DerivativeVerified,
    c.RecordCustody: e.CustodyRecorded,
    c.RuleRetention: e.RetentionRuled,
    c.PlaceHold: e.HoldPlaced,
    c.LiftHold: e.HoldLifted,
}


def _event(command: RegisterCommand, given: Given) -> RegisterEvent:
    """The entry that a command is: its own fields, and who and when where it leaves them out."""
    kind = _EVENT_OF[type(command)]
    said: dict[str, Any] = {each.name: getattr(command, each.name) for each in fields(command)}
    names = {each.name for each in fields(kind)}
    if "agency" in names:
        said["agency"] = given.by.agency
    if "verified_by" in names:
        said["verified_by"] = given.by.actor
    if "placed_by" in names:
        said["placed_by"] = given.by.actor
    if "at" in names and said.get("at") is None:
        said["at"] = given.happened_at
    event: RegisterEvent = kind(**said)
    return event


def _ties(
    command: RegisterCommand, own: Material, cases: Mapping[str, Material], here: str | None
) -> Iterator[RegisterEvent]:
    """The source of a record concerns every case that the record does: it is what they would have to ask for. Another
    agency's record concerns the case in which something is said of it here.
    """
    if here is not None:
        for record in records_named(command, own, cases[here]):
            foreign = record in cases[here].records and record not in own.records
            if foreign and here not in own.tied.get(record, ()):
                yield e.RecordTied(record, here)
    if isinstance(command, c.RecordDerivation) and command.source in own.records:
        for case in own.tied.get(command.derived, ()):
            if case not in own.tied.get(command.source, ()):
                yield e.RecordTied(command.source, case)
