"""The answer sheet: made from the answering agency's own register, one line a record, each of the seven answers with
what it needs, then the signed statement of where was searched.

What is marked "supplied now" is sent when the sheet is sent; if the answer itself is then refused, the sheet comes back
with those lines as "supplied before", and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from safehands.core.case import Case
from safehands.core.commands import Command
from safehands.core.records import commands as r
from safehands.core.records import events as e
from safehands.core.records import vocabulary as v
from safehands.core.records.answering import SheetLine, is_answered
from safehands.core.records.material import Material
from safehands.core.records.reading import now
from safehands.desk import words_of_evidence as w
from safehands.desk.acting import command_id, opened, text
from safehands.desk.apps import kernel
from safehands.desk.family_tree import ref_of
from safehands.desk.faults import Fault, faults_of, status_of
from safehands.desk.guards import check_acts, signed_in
from safehands.desk.pages.evidence.of_case import scope_of
from safehands.desk.pages.evidence.register import description_of, where_of
from safehands.desk.seats import Seat, Seated
from safehands.desk.subjects.shelf import Shelf, copy_called, shelf_of
from safehands.errors import BadInput, Refused, SafehandsError
from safehands.service.handle import Request
from safehands.service.registers import answer_sheet

#: Values of the field "what this answer needs": a word for what it is, then an id or code.
_COPY, _TOLD, _SHARE, _GROUND, _ENTRY = "copy", "told", "share", "ground", "entry"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that can be chosen as what an answer needs, under the answer that needs it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet."""

    n: int
    record: str
    ref: str
    kind: str
    description: str
    where: str
    suggests: str
    answer: str
    need: str
    said: str
    needs: tuple[tuple[str, tuple[Need, ...]], ...]
    fault: str = ""


@signed_in
def answer(request: Seated, seat: Seat, case_id: UUID, asked: str) -> HttpResponse:
    """The sheet, and the way to send it."""
    case = opened(request, seat, case_id, "answer sheet")
    lines = answer_sheet(kernel(), case.case_id, asked, seat.actor)
    if request.method != "POST":
        return _page(request, seat, case, asked, lines, QueryDict())
    try:
        check_acts(seat.actor)
        done = _sent(request, seat, case, asked, lines)
    except SafehandsError as error:
        # Read again: what was sent before the answer was refused is "supplied before" now.
        again = answer_sheet(kernel(), case.case_id, asked, seat.actor)
        return _page(request, seat, case, asked, again, request.POST, error)
    messages.success(request, done)
    return redirect("case_section", case_id, "requests")


def _page(
    request: Seated,
    seat: Seat,
    case: Case,
    asked: str,
    lines: tuple[SheetLine, ...],
    form: QueryDict,
    error: SafehandsError | None = None,
) -> HttpResponse:
    material = kernel().material(case.case_id, agency=seat.agency).material
    shelf = shelf_of(seat)
    event = material.requests[asked].event
    rows = tuple(_rows(shelf, material, lines, event, form))
    declared = shelf.own.registers.get(seat.agency, ())
    context = {
        "case": case,
        "asked": asked,
        "event": event,
        "purpose": w.said(w.PURPOSES, event.purpose),
        "scope": scope_of(event.scope),
        "rows": rows,
        "answers": [(code.value, str(label), str(w.NEEDS[code])) for code, label in w.ANSWERS.items()],
        "stores": declared[-1].event.stores if declared else (),
        "searched": form.getlist("searched"),
        "form": form,
        "closed": is_answered(material, asked),
        "earlier": material.replies.get(asked, ()),
        "faults": _faults(error, rows) if error is not None else [],
    }
    return render(request, "desk/evidence/answer.html", context, status=status_of(error) if error is not None else 200)


