"""Reading by agency: what a bug in a page could show is what the database shows to that agency, and no more."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from safehands.errors import BadInput
from safehands.store.ports import PICTURE_COLUMNS, FactRow
from safehands.store.postgres.store import PostgresStore
from store.given import AMBULANCE, CRISIS_LINE, NOW, POLICE, append, case, opening, picture, stream

OF_A_STREAM = ("stream", "entry", "vault", "vault_key", "snapshot", "command")


@pytest.fixture
def store(postgres_store: PostgresStore) -> PostgresStore:
    """Case 1 of the police with a row in every picture, case 2 of the ambulance service with none but its own."""
    more = [
        picture("offer_picture", offer_id="o", case_id=case(1)),
        picture("task_picture", task_id="t", case_id=case(1)),
        picture("clock_picture", case_id=case(1), clock="c"),
        picture("concern_picture", case_id=case(1), concern="c"),
        picture("contact_picture", contact_id="k", case_id=case(1)),
        picture("link_picture", case_id=case(1), other_case=case(2)),
        picture("presence_picture", case_id=case(1), responder="r"),
    ]
    facts = [FactRow(0, {"case_id": case(1), "kind": "opened"})]
    postgres_store.append(opening(1))
    postgres_store.append(append(stream(1), "more", expected=1, pictures=more, facts=facts, snapshot=b"state"))
    only = [picture("standing_picture", case_id=case(2), agency=AMBULANCE, since=NOW)]
    postgres_store.append(append(stream(2), "opened", pictures=only))
    return postgres_store


def seen(connection: psycopg.Connection, table: str, agency: str | None) -> int:
    with connection.transaction():
        if agency is not None:
            connection.execute("select set_config('safehands.agency', %s, true)", (agency,))
        ((count,),) = connection.execute(f"select count(*) from safehands.{table}").fetchall()
    return int(count)


@pytest.mark.parametrize("table", [*PICTURE_COLUMNS, "fact", *OF_A_STREAM])
def test_with_nothing_set_nothing_is_seen(store: PostgresStore, pg_place, table: str) -> None:
    with pg_place.connect("application") as connection:
        assert seen(connection, table, None) == 0
        assert seen(connection, table, "") == 0
        assert seen(connection, table, CRISIS_LINE) == 0
        assert seen(connection, table, POLICE) > 0
        assert seen(connection, table, None) == 0


def test_an_agency_sees_its_own_cases_only(store: PostgresStore, pg_place) -> None:
    with pg_place.connect("application") as connection:
        assert [seen(connection, table, POLICE) for table in OF_A_STREAM] == [1, 2, 2, 1, 1, 2]
        assert [seen(connection, table, AMBULANCE) for table in OF_A_STREAM] == [1, 1, 1, 1, 0, 1]
        with connection.transaction():
            connection.execute("select set_config('safehands.agency', 'AMB', true)")
            cases = connection.execute("select case_id from safehands.standing_picture").fetchall()
    assert cases == [(UUID(case(2)),)]


@pytest.mark.parametrize("role", ["worker", "auditor"])
def test_the_worker_and_the_auditor_see_everything(store: PostgresStore, pg_place, role: str) -> None:
    with pg_place.connect(role) as connection:
        assert seen(connection, "entry", None) == 3
        assert seen(connection, "case_picture", None) == 1


def test_the_agency_of_one_request_does_not_stay_for_the_next(store: PostgresStore, pg_place) -> None:
    """One pooled connection, two requests: the second names no agency and sees nothing, whatever the first did."""
    pooled = pg_place.open(most=1)
    try:
        assert pooled.load(stream(1), agency=POLICE) is not None
        with pooled.unit(agency=POLICE) as unit:
            assert unit.load(stream(1)) is not None
        assert len(pooled.pictures("case_picture", agency=POLICE)) == 1
        with pooled._connections.lent(POLICE) as connection:
            assert connection.execute("select current_setting('safehands.agency', true)").fetchone() == ("",)
            assert connection.execute("select count(*) from safehands.entry").fetchone() == (0,)
        assert pooled.load(stream(1), agency=CRISIS_LINE) is None
    finally:
        pooled.close()


def test_nor_does_it_stay_after_a_request_that_failed(store: PostgresStore, pg_place) -> None:
    pooled = pg_place.open(most=1)
    try:
        with pytest.raises(ZeroDivisionError), pooled.unit(agency=POLICE) as unit:  # noqa: PT012  # the whole unit is what fails
            unit.lock([])
            unit.load(stream(1))
            raise ZeroDivisionError
        with pytest.raises(BadInput):
            pooled.pictures("case_picture", agency=POLICE, where={"colour": "red"})
        with pooled._connections.lent(POLICE) as connection:
            assert connection.execute("select count(*) from safehands.entry").fetchone() == (0,)
    finally:
        pooled.close()


def test_an_agency_without_a_name_reads_nothing(store: PostgresStore) -> None:
    assert store.load(stream(1), agency="") is None
    assert store.pictures("case_picture", agency="") == []
