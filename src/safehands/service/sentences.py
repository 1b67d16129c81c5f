"""The sentences of a story, one small function a subject. ``story`` says which of them an event gets.

They say what an event says and no more; ids are replaced by the words that an earlier entry used, where there was one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, assert_never

from safehands.core import events as e
from safehands.core.events import HandoverOffered, TaskAdded
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import DECLINED, NOT_ASKED, UNKNOWN, Answer, Ground, OfferKind, Provenance, Value

#: How we came to know what somebody answered.
_HOW: Final = {
    Provenance.ASKED: "Asked",
    Provenance.VOLUNTEERED: "Said unasked",
    Provenance.OBSERVED: "Observed",
    Provenance.REGISTER: "From a register",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The pathway's own labels, where the reader has the pathway; else its codes are shown as they are."""

    pathway: Pathway | None

    def outcome(self, number: int) -> str:
        classes = self.pathway.classes if self.pathway is not None else ()
        return next((f"class {number} ({each.label})" for each in classes if each.number == number), f"class {number}")

    def question(self, question: str) -> str:
        questions = self.pathway.questions if self.pathway is not None else ()
        return next((f"{each.id} “{each.text}”" for each in questions if each.id == question), question)

    def choice(self, question: str, code: str) -> str:
        questions = self.pathway.questions if self.pathway is not None else ()
        choices = (choice for each in questions if each.id == question for choice in each.choices)
        return next((choice.label for choice in choices if choice.code == code), code)

    def clock(self, spec: str) -> str:
        clocks = self.pathway.clocks if self.pathway is not None else ()
        kernel = {
            "offer": "Answer to the offer",
            "task": "Task's deadline",
            "booking": "Time of the booking",
            "challenge": "Level of the dispute",
        }
        return next((each.label for each in clocks if each.id == spec), kernel.get(spec, spec))

    def power(self, kind: str) -> str:
        powers = self.pathway.powers if self.pathway is not None else ()
        return next((each.label for each in powers if each.id == kind), kind)

    def place(self, place: str) -> str:
        places = self.pathway.places if self.pathway is not None else ()
        return next((each.label for each in places if each.id == place), place)

    def concern(self, rule: str) -> str:
        concerns = self.pathway.concerns if self.pathway is not None else ()
        return next((each.says for each in concerns if each.id == rule), rule.replace("_", " "))


def moment(at: datetime) -> str:
    """``3 March 2026 14:05:09``, in UTC, to the second."""
    return f"{at.astimezone(UTC):%-d %B %Y %H:%M:%S}"


def contact(
    event: e.CaseOpened | e.ContactReceived | e.ContactDropped | e.CallBackMade | e.PartyIdentified,
) -> str:
    """Opening, contacts, people."""
    match event:
        case e.CaseOpened():
            why = {
                "opening.receiver": f"{event.receiver} took the contact",
                "opening.own_patient": "a professional reported a matter about their own patient",
            }.get(event.rule, event.rule)
            since = moment(event.held_from)
            return f"Case {event.reference} was opened. {event.holder} holds it from {since}, because {why}."
        case e.ContactReceived():
            contact = event.contact
            about = " about their own patient or client" if contact.about_own else ""
            reporter = f" from {_plain(contact.reporter_type)}" if contact.reporter_type != UNKNOWN else ""
            of = f" of {contact.reporter_agency}" if contact.reporter_agency is not None else ""
            return f"A contact by {_plain(contact.channel)}{reporter}{of}{about} was taken by {contact.taken_by}."
        case e.ContactDropped():
            return "The line to the reporter was lost."
        case e.CallBackMade():
            return (
                "The reporter was rung back and reached." if event.reached else "The reporter was rung back, no answer."
            )
        case e.PartyIdentified():
            named = [
                word
                for word, value in (
                    ("name", event.name),
                    ("phone", event.phone),
                    ("address", event.address),
                    ("NHS number", event.nhs_number),
                    ("date of birth", event.date_of_birth),
                    ("a note", event.note),
                )
                if value
            ]
            return f"The {event.role} was identified by {_listed(named) or 'nothing yet'}."


