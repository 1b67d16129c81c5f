"""The vault and its keys on the disk: what opens, what does not, and what never comes back."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from safehands.errors import LedgerFault
from safehands.ledger.commitment import opens
from safehands.store.keys import SLOT_BYTES, SLOTS_IN_A_BLOCK, KeyFault, Keys, write_private
from safehands.store.ports import Token
from safehands.store.vault import StreamKey, Vault, new_blind_key, open_blind_key

ORIGIN = "log.safehands.example"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    made = Keys.create(tmp_path / "keys", ORIGIN)
    yield made
    made.close()


@pytest.fixture
def vault(keys: Keys) -> Vault:
    return Vault(keys, bytes(32), remember=3)


def key_in(vault: Vault, keys: Keys, stream: str, slot: int) -> StreamKey:
    keys.ready([slot])
    return vault.new_key(stream, slot)


# ------------------------------------------------------------------------------------------------------ content


def test_content_comes_back_and_the_leaf_commits_to_it(vault: Vault, keys: Keys) -> None:
    key = key_in(vault, keys, "case/1", 0)
    one, two = vault.keep(key, "case/1", 7, [b"one", b"two"])
    opened = vault.open(key, "case/1", 8, two)
    assert opened.entry == b"two"
    assert opens(two.commitment, opened.salt, b"two")
    assert vault.open(key, "case/1", 7, one).salt != opened.salt
    assert b"two" not in two.ciphertext


def test_the_same_words_twice_leave_no_trace_of_being_the_same(vault: Vault, keys: Keys) -> None:
    key = key_in(vault, keys, "case/1", 0)
    kept = vault.keep(key, "case/1", 1, [b"same", b"same"])
    again = vault.keep(key, "case/1", 1, [b"same"])
    assert len({part for each in (*kept, *again) for part in each}) == 9


def test_content_does_not_open_as_another_entry(vault: Vault, keys: Keys) -> None:
    key = key_in(vault, keys, "case/1", 0)
    one, two = vault.keep(key, "case/1", 1, [b"one", b"two"])
    for stream, version, kept in [
        ("case/1", 2, one),
        ("case/2", 1, one),
        ("case/1", 1, two),
        ("case/1", 1, one._replace(ciphertext=one.ciphertext[:-1])),
        ("case/1", 1, one._replace(nonce=two.nonce)),
        ("case/1", 1, one._replace(nonce=b"")),
    ]:
        with pytest.raises(LedgerFault, match="changed or belongs elsewhere"):
            vault.open(key, stream, version, kept)


def test_content_that_opens_and_is_not_what_was_committed_to(vault: Vault, keys: Keys) -> None:
    key = key_in(vault, keys, "case/1", 0)
    (one,) = vault.keep(key, "case/1", 1, [b"one"])
    (other,) = vault.keep(key, "case/1", 1, [b"other"])
    with pytest.raises(LedgerFault, match="not what the ledger committed to"):
        vault.open(key, "case/1", 1, other._replace(commitment=one.commitment))


def test_content_kept_again_under_another_key_keeps_salt_and_commitment(vault: Vault, keys: Keys) -> None:
    old, new = key_in(vault, keys, "case/1", 0), key_in(vault, keys, "case/1", 1)
    (kept,) = vault.keep(old, "case/1", 1, [b"stays"])
    opened = vault.open(old, "case/1", 1, kept)
    again = kept._replace(**dict(zip(("nonce", "ciphertext"), vault.keep_again(new, "case/1", 1, opened), strict=True)))
    assert vault.open(new, "case/1", 1, again) == opened


def test_a_snapshot_opens_for_its_own_version_only(vault: Vault, keys: Keys) -> None:
    key = key_in(vault, keys, "case/1", 0)
    nonce, ciphertext = vault.keep_snapshot(key, "case/1", 3, b"state")
    assert vault.open_snapshot(key, "case/1", 3, nonce, ciphertext) == b"state"
    with pytest.raises(LedgerFault):
        vault.open_snapshot(key, "case/1", 4, nonce, ciphertext)


# --------------------------------------------------------------------------------------------------------- keys


def test_a_wrapped_key_opens_for_its_own_stream_and_slot_only(vault: Vault, keys: Keys) -> None:
    key = key_in(vault, keys, "case/1", 0)
    (kept,) = vault.keep(key, "case/1", 1, [b"one"])
    found = vault.key("case/1", 0, key.wrapped)
    assert found is not None
    assert vault.open(found, "case/1", 1, kept).entry == b"one"
    for stream, slot, wrapped in [("case/2", 0, key.wrapped), ("case/1", 1, key.wrapped), ("case/3", 0, b"")]:
        with pytest.raises(KeyFault, match="does not open"):
            vault.key(stream, slot, wrapped)


def test_only_so_many_keys_are_remembered_and_the_longest_unused_goes(vault: Vault, keys: Keys) -> None:
    made = {name: key_in(vault, keys, name, slot) for slot, name in enumerate("abcd")}
    for name in "abc":
        vault.remember(name, made[name])
    assert vault.known("a") is made["a"]
    vault.remember("d", made["d"])
    assert [vault.known(name) is not None for name in "abcd"] == [True, False, True, True]
    vault.forget("a")
    vault.forget("never known")
    assert vault.known("a") is None
    assert vault.key("c", 2, made["c"].wrapped) is made["c"]


def test_a_key_in_a_new_slot_replaces_the_remembered_one(vault: Vault, keys: Keys) -> None:
    old, new = key_in(vault, keys, "a", 0), key_in(vault, keys, "a", 1)
    vault.remember("a", old)
    found = vault.key("a", 1, new.wrapped)
    assert found is not None
    assert found.slot == 1


def test_what_was_shredded_never_opens_again(vault: Vault, keys: Keys, tmp_path: Path) -> None:
    key = key_in(vault, keys, "case/1", 5)
    keys.shred([5])
    keys.shred([5])
    again = Keys(tmp_path / "keys")
    assert Vault(again, bytes(32)).key("case/1", 5, key.wrapped) is None
    assert again.ready([4, 5, 6]) == [4, 6]
    with pytest.raises(KeyFault, match="was shredded"):
        vault.new_key("case/2", 5)
    again.close()


def test_shredding_one_slot_leaves_its_neighbours(vault: Vault, keys: Keys) -> None:
    left, right = key_in(vault, keys, "a", 4), key_in(vault, keys, "b", 6)
    keys.shred([5])
    assert vault.key("a", 4, left.wrapped) is not None
    assert vault.key("b", 6, right.wrapped) is not None


def test_slots_are_made_in_blocks_and_those_there_stay(keys: Keys, tmp_path: Path) -> None:
    slots = tmp_path / "keys" / "slots.bin"
    keys.ready([0])
    first = slots.read_bytes()
    assert len(first) == SLOTS_IN_A_BLOCK * SLOT_BYTES
    keys.ready([SLOTS_IN_A_BLOCK])
    assert slots.read_bytes()[: len(first)] == first
    assert slots.stat().st_size == 2 * len(first)


def test_a_block_cut_short_by_a_crash_is_filled_up(keys: Keys, tmp_path: Path) -> None:
    keys.ready([0])
    slots = tmp_path / "keys" / "slots.bin"
    os.truncate(slots, 100)
    start = slots.read_bytes()
    assert keys.ready([3, 4]) == [3, 4]
    assert slots.read_bytes()[:100] == start


def test_slots_made_by_several_processes_at_once_are_the_same_for_all(tmp_path: Path) -> None:
    Keys.create(tmp_path / "keys", ORIGIN).close()
    several = [Keys(tmp_path / "keys") for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda keys: keys.ready([9000]), several))
    assert len({keys.wrapping_key(9000) for keys in several}) == 1
    for keys in several:
        keys.close()


def test_slots_that_another_process_made_while_this_one_waited_are_taken_as_they_are(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Keys(tmp_path / "keys")
    lock = fcntl.flock

    def overtaken(file: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        other.ready([0])
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", overtaken)
    keys.ready([0])
    assert keys.wrapping_key(0) == other.wrapping_key(0)
    other.close()


def test_a_slots_file_that_is_too_short_is_named(keys: Keys) -> None:
    with pytest.raises(KeyFault, match="shorter than the database needs"):
        keys.wrapping_key(9)


# --------------------------------------------------------------------------------------------- files and folders


def test_two_first_starts_end_with_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: Keys.create(tmp_path / "keys", ORIGIN), range(8)))
    assert len({keys.master_id for keys in made}) == 1
    assert len({keys.signer.verifier.vkey for keys in made}) == 1
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["ledger.key", "master.key", "slots.bin"]
    for keys in made:
        keys.close()


def test_files_are_closed_to_others(keys: Keys, tmp_path: Path) -> None:
    keys.keep_checkpoint("x\n")
    keys.begin_rotation()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["master.key", "ledger.key", "slots.bin", "."])
def test_keys_that_others_can_read_are_refused(keys: Keys, tmp_path: Path, name: str) -> None:
    path = tmp_path / "keys" / name
    path.chmod(0o750 if name == "." else 0o640)
    with pytest.raises(KeyFault, match="open to others"):
        Keys(tmp_path / "keys")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_keys_of_another_user_are_refused(keys: Keys, tmp_path: Path) -> None:
    os.chown(tmp_path / "keys" / "master.key", 65534, 65534)
    with pytest.raises(KeyFault, match="belongs to another user"):
        Keys(tmp_path / "keys")


def test_a_link_in_place_of_a_key_is_refused(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFault, match="not a plain file"):
        Keys(tmp_path / "keys")
    folder = tmp_path / "linked"
    folder.symlink_to(tmp_path / "keys")
    with pytest.raises(KeyFault, match="not a plain folder"):
        Keys(folder)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("master.key", None, "is missing: content cannot be read without it; proofs still verify"),
        ("master.key", b"zz\n", "does not hold a key"),
        ("master.key", b"00ff\n", "does not hold a key of 32 bytes"),
        ("master.key", b"\xff\xfe", "does not hold a key"),
        ("ledger.key", None, "is missing: no checkpoint can be signed"),
        ("ledger.key", b"only an origin\n", "does not hold the log's origin and key"),
        ("ledger.key", b"a b\n" + b"00" * 32, "does not hold the log's origin and key"),
        ("slots.bin", None, "slots.bin is missing"),
    ],
)
def test_a_key_that_is_lost_or_broken_is_named(
    keys: Keys, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / "keys" / name
    path.unlink() if content is None else write_private(path, content)
    with pytest.raises(KeyFault, match=said):
        Keys(tmp_path / "keys")


def test_no_folder_of_keys(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="is missing"):
        Keys(tmp_path / "nowhere")


def test_the_last_checkpoint_is_kept_whole(keys: Keys) -> None:
    assert keys.last_checkpoint() is None
    keys.keep_checkpoint("one\n")
    keys.keep_checkpoint("two\n")
    assert keys.last_checkpoint() == "two\n"


# ----------------------------------------------------------------------------------------------------- rotation


def test_a_master_key_changed_opens_what_the_old_one_wrapped(vault: Vault, keys: Keys, tmp_path: Path) -> None:
    key = key_in(vault, keys, "case/1", 0)
    shredded = key_in(vault, keys, "case/2", 1)
    keys.shred([1])
    (kept,) = vault.keep(key, "case/1", 1, [b"one"])
    old = keys.master_id
    new, master = keys.begin_rotation()
    assert keys.begin_rotation() == (new, master)
    wrapped = vault.rewrapped("case/1", 0, key.wrapped, master)
    assert vault.rewrapped("case/2", 1, shredded.wrapped, master) == shredded.wrapped
    keys.settle_rotation(new)
    assert keys.master_id == new != old
    assert not (tmp_path / "keys" / "master.next").exists()
    again = Keys(tmp_path / "keys")
    found = Vault(again, bytes(32)).key("case/1", 0, wrapped)
    assert found is not None
    assert vault.open(found, "case/1", 1, kept).entry == b"one"
    with pytest.raises(KeyFault):
        Vault(again, bytes(32)).key("case/1", 0, key.wrapped)
    again.close()


def test_a_next_key_is_not_taken_from_under_another_program_that_rotates(keys: Keys, tmp_path: Path) -> None:
    """A program that starts in the middle of another's rotation leaves the next key where it is."""
    new, master = keys.begin_rotation()
    starting = Keys(tmp_path / "keys")
    starting.settle_rotation(starting.master_id)
    starting.close()
    assert (tmp_path / "keys" / "master.next").exists()
    keys.settle_rotation(new)
    assert keys.begin_rotation()[1] != master


