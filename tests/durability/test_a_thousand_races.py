"""A thousand races of two processes for one case, on PostgreSQL: whoever comes second is told so in a sentence, nothing
is done twice, nothing is lost, and there is one holder at every second.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
import pytest

from conftest import Place
from durability.racing import Ground, Outcome, Part, run
from safehands import codec
from safehands.core import commands as c
from safehands.core.case import Case
from safehands.core.evolve import fold
from safehands.core.vocabulary import Actor, HappenedSource
from safehands.ledger.custody import audit
from safehands.service.batch import Batch
from safehands.service.clock import SetClock
from safehands.service.handle import Request
from safehands.service.rebuild import rebuild
from safehands.service.verification import verify_ledger
from safehands.store.ports import DueClock, StoredEntry, Token
from safehands.store.postgres.store import PostgresStore
from scenario import CALM, DAY, InUse, Story, case_id, person, right_care

pytestmark = pytest.mark.slow

SEED = 8117
RACES_OF_A_KIND = 200
POLICE, AMBULANCE, FIRE = person("POL"), person("AMB"), person("FRS")
WITHIN = timedelta(minutes=10)
"""How long an offer along the route ``dispatch`` stands."""


@dataclass(frozen=True, slots=True)
class Race:
    """Two parts for the two racers, and the cases that they are about."""

    kind: str
    parts: tuple[Part, Part]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One race after it was run: what each racer got, and each case's entries as stored."""

    race: Race
    outcomes: tuple[Outcome, Outcome]
    entries: tuple[tuple[StoredEntry, ...], ...]

    def case(self, n: int = 0) -> Case:
        return fold(codec.decode(each.entry or b"") for each in self.entries[n])


class Course:
    """Makes cases for races, all at once, and remembers the races."""

    def __init__(self, store: PostgresStore) -> None:
        self.store = store
        self.in_use = InUse(right_care(), store)
        self.story = Story(self.in_use, right_care(), DAY)
        self.clock = SetClock(DAY, learned_too=True)
        self.batch = Batch(self.in_use.service, self.clock)
        self.races: list[Race] = []

    def request(self, name: str, does: str, command: c.Command, by: Actor, phone: str = "") -> Request:
        """Somebody's command, under an id that says what it is."""
        tokens = (Token("phone", phone),) if phone else ()
        return Request(f"{name} {does}", case_id(name), command, by, DAY, HappenedSource.LIVE, "right-care", tokens)

    def taking(self, name: str, by: Actor, phone: str = "") -> Request:
        """A contact comes in."""
        self.story.in_case(name)
        contact = self.story.contact(by)
        return self.request(
            name, f"taken by {by.agency}", c.TakeContact(f"SH-{name}", contact, self.story.answers(by, CALM)), by, phone
        )

    def offered(self, name: str, *to: Actor) -> list[str]:
        """A case that the police hold and have offered to these agencies; the offers."""
        self.batch.send(self.taking(name, POLICE))
        offers = []
        for taker in to:
            command = c.OfferHandover(taker.agency, "dispatch", "please take this")
            self.batch.send(self.request(name, f"offer to {taker.agency}", command, POLICE))
            offers.append(f"{name} offer to {taker.agency}.1")
        return offers

    def accepting(self, name: str, offer: str, by: Actor) -> Request:
        return self.request(name, f"accepted by {by.agency}", c.AcceptOffer(offer, "POL"), by)

    # ---- the five kinds

    def two_accept(self, name: str) -> None:
        one, other = self.offered(name, AMBULANCE, FIRE)
        self.add("two accept", DAY, self.accepting(name, one, AMBULANCE), self.accepting(name, other, FIRE))

    def accept_and_withdraw(self, name: str) -> None:
        (offer,) = self.offered(name, AMBULANCE)
        back = self.request(name, "withdrawn", c.WithdrawOffer(offer, "we go ourselves"), POLICE)
        self.add("accept, withdraw", DAY, self.accepting(name, offer, AMBULANCE), back)

    def accept_and_lapse(self, name: str) -> None:
        (offer,) = self.offered(name, AMBULANCE)
        due = DAY + WITHIN
        accepting = replace(self.accepting(name, offer, AMBULANCE), happened_at=due)
        self.add("accept, lapse", due, accepting, DueClock(case_id(name), f"offer/{offer}", "breach", due))

    def two_ring_about_one_person(self, name: str) -> None:
        phone = f"07700900{len(self.races):03}"
        self.add("two ring", DAY, *(self.taking(f"{name}-{n}", person("POL", n=n), phone) for n in (1, 2)))

    def two_ring_two_agencies(self, name: str) -> None:
        phone = f"07700900{len(self.races):03}"
        self.add(
            "two agencies ring", DAY, *(self.taking(f"{name}-{by.agency}", by, phone) for by in (POLICE, AMBULANCE))
        )

    def pressed_twice(self, name: str) -> None:
        (offer,) = self.offered(name, AMBULANCE)
        pressed = self.accepting(name, offer, AMBULANCE)
        self.add("pressed twice", DAY, pressed, pressed)

    def add(self, kind: str, at: datetime, one: Request, other: Request | DueClock) -> None:
        """Every second race of a kind the racers change places."""
        parts = (Part(at, one), Part(at, other))
        swapped = len(self.races) % 2 == 1
        cases = tuple(dict.fromkeys((one.case_id, other.case_id)))
        self.races.append(Race(kind, (parts[1], parts[0]) if swapped else parts, cases))


