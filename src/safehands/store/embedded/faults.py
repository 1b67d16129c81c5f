"""The one error of this package, and how the operating system's errors become plain sentences.

``ServerUnavailable`` is what a person reads; ``in_plain_words`` turns an OSError inside a block into it.
"""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safehands.errors import SafehandsError

USE_A_REAL_SERVER = "Or set DATABASE_URL to a PostgreSQL server (15 or newer)."


class ServerUnavailable(SafehandsError):
    """There is no database server to work with. Says why and what to do next; nothing was changed."""


@contextmanager
def in_plain_words(home: Path) -> Iterator[None]:
    """Turn errors of the operating system, while a server under ``home`` is prepared, into ServerUnavailable."""
    try:
        yield
    except TimeoutError as late:
        raise ServerUnavailable(f"The database server in {home} is busy: {late}. Try again in a minute.") from late
    except OSError as fault:
        raise ServerUnavailable(f"{sentence(home, fault)} {USE_A_REAL_SERVER}") from fault
    except subprocess.SubprocessError as fault:
        raise ServerUnavailable(f"A program of the database server could not be run: {fault}.") from fault


def sentence(home: Path, fault: OSError) -> str:
    """What happened and what to do next, for an OSError met while preparing ``home``."""
    where = fault.filename or home
    match fault.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk that holds {where} is full. Free some space and start again; nothing is lost."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{where} cannot be written or opened. Choose another SAFEHANDS_HOME, or give yourself access."
        case errno.EEXIST | errno.ENOTDIR | errno.ELOOP:
            return f"{where} is in the way: it is not the plain file or folder it should be. Move it and start again."
        case _:
            return f"The database server in {home} could not be prepared: {fault}."
