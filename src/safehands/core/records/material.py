"""The material of a case, or of an agency's register, as folded from the events about it. ``absorb`` is the fold.

A case's material is folded from its own stream, each ``MaterialNoted`` standing for the register's entry that it
names (the service brings those along). Every fact carries its two times: when it is said to have happened and when this
register learned it, so that a question can be answered as of either. Nothing is overwritten: assertions, claims and
classifications are histories, the newest last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from safehands.core.records import events as e
from safehands.core.records.persistent import PersistentMap
from safehands.core.records.vocabulary import RESTS_ON, ClaimCode, CustodyType, HoldingStatus, KnownUnseen, LetterClaim

E = TypeVar("E")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Fact(Generic[E]):
    """An event with its two times, who wrote it, and its place in the order of learning (``seq`` counts from 1).

    ``seq`` is the version of the stream that learned it: the case's entry (for a register's entry, its note), or the
    register's own. ``recorded_at`` rises with it. ``known_at`` is when the agency's own register had learned what a
    case was told of later; None where that is the same.
    """

    event: E
    happened_at: datetime
    recorded_at: datetime
    seq: int
    actor: str = ""
    agency: str = ""
    known_at: datetime | None = None


def _empty() -> PersistentMap[tuple[Fact[E], ...]]:
    return PersistentMap()


Facts = PersistentMap[tuple[Fact[E], ...]]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything known of the records of one case or one register. Maps are by id; histories have the newest last."""

    size: int = 0
    registers: Facts[e.RegisterDeclared] = field(default_factory=_empty)  # by agency
    records: PersistentMap[Fact[e.RecordRegistered]] = field(default_factory=PersistentMap)
    tied: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # record -> cases
    classified: Facts[e.RecordReclassified] = field(default_factory=_empty)  # by record
    described: Facts[e.RecordDescribed] = field(default_factory=_empty)  # by record
    copies: PersistentMap[Fact[e.CopyRegistered]] = field(default_factory=PersistentMap)
    copies_of: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # by record
    played: Facts[e.PlayabilityTested] = field(default_factory=_empty)  # by copy
    holdings: Facts[e.HoldingAsserted] = field(default_factory=_empty)  # by record
    derivations: PersistentMap[Fact[e.DerivationRecorded]] = field(default_factory=PersistentMap)
    made_from: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # derived -> derivations
    made_into: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # source -> derivations
    same_event: Facts[e.SameEventRecorded] = field(default_factory=_empty)  # by either record
    claimed: Facts[e.SourceClaimed] = field(default_factory=_empty)  # by record
    twins: Facts[e.TwinAsked] = field(default_factory=_empty)  # by record
    verified: Facts[e.DerivativeVerified] = field(default_factory=_empty)  # by derivation
    custody: Facts[e.CustodyRecorded] = field(default_factory=_empty)  # by copy
    disposals: PersistentMap[str] = field(default_factory=PersistentMap)  # ``copy <id>`` or ``record <id>`` -> that id
    retention: Facts[e.RetentionRuled] = field(default_factory=_empty)  # by record
    holds: Facts[e.HoldPlaced] = field(default_factory=_empty)  # by record
    held_back: PersistentMap[str] = field(default_factory=PersistentMap)  # hold -> record
    lifted: PersistentMap[Fact[e.HoldLifted]] = field(default_factory=PersistentMap)  # by hold
    flags: frozenset[str] = frozenset()
    flagged: tuple[Fact[e.CaseFlagged], ...] = ()
    refs: PersistentMap[str] = field(default_factory=PersistentMap)
    stages: tuple[Fact[e.StageReached], ...] = ()
    standing: Facts[e.StandingRecorded] = field(default_factory=_empty)  # by party
    shares: PersistentMap[Fact[e.RecordShared]] = field(default_factory=PersistentMap)
    shares_of: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # by record
    received: PersistentMap[Fact[e.ShareReceived]] = field(default_factory=PersistentMap)  # by share
    opened: Facts[e.ShareOpened] = field(default_factory=_empty)  # by share
    revoked: PersistentMap[Fact[e.ShareRevoked]] = field(default_factory=PersistentMap)  # by share
    requests: PersistentMap[Fact[e.MaterialRequested]] = field(default_factory=PersistentMap)
    withdrawn: PersistentMap[Fact[e.RequestWithdrawn]] = field(default_factory=PersistentMap)  # by request
    asked_of: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # agency -> requests
    replies: Facts[e.RequestAnswered] = field(default_factory=_empty)  # by request
    request_of: PersistentMap[str] = field(default_factory=PersistentMap)  # reply -> request
    answered_in: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # record -> replies
    attestations: PersistentMap[Fact[e.NothingFurtherAttested]] = field(default_factory=PersistentMap)
    attested_by: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # agency -> attestations
    listed_in: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # record -> attestations
    schedules: PersistentMap[Fact[e.ScheduleServed]] = field(default_factory=PersistentMap)
    scheduled: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # record -> schedules
    schedule_answers: Facts[e.ScheduleItemDecided] = field(default_factory=_empty)  # by schedule
    decisions: PersistentMap[Fact[e.MaterialDecided]] = field(default_factory=PersistentMap)
    rested_on: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # record -> decisions (``B(D)``)
    read_past: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # not relied on for its content
    shown_in: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # record -> decisions told of it
    unseen_in: PersistentMap[tuple[tuple[str, KnownUnseen], ...]] = field(default_factory=PersistentMap)  # by record
    reviewed_by: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # decision -> decisions
    assessed: Facts[e.EffectAssessed] = field(default_factory=_empty)  # by decision
    reviews: PersistentMap[Fact[e.ReviewOpened]] = field(default_factory=PersistentMap)
    reviewed: PersistentMap[Fact[e.ReviewConcluded]] = field(default_factory=PersistentMap)  # by review
    victim_reviews: PersistentMap[Fact[e.VictimReviewRequested]] = field(default_factory=PersistentMap)
    victim_moves: Facts[e.VictimReviewMoved] = field(default_factory=_empty)  # by victim's review
    proposed: Facts[e.LetterProposed] = field(default_factory=_empty)  # by letter; the last one counts
    letters: PersistentMap[Fact[e.LetterLogged]] = field(default_factory=PersistentMap)
    letters_on: PersistentMap[tuple[str, ...]] = field(default_factory=PersistentMap)  # by ``letter_key`` of a claim
    disputed: Facts[e.ClaimDisputed] = field(default_factory=_empty)  # by letter
    acknowledged: Facts[e.ConcernAcknowledged] = field(default_factory=_empty)  # by concern
    set_aside: Facts[e.ConcernSetAside] = field(default_factory=_empty)  # by concern


