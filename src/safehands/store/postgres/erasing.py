"""Erasing content for good, and changing the master key: what touches keys outside and rows inside in a fixed order.

Erasure: (1) in one transaction everything that stays of the stream is written anew under a key in a new slot, the rest
is deleted, the old slot is noted, the entry that says so is appended; (2) the old slot is overwritten on the disk; (3)
the note is settled. A crash before the commit changes nothing; after it, the next start does (2) and (3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg import Connection

from safehands.errors import NotFound
from safehands.store.keys import Keys, derive
from safehands.store.outcomes import stale
from safehands.store.ports import Append, Receipt
from safehands.store.postgres.batch import APPEND, numbers, parameters
from safehands.store.postgres.connections import Connections, ask
from safehands.store.postgres.faults import translated
from safehands.store.postgres.streamkeys import StreamKeys
from safehands.store.vault import Kept, Vault, open_blind_key, wrap_blind_key

_DONE = "select first, count from safehands.command where command = %b::text and stream = %b::text"
_CONTENT = (
    "select e.position, e.version, e.commitment, v.nonce, v.ciphertext from safehands.entry e "
    "join safehands.vault v on v.position = e.position where e.stream = %b::text order by e.version"
)
_ERASE = (
    "select safehands.erase(%b::text, %b::integer, %b::integer[], %b::text, %b::bigint, %b::bytea, "
    "%b::bigint[], %b::bytea[], %b::bytea[])"
)


def erase(
    connections: Connections,
    vault: Vault,
    stream_keys: StreamKeys,
    versions: Sequence[int],
    append: Append,
) -> Receipt:
    """Step (1). See ``ports.Store.erase``."""
    stream = append.stream
    key = stream_keys.new([stream], None)[stream]
    with connections.lent(None) as connection:
        done = ask(connection, _DONE, (append.command, stream))
        if done:
            ((first, count),) = done
            return Receipt(append.command, stream, first, count, repeated=True)
        with connection.transaction(), translated({stream: append.expected}):
            ((_, version),) = ask(
                connection, "select name, version from safehands.stream where name = %b::text", (stream,)
            ) or [("", 0)]
            if version == 0:
                raise NotFound(f"There is no {stream}.")
            if version != append.expected:
                raise stale(stream, append.expected, version)
            old = stream_keys.present({stream: version}, connection)[stream]
            gone = frozenset(versions)
            kept = []
            for position, number, *content in ask(connection, _CONTENT, (stream,)):
                if number not in gone:
                    opened = vault.open(old, stream, number, Kept(*content))
                    kept.append((position, *vault.keep_again(key, stream, number, opened)))
            ask(
                connection,
                _ERASE,
                (
                    stream,
                    version,
                    numbers(versions),
                    vault.master_id,
                    key.slot,
                    key.wrapped,
                    numbers(position for position, _, _ in kept),
                    [nonce for _, nonce, _ in kept],
                    [ciphertext for _, _, ciphertext in kept],
                ),
            )
            ((command, name, first, count, _),) = ask(connection, APPEND, parameters([append], {stream: key}, vault))
        vault.remember(stream, key)
    return Receipt(command, name, first, count)


def shred_noted(connection: Connection, keys: Keys, at: datetime | None) -> None:
    """Steps (2) and (3), for every slot that is noted. ``at`` None takes the database's time (a start has no other)."""
    slots = [slot for (slot,) in ask(connection, "select safehands.to_shred()")]
    if slots:
        keys.shred(slots)
        ask(
            connection,
            "select safehands.shredded(%b::bigint[], coalesce(%b::timestamptz, transaction_timestamp()))",
            (numbers(slots), at),
        )


def change_master(connection: Connection, keys: Keys, vault: Vault) -> tuple[str, str]:
    """Wrap every key anew under a new master key; the old and the new id. Raises ``Stale`` where an append came
    between."""
    old = keys.master_id
    new, master = keys.begin_rotation()
    with connection.transaction(), translated():
        ((wrapped_blind,),) = ask(connection, "select blind from safehands.vault_master")
        blind = open_blind_key(keys.derive("safehands blind index"), wrapped_blind)
        rows = ask(connection, "select stream, slot, wrapped from safehands.vault_key")
        ask(
            connection,
            "select safehands.rewrap(%b::text, %b::text, %b::bytea, %b::text[], %b::bigint[], %b::bytea[])",
            (
                old,
                new,
                wrap_blind_key(derive(master, "safehands blind index"), blind),
                [stream for stream, _, _ in rows],
                numbers(slot for _, slot, _ in rows),
                [vault.rewrapped(stream, slot, wrapped, master) for stream, slot, wrapped in rows],
            ),
        )
    keys.settle_rotation(new)
    return old, new
