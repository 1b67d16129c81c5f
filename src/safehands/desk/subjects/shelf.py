"""A register in front of somebody: the shelf, what its forms are made of, and what is written in them as values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid5

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Material
from safehands.core.records.reading import now
from safehands.core.records.telling import stream_of
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import COMMAND, text
from safehands.desk.apps import kernel
from safehands.desk.family_tree import ref_of
from safehands.desk.forms import Button, Choice, Field, Form, Kind
from safehands.desk.parsing import instant
from safehands.desk.seats import Seat
from safehands.desk.subjects.act import Sentence
from safehands.errors import BadInput, NotFound

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Somebody at a seat looks at their own agency's register; ``record`` is the one on the page, if there is one."""

    seat: Seat
    own: Material
    now: datetime
    record: str = ""

    @property
    def copies(self) -> tuple[str, ...]:
        """The copies of the record on the page."""
        return self.own.copies_of.get(self.record, ())

    def ref(self, record: str) -> str:
        """What a record of this register is called."""
        fact = self.own.records.get(record)
        return ref_of(now(self.own), fact) if fact is not None else record


@dataclass(frozen=True, slots=True)
class Entering:
    """One act on a register. ``build`` makes the commands, in the order in which they are sent."""

    name: str
    commands: tuple[type, ...]
    build: Callable[[QueryDict, Shelf], tuple[r.RegisterCommand, ...]]
    done: Sentence


def shelf_of(seat: Seat, record: str = "") -> Shelf:
    """The seat's own register as it stands."""
    service = kernel()
    own = service.materials.register(service.store, stream_of(seat.agency)).material
    return Shelf(seat, own, service.clock.now(), record)


# --- parsing ----------------------------------------------------------------------------------------------------------


def code(form: QueryDict, name: str, kind: type[Code], what: str) -> Code:
    """The code that was chosen. Raises ``BadInput`` where it is none of ``kind``."""
    try:
        return kind(text(form, name))
    except ValueError:
        raise BadInput([_("Choose %(what)s.") % {"what": what}]) from None


def day(form: QueryDict, name: str) -> datetime | None:
    """The first instant of a day in London; None where nothing was written."""
    written = text(form, name)
    if not written:
        return None
    try:
        read = parse_date(written)
    except ValueError:
        read = None
    if read is None:
        raise BadInput([_("Write the date as day, month and year.")])
    return timezone.make_aware(datetime.combine(read, datetime.min.time()))


def created(form: QueryDict) -> v.When:
    """When a record came into being, as exactly as somebody knows."""
    precision = code(form, "precision", v.Precision, _("how exactly you know the date"))
    at = day(form, "created")
    if precision is v.Precision.UNKNOWN:
        return v.When(at or kernel().clock.now(), precision)
    if at is None:
        raise BadInput([_("Say when it was made, or that nobody knows.")])
    time = text(form, "created_time")
    if precision is v.Precision.INSTANT and time:
        return v.When(instant(f"{text(form, 'created')}T{time}") or at, precision)
    until = day(form, "created_until")
    return v.When(at, v.Precision.DAY if precision is v.Precision.INSTANT else precision, until)


def case_stream(seat: Seat, reference: str) -> str:
    """The stream of the case with this reference. Raises ``NotFound`` where the agency has no part in it."""
    found = kernel().store.find(reference.strip().upper(), agency=seat.agency)
    if found is None:
        raise NotFound(_("There is no case with this reference, or your agency has no part in it."))
    return f"case/{found}"


def id_from(form: Mapping[str, str], what: str) -> str:
    """An id that nobody chose, and the same one each time that this form is sent: a double click makes one thing."""
    try:
        return str(uuid5(UUID(text(form, COMMAND)), what))
    except ValueError:
        return kernel().clock.new_id()


# --- what several forms have -------------------------------------------------------------------------------------------


def when_fields() -> Iterator[Field]:
    """When it was made, and how exactly somebody knows."""
    yield Field("created", _("When it was made"), Kind.DATE)
    yield Field("precision", _("How exactly you know"), Kind.CHOICE, w.choices_of(w.PRECISION))
    yield Field("created_time", _("The time, if you know it"), hint=_("Such as 14:30."))


def copy_choices(shelf: Shelf) -> tuple[Choice, ...]:
    """The copies of the record on the page."""
    return tuple(Choice(each, copy_called(shelf.own, each)) for each in shelf.copies)


def copy_called(material: Material, copy: str) -> str:
    """What a copy is called: what it is for, on what, and by which seal, label or hash it is known."""
    event = material.copies[copy].event
    mark = event.seal or event.label or (event.sha256 or "")[:12]
    return f"{w.said(w.ROLES, event.role)}, {w.said(w.MEDIA, event.medium)}{f' ({mark})' if mark else ''}"


def coverage(form: Mapping[str, str]) -> v.Coverage | None:
    """How much was seen; None where nobody said."""
    percent, begins, ends = (text(form, name) for name in ("percent", "start", "end"))
    if not (percent or begins or ends):
        return None
    written = (begins or "0", ends or "0", percent)
    if not all(each.isdecimal() for each in written) or int(percent) > 100:
        raise BadInput([_("Write how much of it was seen as a whole number of per cent, from 0 to 100.")])
    return v.Coverage(*(int(each) for each in written))


def entry_form(
    name: str,
    title: str,
    button: str,
    fields: tuple[Field, ...],
    shelf: Shelf | None = None,
    says: str = "",
    hidden: Mapping[str, str] | None = None,
    about: str = "",
) -> Form:
    """A form that is sent to the address of its own name."""
    given = dict(hidden or {}) | ({"record": shelf.record} if shelf is not None else {})
    return Form(name, title, (Button(button),), fields, given, about, says, reverse(name))