def answers(event: e.AnswersRecorded | e.AnswerCorrected | e.EntryCorrected | e.CasesLinked, words: Words) -> str:
    """What was said, and what was put right."""
    match event:
        case e.AnswersRecorded():
            where = f"From {event.source}. " if event.source.startswith("case/") else ""
            groups = (
                f"{_HOW[how]}: {'; '.join(_answer(each, words) for each in event.answers if each.provenance is how)}."
                for how in dict.fromkeys(each.provenance for each in event.answers)
            )
            return where + " ".join(groups)
        case e.AnswerCorrected():
            now = f"{_HOW[event.answer.provenance]}: {_answer(event.answer, words)}"
            return f"An answer was corrected: {stopped(event.reason)} {now}."
        case e.EntryCorrected():
            return (
                f"Entry {event.version} was wrong in its {event.field}: it said “{event.was}” and should say "
                f"“{event.now}”, because {stopped(event.reason)}"
            )
        case e.CasesLinked():
            matched = _listed([each.replace("_", " ") for each in event.matched])
            return f"Tied to {event.other} by {matched}: {stopped(event.reason)}"


def _answer(answer: Answer, words: Words) -> str:
    said = f" (“{answer.verbatim}”)" if answer.verbatim else ""
    return f"{words.question(answer.question)} {_value(answer, words)}{said}"


def _value(answer: Answer, words: Words) -> str:
    value: Value = answer.value
    if isinstance(value, str):
        plain = {UNKNOWN: "Not known", DECLINED: "Declined to say", NOT_ASKED: "Not asked"}
        return plain.get(value) or words.choice(answer.question, value)
    if isinstance(value, int):
        return str(value)
    return _listed([words.choice(answer.question, each) for each in value]) or "None of them"


def decision(event: e.TriageConcluded | e.DecisionMade | e.DecisionRaised, words: Words) -> str:
    """What the tables said, and what people or clocks made of it."""
    match event:
        case e.TriageConcluded():
            shadow = "In shadow (shown to nobody), the" if event.shadow else "The"
            unknown = f" Not known: {_listed(event.unknown)}." if event.unknown else " Nothing was left unknown."
            rows = f", by row {event.row}" + (f" ({_listed(event.rows)} fit)" if len(event.rows) > 1 else "")
            return f"{shadow} tables say {words.outcome(event.outcome)}{rows}.{unknown}"
        case e.DecisionMade():
            goes = "somebody goes" if event.deploys else "nobody is sent"
            why = f" {stopped(event.form['reason'])}" if event.form.get("reason") else ""
            history = f" {len(event.history_shown)} earlier records were on the screen." if event.history_shown else ""
            agree = (
                "as the tables say" if event.outcome == event.concluded else f"the tables say class {event.concluded}"
            )
            return f"Decided {words.outcome(event.outcome)}, {goes}; {agree} (row {event.row}).{why}{history}"
        case e.DecisionRaised():
            name = words.clock(event.by_clock) if event.by_clock is not None else None
            by = f" The clock “{name}” did this, no person." if name is not None else ""
            was = f"from class {event.previous} " if event.previous else ""
            return f"Raised {was}to {words.outcome(event.outcome)}: {stopped(event.reason)}{by}"


def lowering(event: e.LoweringProposed | e.LoweringDeclined | e.DecisionLowered, words: Words) -> str:
    """The two halves of a lowering."""
    match event:
        case e.LoweringProposed():
            return (
                f"Proposed to lower from class {event.previous} to {words.outcome(event.outcome)}: "
                f"{stopped(event.reason)} Nothing changes until a second person confirms."
            )
        case e.LoweringDeclined():
            return f"The proposal to lower fell: {stopped(event.reason)}"
        case e.DecisionLowered():
            return (
                f"Lowered from class {event.previous} to {words.outcome(event.outcome)} by two people (proposed by "
                f"{event.proposed_by}): {stopped(event.reason)}"
            )


def offered(event: HandoverOffered) -> str:
    """An offer, and who holds until it is answered."""
    what = {
        OfferKind.TRANSFER: f"{event.from_agency} offered the case to {event.to_agency}",
        OfferKind.SUPPORT: f"{event.from_agency} asked {event.to_agency} for help ({event.task_kind})",
        OfferKind.RETURN: f"{event.from_agency} offered to return its part to {event.to_agency}",
    }[event.kind]
    desk = f" (desk {event.desk})" if event.desk is not None else ""
    return f"{what}{desk}, to be answered by {moment(event.due_at)}: {stopped(event.asks)} {_holds_on(event)}"


