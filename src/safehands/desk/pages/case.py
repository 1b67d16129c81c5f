"""One case: who holds it and has held it, what happens next, and a page each for what was answered, decided, offered,
promised, disputed, and for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from safehands.core import events as e
from safehands.core.case import Case, Concern, Offer, OfferStatus
from safehands.core.vocabulary import Answer
from safehands.desk.acting import opened
from safehands.desk.apps import kernel
from safehands.desk.faults import Fault, faults_of, status_of
from safehands.desk.forms import SEEN, WHICH, Form
from safehands.desk.guards import may_erase, signed_in
from safehands.desk.models import Look
from safehands.desk.pages.evidence import of_case as evidence
from safehands.desk.pages.evidence.bodies import BODIES as EVIDENCE_BODIES
from safehands.desk.pages.history import read_of, sources_of
from safehands.desk.pages.navigating import further, navigation
from safehands.desk.pages.worklist import Waiting, says_of, standing, waiting
from safehands.desk.scene import Scene, scene_of
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects import answers as of_answers
from safehands.desk.subjects.handovers import pack_form
from safehands.desk.subjects.sections import SECTIONS, Section, fitting, section_of
from safehands.desk.telling import Told, decisions_of, told_of, told_together
from safehands.errors import NotFound, SafehandsError

#: How wide the ribbon of holders is drawn, and the narrowest part that can still be seen.
RIBBON: Final = 1000.0
NARROWEST: Final = 8.0

Context = dict[str, Any]


@require_GET
@signed_in
def case(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The page that answers first: who has this person, and what happens next."""
    return page(request, seat, opened(request, seat, case_id, "case"))


@require_GET
@signed_in
def section(request: Seated, seat: Seat, case_id: UUID, section: str) -> HttpResponse:
    """One of the case's further pages."""
    if section_of(section) is None:
        raise NotFound(_("A case has no such page."))
    return page(request, seat, opened(request, seat, case_id, section), section)


def page(
    request: Seated, seat: Seat, case: Case, section: str = "", error: SafehandsError | None = None
) -> HttpResponse:
    """A page of ``case``, with what went wrong where something did: the refused form first, as it was filled in."""
    asked = request.POST if request.method == "POST" else request.GET
    scene = replace(scene_of(seat, case), asked=asked.dict())
    chosen = section_of(section)
    told = told_of(case.case_id, agency=seat.agency)
    context = {**_head(scene, chosen), **_body(scene, told, chosen)}
    context |= _refused(request.POST, scene, told, context, error)
    status = status_of(error) if error is not None else 200
    return render(request, "desk/case.html", context, status=status)


def _refused(posted: QueryDict, scene: Scene, told: Told, context: Context, error: SafehandsError | None) -> Context:
    """The error summary, the form that it is about, and what others wrote since the sender's page was made."""
    if error is None:
        return {"faults": []}
    form = next((each for each in context["forms"] if each.key == posted.get(WHICH)), None)
    form = form or next((each for each in _every_form(scene) if each.key == posted.get(WHICH)), None)
    seen = posted.get(SEEN, "")
    since = told.since(int(seen)) if seen.isdigit() else ()
    return {
        "faults": [_pointed(each, form, posted) for each in faults_of(error)],
        "refused": form.refilled(posted) if form is not None else None,
        "forms": tuple(each for each in context["forms"] if form is None or each.key != form.key),
        "next": tuple(each for each in context["next"] if form is None or getattr(each, "key", "") != form.key),
        "since": since,
    }


def _every_form(scene: Scene) -> tuple[Form, ...]:
    return tuple(form for each in SECTIONS for form in each.forms(scene)) if scene.acts else ()


def _pointed(fault: Fault, form: Form | None, posted: QueryDict) -> Fault:
    """A fault that leads to the first field of its form that is empty, else to the form."""
    if form is None or fault.field:
        return fault
    empty = next((each for each in form.fields if not posted.get(each.name, "").strip()), None)
    target = empty or (form.fields[0] if form.fields else None)
    return Fault(fault.sentence, form.field_id(target) if target is not None else form.key)


def _head(scene: Scene, chosen: Section | None) -> Context:
    """What stands above every page of a case."""
    case, words = scene.case, scene.words
    outcome = standing(case)
    running = sorted((c for c in case.running_clocks() if c.next_at is not None), key=lambda c: (c.next_at, c.clock))
    looks = Look.objects.filter(case_id=case.case_id)
    return {
        "scene": scene,
        "case": case,
        "pathway": scene.pathway,
        "section": chosen,
        "nav": navigation(scene, chosen),
        "further": further(scene, chosen),
        "outcome": outcome,
        "outcome_label": next((each.label for each in scene.pathway.classes if each.number == outcome), ""),
        "ribbon": ribbon_of(case, scene.now),
        "next_clock": (words.clock(running[0].spec), running[0]) if running else None,
        "keeper": case.keeper,
        "broken_glass": looks.filter(broke_glass=True)[:20] if scene.holds else (),
        "forms": tuple(chosen.forms(scene)) if chosen is not None and scene.acts else (),
        "next": (),
        "erased": case.erased,
    }


