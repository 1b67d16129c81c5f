"""Who the server runs as and where its things lie.

::

    SAFEHANDS_HOME/
      postgres/                 the data directory, 0700, the server's user's
      server/                   0700, ours; the server's user cannot look in when we are root
        superuser-password      0600, the only copy
        elsewhere.json          the pointer, if the data directory had to lie elsewhere
        run.json                the socket's folder and whether this run is durable
        postgres.log            and postgres.log.1, bounded
        *.lock                  see ``watchdog``
    /tmp/sh-XXXXXXXX/           0700, the server's user's: the socket (a path may have 107 bytes, so not in the home)
    /var/lib/safehands/         root only: data directories that a home could not hold, copies of programs

PostgreSQL refuses to run as root. When we are root it runs as an existing user without privileges (``ACCOUNTS``) and
the data directory must lie where that user can go. We never create a user and never open a folder that we did not make;
a home below /root keeps a pointer to ``/var/lib/safehands`` instead.

A home that root made can be passed through, so whatever else root puts into it must be closed itself, as the vault's
folder ``keys`` is.

A map: ``Account``, ``account``; ``Place``, ``open_home``, ``place``; ``socket_folder``; ``write_privately``, ``read``.
"""

from __future__ import annotations

import errno
import json
import os
import pwd
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safehands.store.embedded.faults import USE_A_REAL_SERVER, ServerUnavailable
from safehands.store.embedded.watchdog import RUN, Cluster

ACCOUNTS = ("safehands", "postgres", "nobody")
"""Users that the server may run as when we are root; the first that exists. ``safehands`` is for you to make."""

PUBLIC = Path("/var/lib/safehands")
SOCKETS = Path("/tmp")  # noqa: S108 - a folder of our own is made in it, with a random name
SOCKET_PATH_BYTES = 107
"""A Unix socket's path may have 107 bytes and a zero (sockaddr_un in unix(7))."""

PORT = 5432
"""Only names the socket's file: the server listens on no port."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system. ``switch``: we are root and must become this user to run the server."""

    uid: int
    gid: int
    name: str
    switch: bool

    @property
    def ids(self) -> tuple[int, int] | None:
        """What to switch to, None if we are this user already."""
        return (self.uid, self.gid) if self.switch else None


@dataclass(frozen=True, slots=True)
class Place:
    """A home, made ready: everything that starting and stopping its server needs to know."""

    home: Path
    data: Path
    account: Account

    @property
    def folder(self) -> Path:
        return self.home / "server"

    @property
    def cluster(self) -> Cluster:
        return Cluster(folder=self.folder, data=self.data, uid=self.account.uid)

    @property
    def password_file(self) -> Path:
        return self.folder / "superuser-password"

    @property
    def run_file(self) -> Path:
        return self.folder / RUN


def open_home(home: Path) -> Path:
    """Make the home and its folder ``server`` if they are missing and give the home's real path.

    A home that we make as root may be passed through (0711) but not listed by others, so that the server's user reaches
    its own folder; otherwise it is 0700. An existing home keeps its mode. ServerUnavailable if it is another user's or
    others may write in it.
    """
    if any(character in str(home) for character in "\n\r\0"):
        raise ServerUnavailable("The path of SAFEHANDS_HOME holds a line break. Choose another path.")
    if not home.exists():
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    home = home.resolve(strict=True)
    _check_ours(home)
    folder = home / "server"
    folder.mkdir(mode=0o700, exist_ok=True)
    _check_ours(folder)
    folder.chmod(0o700)
    return home


def _check_ours(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder))
    if found.st_uid != os.geteuid():
        raise ServerUnavailable(
            f"{folder} belongs to the user {user_name(found.st_uid)}, and this program runs as "
            f"{user_name(os.geteuid())}. Run it as {user_name(found.st_uid)}, or choose another SAFEHANDS_HOME."
        )
    if found.st_mode & 0o022:
        raise ServerUnavailable(f"Other users can change what lies in {folder}. Run: chmod go-w '{folder}'")


