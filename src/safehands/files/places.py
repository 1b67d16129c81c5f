"""Where digital files lie: a folder of their own, or a bucket that speaks S3, behind Django's storage interface.

The folder is not one that a web server hands out, and has no address: a file goes to a person only through a page that
has asked who they are.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from safehands.errors import BadInput

#: The name of the storage among Django's ``STORAGES``.
ALIAS: Final = "evidence"
_KNOWN: Final = frozenset({"endpoint", "region"})


def place_of(setting: str, home: Path) -> dict[str, Any]:
    """The entry of Django's ``STORAGES`` for the setting ``SAFEHANDS_FILES``.

    Nothing: the folder ``files`` in ``home``. An absolute path: that folder.
    ``s3://bucket/prefix?endpoint=…&region=…``: a bucket, through django-storages (the extra ``s3``); its keys come from
    where boto3 looks for them, never from the setting. Raises ``BadInput`` naming every fault.
    """
    if not setting.startswith("s3:"):
        folder = Path(setting) if setting else home / "files"
        if not folder.is_absolute():
            raise BadInput([f"SAFEHANDS_FILES is {setting!r}: write an absolute path, or s3://bucket/prefix."])
        options = {"location": str(folder), "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "safehands.files.folder.Folder", "OPTIONS": options}
    parts = urlsplit(setting)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    faults = [f"SAFEHANDS_FILES has {name!r}, which is not known" for name in sorted(asked.keys() - _KNOWN)]
    if not parts.hostname:
        faults.append("SAFEHANDS_FILES names no bucket: write s3://bucket/prefix")
    if parts.username or parts.password:
        faults.append("SAFEHANDS_FILES holds a key: give keys to boto3 by its own settings")
    if find_spec("storages") is None or find_spec("boto3") is None:
        faults.append("SAFEHANDS_FILES names a bucket: install safehands with the extra s3")
    if faults:
        raise BadInput(faults)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.hostname,
            "location": parts.path.strip("/"),
            "endpoint_url": asked.get("endpoint"),
            "region_name": asked.get("region"),
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