def _body(scene: Scene, told: Told, chosen: Section | None) -> Context:
    if chosen is None:
        return {**_now(scene, told), "body": "desk/case/now.html"}
    return {**_BODIES[chosen.name](scene, told), "body": f"desk/{chosen.folder}/{chosen.name}.html"}


@dataclass(frozen=True, slots=True)
class Part:
    """One holder's part of the ribbon, in the ribbon's own measure, and in words."""

    agency: str
    since: datetime
    until: datetime | None
    x: float
    width: float
    now: bool

    @property
    def middle(self) -> float:
        """Where its name is written."""
        return round(self.x + self.width / 2, 1)

    @property
    def named(self) -> bool:
        """Whether the name fits into it."""
        return self.width > 14 * len(self.agency)


def ribbon_of(case: Case, now: datetime) -> tuple[Part, ...]:
    """Who held the case, from its first second to its last or to now, as wide as long; nothing narrower than can be
    seen."""
    end = max(case.closed_at or now, case.last_at)
    whole = max((end - case.opened_at).total_seconds(), 1.0)
    lengths = [
        max(NARROWEST, ((each.until or end) - each.since).total_seconds() / whole * RIBBON) for each in case.holdings
    ]
    scale = RIBBON / sum(lengths)
    parts, x = [], 0.0
    for holding, length in zip(case.holdings, lengths, strict=True):
        width = length * scale
        held = holding.until is None and case.is_open
        parts.append(Part(holding.agency, holding.since, holding.until, round(x, 1), round(width, 1), held))
        x += width
    return tuple(parts)


def _now(scene: Scene, told: Told) -> Context:
    case, words = scene.case, scene.words
    return {
        "next": fitting(scene),
        "to_us": [
            _asked_of_us(scene, offer)
            for offer in case.offers.values()
            if case.is_open
            and offer.to_agency == scene.seat.agency
            and offer.status in (OfferStatus.OPEN, OfferStatus.LAPSED)
        ],
        "says": says_of(scene.pathway, case),
        "clocks": [(words.clock(clock.spec), clock) for clock in case.clocks.values()],
        "concerns": [(words.concern(concern.rule), concern) for concern in worst_first(case)],
        "routes": scene.pathway.routes if scene.holds and scene.acts else (),
        "suggested": case.conclusion.routes if case.conclusion is not None else (),
        "story": told_together(told.lines),
    }


def worst_first(case: Case) -> tuple[Concern, ...]:
    """What is wrong with the case now, the worst first."""
    return tuple(sorted(case.open_concerns(), key=lambda each: (each.grade, each.raised_at)))


def _asked_of_us(scene: Scene, offer: Offer) -> Waiting:
    """An offer that waits for us, with the form for what its pack lacks."""
    found = waiting(scene.case, offer.offer)
    holes = tuple(line.id for line in found.holes)
    return replace(found, ask=pack_form(scene, offer, holes)) if holes and scene.acts else found


def _answers(scene: Scene, _told: Told) -> Context:
    case = scene.case
    sources = [
        {
            "name": of_answers.named(scene, name) if name in case.contacts else "",
            "contact": case.contacts.get(name),
            "source": sources_of(scene.seat, name),
            "answers": _answered(scene, given.values()),
        }
        for name, given in _by_source(case).items()
    ]
    return {"sources": sources, "mine": scene.mine}


def _by_source(case: Case) -> Mapping[str, Mapping[str, Answer]]:
    """Every contact, those that nobody has asked anything among them, then what other cases said."""
    return {**{name: case.answers.get(name, {}) for name in case.contacts}, **case.answers}


def _answered(scene: Scene, given: Any) -> list[Context]:
    return [
        {"question": scene.words.question(each.question), "value": read_of(scene, each), "answer": each}
        for each in given
    ]


def _decisions(scene: Scene, told: Told) -> Context:
    words = scene.words
    rows = {row.id: row for table in scene.pathway.tables for row in table.rows}
    labels = {field.id: field.label for field in scene.pathway.decision_form}
    inputs = {each.name: each for each in scene.pathway.inputs}
    made = [
        {
            "rests": each,
            "outcome": words.outcome(each.made.outcome),
            "rows": [rows[row] for row in (each.advice.rows if each.advice is not None else ()) if row in rows],
            "saw": [
                (words.question(inputs[name].question), _read_input(scene, name, value))
                for name, value in (each.advice.inputs.items() if each.advice is not None else ())
                if name in inputs
            ],
            "form": [(labels.get(name, name), said) for name, said in each.form.items()],
            "history": [_shown(scene, stream) for stream in each.history],
        }
        for each in decisions_of(told.entries)
    ]
    return {"made": made, "concluded": scene.case.conclusion, "reviewed": scene.case.reviewed}


