"""A batch of appends as the parameters of ``safehands.append``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from safehands.store.ports import PICTURE_KEYS, Append, Cell
from safehands.store.vault import StreamKey, Vault

#: Parameters in the order of ``parameters``. Numbers travel as text, so that their size never changes a statement's
#: types.
APPEND: Final = (
    "select command, stream, first, count, repeated from safehands.append("
    "%b::text[], %b::integer[], %b::integer[], "
    "%b::text, %b::text[], %b::integer[], %b::bigint[], %b::bytea[], %b::bytea[], %b::bytea[], "
    "%b::integer[], %b::bytea[], %b::bytea[], %b::bytea[], "
    "%b::jsonb, %b::jsonb, %b::jsonb, %b::jsonb, "
    "%b::integer[], %b::text[], %b::bytea[])"
)

_to_json = msgspec.json.Encoder().encode


@dataclass(slots=True)
class _Streams:
    """One element for each stream of a batch."""

    index: dict[str, int] = field(default_factory=dict)
    expected: list[int] = field(default_factory=list)
    version: list[int] = field(default_factory=list)
    snapshot: list[bytes | None] = field(default_factory=list)

    def add(self, append: Append) -> int:
        """The index of the append's stream, from 1."""
        number = self.index.setdefault(append.stream, len(self.index) + 1)
        if number > len(self.expected):
            self.expected.append(append.expected)
            self.version.append(append.expected)
            self.snapshot.append(None)
        self.version[number - 1] += len(append.entries)
        if append.snapshot is not None:
            self.snapshot[number - 1] = append.snapshot
        return number


def new_streams(appends: Iterable[Append]) -> tuple[list[str], list[str]]:
    """The streams that a batch begins, and those that it goes on with, each once."""
    first: dict[str, int] = {}
    for append in appends:
        first.setdefault(append.stream, append.expected)
    return [s for s, version in first.items() if version == 0], [s for s, version in first.items() if version > 0]


def parameters(appends: Sequence[Append], keys: Mapping[str, StreamKey], vault: Vault) -> tuple[object, ...]:
    """The parameters of ``APPEND``: commits to, encrypts and packs a batch that ``checks.check_appends`` has passed."""
    streams = _Streams()
    of, entry_of = [], []
    commitments, nonces, ciphertexts = [], [], []
    for append in appends:
        number = streams.add(append)
        of.append(number)
        entry_of += [number] * len(append.entries)
        kept = vault.keep(
            keys[append.stream], append.stream, append.expected + 1, [entry.entry for entry in append.entries]
        )
        for commitment, nonce, ciphertext in kept:
            commitments.append(commitment)
            nonces.append(nonce)
            ciphertexts.append(ciphertext)
    snapshots = [
        (None, None) if state is None else vault.keep_snapshot(keys[stream], stream, version, state)
        for stream, version, state in zip(streams.index, streams.version, streams.snapshot, strict=True)
    ]
    tokens = [(n, token) for n, append in enumerate(appends, 1) for token in append.tokens]
    rows, removed = _pictures(appends)
    return (
        [append.command for append in appends],
        numbers(of),
        numbers(len(append.entries) for append in appends),
        vault.master_id,
        list(streams.index),
        numbers(streams.expected),
        numbers(keys[stream].slot for stream in streams.index),
        [
            keys[stream].wrapped if expected == 0 else None
            for stream, expected in zip(streams.index, streams.expected, strict=True)
        ],
        [nonce for nonce, _ in snapshots],
        [ciphertext for _, ciphertext in snapshots],
        numbers(entry_of),
        commitments,
        nonces,
        ciphertexts,
        rows,
        removed,
        _facts(appends),
        _outbox(appends),
        numbers(n for n, _ in tokens),
        [token.kind for _, token in tokens],
        vault.tokens(token for _, token in tokens),
    )


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as the text of an array."""
    return "{" + ",".join(map(str, values)) + "}"


def rows_by_table(rows: Iterable[tuple[str, Mapping[str, Cell]]]) -> str:
    """Rows as the JSON that ``safehands.put_pictures`` takes: ``{"table": [row, ...]}``."""
    tables: dict[str, list[dict[str, Cell]]] = {}
    for table, row in rows:
        tables.setdefault(table, []).append(dict(row))
    return _to_json(tables).decode()


def _pictures(appends: Sequence[Append]) -> tuple[str, str]:
    """Rows to write and rows to remove. Of two writes of one row the later one counts."""
    last = {(row.table, row.key): row for append in appends for row in append.pictures}
    if not last:
        return "{}", "{}"
    return (
        rows_by_table((row.table, row.row) for row in last.values() if row.row is not None),
        rows_by_table(
            (row.table, dict(zip(PICTURE_KEYS[row.table], row.key, strict=True)))
            for row in last.values()
            if row.row is None
        ),
    )


def _facts(appends: Sequence[Append]) -> str:
    facts: list[dict[str, Cell]] = []
    start = 0
    for append in appends:
        seen: dict[int, int] = {}
        for fact in append.facts:
            n = seen[fact.ordinal] = seen.get(fact.ordinal, -1) + 1
            facts.append({"entry": start + fact.ordinal, "n": n, **fact.row})
        start += len(append.entries)
    return _to_json(facts).decode()


def _outbox(appends: Sequence[Append]) -> str:
    messages: list[dict[str, object]] = []
    start = 0
    for append in appends:
        messages.extend(
            {"entry": start, "channel": m.channel, "recipient": m.to, "about": m.about, "body": dict(m.body)}
            for m in append.outbox
        )
        start += len(append.entries)
    return _to_json(messages).decode()
