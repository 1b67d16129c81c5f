"""Every measure, asked of DuckDB and of PostgreSQL: the same figures, digit by digit, and nobody else's cases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from conftest import Place
from safehands.cli import home
from safehands.cli.demo_day import play, whole_day
from safehands.service.catalogue import Catalogue
from safehands.service.clock import SetClock
from safehands.service.handle import Service
from safehands.stats.frame import InMemory, OnPostgres
from safehands.stats.measures.catalogue import results
from safehands.stats.measures.declared import Period, Result, Vintage
from safehands.store.ports import Cell, FactRow
from safehands.store.postgres.store import PostgresStore
from store.given import AMBULANCE, NOW, POLICE, append, case, opening, stream

VINTAGE = Vintage(0)
ONE_DAY = Period("2026-02-04", "2026-02-04")
KINDS = ("decided", "lowered", "raised", "arrived", "offered", "accepted", "declined", "lapsed", "known", "milestone",
         "status_began", "status_moved", "closed", "reopened", "contact", "concluded")  # fmt: skip
CODES = ("not_deploys", "deploys", "transfer", "support", "s136_removed", "person_seen", "sex", "late", "f", None)


@pytest.fixture
def played(pg_place: Place, postgres_store: PostgresStore) -> PostgresStore:
    """The demonstration's whole day, and a heap of facts that make no sense together."""
    day = whole_day()
    service = Service(postgres_store, Catalogue(postgres_store), SetClock(day.steps[0].at - timedelta(minutes=1)))
    home.ensure_adopted(service, day.pathway)
    play(service, day, lambda at, sentence: None)
    luck = random.Random(7)  # the same heap every time
    for number in range(1, 21):
        facts = [FactRow(0, {"case_id": case(number), "kind": "opened", "name": "right-care", "day": "2026-02-03",
                             "hour": 3, "other_agency": luck.choice((POLICE, AMBULANCE, None))})]  # fmt: skip
        # One entry a fact: where two facts of one entry tie, no engine owes the other the same first of them.
        facts += [FactRow(n, {"case_id": case(number), **nonsense(luck)}) for n in range(1, 31)]
        opened = opening(number, *([AMBULANCE] if number % 2 else []))
        said = [f"fact {n}" for n in range(31)]
        postgres_store.append(append(stream(number), *said, pictures=opened.pictures, facts=facts))
    return postgres_store


def nonsense(luck: random.Random) -> dict[str, Cell]:
    return {
        "kind": luck.choice(KINDS), "code": luck.choice(CODES), "name": luck.choice(CODES),
        "about": luck.choice(("one", "two", None)), "agency": luck.choice((POLICE, AMBULANCE, None)),
        "day": luck.choice(("2026-02-03", "2026-02-04")), "hour": luck.randrange(24),
        "outcome": luck.choice((None, 0, 3, 6)), "seconds": luck.choice((None, 0.1, 59.95, 1e6)),
        "count": luck.choice((None, 1, 2)), "happened_at": NOW + timedelta(seconds=luck.random() * 1e5),
    }  # fmt: skip


def test_every_measure_comes_to_the_same_on_both_engines(played: PostgresStore, pg_place: Place) -> None:
    in_memory = InMemory(played.facts())
    compared = 0
    with pg_place.connect("worker") as connection:
        there = OnPostgres(connection)
        for period, cut in ((Period(), None), (ONE_DAY, "agency"), (ONE_DAY, "sex"), (Period(), "hour")):
            one, other = (list(results(engine, VINTAGE, period=period, cut=cut)) for engine in (there, in_memory))
            assert one == other, (period, cut)
            assert len({each.part for each in one}) > 20
            compared += len(one)
    assert compared > 300


def test_an_agency_counts_its_own_cases_only(played: PostgresStore, pg_place: Place) -> None:
    with pg_place.connect("application") as connection:
        assert shares(OnPostgres(connection)) == {}
        with connection.transaction():
            connection.execute("select set_config('safehands.agency', %s, true)", (AMBULANCE,))
            seen = list(results(OnPostgres(connection), VINTAGE))
    own = list(results(InMemory(played.facts(agency=AMBULANCE)), VINTAGE))
    assert seen == own
    assert shares(InMemory(played.facts())) != shares(InMemory(played.facts(agency=AMBULANCE))) != {}


def shares(engine: InMemory | OnPostgres) -> dict[str, Result]:
    """Every figure that has units at all."""
    return {f"{each.part} {each.category}": replace(each) for each in results(engine, VINTAGE) if each.base}