def user_name(uid: int) -> str:
    """The name of a user, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def account(owner: int | None = None) -> Account:
    """As whom the server runs: ourselves, or when we are root ``owner`` (of existing data), or the first of ACCOUNTS.

    ServerUnavailable if that user is unknown to the system, which PostgreSQL does not bear, or none is there.
    """
    ours = os.geteuid()
    if ours != 0 or owner:
        uid = ours if ours != 0 else owner
        try:
            entry = pwd.getpwuid(uid or 0)
        except KeyError:
            raise ServerUnavailable(
                f"The user number {uid} has no name on this machine (no line in /etc/passwd), and PostgreSQL does not "
                f"run without one. Run as a user with a name. {USE_A_REAL_SERVER}"
            ) from None
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, switch=ours == 0)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, switch=True)
    raise ServerUnavailable(
        "The database server must not run as root, and none of the users "
        f"{', '.join(ACCOUNTS)} exists to run it as. Run as an ordinary user, or make one of them. {USE_A_REAL_SERVER}"
    )


def place(home: Path) -> Place:
    """Where the data directory of an opened home lies, or will lie. Call it holding ``starting``."""
    pointer, data = home / "server" / "elsewhere.json", home / "postgres"
    if pointer.exists():
        data = _pointed(home, pointer)
    if data.exists():
        return _existing(home, data)
    if (pointer.exists() and not data.parent.exists()) or (home / "server" / RUN).exists():
        raise ServerUnavailable(
            f"The database of this home should lie in {data} and is not there. Is a disk missing? Put it back. If you "
            f"removed it on purpose, remove {home / 'server'} too; an empty database is then made."
        )
    runner = account()
    if runner.switch and not pointer.exists() and not reaches(runner, home):
        data = Path(tempfile.mkdtemp(prefix="home-", dir=public_folder())) / "postgres"
        data.parent.chmod(0o711)
        write_privately(pointer, json.dumps({"home": str(home), "data": str(data)}))
    return Place(home, data, runner)


def _pointed(home: Path, pointer: Path) -> Path:
    target = read(pointer)
    if target.get("home") != str(home):
        raise ServerUnavailable(
            f"The data of this home lies in {target.get('data')} and belongs to the home {target.get('home')}, not to "
            f"{home}. If you moved the home, put its new path into {pointer}. If you copied it, remove that file; the "
            "copy then starts with an empty database."
        )
    return Path(str(target.get("data")))


def _existing(home: Path, data: Path) -> Place:
    found = data.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(data))
    runner = account(found.st_uid)
    if found.st_uid != runner.uid:
        raise ServerUnavailable(
            f"The data directory {data} belongs to the user {user_name(found.st_uid)}, and the server would run as "
            f"{runner.name}. Run as the user who made it."
        )
    if not reaches(runner, data.parent):
        raise ServerUnavailable(
            f"The user {runner.name}, as whom the database server runs, can no longer reach {data}. Let it pass "
            "through the folders above again (chmod o+x on the one that was closed)."
        )
    return Place(home, data, runner)


def reaches(runner: Account, folder: Path) -> bool:
    """Whether the modes of a real path's folders let the user pass down into it (access lists are not looked at)."""
    for step in (folder, *folder.parents):
        found = step.stat()
        if found.st_uid == runner.uid:
            allowed = found.st_mode & stat.S_IXUSR
        elif found.st_gid == runner.gid:
            allowed = found.st_mode & stat.S_IXGRP
        else:
            allowed = found.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def public_folder() -> Path:
    """``/var/lib/safehands``, made if missing: root's, and passable by the server's user."""
    if not PUBLIC.exists():
        PUBLIC.mkdir(mode=0o700, parents=True, exist_ok=True)
        PUBLIC.chmod(0o711)  # Whatever the umask: it is ours, and holds nothing that is not closed itself.
    _check_ours(PUBLIC)
    return PUBLIC


def socket_folder(runner: Account, before: Path | None) -> Path:
    """A folder for the socket, 0700 and the server's user's: the one used ``before`` if it is sound, or a new one.

    It is used again so that programs which hold a connection string can connect again after a crash. A new one has a
    random name and is made in one step, so a folder or link that somebody has put there first is neither used nor
    touched. Not below XDG_RUNTIME_DIR: that goes when its user logs out, the server may not.
    """
    if before is not None and before.parent == SOCKETS and _emptied(before, runner):
        return before
    folder = Path(tempfile.mkdtemp(prefix="sh-", dir=SOCKETS))
    if runner.switch:
        os.chown(folder, runner.uid, runner.gid, follow_symlinks=False)
    if len(os.fsencode(socket_file(folder))) > SOCKET_PATH_BYTES:
        folder.rmdir()
        raise ServerUnavailable(f"The path {socket_file(folder)} is too long for a socket. {USE_A_REAL_SERVER}")
    return folder


def _emptied(folder: Path, runner: Account) -> bool:
    """Whether the folder is sound, and if so clear away what a killed server left in it.

    Its lock file names a process by number, and a number that is in use again would keep the next server from starting.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        found = os.fstat(descriptor)
        if found.st_uid != runner.uid or stat.S_IMODE(found.st_mode) != 0o700:
            return False
        for name in (socket_file(folder).name, f"{socket_file(folder).name}.lock"):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=descriptor)
        return True
    finally:
        os.close(descriptor)


def socket_file(folder: Path) -> Path:
    """The socket itself, as PostgreSQL names it."""
    return folder / f".s.PGSQL.{PORT}"


def write_privately(path: Path, text: str) -> None:
    """Write a file with mode 0600 so that it is wholly there or not at all, even after a power cut."""
    partly = path.with_name(f"{path.name}.new")
    partly.unlink(missing_ok=True)
    with open(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partly.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> dict[str, object]:
    """The object in a small JSON file of ours; empty if there is none. ServerUnavailable if it is not one."""
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ServerUnavailable(f"{path} is damaged. Put it back from a backup; it is a small JSON object.")
    return found
