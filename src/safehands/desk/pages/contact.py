"""Take a contact: one screen, two columns. Left what to ask, right what follows from the answers, after every
answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from safehands.core.case import Case
from safehands.core.commands import (
    CorrectAnswer,
    Decide,
    ProposeLowering,
    Raise,
    RecordAnswers,
    TakeContact,
    TellCaller,
)
from safehands.core.decide.decisions import check_may_guard, floor_of
from safehands.core.decide.people import somebody_goes
from safehands.core.pathway import Pathway
from safehands.core.rules import may
from safehands.core.vocabulary import ANY_ROLE, UNKNOWN, Answer, Provenance
from safehands.desk.acting import changed, command_id, contact_of, opened, send, text
from safehands.desk.apps import kernel
from safehands.desk.asking import answers_in, provenance_in, questions_of
from safehands.desk.faults import Fault, faults_of, status_of
from safehands.desk.guards import check_acts, signed_in
from safehands.desk.models import Agency
from safehands.desk.pages.history import earlier_of
from safehands.desk.pages.worklist import says_of
from safehands.desk.parsing import instant
from safehands.desk.scene import Scene, scene_of
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.answers import (
    CHANNEL_QUESTION,
    REPORTER_QUESTION,
    contact_in,
    named,
    reporters,
    tokens_in,
)
from safehands.errors import BadInput, Refused, SafehandsError

#: The pathway that calls to a control room open under.
PATHWAY = "right-care"

#: The pathway's question whose answer no decision not to go may lack: the reporter's own view.
VIEW_QUESTION = "view"

#: When to ring again, as sentences to tick: what is ticked is told, and recorded as told.
RECALLS = (
    lazy("they get worse, or say that they would rather be dead"),
    lazy("they hurt themselves or somebody else"),
    lazy("they leave, or you can no longer reach them"),
    lazy("a weapon or a child comes into it"),
    lazy("nobody has rung or come by the time that you were told"),
)


@signed_in
def begin(request: Seated, seat: Seat) -> HttpResponse:
    """A contact comes in: by which way, from whom. From the moment this form is sent, somebody holds the case."""
    check_acts(seat.actor)
    pathway = kernel().catalogue.current(PATHWAY)
    if request.method == "POST":
        try:
            return _take(request, seat, pathway)
        except SafehandsError as error:
            return _begin_page(request, seat, pathway, faults_of(error), status_of(error))
    return _begin_page(request, seat, pathway, [], 200)


def _begin_page(request: HttpRequest, seat: Seat, pathway: Pathway, faults: list[Fault], status: int) -> HttpResponse:
    questions = {question.name: question for question in pathway.questions}
    context = {
        "channels": questions[CHANNEL_QUESTION].choices,
        "reporters": questions[REPORTER_QUESTION].choices,
        "agencies": Agency.objects.filter(ended_at=None).exclude(code=seat.agency),
        "faults": faults,
        "form": request.POST,
    }
    return render(request, "desk/begin.html", context, status=status)


def _take(request: HttpRequest, seat: Seat, pathway: Pathway) -> HttpResponse:
    form = request.POST
    now = kernel().clock.now()
    sent = command_id(request)
    contact = contact_in(form, pathway, f"{sent}-c", seat.agency)
    questions = {question.name: question for question in pathway.questions}
    known = (
        (questions[CHANNEL_QUESTION].id, contact.channel),
        (questions[REPORTER_QUESTION].id, contact.reporter_type),
    )
    answers = tuple(
        Answer(question, value, Provenance.OBSERVED, now, seat.actor.actor)
        for question, value in known
        if value != UNKNOWN
    )
    command = TakeContact(kernel().clock.new_reference(), contact, answers)
    # The case is new, so the command's own id serves as its id: sent twice, it is one case.
    send(request, seat, sent, command, pathway=PATHWAY, tokens=tokens_in(form))
    return redirect("contact", case_id=sent, contact=contact.contact)


@signed_in
def contact(request: Seated, seat: Seat, case_id: UUID, contact: str) -> HttpResponse:
    """The screen of one contact."""
    case = opened(request, seat, case_id, "contact")
    contact_of(case, contact)
    return _page(request, seat, case, contact)


def _page(
    request: HttpRequest,
    seat: Seat,
    case: Case,
    contact: str,
    error: SafehandsError | None = None,
    *,
    about: str = "",
) -> HttpResponse:
    context = {**side_of(seat, case, contact), "faults": faults_of(error) if error is not None else []}
    context |= {"form": request.POST, "about": about}
    context["questions"] = questions_of(context["pathway"], case, contact)
    return render(request, "desk/contact.html", context, status=status_of(error) if error is not None else 200)


def side_of(seat: Seat, case: Case, contact: str) -> dict[str, Any]:
    """What stands right of the questions: conclusion, rows, clock, what is left to ask, history, decision."""
    scene = scene_of(seat, case)
    pathway, words = scene.pathway, scene.words
    conclusion = case.conclusion
    rows = {row.id: row for table in pathway.tables for row in table.rows}
    running = sorted(
        (c for c in case.running_clocks() if c.next_at is not None), key=lambda c: (c.next_at is None, c.next_at)
    )
    floor = floor_of(case)
    questions = questions_of(pathway, case, contact)
    return {
        "case": case,
        "contact": contact,
        "pathway": pathway,
        "conclusion": conclusion,
        "concluded": words.outcome(conclusion.outcome) if conclusion is not None else "",
        "says": says_of(pathway, case),
        "fired": [rows[each] for each in conclusion.rows if each in rows] if conclusion is not None else [],
        "clocks": [(words.clock(clock.spec), clock) for clock in running],
        "left": questions.left,
        "history": earlier_of(scene),
        "floor": floor,
        "choices": [each for each in pathway.classes if conclusion is not None and each.number >= floor],
        "lower": [each for each in pathway.classes if conclusion is not None and each.number < floor],
        "fields": pathway.decision_form,
        "decided": words.outcome(case.decided.outcome) if case.decided is not None else "",
        "needs_form": conclusion is not None and _needs_form(pathway, floor),
        "somebody_goes": somebody_goes(case),
        "told": [told for told in case.told if told.contact == contact],
        "view": next((ask for ask in questions.must if ask.question.name == VIEW_QUESTION), None),
        "telling": who_is(scene, contact),
        "untold": [who_is(scene, name) for name in case.contacts if name != contact and not _told(case, name)],
        "recalls": RECALLS,
        "open_tasks": case.open_tasks(),
        "may_guard": floor != pathway.guarded_class or may(check_may_guard, pathway, floor, seat.actor),
        "shadow": case.shadow if conclusion is None else None,
        "guarded": pathway.guarded_class,
        "hands_over": case.holder == seat.agency and case.is_open,
        "suggested": [
            route
            for route in pathway.routes
            if conclusion is not None and (route.id in conclusion.routes or route.to == ANY_ROLE)
        ],
        "form": {},
        "about": "",
    }


def who_is(scene: Scene, contact: str) -> str:
    """Who a contact is, to be told: ``Contact 1 (999 call), member of the public``."""
    reporter = scene.case.contacts[contact].contact.reporter_type
    label = next((each.label for each in reporters(scene) if each.value == reporter), "")
    return f"{named(scene, contact)}, {label}" if label else named(scene, contact)


def _told(case: Case, contact: str) -> bool:
    return any(told.contact == contact for told in case.told)


def _needs_form(pathway: Pathway, outcome: int) -> bool:
    return any(field.required_below is not None and outcome < field.required_below for field in pathway.decision_form)


@require_POST
@signed_in
def answer(request: Seated, seat: Seat, case_id: UUID, contact: str) -> HttpResponse:
    """Write down what was said; the tables are asked at once. HTMX gets the right column, everybody else the page."""
    case = kernel().case(str(case_id), agency=seat.agency)
    contact_of(case, contact)
    error: SafehandsError | None = None
    try:
        case = _record(request, seat, case, contact)
    except SafehandsError as fault:
        error = fault
    if request.headers.get("HX-Request") != "true":
        return redirect("contact", case_id, contact) if error is None else _page(request, seat, case, contact, error)
    context = {**side_of(seat, case, contact), "faults": faults_of(error) if error is not None else []}
    context["live"] = True
    context["correct"] = _to_correct(error, request, seat, case, contact)
    response = render(request, "desk/parts/contact_side.html", context)
    response["X-Desk-Now"] = kernel().clock.now().isoformat()
    return response


def _record(request: HttpRequest, seat: Seat, case: Case, contact: str) -> Case:
    pathway = kernel().catalogue.by_ref(case.pathway)
    now = kernel().clock.now()
    given = answers_in(pathway, request.POST, seat.actor.actor, now, provenance_in(request.POST))
    fresh = changed(case, contact, given)
    if not fresh:
        return case
    return send(request, seat, case.case_id, RecordAnswers(contact, fresh, conclude=True)).case


def _to_correct(
    error: SafehandsError | None, request: HttpRequest, seat: Seat, case: Case, contact: str
) -> list[dict[str, str]]:
    """Where an answer was refused as less risky than before: what to correct, with the reason still to be given."""
    if not isinstance(error, Refused) or error.rule != "answers.less_risky":
        return []
    pathway = kernel().catalogue.by_ref(case.pathway)
    now = kernel().clock.now()
    texts = {question.id: question.text for question in pathway.questions}
    named = str(error.facts.get("questions", ""))
    return [
        {"id": each.question, "text": texts[each.question], "value": ",".join(_codes(each))}
        for each in changed(case, contact, answers_in(pathway, request.POST, seat.actor.actor, now))
        if each.question in named.replace(",", " ").split()
    ]


def _codes(answer: Answer) -> tuple[str, ...]:
    return answer.value if isinstance(answer.value, tuple) else (str(answer.value),)


@require_POST
@signed_in
def correct(request: Seated, seat: Seat, case_id: UUID, contact: str) -> HttpResponse:
    """An answer was written down wrongly: the new one, and why."""
    case = kernel().case(str(case_id), agency=seat.agency)
    pathway = kernel().catalogue.by_ref(case.pathway)
    form = request.POST.copy()
    question = text(form, "question")
    form.setlist(f"a.{question}", [code for code in text(form, "value").split(",") if code])
    answers = [a for a in answers_in(pathway, form, seat.actor.actor, kernel().clock.now()) if a.question == question]
    try:
        if not answers:
            raise BadInput([_("Say which answer is right.")])
        send(request, seat, case.case_id, CorrectAnswer(contact, answers[0], text(form, "reason")))
    except SafehandsError as error:
        return _page(request, seat, case, contact, error)
    return redirect("contact", case_id, contact)


@require_POST
@signed_in
def decide(request: Seated, seat: Seat, case_id: UUID, contact: str) -> HttpResponse:
    """A named person decides; or raises; or proposes less, which a second person has to confirm."""
    case = kernel().case(str(case_id), agency=seat.agency)
    pathway = kernel().catalogue.by_ref(case.pathway)
    form = request.POST
    filled = {field.id: text(form, f"f.{field.id}") for field in pathway.decision_form if text(form, f"f.{field.id}")}
    outcome, believes = text(form, "outcome"), text(form, "believes")
    try:
        if not outcome.isdigit() or not believes.isdigit():
            raise BadInput([_("Choose what you decide.")])
        command: Decide | ProposeLowering | Raise
        match text(form, "act"):
            case "lower":
                shown = tuple(form.getlist("history_shown"))
                command = ProposeLowering(int(outcome), text(form, "reason"), filled, shown)
            case "raise":
                command = Raise(int(outcome), text(form, "reason"))
            case _:
                shown = tuple(form.getlist("history_shown"))
                command = Decide(int(outcome), int(believes), filled, shown)
        send(request, seat, case.case_id, command)
    except SafehandsError as error:
        fresh = kernel().case(str(case_id), agency=seat.agency)
        return _page(request, seat, fresh, contact, error, about="decide")
    return redirect("contact", case_id, contact)


@require_POST
@signed_in
def tell(request: Seated, seat: Seat, case_id: UUID, contact: str) -> HttpResponse:
    """What the caller was told."""
    case = kernel().case(str(case_id), agency=seat.agency)
    form = request.POST
    try:
        command = _telling(form, contact)
        send(request, seat, case.case_id, command)
    except SafehandsError as error:
        return _page(request, seat, case, contact, error, about="tell")
    return redirect("contact", case_id, contact)


def _telling(form: QueryDict, contact: str) -> TellCaller:
    """What was said, when to ring again, and what was promised on which task."""
    worse = [
        text(form, "if_worse"),
        *(f"{each.strip().capitalize()}." for each in form.getlist("recall") if each.strip()),
    ]
    promise = text(form, "promise") or None
    return TellCaller(
        contact,
        text(form, "text"),
        text(form, "attending"),
        text(form, "understood") or UNKNOWN,
        " ".join(filter(None, worse)),
        promise,
        text(form, "promise_task") or None if promise is not None else None,
        instant(text(form, "promise_by")) if promise is not None else None,
    )
