"""Tasks: work with exactly one assignee agency. Nobody is given work unasked, and no task is ever nobody's.

A task comes to be by adding it for one's own agency or by accepting a support offer; it moves by another agency's
taking it over or by going back to the holder. The holder of the case stays where it is throughout.
"""

from __future__ import annotations

from safehands.core.case import Case, Task, TaskStatus
from safehands.core.commands import AddTask, CancelTask, CompleteTask, HandBackTask, TakeTask
from safehands.core.decide import handover
from safehands.core.decide.draft import Draft
from safehands.core.decide.entry import ENTRY, check_not_last, check_power, task_of
from safehands.core.decide.time import check_open, check_said, task_deadline
from safehands.core.events import TaskAdded, TaskCancelled, TaskCompleted, TaskReassigned
from safehands.core.rules import refuse, stale


def add(draft: Draft, command: AddTask) -> None:
    """Add work for one's own agency."""
    check_open(draft.case)
    check_said(kind_of_task=command.kind)
    agency = draft.given.by.agency
    check_power(draft.pathway, command.kind, agency)
    entry = task_of(draft.case) if command.kind == ENTRY else None
    if entry is not None:
        refuse("task.one_entry", assignee=entry.assignee)
    due_at = task_deadline(draft.given, command.due_at)
    draft.add(TaskAdded(draft.new_id(), command.kind, agency, due_at, command.text))
    if command.kind == ENTRY:
        handover.withdraw_entry_offers(draft, agency)


def take(draft: Draft, command: TakeTask) -> None:
    """Take a task over from the agency that has it."""
    agency = draft.given.by.agency
    task = _open_task(draft.case, command.task)
    if task.assignee == agency:
        refuse("task.own_already")
    if task.assignee != command.believes_from:
        stale(f"{task.assignee} has this task now, not {command.believes_from}.", task=task.task)
    check_power(draft.pathway, task.kind, agency)
    check_said(reason=command.reason)
    draft.add(TaskReassigned(task.task, task.assignee, agency, command.reason))


def hand_back(draft: Draft, command: HandBackTask) -> None:
    """The assignee cannot do it: the holder has it again."""
    case = draft.case
    task = _open_task(case, command.task)
    _check_assignee(task, draft)
    if task.assignee == case.holder:
        refuse("task.holder_cannot_hand_back")
    _check_not_last_entry(draft, task)
    check_said(reason=command.reason)
    draft.add(TaskReassigned(task.task, task.assignee, case.holder, command.reason))


def complete(draft: Draft, command: CompleteTask) -> None:
    """Done by the assignee, with what came of it."""
    task = _open_task(draft.case, command.task)
    _check_assignee(task, draft)
    check_said(result=command.result)
    draft.add(TaskCompleted(task.task, command.result))


def cancel(draft: Draft, command: CancelTask) -> None:
    """No longer needed, say the holder or the assignee; never while a person still believes that it will be done."""
    case = draft.case
    task = _open_task(case, command.task)
    if draft.given.by.agency not in (case.holder, task.assignee):
        refuse("task.not_holder", holder=case.holder, assignee=task.assignee)
    if any(promise.task == task.task and case.believed(promise) for promise in case.promises.values()):
        refuse("task.promised")
    if task.contact is not None:
        refuse("task.call_back")
    _check_not_last_entry(draft, task)
    check_said(reason=command.reason)
    draft.add(TaskCancelled(task.task, command.reason))


def _check_not_last_entry(draft: Draft, task: Task) -> None:
    if task.kind == ENTRY:
        check_not_last(draft.pathway, draft.case, task.assignee, "task.last_entry", task=task.task)


def _open_task(case: Case, task_id: str) -> Task:
    check_open(case)
    if task_id not in case.tasks:
        refuse("task.unknown", task=task_id)
    task = case.tasks[task_id]
    if task.status is not TaskStatus.OPEN:
        refuse("task.settled", status=task.status)
    return task


def _check_assignee(task: Task, draft: Draft) -> None:
    if task.assignee != draft.given.by.agency:
        refuse("task.not_assignee", assignee=task.assignee)
