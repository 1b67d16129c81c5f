"""The portable bundle: one case as one JSON file that proves itself to somebody who has nothing but the log's key.

.. code-block:: text

    {"format": "safehands-bundle/1",
     "origin": "police.example/case-register",           the log
     "vkey": "police.example/case-register+b890f559+…",  the log's key, as the maker of the bundle states it
     "checkpoint": "police.example/case-register\\n300\\n…",  the signed note, verbatim
     "stream": "case/0e3f…",
     "entries": [{"position": 17,                        the leaf's index in the log
                  "entry": "eyJzdHJl…",                  the stored bytes in base64; null once erased
                  "salt": "…",                           32 bytes in base64; null once erased
                  "commitment": "AQ…",                   the leaf's 33 bytes in base64
                  "proof": ["…"]}],                      the inclusion proof, leaf to root
     "older": {"checkpoint": "…", "proof": ["…"]},       or null: that an older checkpoint is continued
     "evidence": {…}}                                    left out where the case is not about evidence: ``evidence``

This module reads and writes the form and names every fault in it at once; ``verify`` finds out what it proves.
A field that is not in the list is a fault: nothing in a bundle goes unread.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from .checkpoint import read_checkpoint
from .commitment import SALT_BYTES, check_leaf
from .encoding import LARGEST, Json, from_base64, from_json, to_base64
from .evidence import BundledEntry, Evidence, LetterProof, Page, Related, Row
from .faults import Malformed
from .note import read_vkey
from .tlog_proof import read_tlog_proof
from .tree import HASH_BYTES

FORMAT = "safehands-bundle/1"


@dataclass(frozen=True, slots=True)
class Continued:
    """An older checkpoint (the signed note, verbatim) and the proof that the bundle's checkpoint continues it."""

    checkpoint: str
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One case, ready to hand out. Entries stand in the order of their versions."""

    origin: str
    vkey: str
    checkpoint: str
    stream: str
    entries: tuple[BundledEntry, ...]
    older: Continued | None = None
    evidence: Evidence | None = None


def write_bundle(bundle: Bundle) -> bytes:
    """The file, as UTF-8 JSON with one entry a line."""
    head = {
        "format": FORMAT,
        "origin": bundle.origin,
        "vkey": bundle.vkey,
        "checkpoint": bundle.checkpoint,
        "stream": bundle.stream,
    }
    lines = [f"{_dump(name)}: {_dump(value)}" for name, value in head.items()]
    entries = ",\n  ".join(_dump(_entry_fields(entry)) for entry in bundle.entries)
    lines.append(f'"entries": [\n  {entries}]')
    lines.append(f'"older": {_dump(None if bundle.older is None else _older_fields(bundle.older))}')
    if bundle.evidence is not None:
        lines.append(f'"evidence": {_evidence_text(bundle.evidence)}')
    return ("{" + ",\n ".join(lines) + "}\n").encode()


def read_bundle(octets: bytes) -> Bundle:
    """Read the form; verify nothing. Raises ``Malformed`` with every fault found and where it stands."""
    read = from_json(octets, "the bundle")
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise Malformed([f"this is not a bundle of the format {FORMAT}"])
    top = _Reader("the bundle", read)
    bundle = Bundle(
        top.text("origin"),
        top.text("vkey"),
        top.text("checkpoint"),
        top.text("stream"),
        tuple(_read_entry(top, number, value) for number, value in enumerate(top.list("entries"))),
        _read_older(top),
        _read_evidence(top),
    )
    top.nothing_besides("format", "origin", "vkey", "checkpoint", "stream", "entries", "older", "evidence")
    with top.noting("vkey"):
        read_vkey(bundle.vkey)
    with top.noting("checkpoint"):
        read_checkpoint(bundle.checkpoint)
    if not bundle.entries:
        top.fault("entries", "is empty")
    if top.faults:
        raise Malformed(top.faults)
    return bundle


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the fields of one JSON object and notes every fault with its place, rather than stopping at the first."""

    place: str
    fields: dict[str, Json]
    faults: list[str] = field(default_factory=list)

    def within(self, name: str, value: Json) -> _Reader:
        """A reader for an object inside this one; it notes its faults in the same list."""
        place = f"{self.place}: {name}"
        if not isinstance(value, dict):
            self.fault(name, "is not an object")
            return _Reader(place, {}, [])
        return _Reader(place, value, self.faults)

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append(f"{self.place}: {name} {sentence}")

    @contextmanager
    def noting(self, name: str) -> Iterator[None]:
        """Note what is malformed inside the block, and go on."""
        try:
            yield
        except Malformed as malformed:
            self.faults.extend(f"{self.place}: {name}: {fault}" for fault in malformed.faults)

    def nothing_besides(self, *known: str) -> None:
        for name in self.fields.keys() - set(known):
            self.fault(repr(name), "is not a field of this format")

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            self.fault(name, "is missing or not a text")
            return ""
        return value

    def number(self, name: str) -> int:
        value = self.fields.get(name)
        if type(value) is not int or not 0 <= value <= LARGEST:
            self.fault(name, "is missing or not a number from 0 up")
            return 0
        return value

    def list(self, name: str) -> list[Json]:
        value = self.fields.get(name)
        if not isinstance(value, list):
            self.fault(name, "is missing or not a list")
            return []
        return value

    def octets(self, name: str, length: int | None = None) -> bytes:
        with self.noting(name):
            return from_base64(self.text(name), "this", length)
        return b""

    def octets_or_null(self, name: str, length: int | None = None) -> bytes | None:
        if name in self.fields and self.fields[name] is None:
            return None
        return self.octets(name, length)

    def hashes(self, name: str) -> tuple[bytes, ...]:
        found = []
        for value in self.list(name):
            with self.noting(name):
                found.append(from_base64(value if isinstance(value, str) else "?", "a hash", HASH_BYTES))
        return tuple(found)


