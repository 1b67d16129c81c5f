"""Check one case's bundle and say in plain English what it proves and what it does not.

Runs alone: copy the folder this file lies in to any machine that has Python 3.11 and ``cryptography``::

    python -m safehands.ledger.verify BUNDLE --vkey KEY [--older CHECKPOINT] [--witness KEY]... [--versions N]

Exit code 0: everything that was asked for is proved. 1: something is not. 2: the input cannot be read.
The key must come from somewhere else than the bundle (a letter, a web page, another agency): whoever forges a bundle
puts a key of his own into it, so that without ``--vkey`` nothing counts as proved.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from .bundle import Bundle, read_bundle
from .checkpoint import Checkpoint, check_continues, open_checkpoint, read_checkpoint
from .commitment import opens
from .custody import CustodyReport, Entry, audit
from .encoding import Json, from_json
from .evidence import BundledEntry, check_evidence
from .faults import Malformed, NotProved
from .instants import write_duration, write_instant
from .note import KeyType, Verifier, read_vkey
from .tree import check_inclusion, leaf_hash

PROVED, NOT_PROVED, BAD_INPUT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Report:
    """What one bundle shows, in sentences. ``custody`` is ``None`` where the entries could not be believed.

    ``faults`` say what is wrong with the proofs, ``proved`` what holds, ``not_proved`` what no reader of this bundle
    can know. Faults in who held the case are in ``custody``: a genuine record can show a case that nobody held.
    """

    proved: tuple[str, ...]
    faults: tuple[str, ...]
    not_proved: tuple[str, ...]
    custody: CustodyReport | None

    @property
    def genuine(self) -> bool:
        """Whether every proof holds under the key that the reader trusts."""
        return not self.faults

    @property
    def ok(self) -> bool:
        """Whether the record is genuine and shows one holder at every second."""
        return self.genuine and self.custody is not None and not self.custody.faults

    def __str__(self) -> str:
        sections = [
            ("Holds" if self.faults else "Proved", self.proved),
            ("Wrong", self.faults),
            ("Who held the case", _holding(self.custody)),
        ]
        sections.append(("What this bundle cannot show", self.not_proved))
        blocks = [self._headline()]
        for title, sentences in sections:
            if sentences:
                blocks.append("\n".join([f"{title}:", *(f"  - {_printable(sentence)}" for sentence in sentences)]))
        return "\n\n".join(blocks) + "\n"

    def _headline(self) -> str:
        if not self.genuine:
            return "NOT VERIFIED. Do not rely on this bundle."
        if not self.ok:
            return "THE RECORD IS GENUINE, AND IT SHOWS FAULTS in who held the case."
        return "VERIFIED."


@dataclass(frozen=True, slots=True)
class Held:
    """What the reader brings along: the key that is trusted, and whatever else was kept from earlier."""

    vkey: str | None = None
    older: str | None = None
    witnesses: tuple[str, ...] = ()
    versions: int | None = None


def verify_bundle(octets: bytes, held: Held) -> Report:
    """Check a bundle against what the reader holds. Raises ``Malformed`` where either cannot be read.

    ``held.vkey`` is the log's verifier key from a source of its own; ``held.older`` a checkpoint (the signed note) kept
    from earlier; ``held.witnesses`` verifier keys of witnesses that must have cosigned; ``held.versions`` the number
    of entries that a letter or an earlier bundle said there were.
    """
    bundle = read_bundle(octets)
    witnesses = tuple(read_vkey(vkey) for vkey in held.witnesses)
    log = read_vkey(bundle.vkey if held.vkey is None else held.vkey)
    if log.type is not KeyType.LOG or any(witness.type is not KeyType.WITNESS for witness in witnesses):
        raise Malformed(["the log's key must be of type 01 and a witness's of type 04"])
    findings = _Findings()
    _check_key(findings, bundle, held, log)
    tree = _check_checkpoint(findings, bundle, log, witnesses)
    if tree is None:
        return findings.report(None)
    _check_older(findings, bundle, held, log, tree)
    _check_count(findings, bundle, held)
    wrong_outside = len(findings.faults)
    decoded = [_check_entry(findings, tree, bundle, number) for number in range(len(bundle.entries))]
    _check_order(findings, bundle)
    _check_erasures(findings, bundle, decoded)
    _check_evidence(findings, bundle, tree, decoded)
    # Who held the case is worked out only from entries of which every single one was found in the log, and in order.
    return findings.report(audit(decoded) if len(findings.faults) == wrong_outside else None)


@dataclass(slots=True)
class _Findings:
    proved: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    not_proved: list[str] = field(default_factory=list)

    def report(self, custody: CustodyReport | None) -> Report:
        open_ends = [
            "Whether what the entries say is true, or whether everything that happened was entered.",
            "Whether the log showed somebody else another history, unless independent witnesses cosigned.",
        ]
        doubts = () if custody is None else custody.not_provable
        return Report(tuple(self.proved), tuple(self.faults), (*self.not_proved, *doubts, *open_ends), custody)


# --------------------------------------------------------------------------------------------- the steps


def _check_key(findings: _Findings, bundle: Bundle, held: Held, log: Verifier) -> None:
    if held.vkey is None:
        findings.faults.append(
            "You gave no key. The bundle was checked against the key inside it, which a forger would choose: "
            f"get the key of {bundle.origin} from somewhere else and check again with --vkey."
        )
    elif bundle.vkey != held.vkey:
        findings.faults.append(f"The bundle names another key ({bundle.vkey}) than the one you trust ({held.vkey}).")
    if bundle.origin != log.name:
        findings.faults.append(f"The bundle says it is from {bundle.origin}, and the key is of {log.name}.")


def _check_checkpoint(
    findings: _Findings, bundle: Bundle, log: Verifier, witnesses: Sequence[Verifier]
) -> Checkpoint | None:
    try:
        opened = open_checkpoint(bundle.checkpoint, log, witnesses)
    except NotProved as reason:
        findings.faults.append(f"The checkpoint does not hold: {reason}. Nothing further was checked.")
        return None
    tree = opened.checkpoint
    findings.proved.append(f"The bundle is about {bundle.stream}.")
    findings.proved.append(f"{log.name} signed that its log had {tree.size} entries and which ones.")
    for cosigned in opened.cosigned:
        when = write_instant(cosigned.time * 1_000_000)
        findings.proved.append(f"{cosigned.witness} had seen this log only grow, up to this checkpoint, at {when}.")
    missing = {witness.name for witness in witnesses} - {cosigned.witness for cosigned in opened.cosigned}
    findings.faults.extend(f"{name} has not cosigned this checkpoint." for name in sorted(missing))
    return tree


def _check_older(findings: _Findings, bundle: Bundle, held: Held, log: Verifier, tree: Checkpoint) -> None:
    stated = None if bundle.older is None else bundle.older.checkpoint
    signed = stated if held.older is None else held.older
    if signed is None:
        findings.not_proved.append("Whether this log continues an older checkpoint: none was given.")
        return
    whose = "the older checkpoint in the bundle" if held.older is None else "the older checkpoint that you hold"
    try:
        older = open_checkpoint(signed, log).checkpoint
        proved_here = bundle.older is not None and read_checkpoint(bundle.older.checkpoint)[0] == older
        if 0 < older.size < tree.size and not proved_here:
            raise NotProved("the bundle carries no proof from it; ask for a bundle made against it")
        check_continues(older, tree, bundle.older.proof if bundle.older is not None and proved_here else ())
    except NotProved as reason:
        findings.faults.append(f"The log is not shown to continue {whose}: {reason}.")
        return
    findings.proved.append(f"The log continues {whose} ({older.size} entries): nothing before it was changed.")


def _check_entry(findings: _Findings, tree: Checkpoint, bundle: Bundle, number: int) -> Entry | None:
    """Check one leaf; its decoded entry, or ``None`` where it is erased or cannot be believed."""
    bundled, name = bundle.entries[number], _name(bundle.entries[number], number)
    try:
        check_inclusion(leaf_hash(bundled.commitment), bundled.position, tree.size, bundled.proof, tree.root)
    except NotProved as reason:
        findings.faults.append(f"{name} is not shown to be in the log: {reason}.")
        return None
    if bundled.entry is None or bundled.salt is None:
        findings.proved.append(f"{name} is erased; its place in the log still verifies.")
        return None
    if not opens(bundled.commitment, bundled.salt, bundled.entry):
        findings.faults.append(f"{name} is not what the log committed to: its text or its salt was changed.")
        return None
    try:
        decoded = from_json(bundled.entry, "it")
    except Malformed as malformed:
        findings.faults.append(f"{name} cannot be read: {malformed}.")
        return None
    if not isinstance(decoded, dict):
        findings.faults.append(f"{name} cannot be read: it is not an object.")
        return None
    _check_belonging(findings, bundle.stream, number + 1, decoded, name)
    findings.proved.append(f"{name} is in the log, unchanged: {decoded.get('type')}.")
    return decoded


def _check_belonging(findings: _Findings, stream: str, version: int, entry: dict[str, Json], name: str) -> None:
    if entry.get("stream") != stream:
        findings.faults.append(f"{name} belongs to {entry.get('stream')}, not to {stream}.")
    claimed = entry.get("version")
    if type(claimed) is not int or claimed != version:
        findings.faults.append(f"{name} is version {claimed} of the case: entries are missing, doubled or swapped.")


def _check_order(findings: _Findings, bundle: Bundle) -> None:
    positions = [entry.position for entry in bundle.entries]
    if any(later <= earlier for earlier, later in pairwise(positions)):
        findings.faults.append("The entries do not stand in the order of their places in the log.")


def _check_erasures(findings: _Findings, bundle: Bundle, decoded: Sequence[Entry | None]) -> None:
    """Hold the erased entries against the ``content_erased`` entries, which name position and version of each."""
    explained = _erased_by(findings, decoded)
    here = {(entry.position, number): entry for number, entry in enumerate(bundle.entries, 1)}
    gone = {place for place, entry in here.items() if entry.entry is None}
    for position, version in sorted(gone - explained):
        findings.faults.append(
            f"Version {version} (position {position}) is missing its content and no entry says that it was erased."
        )
    for position, version in sorted(explained - gone):
        what = "is still here" if (position, version) in here else "is not in this bundle"
        findings.faults.append(f"Version {version} (position {position}) is said to be erased and {what}.")
    for position, version in sorted(gone & explained):
        findings.not_proved.append(
            f"What version {version} (position {position}) said, and even that it belonged to this case: it was "
            "erased, as a later entry says."
        )


def _check_evidence(findings: _Findings, bundle: Bundle, tree: Checkpoint, decoded: Sequence[Entry | None]) -> None:
    if bundle.evidence is not None:
        checked = check_evidence(bundle.evidence, tree, bundle.entries, decoded, bundle.checkpoint)
        findings.proved += checked.proved
        findings.faults += checked.faults
        findings.not_proved += checked.not_proved


def _erased_by(findings: _Findings, decoded: Sequence[Entry | None]) -> set[tuple[int, int]]:
    """Every (position, version) that a readable ``content_erased`` entry names."""
    named: set[tuple[int, int]] = set()
    for version, entry in enumerate(decoded, 1):
        if entry is None or entry.get("type") != "content_erased":
            continue
        content = entry.get("content")
        listed = content.get("erased") if isinstance(content, dict) else None
        for item in listed if isinstance(listed, list) and listed else [None]:
            match item:
                case {"position": int(position), "version": int(erased)} if erased < version:
                    named.add((int(position), int(erased)))
                case _:
                    findings.faults.append(f"Version {version} does not say which earlier entries it erased.")
    return named


def _check_count(findings: _Findings, bundle: Bundle, held: Held) -> None:
    count = len(bundle.entries)
    if held.versions is None:
        findings.not_proved.append(f"Whether the case has later entries than version {count}: a bundle can stop early.")
    elif count < held.versions:
        findings.faults.append(f"You know of {held.versions} entries and the bundle has {count}: the last are missing.")
    else:
        findings.proved.append(f"The bundle has all {held.versions} entries that you know of.")


# --------------------------------------------------------------------------------------------- in words


def _name(entry: BundledEntry, number: int) -> str:
    return f"Entry {number + 1} (position {entry.position})"


def _printable(sentence: str) -> str:
    """One line, without line breaks, escapes and direction marks: text in a bundle must not draw a verdict of its
    own."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in sentence)