def laid_out(store: PostgresStore) -> Course:
    """Every race made ready. Those at the deadline come last: a racer's clock does not go back."""
    course = Course(store)
    for n in range(RACES_OF_A_KIND):
        course.two_accept(f"both-{n}")
        course.accept_and_withdraw(f"back-{n}")
        course.pressed_twice(f"twice-{n}")
        (course.two_ring_about_one_person if n % 2 else course.two_ring_two_agencies)(f"rung-{n}")
    for n in range(RACES_OF_A_KIND):
        course.accept_and_lapse(f"late-{n}")
    course.batch.flush()
    return course


def raced(place: Place, course: Course) -> tuple[list[tuple[Outcome, Outcome]], set[str]]:
    """Run every race; what each racer got, and the database roles that they worked under."""
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)
    ground = Ground(place.server, place.home, place.database)
    pipes = [spawn.Pipe(duplex=False) for _ in range(2)]
    racers = [
        spawn.Process(
            target=run, args=(ground, [race.parts[n] for race in course.races], SEED + n, start, pipe[1]), daemon=True
        )
        for n, pipe in enumerate(pipes)
    ]
    for racer in racers:
        racer.start()
    for _, end in pipes:
        end.close()  # so that a racer that died is noticed
    roles = {pipe.recv()[0] for pipe, _ in pipes}
    one, other = (pipe.recv() for pipe, _ in pipes)
    for racer in racers:
        racer.join(30)
        assert racer.exitcode == 0
    return list(zip(one, other, strict=True)), roles


def by_stream(store: PostgresStore) -> Mapping[str, Sequence[StoredEntry]]:
    found: dict[str, list[StoredEntry]] = defaultdict(list)
    for entry in store.all_entries():
        found[entry.stream].append(entry)
    return found


def runs(course: Course, outcomes: Sequence[tuple[Outcome, Outcome]]) -> Iterator[Run]:
    stored = by_stream(course.store)
    for race, got in zip(course.races, outcomes, strict=True):
        yield Run(race, got, tuple(tuple(stored[f"case/{each}"]) for each in race.cases))


def test_a_thousand_races_of_two_processes(postgres_store: PostgresStore, pg_place: Place) -> None:
    course = laid_out(postgres_store)
    assert len(course.races) == 1000
    before = postgres_store.head().size
    outcomes, roles = raced(pg_place, course)
    assert roles == {f"{pg_place.database}_application"}
    winners: Counter[tuple[str, str]] = Counter()
    for each in runs(course, outcomes):
        check_any(each)
        winners[each.race.kind, CHECKS[each.race.kind](each)] += 1
    print(f"\nseed {SEED}:", dict(winners))
    for kind in ("two accept", "accept, withdraw", "accept, lapse"):
        assert sum(won[0] == kind for won in winners) > 1, f"{kind}: the same racer always came first"
    check_nothing_unasked(course, before)
    check_linked_in_one_transaction(pg_place)
    postgres_store.seal(at=DAY + WITHIN)
    report = verify_ledger(postgres_store)
    assert report.faults == ()
    assert (report.unowned_seconds, report.two_holders) == (0, 0)
    assert rebuild(postgres_store).differences == ()


# ------------------------------------------------------------------------------------------------- what must hold


def check_any(run: Run) -> None:
    """Of every race: dense versions, one holder at every second, and each acknowledged command where its receipt
    says."""
    for entries in run.entries:
        assert [entry.version for entry in entries] == list(range(1, len(entries) + 1))
        report = audit([msgspec.json.decode(entry.entry or b"") for entry in entries])
        assert report.faults == ()
        assert (report.unowned_microseconds, report.doubly_held_microseconds) == (0, 0)
    because = Counter(codec.decode(entry.entry or b"").envelope.because for entries in run.entries for entry in entries)
    stored = {entry.position: codec.decode(entry.entry or b"") for entries in run.entries for entry in entries}
    for part, outcome in zip(run.race.parts, run.outcomes, strict=True):
        if not isinstance(part.does, Request):
            continue
        if outcome.done:
            wrote = [stored[position] for position in range(outcome.first, outcome.first + outcome.count)]
            assert wrote
            assert {entry.envelope.because for entry in wrote} == {part.does.command_id}
        else:
            assert because[part.does.command_id] == 0, "refused, and something was written"
            assert outcome.said.endswith("."), outcome.said
            assert len(outcome.said) > 20