def _read_entry(top: _Reader, number: int, value: Json) -> BundledEntry:
    fields = top.within(f"entries[{number}]", value)
    entry = _entry_of(fields)
    fields.nothing_besides(*_ENTRY)
    return entry


_ENTRY = ("position", "entry", "salt", "commitment", "proof")


def _entry_of(fields: _Reader) -> BundledEntry:
    entry = BundledEntry(
        fields.number("position"),
        fields.octets_or_null("entry"),
        fields.octets_or_null("salt", SALT_BYTES),
        fields.octets("commitment"),
        fields.hashes("proof"),
    )
    if (entry.entry is None) != (entry.salt is None):
        fields.fault("entry", "and salt must both be there or both be null: one without the other proves nothing")
    with fields.noting("commitment"):
        check_leaf(entry.commitment)
    return entry


def _read_older(top: _Reader) -> Continued | None:
    value = top.fields.get("older")
    if value is None:
        return None
    fields = top.within("older", value)
    older = Continued(fields.text("checkpoint"), fields.hashes("proof"))
    fields.nothing_besides("checkpoint", "proof")
    with fields.noting("checkpoint"):
        read_checkpoint(older.checkpoint)
    return older


def _read_evidence(top: _Reader) -> Evidence | None:
    if "evidence" not in top.fields:
        return None
    fields = top.within("evidence", top.fields["evidence"])
    fields.nothing_besides("related", "letters", "pages")
    return Evidence(
        tuple(_read_related(fields, number, value) for number, value in enumerate(fields.list("related"))),
        tuple(_read_letter(fields, number, value) for number, value in enumerate(fields.list("letters"))),
        tuple(_read_page(fields, number, value) for number, value in enumerate(fields.list("pages"))),
    )


def _read_related(evidence: _Reader, number: int, value: Json) -> Related:
    fields = evidence.within(f"related[{number}]", value)
    fields.nothing_besides("stream", "version", *_ENTRY)
    return Related(fields.text("stream"), fields.number("version"), _entry_of(fields))


def _read_letter(evidence: _Reader, number: int, value: Json) -> LetterProof:
    fields = evidence.within(f"letters[{number}]", value)
    fields.nothing_besides("letter", "version", "tlog_proof")
    proof = fields.text("tlog_proof")
    with fields.noting("tlog_proof"):
        read_tlog_proof(proof)
    return LetterProof(fields.text("letter"), fields.number("version"), proof)


def _read_page(evidence: _Reader, number: int, value: Json) -> Page:
    fields = evidence.within(f"pages[{number}]", value)
    fields.nothing_besides("title", "rows")
    rows = []
    for place, row in enumerate(fields.list("rows")):
        cells = fields.within(f"rows[{place}]", row)
        cells.nothing_besides("says", "positions")
        positions = cells.list("positions")
        if not all(type(each) is int and 0 <= each <= LARGEST for each in positions):
            cells.fault("positions", "is not a list of numbers from 0 up")
            positions = []
        rows.append(Row(cells.text("says"), tuple(each for each in positions if isinstance(each, int))))
    return Page(fields.text("title"), tuple(rows))


def _evidence_text(evidence: Evidence) -> str:
    """The evidence with one related entry, letter and row a line."""
    related = [
        {"stream": each.stream, "version": each.version, **_entry_fields(each.entry)} for each in evidence.related
    ]
    letters: list[dict[str, Json]] = [
        {"letter": each.letter, "version": each.version, "tlog_proof": each.tlog_proof} for each in evidence.letters
    ]
    pages = ",\n  ".join(
        f'{{"title": {_dump(page.title)}, "rows": {_lines([_row_fields(row) for row in page.rows])}}}'
        for page in evidence.pages
    )
    return f'{{"related": {_lines(related)},\n  "letters": {_lines(letters)},\n  "pages": [{pages}]}}'


def _row_fields(row: Row) -> dict[str, Json]:
    return {"says": row.says, "positions": list(row.positions)}


def _lines(values: Sequence[Mapping[str, Json]]) -> str:
    return "[" + ",\n   ".join(_dump(dict(each)) for each in values) + "]"


def _entry_fields(entry: BundledEntry) -> dict[str, Json]:
    return {
        "position": entry.position,
        "entry": None if entry.entry is None else to_base64(entry.entry),
        "salt": None if entry.salt is None else to_base64(entry.salt),
        "commitment": to_base64(entry.commitment),
        "proof": [to_base64(hashed) for hashed in entry.proof],
    }


def _older_fields(older: Continued) -> dict[str, Json]:
    return {"checkpoint": older.checkpoint, "proof": [to_base64(hashed) for hashed in older.proof]}


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
