"""The worklist of a desk: what waits for us, what we keep, what we have to do, in the order of what will hurt next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from safehands.core.case import Case, Offer, OfferStatus
from safehands.core.decide.handover import pack_holes
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import UNKNOWN
from safehands.desk.apps import kernel
from safehands.desk.forms import Form
from safehands.desk.guards import may_take_contacts, signed_in
from safehands.desk.seats import Seat, Seated
from safehands.service.sentences import Words
from safehands.store.ports import Cell

#: How many cases a page lists; how many more there are is said below.
SHOWN = 50

#: In which order cases hurt: the next deadline, then the worst concern, then whatever has waited longest.
WHAT_HURTS_NEXT = ("next_due_at", "worst_concern", "last_at")

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PackLine:
    """One field of a pack as the page shows it; ``hole`` where it blocks the acceptance."""

    id: str
    label: str
    value: str
    hole: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An offer that waits for this desk, with everything that is needed to answer it."""

    case: Case
    offer: Offer
    route: str
    pack: tuple[PackLine, ...]
    outcome: int | None
    says: str
    ask: Form | None = None

    @property
    def holes(self) -> tuple[PackLine, ...]:
        """What has to be filled in first."""
        return tuple(line for line in self.pack if line.hole)

    @property
    def late(self) -> bool:
        """Whether it has lapsed: it can still be accepted while the offerer holds."""
        return self.offer.status is OfferStatus.LAPSED


@signed_in
def worklist(request: Seated, seat: Seat) -> HttpResponse:
    """The page."""
    return render(request, "desk/worklist.html", _context(seat))


@signed_in
def live(request: Seated, seat: Seat) -> HttpResponse:
    """The part of it that is fetched again and again."""
    response = render(request, "desk/parts/worklist_live.html", _context(seat))
    response["X-Desk-Now"] = kernel().clock.now().isoformat()
    return response


def _context(seat: Seat) -> dict[str, Any]:
    store = kernel().store
    ours = {"holder": seat.agency, "status": "open"}
    held = store.pictures("case_picture", agency=seat.agency, where=ours, by=WHAT_HURTS_NEXT, limit=SHOWN)
    mine = {"assignee": seat.agency, "status": "open"}
    tasks = store.pictures("task_picture", agency=seat.agency, where=mine, by=("due_at",), limit=SHOWN)
    references = {str(row["case_id"]): row["reference"] for row in held}
    return {
        "offers": waiting_for(seat),
        "held": rows_of(held),
        "held_in_all": store.count_pictures("case_picture", agency=seat.agency, where=ours),
        "tasks": [
            {**task, "reference": references.get(str(task["case_id"])) or _reference(seat, str(task["case_id"]))}
            for task in tasks
        ],
        "may_take": may_take_contacts(seat),
    }


def waiting_for(seat: Seat) -> list[Waiting]:
    """Offers to the seat's agency that can still be answered, the next deadline first; those to another desk last."""
    rows = kernel().store.pictures(
        "offer_picture", agency=seat.agency, where={"to_agency": seat.agency, "status": OfferStatus.OPEN.value}
    )
    rows.sort(key=lambda row: (row["desk"] not in (None, seat.desk), instant_of(row["due_at"])))
    return [
        waiting(kernel().case(str(row["case_id"]), agency=seat.agency), str(row["offer_id"])) for row in rows[:SHOWN]
    ]


def waiting(case: Case, offer_id: str) -> Waiting:
    """One offer of a case, with its pack in words."""
    offer = case.offers[offer_id]
    pathway = kernel().catalogue.by_ref(case.pathway)
    route = next((each.label for each in pathway.routes if each.id == offer.route), offer.route)
    return Waiting(case, offer, route, pack_of(pathway, offer), standing(case), says_of(pathway, case))


def pack_of(pathway: Pathway, offer: Offer) -> tuple[PackLine, ...]:
    """The pack's fields in the order of the declaration."""
    labels = {field.id: field.label for pack in pathway.packs for field in pack.fields}
    holes = pack_holes(offer)
    names = dict.fromkeys((*offer.required, *offer.pack))
    return tuple(PackLine(name, labels.get(name, name), offer.pack.get(name, ""), name in holes) for name in names)


def standing(case: Case) -> int | None:
    """The class that counts now: what stands decided, else what the tables concluded."""
    if case.decided is not None:
        return case.decided.outcome
    return case.conclusion.outcome if case.conclusion is not None else None


def says_of(pathway: Pathway, case: Case) -> str:
    """What the deciding row says."""
    row = case.conclusion.row if case.conclusion is not None else ""
    return next((each.says for table in pathway.tables for each in table.rows if each.id == row), "")


def rows_of(rows: Iterable[dict[str, Cell]]) -> list[dict[str, Any]]:
    """Rows of ``case_picture`` with the words of their pathways, each of which is looked up once."""
    words: dict[str, Words] = {}
    shown = []
    for row in rows:
        name = str(row["pathway"])
        if name not in words:
            words[name] = Words(kernel().catalogue.current(name))
        outcome = row["decided"] if row["decided"] is not None else row["concluded"]
        clock = str(row["next_clock"] or "").partition("/")[0]
        more = {"clock_words": words[name].clock(clock) if clock else "", "undecided": row["decided"] is None}
        shown.append({**row, "outcome": outcome, **more})
    return shown


def instant_of(value: Cell) -> datetime:
    """An instant to sort by; where there is none, the last there is."""
    return value if isinstance(value, datetime) else _NEVER


def _reference(seat: Seat, case_id: str) -> Cell:
    found: Iterable[dict[str, Cell]] = kernel().store.pictures(
        "case_picture", agency=seat.agency, where={"case_id": case_id}
    )
    return next((row["reference"] for row in found), UNKNOWN)