EMPTY: Final = Material()


def absorb(material: Material, fact: Fact[Any]) -> Material:  # noqa: C901 - one flat table: an event class, where it is kept
    """The material after one more fact of a register or a case; its ``seq`` becomes the material's size."""
    event, seq = fact.event, fact.seq
    match event:
        case e.RecordRegistered():
            tied = material.tied.put(event.record, event.cases) if event.cases else material.tied
            return replace(material, size=seq, records=material.records.put(event.record, fact), tied=tied)
        case e.RecordTied():
            return replace(material, size=seq, tied=_more(material.tied, event.record, event.case))
        case e.CopyRegistered():
            return replace(
                material,
                size=seq,
                copies=material.copies.put(event.copy, fact),
                copies_of=_more(material.copies_of, event.record, event.copy),
            )
        case e.DerivationRecorded():
            return replace(
                material,
                size=seq,
                derivations=material.derivations.put(event.derivation, fact),
                made_from=_more(material.made_from, event.derived, event.derivation),
                made_into=_more(material.made_into, event.source, event.derivation),
            )
        case e.SameEventRecorded():
            both = _more(_more(material.same_event, event.one, fact), event.other, fact)
            return replace(material, size=seq, same_event=both)
        case e.RecordShared():
            return replace(
                material,
                size=seq,
                shares=material.shares.put(event.share, fact),
                shares_of=_more(material.shares_of, event.record, event.share),
            )
        case e.ScheduleServed():
            listed = (record for item in event.items for record in (item.record, *item.others))
            scheduled = _under_each(material.scheduled, listed, event.schedule)
            return replace(
                material, size=seq, schedules=material.schedules.put(event.schedule, fact), scheduled=scheduled
            )
        case e.MaterialDecided():
            return _decided(material, fact)
        case e.RequestAnswered():
            kept = _kept(material, fact)
            return replace(
                kept,
                request_of=kept.request_of.put(event.reply, event.request),
                answered_in=_under_each(kept.answered_in, (item.record for item in event.items), event.reply),
            )
        case e.MaterialRequested():
            kept = _kept(material, fact)
            return replace(kept, asked_of=_more(kept.asked_of, event.to_agency, event.request))
        case e.CustodyRecorded(copy=copy, type=CustodyType.DISPOSAL_AUTHORISED | CustodyType.DESTROYED):
            kept = _kept(material, fact)
            return replace(kept, disposals=kept.disposals.put(f"copy {copy}", copy))
        case e.HoldingAsserted(record=record, status=HoldingStatus.DESTROYED):
            kept = _kept(material, fact)
            return replace(kept, disposals=kept.disposals.put(f"record {record}", record))
        case e.HoldPlaced():
            kept = _kept(material, fact)
            return replace(kept, held_back=kept.held_back.put(event.hold, event.record))
        case e.NothingFurtherAttested():
            kept = _kept(material, fact)
            return replace(
                kept,
                attested_by=_more(kept.attested_by, event.agency, event.attestation),
                listed_in=_under_each(kept.listed_in, event.listed, event.attestation),
            )
        case e.LetterLogged():
            kept = _kept(material, fact)
            return replace(
                kept, letters_on=_under_each(kept.letters_on, (letter_key(c) for c in event.claims), event.letter)
            )
        case e.ClaimDisputed():
            kept = _kept(material, fact)
            return replace(kept, letters_on=_under_each(kept.letters_on, (letter_key(event.claim),), event.letter))
        case e.CaseFlagged():
            flags = (material.flags - set(event.removed)) | set(event.added)
            return replace(material, size=seq, flags=flags, flagged=(*material.flagged, fact))
        case e.CaseReferenced():
            refs = material.refs
            for name, value in event.refs.items():
                refs = refs.put(name, value)
            return replace(material, size=seq, refs=refs)
        case e.StageReached():
            return replace(material, size=seq, stages=(*material.stages, fact))
        case e.MaterialNoted() | e.SettingAsideProposed():
            return replace(material, size=seq)
        case _:
            return _kept(material, fact)


