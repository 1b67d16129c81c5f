"""Making a data directory and starting its server.

A map: ``create`` makes the data directory and the superuser's password, ``check_version`` refuses data of another
version, ``clear`` makes way after a crash, ``start`` starts the server and returns when it takes connections,
``answers`` asks whether it does and ``settles`` waits if it soon will. ``ALWAYS`` are settings that no SQL can
change, because they stand on the command line; ``AT_FIRST`` are only where a new data directory begins: change them
in its ``postgresql.conf`` or with ``ALTER SYSTEM``."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from safehands.store.embedded import watchdog
from safehands.store.embedded.binaries import MAJOR
from safehands.store.embedded.faults import ServerUnavailable
from safehands.store.embedded.places import PORT, Place, socket_file, sync_folder, write_privately

SUPERUSER = "postgres"

SCRAM_ROUNDS = 4096
"""PostgreSQL's own ``scram_iterations``; the password has 256 random bits, so more would add nothing."""

NEEDED_BYTES = 250_000_000
"""Free space below which no new database is begun: 40 MB for an empty one, the rest for its write-ahead log."""

START_SECONDS = 120.0
LEAVE_SECONDS = 10.0

PROCESSES = Path("/proc")

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # A statement, a parameter or the detail of an error can hold what a person told us, and a log cannot be erased.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
}
DURABLE = {"fsync": "on", "full_page_writes": "on"}
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
AT_FIRST = {
    "max_connections": "50",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "timezone": "UTC",
}


