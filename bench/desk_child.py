"""Our desk in a process of its own: thousands of open cases that came in through the tables, and pages that are asked
for.

    python -m bench.desk_child pages CASES      one browser in this process; what is timed is the server's whole answer
    python -m bench.desk_child serve DESKS      the web server with its timers; tells its port and a cookie a desk
"""

from __future__ import annotations

import random
import sys
import threading
from datetime import timedelta
from itertools import count
from typing import Any

from bench.child import serve, tell
from bench.ground import Ground, check_durable, ground
from safehands.core.commands import OfferHandover, TakeContact
from safehands.core.vocabulary import Actor, Answer, Contact, Provenance
from safehands.service.batch import Batch
from safehands.service.clock import SetClock
from safehands.service.handle import Request
from safehands.site.configuration import Configuration

POLICE, AMBULANCE = Actor("handler.pol", "handler", "POL"), Actor("dispatcher.amb-east", "dispatcher", "AMB-east")
#: Offers that wait for the police besides what they hold: more than a desk should ever have.
OFFERS = 20


def desk_of(place: Ground) -> None:
    """Tell Django about this place, with the demonstration's people."""
    from safehands.desk.apps import give
    from safehands.site.demonstration import seed
    from safehands.site.installation import set_up

    set_up(Configuration(place.home, hosts=("localhost", "testserver"), demo=True), place.server, place.database)
    give(place.service)
    seed()


def cases_into(place: Ground, cases: int) -> list[tuple[str, str]]:
    """Open cases of the police, each asked and concluded, as calls of the last hours; (case, contact) of each."""
    chance = random.Random(9)
    now = place.service.clock.now()
    began = now - timedelta(minutes=30)
    made = []
    with Batch(place.service, SetClock(began)) as batch:
        for number in range(cases + OFFERS):
            at = began + (now - began) * number / (cases + OFFERS)
            by = POLICE if number < cases else AMBULANCE
            case, contact = place.service.clock.new_id(), place.service.clock.new_id()
            said = [("Q6", chance.choice(("ideation", "none", "intent"))), ("Q12", chance.choice(("yes", "no")))]
            answers = tuple(Answer(question, value, Provenance.ASKED, at, by.actor) for question, value in said)
            taken = TakeContact(place.service.clock.new_reference(), Contact(contact, "999", at, by.agency), answers)
            batch.send(Request(place.service.clock.new_id(), case, taken, by, happened_at=at, pathway="right-care"))
            batch.let_go(case)
            made.append((case, contact))
    for case, _contact in made[cases:]:
        offer = OfferHandover("POL", "dispatch", "a police power is needed")
        place.service.handle(Request(place.service.clock.new_id(), case, offer, AMBULANCE))
    place.store.seal(at=place.service.clock.now())
    with place.administrator() as connection:
        connection.execute("vacuum analyze")
    return made[:cases]


def browser(role: str) -> Any:
    """A browser in this process, sat down as this role of the police."""
    from django.test import Client

    from safehands.desk.models import Membership

    client = Client()
    client.post(f"/entrance/{Membership.objects.get(agency='POL', role=role).pk}/")
    return client


def pages(place: Ground, cases: int) -> None:
    """Answer for the worklist, the board, and an answer written down during a call."""
    from django.core.cache import cache

    made = iter(cases_into(place, cases))
    handler, supervisor = browser("handler"), browser("supervisor")
    turns = count()

    def page(client: Any, path: str, says: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200 or says not in answer.content.decode():
            raise AssertionError(f"{path}: {answer.status_code}")

    def answer() -> None:
        if next(turns) % 200 == 0:
            cache.clear()  # one person does not write down more than a few answers a second; this one does
        case, contact = next(made)
        form = {"a.Q6": "act", "provenance": "asked"}
        said = handler.post(f"/contact/{case}/{contact}/answer/", form, headers={"hx-request": "true"})
        if said.status_code != 200 or "joint response" not in said.content.decode():
            raise AssertionError(f"answer: {said.status_code}")

    tell(cases=place.store.count_pictures("case_picture", agency="POL", where={"status": "open", "holder": "POL"}))
    serve(
        {
            "worklist": lambda: page(handler, "/", "What waits for us"),
            "board": lambda: page(supervisor, "/board/", "Who holds what"),
            "answer": answer,
        }
    )


def running(place: Ground, desks: int) -> None:
    """Serve until the parent has no more to say. Every second desk is the ambulance service's."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import login
    from django.http import HttpRequest

    from safehands.desk.models import Agency, Desk, Membership, Person
    from safehands.desk.seats import SEAT
    from safehands.site.serving import listening, ticking

    sessions = import_module(settings.SESSION_ENGINE)
    cookies = []
    for number in range(desks):
        agency, role = (("POL", "handler"), ("AMB-east", "dispatcher"))[number % 2]
        person = Person.objects.create_user(f"desk-{number}.{agency.lower()}")
        desk = Desk.objects.get(agency=agency, code="desk")
        seat = Membership.objects.create(person=person, agency=Agency.objects.get(code=agency), desk=desk, role=role)
        request = HttpRequest()
        request.session = sessions.SessionStore()
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        request.session[SEAT] = seat.pk
        request.session.save()
        cookies.append(request.session.session_key)
    with ticking(place.service), listening(Configuration(place.home, demo=True), port=0) as (server, port):
        threading.Thread(target=server.run, name="server", daemon=True).start()
        tell(port=port, cookies=cookies)
        serve(_asked(place))


def _asked(place: Ground) -> dict[str, Any]:
    """What the parent asks about afterwards."""
    from safehands.service.verification import verify_ledger

    def ledger() -> None:
        with place.administrator() as connection:
            commands = connection.execute("select command, stream, count from safehands.command").fetchall()
            open_cases = connection.execute("select case_id::text, holder from safehands.case_picture").fetchall()
        place.store.seal(at=place.service.clock.now())
        report = verify_ledger(place.store)
        tell(
            commands=[[command, stream, number] for command, stream, number in commands],
            holders=dict(open_cases),
            ok=report.ok,
            faults=list(report.faults),
            two_holders=report.two_holders,
            unowned=report.unowned_seconds,
            entries=report.entries,
        )

    return {"ledger": ledger}


def main(arguments: list[str]) -> None:
    """What the first argument names."""
    with ground() as place:
        check_durable(place.server)
        desk_of(place)
        {"pages": pages, "serve": running}[arguments[0]](place, int(arguments[1]))
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1:])
