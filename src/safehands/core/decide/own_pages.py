"""The page of a person's own: who may open it, for how long, and that a new one closes those before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from safehands.core.case import Case
from safehands.core.commands import GiveOwnPage, WithdrawOwnPage
from safehands.core.decide.contact import check_known
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said
from safehands.core.events import OwnPageGiven, OwnPageWithdrawn
from safehands.core.rules import refuse

#: The routes that a message can go by.
CHANNELS: Final = ("sms", "email")
#: The longest that a page stays open. [our default]
LONGEST: Final = timedelta(days=90)


def give(draft: Draft, command: GiveOwnPage) -> None:
    """Open a page for the person of a contact; a link that they had before is dead, since the route may have
    changed."""
    check_open(draft.case)
    check_known(draft.case, command.contact)
    check_can_give(draft.case, draft.given.by.agency, command, draft.at)
    for page in tuple(draft.case.own_pages.values()):
        if page.contact == command.contact and page.open:
            draft.add(OwnPageWithdrawn(page.page, "replaced"))
    draft.add(OwnPageGiven(command.page, command.contact, command.channel, command.until))


def check_can_give(case: Case, agency: str, command: GiveOwnPage, now: datetime) -> None:
    """The holder gives it, once, by a route that there is, and not for ever."""
    if agency != case.holder:
        refuse("own_page.holder", holder=case.holder)
    if command.page in case.own_pages:
        refuse("own_page.known")
    if command.channel not in CHANNELS:
        refuse("own_page.channel")
    if not now < command.until <= now + LONGEST:
        refuse("own_page.until", days=LONGEST.days)


def withdraw(draft: Draft, command: WithdrawOwnPage) -> None:
    """Close a page: by the agency that gave it or the one that holds the case, also after the case was closed."""
    check_said(reason=command.reason)
    check_can_withdraw(draft.case, draft.given.by.agency, command.page)
    draft.add(OwnPageWithdrawn(command.page, command.reason))


def check_can_withdraw(case: Case, agency: str, page: str) -> None:
    """There is such a page, it is open, and the agency answers for it."""
    found = case.own_pages.get(page)
    if found is None or not found.open:
        refuse("own_page.closed")
    if agency not in (found.by_agency, case.holder):
        refuse("own_page.not_yours", agency=found.by_agency)
