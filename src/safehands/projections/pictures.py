"""Pictures: rows that are a function of one case's folded state. Coded values and references only, never free personal
content.

``rows(case)`` gives every row of a case; ``changed(before, after)`` gives the rows to write after a command, and only
those whose value changed. The store writes them in the append transaction; ``rebuild`` checks that folding the ledger
gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from safehands.core.case import Case
from safehands.store.ports import PICTURE_KEYS, Cell, PictureRow


def rows(case: Case) -> dict[tuple[str, tuple[Cell, ...]], Mapping[str, Cell]]:
    """Every picture row of ``case``, by table and key."""
    return {(table, tuple(row[name] for name in PICTURE_KEYS[table])): row for table, row in _all(case)}


def changed(before: Case | None, after: Case) -> tuple[PictureRow, ...]:
    """The rows that differ between two states of a case: new and changed rows whole, vanished rows as None."""
    old = rows(before) if before is not None else {}
    new = rows(after)
    written = tuple(PictureRow(table, key, row) for (table, key), row in new.items() if old.get((table, key)) != row)
    gone = tuple(PictureRow(table, key, None) for table, key in old if (table, key) not in new)
    return (*written, *gone)


def _all(case: Case) -> Iterator[tuple[str, dict[str, Cell]]]:
    yield "case_picture", _case(case)
    yield from _holders(case)
    yield from _offers(case)
    yield from _work(case)
    yield from _contacts(case)


def _case(case: Case) -> dict[str, Cell]:
    due = min(
        ((clock.next_at, clock.clock) for clock in case.running_clocks() if clock.next_at is not None),
        default=(None, None),
    )
    concerns = case.open_concerns()
    return {
        "case_id": case.case_id,
        "reference": case.reference,
        "pathway": case.pathway.pathway,
        "status": case.status.value,
        "holder": case.holder,
        "keeper": case.keeper,
        "receiver": case.receiver,
        "concluded": case.conclusion.outcome if case.conclusion is not None else None,
        "row_id": case.conclusion.row if case.conclusion is not None else None,
        "decided": case.decided.outcome if case.decided is not None else None,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "last_at": case.last_at,
        "next_due_at": due[0],
        "next_clock": due[1],
        "offers_open": len(case.open_offers()),
        "concerns_open": len(concerns),
        "worst_concern": min((concern.grade for concern in concerns), default=None),
        "version": case.version,
    }


def _holders(case: Case) -> Iterator[tuple[str, dict[str, Cell]]]:
    for n, holding in enumerate(case.holdings):
        yield (
            "holding_picture",
            {
                "case_id": case.case_id,
                "n": n,
                "agency": holding.agency,
                "held_from": holding.since,
                "held_until": holding.until,
            },
        )
    for agency in case.standing():
        yield "standing_picture", {"case_id": case.case_id, "agency": agency, "since": case.opened_at}


def _offers(case: Case) -> Iterator[tuple[str, dict[str, Cell]]]:
    for offer in case.offers.values():
        yield (
            "offer_picture",
            {
                "offer_id": offer.offer,
                "case_id": case.case_id,
                "kind": offer.kind.value,
                "from_agency": offer.from_agency,
                "to_agency": offer.to_agency,
                "desk": offer.desk,
                "status": offer.status.value,
                "offered_at": offer.offered_at,
                "due_at": offer.due_at,
                "acknowledged_at": offer.acknowledged_at,
                "settled_at": offer.settled_at,
                "by_word": offer.by_word is not None,
                "confirmed": offer.confirmed,
                "late": offer.late,
            },
        )


def _work(case: Case) -> Iterator[tuple[str, dict[str, Cell]]]:
    for task in case.tasks.values():
        yield (
            "task_picture",
            {
                "task_id": task.task,
                "case_id": case.case_id,
                "kind": task.kind,
                "assignee": task.assignee,
                "status": task.status.value,
                "added_at": task.added_at,
                "due_at": task.due_at,
                "settled_at": task.settled_at,
            },
        )
    for clock in case.clocks.values():
        yield (
            "clock_picture",
            {
                "case_id": case.case_id,
                "clock": clock.clock,
                "spec": clock.spec,
                "status": clock.status.value,
                "started_at": clock.started_at,
                "due_at": clock.due_at,
                "next_step": clock.next_step,
                "next_at": clock.next_at,
            },
        )
    for concern in case.concerns.values():
        yield (
            "concern_picture",
            {
                "case_id": case.case_id,
                "concern": concern.concern,
                "rule": concern.rule,
                "grade": concern.grade,
                "raised_at": concern.raised_at,
                "cleared_at": concern.cleared_at,
            },
        )


def _contacts(case: Case) -> Iterator[tuple[str, dict[str, Cell]]]:
    for state in case.contacts.values():
        yield (
            "contact_picture",
            {
                "contact_id": state.contact.contact,
                "case_id": case.case_id,
                "channel": state.contact.channel,
                "reporter_type": state.contact.reporter_type,
                "taken_by": state.contact.taken_by,
                "received_at": state.contact.received_at,
                "dropped_at": state.dropped_at,
            },
        )
    for other in case.links:
        yield (
            "link_picture",
            {"case_id": case.case_id, "other_case": other.removeprefix("case/"), "linked_at": case.opened_at},
        )
    for presence in case.presences.values():
        yield (
            "presence_picture",
            {
                "case_id": case.case_id,
                "responder": presence.responder,
                "agency": presence.agency,
                "arrived_at": presence.arrived_at,
                "released_at": presence.released_at,
            },
        )
