"""The auditor's report on every case of a store, from the stored bytes alone."""

from __future__ import annotations

from collections.abc import Container, Iterator

from safehands.ledger.custody import CustodyReport, Entry, audit
from safehands.ledger.encoding import from_json
from safehands.ledger.faults import Malformed
from safehands.store.ports import Store

#: The entries that say who holds; of every other the auditor reads the envelope only, so that is all that is kept.
_CUSTODY = frozenset(
    {"case_opened", "handover_offered", "handover_accepted", "case_assumed", "case_closed", "case_reopened"}
)


def custody_reports(store: Store, *, of: Container[str] | None = None) -> Iterator[CustodyReport]:
    """One report for each case (of those streams, where some are named), in the order in which the cases began."""
    trails: dict[str, list[Entry | None]] = {}
    for stored in store.all_entries():
        if stored.stream.startswith("case/") and (of is None or stored.stream in of):
            trails.setdefault(stored.stream, []).append(None if stored.entry is None else _read(stored.entry))
    for trail in trails.values():
        yield audit(trail)


def _read(stored: bytes) -> Entry | None:
    """The entry, or None where its bytes are no entry at all: the auditor then says that it cannot be shown."""
    try:
        entry = from_json(stored, "an entry")
    except Malformed:
        return None
    if not isinstance(entry, dict):
        return None
    return entry if entry.get("type") in _CUSTODY else {name: entry[name] for name in entry if name != "content"}
