"""What a case is told of registers, and what is said of the case itself: flags, references, stage, standing."""

from __future__ import annotations

from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_said
from safehands.core.records.commands import FlagCase, GiveReferences, NoteMaterial, ReachStage, RecordStanding
from safehands.core.records.events import (
    CaseFlagged,
    CaseReferenced,
    MaterialNoted,
    RecordRegistered,
    StageReached,
    StandingRecorded,
)
from safehands.core.rules import refuse
from safehands.core.wire import wire_name
from safehands.errors import BadInput


def note(draft: Draft, command: NoteMaterial) -> None:
    """Entries of the sender's own register concern this case."""
    for each in command.notes:
        if each.register != f"register/{draft.given.by.agency}":
            refuse("register.other", register=each.register)
        event = each.fact.event
        kind = event.kind.value if isinstance(event, RecordRegistered) else ""
        noted = MaterialNoted(each.register, each.version, each.record, wire_name(type(event)), kind)
        draft.add(noted, each.fact)


def flag(draft: Draft, command: FlagCase) -> None:
    """Flags are added and taken away; what is there already is not written again."""
    flags = draft.material.flags
    added = tuple(each for each in dict.fromkeys(command.added) if each not in flags)
    removed = tuple(each for each in dict.fromkeys(command.removed) if each in flags)
    if not added and not removed:
        refuse("register.nothing")
    draft.add(CaseFlagged(added, removed))


def refer(draft: Draft, command: GiveReferences) -> None:
    """Other numbers of the same matter; a number that was given wrongly is given again."""
    if not command.refs or not all(name.strip() and value.strip() for name, value in command.refs.items()):
        raise BadInput(["Give at least one number, and say whose it is."])
    draft.add(CaseReferenced(dict(command.refs)))


def stage(draft: Draft, command: ReachStage) -> None:
    """Where the criminal case stands now."""
    stages = draft.material.stages
    if stages and stages[-1].event.stage is command.stage:
        refuse("register.nothing")
    draft.add(StageReached(command.stage))


def standing(draft: Draft, command: RecordStanding) -> None:
    """By what a person may be told about the case."""
    check_said(party=command.party, basis=command.basis)
    draft.add(StandingRecorded(command.party, command.standing, command.basis, command.discretionary, command.enhanced))
