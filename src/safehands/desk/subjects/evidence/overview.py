"""The case's material as a whole: what it is, how the case stands, under which other numbers it is known."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.records import commands as r
from safehands.core.records.vocabulary import CaseStage
from safehands.desk.acting import text
from safehands.desk.forms import Button, Field, Form, Kind, choices, plain
from safehands.desk.parsing import codes
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act
from safehands.errors import BadInput

SECTION = "evidence"
TITLE = lazy("Overview")
ASKS = lazy("What exists in this case, who has it, and how far did it come to us?")

#: Other numbers of the same matter (evidence-review sheet 1.1).
REFERENCES = ("crime", "urn", "cps", "court")


def forms(_scene: Scene) -> Iterator[Form]:
    """What can be said of the case as a whole."""
    stages = choices({each.value: plain(each.value) for each in CaseStage})
    yield Form(
        "case_stage",
        _("Say where the criminal case stands"),
        (Button(_("Write it down")),),
        (Field("stage", _("It is now"), Kind.CHOICE, stages),),
    )
    yield Form(
        "case_flags",
        _("Flag the case, or take a flag away"),
        (Button(_("Write it down")),),
        (
            Field("added", _("Flags to add"), hint=_("Such as rasso, csa, hold:inquiry; with commas between them.")),
            Field("removed", _("Flags to take away")),
        ),
    )
    yield Form(
        "case_references",
        _("Give other numbers of this matter"),
        (Button(_("Write them down")),),
        (
            Field("ref.crime", _("Police crime reference")),
            Field("ref.urn", _("Unique reference number (URN)")),
            Field("ref.cps", _("Reference of the prosecutors")),
            Field("ref.court", _("Reference of the court")),
        ),
    )


def _stage(form: QueryDict, _scene: Scene) -> r.ReachStage:
    try:
        return r.ReachStage(CaseStage(text(form, "stage")))
    except ValueError:
        raise BadInput([_("Choose where the case stands.")]) from None


def _flags(form: QueryDict, _scene: Scene) -> r.FlagCase:
    added, removed = codes([text(form, "added")]), codes([text(form, "removed")])
    if not added and not removed:
        raise BadInput([_("Name a flag to add or to take away.")])
    return r.FlagCase(added, removed)


def _references(form: QueryDict, _scene: Scene) -> r.GiveReferences:
    given = {name: text(form, f"ref.{name}") for name in REFERENCES if text(form, f"ref.{name}")}
    if not given:
        raise BadInput([_("Give at least one number.")])
    return r.GiveReferences(given)


ACTS = (
    Act("case_stage", SECTION, (r.ReachStage,), _stage, lazy("Case %(reference)s: where it stands was written down.")),
    Act("case_flags", SECTION, (r.FlagCase,), _flags, lazy("Case %(reference)s: the flags were written down.")),
    Act(
        "case_references",
        SECTION,
        (r.GiveReferences,),
        _references,
        lazy("Case %(reference)s: the numbers were written down."),
    ),
)
