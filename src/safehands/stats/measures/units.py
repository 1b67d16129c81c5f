"""Units that several measures share: decisions not to send anybody, cases that were attended, offers and their fate."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from safehands.stats.frame import of_kind

#: Who attends: police, ambulance and health. A social worker's or a charity's visit is not counted as attendance.
ATTENDING_ROLES: Final = ("POL", "AMB", "MHT", "ACU")

#: Milestones that say that somebody of these was there.
ATTENDING_MILESTONES: Final = (
    "arrival",
    "person_seen",
    "ambulance_arrived",
    "seen_by_mental_health",
    "entry_made",
    "arrival_at_hospital",
    "arrival_at_place_of_safety",
    "first_entry",
)

#: The statuses of sections 136 and 135(1) of the Mental Health Act 1983.
DETENTIONS: Final = ("s136_removed", "s136_kept")
DETENTIONS_AND_WARRANTS: Final = (*DETENTIONS, "s135_1")


#: Where somebody is who has not come to a place of safety yet.
NOT_YET_THERE: Final = ("on_the_way", "first_aid_stop")


def has_role(agency: ir.StringColumn, *roles: str) -> ir.BooleanValue:
    """Whether the agency acts in one of these roles: its code is the role, or begins with it and a dash."""
    answer: ir.BooleanValue = ibis.or_(*(((agency == role) | agency.startswith(f"{role}-")) for role in roles))
    return answer


def non_deploys() -> ir.Table:
    """One row for each decision, or lowering, by which nobody was sent: ``case_id``, ``about``, ``at``, ``day``."""
    decided = of_kind("decided", "lowered")
    chosen = decided.filter(decided.name == "not_deploys")
    return chosen.select("case_id", "about", "day", "position", at=chosen.happened_at)


def non_deploy_cases() -> ir.Table:
    """One row for each case with such a decision: ``case_id`` and the ``day`` of the first."""
    found = non_deploys()
    return found.group_by("case_id").aggregate(day=found.day.min())


def deployed_cases() -> ir.Table:
    """Cases to which police were sent: by a decision or a clock that deploys, or because an officer arrived."""
    sent = of_kind("decided", "raised", "lowered")
    sent = sent.filter((sent.name == "deploys") & has_role(sent.agency, "POL"))
    there = of_kind("arrived")
    there = there.filter(has_role(there.agency, "POL"))
    return sent.select("case_id").union(there.select("case_id"), distinct=True)


def attended_cases() -> ir.Table:
    """Cases in which police, an ambulance or a health service were there."""
    there = of_kind("arrived")
    there = there.filter(has_role(there.agency, *ATTENDING_ROLES))
    reached = of_kind("milestone")
    reached = reached.filter(reached.code.isin(ATTENDING_MILESTONES))
    return there.select("case_id").union(reached.select("case_id"), distinct=True)


def closed_cases() -> ir.Table:
    """Cases that were closed and not opened again since."""
    both = of_kind("closed", "reopened")
    last = both.group_by("case_id").aggregate(kind=both.kind.argmax(both.position))
    return last.filter(last.kind == "closed").select("case_id")


def opened_cases() -> ir.Table:
    """Every case once: ``case_id`` and the ``day`` of its first contact."""
    return of_kind("opened").select("case_id", "day")


def contacts() -> ir.Table:
    """Every contact: ``case_id`` and the ``day`` on which it came."""
    return of_kind("contact").select("case_id", "day")


def flagged(units: ir.Table, flags: ir.Table, name: str) -> ir.Table:
    """``units`` with a column ``name``: 1 where the case is among ``flags``, else 0."""
    marked = flags.select("case_id").distinct().mutate(**{name: ibis.literal(1)})
    joined = units.left_join(marked, "case_id").drop("case_id_right")
    return joined.mutate(**{name: joined[name].fill_null(0)})


def detentions(*powers: str) -> ir.Table:
    """One row for each detention under these powers: ``case_id``, ``day``, ``about``, first place of safety as
    ``place``.

    ``place`` is empty while the person is on the way; the day is that on which the power was used.
    """
    began = of_kind("status_began")
    chosen = began.filter(began.code.isin(powers)).select("case_id", "day", "about")
    places = of_kind("status_began", "status_moved")
    there = places.filter(places.name.notin(NOT_YET_THERE))
    first = there.group_by("about").aggregate(place=there.name.argmin(there.position))
    return chosen.left_join(first, "about").drop("about_right")


def offers() -> ir.Table:
    """One row for each offer made, on the day it was made: its ``kind`` of offer, its ``fate`` (empty while it is open)
    and the ``seconds`` until then. An offer accepted after it had lapsed is ``accepted``, and so is its time.
    """
    made = of_kind("offered")
    settled = of_kind("accepted", "declined", "lapsed", "withdrawn")
    order = settled.mutate(rank=(settled.kind == "accepted").ifelse(1, 0))
    window = ibis.window(group_by=order.about, order_by=[order.rank.desc(), order.position.desc()])
    last = order.mutate(nth=ibis.row_number().over(window))
    last = last.filter(last.nth == 0).select("about", fate=last.kind, took=last.seconds, how=last.name)
    joined = made.left_join(last, "about")
    return joined.select(
        "case_id",
        "day",
        "about",
        to_agency=joined.other_agency,
        offer=joined.code,
        fate=joined.fate,
        took=joined.took,
        how=joined.how,
    )
