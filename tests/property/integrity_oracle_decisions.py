"""The oracle of the rules on decisions and their reviews: R01, R03, R10, R12, R15, R17, R19."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from property.integrity_world import PAPERWORK, SAME, SEEN, Said, World
from safehands.core.records.material import Fact


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


#: The rules that speak of a decision and of records with the same content.
ABOUT_DECISIONS = (r01, r03, r10, r15)


def r19(w: World, record: str) -> tuple[str, int] | None:
    """What was entered late changes what is true of an earlier decision: take it away, and see."""
    members = w.cls(record)
    if w.name(members) != record:
        return None
    about = [fact for fact in w.facts if members & speaks_of(w, fact) and not imported(w, members, fact)]
    for fact in about:
        made_from_it = {fact.event.derived} if type(fact.event).__name__ == "DerivationRecorded" else set()
        joined = {other for each in {record, *made_from_it} for other in w.kin(each)}
        if fact.recorded_at - fact.happened_at > timedelta(days=30) and changes_the_past(w, joined, fact):
            return "a", 4
    return ("b", 4) if any(x.happened_at - x.recorded_at > timedelta(minutes=5) for x in about) else None


def changes_the_past(w: World, records: set[str], late: Fact[Any]) -> bool:
    without = w.without(late)
    for decision in [x.event.decision for x in w.of("MaterialDecided") if x.seq < late.seq]:
        for rule in ABOUT_DECISIONS:
            true, otherwise = (sorted(str(rule(each, decision, r)) for r in records) for each in (w, without))
            if true != otherwise:
                return True
    return False


def imported(w: World, members: set[str], fact: Fact[Any]) -> bool:
    """Whether it is only told of records that came with a declared import."""
    rows = [w.the("RecordRegistered", record=each) for each in members & speaks_of(w, fact)]
    return all(row is not None and row.event.legacy for row in rows)


def speaks_of(w: World, fact: Fact[Any]) -> set[str]:
    """The records that an entry is about, where it says what they are, where they are, and to whom they came."""
    event, kind = fact.event, type(fact.event).__name__
    if kind in ("RecordRegistered", "RecordReclassified", "CopyRegistered", "HoldingAsserted", "RecordShared"):
        return {event.record}
    if kind == "DerivationRecorded":
        return {event.source} if event.method != "extracted_from_container" else set()
    if kind == "SameEventRecorded":
        return {event.one, event.other}
    if kind == "DerivativeVerified":
        edges = [x for x in w.edges() if x.event.derivation == event.derivation]
        return {x.event.derived for x in edges}
    if kind == "CustodyRecorded":
        return {x.event.record for x in w.of("CopyRegistered", copy=event.copy)}
    if kind in ("ShareReceived", "ShareOpened"):
        return {x.event.record for x in w.of("RecordShared", share=event.share)}
    return set()


# --- each rule, wherever it may be true -------------------------------------------------------------------------------


def all_r01(w: World) -> Iterator[Said]:
    for d, record in product(w.of("MaterialDecided"), w.ids()):
        yield from w.put_about(r01, (d.event.decision, record), d, d.event.made_at)


def all_r03(w: World) -> Iterator[Said]:
    for d, record in product(w.of("MaterialDecided"), w.ids()):
        verdict = r03(w, d.event.decision, record)
        if verdict is not None:
            yield (d.event.decision, record), verdict, False


def all_r10(w: World) -> Iterator[Said]:
    for d, record in product(w.of("MaterialDecided"), w.ids()):
        yield from w.put_about(r10, (d.event.decision, record), d, d.event.made_at)


def all_r12(w: World) -> Iterator[Said]:
    for d in w.of("MaterialDecided"):
        if d.event.reviews:
            pair = (d.event.reviews, d.event.decision)
            for record in w.ids():
                yield from w.put_about(r12, (*pair, record), d, d.event.made_at)
            people = ("not_independent", *pair)
            yield from w.put_about(r12_people, people, d, d.event.made_at, by_class=False)
    for review in w.of("ReviewOpened"):
        chain = [review.event.decision, *w.before(review.event.decision)]
        prior = [w.the("MaterialDecided", decision=each) for each in chain]
        if any(each is not None and each.event.decider == review.event.reviewer for each in prior):
            yield ("review", review.event.review), ("b", 2), True


def all_r15(w: World) -> Iterator[Said]:
    for d, record in product(w.of("MaterialDecided"), w.ids()):
        verdict = r15(w, d.event.decision, record)
        if verdict is not None:
            yield ("decision", d.event.decision, record), verdict, True
    for share in w.of("RecordShared"):
        verdict = r15_share(w, share.event.share)
        if verdict is not None:
            yield ("share", share.event.share), verdict, True


def all_r17(w: World) -> Iterator[Said]:
    for d in w.of("MaterialDecided"):
        verdict = r17(w, d.event.decision)
        if verdict is not None:
            yield (d.event.decision,), verdict, True


def all_r19(w: World) -> Iterator[Said]:
    for record in w.ids():
        verdict = r19(w, record)
        if verdict is not None:
            yield (record,), verdict, verdict[0] != "a"
