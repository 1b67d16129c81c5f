"""``python -m safehands.site.first``: an agency's first administrator. ``safehands administrator`` runs this.

Whoever may run programs in the installation's home may do this; it is written into the agency's administration log
under their account. The code that is shown sets the password; nobody else ever knows it.
"""

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
from safehands.site.settings import address_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Name an administrator and show their code. The exit code: 0, or 2 with every fault said."""
    parser = argparse.ArgumentParser("safehands administrator")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--agency", required=True)
    parser.add_argument("--name", default="")
    parser.add_argument("--account", required=True)
    given = parser.parse_args(arguments)
    home = given.home if given.home is not None else homes.home_of()
    try:
        configuration = read(home, os.environ)
        with opened(configuration):
            from safehands.desk.administering import first_administrator

            code = first_administrator(homes.operator(), given.agency, given.name, given.account)
    except SafehandsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(
        f"{given.account} looks after the people and desks of {given.agency}. Give them this code yourself:\n\n"
        f"    {code}\n\n"
        f"It works once, within three days. With it they set their password at {address_of(configuration)}/first/ .\n"
        "Then they sign in, add a passkey or an authenticator app, and give everybody else a seat under "
        "Administration.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