def _rows(
    shelf: Shelf, material: Material, lines: tuple[SheetLine, ...], event: e.MaterialRequested, form: QueryDict
) -> Iterator[Row]:
    for n, line in enumerate(lines):
        fact = shelf.own.records[line.record]
        given = text(form, f"answer.{line.record}")
        suggested = line.suggests.value if line.suggests is not None else ""
        sent = f"{_SHARE}:{line.share}" if line.share is not None else ""
        resent = given == v.ReplyCode.SUPPLIED and line.suggests is v.ReplyCode.ALREADY_SUPPLIED
        yield Row(
            n,
            line.record,
            ref_of(now(shelf.own), fact),
            w.said(w.KINDS, line.kind),
            description_of(shelf.own, fact),
            where_of(shelf, line.record),
            w.said(w.ANSWERS, line.suggests) if line.suggests is not None else "",
            suggested if resent or not form else given,
            sent if resent or not form else text(form, f"need.{line.record}"),
            text(form, f"said.{line.record}"),
            tuple(_needs(shelf, material, line, event)),
        )


def _needs(
    shelf: Shelf, material: Material, line: SheetLine, event: e.MaterialRequested
) -> Iterator[tuple[str, tuple[Need, ...]]]:
    own = shelf.own
    copies = tuple(
        Need(f"{_COPY}:{copy}", _("send %(copy)s") % {"copy": copy_called(own, copy)})
        for copy in own.copies_of.get(line.record, ())
    )
    yield w.said(w.ANSWERS, v.ReplyCode.SUPPLIED), (*copies, Need(f"{_TOLD}:", _("show it in person")))
    shares = tuple(
        Need(f"{_SHARE}:{name}", _("sent %(day)s") % {"day": w.day_of(material.shares[name].event.sent_at)})
        for name in material.shares_of.get(line.record, ())
        if material.shares[name].event.to_agency == event.from_agency and name not in material.revoked
    )
    if shares:
        yield w.said(w.ANSWERS, v.ReplyCode.ALREADY_SUPPLIED), shares
    grounds = tuple(
        Need(
            f"{_GROUND}:{ground.value}:{saw}",
            _("%(ground)s; a prosecutor saw it") % {"ground": label}
            if saw == "yes"
            else _("%(ground)s; no prosecutor saw it") % {"ground": label},
        )
        for ground, label in w.WITHHELD.items()
        for saw in ("yes", "no")
    )
    yield w.said(w.ANSWERS, v.ReplyCode.WITHHELD), grounds
    entries = tuple(_destructions(own, line.record))
    if entries:
        yield w.said(w.ANSWERS, v.ReplyCode.DESTROYED), entries


def _destructions(own: Material, record: str) -> Iterator[Need]:
    for copy in own.copies_of.get(record, ()):
        for fact in own.custody.get(copy, ()):
            if fact.event.type is v.CustodyType.DESTROYED:
                yield Need(f"{_ENTRY}:{fact.event.custody}", _destroyed(fact.event.at, fact.event.authority))
    for n, said in enumerate(own.holdings.get(record, ())):
        if said.event.status is v.HoldingStatus.DESTROYED:
            yield Need(f"{_ENTRY}:holding {n + 1}", _destroyed(said.event.at, said.event.authority))


def _destroyed(at: Any, authority: str) -> str:
    return _("destroyed %(day)s, by authority of %(who)s") % {"day": w.day_of(at), "who": authority}


# --- sending ----------------------------------------------------------------------------------------------------------


def _sent(request: Seated, seat: Seat, case: Case, asked: str, lines: tuple[SheetLine, ...]) -> str:
    """Everything that the sheet comes to, each under an id of its own: what is supplied now, the statement, the
    answer."""
    form = request.POST
    complete = text(form, "complete") != "no"
    given = {line.record: text(form, f"answer.{line.record}") for line in lines}
    missing = [line for line in lines if not given[line.record]]
    if complete and missing:
        raise Refused(
            "reply.incomplete",
            _("Every record needs one of the seven answers. Not answered yet: %(which)s.")
            % {"which": ", ".join(line.exhibit_ref or line.record for line in missing)},
        )
    items = []
    for line in lines:
        if given[line.record]:
            share = _shared(request, seat, case, asked, line.record)
            items.append(_item(form, line.record, share))
    attestation = _attested(request, seat, case, asked, lines)
    earlier = kernel().material(case.case_id, agency=seat.agency).material.replies.get(asked, ())
    command = r.AnswerRequest(
        asked,
        tuple(items),
        complete,
        attestation=attestation,
        supersedes=earlier[-1].event.reply if earlier else None,
    )
    _handle(request, seat, case, command, "answer")
    return _("The answer was sent.") if complete else _("The answer so far was sent. It is marked as not complete.")


