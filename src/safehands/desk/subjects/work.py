"""Work: tasks with one assignee, and where a person was pointed. What was promised rests on a task."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.case import Task
from safehands.desk.acting import text
from safehands.desk.forms import Button, Field, Form, Kind, plain
from safehands.desk.parsing import instant
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act

SECTION = "work"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about tasks and signposts."""
    if not scene.case.is_open:
        return
    for task in scene.case.open_tasks():
        yield from task_forms(scene, task)
    yield Form(
        "add_task",
        _("Add a task for your own agency"),
        (Button(_("Add the task")),),
        (
            Field("kind", _("The task, in a word")),
            Field("text", _("What has to be done"), Kind.AREA),
            Field("due_at", _("By when, if not within the hour"), Kind.INSTANT),
        ),
        says=_("Work for another agency goes through an offer of support: nobody is given work unasked."),
    )
    yield Form(
        "signpost",
        _("Point the person somewhere"),
        (Button(_("Write down the signpost")),),
        (Field("to", _("Where to")), Field("reason", str(BECAUSE))),
        says=_("A signpost is not a handover: the holder stays."),
    )


def task_forms(scene: Scene, task: Task) -> Iterator[Form]:
    """What the seat's agency can do about an open task."""
    agency, kind = scene.seat.agency, plain(task.kind)
    hidden = {"task": task.task}
    if task.assignee == agency:
        buttons = [Button(_("Done"), "complete")]
        if scene.case.holder != agency:
            buttons.append(Button(_("Hand it back"), "hand_back"))
        if task.contact is None:
            buttons.append(Button(_("No longer needed"), "cancel"))
        fields = (Field("result", _("What came of it, or why it goes back")),)
        yield Form(
            "task", _("The task “%(kind)s” is yours") % {"kind": kind}, tuple(buttons), fields, hidden, task.task
        )
        return
    taking = [Button(_("Take it over"), "take")]
    if scene.holds and task.contact is None:
        taking.append(Button(_("No longer needed"), "cancel"))
    title = _("The task “%(kind)s” of %(who)s") % {"kind": kind, "who": task.assignee}
    because = (Field("result", str(BECAUSE)),)
    yield Form("task", title, tuple(taking), because, {**hidden, "believes_from": task.assignee}, task.task)


def _task(form: QueryDict, _scene: Scene) -> c.HandBackTask | c.CancelTask | c.TakeTask | c.CompleteTask:
    task, said = text(form, "task"), text(form, "result")
    match text(form, "act"):
        case "hand_back":
            return c.HandBackTask(task, said)
        case "cancel":
            return c.CancelTask(task, said)
        case "take":
            return c.TakeTask(task, text(form, "believes_from"), said)
        case _:
            return c.CompleteTask(task, said)


ACTS = (
    Act(
        "task",
        SECTION,
        (c.HandBackTask, c.CancelTask, c.TakeTask, c.CompleteTask),
        _task,
        lazy("Case %(reference)s: the task was brought up to date."),
    ),
    Act(
        "add_task",
        SECTION,
        (c.AddTask,),
        lambda form, _scene: c.AddTask(text(form, "kind"), text(form, "text"), instant(text(form, "due_at"))),
        lazy("Case %(reference)s: the task was added."),
    ),
    Act(
        "signpost",
        SECTION,
        (c.Signpost,),
        lambda form, _scene: c.Signpost(text(form, "to"), text(form, "reason")),
        lazy("Case %(reference)s: written down. A signpost is not a handover: the holder stays."),
    ),
)
