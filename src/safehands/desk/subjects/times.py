"""Clocks and what they wait for: milestones, delays explained, more time or a pause where a declaration allows it; and
responders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from safehands.core import commands as c
from safehands.core.case import Clock, ClockStatus
from safehands.core.pathway import ClockSpec, Pause
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, plain
from safehands.desk.parsing import by_prefix, hours, needed_instant, not_before
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act, when
from safehands.errors import BadInput

SECTION = "times"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about clocks, milestones and responders."""
    case = scene.case
    if case.is_open:
        yield milestone_form(scene)
        for clock in case.clocks.values():
            yield from clock_forms(scene, clock)
        yield from _corrections(scene)
        yield Form(
            "responder",
            _("Somebody of ours arrived"),
            (Button(_("Arrived"), "arrive"),),
            (
                Field("responder", _("Their call sign or number")),
                Field("place", _("Where")),
                when(_("When, if not now")),
            ),
            {"agency": scene.seat.agency},
        )
    for presence in case.presences.values():
        if presence.released_at is None:
            title = _("%(who)s is free again") % {"who": presence.responder}
            yield Form(
                "responder",
                title,
                (Button(_("Released"), "release"),),
                (when(_("When, if not now")),),
                {"responder": presence.responder},
                presence.responder,
            )


def milestone_form(scene: Scene) -> Form:
    """Something dated happened that the pathway declares."""
    known = tuple(Choice(each, plain(each)) for each in scene.pathway.milestones)
    subjects = tuple(Choice(each, each) for each in scene.case.subjects)
    fields = [
        Field("milestone", _("What"), Kind.CHOICE, known),
        Field("note", _("Who saw it, and how")),
        when(_("When, if not now")),
    ]
    if len(subjects) > 1:
        fields.insert(1, Field("party", _("Of whom"), Kind.CHOICE, subjects))
    return Form("milestone", _("Something happened"), (Button(_("Write it down")),), tuple(fields))


def clock_forms(scene: Scene, clock: Clock) -> Iterator[Form]:
    """What can be said about a clock: why it is late, why it needs more time, or why it stands still."""
    label = scene.words.clock(clock.spec)
    if clock.status is ClockStatus.PAUSED:
        yield _resume(clock, label)
        return  # its end moves while it stands still, so that nothing is late yet
    late = clock.due_at is not None and clock.due_at <= scene.now
    if clock.status is not ClockStatus.STOPPED and late:
        yield Form(
            "explain_delay",
            _("Explain the delay: %(clock)s") % {"clock": label},
            (Button(_("Write down why")),),
            (Field("reason", str(BECAUSE)), Field("expected_at", _("Until when"), Kind.INSTANT)),
            {"clock": clock.clock},
            clock.clock,
            _("Whoever waits learns why, and until when. It stops nothing."),
        )
    spec = spec_of(scene, clock)
    if spec is not None and spec.extension is not None and clock.status is ClockStatus.RUNNING and not late:
        yield _extend(spec, clock, label)
    if spec is not None and spec.pause is not None and clock.status is ClockStatus.RUNNING and not late:
        yield _pause(spec.pause, clock, label)


def spec_of(scene: Scene, clock: Clock) -> ClockSpec | None:
    """The declaration of a clock; the kernel's own clocks have none."""
    return next((each for each in scene.pathway.clocks if each.id == clock.spec), None)


