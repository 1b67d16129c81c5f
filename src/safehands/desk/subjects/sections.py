"""The pages of a case in their order, each with what can be done there; and which few acts fit now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from types import ModuleType

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.decide.closing import check_can_close, check_may_close
from safehands.core.rules import may
from safehands.core.vocabulary import OfferKind
from safehands.desk.forms import Form
from safehands.desk.scene import Scene
from safehands.desk.subjects import (
    answers,
    decisions,
    disputes,
    handovers,
    material,
    people,
    places,
    record,
    times,
    work,
)
from safehands.desk.subjects.act import Act, Sentence
from safehands.desk.subjects.evidence import concerns, deciding, family, letters, overview, reviews, schedules, then

#: How many acts stand under "What happens next".
FITTING = 3


@dataclass(frozen=True, slots=True)
class Section:
    """One page of a case: its address, its name, the question that it answers, and what can be done there.

    Pages of the group ``evidence`` stand under one entry of the navigation. ``folder`` is that of its template.
    """

    name: str
    title: Sentence
    asks: Sentence
    forms: Callable[[Scene], Iterator[Form]]
    acts: tuple[Act, ...]
    group: str = "case"
    folder: str = "case"


#: The group of pages about records, and the page that stands for all of them among a case's pages.
EVIDENCE, EVIDENCE_FIRST = "evidence", "evidence"


@dataclass(frozen=True, slots=True)
class Way:
    """A link to where an act is done."""

    url: str
    text: str
    why: str = ""


def _about_records(module: ModuleType) -> Section:
    """The page of a module about records: each has these five."""
    return Section(module.SECTION, module.TITLE, module.ASKS, module.forms, module.ACTS, EVIDENCE, EVIDENCE)


SECTIONS = (
    Section(
        answers.SECTION,
        lazy("Contacts"),
        lazy("Who rang, what did they say, and how do we know?"),
        answers.forms,
        answers.ACTS,
    ),
    Section(
        decisions.SECTION,
        lazy("Decisions"),
        lazy("What was decided, by whom, and what does it rest on?"),
        decisions.forms,
        decisions.ACTS,
    ),
    Section(
        handovers.SECTION,
        lazy("Handovers"),
        lazy("Who was offered what, and who has it now?"),
        handovers.forms,
        handovers.ACTS,
    ),
    Section(
        work.SECTION,
        lazy("Tasks"),
        lazy("Who does what by when, and what was the person promised?"),
        work.forms,
        work.ACTS,
    ),
    Section(
        times.SECTION,
        lazy("Clocks"),
        lazy("Which clocks run, what has happened, and who is there?"),
        times.forms,
        times.ACTS,
    ),
    Section(
        places.SECTION,
        lazy("Places"),
        lazy("Where is the person held, under which power, and who has to come when?"),
        places.forms,
        places.ACTS,
    ),
    Section(
        disputes.SECTION,
        lazy("Disputes"),
        lazy("Who disagrees about what, at which level, and until when?"),
        disputes.forms,
        disputes.ACTS,
    ),
    Section(
        people.SECTION,
        lazy("People"),
        lazy("Who is this about, which other cases are about them, and what became of them?"),
        people.forms,
        people.ACTS,
    ),
    Section(
        record.SECTION,
        lazy("Record"),
        lazy("What was written down, who has looked at it, and does it hold?"),
        record.forms,
        record.ACTS,
    ),
    _about_records(overview),
    Section(
        material.MATERIAL,
        lazy("Material"),
        lazy("What exists in this case, who has it, and what may we not see?"),
        material.material_forms,
        material.ACTS,
        EVIDENCE,
    ),
    Section(
        material.REQUESTS,
        lazy("Requests"),
        lazy("Who asked whom for what, what was answered, and what has arrived?"),
        material.request_forms,
        material.REQUEST_ACTS,
        EVIDENCE,
    ),
    *(_about_records(module) for module in (deciding, concerns, schedules, letters, reviews, family, then)),
)

ACTS = tuple(act for section in SECTIONS for act in section.acts)


def about_records(scene: Scene) -> bool:
    """Whether the pages about records have a place in this case: it has records, or its pathway is about them."""
    return scene.case.records > 0 or scene.pathway.ref.pathway == "evidence-review"


def section_of(name: str) -> Section | None:
    """The section with this address."""
    return next((each for each in SECTIONS if each.name == name), None)


def fitting(scene: Scene) -> tuple[Form | Way, ...]:
    """The two or three acts that fit now, the most pressing first."""
    if not scene.acts:
        return ()
    return tuple(islice((_from_now(each) for each in _all_fitting(scene)), FITTING))


def _from_now(each: Form | Way) -> Form | Way:
    return replace(each, hidden={**each.hidden, "back": "case"}) if isinstance(each, Form) else each


def _all_fitting(scene: Scene) -> Iterator[Form | Way]:
    case, agency = scene.case, scene.seat.agency
    if not case.is_open:
        yield from (form for form in handovers.forms(scene) if form.act == "reopen")
        return
    yield from decisions.lowering_forms(scene)
    yield from _owed(scene)
    yield from _to_decide(scene)
    for challenge in case.open_challenges():
        if agency in (challenge.by_agency, challenge.against):
            yield Way(_page(scene, disputes.SECTION), _("Answer the dispute"), _("its clock runs"))
    yield from _to_hand_over(scene)
    for offer in case.offers.values():
        if agency in (offer.from_agency, case.holder):
            yield from handovers.word_forms(offer)
    for task in case.open_tasks():
        if task.assignee == agency:
            yield from work.task_forms(scene, task)
    if may(check_may_close, case, agency) and may(check_can_close, case, scene.pathway, ""):
        yield handovers.close_form(scene)
    if scene.holds and case.keeper is None:
        yield handovers.keeper_form(scene)
    yield times.milestone_form(scene)


def _owed(scene: Scene) -> Iterator[Form]:
    """Lost lines of ours that nobody has rung back."""
    for form in answers.forms(scene):
        state = scene.case.contacts.get(form.about)
        if form.act == "called_back" and state is not None and state.dropped_at is not None and not state.called_back:
            yield form


def _to_decide(scene: Scene) -> Iterator[Way]:
    case, agency = scene.case, scene.seat.agency
    if agency not in (case.holder, case.receiver):
        return
    contact = scene.mine[-1] if scene.mine else tuple(case.contacts)[-1]
    url = reverse("contact", args=[case.case_id, contact])
    if case.conclusion is None and case.shadow is None:
        yield Way(url, _("Ask, and write down the answers"), _("the tables have not been asked"))
    elif case.decided is None:
        yield Way(url, _("Decide"), _("nobody has decided"))
    elif case.conclusion is not None and case.conclusion.outcome > case.decided.outcome and not case.lowered:
        yield Way(url, _("Decide again"), _("the tables say more than what stands"))
    elif agency == case.receiver and not any(told.contact == contact for told in case.told):
        yield Way(url, _("Tell the caller what was decided"), _("they have not been told"))


def _to_hand_over(scene: Scene) -> Iterator[Way]:
    case = scene.case
    if not scene.holds or case.decided is None or case.conclusion is None:
        return
    tried = {offer.route for offer in case.offers.values()}
    for route in scene.pathway.routes:
        if route.id in case.conclusion.routes and route.id not in tried:
            why = _("as the row says") if route.kind is not OfferKind.SUPPORT else _("as the row says; you hold on")
            yield Way(reverse("offer", args=[case.case_id, route.id]), route.label, why)


def _page(scene: Scene, section: str) -> str:
    return reverse("case_section", args=[scene.case.case_id, section])
