"""Measures of what was decided: deployments, advice, disputes, quality, history (right-care sheet 4, 1 and 5 to 12)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import ibis
import ibis.expr.types as ir

from safehands.stats.frame import latest_known, of_kind
from safehands.stats.measures.declared import Measure, Part, Shape
from safehands.stats.measures.units import (
    attended_cases,
    closed_cases,
    deployed_cases,
    flagged,
    non_deploy_cases,
    non_deploys,
    opened_cases,
)

#: Kinds of reporter who are not partners; every other known kind is (right-care sheet 2.2, Q2).
PUBLIC: Final = ("self", "family_friend", "public", "not_professional")

#: How long after a decision harm is looked for (right-care sheet 4, measure 9).
WINDOWS: Final = (("24h", 24), ("72h", 72), ("7d", 168))


def deployments() -> ir.Table:
    """Every case; a hit where police were sent."""
    units = flagged(opened_cases(), deployed_cases(), "hit")
    return units.select("case_id", "day", "hit")


def reporters() -> ir.Table:
    """Every contact, by the kind of reporter."""
    contact = of_kind("contact")
    return contact.select("case_id", "day", category=contact.name)


def partner_contacts() -> ir.Table:
    """Every contact; a hit where a partner agency rang, empty where nobody wrote down who did."""
    contact = of_kind("contact")
    unknown = contact.name.isnull() | contact.name.isin(["unknown", "declined", "not_asked", "other"])
    hit = ibis.cases((unknown, ibis.null("int64")), (contact.name.isin(PUBLIC), 0), else_=1)
    return contact.select("case_id", "day", hit=hit)


def contacts_by_crime() -> ir.Table:
    """Every contact on its day; a hit where its case was about a crime, empty where nobody said."""
    contact = of_kind("contact").select("case_id", "day")
    crime = latest_known("crime_related")
    joined = contact.left_join(crime, "case_id").drop("case_id_right")
    hit = ibis.cases((joined.crime_related == "yes", 1), (joined.crime_related == "no", 0), else_=ibis.null("int64"))
    return joined.select("case_id", "day", category=joined.day, hit=hit)


def advice() -> ir.Table:
    """Every decision; a hit where a supervisor or adviser was asked, empty where the form does not say."""
    decided = of_kind("decided")
    hit = ibis.cases(
        (decided.code == "advice_sought", 1), (decided.code == "advice_not_sought", 0), else_=ibis.null("int64")
    )
    return decided.select("case_id", "day", hit=hit)


def challenged() -> ir.Table:
    """Every decision not to send anybody; a hit where an agency disputed the case afterwards."""
    disputes = of_kind("challenged")
    disputes = disputes.select("case_id", raised=disputes.happened_at)
    return _followed(non_deploys(), disputes, lambda joined: joined.raised >= joined.at)


def overturned() -> ir.Table:
    """Every challenge; a hit where it changed the decision, empty while it is open."""
    raised = of_kind("challenged").select("case_id", "day", "about")
    settled = of_kind("challenge_settled", "challenge_exhausted")
    settled = settled.select("about", result=settled.code)
    joined = raised.left_join(settled, "about")
    hit = ibis.cases((joined.result == "changed", 1), (joined.result.notnull(), 0), else_=ibis.null("int64"))
    return joined.select("case_id", "day", hit=hit)


def complaints() -> ir.Table:
    """Every decision not to send anybody; a hit where a complaint came about it, or about its case, afterwards."""
    linked = of_kind("complaint")
    linked = linked.select("case_id", decision=linked.about, received=linked.happened_at)
    return _followed(
        non_deploys(),
        linked,
        lambda joined: (joined.received >= joined.at) & (joined.decision.isnull() | (joined.decision == joined.about)),
    )


def harm(hours: int) -> ir.Table:
    """Every decision not to send anybody; a hit where the person died or came to serious harm within ``hours`` after
    it.

    Zero only where somebody looked at the end of that time or later and found nothing; otherwise nobody knows (law 5).
    """
    decision = non_deploys()
    outcome = of_kind("outcome")
    outcome = outcome.select("case_id", what=outcome.code, severity=outcome.name, then=outcome.happened_at)
    joined = decision.left_join(outcome, "case_id")
    end = joined.at + ibis.interval(hours=hours)
    bad = joined.severity.isin(["fatal", "serious"]) & (joined.then >= joined.at) & (joined.then <= end)
    clear = (joined.what == "none_found") & (joined.then >= end)
    unclear = (joined.severity == "unknown") & (joined.then >= joined.at) & (joined.then <= end)
    marked = joined.mutate(
        bad=bad.fill_null(False).ifelse(1, 0),
        clear=clear.fill_null(False).ifelse(1, 0),
        unclear=unclear.fill_null(False).ifelse(1, 0),
    )
    each = marked.group_by(["case_id", "position", "day"]).aggregate(
        bad=marked.bad.max(), clear=marked.clear.max(), unclear=marked.unclear.max()
    )
    hit = ibis.cases((each.bad == 1, 1), ((each.clear == 1) & (each.unclear == 0), 0), else_=ibis.null("int64"))
    return each.select("case_id", "day", hit=hit)


def neither_attended() -> ir.Table:
    """Every case in which somebody decided not to send anybody; a hit where it was closed and nobody had been there.

    Empty while it is open and nobody has come: it may yet go either way.
    """
    units = flagged(flagged(non_deploy_cases(), attended_cases(), "attended"), closed_cases(), "closed")
    hit = ibis.cases((units.attended == 1, 0), (units.closed == 1, 1), else_=ibis.null("int64"))
    return units.select("case_id", "day", hit=hit)


def reviews() -> ir.Table:
    """Every decision in a drawn sample; a hit where its reviewer passed it, empty until it is reviewed."""
    sampled = of_kind("sampled")
    drawn = sampled.group_by(["case_id", "about"]).aggregate(day=sampled.day.min())
    reviewed = of_kind("reviewed")
    reviewed = reviewed.select("about", result=reviewed.code)
    joined = drawn.left_join(reviewed, "about")
    hit = ibis.cases((joined.result == "pass", 1), (joined.result == "fail", 0), else_=ibis.null("int64"))
    return joined.select("case_id", "day", hit=hit)


def history() -> ir.Table:
    """Every decision for which there was history; a hit where it was on the screen and used."""
    found = of_kind("history")
    return found.select("case_id", "day", hit=(found.code == "used").ifelse(1, 0))


def repeats() -> ir.Table:
    """Every case handed from one agency to another; a hit where a second agency asked what another had asked
    already.
    """
    units = _transferred()
    again = _asked_twice().select("case_id")
    return flagged(units, again, "hit").select("case_id", "day", "hit")


def questions_repeated() -> ir.Table:
    """Every question of a transferred case that a second agency asked again."""
    return _transferred().inner_join(_asked_twice(), "case_id").select("case_id", "day")


def _transferred() -> ir.Table:
    taken = of_kind("accepted", "assumed")
    moved = taken.filter((taken.kind == "assumed") | (taken.code == "transfer"))
    return moved.group_by("case_id").aggregate(day=moved.day.min())


def _asked_twice() -> ir.Table:
    asked = of_kind("asked")
    each = asked.select("case_id", "agency", question=asked.code.split(" ").unnest()).distinct()
    counted = each.group_by(["case_id", "question"]).aggregate(agencies=each.count())
    return counted.filter(counted.agencies >= 2)


def _followed(units: ir.Table, events: ir.Table, matches: Callable[[ir.Table], ir.BooleanValue]) -> ir.Table:
    """Units of ``non_deploys``; a hit where an event of the same case matches."""
    joined = units.left_join(events, "case_id")
    marked = joined.mutate(one=matches(joined).fill_null(False).ifelse(1, 0))
    return marked.group_by(["case_id", "position", "day"]).aggregate(hit=marked.one.max()).drop("position")


MEASURES: Final = (
    Measure(
        1,
        "Deployment rate",
        "Cases to which police were sent: by a decision or a clock that deploys, or because an officer arrived. A case "
        "counts on the day of its first contact and once, however many officers came.",
        "cases with a police deployment",
        "all cases of the pathway",
        "sheet 4, measure 1: published by forces under different definitions, so never compare across sources (3.4)",
        (Part("1", "Deployment rate", Shape.SHARE, "share of cases", deployments),),
    ),
    Measure(
        5,
        "Reporter mix",
        "Who made each contact, as the call handler wrote it down. Partners are all but the person, family, friends "
        "and "
        "the public; somebody whose role is not clear is unknown.",
        "contacts by kind of reporter",
        "all contacts of the pathway",
        "sheet 4, measure 5",
        (
            Part(
                "5.partners",
                "Share of contacts from partner agencies",
                Shape.SHARE,
                "share of contacts",
                partner_contacts,
            ),
            Part("5.mix", "Contacts by kind of reporter", Shape.MIX, "share of contacts", reporters),
        ),
    ),
    Measure(
        6,
        "Advice sought",
        "The decision form names a supervisor or adviser who was asked before the decision. A form that does not say "
        "is unknown.",
        "decisions for which advice was sought",
        "all decisions",
        "sheet 4, measure 6",
        (Part("6", "Decisions with advice", Shape.SHARE, "share of decisions", advice),),
    ),
    Measure(
        7,
        "Escalations, and decisions overturned",
        "A decision not to send anybody counts as escalated where an agency disputed the case afterwards; a challenge "
        "as "
        "overturned where it was settled as changed. Open challenges are unknown.",
        "escalated decisions; challenges that changed the decision",
        "decisions not to send anybody; challenges",
        "sheet 4, measure 7",
        (
            Part(
                "7.escalated",
                "Non-deploy decisions that were challenged",
                Shape.SHARE,
                "share of decisions",
                challenged,
            ),
            Part(
                "7.overturned", "Challenges that changed the decision", Shape.SHARE, "share of challenges", overturned
            ),
        ),
    ),
    Measure(
        8,
        "Complaints",
        "A decision not to send anybody, about which or about whose case a complaint was received afterwards.",
        "decisions with a complaint",
        "decisions not to send anybody",
        "sheet 4, measure 8",
        (Part("8", "Non-deploy decisions complained about", Shape.SHARE, "share of decisions", complaints),),
    ),
    Measure(
        9,
        "Harm after a decline",
        "Death or serious harm of the person (or of somebody else at their hands) within the time after a decision "
        "not to "
        "send anybody, whoever attended later. No harm counts as known only where somebody looked at the end of that "
        "time "
        "or later; the rest is unknown, and the interval covers it.",
        "decisions followed by death or serious harm",
        "decisions not to send anybody",
        "sheet 4, measure 9, and 9: no source measures this yet",
        tuple(
            Part(
                f"9.{name}",
                f"Death or serious harm within {hours} hours",
                Shape.SHARE,
                "share of decisions",
                partial(harm, hours),
            )
            for name, hours in WINDOWS
        ),
    ),
    Measure(
        10,
        "Neither attended",
        "Cases closed although neither police nor an ambulance nor a health service had been there. A case that is "
        "open "
        "and unattended is unknown.",
        "cases that nobody attended",
        "cases with a decision not to send anybody",
        "sheet 4, measure 10",
        (Part("10", "Neither attended", Shape.SHARE, "share of cases", neither_attended),),
    ),
    Measure(
        11,
        "Quality of decisions",
        "Decisions drawn by a seed that nobody could choose, and read by somebody who did not make them: whole "
        "rationale "
        "and right rule. A drawn decision that nobody has read yet is unknown.",
        "sampled decisions that passed",
        "sampled decisions",
        "sheet 4, measure 11, and failure 34",
        (Part("11", "Sampled decisions that passed", Shape.SHARE, "share of sampled decisions", reviews),),
    ),
    Measure(
        12,
        "History used",
        "Where there were earlier contacts or linked cases: they were on the screen, and the decision rests on one of "
        "them "
        "or on answers pooled from them.",
        "decisions with history shown and used",
        "decisions with history",
        "sheet 4, measure 12",
        (Part("12", "History shown and used", Shape.SHARE, "share of decisions", history),),
    ),
    Measure(
        28,
        "The caller repeats their story",
        "Cases that moved from one agency to another, in which a second agency asked a question that another had asked "
        "already. Answers that were carried over are not asked again.",
        "cases with a repeated question",
        "cases that changed holder",
        "sheet 4, measure 28, from failures 3, 4 and 10",
        (
            Part("28", "Cases with a repeated question", Shape.SHARE, "share of transferred cases", repeats),
            Part("28.questions", "Questions asked again", Shape.COUNT, "questions", questions_repeated),
        ),
    ),
    Measure(
        29,
        "Contacts about crime, by day",
        "Looking back, was the contact about a crime? By the civil day in London of the contact. Nobody said: unknown.",
        "contacts about crime",
        "all contacts of the pathway",
        "not in sheet 4: the share that 3.4 shows to be claimed everywhere and defined nowhere",
        (Part("29", "Contacts about crime", Shape.SHARE, "share of contacts", contacts_by_crime),),
    ),
)
