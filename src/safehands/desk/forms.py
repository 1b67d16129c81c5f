"""A form as a value: what a page asks for before it sends a command. Templates render it and know nothing of the
command.

A form that was refused comes back with everything that was written in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.http import QueryDict
from django.utils.text import slugify

#: The field of every form that says which form it was, so that a refusal opens it again.
WHICH = "form"
#: The field that says which version of the case was on the screen.
SEEN = "seen"


class Kind(StrEnum):
    """What a field looks like."""

    TEXT = "text"
    AREA = "area"
    CHOICE = "choice"
    MANY = "many"
    INSTANT = "instant"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. ``chosen`` are the values that stand in it: one, or several where several are chosen."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    choices: tuple[Choice, ...] = ()
    chosen: tuple[str, ...] = ()
    hint: str = ""

    @property
    def value(self) -> str:
        """What stands in it, where that is one thing."""
        return self.chosen[0] if self.chosen else ""


@dataclass(frozen=True, slots=True)
class Button:
    """A way to send the form. ``act`` tells several ways apart; ``grave`` marks what cannot be taken back lightly."""

    label: str
    act: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked before the act ``act`` (the name of its address). ``about`` tells several forms of one act
    apart.

    ``address`` is where it is sent, where that is not an act in the case on the page; ``template`` is
    what renders it.
    """

    act: str
    title: str
    buttons: tuple[Button, ...]
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    says: str = ""
    address: str = ""
    template: str = "desk/parts/form.html"

    @property
    def carries_file(self) -> bool:
        """Whether a file goes with it."""
        return any(each.kind is Kind.FILE for each in self.fields)

    @property
    def key(self) -> str:
        """The form's id on the page."""
        return slugify(f"{self.act} {self.about}")

    def field_id(self, asked: Field) -> str:
        """The id of one of its fields on the page."""
        return f"{self.key}-{slugify(asked.name)}"

    @property
    def asked(self) -> tuple[tuple[Field, str], ...]:
        """Every field with its id."""
        return tuple((each, self.field_id(each)) for each in self.fields)

    def refilled(self, posted: QueryDict) -> Form:
        """The same form with what was written in it."""
        return replace(self, fields=tuple(replace(each, chosen=_written(each, posted)) for each in self.fields))


def _written(asked: Field, posted: QueryDict) -> tuple[str, ...]:
    if asked.name not in posted:
        return () if asked.kind is Kind.MANY else asked.chosen
    return tuple(posted.getlist(asked.name)) if asked.kind is Kind.MANY else (str(posted[asked.name]),)


def choices(pairs: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices from values and labels."""
    return tuple(Choice(value, label) for value, label in pairs.items())


def plain(code: str) -> str:
    """A code as words: ``person_seen`` as ``person seen``."""
    return code.replace("_", " ")
