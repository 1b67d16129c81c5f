"""Make the environment ``.venv`` from nothing but a Python, or compile the locks. Standard library only.

    python3 scripts/bootstrap.py demo|test|bench     install what that lock holds, and the project itself
    python3 scripts/bootstrap.py lock                compile requirements/*.lock from pyproject.toml

The order: a virtual environment, pip into it, uv through pip, everything else through uv. Each download is checked
against a hash in ``requirements/``; no lock holds an address. Where packages come from is the machine's business:
whatever its pip is told to ask (files, ``PIP_*`` variables), uv is told too, since uv does not read pip's settings.
Nothing is written outside the tree: a user without a home folder can do it, and so can two users one after the other.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV = ENVIRONMENT / "bin" / "uv"
OLDEST = (3, 11)
LOCKS: Mapping[str, tuple[str, ...]] = {"demo": (), "test": ("test",), "bench": ("bench",)}
"""Each environment, smallest first, and the dependency groups that it adds to the project and its build backend."""

WHAT_TO_INSTALL = (
    "This Python can make no environment: install Debian's python3-venv "
    "(as root: apt-get install python3-venv), then run make again."
)


class CannotGoOn(Exception):
    """A sentence for the person at the keyboard: what is missing and what to do. Running make again is always safe."""


def run(*command: str | Path, **environment: str) -> None:
    """Run ``command`` with ``environment`` added to ours. Raises ``CannotGoOn`` if it fails (it has said why)."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=os.environ | environment, check=False)
    if done.returncode:
        raise CannotGoOn(f"This step failed, see above: {' '.join(map(str, command))}")


def answers(*command: str | Path) -> str | None:
    """What ``command`` prints, or ``None`` where it fails or does not exist."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def pip_command() -> Sequence[str | Path]:
    """A pip that installs into ``.venv``: Python's own, else the machine's, else Debian's package, fetched as root."""
    if answers(PYTHON, "-m", "pip", "--version"):
        return (PYTHON, "-m", "pip")
    if importlib.util.find_spec("ensurepip") is None:
        if importlib.util.find_spec("pip") is not None:
            return (sys.executable, "-m", "pip", "--python", PYTHON)
        install_python3_venv()
    if answers(PYTHON, "-m", "ensurepip", "--default-pip") is None:
        raise CannotGoOn(WHAT_TO_INSTALL)
    return (PYTHON, "-m", "pip")


