"""The oracle of the rules on what was asked, answered, attested, written and shown: R04, R05, R06, R08, R18, R20."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from property.integrity_oracle_decisions import r01
from property.integrity_world import HAS, Said, World
from safehands.core.records.material import Fact

BANK_HOLIDAYS = {date(2025, 8, 25)}


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
        apart += [x for x in w.of("ScheduleServed", form="MG6D") if x.event.at <= reply.event.at and r in w.on(x)]
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


def r08(w: World, letter: str, record: str) -> tuple[str, int] | None:
    fact = w.the("LetterLogged", letter=letter)
    if fact is None:
        return None
    claims = [*fact.event.claims, *(x.event.claim for x in w.of("ClaimDisputed", letter=letter))]
    if record == "all_material_considered":
        said = any(claim.claim == "all_material_considered" for claim in claims)
        return r08_everything(w, fact) if said else None
    members = w.cls(record)
    if w.name(members) != record:
        return None
    found = []
    for claim, member in product(claims, members):
        r, made = w.the("RecordRegistered", record=member), w.made(member)
        if r is None or made is None or made > fact.event.sent_at:
            continue
        if claim.record in members if claim.record is not None else claim.kind == r.event.kind:
            found += [each for each in [against(w, fact, claim, member)] if each is not None]
    return (min(found)[1], min(found)[0]) if found else None


def r08_everything(w: World, letter: Fact[Any]) -> tuple[str, int] | None:
    about = letter.event.decision
    named = [
        d.event.decision
        for d in w.of("MaterialDecided")
        if d.event.decision == about or (about is None and d.event.made_at <= letter.event.sent_at)
    ]
    open_ = [r01(w, d, s) for d in named for s in w.ids()]
    return ("b", 1) if any(x is not None and x[0] != "d" for x in open_) else None


def against(w: World, letter: Fact[Any], claim: Any, member: str) -> tuple[int, str] | None:
    """What the register says against a claim about a record: grade and letter."""
    sent, about = letter.event.sent_at, letter.event.decision
    if claim.claim in ("not_held", "destroyed", "never_existed"):
        of = claim.agency or (letter.event.sender if claim.own_holding else None)
        if (of is None and w.held_by_any(member, sent)) or (of is not None and w.held(member, of, sent)):
            return 1, "a"
        return (4, "d") if claim.own_holding and w.held_by_any(member, sent) else None
    if claim.claim == "considered":
        resting = [d.event for d in w.of("MaterialDecided") if w.cls(member) & w.basis(d)]
        if not any(d.decision == about or (about is None and d.made_at <= sent) for d in resting):
            return 1, "c"
    return None


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
        listed = any(record in w.on(x) for x in earlier.of("ScheduleServed", form="MG6C"))
        asked = any(w.scope(fact, x.event.scope) for x in earlier.of("MaterialRequested", to_agency=fact.event.agency))
        decided = any(x.seq > fact.seq for x in earlier.of("MaterialDecided"))
        if not change.event.authority and ((closed and (asked or decided or listed)) or (dropped and listed)):
            return "a", 2
    return None


def working_days_after(start: datetime, days: int) -> datetime:
    """The end, in London, of so many days on which people work: Monday to Friday, no bank holiday. Day 0 is the day."""
    london = ZoneInfo("Europe/London")
    day = start.astimezone(london).date()
    while days:
        day += timedelta(days=1)
        if day.weekday() not in (5, 6) and day not in BANK_HOLIDAYS:
            days -= 1
    midnight = datetime.combine(day + timedelta(days=1), time(0), london)
    return midnight.astimezone(UTC)


def r18_share(w: World, share: str) -> tuple[str, int] | None:
    s = w.the("RecordShared", share=share)
    if s is None or s.event.copy is None or s.event.channel == "in_person_viewing":
        return None
    if w.of("ShareReceived", share=share) or w.of("ShareRevoked", share=share):
        return None
    return ("a", 2) if w.at >= working_days_after(s.event.sent_at, 3) else None


def r18_record(w: World, record: str) -> tuple[str, int] | None:
    copies = [x.event.copy for x in w.of("CopyRegistered", record=record)]
    copies += [x.event.copy for x in w.of("HoldingAsserted", record=record)]
    for copy in dict.fromkeys(copies):
        words = {agency: last_word(w, record, copy, agency) for agency in w.agencies()}
        for one, other in product(words, words):
            if one != other and words[one] == "destroyed" and words[other] in HAS:
                return "b", 2
    claims = {}
    for agency in w.agencies():
        said = w.the("SourceClaimed", record=record, agency=agency)
        if said is not None and said.event.claim != "not_asked":
            claims[agency] = (said.event.claim, said.event.held_by if said.event.claim == "held_by" else None)
    return ("c", 2) if len(set(claims.values())) > 1 else None


def last_word(w: World, record: str, copy: str | None, agency: str) -> str | None:
    """What an agency said last of a copy; of the record as a whole, what it said last of that."""
    said = w.statements(record, agency)
    own = [n for n, each in enumerate(said) if each[2] == copy]
    words = [each[3] for each in said[own[0] :] if each[2] in (copy, None)] if own else []
    return words[-1] if words else None


# --- each rule, wherever it may be true -------------------------------------------------------------------------------


def all_r04(w: World) -> Iterator[Said]:
    for q, record in product(w.of("MaterialRequested"), w.ids()):
        yield from w.put_about(r04, (q.event.request, record), q, w.at)


def all_r05(w: World) -> Iterator[Said]:
    for a, record in product(w.of("NothingFurtherAttested"), w.ids()):
        yield from w.put_about(r05, (a.event.attestation, record), a, a.event.at)


def all_r06(w: World) -> Iterator[Said]:
    for q in w.of("MaterialRequested"):
        verdict = r06(w, q.event.request)
        if verdict is not None:
            yield (q.event.request,), verdict, True
        for d in w.of("MaterialDecided"):
            cell = (q.event.request, d.event.decision)
            yield from w.put_about(r06, cell, d, d.event.made_at, by_class=False)


def all_r08(w: World) -> Iterator[Said]:
    for x in w.of("LetterLogged"):
        cell = (x.event.letter, "all_material_considered")
        yield from w.put_about(r08, cell, x, x.event.sent_at, by_class=False)
        for record in w.ids():
            yield from w.put_about(r08, (x.event.letter, record), x, x.event.sent_at)


def all_r18(w: World) -> Iterator[Said]:
    for share in w.of("RecordShared"):
        verdict = r18_share(w, share.event.share)
        if verdict is not None:
            yield ("share", share.event.share), verdict, True
    for record in w.ids():
        verdict = r18_record(w, record)
        if verdict is not None:
            yield ("record", record), verdict, True


def all_r20(w: World) -> Iterator[Said]:
    for record in w.ids():
        verdict = r20(w, record)
        if verdict is not None:
            yield (record,), verdict, True