def _holding(custody: CustodyReport | None) -> tuple[str, ...]:
    if custody is None:
        return ()
    holds = []
    for hold in custody.holds:
        end = "and still held" if hold.end is None else f"to {write_instant(hold.end)}"
        doubt = "" if hold.certain else ", as far as the entries that are not erased say"
        holds.append(f"{hold.agency} held from {write_instant(hold.start)} {end}{doubt}.")
    unowned, doubly = write_duration(custody.unowned_microseconds), write_duration(custody.doubly_held_microseconds)
    return (*holds, f"Nobody held it for {unowned}; more than one agency for {doubly}.", *custody.faults)


# --------------------------------------------------------------------------------------------- command line


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the files that the command line names, print the report, return the exit code."""
    parser = argparse.ArgumentParser(prog="verify", description="Check the bundle of one case.")
    parser.add_argument("bundle", type=Path, help="the bundle (JSON)")
    parser.add_argument("--vkey", help="the log's verifier key, from somewhere else than the bundle")
    parser.add_argument("--older", type=Path, help="a checkpoint that you kept from earlier")
    parser.add_argument(
        "--witness", action="append", default=[], help="verifier key of a witness that must have signed"
    )
    parser.add_argument("--versions", type=int, help="how many entries you know the case to have")
    options = parser.parse_args(arguments)
    try:
        older = None if options.older is None else _read_text(options.older)
        held = Held(options.vkey, older, tuple(options.witness), options.versions)
        report = verify_bundle(_read(options.bundle), held)
    except Malformed as malformed:
        print(
            "This cannot be read:",
            *(f"  - {_printable(fault)}" for fault in malformed.faults),
            sep="\n",
            file=sys.stderr,
        )
        return BAD_INPUT
    print(report, end="")
    return PROVED if report.ok else NOT_PROVED


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Malformed([f"{path}: {error.strerror}"]) from None


def _read_text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed([f"{path} is not UTF-8"]) from None


if __name__ == "__main__":  # pragma: no cover - a test runs this in a process of its own, which is not measured
    sys.exit(main())