def check_two_accept(run: Run) -> str:
    """One has it. The other is told in a sentence."""
    assert sorted(outcome.done for outcome in run.outcomes) == [False, True]
    winner = run.case().holder
    (won,) = [part.does for part, outcome in zip(run.race.parts, run.outcomes, strict=True) if outcome.done]
    assert isinstance(won, Request)
    assert winner == won.by.agency
    (lost,) = [outcome for outcome in run.outcomes if not outcome.done]
    assert winner in lost.said or "withdrawn" in lost.said, lost.said
    assert not run.case().open_offers()
    return winner


def check_accept_withdraw(run: Run) -> str:
    """Taken, or taken back; never both."""
    assert sorted(outcome.done for outcome in run.outcomes) == [False, True]
    case = run.case()
    (offer,) = case.offers.values()
    assert (case.holder, str(offer.status)) in {("AMB", "accepted"), ("POL", "withdrawn")}
    return case.holder


def check_accept_lapse(run: Run) -> str:
    """At the very second of its deadline somebody says yes: they have it, whether or not the timer spoke first."""
    by_person = {
        isinstance(part.does, Request): outcome for part, outcome in zip(run.race.parts, run.outcomes, strict=True)
    }
    assert by_person[True].done
    assert run.case().holder == "AMB"
    kinds = [codec.decode(entry.entry or b"").event for entry in run.entries[0]]
    names = [type(event).__name__ for event in kinds]
    lapsed = "HandoverLapsed" in names
    assert by_person[False].done is lapsed
    assert not lapsed or names.index("HandoverLapsed") < names.index("HandoverAccepted")
    return "lapsed, then taken" if lapsed else "taken"


def check_two_ring(run: Run) -> str:
    """Each case knows of the other, once."""
    assert [outcome.done for outcome in run.outcomes] == [True, True]
    links = [run.case(n).links for n in (0, 1)]
    streams = [f"case/{each}" for each in run.race.cases]
    assert [list(each) for each in links] == [[streams[1]], [streams[0]]]
    for entries in run.entries:
        assert [type(codec.decode(entry.entry or b"").event).__name__ for entry in entries].count("CasesLinked") == 1
    return "linked"


def check_two_agencies_ring(run: Run) -> str:
    """Neither may write to the other's case. The later one, and only that one, learned that the other exists."""
    assert [outcome.done for outcome in run.outcomes] == [True, True]
    opened = [entries[0].position for entries in run.entries]
    later = opened.index(max(opened))
    assert list(run.case(later).links) == [f"case/{run.race.cases[1 - later]}"]
    assert not run.case(1 - later).links
    return "linked by the later"


def check_pressed_twice(run: Run) -> str:
    """Done once; both are told so, with the same receipt."""
    assert [outcome.done for outcome in run.outcomes] == [True, True]
    assert sorted(outcome.repeated for outcome in run.outcomes) == [False, True]
    assert len({(outcome.first, outcome.count) for outcome in run.outcomes}) == 1
    assert run.case().holder == "AMB"
    return "once"


CHECKS = {
    "two accept": check_two_accept,
    "accept, withdraw": check_accept_withdraw,
    "accept, lapse": check_accept_lapse,
    "two ring": check_two_ring,
    "two agencies ring": check_two_agencies_ring,
    "pressed twice": check_pressed_twice,
}


def check_nothing_unasked(course: Course, before: int) -> None:
    """Whatever was written since ``before`` was written by one of the parts."""
    asked = set()
    for race in course.races:
        for part in race.parts:
            match part.does:
                case Request(command_id=command):
                    asked.add(command)
                case DueClock(case, clock, step, at):
                    asked.add(f"due/{case}/{clock}/{step}/{at.isoformat()}")
    wrote = {codec.decode(entry.entry or b"").envelope.because for entry in course.store.all_entries(start=before)}
    assert wrote <= asked


def check_linked_in_one_transaction(place: Place) -> None:
    """A command that wrote to two cases wrote to both in one transaction of the database."""
    with place.connect("superuser") as connection:
        rows = connection.execute(
            "select count(*), count(distinct xmin::text) from safehands.command group by command having count(*) > 1"
        ).fetchall()
    assert len(rows) == RACES_OF_A_KIND // 2
    assert set(rows) == {(2, 1)}
