"""Who the case is about, which other cases are about them, what became of them, and who complained."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.decide.outcomes import SEVERITIES
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.forms import Button, Choice, Field, Form, Kind, plain
from safehands.desk.parsing import needed_instant
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act
from safehands.errors import BadInput

SECTION = "people"

#: In which roles somebody can be part of a case on this desk.
PARTY_ROLES = ("subject", "reporter", "victim", "applicant", "family")


def forms(scene: Scene) -> Iterator[Form]:
    """What can be said about people."""
    case = scene.case
    yield _identify(scene)
    yield Form(
        "link",
        _("Another case is about the same person or place"),
        (Button(_("Tie the two together")),),
        (
            Field("other", _("Its reference")),
            Field(
                "matched",
                _("What they have in common"),
                Kind.MANY,
                (Choice("person", _("the person")), Choice("place", _("the place")), Choice("phone", _("the number"))),
            ),
            Field("reason", str(BECAUSE)),
        ),
        says=_(
            "Risks of both count in both from then on, and the tables are asked again. A tie cannot be cut: where it "
            "was wrong, say so under “Record”, and the entry stands corrected."
        ),
    )
    kinds = tuple(
        Choice(f"{kind}/{severity}", f"{plain(kind)}: {severity}")
        for kind, severities in SEVERITIES.items()
        for severity in severities
    )
    yield Form(
        "outcome",
        _("What became of the person"),
        (Button(_("Write it down")),),
        (
            Field("what", _("What, and how bad"), Kind.CHOICE, kinds, ("none_found/none",)),
            Field("at", _("When, or up to when somebody looked"), Kind.INSTANT),
            Field("source", _("Who says so")),
        ),
        says=_("That somebody looked and found nothing is an outcome too."),
    )
    decisions = tuple(Choice(made.decision, _("Decision %(n)d") % {"n": n}) for n, made in enumerate(case.decisions, 1))
    yield Form(
        "complaint",
        _("Somebody complained"),
        (Button(_("Tie the complaint to the case")),),
        (
            Field("complaint", _("The complaint's reference")),
            Field("received_at", _("Received at"), Kind.INSTANT),
            Field("decision", _("About"), Kind.CHOICE, (Choice("", _("the whole case")), *decisions)),
        ),
    )


def _identify(scene: Scene) -> Form:
    known = tuple(Choice(each, each) for each in scene.case.subjects)
    fields = (
        Field("party", _("Who"), Kind.CHOICE, (*known, Choice("", _("somebody new")))),
        Field("role", _("As"), Kind.CHOICE, tuple(Choice(each, each) for each in PARTY_ROLES)),
        Field("name", _("Name")),
        Field("phone", _("Number")),
        Field("address", _("Address")),
        Field("nhs_number", _("NHS number")),
        Field("date_of_birth", _("Date of birth"), hint=_("Year, month, day: 1990-03-27")),
        Field("note", _("Note")),
    )
    says = _("It lies in the vault and can be erased. Earlier cases about the same person or place are found by it.")
    return Form("identify", _("Say who somebody is"), (Button(_("Write it down")),), fields, says=says)


def _identified(form: QueryDict, scene: Scene) -> c.IdentifyParty:
    role = text(form, "role")
    if role not in PARTY_ROLES:
        raise BadInput([_("Say in which role they are part of the case.")])
    said = {
        name: text(form, name) or None for name in ("name", "phone", "address", "nhs_number", "date_of_birth", "note")
    }
    if not any(said.values()):
        raise BadInput([_("Say something about them: a name, a number, an address, or a note.")])
    party = text(form, "party") or f"{role}-{len(scene.case.subjects) + 1}-{kernel().clock.new_id()[-6:]}"
    return c.IdentifyParty(party, role, **said)


def _linked(form: QueryDict, scene: Scene) -> c.LinkCase:
    reference = text(form, "other").upper()
    other = kernel().store.find(reference, agency=scene.seat.agency) if reference else None
    if other is None:
        raise BadInput([_("There is no case with this reference in which your agency has a part.")])
    matched = tuple(form.getlist("matched"))
    if not matched:
        raise BadInput([_("Say what the two cases have in common.")])
    return c.LinkCase(f"case/{other}", matched, text(form, "reason"))


def _outcome(form: QueryDict, _scene: Scene) -> c.RecordOutcome:
    kind, _of, severity = text(form, "what").partition("/")
    return c.RecordOutcome(kind, severity, needed_instant(form, "at", _("when")), text(form, "source"))


ACTS = (
    Act("identify", SECTION, (c.IdentifyParty,), _identified, lazy("Case %(reference)s: written down.")),
    Act("link", SECTION, (c.LinkCase,), _linked, lazy("Case %(reference)s: the two cases are tied together.")),
    Act("outcome", SECTION, (c.RecordOutcome,), _outcome, lazy("Case %(reference)s: the outcome was written down.")),
    Act(
        "complaint",
        SECTION,
        (c.LinkComplaint,),
        lambda form, _scene: c.LinkComplaint(
            text(form, "complaint"),
            needed_instant(form, "received_at", _("when it was received")),
            text(form, "decision") or None,
        ),
        lazy("Case %(reference)s: the complaint is tied to it."),
    ),
)
