"""Handovers: offers of three kinds, and the two ways by which a holder changes, both of them the taker's own act (law
1).

``transfer``: the holder offers the case; acceptance moves it. ``support``: the holder asks for a task; acceptance gives
the task its assignee and moves nothing. ``return``: an agency that was asked to help hands its triage back to the
agency that holds already; confirming moves nothing, and where nobody confirms the returner assumes the case.
"""

from __future__ import annotations

from safehands.core.case import Case, Offer, OfferStatus
from safehands.core.commands import (
    AcceptByWord,
    AcceptOffer,
    AcknowledgeOffer,
    AssumeCase,
    CompletePack,
    ConfirmWord,
    DeclineOffer,
    QuestionOffer,
    SetKeeper,
    WithdrawOffer,
)
from safehands.core.decide.draft import Draft
from safehands.core.decide.entry import ENTRY, check_not_last, task_of
from safehands.core.decide.time import check_boundary, check_open, check_said, task_deadline
from safehands.core.events import (
    CaseAssumed,
    HandoverAccepted,
    HandoverAcknowledged,
    HandoverDeclined,
    HandoverLapsed,
    HandoverQuestioned,
    HandoverWithdrawn,
    KeeperSet,
    PackCompleted,
    TaskAdded,
    TaskReassigned,
    WordConfirmed,
    WordOf,
)
from safehands.core.rules import refuse, stale
from safehands.core.vocabulary import Ground, OfferKind

#: What a pack field says when it was asked and nobody knows.
ASKED_UNKNOWN = "asked_unknown"


def complete_pack(draft: Draft, command: CompletePack) -> None:
    """Fill holes in the pack of an offer that can still be accepted; the giver or the taker may (who asked writes it
    down).
    """
    case = draft.case
    check_open(case)
    offer = check_answerable(case, command.offer)
    if draft.given.by.agency not in (offer.from_agency, offer.to_agency):
        refuse("offer.not_giver", giver=offer.from_agency)
    unknown = tuple(name for name in command.pack if name not in offer.required)
    if unknown:
        refuse("offer.pack_unknown_field", route=offer.route, fields=", ".join(unknown))
    draft.add(PackCompleted(command.offer, command.pack))


def acknowledge(draft: Draft, command: AcknowledgeOffer) -> None:
    """Received, not accepted: nothing moves and no clock stops."""
    offer = _to_answer(draft, command.offer)
    if offer.acknowledged_at is not None:
        refuse("offer.acknowledged")
    draft.add(HandoverAcknowledged(command.offer))


def question(draft: Draft, command: QuestionOffer) -> None:
    """Ask before answering: nothing moves and no clock stops."""
    _to_answer(draft, command.offer)
    draft.add(HandoverQuestioned(command.offer, command.text))


def accept(draft: Draft, command: AcceptOffer) -> None:
    """Take it: the taker's own act, from the agency that the taker believes it comes from."""
    case = draft.case
    check_open(case)
    offer = check_can_accept(case, command.offer, draft.given.by.agency, command.believes_from)
    _accept(draft, offer, None)


def accept_by_word(draft: Draft, command: AcceptByWord) -> None:
    """The taker is not on the system: the giver writes down whose word it was, and when."""
    case = draft.case
    check_open(case)
    offer = _known(case, command.offer)
    if offer.from_agency != draft.given.by.agency:
        refuse("offer.not_giver", giver=offer.from_agency)
    offer = check_can_accept(case, command.offer, offer.to_agency, offer.from_agency)
    check_said(person=command.person, role=command.role, reference=command.reference)
    _accept(draft, offer, WordOf(command.person, command.role, command.reference))


def check_can_accept(case: Case, offer_id: str, taker: str, believes_from: str) -> Offer:
    """An open or lapsed offer to this taker, from an agency that still holds, with no hole in its pack."""
    offer = _known(case, offer_id)
    if offer.to_agency != taker:
        refuse("offer.not_yours", to=offer.to_agency)
    if offer.from_agency != believes_from:
        stale(f"The offer is from {offer.from_agency}, not from {believes_from}.", offer=offer_id)
    check_answerable(case, offer_id)
    if offer.kind is OfferKind.TRANSFER and case.holder != offer.from_agency:
        stale(
            f"{offer.from_agency} no longer holds this case. {case.holder} holds it since "
            f"{case.holdings[-1].since.isoformat()}.",
            holder=case.holder,
        )
    if offer.kind is OfferKind.SUPPORT:
        _check_task_still_free(case, offer)
    if offer.kind is OfferKind.RETURN and (case.holder != taker or offer.status is OfferStatus.LAPSED):
        stale(f"{case.holder} holds this case now; there is nothing left to confirm.", holder=case.holder)
    holes = pack_holes(offer)
    if holes:
        refuse("offer.pack_holes", to=taker, fields=", ".join(holes))
    return offer


