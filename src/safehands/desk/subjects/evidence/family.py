"""By what a person may be told: standing and its basis. What they then read stands on the family's page."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records.vocabulary import Standing
from safehands.desk.acting import text
from safehands.desk.forms import Button, Field, Form, Kind, choices
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act
from safehands.errors import BadInput
from safehands.service.words_of_records import STANDINGS, words

SECTION = "family"
TITLE = lazy("The family's page")
ASKS = lazy("What may the victim or the family read, and is it plain?")


def forms(_scene: Scene) -> Iterator[Form]:
    """Say by what somebody may be told."""
    yield Form(
        "standing",
        _("Say by what a person may be told"),
        (Button(_("Write it down")),),
        (
            Field("party", _("Who"), hint=_("A short name in this case, such as mother. Not their full name.")),
            Field(
                "standing",
                _("They are"),
                Kind.CHOICE,
                choices({each.value: words(STANDINGS, each) for each in Standing}),
            ),
            Field("basis", _("On what basis")),
            Field(
                "how",
                _("Also"),
                Kind.MANY,
                choices(
                    {
                        "discretionary": _("we choose to tell them, though nothing says that we have to"),
                        "enhanced": _("they have enhanced rights"),
                    }
                ),
            ),
        ),
    )


def _standing(form: QueryDict, _scene: Scene) -> r.RecordStanding:
    how = form.getlist("how")
    try:
        standing = Standing(text(form, "standing"))
    except ValueError:
        raise BadInput([_("Choose by what they may be told.")]) from None
    return r.RecordStanding(
        text(form, "party"), standing, text(form, "basis"), "discretionary" in how, "enhanced" in how
    )


ACTS = (
    Act(
        "standing",
        SECTION,
        (r.RecordStanding,),
        _standing,
        lazy("Case %(reference)s: by what they may be told was written down."),
    ),
)
