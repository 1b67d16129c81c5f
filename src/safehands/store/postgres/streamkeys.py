"""The key of each stream: remembered, fetched and unwrapped, or new in a slot of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

from psycopg import Connection

from safehands.store.keys import KeyFault, Keys
from safehands.store.outcomes import stale
from safehands.store.postgres.connections import Connections, ask
from safehands.store.vault import StreamKey, Vault

#: Slot numbers fetched at a time: one round trip for so many new streams. Those left over at the end are never used.
SLOTS_AT_A_TIME = 64


class StreamKeys:
    """Finds and makes the keys that an append needs."""

    def __init__(self, connections: Connections, keys: Keys, vault: Vault) -> None:
        self._connections, self._keys, self._vault = connections, keys, vault
        self._slots: list[int] = []
        self._lock = Lock()

    def new(self, streams: Sequence[str], held: Connection | None) -> dict[str, StreamKey]:
        """Fresh keys, not remembered yet. ``held``: see ``Connections.worker``."""
        return {
            stream: self._vault.new_key(stream, slot)
            for stream, slot in zip(streams, self._take(len(streams), held), strict=True)
        }

    def present(self, expected: dict[str, int], held: Connection | None) -> dict[str, StreamKey]:
        """The keys of streams that exist, fetched where this process does not have them.

        Raises ``Stale`` where a stream does not exist and ``KeyFault`` where its key was shredded.
        """
        found = {stream: key for stream in expected if (key := self._vault.known(stream)) is not None}
        missing = [stream for stream in expected if stream not in found]
        if missing:
            with self._connections.worker(held) as connection:
                rows = ask(
                    connection,
                    "select stream, slot, wrapped from safehands.vault_key where stream = any (%b::text[])",
                    (missing,),
                )
            for stream, slot, wrapped in rows:
                key = self._vault.key(stream, slot, wrapped)
                if key is None:
                    raise KeyFault(
                        f"the key of {stream} was shredded: the database was restored from before an erasure"
                    )
                found[stream] = key
        for stream in missing:
            if stream not in found:
                raise stale(stream, expected[stream], 0)
        return found

    def remember(self, keys: Iterable[tuple[str, StreamKey]]) -> None:
        """Keep keys whose streams were written."""
        for stream, key in keys:
            self._vault.remember(stream, key)

    def forget(self, streams: Iterable[str]) -> None:
        """Let keys go that may no longer be the right ones."""
        for stream in streams:
            self._vault.forget(stream)

    def follow_master(self, held: Connection | None) -> None:
        """Use the master key that another process has put in force."""
        with self._connections.worker(held) as connection:
            ((master,),) = ask(connection, "select master from safehands.vault_master")
        self._keys.settle_rotation(master)

    def _take(self, count: int, held: Connection | None) -> list[int]:
        with self._lock:
            while len(self._slots) < count:
                more = max(count - len(self._slots), SLOTS_AT_A_TIME)
                with self._connections.worker(held) as connection:
                    ((first,),) = ask(connection, "select safehands.take_slots(%b::integer)", (more,))
                self._slots += self._keys.ready(range(first, first + more))
            taken, self._slots = self._slots[:count], self._slots[count:]
            return taken
