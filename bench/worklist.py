"""(f) A worklist at a million cases against the same at ten thousand, under row-level security.

The worklist: what an agency holds, the next deadline first, and the offers that wait for it.

Bulk-made cases in the tables of pictures: ten agencies, one case in twenty open, each open one with a running clock
and on offer; a closed one has no holder. The query runs as the application's role, under row-level security, with the
agency named for the transaction, as the service does it. The two sizes lie in two databases of one server and take
turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from bench.ground import Ground, check_durable, ground
from bench.measure import Result, compare, duration, timed, times
from safehands.store.postgres.connections import ask
from safehands.store.roles import role_names

BAR = 2
AGENCY = "AG3"
PAGE = 50

HELD = (
    "select case_id, reference, pathway, keeper, concluded, decided, next_due_at, next_clock, offers_open, "
    "concerns_open, worst_concern from safehands.case_picture where holder = %b::text and status = 'open' "
    "order by next_due_at nulls last, case_id limit %b::integer"
)
WAITING = (
    "select o.offer_id, o.case_id, o.kind, o.from_agency, o.due_at from safehands.offer_picture o "
    "where o.to_agency = %b::text and o.status = 'open' order by o.due_at, o.offer_id limit %b::integer"
)

_CASES = """
insert into safehands.case_picture (case_id, reference, pathway, status, holder, receiver, concluded, opened_at,
    closed_at, last_at, next_due_at, next_clock, offers_open, concerns_open, version)
select md5('case' || n)::uuid, 'R' || n, 'right-care', case when n %% 20 = 0 then 'open' else 'closed' end,
    case when n %% 20 = 0 then 'AG' || n / 20 %% 10 end, 'AG' || n %% 10, n %% 7, at,
    case when n %% 20 = 0 then null else at + interval '3 hours' end,
    at + interval '3 hours', case when n %% 20 = 0 then at + interval '4 hours' end,
    case when n %% 20 = 0 then 'decision' end, case when n %% 20 = 0 then 1 else 0 end, 0, 12
from (
    select n, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute' as at from generate_series(1, %(cases)s) n
) s
"""
_STANDING = """
insert into safehands.standing_picture (case_id, agency, since)
select distinct md5('case' || n)::uuid, 'AG' || agency, timestamptz '2024-01-01 00:00+00'
from generate_series(1, %(cases)s) n, lateral (values (n / 20 %% 10), (n %% 10), ((n / 20 + 1) %% 10)) a (agency)
"""
_OFFERS = """
insert into safehands.offer_picture (offer_id, case_id, kind, from_agency, to_agency, status, offered_at, due_at,
    by_word, confirmed, late)
select 'offer-' || n, md5('case' || n)::uuid, 'transfer', 'AG' || n / 20 %% 10, 'AG' || (n / 20 + 1) %% 10,
    case when n %% 20 = 0 then 'open' else 'accepted' end, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute',
    timestamptz '2024-01-01 00:10+00' + n * interval '1 minute', false, false, false
from generate_series(1, %(cases)s) n where n %% 20 = 0 or n %% 3 = 0
"""


def bulk_cases(place: Ground, cases: int) -> None:
    """Fill the pictures with ``cases`` cases."""
    with place.administrator() as connection:
        for statement in (_CASES, _STANDING, _OFFERS):
            connection.execute(statement.encode(), {"cases": cases})
        connection.execute("vacuum analyze")


def worklist(connection: Connection) -> tuple[int, int]:
    """One look at the worklist: how many cases and how many offers it showed."""
    with connection.transaction():
        ask(connection, "select set_config('safehands.agency', %b, true)", (AGENCY,))
        return len(ask(connection, HELD, (AGENCY, PAGE))), len(ask(connection, WAITING, (AGENCY, PAGE)))


@contextmanager
def reader(place: Ground) -> Iterator[Connection]:
    """A connection that reads with the application's rights: it takes on that role and can't go back on its own."""
    name = role_names(place.database)["application"]
    conninfo = make_conninfo(place.server.superuser_conninfo, dbname=place.database)
    with psycopg.connect(conninfo, autocommit=True, prepare_threshold=0) as connection:
        connection.execute(f'set session authorization "{name}"'.encode())
        yield connection


def measure(*, quick: bool) -> list[Result]:
    """One line."""
    few, many, rounds, looks = (10_000, 50_000, 3, 20) if quick else (10_000, 1_000_000, 21, 50)
    with ground() as small, ground(beside=small) as large:
        check_durable(small.server)
        bulk_cases(small, few)
        bulk_cases(large, many)
        with reader(small) as at_few, reader(large) as at_many:
            shown = worklist(at_few), worklist(at_many)
            compared = compare(
                lambda: timed(lambda: [worklist(at_few) for _ in range(looks)], looks),
                lambda: timed(lambda: [worklist(at_many) for _ in range(looks)], looks),
                rounds=rounds,
            )
    ratio = 1 / compared.ratio
    return [
        Result(
            measure="f",
            what=f"a worklist at {many:,} cases under row-level security",
            peer=f"the same at {few:,} cases",
            peer_figure=duration(compared.peer),
            our_figure=duration(compared.ours),
            ratio=f"{times(ratio)} its time",
            spread=f"{1 / compared.highest:.2f} to {times(1 / compared.lowest)}, {rounds} rounds",
            bar=f"at most {BAR} times its time",
            met=ratio <= BAR,
            note=f"Shown: {shown[0][0]} cases and {shown[0][1]} offers; {shown[1][0]} cases and {shown[1][1]} offers",
        )
    ]
