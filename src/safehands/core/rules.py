"""Every rule that can refuse a command: its id and the sentence that the caseworker reads.

The refusal, its test and the reference page share these. A sentence says what is wrong and what to do next; its fields
are filled from the facts of the refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NoReturn, ParamSpec

from safehands.errors import NotPermitted, Refused, Stale

P = ParamSpec("P")

RULES: Final[dict[str, str]] = {
    "case.closed": "This case is closed. Reopen it, or join a new contact to it, before you go on.",
    "case.open": "This case is open already and {holder} holds it.",
    "case.exists": "A case with this id exists already.",
    "case.pathway": "This case is on {pathway} and cannot be worked on as {other}.",
    "time.future": "You say that this happened at {happened_at}, which is later than now. Check the time.",
    "time.before_opening": "You say that this happened at {happened_at}, before the case began at {opened_at}. Check the time.",
    "time.before_boundary": "{holder} holds this case since {since}. Nobody can take it as of an earlier time ({happened_at}).",
    "contact.known": "This contact has joined the case already.",
    "contact.unknown": "There is no such contact in this case.",
    "contact.not_yours": "{taken_by} took this contact, not {agency}. Nobody takes a case for another agency.",
    "contact.not_your_line": "Only {taken_by}, which took this contact, can say that the line was lost.",
    "contact.dropped_already": "That the line was lost is written down already. Ring back.",
    "contact.before_opening": "A contact cannot be received before its case began.",
    "contact.too_late_to_reopen": (
        "The case was closed at {closed_at}, longer ago than this pathway reopens. Open a new case and link the two."
    ),
    "answers.none": "There is no answer here to record.",
    "answers.less_risky": (
        "This contact gave a riskier answer before ({questions}). If that was written down wrongly, correct it and say why."
    ),
    "answer.never_given": "Nobody has answered {question} in this contact, so there is nothing to correct. Record the answer.",
    "entry.unknown": "This case has no entry {version} to correct.",
    "link.self": "A case cannot be linked to itself.",
    "link.known": "These two cases are linked already.",
    "triage.nothing_asked": "Nothing has been asked yet. Record what the caller said first.",
    "decision.not_yours": "Only the agency that took the contact ({receiver}) or the holder ({holder}) can decide this case.",
    "decision.not_concluded": "The tables have not been asked yet. Conclude first, then decide.",
    "decision.named_person": "A named person decides. The system may raise a class when a clock runs out; it never decides.",
    "decision.shadow": (
        "This stream of contact is not switched on here, so its tables are no reason not to go. Decide under your present policy "
        "and name it ({field})."
    ),
    "decision.must_ask": "Ask this first: {questions}. The answer may be unknown or declined, but it has to be asked.",
    "decision.lower": (
        "Class {outcome} is below what stands ({floor}). Propose the lowering with your reason; a second person confirms it."
    ),
    "decision.supervisor": (
        "Class {outcome} is for one of these to decide: {roles}. Ask one of them, or raise the class yourself."
    ),
    "decision.raise_to": (
        "Raise it to class {least} or higher. What is below that has to be decided, with the whole form."
    ),
    "decision.not_higher": "Class {outcome} is not above what stands ({floor}). To lower, propose it with your reason.",
    "decision.not_lower": "Class {outcome} is not below what stands ({floor}). Decide or raise instead.",
    "decision.no_class": "This pathway has no class {outcome}.",
    "decision.history": "This was not on the screen when you decided: {history}. Look at it, then decide.",
    "lowering.none": "No lowering with this id is waiting for a second person.",
    "lowering.second_person": "You proposed this yourself. A second person has to confirm it.",
    "lowering.supervisor": "Confirming a lowering needs one of these roles: {roles}.",
    "lowering.same_agency": "The second person has to be of the agency that proposed the lowering ({agency}).",
    "offer.route": "This pathway has no route {route}.",
    "offer.role": "Route {route} leads to {role}; {to} does not have that role here.",
    "offer.to_self": "You cannot offer a case to your own agency.",
    "offer.not_holder": "Only the holder ({holder}) can offer this case.",
    "offer.return_to_holder": "A return goes to the agency that holds the case ({holder}), not to {to}.",
    "offer.return_own": "You hold this case yourself; there is nobody to return it to. Offer it instead.",
    "offer.open_already": "{to} has an open offer of this kind in this case already.",
    "offer.due_past": "The deadline {due_at} has passed already.",
    "offer.due_too_far": "Route {route} has to be answered by {due_at}. Choose that deadline or a sooner one.",
    "offer.unknown": "There is no such offer in this case.",
    "offer.not_yours": "This offer is to {to}; only {to} can answer it.",
    "offer.not_giver": "Only an agency of this offer ({giver}) can do that.",
    "offer.settled": "This offer was {status} at {at}. {holder} holds the case.",
    "offer.acknowledged": "This offer has been acknowledged already.",
    "offer.too_early": "The offer was made at {offered_at}; nobody can have accepted it at {happened_at}.",
    "offer.pack_holes": "Before {to} can accept, these have to be filled in: {fields}.",
    "offer.pack_unknown_field": "The pack of route {route} has no field {fields}.",
    "offer.support_task": "A support offer needs to say which task is asked for.",
    "offer.task_route": "The task {task} is only for those who have the power to do it. Ask along one of these routes: {routes}.",
    "offer.comes_along": "Only a task can be done jointly. Offer it as support, and say which task.",
    "offer.book_not_shown": "{to} is not on the system. Look at what the contact book says of it before you offer: {page}.",
    "offer.no_word": "There is no acceptance by word here that waits to be confirmed.",
    "assume.own": "Your agency holds this case already.",
    "keeper.not_holder": "Only the holder ({holder}) names its keeper.",
    "keeper.same": "{keeper} keeps this case already.",
    "task.unknown": "There is no such task in this case.",
    "task.settled": "This task was {status} already.",
    "task.not_assignee": "This task is {assignee}'s; only {assignee} can do that.",
    "task.not_holder": "Only the holder ({holder}) or the assignee ({assignee}) can cancel this task.",
    "task.promised": "Somebody was promised this task. Tell them what happens instead before you cancel it.",
    "task.call_back": "The line was lost, and this task is to ring back. Reach them; it cannot be cancelled.",
    "task.own_already": "Your agency has this task already.",
    "task.no_power": "{agency} has no power to do this ({kind}). It is for: {roles}.",
    "task.one_entry": "{assignee} has the task of getting in. Take it over from them, if it is you who gets in.",
    "task.holder_cannot_hand_back": "You hold the case, so this task has nobody to go back to. Offer it as support instead.",
    "told.attending": "Say whether somebody is coming: yes, no, or not said.",
    "told.understood": "Say whether they understood that nobody is coming: yes, no, or unknown.",
    "told.nobody_accepted": "Nobody has decided to go and nobody has accepted. Do not tell the caller that somebody is coming.",
    "told.if_worse": "Tell them what to do if it gets worse.",
    "own_page.holder": "{holder} holds this case, and only the holder gives the person a page of their own.",
    "own_page.known": "There is a page with this id already.",
    "own_page.channel": "Say by which route they want to be written to: sms or email.",
    "own_page.until": "Say until when the page stays open: from now on, and {days} days at most.",
    "own_page.closed": "There is no such page, or it is closed already.",
    "own_page.not_yours": "{agency} gave this page. Only it or the holder of the case closes it.",
    "told.promise_task": "A promise needs the open task that will keep it.",
    "milestone.unknown": "This pathway has no milestone {milestone}.",
    "milestone.who_saw": "Say who saw the person or verified where they are, and how. Hearsay ends no search.",
    "milestone.stranger": "{party} is nobody whom this case is about. Say who they are first.",
    "delay.not_late": "{clock} does not wait for anything late, so there is no delay to explain.",
    "delay.past": "{expected_at} has passed. Say until when they will have to wait from now.",
    "responder.there": "{responder} is there already.",
    "responder.not_there": "{responder} is not there, so cannot be released.",
    "close.not_holder": "Only the holder ({holder}) can close this case.",
    "close.offers_open": "These offers are still open, so somebody may yet take it: {offers}. Settle or withdraw them first.",
    "close.tasks_open": "Somebody still believes that they or others are coming: {tasks}. Settle these tasks first.",
    "close.call_back_owed": "The line was lost and nobody has rung back. Do that first.",
    "close.responders_there": "Responders are still there: {responders}. Release them first.",
    "close.told_attending": "A caller was told that somebody is coming, and nobody has arrived. Go, or tell them first.",
    "close.nobody_seen": "Nobody has seen the person. No reply at the door is not a reason to close. Record who saw them.",
    "close.subject_not_seen": "This case is about several people, and nobody has seen these: {parties}. Each of them has to be seen.",
    "close.decision_below": (
        "The tables now say class {concluded}, and class {decided} stands. Decide again, on what is known now, before you close."
    ),
    "close.nobody_took": (
        "Class {outcome} means that another agency takes this, and none has. Offer it, or have the lowering to advice confirmed."
    ),
    "close.before_last_act": (
        "You say that it was closed at {happened_at}, but something was done in this case at {last}. Check the time."
    ),
    "close.unanswered": "This would close on answers that nobody gave: {questions}. Ask them first.",
    "close.lowering_waits": "A lowering waits for its second person. Settle it first.",
    "reopen.not_yours": "Only an agency that has held this case can reopen it.",
    "status.power": "This pathway has no power {kind}.",
    "status.power_by": "{power} is for {by} only.",
    "status.power_grounds": "To use this power ({power}), state: {grounds}.",
    "status.not_at": "{power} cannot be used here: {place}.",
    "status.running": "A detention is running already. End or move it first.",
    "status.unknown": "No detention with this id is running in this case.",
    "status.place": "This pathway has no kind of place {place}.",
    "status.same_place": "The person is there already ({place}).",
    "status.place_closed": "{place} may not be used since {until}.",
    "status.adults_only": "{place} is for people who are known to be adults. Unknown age is treated as a child.",
    "status.grounds": "To use {place}, state: {grounds}.",
    "extension.not_running": "The clock {clock} does not run, so it cannot be given more time.",
    "extension.none": "The clock {clock} cannot be extended.",
    "extension.once": "The clock {clock} has been extended already.",
    "extension.too_late": "The time ran out at {due_at}. It could only have been extended before that.",
    "extension.reason": "It can be extended only for: {reasons}. A missing bed or person is no reason.",
    "extension.too_long": "It can be extended by {longest} at the most.",
    "extension.evidence": "An extension needs: {evidence}.",
    "extension.approval": "At this place the extension also needs to be approved by a superintendent or above (approved_by).",
    "pause.not_running": "The clock {clock} does not run, so it cannot stand still.",
    "pause.none": "The clock {clock} cannot be paused.",
    "pause.too_late": "The time ran out at {due_at}. It could only have been paused before that.",
    "pause.reason": "It can be paused only for: {reasons}.",
    "pause.too_long": "A pause needs an end that lies ahead, by {longest} at the most.",
    "pause.not_paused": "The clock {clock} does not stand still.",
    "correction.no_milestone": "There is no {milestone} at {was} to correct.",
    "correction.none": "No correction with this id is waiting for a second person.",
    "correction.second_person": "You proposed this correction yourself. A second person has to confirm it.",
    "booking.kind": "This pathway has no kind of booking {kind}.",
    "booking.parties": "{kind} also needs: {parties}.",
    "booking.past": "{at} has passed already.",
    "booking.unknown": "There is no such booking in this case.",
    "booking.settled": "This booking was {state} already.",
    "booking.not_holder": "Only the holder ({holder}) plans, starts or cancels a booking.",
    "booking.no_party": "{party} is not a party of this booking.",
    "booking.confirmed": "{party} has confirmed already.",
    "booking.not_confirmed": "{party} had not confirmed, so has nothing to withdraw.",
    "booking.not_yours": "Only {party}, or the holder for it, can withdraw {party}.",
    "booking.word": "Only {party} confirms for {party}. The holder can write its word down, with person, role and reference.",
    "booking.not_go": "This is no go yet. Not confirmed: {parties}.",
    "challenge.none_declared": "This pathway declares no ladder of challenge.",
    "challenge.self": "You cannot challenge your own agency.",
    "challenge.stranger": "{against} has no part in this case.",
    "challenge.open_already": "A dispute with {against} is open already in this case.",
    "challenge.unknown": "There is no such dispute in this case.",
    "challenge.settled": "This dispute was {state} already.",
    "challenge.not_a_side": "This dispute is between {by} and {against}.",
    "challenge.last_level": "This is the last level. {holder} keeps the case, and the incident is reviewed.",
    "challenge.result": "Settle it as one of: {results}.",
    "challenge.whose_answer": "{by} can withdraw it; {against} can uphold or change what it decided.",
    "close.challenge_open": "A dispute is open. Settle it first.",
    "close.status_running": "The person is detained. End the detention first.",
    "offer.last_entry": "This is the last agency that could get in. Take it to supervisors of both agencies before you decline.",
    "task.last_entry": "Somebody has to get in, and nobody else has that task. Take it to supervisors of both agencies first.",
    "stand_down.supervisor": "Standing another agency down needs one of these roles: {roles}.",
    "stand_down.unverified": "Say who saw the person, or how the place was verified. Nobody is stood down on hearsay.",
    "stand_down.stranger": "{agency} was not asked to come.",
    "review.decision": "There is no such decision in this case.",
    "review.own": "You made this decision. Somebody else reviews it.",
    "review.result": "A review says pass or fail.",
    "review.done": "This decision has been reviewed already.",
    "outcome.kind": "Say what happened as one of: {kinds}.",
    "outcome.severity": "For {kind}, say how bad it was as one of: {severities}.",
    "outcome.future": "You say that this happened at {at}, which is later than now. Check the time.",
    "outcome.stranger": "Only an agency with a part in this case records what became of the person.",
    "complaint.known": "The complaint {complaint} is linked to this case already.",
    "complaint.future": "You say that the complaint came at {at}, which is later than now. Check the time.",
    "complaint.decision": "There is no such decision in this case.",
    "records.stranger": "Your agency has no part in this case. Ask the holder ({holder}) for what you need.",
    "records.backdated": "You say that this happened at {at}. Only what is entered late may have an earlier time: say that it is.",
    "records.id_known": "{what} {id} is there already. Give this one an id of its own.",
    "records.unknown": "Nothing here is known of the {what} {id}. Register it first, or check the id.",
    "records.copy_of_other": "Copy {copy} is not a copy of {record}.",
    "records.hash": "{sha256} is no SHA-256: it has 64 digits from 0 to 9 and a to f.",
    "register.tied": "{record} concerns {case} already.",
    "register.nothing": "Say what changes: nothing here is new.",
    "register.fixity": "Copy {copy} is a file. Give its SHA-256 and its size, so that anybody can check what they hold.",
    "register.seal": "Copy {copy} is a thing. Give its seal or its label, so that nobody takes another one for it.",
    "register.destroyed": "Say on whose authority {record} was destroyed, and how.",
    "register.circle": "{derived} cannot be made from {source}: that one was made from it.",
    "register.claim": "Of a source that was {claim}, say: {needed}.",
    "register.twin": "Say which record it was recorded in, or why it was not.",
    "register.own_work": "{person} made {record}. Somebody else has to check it.",
    "register.supersedes": "There is no entry {custody} about copy {copy} to correct.",
    "register.lifted": "The hold {hold} was lifted already.",
    "register.other": "{register} is another agency's register. Only that agency writes to it.",
    "disposal.kept": "{record} may not be disposed of: {why}{until}.",
    "disposal.stopped": "{record} may not be disposed of: {why}. If it is gone already, enter that as late.",
    "request.to_self": "You cannot ask your own agency. Look into your own register.",
    "request.scope": "Say what you ask for: everything, or kinds, persons, times or words.",
    "request.deadline": "Say by when it is to be answered.",
    "request.due_past": "The deadline {due_at} is not after the asking.",
    "request.not_yours": "{from_agency} asked this; only {from_agency} can take it back.",
    "request.settled": "This request waits no longer: it was withdrawn or answered in full.",
    "reply.not_yours": "This request is to {to_agency}. Only {to_agency} answers it.",
    "reply.twice": "There are two lines for {records}. Give each record one answer.",
    "reply.needs": "{record} ({answer}): {needed}.",
    "reply.incomplete": "Your own register holds what this answer leaves out: {records}. Answer each of them, or call it incomplete.",
    "reply.nothing": "An answer in full with no lines needs a statement of who searched where. Attest it first.",
    "reply.contradicts": "You say that {record} is not held, and your own register says that it is.",
    "reply.supersedes": "There is an earlier answer to this request. Name the one that this replaces: {reply}.",
    "attestation.systems": "Say which systems and places were searched. Without that nobody can say that nothing further is held.",
    "attestation.both": "These were both searched and not searched: {systems}.",
    "attestation.contradicted": "Your own register holds this, and your statement does not list it: {records}.",
    "share.to_self": "You cannot share with your own agency.",
    "share.not_told": "Your agency neither holds {record} nor was given it, so it cannot pass it on.",
    "share.stub_only": "{record} is highly sensitive. It does not travel by this system.",
    "share.expires": "It would expire before it is sent.",
    "share.request": "The request {request} is not one of {to_agency} to you.",
    "share.not_yours": "This was sent to {to_agency}. Only {to_agency} can say what became of it.",
    "share.not_sender": "Only {from_agency}, which sent it, can take it back.",
    "share.received": "That this arrived is written down already.",
    "share.too_early": "It was sent at {sent_at}; it cannot have arrived or been opened before that.",
    "share.revoked": "This was taken back and can no longer be opened.",
    "schedule.numbers": "Numbers of {form} run on over all schedules. These have to be {numbers}.",
    "schedule.continues": "Say which schedule this one goes on from: {schedule}.",
    "schedule.certificate": "Each schedule comes with its certificate (MG6E).",
    "schedule.description": "Line {number} does not say what it is. Describe it so that a prosecutor can decide whether to look.",
    "schedule.quantity": "Line {number} lists more records than the {quantity} that it says.",
    "schedule.sensitive": "Line {number} is sensitive material. It belongs on MG6D, with the reason.",
    "schedule.listed": "{record} is on a schedule already.",
    "schedule.line": "There is no line {number} on this schedule.",
    "schedule.own": "You served this schedule yourself. The prosecutor answers it.",
    "evidence.reasons": "Write down the reasons. A decision without written reasons cannot be reviewed.",
    "evidence.considered": "Name the records that this decision rests on, and how far each was seen.",
    "evidence.unseen": "You were told of these records and did not see them: {records}. Look at them, or sign why not.",
    "evidence.unsigned": "You gave a reason for not seeing {records}. Sign it.",
    "evidence.staged": "That the written record is enough for now can be said at charging or early advice only: {records}.",
    "evidence.why_unseen": "Say in words why you did not see {records}.",
    "evidence.index": "This was not on the screen when you decided: {records}. Look at the list again, then decide.",
    "evidence.open_requests": "You are still waiting for these requests: {requests}. Wait, or write down why you decide without them.",
    "evidence.orphan": "{records}: a record made from another, whose source nobody has named. Ask where it is, or write what is known of it.",
    "evidence.own": "A decision made now is the decision of whoever sends it.",
    "effect.not_later": "{record} was there when {decision} was made. Nothing is to be assessed.",
    "review.own_decision": "{reviewer} made this decision or one before it. A review is somebody else's fresh look.",
    "review.rank": "The police review their own decisions one rank higher. Say the reviewer's rank: one of {ranks}.",
    "review.rank_not_higher": "The police review their own decisions one rank higher. {decision} was made by a {grade}.",
    "review.not_yours": "{agency} reviews this. Only {agency} concludes it.",
    "review.concluded": "This review was concluded already.",
    "review.decision_of": "{decision} is not a decision that reviews {reviewed}.",
    "victim_review.scheme": "{decision} was made by {agency}, so it does not come under that scheme.",
    "victim_review.stage": "A victim's request is moved to one of: {stages}.",
    "victim_review.closed": "This request was closed already.",
    "letter.sender": "You can send a letter for your own agency only.",
    "letter.claim": "Say of each claim which record or which kind of record it is about.",
    "letter.not_considered": "The letter says that {records} were considered for {decision}. The decision does not say so.",
    "letter.contradicts": "The letter says of {records} what the register contradicts. Propose it: a second person looks at it and sends it.",
    "letter.own_look": "The letter says of {records} what the register contradicts, and you proposed it yourself. A second person sends it.",
    "letter.changed": "This is not the letter {letter} as it was proposed: it has another text, recipient or claim. Propose it again.",
    "concern.unknown": "There is no such concern in this case.",
    "concern.other_agency": "This concern is critical and is about {agency}. Somebody of another agency, or an auditor, has to see it.",
    "concern.aside": "This concern was set aside already.",
    "concern.no_proposal": "Nobody has proposed to set this concern aside.",
    "concern.second_person": "You proposed this yourself. A second person has to agree.",
    "timer.not_due": "This step has not come yet, or the clock no longer waits for it.",
    "timer.system_only": "Only the timers send this.",
}


def refuse(rule: str, **facts: object) -> NoReturn:
    """Raise ``Refused`` with the rule's sentence, filled from ``facts``."""
    raise Refused(rule, RULES[rule].format(**facts), **facts)


#: A rule that says no, with the facts that fill its sentence.
Fault = tuple[str, Mapping[str, object]]


def refuse_all(faults: Sequence[Fault]) -> None:
    """Raise ``Refused`` where there are ``faults``: by the first one's rule, with the sentence of every one of them.

    ``facts["rules"]`` names all of them.
    """
    if not faults:
        return
    sentences = dict.fromkeys(RULES[rule].format(**facts) for rule, facts in faults)
    rules = tuple(dict.fromkeys(rule for rule, _ in faults))
    raise Refused(faults[0][0], " ".join(sentences), **{**faults[0][1], "rules": rules})


def stale(sentence: str, **facts: object) -> NoReturn:
    """Raise ``Stale``: what the caller believed is no longer so, and this sentence says what is."""
    raise Stale(sentence, **facts)


def may(check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether ``check`` lets it pass: the other half of each guard, so that a button and its action never disagree."""
    try:
        check(*args, **kwargs)
    except (Refused, Stale, NotPermitted):
        return False
    return True
