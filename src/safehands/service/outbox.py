"""The outbox: what must be told outside, after the commit. Messages carry references, never content.

A message is written in the append transaction and sent afterwards; if the sender dies, the message is still there.
"""

from __future__ import annotations

from collections.abc import Sequence

from safehands.core.case import Case
from safehands.core.events import (
    ClockBreached,
    ClockStepReached,
    ContentErased,
    Entry,
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    HandoverWithdrawn,
    OwnPageGiven,
    OwnPageWithdrawn,
)
from safehands.core.evolve import erases_own_pages
from safehands.store.ports import OutboxMessage

#: The outbox's channel of messages to a person about their own page. Their text is the desk's.
OWN_PAGE = "own_page"

#: A page is over: what is kept of its route and its link goes. Named to the agency that gave it.
OWN_PAGE_OVER = "own_page_over"


def of(entries: Sequence[Entry], case: Case) -> tuple[OutboxMessage, ...]:
    """The messages that one command's entries call for."""
    messages: list[OutboxMessage] = []
    for entry in entries:
        event = entry.event
        match event:
            case HandoverOffered():
                messages.append(_about("offer_made", event.to_agency, case, offer=event.offer))
            case HandoverAccepted():
                messages.append(_about("offer_accepted", event.from_agency, case, offer=event.offer))
            case HandoverDeclined() | HandoverLapsed():
                messages.append(_about("offer_failed", case.offers[event.offer].from_agency, case, offer=event.offer))
            case HandoverWithdrawn():
                messages.append(_about("offer_withdrawn", case.offers[event.offer].to_agency, case, offer=event.offer))
            case ClockStepReached() | ClockBreached():
                messages.append(_about("clock", case.holder, case, clock=event.clock))
            case OwnPageGiven():
                # To the person, by the route that they called safe; the desk, which alone knows it, sends it.
                messages.append(_about(OWN_PAGE, event.channel, case, page=event.page))
            case OwnPageWithdrawn():
                messages.append(_over(event.page, case))
            case ContentErased() if erases_own_pages(event):
                messages += [_over(page, case) for page in case.own_pages]
            case _:
                pass
    return tuple(messages)


def _over(page: str, case: Case) -> OutboxMessage:
    return _about(OWN_PAGE_OVER, case.own_pages[page].by_agency, case, page=page)


def _about(channel: str, to: str, case: Case, **body: str) -> OutboxMessage:
    return OutboxMessage(channel, to, case.case_id, body)
