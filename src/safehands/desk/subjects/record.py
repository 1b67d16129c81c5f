"""The record itself: an earlier entry was wrong in one field. It stays; the correction stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core import commands as c
from safehands.desk.acting import text
from safehands.desk.forms import Button, Field, Form, Kind
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act
from safehands.errors import BadInput

SECTION = "record"


def forms(scene: Scene) -> Iterator[Form]:  # noqa: ARG001 - every subject is asked the same
    """What can be done about the record."""
    yield Form(
        "correct_entry",
        _("An entry was wrong"),
        (Button(_("Write down the correction")),),
        (
            Field("version", _("The entry's number"), Kind.NUMBER, hint=_("It stands beside each entry on this page.")),
            Field("field", _("What in it was wrong")),
            Field("was", _("What it said")),
            Field("now", _("What is right")),
            Field("reason", str(BECAUSE)),
        ),
        says=_("Nothing is rewritten: the entry stays, and the correction stands beside it."),
    )


def _corrected(form: QueryDict, _scene: Scene) -> c.CorrectEntry:
    version = text(form, "version")
    if not version.isdigit():
        raise BadInput([_("Write the number of the entry.")])
    said = (text(form, name) for name in ("field", "was", "now", "reason"))
    return c.CorrectEntry(int(version), *said)


ACTS = (
    Act(
        "correct_entry",
        SECTION,
        (c.CorrectEntry,),
        _corrected,
        lazy("Case %(reference)s: the correction was written down."),
    ),
)
