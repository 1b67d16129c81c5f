"""The oracle of the rules on records and copies: R02, R07, R09, R11, R13, R14."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from property.integrity_world import BY_NATURE, HAS, PAPERWORK, Cell, Said, World
from safehands.core.records.material import Fact


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


def migrated(w: World, record: str) -> set[str]:
    """The hashes of what a declared change of format made of a record, or made it from."""
    ends = [{x.event.derived, x.event.source} for x in w.edges() if x.event.method == "format_migration"]
    joined = [each for pair in ends if record in pair for each in (pair - {record} or pair)]
    return {x.event.sha256 for each in joined for x in w.of("CopyRegistered", record=each) if x.event.sha256}


def r07_share(w: World, share: str) -> tuple[str, int] | None:
    s, got = w.the("RecordShared", share=share), w.the("ShareReceived", share=share)
    if s is None or got is None or not got.event.sha256_received:
        return None
    copy = w.the("CopyRegistered", copy=s.event.copy, record=s.event.record)
    sent = s.event.sha256_sent or (copy.event.sha256 if copy is not None else None)
    if sent is None or got.event.sha256_received in {sent, *migrated(w, s.event.record)}:
        return None
    return "a", 1


def r07_copy(w: World, copy: str) -> tuple[str, int] | None:
    c = w.the("CopyRegistered", copy=copy)
    if c is None or not c.event.sha256:
        return None
    right = {c.event.sha256, *migrated(w, c.event.record)}
    checks = sorted(
        (x for x in w.custody(copy) if x.event.type == "verified_fixity"), key=lambda x: (x.event.at, x.seq)
    )
    found = [x.event.sha256_after or x.event.sha256_before for x in checks]
    found = [each for each in found if each]
    if all(each in right for each in found):
        return None
    return ("late", 4) if found[-1] in right else ("b", 1)


def r09(w: World, record: str) -> tuple[str, int] | None:
    members = w.cls(record)
    if w.name(members) != record:
        return None
    worst = []
    for member in members:
        for copy in w.of("CopyRegistered", record=member):
            for x in w.custody(copy.event.copy):
                if x.event.type in ("disposal_authorised", "destroyed"):
                    spared = x.event.medium_only and any(w.held_by_any(m, x.event.at) for m in members - {member})
                    if not spared and needed(w, member, x.event.agency, x.event.at):
                        worst.append("b" if x.event.type == "destroyed" else "a")
        gone = w.of("HoldingAsserted", record=member, status="destroyed")
        worst += ["b" for x in gone if needed(w, member, x.event.agency, x.event.at)]
    return (max(worst), 1 if "b" in worst else 2) if worst else None


def needed(w: World, record: str, agency: str, at: datetime) -> bool:
    """Whether a decision that can be looked at again, a request, a victim's review, a hold or a rule needs it then."""
    return (
        needed_by_a_decision(w, record, at)
        or needed_by_a_request(w, record, agency, at)
        or asked_to_review(w, at)
        or on_hold(w, record, at)
        or kept_by_a_rule(w, record, agency, at)
        or kept_by_prosecutors(w, record, agency, at)
    )


def kept_by_a_rule(w: World, record: str, agency: str, at: datetime) -> bool:
    """What the agency ruled last under each name; that it was reviewed is no rule to keep it."""
    rules = {x.event.rule: x.event.min_until for x in w.of("RetentionRuled", record=record, agency=agency)}
    return any(name != "reviewed" and (until is None or until > at) for name, until in rules.items())


