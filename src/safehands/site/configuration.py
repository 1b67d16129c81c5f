"""What an installation of the desk may be told, as typed values. Read once at the start; every fault is named at
once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from safehands.errors import BadInput

#: Where the desk is reached without any setting: WebAuthn refuses an IP address, so it is a name.
LOCAL = "localhost"


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency's own identity provider (OpenID Connect), as one object of the file that ``SAFEHANDS_OIDC`` names."""

    id: str
    name: str
    server_url: str
    client_id: str
    secret_file: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """How the desk runs. ``demo`` lets anybody sign in as any seeded role; ``tls`` says that people reach it by
    HTTPS."""

    home: Path
    hosts: tuple[str, ...] = (LOCAL,)
    port: int = 8000
    tls: bool = False
    demo: bool = False
    providers: tuple[Provider, ...] = ()


def read(home: Path, environ: Mapping[str, str], *, port: int = 8000, demo: bool = False) -> Configuration:
    """The configuration in ``environ``. Raises ``BadInput`` naming every fault."""
    faults: list[str] = []
    hosts = tuple(host for host in environ.get("SAFEHANDS_HOSTS", LOCAL).replace(",", " ").split() if host)
    tls = environ.get("SAFEHANDS_TLS", "no")
    if tls not in ("yes", "no"):
        faults.append(f"SAFEHANDS_TLS is {tls!r}: say yes or no.")
    if "*" in hosts:
        faults.append("SAFEHANDS_HOSTS names every host. Name those that the desk is reached by.")
    if demo and hosts != (LOCAL,):
        faults.append("A demonstration lets everybody in, so it runs on localhost only. Take SAFEHANDS_HOSTS away.")
    if not demo and hosts != (LOCAL,) and tls == "no":
        faults.append(
            "The desk is reached from elsewhere, so it needs HTTPS: put it behind TLS and say SAFEHANDS_TLS=yes."
        )
    providers: tuple[Provider, ...] = ()
    if path := environ.get("SAFEHANDS_OIDC", ""):
        try:
            providers = msgspec.json.decode(Path(path).read_bytes(), type=tuple[Provider, ...])
        except (OSError, msgspec.MsgspecError) as fault:
            faults.append(f"SAFEHANDS_OIDC names {path}, which cannot be read: {fault}")
    if faults:
        raise BadInput(faults)
    return Configuration(home, hosts, port, tls == "yes", demo, providers)
