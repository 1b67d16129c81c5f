"""What became of the person afterwards, and complaints: learned late, often after the case was closed (right-care
sheet 4, metrics 8 and 9).

An outcome names what happened, how bad it was, when, and who says so. That somebody looked and found nothing is an
outcome too (``none_found``, known up to its time); that nobody ever looked is not, so a rate of harm can say how much
of its base is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safehands.core.commands import LinkComplaint, RecordOutcome
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_said
from safehands.core.events import ComplaintLinked, OutcomeRecorded
from safehands.core.rules import refuse

#: How bad an outcome can be, by what happened. The wording is ours: the sheet's sources ask for death and serious
#: injury.
SEVERITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "death": ("fatal",),
    "self_harm": ("serious", "minor", "unknown"),
    "injury": ("serious", "minor", "unknown"),
    "illness": ("serious", "minor", "unknown"),
    "violence_to_others": ("fatal", "serious", "minor", "unknown"),
    "none_found": ("none",),
}


def record(draft: Draft, command: RecordOutcome) -> None:
    """Write an outcome down, in an open case or a closed one."""
    case, given = draft.case, draft.given
    if given.by.agency not in case.standing():
        refuse("outcome.stranger")
    if command.kind not in SEVERITIES:
        refuse("outcome.kind", kinds=", ".join(SEVERITIES))
    if command.severity not in SEVERITIES[command.kind]:
        refuse("outcome.severity", kind=command.kind, severities=", ".join(SEVERITIES[command.kind]))
    if command.at > given.now:
        refuse("outcome.future", at=command.at.isoformat())
    check_said(source=command.source)
    draft.add(OutcomeRecorded(draft.new_id(), command.kind, command.severity, command.at, command.source))


def link_complaint(draft: Draft, command: LinkComplaint) -> None:
    """Tie a complaint to the case, once; its text lies where complaints are handled."""
    case = draft.case
    check_said(complaint=command.complaint)
    if command.complaint in case.complaints:
        refuse("complaint.known", complaint=command.complaint)
    if command.received_at > draft.given.now:
        refuse("complaint.future", at=command.received_at.isoformat())
    if command.decision is not None and all(made.decision != command.decision for made in case.decisions):
        refuse("complaint.decision")
    draft.add(ComplaintLinked(command.complaint, command.received_at, command.decision))
