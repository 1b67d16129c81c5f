"""Checking this installation's whole ledger, from its entries up, with the ledger's own code and none of the kernel's.

Checked: that the commitments grow into exactly the nodes and the root that were signed; that what lies in the vault is
what was committed to; that every stream's versions run from 1 without a gap; that in every case somebody, and only one,
held at every second. Everything that is wrong is named; nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from safehands.ledger.checkpoint import open_checkpoint
from safehands.ledger.commitment import opens
from safehands.ledger.custody import Entry, audit
from safehands.ledger.encoding import Json, from_json
from safehands.ledger.faults import Malformed, NotProved
from safehands.ledger.note import read_vkey
from safehands.ledger.tree import EMPTY, grow, leaf_hash
from safehands.store.ports import Head, Store, StoredEntry

#: Entries worked on at a time: a power of two keeps the rows of the tree even.
AT_A_TIME: Final = 4096

#: The entries that say who holds; of every other the auditor reads the envelope only, so that is all that is kept of
#: them.
_CUSTODY: Final = frozenset(
    {"case_opened", "handover_offered", "handover_accepted", "case_assumed", "case_closed", "case_reopened"}
)


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What a whole ledger shows. ``faults`` are sentences about what is wrong, ``notes`` about what cannot be known."""

    entries: int
    sealed: int
    streams: int
    cases: int
    erased: int
    unowned_seconds: float
    two_holders: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(slots=True)
class _Findings:
    """What is gathered on the way through the entries; thrown away after the report."""

    trails: dict[str, list[Entry | None]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    entries: int = 0
    erased: int = 0


def verify_ledger(store: Store, progress: Callable[[int], None] = lambda _: None) -> LedgerReport:
    """Check everything. ``progress`` is told how many entries were just read."""
    head = store.head()
    findings = _Findings()
    tree = EMPTY
    unsealed = 0
    remaining = islice(store.all_entries(), head.size)  # what is written meanwhile is for the next check
    while chunk := list(islice(remaining, AT_A_TIME)):
        for entry in chunk:
            _check_entry(findings, entry)
        leaves = [leaf_hash(entry.commitment) for entry in chunk if entry.position < head.sealed]
        unsealed += len(chunk) - len(leaves)
        grown = grow(tree.size, tree.frontier, leaves)
        _check_nodes(findings, store, dict(grown.nodes()))
        tree = grown
        progress(len(chunk))
    _check_head(findings, store, head, tree.size, tree.root)
    return _report(findings, head, unsealed)


def _check_entry(findings: _Findings, stored: StoredEntry) -> None:
    """One entry: in its place, what was committed to, and readable."""
    where = f"{stored.stream}, version {stored.version} (position {stored.position})"
    if stored.position != findings.entries:
        findings.faults.append(
            f"{where} stands where position {findings.entries} should: an entry is missing or doubled."
        )
        findings.entries = stored.position
    findings.entries += 1
    trail = findings.trails.setdefault(stored.stream, [])
    if stored.version != len(trail) + 1:
        findings.faults.append(f"{where} follows version {len(trail)}: one is missing or stands there twice.")
    if stored.entry is None or stored.salt is None:
        findings.erased += 1
        trail.append(None)
        return
    if not opens(stored.commitment, stored.salt, stored.entry):
        findings.faults.append(f"{where} is not what the ledger committed to: its content or its salt was changed.")
    trail.append(_read(findings, where, stored.entry))


def _read(findings: _Findings, where: str, octets: bytes) -> Mapping[str, Json] | None:
    try:
        entry = from_json(octets, "it")
    except Malformed as malformed:
        findings.faults.append(f"{where} cannot be read: {malformed}.")
        return None
    if not isinstance(entry, dict):
        findings.faults.append(f"{where} cannot be read: it is not an object.")
        return None
    if entry.get("type") not in _CUSTODY:
        return {name: entry.get(name) for name in ("stream", "version", "type", "recorded_at", "happened_at")}
    return entry


def _check_nodes(findings: _Findings, store: Store, grown: Mapping[tuple[int, int], bytes]) -> None:
    stored = store.nodes(tuple(grown))
    wrong = [node for node, hashed in grown.items() if stored.get(node) != hashed]
    if wrong:
        level, number = wrong[0]
        findings.faults.append(
            f"{len(wrong)} stored nodes of the tree are missing or not those that the entries make; the first is "
            f"number {number} of level {level}."
        )


def _check_head(findings: _Findings, store: Store, head: Head, size: int, root: bytes) -> None:
    if findings.entries != head.size:
        findings.faults.append(f"The head counts {head.size} entries and {findings.entries} were found.")
    if (size, root) != (head.sealed, head.root):
        findings.faults.append(f"The first {head.sealed} entries do not lead to the root that the head names.")
    if head.checkpoint is None:
        if head.sealed:
            findings.faults.append(f"{head.sealed} entries are in the tree, and no checkpoint was signed.")
        return
    try:
        signed = open_checkpoint(head.checkpoint, read_vkey(store.vkey)).checkpoint
    except (Malformed, NotProved) as reason:
        findings.faults.append(f"The last checkpoint does not hold: {reason}.")
        return
    if (signed.size, signed.root) != (size, root):
        findings.faults.append(
            f"The entries are not those that were signed: the checkpoint is of {signed.size} entries."
        )


def _report(findings: _Findings, head: Head, unsealed: int) -> LedgerReport:
    unowned = doubly = cases = 0
    notes = [f"{unsealed} entries are not sealed yet."] if unsealed else []
    for stream, trail in _cases(findings):
        cases += 1
        custody = audit(trail)
        unowned += custody.unowned_microseconds
        doubly += bool(custody.doubly_held)
        findings.faults.extend(f"{stream}: {fault}" for fault in custody.faults)
        notes.extend(f"{stream}: {note}" for note in custody.not_provable)
    return LedgerReport(
        entries=findings.entries,
        sealed=head.sealed,
        streams=len(findings.trails),
        cases=cases,
        erased=findings.erased,
        unowned_seconds=unowned / 1_000_000,
        two_holders=doubly,
        faults=tuple(findings.faults),
        notes=tuple(notes),
    )


def _cases(findings: _Findings) -> Iterator[tuple[str, list[Entry | None]]]:
    return ((stream, trail) for stream, trail in findings.trails.items() if stream.startswith("case/"))
