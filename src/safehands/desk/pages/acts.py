"""What can be done in a case, one view a command: parse the form, build the command, send it, go back.

Where a rule says no, the case's page says why and nothing has changed; what another person did in the meantime is on
it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from safehands.core import commands as c
from safehands.core.case import Case
from safehands.core.commands import Command
from safehands.core.vocabulary import Ground
from safehands.desk.acting import send, text
from safehands.desk.apps import kernel
from safehands.desk.guards import signed_in
from safehands.desk.pages.case import page
from safehands.desk.reauthenticating import fresh
from safehands.desk.seats import Seat, Seated
from safehands.errors import BadInput, SafehandsError

Build = Callable[[QueryDict, Case], Command]


def act(build: Build, done: str) -> Callable[..., HttpResponse]:
    """A view that sends the command that ``build`` makes of the form; ``done`` is said when it was done."""

    @require_POST
    @signed_in
    def view(request: Seated, seat: Seat, case_id: UUID) -> HttpResponse:
        case = kernel().case(str(case_id), agency=seat.agency)
        try:
            send(request, seat, case.case_id, build(request.POST, case))
        except SafehandsError as error:
            # Read again: what somebody else did in the meantime is what the sentence is about.
            return page(request, seat, kernel().case(str(case_id), agency=seat.agency), error)
        messages.success(request, _(done) % {"reference": case.reference})
        return redirect("worklist") if text(request.POST, "back") == "worklist" else redirect("case", case_id)

    return view


def _answer_offer(form: QueryDict, _case: Case) -> Command:
    if text(form, "act") == "ask":
        return c.QuestionOffer(text(form, "offer"), text(form, "reason"))
    return c.DeclineOffer(text(form, "offer"), text(form, "reason"))


def _complete_pack(form: QueryDict, case: Case) -> Command:
    offer = case.offers.get(text(form, "offer"))
    required = offer.required if offer is not None else ()
    filled = {name: text(form, f"p.{name}") for name in required if text(form, f"p.{name}")}
    return c.CompletePack(text(form, "offer"), filled)


def _task(form: QueryDict, _case: Case) -> Command:
    task, said = text(form, "task"), text(form, "result")
    match text(form, "act"):
        case "hand_back":
            return c.HandBackTask(task, said)
        case "cancel":
            return c.CancelTask(task, said)
        case "take":
            return c.TakeTask(task, text(form, "believes_from"), said)
        case _:
            return c.CompleteTask(task, said)


def _assume(form: QueryDict, _case: Case) -> Command:
    ground = text(form, "ground")
    if ground not in set(Ground):
        raise BadInput([_("Say on which ground you take the case.")])
    return c.AssumeCase(text(form, "believes_holder"), Ground(ground), text(form, "reason"))


def _lowering(form: QueryDict, _case: Case) -> Command:
    if text(form, "act") == "decline":
        return c.DeclineLowering(text(form, "proposal"), text(form, "reason"))
    return c.ConfirmLowering(text(form, "proposal"))


def _responder(form: QueryDict, _case: Case) -> Command:
    if text(form, "act") == "release":
        return c.RecordRelease(text(form, "responder"))
    return c.RecordArrival(text(form, "responder"), text(form, "agency"), text(form, "place"))


def _add_task(form: QueryDict, _case: Case) -> Command:
    return c.AddTask(text(form, "kind"), text(form, "text"), instant(text(form, "due_at")))


def instant(written: str) -> datetime | None:
    """A date and time as the browser writes it, in the time of London; None where nothing was written."""
    if not written:
        return None
    read = parse_datetime(written)
    if read is None:
        raise BadInput([_("Write the time as day, month, year, hour and minute.")])
    return read if timezone.is_aware(read) else timezone.make_aware(read)


accept = act(
    lambda form, _case: c.AcceptOffer(text(form, "offer"), text(form, "believes_from")),
    "Accepted. Case %(reference)s: what was offered is yours now.",
)
acknowledge = act(
    lambda form, _case: c.AcknowledgeOffer(text(form, "offer")),
    "Case %(reference)s: they know that you received it. You have not accepted, and the clock runs.",
)
answer_offer = act(_answer_offer, "Case %(reference)s: your answer was sent.")
complete_pack = act(_complete_pack, "Case %(reference)s: the pack was filled in.")
withdraw = act(
    lambda form, _case: c.WithdrawOffer(text(form, "offer"), text(form, "reason")),
    "Case %(reference)s: the offer was taken back. You hold on.",
)
by_word = act(
    lambda form, _case: c.AcceptByWord(
        text(form, "offer"), text(form, "person"), text(form, "role"), text(form, "reference")
    ),
    "Case %(reference)s: their word was written down. It is a concern until it is confirmed.",
)
confirm_word = act(
    lambda form, _case: c.ConfirmWord(text(form, "offer"), text(form, "how")),
    "Case %(reference)s: the word was confirmed.",
)
task = act(_task, "Case %(reference)s: the task was brought up to date.")
add_task = act(_add_task, "Case %(reference)s: the task was added.")
assume = act(_assume, "You hold case %(reference)s now.")
lowering = fresh(act(_lowering, "Case %(reference)s: the proposal was answered."))
keeper = act(lambda form, _case: c.SetKeeper(text(form, "keeper")), "Case %(reference)s: the keeper was named.")
milestone = act(
    lambda form, _case: c.RecordMilestone(text(form, "milestone"), text(form, "note")),
    "Case %(reference)s: written down.",
)
responder = act(_responder, "Case %(reference)s: written down.")
signpost = act(
    lambda form, _case: c.Signpost(text(form, "to"), text(form, "reason")),
    "Case %(reference)s: written down. A signpost is not a handover: the holder stays.",
)
close = act(
    lambda form, _case: c.CloseCase(text(form, "believes_holder"), text(form, "reason"), text(form, "outcome")),
    "Case %(reference)s is closed.",
)
reopen = act(
    lambda form, _case: c.ReopenCase(text(form, "reason")), "Case %(reference)s is open again, and you hold it."
)
dropped = act(
    lambda form, _case: c.DropContact(text(form, "contact")), "Case %(reference)s: the line was lost. Ring back."
)
called_back = act(
    lambda form, _case: c.MakeCallBack(text(form, "contact"), text(form, "reached") == "yes"),
    "Case %(reference)s: the call back was written down.",
)
