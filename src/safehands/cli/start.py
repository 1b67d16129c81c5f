"""``safehands init`` and ``safehands status``: making an installation, and seeing how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safehands.cli import home, output
from safehands.cli.output import Json
from safehands.service.clock import SystemClock

if TYPE_CHECKING:
    from safehands.service.handle import Service


def init(*, as_json: Json = False) -> None:
    """Make an installation in SAFEHANDS_HOME (.safehands here): keys, database, ledger, and the pathway right-care.

    Every other command does this by itself where it is needed. Adopting the first pathway is proposed by this release
    and confirmed by the account that runs it.
    """
    with home.opened() as service:
        told = _status(service)
    if as_json:
        output.emit(told)
        return
    output.say(f"The installation in {told['home']} is ready.")
    output.say(f"Its ledger is {told['origin']}. Whoever checks a bundle of yours needs this key, from you and not")
    output.say("from the bundle:")
    output.say(f"  {told['vkey']}")


def status(*, as_json: Json = False) -> None:
    """How this installation is: its ledger, its pathways, its cases, and what is due."""
    with home.opened() as service:
        told = _status(service)
        cases = service.store.pictures("case_picture", agency=None, where={"status": "open"})
    if as_json:
        output.emit(told)
        return
    output.say(f"Installation in {told['home']}, ledger {told['origin']}")
    output.say(
        f"{told['entries']} entries, {told['sealed']} of them sealed; {told['cases']} cases, {told['open']} open;"
    )
    output.say(f"{told['offers_open']} offers wait for an answer; {told['clocks_due']} clocks are due; ")
    output.say(f"{told['concerns_open']} concerns are open.")
    output.say()
    for pathway in told["pathways"]:
        output.say(f"Pathway {pathway['pathway']} version {pathway['version']} is in force.")
    output.say()
    shown = sorted(cases, key=lambda row: str(row["next_due_at"] or "9999"))[:20]
    if shown:
        output.table(
            f"Open cases, the next clock first ({len(shown)} of {len(cases)})",
            ("reference", "held by", "class", "row", "next clock", "due", "concerns"),
            [
                (
                    row["reference"],
                    row["holder"],
                    row["decided"] if row["decided"] is not None else row["concluded"],
                    row["row_id"],
                    row["next_clock"],
                    row["next_due_at"],
                    row["concerns_open"],
                )
                for row in shown
            ],
        )


def _status(service: Service) -> dict[str, Any]:
    from safehands.service import node

    store = service.store
    head = store.head()
    opened = node.opened(store)
    cases = store.pictures("case_picture", agency=None)
    history = service.catalogue.history(home.FIRST_PATHWAY)
    return {
        "home": str(home.home_of().resolve()),
        "origin": store.vkey.partition("+")[0],
        "vkey": store.vkey,
        "purpose": opened.purpose if opened is not None else None,
        "entries": head.size,
        "sealed": head.sealed,
        "cases": len(cases),
        "open": sum(row["status"] == "open" for row in cases),
        "offers_open": sum(int(str(row["offers_open"])) for row in cases),
        "concerns_open": sum(int(str(row["concerns_open"])) for row in cases),
        "clocks_due": len(store.due(SystemClock().now(), limit=1000)),
        "pathways": [
            {"pathway": event.pathway.pathway, "version": event.pathway.version, "digest": event.pathway.digest}
            for event in history[-1:]
        ],
    }