def _check_task_still_free(case: Case, offer: Offer) -> None:
    """A late yes to a task that somebody else has by now comes too late: there is one assignee."""
    entry = task_of(case) if offer.task_kind == ENTRY else None
    if entry is not None and entry.assignee not in (offer.from_agency, case.holder):
        stale(f"{entry.assignee} has this task now.", task=entry.task)
    for task in case.open_tasks():
        late = offer.status is OfferStatus.LAPSED and offer.task_kind != ENTRY
        if late and task.offer is not None and task.kind == offer.task_kind:
            stale(f"{task.assignee} has this task now.", task=task.task)


def pack_holes(offer: Offer) -> tuple[str, ...]:
    """Fields that block the acceptance: empty, or "asked, unknown" where that is not enough."""
    return tuple(
        name
        for name in offer.required
        if not (value := offer.pack.get(name, "").strip()) or (value == ASKED_UNKNOWN and name in offer.unknown_refused)
    )


def _accept(draft: Draft, offer: Offer, word: WordOf | None) -> None:
    if draft.at < offer.offered_at:
        refuse("offer.too_early", offered_at=offer.offered_at.isoformat(), happened_at=draft.at.isoformat())
    moves = offer.kind is OfferKind.TRANSFER
    if moves:
        check_boundary(draft.case, draft.given)
    draft.add(
        HandoverAccepted(
            offer=offer.offer,
            kind=offer.kind,
            from_agency=offer.from_agency,
            to_agency=offer.to_agency,
            held_from=draft.at if moves else None,
            late=draft.at > offer.due_at,
            by_word=word,
        )
    )
    if offer.kind is OfferKind.SUPPORT:
        _give_task(draft, offer)
    withdraw_overtaken(draft, offer)


def _give_task(draft: Draft, offer: Offer) -> None:
    """The taker has the task. Where the giver had the one task to get in, that very task moves: there is one
    assignee.
    """
    kind = offer.task_kind or ""
    entry = task_of(draft.case) if kind == ENTRY else None
    if entry is not None:
        draft.add(TaskReassigned(entry.task, entry.assignee, offer.to_agency, offer.asks))
        return
    draft.add(
        TaskAdded(
            task=draft.new_id(),
            kind=kind,
            assignee=offer.to_agency,
            due_at=task_deadline(draft.given, offer.task_due_at),
            text=offer.asks,
            offer=offer.offer,
            alongside=offer.from_agency if offer.comes_along else None,
        )
    )


def withdraw_overtaken(draft: Draft, accepted: Offer | None) -> None:
    """Withdraw the open offers that an acceptance (or an assumption: ``accepted`` is None) leaves without meaning."""
    for each in draft.case.open_offers():
        if accepted is not None and accepted.kind is OfferKind.SUPPORT:
            overtaken = each.kind is OfferKind.SUPPORT and each.task_kind == accepted.task_kind
        elif accepted is not None and accepted.kind is OfferKind.RETURN:
            overtaken = each.kind is OfferKind.RETURN
        else:
            overtaken = each.kind is not OfferKind.SUPPORT
        if overtaken:
            by = accepted.offer if accepted is not None else None
            taker = accepted.to_agency if accepted is not None else draft.case.holder
            draft.add(HandoverWithdrawn(each.offer, f"{taker} took it", by))


def withdraw_entry_offers(draft: Draft, agency: str) -> None:
    """``agency`` gets in by its own taking: whoever else was asked to is asked no more (sheet 8.5: the first wins)."""
    for each in draft.case.open_offers():
        if each.task_kind == ENTRY:
            draft.add(HandoverWithdrawn(each.offer, f"{agency} took it"))


def confirm_word(draft: Draft, command: ConfirmWord) -> None:
    """The word was kept. The taker confirms, or the giver writes down how it was confirmed."""
    case = draft.case
    offer = _known(case, command.offer)
    if draft.given.by.agency not in (offer.from_agency, offer.to_agency):
        refuse("offer.not_giver", giver=offer.from_agency)
    if offer.by_word is None or offer.confirmed:
        refuse("offer.no_word")
    check_said(how=command.how)
    draft.add(WordConfirmed(command.offer, command.how))


