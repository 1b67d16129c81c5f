"""A material read as of one moment of learning: what was held, which records say the same, what is fuller than what.

``now`` reads everything; ``as_of`` what this register had learned by an instant or a place in its order; ``then`` what
it had learned when a decision, answer or letter came about. One question is put to each of them in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from safehands.core.records import events as e
from safehands.core.records.material import Fact, Facts, Material
from safehands.core.records.persistent import PersistentMap
from safehands.core.records.vocabulary import (
    FIDELITY,
    LOSSLESS,
    MEMBERSHIP,
    STILL_HELD,
    CustodyType,
    HoldingStatus,
    Method,
    Precision,
    Scope,
    Verified,
)

E = TypeVar("E")

#: What a custody event says of where its copy is, for the agency that recorded it.
CUSTODY_SAYS: Final[Mapping[CustodyType, HoldingStatus]] = {
    CustodyType.RECEIVED: HoldingStatus.HELD,
    CustodyType.RETURNED: HoldingStatus.HELD,
    CustodyType.FOUND: HoldingStatus.HELD,
    CustodyType.LENT: HoldingStatus.LENT,
    CustodyType.TRANSFERRED: HoldingStatus.TRANSFERRED,
    CustodyType.REPORTED_MISSING: HoldingStatus.MISSING,
    CustodyType.DESTROYED: HoldingStatus.DESTROYED,
    CustodyType.RETURNED_TO_OWNER: HoldingStatus.RETURNED_TO_OWNER,
}
#: What an agency may first say of a record on its own register that takes back that it had it from the start.
NEVER_SAID_HELD: Final = frozenset({HoldingStatus.NEVER_HELD, HoldingStatus.NOT_SEARCHED, HoldingStatus.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of where a copy (None: the record as a whole) is, from ``at`` on."""

    at: datetime
    copy: str | None
    status: HoldingStatus
    fact: Fact[Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A material as far as it was known. ``limit`` is the last place in the order of learning that counts, ``by`` the
    last instant; the fact at place ``given`` counts always (it is what the question is about), the one at place
    ``without`` never (what would be true without it?)."""

    material: Material
    limit: int | None = None
    by: datetime | None = None
    given: int = 0
    without: int = 0
    _classes: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def knows(self, fact: Fact[Any]) -> bool:
        """Whether a fact counts at this moment of learning."""
        if fact.seq == self.without or (self.limit is not None and fact.seq > self.limit):
            return False
        return self.by is None or fact.recorded_at <= self.by or fact.seq == self.given

    def one(self, kept: PersistentMap[Fact[E]], key: str | None) -> Fact[E] | None:
        """The fact under ``key``, if it counts."""
        fact = kept.get(key) if key is not None else None
        return fact if fact is not None and self.knows(fact) else None

    def all(self, kept: Facts[E], key: str) -> tuple[Fact[E], ...]:
        """The facts under ``key`` that count, in the order of learning."""
        facts = kept.get(key, ())
        if self.limit is None and self.by is None and not self.without:
            return facts
        return tuple(fact for fact in facts if self.knows(fact))

    def each(self, kept: PersistentMap[Fact[E]], keys: Iterable[str]) -> Iterator[Fact[E]]:
        """The facts under ``keys`` that count."""
        return (fact for key in keys if (fact := self.one(kept, key)) is not None)

    def then(self, about: Fact[Any], instant: datetime, *, legacy: bool = False) -> Reading:
        """What this register knew when ``about`` came about at ``instant``; of one that was entered late
        (``legacy``), what it had learned by that instant."""
        limit = about.seq if self.limit is None else min(self.limit, about.seq)
        return Reading(self.material, limit, instant if legacy else self.by, about.seq, self.without)

    # --- records, their classification, their copies ------------------------------------------------------------------

    def record(self, record: str) -> Fact[e.RecordRegistered] | None:
        """The registration of a record, if it is known."""
        return self.one(self.material.records, record)

    def classification(self, fact: Fact[e.RecordRegistered]) -> e.RecordRegistered:
        """A record as it was classified last."""
        event = fact.event
        for change in self.all(self.material.classified, event.record):
            event = replace(
                event,
                relevance=_given(change.event.relevance, event.relevance),
                use=_given(change.event.use, event.use),
                sensitivity=_given(change.event.sensitivity, event.sensitivity),
            )
        return event

    def recorded_by(self, fact: Fact[e.RecordRegistered], at: datetime) -> e.RecordRegistered | None:
        """A record as this register had it at ``at``, by when that was written and not by what it claims; a row of a
        declared bulk import goes by its own time. None where it was not there yet."""
        written = fact.happened_at if fact.event.legacy else fact.recorded_at
        if written > at:
            return None
        return replace(self, by=at if self.by is None else min(self.by, at), given=0).classification(fact)

    def copies(self, record: str) -> Iterator[Fact[e.CopyRegistered]]:
        """The registered copies of a record."""
        return self.each(self.material.copies, self.material.copies_of.get(record, ()))

    def custody(self, copy: str) -> tuple[Fact[e.CustodyRecorded], ...]:
        """What happened to a copy, by when it happened; an event that a later one corrects is left out."""
        facts = self.all(self.material.custody, copy)
        corrected = {fact.event.supersedes for fact in facts}
        standing = (fact for fact in facts if fact.event.custody not in corrected)
        return tuple(sorted(standing, key=lambda fact: (fact.event.at, fact.seq)))

    # --- who held what ------------------------------------------------------------------------------------------------

    def said_of(self, record: str, agency: str) -> list[Said]:
        """Everything that an agency says of where a record or its copies are, by the time that it speaks of."""
        said = [
            Said(fact.event.at, fact.event.copy, fact.event.status, fact)
            for fact in self.all(self.material.holdings, record)
            if fact.event.agency == agency
        ]
        for copy in self.copies(record):
            if copy.event.held_by == agency:
                said.append(Said(copy.happened_at, copy.event.copy, HoldingStatus.HELD, copy))
            said += (
                Said(fact.event.at, copy.event.copy, CUSTODY_SAYS[fact.event.type], fact)
                for fact in self.custody(copy.event.copy)
                if fact.event.agency == agency and fact.event.type in CUSTODY_SAYS
            )
        return sorted(said, key=lambda each: (each.at, each.fact.seq))

    def said_of_copy(self, copy: Fact[e.CopyRegistered], agency: str) -> list[Said]:
        """What an agency says of one copy, and afterwards of the record as a whole, which then speaks for that copy
        too; nothing where it never spoke of the copy."""
        said = self.said_of(copy.event.record, agency)
        first = next((n for n, each in enumerate(said) if each.copy == copy.event.copy), len(said))
        return [each for each in said[first:] if each.copy in (copy.event.copy, None)]

    def holding(self, record: str, agency: str, at: datetime) -> Fact[Any] | None:
        """The fact by which ``agency`` held ``record`` at ``at`` (``held(S, A, t)``); None where it did not, or nobody
        can say.

        Of each copy the last statement up to ``at`` counts; a later one of the record as a whole speaks for all its
        copies. Where an agency says nothing up to then of a record that it registered itself, it had it since the
        record was made.
        """
        said = self.said_of(record, agency)
        last: dict[str | None, Said] = {}
        for each in said:
            if each.at <= at:
                if each.copy is None:
                    last.clear()
                last[each.copy] = each
        if last:
            return next((each.fact for each in last.values() if each.status in STILL_HELD), None)
        fact = self.record(record)
        if fact is None or fact.event.agency != agency or (said and said[0].status in NEVER_SAID_HELD):
            return None
        return fact if made_at(fact) <= at else None

    def holders(self, record: str, at: datetime) -> dict[str, Fact[Any]]:
        """The agencies that held a record at ``at``, each with the fact that says so."""
        return {
            agency: fact for agency in self.speakers(record) if (fact := self.holding(record, agency, at)) is not None
        }

    def speakers(self, record: str) -> tuple[str, ...]:
        """The agencies that say anything of where a record is."""
        fact = self.record(record)
        agencies = [fact.event.agency] if fact is not None else []
        agencies += (each.event.agency for each in self.all(self.material.holdings, record))
        for copy in self.copies(record):
            agencies += [copy.event.held_by] if copy.event.held_by else []
            agencies += (each.event.agency for each in self.custody(copy.event.copy))
        return tuple(dict.fromkeys(agencies))

    # --- what says the same, and what is fuller -----------------------------------------------------------------------

    def edges_from(self, derived: str) -> Iterator[Fact[e.DerivationRecorded]]:
        """By what a record was made from another; that it lay in a container is no such edge."""
        known = self.each(self.material.derivations, self.material.made_from.get(derived, ()))
        return (fact for fact in known if fact.event.method not in MEMBERSHIP)

    def edges_into(self, source: str) -> Iterator[Fact[e.DerivationRecorded]]:
        """By what others were made from a record."""
        known = self.each(self.material.derivations, self.material.made_into.get(source, ()))
        return (fact for fact in known if fact.event.method not in MEMBERSHIP)

    def checks(self, edge: Fact[e.DerivationRecorded]) -> Iterator[Fact[e.DerivativeVerified]]:
        """The checks of a derived record by somebody other than its maker."""
        maker = edge.event.made_by
        return (
            fact
            for fact in self.all(self.material.verified, edge.event.derivation)
            if not maker or fact.event.verified_by != maker
        )

    def is_lossless(self, edge: Fact[e.DerivationRecorded]) -> bool:
        """Whether an edge keeps the content, *verified*: checked by somebody other than the maker and never found
        different, or a bit copy of which a copy has the hash of a copy of its source."""
        if edge.event.method not in LOSSLESS:
            return False
        results = {fact.event.result for fact in self.checks(edge)}
        if results - {Verified.NOT_POSSIBLE}:
            return results <= {Verified.CONSISTENT, Verified.NOT_POSSIBLE}
        if edge.event.method is not Method.BIT_COPY:
            return False
        return bool(self._hashes(edge.event.derived) & self._hashes(edge.event.source))

    def _hashes(self, record: str) -> set[str]:
        return {copy.event.sha256 for copy in self.copies(record) if copy.event.sha256}

    def content_class(self, record: str) -> tuple[str, ...]:
        """The records joined to ``record`` by verified lossless edges, itself among them; the first registered comes
        first and stands for all. Seeing any of them counts as seeing all."""
        if record in self._classes:
            return self._classes[record]
        found = {record}
        todo = [record]
        while todo:
            here = todo.pop()
            joined = [edge.event.source for edge in self.edges_from(here) if self.is_lossless(edge)]
            joined += [edge.event.derived for edge in self.edges_into(here) if self.is_lossless(edge)]
            todo += (other for other in dict.fromkeys(joined) if other not in found)
            found |= set(joined)
        members = tuple(sorted(found, key=self._age))
        for each in members:
            self._classes[each] = members
        return members

    def _age(self, record: str) -> tuple[float, str]:
        fact = self.record(record)
        return (fact.seq if fact is not None else float("inf"), record)

    def sources(self, record: str) -> dict[str, Fact[Any]]:
        """Every S with ``lossy(record, S)``, each with the fact that joins it: made from it through at least one lossy
        edge, or a fuller record of the same event. A record speaks for its content class, and a fuller record of the
        event that one of the sources is of counts too."""
        return dict(self._walk(record, up=True))

    def derivatives(self, record: str) -> dict[str, Fact[Any]]:
        """Every T with ``lossy(T, record)``, each with the fact that joins it."""
        return dict(self._walk(record, up=False))

    def _walk(self, record: str, *, up: bool) -> Iterator[tuple[str, Fact[Any]]]:
        """Along edges of one direction; what was reached over something lossy is told, the nearest first."""
        own = self.content_class(record)
        reached: dict[tuple[str, bool], Fact[Any] | None] = {(each, False): None for each in own}
        todo = list(reached)
        told: set[str] = set()
        for here, lossy in todo:  # it grows while it is walked: breadth first
            by = reached[here, lossy]
            if lossy and by is not None and here not in own and here not in told:
                told.add(here)
                yield here, by
            for other, is_lossy, fact in (
                *self._steps(here, up=up),
                *((each, False, by) for each in self.content_class(here)),
            ):
                place = (other, lossy or is_lossy)
                if place not in reached:
                    reached[place] = fact if is_lossy or by is None else by
                    todo.append(place)

    def _steps(self, here: str, *, up: bool) -> Iterator[tuple[str, bool, Fact[Any]]]:
        for edge in self.edges_from(here) if up else self.edges_into(here):
            other = edge.event.source if up else edge.event.derived
            yield other, edge.event.method not in LOSSLESS, edge
        mine = self._fidelity(here)
        for same in self.all(self.material.same_event, here):
            other = same.event.other if same.event.one == here else same.event.one
            theirs = self._fidelity(other)
            if mine is not None and theirs is not None and (theirs > mine if up else theirs < mine):
                yield other, True, same

    def _fidelity(self, record: str) -> int | None:
        fact = self.record(record)
        return FIDELITY.get(fact.event.kind) if fact is not None else None

    # --- what a decision rests on -------------------------------------------------------------------------------------

    def rests_on(self, decision: str, members: Iterable[str]) -> str | None:
        """The first of ``members`` that a decision rests on (``B(D)``)."""
        return next((each for each in members if decision in self.material.rested_on.get(each, ())), None)

    def decisions_on(self, members: Iterable[str]) -> list[Fact[e.MaterialDecided]]:
        """The decisions that rest on any of ``members``, in the order of learning."""
        names = dict.fromkeys(name for each in members for name in self.material.rested_on.get(each, ()))
        return sorted(self.each(self.material.decisions, names), key=lambda fact: fact.seq)


def now(material: Material) -> Reading:
    """All that is known."""
    return Reading(material)


def as_of(material: Material, *, seq: int | None = None, instant: datetime | None = None) -> Reading:
    """What this register had learned up to a place in its order, or by an instant."""
    return Reading(material, seq, instant)


def made_at(fact: Fact[e.RecordRegistered]) -> datetime:
    """When a record came into being; where nobody knows, when it is said to have been registered."""
    created = fact.event.created
    return fact.happened_at if created.precision is Precision.UNKNOWN else created.at


def in_scope(fact: Fact[e.RecordRegistered], scope: Scope) -> bool:
    """Whether a record is in the scope of a request or attestation. One whose date nobody knows is; a scope of words
    alone names no record."""
    if scope.everything:
        return True
    event = fact.event
    if not (scope.kinds or scope.persons or scope.made_from or scope.made_until):
        return False
    if scope.kinds and event.kind not in scope.kinds:
        return False
    if scope.persons and not set(scope.persons) & set(event.persons):
        return False
    if event.created.precision is Precision.UNKNOWN:
        return True
    began, ended = event.created.at, event.created.until or event.created.at
    return (scope.made_from is None or ended >= scope.made_from) and (
        scope.made_until is None or began <= scope.made_until
    )


def _given(new: E | None, old: E) -> E:
    return old if new is None else new
