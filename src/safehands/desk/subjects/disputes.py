"""Disputes between agencies: raised, answered, taken up a level, settled. The holder stays throughout."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.case import Challenge
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act, yes_or_no

SECTION = "disputes"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about disputes."""
    case, agency = scene.case, scene.seat.agency
    if not case.is_open:
        return
    for challenge in case.open_challenges():
        if agency in (challenge.by_agency, challenge.against):
            yield from challenge_forms(scene, challenge)
    if others := scene.others():
        fields = (
            Field("against", _("With whom"), Kind.CHOICE, tuple(Choice(each, each) for each in others)),
            Field("position", _("What you say"), Kind.AREA),
            Field(
                "asserts_risk",
                _("Do you say that life is at risk?"),
                Kind.CHOICE,
                yes_or_no(_("Yes: somebody is sent meanwhile if nobody settles it in time"), _("No")),
            ),
        )
        says = _("The holder stays. Each level has its time, and goes up by itself when that has passed.")
        title = _("Dispute what was decided, or who should act")
        yield Form("challenge_raise", title, (Button(_("Raise the dispute")),), fields, says=says)


def challenge_forms(scene: Scene, challenge: Challenge) -> Iterator[Form]:
    """What one of the two sides can do."""
    mine = scene.seat.agency == challenge.by_agency
    other = challenge.against if mine else challenge.by_agency
    hidden, about = {"challenge": challenge.challenge}, challenge.challenge
    position = (Field("position", _("What you say"), Kind.AREA),)
    title = _("State your position to %(other)s") % {"other": other}
    yield Form("challenge", title, (Button(_("State it"), "answer"),), position, hidden, f"{about} answer")
    if mine:
        buttons: tuple[Button, ...] = (Button(_("We withdraw it"), "withdrawn"),)
    else:
        buttons = (Button(_("They are right: changed"), "changed"), Button(_("We stand by it: upheld"), "upheld"))
    because = (Field("reason", _("What was agreed, and why")),)
    yield Form(
        "challenge", _("Settle it with %(other)s") % {"other": other}, buttons, because, hidden, f"{about} settle"
    )
    later = [level for level in scene.pathway.challenge_levels if level.level > challenge.level]
    if later:
        following = min(later, key=lambda level: level.level)
        says = _("Next: %(who)s.") % {"who": following.parties}
        up = (Button(_("Take it up a level"), "escalate"),)
        yield Form("challenge", _("Take it up a level"), up, (), hidden, f"{about} up", says)


def _challenge(form: QueryDict, _scene: Scene) -> c.AnswerChallenge | c.EscalateChallenge | c.SettleChallenge:
    challenge, act = text(form, "challenge"), text(form, "act")
    match act:
        case "answer":
            return c.AnswerChallenge(challenge, text(form, "position"))
        case "escalate":
            return c.EscalateChallenge(challenge)
        case _:
            return c.SettleChallenge(challenge, act, text(form, "reason"))


ACTS = (
    Act(
        "challenge_raise",
        SECTION,
        (c.RaiseChallenge,),
        lambda form, _scene: c.RaiseChallenge(
            text(form, "against"), text(form, "position"), text(form, "asserts_risk") != "no"
        ),
        lazy("Case %(reference)s: the dispute is raised, and its clock runs."),
    ),
    Act(
        "challenge",
        SECTION,
        (c.AnswerChallenge, c.EscalateChallenge, c.SettleChallenge),
        _challenge,
        lazy("Case %(reference)s: the dispute was brought up to date."),
    ),
)
