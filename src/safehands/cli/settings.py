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
        "`server_url`, `client_id`, `secret_file`, `agency` "
        "(whose seats it opens), and if need be `subject` (the claim that names a person, `sub`) and "
        "`scope`. Default: none."
    ),
    "SAFEHANDS_SECOND_FACTOR": (
        "The desk: `no` lets people in with a password alone. Default: `yes`, a passkey or an "
        "authenticator app besides."
    ),
    "SAFEHANDS_SESSION_IDLE_MINUTES": "The desk: minutes without use after which a session ends. Default: 60.",
    "SAFEHANDS_SESSION_HOURS": "The desk: hours after which a session ends in any case, up to 24. Default: 12.",
    "SAFEHANDS_SENDER": (
        "The desk: a JSON file with the roads of messages to persons: `email` (`host`, `port`, `sender`, `user`, "
        "`password_file`) and `sms` (`url`, `token_file`). Default: none leaves; they go into "
        "`outgoing.jsonl` of the home."
    ),
    "SAFEHANDS_FILES": (
        "The desk: where digital files lie, an absolute path or `s3://bucket/prefix?endpoint=…&region=…` (with the "
        "extra `s3`). Default: `files` in the home."
    ),
    "SAFEHANDS_SCANNER": (
        "The desk: what scans digital files for malware, `clamd:/path/of/its/socket` or `clamd:host:port`. Default: "
        "nothing, and pages say “not scanned”."
    ),
    "SAFEHANDS_LARGEST_FILE_MB": "The desk: the largest digital file that is taken in, in megabytes. Default: 20000.",
    "SAFEHANDS_DATA": "Tests only: a folder with real data that may not be packaged. Without it some are not run.",
}
