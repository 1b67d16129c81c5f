"""``python -m safehands.site``: open the installation and serve its desk. ``safehands serve`` runs this."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from safehands.cli import home as homes
from safehands.errors import SafehandsError
from safehands.site.configuration import read
from safehands.site.installation import opened
from safehands.site.serving import listening, ticking


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C. The exit code: 0, or 2 where the installation could not be opened."""
    given = _parsed(arguments)
    home = given.home if given.home is not None else homes.home_of()
    try:
        configuration = read(home, os.environ, port=given.port, demo=given.demo)
        if given.demo:
            from safehands.site.demonstration import demonstrate

            return demonstrate(configuration, given.speed, check=given.check)
        with opened(configuration) as service, ticking(service), listening(configuration) as (server, port):
            sys.stderr.write(f"The desk is at http://{configuration.hosts[0]}:{port}/ . Ctrl-C stops it.\n")
            server.run()
    except SafehandsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Everything that was started is stopped as well.\n")
    return 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("safehands serve")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
