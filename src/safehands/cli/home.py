"""Where an installation lies and how it is opened: whatever it lacks is made, and stopped again when the block ends."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from safehands.core.vocabulary import Actor
from safehands.errors import BadInput, NotFound

if TYPE_CHECKING:
    from safehands.service.clock import Clock
    from safehands.service.handle import Service
    from safehands.store.ports import Store

#: The folder of an installation that nobody has named, in the current directory.
DEFAULT: Final = ".safehands"

#: The file in a home that holds its log's verifier key, for whoever checks a bundle on this machine without the
#: database.
VKEY_FILE: Final = "log.vkey"

#: The pathway that a new installation adopts.
FIRST_PATHWAY: Final = "right-care"


def home_of(environ: Mapping[str, str] = os.environ) -> Path:
    """The home: ``SAFEHANDS_HOME``, or ``.safehands`` in the current directory."""
    return Path(environ.get("SAFEHANDS_HOME") or DEFAULT)


@contextmanager
def store_of(home: Path, environ: Mapping[str, str]) -> Iterator[Store]:
    """The store of a home, on the embedded server or the one that ``DATABASE_URL`` in ``environ`` names."""
    from safehands.store.opening import open_store

    with open_store(home, environ) as store:
        yield store


@contextmanager
def opened(
    home: Path | None = None,
    clock: Clock | None = None,
    *,
    purpose: str = "live",
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Service]:
    """The installation in ``home``, ready to use; at its first opening the node is opened and a pathway adopted.

    Raises what ``open_store`` raises.
    """
    from safehands.service import node
    from safehands.service.catalogue import Catalogue
    from safehands.service.clock import SystemClock
    from safehands.service.handle import Service

    place = home if home is not None else home_of()
    with store_of(place, environ) as store:
        clock = clock if clock is not None else SystemClock()
        service = Service(store, Catalogue(store), clock)
        if node.opened(store) is None:
            node.open_once(store, clock, purpose)
        _keep_vkey(place, store.vkey)
        ensure_adopted(service, FIRST_PATHWAY)
        yield service


def ensure_adopted(service: Service, name: str) -> None:
    """Adopt a shipped pathway unless a version of it is in force: proposed by the release, confirmed by whoever runs
    this.
    """
    from safehands.pathways.load import load

    if service.catalogue.history(name):
        return
    service.catalogue.adopt(
        load(name), service.clock, Actor("release", "release", "safehands"), Actor(operator(), "operator", "")
    )


def operator() -> str:
    """The account that runs this program, for entries that a person at the command line causes."""
    try:
        return f"{getpass.getuser()}@cli"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user-{os.getuid()}@cli"


def own_vkey(home: Path) -> str | None:
    """The verifier key of the installation in ``home``, if there is one; reads a file and starts nothing."""
    try:
        return (home / VKEY_FILE).read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def find_case(store: Store, wanted: str) -> str:
    """The id of the case with this reference, id, or beginning of an id.

    Raises ``NotFound`` where there is none, ``BadInput`` where several begin so.
    """
    named = wanted.strip().removeprefix("case/")
    by_reference = store.find(named, agency=None) or store.find(named.upper(), agency=None)
    if by_reference is not None:
        return by_reference
    ids = [str(row["case_id"]) for row in store.pictures("case_picture", agency=None)]
    found = [each for each in ids if named and each.startswith(named.lower())]
    if len(found) > 1 and named not in found:
        raise BadInput([f"{len(found)} cases begin with {wanted}. Give more of the id, or the reference."])
    if not found:
        raise NotFound(f"There is no case {wanted} here. See the cases: safehands status")
    return named if named in found else found[0]


def _keep_vkey(home: Path, vkey: str) -> None:
    if own_vkey(home) != vkey and home.is_dir():
        (home / VKEY_FILE).write_text(f"{vkey}\n", "utf-8")