def decline(draft: Draft, command: DeclineOffer) -> None:
    """Say no. The holder holds on; where a return is refused, the returner assumes the case (sheet 2.5)."""
    offer = _to_answer(draft, command.offer)
    check_said(reason=command.reason)
    if offer.task_kind == ENTRY:
        check_not_last(draft.pathway, draft.case, offer.to_agency, "offer.last_entry", offer=offer.offer)
    draft.add(HandoverDeclined(command.offer, command.reason))
    _assume_refused_return(draft, offer, f"{offer.to_agency} refused the return")


def withdraw(draft: Draft, command: WithdrawOffer) -> None:
    """Take an open offer back: who made it, or who holds the case now (a support offer outlives the holder that made
    it).
    """
    case = draft.case
    check_open(case)
    offer = check_open_offer(case, command.offer)
    if draft.given.by.agency not in (offer.from_agency, case.holder):
        refuse("offer.not_giver", giver=offer.from_agency)
    check_said(reason=command.reason)
    draft.add(HandoverWithdrawn(command.offer, command.reason))


def lapse(draft: Draft, offer_id: str) -> None:
    """The deadline has passed in silence. The giver holds on; a return that nobody confirmed comes to the returner."""
    offer = draft.case.offers[offer_id]
    draft.add(HandoverLapsed(offer_id, offer.due_at))
    _assume_refused_return(draft, offer, f"{offer.to_agency} did not confirm the return in time")


def _assume_refused_return(draft: Draft, offer: Offer, reason: str) -> None:
    case = draft.case
    if offer.kind is OfferKind.RETURN and case.holder == offer.to_agency:
        assume_case(draft, offer.from_agency, Ground.RETURN_UNCONFIRMED, reason)


def assume(draft: Draft, command: AssumeCase) -> None:
    """Take the case without an offer, on a declared ground."""
    case = draft.case
    check_open(case)
    check_can_assume(case, draft.given.by.agency, command.believes_holder)
    check_boundary(case, draft.given)
    check_said(reason=command.reason)
    assume_case(draft, draft.given.by.agency, command.ground, command.reason)


def check_can_assume(case: Case, taker: str, believes_holder: str) -> None:
    """Somebody else holds it, and it is who the taker believes."""
    if case.holder == taker:
        refuse("assume.own")
    if case.holder != believes_holder:
        stale(f"{case.holder} holds this case now, not {believes_holder}.", holder=case.holder)


def assume_case(draft: Draft, taker: str, ground: Ground, reason: str) -> None:
    """Move the holder by the taker's own act and withdraw the offers that this overtakes."""
    held_from = max(draft.at, draft.case.holdings[-1].since)
    draft.add(CaseAssumed(draft.case.holder, taker, held_from, ground, reason))
    withdraw_overtaken(draft, None)


def set_keeper(draft: Draft, command: SetKeeper) -> None:
    """Name the one person or desk inside the holder that keeps the case."""
    case = draft.case
    check_open(case)
    if draft.given.by.agency != case.holder:
        refuse("keeper.not_holder", holder=case.holder)
    if case.keeper == command.keeper:
        refuse("keeper.same", keeper=command.keeper)
    draft.add(KeeperSet(command.keeper, case.keeper))


def check_answerable(case: Case, offer_id: str) -> Offer:
    """The offer exists and is open, or has lapsed and may still be accepted late."""
    offer = _known(case, offer_id)
    if offer.status not in (OfferStatus.OPEN, OfferStatus.LAPSED):
        refuse("offer.settled", status=offer.status, at=_settled(offer), holder=case.holder)
    return offer


def check_open_offer(case: Case, offer_id: str) -> Offer:
    """The offer exists and is still open."""
    offer = _known(case, offer_id)
    if offer.status is not OfferStatus.OPEN:
        refuse("offer.settled", status=offer.status, at=_settled(offer), holder=case.holder)
    return offer


def _to_answer(draft: Draft, offer_id: str) -> Offer:
    check_open(draft.case)
    offer = check_open_offer(draft.case, offer_id)
    if offer.to_agency != draft.given.by.agency:
        refuse("offer.not_yours", to=offer.to_agency)
    return offer


def _known(case: Case, offer_id: str) -> Offer:
    if offer_id not in case.offers:
        refuse("offer.unknown", offer=offer_id)
    return case.offers[offer_id]


def _settled(offer: Offer) -> str:
    assert offer.settled_at is not None, "an offer that is not open has been settled"
    return offer.settled_at.isoformat()
