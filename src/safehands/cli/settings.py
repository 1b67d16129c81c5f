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
    "SAFEHANDS_HOSTS": (
        "The desk: the host names by which people reach it, with spaces between. Default: `localhost`. Any other name "
        "needs TLS."
    ),
    "SAFEHANDS_TLS": (
        "The desk: `yes` where people reach it by HTTPS, through a server on this machine that ends TLS and says so in "
        "`X-Forwarded-Proto`. Cookies are then marked secure and HSTS is on. Default: `no`."
    ),
    "SAFEHANDS_OIDC": (
        "The desk: a JSON file with the identity providers of agencies, a list of objects with `id`, `name`, "
        "`server_url`, `client_id`, `secret_file`. Default: none."
    ),
    "SAFEHANDS_DATA": "Tests only: a folder with real data that may not be packaged. Without it some are not run.",
}