#: Where a fact of each remaining kind is kept, and the field of the event that is its key. Histories grow, single
#: facts stand under an id of their own.
_HISTORIES: Final[dict[type, tuple[str, str]]] = {
    e.RegisterDeclared: ("registers", "agency"),
    e.RecordReclassified: ("classified", "record"),
    e.RecordDescribed: ("described", "record"),
    e.PlayabilityTested: ("played", "copy"),
    e.HoldingAsserted: ("holdings", "record"),
    e.SourceClaimed: ("claimed", "record"),
    e.TwinAsked: ("twins", "record"),
    e.DerivativeVerified: ("verified", "derivation"),
    e.CustodyRecorded: ("custody", "copy"),
    e.RetentionRuled: ("retention", "record"),
    e.HoldPlaced: ("holds", "record"),
    e.StandingRecorded: ("standing", "party"),
    e.ShareOpened: ("opened", "share"),
    e.RequestAnswered: ("replies", "request"),
    e.ScheduleItemDecided: ("schedule_answers", "schedule"),
    e.EffectAssessed: ("assessed", "decision"),
    e.LetterProposed: ("proposed", "letter"),
    e.VictimReviewMoved: ("victim_moves", "victim_review"),
    e.ClaimDisputed: ("disputed", "letter"),
    e.ConcernAcknowledged: ("acknowledged", "concern"),
    e.ConcernSetAside: ("set_aside", "concern"),
}
_SINGLES: Final[dict[type, tuple[str, str]]] = {
    e.HoldLifted: ("lifted", "hold"),
    e.ShareReceived: ("received", "share"),
    e.ShareRevoked: ("revoked", "share"),
    e.MaterialRequested: ("requests", "request"),
    e.RequestWithdrawn: ("withdrawn", "request"),
    e.NothingFurtherAttested: ("attestations", "attestation"),
    e.ReviewOpened: ("reviews", "review"),
    e.ReviewConcluded: ("reviewed", "review"),
    e.VictimReviewRequested: ("victim_reviews", "victim_review"),
    e.LetterLogged: ("letters", "letter"),
}


