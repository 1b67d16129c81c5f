"""A folder on this machine as a storage that hands out no addresses."""

from __future__ import annotations

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """Django's folder, without ``url``: a file goes to a person only through a page that has asked who they are."""

    def url(self, name: str | None) -> str:
        """Raises ``ValueError``, as a storage without addresses does."""
        raise ValueError(f"{name} has no address; it is handed out by a page that knows who asks.")