def _holds_on(offer: HandoverOffered) -> str:
    """An offer moves nothing: who holds until it is answered."""
    if offer.kind is OfferKind.RETURN:
        return f"{offer.to_agency} holds, as before."
    return (
        f"{offer.from_agency} holds until somebody accepts."
        if offer.kind is OfferKind.TRANSFER
        else (f"{offer.from_agency} goes on holding the case.")
    )


def answered(
    event: e.PackCompleted
    | e.HandoverAcknowledged
    | e.HandoverQuestioned
    | e.HandoverAccepted
    | e.WordConfirmed
    | e.HandoverDeclined
    | e.HandoverWithdrawn
    | e.HandoverLapsed,
    offer: HandoverOffered | None,
) -> str:
    """What became of an offer; ``offer`` is what was offered, where the story began early enough to know."""
    giver, taker = (
        (offer.from_agency, offer.to_agency) if offer is not None else ("The agency that offered", "The agency asked")
    )
    match event:
        case e.PackCompleted():
            return f"Filled in for {taker}: {_listed(sorted(event.pack))}."
        case e.HandoverAcknowledged():
            return f"{taker} received the offer. That is not an acceptance: {giver}'s part has not changed."
        case e.HandoverQuestioned():
            return f"{taker} asks before it answers: “{event.text}”"
        case e.HandoverAccepted():
            return _accepted(event)
        case e.WordConfirmed():
            return f"{taker}'s word was kept: {stopped(event.how)}"
        case e.HandoverDeclined():
            return f"{taker} said no to {giver}: {stopped(event.reason)} That alone moves nothing."
        case e.HandoverWithdrawn():
            return f"The offer to {taker} was withdrawn: {stopped(event.reason)}"
        case e.HandoverLapsed():
            lapsed = "The offer lapsed. That alone moves nothing."
            return f"Nobody at {taker} answered by {moment(event.due_at)}. {lapsed}"


def _accepted(event: e.HandoverAccepted) -> str:
    late = " late, after the offer had lapsed," if event.late else ""
    word = ""
    if event.by_word is not None:
        word = (
            f" This rests on the word of {event.by_word.person} ({event.by_word.role}), reference "
            f"{event.by_word.reference}, and is not confirmed yet."
        )
    match event.kind:
        case OfferKind.TRANSFER:
            since = moment(event.held_from) if event.held_from is not None else "then"
            return f"{event.to_agency} took the case from {event.from_agency}{late} and holds it from {since}.{word}"
        case OfferKind.SUPPORT:
            helps = f"{event.to_agency} agreed to help{late.rstrip(',')}."
            return f"{helps} {event.from_agency} goes on holding the case.{word}"
        case OfferKind.RETURN:
            return f"{event.to_agency} confirmed the return from {event.from_agency}{late} and holds, as before.{word}"
        case _ as never:
            assert_never(never)


def holding(event: e.CaseAssumed | e.KeeperSet | e.CaseClosed | e.CaseReopened) -> str:
    """Holders and keepers that change without an offer."""
    match event:
        case e.CaseAssumed():
            ground = {
                Ground.DEPLOYED: "it decided to go",
                Ground.DETAINED: "the person was detained",
                Ground.CALL_DROPPED: "the line was lost",
                Ground.RETURN_UNCONFIRMED: "nobody confirmed the return",
                Ground.PROFESSIONAL_JUDGEMENT: "it judged that it had to",
            }[event.ground]
            return (
                f"{event.to_agency} took the case from {event.from_agency} without an offer, because {ground}, and "
                f"holds it from {moment(event.held_from)}: {stopped(event.reason)}"
            )
        case e.KeeperSet():
            before = f", who takes over from {event.previous}" if event.previous is not None else ""
            return f"{event.keeper} keeps the case{before}."
        case e.CaseClosed():
            return (
                f"{event.holder} closed the case and held it until {moment(event.held_until)} "
                f"({event.outcome.replace('_', ' ')}): {stopped(event.reason)}"
            )
        case e.CaseReopened():
            since = moment(event.held_from)
            return f"The case is open again and {event.holder} holds it from {since}: {stopped(event.reason)}"


def task_added(event: TaskAdded) -> str:
    """New work and whose it is."""
    due = f", due {moment(event.due_at)}" if event.due_at is not None else ""
    return f"{event.assignee} has a task ({event.kind.replace('_', ' ')}){due}: {stopped(event.text)}"