def install_python3_venv() -> None:
    """Debian splits ensurepip from Python: as root, install the package that holds it; otherwise say so."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotGoOn(WHAT_TO_INSTALL)
    print("This Debian has no python3-venv yet: installing it.", flush=True)
    run("apt-get", "update", "-q")
    run("apt-get", "install", "-qy", "--no-install-recommends", "python3-venv", DEBIAN_FRONTEND="noninteractive")
    if answers(sys.executable, "-c", "import ensurepip") is None:  # a Python that did not come from Debian
        raise CannotGoOn(f"python3-venv is installed, but {sys.executable} is another Python and has no ensurepip.")


def pip_settings(listing: str) -> dict[str, str]:
    """What ``pip config list`` prints, as name → value. Of two the later section wins, as it does in pip."""
    settings: dict[str, str] = {}
    for wanted in ("global", "install", ":env:"):
        for line in listing.splitlines():
            key, _, value = line.partition("=")
            section, _, name = key.partition(".")
            if section == wanted and value:
                settings[name.replace("_", "-")] = str(ast.literal_eval(value))
    return settings


def reachable(place: str) -> bool:
    """Whether pip would look there: an address, or a local folder that we can enter (uv stops at one we cannot)."""
    parts = urlsplit(place)
    try:
        return parts.scheme not in ("", "file") or Path(parts.path).exists()
    except PermissionError:
        return False


def uv_environment(pip: Mapping[str, str]) -> dict[str, str]:
    """The ``UV_*`` variables that make uv ask where pip would. Several indexes count as one, as they do for pip: the
    hashes say what may come from them."""
    environment = {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_CACHE_DIR": str(ENVIRONMENT / "uv-cache"),
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_SYSTEM_CERTS": "true",
    }
    if index := pip.get("index-url"):
        environment["UV_DEFAULT_INDEX"] = index
    if extra := [place for place in pip.get("extra-index-url", "").split() if reachable(place)]:
        environment["UV_INDEX"] = " ".join(extra)
    if links := [place for place in pip.get("find-links", "").split() if reachable(place)]:
        environment["UV_FIND_LINKS"] = ",".join(links)
    if hosts := pip.get("trusted-host", "").split():
        environment["UV_INSECURE_HOST"] = " ".join(hosts)
    for name, variable in (("cert", "SSL_CERT_FILE"), ("client-cert", "SSL_CLIENT_CERT"), ("proxy", "ALL_PROXY")):
        if value := pip.get(name):
            environment[variable] = value
    if seconds := pip.get("timeout", pip.get("default-timeout")):
        environment["UV_HTTP_TIMEOUT"] = seconds
    # What the person set for uv themselves stands.
    return {name: os.environ.get(name) or value for name, value in environment.items()}


def make_environment() -> dict[str, str]:
    """``.venv`` with the uv that ``requirements/uv.lock`` names. Returns the variables that uv is to run with."""
    if answers(PYTHON, "-c", "") is None:
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT)
    pip = pip_command()
    lock = REQUIREMENTS / "uv.lock"
    wanted = next(line.split()[0].partition("==")[2] for line in lock.read_text().splitlines() if line[:4] == "uv==")
    if wanted not in (answers(UV, "--version") or "").split():
        run(*pip, "install", "-qq", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
            "--require-hashes", "--requirement", lock)  # fmt: skip
    return uv_environment(pip_settings(answers(*pip, "config", "list") or ""))


def install(name: str) -> None:
    """Install the lock ``name`` and, editable, the project; mark that environment and the smaller ones as ready."""
    uv = make_environment()
    # Wheels only: building somebody's source would fetch build tools that no lock names.
    run(UV, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "--only-binary", ":all:",
        "--requirement", REQUIREMENTS / f"{name}.lock", **uv)  # fmt: skip
    run(UV, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--offline",
        "--editable", ROOT, **uv)  # fmt: skip
    for ready in list(LOCKS)[: list(LOCKS).index(name) + 1]:
        (ENVIRONMENT / f"{ready}.ready").touch()
    print(f"The {name} environment is ready in {ENVIRONMENT.name}.")


def lock() -> None:
    """Compile every lock afresh. Only the default index is asked: a hash from a local folder would bind nobody else."""
    uv = make_environment()
    for name in ("UV_INDEX", "UV_FIND_LINKS"):
        uv.pop(name, None)
    compile_lock = (UV, "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version",
                    ".".join(map(str, OLDEST)), "--generate-hashes", "--no-emit-index-url",
                    "--custom-compile-command", "make lock")  # fmt: skip
    run(*compile_lock, "--group", "uv", "--output-file", "requirements/uv.lock", **uv)
    smaller: tuple[str, ...] = ()
    for name, groups in LOCKS.items():
        chosen = [part for group in ("build", *groups) for part in ("--group", group)]
        target = f"requirements/{name}.lock"
        run(*compile_lock, "pyproject.toml", *chosen, *smaller, "--output-file", target, **uv)
        smaller = ("--constraint", target)


def main(arguments: Sequence[str]) -> int:
    """Do what the one argument names. Exit code 0, 1 (cannot go on) or 2 (not understood)."""
    if len(arguments) != 1 or arguments[0] not in (*LOCKS, "lock"):
        print(f"Say one of: {', '.join((*LOCKS, 'lock'))}.", file=sys.stderr)
        return 2
    if sys.version_info[:2] < OLDEST:
        print(f"Safehands needs Python 3.11 or newer; {sys.executable} is older.", file=sys.stderr)
        return 1
    try:
        if arguments[0] == "lock":
            lock()
        else:
            install(arguments[0])
    except CannotGoOn as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
