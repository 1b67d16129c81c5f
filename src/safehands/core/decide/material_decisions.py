"""Decisions on material: written reasons, named records, an account of what was known and not seen (sheet 1.10, 2).

A live decision is whoever sends it, now. It says what each record was seen of, signs why what was told of was not seen,
and waives in writing what it was still waiting for. What was decided before this register is stored as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from safehands.core.decide.draft import Draft
from safehands.core.decide.time import check_open, check_said, claimed
from safehands.core.records.answering import open_requests
from safehands.core.records.commands import AssessEffect, DecideOnMaterial
from safehands.core.records.events import EffectAssessed, MaterialDecided
from safehands.core.records.knowing import is_orphan, same_content, to_account_for
from safehands.core.records.vocabulary import RESTS_ON, STAGED_DECISIONS, UnseenReason
from safehands.core.rules import Fault, refuse, refuse_all


def decide_on(draft: Draft, command: DecideOnMaterial) -> None:
    """Decide on named records."""
    if not command.legacy:
        check_open(draft.case)
    given = draft.given
    made_at = claimed(given, command.made_at, legacy=command.legacy)
    decision = command.decision or draft.new_id()
    waiting = () if command.legacy else open_requests(draft.material, given.by.agency)
    refuse_all([*_form(draft, command, decision), *(() if command.legacy else _strict(draft, command, waiting))])
    draft.add(
        MaterialDecided(
            decision=decision,
            kind=command.kind,
            test=command.test,
            stage=command.stage,
            outcome=command.outcome,
            reasons=command.reasons,
            made_at=made_at,
            decider=command.decider or given.by.actor,
            decider_agency=given.by.agency,
            grade=command.grade,
            reviews=command.reviews,
            basis_known=command.basis_known,
            considered=command.considered,
            known_unseen=command.known_unseen,
            shown=command.shown,
            open_requests=waiting,
            waived=dict(command.waived),
            attestations=command.attestations,
            size=given.size,
            root=given.root,
            interim=command.interim,
            procedural_only=command.procedural_only,
            sources=dict(command.sources),
            legacy=command.legacy,
        )
    )


def _form(draft: Draft, command: DecideOnMaterial, decision: str) -> Iterator[Fault]:
    """What holds of old decisions too: ids that exist."""
    material = draft.material
    if decision in material.decisions:
        yield "records.id_known", {"what": "decision", "id": decision}
    if command.reviews is not None and command.reviews not in material.decisions:
        yield "records.unknown", {"what": "decision", "id": command.reviews}
    named = dict.fromkeys(
        (*(each.record for each in command.considered), *(each.record for each in command.known_unseen))
    )
    for record in named:
        if record not in material.records:
            yield "records.unknown", {"what": "record", "id": record}
    for each in command.considered:
        if each.copy is not None and each.copy not in material.copies_of.get(each.record, ()):
            yield "records.copy_of_other", {"copy": each.copy, "record": each.record}
    for attestation in command.attestations:
        if attestation not in material.attestations:
            yield "records.unknown", {"what": "attestation", "id": attestation}


def _strict(draft: Draft, command: DecideOnMaterial, waiting: tuple[str, ...]) -> Iterator[Fault]:
    """What a live decision has to say."""
    material, by = draft.material, draft.given.by
    if not command.reasons.strip():
        yield "evidence.reasons", {}
    if command.decider not in ("", by.actor) or not command.basis_known:
        yield "evidence.own", {}
    rests_on = tuple(each.record for each in command.considered if each.mode in RESTS_ON)
    if not rests_on and not command.procedural_only:
        yield "evidence.considered", {}
    told = to_account_for(material, by.agency)
    not_shown = tuple(record for record in told if record not in command.shown)
    if not_shown:
        yield "evidence.index", {"records": ", ".join(not_shown)}
    seen = same_content(material, rests_on)
    excused = {each.record: each for each in command.known_unseen}
    unseen = tuple(record for record in told if record not in seen and record not in excused)
    if unseen and not command.procedural_only:
        yield "evidence.unseen", {"records": ", ".join(unseen)}
    yield from _excuses(command)
    unwaived = tuple(request for request in waiting if not command.waived.get(request, "").strip())
    if unwaived and not command.interim:
        yield "evidence.open_requests", {"requests": ", ".join(unwaived)}
    orphans = tuple(
        record for record in rests_on if is_orphan(material, record) and not command.sources.get(record, "").strip()
    )
    if orphans:
        yield "evidence.orphan", {"records": ", ".join(orphans)}


def _excuses(command: DecideOnMaterial) -> Iterator[Fault]:
    """The reasons for not seeing: signed, in words where the code says nothing, and only where they may be given."""
    unsigned = [each.record for each in command.known_unseen if not each.signed]
    if unsigned:
        yield "evidence.unsigned", {"records": ", ".join(unsigned)}
    wordless = [
        each.record for each in command.known_unseen if each.reason is UnseenReason.OTHER and not each.text.strip()
    ]
    if wordless:
        yield "evidence.why_unseen", {"records": ", ".join(wordless)}
    staged = [
        each.record
        for each in command.known_unseen
        if each.reason is UnseenReason.RECORD_SUFFICIENT_AT_THIS_STAGE and command.kind not in STAGED_DECISIONS
    ]
    if staged:
        yield "evidence.staged", {"records": ", ".join(staged)}


def assess(draft: Draft, command: AssessEffect) -> None:
    """Weigh what a record that came later means for a decision (R03)."""
    check_said(reason=command.reason)
    material = draft.material
    if command.decision not in material.decisions:
        refuse("records.unknown", what="decision", id=command.decision)
    if command.record not in material.records:
        refuse("records.unknown", what="record", id=command.record)
    made = material.decisions[command.decision].event
    if any(each.record == command.record and each.mode in RESTS_ON for each in made.considered):
        refuse("effect.not_later", record=command.record, decision=command.decision)
    draft.add(EffectAssessed(command.decision, command.record, draft.given.by.actor, command.reason))
