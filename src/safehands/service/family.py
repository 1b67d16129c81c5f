"""What a victim or a family reads of their case: a pure function of the material and of who reads it, in plain words.

It says what exists, who has it, who was given it, what each decision rested on, which rights there are until when, and
what can be asked for next. It never says that a decision was right or wrong. Nobody's name is on it, nothing is taken
from the log of looking, and no free text of an agency. It stays off until the agency that gives it out has signed off
anonymity and reporting limits. What may not be read is told to exist, by kind, date and holder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from safehands.core.calendar import Calendar
from safehands.core.records import events as r
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import is_answered
from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import Reading, now
from safehands.service.family_rights import right_of
from safehands.service.words_of_records import (
    DECISIONS,
    KINDS,
    MODES,
    STANDINGS,
    agency_in_words,
    capital,
    date_of,
    listed,
    made_when,
    words,
)

#: What sensitive material is called where only its existence may be told.
_SENSITIVE: Final = "We may not tell you what is in it."


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: an id, a heading, and its paragraphs."""

    id: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when, and what the page may know besides the material.

    ``publisher`` gives the page out; ``signed_off`` are the agencies that have signed off anonymity and reporting
    limits. ``names`` are agencies' own names, ``calendar`` counts working days.
    """

    party: str
    at: datetime
    publisher: str
    signed_off: Collection[str]
    calendar: Calendar
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Page:
    material: Material
    reading: Reading
    reader: Reader

    def agency(self, agency: str) -> str:
        return agency_in_words(agency, self.reader.names)

    def called(self, record: str) -> str:
        """A record as the family reads it: its reference and what it is; a highly sensitive one has no words."""
        fact = self.reading.record(record)
        if fact is None:
            return "a record that is not on any register"
        event = self.reading.classification(fact)
        if event.sensitivity is v.Sensitivity.HIGHLY_SENSITIVE:
            return "a record that we may not describe"
        return f"{event.exhibit_ref or event.record} ({words(KINDS, event.kind)})"


def page_for(material: Material, reader: Reader) -> tuple[Section, ...]:
    """The sections that this person may read. Empty only while the page is switched off."""
    if reader.publisher not in reader.signed_off:
        return ()
    page = _Page(material, now(material), reader)
    told = material.standing.get(reader.party, ())
    standing = told[-1].event if told else None
    if standing is None:
        return (_nothing_recorded(), _ask(page))
    if standing.standing is v.Standing.FAMILY_NO_STANDING and not standing.discretionary:
        return (_discretion(), _ask(page))
    return (
        _standing(standing),
        _exists(page),
        _given(page),
        _decisions(page),
        *_letters(page),
        _rights(page),
        _ask(page),
        _not_known(page),
    )


def as_text(sections: Sequence[Section]) -> str:
    """The page as plain text, for a letter and for the test of how hard it is to read."""
    return "\n\n".join("\n".join((section.title, *section.paragraphs)) for section in sections)


def _nothing_recorded() -> Section:
    return Section(
        "standing",
        "What you can be told",
        (
            "We have not written down yet why you may be told about this case.",
            "That does not mean no. Tell us who you are. We will write it down and answer you.",
        ),
    )


def _discretion() -> Section:
    return Section(
        "standing",
        "What you can be told",
        (
            "The Victims' Code gives you no right of your own to be told about this case.",
            "That is not the end. We may still choose to tell you. You can ask us to.",
            "A named person will decide, write down why, and tell you.",
            "If somebody else in the family has a right, they can ask you to speak for them.",
        ),
    )


def _standing(standing: r.StandingRecorded) -> Section:
    chosen = ("We chose to tell you, though the Code does not say that we have to.",) if standing.discretionary else ()
    quick = ("You have enhanced rights. We must tell you of some things within one working day.",)
    return Section(
        "standing",
        "Why you can read this",
        (
            f"You can read this as {words(STANDINGS, standing.standing)}.",
            *chosen,
            *(quick if standing.enhanced else ()),
        ),
    )


def _exists(page: _Page) -> Section:
    facts = sorted(page.material.records.values(), key=lambda fact: fact.seq)
    shown = [page.reading.classification(fact) for fact in facts]
    hidden = sum(event.sensitivity is v.Sensitivity.HIGHLY_SENSITIVE for event in shown)
    told = [_record(page, event) for event in shown if event.sensitivity is not v.Sensitivity.HIGHLY_SENSITIVE]
    if hidden:
        many = "There is one record" if hidden == 1 else f"There are {hidden} records"
        told.append(f"{many} more that we may not describe to you.")
    return Section("exists", "What exists", tuple(told) or ("No record of this case is on any register yet.",))


def _record(page: _Page, event: r.RecordRegistered) -> str:
    sensitive = (
        event.sensitivity is v.Sensitivity.SENSITIVE
        or page.reader.publisher != event.agency not in page.reader.signed_off
    )
    parts = [f"{page.called(event.record)}, made {made_when(event.created)}."]
    parts += _where(page, event.record)
    parts += [_SENSITIVE] if sensitive else _source(page, event)
    return " ".join(parts)


def _where(page: _Page, record: str) -> Iterator[str]:
    """Who has it. What is unknown, not searched, missing or destroyed is said as such."""
    for agency in page.reading.speakers(record):
        status = _last_said(page, record, agency)
        who = capital(page.agency(agency))
        yield _status(who, status) if status is not None else f"{who} wrote it down. It has not said where it is now."


def _last_said(page: _Page, record: str, agency: str) -> v.HoldingStatus | None:
    """What an agency said last of where it is; that it still has one copy goes before what became of another."""
    last: dict[str | None, v.HoldingStatus] = {}
    for said in page.reading.said_of(record, agency):
        if said.copy is None:
            last.clear()
        last[said.copy] = said.status
    held = next((status for status in last.values() if status in v.STILL_HELD), None)
    return held or next(reversed(last.values()), None)


def _status(who: str, status: v.HoldingStatus) -> str:
    match status:
        case v.HoldingStatus.MISSING:
            return f"{who} should have it and cannot find it. That does not mean that it is gone."
        case v.HoldingStatus.DESTROYED:
            return f"{who} says that it was destroyed. Others may have a copy."
        case v.HoldingStatus.NOT_SEARCHED:
            return f"{who} has not looked for it yet."
        case v.HoldingStatus.UNKNOWN:
            return f"{who} does not know whether it has it."
        case v.HoldingStatus.NEVER_HELD:
            return f"{who} says that it never had it. Others may."
        case v.HoldingStatus.HELD | v.HoldingStatus.ARCHIVED:
            return f"{who} has it."
        case v.HoldingStatus.LENT | v.HoldingStatus.IN_TRANSIT:
            return f"{who} has it, and has sent it out for now."
        case v.HoldingStatus.TRANSFERRED | v.HoldingStatus.RETURNED_TO_OWNER:
            return f"{who} had it and has passed it on."


def _source(page: _Page, event: r.RecordRegistered) -> Iterator[str]:
    """What it was made from, or that nobody has said."""
    sources = [edge.event.source for edge in page.reading.edges_from(event.record)]
    if sources:
        yield f"It was made from {listed([page.called(each) for each in sources])}."
    elif event.kind in v.DERIVED_BY_NATURE:
        claims = page.material.claimed.get(event.record, ())
        said = claims[-1].event.claim if claims else v.SourceClaim.NOT_ASKED
        yield {
            v.SourceClaim.NOT_ASKED: "It was made from something else. Nobody has said yet where that is.",
            v.SourceClaim.HELD_BY: "What it was made from is with another body.",
            v.SourceClaim.DESTROYED: "What it was made from is said to be destroyed.",
            v.SourceClaim.NEVER_EXISTED: "It is the first record. There was no other before it.",
            v.SourceClaim.SEARCHED_NOT_FOUND: "What it was made from was looked for and not found.",
        }[said]


def _given(page: _Page) -> Section:
    """Sent, arrived, opened: three things."""
    told = []
    for share in sorted(page.material.shares.values(), key=lambda fact: fact.event.sent_at):
        event = share.event
        said = (
            f"{page.called(event.record)}: {page.agency(event.from_agency)} sent it to {page.agency(event.to_agency)}"
        )
        said += (
            f" on {date_of(event.sent_at)}."
            if event.copy is not None
            else f" by name only, on {date_of(event.sent_at)}."
        )
        arrived = page.material.received.get(event.share)
        said += (
            f" It arrived on {date_of(arrived.event.received_at)}." if arrived else " Nobody has said that it arrived."
        )
        opened = page.material.opened.get(event.share, ())
        said += " It was opened." if opened else " Nothing shows that it was opened."
        told.append(said)
    return Section("given", "Who was given what", tuple(told) or ("Nothing shows that anything was passed on.",))


def _decisions(page: _Page) -> Section:
    told = [_decision(page, fact) for fact in in_time(page.material)]
    return Section("decisions", "What was decided, and on what", tuple(told) or ("No decision is on file.",))


def in_time(material: Material) -> list[Fact[r.MaterialDecided]]:
    """The decisions in the order in which they were made."""
    return sorted(material.decisions.values(), key=lambda fact: (fact.event.made_at, fact.seq))


def _decision(page: _Page, fact: Fact[r.MaterialDecided]) -> str:
    event = fact.event
    who = page.agency(event.decider_agency)
    parts = [f"On {date_of(event.made_at)} {who} made a decision {words(DECISIONS, event.kind)}."]
    if not event.basis_known:
        return f"{parts[0]} Nobody can say any more what it rested on. You can ask for the reasons."
    seen = [
        f"{page.called(each.record)}, {words(MODES, each.mode)}" for each in event.considered if each.mode in v.RESTS_ON
    ]
    parts.append(f"It rested on {'; '.join(seen)}." if seen else "No record is named that it rested on.")
    for source in without(page.reading, fact):
        holders = listed([page.agency(each) for each in page.reading.holders(source, event.made_at)])
        parts.append(f"It was made without {page.called(source)}. {capital(holders)} had that at the time.")
    return " ".join(parts)


def without(reading: Reading, decision: Fact[r.MaterialDecided]) -> tuple[str, ...]:
    """The fuller records, held by somebody at that time, that a decision was made without: of each only the oldest of
    its content class."""
    event = decision.event
    seen = {each.record for each in event.considered if each.mode in v.RESTS_ON}
    found = {reading.content_class(source)[0] for record in seen for source in reading.sources(record)}
    return tuple(
        source
        for source in sorted(found)
        if not seen & set(reading.content_class(source)) and reading.holders(source, event.made_at)
    )


def _letters(page: _Page) -> Iterator[Section]:
    """What was written that the registers do not bear out: both are told."""
    told = []
    for fact in sorted(page.material.letters.values(), key=lambda each: each.event.sent_at):
        for claim in fact.event.claims:
            holders = tuple(page.reading.holders(claim.record, fact.event.sent_at)) if claim.record is not None else ()
            if claim.claim in GONE and holders and fact.event.outgoing and claim.record is not None:
                who = listed([page.agency(each) for each in holders])
                told.append(
                    f"A letter of {date_of(fact.event.sent_at)} says that {page.called(claim.record)} is not held. "
                    f"The registers show that {who} had it then."
                )
    if told:
        yield Section("letters", "What we wrote to you", tuple(told))


#: What a letter says of a record that somebody may hold all the same.
GONE: Final = frozenset({v.ClaimCode.NOT_HELD, v.ClaimCode.DESTROYED, v.ClaimCode.NEVER_EXISTED})


def _rights(page: _Page) -> Section:
    told: list[str] = []
    for fact in in_time(page.material):
        told += right_of(page.material, fact.event, page.reader.at, page.reader.calendar)
    asked = [
        f"You asked for a review. It reached us on {date_of(fact.event.received_at)}."
        for fact in page.material.victim_reviews.values()
        if fact.event.party == page.reader.party
    ]
    return Section("rights", "Your rights, and until when", (*told, *asked) or ("There is no decision to review.",))


def _ask(page: _Page) -> Section:
    """What anybody can ask for next. It is never nothing."""
    told = ["You can ask us to write down what exists and who has it.", "You can ask why each decision was made."]
    if any(without(page.reading, fact) for fact in page.material.decisions.values()):
        told.append("You can ask whether the fuller record has been looked at since.")
    open_now = [name for name in page.material.requests if not is_answered(page.material, name)]
    if open_now:
        told.append("Somebody has asked for more material and is waiting. You can ask how that stands.")
    told.append("If a letter says something else than you know, tell us. We keep both.")
    return Section("ask", "What you can ask for next", tuple(told))


def _not_known(page: _Page) -> Section:
    told = []
    for agency, facts in sorted(page.material.registers.items()):
        event = facts[-1].event
        who = capital(page.agency(agency))
        if event.status is not v.RegisterStatus.LIVE:
            told.append(f"{who} does not tell this system of new records. There may be more.")
        if any(store.searched_at is None for store in event.stores):
            told.append(f"{who} has places that nobody has searched yet.")
    return Section("not_known", "What we do not know", tuple(told) or ("We know of no place that was left out.",))
