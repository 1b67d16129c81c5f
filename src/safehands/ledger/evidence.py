"""What a bundle of a case about evidence holds besides the case's own entries, and the checks of it.

.. code-block:: text

    "evidence": {"related": [{"stream": "register/POL-northshire",  entries of registers that the case's notes name;
                              "version": 3, "position": 12, …}],     content null: erased, or not for this reader
                 "letters": [{"letter": "L1", "version": 9,          a proof of its own for each letter, to be cut out
                              "tlog_proof": "c2sp.org/tlog-proof@v1\\n…"}],
                 "pages": [{"title": "Timeline",                     in plain words; each row names its entries
                            "rows": [{"says": "…", "positions": [17, 12]}]}]}

The pages are the maker's words about entries. What is proved are the entries; that a row stands on entries which are in
this bundle is checked, that it puts them rightly is for the reader to compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .checkpoint import Checkpoint
from .commitment import opens
from .encoding import Json, from_json
from .faults import Malformed, NotProved
from .tlog_proof import read_tlog_proof
from .tree import check_inclusion, leaf_hash


@dataclass(frozen=True, slots=True)
class BundledEntry:
    """One leaf: ``entry`` (the stored bytes) and ``salt`` are both there, or neither is (``None``)."""

    position: int
    entry: bytes | None
    salt: bytes | None
    commitment: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """An entry of another stream that a note of the case names."""

    stream: str
    version: int
    entry: BundledEntry


@dataclass(frozen=True, slots=True)
class LetterProof:
    """A letter's id, the version of the case's entry that logged it, and that entry's own ``.tlog-proof``, as text."""

    letter: str
    version: int
    tlog_proof: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, and the positions in the log of the entries that it stands on."""

    says: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows under a title: the timeline, the letters, what they claim, the concerns."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything besides the case's own entries."""

    related: tuple[Related, ...] = ()
    letters: tuple[LetterProof, ...] = ()
    pages: tuple[Page, ...] = ()


@dataclass(slots=True)
class Checked:
    """What came of checking an ``Evidence``, in sentences."""

    proved: list[str]
    faults: list[str]
    not_proved: list[str]


#: A case's entry as it was decoded; None where it is erased or could not be believed.
Decoded = Mapping[str, Json] | None


def check_evidence(
    evidence: Evidence, tree: Checkpoint, entries: Sequence[BundledEntry], decoded: Sequence[Decoded], checkpoint: str
) -> Checked:
    """Check related entries, letters' proofs and what the rows stand on, against the case's ``entries`` and what they
    said (``decoded``), which were checked before, and the ``checkpoint`` of the bundle."""
    checked = Checked([], [], [])
    believed = {entry.position for entry in entries}
    believed |= _check_related(checked, evidence, tree, decoded)
    _check_letters(checked, evidence, entries, decoded, checkpoint)
    _check_pages(checked, evidence, believed)
    return checked


def _check_related(checked: Checked, evidence: Evidence, tree: Checkpoint, decoded: Sequence[Decoded]) -> set[int]:
    """The positions of related entries that are in the log."""
    named = _named_by_notes(decoded)
    found: set[int] = set()
    given: set[tuple[str, int]] = set()
    for related in evidence.related:
        place, name = (related.stream, related.version), f"Entry {related.version} of {related.stream}"
        if place in given:
            checked.faults.append(f"{name} is in the bundle twice.")
            continue
        given.add(place)
        if place not in named:
            checked.faults.append(f"{name} is in the bundle, and no entry of the case names it.")
        entry = related.entry
        try:
            check_inclusion(leaf_hash(entry.commitment), entry.position, tree.size, entry.proof, tree.root)
        except NotProved as reason:
            checked.faults.append(f"{name} is not shown to be in the log: {reason}.")
            continue
        found.add(entry.position)
        _check_content(checked, related, name)
    missing = sorted(named - given)
    checked.faults.extend(
        f"Entry {version} of {stream} is named by the case and not here." for stream, version in missing
    )
    return found


def _named_by_notes(decoded: Sequence[Decoded]) -> set[tuple[str, int]]:
    """The register entries that the case's readable notes name, as (stream, version)."""
    named: set[tuple[str, int]] = set()
    for entry in decoded:
        match entry:
            case {"type": "material_noted", "content": {"register": str(stream), "version": int(version)}}:
                named.add((stream, version))
            case _:
                pass
    return named


def _check_content(checked: Checked, related: Related, name: str) -> None:
    entry = related.entry
    if entry.entry is None or entry.salt is None:
        checked.not_proved.append(
            f"What {name[0].lower()}{name[1:]} (position {entry.position}) says, and that it is this entry: its "
            "content was erased, or is not for whoever this bundle was made for."
        )
        return
    if not opens(entry.commitment, entry.salt, entry.entry):
        checked.faults.append(f"{name} is not what the log committed to: its text or its salt was changed.")
        return
    try:
        said = from_json(entry.entry, "it")
    except Malformed as malformed:
        checked.faults.append(f"{name} cannot be read: {malformed}.")
        return
    match said:
        case {"stream": related.stream, "version": related.version, "type": str(type_)}:
            checked.proved.append(f"{name} is in the log, unchanged: {type_}.")
        case _:
            checked.faults.append(f"{name} is another entry than the bundle says.")


def _check_letters(
    checked: Checked,
    evidence: Evidence,
    entries: Sequence[BundledEntry],
    decoded: Sequence[Decoded],
    checkpoint: str,
) -> None:
    logged = {
        version: str(content.get("letter"))
        for version, entry in enumerate(decoded, 1)
        if entry is not None
        and entry.get("type") == "letter_logged"
        and isinstance(content := entry.get("content"), dict)
    }
    for each in evidence.letters:
        name = f"The proof of letter {each.letter}"
        if logged.get(each.version) != each.letter:
            checked.faults.append(f"{name} names version {each.version}, which does not log that letter.")
            continue
        entry, proof = entries[each.version - 1], read_tlog_proof(each.tlog_proof)
        if (proof.index, proof.proof, proof.checkpoint) != (entry.position, entry.proof, checkpoint):
            checked.faults.append(f"{name} is not the proof of version {each.version} under this bundle's checkpoint.")
            continue
        checked.proved.append(f"{name} holds by itself: cut it out and keep it with the letter.")
    without = sorted(set(logged) - {each.version for each in evidence.letters})
    checked.faults.extend(
        f"Letter {logged[version]} (version {version}) has no proof of its own." for version in without
    )


def _check_pages(checked: Checked, evidence: Evidence, believed: set[int]) -> None:
    for page in evidence.pages:
        astray = [
            number for number, row in enumerate(page.rows, 1) if not row.positions or set(row.positions) - believed
        ]
        checked.faults.extend(
            f"Row {number} of the page {page.title!r} stands on no entry of this bundle." for number in astray
        )
        if not astray:
            checked.proved.append(
                f"Each of the {len(page.rows)} rows of the page {page.title!r} names entries of this bundle."
            )
    if evidence.pages:
        checked.not_proved.append(
            "Whether the pages put rightly what the entries say: the entries count, not the pages."
        )
