"""What can be entered in an agency's own register: each form beside the function that makes its commands.

A register is no case: its acts have addresses of their own (``/register/enter/…``), and go through
``service.registers``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID, uuid5

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

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
from safehands.desk.subjects.act import BECAUSE, Sentence, when
from safehands.errors import BadInput, NotFound

Code = TypeVar("Code", bound=StrEnum)

#: How many copies can be named in the form that registers a record; more are added on its page.
COPIES: Final = 2


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


# --- a record and its copies ------------------------------------------------------------------------------------------


def _when_fields() -> Iterator[Field]:
    yield Field("created", _("When it was made"), Kind.DATE)
    yield Field("precision", _("How exactly you know"), Kind.CHOICE, w.choices_of(w.PRECISION))
    yield Field("created_time", _("The time, if you know it"), hint=_("Such as 14:30."))


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
        *_when_fields(),
        Field("created_by", _("Who made it")),
        Field("place", _("Where")),
        Field("case", _("Case it concerns"), hint=_("The case’s reference. Leave it empty if there is none yet.")),
        Field("relevance", _("Is it relevant?"), Kind.CHOICE, w.choices_of(w.RELEVANCE)),
        Field("use", _("Used as"), Kind.CHOICE, w.choices_of(w.USES)),
        Field("sensitivity", _("Who may know of it"), Kind.CHOICE, w.choices_of(w.SENSITIVITY)),
        Field("sensitivity_reason", _("If it is sensitive: why")),
        *(field for n in range(1, COPIES + 1) for field in _copy_fields(str(n))),
    )
    says = _("Other agencies in the case learn that it exists. What it says stays with you until you list or share it.")
    return _form("register_record", _("Register a record"), _("Register it"), fields, says=says)


def _copy_fields(n: str = "") -> Iterator[Field]:
    """A copy that is no file in this system: files are uploaded, and hashed as they come."""
    named = _("Copy %(n)s: ") % {"n": n} if n else ""
    media = tuple(Choice(key.value, str(label)) for key, label in w.MEDIA.items() if key is not v.Medium.FILE)
    none = (Choice("", _("No such copy")),) if n else ()
    yield Field(f"medium{n}", named + _("what it is on"), Kind.CHOICE, (*none, *media))
    yield Field(f"role{n}", named + _("what it is for"), Kind.CHOICE, w.choices_of(w.ROLES))
    yield Field(f"seal{n}", named + _("seal"))
    yield Field(f"label{n}", named + _("what its label says"))
    yield Field(f"location{n}", named + _("where it is kept"))


def _copy(form: QueryDict, shelf: Shelf, record: str, n: str = "") -> r.RegisterCopy:
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
    return (registered, *(_copy(form, shelf, record, n) for n in numbers))


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
    return _form("declare_register", _("Say what this register covers"), _("Write it down"), fields)


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
    yield _form(
        "describe_record",
        _("Describe it better, or correct its reference or date"),
        _("Write it down"),
        (
            Field("description", _("A better description"), Kind.AREA),
            Field("exhibit_ref", _("The right reference")),
            *_when_fields(),
            Field("reason", str(BECAUSE)),
        ),
        shelf,
        _("What you leave empty stays as it is. The old words stay on file."),
    )
    yield _form(
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
    yield _form(
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


# --- copies, where they are, what happened to them --------------------------------------------------------------------


def copy_choices(shelf: Shelf) -> tuple[Choice, ...]:
    """The copies of the record on the page."""
    return tuple(Choice(each, copy_called(shelf.own, each)) for each in shelf.copies)


def copy_called(material: Material, copy: str) -> str:
    """What a copy is called: what it is for, on what, and by which seal, label or hash it is known."""
    event = material.copies[copy].event
    mark = event.seal or event.label or (event.sha256 or "")[:12]
    return f"{w.said(w.ROLES, event.role)}, {w.said(w.MEDIA, event.medium)}{f' ({mark})' if mark else ''}"


def _copies(shelf: Shelf) -> Iterator[Form]:
    extra = (
        Field("sha256", _("If it is a file in another system: its SHA-256")),
        Field("size", _("and its size in octets"), Kind.NUMBER),
    )
    yield _form("register_copy", _("Add a copy"), _("Add it"), (*_copy_fields(), *extra), shelf)
    whole = (Choice("", _("The record as a whole")),)
    yield _form(
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
    yield _form(
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
    yield _form(
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


def coverage(form: Mapping[str, str]) -> v.Coverage | None:
    """How much was seen; None where nobody said."""
    percent, begins, ends = (text(form, name) for name in ("percent", "start", "end"))
    if not (percent or begins or ends):
        return None
    written = (begins or "0", ends or "0", percent)
    if not all(each.isdecimal() for each in written) or int(percent) > 100:
        raise BadInput([_("Write how much of it was seen as a whole number of per cent, from 0 to 100.")])
    return v.Coverage(*(int(each) for each in written))


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


# --- the family -------------------------------------------------------------------------------------------------------


def _others(shelf: Shelf) -> tuple[Choice, ...]:
    facts = sorted(shelf.own.records.values(), key=lambda fact: -fact.seq)
    named = (
        Choice(fact.event.record, f"{shelf.ref(fact.event.record)} ({w.said(w.KINDS, fact.event.kind)})")
        for fact in facts
    )
    return tuple(each for each in named if each.value != shelf.record)[:200]


def _family(shelf: Shelf) -> Iterator[Form]:
    others = _others(shelf)
    if others:
        yield _form(
            "record_derivation",
            _("It was made from another record"),
            _("Write it down"),
            (
                Field("source", _("From which"), Kind.CHOICE, others),
                Field("method", _("How"), Kind.CHOICE, w.choices_of(w.METHODS)),
                Field("created", _("When"), Kind.DATE),
                Field("precision", _("How exactly you know"), Kind.CHOICE, w.choices_of(w.PRECISION)),
                Field("made_by", _("By whom")),
                Field("tool", _("With which tool and version")),
                Field("extent", _("How much of the source: all, times, or pages")),
            ),
            shelf,
        )
        yield _form(
            "same_event",
            _("Another record is of the same event"),
            _("Write it down"),
            (Field("other", _("Which"), Kind.CHOICE, others),),
            shelf,
            _("Such as a recording and notes taken at the time: neither was made from the other."),
        )
    yield _form(
        "claim_source",
        _("Say what is known of its source"),
        _("Write it down"),
        (
            Field("claim", _("The source"), Kind.CHOICE, w.choices_of(w.SOURCES)),
            Field("held_by", _("If another agency holds it: which")),
            Field("event", _("If it was destroyed: which entry or document says so")),
            Field("scope", _("If it was looked for: where")),
            Field("reason", _("If there never was one: how that is known")),
        ),
        shelf,
    )
    yield _form(
        "ask_twin",
        _("Was the same also recorded?"),
        _("Write it down"),
        (
            Field("recorded_too", _("Was it recorded too?"), Kind.CHOICE, w.choices_of(w.TWINS)),
            Field("ref", _("If yes: the recording’s reference")),
            Field("reason", _("If no: why not")),
        ),
        shelf,
    )
    for edge in shelf.own.made_from.get(shelf.record, ()):
        made = shelf.own.derivations[edge].event
        against = tuple(
            Choice(copy, copy_called(shelf.own, copy)) for copy in shelf.own.copies_of.get(made.source, ())
        )
        if against:
            yield _form(
                "verify_derivative",
                _("Somebody compared it with %(source)s") % {"source": shelf.ref(made.source)},
                _("Write it down"),
                (
                    Field("against_copy", _("With which copy"), Kind.CHOICE, against),
                    Field("result", _("They"), Kind.CHOICE, w.choices_of(w.VERIFIED)),
                    Field("notes", _("What was found"), Kind.AREA),
                    when(_("When, if not now")),
                ),
                shelf,
                _("Whoever made it does not check it."),
                {"derivation": edge},
                edge,
            )


def _derivation(form: QueryDict, shelf: Shelf) -> tuple[r.RegisterCommand, ...]:
    return (
        r.RecordDerivation(
            id_from(form, "entry"),
            shelf.record,
            text(form, "source"),
            code(form, "method", v.Method, _("how it was made")),
            created(form),
            text(form, "made_by"),
            text(form, "extent"),
            text(form, "tool"),
        ),
    )


# --- what keeps it ----------------------------------------------------------------------------------------------------


def _keeping(shelf: Shelf) -> Iterator[Form]:
    yield _form(
        "rule_retention",
        _("Name a rule under which it is kept"),
        _("Write it down"),
        (
            Field("rule", _("The rule")),
            Field("basis", _("On which law, code or policy")),
            Field("min_until", _("Kept at least until (empty: no end is known)"), Kind.DATE),
            Field("review_on", _("To be looked at again on"), Kind.DATE),
        ),
        shelf,
        _("A rule forbids disposal until its day. Nothing is destroyed by a date alone."),
    )
    yield _form("place_hold", _("Forbid its disposal"), _("Place the hold"), (Field("reason", str(BECAUSE)),), shelf)
    for fact in shelf.own.holds.get(shelf.record, ()):
        if fact.event.hold not in shelf.own.lifted:
            yield _form(
                "lift_hold",
                _("Lift the hold “%(reason)s”") % {"reason": fact.event.reason},
                _("Lift it"),
                (Field("authority", _("On whose authority")), Field("reason", str(BECAUSE))),
                shelf,
                hidden={"hold": fact.event.hold},
                about=fact.event.hold,
            )


def groups(shelf: Shelf) -> tuple[tuple[str, tuple[Form, ...]], ...]:
    """What can be done with a record on its page, by subject."""
    return (
        (_("Copies and where they are"), tuple(_copies(shelf))),
        (_("Its family"), tuple(_family(shelf))),
        (_("What keeps it"), tuple(_keeping(shelf))),
        (_("Corrections and cases"), tuple(_corrections(shelf))),
    )


def _form(
    name: str,
    title: str,
    button: str,
    fields: tuple[Field, ...],
    shelf: Shelf | None = None,
    says: str = "",
    hidden: Mapping[str, str] | None = None,
    about: str = "",
) -> Form:
    given = dict(hidden or {}) | ({"record": shelf.record} if shelf is not None else {})
    return Form(name, title, (Button(button),), fields, given, about, says, reverse(name))


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
    Entering(
        "register_copy",
        (r.RegisterCopy,),
        lambda form, shelf: (_copy(form, shelf, shelf.record),),
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
    Entering("record_derivation", (r.RecordDerivation,), _derivation, lazy("What it was made from was written down.")),
    Entering(
        "same_event",
        (r.RecordSameEvent,),
        lambda form, shelf: (r.RecordSameEvent(shelf.record, text(form, "other")),),
        lazy("The two are joined."),
    ),
    Entering(
        "claim_source",
        (r.ClaimSource,),
        lambda form, shelf: (
            r.ClaimSource(
                shelf.record,
                code(form, "claim", v.SourceClaim, _("what is known of the source")),
                text(form, "held_by") or None,
                text(form, "event") or None,
                text(form, "scope"),
                text(form, "reason"),
            ),
        ),
        lazy("What is known of its source was written down."),
    ),
    Entering(
        "ask_twin",
        (r.AskTwin,),
        lambda form, shelf: (
            r.AskTwin(
                shelf.record,
                code(form, "recorded_too", v.RecordedToo, _("whether it was recorded too")),
                text(form, "ref") or None,
                text(form, "reason"),
            ),
        ),
        lazy("It was written down."),
    ),
    Entering(
        "verify_derivative",
        (r.VerifyDerivative,),
        lambda form, _shelf: (
            r.VerifyDerivative(
                id_from(form, "entry"),
                text(form, "derivation"),
                text(form, "against_copy"),
                code(form, "result", v.Verified, _("what came of it")),
                instant(text(form, "happened_at")),
                text(form, "notes"),
            ),
        ),
        lazy("The comparison was written down."),
    ),
    Entering(
        "rule_retention",
        (r.RuleRetention,),
        lambda form, shelf: (
            r.RuleRetention(
                shelf.record,
                text(form, "rule"),
                text(form, "basis"),
                day(form, "min_until"),
                day(form, "review_on"),
            ),
        ),
        lazy("The rule was written down."),
    ),
    Entering(
        "place_hold",
        (r.PlaceHold,),
        lambda form, shelf: (r.PlaceHold(id_from(form, "entry"), shelf.record, text(form, "reason")),),
        lazy("Nobody may dispose of it now."),
    ),
    Entering(
        "lift_hold",
        (r.LiftHold,),
        lambda form, shelf: (
            r.LiftHold(text(form, "hold"), shelf.record, text(form, "reason"), text(form, "authority")),
        ),
        lazy("The hold was lifted. Other reasons to keep it may stand."),
    ),
)