def kept_by_prosecutors(w: World, record: str, agency: str, at: datetime) -> bool:
    """They destroyed nothing until 6 August 2023; a case of child sexual abuse they keep for twenty years more."""
    fact = w.the("RecordRegistered", record=record)
    if not agency.startswith("CPS"):
        return False
    if fact is not None and datetime(2015, 4, 1, tzinfo=UTC) <= at < datetime(2023, 8, 7, tzinfo=UTC):
        return True
    made = [d.event.made_at for d in w.of("MaterialDecided") if d.event.made_at <= at]
    last = max([*made, *([fact.recorded_at] if fact else [])], default=at).astimezone(ZoneInfo("Europe/London"))
    day = last.date().replace(year=last.year + 20, day=28) if (last.month, last.day) == (2, 29) else None
    day = (day or last.date().replace(year=last.year + 20)) + timedelta(days=1)
    return "csa" in flags_of(w, at) and at < datetime.combine(day, time(0), ZoneInfo("Europe/London"))


def needed_by_a_decision(w: World, record: str, at: datetime) -> bool:
    stages = sorted((x.happened_at, x.seq, x.event.stage) for x in w.of("StageReached") if x.happened_at <= at)
    if stages and stages[-1][2] == "concluded":
        return False
    members = w.cls(record)
    resting = [w.basis(d) for d in w.of("MaterialDecided") if d.event.made_at <= at]
    return any(members & basis or any(members & w.sources(t) for t in basis) for basis in resting)


def needed_by_a_request(w: World, record: str, agency: str, at: datetime) -> bool:
    fact = w.the("RecordRegistered", record=record)
    for q in w.of("MaterialRequested", to_agency=agency):
        gone = w.the("RequestWithdrawn", request=q.event.request)
        if q.event.asked_at > at or (gone and gone.happened_at <= at):
            continue
        replies = w.of("RequestAnswered", request=q.event.request)
        whole = any(x.event.complete and x.event.at <= at for x in replies)
        if fact is not None and w.scope(fact, q.event.scope) and not whole:
            return True
    return False


def asked_to_review(w: World, at: datetime) -> bool:
    for x in w.of("VictimReviewRequested"):
        closed = w.of("VictimReviewMoved", victim_review=x.event.victim_review, stage="closed")
        if x.event.received_at <= at and not any(each.happened_at <= at for each in closed):
            return True
    return False


def on_hold(w: World, record: str, at: datetime) -> bool:
    for hold in w.of("HoldPlaced", record=record):
        lifted = w.the("HoldLifted", hold=hold.event.hold)
        if hold.happened_at <= at and not (lifted and lifted.happened_at <= at):
            return True
    return any(flag.startswith("hold:") for flag in flags_of(w, at))


def flags_of(w: World, at: datetime) -> set[str]:
    flags: set[str] = set()
    for x in w.of("CaseFlagged"):
        if x.happened_at <= at:
            flags = (flags - set(x.event.removed)) | set(x.event.added)
    return flags


def live(w: World) -> tuple[datetime, datetime | None] | None:
    """From when somebody was charged, and until when, if it has ended since somebody was charged last."""
    stages = sorted((x.happened_at, x.seq, str(x.event.stage)) for x in w.of("StageReached"))
    charged = [at for at, _, stage in stages if stage in ("charged", "trial")]
    if not charged:
        return None
    ended = [at for at, _, stage in stages if stage in ("discontinued", "nfa", "concluded") and at > charged[-1]]
    return charged[0], min(ended) if ended else None


def r11_record(w: World, record: str) -> tuple[str, int] | None:
    fact, members, proceedings = w.the("RecordRegistered", record=record), w.cls(record), live(w)
    if fact is None or proceedings is None or w.name(members) != record:
        return None
    charged, ended = proceedings
    made = w.made(record)
    if fact.event.for_defence or fact.event.kind in PAPERWORK.split() or (ended and made and made >= ended):
        return None
    known = w.classified(fact)
    if known.relevance == "not_relevant" or known.use == "evidence":
        return None
    lists = [x for x in w.of("ScheduleServed") if x.event.form in ("MG6C", "MG6D")]
    if any(members & w.on(x) for x in lists):
        return None
    grace = 28 if "unassessed" in (known.relevance, known.use) else 0
    if w.at < max(charged, fact.recorded_at) + timedelta(days=grace):
        return None
    return ("c" if any(x.seq < fact.seq for x in lists) else "a"), 3


