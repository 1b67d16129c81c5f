"""Everything again from the ledger: fold each case, work out its rows, and compare them with the live tables.

Pictures and snapshots are caches of the ledger and facts are functions of its entries, so all three must come out the
same. A case whose erased entries carried something that was folded cannot be worked out from the ledger any more: its
snapshot, made when the content was erased, is all there is, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from safehands import codec
from safehands.core.case import Case
from safehands.core.events import ContentErased, Entry
from safehands.core.evolve import evolve, fold
from safehands.core.pathway import Pathway
from safehands.errors import LedgerFault
from safehands.projections import facts, pictures
from safehands.service.catalogue import Catalogue
from safehands.store.ports import PICTURE_KEYS, Cell, PictureRow, Store, StoredEntry

#: Entries that leave the folded case as it was, so that erasing them loses nothing that a row is made of.
UNFOLDED = frozenset({"party_identified", "handover_questioned", "person_signposted", "outcome_recorded"})

Rows = dict[tuple[str, tuple[Cell, ...]], Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it. ``differences`` are sentences, empty where the live tables are what the ledger says."""

    cases: int
    entries: int
    pictures: int
    facts: int
    from_snapshot: int
    differences: tuple[str, ...]
    rows: Rows = field(repr=False)

    @property
    def same(self) -> bool:
        """Whether the live tables are exactly what the ledger says."""
        return not self.differences


def rebuild(store: Store, progress: Callable[[int], None] = lambda _: None) -> Rebuilt:
    """Fold everything and compare. Writes nothing; ``write`` does. ``progress`` is told how many entries were just
    folded.
    """
    catalogue = Catalogue(store)
    streams: dict[str, list[StoredEntry]] = {}
    for stored in store.all_entries():
        if stored.stream.startswith("case/"):
            streams.setdefault(stored.stream, []).append(stored)
    rows: Rows = {}
    expected_facts: dict[int, list[Mapping[str, Cell]]] = {}
    differences: list[str] = []
    from_snapshot = 0
    for stream, entries in streams.items():
        try:
            case, whole = _folded(store, stream, entries)
        except LedgerFault as fault:
            differences.append(f"{stream} cannot be folded: {fault}")
            continue
        rows.update(pictures.rows(case))
        from_snapshot += not whole
        if whole:
            differences.extend(_snapshot_differs(store, stream, entries))
            expected_facts.update(_facts(entries, catalogue.by_ref(case.pathway)))
        progress(len(entries))
    differences.extend(_pictures_differ(store, rows))
    differences.extend(_facts_differ(store, expected_facts))
    return Rebuilt(
        cases=len(streams),
        entries=sum(map(len, streams.values())),
        pictures=len(rows),
        facts=sum(map(len, expected_facts.values())),
        from_snapshot=from_snapshot,
        differences=tuple(differences),
        rows=rows,
    )


def write(store: Store, rebuilt: Rebuilt) -> None:
    """Replace the live pictures by what the ledger says. Raises ``LedgerFault`` where a case could not be folded."""
    broken = [each for each in rebuilt.differences if "cannot be folded" in each]
    if broken:
        raise LedgerFault("The pictures were left as they are: " + " ".join(broken))
    store.rebuild_pictures(PictureRow(table, key, row) for (table, key), row in rebuilt.rows.items())


def _folded(store: Store, stream: str, entries: Sequence[StoredEntry]) -> tuple[Case, bool]:
    """The case, and whether it comes from its entries alone."""
    decoded = {each.version: codec.decode(each.entry) for each in entries if each.entry is not None}
    gone = {each.version for each in entries if each.entry is None}
    unfolded = {
        erased.version
        for entry in decoded.values()
        if isinstance(entry.event, ContentErased)
        for erased in entry.event.erased
        if erased.type in UNFOLDED
    }
    if gone <= unfolded:
        return fold_over_gaps(decoded, len(entries)), True
    loaded = store.load(stream, agency=None)
    snapshot = codec.decode_case(loaded.snapshot) if loaded is not None and loaded.snapshot is not None else None
    if snapshot is None:
        raise LedgerFault("content that it is made of was erased, and its snapshot is gone or of an older form")
    return fold((decoded[version] for version in range(snapshot.version + 1, len(entries) + 1)), snapshot), False


