"""What is entered in one's own register, one address an act: parse the form, build the commands, send them, go to the
record. Where a rule says no, the record's page says why, and the form is there with what was written in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from safehands.core.records.commands import DeclareRegister, RegisterCommand, RegisterRecord
from safehands.core.vocabulary import HappenedSource
from safehands.desk.acting import command_id, text
from safehands.desk.apps import kernel
from safehands.desk.faults import faults_of, status_of
from safehands.desk.guards import signed_in
from safehands.desk.pages.evidence import record as records
from safehands.desk.pages.evidence import register
from safehands.desk.parsing import instant
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.entering import ACTS, declare_form
from safehands.desk.subjects.shelf import Entering, shelf_of
from safehands.errors import SafehandsError
from safehands.service.permissions import check_may_enter
from safehands.service.registers import RegisterRequest, enter


def view_of(act: Entering) -> Callable[..., HttpResponse]:
    """The view that does ``act``."""

    @require_POST
    @signed_in
    def view(request: Seated, seat: Seat) -> HttpResponse:
        record = text(request.POST, "record")
        written = ""
        try:
            check_may_enter(seat.actor)
            shelf = shelf_of(seat, record)
            commands = act.build(request.POST, shelf)
            for n, command in enumerate(commands):
                _enter(request, seat, command, n)
                if isinstance(command, RegisterRecord):
                    written = command.record
        except SafehandsError as error:
            return _refused(request, seat, act, written or record, error)
        messages.success(request, str(act.done))
        return redirect("own_record", written or record) if written or record else redirect("register")

    return view


def _enter(request: Seated, seat: Seat, command: RegisterCommand, n: int) -> None:
    asked = command_id(request)
    happened_at = instant(text(request.POST, "happened_at"))
    enter(
        kernel(),
        RegisterRequest(
            asked if n == 0 else str(uuid5(UUID(asked), str(n))),
            command,
            seat.actor,
            happened_at,
            HappenedSource.LIVE if happened_at is None else HappenedSource.LATE,
        ),
    )


def _refused(request: Seated, seat: Seat, act: Entering, record: str, error: SafehandsError) -> HttpResponse:
    """The page that the form stood on. A record that was registered before its copy was refused has a page already."""
    if record and record in shelf_of(seat).own.records:
        return records.page(request, seat, record, error)
    if act.commands[0] is RegisterRecord:
        return register.form_page(request, seat, error)
    if act.commands[0] is DeclareRegister:
        context = register.context_of(seat, request.GET) | {"faults": faults_of(error)}
        context["declare"] = declare_form(shelf_of(seat)).refilled(request.POST)
        return render(request, "desk/evidence/register.html", context, status=status_of(error))
    raise error


#: One address for each thing that can be entered, by its name.
VIEWS: Final = {act.name: view_of(act) for act in ACTS}