def r11_schedule(w: World, schedule: str) -> Iterator[tuple[str, str]]:
    fact, proceedings = w.the("ScheduleServed", schedule=schedule), live(w)
    if fact is None or fact.event.form not in ("MG6C", "MG6D") or proceedings is None or w.at < proceedings[0]:
        return
    before = [x for x in w.of("ScheduleServed", form=fact.event.form, agency=fact.event.agency) if x.seq < fact.seq]
    number = max([item.number for x in before for item in x.event.items] or [0])
    for item in fact.event.items:
        number += 1
        if item.number != number:
            yield "numbering", "b"
            break
    reports = [x for x in w.of("ScheduleServed", form="MG6E", agency=fact.event.agency) if x.event.at >= fact.event.at]
    if not (fact.event.with_certificate or reports):
        yield "certificate", "d"
    if any(says_nothing(item.description) for item in fact.event.items):
        yield "description", "e"


def says_nothing(description: str) -> bool:
    """Nothing, or a form's number only."""
    words = "".join(each if each.isalnum() else " " for each in description.lower()).split()
    return all(
        word in ("form", "no", "number", "misc", "mg", "t") or word.strip("mg").strip("abcdef").isdigit()
        for word in words
    )


def r13(w: World, copy: str) -> tuple[str, int] | None:
    c = w.the("CopyRegistered", copy=copy)
    if c is None:
        return None
    chain = sorted(w.custody(copy), key=lambda x: (x.event.at, x.seq))
    gaps = [*handed_badly(chain), *sealed_badly(chain), *held_twice(w, c), *on_the_way(w, c, chain)]
    new = [letter for letter, by in gaps if not from_before(w, c, by)]
    if new:
        return min(new), 3
    return ("legacy", 4) if gaps else None


def handed_badly(chain: list[Fact[Any]]) -> Iterator[tuple[str, Fact[Any]]]:
    given = ""
    for x in chain:
        if x.event.given_by or x.event.given_to:
            if given and x.event.given_by and x.event.given_by != given:
                yield "a", x
            given = x.event.given_to


def sealed_badly(chain: list[Fact[Any]]) -> Iterator[tuple[str, Fact[Any]]]:
    seal = ""
    for x in chain:
        if x.event.seal_before or x.event.seal_after:
            if seal and x.event.seal_before and x.event.seal_before != seal:
                yield "b", x
            seal = x.event.seal_after


def has_in_hand(w: World, copy: str, agency: str) -> tuple[datetime, int] | None:
    """Since what statement an agency says that it has this copy, and has not taken it back."""
    fact = w.the("CopyRegistered", copy=copy)
    assert fact is not None
    own = [x for x in w.statements(fact.event.record, agency) if x[2] == copy]
    if not own or own[-1][3] not in ("held", "archived"):
        return None
    after = [x for x in w.word_on(copy, agency) if x[:2] > own[-1][:2]]
    return own[-1][:2] if all(status in ("held", "archived") for _, _, status in after) else None


def held_twice(w: World, c: Fact[Any]) -> Iterator[tuple[str, Fact[Any]]]:
    if c.event.medium in ("file", "cloud_object"):
        return
    since = sorted(x for x in (has_in_hand(w, c.event.copy, each) for each in w.agencies()) if x is not None)
    for _, seq in since[1:]:
        yield "c", next(x for x in w.facts if x.seq == seq)


def on_the_way(w: World, c: Fact[Any], chain: list[Fact[Any]]) -> Iterator[tuple[str, Fact[Any]]]:
    for n, x in enumerate(chain):
        if x.event.type != "transferred":
            continue
        seen = [each.event.at for each in chain[n + 1 :]]
        for other in w.agencies():
            for at, seq, copy, status in w.statements(c.event.record, other):
                arrived = other != x.event.agency and copy in (c.event.copy, None) and status in HAS
                seen += [at] if arrived and (at, seq) > (x.event.at, x.seq) else []
        if min([*seen, w.at]) >= x.event.at + timedelta(days=28):
            yield "d", x