def task(event: e.TaskReassigned | e.TaskCompleted | e.TaskCancelled, task: TaskAdded | None) -> str:
    """What became of work."""
    kind = f"The task ({task.kind.replace('_', ' ')})" if task is not None else "A task"
    match event:
        case e.TaskReassigned():
            return f"{kind} went from {event.from_agency} to {event.to_agency}: {stopped(event.reason)}"
        case e.TaskCompleted():
            return f"{kind} is done: {stopped(event.result)}"
        case e.TaskCancelled():
            return f"{kind} is no longer needed: {stopped(event.reason)}"


def said(event: e.CallerTold | e.PromiseMade | e.PersonSignposted) -> str:
    """What people were told, promised, pointed to."""
    match event:
        case e.CallerTold():
            coming = {"yes": "that somebody is coming", "no": "that nobody is coming"}.get(
                event.attending, "nothing about anybody coming"
            )
            understood = {"yes": " They understood.", "no": " They did not understand."}.get(event.understood, "")
            worse = f" If it gets worse: {stopped(event.if_worse)}" if event.if_worse else ""
            return f"The caller was told {coming}: “{event.text}”{understood}{worse}"
        case e.PromiseMade():
            by = f" by {moment(event.by)}" if event.by is not None else ""
            return f"The caller was promised{by}: {stopped(event.text)}"
        case e.PersonSignposted():
            return f"Pointed to {event.to} (not a handover): {stopped(event.reason)}"


def clock_started(event: e.ClockStarted, name: str) -> str:
    """A clock, when it runs out, and what happens then by itself."""
    started = "was started again" if event.restarted else "started"
    due = f"It runs out at {moment(event.due_at)}." if event.due_at is not None else "When it runs out is not known."
    then = {
        "concern": "a concern is raised",
        "raise": f"the class rises to {event.raise_to}",
        "triage": "the tables are asked with what is known",
        "assume": "the agency that took the contact takes the case",
        "lapse": "the offer lapses",
        "escalate": "the dispute goes one level up",
    }.get(event.fail_safe, event.fail_safe)
    return f"The clock “{name}” {started}. {due} Without an answer, {then}."


def clock(event: e.ClockStopped | e.ClockStepReached | e.ClockBreached, name: str) -> str:
    """What became of a clock."""
    match event:
        case e.ClockStopped():
            return f"The clock “{name}” stopped: {stopped(event.because.replace('_', ' '))}"
        case e.ClockStepReached():
            return f"The clock “{name}” reached {event.step.replace('_', ' ')}, due {moment(event.due_at)}. It runs on."
        case e.ClockBreached():
            return f"The clock “{name}” ran out at {moment(event.due_at)} and nobody had done what it waited for."


def concern(event: e.ConcernRaised | e.ConcernCleared, says: str) -> str:
    """A rule that has become true, or is true no more."""
    match event:
        case e.ConcernRaised():
            return f"A concern of grade {event.grade} was raised: {stopped(says)}"
        case e.ConcernCleared():
            return f"A concern is over, because of “{event.by.replace('_', ' ')}”: {stopped(says)}"


def record(event: e.ContentErased | e.NodeOpened | e.PathwayAdopted) -> str:
    """Entries about the record itself."""
    match event:
        case e.ContentErased():
            which = _listed([str(each.version) for each in event.erased])
            return (
                f"The content of entries {which} was erased by authority of {event.authority}: {stopped(event.reason)}"
            )
        case e.NodeOpened():
            return f"This installation was opened as {event.origin}, for {event.purpose}. Its key is {event.vkey}."
        case e.PathwayAdopted():
            return (
                f"The pathway {event.pathway.pathway} version {event.pathway.version} was adopted (digest "
                f"{event.pathway.digest[:12]}…), proposed by {event.proposed_by} and confirmed by {event.confirmed_by}."
            )


def stopped(text: str) -> str:
    """The text with a full stop, unless it ends in one of its own."""
    text = text.strip() or "no reason was given"
    return text if text[-1] in ".!?”" else f"{text}."


def _plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def _listed(words: Sequence[str]) -> str:
    """``one, two and three``."""
    return " and ".join([*([", ".join(words[:-1])] if len(words) > 1 else []), *words[-1:]])
