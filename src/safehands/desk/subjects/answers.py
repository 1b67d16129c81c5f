"""Contacts and what they said: another contact joins, a line is lost, somebody rings back, the tables are asked
again."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import UNKNOWN, Contact
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.forms import Button, Choice, Field, Form, Kind
from safehands.desk.scene import Scene, agency_names
from safehands.desk.subjects.act import Act
from safehands.errors import BadInput
from safehands.service.register import normal
from safehands.store.ports import Token

SECTION = "answers"

#: The questions, by their short name, that a contact's own choices answer.
CHANNEL_QUESTION, REPORTER_QUESTION = "channel", "prof"


def forms(scene: Scene) -> Iterator[Form]:
    """What can be done about contacts."""
    case = scene.case
    if case.is_open:
        yield from (form for name in scene.mine for form in _line(scene, name))
        yield Form(
            "conclude",
            _("Ask the tables again"),
            (Button(_("Ask the tables")),),
            says=_("With every answer that is written down now, those of linked cases among them."),
        )
    yield _join(scene)


def _line(scene: Scene, name: str) -> Iterator[Form]:
    state = scene.case.contacts[name]
    owed = state.dropped_at is not None and not state.called_back
    hidden = {"contact": name}
    called = named(scene, name)
    if not owed:
        button = (Button(_("The line was lost")),)
        yield Form("dropped", _("%(contact)s: the line was lost") % {"contact": called}, button, (), hidden, name)
    reached = (Button(_("Rang back and reached them"), "yes"), Button(_("Rang back, nobody answered"), "no"))
    title = _("%(contact)s: you rang back") % {"contact": called}
    yield Form("called_back", title, reached, (), hidden, name)


def named(scene: Scene, name: str) -> str:
    """A contact as people speak of it: ``Contact 2 (999 call)``."""
    number = list(scene.case.contacts).index(name) + 1
    channel = scene.case.contacts[name].contact.channel
    label = next((each.label for each in channels(scene.pathway) if each.value == channel), channel)
    return _("Contact %(n)d (%(channel)s)") % {"n": number, "channel": label}


def _join(scene: Scene) -> Form:
    fields = (
        Field("channel", _("It came by"), Kind.CHOICE, channels(scene.pathway)),
        Field("reporter", _("Who is reporting?"), Kind.CHOICE, (Choice("", _("Not known yet")), *reporters(scene))),
        Field("own_agency", _("About their own patient, client or resident: whose?"), Kind.CHOICE, _own()),
        Field("phone", _("Their number"), hint=_("Only a keyed mark of it is kept.")),
        Field("place", _("The place")),
    )
    says = "" if scene.case.is_open else _("The case is open again then, and your agency holds it.")
    return Form("join", _("Another contact about this"), (Button(_("Add the contact")),), fields, says=says)


def channels(pathway: Pathway) -> tuple[Choice, ...]:
    """By which ways a contact can reach us."""
    return _choices(pathway, CHANNEL_QUESTION)


def reporters(scene: Scene) -> tuple[Choice, ...]:
    """Who can be reporting."""
    return _choices(scene.pathway, REPORTER_QUESTION)


def _choices(pathway: Pathway, name: str) -> tuple[Choice, ...]:
    found = (each for question in pathway.questions if question.name == name for each in question.choices)
    return tuple(Choice(each.code, each.label) for each in found)


def _own() -> tuple[Choice, ...]:
    return (Choice("", _("No")), *(Choice(code, name) for code, name in agency_names().items()))


def contact_in(form: QueryDict, pathway: Pathway, name: str, agency: str) -> Contact:
    """The contact that a form describes, received now. Raises ``BadInput`` where nobody said by which way."""
    channel, own = text(form, "channel"), text(form, "own_agency")
    if channel not in {each.value for each in channels(pathway)}:
        raise BadInput([_("Say how the contact reached us.")])
    return Contact(
        contact=name,
        channel=channel,
        received_at=kernel().clock.now(),
        taken_by=agency,
        reporter_type=text(form, "reporter") or UNKNOWN,
        reporter_agency=own or None,
        about_own=bool(own),
        reference=text(form, "reference") or None,
    )


def tokens_in(form: QueryDict) -> tuple[Token, ...]:
    """What earlier contacts about the same person or place are found by."""
    given = (("phone", text(form, "phone")), ("address", text(form, "place")))
    return tuple(Token(kind, normal(kind, value)) for kind, value in given if value)


def _joined(form: QueryDict, scene: Scene) -> c.JoinContact:
    name = f"{text(form, 'command') or kernel().clock.new_id()}-c"
    return c.JoinContact(contact_in(form, scene.pathway, name, scene.seat.agency))


ACTS = (
    Act(
        "dropped",
        SECTION,
        (c.DropContact,),
        lambda form, _scene: c.DropContact(text(form, "contact")),
        lazy("Case %(reference)s: the line was lost. Ring back."),
    ),
    Act(
        "called_back",
        SECTION,
        (c.MakeCallBack,),
        lambda form, _scene: c.MakeCallBack(text(form, "contact"), "yes" in (text(form, "reached"), text(form, "act"))),
        lazy("Case %(reference)s: the call back was written down."),
    ),
    Act("conclude", SECTION, (c.Conclude,), lambda _form, _scene: c.Conclude(), lazy("The tables were asked again.")),
    Act(
        "join",
        SECTION,
        (c.JoinContact,),
        _joined,
        lazy("Case %(reference)s: the contact was added. Ask, and write down what they say."),
        tokens=tokens_in,
    ),
)
