"""Power cuts, killed programs and restored backups: what was signed stays signed, what was erased stays erased."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from safehands.errors import LedgerFault
from safehands.ledger.checkpoint import Checkpoint, sign_checkpoint
from safehands.ledger.note import KeyType, Signer
from safehands.ledger.tree import EMPTY_ROOT
from safehands.store.keys import KeyFault, Keys, write_private
from safehands.store.ports import Token
from safehands.store.postgres import erasing, log
from safehands.store.postgres.store import PostgresStore
from safehands.store.proofs import consistency, inclusion
from safehands.store.sealing import (
    UNSEALED,
    RestoredLedger,
    Sealed,
    check_begins_with,
    check_not_restored,
    check_sealed,
    next_seal,
    read_signed,
)
from store.given import NOW, POLICE, append, opening, stream


class PowerCut(Exception):
    """The program ends here."""


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch):
    """``cut(module, "select safehands.seal")``: the program ends when it is about to run that statement."""

    def at(module: object, statement: str) -> None:
        ask = module.ask  # type: ignore[attr-defined]  # each module of the store has it

        def asked(connection: object, query: str, parameters: object = ()) -> object:
            if query.startswith(statement):
                raise PowerCut
            return ask(connection, query, parameters)

        monkeypatch.setattr(module, "ask", asked)

    return at


def backup(place) -> None:
    """Keep a copy of the database as it is now. Nobody may be connected."""
    with psycopg.connect(place.server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(f"create database {place.database}_backup template {place.database}")


def restore(place) -> None:
    with psycopg.connect(place.server.superuser_conninfo, autocommit=True) as connection:
        connection.execute(f"drop database {place.database} with (force)")
        connection.execute(f"alter database {place.database}_backup rename to {place.database}")


# ------------------------------------------------------------------------------------------------------- sealing


def test_a_power_cut_between_signing_and_the_database(pg_place, monkeypatch: pytest.MonkeyPatch, cut) -> None:
    store = pg_place.open()
    store.append(opening(1))
    store.seal(at=NOW)
    store.append(opening(2))
    with monkeypatch.context() as patch:
        patch.setattr(log, "ask", log.ask)
        cut(log, "select safehands.seal")
        with pytest.raises(PowerCut):
            store.seal(at=NOW)
        monkeypatch.undo()
    signed = store._keys.last_checkpoint()
    assert store.head().sealed == 1
    with pytest.raises(LedgerFault, match="of 2 entries was signed and the database's last is of 1"):
        store.check_tree()
    store.close()
    store = pg_place.open()
    assert store.restored is None
    store.append(opening(3))
    assert store.seal(at=NOW).sealed == 3
    with pg_place.connect("auditor") as connection:
        texts = [text for (text,) in connection.execute("select signed from safehands.checkpoint order by size")]
    assert texts[1] == signed
    assert len(texts) == 3
    assert store.check_tree() == 3
    store.close()


def test_a_database_restored_from_before_the_last_checkpoint_is_for_reading_only(pg_place) -> None:
    store = pg_place.open()
    store.append(opening(1))
    store.seal(at=NOW)
    store.close()
    backup(pg_place)
    store = pg_place.open()
    store.append_all([opening(2), opening(3)])
    store.seal(at=NOW)
    store.close()
    restore(pg_place)
    store = pg_place.open()
    assert store.restored is not None
    assert "Missing: positions 1 to 2" in str(store.restored)
    for write in (
        lambda: store.append(opening(4)),
        lambda: store.seal(at=NOW),
        lambda: store.erase(stream(1), [1], append(stream(1), "erased", expected=1)),
        store.change_master_key,
    ):
        with pytest.raises(RestoredLedger, match="restored ledger: 3 entries were signed and the database has 1"):
            write()
    with pytest.raises(RestoredLedger), store.unit(agency=POLICE) as unit:
        unit.stubs([Token("phone", "1")], actor="a", agency=POLICE, reason="r", at=NOW)
    assert store.load(stream(1), agency=POLICE) is not None
    assert inclusion(store, 0, store.head()) == ()
    with pytest.raises(RestoredLedger):
        store.check_tree()
    store.close()


def test_a_restored_database_that_has_grown_again_differently(pg_place) -> None:
    """Somebody else wrote to the restored copy: as long as before, and not what was signed."""
    store = pg_place.open()
    store.append(opening(1))
    store.seal(at=NOW)
    store.close()
    backup(pg_place)
    store = pg_place.open()
    store.append(opening(2))
    store.seal(at=NOW)
    store.close()
    restore(pg_place)
    keys = pg_place.home / "keys" / "last-checkpoint"
    signed = keys.read_text()
    keys.unlink()
    store = pg_place.open()
    store.append_all([opening(3), opening(4)])
    write_private(keys, signed.encode())
    with pytest.raises(RestoredLedger, match="first 2 entries are not those that were signed"):
        store.seal(at=NOW)
    assert store.restored is not None
    with pytest.raises(RestoredLedger):
        store.append(opening(5))
    store.close()
    store = pg_place.open()
    assert store.restored is not None
    store.close()


def test_two_logs_grown_apart_under_the_same_key(pg_place) -> None:
    """The copy was sealed further than what lies outside: its beginning is still compared."""
    store = pg_place.open()
    store.append_all([opening(1), opening(2)])
    store.seal(at=NOW)
    keys = store._keys
    keys.keep_checkpoint(sign_checkpoint(Checkpoint(keys.signer.name, 1, bytes(32)), [keys.signer]))
    store.close()
    store = pg_place.open()
    assert store.restored is not None
    assert "first 1 entries are not those" in str(store.restored)
    store.close()


def test_a_checkpoint_outside_that_another_key_has_signed(pg_place) -> None:
    store = pg_place.open()
    stranger = Signer(store._keys.signer.name, KeyType.LOG, bytes(32))
    store._keys.keep_checkpoint(sign_checkpoint(Checkpoint(stranger.name, 0, EMPTY_ROOT), [stranger]))
    store.close()
    with pytest.raises(LedgerFault, match="not one that this ledger's key has signed"):
        pg_place.open()


def test_a_ledger_sealed_in_several_steps(pg_place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "AT_A_TIME", 3)
    store = pg_place.open()
    store.append_all([opening(number) for number in range(1, 9)])
    head = store.seal(at=NOW)
    assert head.sealed == 8
    assert store.check_tree() == 8
    for position in range(8):
        inclusion(store, position, head)
    for size in range(1, 9):
        consistency(store, size, head)
    store.close()


# ------------------------------------------------------------------------------------- rules, without a database


def test_the_rules_of_sealing() -> None:
    signer = Signer("log.safehands.example", KeyType.LOG, bytes(32))
    leaves = [bytes([1] * 32 + [n]) for n in range(5)]
    (first,) = next_seal(UNSEALED, leaves[:2], None, signer)
    (second,) = next_seal(first.sealed, leaves[2:4], read_signed(first.signed, signer.verifier), signer)
    outside = read_signed(second.signed, signer.verifier)
    assert next_seal(second.sealed, [], outside, signer) == ()
    steps = next_seal(first.sealed, leaves[2:], outside, signer)
    assert [step.sealed.size for step in steps] == [4, 5]
    assert steps[0] == second
    (whole,) = next_seal(first.sealed, leaves[2:4], outside, signer)
    assert whole == second
    with pytest.raises(RestoredLedger, match="Missing: positions 3 to 3"):
        next_seal(first.sealed, leaves[2:3], outside, signer)
    with pytest.raises(RestoredLedger, match="not those that were signed"):
        next_seal(first.sealed, [leaves[0], *leaves[3:]], outside, signer)
    with pytest.raises(RestoredLedger, match="not those that were signed"):
        next_seal(first.sealed, leaves[2:], Checkpoint(signer.name, 2, bytes(32)), signer)
    with pytest.raises(RestoredLedger):
        check_begins_with(outside, bytes(32))
    check_not_restored(None, 0)
    wrong = Sealed(2, first.sealed.root, second.signed, first.sealed.frontier)
    with pytest.raises(LedgerFault, match="stored for 2 entries is of 4"):
        check_sealed(wrong, signer.verifier)
    with pytest.raises(LedgerFault, match="do not lead to the root"):
        check_sealed(Sealed(2, bytes(32), first.signed, first.sealed.frontier), signer.verifier)
    with pytest.raises(LedgerFault, match="not one that this ledger's key"):
        read_signed("not a note", signer.verifier)


# -------------------------------------------------------------------------------------------------------- erasure


def test_a_power_cut_before_the_erasure_is_committed_loses_nothing(pg_place, monkeypatch, cut) -> None:
    store = pg_place.open()
    store.append(append(stream(1), "stays", "to go"))
    cut(erasing, "select command")
    with pytest.raises(PowerCut):
        store.erase(stream(1), [2], append(stream(1), "erased 2", expected=2))
    monkeypatch.undo()
    store.close()
    store = pg_place.open()
    assert [entry.entry for entry in store.entries(stream(1), agency=None)] == [b"stays", b"to go"]
    store.append(append(stream(1), "goes on", expected=2))
    store.close()


@pytest.mark.parametrize("statement", ["select safehands.to_shred", "select safehands.shredded"])
def test_an_erasure_cut_short_is_finished_at_the_next_start(pg_place, monkeypatch, cut, statement: str) -> None:
    store = pg_place.open()
    store.append(append(stream(1), "stays", "to go"))
    (slot,) = slots(pg_place)
    cut(erasing, statement)
    with pytest.raises(PowerCut):
        store.erase(stream(1), [2], append(stream(1), "erased 2", expected=2))
    monkeypatch.undo()
    store.close()
    store = pg_place.open()
    assert [entry.entry for entry in store.entries(stream(1), agency=None)] == [b"stays", None, b"erased 2"]
    assert store._keys.wrapping_key(slot) is None
    with pg_place.connect("worker") as connection:
        assert connection.execute("select count(*) from safehands.shred where shredded_at is null").fetchone() == (0,)
    store.close()


def slots(place) -> list[int]:
    with place.connect("worker") as connection:
        return [slot for (slot,) in connection.execute("select slot from safehands.vault_key order by 1").fetchall()]


def test_no_backup_brings_back_what_was_erased(pg_place) -> None:
    store = pg_place.open()
    store.append(append(stream(1), "what nobody may read again", snapshot=b"nor this"))
    store.append(append(stream(2), "stays"))
    store.seal(at=NOW)
    store.close()
    backup(pg_place)
    store = pg_place.open()
    store.erase(stream(1), [1], append(stream(1), "erased 1", expected=1))
    store.close()
    restore(pg_place)
    store = pg_place.open()
    (entry,) = store.entries(stream(1), agency=None)
    assert (entry.entry, entry.salt) == (None, None)
    loaded = store.load(stream(1), agency=None)
    assert loaded is not None
    assert (loaded.snapshot, loaded.erased) == (None, True)
    assert [entry.entry for entry in store.entries(stream(2), agency=None)] == [b"stays"]
    assert store.check_tree() == 2
    with pytest.raises(KeyFault, match="was shredded"):
        store.append(append(stream(1), "two", expected=1))
    store.close()


# ------------------------------------------------------------------------------------------------------- rotation


def test_a_new_master_key_and_everything_still_opens(pg_place) -> None:
    store = pg_place.open()
    store.append(append(stream(1), "one", tokens=(Token("phone", "1"),)))
    tokens = store._vault.tokens([Token("phone", "1")])
    old, new = store.change_master_key()
    assert old != new
    store.append(append(stream(1), "two", expected=1))
    store.append(append(stream(2), "three"))
    store.close()
    store = pg_place.open()
    assert [entry.entry for entry in store.all_entries()] == [b"one", b"two", b"three"]
    assert store._vault.tokens([Token("phone", "1")]) == tokens
    store.close()


def test_a_rotation_cut_short_before_and_after_the_database(pg_place, monkeypatch, cut) -> None:
    store = pg_place.open()
    store.append(append(stream(1), "one"))
    before = store._keys.master_id
    cut(erasing, "select safehands.rewrap")
    with pytest.raises(PowerCut):
        store.change_master_key()
    monkeypatch.undo()
    store.close()
    store = pg_place.open()
    assert store._keys.master_id == before
    with monkeypatch.context() as patch:
        patch.setattr(Keys, "settle_rotation", lambda self, new: (_ for _ in ()).throw(PowerCut))
        with pytest.raises(PowerCut):
            store.change_master_key()
    store.close()
    store = pg_place.open()
    assert store._keys.master_id != before
    assert [entry.entry for entry in store.all_entries()] == [b"one"]
    store.close()


def test_the_keys_are_lost(pg_place) -> None:
    store = pg_place.open()
    store.append(opening(1))
    store.close()
    keys = pg_place.home / "keys"
    keys.rename(pg_place.home / "mirror")
    with pytest.raises(KeyFault, match="folder of keys is gone.*proofs still verify"):
        pg_place.open()
    assert not keys.exists()
    shutil.copytree(pg_place.home / "mirror", keys)
    keys.chmod(0o700)
    (keys / "master.key").write_text(os.urandom(32).hex() + "\n")
    with pytest.raises(KeyFault, match="was written with master key"):
        pg_place.open()


def test_the_last_checkpoint_is_lost_and_comes_back_with_the_next(pg_place) -> None:
    store = pg_place.open()
    store.append(opening(1))
    store.seal(at=NOW)
    last = Path(pg_place.home / "keys" / "last-checkpoint")
    last.unlink()
    store.append(opening(2))
    store.seal(at=NOW)
    assert last.read_text() == store.head().checkpoint
    store.close()


def test_proofs_that_cannot_be_given(postgres_store: PostgresStore) -> None:
    from safehands.errors import NotFound

    postgres_store.append(opening(1))
    head = postgres_store.seal(at=NOW)
    for position in (-1, 1):
        with pytest.raises(NotFound):
            inclusion(postgres_store, position, head)
    for size in (0, 2):
        with pytest.raises(NotFound):
            consistency(postgres_store, size, head)
