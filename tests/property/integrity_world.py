"""Facts in a list, and slow, obvious answers about them: what the oracle of the integrity rules reads.

It shares nothing with the rulebook nor with how a material is read: lists, sets and loops, written from the sheet's
text. What the sheet leaves open is settled in ``docs/adr/0173-an-integrity-rule-is-judged-cell-by-cell.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from safehands.core.records.material import Fact

#: A letter, a grade, and whether it was knowable then.
Verdict = tuple[str, int, bool]
#: What a rule is judged of: ids.
Cell = tuple[str, ...]
#: A cell, the letter and grade of what is true of it, and whether it was knowable then.
Said = tuple[Cell, tuple[str, int], bool]
HAS = {"held", "lent", "archived", "in_transit"}
FULLER = ["summary case_summary", "original_note", "record_of_interview", "transcript_full"]
FULLER += ["audio_interview emergency_call", "video_interview body_worn_video cctv"]
SAME = {"bit_copy", "format_migration"}
SEEN = {"viewed_full", "listened_full", "read_full", "viewed_part", "read_part"}
BY_NATURE = "record_of_interview transcript_full summary translation redaction clip still enhancement case_summary"
PAPERWORK = "schedule index decision_record policy_log letter email request response certificate"
MOVES = {
    "received": "held",
    "returned": "held",
    "found": "held",
    "lent": "lent",
    "transferred": "transferred",
    "reported_missing": "missing",
    "destroyed": "destroyed",
    "returned_to_owner": "returned_to_owner",
}


class World:
    """Facts, and naive answers about them."""

    def __init__(self, facts: Iterable[Fact[Any]], at: datetime) -> None:
        self.facts = list(facts)
        self.at = at

    def of(self, kind: str, **fields: Any) -> list[Fact[Any]]:
        return [
            fact
            for fact in self.facts
            if type(fact.event).__name__ == kind
            and all(getattr(fact.event, name) == value for name, value in fields.items())
        ]

    def the(self, kind: str, **fields: Any) -> Fact[Any] | None:
        """The last that was told: a single fact stands under its id."""
        found = self.of(kind, **fields)
        return found[-1] if found else None

    def ids(self) -> list[str]:
        """Every record that anything names."""
        names = {fact.event.record for fact in self.of("RecordRegistered")}
        for fact in self.of("DerivationRecorded"):
            names |= {fact.event.derived, fact.event.source}
        for fact in self.of("SameEventRecorded"):
            names |= {fact.event.one, fact.event.other}
        for fact in self.facts:
            name = getattr(fact.event, "record", None)
            names |= {name} if name else set()
        for fact in self.of("MaterialDecided"):
            names |= {each.record for each in fact.event.considered}
        return sorted(names)

    def made(self, record: str) -> datetime | None:
        fact = self.the("RecordRegistered", record=record)
        if fact is None:
            return None
        return fact.happened_at if fact.event.created.precision == "unknown" else fact.event.created.at

    def custody(self, copy: str) -> list[Fact[Any]]:
        events = self.of("CustodyRecorded", copy=copy)
        return [fact for fact in events if fact.event.custody not in [each.event.supersedes for each in events]]

    # Who held what.

    def statements(self, record: str, agency: str) -> list[tuple[datetime, int, str | None, str]]:
        said = [
            (fact.event.at, fact.seq, fact.event.copy, str(fact.event.status))
            for fact in self.of("HoldingAsserted", record=record, agency=agency)
        ]
        for copy in self.of("CopyRegistered", record=record):
            if copy.event.held_by == agency:
                said.append((copy.happened_at, copy.seq, copy.event.copy, "held"))
            said += [
                (fact.event.at, fact.seq, copy.event.copy, MOVES[fact.event.type])
                for fact in self.custody(copy.event.copy)
                if fact.event.agency == agency and fact.event.type in MOVES
            ]
        return sorted(said, key=lambda each: each[:2])

    def held(self, record: str, agency: str, at: datetime) -> bool:
        said = self.statements(record, agency)
        until = [each for each in said if each[0] <= at]
        if until:
            whole = [n for n, each in enumerate(until) if each[2] is None]
            until = until[whole[-1] :] if whole else until
            last = {each[2]: each[3] for each in until}
            return any(status in HAS for status in last.values())
        mine = self.the("RecordRegistered", record=record, agency=agency)
        made = self.made(record)
        doubted = bool(said) and said[0][3] in ("never_held", "not_searched", "unknown")
        return mine is not None and made is not None and made <= at and not doubted

    def agencies(self) -> list[str]:
        names = {getattr(fact.event, "agency", None) for fact in self.facts}
        names |= {getattr(fact.event, "held_by", None) for fact in self.facts}
        return sorted(name for name in names if name)

    def held_by_any(self, record: str, at: datetime) -> bool:
        return any(self.held(record, agency, at) for agency in self.agencies())

    # What says the same, and what is fuller.

    def edges(self) -> list[Fact[Any]]:
        return [fact for fact in self.of("DerivationRecorded") if fact.event.method != "extracted_from_container"]

    def checks(self, edge: Fact[Any]) -> list[Fact[Any]]:
        maker = edge.event.made_by
        found = self.of("DerivativeVerified", derivation=edge.event.derivation)
        return [fact for fact in found if not maker or fact.event.verified_by != maker]

    def proved_same(self, edge: Fact[Any]) -> bool:
        results = {str(fact.event.result) for fact in self.checks(edge)} - {"not_possible"}
        if edge.event.method not in SAME:
            return False
        if results:
            return results == {"consistent"}

        def hashes(record: str) -> set[str]:
            return {fact.event.sha256 for fact in self.of("CopyRegistered", record=record) if fact.event.sha256}

        return edge.event.method == "bit_copy" and bool(hashes(edge.event.derived) & hashes(edge.event.source))

    def cls(self, record: str) -> set[str]:
        found = {record}
        while True:
            more = {
                end
                for edge in self.edges()
                if self.proved_same(edge) and {edge.event.derived, edge.event.source} & found
                for end in (edge.event.derived, edge.event.source)
            }
            if more <= found:
                return found
            found |= more

    def name(self, members: set[str]) -> str:
        def age(record: str) -> tuple[float, str]:
            fact = self.the("RecordRegistered", record=record)
            return (fact.seq if fact else float("inf"), record)

        return min(members, key=age)

    def fidelity(self, record: str) -> int | None:
        fact = self.the("RecordRegistered", record=record)
        places = [n for n, kinds in enumerate(FULLER) if fact and fact.event.kind in kinds.split()]
        return places[0] if places else None

    def sources(self, record: str) -> set[str]:
        """S with lossy(record, S): all ways up, whether or not something was lost on them so far."""
        ways = {(each, False) for each in self.cls(record)}
        while True:
            more = set(ways)
            for here, lost in ways:
                more |= {(each, lost) for each in self.cls(here)}
                for edge in self.edges():
                    if edge.event.derived == here:
                        more.add((edge.event.source, lost or edge.event.method not in SAME))
                for fact in self.of("SameEventRecorded"):
                    for one, other in ((fact.event.one, fact.event.other), (fact.event.other, fact.event.one)):
                        mine, theirs = self.fidelity(one), self.fidelity(other)
                        if one == here and mine is not None and theirs is not None and theirs > mine:
                            more.add((other, True))
            if more == ways:
                return {each for each, lost in ways if lost} - self.cls(record)
            ways = more

    # What a decision rests on, and what its decider was told.

    def basis(self, decision: Fact[Any]) -> set[str]:
        return {each.record for each in decision.event.considered if each.mode in SEEN}

    def seen_by(self, person: str, record: str, at: datetime) -> list[Fact[Any]]:
        found = []
        for copy in self.of("CopyRegistered", record=record):
            found += [
                fact
                for fact in self.custody(copy.event.copy)
                if fact.event.type in ("viewed", "listened", "read")
                and fact.event.person == person
                and fact.event.at <= at
            ]
        return found

    def told(self, decision: Fact[Any], members: set[str]) -> bool:
        made = decision.event
        index = {*made.shown, *(x.record for x in made.considered), *(x.record for x in made.known_unseen)}
        if members & index:
            return True
        for reply in self.of("RequestAnswered"):
            request = self.the("MaterialRequested", request=reply.event.request)
            waits = request is not None and request.event.closes_on == made.decision
            if waits and reply.event.at <= made.made_at and members & {item.record for item in reply.event.items}:
                return True
        for member in members:
            viewed = self.seen_by(made.decider, member, made.made_at)
            if [fact for fact in viewed if fact.event.agency == made.decider_agency]:
                return True
            for share in self.of("RecordShared", record=member, to_agency=made.decider_agency):
                if share.event.sent_at > made.made_at:
                    continue
                opened = self.of("ShareOpened", share=share.event.share, person=made.decider)
                if share.event.to_person == made.decider or [x for x in opened if x.event.opened_at <= made.made_at]:
                    return True
        return False

    def delivered(self, decision: Fact[Any], members: set[str]) -> bool:
        agency, at = decision.event.decider_agency, decision.event.made_at
        for member in members:
            if self.held(member, agency, at):
                return True
            for copy in self.of("CopyRegistered", record=member):
                for fact in self.custody(copy.event.copy):
                    viewed = fact.event.type in ("viewed", "listened", "read")
                    if viewed and fact.event.agency == agency and fact.event.at <= at:
                        return True
            for share in self.of("RecordShared", record=member, to_agency=agency):
                if share.event.sent_at > at:
                    continue
                got = self.the("ShareReceived", share=share.event.share)
                if [x for x in self.of("ShareOpened", share=share.event.share) if x.event.opened_at <= at]:
                    return True
                if share.event.copy is not None and got is not None and got.event.received_at <= at:
                    return True
        return False

    def after(self, decision: str) -> set[str]:
        found: set[str] = set()
        while True:
            more = {f.event.decision for f in self.of("MaterialDecided") if f.event.reviews in {decision, *found}}
            if more <= found:
                return found
            found |= more

    def before(self, decision: str) -> list[str]:
        found: list[str] = []
        fact = self.the("MaterialDecided", decision=decision)
        while fact is not None and fact.event.reviews and fact.event.reviews not in found:
            found.append(fact.event.reviews)
            fact = self.the("MaterialDecided", decision=fact.event.reviews)
        return found

    def scope(self, fact: Fact[Any], scope: Any) -> bool:
        if scope.everything:
            return True
        if not (scope.kinds or scope.persons or scope.made_from or scope.made_until):
            return False
        made = fact.event.created
        unknown = made.precision == "unknown"
        return (
            (not scope.kinds or fact.event.kind in scope.kinds)
            and (not scope.persons or any(person in fact.event.persons for person in scope.persons))
            and (unknown or scope.made_from is None or (made.until or made.at) >= scope.made_from)
            and (unknown or scope.made_until is None or made.at <= scope.made_until)
        )

    def classified(self, fact: Fact[Any], by: datetime | None = None) -> Any:
        event = fact.event
        for change in self.of("RecordReclassified", record=event.record):
            if by is None or change.recorded_at <= by:
                given = {name: getattr(change.event, name) for name in ("relevance", "use", "sensitivity")}
                event = replace(event, **{name: value for name, value in given.items() if value is not None})
        return event

    def then(self, about: Fact[Any], instant: datetime) -> World:
        known = [fact for fact in self.facts if fact.seq <= about.seq]
        if about.event.legacy:
            known = [fact for fact in known if fact.recorded_at <= instant or fact is about]
        return World(known, self.at)

    def kin(self, record: str) -> set[str]:
        """What copying that keeps the content joins to a record, checked or not."""
        found = {record}
        while True:
            ends = [{x.event.derived, x.event.source} for x in self.edges() if x.event.method in SAME]
            more = set().union(*(each for each in ends if each & found))
            if more <= found:
                return found
            found |= more

    def classes(self) -> list[str]:
        """The record that stands for each class of records with the same content."""
        return [each for each in self.ids() if self.name(self.cls(each)) == each]

    def word_on(self, copy: str, agency: str) -> list[tuple[datetime, int, str]]:
        """What an agency says of one copy, and what it says afterwards of the record as a whole."""
        fact = self.the("CopyRegistered", copy=copy)
        said = self.statements(fact.event.record, agency) if fact is not None else []
        own = [n for n, each in enumerate(said) if each[2] == copy]
        return [(at, seq, status) for at, seq, of, status in said[own[0] :] if of in (copy, None)] if own else []

    def on(self, schedule: Fact[Any]) -> set[str]:
        """The records on a schedule, those among them that stand in a block."""
        return {each for item in schedule.event.items for each in (item.record, *item.others)}

    def without(self, fact: Fact[Any]) -> World:
        return World([each for each in self.facts if each is not fact], self.at)

    def put_about(self, find: Any, cell: Cell, about: Fact[Any], instant: datetime, *, by_class: bool = True) -> Any:
        """What is true of a cell, and whether it was with what was known when ``about`` came about; none or one."""
        verdict = find(self, *cell)
        if verdict is None:
            return
        if len(verdict) > 2:
            about, instant = verdict[2], verdict[2].event.at
        then = self.then(about, instant)
        cells = [(*cell[:-1], each) for each in self.cls(cell[-1])] if by_class else [cell]
        yield cell, verdict[:2], any(find(then, *each) is not None for each in cells)
