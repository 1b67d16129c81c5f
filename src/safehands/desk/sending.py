"""How a message leaves for somebody outside: the port, and what stands behind it.

Without a setting nothing leaves: messages are written into a file of the home, and pages say so. ``SAFEHANDS_SENDER``
names a JSON file that says by which server e-mail goes (SMTP with STARTTLS) and to which gateway text messages go (one
POST with a bearer token). Neither is ever called inside a transaction of the ledger.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from safehands.errors import BadInput

#: The file in a home into which messages go that nothing else sends.
OUTGOING: Final = "outgoing.jsonl"
TIMEOUT: Final = 10.0


class NotSent(Exception):
    """The message did not leave. Try again; nothing was lost."""


class Sender(Protocol):
    """Sends one message by one route. Raises ``NotSent``."""

    def send(self, channel: str, to: str, subject: str, words: str) -> None: ...


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SMTP server. ``password_file`` is empty where it asks for none."""

    host: str
    sender: str
    port: int = 587
    user: str = ""
    password_file: str = ""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gateway for text messages: a POST of ``{"to", "text"}`` with ``Authorization: Bearer``."""

    url: str
    token_file: str


class Roads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file behind ``SAFEHANDS_SENDER`` says. A road that is missing cannot be chosen."""

    email: Mail | None = None
    sms: Texts | None = None


@dataclass(frozen=True, slots=True)
class IntoFile:
    """Nothing leaves: one line of JSON for each message, readable by whoever runs the installation only."""

    path: Path

    def send(self, channel: str, to: str, subject: str, words: str) -> None:
        """Append the message."""
        line = json.dumps({"channel": channel, "to": to, "subject": subject, "words": words}, ensure_ascii=False)
        opened = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")


@dataclass(frozen=True, slots=True)
class ByRoads:
    """E-mail and text messages, each by its road."""

    roads: Roads

    def send(self, channel: str, to: str, subject: str, words: str) -> None:
        """By the road of ``channel``."""
        try:
            if channel == "email" and self.roads.email is not None:
                _mail(self.roads.email, to, subject, words)
            elif channel == "sms" and self.roads.sms is not None:
                _text(self.roads.sms, to, words)
            else:
                raise NotSent(f"There is no road for {channel}.")
        except (OSError, smtplib.SMTPException) as fault:
            # What the other side said may repeat the address, so only its kind goes on.
            raise NotSent(f"The {channel} road failed: {type(fault).__name__}") from None


def _mail(mail: Mail, to: str, subject: str, words: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, subject
    message.set_content(words)
    with smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT) as server:
        server.starttls(context=ssl.create_default_context())
        if mail.user:
            server.login(mail.user, Path(mail.password_file).read_text("utf-8").strip())
        server.send_message(message)


def _text(texts: Texts, to: str, words: str) -> None:
    token = Path(texts.token_file).read_text("utf-8").strip()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    sent = json.dumps({"to": to, "text": words}).encode()
    request = urllib.request.Request(texts.url, sent, headers, method="POST")  # noqa: S310 - https, see ``roads_of``
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - the same request, whose address ``roads_of`` has checked
        answer.read(1)


def roads_of(path: Path) -> Roads:
    """The roads that a file names. Raises ``BadInput``."""
    try:
        roads = msgspec.json.decode(path.read_bytes(), type=Roads)
    except (OSError, msgspec.MsgspecError) as fault:
        told = _("SAFEHANDS_SENDER names %(path)s, which cannot be read: %(fault)s") % {"path": path, "fault": fault}
        raise BadInput([told]) from None
    if roads.sms is not None:
        parts = urlsplit(roads.sms.url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise BadInput([_("The gateway for text messages is reached without TLS. Its url begins with https://.")])
    return roads


def sender() -> Sender:
    """What this installation sends by."""
    return _sender(settings.DESK_SENDER, settings.DESK_HOME)


def only_into_file() -> bool:
    """Whether nothing leaves."""
    return not settings.DESK_SENDER


@lru_cache(maxsize=4)
def _sender(named: str, home: str) -> Sender:
    return ByRoads(roads_of(Path(named))) if named else IntoFile(Path(home) / OUTGOING)
