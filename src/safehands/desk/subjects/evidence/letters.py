"""Letters in and out: by hash, with what they claim. What the register contradicts is said before a letter goes.

Such a letter is shown to a colleague first. They look at it here and send that very letter, or it does not go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.events import LetterProposed
from safehands.core.records.material import Fact
from safehands.desk.acting import text
from safehands.desk.forms import Button, Choice, Field, Form, Kind, choices, plain
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

#: The button that shows a letter to a colleague and sends nothing.
PROPOSE: Final = "propose"
#: How many claims one form takes.
CLAIMS_SHOWN: Final = 3
CHANNELS: Final = ("post", "email", "portal", "in_person")


def forms(scene: Scene) -> Iterator[Form]:
    """Log a letter in or out, or say that a claim is wrong."""
    matter = matter_of(scene)
    yield letter_form(matter, outgoing=True)
    yield letter_form(matter, outgoing=False)
    for fact in waiting(matter):
        if fact.actor != scene.seat.actor.actor:
            yield look_form(fact)
        yield again_form(matter, fact)
    for letter, logged in matter.material.letters.items():
        yield Form(
            "letter_dispute",
            _("Say otherwise: the letter of %(day)s") % {"day": date_of(logged.event.sent_at)},
            (Button(_("Write it down beside the other")),),
            (*_claim_fields(matter, 1), Field("reason", str(BECAUSE), Kind.AREA)),
            {"letter": letter},
            letter,
        )


def waiting(matter: Matter) -> tuple[Fact[LetterProposed], ...]:
    """The letters of this agency that were shown to a colleague and have not gone, as they were proposed last."""
    material, agency = matter.material, matter.scene.seat.agency
    last = (facts[-1] for letter, facts in material.proposed.items() if facts and letter not in material.letters)
    return tuple(sorted((fact for fact in last if fact.event.sender == agency), key=lambda fact: fact.seq))


def look_form(fact: Fact[LetterProposed]) -> Form:
    """The form of whoever looks at a letter as the second person, and sends it.

    Whom it is to and what it claims is what was proposed, and is not asked again; its text is.
    """
    who = {"who": fact.event.recipient, "proposer": fact.actor}
    return Form(
        "letter_look",
        _("Look and send: the letter to %(who)s that %(proposer)s wrote") % who,
        (Button(_("I looked at it: send and log it")),),
        (_channel(), *_body(), _also()),
        {"letter": fact.event.letter, "proposed": str(fact.seq)},
        fact.event.letter,
        _("Read the letter itself beside what the register says. It goes only if its text is the one that was shown."),
    )


def again_form(matter: Matter, fact: Fact[LetterProposed]) -> Form:
    """The form that proposes a letter anew, with what it said before: then the last one counts."""
    event = fact.event
    shown = range(max(CLAIMS_SHOWN, len(event.claims)))
    said = [event.claims[at] if at < len(event.claims) else None for at in shown]
    claims = [field for number, claim in enumerate(said, 1) for field in _claim_fields(matter, number, claim)]
    return Form(
        "letter_again",
        _("Change it and propose it again: the letter to %(who)s") % {"who": event.recipient},
        (Button(_("Show it to a colleague")),),
        (_other(event.recipient), *_body(), _decision(matter, event.decision or ""), *claims),
        {"letter": event.letter},
        event.letter,
        _("It takes the place of the one that waits. You are the one who proposed it then; a colleague sends it."),
    )


def _other(recipient: str = "") -> Field:
    return Field("other", _("To whom"), chosen=(recipient,) if recipient else ())


def _decision(matter: Matter, chosen: str = "") -> Field:
    known = choices({"": _("(none)"), **{name: matter.decision(name) for name in matter.material.decisions}})
    return Field("decision", _("The decision that it is about"), Kind.CHOICE, known, (chosen,) if chosen else ())


def _channel() -> Field:
    return Field("channel", _("By"), Kind.CHOICE, choices({each: plain(each) for each in CHANNELS}))


def _body() -> tuple[Field, Field]:
    return (
        Field("body", _("The text"), Kind.AREA, hint=_("Only its hash is kept. The text is not stored.")),
        Field("sha256", _("Or the SHA-256 of its file")),
    )


def _also() -> Field:
    says = {"explains": _("gives the reasons for the decision"), "review": _("says how to ask for a review")}
    return Field("says", _("It also"), Kind.MANY, choices(says))


def letter_form(matter: Matter, *, outgoing: bool) -> Form:
    """The form for a letter that goes, or one that came."""
    way = [
        _other() if outgoing else Field("other", _("From whom")),
        _channel(),
        *([] if outgoing else [Field("sent_at", _("When it was sent"), Kind.INSTANT)]),
        *_body(),
    ]
    about = [
        _decision(matter),
        _also(),
    ]
    claims = [field for number in range(1, CLAIMS_SHOWN + 1) for field in _claim_fields(matter, number)]
    buttons = (
        (
            Button(_("Send and log it")),
            Button(_("Check the wording first"), "check"),
            Button(_("Show it to a colleague first"), PROPOSE),
        )
        if outgoing
        else (Button(_("Log it")),)
    )
    return Form(
        "letter_out" if outgoing else "letter_in",
        _("Log a letter that goes out") if outgoing else _("Log a letter that came in"),
        buttons,
        (*way, *about, *claims),
    )


def _claim_fields(matter: Matter, number: int, said: v.LetterClaim | None = None) -> Iterator[Field]:
    """What a letter says of which record, or of every record of a kind; ``said`` stands in the fields already."""
    says = {"": "-", **{each.value: words(CLAIMS, each) for each in v.ClaimCode}}
    records = {f"record:{line.record}": line.label for line in matter.index() if not line.stub}
    kinds = {f"kind:{kind.value}": _("any %(kind)s") % {"kind": words(KINDS, kind)} for kind in v.RecordKind}
    about = {"": _("(everything)"), **records, **kinds}
    who, code = {"n": number}, (said.claim.value,) if said is not None else ()
    yield Field(f"about.{number}", _("Claim %(n)s is about") % who, Kind.CHOICE, choices(about), _about(said))
    yield Field(f"claim.{number}", _("Claim %(n)s says that it") % who, Kind.CHOICE, choices(says), code)
    own = (Choice("yes", _("it speaks of the sender's own holding only")),)
    yield Field(
        f"own.{number}",
        _("Limits of claim %(n)s") % who,
        Kind.MANY,
        own,
        ("yes",) if said is not None and said.own_holding else (),
    )


def _about(said: v.LetterClaim | None) -> tuple[str, ...]:
    """What a claim is about, as the choice of a form."""
    if said is None:
        return ()
    if said.record is not None:
        return (f"record:{said.record}",)
    return (f"kind:{said.kind.value}",) if said.kind is not None else ()


def claims_in(form: QueryDict) -> tuple[v.LetterClaim, ...]:
    """The claims of a form, in their order."""
    found = []
    for number in range(1, sum(name.startswith("claim.") for name in form) + 1):
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


def _out(form: QueryDict, scene: Scene) -> r.LogLetter | r.ProposeLetter:
    """The wording is checked first, or a colleague sees it first, where that was asked for; nothing is sent then."""
    if text(form, "act") == PROPOSE:
        return _proposed(form)
    if text(form, "act") == "check":
        matter = matter_of(scene)
        advice = wording_advice(matter.material, scene.seat.agency, claims_in(form), scene.now, matter.names)
        raise BadInput(advice or [_("Nothing was sent. The register bears out what the letter claims.")])
    return _letter(form, outgoing=True, sender=scene.seat.agency, recipient=text(form, "other"))


def _again(form: QueryDict, scene: Scene) -> r.ProposeLetter:
    """Only what waits in this agency: nobody displaces a letter of another."""
    return _proposed(form, _that_waits(form, scene).event.letter)


def _proposed(form: QueryDict, letter: str = "") -> r.ProposeLetter:
    decision = text(form, "decision") or None
    return r.ProposeLetter(text(form, "other"), _hash_of(form), letter, claims_in(form), decision)


def _that_waits(form: QueryDict, scene: Scene) -> Fact[LetterProposed]:
    letter = text(form, "letter")
    found = next((fact for fact in waiting(matter_of(scene)) if fact.event.letter == letter), None)
    if found is None:
        raise BadInput([_("No such letter waits for a second look: it has gone, or it is not of your agency.")])
    return found


def _looked(form: QueryDict, scene: Scene) -> r.LogLetter:
    """What was on the screen of whoever looked is what goes: not what was proposed since."""
    found = _that_waits(form, scene)
    if str(found.seq) != text(form, "proposed"):
        raise BadInput([_("The letter was proposed again while you looked at it. Look at it as it is now.")])
    event, says = found.event, form.getlist("says")
    return r.LogLetter(
        True,
        event.sender,
        event.recipient,
        text(form, "channel"),
        _hash_of(form),
        event.letter,
        claims=event.claims,
        decision=event.decision,
        explains_decision="explains" in says,
        review_notice="review" in says,
    )


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
        (r.LogLetter, r.ProposeLetter),
        _out,
        lazy(
            "Case %(reference)s: the letter was written down. One that went has its receipt beside it; "
            "one that you showed to a colleague waits here for them."
        ),
    ),
    Act(
        "letter_look",
        SECTION,
        (r.LogLetter,),
        _looked,
        lazy("Case %(reference)s: you looked at the letter, and it was logged. Its receipt stands beside it."),
    ),
    Act(
        "letter_again",
        SECTION,
        (r.ProposeLetter,),
        _again,
        lazy("Case %(reference)s: the letter was proposed again. Nothing was sent; a colleague looks at it."),
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
