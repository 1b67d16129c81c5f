"""The board for supervisors: every open case that the agency may see, by clock; what is disputed, silent or waiting;
who is with whom; the day in figures. A fixed number of questions to the store, however many cases there are."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.pages.worklist import WHAT_HURTS_NEXT, rows_of
from safehands.desk.seats import Seat, Seated
from safehands.store.ports import Cell, Within

#: How many rows of each kind the board fetches; the rest is counted.
ROWS: Final = 100
OFFERS: Final = 300
#: How many lines stand in each list beside the table.
BESIDE: Final = 8
#: How long a concern about a closed case stays on the board: nobody on shift can act on an older one.
RECENT: Final = timedelta(days=28)
#: How long the figures of the day are kept: they change slowly and cost five counts.
DAY_KEPT: Final = timedelta(seconds=10)

Row = dict[str, Cell]


@require_GET
@signed_in
def board(request: Seated, seat: Seat) -> HttpResponse:
    """The page."""
    return render(request, "desk/board.html", _context(seat))


@require_GET
@signed_in
def live(request: Seated, seat: Seat) -> HttpResponse:
    """The part that is fetched again and again."""
    response = render(request, "desk/parts/board_live.html", _context(seat))
    response["X-Desk-Now"] = kernel().clock.now().isoformat()
    return response


@dataclass(frozen=True, slots=True)
class Asked:
    """What one agency may see, asked for by table."""

    agency: str

    def rows(
        self,
        table: str,
        *,
        by: Sequence[str] = (),
        limit: int | None = None,
        within: Within | None = None,
        **where: Cell,
    ) -> list[Row]:
        """Rows of a picture."""
        return kernel().store.pictures(table, agency=self.agency, where=where, by=by, limit=limit, within=within)

    def first(self, table: str, by: str, where: dict[str, Cell]) -> tuple[list[Row], int]:
        """The first ``ROWS`` rows of a picture, and how many there are in all."""
        store = kernel().store
        rows = store.pictures(table, agency=self.agency, where=where, by=(by,), limit=ROWS)
        return rows, len(rows) if len(rows) < ROWS else store.count_pictures(table, agency=self.agency, where=where)

    def count(self, table: str, *, within: Within | None = None, **where: Cell) -> int:
        """How many there are."""
        return kernel().store.count_pictures(table, agency=self.agency, where=where, within=within)


def _context(seat: Seat) -> dict[str, Any]:
    asked = Asked(seat.agency)
    now = kernel().clock.now()
    cases = asked.rows("case_picture", status="open", by=WHAT_HURTS_NEXT, limit=ROWS)
    disputes, disputed = asked.first("clock_picture", "next_at", {"spec": "challenge", "status": "running"})
    silence: dict[str, Cell] = {"rule": "silence_after_acceptance", "cleared_at": None}
    silent, silent_in_all = asked.first("concern_picture", "raised_at", silence)
    worst, worst_in_all = worst_of(asked, now)
    there = there_of(asked, now)
    names = {str(row["case_id"]): str(row["reference"]) for row in cases}
    shown = _rows(asked, cases, disputes, silent, there)
    figures = {
        "in_all": asked.count("case_picture", status="open"),
        "late": asked.count("case_picture", status="open", within=Within("next_due_at", until=now)),
        "missed": asked.count("concern_picture", rule="clock_breached", cleared_at=None),
        "undecided": asked.count("case_picture", status="open", decided=None),
        "offers_open": asked.count("offer_picture", status="open"),
    }
    return {
        **figures,
        "rows": shown,
        "disputes": [{**row, "reference": names.get(str(row["case_id"]), "")} for row in disputes[:BESIDE]],
        "disputed": disputed,
        "silent": silent_in_all,
        "worst": [
            {**row, "reference": names.get(str(row["case_id"]), "")}
            for row in sorted(worst, key=lambda row: str(row["case_id"]) not in names)[:BESIDE]
        ],
        "worst_in_all": worst_in_all,
        "there": there,
        "hours": round(sum(each.hours for each in there.spent), 1),
        "day": day_of(asked, now),
        "needs": needs_of(worst_in_all, silent_in_all, disputed, figures["missed"]),
    }


def worst_of(asked: Asked, now: datetime) -> tuple[list[Row], int]:
    """Concerns of the worst grade that somebody can act on, and how many: those raised lately, and older ones of cases
    that are still open. What an export of old years brought in is not among them."""
    since = now - RECENT
    lately, before = Within("raised_at", since=since), Within("raised_at", until=since)
    recent = asked.rows("concern_picture", by=("raised_at",), limit=ROWS, within=lately, grade=1, cleared_at=None)
    in_all = (
        len(recent) if len(recent) < ROWS else asked.count("concern_picture", within=lately, grade=1, cleared_at=None)
    )
    long_open = asked.rows("case_picture", status="open", within=Within("opened_at", until=since), limit=OFFERS)
    if not long_open:
        return recent, in_all
    still = {row["case_id"] for row in long_open}
    older = [
        row for row in asked.rows("concern_picture", within=before, grade=1, cleared_at=None) if row["case_id"] in still
    ]
    return [*older, *recent], in_all + len(older)


def _rows(asked: Asked, cases: list[Row], disputes: list[Row], silent: list[Row], there: There) -> list[dict[str, Any]]:
    """The rows of the table with what each case's other rows say."""
    offers: dict[Cell, list[Row]] = defaultdict(list)
    for offer in asked.rows("offer_picture", status="open", by=("due_at",), limit=OFFERS):
        offers[offer["case_id"]].append(offer)
    disputed, still = {row["case_id"] for row in disputes}, {row["case_id"] for row in silent}
    shown = rows_of(cases)
    for row in shown:
        case = row["case_id"]
        row["offers"] = offers[case]
        row["disputed"], row["is_silent"] = case in disputed, case in still
        row["there"] = there.by_case.get(str(case), 0)
    return shown


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's time with a person today, in hours; ``held`` where the person is detained at a place of safety."""

    case_id: str
    responder: str
    agency: str
    since: datetime
    hours: float
    held: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class There:
    """Everybody's time today. ``now`` are those who are still there, those at places of safety first."""

    spent: tuple[Stay, ...]

    @property
    def now(self) -> tuple[Stay, ...]:
        """Who is there, those at places of safety first, then whoever has been there longest."""
        return tuple(sorted((s for s in self.spent if not s.gone), key=lambda s: (not s.held, s.since)))

    @property
    def first(self) -> tuple[Stay, ...]:
        """As many of them as are listed."""
        return self.now[:BESIDE]

    @property
    def held_hours(self) -> float:
        """Hours at places of safety, of those who are there."""
        return round(sum(stay.hours for stay in self.now if stay.held), 1)

    @property
    def by_case(self) -> Mapping[str, int]:
        """How many are there, by case."""
        counted: dict[str, int] = defaultdict(int)
        for stay in self.now:
            counted[stay.case_id] += 1
        return counted


