"""The worklist of a desk: what waits for us, what we keep, what we have to do, in the order of what will hurt next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from safehands.core.case import Case, Offer, OfferStatus
from safehands.core.decide.handover import pack_holes
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import UNKNOWN
from safehands.desk.apps import kernel
from safehands.desk.forms import Form, plain
from safehands.desk.guards import may_take_contacts, signed_in
from safehands.desk.seats import Seat, Seated
from safehands.service.sentences import Words
from safehands.store.ports import Cell, Within

#: How many cases a page lists; how many more there are is said below.
SHOWN = 50
#: How many offers stand there with their packs, how many tasks, and how many things of all kinds come first.
PACKS, TASKS, HURTS = 12, 20, 6

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
    store, now = kernel().store, kernel().clock.now()
    ours: dict[str, Cell] = {"holder": seat.agency, "status": "open"}
    held = store.pictures("case_picture", agency=seat.agency, where=ours, by=WHAT_HURTS_NEXT, limit=SHOWN)
    offered: dict[str, Cell] = {"to_agency": seat.agency, "status": OfferStatus.OPEN.value}
    offers = waiting_for(seat, offered)
    tasks, tasks_in_all = _tasks(seat, held)
    rows = rows_of(held)
    past = Within("next_due_at", until=now)
    return {
        "hurts": hurts_next(seat, rows, offers, tasks),
        "offers": offers,
        "offers_in_all": store.count_pictures("offer_picture", agency=seat.agency, where=offered),
        "held": rows,
        "held_in_all": store.count_pictures("case_picture", agency=seat.agency, where=ours),
        "late": store.count_pictures("case_picture", agency=seat.agency, where=ours, within=past),
        "kept": store.count_pictures("case_picture", agency=seat.agency, where={**ours, "keeper": seat.actor.actor}),
        "tasks": tasks,
        "tasks_in_all": tasks_in_all,
        "may_take": may_take_contacts(seat),
    }


def _tasks(seat: Seat, held: Iterable[dict[str, Cell]]) -> tuple[list[dict[str, Cell]], int]:
    """The tasks of the seat's agency that fall due next, each with its case's reference; and how many there are."""
    store = kernel().store
    mine: dict[str, Cell] = {"assignee": seat.agency, "status": "open"}
    tasks = store.pictures("task_picture", agency=seat.agency, where=mine, by=("due_at",), limit=TASKS)
    in_all = len(tasks)
    if in_all == TASKS:
        in_all = store.count_pictures("task_picture", agency=seat.agency, where=mine)
    references = {str(row["case_id"]): row["reference"] for row in held}
    named = [
        {**task, "reference": references.get(str(task["case_id"])) or _reference(seat, str(task["case_id"]))}
        for task in tasks
    ]
    return named, in_all


@dataclass(frozen=True, slots=True)
class Hurt:
    """One thing that hurts next, of whatever kind: its case, what it is, and by when; None: it hurts already."""

    case_id: str
    reference: str
    text: str
    due: datetime | None


def hurts_next(
    seat: Seat, held: Iterable[dict[str, Any]], offers: Iterable[Waiting], tasks: Iterable[dict[str, Cell]]
) -> list[Hurt]:
    """What hurts already, then whatever falls due next: offers to us, clocks of what we hold, our tasks."""
    mine = {str(row["case_id"]): str(row["reference"]) for row in held}
    worst: dict[str, Cell] = {"grade": 1, "cleared_at": None}
    concerns = kernel().store.pictures(
        "concern_picture", agency=seat.agency, where=worst, by=("raised_at",), limit=SHOWN
    )
    now = [
        Hurt(str(row["case_id"]), mine[str(row["case_id"])], plain(str(row["rule"])), None)
        for row in concerns
        if str(row["case_id"]) in mine
    ]
    due = [
        *(Hurt(each.case.case_id, each.case.reference, _("an offer to you"), each.offer.due_at) for each in offers),
        *(
            Hurt(str(row["case_id"]), str(row["reference"]), str(row["clock_words"]), row["next_due_at"])
            for row in held
            if row["next_due_at"] is not None
        ),
        *(
            Hurt(str(task["case_id"]), str(task["reference"]), plain(str(task["kind"])), instant_of(task["due_at"]))
            for task in tasks
            if task["due_at"] is not None
        ),
    ]
    return [*now, *sorted(due, key=lambda each: (instant_of(each.due), each.reference))][:HURTS]


def waiting_for(seat: Seat, offered: dict[str, Cell]) -> list[Waiting]:
    """The offers that can still be answered, the next deadline first; those to another desk last. Each is read whole,
    with its pack, so no more than ``PACKS`` of them."""
    rows = kernel().store.pictures("offer_picture", agency=seat.agency, where=offered, by=("due_at",), limit=SHOWN)
    rows.sort(key=lambda row: (row["desk"] not in (None, seat.desk), instant_of(row["due_at"])))
    return [
        waiting(kernel().case(str(row["case_id"]), agency=seat.agency), str(row["offer_id"])) for row in rows[:PACKS]
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
