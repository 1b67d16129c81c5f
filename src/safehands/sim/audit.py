"""What the ledger itself says about custody after a replay: read back from the store, entry by entry, and worked out by
the ledger's own auditor, which shares no code with the kernel."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from safehands.ledger import custody
from safehands.store.ports import Store

#: Entries that touch custody are kept whole; of all others only what the auditor counts.
_TOUCH_CUSTODY: Final = frozenset(
    {"case_opened", "handover_offered", "handover_accepted", "case_assumed", "case_closed", "case_reopened"}
)


@dataclass(frozen=True, slots=True)
class Custody:
    """Sums over the audited cases. Time is in microseconds; ``two_holders`` counts the times at which two held at once.

    ``holder_microseconds`` is time that has ended; ``still_held`` counts by agency the cases that are open.
    """

    cases: int
    entries: int
    transfers: int
    unowned_microseconds: int
    two_holders: int
    holder_microseconds: dict[str, int]
    still_held: dict[str, int]
    faults: tuple[str, ...]


def audit(store: Store, streams: Collection[str], start: int, progress: Callable[[int], None]) -> Custody:
    """Read every entry from position ``start`` on and audit the cases in ``streams``. ``progress`` is told how many
    were read."""
    cases: dict[str, list[custody.Entry | None]] = {stream: [] for stream in streams}
    read = transfers = 0
    for stored in store.all_entries(start=start):
        if stored.stream not in cases:
            continue
        read += 1
        entry = _needed(json.loads(stored.entry)) if stored.entry is not None else None
        cases[stored.stream].append(entry)
        if entry is not None and entry["type"] == "handover_accepted":
            content = entry["content"]
            transfers += isinstance(content, dict) and content.get("kind") == "transfer"
        if read % 10_000 == 0:
            progress(read)
    held: Counter[str] = Counter()
    still: Counter[str] = Counter()
    unowned = two_holders = 0
    faults: list[str] = []
    for stream, entries in cases.items():
        report = custody.audit(entries)
        unowned += report.unowned_microseconds
        two_holders += len(report.doubly_held)
        faults.extend(f"{stream}: {fault}" for fault in (*report.faults, *report.not_provable))
        for hold in report.holds:
            if hold.end is None:
                still[hold.agency] += 1
            else:
                held[hold.agency] += hold.end - hold.start
    progress(read)
    return Custody(len(cases), read, transfers, unowned, two_holders, dict(held), dict(still), tuple(faults))


def _needed(entry: dict[str, object]) -> custody.Entry:
    if entry["type"] not in _TOUCH_CUSTODY:
        entry["content"] = None
    return entry  # type: ignore[return-value]  # what JSON gives is Json
