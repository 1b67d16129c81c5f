"""The outbox's messages to persons: the link to their own page, sent after the commit, again until it has left. What is
kept of the way to a page goes with the page."""

from __future__ import annotations

import logging
from typing import Final

from django.db import close_old_connections
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from safehands.desk import apart, sealing
from safehands.desk.models import OwnPage
from safehands.desk.own_pages import address_of, forget, forget_expired, is_open
from safehands.desk.sending import NotSent, sender
from safehands.errors import SafehandsError
from safehands.service.handle import Service
from safehands.service.outbox import OWN_PAGE, OWN_PAGE_OVER
from safehands.store.ports import Told

_LOG: Final = logging.getLogger("safehands.posting")
PAGE: Final = 100
#: After a failure, so many calls pass before the next try.
PAUSE: Final = 30
#: Once in so many calls it is looked whose time is over.
SWEEP: Final = 60


class Postman:
    """Goes through the outbox in order and never past a message that has not left."""

    def __init__(self, service: Service) -> None:
        self._service, self._after, self._pause, self._calls = service, 0, 0, 0

    def deliver(self) -> int:
        """Send what waits; how many messages left."""
        if self._pause:
            self._pause -= 1
            return 0
        close_old_connections()
        self._forget_expired()
        left = 0
        while waiting := self._service.store.outbox(after=self._after, limit=PAGE):
            for each in waiting:
                if each.message.channel == OWN_PAGE and not each.told:
                    if not self._leaves(each):
                        return left
                    left += 1
                elif each.message.channel == OWN_PAGE_OVER and not each.told:
                    forget(each.message.to, str(each.message.body["page"]))
                    self._service.store.told([each.number], at=self._service.clock.now())
                self._after = each.number
        return left

    def _forget_expired(self) -> None:
        if self._calls % SWEEP == 0:
            forget_expired(self._service.clock.now())
        self._calls += 1

    def _leaves(self, each: Told) -> bool:
        try:
            _send(str(each.message.body["page"]))
        except (NotSent, SafehandsError) as fault:
            _LOG.error("message %d did not leave and is tried again: %s", each.number, type(fault).__name__)
            self._pause = PAUSE
            return False
        self._service.store.told([each.number], at=self._service.clock.now())
        return True


def _send(page: str) -> None:
    with apart.sender_of(page):
        row = OwnPage.objects.filter(page=page).first()
    if row is None or not row.sealed_link or not is_open(row):
        return  # closed before it left: there is nothing to send any more
    until = formats.date_format(timezone.localtime(row.expires_at), "j F")
    words = _("Here is the page that you asked for: %(link)s It closes on %(day)s.") % {
        "link": address_of(sealing.opened(row.sealed_link)),
        "day": until,
    }
    sender().send(row.channel, sealing.opened(row.sealed_route), _("The page you asked for"), words)
    with apart.agency_of(row.agency):
        OwnPage.objects.filter(page=page).update(sealed_link="")
