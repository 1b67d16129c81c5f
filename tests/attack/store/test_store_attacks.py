"""An owner of the database, with every right there is, changes what was written. Each change is found by reading or
checking."""

from __future__ import annotations

import json
from collections.abc import Callable

import psycopg
import pytest

from safehands.errors import LedgerFault, SafehandsError
from safehands.ledger.checkpoint import Checkpoint, sign_checkpoint
from safehands.ledger.note import KeyType, Signer
from safehands.store.postgres.store import PostgresStore
from safehands.store.proofs import consistency, inclusion
from store.given import NOW, POLICE, append, at, case, opening, stream


@pytest.fixture
def store(postgres_store: PostgresStore) -> PostgresStore:
    """Seven entries sealed at 4 and at 7, and one not sealed yet."""
    postgres_store.append_all([opening(number) for number in (1, 2, 3)])
    postgres_store.append(append(stream(1), "answered", expected=1, snapshot=b"state"))
    postgres_store.seal(at=NOW)
    postgres_store.append_all([opening(number) for number in (4, 5, 6)])
    postgres_store.seal(at=NOW)
    postgres_store.append(opening(7))
    return postgres_store


def prove_growth(store: PostgresStore) -> None:
    for size in range(1, store.head().sealed + 1):
        consistency(store, size, store.head())


def as_superuser(place, *statements: str) -> None:
    with place.connect("superuser") as connection:
        for statement in statements:
            connection.execute(statement)


def read_all(store: PostgresStore) -> None:
    for _ in store.all_entries():
        pass


def check(store: PostgresStore) -> None:
    store.check_tree()


def seal(store: PostgresStore) -> None:
    store.seal(at=at(1))


def prove(store: PostgresStore) -> None:
    head = store.head()
    for position in range(head.sealed):
        inclusion(store, position, head)