def check_version(place: Place) -> None:
    """ServerUnavailable if the data directory was made by another version of PostgreSQL."""
    try:
        version = (place.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise ServerUnavailable(
            f"{place.data} is not a PostgreSQL data directory. Move it away to begin with an empty database."
        ) from None
    if version != str(MAJOR):
        raise ServerUnavailable(
            f"The data in {place.data} was made by PostgreSQL {version}, and this version of Safehands runs {MAJOR}. "
            f"Nothing was changed. Start it with a PostgreSQL {version}, write it out with pg_dumpall, move the folder "
            "away, start Safehands again and read it in. Or use the version of Safehands that made it."
        )
    if not place.password_file.exists():
        raise ServerUnavailable(
            f"The database's password file {place.password_file} is missing. Put it back from a backup of the home."
        )


def create(place: Place, programs: Path) -> None:
    """Make the data directory: UTF-8, sorted by code point, SCRAM for everyone, a random superuser's password.

    It is made under another name and then renamed, so a run that was cut off leaves nothing that looks like data.
    """
    free = shutil.disk_usage(place.data.parent).free
    if free < NEEDED_BYTES:
        raise ServerUnavailable(
            f"The disk that holds {place.data.parent} is nearly full: {free // 1_000_000} MB are free, and a new "
            f"database needs {NEEDED_BYTES // 1_000_000} MB. Free some space and start again."
        )
    for left in place.data.parent.glob("postgres.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    partly = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=place.data.parent))
    if place.account.switch:
        os.chown(partly, place.account.uid, place.account.gid, follow_symlinks=False)
    password = secrets.token_urlsafe(32)
    write_privately(place.password_file, password)
    _initdb(place, programs, partly, scram_verifier(password, secrets.token_bytes(16)))
    partly.rename(place.data)
    sync_folder(place.data.parent)


def _initdb(place: Place, programs: Path, partly: Path, verifier: str) -> None:
    """Run ``initdb``. It gets the verifier, in memory: the server's user never sees the password."""
    uid, gid = place.account.ids or (None, None)
    descriptor = os.memfd_create("verifier")
    try:
        os.write(descriptor, verifier.encode() + b"\n")
        made = subprocess.run(
            [
                *(programs / "initdb", "-D", partly, "-U", SUPERUSER, "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                f"--pwfile=/proc/self/fd/{descriptor}",
                *(word for name, value in AT_FIRST.items() for word in ("-c", f"{name}={value}")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=(descriptor,),
            user=uid,
            group=gid,
            extra_groups=None if place.account.ids is None else (),
            cwd="/",
            env=watchdog.PLAIN_ENVIRONMENT,
            check=False,
        )
    finally:
        os.close(descriptor)
    if made.returncode != 0:
        shutil.rmtree(partly, ignore_errors=True)
        raise ServerUnavailable(f"The database could not be made in {place.data}: {reason(made.stdout)}")


def scram_verifier(password: str, salt: bytes) -> str:
    """What PostgreSQL stores of a password: RFC 5802 section 3 with SHA-256 (RFC 7677), in pg_authid's spelling.

    ``password`` must be ASCII, so that preparing it (SASLprep, RFC 4013) changes nothing.
    """
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    parts = (base64.b64encode(part).decode() for part in (salt, stored, hmac.digest(salted, b"Server Key", "sha256")))
    first, second, third = parts
    return f"SCRAM-SHA-256${SCRAM_ROUNDS}:{first}${second}:{third}"


def answers(place: Place, folder: Path) -> bool:
    """Whether a server of the right user takes connections on the socket and is done with starting."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5.0)
        try:
            line.connect(str(socket_file(folder)))
        except OSError:
            return False
        _, uid, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return uid == place.account.uid and watchdog.pid_file(place.cluster)[7:8] == ("ready",)


def settles(place: Place, folder: Path) -> bool:
    """Whether the server answers on the socket in ``folder``, waiting while it lives and is on its way up.

    It may be: after a crash of one of its processes, or when the program that started it was killed meanwhile.
    """
    until = time.monotonic() + START_SECONDS
    while not (ready := answers(place, folder)):
        starting = watchdog.pid_file(place.cluster)[7:8] == ("starting",) and watchdog.lives(place.cluster)
        if not starting or time.monotonic() > until:
            break
        time.sleep(watchdog.PAUSE_SECONDS)
    return ready


def clear(place: Place, before: Path | None) -> None:
    """Make way for a start. Call it, like ``start``, holding ``starting`` and sharing ``users``.

    What is left of a server that was killed is waited out, and a server that lives but can no longer be reached (its
    socket was removed) is stopped. ``before`` is the socket's folder of the last start: a server that still has its
    socket there, where we have none, is not ours to stop; we only see another ``/tmp``.
    """
    cluster = place.cluster
    if watchdog.lives(cluster) and not _leaves(place):
        process = watchdog.postmaster(cluster)
        if process is None:
            raise ServerUnavailable(
                f"Processes of a database server on {place.data} are still there and cannot be seen from here. If the "
                "home is shared with another container, use it from one only; otherwise end them and start again."
            )
        if before is not None and not socket_file(before).exists() and _sees(process, socket_file(before)):
            raise ServerUnavailable(
                f"The database server in {place.home} runs, but this program sees another {before.parent} and so "
                "cannot reach it. Start both in the same way (with systemd: without PrivateTmp)."
            )
        watchdog.stop(cluster)
    elif watchdog.postmaster(cluster) is not None:
        raise ServerUnavailable(f"Somebody has started a server on {place.data} by hand. Stop it first.")
    # A process that has the dead server's number by chance would keep PostgreSQL from starting.
    with suppress(FileNotFoundError):
        (place.data / "postmaster.pid").unlink()


def _sees(process: int, path: Path) -> bool:
    """Whether the path exists for another process, which may have other mounts; False if we may not know."""
    try:
        return (PROCESSES / str(process) / "root" / path.relative_to("/")).exists()
    except OSError:
        return False


def _leaves(place: Place) -> bool:
    """Wait a little for the rest of a dead server to go; False if a postmaster is there or something stays."""
    until = time.monotonic() + LEAVE_SECONDS
    while time.monotonic() < until and watchdog.postmaster(place.cluster) is None:
        if not watchdog.lives(place.cluster):
            return True
        time.sleep(watchdog.PAUSE_SECONDS)
    return False


def start(place: Place, programs: Path, folder: Path, *, durable: bool) -> None:
    """Start the server with its socket in ``folder`` and wait until it takes connections; ServerUnavailable if not."""
    cluster = place.cluster
    watchdog.trim_log(cluster.log)
    settings = {**ALWAYS, **(DURABLE if durable else NOT_DURABLE), "unix_socket_directories": str(folder)}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    log = os.open(cluster.log, flags, 0o600)
    begin = os.fstat(log).st_size
    alive = watchdog.wait_hold(cluster.folder / watchdog.ALIVE, alone=True, seconds=1.0)
    try:
        watchdog.detach(
            [programs / "postgres", "-D", place.data, *words], keep=[alive], output=log, account=place.account.ids
        )
    finally:
        os.close(alive)
        os.close(log)
    until = time.monotonic() + START_SECONDS
    while not answers(place, folder):
        # Asked in this order: a server may die just after it was seen alive, but one that is dead stays dead.
        if not watchdog.lives(cluster):
            said = cluster.log.read_bytes()[begin:].decode(errors="replace")
            raise ServerUnavailable(f"The database server did not start: {reason(said)} The whole log: {cluster.log}")
        if time.monotonic() > until:
            raise ServerUnavailable(
                f"The database server is still starting after {START_SECONDS:.0f} seconds. After a power cut it may "
                f"need longer: wait and try again. Its log: {cluster.log}"
            )
        time.sleep(watchdog.PAUSE_SECONDS)


def reason(said: str) -> str:
    """The sentence in what a program of PostgreSQL printed that tells why it gave up."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return "the disk is full. Free some space and start again; nothing is lost."
    telling = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
    return (telling or said.strip().splitlines() or ["it said nothing."])[-1].strip()
