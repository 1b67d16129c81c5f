"""Two programs at once: whoever comes second is told so, and nothing is written twice or lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from safehands.errors import Stale
from safehands.store.ports import Receipt, Token
from safehands.store.postgres.store import PostgresStore
from store.given import CRISIS_LINE, NOW, POLICE, append, at, case, opening, picture, stream

RACER = """
import sys
from pathlib import Path
from safehands.errors import Stale
from safehands.store.embedded import running
from safehands.store.opening import attach
from store.given import append, stream

home, keys, database, name = sys.argv[1:]
with running(Path(home), durable=False) as server:
    store = attach(server, Path(keys), database)
    print("ready", flush=True)
    sys.stdin.readline()
    won = []
    for version in range(1, 26):
        try:
            said = append(stream(1), name, expected=version, command=f"{name} {version}")
            with store.unit(agency="POL") as unit:
                won.append(unit.append([said])[0].first)
        except Stale:
            pass
    store.close()
print(won)
"""


def test_two_programs_write_to_one_case_and_one_wins_each_time(postgres_store: PostgresStore, pg_place) -> None:
    postgres_store.append(opening(1))
    server_home = pg_place.server.data_directory.parent
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, server_home, pg_place.home, pg_place.database, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
        )
        for name in ("one", "two")
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = [json.loads(racer.communicate(timeout=60)[0]) for racer in racers]
    positions = sorted(won[0] + won[1])
    entries = postgres_store.entries(stream(1), agency=None)
    assert positions == list(range(1, len(entries)))
    assert [entry.version for entry in entries] == list(range(1, len(entries) + 1))
    assert all(entry.entry is not None for entry in entries)
    assert len(positions) == 25, "somebody won each version"


def test_one_command_sent_by_many_at_once_is_done_once(postgres_store: PostgresStore) -> None:
    """A tired person presses the button eight times: one entry, and everybody gets the same receipt."""
    start = threading.Barrier(8)

    def press(_: int) -> Receipt:
        start.wait()
        with postgres_store.unit(agency=POLICE) as unit:
            return unit.append([opening(1)])[0]

    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(press, range(8)))
    assert Counter(receipt.repeated for receipt in receipts) == {True: 7, False: 1}
    assert {(receipt.first, receipt.count) for receipt in receipts} == {(0, 1)}
    assert postgres_store.head().size == 1


def test_one_command_sent_twice_under_a_lock_is_done_once(postgres_store: PostgresStore) -> None:
    start = threading.Barrier(4)

    def press(_: int) -> bool:
        start.wait()
        with postgres_store.unit(agency=POLICE) as unit:
            unit.lock([Token("phone", "1")])
            return unit.append([opening(1, tokens=(Token("phone", "1"),))])[0].repeated

    with ThreadPoolExecutor(4) as threads:
        assert Counter(threads.map(press, range(4))) == {True: 3, False: 1}


def test_batches_that_touch_the_same_cases_in_another_order_do_not_wait_for_each_other(
    postgres_store: PostgresStore,
) -> None:
    numbers = range(1, 13)
    postgres_store.append_all([opening(number) for number in numbers])

    def batch(backwards: bool) -> bool:
        order = reversed(numbers) if backwards else numbers
        try:
            postgres_store.append_all(
                [append(stream(n), "said", expected=1, command=f"{backwards} {n}") for n in order]
            )
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(batch, (True, False))) == [False, True]
    assert postgres_store.head().size == 24


def test_many_seal_at_once(postgres_store: PostgresStore) -> None:
    def seal(number: int) -> int:
        postgres_store.append(opening(number))
        return postgres_store.seal(at=NOW).sealed

    with ThreadPoolExecutor(4) as threads:
        sealed = list(threads.map(seal, range(1, 21)))
    assert max(sealed) == 20
    assert postgres_store.check_tree() == 20


def test_positions_have_no_gaps_after_many_writers_and_failures(postgres_store: PostgresStore) -> None:
    def write(number: int) -> None:
        with suppress(Stale):
            postgres_store.append(opening(number // 2, command=f"c{number}"))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(2, 42)))
    assert [entry.position for entry in postgres_store.all_entries()] == list(range(20))


def test_two_workers_share_the_due_clocks(postgres_store: PostgresStore) -> None:
    rows = [
        picture("clock_picture", case_id=case(1), clock=f"c{n:02}", next_step="s", next_at=at(1)) for n in range(40)
    ]
    postgres_store.append(append(stream(1), "opened", pictures=rows))
    start = threading.Barrier(4)

    def work(_: int) -> list[str]:
        start.wait()
        return [due.clock for due in postgres_store.due(at(5), limit=10, lease=timedelta(seconds=30))]

    with ThreadPoolExecutor(4) as threads:
        taken = [clock for clocks in threads.map(work, range(4)) for clock in clocks]
    assert len(taken) == len(set(taken))
    rest = [due.clock for due in postgres_store.due(at(5), limit=40, lease=timedelta(seconds=30))]
    assert sorted(taken + rest) == [f"c{n:02}" for n in range(40)]


def test_an_erasure_while_somebody_writes(postgres_store: PostgresStore, pg_place) -> None:
    """Another program's remembered key is the old one: it is told that the case has changed, and goes on after
    loading."""
    other = pg_place.open()
    other.append(append(stream(1), "one", "two"))
    postgres_store.erase(stream(1), [1], append(stream(1), "erased 1", expected=2))
    with pytest.raises(Stale):
        other.append(append(stream(1), "late", expected=2, command="late"))
    loaded = other.load(stream(1), agency=None)
    assert loaded is not None
    other.append(append(stream(1), "four", expected=loaded.version))
    assert [e.entry for e in postgres_store.entries(stream(1), agency=None)] == [None, b"two", b"erased 1", b"four"]
    other.close()


def test_a_key_remembered_from_before_an_erasure_writes_nothing(postgres_store: PostgresStore, pg_place) -> None:
    """It believes in the right version, and would encrypt under a key that was shredded."""
    other = pg_place.open()
    other.append(append(stream(1), "one", "two"))
    postgres_store.erase(stream(1), [1], append(stream(1), "erased 1", expected=2))
    with pytest.raises(Stale, match="Keys of the vault were changed"):
        other.append(append(stream(1), "four", expected=3))
    other.append(append(stream(1), "four", expected=3))
    assert [entry.entry for entry in other.entries(stream(1), agency=None)][2:] == [b"erased 1", b"four"]
    other.close()


def test_a_master_key_changed_while_another_program_writes(postgres_store: PostgresStore, pg_place) -> None:
    other = pg_place.open()
    other.append(append(stream(1), "one"))
    postgres_store.change_master_key()
    other.append(append(stream(1), "two", expected=1))
    assert [e.entry for e in postgres_store.entries(stream(1), agency=None)] == [b"one", b"two"]
    with pytest.raises(Stale, match="master key"):
        other.append(append(stream(2), "new"))
    other.append(append(stream(2), "new"))
    assert [e.entry for e in postgres_store.all_entries()] == [b"one", b"two", b"new"]
    assert postgres_store.change_master_key() != postgres_store.change_master_key()
    assert [e.entry for e in other.all_entries()] == [b"one", b"two", b"new"]
    other.close()


def test_the_connection_is_lost_between_reading_and_writing(postgres_store: PostgresStore, pg_place) -> None:
    """The server drops everybody: the unit fails, nothing is written, and the next one works."""
    import psycopg

    postgres_store.append(opening(1))
    with pytest.raises(psycopg.OperationalError), postgres_store.unit(agency=POLICE) as unit:  # noqa: PT012  # the whole unit is what fails
        unit.lock([])
        assert unit.load(stream(1)) is not None
        with pg_place.connect("superuser") as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s",
                (f"{pg_place.database}_application",),
            )
        unit.append([append(stream(1), "two", expected=1)])
    assert postgres_store.load(stream(1), agency=CRISIS_LINE) is None
    assert postgres_store.head().size == 1
