"""Contacts: a case begins with one, others join it, a line may be lost; what each said is written down with its
provenance.

Opening rules (law 1; right-care sheet 2.5): the agency that took the contact holds from the first second
(``opening.receiver``), or, where a professional rings about their own patient, client or resident, that professional's
agency does (``opening.own_patient``).
"""

from __future__ import annotations

from safehands.core.case import Case, ContactState
from safehands.core.commands import (
    CorrectAnswer,
    CorrectEntry,
    DropContact,
    JoinContact,
    LinkCase,
    MakeCallBack,
    RecordAnswers,
    TakeContact,
)
from safehands.core.decide import triage
from safehands.core.decide.draft import Draft
from safehands.core.decide.handover import assume_case
from safehands.core.decide.time import check_contact_time, check_open, check_said
from safehands.core.events import (
    AnswerCorrected,
    AnswersRecorded,
    CallBackMade,
    CaseOpened,
    CaseReopened,
    CasesLinked,
    ContactDropped,
    ContactReceived,
    EntryCorrected,
    TaskAdded,
    TaskCompleted,
)
from safehands.core.pathway import Pathway
from safehands.core.rules import refuse
from safehands.core.vocabulary import Answer, Contact, Ground, Provenance
from safehands.errors import BadInput

#: The kind of task that a lost line leaves behind (right-care sheet failure 5).
CALL_BACK = "call_back"


def take(draft: Draft, command: TakeContact) -> None:
    """Open the case at the contact's first second, under a holder named by a declared rule."""
    contact = command.contact
    check_own_taking(contact, draft)
    holder, rule = opening_holder(contact)
    draft.add(
        CaseOpened(
            command.reference,
            draft.pathway.ref,
            contact.taken_by,
            holder,
            contact.received_at,
            contact.received_at,
            rule,
        )
    )
    draft.add(ContactReceived(contact))
    _record(draft, contact.contact, command.answers)
    pool_registers(draft)


def opening_holder(contact: Contact) -> tuple[str, str]:
    """Who holds a case that begins with ``contact``, and the id of the rule that says so."""
    if contact.about_own and contact.reporter_agency is not None:
        return contact.reporter_agency, "opening.own_patient"
    return contact.taken_by, "opening.receiver"


def join(draft: Draft, command: JoinContact) -> None:
    """Add a contact to the case; a closed case is opened again, held by the agency that took this contact (sheet 2.5,
    2.1).
    """
    case, contact = draft.case, command.contact
    check_own_taking(contact, draft)
    check_can_join(case, contact, draft.pathway)
    reopens = case.closed_at is not None
    if case.closed_at is not None:
        draft.add(CaseReopened(contact.taken_by, max(contact.received_at, case.closed_at), "a new contact"))
    draft.add(ContactReceived(contact))
    _record(draft, contact.contact, command.answers)
    pool_registers(draft)
    if reopens:
        triage.anew(draft)
    else:
        triage.again(draft)


def check_own_taking(contact: Contact, draft: Draft) -> None:
    """Nobody takes a contact, and with it a case, for another agency (law 1); and not before it was received."""
    agency = draft.given.by.agency
    if contact.taken_by != agency:
        refuse("contact.not_yours", taken_by=contact.taken_by, agency=agency)
    check_contact_time(contact, draft.given)


def check_can_join(case: Case, contact: Contact, pathway: Pathway) -> None:
    """A contact joins once, not from before the case, and not so late that a closed case stays closed."""
    if contact.contact in case.contacts:
        refuse("contact.known")
    if contact.received_at < case.opened_at:
        refuse("contact.before_opening")
    if case.closed_at is not None and contact.received_at > case.closed_at + pathway.reopen_within:
        refuse("contact.too_late_to_reopen", closed_at=case.closed_at)


def drop(draft: Draft, command: DropContact) -> None:
    """The line was lost: somebody rings back, and a professional's case comes to the agency that lost the line."""
    case = draft.case
    check_open(case)
    state = check_known(case, command.contact)
    contact = state.contact
    if draft.given.by.agency != contact.taken_by:
        refuse("contact.not_your_line", taken_by=contact.taken_by)
    if state.dropped_at is not None and not state.called_back:
        refuse("contact.dropped_already")
    draft.add(ContactDropped(command.contact))
    text = "Ring the reporter back: the line was lost."
    draft.add(TaskAdded(draft.new_id(), CALL_BACK, contact.taken_by, None, text, contact=command.contact))
    reporters_own = case.holder == contact.reporter_agency and case.holds_by_opening()
    if contact.about_own and reporters_own and case.holder != contact.taken_by:
        assume_case(draft, contact.taken_by, Ground.CALL_DROPPED, "the line was lost before anybody agreed")