def there_of(asked: Asked, now: datetime) -> There:
    """Hours that responders spent with people since midnight in London, those who are still there included."""
    midnight = midnight_of(now)
    present = asked.rows("presence_picture", released_at=None, by=("arrived_at",))
    gone = asked.rows("presence_picture", within=Within("released_at", since=midnight))
    held = {row["case_id"] for row in asked.rows("clock_picture", spec="detention", status="running", limit=OFFERS)}
    stays = []
    for row in (*present, *gone):
        start, end = row["arrived_at"], row["released_at"] or now
        if isinstance(start, datetime) and isinstance(end, datetime):
            spent = max(timedelta(0), end - max(start, midnight)).total_seconds() / 3600
            case, who, agency = str(row["case_id"]), str(row["responder"]), str(row["agency"])
            released = row["released_at"] is not None
            stays.append(Stay(case, who, agency, start, spent, row["case_id"] in held, released))
    return There(tuple(stays))


def midnight_of(now: datetime) -> datetime:
    """When the day began in London."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Day:
    """The day in figures, from midnight in London. ``late`` are acceptances after the offer had lapsed."""

    at: datetime
    contacts: int
    closed: int
    accepted: int
    late: int
    lapsed: int


_KEPT: dict[str, Day] = {}
_KEEPING = threading.Lock()


def day_of(asked: Asked, now: datetime) -> Day:
    """The figures of the day, at most ``DAY_KEPT`` old."""
    with _KEEPING:
        kept = _KEPT.get(asked.agency)
    if kept is not None and timedelta(0) <= now - kept.at < DAY_KEPT:
        return kept
    since = Within("settled_at", since=midnight_of(now))
    day = Day(
        now,
        asked.count("contact_picture", within=Within("received_at", since=midnight_of(now))),
        asked.count("case_picture", within=Within("closed_at", since=midnight_of(now))),
        asked.count("offer_picture", status="accepted", within=since),
        asked.count("offer_picture", status="accepted", late=True, within=since),
        asked.count("offer_picture", status="lapsed", within=since),
    )
    with _KEEPING:
        _KEPT[asked.agency] = day
    return day


def needs_of(worst: int, silent: int, disputed: int, missed: int) -> str:
    """What needs an act, in one sentence for whoever hears the board: said again only when it changes."""
    parts = [
        ngettext("%(n)d concern of the worst grade", "%(n)d concerns of the worst grade", worst) % {"n": worst},
        ngettext("%(n)d case silent after acceptance", "%(n)d cases silent after acceptance", silent) % {"n": silent},
        ngettext("%(n)d open dispute", "%(n)d open disputes", disputed) % {"n": disputed},
        ngettext("%(n)d missed clock", "%(n)d missed clocks", missed) % {"n": missed},
    ]
    counts = (worst, silent, disputed, missed)
    said = [part for part, n in zip(parts, counts, strict=True) if n]
    return _("Needs an act: %(what)s.") % {"what": "; ".join(said)} if said else _("Nothing needs an act now.")
