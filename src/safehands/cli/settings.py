"""Every environment variable that Safehands reads, with its sentence. The reference page is made from this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SETTINGS: Final[Mapping[str, str]] = {
    "SAFEHANDS_HOME": (
        "The folder of the installation: keys, the embedded database, the ledger's public key. Default: "
        "`.safehands` in the current directory."
    ),
    "DATABASE_URL": (
        "A PostgreSQL server (15 or newer), as `postgresql://user:password@host:5432/database`. Its user must be able "
        "to create roles and a schema. Without it the embedded server is used. The demonstration never uses it."
    ),
    "SAFEHANDS_DATA": "Tests only: a folder with real data that may not be packaged. Without it some are not run.",
}
