"""Who may act at all: checks about the person, before the case is asked. What a case allows is decided in the core.

Guards stand in pairs: ``check_…`` raises with the sentence that the person reads; ``may_…`` answers yes or no from the
same rule, so that a button and its action never disagree.
"""

from __future__ import annotations

from typing import Final

from safehands.core.case import Case
from safehands.core.commands import ClockDue, Command, WithdrawOwnPage
from safehands.core.records.commands import AcknowledgeConcern, ConfirmSettingAside, NoteMaterial
from safehands.core.vocabulary import SYSTEM_ROLE, Actor
from safehands.errors import NotPermitted, Refused

#: Roles that may change a case. Analysts, inspectors and auditors read.
ACTING_ROLES: Final = frozenset(
    {
        "handler",
        "dispatcher",
        "desk",
        "supervisor",
        "inspector",
        "duty_manager",
        "clinical_lead",
        "officer",
        "navigator",
        "responder",
        "investigator",
        "disclosure_officer",
        "exhibits_officer",
        "prosecutor",
        "reviewer",
        "victim_liaison",
        SYSTEM_ROLE,
    }
)

#: Sees concerns of any case, with or without a part in it.
AUDITOR: Final = "auditor"


#: What the system does by itself.
BY_ITSELF: Final = (ClockDue, WithdrawOwnPage)


def check_may_act(actor: Actor, command: Command) -> None:
    """The person's role changes cases, and only the system sends what the system sends.

    An auditor may see concerns and agree to set one aside, in any case; nothing else. What registers say of a case
    comes through the register.
    """
    if isinstance(command, NoteMaterial):
        raise NotPermitted("A case is told of a register's entries when they are written. Write to the register.")
    if actor.role == AUDITOR and isinstance(command, AcknowledgeConcern | ConfirmSettingAside):
        return
    if actor.role not in ACTING_ROLES:
        raise NotPermitted(f"The role {actor.role} reads cases and does not change them.")
    if isinstance(command, ClockDue) and actor.role != SYSTEM_ROLE:
        raise NotPermitted("Clocks fall due by themselves.")
    if actor.role == SYSTEM_ROLE and not isinstance(command, BY_ITSELF):
        raise NotPermitted("The system lets clocks fall due and shuts own pages that are guessed at. Nothing else.")


def check_may_enter(actor: Actor) -> None:
    """Whose role writes to their own agency's register of records."""
    if actor.role not in ACTING_ROLES or actor.role == SYSTEM_ROLE:
        raise NotPermitted(f"The role {actor.role} reads registers and does not write to them.")


def may_enter(actor: Actor) -> bool:
    """Whether ``check_may_enter`` lets it pass."""
    try:
        check_may_enter(actor)
    except NotPermitted:
        return False
    return True


def may_act(actor: Actor, command: Command) -> bool:
    """Whether ``check_may_act`` lets it pass."""
    try:
        check_may_act(actor, command)
    except NotPermitted:
        return False
    return True


def check_may_log_off(actor: Actor, kept: tuple[Case, ...]) -> None:
    """Nobody logs off while they keep an open case (right-care sheet 2.1, failure 6)."""
    mine = [case.reference for case in kept if case.is_open and case.keeper == actor.actor]
    if mine:
        raise Refused(
            "logoff.keeps_cases",
            f"You still keep {', '.join(mine)}. Hand each to a colleague or desk of your agency, then log off.",
            cases=tuple(mine),
        )


def may_log_off(actor: Actor, kept: tuple[Case, ...]) -> bool:
    """Whether ``check_may_log_off`` lets it pass."""
    try:
        check_may_log_off(actor, kept)
    except Refused:
        return False
    return True