def _extend(spec: ClockSpec, clock: Clock, label: str) -> Form:
    extension = spec.extension
    assert extension is not None, "only a clock that can be extended has this form"
    longest = int(extension.longest.total_seconds() // 3600)
    evidence = (*extension.evidence, *(("approved_by",) if extension.approval_at else ()))
    return Form(
        "extend_clock",
        _("Give more time: %(clock)s") % {"clock": label},
        (Button(_("Extend, once")),),
        (
            Field("hours", _("Hours, at most %(n)d") % {"n": longest}, Kind.NUMBER),
            Field("reason", str(BECAUSE), Kind.CHOICE, tuple(Choice(each, plain(each)) for each in extension.reasons)),
            *(Field(f"e.{name}", plain(name).capitalize()) for name in evidence),
        ),
        {"clock": clock.clock},
        clock.clock,
        _("Once, before it runs out, with the evidence that the law asks for."),
    )


def _pause(rule: Pause, clock: Clock, label: str) -> Form:
    longest = {"longest": length(rule.longest)}
    return Form(
        "pause_clock",
        _("Let it stand still: %(clock)s") % {"clock": label},
        (Button(_("Let it stand still")),),
        (
            Field("reason", str(BECAUSE), Kind.CHOICE, tuple(Choice(each, plain(each)) for each in rule.reasons)),
            Field("until", _("Until when, at most %(longest)s from now") % longest, Kind.INSTANT),
        ),
        {"clock": clock.clock},
        clock.clock,
        _("It runs on by itself at that time. What was left of it is left then."),
    )


def _resume(clock: Clock, label: str) -> Form:
    return Form(
        "resume_clock",
        _("Let it run on: %(clock)s") % {"clock": label},
        (Button(_("Let it run on now")),),
        (Field("reason", str(BECAUSE)),),
        {"clock": clock.clock},
        clock.clock,
        _("It stands still, and runs on by itself when its pause ends. End the pause here where the reason is gone."),
    )


def length(span: timedelta) -> str:
    """A length of time in its largest whole unit: ``60 days``, ``36 hours``, ``30 minutes``."""
    minutes = int(span.total_seconds() // 60)
    if minutes % 1440 == 0:
        return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def _corrections(scene: Scene) -> Iterator[Form]:
    case = scene.case
    for waiting in case.corrections.values():
        if waiting.proposed_by == scene.seat.actor.actor:
            continue
        what = {
            "what": plain(waiting.milestone),
            "was": shown(waiting.was),
            "now": shown(waiting.now),
        }
        title = _("Confirm that “%(what)s” was at %(now)s, not at %(was)s") % what
        hidden = {"correction": waiting.correction}
        says = _("You are the second person. Clocks that began there are worked out again.")
        yield Form("milestone_confirm", title, (Button(_("Confirm")),), (), hidden, waiting.correction, says)
    if case.milestones:
        known = tuple(
            Choice(f"{each.milestone}@{each.at.isoformat()}", f"{plain(each.milestone)}, {shown(each.at)}")
            for each in case.milestones
        )
        yield Form(
            "milestone_was",
            _("A milestone was at another time"),
            (Button(_("Propose the other time")),),
            (
                Field("which", _("Which"), Kind.CHOICE, known),
                Field("now", _("When it really was"), Kind.INSTANT),
                Field("reason", str(BECAUSE)),
            ),
            says=_("A second person has to confirm it."),
        )


def shown(at: datetime) -> str:
    """An instant in the time of London: ``22 Nov 18:05:09``."""
    return f"{timezone.localtime(at):%-d %b %H:%M:%S}"


def _milestone(form: QueryDict, _scene: Scene) -> c.RecordMilestone:
    return c.RecordMilestone(text(form, "milestone"), text(form, "note"), text(form, "party") or None)


def _responder(form: QueryDict, scene: Scene) -> c.RecordRelease | c.RecordArrival:
    if text(form, "act") == "release":
        return c.RecordRelease(text(form, "responder"))
    if not text(form, "responder"):
        raise BadInput([_("Say who arrived: a call sign or a number.")])
    return c.RecordArrival(text(form, "responder"), scene.seat.agency, text(form, "place"))


def _extended(form: QueryDict, _scene: Scene) -> c.ExtendClock:
    return c.ExtendClock(text(form, "clock"), hours(form, "hours"), text(form, "reason"), by_prefix(form, "e"))


def _paused(form: QueryDict, _scene: Scene) -> c.PauseClock:
    until = needed_instant(form, "until", _("until when it stands still"))
    return c.PauseClock(text(form, "clock"), text(form, "reason"), until)


def _moved(form: QueryDict, scene: Scene) -> c.ProposeMilestoneCorrection:
    milestone, _at, was = text(form, "which").partition("@")
    try:
        before = datetime.fromisoformat(was)
    except ValueError:
        raise BadInput([_("Choose which milestone was at another time.")]) from None
    now = needed_instant(form, "now", _("when it really was"))
    now = not_before(now, scene.case.opened_at) or now
    return c.ProposeMilestoneCorrection(milestone, before, now, text(form, "reason"))


ACTS = (
    Act("milestone", SECTION, (c.RecordMilestone,), _milestone, lazy("Case %(reference)s: written down.")),
    Act(
        "responder",
        SECTION,
        (c.RecordArrival, c.RecordRelease),
        _responder,
        lazy("Case %(reference)s: written down."),
    ),
    Act(
        "explain_delay",
        SECTION,
        (c.ExplainDelay,),
        lambda form, _scene: c.ExplainDelay(
            text(form, "clock"),
            text(form, "reason"),
            needed_instant(form, "expected_at", _("until when they will wait")),
        ),
        lazy("Case %(reference)s: the delay was explained. The clock still waits."),
    ),
    Act("extend_clock", SECTION, (c.ExtendClock,), _extended, lazy("Case %(reference)s: the clock has more time.")),
    Act("pause_clock", SECTION, (c.PauseClock,), _paused, lazy("Case %(reference)s: the clock stands still.")),
    Act(
        "resume_clock",
        SECTION,
        (c.ResumeClock,),
        lambda form, _scene: c.ResumeClock(text(form, "clock"), text(form, "reason")),
        lazy("Case %(reference)s: the clock runs on."),
    ),
    Act(
        "milestone_was",
        SECTION,
        (c.ProposeMilestoneCorrection,),
        _moved,
        lazy("Case %(reference)s: proposed. Nothing changes until a second person confirms it."),
    ),
    Act(
        "milestone_confirm",
        SECTION,
        (c.ConfirmMilestoneCorrection,),
        lambda form, _scene: c.ConfirmMilestoneCorrection(text(form, "correction")),
        lazy("Case %(reference)s: corrected, and its clocks were worked out again."),
    ),
)
