"""What an installation of the desk may be told, as typed values. Read once at the start; every fault is named at
once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from safehands.errors import BadInput
from safehands.files.clamd import scanner_of
from safehands.files.places import place_of

#: Where the desk is reached without any setting: WebAuthn refuses an IP address, so it is a name.
LOCAL = "localhost"


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency's own identity provider (OpenID Connect), as one object of the file that ``SAFEHANDS_OIDC`` names."""

    id: str
    name: str
    server_url: str
    client_id: str
    secret_file: str
    #: The agency whose provider this is: whoever it signs in can act from seats of this agency only.
    agency: str
    #: The claim that names a person for good, and the scopes that have to be asked for to get it.
    subject: str = "sub"
    scope: tuple[str, ...] = ("openid",)


#: Minutes without use after which a session ends, and hours after which it ends in any case: a shift.
IDLE_MINUTES = 60
LONGEST_HOURS = 12

#: The largest digital file that is taken in, in megabytes: a day of video.
LARGEST_MB = 20_000


@dataclass(frozen=True, slots=True)
class Configuration:
    """How the desk runs. ``demo`` lets anybody sign in as any seeded role; ``tls`` says that people reach it by
    HTTPS. ``second_factor`` asks whoever signs in with a password for one; ``sender`` names the file that says how
    messages leave (``desk.sending``), empty: into a file of the home. ``files`` says where digital files lie
    (``safehands.files.places``), ``scanner`` what reads them, ``largest_mb`` how large one may be."""

    home: Path
    hosts: tuple[str, ...] = (LOCAL,)
    port: int = 8000
    tls: bool = False
    demo: bool = False
    providers: tuple[Provider, ...] = ()
    idle_minutes: int = IDLE_MINUTES
    longest_hours: int = LONGEST_HOURS
    second_factor: bool = True
    sender: str = ""
    files: str = ""
    scanner: str = ""
    largest_mb: int = LARGEST_MB


def read(home: Path, environ: Mapping[str, str], *, port: int = 8000, demo: bool = False) -> Configuration:
    """The configuration in ``environ``. Raises ``BadInput`` naming every fault."""
    faults: list[str] = []
    hosts = tuple(host for host in environ.get("SAFEHANDS_HOSTS", LOCAL).replace(",", " ").split() if host)
    tls, factor = (_yes_or_no(environ, name, usual, faults) for name, usual in YES_OR_NO.items())
    idle = _whole(environ, "SAFEHANDS_SESSION_IDLE_MINUTES", IDLE_MINUTES, 24 * 60, faults)
    longest = _whole(environ, "SAFEHANDS_SESSION_HOURS", LONGEST_HOURS, 24, faults)
    largest = _whole(environ, "SAFEHANDS_LARGEST_FILE_MB", LARGEST_MB, 1_000_000, faults)
    files, scanner = environ.get("SAFEHANDS_FILES", ""), environ.get("SAFEHANDS_SCANNER", "")
    for checked in (lambda: place_of(files, home.absolute()), lambda: scanner_of(scanner)):
        try:
            checked()
        except BadInput as fault:
            faults += fault.faults
    if "*" in hosts:
        faults.append("SAFEHANDS_HOSTS names every host. Name those that the desk is reached by.")
    if demo and hosts != (LOCAL,):
        faults.append("A demonstration lets everybody in, so it runs on localhost only. Take SAFEHANDS_HOSTS away.")
    if not demo and hosts != (LOCAL,) and not tls:
        faults.append(
            "The desk is reached from elsewhere, so it needs HTTPS: put it behind TLS and say SAFEHANDS_TLS=yes."
        )
    providers: tuple[Provider, ...] = ()
    if path := environ.get("SAFEHANDS_OIDC", ""):
        try:
            providers = msgspec.json.decode(Path(path).read_bytes(), type=tuple[Provider, ...])
        except (OSError, msgspec.MsgspecError) as fault:
            faults.append(f"SAFEHANDS_OIDC names {path}, which cannot be read: {fault}")
    faults += [
        f"The provider {each.id} is reached without TLS: {each.server_url}. Its server_url begins with https://."
        for each in providers
        if not _is_safe(each.server_url)
    ]
    if faults:
        raise BadInput(faults)
    return Configuration(
        home,
        hosts,
        port,
        tls,
        demo,
        providers,
        idle,
        longest,
        factor,
        environ.get("SAFEHANDS_SENDER", ""),
        files,
        scanner,
        largest,
    )


#: Settings that are yes or no, and what they are without being said.
YES_OR_NO: Mapping[str, str] = {"SAFEHANDS_TLS": "no", "SAFEHANDS_SECOND_FACTOR": "yes"}


def _yes_or_no(environ: Mapping[str, str], name: str, usual: str, faults: list[str]) -> bool:
    said = environ.get(name, usual)
    if said not in ("yes", "no"):
        faults.append(f"{name} is {said!r}: say yes or no.")
    return said == "yes"


def _whole(environ: Mapping[str, str], name: str, usual: int, most: int, faults: list[str]) -> int:
    said = environ.get(name, str(usual))
    if not said.isdecimal() or not 1 <= int(said) <= most:
        faults.append(f"{name} is {said!r}: say a whole number from 1 to {most}.")
        return usual
    return int(said)


def _is_safe(address: str) -> bool:
    """By TLS, or on this machine, where no line can be listened to."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in (LOCAL, "127.0.0.1"))