def from_before(w: World, c: Fact[Any], by: Fact[Any]) -> bool:
    """Whether it is from before the register of the agency that tells of it began, or came with an import."""
    agency = getattr(by.event, "agency", None) or c.event.held_by
    at = getattr(by.event, "at", by.happened_at)
    began, record = w.the("RegisterDeclared", agency=agency), w.the("RecordRegistered", record=c.event.record)
    if record is not None and record.event.legacy and at < record.recorded_at:
        return True
    return began is not None and began.event.before is not None and at < began.event.before


def r14(w: World, record: str) -> tuple[str, int] | None:
    members = w.cls(record)
    if w.name(members) != record:
        return None
    resting = [w.basis(d) for d in w.of("MaterialDecided")]
    if not any(members & w.sources(t) for basis in resting for t in basis):
        return None
    copies = [x for x in w.of("CopyRegistered") if x.event.record in members]
    left = [x for x in copies if not lost(w, x.event.copy)]
    for one, other in product(left, left):
        digital = one.event.medium in ("file", "cloud_object") and one.event.sha256
        if digital and other is not one and other.event.role == "backup":
            return None
    if not copies:
        return None
    if len(left) < 2:
        return "a", 3
    if all(x.event.medium in ("vhs", "minidv", "cassette", "cd_dvd") for x in left):
        return "b", 3
    needs_player = [x for x in left if x.event.medium not in ("paper", "physical")]
    return ("c", 3) if needs_player and not any(plays(w, x) for x in needs_player) else None


def lost(w: World, copy: str) -> bool:
    words = sorted(each for agency in w.agencies() for each in w.word_on(copy, agency))
    return bool(words) and words[-1][2] in ("destroyed", "missing", "returned_to_owner")


def plays(w: World, c: Fact[Any]) -> bool:
    """Whether somebody played it last within twenty-four months, and it went well."""
    tests = [(x.event.at, x.seq, x.event.playable) for x in w.of("PlayabilityTested", copy=c.event.copy)]
    if c.event.playable_at is not None:
        tests.append((c.event.playable_at, c.seq, c.event.playable))
    if not tests:
        return False
    at, _, playable = max(tests, key=lambda x: x[:2])
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return bool(playable == "yes" and w.at < at.replace(year=at.year + 2, day=day))


# --- each rule, wherever it may be true -------------------------------------------------------------------------------


def each_of(w: World, find: Any, cells: list[Cell]) -> Iterator[Said]:
    for cell in cells:
        verdict = find(w, cell[-1])
        if verdict is not None:
            yield cell, verdict, True


def all_r02(w: World) -> Iterator[Said]:
    yield from each_of(w, r02, [(each,) for each in w.ids()])


def all_r07(w: World) -> Iterator[Said]:
    yield from each_of(w, r07_share, [("share", x.event.share) for x in w.of("RecordShared")])
    yield from each_of(w, r07_copy, [("copy", x.event.copy) for x in w.of("CopyRegistered")])


def all_r09(w: World) -> Iterator[Said]:
    yield from each_of(w, r09, [(each,) for each in w.ids()])


def all_r11(w: World) -> Iterator[Said]:
    yield from each_of(w, r11_record, [("record", each) for each in w.ids()])
    for x in w.of("ScheduleServed"):
        for fault, letter in r11_schedule(w, x.event.schedule):
            yield ("schedule", x.event.schedule, fault), (letter, 3), True


def all_r13(w: World) -> Iterator[Said]:
    yield from each_of(w, r13, [(x.event.copy,) for x in w.of("CopyRegistered")])


def all_r14(w: World) -> Iterator[Said]:
    yield from each_of(w, r14, [(each,) for each in w.ids()])
