"""Answers to requests, line by line against the answering agency's own register, and statements that nothing further is
held (evidence-review sheet 0.6, 1.7, 1.8).

A live answer is not complete while a record in scope on the own register has no line (R04), and a live statement is
refused where the own register contradicts it, or where it names no place that was searched (R05a).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from safehands.core.decide.draft import Draft
from safehands.core.decide.requests import known_request
from safehands.core.decide.time import check_said, claimed
from safehands.core.records.answering import of_register, unanswered
from safehands.core.records.commands import AnswerRequest, AttestNothingFurther
from safehands.core.records.events import MaterialRequested, NothingFurtherAttested, RequestAnswered
from safehands.core.records.knowing import same_content
from safehands.core.records.material import EMPTY, Material
from safehands.core.records.reading import now
from safehands.core.records.vocabulary import (
    CustodyType,
    HoldingStatus,
    ReplyCode,
    ReplyItem,
    Sensitivity,
    WithheldFor,
)
from safehands.core.rules import Fault, refuse, refuse_all, stale


def answer(draft: Draft, command: AnswerRequest) -> None:
    """The asked agency answers. What was answered before this register may be entered by either side, as it was."""
    request, by = known_request(draft, command.request), draft.given.by
    sides = (request.to_agency, request.from_agency) if command.legacy else (request.to_agency,)
    if by.agency not in sides:
        refuse("reply.not_yours", to_agency=request.to_agency)
    at = claimed(draft.given, command.at, legacy=command.legacy)
    if command.request in draft.material.withdrawn:
        stale(
            f"{request.from_agency} withdrew this request. Nothing has to be answered any more.",
            request=command.request,
        )
    reply = command.reply or draft.new_id()
    refuse_all([*_form(draft, command, reply), *(() if command.legacy else _strict(draft, command, request))])
    draft.add(
        RequestAnswered(
            reply,
            command.request,
            request.to_agency,
            at,
            command.items,
            command.complete,
            command.attestation,
            command.supersedes,
            command.legacy,
        )
    )


def _form(draft: Draft, command: AnswerRequest, reply: str) -> Iterator[Fault]:
    """What holds of old answers too: ids that exist, one line a record."""
    material = draft.material
    earlier = material.replies.get(command.request, ())
    if any(fact.event.reply == reply for replies in material.replies.values() for fact in replies):
        yield "records.id_known", {"what": "answer", "id": reply}
    if earlier and command.supersedes != earlier[-1].event.reply:
        yield "reply.supersedes", {"reply": earlier[-1].event.reply}
    if not earlier and command.supersedes is not None:
        yield "records.unknown", {"what": "answer", "id": command.supersedes}
    named = [item.record for item in command.items]
    twice = sorted({record for record in named if named.count(record) > 1}) if len(set(named)) < len(named) else []
    if twice:
        yield "reply.twice", {"records": ", ".join(twice)}
    if command.attestation is not None and command.attestation not in material.attestations:
        yield "records.unknown", {"what": "attestation", "id": command.attestation}


def _strict(draft: Draft, command: AnswerRequest, request: MaterialRequested) -> Iterator[Fault]:
    """What a live answer has to be besides."""
    own = _own(draft)
    for item in command.items:
        if item.record not in own.records and item.record not in draft.material.records:
            yield "records.unknown", {"what": "record", "id": item.record}
            continue
        needed = _needed(draft, own, item, request)
        if needed:
            yield "reply.needs", {"record": item.record, "answer": item.answer.replace("_", " "), "needed": needed}
        if item.answer is ReplyCode.NOT_HELD and _holds(own, item.record, request.to_agency, draft.at):
            yield "reply.contradicts", {"record": item.record}
    if not command.complete:
        return
    left = unanswered(own, request, draft.stream, frozenset(item.record for item in command.items))
    if left:
        yield "reply.incomplete", {"records": ", ".join(left)}
    if not command.items and command.attestation is None:
        yield "reply.nothing", {}


def _needed(draft: Draft, own: Material, item: ReplyItem, request: MaterialRequested) -> str:
    """What the line of this answer lacks, in words; empty where nothing."""
    match item.answer:
        case ReplyCode.SUPPLIED | ReplyCode.ALREADY_SUPPLIED:
            return "" if _was_shared(draft, item, request) else "name the share by which they have it"
        case ReplyCode.LISTED_NOT_SUPPLIED | ReplyCode.NOT_SEARCHED:
            return "" if item.reason.strip() else "say why"
        case ReplyCode.WITHHELD:
            classed = item.withheld_for is not None and item.seen_by_prosecutor is not None
            told = item.withheld_for is not WithheldFor.OTHER or bool(item.reason.strip())
            return "" if classed and told else "say on what ground, and whether the prosecutor saw it"
        case ReplyCode.NOT_HELD:
            return "" if item.last_holder else "say who held it last, or that this is unknown"
        case ReplyCode.DESTROYED:
            return "" if _was_destroyed(own, item) else "name the entry of your register by which it was destroyed"
        case _ as never:
            assert_never(never)


def _was_shared(draft: Draft, item: ReplyItem, request: MaterialRequested) -> bool:
    material = draft.material
    if item.share is None or item.share not in material.shares:
        return False
    share = material.shares[item.share].event
    return (
        share.to_agency == request.from_agency
        and item.share not in material.revoked
        and share.record in same_content(material, (item.record,))
    )


def _was_destroyed(own: Material, item: ReplyItem) -> bool:
    """By the custody of one of its copies, or by what the agency asserted of the record."""
    disposals = {
        fact.event.custody
        for copy in own.copies_of.get(item.record, ())
        for fact in own.custody.get(copy, ())
        if fact.event.type is CustodyType.DESTROYED
    }
    asserted = any(fact.event.status is HoldingStatus.DESTROYED for fact in own.holdings.get(item.record, ()))
    return item.event is not None and (item.event in disposals or asserted)


def _holds(own: Material, record: str, agency: str, at: datetime) -> bool:
    return now(own).holding(record, agency, at) is not None


def _own(draft: Draft) -> Material:
    return draft.given.own if draft.given.own is not None else EMPTY


def attest(draft: Draft, command: AttestNothingFurther) -> None:
    """A named person says that nothing further is held. Old statements are stored as they were made."""
    agency, given = draft.given.by.agency, draft.given
    request = known_request(draft, command.request) if command.request is not None else None
    sides = (request.to_agency, request.from_agency) if request is not None and command.legacy else ()
    answering = request.to_agency if request is not None else agency
    if agency != answering and agency not in sides:
        refuse("reply.not_yours", to_agency=answering)
    check_said(wording=command.wording, searched_by=command.searched_by if not command.legacy else "not said")
    at = claimed(given, command.at, legacy=command.legacy)
    attestation = command.attestation or draft.new_id()
    faults: list[Fault] = []
    if attestation in draft.material.attestations:
        faults.append(("records.id_known", {"what": "attestation", "id": attestation}))
    refuse_all([*faults, *(() if command.legacy else _contradicted(draft, command))])
    draft.add(
        NothingFurtherAttested(
            attestation,
            answering,
            at,
            command.attested_by if command.legacy and command.attested_by else given.by.actor,
            command.scope,
            command.systems_searched,
            command.searched_by,
            command.wording,
            dict(command.not_searched),
            command.search_terms,
            command.listed,
            command.request,
            command.legacy,
        )
    )


def _contradicted(draft: Draft, command: AttestNothingFurther) -> Iterator[Fault]:
    own, agency = _own(draft), draft.given.by.agency
    if not command.systems_searched:
        yield "attestation.systems", {}
    both = sorted(set(command.systems_searched) & set(command.not_searched))
    if both:
        yield "attestation.both", {"systems": ", ".join(both)}
    found = sorted(of_register(own, agency, command.scope, draft.stream), key=lambda fact: fact.seq)
    held = [
        fact.event.record
        for fact in found
        if fact.event.record not in command.listed
        and fact.event.sensitivity is not Sensitivity.HIGHLY_SENSITIVE
        and _holds(own, fact.event.record, agency, draft.at)
    ]
    if held:
        yield "attestation.contradicted", {"records": ", ".join(held)}
