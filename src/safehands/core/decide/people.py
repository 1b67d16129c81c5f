"""People: who they are, what they were told, what they were promised, where they were pointed."""

from __future__ import annotations

from safehands.core.case import Case, OfferStatus, TaskStatus
from safehands.core.commands import IdentifyParty, Signpost, StandDown, TellCaller
from safehands.core.decide import triage
from safehands.core.decide.contact import check_known, pool_registers
from safehands.core.decide.decisions import SUPERVISING_ROLES
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import AgencyStoodDown, CallerTold, PartyIdentified, PersonSignposted, PromiseMade
from safehands.core.rules import refuse
from safehands.core.vocabulary import Actor, OfferKind


def identify(draft: Draft, command: IdentifyParty) -> None:
    """Say who somebody is. Personal content: it lies in the vault and can be erased.

    Where that shows other cases about the same person or place, this one is tied to them and asked again.
    """
    draft.add(
        PartyIdentified(
            party=command.party,
            role=command.role,
            name=command.name,
            phone=command.phone,
            address=command.address,
            nhs_number=command.nhs_number,
            date_of_birth=command.date_of_birth,
            note=command.note,
        )
    )
    pool_registers(draft)
    if draft.case.is_open:
        triage.again(draft)


def tell(draft: Draft, command: TellCaller) -> None:
    """Write down what a person was told; nobody is told that somebody comes before somebody has agreed to go (sheet
    2.5).

    A promise can make a duty (sheet 1.2), so the tables are asked again.
    """
    case = draft.case
    check_known(case, command.contact)
    check_said(text=command.text)
    check_can_tell(case, command)
    draft.add(CallerTold(command.contact, command.text, command.attending, command.understood, command.if_worse))
    if command.promise is not None:
        draft.add(PromiseMade(draft.new_id(), command.promise, _promised_task(case, command), command.promise_by))
    if case.is_open:
        triage.again(draft)


def check_can_tell(case: Case, command: TellCaller) -> None:
    """What may be said to a caller."""
    if command.attending not in ("yes", "no", "not_said"):
        refuse("told.attending")
    if command.understood not in ("yes", "no", "unknown"):
        refuse("told.understood")
    if command.attending == "yes" and not somebody_goes(case):
        refuse("told.nobody_accepted")
    if command.attending == "no" and not command.if_worse.strip():
        refuse("told.if_worse")


def somebody_goes(case: Case) -> bool:
    """Whether an agency has decided to go or has accepted to; to confirm a return is neither."""
    deployed = case.decided is not None and case.decided.deploys
    return deployed or any(
        offer.status is OfferStatus.ACCEPTED and offer.kind is not OfferKind.RETURN for offer in case.offers.values()
    )


def _promised_task(case: Case, command: TellCaller) -> str:
    task = case.tasks.get(command.promise_task or "")
    if task is None or task.status is not TaskStatus.OPEN:
        refuse("told.promise_task")
    return task.task


def signpost(draft: Draft, command: Signpost) -> None:
    """Point somebody somewhere: not a handover, the holder stays."""
    check_open(draft.case)
    check_said(place=command.to, reason=command.reason)
    draft.add(PersonSignposted(command.to, command.reason))


def stand_down(draft: Draft, command: StandDown) -> None:
    """Tell an agency that would have helped not to come: an authorised act, on a sighting or a verified location
    (failure 24).
    """
    check_open(draft.case)
    check_can_stand_down(draft.case, draft.given.by, command)
    check_said(reason=command.reason)
    draft.add(AgencyStoodDown(command.agency, command.reason, command.verified_by))
    triage.again(draft)


def check_can_stand_down(case: Case, by: Actor, command: StandDown) -> None:
    """A supervising person, about an agency that was asked, on what somebody saw or verified."""
    if by.role not in SUPERVISING_ROLES:
        refuse("stand_down.supervisor", roles=", ".join(sorted(SUPERVISING_ROLES)))
    if command.agency not in case.standing() or command.agency == by.agency:
        refuse("stand_down.stranger", agency=command.agency)
    if not command.verified_by.strip():
        refuse("stand_down.unverified")
