"""The demonstration's desk: seeded agencies and people, a day that plays by itself, a clock that can run faster."""

from __future__ import annotations

import logging
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from safehands.cli import demo_day
from safehands.cli.demo_day import Day
from safehands.errors import SafehandsError
from safehands.service.clock import SystemClock
from safehands.service.handle import Service
from safehands.site.checking import answers
from safehands.site.configuration import Configuration
from safehands.site.installation import opened
from safehands.site.serving import listening, ticking

_LOG: Final = logging.getLogger("safehands.demonstration")

#: Agencies of the demonstration, all of them invented: code, name, desk, and the roles that can be sat down as.
AGENCIES: Final = (
    ("POL", "Wexmoor Police", "Control room", ("handler", "supervisor", "dispatcher")),
    ("AMB-east", "East Wexmoor Ambulance", "Emergency operations", ("dispatcher", "clinical_lead")),
    ("MHT-north", "North Wexmoor Mental Health Trust", "Crisis line", ("desk", "duty_manager")),
    ("VCS", "Lantern, a charity", "Desk in the control room", ("desk",)),
    ("ASC", "Wexmoor Adult Social Care", "Duty desk", ("desk",)),
    ("CSC", "Wexmoor Children's Social Care", "Front door", ("desk",)),
    ("FRS", "Wexmoor Fire and Rescue", "Control", ("dispatcher",)),
    ("REP-millside", "Millside, an outdoor centre", "Office", ("desk",)),
    ("ACU", "Wexmoor General Hospital", "Emergency department", ("desk",)),
)


class PacedClock(SystemClock):
    """A clock that begins at a given instant and runs ``pace`` times as fast as the wall's, from each change of pace
    on."""

    def __init__(self, at: datetime, pace: float) -> None:
        self._at, self._since, self.pace, self.fastest = at, time.monotonic(), pace, pace
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The demonstration's time."""
        with self._lock:
            return self._read()

    def recorded_at(self) -> datetime:
        """The same: in a demonstration everything is learned when it happens."""
        return self.now()

    def run_at(self, pace: float) -> None:
        """Go on from now at another pace."""
        with self._lock:
            self._at, self._since = self._read(), time.monotonic()
            self.pace = pace

    def _read(self) -> datetime:
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * self.pace)


def seed() -> None:
    """Make the agencies, desks, people and seats of the demonstration, unless they are there."""
    from safehands.desk.models import Agency, Desk, Membership, Person

    for code, name, desk_name, roles in AGENCIES:
        agency, _ = Agency.objects.get_or_create(code=code, defaults={"name": name})
        desk, _ = Desk.objects.get_or_create(agency=agency, code="desk", defaults={"name": desk_name})
        for role in roles:
            actor = f"{role.replace('_', '-')}.{code.lower()}"
            person = Person.objects.filter(actor=actor).first() or Person.objects.create_user(actor)
            administers = role in ("supervisor", "duty_manager", "clinical_lead")
            Membership.objects.get_or_create(
                person=person, agency=agency, desk=desk, role=role, defaults={"administers": administers}
            )


def play(service: Service, clock: PacedClock, day: Day, stop: threading.Event) -> None:
    """Play the day's steps at their own times; afterwards the clock runs as the wall's does."""
    cases: dict[str, str] = {}
    for step in day.steps:
        while (wait := (step.at - clock.now()).total_seconds()) > 0:
            if stop.wait(min(wait / clock.pace, 0.5)):
                return
        try:
            demo_day.take(service, day, replace(step, at=clock.now()), cases)
        except (SafehandsError, AssertionError, KeyError) as fault:
            # Somebody who sat down got there first, or did something else: the day goes on around them.
            _LOG.warning("the day goes on without its step at %s: %s", step.at, fault)
    clock.run_at(1)


def demonstrate(configuration: Configuration, speed: float, *, check: bool) -> int:
    """Serve the demonstration. With ``check`` the day is not played: every page is asked for once, and then it ends."""
    day = demo_day.whole_day()
    clock = PacedClock(day.steps[0].at, speed)
    with opened(configuration, clock, environ={}) as service:
        seed()
        stop = threading.Event()
        with ticking(service), listening(configuration, port=0 if check else None) as (server, port):
            player = threading.Thread(target=play, args=(service, clock, day, stop), name="day", daemon=True)
            address = f"http://{configuration.hosts[0]}:{port}/"
            if check:
                return 0 if answers(server, address) else 1
            player.start()
            sys.stderr.write(f"The desk is at {address} . The day plays {speed:g} times as fast. Ctrl-C stops it.\n")
            try:
                server.run()
            finally:
                stop.set()
    return 0
