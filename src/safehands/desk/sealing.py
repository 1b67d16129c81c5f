"""Short secrets of the desk (second factors, the route that somebody called safe), encrypted under a key that lies in
the home and not in the database: whoever has only a dump has none of them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from safehands.errors import NotFound


def sealed(words: str) -> str:
    """``words``, encrypted and authenticated (AES-128-CBC with HMAC-SHA-256, as Fernet says)."""
    return _box(settings.SECRET_KEY).encrypt(words.encode()).decode()


def opened(box: str) -> str:
    """What was sealed. Raises ``NotFound`` where it was sealed under another key or changed."""
    try:
        return _box(settings.SECRET_KEY).decrypt(box.encode()).decode()
    except InvalidToken:
        raise NotFound(_("This was sealed under a key that is gone. Set it up again.")) from None


def mark(purpose: str, words: str) -> str:
    """A keyed mark of ``words``, 64 hex digits: the same words give the same mark, and nobody without the key finds
    them by trying."""
    keyed = HMAC(_key(settings.SECRET_KEY, purpose), SHA256())
    keyed.update(words.encode())
    return keyed.finalize().hex()


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_key(secret, "seal")))


def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"safehands desk {purpose}".encode()).derive(secret.encode())