def fold_over_gaps(decoded: Mapping[int, Entry], versions: int) -> Case:
    """The fold of versions 1 to ``versions``, passing over those that are missing because nothing of them is folded."""
    case: Case | None = None
    for version in range(1, versions + 1):
        if version in decoded:
            case = evolve(case, decoded[version])
        elif case is not None:
            case = replace(case, version=version)
    if case is None:
        raise LedgerFault("a case needs at least its opening entry")
    return case


def _snapshot_differs(store: Store, stream: str, entries: Sequence[StoredEntry]) -> Iterator[str]:
    loaded = store.load(stream, agency=None)
    if loaded is None:
        yield f"{stream} is in the ledger and cannot be loaded"
        return
    kept = codec.decode_case(loaded.snapshot) if loaded.snapshot is not None else None
    if kept is None:
        return  # a cache that is not there, or of an older form, contradicts nothing
    decoded = {each.version: codec.decode(each.entry) for each in entries if each.entry is not None}
    if _timeless(fold_over_gaps(decoded, loaded.snapshot_version)) != _timeless(kept):
        yield f"{stream}: the snapshot at version {loaded.snapshot_version} is not what its entries fold to"


def _timeless(case: Case) -> Case:
    """The case without the times of its last entry: an erased entry's own times are gone with it."""
    return replace(case, last_at=case.opened_at, last_recorded_at=case.opened_at, last_person_at=case.opened_at)


def _facts(entries: Sequence[StoredEntry], pathway: Pathway) -> Iterator[tuple[int, list[Mapping[str, Cell]]]]:
    """The facts of a case by the position of their entry; each command's are worked out from the case after it."""
    case: Case | None = None
    decoded = [(each.position, codec.decode(each.entry)) for each in entries if each.entry is not None]
    for _, group in groupby(decoded, key=lambda pair: pair[1].envelope.because):
        written = tuple(group)
        for _, entry in written:
            if case is not None and entry.envelope.version > case.version + 1:
                case = replace(case, version=entry.envelope.version - 1)
            case = evolve(case, entry)
        assert case is not None, "a group has at least one entry"
        found = facts.of(tuple(entry for _, entry in written), case, pathway)
        for fact in found:
            yield written[fact.ordinal][0], [each.row for each in found if each.ordinal == fact.ordinal]


def _pictures_differ(store: Store, rows: Rows) -> Iterator[str]:
    live: Rows = {}
    for table, names in PICTURE_KEYS.items():
        for row in store.pictures(table, agency=None):
            live[table, tuple(row[name] for name in names)] = row
    for place in rows.keys() | live.keys():
        table, key = place
        named = f"{table} {', '.join(map(str, key))}"
        if place not in live:
            yield f"{named}: the ledger has this row and the live table has not"
        elif place not in rows:
            yield f"{named}: the live table has this row and the ledger has not"
        elif dict(rows[place]) != dict(live[place]):
            columns = sorted(name for name in rows[place] if rows[place][name] != live[place].get(name))
            yield f"{named}: {', '.join(columns)} differ from what the ledger says"


def _facts_differ(store: Store, expected: Mapping[int, Sequence[Mapping[str, Cell]]]) -> Iterator[str]:
    live: dict[int, list[dict[str, Cell]]] = {}
    for row in store.facts():
        live.setdefault(int(str(row["position"])), []).append(
            {name: value for name, value in row.items() if name != "position"}
        )
    for position, wanted in expected.items():
        if [dict(row) for row in wanted] != live.get(position, []):
            yield f"the facts of the entry at position {position} are not what the entry says"
