"""Statuses: a detention under a declared power, at a declared kind of place (right-care sheet 3.2).

A place may be closed to a status by a dated legal switch, by age, or until its grounds are stated. Moving a person
changes the place and starts no clock again. Beginning one is also the taking of the case by the agency that detains
(sheet 2.5).
"""

from __future__ import annotations

from collections.abc import Mapping

from safehands.core.case import Case, StatusState
from safehands.core.commands import BeginStatus, EndStatus, MoveStatus
from safehands.core.decide import handover, triage
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_boundary, check_open, check_said
from safehands.core.events import StatusBegan, StatusEnded, StatusMoved
from safehands.core.pathway import Pathway, Place, Power
from safehands.core.rules import refuse
from safehands.core.vocabulary import UNKNOWN, Actor, Ground, role_of

#: The question whose answer tells an adult from a child, by its short name.
_AGE = "child"


def begin(draft: Draft, command: BeginStatus) -> None:
    """A detention begins: the detaining agency holds the case from now, if it did not."""
    case = draft.case
    check_open(case)
    power = _power(draft.pathway, command.kind)
    check_power(power, draft.given.by, command.grounds)
    if any(state.ended_at is None for state in case.statuses.values()):
        refuse("status.running")
    check_place(draft, power, command.place, command.grounds)
    takes = case.holder != draft.given.by.agency
    if takes:
        check_boundary(case, draft.given)
    draft.add(StatusBegan(draft.new_id(), command.kind, command.place, command.grounds))
    if takes:
        handover.assume_case(draft, draft.given.by.agency, Ground.DETAINED, "the person was detained")


def move(draft: Draft, command: MoveStatus) -> None:
    """To another place under the same status: no clock starts again (sheet 3.1 K4)."""
    state = _running(draft.case, command.status)
    if state.place == command.place:
        refuse("status.same_place", place=command.place)
    check_place(draft, _power(draft.pathway, state.kind), command.place, command.grounds)
    check_said(reason=command.reason)
    draft.add(StatusMoved(command.status, command.place, command.reason))


def end(draft: Draft, command: EndStatus) -> None:
    """The status ends, and how."""
    state = _running(draft.case, command.status)
    check_said(outcome=command.outcome)
    draft.add(StatusEnded(command.status, state.kind, command.outcome))


def check_power(power: Power, by: Actor, grounds: Mapping[str, str]) -> None:
    """Whose power it is, and what has to be stated to use it (section 136: who was consulted before, or why nobody
    could be).
    """
    if power.by and power.by != role_of(by.agency):
        refuse("status.power_by", power=power.label, by=power.by)
    missing = tuple(name for name in power.grounds if not grounds.get(name, "").strip())
    if missing:
        refuse("status.power_grounds", power=power.label, grounds=", ".join(missing))


def check_place(draft: Draft, power: Power, place_id: str, grounds: Mapping[str, str]) -> None:
    """The place is declared, open to this power on this day, right for this person's age, and its grounds are
    stated.
    """
    place = _place(draft.pathway, place_id)
    if place.id in power.not_at:
        refuse("status.not_at", power=power.label, place=place.label)
    if place.until is not None and draft.at >= place.until:
        refuse("status.place_closed", place=place.label, until=place.until.date().isoformat())
    if place.adults_only and not known_adult(draft.pathway, draft.case):
        refuse("status.adults_only", place=place.label)
    missing = tuple(name for name in place.grounds if not grounds.get(name, "").strip())
    if missing:
        refuse("status.grounds", place=place.label, grounds=", ".join(missing))


def known_adult(pathway: Pathway, case: Case) -> bool:
    """Whether somebody said that the person is an adult. Unknown is not adult."""
    conclusion = triage.inputs_of(pathway, case)
    return conclusion.get(_AGE, UNKNOWN) == "adult"


def _running(case: Case, status: str) -> StatusState:
    check_open(case)
    state = case.statuses.get(status)
    if state is None or state.ended_at is not None:
        refuse("status.unknown")
    return state


def _power(pathway: Pathway, kind: str) -> Power:
    for power in pathway.powers:
        if power.id == kind:
            return power
    refuse("status.power", kind=kind)


def _place(pathway: Pathway, place_id: str) -> Place:
    for place in pathway.places:
        if place.id == place_id:
            return place
    refuse("status.place", place=place_id)
