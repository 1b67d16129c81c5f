"""From a pathway's TOML text to a proved ``core.pathway.Pathway``.

``parse`` reads and checks, ``load`` also proves; both raise ``PathwayFault`` that names file, table and row of every
fault at once. A proof is remembered by the digest of the text, so that a process proves a version once.
"""

from __future__ import annotations

import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Final

from safehands.core.pathway import Pathway
from safehands.core.prove import Proof, prove
from safehands.errors import NotFound, PathwayFault
from safehands.pathways.check import faults_of
from safehands.pathways.read import read_pathway
from safehands.pathways.section import Section

_FILE: Final = "pathway.toml"
_EXAMPLES: Final = "examples.toml"
_proofs: dict[str, Proof] = {}


def parse(text: str, file: str = _FILE) -> Pathway:
    """The pathway that ``text`` declares, checked but not proved. ``file`` is what faults call it."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise PathwayFault([f"{file}: this is not TOML: {bad}"]) from None
    faults: list[str] = []
    pathway = read_pathway(Section(values, file, faults), digest_of(text), text)
    if not faults:
        faults = [f"{file}: {fault}" for fault in faults_of(pathway)]
    if faults:
        raise PathwayFault(faults)
    return pathway


def prove_once(pathway: Pathway) -> Proof:
    """The proof of a pathway's tables, worked out once for each digest in this process."""
    proof = _proofs.get(pathway.ref.digest)
    if proof is None:
        proof = _proofs[pathway.ref.digest] = prove(pathway)
    return proof


def parse_and_prove(text: str, file: str = _FILE) -> Pathway:
    """The pathway that ``text`` declares, checked and proved."""
    pathway = parse(text, file)
    proof = prove_once(pathway)
    if proof.faults:
        raise PathwayFault(f"{file}: {fault.sentence}" for fault in proof.faults)
    return pathway


def load(name_or_path: str | Path) -> Pathway:
    """A shipped pathway by its name (``right-care``), or any by the path of its file or folder. Checked and proved.

    Raises ``NotFound`` if there is none.
    """
    text, file = _text_of(name_or_path, _FILE)
    return parse_and_prove(text, file)


def read(name_or_path: str | Path) -> Pathway:
    """The same, checked but not proved: for comparing a draft with what is in force. Nothing else may use it."""
    return parse(*_text_of(name_or_path, _FILE))


def examples_of(name_or_path: str | Path) -> str:
    """The text of the worked examples beside a pathway. Raises ``NotFound`` if there are none."""
    place = Path(name_or_path)
    return _text_of(place.parent if place.is_file() else name_or_path, _EXAMPLES)[0]


def shipped() -> tuple[str, ...]:
    """The names of the pathways that come with Safehands."""
    here = resources.files("safehands.pathways")
    return tuple(
        sorted(
            folder.name.replace("_", "-")
            for folder in here.iterdir()
            if folder.is_dir() and folder.joinpath(_FILE).is_file()
        )
    )


def digest_of(text: str) -> str:
    """SHA-256 of the text's bytes in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _text_of(name_or_path: str | Path, file: str) -> tuple[str, str]:
    """The text of a declaration and what faults call its file."""
    if isinstance(name_or_path, str) and name_or_path in shipped():
        folder = name_or_path.replace("-", "_")
        place = resources.files("safehands.pathways").joinpath(folder, file)
        if place.is_file():
            return _decoded(place.read_bytes(), f"{folder}/{file}"), f"{folder}/{file}"
    path = Path(name_or_path)
    path = path / file if path.is_dir() else path
    if path.is_file():
        return _decoded(path.read_bytes(), str(path)), str(path)
    known = ", ".join(shipped()) or "none"
    raise NotFound(f"There is no {file} for {str(name_or_path)!r}. The shipped pathways are {known}; or give a path.")


def _decoded(content: bytes, file: str) -> str:
    """The text in the file's bytes, line ends and all: the digest is that of the bytes."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise PathwayFault([f"{file}: this is not text in UTF-8"]) from None
