"""How fast the store writes, reads, seals and checks: ``python bench/store_rates.py [entries]``.

Prints figures of this machine with fsync on; the tests hold ratios, never these.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from safehands.ledger.tree import check_inclusion, inclusion_nodes, inclusion_proof, leaf_hash
from safehands.store.keys import Keys
from safehands.store.opening import open_store
from safehands.store.ports import PICTURE_COLUMNS, PICTURE_KEYS, Append, Cell, FactRow, NewEntry, PictureRow
from safehands.store.postgres.store import PostgresStore
from safehands.store.vault import Vault

START = datetime(2026, 1, 1, tzinfo=UTC)
ENTRY = b"x" * 600


def picture(table: str, **cells: Cell) -> PictureRow:
    row = dict.fromkeys(PICTURE_COLUMNS[table]) | cells
    return PictureRow(table, tuple(row[name] for name in PICTURE_KEYS[table]), row)


def append(number: int, expected: int) -> Append:
    """A command on a case: one entry, its summary, and in the beginning a holding, standings and a clock."""
    case = str(UUID(int=number + (7 << 100)))
    at = START + timedelta(minutes=number % 500_000, seconds=expected)
    rows = [
        picture("case_picture", case_id=case, reference=case, status="open", holder="POL", opened_at=at, last_at=at)
    ]
    if expected == 0:
        rows += [
            picture("holding_picture", case_id=case, n=1, agency="POL", held_from=at),
            picture("standing_picture", case_id=case, agency="POL", since=at),
            picture("clock_picture", case_id=case, clock="triage", status="running", next_at=at),
        ]
    return Append(
        f"{case}/{expected}",
        f"case/{case}",
        expected,
        (NewEntry(f"case/{case}", expected + 1, ENTRY),),
        pictures=tuple(rows),
        facts=(FactRow(0, {"case_id": case, "kind": "x", "happened_at": at, "agency": "POL"}),),
    )


def rates(store: PostgresStore, entries: int) -> None:
    live = []
    for n in range(200):
        before = time.perf_counter()
        with store.unit(agency="POL") as unit:
            unit.take(f"case/{UUID(int=10**9 + n + (7 << 100))}", "c")
            loaded = time.perf_counter()
            unit.append([append(10**9 + n, 0)])
        live.append((time.perf_counter() - loaded, loaded - before))
    live.sort()
    read = sorted(r for _, r in live)[100]
    print(f"live append and commit: median {live[100][0] * 1000:.2f} ms; load: {read * 1000:.2f} ms")
    batch = 2000
    made = written = 0.0
    for first in range(0, entries, batch):
        before = time.perf_counter()
        appends = [append(first // 5 + n // 5, n % 5) for n in range(batch)]
        ready = time.perf_counter()
        store.append_all(appends)
        written += time.perf_counter() - ready
        made += ready - before
    print(f"batches of {batch}: {entries / written:,.0f} entries/s (rows made besides: {made / entries * 1e6:.1f} us)")
    before = time.perf_counter()
    head = store.seal(at=START)
    print(f"seal: {head.sealed / (time.perf_counter() - before):,.0f} entries/s")
    before = time.perf_counter()
    size = store.check_tree()
    took = time.perf_counter() - before
    leaf, node = b"\0" + b"x" * 33, b"\1" + b"x" * 64
    before = time.perf_counter()
    for _ in range(size):
        sha256(leaf).digest()
        sha256(node).digest()
    raw = time.perf_counter() - before
    print(f"check_tree of {size}: {took:.2f} s, {took / raw:.1f} times the bare hashing ({raw:.2f} s)")
    proofs = []
    for n in range(0, size, max(size // 200, 1)):
        before = time.perf_counter()
        wanted = inclusion_nodes(n, size)
        hashes = store.nodes(wanted)
        proof = inclusion_proof(n, size, [hashes[node] for node in wanted])
        proofs.append(time.perf_counter() - before)
    leaf = leaf_hash(next(store.all_entries(start=n)).commitment)
    check_inclusion(leaf, n, size, proof, head.root)
    proofs.sort()
    print(f"inclusion proof: median {proofs[len(proofs) // 2] * 1000:.2f} ms")
    before = time.perf_counter()
    for _ in store.all_entries(start=max(0, size - 20000)):
        pass
    print(f"reading and opening entries: {min(size, 20000) / (time.perf_counter() - before):,.0f}/s")


def vault_cost(home: Path) -> None:
    keys = Keys(home / "keys")
    vault = Vault(keys, bytes(32))
    keys.ready([4000])
    key = vault.new_key("case/x", 4000)
    before = time.perf_counter()
    for _ in range(20):
        vault.keep(key, "case/x", 1, [ENTRY] * 1000)
    print(f"vault, in batches: {(time.perf_counter() - before) / 20000 * 1e6:.1f} us an entry")
    before = time.perf_counter()
    for _ in range(20000):
        vault.keep(key, "case/x", 1, [ENTRY])
    print(f"vault, one by one: {(time.perf_counter() - before) / 20000 * 1e6:.1f} us an entry")


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    home = Path(tempfile.mkdtemp(prefix="safehands-bench-"))
    home.chmod(0o711)
    try:
        with open_store(home, {}) as store:
            rates(store, entries)
        vault_cost(home)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
