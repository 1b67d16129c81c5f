"""Measures of handovers: how long an offer waits, and what becomes of it (right-care sheet 4, 27)."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import ibis
import ibis.expr.types as ir

from safehands.stats.measures.declared import Measure, Part, Shape
from safehands.stats.measures.units import offers


def waits() -> ir.Table:
    """Every accepted offer, and the seconds from the offer to the acceptance."""
    made = offers()
    accepted = made.filter(made.fate == "accepted")
    return accepted.select("case_id", "day", category=accepted.offer, amount=accepted.took)


def fate(*fates: str) -> ir.Table:
    """Every offer; a hit where it ended so, empty while it is open. A late acceptance had lapsed before."""
    made = offers()
    ended = made.fate.isin(fates)
    if "lapsed" in fates:
        ended = ended | (made.how == "late")
    hit = ibis.cases((made.fate.isnull(), ibis.null("int64")), (ended.fill_null(False), 1), else_=0)
    return made.select("case_id", "day", category=made.offer, hit=hit)


MEASURES: Final = (
    Measure(
        27,
        "From offer to acceptance",
        "Each offer counts on the day it was made, by kind (transfer, support, return). Its time runs from the offer "
        "to the "
        "acceptance, late ones included; percentiles are nearest ranks, never interpolated. An offer accepted after "
        "it had "
        "lapsed counts as accepted and as expired. Open offers are unknown.",
        "seconds to acceptance; offers that expired; offers that were declined",
        "accepted offers; all offers",
        "sheet 4, measure 27",
        (
            Part("27.p50", "Offer to acceptance, median", Shape.QUANTILE, "seconds", waits, Fraction(1, 2)),
            Part("27.p95", "Offer to acceptance, 95th percentile", Shape.QUANTILE, "seconds", waits, Fraction(19, 20)),
            Part("27.accepted", "Offers accepted", Shape.SHARE, "share of offers", lambda: fate("accepted")),
            Part("27.expired", "Offers that expired", Shape.SHARE, "share of offers", lambda: fate("lapsed")),
            Part("27.rejected", "Offers that were declined", Shape.SHARE, "share of offers", lambda: fate("declined")),
        ),
    ),
)
