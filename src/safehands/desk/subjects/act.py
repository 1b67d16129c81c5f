"""One act: the address it is sent to, how its form becomes a command, and what is said when it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from safehands.core.commands import Command
from safehands.desk.forms import Choice, Field, Kind
from safehands.desk.scene import Scene
from safehands.store.ports import Token

#: What a page says: text, or text that is translated when it is shown.
Sentence = str | Promise

Build = Callable[[QueryDict, Scene], Command]


@dataclass(frozen=True, slots=True)
class Act:
    """``name`` is its address, ``section`` the page of the case that it belongs to.

    ``commands`` are the classes of command that it can become. ``done`` is said afterwards. ``needs_fresh`` asks the
    person to show again who they are. ``tokens`` gives what other cases are found by, where the form names a person or
    a place. ``by_auditors`` lets auditors do it in any case, with or without a part in it.
    """

    name: str
    section: str
    commands: tuple[type, ...]
    build: Build
    done: Sentence
    needs_fresh: bool = False
    tokens: Callable[[QueryDict], tuple[Token, ...]] | None = None
    by_auditors: bool = False


#: The label of the field that every reason stands in.
BECAUSE = gettext_lazy("Because")


def when(label: str) -> Field:
    """The field for a claimed time: what happened earlier than it is written down has two times."""
    return Field("happened_at", label, Kind.INSTANT)


def yes_or_no(yes: str, no: str) -> tuple[Choice, ...]:
    """Two choices, the careful one first."""
    return (Choice("yes", yes), Choice("no", no))