def _read_input(scene: Scene, name: str, value: str) -> str:
    column = next(each for each in scene.pathway.inputs if each.name == name)
    return column.labels.get(value) or scene.words.choice(column.question, value).replace("_", " ")


def _shown(scene: Scene, stream: str) -> Context:
    """One piece of history that was on the screen: a contact of this case, or another case."""
    if stream in scene.case.contacts:
        return {"text": of_answers.named(scene, stream)}
    return sources_of(scene.seat, stream)


def _handovers(scene: Scene, _told: Told) -> Context:
    case = scene.case
    return {
        "offers": [waiting(case, name) for name in reversed(tuple(case.offers))],
        "routes": scene.pathway.routes if scene.holds and scene.acts else (),
        "suggested": case.conclusion.routes if case.conclusion is not None else (),
        "stood_down": case.stood_down,
    }


def _work(scene: Scene, _told: Told) -> Context:
    case = scene.case
    return {
        "tasks": tuple(case.tasks.values()),
        "promises": [(each, case.tasks[each.task], case.believed(each)) for each in case.promises.values()],
        "told": [(of_answers.named(scene, each.contact), each) for each in case.told],
    }


def _times(scene: Scene, _told: Told) -> Context:
    case, words = scene.case, scene.words
    verified = {each.id: each.verified for each in scene.pathway.clocks}
    return {
        "clocks": [
            (words.clock(each.spec), each, case.delays.get(each.clock), verified.get(each.spec, True))
            for each in case.clocks.values()
        ],
        "milestones": tuple(reversed(case.milestones)),
        "presences": tuple(case.presences.values()),
        "corrections": tuple(case.corrections.values()),
    }


def _places(scene: Scene, _told: Told) -> Context:
    words = scene.words
    return {
        "statuses": [(words.power(s.kind), words.place(s.place), s) for s in scene.case.statuses.values()],
        "bookings": tuple(scene.case.bookings.values()),
    }


_OF_A_DISPUTE = (e.ChallengeRaised, e.ChallengeAnswered, e.ChallengeEscalated, e.ChallengeSettled, e.ChallengeExhausted)


def _disputes(scene: Scene, told: Told) -> Context:
    levels = {each.level: each for each in scene.pathway.challenge_levels}
    lines: dict[str, list[Any]] = {}
    for line in told.lines:
        entry = told.entries.get(line.version)
        if entry is not None and isinstance(entry.event, _OF_A_DISPUTE):
            lines.setdefault(entry.event.challenge, []).append(line)
    disputes = [
        (each, levels.get(each.level), lines.get(each.challenge, [])) for each in scene.case.challenges.values()
    ]
    return {"disputes": disputes, "levels": sorted(levels.values(), key=lambda level: level.level)}


def _people(scene: Scene, told: Told) -> Context:
    identified = [
        (told.lines[version - 1], entry.event)
        for version, entry in told.entries.items()
        if isinstance(entry.event, e.PartyIdentified)
    ]
    outcomes = [
        told.lines[version - 1]
        for version, entry in told.entries.items()
        if isinstance(entry.event, e.OutcomeRecorded | e.ComplaintLinked)
    ]
    return {
        "identified": identified,
        "links": [sources_of(scene.seat, stream) for stream in scene.case.links],
        "outcomes": outcomes,
        "signposts": [
            told.lines[version - 1]
            for version, entry in told.entries.items()
            if isinstance(entry.event, e.PersonSignposted)
        ],
    }


def _record(scene: Scene, told: Told) -> Context:
    erasures = [
        (told.lines[version - 1], entry.event)
        for version, entry in told.entries.items()
        if isinstance(entry.event, e.ContentErased)
    ]
    holder = scene.case.holdings[-1].agency
    shows = scene.seat.agency == holder
    return {
        "lines": tuple(reversed(told.lines)),
        "erasures": erasures,
        "looks": Look.objects.filter(case_id=scene.case.case_id)[:50] if shows else (),
        "shows_looks": shows,
        "may_erase": may_erase(scene.seat, scene.case),
        "head": kernel().store.head(),
    }


_BODIES: Final[Mapping[str, Callable[[Scene, Told], Context]]] = {
    "answers": _answers,
    "decisions": _decisions,
    "handovers": _handovers,
    "work": _work,
    "times": _times,
    "places": _places,
    "disputes": _disputes,
    "people": _people,
    "record": _record,
    **evidence.BODIES,
    **EVIDENCE_BODIES,
}