def test_another_program_has_changed_the_master_key(vault: Vault, keys: Keys, tmp_path: Path) -> None:
    key = key_in(vault, keys, "case/1", 0)
    other = Keys(tmp_path / "keys")
    new, master = other.begin_rotation()
    wrapped = vault.rewrapped("case/1", 0, key.wrapped, master)
    assert vault.key("case/1", 0, wrapped) is not None, "before the key was moved to its place"
    vault.forget("case/1")
    other.settle_rotation(new)
    assert vault.key("case/1", 0, wrapped) is not None, "and after"
    assert vault.master_id != new
    keys.settle_rotation(new)
    assert vault.master_id == new
    other.close()


def test_the_wrong_master_key_is_named(keys: Keys) -> None:
    with pytest.raises(KeyFault, match="was written with master key abc.*proofs still verify"):
        keys.settle_rotation("abc")
    keys.begin_rotation()
    with pytest.raises(KeyFault, match="was written with master key abc"):
        keys.settle_rotation("abc")


# ------------------------------------------------------------------------------------------------------- tokens


def test_tokens_tell_kinds_and_values_apart_and_nothing_else(vault: Vault, keys: Keys) -> None:
    phone, place = Token("phone", "+447700900123"), Token("place", "+447700900123")
    one, two, again = vault.tokens([phone, place, phone])
    assert one == again != two
    assert len(one) == 32
    assert Vault(keys, bytes([1] * 32)).tokens([phone]) != [one]
    assert vault.tokens([Token("a", "bc")]) != vault.tokens([Token("ab", "c")])
    assert replace(phone, value="+44 7700 900123") != phone  # normalising is the caller's


def test_the_key_of_the_blind_index_outlives_the_master_key(keys: Keys) -> None:
    wrapped = new_blind_key(keys)
    blind = open_blind_key(keys.derive("safehands blind index"), wrapped)
    assert len(blind) == 32
    with pytest.raises(KeyFault):
        open_blind_key(keys.derive("something else"), wrapped)
