"""One case: who holds it and has held it, what was answered, decided, offered, promised, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehands.core.case import Case, OfferStatus
from safehands.core.decide.closing import check_may_close
from safehands.core.decide.decisions import check_can_confirm
from safehands.core.decide.handover import check_can_assume
from safehands.core.rules import may
from safehands.desk.acting import opened
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import may_take_contacts, signed_in
from safehands.desk.models import Look
from safehands.desk.pages.worklist import says_of, standing, waiting
from safehands.desk.seats import Seat, Seated
from safehands.errors import SafehandsError
from safehands.service.sentences import Words
from safehands.service.story import Line
from safehands.service.telling import story_of_case


@require_GET
@signed_in
def case(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """The page."""
    return page(request, seat, opened(request, seat, case_id, "case"))


def page(request: Seated, seat: Seat, case: Case, error: SafehandsError | None = None) -> HttpResponse:
    """The page of ``case``, with what went wrong where something did."""
    context = context_of(seat, case)
    context |= {"faults": faults_of(error) if error is not None else [], "form": request.POST}
    return render(request, "desk/case.html", context, status=status_of(error) if error is not None else 200)


def context_of(seat: Seat, case: Case) -> dict[str, Any]:
    """Everything that the page shows, in the pathway's words."""
    service = kernel()
    pathway = service.catalogue.by_ref(case.pathway)
    words = Words(pathway)
    outcome = standing(case)
    holds = case.holder == seat.agency
    return {
        "case": case,
        "pathway": pathway,
        "outcome": outcome,
        "outcome_words": words.outcome(outcome) if outcome is not None else "",
        "says": says_of(pathway, case),
        "story": told_together(story_of_case(service, case.case_id, agency=seat.agency)),
        "outcome_label": next((each.label for each in pathway.classes if each.number == outcome), ""),
        "answers": _answers(case, words),
        "decisions": [(words.outcome(each.outcome), each) for each in case.decisions],
        "labels": {field.id: field.label for field in pathway.decision_form},
        "offers": [waiting(case, offer) for offer in reversed(tuple(case.offers))],
        "to_us": [
            waiting(case, offer.offer)
            for offer in case.offers.values()
            if offer.to_agency == seat.agency and offer.status in (OfferStatus.OPEN, OfferStatus.LAPSED)
        ],
        "clocks": [(words.clock(clock.spec), clock) for clock in case.clocks.values()],
        "concerns": [(words.concern(concern.rule), concern) for concern in case.open_concerns()],
        "promises": [(promise, case.tasks[promise.task], case.believed(promise)) for promise in case.promises.values()],
        "tasks": tuple(case.tasks.values()),
        "looks": Look.objects.filter(case_id=case.case_id)[:50] if holds else (),
        "broken_glass": Look.objects.filter(case_id=case.case_id, broke_glass=True)[:20] if holds else (),
        "routes": pathway.routes if case.is_open else (),
        "suggested": case.conclusion.routes if case.conclusion is not None else (),
        "milestones": pathway.milestones,
        "acts": may_take_contacts(seat),
        "holds": holds,
        "may_assume": case.is_open
        and may_take_contacts(seat)
        and may(check_can_assume, case, seat.agency, case.holder),
        "may_confirm": case.lowering is not None
        and may(check_can_confirm, case, seat.actor, case.lowering.proposal)
        and may_take_contacts(seat),
        "may_close": case.is_open and may_take_contacts(seat) and may(check_may_close, case, seat.agency),
        "mine": [state.contact.contact for state in case.contacts.values() if state.contact.taken_by == seat.agency],
    }


@dataclass(frozen=True, slots=True)
class Happening:
    """What one command brought about: its first line, and what followed from it."""

    lead: Line
    rest: tuple[Line, ...]


def told_together(lines: tuple[Line, ...]) -> tuple[Happening, ...]:
    """Lines that were written together stand together; the newest happening first."""
    groups = [tuple(group) for _, group in groupby(lines, key=lambda line: line.because or line.version)]
    return tuple(Happening(group[0], group[1:]) for group in reversed(groups))


def _answers(case: Case, words: Words) -> list[dict[str, Any]]:
    """Every answer with where it comes from, by contact and linked case."""
    found = []
    for source, answers in case.answers.items():
        of = "contact" if source in case.contacts else "register"
        for answer in answers.values():
            codes = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
            found.append(
                {
                    "question": words.question(answer.question),
                    "value": ", ".join(words.choice(answer.question, code).replace("_", " ") for code in codes),
                    "answer": answer,
                    "of": of,
                }
            )
    return found
