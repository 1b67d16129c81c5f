"""Letters in and out: by hash, with what they claim. What the register contradicts is said before a letter goes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, choices, plain
from safehands.desk.models import Membership
from safehands.desk.parsing import instant
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act
from safehands.desk.subjects.evidence.matter import Matter, matter_of
from safehands.errors import BadInput
from safehands.service.family_letters import wording_advice
from safehands.service.words_of_records import CLAIMS, KINDS, date_of, words

SECTION = "letters"
TITLE = lazy("Letters")
ASKS = lazy("What was written to whom, and does the register bear it out?")

#: How many claims one form takes.
CLAIMS_SHOWN: Final = 3
CHANNELS: Final = ("post", "email", "portal", "in_person")


def forms(scene: Scene) -> Iterator[Form]:
    """Log a letter in or out, or say that a claim is wrong."""
    matter = matter_of(scene)
    yield letter_form(matter, outgoing=True)
    yield letter_form(matter, outgoing=False)
    for letter, fact in matter.material.letters.items():
        yield Form(
            "letter_dispute",
            _("Say otherwise: the letter of %(day)s") % {"day": date_of(fact.event.sent_at)},
            (Button(_("Write it down beside the other")),),
            (*_claim_fields(matter, 1), Field("reason", str(BECAUSE), Kind.AREA)),
            {"letter": letter},
            letter,
        )


def letter_form(matter: Matter, *, outgoing: bool) -> Form:
    """The form for a letter that goes, or one that came."""
    way = [
        Field("other", _("To whom") if outgoing else _("From whom")),
        Field("channel", _("By"), Kind.CHOICE, choices({each: plain(each) for each in CHANNELS})),
        *([] if outgoing else [Field("sent_at", _("When it was sent"), Kind.INSTANT)]),
        Field("body", _("The text"), Kind.AREA, hint=_("Only its hash is kept. The text is not stored.")),
        Field("sha256", _("Or the SHA-256 of its file")),
    ]
    about = [
        Field(
            "decision",
            _("The decision that it is about"),
            Kind.CHOICE,
            choices({"": _("(none)"), **{name: matter.decision(name) for name in matter.material.decisions}}),
        ),
        Field(
            "says",
            _("It also"),
            Kind.MANY,
            choices({"explains": _("gives the reasons for the decision"), "review": _("says how to ask for a review")}),
        ),
    ]
    claims = [field for number in range(1, CLAIMS_SHOWN + 1) for field in _claim_fields(matter, number)]
    second = [Field("drafted_by", _("Who drafted it, if you are the second person to look"), Kind.CHOICE,
                    _colleagues(matter))] if outgoing else []  # fmt: skip
    buttons = (
        (Button(_("Send and log it")), Button(_("Check the wording first"), "check"))
        if outgoing
        else (Button(_("Log it")),)
    )
    return Form(
        "letter_out" if outgoing else "letter_in",
        _("Log a letter that goes out") if outgoing else _("Log a letter that came in"),
        buttons,
        (*way, *about, *claims, *second),
    )


def _claim_fields(matter: Matter, number: int) -> Iterator[Field]:
    """What a letter says of which record, or of every record of a kind."""
    says = {"": "-", **{each.value: words(CLAIMS, each) for each in v.ClaimCode}}
    records = {f"record:{line.record}": line.label for line in matter.index() if not line.stub}
    kinds = {f"kind:{kind.value}": _("any %(kind)s") % {"kind": words(KINDS, kind)} for kind in v.RecordKind}
    about = {"": _("(everything)"), **records, **kinds}
    who = {"n": number}
    yield Field(f"about.{number}", _("Claim %(n)s is about") % who, Kind.CHOICE, choices(about))
    yield Field(f"claim.{number}", _("Claim %(n)s says that it") % who, Kind.CHOICE, choices(says))
    own = (Choice("yes", _("it speaks of the sender's own holding only")),)
    yield Field(f"own.{number}", _("Limits of claim %(n)s") % who, Kind.MANY, own)


def _colleagues(matter: Matter) -> tuple[Choice, ...]:
    seat = matter.scene.seat
    found = Membership.objects.filter(agency=seat.agency, ended_at=None).exclude(person__actor=seat.actor.actor)
    names = sorted({each.person.actor for each in found.select_related("person")})
    return choices({"": _("(I wrote it myself)"), **{name: name for name in names}})


def claims_in(form: QueryDict) -> tuple[v.LetterClaim, ...]:
    """The claims of a form, in their order."""
    found = []
    for number in range(1, CLAIMS_SHOWN + 1):
        code = text(form, f"claim.{number}")
        if code not in set(v.ClaimCode):
            continue
        which, _colon, name = text(form, f"about.{number}").partition(":")
        found.append(
            v.LetterClaim(
                v.ClaimCode(code),
                name if which == "record" else None,
                v.RecordKind(name) if which == "kind" and name in set(v.RecordKind) else None,
                own_holding="yes" in form.getlist(f"own.{number}"),
            )
        )
    return tuple(found)


def _hash_of(form: QueryDict) -> str:
    given, body = text(form, "sha256").lower(), text(form, "body")
    if not given and not body:
        raise BadInput([_("Paste the letter's text, or give the SHA-256 of its file: its hash is what is kept.")])
    return given or hashlib.sha256(body.encode()).hexdigest()


def _out(form: QueryDict, scene: Scene) -> r.LogLetter:
    """The wording is checked first where that was asked for; nothing is sent then."""
    if text(form, "act") == "check":
        matter = matter_of(scene)
        advice = wording_advice(matter.material, scene.seat.agency, claims_in(form), scene.now, matter.names)
        raise BadInput(advice or [_("Nothing was sent. The register bears out what the letter claims.")])
    return _letter(form, outgoing=True, sender=scene.seat.agency, recipient=text(form, "other"))


def _in(form: QueryDict, scene: Scene) -> r.LogLetter:
    return _letter(form, outgoing=False, sender=text(form, "other"), recipient=scene.seat.agency)


def _letter(form: QueryDict, *, outgoing: bool, sender: str, recipient: str) -> r.LogLetter:
    says = form.getlist("says")
    return r.LogLetter(
        outgoing,
        sender,
        recipient,
        text(form, "channel"),
        _hash_of(form),
        sent_at=instant(text(form, "sent_at")),
        claims=claims_in(form),
        decision=text(form, "decision") or None,
        explains_decision="explains" in says,
        review_notice="review" in says,
        drafted_by=text(form, "drafted_by"),
    )


def _dispute(form: QueryDict, _scene: Scene) -> r.DisputeClaim:
    claims = claims_in(form)
    if not claims:
        raise BadInput([_("Say what it claims, or should claim.")])
    return r.DisputeClaim(text(form, "letter"), claims[0], text(form, "reason"))


ACTS = (
    Act(
        "letter_out",
        SECTION,
        (r.LogLetter,),
        _out,
        lazy("Case %(reference)s: the letter was logged. Its receipt stands beside it."),
    ),
    Act("letter_in", SECTION, (r.LogLetter,), _in, lazy("Case %(reference)s: the letter was logged.")),
    Act(
        "letter_dispute",
        SECTION,
        (r.DisputeClaim,),
        _dispute,
        lazy("Case %(reference)s: both claims stand beside each other."),
    ),
)
