"""Getting in: the one kind of task that is never nobody's (right-care sheet 2.3 A3, 8.5; failures 1, 3, 4).

A locked door turns a health call into a task for somebody with the power and the tools to open it. One agency has that
task at a time. The last that could get in neither declines, hands back nor cancels before supervisors of both agencies
have talked it over.
"""

from __future__ import annotations

from typing import Final

from safehands.core.case import Case, Task
from safehands.core.concerns import SEEN
from safehands.core.pathway import Pathway
from safehands.core.rules import refuse
from safehands.core.vocabulary import role_of

#: The kind of task that opens a locked door.
ENTRY: Final = "entry"

_TALKED_OVER: Final = frozenset({"upheld", "changed", "exhausted"})


def task_of(case: Case) -> Task | None:
    """The open task to get in, where somebody has it."""
    return next((task for task in case.open_tasks() if task.kind == ENTRY), None)


def check_power(pathway: Pathway, kind: str, agency: str) -> None:
    """Nobody takes a task that its role has no power to do: a crisis team cannot force a door."""
    if not pathway.able(kind, role_of(agency)):
        refuse("task.no_power", agency=agency, kind=kind, roles=", ".join(pathway.roles_for(kind)))


def check_not_last(
    pathway: Pathway, case: Case, agency: str, rule: str, *, offer: str | None = None, task: str | None = None
) -> None:
    """``agency`` may let go of this ``offer`` or ``task`` to get in: another has it, nobody has to any more, or it was
    talked over.
    """
    others = any(each.task_kind == ENTRY and each.offer != offer for each in case.open_offers())
    has_task = any(each.kind == ENTRY and each.task != task for each in case.open_tasks())
    if others or has_task or not still_needed(case) or talked_over(pathway, case, agency):
        return
    refuse(rule)


def still_needed(case: Case) -> bool:
    """Whether somebody may still have to get in: nobody has, nobody saw the person, and nobody decided that none needs
    to go.
    """
    stood_down = case.decided is not None and not case.decided.deploys
    return not stood_down and not case.reached(*SEEN, "entry_made")


def talked_over(pathway: Pathway, case: Case, agency: str) -> bool:
    """Whether a dispute with ``agency`` was settled by supervisors, or went above them. A pathway without a ladder
    asks for none.
    """
    first = min((level.level for level in pathway.challenge_levels), default=None)
    return first is None or any(
        agency in (each.by_agency, each.against) and (each.state in _TALKED_OVER or each.level > first)
        for each in case.challenges.values()
    )