def call_back(draft: Draft, command: MakeCallBack) -> None:
    """The reporter was rung back. Reaching them completes the task of that lost line; until then it goes on."""
    check_open(draft.case)
    check_known(draft.case, command.contact)
    draft.add(CallBackMade(command.contact, command.reached))
    if command.reached:
        for task in draft.case.open_tasks():
            if task.contact == command.contact:
                draft.add(TaskCompleted(task.task, "the reporter was reached"))


def check_known(case: Case, contact: str) -> ContactState:
    """The contact must have joined this case."""
    if contact not in case.contacts:
        refuse("contact.unknown", contact=contact)
    return case.contacts[contact]


def record_answers(draft: Draft, command: RecordAnswers) -> None:
    """Write answers down; once the tables were asked, new information asks them again (sheet failure 28)."""
    case = draft.case
    check_open(case)
    check_known(case, command.contact)
    if not command.answers:
        refuse("answers.none")
    _record(draft, command.contact, command.answers)
    if command.conclude:
        triage.conclude(draft)
    else:
        triage.again(draft)


def correct_answer(draft: Draft, command: CorrectAnswer) -> None:
    """Correct an answer of one contact; the tables are asked again."""
    case = draft.case
    check_open(case)
    check_known(case, command.contact)
    if command.answer.question not in case.answers.get(command.contact, {}):
        refuse("answer.never_given", question=command.answer.question)
    check_said(reason=command.reason)
    check_answers(draft.pathway, (command.answer,))
    draft.add(AnswerCorrected(command.contact, command.answer, command.reason))
    triage.again(draft)


def correct_entry(draft: Draft, command: CorrectEntry) -> None:
    """Say that an earlier entry was wrong in one field. It stays; this stands beside it (law 2)."""
    if not 1 <= command.version <= draft.case.version:
        refuse("entry.unknown", version=command.version)
    check_said(field=command.field, reason=command.reason)
    draft.add(EntryCorrected(command.version, command.field, command.was, command.now, command.reason))


def link(draft: Draft, command: LinkCase) -> None:
    """Tie another case about the same person or place to this one and pool its risks; the tables are asked again."""
    case = draft.case
    if command.other == case.stream:
        refuse("link.self")
    if command.other in case.links:
        refuse("link.known")
    draft.add(CasesLinked(command.other, command.matched, command.reason))
    check_said(reason=command.reason)
    pooled = draft.given.register.get(command.other, ())
    if pooled:
        draft.add(AnswersRecorded(command.other, _as_register(pooled, command.other)))
    if case.is_open:
        triage.again(draft)


def check_answers(pathway: Pathway, answers: tuple[Answer, ...]) -> None:
    """Every answer must fit its question. All faults are named at once."""
    faults = triage.faults_of(pathway, answers)
    if faults:
        raise BadInput(faults)


def pool_registers(draft: Draft) -> None:
    """Tie this case to every other about the same person or place, and pool what they say now (sheet failure 1).

    That somebody looked, and how many cases there were, is an answer of its own: without it nobody has asked (law 5).
    """
    for stream, answers in draft.given.register.items():
        if stream not in draft.case.links:
            draft.add(CasesLinked(stream, ("person_or_place",), "a contact about the same person or place"))
        pooled = _as_register(answers, stream)
        known = draft.case.answers.get(stream, {})
        if any(not _same(known.get(answer.question), answer) for answer in pooled):
            draft.add(AnswersRecorded(stream, pooled))
    if draft.given.searched and triage.REGISTERS not in draft.case.answers:
        looked = triage.nothing_on_record(draft.pathway, draft.at, draft.given.by.actor)
        if looked:
            draft.add(AnswersRecorded(triage.REGISTERS, looked))


def _same(known: Answer | None, said: Answer) -> bool:
    return known is not None and known.value == said.value


def _record(draft: Draft, source: str, answers: tuple[Answer, ...]) -> None:
    if not answers:
        return
    check_answers(draft.pathway, answers)
    check_not_less_risky(draft, source, answers)
    draft.add(AnswersRecorded(source, answers))


def check_not_less_risky(draft: Draft, source: str, answers: tuple[Answer, ...]) -> None:
    """What somebody said is not written over with something less risky: that takes a correction, with its reason (law
    10).
    """
    known = draft.case.answers.get(source, {})
    lower = tuple(
        answer.question
        for answer in answers
        if answer.question in known and triage.less_risky(draft.pathway, answer, known[answer.question])
    )
    if lower:
        refuse("answers.less_risky", questions=", ".join(lower))


def _as_register(answers: tuple[Answer, ...], source: str) -> tuple[Answer, ...]:
    return tuple(
        Answer(each.question, each.value, Provenance.REGISTER, each.at, each.by, each.verbatim, source)
        for each in answers
    )
