"""What can be entered in an agency's own register: each form beside the function that makes its commands.

A register is no case: its acts have addresses of their own (``/register/enter/…``), and go through
``service.registers``. Copies and families have modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import text
from safehands.desk.forms import Choice, Field, Form, Kind
from safehands.desk.subjects import copies, families
from safehands.desk.subjects.act import BECAUSE
from safehands.desk.subjects.shelf import (
    Entering,
    Shelf,
    case_stream,
    code,
    created,
    day,
    entry_form,
    id_from,
    when_fields,
)

#: How many copies can be named in the form that registers a record; more are added on its page.
COPIES: Final = 2


# --- a record and its copies ------------------------------------------------------------------------------------------


def register_form() -> Form:
    """A record and its copies in one form."""
    fields = (
        Field("exhibit_ref", _("Reference"), hint=_("Initials and a number, such as AB/1.")),
        Field("kind", _("What it is"), Kind.CHOICE, (Choice("", _("Choose")), *w.choices_of(w.KINDS))),
        Field(
            "description",
            _("Describe it so that somebody can decide whether to look"),
            Kind.AREA,
            hint=_("In full words: a form’s number alone says nothing."),
        ),
        *when_fields(),
        Field("created_by", _("Who made it")),
        Field("place", _("Where")),
        Field("case", _("Case it concerns"), hint=_("The case’s reference. Leave it empty if there is none yet.")),
        Field("relevance", _("Is it relevant?"), Kind.CHOICE, w.choices_of(w.RELEVANCE)),
        Field("use", _("Used as"), Kind.CHOICE, w.choices_of(w.USES)),
        Field("sensitivity", _("Who may know of it"), Kind.CHOICE, w.choices_of(w.SENSITIVITY)),
        Field("sensitivity_reason", _("If it is sensitive: why")),
        *(field for n in range(1, COPIES + 1) for field in copies.copy_fields(str(n))),
    )
    says = _("Other agencies in the case learn that it exists. What it says stays with you until you list or share it.")
    return entry_form("register_record", _("Register a record"), _("Register it"), fields, says=says)


def _register(form: QueryDict, shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    record, reference = id_from(form, "record"), text(form, "case")
    registered = r.RegisterRecord(
        record,
        text(form, "exhibit_ref"),
        code(form, "kind", v.RecordKind, _("what it is")),
        text(form, "description"),
        created(form),
        text(form, "created_by"),
        text(form, "place"),
        relevance=code(form, "relevance", v.Relevance, _("whether it is relevant")),
        use=code(form, "use", v.Use, _("what it is used as")),
        sensitivity=code(form, "sensitivity", v.Sensitivity, _("who may know of it")),
        sensitivity_reason=text(form, "sensitivity_reason"),
        cases=(case_stream(shelf.seat, reference),) if reference else (),
    )
    numbers = [str(n) for n in range(1, COPIES + 1) if text(form, f"medium{n}")]
    return (registered, *(copies.copy_in(form, shelf, record, n) for n in numbers))


def declare_form(shelf: Shelf) -> Form:
    """What the register is, and which stores were never searched."""
    said = shelf.own.registers.get(shelf.seat.agency, ())
    last = said[-1].event if said else None
    stores = "\n".join(_store_line(each) for each in last.stores) if last is not None else ""
    fields = (
        Field(
            "status",
            _("This register is"),
            Kind.CHOICE,
            w.choices_of(w.REGISTERS),
            (last.status.value,) if last is not None else (),
        ),
        Field("as_of", _("If a snapshot: of which day"), Kind.DATE),
        Field(
            "stores",
            _("Stores and systems where material may lie, one a line"),
            Kind.AREA,
            chosen=(stores,),
            hint=_("After a bar, the day it was searched, or why not: “Property store B | 2026-02-03”."),
        ),
    )
    return entry_form("declare_register", _("Say what this register covers"), _("Write it down"), fields)


def _store_line(store: v.Store) -> str:
    searched = timezone.localtime(store.searched_at).date().isoformat() if store.searched_at else store.reason_not
    return f"{store.name} | {searched}" if searched else store.name


def _declare(form: QueryDict, _shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    stores = []
    for line in text(form, "stores").splitlines():
        name, _bar, rest = (part.strip() for part in line.partition("|"))
        if name:
            on = QueryDict(mutable=True)
            on["day"] = rest
            searched = day(on, "day") if rest[:4].isdecimal() else None
            stores.append(v.Store(name, searched, "" if searched else rest))
    status = code(form, "status", v.RegisterStatus, _("what this register is"))
    return (r.DeclareRegister(status, tuple(stores), day(form, "as_of")),)


# --- corrections and ties ---------------------------------------------------------------------------------------------


def _corrections(shelf: Shelf) -> Iterator[Form]:
    same = (Choice("", _("As it is")),)
    yield entry_form(
        "describe_record",
        _("Describe it better, or correct its reference or date"),
        _("Write it down"),
        (
            Field("description", _("A better description"), Kind.AREA),
            Field("exhibit_ref", _("The right reference")),
            *when_fields(),
            Field("reason", str(BECAUSE)),
        ),
        shelf,
        _("What you leave empty stays as it is. The old words stay on file."),
    )
    yield entry_form(
        "reclassify_record",
        _("Class it anew"),
        _("Class it"),
        (
            Field("relevance", _("Is it relevant?"), Kind.CHOICE, same + w.choices_of(w.RELEVANCE)),
            Field("use", _("Used as"), Kind.CHOICE, same + w.choices_of(w.USES)),
            Field("sensitivity", _("Who may know of it"), Kind.CHOICE, same + w.choices_of(w.SENSITIVITY)),
            Field("authority", _("By order of a court, if so")),
            Field("reason", str(BECAUSE)),
        ),
        shelf,
    )
    yield entry_form(
        "tie_record",
        _("It concerns a case"),
        _("Tie it to the case"),
        (Field("case", _("The case’s reference")),),
        shelf,
        _("That case learns everything that this register knows of it."),
    )


def _describe(form: QueryDict, shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    dated = text(form, "created") or text(form, "precision") == v.Precision.UNKNOWN
    return (
        r.DescribeRecord(
            shelf.record,
            text(form, "reason"),
            text(form, "description") or None,
            text(form, "exhibit_ref") or None,
            created(form) if dated else None,
        ),
    )


def _reclassify(form: QueryDict, shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    relevance, use, sensitivity = (text(form, name) for name in ("relevance", "use", "sensitivity"))
    return (
        r.ReclassifyRecord(
            shelf.record,
            text(form, "reason"),
            v.Relevance(relevance) if relevance in set(v.Relevance) else None,
            v.Use(use) if use in set(v.Use) else None,
            v.Sensitivity(sensitivity) if sensitivity in set(v.Sensitivity) else None,
            text(form, "authority"),
        ),
    )


def groups(shelf: Shelf) -> tuple[tuple[str, tuple[Form, ...]], ...]:
    """What can be done with a record on its page, by subject."""
    return (
        (_("Copies and where they are"), tuple(copies.copy_forms(shelf))),
        (_("Its family"), tuple(families.family_forms(shelf))),
        (_("What keeps it"), tuple(families.keeping_forms(shelf))),
        (_("Corrections and cases"), tuple(_corrections(shelf))),
    )


ACTS: Final = (
    Entering("register_record", (r.RegisterRecord, r.RegisterCopy), _register, lazy("It was registered.")),
    Entering("declare_register", (r.DeclareRegister,), _declare, lazy("What the register covers was written down.")),
    Entering("describe_record", (r.DescribeRecord,), _describe, lazy("Written down. The old words stay on file.")),
    Entering("reclassify_record", (r.ReclassifyRecord,), _reclassify, lazy("It was classed anew.")),
    Entering(
        "tie_record",
        (r.TieRecord,),
        lambda form, shelf: (r.TieRecord(shelf.record, case_stream(shelf.seat, text(form, "case"))),),
        lazy("That case has learned of it."),
    ),
    *copies.ACTS,
    *families.ACTS,
)
