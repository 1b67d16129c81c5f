"""``safehands bench``: what this machine does with Safehands, each figure beside the bare work that it cannot do
without.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from safehands.cli import home, output
from safehands.cli.output import Json

if TYPE_CHECKING:
    from safehands.service.handle import Service

#: Answers that are asked of the tables again and again.
_ANSWERS: Final = {"need": "mh", "life": "intent", "resp": "speaking", "child": "adult"}


def bench(
    *,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="How long each measurement takes.")] = 1.0,
    as_json: Json = False,
) -> None:
    """Measure decisions, durable commands and verification on this machine, in an installation of its own.

    Absolute times say little about another machine, so each stands beside what the machine needs for the bare work in
    the same run.
    """
    with tempfile.TemporaryDirectory(prefix="safehands-bench-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        place.chmod(0o711)  # the embedded server's own user must be able to pass
        with home.opened(place / "home", purpose="bench") as service, output.progress("measuring", 3) as advance:
            rows = [_decisions(seconds)]
            advance(1)
            rows.append(_commands(service, seconds, place))
            advance(1)
            rows.append(_verification(service))
            advance(1)
    if as_json:
        output.emit({"measured": rows})
        return
    output.table(
        "On this machine",
        ("what", "a second", "the bare work", "a second", "ratio"),
        [
            (each["what"], f"{each['rate']:,.0f}", each["bare"], f"{each['bare_rate']:,.0f}", f"{each['ratio']:.3f}")
            for each in rows
        ],
    )


def _rate(seconds: float, act: Callable[[], object]) -> float:
    """How often ``act`` is done in a second, measured for at least ``seconds``."""
    started, done = perf_counter(), 0
    while perf_counter() - started < seconds:
        act()
        done += 1
    return done / (perf_counter() - started)


def _measured(what: str, rate: float, bare: str, bare_rate: float) -> dict[str, Any]:
    return {"what": what, "rate": rate, "bare": bare, "bare_rate": bare_rate, "ratio": rate / bare_rate}


def _decisions(seconds: float) -> dict[str, Any]:
    import json

    from safehands.core.batch import decide_record
    from safehands.core.tables import compile_tables
    from safehands.pathways.load import load

    triage = compile_tables(load(home.FIRST_PATHWAY))
    record: dict[str, object] = {"id": 1, "answers": _ANSWERS}
    text = json.dumps(record)
    rate = _rate(seconds, lambda: decide_record(triage, record))
    return _measured("decisions", rate, "json.loads of the same record", _rate(seconds, lambda: json.loads(text)))


def _commands(service: Service, seconds: float, place: Path) -> dict[str, Any]:
    """One call taken and closed in four durable commands; the bare work is four writes that wait for the disk."""
    from safehands.core.commands import AcceptOffer, CloseCase, OfferHandover, TakeContact
    from safehands.core.vocabulary import Actor, Contact
    from safehands.service.handle import Request

    clock = service.clock
    handler, crew = Actor("handler.1", "handler", "POL"), Actor("dispatcher.1", "dispatcher", "AMB")

    def case() -> None:
        case_id = clock.new_id()
        contact = Contact(clock.new_id(), "999", clock.now(), "POL")
        take = TakeContact(clock.new_reference(), contact)
        service.handle(Request(clock.new_id(), case_id, take, handler, pathway=home.FIRST_PATHWAY))
        offer = OfferHandover("AMB", "dispatch", "Please go.")
        offered = service.handle(Request(clock.new_id(), case_id, offer, handler))
        name = offered.case.open_offers()[0].offer
        service.handle(Request(clock.new_id(), case_id, AcceptOffer(name, "POL"), crew))
        service.handle(Request(clock.new_id(), case_id, CloseCase("AMB", "not a matter for us", "out_of_scope"), crew))

    numbers = count()
    with (place / "bare").open("wb") as file:

        def write() -> None:
            file.write(next(numbers).to_bytes(8) * 64)
            file.flush()
            os.fsync(file.fileno())

        rate = 4 * _rate(seconds, case)
        return _measured("durable commands", rate, "512 bytes and fsync", _rate(seconds, write))


def _verification(service: Service) -> dict[str, Any]:
    """Every entry of the whole ledger checked; the bare work is the two hashes a leaf that nobody can do without."""
    from safehands.service.verification import verify_ledger

    service.store.seal(at=service.clock.now())
    started = perf_counter()
    entries = verify_ledger(service.store).entries
    rate = entries / (perf_counter() - started)
    started = perf_counter()
    for number in range(entries):
        sha256(b"\x01" + sha256(number.to_bytes(34)).digest() * 2).digest()
    return _measured(
        "entries verified", rate, "hashes of as many leaves and nodes", entries / (perf_counter() - started)
    )
