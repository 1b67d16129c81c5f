"""Concerns about material: seen by a person, or set aside as a false alarm by two. None is ever deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.case import Case, Concern
from safehands.core.decide.acknowledging import CRITICAL
from safehands.core.records import commands as r
from safehands.core.records.findings import RULES
from safehands.core.vocabulary import Actor
from safehands.desk.acting import text
from safehands.desk.forms import Button, Field, Form, Kind
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act

SECTION = "concerns"
TITLE = lazy("Concerns")
ASKS = lazy("What is true of this case that somebody should look at, and why?")

#: How many concerns a page shows with their forms.
SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of concerns is narrowed to; empty parts narrow nothing."""

    rule: str = ""
    grade: str = ""
    decision: str = ""


def filters_in(asked: dict[str, str]) -> Filters:
    """The filters of an address; what is none of ours narrows nothing."""
    rule, grade = asked.get("rule", ""), asked.get("grade", "")
    return Filters(
        rule if rule in RULES else "", grade if grade in ("1", "2", "3", "4") else "", asked.get("decision", "")
    )


def of_material(case: Case) -> tuple[Concern, ...]:
    """The open concerns about material, the worst first."""
    found = (each for each in case.open_concerns() if each.rule in RULES)
    return tuple(sorted(found, key=lambda each: (each.set_aside, each.grade, each.rule, each.cause)))


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about each of them."""
    for concern in of_material(scene.case)[:SHOWN]:
        yield from forms_for(scene.case, concern, scene.seat.actor)


def forms_for(case: Case, concern: Concern, by: Actor) -> Iterator[Form]:
    """What this person can do about a concern."""
    if concern.set_aside:
        return
    if may_see(concern, by):
        yield Form(
            "concern_seen",
            _("Say that you have seen it, and what is done"),
            (Button(_("I have seen it")),),
            (Field("reason", _("What is done about it"), Kind.AREA),),
            {"concern": concern.concern},
            concern.concern,
        )
    proposed = case.asides.get(concern.concern)
    if proposed is None and by.role != AUDITOR:
        yield Form(
            "concern_aside",
            _("Say that it is a false alarm"),
            (Button(_("Propose to set it aside")),),
            (Field("reason", str(BECAUSE), Kind.AREA),),
            {"concern": concern.concern},
            concern.concern,
            _("It stands until a second person agrees, and stays listed then."),
        )
    elif proposed is not None and proposed.by != by.actor and may_see(concern, by):
        yield Form(
            "concern_agreed",
            _("Somebody says that it is a false alarm: agree"),
            (Button(_("I agree: set it aside"), grave=True),),
            (),
            {"concern": concern.concern},
            concern.concern,
            _("%(who)s says: “%(reason)s”") % {"who": proposed.by, "reason": proposed.reason},
        )


#: Sees concerns of every case, with or without a part in it.
AUDITOR: Final = "auditor"


def may_see(concern: Concern, by: Actor) -> bool:
    """Whether the kernel takes this person's word that it was seen: of a critical one, another agency's, or an
    auditor's."""
    return concern.grade != CRITICAL or by.agency != concern.about_agency or by.role == AUDITOR


ACTS = (
    Act(
        "concern_seen",
        SECTION,
        (r.AcknowledgeConcern,),
        lambda form, _scene: r.AcknowledgeConcern(text(form, "concern"), text(form, "reason")),
        lazy("Case %(reference)s: you have seen the concern. It stays open."),
        by_auditors=True,
    ),
    Act(
        "concern_aside",
        SECTION,
        (r.ProposeSettingAside,),
        lambda form, _scene: r.ProposeSettingAside(text(form, "concern"), text(form, "reason")),
        lazy("Case %(reference)s: a second person has to agree."),
    ),
    Act(
        "concern_agreed",
        SECTION,
        (r.ConfirmSettingAside,),
        lambda form, _scene: r.ConfirmSettingAside(text(form, "concern")),
        lazy("Case %(reference)s: set aside by two people. It stays listed."),
        by_auditors=True,
    ),
)