def _kept(material: Material, fact: Fact[Any]) -> Material:
    """A fact that is kept in one map. Raises ``KeyError`` for an event of another subject: the fold never guesses."""
    kind = type(fact.event)
    changed: dict[str, Any] = {"size": fact.seq}
    if kind in _HISTORIES:
        name, key = _HISTORIES[kind]
        changed[name] = _more(getattr(material, name), getattr(fact.event, key), fact)
    else:
        name, key = _SINGLES[kind]
        changed[name] = getattr(material, name).put(getattr(fact.event, key), fact)
    return replace(material, **changed)


def _more(histories: PersistentMap[tuple[V, ...]], key: str, value: V) -> PersistentMap[tuple[V, ...]]:
    return histories.put(key, (*histories.get(key, ()), value))


def _under_each(
    index: PersistentMap[tuple[str, ...]], keys: Iterable[str], value: str
) -> PersistentMap[tuple[str, ...]]:
    """An index with ``value`` under each of ``keys``, once."""
    for key in dict.fromkeys(keys):
        if value not in index.get(key, ()):
            index = _more(index, key, value)
    return index


def _decided(material: Material, fact: Fact[e.MaterialDecided]) -> Material:
    """A decision, and where to find it by what it rests on, what its decider was told of, and what it reviews."""
    event = fact.event
    unseen_in = material.unseen_in
    for each in event.known_unseen:
        unseen_in = _more(unseen_in, each.record, (event.decision, each))
    told = (*event.shown, *(each.record for each in event.considered), *(each.record for each in event.known_unseen))
    rested_on = dict.fromkeys(each.record for each in event.considered if each.mode in RESTS_ON)
    beside = rested_on.keys() - {each.record for each in event.considered if each.for_content}
    return replace(
        material,
        size=fact.seq,
        decisions=material.decisions.put(event.decision, fact),
        rested_on=_under_each(material.rested_on, rested_on, event.decision),
        read_past=_under_each(material.read_past, sorted(beside), event.decision),
        shown_in=_under_each(material.shown_in, told, event.decision),
        unseen_in=unseen_in,
        reviewed_by=_under_each(material.reviewed_by, (event.reviews,) if event.reviews else (), event.decision),
    )


#: Under what ``letters_on`` keeps the claim that all material was considered.
EVERYTHING_CONSIDERED: Final = "all"


def letter_key(claim: LetterClaim) -> str:
    """Under what ``letters_on`` keeps a claim: a record, a kind of record, or the whole of what was considered."""
    if claim.claim is ClaimCode.ALL_MATERIAL_CONSIDERED:
        return EVERYTHING_CONSIDERED
    return f"record {claim.record}" if claim.record is not None else f"kind {claim.kind}"


def absorb_all(facts: Iterable[Fact[Any]], material: Material = EMPTY) -> Material:
    """``absorb`` one after the other."""
    for fact in facts:
        material = absorb(material, fact)
    return material
