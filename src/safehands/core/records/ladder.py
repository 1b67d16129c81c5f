"""The availability ladder: how far a record has come to an agency or to one person in it, by an instant.

"It was available" and "it was not shared with us" can both be true; only the rung shows how (evidence-review sheet
0.5). A record speaks for its content class: what came of a verified copy came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from safehands.core.records import events as e
from safehands.core.records.material import Fact
from safehands.core.records.reading import Reading
from safehands.core.records.vocabulary import PERUSALS, RUNGS, Coverage, Rung


def rung(reading: Reading, record: str, agency: str, at: datetime, *, person: str = "") -> Rung:
    """The highest rung that ``record`` reached by ``at``: for ``agency`` as a whole, or for one ``person`` in it.

    That a record is registered tells nobody of it. What an agency holds itself is delivered to it, not to each of its
    people.
    """
    members = reading.content_class(record)
    rungs = {Rung.UNKNOWN}
    for member in members:
        rungs |= set(_by_share(reading, member, agency, at, person))
        rungs |= set(_by_custody(reading, member, agency, at, person))
        rungs |= set(_by_index(reading, member, agency, at, person))
        if not person and reading.holding(member, agency, at) is not None:
            rungs.add(Rung.DELIVERED)
    return max(rungs, key=RUNGS.index)


def _by_share(reading: Reading, record: str, agency: str, at: datetime, person: str) -> Iterator[Rung]:
    material = reading.material
    for share in reading.each(material.shares, material.shares_of.get(record, ())):
        event = share.event
        if event.to_agency != agency or event.sent_at > at:
            continue
        for opened in reading.all(material.opened, event.share):
            if opened.event.opened_at <= at and person in ("", opened.event.person):
                yield _seen(opened.event.coverage, Rung.OPENED)
        if person not in ("", event.to_person):
            continue
        received = reading.one(material.received, event.share)
        revoked = reading.one(material.revoked, event.share)
        if event.copy is None:
            yield Rung.TOLD
        elif received is not None and received.event.received_at <= at:
            yield Rung.DELIVERED
        elif revoked is None or revoked.happened_at > at:
            yield Rung.OFFERED
        else:
            yield Rung.TOLD


def _by_custody(reading: Reading, record: str, agency: str, at: datetime, person: str) -> Iterator[Rung]:
    for copy in reading.copies(record):
        for fact in reading.custody(copy.event.copy):
            event = fact.event
            if event.type in PERUSALS and event.agency == agency and event.at <= at and person in ("", event.person):
                yield _seen(event.coverage, Rung.VIEWED_PART)


def _seen(coverage: Coverage | None, unsaid: Rung) -> Rung:
    """A viewing whose extent nobody wrote down is never taken for a whole one."""
    if coverage is None:
        return unsaid
    return Rung.VIEWED_FULL if coverage.percent >= 100 else Rung.VIEWED_PART


def _by_index(reading: Reading, record: str, agency: str, at: datetime, person: str) -> Iterator[Rung]:
    """What a decision's index, a schedule or an answer sheet says of it."""
    material = reading.material
    for decision in reading.each(material.decisions, material.shown_in.get(record, ())):
        event = decision.event
        if event.decider_agency == agency and event.made_at <= at and person in ("", event.decider):
            yield Rung.TOLD
    if person:
        return
    for schedule in reading.each(material.schedules, material.scheduled.get(record, ())):
        if schedule.event.agency != agency and schedule.event.at <= at:
            yield Rung.LISTED
    for reply in _replies(reading, record):
        request = reading.one(material.requests, reply.event.request)
        if request is not None and request.event.from_agency == agency and reply.event.at <= at:
            yield Rung.LISTED


def _replies(reading: Reading, record: str) -> Iterator[Fact[e.RequestAnswered]]:
    """The answer sheets that have a line for a record."""
    material = reading.material
    for reply in material.answered_in.get(record, ()):
        facts = reading.all(material.replies, material.request_of[reply])
        yield from (fact for fact in facts if fact.event.reply == reply)


def told(reading: Reading, decision: Fact[e.MaterialDecided], members: Iterable[str]) -> bool:
    """``told(S, D)``: a member of the class was on the index put in front of the decider, or came to them in person.

    That the same agency knew of it years before is not enough, nor that another decision's index had it.
    """
    event, material = decision.event, reading.material
    for member in members:
        if event.decision in material.shown_in.get(member, ()):
            return True
        if any(_answers_for(reading, decision, reply) for reply in _replies(reading, member)):
            return True
        who = (event.decider_agency, event.made_at, event.decider)
        if any(_by_share(reading, member, *who)) or any(_by_custody(reading, member, *who)):
            return True
    return False


def _answers_for(reading: Reading, decision: Fact[e.MaterialDecided], reply: Fact[e.RequestAnswered]) -> bool:
    """Whether a reply answers a request that this decision was waiting on."""
    request = reading.one(reading.material.requests, reply.event.request)
    return (
        request is not None
        and request.event.closes_on == decision.event.decision
        and reply.event.at <= decision.event.made_at
    )
