"""Digital files: taken in on a record's page, handed out to whoever may have them, through these two addresses only.

A file is hashed as it comes and read again where it lies. Its content never reaches the ledger; its hash does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from safehands.core.records import commands as r
from safehands.core.records import vocabulary as v
from safehands.core.records.material import Material
from safehands.core.rules import may
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import command_id, look, send, text
from safehands.desk.apps import kernel
from safehands.desk.forms import Button, Field, Form, Kind
from safehands.desk.guards import signed_in
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.shelf import Shelf, shelf_of
from safehands.errors import BadInput, NotFound, NotPermitted, SafehandsError
from safehands.files.clamd import scanner_of
from safehands.files.names import download_headers
from safehands.files.places import ALIAS
from safehands.files.receiving import Received, receive
from safehands.files.scanning import Verdict
from safehands.service.permissions import check_may_enter
from safehands.service.registers import RegisterRequest, enter

#: The end of the name under which a scanner's verdict lies beside a file.
_SCAN: Final = ".scan"

#: What a scanner can have said of a file in which it found something: it is handed out by nobody's plain request.
_HELD_BACK: Final = Verdict.FOUND.value


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies here: what is said of its scan, and whether the reader may have it."""

    size: int
    scan: str
    may_have: bool


class OneFile(TemporaryFileUploadHandler):
    """Puts one upload on disk as it comes, up to the largest that is taken here; no file is held in memory."""

    too_large = False
    _taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """One more piece."""
        self._taken += len(raw_data)
        if self._taken > settings.DESK_LARGEST_FILE:
            self.too_large = True
            self.file.close()
            return
        if not self.too_large:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The whole; nothing where it was too large."""
        return None if self.too_large else super().file_complete(file_size)


def place() -> Storage:
    """Where files lie."""
    return storages[ALIAS]


def upload_form(shelf: Shelf) -> Form:
    """Add a copy that is a file."""
    fields = (
        Field("file", _("The file"), Kind.FILE, hint=_largest()),
        Field("role", _("What it is for"), Kind.CHOICE, w.choices_of(w.ROLES)),
        Field("sha256_sent", _("Its SHA-256, if the sender gave one")),
        Field("person", _("Who sent or handed it over")),
    )
    says = _("It is hashed as it comes. Where that hash is not the sender’s, the file is kept and the page says so.")
    buttons = (Button(_("Take the file in")),)
    return Form(
        "upload_file",
        _("Add a file"),
        buttons,
        fields,
        {"record": shelf.record},
        says=says,
        address=reverse("upload_file"),
    )


def _largest() -> str:
    return _("Up to %(n)d MB.") % {"n": settings.DESK_LARGEST_FILE // 1_000_000}


@require_POST
@csrf_exempt
def upload_file(request: HttpRequest) -> HttpResponse:
    """A file for a record of the own register: its handler is chosen before anybody reads the form."""
    handler = OneFile(request)
    request.upload_handlers = [handler]
    request.too_large = handler  # type: ignore[attr-defined]  # read by ``_upload``, after the form was read
    return _upload(request)


@csrf_protect
@signed_in
def _upload(request: Seated, seat: Seat) -> HttpResponse:
    from safehands.desk.pages.evidence.record import page

    record = text(request.POST, "record")
    try:
        check_may_enter(seat.actor)
        if record not in shelf_of(seat).own.records:
            raise NotFound(_("Your agency’s register has no such record."))
        received = _received(request)
        _registered(request, seat, record, received)
    except NotFound:
        raise
    except SafehandsError as error:
        if record not in shelf_of(seat).own.records:
            raise
        return page(request, seat, record, error)
    if received.as_sent is False:
        messages.warning(request, _("The file was kept. Its hash is not the one that the sender gave."))
    messages.success(request, _("The file was taken in and hashed. %(scan)s") % {"scan": scan_said(received.stored_as)})
    return redirect("own_record", record)


def _received(request: HttpRequest) -> Received:
    if request.too_large.too_large:  # type: ignore[attr-defined]  # the handler that ``upload_file`` put there
        raise BadInput([_("The file is too large. %(most)s") % {"most": _largest()}])
    file = request.FILES.get("file")
    if file is None or not hasattr(file, "file"):
        raise BadInput([_("Choose the file.")])
    received = receive(
        cast(BinaryIO, file.file),
        place(),
        str(uuid5(UUID(command_id(request)), "file")),
        name=str(file.name),
        sha256_sent=text(request.POST, "sha256_sent") or None,
        scanner=scanner_of(settings.DESK_SCANNER),
        largest=settings.DESK_LARGEST_FILE,
    )
    verdict = f"{received.scanned.verdict}\n{received.scanned}"
    place().save(received.stored_as + _SCAN, ContentFile(verdict.encode()))
    return received


def _registered(request: HttpRequest, seat: Seat, record: str, received: Received) -> None:
    """The copy and how it came: two entries under ids of the form's own."""
    asked = UUID(command_id(request))
    copy = str(uuid5(asked, "copy"))
    roles = {each.value: each for each in v.CopyRole}
    given = text(request.POST, "sha256_sent").lower()
    purpose = str(received.scanned)
    if received.as_sent is False:
        purpose = _("%(scan)s The sender gave another hash: %(hash)s.") % {"scan": purpose, "hash": given}
    commands: tuple[r.RegisterCommand, ...] = (
        r.RegisterCopy(
            copy,
            record,
            roles.get(text(request.POST, "role"), v.CopyRole.WORKING),
            v.Medium.FILE,
            received.digest.sha256,
            received.digest.size,
            label=received.name,
            held_by=seat.agency,
            system="safehands",
            stored_as=received.stored_as,
        ),
        r.RecordCustody(
            str(uuid5(asked, "custody")),
            copy,
            v.CustodyType.UPLOADED,
            person=seat.actor.actor,
            given_by=text(request.POST, "person"),
            purpose=purpose,
            sha256_before=given or None,
            sha256_after=received.digest.sha256,
        ),
    )
    for n, command in enumerate(commands):
        enter(kernel(), RegisterRequest(str(uuid5(asked, f"entry {n}")), command, seat.actor))


