"""Every rule that can refuse a command: its id and the sentence that the caseworker reads.

The refusal, its test and the reference page share these. A sentence says what is wrong and what to do next; its fields
are filled from the facts of the refusal.
"""

from __future__ import annotations

from collections.abc import Callable
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
    "task.holder_cannot_hand_back": "You hold the case, so this task has nobody to go back to. Offer it as support instead.",
    "told.attending": "Say whether somebody is coming: yes, no, or not said.",
    "told.understood": "Say whether they understood that nobody is coming: yes, no, or unknown.",
    "told.nobody_accepted": "Nobody has decided to go and nobody has accepted. Do not tell the caller that somebody is coming.",
    "told.if_worse": "Tell them what to do if it gets worse.",
    "told.promise_task": "A promise needs the open task that will keep it.",
    "milestone.unknown": "This pathway has no milestone {milestone}.",
    "milestone.who_saw": "Say who saw the person or verified where they are, and how. Hearsay ends no search.",
    "responder.there": "{responder} is there already.",
    "responder.not_there": "{responder} is not there, so cannot be released.",
    "close.not_holder": "Only the holder ({holder}) can close this case.",
    "close.offers_open": "These offers are still open, so somebody may yet take it: {offers}. Settle or withdraw them first.",
    "close.tasks_open": "Somebody still believes that they or others are coming: {tasks}. Settle these tasks first.",
    "close.call_back_owed": "The line was lost and nobody has rung back. Do that first.",
    "close.responders_there": "Responders are still there: {responders}. Release them first.",
    "close.told_attending": "A caller was told that somebody is coming, and nobody has arrived. Go, or tell them first.",
    "close.nobody_seen": "Nobody has seen the person. No reply at the door is not a reason to close. Record who saw them.",
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
    "timer.not_due": "This step has not come yet, or the clock no longer waits for it.",
    "timer.system_only": "Only the timers send this.",
}


def refuse(rule: str, **facts: object) -> NoReturn:
    """Raise ``Refused`` with the rule's sentence, filled from ``facts``."""
    raise Refused(rule, RULES[rule].format(**facts), **facts)


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
