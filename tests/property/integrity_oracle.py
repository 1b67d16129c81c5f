"""A slow, obvious oracle of the integrity rules: lists of facts, sets and loops, written from the sheet's text.

It shares nothing with the rulebook nor with how a material is read. ``truth(facts, at)`` answers, for each concern that
is true, its letter and grade and whether it was knowable then. What the sheet leaves open is settled in
``docs/adr/0173-an-integrity-rule-is-judged-cell-by-cell.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

from safehands.core.records.material import Fact

Verdict = tuple[str, int, bool]
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


Cell = tuple[str, ...]


def r01(w: World, decision: str, record: str) -> tuple[str, int] | None:
    d = w.the("MaterialDecided", decision=decision)
    members = w.cls(record)
    if d is None or w.name(members) != record or d.event.kind == "early_advice" or members & w.basis(d):
        return None
    if not any(members & w.sources(t) for t in w.basis(d)):
        return None
    if not any(w.held_by_any(each, d.event.made_at) for each in members):
        return None
    if any(fact.event.for_defence for each in members for fact in w.of("RecordRegistered", record=each)):
        return None
    early = d.event.kind in ("early_advice", "charge")
    for each in d.event.known_unseen:
        if each.record in members and each.signed and (early or each.reason != "rovi_sufficient_at_this_stage"):
            return "d", 4
    if any(members & w.basis(f) for f in w.of("MaterialDecided") if f.event.decision in w.after(decision)):
        return "late", 4
    if not w.told(d, members):
        return "a", 1
    return ("c", 3) if w.delivered(d, members) else ("b", 2)


def r02(w: World, record: str) -> tuple[str, int] | None:
    fact = w.the("RecordRegistered", record=record)
    if fact is None:
        return None
    relied = any(w.cls(record) & w.basis(d) for d in w.of("MaterialDecided"))
    if fact.event.kind == "original_note":
        asked = w.the("TwinAsked", record=record)
        return ("b", 1 if relied else 2) if asked is None or asked.event.recorded_too == "not_asked" else None
    ups = [edge.event.source for edge in w.edges() if edge.event.derived == record]
    if fact.event.kind not in BY_NATURE.split() or any(w.of("RecordRegistered", record=up) for up in ups):
        return None
    claim = w.the("SourceClaimed", record=record)
    if claim is not None:
        said = claim.event
        proof = {"destroyed": said.event, "searched_not_found": said.scope, "held_by": said.held_by}
        if said.claim == "never_existed" or proof.get(str(said.claim)):
            return "c", 4
    return "a", 1 if relied else 2


def r03(w: World, decision: str, record: str) -> tuple[str, int] | None:
    d, fact = w.the("MaterialDecided", decision=decision), w.the("RecordRegistered", record=record)
    members = w.cls(record)
    if d is None or fact is None or not d.event.basis_known or w.name(members) != record:
        return None
    if fact.seq < d.seq or fact.event.legacy or members & w.basis(d) or w.told(d, members):
        return None
    known = w.classified(fact)
    if known.kind in PAPERWORK.split() or known.relevance == "not_relevant":
        return None
    for edge in w.edges():
        ends = {edge.event.derived, edge.event.source}
        known_before = any(f.seq < d.seq for end in ends for f in w.of("RecordRegistered", record=end))
        if edge.event.method in SAME and ends & members and known_before:
            return None
    if any(x.event.record in members for x in w.of("EffectAssessed", decision=decision)):
        return "late", 4
    existed = any((made := w.made(each)) is not None and made <= d.event.made_at for each in members)
    return ("a", 2) if existed else ("b", 4)


def left_out(w: World, request: Fact[Any], reply: Fact[Any], members: set[str]) -> bool:
    q = request.event
    for fact in w.of("RecordRegistered"):
        r = fact.event.record
        if r not in members or not w.scope(fact, q.scope) or not w.held(r, q.to_agency, reply.event.at):
            continue
        written = fact.happened_at if fact.event.legacy else fact.recorded_at
        if written <= q.asked_at and w.classified(fact, q.asked_at).relevance == "not_relevant":
            continue
        apart = [
            x for x in w.of("RecordShared", record=r, to_agency=q.from_agency) if x.event.sent_at <= reply.event.at
        ]
        apart += [
            x
            for x in w.of("ScheduleServed", form="MG6D")
            if x.event.at <= reply.event.at and r in [item.record for item in x.event.items]
        ]
        if w.classified(fact).sensitivity == "highly_sensitive" and apart:
            continue
        return True
    return False


def r04(w: World, request: str, record: str) -> tuple[str, int, Fact[Any]] | None:
    q = w.the("MaterialRequested", request=request)
    members = w.cls(record)
    if q is None or w.name(members) != record:
        return None
    replies = w.of("RequestAnswered", request=request)
    standing = [x for x in replies if x.event.reply not in [y.event.supersedes for y in replies]]
    lines = [x for x in standing if members & {item.record for item in x.event.items}]
    if not lines:
        short = [x for x in standing if left_out(w, q, x, members)]
        return ("a", 2, short[0]) if short else None
    named = [x.seq for x in replies if members & {item.record for item in x.event.items}]
    short = [x for x in replies if x.seq < named[0] and x.event.complete and left_out(w, q, x, members)]
    return ("late", 4, short[0]) if short else None


def r05(w: World, attestation: str, record: str) -> tuple[str, int] | None:
    a = w.the("NothingFurtherAttested", attestation=attestation)
    members = w.cls(record)
    if a is None or w.name(members) != record or members & set(a.event.listed):
        return None
    for reply in w.of("RequestAnswered"):
        under = reply.event.request == a.event.request and reply.event.at <= a.event.at
        mine = reply.event.attestation == attestation
        if (under or mine) and members & {item.record for item in reply.event.items}:
            return None
    worst = []
    for member in members:
        fact, made = w.the("RecordRegistered", record=member), w.made(member)
        if fact is None or made is None or made > a.event.at or not w.scope(fact, a.event.scope):
            continue
        if not w.held(member, a.event.agency, a.event.at):
            continue
        if fact.event.agency == a.event.agency and w.then(a, a.event.at).the("RecordRegistered", record=member):
            worst.append((1, "a"))
        else:
            places = {place.casefold() for place in where(w, member, a.event.agency, a.event.at)} - {""}
            found = places & {x.casefold() for x in a.event.systems_searched}
            worst.append((2, "b") if found else (3, "c"))
    return (min(worst)[1], min(worst)[0]) if worst else None


def where(w: World, record: str, agency: str, at: datetime) -> list[str]:
    """Where the first standing statement by which it was held says that it is."""
    said = [each for each in w.statements(record, agency) if each[0] <= at]
    whole = [n for n, each in enumerate(said) if each[2] is None]
    said = said[whole[-1] :] if whole else said
    last: dict[str | None, tuple[Any, ...]] = {}
    for each in said:
        last[each[2]] = each
    for each in last.values():
        if each[3] in HAS:
            event = w.facts[[fact.seq for fact in w.facts].index(each[1])].event
            return [getattr(event, "system", ""), getattr(event, "location", "")]
    return []


def r06(w: World, request: str, decision: str = "") -> tuple[str, int] | None:
    q = w.the("MaterialRequested", request=request)
    if q is None:
        return None
    replies, gone = w.of("RequestAnswered", request=request), w.the("RequestWithdrawn", request=request)
    if not decision:
        ends = [x.event.at for x in replies] + ([gone.happened_at] if gone else [])
        if q.event.due_at is None or any(end < q.event.due_at for end in ends):
            return None
        if ends:
            return "late", 4
        return ("a", 3) if w.at >= q.event.due_at else None
    d = w.the("MaterialDecided", decision=decision)
    if d is None or d.event.interim or request in d.event.waived:
        return None
    made = d.event.made_at
    if q.event.from_agency != d.event.decider_agency or q.event.asked_at > made or (gone and gone.happened_at <= made):
        return None
    standing = [x for x in replies if x.event.reply not in [y.event.supersedes for y in replies]]
    then = [x for x in standing if x.event.at <= made]
    if then and then[-1].event.complete:
        return None
    return ("late", 4) if any(x.event.complete and x.event.at > made for x in standing) else ("b", 2)


def r08(w: World, letter: str, record: str) -> tuple[str, int] | None:  # noqa: C901 - the sheet's three cases in one place
    fact = w.the("LetterLogged", letter=letter)
    if fact is None:
        return None
    sent, about = fact.event.sent_at, fact.event.decision
    claims = [*fact.event.claims, *(x.event.claim for x in w.of("ClaimDisputed", letter=letter))]
    if record == "all_material_considered":
        if not any(claim.claim == "all_material_considered" for claim in claims):
            return None
        named = [
            d
            for d in w.of("MaterialDecided")
            if d.event.decision == about or (about is None and d.event.made_at <= sent)
        ]
        open_ = [r01(w, d.event.decision, s) for d in named for s in w.ids()]
        return ("b", 1) if any(x is not None and x[0] != "d" for x in open_) else None
    members = w.cls(record)
    if w.name(members) != record:
        return None
    found = []
    for claim, member in product(claims, members):
        r, made = w.the("RecordRegistered", record=member), w.made(member)
        if r is None or made is None or made > sent:
            continue
        if not (claim.record in members if claim.record is not None else claim.kind == r.event.kind):
            continue
        if claim.claim in ("not_held", "destroyed", "never_existed"):
            of = claim.agency or (fact.event.sender if claim.own_holding else None)
            if (of is None and w.held_by_any(member, sent)) or (of is not None and w.held(member, of, sent)):
                found.append((1, "a"))
            elif claim.own_holding and w.held_by_any(member, sent):
                found.append((4, "d"))
        if claim.claim == "considered":
            resting = [d.event for d in w.of("MaterialDecided") if members & w.basis(d)]
            if not any(d.decision == about or (about is None and d.made_at <= sent) for d in resting):
                found.append((1, "c"))
    return (min(found)[1], min(found)[0]) if found else None


def r10(w: World, decision: str, record: str) -> tuple[str, int] | None:
    d = w.the("MaterialDecided", decision=decision)
    members = w.cls(record)
    if d is None or w.name(members) != record:
        return None
    content = {x.record for x in d.event.considered if x.mode in SEEN}
    content -= {x for x in content if not any(y.for_content for y in d.event.considered if y.record == x)}
    edges = [
        edge
        for edge in w.edges()
        if edge.event.derived in members
        and edge.event.method not in SAME
        and w.of("RecordRegistered", record=edge.event.source)
    ]
    if not edges or not members & content:
        return None
    checks = [x for edge in edges for x in w.checks(edge) if x.event.result != "not_possible"]
    if any(x.event.result == "material_difference" for x in checks):
        return "c", 1
    if any(x.event.at <= d.event.made_at for x in checks):
        return None
    return ("late", 4) if checks else ("a", 3)


def r12(w: World, first: str, second: str, record: str = "") -> tuple[str, int] | None:
    d1, d2 = w.the("MaterialDecided", decision=first), w.the("MaterialDecided", decision=second)
    if d1 is None or d2 is None or d2.event.reviews != first or d2.event.procedural_only:
        return None
    if not record:
        prior = [w.the("MaterialDecided", decision=x) for x in w.before(second) if x != second]
        return ("b", 2) if any(x is not None and x.event.decider == d2.event.decider for x in prior) else None
    one, other = r01(w, first, record), r01(w, second, record)
    return ("a", 1) if one is not None and other is not None and "d" not in (one[0], other[0]) else None


def r12_people(w: World, _: str, first: str, second: str) -> tuple[str, int] | None:
    return r12(w, first, second)


def r17(w: World, decision: str) -> tuple[str, int] | None:
    d = w.the("MaterialDecided", decision=decision)
    if d is None or d.event.basis_known:
        return None
    looked = [x for x in w.of("ReviewOpened", decision=decision) if not w.of("ReviewConcluded", review=x.event.review)]
    looked += [
        x
        for x in w.of("VictimReviewRequested", decision=decision)
        if not w.of("VictimReviewMoved", victim_review=x.event.victim_review, stage="closed")
    ]
    return ("b", 2) if looked else ("a", 4)


def r15(w: World, decision: str, record: str) -> tuple[str, int] | None:
    d = w.the("MaterialDecided", decision=decision)
    members = w.cls(record)
    if d is None or d.event.legacy or w.name(members) != record or not members & w.basis(d):
        return None
    person, made = d.event.decider, d.event.made_at
    for member in members:
        if w.seen_by(person, member, made):
            return None
        for share in w.of("RecordShared", record=member):
            shown = share.event.channel == "in_person_viewing" and share.event.to_person == person
            opened = w.of("ShareOpened", share=share.event.share, person=person)
            if (shown and share.event.sent_at <= made) or any(x.event.opened_at <= made for x in opened):
                return None
    return "a", 2


def r15_share(w: World, share: str) -> tuple[str, int] | None:
    s = w.the("RecordShared", share=share)
    if s is None or s.event.expires_at is None or w.at < s.event.expires_at:
        return None
    if any(x.event.opened_at < s.event.expires_at for x in w.of("ShareOpened", share=share)):
        return None
    revoked = w.the("ShareRevoked", share=share)
    return None if revoked is not None and revoked.happened_at < s.event.expires_at else ("b", 2)


def r20(w: World, record: str) -> tuple[str, int] | None:
    fact = w.the("RecordRegistered", record=record)
    if fact is None:
        return None
    order = ["none", "sensitive", "highly_sensitive"]
    for change in w.of("RecordReclassified", record=record):
        earlier = World([x for x in w.facts if x.seq < change.seq], w.at)
        was = earlier.classified(fact)
        is_ = World([x for x in w.facts if x.seq <= change.seq], w.at).classified(fact)
        closed = order.index(is_.sensitivity) > order.index(was.sensitivity)
        closed = closed or (was.use == "unused_nonsensitive" and is_.use == "unused_sensitive")
        dropped = was.relevance != "not_relevant" and is_.relevance == "not_relevant"
        listed = any(
            record in [item.record for item in x.event.items] for x in earlier.of("ScheduleServed", form="MG6C")
        )
        asked = any(w.scope(fact, x.event.scope) for x in earlier.of("MaterialRequested", to_agency=fact.event.agency))
        decided = any(x.seq > fact.seq for x in earlier.of("MaterialDecided"))
        if not change.event.authority and ((closed and (asked or decided or listed)) or (dropped and listed)):
            return "a", 2
    return None


def truth(facts: Iterable[Fact[Any]], at: datetime) -> dict[str, Verdict]:  # noqa: C901 - a flat list, rule by rule
    """Every concern of the rules that the oracle knows, by its id: letter, grade, knowable then."""
    w = World(facts, at)
    found: dict[str, Verdict] = {}
    records = w.ids()
    decisions = [d.event.decision for d in w.of("MaterialDecided")]

    def put(rule: str, cell: Cell, verdict: tuple[Any, ...] | None, *, knowable: bool = True) -> None:
        if verdict is not None:
            found[f"{rule}/{':'.join(cell)}"] = (verdict[0], verdict[1], knowable)

    def put_about(rule: str, find: Any, cell: Cell, about: Fact[Any], instant: datetime, *, by_class: bool) -> None:
        verdict = find(w, *cell)
        if verdict is not None:
            about = verdict[2] if len(verdict) > 2 else about
            instant = about.event.at if len(verdict) > 2 else instant
            then = w.then(about, instant)
            cells = [(*cell[:-1], each) for each in w.cls(cell[-1])] if by_class else [cell]
            put(rule, cell, verdict, knowable=any(find(then, *each) is not None for each in cells))

    for record in records:
        put("R02", (record,), r02(w, record))
        put("R20", (record,), r20(w, record))
    for decision in decisions:
        d = w.the("MaterialDecided", decision=decision)
        assert d is not None
        made = d.event.made_at
        for record in records:
            put_about("R01", r01, (decision, record), d, made, by_class=True)
            put_about("R10", r10, (decision, record), d, made, by_class=True)
            put("R03", (decision, record), r03(w, decision, record), knowable=False)
            put("R15", ("decision", decision, record), r15(w, decision, record))
        for q in w.of("MaterialRequested"):
            put_about("R06", r06, (q.event.request, decision), d, made, by_class=False)
        if d.event.reviews:
            for record in records:
                put_about("R12", r12, (d.event.reviews, decision, record), d, made, by_class=True)
            put_about("R12", r12_people, ("not_independent", d.event.reviews, decision), d, made, by_class=False)
        put("R17", (decision,), r17(w, decision))
    for q in w.of("MaterialRequested"):
        put("R06", (q.event.request,), r06(w, q.event.request))
        for record in records:
            put_about("R04", r04, (q.event.request, record), q, at, by_class=True)
    for a in w.of("NothingFurtherAttested"):
        for record in records:
            put_about("R05", r05, (a.event.attestation, record), a, a.event.at, by_class=True)
    for x in w.of("LetterLogged"):
        for record in records:
            put_about("R08", r08, (x.event.letter, record), x, x.event.sent_at, by_class=True)
        put_about("R08", r08, (x.event.letter, "all_material_considered"), x, x.event.sent_at, by_class=False)
    for share in w.of("RecordShared"):
        put("R15", ("share", share.event.share), r15_share(w, share.event.share))
    for review in w.of("ReviewOpened"):
        chain = [review.event.decision, *w.before(review.event.decision)]
        prior = [w.the("MaterialDecided", decision=each) for each in chain]
        if any(each is not None and each.event.decider == review.event.reviewer for each in prior):
            put("R12", ("review", review.event.review), ("b", 2))
    return found


KNOWN = frozenset({"R01", "R02", "R03", "R04", "R05", "R06", "R08", "R10", "R12", "R15", "R17", "R20"})
