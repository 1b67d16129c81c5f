"""Material of a case: what each agency asks of another, sends, receives and opens. An answer has a sheet of its own
(``pages.evidence.answering``)."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from safehands.core.case import Case
from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import is_answered
from safehands.core.records.events import MaterialRequested
from safehands.core.records.material import Material
from safehands.core.records.reading import now
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import text
from safehands.desk.apps import kernel
from safehands.desk.family_tree import ref_of
from safehands.desk.forms import Button, Choice, Field, Form, Kind
from safehands.desk.models import Agency
from safehands.desk.parsing import instant
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import BECAUSE, Act, when
from safehands.desk.subjects.shelf import code, copy_called, coverage, day
from safehands.errors import BadInput
from safehands.service.material import seen_by

MATERIAL = "material"
REQUESTS = "requests"

#: The pathway whose cases are about material; others show these pages where there is any.
PATHWAY = "evidence-review"
#: Working days within which an answer is asked for, unless somebody says otherwise.
USUAL_DAYS = 10


def concerns(case: Case) -> bool:
    """Whether a case has pages about material."""
    return case.pathway.pathway == PATHWAY or bool(kernel().known(case.stream).material.records)


def material_of(scene: Scene) -> Material:
    """What the case has learned, whole: what of it may be shown, ``seen_by`` says."""
    return kernel().material(scene.case.case_id, agency=scene.seat.agency).material


def agencies(scene: Scene) -> tuple[Choice, ...]:
    """Every other agency."""
    known = Agency.objects.exclude(code=scene.seat.agency)
    return tuple(Choice(each.code, str(each)) for each in known)


# --- what there is ----------------------------------------------------------------------------------------------------


def material_forms(scene: Scene) -> Iterator[Form]:
    """What can be done with what there is: send a record, take back what was sent."""
    if not scene.case.is_open:
        return
    material = material_of(scene)
    reading = now(material)
    seen = seen_by(material, scene.seat.agency)
    records = tuple(
        Choice(fact.event.record, f"{ref_of(reading, fact)} ({w.said(w.KINDS, fact.event.kind)})")
        for fact in seen.records
    )
    if records:
        copies = tuple(
            Choice(copy, f"{ref_of(reading, fact)}: {copy_called(material, copy)}")
            for fact in seen.records
            for copy in material.copies_of.get(fact.event.record, ())
        )
        asked = tuple(
            Choice(name, _request_called(fact.event))
            for name, fact in material.requests.items()
            if fact.event.to_agency == scene.seat.agency
        )
        yield Form(
            "share_record",
            _("Send or show a record to another agency"),
            (Button(_("Send it")),),
            (
                Field("to_agency", _("To whom"), Kind.CHOICE, agencies(scene)),
                Field("to_person", _("Which team or person")),
                Field("record", _("What"), Kind.CHOICE, records),
                Field("copy", _("Which copy"), Kind.CHOICE, (Choice("", _("No copy: told only")), *copies)),
                Field("channel", _("How"), Kind.CHOICE, w.choices_of(w.CHANNELS)),
                Field("request", _("For which request"), Kind.CHOICE, (Choice("", _("None")), *asked)),
                Field("conditions", _("On what conditions")),
                Field("expires", _("Open until"), Kind.DATE),
                when(_("When it was sent, if not now")),
            ),
            says=_("Without a copy they are told of it, and have not been given it."),
        )
    for name, share in material.shares.items():
        if share.event.from_agency == scene.seat.agency and name not in material.revoked:
            ref = ref_of(reading, material.records[share.event.record])
            fields = {"ref": ref, "who": share.event.to_agency}
            yield Form(
                "revoke_share",
                _("Take %(ref)s back from %(who)s") % fields,
                (Button(_("Take it back")),),
                (Field("reason", str(BECAUSE)),),
                {"share": name},
                name,
                _("That it was there stays on file."),
            )


def _share(form: QueryDict, _scene: Scene) -> r.ShareRecord:
    return r.ShareRecord(
        text(form, "record"),
        text(form, "to_agency"),
        code(form, "channel", v.Channel, _("how it goes")),
        sent_at=instant(text(form, "happened_at")),
        copy=text(form, "copy") or None,
        to_person=text(form, "to_person"),
        expires_at=day(form, "expires"),
        conditions=text(form, "conditions"),
        request=text(form, "request") or None,
    )


# --- what is asked and what arrives -----------------------------------------------------------------------------------


def request_forms(scene: Scene) -> Iterator[Form]:
    """What can be done about requests and about what was sent here."""
    if not scene.case.is_open:
        return
    material = material_of(scene)
    agency = scene.seat.agency
    reading = now(material)
    for name, share in material.shares.items():
        if share.event.to_agency == agency:
            ref = ref_of(reading, material.records[share.event.record])
            yield from _share_forms(material, name, ref)
    yield ask_form(scene)
    for name, fact in material.requests.items():
        if fact.event.from_agency == agency and not is_answered(material, name):
            yield Form(
                "withdraw_request",
                _("Ask no longer: %(what)s") % {"what": _request_called(fact.event)},
                (Button(_("Withdraw the request")),),
                (Field("reason", str(BECAUSE)),),
                {"request": name},
                name,
            )


def ask_form(scene: Scene) -> Form:
    """Ask an agency for material."""
    return Form(
        "request_material",
        _("Ask an agency for material"),
        (Button(_("Send the request")),),
        (
            Field("to_agency", _("Whom"), Kind.CHOICE, agencies(scene)),
            Field("purpose", _("What for"), Kind.CHOICE, w.choices_of(w.PURPOSES)),
            Field(
                "everything",
                _("How much"),
                Kind.CHOICE,
                (
                    Choice("yes", _("Everything that they hold about this case")),
                    Choice("no", _("Only what I say below")),
                ),
            ),
            Field("kinds", _("Only these kinds"), Kind.MANY, w.choices_of(w.KINDS)),
            Field("made_from", _("Made from"), Kind.DATE),
            Field("made_until", _("Made until"), Kind.DATE),
            Field("text", _("In your own words"), Kind.AREA),
            Field("days", _("Within how many working days"), Kind.NUMBER, chosen=(str(USUAL_DAYS),)),
            Field("closes_on", _("Which decision waits for it")),
        ),
        says=_("They answer for each record on their own register, and cannot leave one out without saying so."),
    )


def _ask(form: QueryDict, _scene: Scene) -> r.RequestMaterial:
    days = text(form, "days")
    if not days.isdecimal():
        raise BadInput([_("Write the number of working days.")])
    kinds = tuple(kind for kind in v.RecordKind if kind in form.getlist("kinds"))
    everything = text(form, "everything") == "yes"
    scope = v.Scope(
        everything,
        () if everything else kinds,
        (),
        None if everything else day(form, "made_from"),
        None if everything else day(form, "made_until"),
        text(form, "text"),
    )
    return r.RequestMaterial(
        text(form, "to_agency"),
        code(form, "purpose", v.RequestPurpose, _("what it is for")),
        scope,
        closes_on=text(form, "closes_on"),
        within_days=int(days),
    )


def _share_forms(material: Material, name: str, ref: str) -> Iterator[Form]:
    if name not in material.received:
        yield Form(
            "receive_share",
            _("%(ref)s has arrived") % {"ref": ref},
            (Button(_("Write down the receipt")),),
            (
                Field("sha256", _("SHA-256 of what arrived"), hint=_("Leave it empty for a thing that is no file.")),
                when(_("When, if not now")),
            ),
            {"share": name},
            name,
            _("A hash that is another than the one that was sent is written down, never refused."),
        )
    if name not in material.revoked:
        yield Form(
            "open_share",
            _("Somebody opened %(ref)s") % {"ref": ref},
            (Button(_("Write down how far it was seen")),),
            (
                Field("percent", _("How much was played or read, in per cent"), Kind.NUMBER),
                Field("start", _("From which second or page"), Kind.NUMBER),
                Field("end", _("To which second or page"), Kind.NUMBER),
                Field("person", _("Who, if not you")),
                when(_("When, if not now")),
            ),
            {"share": name},
            name,
            _("Leave the numbers empty if it was opened and nobody knows how far it was seen."),
        )


def _request_called(event: MaterialRequested) -> str:
    return _("request of %(day)s from %(who)s to %(whom)s") % {
        "day": w.day_of(event.asked_at),
        "who": event.from_agency,
        "whom": event.to_agency,
    }


ACTS = (
    Act("share_record", MATERIAL, (r.ShareRecord,), _share, lazy("Case %(reference)s: it was sent.")),
    Act(
        "revoke_share",
        MATERIAL,
        (r.RevokeShare,),
        lambda form, _scene: r.RevokeShare(text(form, "share"), text(form, "reason")),
        lazy("Case %(reference)s: it was taken back. That it was there stays on file."),
    ),
)
REQUEST_ACTS = (
    Act("request_material", REQUESTS, (r.RequestMaterial,), _ask, lazy("Case %(reference)s: the request was sent.")),
    Act(
        "withdraw_request",
        REQUESTS,
        (r.WithdrawRequest,),
        lambda form, _scene: r.WithdrawRequest(text(form, "request"), text(form, "reason")),
        lazy("Case %(reference)s: the request was withdrawn."),
    ),
    Act(
        "receive_share",
        REQUESTS,
        (r.ReceiveShare,),
        lambda form, _scene: r.ReceiveShare(
            text(form, "share"), instant(text(form, "happened_at")), text(form, "sha256").lower() or None
        ),
        lazy("Case %(reference)s: the receipt was written down."),
    ),
    Act(
        "open_share",
        REQUESTS,
        (r.OpenShare,),
        lambda form, _scene: r.OpenShare(
            text(form, "share"), instant(text(form, "happened_at")), coverage(form), text(form, "person")
        ),
        lazy("Case %(reference)s: how far it was seen was written down."),
    ),
)
