"""R04: an answer leaves out what was held. R05: "nothing further" was said of what was held."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from safehands.core.records import events as e
from safehands.core.records.findings import Finding
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import in_scope, made_at
from safehands.core.records.vocabulary import Form, Relevance, Sensitivity
from safehands.rulebook.integrity.cells import (
    CRITICAL,
    HIGH,
    MEDIUM,
    NOTHING,
    RECORDED,
    Judged,
    Parts,
    Question,
    Rule,
    cause,
    kin,
    knowable,
    records_of,
    voices,
)

# --- R04 --------------------------------------------------------------------------------------------------------------


def request_cells(material: Material) -> Iterable[Parts]:
    """Each request that was answered with each record."""
    return ((request, each) for request in material.replies for each in material.records)


def request_touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """An answered request with every record; of a record, every answered request to whoever speaks of it."""
    match fact.event:
        case e.RequestAnswered(request=request) | e.MaterialRequested(request=request):
            every = material.records if request in material.replies else ()
            return ((request, each) for each in every)
        case e.ScheduleServed(form=Form.MG6D, items=items):
            records = tuple(item.record for item in items)
        case _:
            records = records_of(material, fact)
    joined = kin(material, records)
    asked = dict.fromkeys(name for agency in voices(material, joined) for name in material.asked_of.get(agency, ()))
    return ((request, each) for request in asked if request in material.replies for each in joined)


def judge_request(question: Question, parts: Parts) -> Judged:
    """What is true of a request and a record."""
    finding = find_in_request(question, parts)
    if finding is None:
        return NOTHING
    reply = next(each for each in question.material.replies[parts[0]] if each.seq == finding.because[1])
    same = ((parts[0], each) for each in question.reading.content_class(parts[1]))
    return Judged(knowable(finding, question, reply, reply.event.at, find=find_in_request, cells=same))


def find_in_request(question: Question, parts: Parts) -> Finding | None:
    """Whether the answers to a request left out a record that was held, or at first did."""
    reading, material, (name, record) = question.reading, question.material, parts
    request = reading.one(material.requests, name)
    members = reading.content_class(record)
    replies = reading.all(material.replies, name)
    if request is None or not replies or members[0] != record:
        return None
    replaced = {reply.event.supersedes for reply in replies}
    lines = {reply for each in members for reply in material.answered_in.get(each, ())}
    first = next((reply.seq for reply in replies if reply.event.reply in lines), 0)
    answered = next((reply for reply in replies if reply.event.reply in lines - replaced), None)
    for reply in replies:
        if answered is None and reply.event.reply in replaced:
            continue
        if answered is not None and (reply.seq >= first or not reply.event.complete):
            continue
        held = _left_out(question, request, reply, members)
        if held is not None:
            return Finding(
                rule="R04",
                letter="a" if answered is None else "late",
                grade=HIGH if answered is None else RECORDED,
                cause=cause(parts),
                because=(request.seq, reply.seq, held.seq, *((answered.seq,) if answered is not None else ())),
                first_true_at=reply.event.at,
                records=members,
            )
    return None


def _left_out(
    question: Question,
    request: Fact[e.MaterialRequested],
    reply: Fact[e.RequestAnswered],
    members: tuple[str, ...],
) -> Fact[Any] | None:
    """The fact by which the answering agency held a member that the request asks for, when it answered."""
    reading = question.reading
    for fact in reading.each(question.material.records, members):
        held = reading.holding(fact.event.record, request.event.to_agency, reply.event.at)
        if held is not None and in_scope(fact, request.event.scope) and not _excused(question, request, reply, fact):
            return held
    return None


def _excused(
    question: Question,
    request: Fact[e.MaterialRequested],
    reply: Fact[e.RequestAnswered],
    fact: Fact[e.RecordRegistered],
) -> bool:
    """Recorded as not relevant before the request; or highly sensitive, and the asking side told by another way."""
    reading, record = question.reading, fact.event.record
    before = reading.recorded_by(fact, request.event.asked_at)
    if before is not None and before.relevance is Relevance.NOT_RELEVANT:
        return True
    if reading.classification(fact).sensitivity is not Sensitivity.HIGHLY_SENSITIVE:
        return False
    return _told_apart(question, record, request.event.from_agency, reply.event.at)


def _told_apart(question: Question, record: str, agency: str, at: datetime) -> bool:
    reading, material = question.reading, question.material
    shares = reading.each(material.shares, material.shares_of.get(record, ()))
    schedules = reading.each(material.schedules, material.scheduled.get(record, ()))
    return any(share.event.to_agency == agency and share.event.sent_at <= at for share in shares) or any(
        schedule.event.form is Form.MG6D and schedule.event.at <= at for schedule in schedules
    )


# --- R05 --------------------------------------------------------------------------------------------------------------


def attestation_cells(material: Material) -> Iterable[Parts]:
    """Each attestation with each record."""
    return ((name, each) for name in material.attestations for each in material.records)


def attestation_touched(material: Material, fact: Fact[Any]) -> Iterable[Parts]:
    """An attestation with every record; of a record, every attestation of whoever speaks of it."""
    match fact.event:
        case e.NothingFurtherAttested(attestation=attestation):
            return ((attestation, each) for each in material.records)
        case e.RequestAnswered(items=items):
            joined = kin(material, (item.record for item in items))
        case _:
            joined = kin(material, records_of(material, fact))
    speakers = voices(material, joined)
    names = dict.fromkeys(name for agency in speakers for name in material.attested_by.get(agency, ()))
    return ((name, each) for name in names for each in joined)


def judge_attestation(question: Question, parts: Parts) -> Judged:
    """What is true of an attestation and a record."""
    finding = find_in_attestation(question, parts)
    if finding is None:
        return NOTHING
    fact = question.material.attestations[parts[0]]
    same = ((parts[0], each) for each in question.reading.content_class(parts[1]))
    return Judged(knowable(finding, question, fact, fact.event.at, find=find_in_attestation, cells=same))


def find_in_attestation(question: Question, parts: Parts) -> Finding | None:
    """Whether something was held that an attestation, in its scope, does not list; the worst case of it."""
    reading, (name, record) = question.reading, parts
    said = reading.one(question.material.attestations, name)
    members = reading.content_class(record)
    if said is None or members[0] != record or _listed(question, said, members):
        return None
    found: list[tuple[int, str, Fact[Any]]] = []
    for fact in reading.each(question.material.records, members):
        held = reading.holding(fact.event.record, said.event.agency, said.event.at)
        if held is not None and made_at(fact) <= said.event.at and in_scope(fact, said.event.scope):
            found.append((*_how_bad(question, said, fact, held), held))
    if not found:
        return None
    grade, letter, held = min(found, key=lambda each: each[:2])
    return Finding(
        rule="R05",
        letter=letter,
        grade=grade,
        cause=cause(parts),
        because=(said.seq, held.seq),
        first_true_at=said.event.at,
        records=members,
    )


def _listed(question: Question, said: Fact[e.NothingFurtherAttested], members: tuple[str, ...]) -> bool:
    """Whether the attestation names it, or the answer that it stands under does."""
    reading, material = question.reading, question.material
    for each in members:
        if said.event.attestation in material.listed_in.get(each, ()):
            return True
        for name in material.answered_in.get(each, ()):
            request = material.request_of[name]
            for reply in reading.all(material.replies, request):
                mine = reply.event.attestation == said.event.attestation
                under = request == said.event.request and reply.event.at <= said.event.at
                if reply.event.reply == name and (mine or under):
                    return True
    return False


def _how_bad(
    question: Question, said: Fact[e.NothingFurtherAttested], fact: Fact[e.RecordRegistered], held: Fact[Any]
) -> tuple[int, str]:
    """It was on their own register; it was it came to light later in what was searched; elsewhere."""
    then = question.reading.then(said, said.event.at, legacy=said.event.legacy)
    if fact.event.agency == said.event.agency and then.record(fact.event.record) is not None:
        return CRITICAL, "a"
    searched = {each.casefold() for each in said.event.systems_searched}
    places = {getattr(held.event, place, "").casefold() for place in ("system", "location")}
    return (HIGH, "b") if searched & (places - {""}) else (MEDIUM, "c")


R04: Final = Rule("R04", request_cells, request_touched, judge_request)
R05: Final = Rule("R05", attestation_cells, attestation_touched, judge_attestation)
