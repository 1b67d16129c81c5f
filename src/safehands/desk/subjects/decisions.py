"""Decisions on the case's page: more help at once, less by two people, and the review of what was sampled.

To decide, and to propose less, stand on the contact's page, beside the questions.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.decide.decisions import (
    check_can_confirm,
    check_may_review,
    floor_of,
    standing_class,
)
from safehands.core.rules import may
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act
from safehands.errors import BadInput

SECTION = "decisions"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about decisions here."""
    yield from lowering_forms(scene)
    yield from _raise(scene)
    case = scene.case
    for made in case.decisions:
        if may(check_may_review, case, scene.seat.actor, made.decision):
            yield _review(scene, made.decision, made.outcome)


def lowering_forms(scene: Scene) -> Iterator[Form]:
    """The answer to a proposal of less, for whoever may be the second person."""
    case = scene.case
    if case.lowering is None or not may(check_can_confirm, case, scene.seat.actor, case.lowering.proposal):
        return
    yield Form(
        "lowering",
        _("Somebody proposes class %(outcome)s, less than stands: agree or not") % {"outcome": case.lowering.outcome},
        (
            Button(_("Confirm the lowering"), "confirm", grave=True),
            Button(_("Do not agree"), "decline"),
        ),
        (Field("reason", _("If you do not agree: why")),),
        {"proposal": case.lowering.proposal},
        says=_("%(who)s says: “%(reason)s”")
        % {"who": case.lowering_by.actor if case.lowering_by is not None else "", "reason": case.lowering.reason},
    )


def _raise(scene: Scene) -> Iterator[Form]:
    case, pathway = scene.case, scene.pathway
    least = max(pathway.guarded_class, 0 if case.lowered else floor_of(case), standing_class(case) + 1)
    higher = tuple(
        Choice(str(each.number), f"{each.number} {each.label}") for each in pathway.classes if each.number >= least
    )
    if case.is_open and higher:
        fields = (Field("outcome", _("Raise to"), Kind.CHOICE, higher), Field("reason", str(BECAUSE)))
        yield Form("raise", _("More help than stands"), (Button(_("Raise")),), fields)


def _review(scene: Scene, decision: str, outcome: int) -> Form:
    title = _("Review the decision for %(outcome)s") % {"outcome": scene.words.outcome(outcome)}
    fields = (Field("notes", _("What was right, and what was missing"), Kind.AREA),)
    buttons = (Button(_("Right and recorded whole"), "pass"), Button(_("Not right, or not whole"), "fail"))
    says = _("For quality: by somebody else than who decided, once.")
    return Form("review", title, buttons, fields, {"decision": decision}, decision, says)


def _lowering(form: QueryDict, _scene: Scene) -> c.ConfirmLowering | c.DeclineLowering:
    if text(form, "act") == "decline":
        return c.DeclineLowering(text(form, "proposal"), text(form, "reason"))
    return c.ConfirmLowering(text(form, "proposal"))


def _raised(form: QueryDict, _scene: Scene) -> c.Raise:
    outcome = text(form, "outcome")
    if not outcome.isdigit():
        raise BadInput([_("Choose the class to raise to.")])
    return c.Raise(int(outcome), text(form, "reason"))


ACTS = (
    Act(
        "lowering",
        SECTION,
        (c.ConfirmLowering, c.DeclineLowering),
        _lowering,
        lazy("Case %(reference)s: the proposal was answered."),
        needs_fresh=True,
    ),
    Act("raise", SECTION, (c.Raise,), _raised, lazy("Case %(reference)s: raised.")),
    Act(
        "review",
        SECTION,
        (c.ReviewDecision,),
        lambda form, _scene: c.ReviewDecision(text(form, "decision"), text(form, "act"), text(form, "notes")),
        lazy("Case %(reference)s: the review was written down."),
    ),
)
