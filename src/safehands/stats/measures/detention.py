"""Measures of sections 136 and 135: detentions, places, transport, clocks, officers' time (right-care sheet 4, 15 to
21,
24)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import ibis
import ibis.expr.types as ir

from safehands.stats.frame import latest_known, of_kind
from safehands.stats.measures.declared import Measure, Part, Shape
from safehands.stats.measures.units import DETENTIONS, DETENTIONS_AND_WARRANTS, detentions, has_role

#: The time in which police work towards a handover to health (right-care sheet 3.1, K5).
HANDOVER_SECONDS: Final = 3600

#: Places of safety that are an emergency department.
EMERGENCY_DEPARTMENTS: Final = ("emergency_department", "emergency_department_no_suite")

#: What is accepted as "came back" in an absence or a walk-out.
RETURNS: Final = ("returned_to_ward", "whereabouts_confirmed")


def s136() -> ir.Table:
    """Every detention under section 136."""
    return detentions(*DETENTIONS).select("case_id", "day")


def first_places() -> ir.Table:
    """Every detention under section 136, by its first place of safety."""
    found = detentions(*DETENTIONS)
    return found.select("case_id", "day", category=found.place)


def transport() -> ir.Table:
    """Every detention under section 136, by how the person travelled."""
    return _by_known("transport_mode")


def why_police_vehicle() -> ir.Table:
    """Every detention under section 136 with a journey in a police vehicle, by the reason."""
    found = _with_known("transport_mode", "why_police_vehicle")
    in_police_vehicle = found.filter(found.transport_mode == "police_vehicle")
    return in_police_vehicle.select("case_id", "day", category=in_police_vehicle.why_police_vehicle)


def at_police_station() -> ir.Table:
    """Every detention under section 136; a hit where a police station was a place of safety at any time."""
    return _at_station(detentions(*DETENTIONS))


def children_at_police_station() -> ir.Table:
    """Every time a police station was the place of safety of somebody not known to be an adult."""
    found = _at_station(detentions(*DETENTIONS))
    station = found.filter(found.hit == 1)
    ages = latest_known("age_band")
    joined = station.left_join(ages, "case_id").drop("case_id_right")
    adult = joined.age_band.isin(["adult", "18_to_25", "26_to_39", "40_to_59", "60_to_74", "75_and_over"])
    return joined.filter(~adult.fill_null(False)).select("case_id", "day")


def handovers_in_an_hour() -> ir.Table:
    """Every handover of a detained person to health, by place; a hit where it came within 60 minutes of arrival."""
    found = of_kind("handed_over")
    found = found.filter(found.code.isin(DETENTIONS_AND_WARRANTS) & has_role(found.other_agency, "MHT", "ACU"))
    hit = ibis.cases((found.seconds.isnull(), ibis.null("int64")), (found.seconds <= HANDOVER_SECONDS, 1), else_=0)
    place = ibis.cases(
        (found.name.isin(EMERGENCY_DEPARTMENTS), "emergency_department"),
        (found.name == "mental_health_suite", "mental_health_suite"),
        else_="another_place",
    )
    return found.select("case_id", "day", category=place, hit=hit)


def officer_time() -> ir.Table:
    """Every detention under section 136, and the seconds that all its officers together were there.

    Empty where no officer's arrival and release were recorded. Presence counts while the power ran.
    """
    found = detentions(*DETENTIONS)
    there = of_kind("presence")
    there = there.filter(has_role(there.agency, "POL") & there.name.isin(DETENTIONS))
    spent = there.group_by("case_id").aggregate(amount=there.seconds.sum())
    first = found.group_by("case_id").aggregate(day=found.day.min())
    joined = first.left_join(spent, "case_id").drop("case_id_right")
    return joined.select("case_id", "day", "amount")


def breaches() -> ir.Table:
    """Every time the 24 hours of a detention ran out."""
    found = of_kind("breached")
    return found.filter(found.code == "detention").select("case_id", "day")


def extensions() -> ir.Table:
    """Every extension of the 24 hours, by reason."""
    found = of_kind("extended")
    chosen = found.filter(found.code == "detention")
    return chosen.select("case_id", "day", category=chosen.name)


def absences() -> ir.Table:
    """Every absence and walk-out reported; a hit where the person came back or was found, empty while the case is
    open.
    """
    reported = _absent()
    back = of_kind("milestone")
    back = back.filter(back.code.isin(RETURNS)).select("case_id").distinct().mutate(back=ibis.literal(1))
    closed = of_kind("closed").select("case_id").distinct().mutate(closed=ibis.literal(1))
    joined = reported.left_join(back, "case_id").drop("case_id_right")
    joined = joined.left_join(closed, "case_id").drop("case_id_right")
    hit = ibis.cases((joined.back == 1, 1), (joined.closed == 1, 0), else_=ibis.null("int64"))
    return joined.select("case_id", "day", category=joined.stream, hit=hit)


def absence_times() -> ir.Table:
    """Every absence and walk-out that ended, and the seconds from the report to the return."""
    reported = _absent()
    back = of_kind("milestone")
    back = back.filter(back.code.isin(RETURNS))
    first = back.group_by("case_id").aggregate(amount=back.seconds.min())
    joined = reported.inner_join(first, "case_id")
    return joined.select("case_id", "day", category=joined.stream, amount=joined.amount)


def _absent() -> ir.Table:
    opened = of_kind("opened").select("case_id", "day")
    streams = latest_known("stream")
    # Named otherwise than the cut, which is joined on later.
    absent = streams.filter(streams.stream.isin(["AWOL", "WALKOUT"]))
    return opened.inner_join(absent, "case_id")


def _with_known(*cuts: str) -> ir.Table:
    found = detentions(*DETENTIONS).select("case_id", "day")
    return found.left_join(latest_known(*cuts), "case_id").drop("case_id_right")


def _by_known(cut: str) -> ir.Table:
    found = _with_known(cut)
    return found.select("case_id", "day", category=found[cut].fill_null("not_asked"))


def _at_station(found: ir.Table) -> ir.Table:
    places = of_kind("status_began", "status_moved")
    station = places.filter(places.name == "police_station").select("about").distinct().mutate(station=ibis.literal(1))
    joined = found.left_join(station, "about")
    return joined.select("case_id", "day", hit=joined.station.fill_null(0))


MEASURES: Final = (
    Measure(
        15,
        "Section 136 detentions",
        "Detentions recorded as begun under section 136, removed or kept. Per 100,000 where a population is declared.",
        "detentions",
        "none, or the declared population",
        "sheet 4, measure 15",
        (Part("15", "Detentions under section 136", Shape.COUNT, "detentions", s136),),
        inputs=("population",),
    ),
    Measure(
        16,
        "First place of safety",
        "The place where the power was first used. Emergency departments are split by whether a suite was free.",
        "detentions by first place",
        "detentions under section 136",
        "sheet 4, measure 16",
        (Part("16", "First place of safety", Shape.MIX, "share of detentions", first_places),),
    ),
    Measure(
        17,
        "Transport, and why in a police vehicle",
        "How the person travelled to the first place of safety, and why in a police vehicle where it was one. Not "
        "asked is "
        "a category.",
        "detentions by transport; by reason",
        "detentions under section 136; those with a police vehicle",
        "sheet 4, measure 17, and 5",
        (
            Part("17.mode", "How the person travelled", Shape.MIX, "share of detentions", transport),
            Part("17.why", "Why in a police vehicle", Shape.MIX, "share of journeys", why_police_vehicle),
        ),
    ),
    Measure(
        18,
        "Police stations as places of safety",
        "A police station was a place of safety at any time of the detention. For a child it is unlawful; unknown age "
        "is "
        "treated as a child, so the second figure must be 0.",
        "detentions with a police station; of children or unknown age",
        "detentions under section 136",
        "sheet 4, measure 18, and 1.4",
        (
            Part("18", "Detentions with a police station", Shape.SHARE, "share of detentions", at_police_station),
            Part(
                "18.children",
                "Children, or of unknown age, at a police station",
                Shape.COUNT,
                "detentions",
                children_at_police_station,
            ),
        ),
    ),
    Measure(
        19,
        "Handover within the hour",
        "From arrival at the place of safety to acceptance by a mental health trust or hospital, sections 136 and "
        "135(1). "
        "Emergency departments and suites apart. Without a recorded arrival it is unknown.",
        "handovers within 60 minutes",
        "handovers to health",
        "sheet 4, measure 19, and 3.1 K5: the target is worked towards, and its scope differs between forces",
        (Part("19", "Handed over within 60 minutes", Shape.SHARE, "share of handovers", handovers_in_an_hour),),
    ),
    Measure(
        20,
        "Officers' time at a place of safety",
        "For each case with a detention under section 136: the time of all its officers together from arrival to "
        "release, "
        "while the power ran. It is officers' time, not how long the person was detained.",
        "officer seconds",
        "detentions with recorded officers",
        "sheet 4, measure 20, and 3.4",
        (
            Part("20.p50", "Officers' time, median", Shape.QUANTILE, "officer seconds", officer_time, Fraction(1, 2)),
            Part(
                "20.p90",
                "Officers' time, 90th percentile",
                Shape.QUANTILE,
                "officer seconds",
                officer_time,
                Fraction(9, 10),
            ),
            Part("20.total", "Officers' time, all", Shape.TOTAL, "officer seconds", officer_time),
        ),
    ),
    Measure(
        21,
        "The 24 hours: breaches and extensions",
        "Detentions whose 24 hours (36 where extended) ran out, and extensions by reason.",
        "breaches; extensions by reason",
        "detentions under section 136",
        "sheet 4, measure 21, and 3.1 K1 and K3",
        (
            Part("21.breaches", "Detentions that ran out", Shape.COUNT, "breaches", breaches),
            Part("21.extensions", "Extensions by reason", Shape.COUNT, "extensions", extensions),
        ),
    ),
    Measure(
        24,
        "Absences and walk-outs",
        "Cases of these streams, by whether the person came back or was found, and after how long. Open cases are "
        "unknown.",
        "cases with a return; seconds to it",
        "absences and walk-outs reported",
        "sheet 4, measure 24: the published list of indicators could not be read",
        (
            Part("24.returned", "Came back or found", Shape.SHARE, "share of cases", absences),
            Part("24.p50", "From report to return, median", Shape.QUANTILE, "seconds", absence_times, Fraction(1, 2)),
        ),
    ),
)
