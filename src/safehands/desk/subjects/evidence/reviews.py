"""Reviews by somebody who decided nothing before, and victims' requests for one with their clocks."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.decide.reviews import STAGES
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.knowing import deciders_before
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, choices, plain
from safehands.desk.parsing import instant
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act
from safehands.desk.subjects.evidence.matter import Matter, matter_of
from safehands.errors import BadInput

SECTION = "reviews"
TITLE = lazy("Reviews")
ASKS = lazy("Who asked for a fresh look at which decision, until when, and who looks?")


def forms(scene: Scene) -> Iterator[Form]:
    """Enter a victim's request, move it on, open a review, conclude one."""
    matter = matter_of(scene)
    if not matter.material.decisions:
        return
    named = choices({each.event.decision: matter.decided(each.event) for each in matter.decisions()})
    yield _asks(named)
    for name, fact in matter.material.victim_reviews.items():
        moves = matter.material.victim_moves.get(name, ())
        if not moves or moves[-1].event.stage != STAGES[-1]:
            yield Form(
                "victim_review_move",
                _("Move the request of %(party)s on") % {"party": fact.event.party},
                (Button(_("Move it on")),),
                (
                    Field("stage", _("It is now"), Kind.CHOICE, choices({each: plain(each) for each in STAGES})),
                    Field("reason", _("What was said or done")),
                ),
                {"victim_review": name},
                name,
            )
    if scene.case.is_open:
        yield _open(scene, matter, named)
    for name, opened in matter.material.reviews.items():
        if name not in matter.material.reviewed and opened.event.reviewer_agency == scene.seat.agency:
            yield _conclude(matter, name, opened.event.decision)


def _asks(named: tuple[Choice, ...]) -> Form:
    fields = (
        Field("decision", _("The decision"), Kind.CHOICE, named),
        Field("party", _("Who asks"), Kind.TEXT, hint=_("As they are called where their standing was written down.")),
        Field(
            "scheme",
            _("Under which scheme"),
            Kind.CHOICE,
            choices({v.Scheme.CPS.value: _("prosecutors"), v.Scheme.POLICE.value: _("police")}),
        ),
        Field("received_at", _("When it reached us, if not now"), Kind.INSTANT),
    )
    says = _("Whether it qualifies is worked out. Where it does not, the entry says which way is open instead.")
    return Form(
        "victim_review_ask", _("Enter a victim's request for a review"), (Button(_("Enter it")),), fields, says=says
    )


def _open(scene: Scene, matter: Matter, named: tuple[Choice, ...]) -> Form:
    mine = [
        matter.decision(name)
        for name in matter.material.decisions
        if scene.seat.actor.actor in deciders_before(matter.material, name)
    ]
    says = _("A review is somebody else's fresh look.")
    if mine:
        says += " " + _("You made these decisions or one before them, so you cannot review them: %(named)s.") % {
            "named": "; ".join(mine)
        }
    triggers = choices({each.value: plain(each.value) for each in v.ReviewTrigger})
    return Form(
        "review_open",
        _("Look at a decision again"),
        (Button(_("Open the review")),),
        (
            Field("decision", _("The decision"), Kind.CHOICE, named),
            Field("trigger", _("Because of"), Kind.CHOICE, triggers),
            Field("reviewer", _("Who looks, if not you")),
            Field("grade", _("Their rank or grade"), hint=_("The police review their own decisions one rank higher.")),
        ),
        says=says,
    )


def _conclude(matter: Matter, review: str, decision: str) -> Form:
    outcomes = choices({each.value: plain(each.value) for each in v.ReviewOutcome})
    after = {
        name: matter.decision(name)
        for name, fact in matter.material.decisions.items()
        if fact.event.reviews == decision
    }
    return Form(
        "review_conclude",
        _("Say what came of the review (%(decision)s)") % {"decision": matter.decision(decision)},
        (Button(_("Conclude it")),),
        (
            Field("outcome", _("Outcome"), Kind.CHOICE, outcomes),
            Field("reasons", _("Reasons"), Kind.AREA),
            Field("by_decision", _("The decision that says so"), Kind.CHOICE, choices({"": _("(none)"), **after})),
        ),
        {"review": review},
        review,
    )


def _asked(form: QueryDict, _scene: Scene) -> r.RequestVictimReview:
    try:
        scheme = v.Scheme(text(form, "scheme"))
    except ValueError:
        raise BadInput([_("Choose the scheme.")]) from None
    return r.RequestVictimReview(
        text(form, "decision"), scheme, text(form, "party"), received_at=instant(text(form, "received_at"))
    )


def _opened(form: QueryDict, _scene: Scene) -> r.OpenReview:
    try:
        trigger = v.ReviewTrigger(text(form, "trigger"))
    except ValueError:
        raise BadInput([_("Choose what made you look again.")]) from None
    return r.OpenReview(text(form, "decision"), trigger, reviewer=text(form, "reviewer"), grade=text(form, "grade"))


def _concluded(form: QueryDict, _scene: Scene) -> r.ConcludeReview:
    try:
        outcome = v.ReviewOutcome(text(form, "outcome"))
    except ValueError:
        raise BadInput([_("Choose the outcome.")]) from None
    return r.ConcludeReview(text(form, "review"), outcome, text(form, "reasons"), text(form, "by_decision") or None)


ACTS = (
    Act(
        "victim_review_ask",
        SECTION,
        (r.RequestVictimReview,),
        _asked,
        lazy("Case %(reference)s: the request was entered, and its clocks run."),
    ),
    Act(
        "victim_review_move",
        SECTION,
        (r.MoveVictimReview,),
        lambda form, _scene: r.MoveVictimReview(text(form, "victim_review"), text(form, "stage"), text(form, "reason")),
        lazy("Case %(reference)s: the request was moved on."),
    ),
    Act("review_open", SECTION, (r.OpenReview,), _opened, lazy("Case %(reference)s: the review was opened.")),
    Act("review_conclude", SECTION, (r.ConcludeReview,), _concluded, lazy("Case %(reference)s: it was concluded.")),
)
