"""Concerns are seen, and false alarms set aside by two people; none is ever deleted (evidence-review sheet 1.13)."""

from __future__ import annotations

from typing import Final

from safehands.core.case import Concern
from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_said
from safehands.core.records.commands import AcknowledgeConcern, ConfirmSettingAside, ProposeSettingAside
from safehands.core.records.events import ConcernAcknowledged, ConcernSetAside, SettingAsideProposed
from safehands.core.rules import refuse

#: The grade of concerns that somebody of another agency has to see.
CRITICAL: Final = 1


def acknowledge(draft: Draft, command: AcknowledgeConcern) -> None:
    """A person has seen it and says what is done."""
    check_said(reason=command.reason)
    _check_side(draft, _known(draft, command.concern))
    draft.add(ConcernAcknowledged(command.concern, command.reason))


def propose(draft: Draft, command: ProposeSettingAside) -> None:
    """The first of two says that it is a false alarm."""
    check_said(reason=command.reason)
    _check_standing(_known(draft, command.concern))
    draft.add(SettingAsideProposed(command.concern, command.reason))


def confirm(draft: Draft, command: ConfirmSettingAside) -> None:
    """The second agrees; of a critical concern, somebody of another agency or an auditor."""
    concern = _known(draft, command.concern)
    _check_standing(concern)
    proposed = draft.case.asides.get(command.concern)
    if proposed is None:
        refuse("concern.no_proposal")
    if proposed.by == draft.given.by.actor:
        refuse("concern.second_person")
    _check_side(draft, concern)
    draft.add(ConcernSetAside(command.concern, proposed.reason, draft.given.by.actor))


def _known(draft: Draft, concern: str) -> Concern:
    if concern not in draft.case.concerns:
        refuse("concern.unknown")
    return draft.case.concerns[concern]


def _check_standing(concern: Concern) -> None:
    if concern.set_aside:
        refuse("concern.aside")


def _check_side(draft: Draft, concern: Concern) -> None:
    """Of a critical concern: not the agency whose act or record it is about."""
    by = draft.given.by
    if concern.grade == CRITICAL and by.agency == concern.about_agency and by.role != "auditor":
        refuse("concern.other_agency", agency=concern.about_agency)
