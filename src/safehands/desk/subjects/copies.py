"""Copies: what they are on, where they are, what happened to them, whether they play."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import text
from safehands.desk.forms import Choice, Field, Form, Kind
from safehands.desk.parsing import instant
from safehands.desk.subjects.act import when
from safehands.desk.subjects.shelf import Entering, Shelf, code, copy_choices, coverage, entry_form, id_from


def copy_fields(n: str = "") -> Iterator[Field]:
    """A copy that is no file in this system: files are uploaded, and hashed as they come."""
    named = _("Copy %(n)s: ") % {"n": n} if n else ""
    media = tuple(Choice(key.value, str(label)) for key, label in w.MEDIA.items() if key is not v.Medium.FILE)
    none = (Choice("", _("No such copy")),) if n else ()
    yield Field(f"medium{n}", named + _("what it is on"), Kind.CHOICE, (*none, *media))
    yield Field(f"role{n}", named + _("what it is for"), Kind.CHOICE, w.choices_of(w.ROLES))
    yield Field(f"seal{n}", named + _("seal"))
    yield Field(f"label{n}", named + _("what its label says"))
    yield Field(f"location{n}", named + _("where it is kept"))


def copy_in(form: QueryDict, shelf: Shelf, record: str, n: str = "") -> r.RegisterCopy:
    """The copy in a form; ``n`` tells several apart."""
    size = text(form, f"size{n}")
    return r.RegisterCopy(
        id_from(form, f"copy {n}"),
        record,
        code(form, f"role{n}", v.CopyRole, _("what the copy is for")),
        code(form, f"medium{n}", v.Medium, _("what the copy is on")),
        sha256=text(form, f"sha256{n}").lower() or None,
        size=int(size) if size.isdecimal() else None,
        seal=text(form, f"seal{n}"),
        label=text(form, f"label{n}"),
        held_by=shelf.seat.agency,
        location=text(form, f"location{n}"),
    )


def copy_forms(shelf: Shelf) -> Iterator[Form]:
    """What can be entered about copies."""
    extra = (
        Field("sha256", _("If it is a file in another system: its SHA-256")),
        Field("size", _("and its size in octets"), Kind.NUMBER),
    )
    yield entry_form("register_copy", _("Add a copy"), _("Add it"), (*copy_fields(), *extra), shelf)
    whole = (Choice("", _("The record as a whole")),)
    yield entry_form(
        "assert_holding",
        _("Say where it is"),
        _("Write it down"),
        (
            Field("copy", _("Of what you speak"), Kind.CHOICE, whole + copy_choices(shelf)),
            Field("status", _("It is"), Kind.CHOICE, w.choices_of(w.HOLDINGS)),
            Field("how", _("How you know"), Kind.CHOICE, w.choices_of(w.HOW_KNOWN)),
            Field("location", _("Where")),
            Field("authority", _("If destroyed: on whose authority")),
            Field("method", _("If destroyed: how")),
            Field("note", _("Note")),
            when(_("Since when, if not from now")),
        ),
        shelf,
        _("Unknown, not searched, missing and destroyed are four different things."),
    )
    if not shelf.copies:
        return
    yield entry_form(
        "record_custody",
        _("Something happened to a copy"),
        _("Write it down"),
        (
            Field("copy", _("Which copy"), Kind.CHOICE, copy_choices(shelf)),
            Field("type", _("What happened"), Kind.CHOICE, w.choices_of(w.CUSTODY)),
            Field("person", _("Who handled or saw it")),
            Field("given_by", _("From whom or where")),
            Field("given_to", _("To whom or where")),
            Field("purpose", _("What for")),
            Field("seal_before", _("Seal before")),
            Field("seal_after", _("Seal after")),
            Field("witness", _("Witness")),
            Field("authority", _("Authority")),
            Field("percent", _("If seen: how much of it, in per cent"), Kind.NUMBER),
            when(_("When, if not now")),
        ),
        shelf,
        _("A disposal is refused while a hold, a rule or a decision that may still be reviewed forbids it."),
    )
    yield entry_form(
        "test_playability",
        _("Somebody tried to play a copy"),
        _("Write it down"),
        (
            Field("copy", _("Which copy"), Kind.CHOICE, copy_choices(shelf)),
            Field("playable", _("It"), Kind.CHOICE, w.choices_of(w.PLAYABLE)),
            Field("note", _("Note")),
        ),
        shelf,
    )


def _custody(form: QueryDict, _shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    return (
        r.RecordCustody(
            id_from(form, "entry"),
            text(form, "copy"),
            code(form, "type", v.CustodyType, _("what happened")),
            instant(text(form, "happened_at")),
            text(form, "person"),
            text(form, "given_by"),
            text(form, "given_to"),
            text(form, "purpose"),
            text(form, "seal_before"),
            text(form, "seal_after"),
            witness=text(form, "witness"),
            authority=text(form, "authority"),
            coverage=coverage(form),
        ),
    )


def _holding(form: QueryDict, shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    return (
        r.AssertHolding(
            shelf.record,
            code(form, "status", v.HoldingStatus, _("where it is")),
            code(form, "how", v.HowKnown, _("how you know")),
            instant(text(form, "happened_at")),
            text(form, "copy") or None,
            location=text(form, "location"),
            asserted_by=shelf.seat.actor.actor,
            authority=text(form, "authority"),
            method=text(form, "method"),
            note=text(form, "note"),
        ),
    )


ACTS: Final = (
    Entering(
        "register_copy",
        (r.RegisterCopy,),
        lambda form, shelf: (copy_in(form, shelf, shelf.record),),
        lazy("The copy was added."),
    ),
    Entering("assert_holding", (r.AssertHolding,), _holding, lazy("Where it is was written down.")),
    Entering("record_custody", (r.RecordCustody,), _custody, lazy("It was written down.")),
    Entering(
        "test_playability",
        (r.TestPlayability,),
        lambda form, _shelf: (
            r.TestPlayability(
                text(form, "copy"), code(form, "playable", v.Playable, _("whether it plays")), text(form, "note")
            ),
        ),
        lazy("It was written down."),
    ),
)
