"""``safehands story``, ``bundle`` and ``erase``: one case, told, handed out with its proof, and forgotten."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safehands.cli import home, output
from safehands.cli.output import Json
from safehands.cli.pathway import read_text
from safehands.errors import BadInput

if TYPE_CHECKING:
    from safehands.service.handle import Service
    from safehands.service.story import Line

CaseNamed = Annotated[
    str, typer.Argument(metavar="CASE", help="A case: its reference (4KX7-92QD), its id, or the beginning of its id.")
]
ForAgency = Annotated[
    str | None, typer.Option("--agency", help="Read as this agency; without it, as the installation itself.")
]


def story(case: CaseNamed, *, agency: ForAgency = None, as_json: Json = False) -> None:
    """Tell a case as English sentences: what happened, when, and who did it. Both times are shown where they differ."""
    from safehands.service.story import text

    with home.opened() as service:
        case_id = home.find_case(service.store, case)
        lines = lines_of(service, case_id, agency=agency)
        reference = service.case(case_id, agency=agency).reference
    if as_json:
        output.emit({"case": case_id, "reference": reference, "lines": [_line(each) for each in lines]})
        return
    output.say(f"Case {reference}. All times are UTC.")
    for paragraph in text(lines):
        output.say(paragraph)


def lines_of(service: Service, case_id: str, *, agency: str | None = None) -> tuple[Line, ...]:
    """The story of a case, with the words of the pathway version that it runs under. Raises ``NotFound``."""
    from safehands.service.telling import story_of_case

    return story_of_case(service, case_id, agency=agency)


def bundle(
    case: CaseNamed,
    *,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where to write it (- for standard output); default REFERENCE.json."
        ),
    ] = None,
    older: Annotated[
        Path | None,
        typer.Option("--older", help="A checkpoint that the reader kept: the bundle proves that we go on from it."),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="With the register entries that the case names, its letters and concerns."),
    ] = False,
    proofs: Annotated[
        Path | None,
        typer.Option("--proofs", metavar="FOLDER", help="With --evidence: a .tlog-proof for each letter, into here."),
    ] = None,
    agency: ForAgency = None,
    as_json: Json = False,
) -> None:
    """Write one case as a file that proves itself to somebody who has only this ledger's key."""
    from safehands.service.bundles import bundle_of
    from safehands.service.evidence_bundles import evidence_bundle

    if proofs is not None and not evidence:
        raise BadInput(["--proofs goes with --evidence: only a case's letters have proofs of their own."])
    if as_json and out == "-":
        raise BadInput(["Standard output can hold the bundle or the --json answer, not both. Name a file with --out."])
    kept = read_text(older) if older is not None else None
    with home.opened() as service:
        case_id = home.find_case(service.store, case)
        reference = service.case(case_id, agency=agency).reference
        letters: Mapping[str, str] = {}
        if evidence:
            made = evidence_bundle(service, case_id, agency=agency, older=kept)
            octets, letters = made.octets, made.letters
        else:
            octets = bundle_of(service.store, f"case/{case_id}", at=service.clock.now(), agency=agency, older=kept)
        vkey, entries = service.store.vkey, len(service.store.entries(f"case/{case_id}", agency=agency))
    if out == "-":
        sys.stdout.buffer.write(octets)
        return
    file = Path(out if out is not None else f"{reference}.json")
    write_new(file, octets)
    if proofs is not None:
        write_proofs(proofs, letters)
    if as_json:
        output.emit({"case": case_id, "reference": reference, "file": str(file), "entries": entries, "vkey": vkey})
        return
    output.say(f"Case {reference} with {entries} entries is in {file}.")
    output.say("It holds what was said in the case: hand it to nobody who may not read that.")
    output.say("Whoever gets it checks it with your key, which they must have from you and not from the file:")
    output.say(f"  safehands verify {file} --vkey '{vkey}'")


def write_proofs(folder: Path, letters: Mapping[str, str]) -> None:
    """Each letter's proof as a file. A letter's id is not trusted to be a file's name: it is numbered, and says which
    it is in an index."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise BadInput([f"{folder}: {fault.strerror}"]) from None
    names = {letter: f"letter-{number}.tlog-proof" for number, letter in enumerate(letters, 1)}
    for letter, proof in letters.items():
        write_new(folder / names[letter], proof.encode())
    index = "".join(f"{json.dumps(letter)} {name}\n" for letter, name in names.items())
    write_new(folder / "letters.txt", index.encode())


def write_new(file: Path, octets: bytes) -> None:
    """Write a file that only its owner can read. Raises ``BadInput`` where it cannot be written."""
    try:
        file.touch(mode=0o600)
        file.write_bytes(octets)
    except OSError as fault:
        raise BadInput([f"{file}: {fault.strerror}"]) from None


def erase(
    case: CaseNamed,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why it is erased.")],
    authority: Annotated[str, typer.Option("--authority", help="Who ordered it: office and reference.")],
    version: Annotated[
        list[int] | None,
        typer.Option(
            "--version",
            help="An entry's number (see story); may be given more than once. Default: all that is personal.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Erase personal content of a case for good. What was erased cannot be brought back; every proof still verifies."""
    from safehands.core.vocabulary import Actor
    from safehands.service.erasure import erase as erase_content

    with home.opened() as service:
        case_id = home.find_case(service.store, case)
        found = service.case(case_id, agency=None)
        if not yes:
            which = f"entries {', '.join(map(str, version))}" if version else "everything personal"
            typer.confirm(f"Erase {which} of case {found.reference} for good?", abort=True, err=True)
        by = Actor(home.operator(), "operator", found.holder)
        erase_content(service, case_id, versions=version or (), reason=reason, authority=authority, by=by)
        gone = list(service.case(case_id, agency=None).erased)
        service.store.seal(at=service.clock.now())
    if as_json:
        output.emit({"case": case_id, "reference": found.reference, "erased": gone})
    else:
        output.say(
            f"Erased in case {found.reference}: entries {', '.join(map(str, gone))}. The ledger says so and verifies."
        )


def _line(line: Line) -> dict[str, Any]:
    return {
        "version": line.version,
        "happened_at": line.at,
        "recorded_at": line.recorded_at,
        "who": line.who,
        "sentence": line.sentence,
    }