def scan_of(stored_as: str) -> tuple[str, str]:
    """The scanner's verdict on a file and its sentence. Of a file without a word about it: not scanned."""
    try:
        with place().open(stored_as + _SCAN) as lying:
            verdict, _line, sentence = lying.read().decode().partition("\n")
    except FileNotFoundError:
        return Verdict.NOT_SCANNED.value, _("Not scanned.")
    return verdict, sentence


def scan_said(stored_as: str) -> str:
    """The sentence alone."""
    return scan_of(stored_as)[1]


def lying(material: Material, copy: str, seat: Seat) -> Lying | None:
    """The file of a copy, where one lies here."""
    event = material.copies[copy].event
    if event.stored_as is None:
        return None
    return Lying(event.size or 0, scan_said(event.stored_as), may(check_may_have, material, copy, seat))


def check_may_have(material: Material, copy: str, seat: Seat) -> None:
    """Who may have the file of a copy: the agency that registered it, and whoever it was sent to and not taken back."""
    event = material.copies[copy].event
    if event.stored_as is None:
        raise NotFound(_("No file of this copy lies here."))
    at = kernel().clock.now()
    sent = [material.shares[share].event for share in material.shares_of.get(event.record, ())]
    given = any(
        share.copy == copy
        and share.to_agency == seat.agency
        and share.share not in material.revoked
        and (share.expires_at is None or share.expires_at > at)
        for share in sent
    )
    if material.copies[copy].agency != seat.agency and not given:
        raise NotPermitted(_("This file was not sent to your agency, or was taken back."))
    if scan_of(event.stored_as)[0] == _HELD_BACK:
        raise NotPermitted(_("A scanner found something in this file. It is kept, and handed to nobody from here."))


@require_POST
@signed_in
def download_own(request: Seated, seat: Seat) -> HttpResponse:
    """A file of the own register. That it was downloaded, and by whom, is written in the custody of its copy."""
    copy = text(request.POST, "copy")
    shelf = shelf_of(seat)
    if copy not in shelf.own.copies:
        raise NotFound(_("Your agency’s register has no such copy."))
    check_may_have(shelf.own, copy, seat)
    asked = UUID(command_id(request))
    custody = r.RecordCustody(
        str(uuid5(asked, "custody")), copy, v.CustodyType.DOWNLOADED, person=seat.actor.actor, purpose=_("downloaded")
    )
    enter(kernel(), RegisterRequest(str(asked), custody, seat.actor))
    return _handed(shelf.own, copy)


@require_POST
@signed_in
def download_shared(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
    """A file that was sent to the own agency. To fetch it counts as opening it; how far it was seen, a person says."""
    material = kernel().material(str(case_id), agency=seat.agency).material
    share = text(request.POST, "share")
    if share not in material.shares or material.shares[share].event.to_agency != seat.agency:
        raise NotFound(_("Nothing of this kind was sent to your agency."))
    copy = material.shares[share].event.copy
    if copy is None or copy not in material.copies:
        raise NotFound(_("No file went with it."))
    check_may_have(material, copy, seat)
    send(request, seat, str(case_id), r.OpenShare(share))
    look(seat, case_id, "file")
    return _handed(material, copy)


def _handed(material: Material, copy: str) -> HttpResponse:
    event = material.copies[copy].event
    stored: Any = place().open(str(event.stored_as))
    response = FileResponse(stored)
    # Afterwards: Django's own idea of them would let a browser show the file.
    for name, value in download_headers(event.label).items():
        response[name] = value
    # A stream is a response of another class; every middleware of ours takes both.
    return cast(HttpResponse, response)