def _shared(request: Seated, seat: Seat, case: Case, asked: str, record: str) -> str | None:
    """The sending by which they have it: one that is chosen, or one that is made now."""
    kind, _colon, what = text(request.POST, f"need.{record}").partition(":")
    if kind == _SHARE:
        return what
    if text(request.POST, f"answer.{record}") != v.ReplyCode.SUPPLIED or kind not in (_COPY, _TOLD):
        return None
    material = kernel().material(case.case_id, agency=seat.agency).material
    share = str(uuid5(UUID(command_id(request)), f"share {record}"))
    channel = v.Channel.PORTAL if kind == _COPY else v.Channel.IN_PERSON_VIEWING
    to_agency = material.requests[asked].event.from_agency
    copy = what if kind == _COPY else None
    command = r.ShareRecord(record, to_agency, channel, share, copy=copy, request=asked)
    _handle(request, seat, case, command, f"share {record}")
    return share


def _item(form: QueryDict, record: str, share: str | None) -> v.ReplyItem:
    answers = {each.value: each for each in v.ReplyCode}
    answer = answers.get(text(form, f"answer.{record}"))
    if answer is None:
        raise BadInput([_("Choose one of the seven answers.")])
    kind, _colon, what = text(form, f"need.{record}").partition(":")
    said = text(form, f"said.{record}")
    ground, _colon, saw = what.partition(":") if kind == _GROUND else ("", "", "")
    grounds = {each.value: each for each in v.WithheldFor}
    withheld = answer is v.ReplyCode.WITHHELD
    return v.ReplyItem(
        record,
        answer,
        said if answer is not v.ReplyCode.NOT_HELD else "",
        share,
        grounds.get(ground) if withheld else None,
        saw == "yes" if withheld and saw else None,
        said or None if answer is v.ReplyCode.NOT_HELD else None,
        what if answer is v.ReplyCode.DESTROYED and kind == _ENTRY else None,
    )


def _attested(request: Seated, seat: Seat, case: Case, asked: str, lines: tuple[SheetLine, ...]) -> str | None:
    """The statement that nothing further is held, where somebody makes it."""
    form = request.POST
    if text(form, "attests") != "yes":
        return None
    more = (each.strip() for each in text(form, "searched_too").splitlines())
    searched = tuple(dict.fromkeys(each for each in (*form.getlist("searched"), *more) if each))
    material = kernel().material(case.case_id, agency=seat.agency).material
    attestation = str(uuid5(UUID(command_id(request)), "attestation"))
    not_searched = {}
    for line in text(form, "not_searched").splitlines():
        name, _bar, why = (part.strip() for part in line.partition("|"))
        if name:
            not_searched[name] = why or _("no reason given")
    command = r.AttestNothingFurther(
        material.requests[asked].event.scope,
        searched,
        text(form, "searched_by"),
        text(form, "wording"),
        attestation,
        not_searched=not_searched,
        search_terms=tuple(each.strip() for each in text(form, "terms").split(",") if each.strip()),
        listed=tuple(line.record for line in lines),
        request=asked,
    )
    _handle(request, seat, case, command, "attestation")
    return attestation


def _handle(request: Seated, seat: Seat, case: Case, command: Command, what: str) -> None:
    name = str(uuid5(UUID(command_id(request)), what))
    kernel().handle(Request(name, case.case_id, command, seat.actor))


def _faults(error: SafehandsError, rows: tuple[Row, ...]) -> list[Fault]:
    """The lines of the summary; records by what they are called, each leading to its line."""
    found = []
    for fault in faults_of(error):
        sentence, field = fault.sentence, fault.field
        for row in rows:
            if row.record in sentence or (not row.answer and not field and error_is_about_lines(error)):
                field = field or f"answer-{row.n}"
                sentence = sentence.replace(row.record, row.ref)
        found.append(Fault(sentence, field))
    return found


def error_is_about_lines(error: SafehandsError) -> bool:
    """Whether a refusal is about lines that have no answer."""
    return isinstance(error, Refused) and error.rule == "reply.incomplete"
