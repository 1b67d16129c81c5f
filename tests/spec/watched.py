"""Stories of the acceptance scenarios: played through the service, and after every single command what must always
hold is checked.

Unowned seconds are zero and nobody holds twice (by the auditor's own code); what a caller was promised has a task that
an agency took; new risk never lowers the class; and every conclusion that was ever written follows again from the
inputs stored beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from safehands.core import commands as c
from safehands.core.events import Entry, TriageConcluded
from safehands.core.pathway import Pathway
from safehands.core.tables import deciding_rows
from safehands.core.vocabulary import HappenedSource
from scenario import InUse, Sent, Story, right_care

#: Commands after which the tables may say less than before: something was put right, or begins anew.
_MAY_LOWER = (c.CorrectAnswer, c.ReopenCase, c.JoinContact)


class Watched(InUse):
    """The service, with somebody looking at every entry."""

    def do(self, sent: Sent) -> tuple[Entry, ...]:
        opens = isinstance(sent.command, c.TakeContact)
        before = None if opens else self.case(sent.name).conclusion
        entries = super().do(sent)
        story = Story(self, self.pathway, name=sent.name)
        story.check_sound()
        case = self.case(sent.name)
        for promise in case.promises.values():
            assert case.tasks[promise.task].assignee, "a promise rests on somebody's task"
        if before is not None and case.conclusion is not None and not isinstance(sent.command, _MAY_LOWER):
            assert case.conclusion.outcome >= before.outcome, "no rule lowers on new risk"
        for entry in self.entries(sent.name):
            if isinstance(entry.event, TriageConcluded):
                check_reproduced(self.pathway, entry.event)
        return entries


def check_reproduced(pathway: Pathway, said: TriageConcluded) -> None:
    """The conclusion follows from its stored inputs by a plain reading of the rows: what a coroner's copy can be
    checked with.
    """
    fits = [
        row for _, row in deciding_rows(pathway) if all(said.inputs[name] in codes for name, codes in row.when.items())
    ]
    assert (fits[0].outcome, fits[0].id) == (said.outcome, said.row)


def watched(pathway: Pathway | None = None) -> Story:
    """A story through the service with somebody looking."""
    pathway = pathway or right_care()
    return Story(Watched(pathway), pathway)


def pack_of(pathway: Pathway, name: str, **instead: str) -> Mapping[str, str]:
    """A pack with every field said, but for what stands ``instead``."""
    fields = next(pack.fields for pack in pathway.packs if pack.id == name)
    return {field.id: "said" for field in fields} | instead


LATE = HappenedSource.LATE
