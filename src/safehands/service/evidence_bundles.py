"""A case about evidence as one bundle that proves itself: its entries, the register entries that it names, its letters
each with a proof of its own, and the pages that tell it in plain words.

What the reader's agency may not read is here all the same, as a leaf without content (law 7): its place in the log is
proved, and nobody learns what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from safehands import codec
from safehands.core.events import Entry
from safehands.core.records.events import LetterLogged, MaterialNoted
from safehands.core.records.material import absorb_all
from safehands.exports.evidence import pages
from safehands.ledger.bundle import write_bundle
from safehands.ledger.checkpoint import read_checkpoint
from safehands.ledger.evidence import BundledEntry, Evidence, LetterProof, Related, Row
from safehands.ledger.tlog_proof import TlogProof
from safehands.service.bundles import bundled, sealed_bundle
from safehands.service.handle import Service
from safehands.service.material import of_case, seen_by
from safehands.service.story import Line, story_of_stored
from safehands.store.ports import StoredEntry


@dataclass(frozen=True, slots=True)
class EvidenceBundle:
    """The file, and the ``.tlog-proof`` of each letter by the letter's id, to go with the letter itself."""

    octets: bytes
    letters: Mapping[str, str]


def evidence_bundle(
    service: Service, case_id: str, *, agency: str | None = None, older: str | None = None
) -> EvidenceBundle:
    """The bundle of a case with its evidence, as ``agency`` may read it (None: as the installation itself).

    Raises ``NotFound`` and ``BadInput`` as ``bundles.bundle_of`` does.
    """
    store, stream = service.store, f"case/{case_id}"
    bundle = sealed_bundle(store, stream, at=service.clock.now(), agency=agency, older=older)
    stored = store.entries(stream, agency=agency)[: len(bundle.entries)]
    decoded = {each.version: codec.decode(each.entry) for each in stored if each.entry is not None}
    size = read_checkpoint(bundle.checkpoint)[0].size
    # Folded from the very entries that go out, whatever is written meanwhile.
    material = absorb_all(of_case(store, stored) or ())
    rules, now = service.integrity, service.clock.now()
    findings = {} if rules is None else rules.evaluate(material, now, service.calendars)
    readable = None if agency is None else {fact.event.record for fact in seen_by(material, agency).records}
    named = _named(service, decoded.values())
    related = []
    for note, each in named:
        whole = bundled(store, each, size)
        hidden = readable is not None and note.record not in readable
        related.append(Related(each.stream, each.version, replace(whole, entry=None, salt=None) if hidden else whole))
    places = _places(stored, decoded, related)
    letters = [
        LetterProof(entry.event.letter, version, str(_proof(bundle.entries[version - 1], bundle.checkpoint)))
        for version, entry in decoded.items()
        if isinstance(entry.event, LetterLogged)
    ]
    timeline = _timeline(story_of_stored(stored, decoded), places)
    told = pages(material, findings, timeline, lambda seq: places[seq])
    evidence = Evidence(tuple(related), tuple(letters), told)
    return EvidenceBundle(
        write_bundle(replace(bundle, evidence=evidence)), {each.letter: each.tlog_proof for each in letters}
    )


def _named(service: Service, entries: Iterable[Entry]) -> list[tuple[MaterialNoted, StoredEntry]]:
    """The register entries that a case's notes name, each once, in the order of the notes."""
    notes: dict[tuple[str, int], MaterialNoted] = {}
    for entry in entries:
        if isinstance(entry.event, MaterialNoted):
            notes.setdefault((entry.event.register, entry.event.version), entry.event)
    found: dict[tuple[str, int], StoredEntry] = {}
    for register in dict.fromkeys(register for register, _ in notes):
        versions = [version for name, version in notes if name == register]
        for each in service.store.entries(register, agency=None, versions=versions):
            found[register, each.version] = each
    return [(note, found[place]) for place, note in notes.items()]


def _places(
    stored: Sequence[StoredEntry], decoded: Mapping[int, Entry], related: Sequence[Related]
) -> dict[int, tuple[int, ...]]:
    """By version of the case's stream: the positions of the entry, and of the register's entry that it names."""
    registered = {(each.stream, each.version): each.entry.position for each in related}
    places: dict[int, tuple[int, ...]] = {}
    for each in stored:
        entry = decoded.get(each.version)
        note = entry.event if entry is not None and isinstance(entry.event, MaterialNoted) else None
        further = () if note is None else (registered[note.register, note.version],)
        places[each.version] = (each.position, *further)
    return places


def _timeline(lines: Sequence[Line], places: Mapping[int, tuple[int, ...]]) -> list[Row]:
    rows = []
    for line in lines:
        when = "" if line.at is None else f"{line.at:%-d %B %Y at %H:%M} UTC. "
        rows.append(Row(f"{when}{line.sentence}{line.learned}", places[line.version]))
    return rows


def _proof(entry: BundledEntry, checkpoint: str) -> TlogProof:
    """The letter's entry, provable by itself. The salt goes along, so that the entry's text can be shown to be it."""
    return TlogProof(entry.position, entry.proof, checkpoint, entry.salt)