ATTACKS: dict[str, tuple[Callable[[PostgresStore], object], tuple[str, ...]]] = {
    "a commitment is changed": (check, ("update entry set commitment = '\\x01' || sha256('x') where position = 3",)),
    "a commitment that is not sealed yet is changed": (
        read_all,
        ("update entry set commitment = '\\x01' || sha256('x') where position = 7",),
    ),
    "an entry is given to another case": (read_all, (f"update entry set stream = '{stream(9)}' where position = 5",)),
    "an entry is given another version": (read_all, ("update entry set version = 9 where position = 3",)),
    "a leaf in the middle is dropped": (check, ("delete from entry where position = 2",)),
    "the last leaf is dropped": (check, ("delete from entry where position = 7",)),
    "the last leaf is dropped and the head set back": (
        check,
        ("delete from entry where position >= 6", "update head set size = 6"),
    ),
    "a leaf is dropped and the others moved up": (
        check,
        (
            "delete from entry where position = 2",
            "update entry set position = position + 100 where position > 2",
            "update entry set position = position - 101 where position > 100",
            "update head set size = 7",
        ),
    ),
    "two leaves are renumbered": (
        check,
        (
            "update entry set position = position + 100 where position in (1, 2)",
            "update entry set position = case position when 101 then 2 else 1 end where position > 100",
        ),
    ),
    "two leaves are renumbered with their content": (
        check,
        tuple(
            statement
            for table in ("entry", "vault")
            for statement in (
                f"update {table} set position = position + 100 where position in (1, 2)",
                f"update {table} set position = case position when 101 then 2 else 1 end where position > 100",
            )
        ),
    ),
    "the content of two entries is swapped": (
        read_all,
        (
            "update vault set position = position + 100 where position in (1, 2)",
            "update vault set position = case position when 101 then 2 else 1 end where position > 100",
        ),
    ),
    "the content of two entries of one case is swapped": (
        read_all,
        (
            "update vault set position = position + 100 where position in (0, 3)",
            "update vault set position = case position when 100 then 3 else 0 end where position > 99",
        ),
    ),
    "a bit of the content is turned": (
        read_all,
        ("update vault set ciphertext = set_bit(ciphertext, 9, 1 - get_bit(ciphertext, 9)) where position = 1",),
    ),
    "a nonce is changed": (read_all, ("update vault set nonce = substr(sha256('x'), 1, 12) where position = 1",)),
    "content is taken out and nobody erased it": (read_all, ("delete from vault where position = 1",)),
    "the keys of two cases are swapped": (
        read_all,
        (
            f"update vault_key set stream = 'x' where stream = '{stream(1)}'",
            f"update vault_key set stream = '{stream(1)}' where stream = '{stream(2)}'",
            f"update vault_key set stream = '{stream(2)}' where stream = 'x'",
        ),
    ),
    "a key is taken out, and the case is loaded": (
        lambda store: store.load(stream(2), agency=POLICE),
        (f"update vault_key set stream = 'x' where stream = '{stream(2)}'",),
    ),
    "a key is taken out": (read_all, (f"delete from vault_key where stream = '{stream(2)}'",)),
    "a node is changed": (prove, ("update node set hash = sha256('x') where level = 1 and idx = 0",)),
    "a node that growth rests on is changed": (
        prove_growth,
        ("update node set hash = sha256('x') where level = 0 and idx = 6",),
    ),
    "a node is taken out": (prove, ("delete from node where level = 1 and idx = 0",)),
    "a node at the top is changed": (seal, ("update node set hash = sha256('x') where level = 2 and idx = 0",)),
    "a node at the top is taken out": (seal, ("delete from node where level = 2 and idx = 0",)),
    "the root is changed": (check, ("update checkpoint set root = sha256('x') where size = 7",)),
    "the newest checkpoint is taken out": (check, ("delete from checkpoint where size = 7",)),
    "an old checkpoint stands in the place of the newest": (
        check,
        ("update checkpoint c set signed = o.signed, root = o.root from checkpoint o where c.size = 7 and o.size = 4",),
    ),
    "the text of an old checkpoint stands in the newest": (
        check,
        ("update checkpoint c set signed = o.signed from checkpoint o where c.size = 7 and o.size = 4",),
    ),
    "the newest checkpoint is moved up": (check, ("update checkpoint set size = 8 where size = 7",)),
    "an entry is slipped in between": (
        check,
        (
            "update entry set position = position + 100 where position > 2",
            "update entry set position = position - 99 where position > 100",
            f"insert into entry values (3, '{stream(9)}', 1, '\\x01' || sha256('x'))",
            "update head set size = 9",
        ),
    ),
    "an entry is added behind the head's back": (
        check,
        (f"insert into entry values (8, '{stream(9)}', 1, '\\x01' || sha256('x'))",),
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_each_change_is_found(store: PostgresStore, pg_place, name: str) -> None:
    found_by, statements = ATTACKS[name]
    with pg_place.connect("superuser") as connection:
        connection.execute("set search_path = safehands")
        for statement in statements:
            connection.execute(statement)
    with pytest.raises(LedgerFault):
        found_by(store)


@pytest.mark.parametrize("find", [read_all, check, prove, prove_growth, seal])
def test_nothing_is_found_where_nothing_was_changed(
    store: PostgresStore, find: Callable[[PostgresStore], None]
) -> None:
    find(store)
    seal(store)
    find(store)


def test_the_whole_log_is_written_anew_with_another_key(store: PostgresStore, pg_place) -> None:
    """Everything fits together, and the signature is not ours."""
    head = store.head()
    forger = Signer(store._keys.signer.name, KeyType.LOG, bytes(32))
    forged = sign_checkpoint(Checkpoint(forger.name, head.sealed, head.root), [forger])
    with pg_place.connect("superuser") as connection:
        connection.execute("update safehands.checkpoint set signed = %s where size = 7", (forged,))
    with pytest.raises(LedgerFault, match="not one that this ledger's key has signed"):
        store.check_tree()
    store.close()
    with pytest.raises(LedgerFault):
        pg_place.open()


def test_a_version_set_back_cannot_be_written_again(store: PostgresStore, pg_place) -> None:
    as_superuser(pg_place, f"update safehands.stream set version = 1 where name = '{stream(1)}'")
    with pytest.raises(LedgerFault, match="Nothing was written"):
        store.append(append(stream(1), "another past", expected=1, command="x"))
    assert store.head().size == 8


def test_a_snapshot_is_put_under_another_version(store: PostgresStore, pg_place) -> None:
    as_superuser(pg_place, f"update safehands.snapshot set version = 1 where stream = '{stream(1)}'")
    with pytest.raises(LedgerFault, match="snapshot"):
        store.load(stream(1), agency=POLICE)


def test_snapshots_may_be_deleted_at_any_time(store: PostgresStore, pg_place) -> None:
    as_superuser(pg_place, "delete from safehands.snapshot")
    loaded = store.load(stream(1), agency=POLICE)
    assert loaded is not None
    assert [entry.version for entry in loaded.entries] == [1, 2]


def test_even_the_superuser_cannot_write_a_second_holder(store: PostgresStore, pg_place) -> None:
    with pytest.raises(psycopg.errors.ExclusionViolation):
        as_superuser(
            pg_place,
            "insert into safehands.holding_picture (case_id, n, agency, held_from, case_no) "
            f"select '{case(1)}', 2, 'AMB', held_from, case_no from safehands.holding_picture "
            f"where case_id = '{case(1)}'",
        )


def test_a_checkpoint_cannot_be_sealed_backwards_or_with_nodes_missing(store: PostgresStore, pg_place) -> None:
    """Whoever may call the function still cannot make the tree shorter, rewrite a node or leave one out."""
    seal_ = "select safehands.seal(%s, %s, %s::smallint[], %s::bigint[], %s::bytea[], %s, 'text', now())"
    root = bytes(32)
    with pg_place.connect("application") as connection:
        for before, size, levels, indexes, hashes in [
            (7, 7, [], [], []),
            (7, 4, [], [], []),
            (4, 8, [0], [4], [root]),
            (7, 9, [0], [7], [root * 2]),
            (7, 8, [0], [7], [root]),
            (7, 8, [0, 1, 2], [7, 3, 1], [root, root, root]),
        ]:
            with pytest.raises(psycopg.DatabaseError) as raised:
                connection.execute(seal_, (before, size, levels, indexes, hashes, root))
            assert raised.value.sqlstate == "SH002"
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(seal_, (7, 8, [0, 1, 2, 0], [7, 3, 1, 0], [root, root, root, root], root))
    assert store.check_tree() == 7


def test_an_erasure_that_would_lose_more_than_it_says(store: PostgresStore, pg_place) -> None:
    erase = "select safehands.erase(%s, %s, %s::integer[], 'm', 9, 'x', %s::bigint[], %s::bytea[], %s::bytea[])"
    with pg_place.connect("application") as connection:
        for versions, positions in [([1], []), ([], [0]), ([1], [3, 1])]:
            some = [b"n" * 12 for _ in positions]
            with pytest.raises(psycopg.DatabaseError) as raised:
                connection.execute(erase, (stream(1), 2, versions, positions, some, some))
            assert raised.value.sqlstate == "SH002"
    read_all(store)


def test_a_holding_of_a_case_that_is_not_there(store: PostgresStore, pg_place) -> None:
    row = {"case_id": case(99), "n": 1, "agency": "A", "held_from": "2026-01-01Z"}
    rows = json.dumps({"holding_picture": [row]})
    with pg_place.connect("worker") as connection, pytest.raises(psycopg.DatabaseError, match="without its case"):
        connection.execute("select safehands.put_pictures(%s, '{}')", (rows,))


def test_every_fault_is_one_of_ours(store: PostgresStore, pg_place) -> None:
    """Whatever was changed, who uses the store meets a sentence and not a stack of the database's."""
    as_superuser(pg_place, "delete from safehands.checkpoint where size = 7")
    with pytest.raises(SafehandsError):
        seal(store)
