"""A record's family and what keeps it: what it was made from, who compared the two, rules and holds."""

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
from safehands.desk.subjects.act import BECAUSE, when
from safehands.desk.subjects.shelf import Entering, Shelf, code, copy_called, created, day, entry_form, id_from


def _others(shelf: Shelf) -> tuple[Choice, ...]:
    facts = sorted(shelf.own.records.values(), key=lambda fact: -fact.seq)
    named = (
        Choice(fact.event.record, f"{shelf.ref(fact.event.record)} ({w.said(w.KINDS, fact.event.kind)})")
        for fact in facts
    )
    return tuple(each for each in named if each.value != shelf.record)[:200]


def family_forms(shelf: Shelf) -> Iterator[Form]:
    """What can be entered about what it was made from."""
    others = _others(shelf)
    if others:
        yield entry_form(
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
        yield entry_form(
            "same_event",
            _("Another record is of the same event"),
            _("Write it down"),
            (Field("other", _("Which"), Kind.CHOICE, others),),
            shelf,
            _("Such as a recording and notes taken at the time: neither was made from the other."),
        )
    yield entry_form(
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
    yield entry_form(
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
        against = tuple(Choice(copy, copy_called(shelf.own, copy)) for copy in shelf.own.copies_of.get(made.source, ()))
        if against:
            yield entry_form(
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


def keeping_forms(shelf: Shelf) -> Iterator[Form]:
    """What can be entered about how long it is kept."""
    yield entry_form(
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
    yield entry_form(
        "place_hold", _("Forbid its disposal"), _("Place the hold"), (Field("reason", str(BECAUSE)),), shelf
    )
    for fact in shelf.own.holds.get(shelf.record, ()):
        if fact.event.hold not in shelf.own.lifted:
            yield entry_form(
                "lift_hold",
                _("Lift the hold “%(reason)s”") % {"reason": fact.event.reason},
                _("Lift it"),
                (Field("authority", _("On whose authority")), Field("reason", str(BECAUSE))),
                shelf,
                hidden={"hold": fact.event.hold},
                about=fact.event.hold,
            )


ACTS: Final = (
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
