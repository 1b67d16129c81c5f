"""(c) Open, offer, accept, close: four durable commands through ``handle``, one worker, fsync on.

Against django-helpdesk's create, reassign, close on the same server, and against a hand-written psycopg script that
reads the same stream and writes the same rows (``peer_helpdesk``, ``peer_script``)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from bench.ground import Ground, check_durable, fresh_database, ground
from bench.measure import Compared, Result, compare, rate, spread, timed, times
from bench.peer_helpdesk import Helpdesk, set_up
from bench.peer_script import Rows, Script, difference, rows_of
from safehands.core.commands import AcceptOffer, CloseCase, Command, OfferHandover, TakeContact
from safehands.core.vocabulary import Actor, Contact
from safehands.service.handle import Handled, Request, Service

BAR_HELPDESK = 10
BAR_SCRIPT = 0.5

POLICE = Actor("handler-1", "handler", "POL")
AMBULANCE = Actor("desk-1", "desk", "AMB")


def lifecycle(service: Service, after: Callable[[str], None] = lambda _case: None) -> str:
    """One case: a contact is taken, the case offered, accepted and closed. ``after`` is called after each command."""
    clock = service.clock
    case = clock.new_id()

    def does(by: Actor, command: Command) -> Handled:
        handled = service.handle(Request(clock.new_id(), case, command, by, pathway="right-care"))
        after(case)
        return handled

    does(POLICE, TakeContact(clock.new_reference(), Contact(clock.new_id(), "999", clock.now(), "POL")))
    offered = does(POLICE, OfferHandover("AMB", "dispatch", "please take this"))
    does(AMBULANCE, AcceptOffer(offered.case.open_offers()[0].offer, "POL"))
    does(AMBULANCE, CloseCase("AMB", "not a health or welfare matter", "out_of_scope"))
    return case


def script(place: Ground, *, pipelined: bool) -> Script:
    """The hand-written script, its rows taken from one lifecycle that went through ``handle``."""
    connection = place.administrator()
    looks: list[Rows] = [{}]
    case = lifecycle(place.service, lambda case: looks.append(rows_of(connection, case)))
    steps = [difference(before, after) for before, after in pairwise(looks)]
    return Script(connection, steps, case, pipelined=pipelined)


def measure(*, quick: bool) -> list[Result]:
    """Three lines: helpdesk, the script one statement at a time, the script with a command's statements sent
    together."""
    rounds, items = (3, 5) if quick else (15, 20)
    with ground() as place:
        check_durable(place.server)
        set_up(fresh_database(place.server, "helpdesk_bench"))
        helpdesk = Helpdesk()
        plain, together = script(place, pipelined=False), script(place, pipelined=True)
        plain.check()
        together.check()
        warm = 20 if quick else 200
        _settle(place, helpdesk, warm)

        def rounds_of(one: Callable[[], object]) -> Callable[[], float]:
            return lambda: timed(lambda: [one() for _ in range(items)], items)

        ours = rounds_of(lambda: lifecycle(place.service))
        against = [compare(rounds_of(peer.lifecycle), ours, rounds=rounds) for peer in (helpdesk, plain, together)]
        helpdesk.check(warm + (rounds + 1) * items)
        from django.db import connection

        connection.close()
    what = "open, offer, accept, close through handle, fsync on, one worker"
    return [
        _result(
            f"{what}; the peer: create, reassign, close",
            "django-helpdesk",
            against[0],
            f"{BAR_HELPDESK} times its rate",
            met=against[0].ratio >= BAR_HELPDESK,
            note=(
                "Three designs were tried and none reaches it; the pipelined script, which decides nothing, does not "
                "either. The figures are in docs/adr/0090-a-durable-command-costs-what-its-rows-cost.md."
            ),
        ),
        _result(
            f"{what}; the peer reads the same stream and writes the same rows",
            "hand-written psycopg",
            against[1],
            "half its rate",
            met=against[1].ratio >= BAR_SCRIPT,
        ),
        _result("the same", "hand-written psycopg, pipelined", against[2], "none; told for fairness", met=None),
    ]


def _settle(place: Ground, helpdesk: Helpdesk, lifecycles: int) -> None:
    """Some work on both sides, then ``analyze``, which autovacuum does within minutes: a server is timed that has its
    statistics, as every server has that is older than its first call."""
    for _ in range(lifecycles):
        helpdesk.lifecycle()
        lifecycle(place.service)
    with place.administrator() as connection:
        connection.execute("analyze")
    helpdesk.analyze()


def _result(what: str, peer: str, compared: Compared, bar: str, *, met: bool | None, note: str = "") -> Result:
    return Result(
        measure="c",
        what=what,
        peer=peer,
        peer_figure=f"{rate(compared.peer)} lifecycles",
        our_figure=f"{rate(compared.ours)} lifecycles",
        ratio=times(compared.ratio),
        spread=spread(compared),
        bar=bar,
        met=met,
        note=note,
    )
