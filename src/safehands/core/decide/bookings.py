"""Bookings: many parties wanted at one time (a warrant under section 135 with police, ambulance, doctor and a bed).

A booking is no "go" until every party has confirmed; one withdrawing opens planning again and never moves the holder
(sheet 8.12).
"""

from __future__ import annotations

from safehands.core.case import Booking, Case
from safehands.core.commands import CancelBooking, ConfirmBooking, PlanBooking, StartBooking, WithdrawFromBooking
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingPlanned,
    BookingStarted,
    BookingWithdrawn,
    WordOf,
)
from safehands.core.pathway import BookingKind, Pathway
from safehands.core.rules import refuse
from safehands.core.vocabulary import role_of


def plan(draft: Draft, command: PlanBooking) -> None:
    """The holder wants these parties at one time; the kind says who is needed at the least."""
    case = draft.case
    check_open(case)
    _check_holder(draft)
    kind = _kind(draft.pathway, command.kind)
    roles = {role_of(party) for party in command.parties}
    missing = tuple(party for party in kind.parties if party not in roles)
    if missing:
        refuse("booking.parties", kind=kind.label, parties=", ".join(missing))
    if command.at <= draft.at:
        refuse("booking.past", at=command.at.isoformat())
    draft.add(BookingPlanned(draft.new_id(), kind.id, command.at, tuple(dict.fromkeys(command.parties))))


def confirm(draft: Draft, command: ConfirmBooking) -> None:
    """A party says yes for itself, or the holder writes down the word of a party outside the system."""
    booking = _planning(draft.case, command.booking)
    _check_party(booking, command.party)
    if command.party in booking.confirmed:
        refuse("booking.confirmed", party=command.party)
    draft.add(BookingConfirmed(command.booking, command.party, _word(draft, command)))


def _word(draft: Draft, command: ConfirmBooking) -> WordOf | None:
    by = draft.given.by.agency
    if by == command.party:
        return None
    if by != draft.case.holder or not (command.person and command.role and command.reference):
        refuse("booking.word", party=command.party)
    return WordOf(command.person, command.role, command.reference)


def withdraw(draft: Draft, command: WithdrawFromBooking) -> None:
    """A party can no longer come: planning is open again."""
    booking = _planning(draft.case, command.booking)
    _check_party(booking, command.party)
    if draft.given.by.agency not in (command.party, draft.case.holder):
        refuse("booking.not_yours", party=command.party)
    if command.party not in booking.confirmed:
        refuse("booking.not_confirmed", party=command.party)
    check_said(reason=command.reason)
    draft.add(BookingWithdrawn(command.booking, command.party, command.reason))


def start(draft: Draft, command: StartBooking) -> None:
    """Go, if every party has confirmed."""
    booking = _planning(draft.case, command.booking)
    _check_holder(draft)
    check_go(booking)
    draft.add(BookingStarted(command.booking))


def check_go(booking: Booking) -> None:
    """No go until every party has confirmed (sheet 8.12, failure 25)."""
    if booking.missing:
        refuse("booking.not_go", parties=", ".join(booking.missing))


def cancel(draft: Draft, command: CancelBooking) -> None:
    """The holder gives it up."""
    _planning(draft.case, command.booking)
    _check_holder(draft)
    check_said(reason=command.reason)
    draft.add(BookingCancelled(command.booking, command.reason))


def _planning(case: Case, booking_id: str) -> Booking:
    check_open(case)
    booking = case.bookings.get(booking_id)
    if booking is None:
        refuse("booking.unknown")
    if booking.state != "planning":
        refuse("booking.settled", state=booking.state)
    return booking


def _check_holder(draft: Draft) -> None:
    if draft.given.by.agency != draft.case.holder:
        refuse("booking.not_holder", holder=draft.case.holder)


def _check_party(booking: Booking, party: str) -> None:
    if party not in booking.parties:
        refuse("booking.no_party", party=party)


def _kind(pathway: Pathway, kind: str) -> BookingKind:
    for each in pathway.bookings:
        if each.id == kind:
            return each
    refuse("booking.kind", kind=kind)
